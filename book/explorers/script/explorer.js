// @ts-check
/* An explorer's life on the page: reading its controls, computing, saying, tabulating, drawing.

   Vega draws the results and computes nothing. It is loaded at the reader's first action on the page;
   until then the chart is an inline picture. */

/** @typedef {{ name: string, kind: string, format?: string, suffix?: string, options?: string[] }} Control */
/** @typedef {{ name: string, heading: string, format: string, known?: string }} TableColumn */
/** @typedef {{
 *   tape: Tape, columns: Record<string, any>, n: number, controls: Control[], sentence: Part[], spec: any,
 *   shown: string[], table: TableColumn[], rowNumbers: number[],
 * }} Payload what page.py hands over */
/** @typedef {{
 *   wake: () => Promise<void>, refresh: () => Promise<any>, outputs: () => Record<string, number | Float64Array>, view: () => any,
 * }} Life for the tests and the benchmark: what the page computes, and one full redraw */
/** @typedef {HTMLElement & { explorer: Life }} Figure */

const home = /** @type {HTMLScriptElement} */ (document.currentScript).src;
/** @type {Record<string, Promise<void>>} */
const fetched = {};

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
 * @param {any} spec */
function loadVega(spec) {
  const shared = Object.keys(spec.datasets || {}).filter((name) => spec.datasets[name] === null);
  return Promise.all([load("vega.js"), ...shared.map((name) => load(`${name}.js`))]).then(() => {
    const page = /** @type {any} */ (window);
    for (const name of shared) spec.datasets[name] = page.explorerDatasets[name];
    return page.vegaEmbed;
  });
}

/** Find a part that page.py has written.
 * @param {Element} whole @param {string} selector @returns {HTMLElement} */
function find(whole, selector) {
  const part = whole.querySelector(selector);
  if (!part) throw new Error(`an explorer or exercise has no ${selector}`);
  return /** @type {HTMLElement} */ (part);
}

/** Whether a control stands where the page was made.
 * @param {HTMLInputElement | HTMLSelectElement} input */
function isAtDefault(input) {
  if (input instanceof HTMLSelectElement) return input.selectedOptions[0].defaultSelected;
  if (input.type === "checkbox") return input.checked === input.defaultChecked;
  return Number(input.value) === Number(input.defaultValue);
}

/** Write a text where it is another: what stays the same is not announced again.
 * @param {HTMLElement} part @param {string} text */
function write(part, text) {
  if (part.textContent !== text) part.textContent = text;
}

/** Vega follows the window; the column also changes when a sidebar opens.
 * @param {HTMLElement} stage @param {any} view */
function follow(stage, view) {
  new ResizeObserver(async () => {
    const width = stage.clientWidth;
    // After fitting, the signal holds the plot's width. If that happens to be the column's
    // new width, Vega would see no change.
    if (view.signal("width") === width) await view.signal("width", width + 1).runAsync();
    view.signal("width", width).runAsync();
  }).observe(stage);
}

