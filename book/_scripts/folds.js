// @ts-check
// What an address names is shown, even inside a fold that is closed; what was searched for is marked.

(function () {
"use strict";

// No place for a mark: what is set or drawn, and what a script writes anew.
const UNMARKED = ".explorer-chart, .explorer-sentence, form, svg, pre, script, .math";
const BLOCKS = "p, li, dt, dd, td, th, summary, h1, h2, h3, h4, h5, h6";

/** Open the folds around a part of the page.
 * @param {Element} part */
function unfold(part) {
  /** @type {HTMLDetailsElement | null | undefined} */
  let fold = part.closest("details");
  for (; fold; fold = fold.parentElement?.closest("details")) fold.open = true;
}

/** Mark words in a section, but not in the sections inside; return the marks.
 * @param {Element} section
 * @param {Set<string>} words  in small letters */
function markWords(section, words) {
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    const parent = /** @type {Element} */ (text.parentElement);
    if (parent.closest("section, figure.explorer") === section && !parent.closest(UNMARKED)) texts.push(text);
  }
  return texts.flatMap((text) => {
    const marks = [];
    for (const found of [...text.data.matchAll(/[\p{L}\p{N}]+/gu)].reverse()) {
      if (!words.has(found[0].toLowerCase())) continue;
      const mark = document.createElement("mark");
      mark.className = "found";
      const word = text.splitText(/** @type {number} */ (found.index));
      word.splitText(found[0].length);
      word.replaceWith(mark);
      mark.append(word);
      marks.unshift(mark);
    }
    return marks;
  });
}

/** Return the mark at which most of the words stand together; what is not folded comes first.
 * @param {HTMLElement[]} marks */
function bestOf(marks) {
  /** @param {HTMLElement} mark */
  const worth = (mark) => {
    const block = mark.closest(BLOCKS) || mark;
    const words = [...block.querySelectorAll("mark")].map((other) => other.textContent?.toLowerCase());
    return new Set(words).size + (mark.closest("details") ? 0 : 0.5);
  };
  return marks.reduce((best, mark) => (worth(mark) > worth(best) ? mark : best), marks[0]);
}

/** Show what the address names. */
function follow() {
  let name = location.hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // Not every sign of percent begins a letter.
  }
  const target = name && document.getElementById(name);
  if (!target) return;
  const searched = new URLSearchParams(location.search).get("highlight") || "";
  const words = new Set(searched.toLowerCase().split(" ").filter(Boolean));
  const old = [...target.querySelectorAll("mark.found")];
  const marks = words.size && !old.length ? markWords(target, words) : [];
  const best = bestOf(marks);
  const isFar = best && best.getBoundingClientRect().top - target.getBoundingClientRect().top > innerHeight / 2;
  const isFolded = (best || target).closest("details:not([open])");
  if (!isFolded && !isFar) return; // the browser is there already
  unfold(best || target);
  const scroll = () => (best || target).scrollIntoView({ behavior: "instant", block: best ? "center" : "start" });
  if (document.readyState === "complete") scroll();
  // While a page loads, the browser itself goes on scrolling to what the address names.
  else addEventListener("load", () => setTimeout(scroll, 0));
}

addEventListener("hashchange", follow);
follow();
})();
