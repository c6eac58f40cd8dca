// @ts-check
/* The tape: a list of array operations, recorded from one NumPy function (see tracing.py), and its replay.

   Each entry names an operation and the positions of the earlier entries that it reads. */

/** @typedef {number | Float64Array | string[]} Value a number, a column of numbers, a column of text */
/** @typedef {(string | number)[]} Entry an operation and what it reads */
/** @typedef {{ entries: Entry[], outputs: Record<string, number> }} Tape */

/** Own properties only: every object also has a "constructor" and a "toString".
 * @param {object} object @param {string} name */
const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);

/** @param {unknown} condition */
const yes = (condition) => (condition ? 1 : 0);

// Half-way cases go to the even neighbor, as in NumPy.
/** @param {number} x @returns {number} */
function rint(x) {
  if (x < 0 || Object.is(x, -0)) return -rint(-x);
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

// NumPy's remainder has the sign of the divisor.
/** @param {number} a @param {number} b */
function remainder(a, b) {
  if (b === 0) return NaN;
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** @param {number} a @param {number} b */
function floorDivide(a, b) {
  if (b === 0) return a / b;
  const rest = a % b;
  const quotient = (a - rest) / b - yes(rest !== 0 && rest < 0 !== b < 0);
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const below = Math.floor(quotient);
  return quotient - below > 0.5 ? below + 1 : below;
}

// C, and so NumPy, says 1 to any power is 1, and so is -1 to an infinite one.
/** @param {number} a @param {number} b */
const power = (a, b) => (a === 1 ? 1 : Math.abs(a) === 1 && !isFinite(b) && b === b ? 1 : Math.pow(a, b));

// Complementary error function after W. J. Cody (1969), Math. Comp. 23: rational approximations
// on three intervals, relative error near 1e-16.
/** @param {number[]} coefficients @param {number} x */
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
/** @param {number} x */
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

/** @type {Record<string, (x: number) => number>} */
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
/** @type {Record<string, (a: number, b: number) => number>} */
const BINARY = {
  add: (a, b) => a + b, subtract: (a, b) => a - b, multiply: (a, b) => a * b, divide: (a, b) => a / b,
  power: power, remainder: remainder, floor_divide: floorDivide, arctan2: Math.atan2, hypot: Math.hypot,
  maximum: Math.max, minimum: Math.min, less: (a, b) => yes(a < b), less_equal: (a, b) => yes(a <= b),
  greater: (a, b) => yes(a > b), greater_equal: (a, b) => yes(a >= b), equal: (a, b) => yes(a === b),
  not_equal: (a, b) => yes(a !== b), logical_and: (a, b) => yes(a && b), logical_or: (a, b) => yes(a || b),
  logical_xor: (a, b) => yes(!a !== !b),
};
/** @type {Record<string, (a: number, b: number) => number>} */
const FOLD = { prod: BINARY.multiply, max: Math.max, min: Math.min };
/** @type {Record<string, (a: number, b: number) => number>} */
const RUNNING = { cumsum: BINARY.add, cumprod: BINARY.multiply, cummax: Math.max, cummin: Math.min };

/** @param {Value} value @returns {value is Float64Array} */
const isColumn = (value) => typeof value !== "number";
/** @param {Value} value @param {number} row @returns {number} */
const at = (value, row) => (isColumn(value) ? value[row] : /** @type {number} */ (value));

/** @param {number} n @param {(row: number) => number} valueOf */
function make(n, valueOf) {
  const result = new Float64Array(n);
  for (let row = 0; row < n; row += 1) result[row] = valueOf(row);
  return result;
}

/** @param {(a: number, b: number) => number} f @param {any} a @param {any} b @param {number} n */
function apply(f, a, b, n) {
  if (!isColumn(a) && !isColumn(b)) return f(a, b);
  const result = new Float64Array(n);
  // Three loops without a choice inside: this is where the page spends its time.
  if (!isColumn(a)) for (let row = 0; row < n; row += 1) result[row] = f(a, b[row]);
  else if (!isColumn(b)) for (let row = 0; row < n; row += 1) result[row] = f(a[row], b);
  else for (let row = 0; row < n; row += 1) result[row] = f(a[row], b[row]);
  return result;
}

/** Position of the first best value; as in NumPy, NaN is better than anything.
 * @param {Float64Array} values @param {(x: number, y: number) => boolean} better */
function best(values, better) {
  let winner = 0;
  for (let row = 1; row < values.length && !isNaN(values[winner]); row += 1) {
    if (isNaN(values[row]) || better(values[row], values[winner])) winner = row;
  }
  return winner;
}

/** Add in the order in which NumPy adds (in eight strands, long columns in halves): the same to the last
 * bit, so that what cancels in Python cancels on the page.
 * @param {Float64Array} values @returns {number} */
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

/** Number the groups that several columns form together: 0, 1, 2, … by first appearance.
 * @param {Value[]} columns @returns {number[]} */
function groupCodes(columns) {
  const seen = new Map();
  const n = /** @type {Float64Array} */ (columns[0]).length;
  return Array.from({ length: n }, (_, row) => {
    // As texts, because JSON writes NaN and infinity alike.
    const key = JSON.stringify(columns.map((column) => String(at(column, row))));
    if (!seen.has(key)) seen.set(key, seen.size);
    return seen.get(key);
  });
}

/** Run a tape and return its results by name.
 * @param {Tape} tape
 * @param {Record<string, Value>} columns
 * @param {Record<string, number>} controls
 * @param {number} n how many rows the columns have
 * @param {Record<number, number[]>} groups what columns form: remembered between calls, since only computed groups change
 * @returns {Record<string, number | Float64Array>} */
function replay(tape, columns, controls, n, groups) {
  /** @type {any[]} */
  const values = [];
  tape.entries.forEach((entry, position) => {
    const operation = String(entry[0]);
    /** @param {number} k */
    const operand = (k) => values[Number(entry[k])];
    const name = String(entry[1]);
    const a = operand(1);
    const b = operand(2);
    let value;
    if (operation === "const") value = entry[1];
    else if (operation === "param") value = controls[name];
    else if (operation === "column" || operation === "text") value = columns[name];
    else if (has(UNARY, operation)) value = isColumn(a) ? make(n, (row) => UNARY[operation](a[row])) : UNARY[operation](a);
    else if (has(BINARY, operation)) value = apply(BINARY[operation], a, b, n);
    else if (operation === "where") {
      const c = operand(3);
      const choose = (/** @type {number} */ row) => (at(a, row) !== 0 ? at(b, row) : at(c, row));
      value = [a, b, c].some(isColumn) ? make(n, choose) : choose(0);
    } else if (operation === "pick") {
      const options = entry.slice(2).map((i) => values[Number(i)]);
      // An option that is not there: not a number, rather than an error that stops the page.
      const choose = (/** @type {number} */ row) => {
        const option = options[at(a, row)];
        return option === undefined ? NaN : at(option, row);
      };
      value = isColumn(a) || options.some(isColumn) ? make(n, choose) : choose(0);
    } else if (operation === "like") value = make(n, (row) => at(b, row));
    else if (operation === "text_equal") value = make(n, (row) => yes(a[row] === entry[2]));
    else if (has(FOLD, operation)) value = a.reduce((/** @type {number} */ x, /** @type {number} */ y) => FOLD[operation](x, y));
    else if (operation === "sum") value = sum(a);
    else if (operation === "mean") value = sum(a) / n;
    else if (operation === "argmax") value = best(a, (x, y) => x > y);
    else if (operation === "argmin") value = best(a, (x, y) => x < y);
    else if (has(RUNNING, operation)) {
      let total = a[0];
      value = make(n, (row) => (row === 0 ? total : (total = RUNNING[operation](total, a[row]))));
    } else if (operation === "group_sum") {
      const keys = entry.slice(2).map(Number);
      const codes = groups[position] || groupCodes(keys.map((i) => values[i]));
      if (keys.every((i) => /^(column|text)$/.test(String(tape.entries[i][0])))) groups[position] = codes;
      const sums = new Float64Array(n);
      for (let row = 0; row < n; row += 1) sums[codes[row]] += at(a, row);
      value = make(n, (row) => sums[codes[row]]);
    } else throw new Error("unknown operation on the tape: " + operation);
    values.push(value);
  });
  return Object.fromEntries(Object.entries(tape.outputs).map(([name, position]) => [name, values[position]]));
}
