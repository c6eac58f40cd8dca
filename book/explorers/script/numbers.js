// @ts-check
/* Numbers and sentences, written by the same rules as in sentences.py. */

/** @typedef {{ name: string, index?: number | string, format?: string, words?: (string | Part[])[] }} Field */
/** @typedef {string | Field} Part */
/** @typedef {(name: string) => any} Look finds the value of a column, control or result */

/** @param {number} value @param {string} format such as ",.0f", "+.1f", "abs.0f" or ".0%" */
function formatNumber(value, format) {
  const match = /^(abs|\+)?(,)?\.(\d+)(f|%)$/.exec(format);
  if (!match) throw new Error(`'${format}' is no number format`);
  const [, sign, comma, digits, kind] = match;
  // Twelve digits first: 0.5 and 0.49999999999999994 must not be written differently.
  const number = Number((kind === "%" ? value * 100 : value).toPrecision(12));
  let [whole, fraction] = plainDigits(Math.abs(number), Number(digits)).split(".");
  if (comma) whole = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = fraction === undefined ? whole : whole + "." + fraction;
  const zero = !/[1-9]/.test(text);
  const prefix = zero || sign === "abs" ? "" : number < 0 ? "\u2212" : sign === "+" ? "+" : "";
  return prefix + text + (kind === "%" ? "%" : "");
}

/** Write a number without an exponent; toFixed would use one from 1e21 on.
 * @param {number} number 0 or more @param {number} digits */
function plainDigits(number, digits) {
  if (!(number >= 1e21) || number === Infinity) return number.toFixed(digits);
  return BigInt(number).toString() + (digits ? "." + "0".repeat(digits) : "");
}

/** Fill a sentence from its parts.
 * @param {Part[]} parts @param {Look} look @returns {string} */
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
      return typeof value === "string" ? value : formatNumber(value, part.format || "");
    })
    .join("");
}
