"""What people write as the answer to a question about a number, and what is replied.

Students write 0,5 and 0.5, 12 400 and 12,400, 24.8% and 0.248, 19.1 thousand and 1/3, with the unit or
without it. `judge` reads all of these, and each kind of mistake gets a reply of its own.

The page's script judges by the same rules (``script/replies.js``). Words and texts stand here alone;
the script gets them as `TABLES`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple

# ---- words; without their dots, their plural's s, and "of", "a", "an", "the"

_PERCENT = ("%", "percent", "per cent", "pct", "процент", "процента", "процентов", "пайыз")
_PER_1000 = ("‰", "permille", "per mille", "promille", "per thousand", "per 1000")
_POINTS = ("percentage point", "percent point", "% point", "pp", "пп")
_PEOPLE = (
    *("people", "person", "inhabitant", "resident", "migrant", "mover", "move", "worker"),
    *("recruit", "leaver", "arrival", "departure", "человек", "чел", "адам"),
)
_DOLLARS = ("$", "us$", "usd", "dollar", "us dollar")
_TENGE = ("₸", "kzt", "tenge", "тенге", "теңге", "тг")

_UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(_PERCENT, ("share", 0.01)),
    **dict.fromkeys(_PER_1000, ("share", 0.001)),
    **dict.fromkeys(("time", "x", "×", "fold", "to 1"), ("share", 1.0)),
    **dict.fromkeys(_POINTS, ("points", 0.01)),
    **dict.fromkeys(_PEOPLE, ("people", 1.0)),
    **dict.fromkeys(_DOLLARS, ("dollars", 1.0)),
    **dict.fromkeys(_TENGE, ("tenge", 1.0)),
    **dict.fromkeys(("€", "eur", "euro"), ("euros", 1.0)),
    **dict.fromkeys(("₽", "rub", "ruble", "rouble"), ("rubles", 1.0)),
    **dict.fromkeys(("km", "kilometer", "kilometre", "км"), ("kilometers", 1.0)),
    **dict.fromkeys(("m", "meter", "metre", "м"), ("kilometers", 0.001)),
    **dict.fromkeys(("year", "yr", "лет", "год", "года", "жыл"), ("years", 1.0)),
    **dict.fromkeys(("month", "mo", "месяц", "ай"), ("years", 1 / 12)),
}
_SCALES: dict[str, float] = {
    **dict.fromkeys(("thousand", "k", "thsd", "тыс", "тысяч", "тысячи", "мың"), 1e3),
    **dict.fromkeys(("million", "m", "mn", "mln", "mio", "млн", "миллион", "миллиона"), 1e6),
    **dict.fromkeys(("billion", "bn", "млрд"), 1e9),
}
_FRACTIONS = {
    **{"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5"},
    **{"⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"},
}

# What a number is that has the right digits and the wrong size: by share, or by count.
_SIZES = {
    "share": [
        (1.0, "a plain number (a half is 0.5)"),
        (0.01, "percent (a half is 50)"),
        (0.001, "a number per 1,000 (a half is 500)"),
    ],
    "count": [(1.0, "single units"), (1e3, "thousands"), (1e6, "millions"), (1e9, "billions")],
}

_TEXTS = {
    "empty": "Write a number, such as 12.5 or 12,5.",
    "unreadable": "This cannot be read as one number. Write it in digits, such as 12.5 or 12,5; "
    "a fraction such as 1/3 and the unit are understood, too.",
    "unknown": "“{typed}” is not understood here. Write the number alone, or with its unit.",
    "otherUnit": "The question asks for {asked}, not for {typed}.",
    "points": "Percentage points are the difference of two percentages. "
    "The question asks for {asked}.",
    "rounded": "Close. If you rounded, you rounded too far: give {wanted}.",
    "sign": "Almost: the size is right, the sign is not. A loss or a fall has a minus, "
    "a gain or a rise has none.",
    "size": "Almost: the digits are right, but this looks like {typed}. The question asks for {asked}.",
    "wrong": "Not yet. Look at what is asked, at the unit, and at what is divided by what.",
    "comma": " (Read with a decimal comma, as {typed}.)",
    "converted": " (Your unit was converted.)",
}

TABLES = {
    "units": _UNITS,
    "scales": _SCALES,
    "fractions": _FRACTIONS,
    "sizes": _SIZES,
    "texts": _TEXTS,
}


def decimals_wanted(answer: float, tolerance: float) -> int:
    """Return how many decimals are enough, so that a rightly rounded answer is accepted.

    Parameters
    ----------
    answer, tolerance : float

    Returns
    -------
    int

    Examples
    --------
    >>> decimals_wanted(24.77, 0.1), decimals_wanted(0.072, 0.006), decimals_wanted(40, 0.04)
    (1, 2, 0)
    """
    return next(
        digits
        for digits in range(16)
        if _near(0.5 * 10.0**-digits, 0, tolerance)
        or abs(round(answer, digits) - answer) <= 1e-9 * max(1.0, abs(answer))
        or digits == 15
    )


def wanted(decimals: int) -> str:
    """Return in words how many decimals are enough.

    >>> wanted(0), wanted(2)
    ('a whole number', 'two decimals')
    """
    words = ("a whole number", "one decimal", *(f"{n} decimals" for n in ("two", "three", "four")))
    return words[decimals] if decimals < len(words) else f"{decimals} decimals"


def enough(what: str) -> str:
    """Return the line of a question that wants so many decimals.

    >>> enough(wanted(1)), enough(wanted(2))
    ('One decimal is enough.', 'Two decimals are enough.')
    """
    return f"{what[0].upper()}{what[1:]} {'are' if what.endswith('s') else 'is'} enough."


class Verdict(NamedTuple):
    """What is said of a reply.

    Attributes
    ----------
    right : bool
    text : str
    read : bool
        Whether the reply could be read as a number at all; only then it counts as an answer.
    """

    right: bool
    text: str
    read: bool


class _Number(NamedTuple):
    value: float
    step: float  # what one in its last written digit is worth; 0 for a fraction
    comma: str = ""  # the number with a point, where a decimal comma could also separate thousands


class _Unit(NamedTuple):
    kind: str
    scale: float


class _Asked(NamedTuple):
    text: str
    unit: _Unit
    words: list[str]  # all words of the unit
    base: list[str]  # without a leading "thousand"
    base_scale: float


def judge(typed: str, question: Mapping[str, Any]) -> Verdict:
    """Judge what was typed.

    Parameters
    ----------
    typed : str
    question : mapping
        The record that `exercises.number` makes: ``answer``, ``tolerance``, ``hints``, ``right``,
        ``unit``, ``wanted``.

    Returns
    -------
    Verdict
        Right only if a reading of what was typed lies within the tolerance.
    """
    asked = _asked(question["unit"])
    text = _clean(typed)
    if not text:
        return Verdict(False, _TEXTS["empty"], False)
    numbers, rest = _split(text)
    if not numbers or re.search(
        "[0-9]", re.sub("(per|to) 1(000)?( |$)", "", " ".join(_words(rest)))
    ):
        return Verdict(False, _TEXTS["unreadable"], False)
    unit = _named(rest, asked)
    if unit is None:
        return Verdict(False, _TEXTS["unknown"].replace("{typed}", rest), False)
    if unit.kind != asked.unit.kind:
        points = unit.kind == "points" and asked.unit.kind == "share"
        text = _TEXTS["points" if points else "otherUnit"].replace("{asked}", asked.text)
        return Verdict(False, text.replace("{typed}", rest), True)
    return _judge(_in_unit(numbers, unit, asked), asked, unit, question)


def _judge(
    numbers: list[_Number], asked: _Asked, unit: _Unit, question: Mapping[str, Any]
) -> Verdict:
    answer, tolerance = question["answer"], question["tolerance"]

    def reply(text: str) -> Verdict:
        return Verdict(False, text, True)

    def close(number: _Number, factor: float) -> bool:
        # Rounding leaves the greater part of a number.
        rounding = min(abs(factor) * number.step, abs(answer)) / 2
        return _near(number.value * factor, answer, max(tolerance, rounding))

    for number in numbers:
        if _near(number.value, answer, tolerance):
            comma = _TEXTS["comma"].replace("{typed}", number.comma) if number.comma else ""
            converted = _TEXTS["converted"] if unit.scale != asked.unit.scale else ""
            return Verdict(True, question["right"] + comma + converted, True)
    for number in numbers:
        for wrong, text in question["hints"]:
            if _is_hint(number, wrong, answer, tolerance):
                return reply(text)
    numbers = [number for number in numbers if number.value != 0 and abs(answer) > tolerance]
    if any(close(number, 1) for number in numbers):
        return reply(_TEXTS["rounded"].replace("{wanted}", question["wanted"]))
    if any(close(number, -1) for number in numbers):
        return reply(_TEXTS["sign"])
    is_share = asked.unit.kind in ("share", "points")
    sizes = _SIZES["share" if is_share else "count"]
    there = dict(sizes).get(asked.unit.scale, asked.text) if is_share else asked.text
    for scale, name in sizes:
        if scale != asked.unit.scale and any(close(n, scale / asked.unit.scale) for n in numbers):
            return reply(_TEXTS["size"].replace("{typed}", name).replace("{asked}", there))
    return reply(_TEXTS["wrong"])


def _near(value: float, target: float, margin: float) -> bool:
    """Tell whether two numbers agree; what binary fractions lose does not count."""
    return abs(value - target) <= margin * (1 + 1e-9) + 1e-12 * abs(target)


def _is_hint(number: _Number, wrong: float, answer: float, tolerance: float) -> bool:
    """Tell whether a number is a typical mistake: as exact as it was asked for, or rounded as it was.

    A small mistake needs a small distance: 0.013 is not 0, where 1.3 is asked for.
    """
    relative = abs(wrong / answer) if answer else 1.0
    rounding = number.step / 2 if number.step / 2 <= tolerance * max(1.0, relative) else 0.0
    return _near(number.value, wrong, max(tolerance * min(1.0, relative), rounding))


def _in_unit(numbers: list[_Number], unit: _Unit, asked: _Asked) -> list[_Number]:
    if unit.scale == asked.unit.scale:
        return numbers
    factor = unit.scale / asked.unit.scale
    return [n._replace(value=n.value * factor, step=n.step * factor) for n in numbers]


# ---- reading

_SPACES = "[\t\n\v\f\r \u00a0\u2000-\u200a\u202f\u205f\u3000]+"
_INVISIBLE = "[\u200b-\u200f\u2060\ufeff]"
_DASHES = "[\u2010-\u2015\u2212\ufe63\uff0d]"
_ABOUT = "^(?:about|approximately|approx|around|roughly|circa|ca|~)[. ]*"
_RUN = "(?:[0-9]+(?:[ .,'][0-9]+)*|[.,][0-9]+)"
_WHOLE = re.compile(
    r"^([+-]?) ?(us\$|usd|kzt|eur|[$€₸₽])? ?([+-]?) ?"
    rf"({_RUN})(?: ?[/:÷\u2044] ?({_RUN}))?"
    r"(?:e([+-]?[0-9]{1,2})(?![0-9])| ?[x×*·] ?10 ?\^ ?([+-]?[0-9]{1,2})(?![0-9]))?"
    r"(.*)$"
)


def _clean(typed: str) -> str:
    """Return what was typed with one kind of space and dash, from the last equals sign on."""
    text = re.sub(_DASHES, "-", re.sub(_SPACES, " ", re.sub(_INVISIBLE, "", typed)))
    for sign, fraction in _FRACTIONS.items():
        text = text.replace(sign, f" {fraction}")
    text = re.split("[=≈]", text.replace("\u2019", "'").lower())[-1].strip(" ")
    text = re.sub("[ .,;!?]+$", "", re.sub(_ABOUT, "", text))
    return re.sub("^minus ", "-", re.sub("^plus ", "", text))


def _split(text: str) -> tuple[list[_Number], str]:
    """Return the readings of the number that a text begins with, and what stands behind it."""
    match = _WHOLE.match(text)
    if not match or (match[1] and match[3]):
        return [], ""
    sign = -1.0 if "-" in (match[1], match[3]) else 1.0
    power = float(f"1e{match[6] or match[7] or 0}")
    numbers = _readings(match[4]) if match[5] is None else _quotients(match[4], match[5])
    minus = "\u2212" if sign < 0 else ""
    numbers = [
        _Number(sign * n.value * power, n.step * power, n.comma and minus + n.comma)
        for n in numbers
    ]
    rest = match[8].strip(" ") + (f" {match[2]}" if match[2] else "")
    return [n for n in numbers if isfinite(n.value)], rest.strip(" ")


def _quotients(top: str, bottom: str) -> list[_Number]:
    """Return what a fraction, a ratio or a mixed number can mean; an ambiguous comma is read alike in both."""
    tops, bottoms = _readings(top), _readings(bottom)
    mixed = re.match("^([0-9]+) ([0-9]+)$", top)
    if mixed and not tops:
        return [
            _Number(float(mixed[1]) + float(mixed[2]) / below.value, 0.0)
            for below in bottoms
            if below.value > float(mixed[2])
        ]
    return [
        _Number(above.value / below.value, 0.0)
        for i, above in enumerate(tops)
        for j, below in enumerate(bottoms)
        if below.value > 0 and (i == j or len(tops) != len(bottoms))
    ]


def _readings(run: str) -> list[_Number]:
    """Return what a run of digits, points, commas and spaces can mean."""
    if re.match("^[0-9]+$", run):
        # Zeros at the end may come from rounding, behind two digits.
        digits = re.sub("^0+", "", run)
        zeros = len(digits) - len(re.sub("0+$", "", digits))
        return [_Number(float(run), float(f"1e{max(0, min(zeros, len(digits) - 2))}"))]
    found = []
    if re.match("^[0-9]*[.,][0-9]+$", run):
        point = run.replace(",", ".")
        grouped = re.match("^[1-9][0-9]{0,2},[0-9]{3}$", run)
        step = float(f"1e-{len(point) - point.index('.') - 1}")
        # Nobody writes three zeros behind a decimal comma: 12,000 is twelve thousand.
        if not (grouped and run.endswith("000")):
            found.append(_Number(float(point), step, point if grouped else ""))
    for separator, decimal in ((" ", "[.,]"), ("'", "[.,]"), (",", "[.]"), ("[.]", ",")):
        # A single point is a decimal point; several separate thousands.
        least = "{2,}" if separator == "[.]" and "," not in run else "+"
        pattern = f"^[1-9][0-9]{{0,2}}(?:{separator}[0-9]{{3}}){least}(?:{decimal}[0-9]+)?$"
        if re.match(pattern, run):
            found += _readings(re.sub(separator, "", run).replace(",", "."))
    return found


def _words(text: str) -> list[str]:
    """Return the words of a unit, so that spellings of one unit are alike."""
    text = re.sub("1[ ,']000", "1000", text.lower()).replace(".", "").replace("-", " ")
    text = re.sub("([%‰€₸₽×])", r" \1 ", text)
    words = [word for word in text.split(" ") if word and word not in ("of", "a", "an", "the")]
    return [re.sub("^(..+)s$", r"\1", word) for word in words]


def _asked(text: str) -> _Asked:
    """Return the unit of a question."""
    words = _words(text)
    scale = _SCALES.get(words[0], 1.0) if words else 1.0
    base = words if scale == 1.0 else words[1:]
    known = _UNITS.get(" ".join(base))
    if known:
        kind, base_scale = known
    elif not words or text.startswith("of "):
        kind, base_scale = "share", 1.0
    else:
        # Thousands of nothing else are counted.
        kind, base_scale = " ".join(base) or "people", 1.0
    if text == "%":
        name = "percent"
    elif kind == "share":
        name = (
            "a plain number"
            if not text
            else f"a {'share' if text.startswith('of ') else 'number'} {text}"
        )
    else:
        name = text if base else f"{text}s"
    return _Asked(name, _Unit(kind, scale * base_scale), words, base, base_scale)


def _named(rest: str, asked: _Asked) -> _Unit | None:
    """Return the unit that was typed behind a number, or None for words that are no unit."""
    words = _words(rest)
    if not words or words == asked.words[: len(words)]:
        return asked.unit
    name = " ".join(words)
    known = _UNITS.get(name)
    # m is a meter where a length is asked for, else a million.
    if known and (name not in _SCALES or known[0] == asked.unit.kind):
        return _Unit(*known)
    for i in (1, 2):  # "% of an income", "per 1000 residents"
        share, whole = _UNITS.get(" ".join(words[:i])), words[i:]
        counted = _UNITS.get(" ".join(whole), ("", 0.0))[0] == "people"
        if share and share[0] == "share" and (counted or whole == asked.base[: len(whole)]):
            return _Unit(*share)
    if words == asked.base[: len(words)]:
        return _Unit(asked.unit.kind, asked.base_scale)
    if words[0] in _SCALES:
        if len(words) == 1:
            return _Unit(asked.unit.kind, _SCALES[name])
        unit = _named(" ".join(words[1:]), asked) if words[1] not in _SCALES else None
        return unit and _Unit(unit.kind, unit.scale * _SCALES[words[0]])
    return None