/** @param {Figure} figure */
function bringToLife(figure) {
  /** @type {Payload} */
  const payload = JSON.parse(find(figure, "script[type='application/json']").textContent || "");
  const { tape, columns, n, controls, sentence, spec, shown, table, rowNumbers } = payload;
  for (const name of Object.keys(columns)) {
    if (typeof columns[name][0] === "number") columns[name] = Float64Array.from(columns[name]);
  }
  // Never through the form: a control named "elements" or "reset" would take the place of the form's own.
  const inputs = controls.map((control) => /** @type {HTMLInputElement} */ (find(figure, `form [name='${control.name}']`)));
  const status = find(figure, ".explorer-sentence");
  const chart = find(figure, ".explorer-chart");
  const numbers = /** @type {HTMLDetailsElement} */ (find(figure, ".explorer-numbers"));
  /** @type {Record<number, number[]>} */
  const groups = {};
  /** @type {Record<string, number | Float64Array>} */
  let outputs = {};
  /** @type {any} */
  let view = null;
  /** @type {Promise<void> | null} */
  let waking = null;
  let failed = false;
  let frame = 0;
  const note = document.createElement("p");
  note.className = "explorer-note";
  note.textContent =
    "The chart could not be loaded. The sentence and the numbers below it are right; " +
    "move a control to try again.";

  function readControls() {
    return Object.fromEntries(
      controls.map((control, i) => [control.name, control.kind === "switch" ? Number(inputs[i].checked) : Number(inputs[i].value)])
    );
  }

  /** @param {Record<string, number>} values @returns {Look} */
  function look(values) {
    return (name) => {
      const control = controls.find((candidate) => candidate.name === name);
      if (control) return control.options ? control.options[values[name]] : values[name];
      return has(outputs, name) ? outputs[name] : columns[name];
    };
  }

  /** @param {Record<string, number>} values */
  function label(values) {
    controls.forEach((control, i) => {
      if (control.kind !== "slider") return;
      const text = formatNumber(values[control.name], control.format || "") + control.suffix;
      inputs[i].setAttribute("aria-valuetext", text);
      write(find(figure, `output[for='${CSS.escape(inputs[i].id)}']`), text);
    });
  }

  function tabulate() {
    if (!numbers.open) return;
    const valueOf = look(readControls());
    numbers.querySelectorAll("tbody tr").forEach((line, i) => {
      const row = rowNumbers[i];
      table.forEach((column, j) => {
        // A gap is not a zero.
        if (column.known !== undefined && at(valueOf(column.known), row) === 0) line.children[j].textContent = "";
        else if (has(outputs, column.name)) line.children[j].textContent = formatNumber(at(outputs[column.name], row), column.format);
      });
    });
  }

  function drawn() {
    return Object.fromEntries(shown.map((name) => [name, outputs[name]]));
  }

  function compute() {
    const values = readControls();
    outputs = replay(tape, columns, values, n, groups);
    return values;
  }

  /** @returns {Promise<any>} */
  function refresh() {
    frame = 0;
    const values = compute();
    label(values);
    write(status, fillSentence(sentence, look(values)));
    tabulate();
    if (view) return view.signal("model", drawn()).runAsync();
    hideFalsePicture();
    return failed ? wake() : Promise.resolve();
  }

  function schedule() {
    if (!frame) frame = requestAnimationFrame(refresh);
  }

  /** Draw the chart beside the picture, out of sight, and swap the two when it is ready: nothing moves.
   * @returns {Promise<void>} */
  function wake() {
    if (!waking) {
      const stage = document.createElement("div");
      stage.className = "explorer-stage";
      // The figure around it carries the description and the table of numbers.
      stage.setAttribute("aria-hidden", "true");
      chart.appendChild(stage);
      const options = { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: false };
      waking = loadVega(spec)
        .then((vegaEmbed) => vegaEmbed(stage, spec, options))
        .then((embedded) => {
          view = embedded.view;
          if (spec.width === "container") follow(stage, view);
          return refresh();
        })
        .then(() => {
          failed = false;
          hideFalsePicture();
          stage.classList.add("ready");
          chart.querySelectorAll(".explorer-picture").forEach((picture) => picture.remove());
          figure.dataset.live = "yes";
        })
        .catch((error) => {
          console.warn(error.message);
          stage.remove();
          view = null;
          waking = null;
          failed = true;
          hideFalsePicture();
        });
    }
    return waking;
  }

  /** Without a chart, the picture is true where the controls stand as it was drawn, and only there. */
  function hideFalsePicture() {
    const isFalse = failed && !inputs.every(isAtDefault);
    chart.classList.toggle("failed", isFalse);
    if (isFalse) chart.appendChild(note);
    else note.remove();
  }

  figure.addEventListener("input", schedule);
  figure.addEventListener("reset", () => setTimeout(schedule, 0));
  figure.addEventListener("submit", (event) => event.preventDefault());
  // A browser that takes a page out of its memory may put the controls back after the page has shown.
  addEventListener("pageshow", () => setTimeout(schedule, 0));
  numbers.addEventListener("toggle", tabulate);
  compute();
  figure.explorer = { wake, refresh, outputs: () => outputs, view: () => view };
}
