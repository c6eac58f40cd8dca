// @ts-check
/* An explorer's life on the page: reading its controls, computing, saying, tabulating, drawing. */

/** @typedef {{
 *   tape: Tape, columns: Record<string, any>, n: number, controls: Control[], sentence: Part[], spec: any,
 *   shown: string[], table: TableColumn[], rowNumbers: number[], drawn: string | null,
 * }} Payload what page.py hands over */
/** @typedef {{
 *   wake: () => Promise<void>, refresh: () => Promise<any>, outputs: () => Record<string, number | Float64Array>, view: () => any,
 *   controls: Control[], settings: () => Record<string, number>, set: (settings: Record<string, number>) => void,
 *   numbers: () => string[][],
 * }} Life what other parts, the tests and the benchmark may ask of an explorer */
/** @typedef {HTMLElement & { explorer: Life }} Figure */

// How long a hand rests before a screen reader is told what the explorer says now.
const REST = 500;

/** Find a part that page.py has written.
 * @param {Element} whole @param {string} selector @returns {HTMLElement} */
function find(whole, selector) {
  const part = whole.querySelector(selector);
  if (!part) throw new Error(`an explorer or exercise has no ${selector}`);
  return /** @type {HTMLElement} */ (part);
}

/** Write a text where it is another.
 * @param {HTMLElement} part @param {string} text */
function write(part, text) {
  if (part.textContent !== text) part.textContent = text;
}

/** Mark what the script adds to the page: in a page that was saved, the script begins without it.
 * @template {HTMLElement} T
 * @param {T} part @returns {T} */
function added(part) {
  part.dataset.made = "yes";
  return part;
}

/** @param {Figure} figure */
function bringToLife(figure) {
  /** @type {Payload} */
  const payload = JSON.parse(find(figure, "script[type='application/json']").textContent || "");
  const { tape, columns, n, controls, sentence, spec, shown, table, rowNumbers, drawn } = payload;
  for (const name of Object.keys(columns)) {
    if (typeof columns[name][0] === "number") columns[name] = Float64Array.from(columns[name]);
  }
  delete figure.dataset.live;
  // Never through the form: a control named "elements" or "reset" would take the place of the form's own.
  const inputs = controls.map((control) => /** @type {Input} */ (find(figure, `form [name='${control.name}']`)));
  const readouts = inputs.map((input) => /** @type {HTMLElement | null} */ (figure.querySelector(`output[for='${CSS.escape(input.id)}']`)));
  const said = find(figure, ".explorer-sentence");
  const voice = find(figure, ".explorer-voice");
  const numbers = /** @type {HTMLDetailsElement} */ (find(figure, ".explorer-numbers"));
  /** @type {Record<number, number[]>} */
  const groups = {};
  /** @type {Record<string, number | Float64Array>} */
  let outputs = {};
  let frame = 0;
  let rest = 0;

  const settings = () => Object.fromEntries(controls.map((control, i) => [control.name, settingOf(inputs[i])]));
  const isAtDefault = () => controls.every((control, i) => settingOf(inputs[i]) === control.default);
  const chart = chartOf(figure, spec, isAtDefault, () => Object.fromEntries(shown.map((name) => [name, outputs[name]])), describe);

  /** @param {Record<string, number>} values @returns {Look} */
  function look(values) {
    return (name) => {
      const control = controls.find((candidate) => candidate.name === name);
      if (control) return control.options ? control.options[values[name]] : values[name];
      return has(outputs, name) ? outputs[name] : columns[name];
    };
  }

  /** A row of the numbers in words, such as "Almaty", "Net migration: +20.5", or "Year: 2020", "Moves: 3".
   * @param {number} row */
  function describe(row) {
    const line = numbers.querySelectorAll("tbody tr")[rowNumbers.indexOf(row)];
    if (!line) return [];
    const texts = table.map((column, j) => {
      const text = look(settings())(column.name) === undefined ? line.children[j].textContent : cellText(column, look(settings()), row);
      // A name stands for itself, a number needs its heading.
      return text && (j || /^[+\u2212]?[0-9.,]+%?$/.test(text) ? `${column.heading}: ${text}` : text);
    });
    return texts.filter((text) => typeof text === "string" && text !== "");
  }

  function fillNumbers() {
    if (numbers.open) tabulate(numbers, table, rowNumbers, drawn, look(settings()));
  }

  const numbersShown = () => numbersNow(numbers, table, rowNumbers, drawn, look(settings()));

  function compute() {
    const values = settings();
    outputs = replay(tape, columns, values, n, groups);
    return values;
  }

  /** @returns {Promise<any>} */
  function refresh() {
    frame = 0;
    const values = compute();
    controls.forEach((control, i) => labelControl(control, inputs[i], values[control.name], readouts[i]));
    const before = said.textContent;
    write(said, fillSentence(sentence, look(values)));
    if (said.textContent !== before) announce();
    fillNumbers();
    return chart.draw();
  }

  /** One announcement for a move, when the hand rests; while it moves there would be one for every step. */
  function announce() {
    clearTimeout(rest);
    rest = setTimeout(() => write(voice, said.textContent || ""), REST);
  }

  function schedule() {
    if (!frame) frame = requestAnimationFrame(refresh);
  }

  /** @param {Record<string, number>} values */
  function set(values) {
    controls.forEach((control, i) => {
      if (has(values, control.name)) putSetting(inputs[i], values[control.name]);
    });
    schedule();
  }

  figure.addEventListener("input", schedule);
  figure.addEventListener("reset", (event) => {
    // The browser's own reset would go to what the HTML says, which follows the controls.
    event.preventDefault();
    set(Object.fromEntries(controls.map((control) => [control.name, control.default])));
  });
  figure.addEventListener("submit", (event) => event.preventDefault());
  undoScrolledSliders(figure);
  // A browser that takes a page out of its memory may put the controls back after the page has shown.
  addEventListener("pageshow", () => setTimeout(schedule, 0));
  numbers.addEventListener("toggle", fillNumbers);
  // How far a control must come up on a phone, where the sentence lies over the lower end of the window.
  new ResizeObserver(() => figure.style.setProperty("--sentence-height", `${said.offsetHeight}px`)).observe(said);
  figure.explorer = { wake: chart.wake, refresh, outputs: () => outputs, view: chart.view, controls, settings, set, numbers: numbersShown };
  addMenu(figure);
  controls.forEach((control, i) => {
    if (control.time) addPlay(figure, /** @type {HTMLInputElement} */ (inputs[i]));
  });
  if (isAtDefault() && chart.hasPicture()) compute();
  else refresh();
  // A page that was saved after its charts were live has no pictures any more.
  if (!chart.hasPicture()) chart.wake();
}
