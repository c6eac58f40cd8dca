// @ts-check
// The search page: looks into `search-index.js` while the reader types.

(function () {
"use strict";

/** @typedef {{page: number, kind: "Chapter" | "Section" | "Explorer", anchor: string, title: string, text: string}} Entry */
/** @typedef {{typed: string, book: string, page: string}} Synonym */
/** @typedef {{pages: {name: string, address: string, title: string}[], entries: Entry[], synonyms: Synonym[]}} Index */

// How many places are shown at once, and how long their line of context may be.
const SHOWN = 15;
const LONGEST = 200;
const PATIENCE = 150; // ms without a key

// They stand in every section and tell none from another.
const COMMON = new Set((
  "a about an and are as at be because been but by can did do does for from had has have how if in " +
  "into is it its more not of on or so than that the their them then there these they this those to " +
  "was were what when where which who whom whose why will with would you your"
).split(" "));

/** Return the words of a text, as they are written.
 * @param {string} text */
const wordsOf = (text) => text.match(/[\p{L}\p{N}]+/gu) || [];

/** Return what a word is found by, or null if it is too common.
 * @param {string} word */
function term(word) {
  const plain = word.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  if (COMMON.has(plain) || /^\p{L}$/u.test(plain)) return null;
  const american = plain.replace(/([a-z]{2})our/, "$1or").replace(/is(ation|e|es|ed|ing)$/, "iz$1").replace(/tre$/, "ter");
  return american.replace(/ies$/, "y").replace(/([^aisu])s$/, "$1");
}

/** Return the terms of a text.
 * @param {string} text */
const termsOf = (text) => /** @type {string[]} */ (wordsOf(text).map(term).filter(Boolean));

const index = /** @type {Index} */ (/** @type {any} */ (window).searchIndex);
const titles = index.entries.map(({ title }) => title);
const phrases = index.entries.map(({ title, text }) => termsOf(`${title} ${text}`).join(" "));
/** @type {typeof import("minisearch").default} */
const MiniSearch = /** @type {any} */ (window).MiniSearch;
const engine = new MiniSearch({
  fields: ["title", "page", "text"],
  tokenize: wordsOf,
  processTerm: term,
  searchOptions: {
    boost: { title: 5, page: 2 },
    prefix: (word) => word.length > 2,
  },
});
engine.addAll(index.entries.map((entry, id) => {
  const page = index.pages[entry.page].title;
  return { ...entry, id, page: page === entry.title ? "" : page };
}));

/** Return how much a place counts for words: more where they stand together.
 * @param {number} id
 * @param {string} words */
function weight(id, words) {
  // Exercises, Summary, References: who looks for a subject wants what they are about.
  const isOneOfMany = titles.filter((title) => title === titles[id]).length > 3;
  const phrase = termsOf(words).join(" ");
  const isTogether = phrase.includes(" ") && phrases[id].includes(phrase);
  return (isOneOfMany ? 0.4 : 1) * (isTogether ? 1.5 : 1);
}

/** Return what the book says for what a reader types: of a phrase that begins with it, or stands in it.
 * @param {string} typed */
function meanings(typed) {
  const words = termsOf(typed);
  const whole = words.join(" ");
  return index.synonyms.filter((synonym) => {
    const wanted = termsOf(synonym.typed);
    // Words have endings: a word that begins with the wanted one will do.
    const starts = words.findIndex((_, at) => wanted.every((word, k) => words[at + k]?.startsWith(word)));
    return starts >= 0 || (whole.length > 2 && wanted.join(" ").startsWith(whole));
  });
}

/** Return the places for a query, the best first: with all its words, else spelled a little otherwise, else with some.
 * @param {string} typed
 * @param {Synonym[]} meant */
function find(typed, meant) {
  /** @type {import("minisearch").QueryCombination[]} */
  const meanings = meant.map(({ book, page }) => ({
    queries: [book],
    combineWith: "AND",
    prefix: false,
    // Where the book speaks of it.
    boostDocument: (id) => weight(id, book) * (index.pages[index.entries[id].page].name === page ? 10 : 1),
  }));
  /** @type {Partial<import("minisearch").QueryCombination>[]} */
  const attempts = [{ combineWith: "AND" }, { combineWith: "AND", fuzzy: 0.2 }, { combineWith: "OR", fuzzy: 0.2 }];
  for (const attempt of attempts) {
    const asTyped = { queries: [typed], boostDocument: (/** @type {number} */ id) => weight(id, typed), ...attempt };
    const found = engine.search({ combineWith: "OR", queries: [asTyped, ...meanings] });
    if (found.length) return found;
  }
  return [];
}

/** Return the places that bear the name that a reader types, were it of common words alone: “Where to?”.
 * @param {string} typed */
function named(typed) {
  /** @param {string} text */
  const plain = (text) => wordsOf(text).join(" ").toLowerCase();
  const terms = termsOf(typed);
  return titles.flatMap((title, id) => (plain(title) === plain(typed) ? [{ id, terms }] : []));
}

/** Return the line of an entry with most of the words that were found, cut to what can be read at a glance.
 * @param {Entry} entry
 * @param {Set<string>} terms */
function context(entry, terms) {
  /** @param {string} line */
  const hits = (line) => new Set(termsOf(line).filter((word) => terms.has(word))).size;
  const lines = entry.text.split("\n");
  const best = lines.reduce((one, line) => (hits(line) > hits(one) ? line : one), lines[0]);
  if (best.length <= LONGEST) return best;
  const words = best.split(" ");
  const first = Math.max(words.findIndex((word) => hits(word)), 0);
  let from = first;
  while (from > 0 && words.slice(from - 1, first).join(" ").length < LONGEST / 3) from -= 1;
  let to = from + 1;
  while (to < words.length && words.slice(from, to + 1).join(" ").length < LONGEST) to += 1;
  return `${from ? "… " : ""}${words.slice(from, to).join(" ")}${to < words.length ? " …" : ""}`;
}

/** Return a text as nodes, its found words marked.
 * @param {string} text
 * @param {Set<string>} terms */
function marked(text, terms) {
  return text.split(/([\p{L}\p{N}]+)/u).map((part) => {
    if (!terms.has(term(part) || "")) return part;
    const mark = document.createElement("mark");
    mark.textContent = part;
    return mark;
  });
}

/** Return one item of the list of results.
 * @param {{id: number, terms: string[]}} result */
function item(result) {
  const entry = index.entries[result.id];
  const page = index.pages[entry.page];
  const terms = new Set(result.terms);
  const line = context(entry, terms);
  const found = [...new Set(wordsOf(line).filter((word) => terms.has(term(word) || "")))];
  const link = document.createElement("a");
  const highlight = found.length ? `?highlight=${encodeURIComponent(found.join(" "))}` : "";
  link.href = `${page.address}${highlight}#${encodeURIComponent(entry.anchor)}`;
  link.append(...marked(entry.title, terms));
  const where = document.createElement("p");
  where.className = "search-where";
  const names = { Chapter: ["Chapter"], Section: [page.title], Explorer: ["Explorer", page.title] };
  where.textContent = names[entry.kind].join(" · ");
  const text = document.createElement("p");
  text.append(...marked(line, terms));
  const li = document.createElement("li");
  li.append(link, where, text);
  return li;
}

/** @param {string} selector */
const part = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
const form = part("form.book-search");
const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
const more = part(".search-more");
const count = part(".search-count");
const list = part(".search-results");

/** Show what the field's words find. */
function show() {
  const typed = field.value.trim();
  const meant = meanings(typed);
  const first = named(typed);
  const isNew = (/** @type {{id: number}} */ { id }) => !first.some((other) => other.id === id);
  const results = typed ? [...first, ...find(typed, meant).filter(isNew)] : [];
  const rest = results.slice(SHOWN);
  list.textContent = "";
  list.append(...results.slice(0, SHOWN).map(item));
  more.hidden = !rest.length;
  more.onclick = () => {
    more.hidden = true;
    const items = rest.map(item);
    list.append(...items);
    items[0].querySelector("a")?.focus();
  };
  const many = results.length === 1 ? "1 place" : `${results.length} places`;
  const words = [...new Set([typed, ...meant.map(({ book }) => book)])].map((phrase) => `“${phrase}”`).join(" or ");
  if (!typed) count.textContent = "";
  else count.textContent = results.length ? `${many} for ${words}` : `Nothing found for ${words}.`;
  part(".search-nothing").hidden = !typed || results.length > 0;
  try {
    history.replaceState(null, "", typed ? `?q=${encodeURIComponent(typed)}` : location.pathname);
  } catch {
    // Some browsers keep the address of a file as it is.
  }
}

const asked = new URLSearchParams(location.search).get("q");
if (asked !== null) field.value = asked;
show();
if (!field.value) field.focus();

let waiting = 0;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = window.setTimeout(show, PATIENCE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  show();
});
})();
