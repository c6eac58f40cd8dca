// @ts-check
/* What people write as the answer to a question about a number, and what is replied: the rules of
   replies.py, which hands over its words and texts as replyTables. */

/** @typedef {{ value: number, step: number, comma: string }} Reading step: what one in its last written digit is worth */
/** @typedef {{ kind: string, scale: number }} Unit */
/** @typedef {{ text: string, unit: Unit, words: string[], base: string[], baseScale: number }} Asked */
/** @typedef {{ right: boolean, text: string, read: boolean }} Verdict read: whether it could be read as a number at all */

/** @param {string} typed @param {Writing} question @returns {Verdict} */
function judgeNumber(typed, question) {
  const { texts } = replyTables;
  const asked = readAsked(question.unit);
  const text = cleanReply(typed);
  if (!text) return { right: false, text: texts.empty, read: false };
  const [numbers, rest] = splitReply(text);
  const words = unitWords(rest).join(" ").replace(/(per|to) 1(000)?( |$)/g, "");
  if (!numbers.length || /[0-9]/.test(words)) return { right: false, text: texts.unreadable, read: false };
  const unit = nameUnit(rest, asked);
  if (!unit) return { right: false, text: fill(texts.unknown, rest, asked.text), read: false };
  if (unit.kind !== asked.unit.kind) {
    const points = unit.kind === "points" && asked.unit.kind === "share";
    return { right: false, text: fill(points ? texts.points : texts.otherUnit, rest, asked.text), read: true };
  }
  return judgeReadings(inUnit(numbers, unit, asked), asked, unit, question);
}

/** @param {Reading[]} numbers @param {Asked} asked @param {Unit} unit @param {Writing} question @returns {Verdict} */
function judgeReadings(numbers, asked, unit, question) {
  const { texts, sizes } = replyTables;
  const { answer, tolerance } = question;
  const reply = (/** @type {string} */ text) => ({ right: false, text, read: true });
  /** @param {Reading} number @param {number} factor */
  function close(number, factor) {
    // Rounding leaves the greater part of a number.
    const rounding = Math.min(Math.abs(factor) * number.step, Math.abs(answer)) / 2;
    return isNear(number.value * factor, answer, Math.max(tolerance, rounding));
  }

  const right = numbers.find((number) => isNear(number.value, answer, tolerance));
  if (right) {
    const comma = right.comma && fill(texts.comma, right.comma, "");
    const converted = unit.scale !== asked.unit.scale ? texts.converted : "";
    return { right: true, text: question.right + comma + converted, read: true };
  }
  for (const number of numbers) {
    const hint = question.hints.find(([wrong]) => isHint(number, wrong, answer, tolerance));
    if (hint) return reply(hint[1]);
  }
  const telling = numbers.filter((number) => number.value !== 0 && Math.abs(answer) > tolerance);
  if (telling.some((number) => close(number, 1))) return reply(texts.rounded.replace("{wanted}", question.wanted));
  if (telling.some((number) => close(number, -1))) return reply(texts.sign);
  const isShare = asked.unit.kind === "share" || asked.unit.kind === "points";
  const names = sizes[isShare ? "share" : "count"];
  const there = isShare && names.find(([scale]) => scale === asked.unit.scale);
  for (const [scale, name] of names) {
    if (scale !== asked.unit.scale && telling.some((number) => close(number, scale / asked.unit.scale))) {
      return reply(fill(texts.size, name, there ? there[1] : asked.text));
    }
  }
  return reply(texts.wrong);
}

/** @param {string} text @param {string} typed @param {string} asked */
function fill(text, typed, asked) {
  // Functions, because a text such as "$&" would be understood as a pattern.
  return text.replace("{asked}", () => asked).replace("{typed}", () => typed);
}

/** @param {number} value @param {number} target @param {number} margin */
function isNear(value, target, margin) {
  return Math.abs(value - target) <= margin * (1 + 1e-9) + 1e-12 * Math.abs(target);
}

