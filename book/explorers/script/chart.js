// @ts-check
/* The chart of an explorer. Vega draws the results and computes nothing. It is loaded at the reader's
   first action on the page; until then the chart is an inline picture of the defaults. */

const home = /** @type {HTMLScriptElement} */ (document.currentScript).src;
/** @type {Record<string, Promise<void>>} */
const fetched = {};
// How long to wait before a script that did not come is fetched again.
const PAUSE = 4000;

/** Fetch a script of the book once; one that failed is fetched again when it is next needed.
 * A classic script, because modules do not load from file://.
 * @param {string} name */
function load(name) {
  if (!has(fetched, name)) {
    fetched[name] = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(name, home).href;
      script.onload = () => resolve();
      script.onerror = () => {
        delete fetched[name];
        script.remove();
        reject(new Error(`${name} is missing from the book's _static folder`));
      };
      document.head.appendChild(script);
    });
  }
  return fetched[name];
}

/** Fetch Vega, and the datasets that charts share, such as outlines: each has a script of its own.
 * A page that a reader has saved brings these scripts along.
 * @param {any} spec */
function loadVega(spec) {
  const page = /** @type {any} */ (window);
  const datasets = page.explorerDatasets || {};
  const shared = Object.keys(spec.datasets || {}).filter((name) => spec.datasets[name] === null);
  const missing = shared.filter((name) => !has(datasets, name)).map((name) => `${name}.js`);
  if (!page.vegaEmbed) missing.push("vega.js");
  return Promise.all(missing.map(load)).then(() => {
    for (const name of shared) spec.datasets[name] = page.explorerDatasets[name];
    return page.vegaEmbed;
  });
}

/** Vega follows the window; the column also changes when a sidebar opens.
 * @param {HTMLElement} stage @param {any} view */
function follow(stage, view) {
  new ResizeObserver(async () => {
    const width = stage.clientWidth;
    if (!width) return;
    // After fitting, the signal holds the plot's width. If that happens to be the column's
    // new width, Vega would see no change.
    if (view.signal("width") === width) await view.signal("width", width + 1).runAsync();
    view.signal("width", width).runAsync();
  }).observe(stage);
}

const LATE =
  "The chart is being loaded. The sentence and the numbers are right already.";
const FAILED =
  "The chart could not be loaded. The sentence and the numbers are right; move a control to try again.";

/** The chart in its box: the picture of the defaults, then Vega's.
 * @param {Figure} figure @param {any} spec @param {() => boolean} isAtDefault
 * @param {() => Record<string, any>} model what Vega is to draw now
 * @param {(row: number) => string[]} describe the lines that tell a row of the numbers */
function chartOf(figure, spec, isAtDefault, model, describe) {
  const box = find(figure, ".explorer-chart");
  const note = added(document.createElement("p"));
  note.className = "explorer-note";
  /** @type {any} */
  let view = null;
  /** @type {Promise<void> | null} */
  let waking = null;
  let failed = false;
  let tries = 0;
  let hideTip = () => true;

  /** Without Vega, the picture is true where the controls stand as it was drawn, and only there. */
  function hideFalsePicture() {
    const isFalse = !figure.dataset.live && !(isAtDefault() && box.querySelector(".explorer-picture"));
    box.classList.toggle("waiting", isFalse);
    if (!isFalse) return note.remove();
    write(note, failed ? FAILED : LATE);
    note.classList.toggle("failed", failed);
    if (!note.parentNode) box.appendChild(note);
  }

  /** Draw the chart beside the picture, out of sight, and swap the two when it is ready: nothing moves.
   * @returns {Promise<void>} */
  function wake() {
    if (waking) return waking;
    const stage = added(document.createElement("div"));
    stage.className = "explorer-stage";
    // The figure around it carries the description and the table of numbers.
    stage.setAttribute("aria-hidden", "true");
    box.appendChild(stage);
    const options = { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: false };
    waking = loadVega(spec)
      .then((vegaEmbed) => vegaEmbed(stage, spec, options))
      .then((embedded) => {
        view = embedded.view;
        if (spec.width === "container") follow(stage, view);
        hideTip = addTooltip(box, stage, view, describe);
        return draw();
      })
      .then(() => {
        failed = false;
        stage.classList.add("ready");
        box.querySelectorAll(".explorer-picture").forEach((picture) => picture.remove());
        figure.dataset.live = "yes";
        hideFalsePicture();
      })
      .catch((error) => {
        console.warn(error.message);
        stage.remove();
        view = null;
        hideTip = () => true;
        waking = null;
        failed = true;
        hideFalsePicture();
        tries += 1;
        if (tries === 1) setTimeout(wake, PAUSE);
      });
    return waking;
  }

  /** @returns {Promise<any>} */
  function draw() {
    hideTip();
    if (!figure.dataset.live) hideFalsePicture();
    if (view) return view.signal("model", model()).runAsync();
    return failed ? wake() : Promise.resolve();
  }

  // Whoever finds the network again should not have to guess that a move would help.
  addEventListener("online", () => failed && wake());
  return { wake, draw, hasPicture: () => box.querySelector(".explorer-picture") !== null, view: () => view };
}
