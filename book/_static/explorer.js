/* Brings the explorers and the self-checking exercises of a page to life.

   An explorer's model is a tape: a list of array operations, recorded from one NumPy function
   (see migrationlab/tracing.py). `replay` runs the tape; Vega draws the results and computes nothing.
   No eval, no network: the script works under a strict Content-Security-Policy and from file://.
   Vega is loaded at the reader's first action on the page. Until then the chart is an inline picture. */
(function () {
  "use strict";

  // ---- the tape -------------------------------------------------------------------------------

  const yes = (condition) => (condition ? 1 : 0);

  // Half-way cases go to the even neighbor, as in NumPy.
  function rint(x) {
    if (x < 0 || Object.is(x, -0)) return -rint(-x);
    const below = Math.floor(x);
    const rest = x - below;
    if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
    return below % 2 === 0 ? below : below + 1;
  }

  // NumPy's remainder has the sign of the divisor.
  function remainder(a, b) {
    if (b === 0) return NaN;
    const rest = a % b;
    if (rest === 0) return b < 0 ? -0 : 0;
    return rest < 0 !== b < 0 ? rest + b : rest;
  }

  function floorDivide(a, b) {
    if (b === 0) return a / b;
    const rest = a % b;
    const quotient = (a - rest) / b - yes(rest !== 0 && rest < 0 !== b < 0);
    if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
    const below = Math.floor(quotient);
    return quotient - below > 0.5 ? below + 1 : below;
  }

  // C, and so NumPy, says 1 to any power is 1, and so is -1 to an infinite one.
  const power = (a, b) => (a === 1 ? 1 : Math.abs(a) === 1 && !isFinite(b) && b === b ? 1 : Math.pow(a, b));

  // Complementary error function after W. J. Cody (1969), Math. Comp. 23: rational approximations
  // on three intervals, relative error near 1e-16.
  function horner(coefficients, x) {
    let value = 0;
    for (const c of coefficients) value = value * x + c;
    return value;
  }
  const ERF_P = [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
  const ERF_Q = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
  const ERFC_P = [2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3];
  const ERFC_Q = [1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3];
  const TAIL_P = [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4];
  const TAIL_Q = [1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];
  function erfc(x) {
    const y = Math.abs(x);
    if (y > 30) return x < 0 ? 2 : 0;
    if (y <= 0.46875) return 1 - (x * horner(ERF_P, y * y)) / horner(ERF_Q, y * y);
    // exp(-y*y) in two factors, so that the rounding of y*y is not magnified.
    const rough = Math.trunc(y * 16) / 16;
    const gauss = Math.exp(-rough * rough) * Math.exp(-(y - rough) * (y + rough));
    let value;
    if (y <= 4) value = (gauss * horner(ERFC_P, y)) / horner(ERFC_Q, y);
    else {
      const z = 1 / (y * y);
      value = (gauss * (0.5641895835477562869 - (z * horner(TAIL_P, z)) / horner(TAIL_Q, z))) / y;
    }
    return x < 0 ? 2 - value : value;
  }

  const UNARY = {
    negative: (x) => -x, positive: (x) => x, absolute: Math.abs, sign: (x) => Math.sign(x) + 0, sqrt: Math.sqrt,
    square: (x) => x * x, cbrt: Math.cbrt, reciprocal: (x) => 1 / x, exp: Math.exp,
    exp2: (x) => Math.pow(2, x), expm1: Math.expm1, log: Math.log, log2: Math.log2, log10: Math.log10,
    log1p: Math.log1p, sin: Math.sin, cos: Math.cos, tan: Math.tan, arcsin: Math.asin,
    arccos: Math.acos, arctan: Math.atan, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh,
    floor: Math.floor, ceil: Math.ceil, trunc: Math.trunc, rint: rint,
    radians: (x) => x * (Math.PI / 180), degrees: (x) => x * (180 / Math.PI),
    logical_not: (x) => yes(!x), ndtr: (x) => 0.5 * erfc(-x * Math.SQRT1_2),
    expit: (x) => 1 / (1 + Math.exp(-x)),
  };
  const BINARY = {
    add: (a, b) => a + b, subtract: (a, b) => a - b, multiply: (a, b) => a * b, divide: (a, b) => a / b,
    power: power, remainder: remainder, floor_divide: floorDivide, arctan2: Math.atan2, hypot: Math.hypot,
    maximum: Math.max, minimum: Math.min, less: (a, b) => yes(a < b), less_equal: (a, b) => yes(a <= b),
    greater: (a, b) => yes(a > b), greater_equal: (a, b) => yes(a >= b), equal: (a, b) => yes(a === b),
    not_equal: (a, b) => yes(a !== b), logical_and: (a, b) => yes(a && b), logical_or: (a, b) => yes(a || b),
    logical_xor: (a, b) => yes(!a !== !b),
  };
  const FOLD = { prod: BINARY.multiply, max: Math.max, min: Math.min };
  const RUNNING = { cumsum: BINARY.add, cumprod: BINARY.multiply, cummax: Math.max, cummin: Math.min };

  const isColumn = (value) => typeof value !== "number";
  const at = (value, row) => (isColumn(value) ? value[row] : value);

  function make(n, valueOf) {
    const result = new Float64Array(n);
    for (let row = 0; row < n; row += 1) result[row] = valueOf(row);
    return result;
  }

  function apply(f, a, b, n) {
    if (!isColumn(a) && !isColumn(b)) return f(a, b);
    const result = new Float64Array(n);
    if (!isColumn(a)) for (let row = 0; row < n; row += 1) result[row] = f(a, b[row]);
    else if (!isColumn(b)) for (let row = 0; row < n; row += 1) result[row] = f(a[row], b);
    else for (let row = 0; row < n; row += 1) result[row] = f(a[row], b[row]);
    return result;
  }

  /* Position of the first best value; as in NumPy, NaN is better than anything. */
  function best(values, better) {
    let winner = 0;
    for (let row = 1; row < values.length && !isNaN(values[winner]); row += 1) {
      if (isNaN(values[row]) || better(values[row], values[winner])) winner = row;
    }
    return winner;
  }

  /* Add in the order in which NumPy adds (in eight strands, long columns in halves): the same to the last
     bit, so that what cancels in Python cancels on the page. */
  function sum(values) {
    const n = values.length;
    if (n > 128) {
      const half = Math.floor(n / 16) * 8;
      return sum(values.subarray(0, half)) + sum(values.subarray(half));
    }
    let total = 0;
    let row = 0;
    if (n >= 8) {
      const r = values.slice(0, 8);
      for (row = 8; row < n - (n % 8); row += 1) r[row % 8] += values[row];
      total = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
    }
    for (; row < n; row += 1) total += values[row];
    return total + 0;
  }

  /* Number the groups that several columns form together: 0, 1, 2, … by first appearance. */
  function groupCodes(columns) {
    const seen = new Map();
    return Array.from(columns[0], (_, row) => {
      // As texts, because JSON writes NaN and infinity alike.
      const key = JSON.stringify(columns.map((column) => String(column[row])));
      if (!seen.has(key)) seen.set(key, seen.size);
      return seen.get(key);
    });
  }

  /* Run a tape. `columns` and `controls` are its inputs, `n` the number of rows.
     `groups` remembers between calls the groups that columns form: only computed groups change. */
  function replay(tape, columns, controls, n, groups) {
    const values = [];
    tape.entries.forEach((entry, position) => {
      const operation = entry[0];
      const a = values[entry[1]];
      const b = values[entry[2]];
      let value;
      if (operation === "const") value = entry[1];
      else if (operation === "param") value = controls[entry[1]];
      else if (operation === "column" || operation === "text") value = columns[entry[1]];
      else if (operation in UNARY) value = isColumn(a) ? make(n, (row) => UNARY[operation](a[row])) : UNARY[operation](a);
      else if (operation in BINARY) value = apply(BINARY[operation], a, b, n);
      else if (operation === "where") {
        const c = values[entry[3]];
        const choose = (row) => (at(a, row) !== 0 ? at(b, row) : at(c, row));
        value = [a, b, c].some(isColumn) ? make(n, choose) : choose(0);
      } else if (operation === "pick") {
        const options = entry.slice(2).map((i) => values[i]);
        const choose = (row) => at(options[at(a, row)], row);
        value = isColumn(a) || options.some(isColumn) ? make(n, choose) : choose(0);
      } else if (operation === "like") value = make(n, (row) => at(b, row));
      else if (operation === "text_equal") value = make(n, (row) => yes(a[row] === entry[2]));
      else if (operation in FOLD) value = a.reduce((x, y) => FOLD[operation](x, y));
      else if (operation === "sum") value = sum(a);
      else if (operation === "mean") value = sum(a) / n;
      else if (operation === "argmax") value = best(a, (x, y) => x > y);
      else if (operation === "argmin") value = best(a, (x, y) => x < y);
      else if (operation in RUNNING) {
        let total = a[0];
        value = make(n, (row) => (row === 0 ? total : (total = RUNNING[operation](total, a[row]))));
      } else if (operation === "group_sum") {
        const keys = entry.slice(2);
        const codes = groups[position] || groupCodes(keys.map((i) => values[i]));
        if (keys.every((i) => /^(column|text)$/.test(tape.entries[i][0]))) groups[position] = codes;
        const sums = new Float64Array(n);
        for (let row = 0; row < n; row += 1) sums[codes[row]] += at(a, row);
        value = make(n, (row) => sums[codes[row]]);
      } else throw new Error("unknown operation on the tape: " + operation);
      values.push(value);
    });
    return Object.fromEntries(Object.entries(tape.outputs).map(([name, position]) => [name, values[position]]));
  }

  // ---- numbers and sentences: the same rules as in migrationlab/sentences.py --------------------

  function formatNumber(value, format) {
    const [, sign, comma, digits, percent] = /^(abs|\+)?(,)?\.(\d+)(f|%)$/.exec(format);
    // Twelve digits first: 0.5 and 0.49999999999999994 must not be written differently.
    let number = Number((percent === "%" ? value * 100 : value).toPrecision(12));
    if (sign === "abs") number = Math.abs(number);
    let [whole, fraction] = Math.abs(number).toFixed(Number(digits)).split(".");
    if (comma) whole = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    const text = fraction === undefined ? whole : whole + "." + fraction;
    const zero = !/[1-9]/.test(text);
    const prefix = zero ? "" : number < 0 ? "\u2212" : sign === "+" ? "+" : "";
    return prefix + text + (percent === "%" ? "%" : "");
  }

  /* Fill a sentence. A part is a text, or {name, index?, format?, words?}; `look` finds a name's value. */
  function fillSentence(parts, look) {
    return parts
      .map((part) => {
        if (typeof part === "string") return part;
        let value = look(part.name);
        if (part.index !== undefined) value = value[Math.trunc(typeof part.index === "number" ? part.index : look(part.index))];
        if (part.words) {
          // What is left of a sum that cancels counts as zero.
          const [positive, zero, negative] = part.words;
          const words = Math.abs(value) < 1e-9 ? zero : value > 0 ? positive : negative;
          return typeof words === "string" ? words : fillSentence(words, look);
        }
        return typeof value === "string" ? value : formatNumber(value, part.format);
      })
      .join("");
  }

  // ---- an explorer ------------------------------------------------------------------------------

  const home = document.currentScript.src;
  const fetched = {};

  /* Fetch a script of the book once. A classic script, because modules do not load from file://. */
  function load(name) {
    fetched[name] ||= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(name, home).href;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${name} is missing from the book's _static folder`));
      document.head.appendChild(script);
    });
    return fetched[name];
  }

  /* Fetch Vega, and the datasets that charts share, such as outlines: each has a script of its own. */
  function loadVega(spec) {
    const shared = Object.keys(spec.datasets || {}).filter((name) => spec.datasets[name] === null);
    return Promise.all([load("vega.js"), ...shared.map((name) => load(`${name}.js`))]).then(() => {
      for (const name of shared) spec.datasets[name] = window.explorerDatasets[name];
      return window.vegaEmbed;
    });
  }

  function bringToLife(figure) {
    const { tape, columns, n: rows, controls, sentence, spec, shown, table, rowNumbers } = JSON.parse(
      figure.querySelector("script[type='application/json']").textContent
    );
    for (const name of Object.keys(columns)) {
      if (typeof columns[name][0] === "number") columns[name] = Float64Array.from(columns[name]);
    }
    const form = figure.querySelector("form");
    const status = figure.querySelector(".explorer-sentence");
    const chart = figure.querySelector(".explorer-chart");
    const numbers = figure.querySelector(".explorer-numbers");
    const groups = {};
    let outputs = null;
    let view = null;
    let waking = null;
    let frame = 0;

    function readControls() {
      return Object.fromEntries(
        controls.map((control) => {
          const input = form.elements.namedItem(control.name);
          return [control.name, control.kind === "switch" ? Number(input.checked) : Number(input.value)];
        })
      );
    }

    function look(values) {
      return (name) => {
        const control = controls.find((candidate) => candidate.name === name);
        if (control) return control.options ? control.options[values[name]] : values[name];
        return name in outputs ? outputs[name] : columns[name];
      };
    }

    function label(values) {
      for (const control of controls) {
        if (control.kind !== "slider") continue;
        const text = formatNumber(values[control.name], control.format) + control.suffix;
        const input = form.elements.namedItem(control.name);
        input.setAttribute("aria-valuetext", text);
        form.querySelector(`output[for='${input.id}']`).textContent = text;
      }
    }

    function tabulate() {
      if (!numbers || !numbers.open) return;
      numbers.querySelectorAll("tbody tr").forEach((line, i) => {
        table.forEach((column, j) => {
          const row = rowNumbers[i];
          const values = outputs[column.name];
          const known = column.known === undefined || at(column.known in outputs ? outputs[column.known] : columns[column.known], row) !== 0;
          if (!known) line.children[j].textContent = "";
          else if (values !== undefined) line.children[j].textContent = formatNumber(at(values, row), column.format);
        });
      });
    }

    function drawn() {
      return Object.fromEntries(shown.map((name) => [name, outputs[name]]));
    }

    function compute() {
      const values = readControls();
      outputs = replay(tape, columns, values, rows, groups);
      return values;
    }

    function refresh() {
      frame = 0;
      const values = compute();
      label(values);
      status.textContent = fillSentence(sentence, look(values));
      tabulate();
      return view ? view.signal("model", drawn()).runAsync() : Promise.resolve();
    }

    function schedule() {
      if (!frame) frame = requestAnimationFrame(refresh);
    }

    /* Draw the chart beside the picture, out of sight, and swap the two when it is ready: nothing moves. */
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
            // Vega follows the window; the column also changes when a sidebar opens.
            if (spec.width === "container") {
              new ResizeObserver(async () => {
                const width = stage.clientWidth;
                // After fitting, the signal holds the plot's width. If that happens to be the column's
                // new width, Vega would see no change.
                if (view.signal("width") === width) await view.signal("width", width + 1).runAsync();
                view.signal("width", width).runAsync();
              }).observe(stage);
            }
            return refresh();
          })
          .then(() => {
            stage.classList.add("ready");
            chart.querySelectorAll(".explorer-picture").forEach((picture) => picture.remove());
            figure.dataset.live = "yes";
          });
      }
      return waking;
    }

    form.addEventListener("input", schedule);
    form.addEventListener("reset", () => setTimeout(schedule, 0));
    form.addEventListener("submit", (event) => event.preventDefault());
    if (numbers) numbers.addEventListener("toggle", tabulate);
    compute();
    // For the tests and the benchmark: what the page computes, and one full redraw.
    figure.explorer = { wake, refresh, outputs: () => outputs, view: () => view };
  }

  // ---- self-checking exercises --------------------------------------------------------------------

  /* Read a number as students write it, or return null: the rules of read_number in migrationlab/exercises.py. */
  function readNumber(typed) {
    const text = typed.replace(/\s/g, "").replace(/\u2212/g, "-").replace(/%$/, "");
    const grouped = /^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?$/.test(text);
    const plain = text.replace(/,/g, grouped ? "" : ".");
    return /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,2})?$/i.test(plain) ? Number(plain) : null;
  }

  function prepareExercise(form) {
    const task = JSON.parse(form.querySelector("script[type='application/json']").textContent);
    const status = form.querySelector("[role='status']");
    function say(right, text) {
      status.textContent = text;
      status.dataset.right = right ? "yes" : "no";
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (task.options) {
        const chosen = form.querySelector("input:checked");
        if (!chosen) return say(false, "Choose one answer first.");
        return say(Number(chosen.value) === task.answer, task.replies[Number(chosen.value)]);
      }
      const number = readNumber(form.querySelector("input").value);
      if (number === null) return say(false, "Write a number, such as 12.5.");
      const near = (target) => Math.abs(number - target) <= task.tolerance;
      if (near(task.answer)) return say(true, task.right);
      const hint = task.hints.find(([wrong]) => near(wrong));
      say(false, hint ? hint[1] : task.wrong);
    });
  }

  // ---- the page -----------------------------------------------------------------------------------

  function start() {
    const figures = [...document.querySelectorAll("figure.explorer")];
    figures.forEach(bringToLife);
    document.querySelectorAll("form.self-check").forEach(prepareExercise);
    if (!figures.length) return;
    const actions = ["pointermove", "pointerdown", "touchstart", "keydown", "scroll", "focusin"];
    function firstAction(event) {
      // The theme scrolls its list of contents to the page's own entry: that is no action of the reader's.
      if (event.type === "scroll" && event.target !== document) return;
      actions.forEach((action) => removeEventListener(action, firstAction, true));
      const watcher = new IntersectionObserver(
        (entries) => {
          for (const entry of entries) {
            if (entry.isIntersecting) {
              watcher.unobserve(entry.target);
              entry.target.explorer.wake();
            }
          }
        },
        { rootMargin: "400px" }
      );
      figures.forEach((figure) => watcher.observe(figure));
    }
    actions.forEach((action) => addEventListener(action, firstAction, { capture: true, passive: true }));
  }

  window.explorers = { replay, formatNumber, fillSentence };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