/** @param {Reading} number @param {number} wrong @param {number} answer @param {number} tolerance */
function isHint(number, wrong, answer, tolerance) {
  const relative = answer ? Math.abs(wrong / answer) : 1;
  const rounding = number.step / 2 <= tolerance * Math.max(1, relative) ? number.step / 2 : 0;
  return isNear(number.value, wrong, Math.max(tolerance * Math.min(1, relative), rounding));
}

/** @param {Reading[]} numbers @param {Unit} unit @param {Asked} asked */
function inUnit(numbers, unit, asked) {
  if (unit.scale === asked.unit.scale) return numbers;
  const factor = unit.scale / asked.unit.scale;
  return numbers.map((number) => ({ ...number, value: number.value * factor, step: number.step * factor }));
}

// ---- reading

const REPLY_RUN = "(?:[0-9]+(?:[ .,'][0-9]+)*|[.,][0-9]+)";
const WHOLE_REPLY = new RegExp(
  "^([+-]?) ?(us\\$|usd|kzt|eur|[$€₸₽])? ?([+-]?) ?" +
    `(${REPLY_RUN})(?: ?[/:÷\u2044] ?(${REPLY_RUN}))?` +
    "(?:e([+-]?[0-9]{1,2})(?![0-9])| ?[x×*·] ?10 ?\\^ ?([+-]?[0-9]{1,2})(?![0-9]))?" +
    "(.*)$"
);

/** @param {string} typed */
function cleanReply(typed) {
  let text = typed
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/[\t\n\v\f\r \u00a0\u2000-\u200a\u202f\u205f\u3000]+/g, " ")
    .replace(/[\u2010-\u2015\u2212\ufe63\uff0d]/g, "-");
  for (const [sign, fraction] of Object.entries(replyTables.fractions)) text = text.split(sign).join(` ${fraction}`);
  text = text.replace(/\u2019/g, "'").toLowerCase().split(/[=≈]/).slice(-1)[0];
  text = stripSpaces(text)
    .replace(/^(?:about|approximately|approx|around|roughly|circa|ca|~)[. ]*/, "")
    .replace(/[ .,;!?]+$/, "");
  return text.replace(/^plus /, "").replace(/^minus /, "-");
}

/** @param {string} text */
function stripSpaces(text) {
  return text.replace(/^ +| +$/g, "");
}

/** @param {string} text @returns {[Reading[], string]} */
function splitReply(text) {
  const match = WHOLE_REPLY.exec(text);
  if (!match || (match[1] && match[3])) return [[], ""];
  const sign = match[1] === "-" || match[3] === "-" ? -1 : 1;
  const power = Number(`1e${match[6] || match[7] || 0}`);
  const numbers = (match[5] === undefined ? readings(match[4]) : quotients(match[4], match[5]))
    .map(({ value, step, comma }) => ({ value: sign * value * power, step: step * power, comma: comma && (sign < 0 ? "\u2212" : "") + comma }))
    .filter((number) => Number.isFinite(number.value));
  return [numbers, stripSpaces(stripSpaces(match[8]) + (match[2] ? ` ${match[2]}` : ""))];
}

/** @param {string} top @param {string} bottom @returns {Reading[]} */
function quotients(top, bottom) {
  const [tops, bottoms] = [readings(top), readings(bottom)];
  const mixed = /^([0-9]+) ([0-9]+)$/.exec(top);
  /** @type {Reading[]} */
  const found = [];
  if (mixed && !tops.length) {
    for (const below of bottoms) {
      if (below.value > Number(mixed[2])) found.push({ value: Number(mixed[1]) + Number(mixed[2]) / below.value, step: 0, comma: "" });
    }
    return found;
  }
  tops.forEach((above, i) => {
    bottoms.forEach((below, j) => {
      if (below.value > 0 && (i === j || tops.length !== bottoms.length)) found.push({ value: above.value / below.value, step: 0, comma: "" });
    });
  });
  return found;
}

