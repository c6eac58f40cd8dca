// @ts-check
/* The answers that a reader has given: kept in this browser, one entry for each page of the book, saved as
   a file and erased when the reader says so. Nothing is sent anywhere. */

/** @typedef {{ position: number, exercise: string, question: string, answer: string, right: boolean, date: string }} Kept */
/** @typedef {{ title: string, answers: Record<string, Kept> }} KeptPage answers by their questions */

// Several books may share a server, and then they share what a browser keeps for it.
const shelf = `answers ${home && new URL("..", home).href} `;
const pageKey = shelf + location.href.replace(/[?#].*$/, "");

/** Where answers are kept. A browser may forbid it, or have no room; then they last as long as the page.
 * @type {{ lasts: boolean, all: () => Record<string, string>, set: (key: string, text: string) => void, remove: (key: string) => void }} */
const keeper = (() => {
  /** @type {Record<string, string>} */
  const memory = {};
  /** @type {Storage | null} */
  let store = null;
  let lasts = false;
  try {
    store = window.localStorage;
    store.setItem(shelf, "");
    store.removeItem(shelf);
    lasts = true;
  } catch (error) {
    // Said below the exercises' heading, where it matters.
  }
  return {
    get lasts() {
      return lasts;
    },
    all: () => ({ ...store, ...memory }),
    set(key, text) {
      try {
        if (!store) throw new Error("no store");
        store.setItem(key, text);
      } catch (error) {
        lasts = false;
        memory[key] = text;
      }
    },
    remove(key) {
      if (store) store.removeItem(key);
      delete memory[key];
    },
  };
})();

/** All pages of this book with answers, by their keys.
 * @returns {Record<string, KeptPage>} */
function keptPages() {
  /** @type {Record<string, KeptPage>} */
  const pages = {};
  for (const [key, text] of Object.entries(keeper.all())) {
    if (!key.startsWith(shelf)) continue;
    try {
      const page = JSON.parse(text);
      if (page && page.answers) pages[key] = page;
    } catch (error) {
      // Not written by this script: it is left alone.
    }
  }
  return pages;
}

/** @returns {Record<string, Kept>} */
function keptHere() {
  const page = keptPages()[pageKey];
  return page ? page.answers : {};
}

/** @param {Kept} kept */
function keep(kept) {
  const heading = document.querySelector("h1");
  const page = { title: heading ? plainText(heading) : document.title, answers: { ...keptHere(), [kept.question]: kept } };
  keeper.set(pageKey, JSON.stringify(page));
}

function eraseAll() {
  Object.keys(keptPages()).forEach(keeper.remove);
}

/** A heading's text without the sign that links to it.
 * @param {Element} heading */
function plainText(heading) {
  const copy = /** @type {Element} */ (heading.cloneNode(true));
  copy.querySelectorAll(".headerlink").forEach((link) => link.remove());
  return (copy.textContent || "").trim();
}

/** All answers as a table that a spreadsheet opens. */
function answersAsTable() {
  const lines = [["page", "exercise", "question", "answer", "right", "date"]];
  const pages = keptPages();
  for (const key of Object.keys(pages).sort()) {
    const answers = Object.values(pages[key].answers).sort((one, other) => one.position - other.position);
    for (const { exercise, question, answer, right, date } of answers) {
      lines.push([pages[key].title, exercise, question, answer, right ? "yes" : "no", date]);
    }
  }
  return csvOf(lines);
}

/** @param {KeptPage[]} pages */
function countAnswers(pages) {
  const answers = pages.flatMap((page) => Object.values(page.answers));
  return { given: answers.length, right: answers.filter((kept) => kept.right).length };
}

function saveAnswers() {
  const day = new Date().toISOString().slice(0, 10);
  download(csvFile(answersAsTable()), `answers-${day}.csv`);
}

/** The line that says how far the reader is and where answers are kept, with the buttons to save and erase them.
 * @param {number} questions how many the page asks @param {() => void} afterErasing
 * @returns {{ line: HTMLElement, show: () => void }} */
function progressLine(questions, afterErasing) {
  const line = added(document.createElement("div"));
  line.className = "exercise-progress";
  const words = document.createElement("p");
  words.tabIndex = -1;
  const buttons = document.createElement("p");
  /** @param {string} text @param {() => void} act */
  function addButton(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", act);
    buttons.append(button, " ");
  }
  addButton("Save my answers", saveAnswers);
  addButton("Erase my answers", () => {
    const count = countAnswers(Object.values(keptPages())).given;
    if (!confirm(`Erase all answers of this book that are kept here (${count})? This cannot be undone.`)) return;
    eraseAll();
    afterErasing();
    // The button that had the focus is gone.
    words.focus();
  });
  line.append(words, buttons);

  function show() {
    const pages = keptPages();
    const whole = countAnswers(Object.values(pages));
    const here = countAnswers(has(pages, pageKey) ? [pages[pageKey]] : []);
    const asked = questions === 1 ? "1 question" : `${questions} questions`;
    const parts = [`This page: ${here.right} of ${asked} right.`];
    if (whole.given > here.given) parts.push(`The book: ${whole.right} right of ${whole.given} answered.`);
    parts.push(
      keeper.lasts
        ? "Your answers are kept in this browser only; nobody else sees them."
        : "This browser keeps no answers: save them before you leave the page."
    );
    write(words, parts.join(" "));
    buttons.hidden = !whole.given;
  }

  return { line, show };
}
