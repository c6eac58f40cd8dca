// @ts-check
/* The page on paper: in light colors, folded text open, and the solutions if the reader wants them. */

/** The folds of a kind that are shut; a solution is a fold of that title.
 * @param {boolean} solutions @returns {HTMLDetailsElement[]} */
function shutFolds(solutions) {
  const folds = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.sd-dropdown:not([open])")]);
  return folds.filter((fold) => (find(fold, "summary").textContent || "").trim() === "Solution" === solutions);
}

function preparePaper() {
  const page = document.documentElement.dataset;
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  /** @type {string | undefined} */
  let theme;
  let printing = false;

  /** @param {HTMLDetailsElement[]} folds */
  function open(folds) {
    for (const fold of folds) fold.open = true;
    opened.push(...folds);
  }

  function layOut() {
    if (printing) return;
    printing = true;
    theme = page.theme;
    page.theme = "light";
    open(shutFolds(false));
  }

  function putBack() {
    if (!printing) return;
    printing = false;
    page.theme = theme;
    for (const fold of opened) fold.open = false;
    opened = [];
  }

  addEventListener("beforeprint", layOut);
  addEventListener("afterprint", putBack);

  const solutions = shutFolds(true);
  if (!solutions.length) return;
  const button = added(document.createElement("button"));
  button.type = "button";
  button.className = "print-solutions";
  button.textContent = "Print with solutions";
  button.addEventListener("click", () => {
    open(shutFolds(true));
    print();
  });
  // Above the last exercises of the page, which is where a reader looks for them.
  const section = solutions[solutions.length - 1].closest("section");
  if (section) find(section, "h1, h2, h3").after(button);
}