/** @param {string} run @returns {Reading[]} */
function readings(run) {
  if (/^[0-9]+$/.test(run)) {
    const digits = run.replace(/^0+/, "");
    const zeros = digits.length - digits.replace(/0+$/, "").length;
    return [{ value: Number(run), step: Number(`1e${Math.max(0, Math.min(zeros, digits.length - 2))}`), comma: "" }];
  }
  /** @type {Reading[]} */
  const found = [];
  if (/^[0-9]*[.,][0-9]+$/.test(run)) {
    const point = run.replace(",", ".");
    const grouped = /^[1-9][0-9]{0,2},[0-9]{3}$/.test(run);
    // Nobody writes three zeros behind a decimal comma: 12,000 is twelve thousand.
    if (!grouped || !run.endsWith("000")) found.push({ value: Number(point), step: Number(`1e-${point.length - point.indexOf(".") - 1}`), comma: grouped ? point : "" });
  }
  for (const [separator, decimal] of [[" ", "[.,]"], ["'", "[.,]"], [",", "[.]"], ["[.]", ","]]) {
    const least = separator === "[.]" && !run.includes(",") ? "{2,}" : "+";
    if (new RegExp(`^[1-9][0-9]{0,2}(?:${separator}[0-9]{3})${least}(?:${decimal}[0-9]+)?$`).test(run)) {
      found.push(...readings(run.replace(new RegExp(separator, "g"), "").replace(",", ".")));
    }
  }
  return found;
}

/** @param {string} text */
function unitWords(text) {
  return text
    .toLowerCase()
    .replace(/1[ ,']000/g, "1000")
    .replace(/\./g, "")
    .replace(/-/g, " ")
    .replace(/([%‰€₸₽×])/g, " $1 ")
    .split(" ")
    .filter((word) => word && !["of", "a", "an", "the"].includes(word))
    .map((word) => word.replace(/^(..+)s$/, "$1"));
}

/** @param {string[]} words @param {string[]} whole */
function startsAlike(words, whole) {
  return words.length <= whole.length && words.every((word, i) => word === whole[i]);
}

/** @param {string} text @returns {Asked} */
function readAsked(text) {
  const { units, scales } = replyTables;
  const words = unitWords(text);
  const scale = words.length && has(scales, words[0]) ? scales[words[0]] : 1;
  const base = scale === 1 ? words : words.slice(1);
  const name = base.join(" ");
  /** @type {[string, number]} */
  let [kind, baseScale] = [name || "people", 1];
  if (has(units, name)) [kind, baseScale] = units[name];
  else if (!words.length || text.startsWith("of ")) kind = "share";
  let shown = base.length ? text : `${text}s`;
  if (text === "%") shown = "percent";
  else if (kind === "share") shown = text ? `a ${text.startsWith("of ") ? "share" : "number"} ${text}` : "a plain number";
  return { text: shown, unit: { kind, scale: scale * baseScale }, words, base, baseScale };
}

/** @param {string} rest @param {Asked} asked @returns {Unit | null} */
function nameUnit(rest, asked) {
  const { units, scales } = replyTables;
  const words = unitWords(rest);
  if (!words.length || startsAlike(words, asked.words)) return asked.unit;
  const name = words.join(" ");
  if (has(units, name) && (!has(scales, name) || units[name][0] === asked.unit.kind)) {
    return { kind: units[name][0], scale: units[name][1] };
  }
  for (const i of [1, 2]) {
    const share = words.slice(0, i).join(" ");
    const whole = words.slice(i);
    if (!has(units, share) || units[share][0] !== "share") continue;
    const counted = has(units, whole.join(" ")) && units[whole.join(" ")][0] === "people";
    if (counted || startsAlike(whole, asked.base)) return { kind: "share", scale: units[share][1] };
  }
  if (startsAlike(words, asked.base)) return { kind: asked.unit.kind, scale: asked.baseScale };
  if (!has(scales, words[0])) return null;
  if (words.length === 1) return { kind: asked.unit.kind, scale: scales[name] };
  const counted = has(scales, words[1]) ? null : nameUnit(words.slice(1).join(" "), asked);
  return counted && { kind: counted.kind, scale: counted.scale * scales[words[0]] };
}
