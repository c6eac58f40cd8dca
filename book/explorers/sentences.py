"""Sentences with numbers in them, written alike in Python and on the page.

A template such as ``"{region[top]} gains {gain:,.0f} people"`` is parsed once.
Here the parts are filled by Python; on the page the script fills the same parts by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Never

_NAME = re.compile(
    r"^(?P<name>[A-Za-z_]\w*)(\[(?P<index>\w+)\])?(:(?P<format>[^?]*)|\?(?P<words>.*))?$", re.DOTALL
)
# Twelve digits, halves away from zero: JavaScript's toPrecision(12). Python's ".12g" goes to even.
_TWELVE = Context(prec=12, rounding=ROUND_HALF_UP)
# Enough for the largest number with its fraction.
_ALL_DIGITS = Context(prec=400, rounding=ROUND_HALF_UP)
_FORMAT = re.compile(r"^(?P<sign>abs|\+)?(?P<comma>,)?\.(?P<digits>\d+)(?P<kind>[f%])$")


def format_number(value: float, spec: str) -> str:
    """Write a number as the page does.

    Parameters
    ----------
    value : float
    spec : str
        ``".1f"``, ``",.0f"`` (thousands separator), ``".0%"``; in front of it ``+`` for an explicit
        sign or ``abs`` for none.

    Returns
    -------
    str
        With a true minus sign, and no sign at zero.

    Examples
    --------
    >>> format_number(-1234.5, ",.0f")
    '−1,235'
    """
    match = _FORMAT.match(spec)
    if not match:
        raise ValueError(
            f"'{spec}' is no number format; write for instance ',.0f', '+.1f', 'abs,.0f' or '.0%'."
        )
    value = float(value) * (100 if match["kind"] == "%" else 1)
    # Twelve digits first: 0.5 and 0.49999999999999994 must not be written differently.
    value = float(_TWELVE.create_decimal_from_float(value))
    # Halves away from zero, as JavaScript's toFixed does; Python's own rounding goes to even.
    step = Decimal(1).scaleb(-int(match["digits"]))
    rounded = Decimal(abs(value)).quantize(step, context=_ALL_DIGITS)
    text = f"{rounded:,f}" if match["comma"] else f"{rounded:f}"
    sign = ""
    if rounded and match["sign"] != "abs":
        sign = "\N{MINUS SIGN}" if value < 0 else "+" if match["sign"] == "+" else ""
    return sign + text + ("%" if match["kind"] == "%" else "")


def without_html(text: str) -> str:
    """Return a text that Markdown shows as it is written where it looks like HTML; ``<br>`` stays.

    Whatever comes out of a table may be written by anybody: it must not become a part of the page.

    >>> without_html("Wages<br><img src=x>")
    'Wages<br>&lt;img src=x>'
    """
    return re.sub(r"<(?!br>)(?=[a-zA-Z/!?])", "&lt;", text)


def markdown_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Collection[int] = ()
) -> str:
    """Write a table in Markdown; a cell may hold formulas, links and ``<br>``, but no other HTML.

    Parameters
    ----------
    head : sequence of str
    rows : iterable of sequence of str
    numeric : collection of int
        Positions of the columns that are set to the right.

    Returns
    -------
    str
    """
    rule = ["--:" if i in numeric else "---" for i in range(len(head))]
    lines = (" | ".join(cell.replace("|", r"\|") for cell in row) for row in (head, rule, *rows))
    return without_html("\n".join(f"| {line} |" for line in lines))


def parse(template: str) -> list:
    """Split a template into its parts.

    Parameters
    ----------
    template : str
        Text with fields ``{name}``, ``{name:format}``, ``{name[index]:format}`` and
        ``{name?positive|zero|negative}``. The words of the last kind may hold fields themselves,
        so that a sentence can leave out what is not known:
        ``"{known?It was {rate:.1f} per thousand.|Nothing was published.}"``.

    Returns
    -------
    list of str or dict
        Texts, and fields as dicts with the keys name, index, format, words (those that apply).
        Each of the words is a text, or again a list of parts.

    Raises
    ------
    ValueError
        If a field cannot be read.
    """
    parts: list[Any] = []
    text, rest = "", template
    while rest:
        if rest[0] == "}":
            _refuse_brace(template)
        if rest[0] == "{":
            inside = _inside(rest, template)
            parts += [text, _parse_field(inside, template)]
            text, rest = "", rest[len(inside) + 2 :]
        else:
            text, rest = text + rest[0], rest[1:]
    return [part for part in [*parts, text] if part != ""]


def _inside(text: str, template: str) -> str:
    """Return what stands between the brace at the start of the text and the one that closes it."""
    depth = 0
    for position, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if depth == 0:
            return text[1:position]
    _refuse_brace(template)


def _refuse_brace(template: str) -> Never:
    raise ValueError(
        f"A brace is left over in the sentence '{template}'. Write each field as {{name:format}}."
    )


def _parse_field(text: str, template: str) -> dict:
    match = _NAME.match(text)
    if "{" in text and not (match and match["words"]):
        _refuse_brace(template)
    if not match:
        raise ValueError(
            f"The field {{{text}}} in the sentence '{template}' cannot be read. "
            "Write for instance {gain:,.0f}."
        )
    part: dict[str, Any] = {"name": match["name"]}
    if match["index"] is not None:
        part["index"] = int(match["index"]) if match["index"].isdigit() else match["index"]
    if match["words"] is not None:
        words = _alternatives(match["words"])
        if len(words) not in (2, 3):
            raise ValueError(
                f"The field {{{text}}} needs two or three words: positive|zero|negative."
            )
        words = [*words, words[1]] if len(words) == 2 else words
        part["words"] = [parse(word) if "{" in word else word for word in words]
    elif match["format"] is not None:
        format_number(0, match["format"])
        part["format"] = match["format"]
    return part


def _alternatives(text: str) -> list[str]:
    """Split at the bars that stand outside braces."""
    words, depth = [""], 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if letter == "|" and depth == 0:
            words.append("")
        else:
            words[-1] += letter
    return words


def names_in(parts: Sequence) -> Iterator[dict]:
    """Yield the fields of a sentence, those inside words too.

    Parameters
    ----------
    parts : list
        From `parse`.
    """
    for part in parts:
        if isinstance(part, dict):
            yield part
            for word in part.get("words", []):
                if not isinstance(word, str):
                    yield from names_in(word)


def fill(parts: Sequence, values: Mapping[str, Any]) -> str:
    """Return the sentence for given values.

    Parameters
    ----------
    parts : list
        From `parse`.
    values : mapping of str to number, text or sequence

    Returns
    -------
    str
    """
    return "".join(part if isinstance(part, str) else _fill_field(part, values) for part in parts)


def _fill_field(part: dict, values: Mapping[str, Any]) -> str:
    value = values[part["name"]]
    if "index" in part:
        index = int(values[part["index"]]) if isinstance(part["index"], str) else part["index"]
        # Python would count a negative number from the end; the page would not.
        if not 0 <= index < len(value):
            raise IndexError(
                f"The sentence reads row {index} of '{part['name']}', "
                f"which has rows 0 to {len(value) - 1}."
            )
        value = value[index]
    if "words" in part:
        positive, zero, negative = part["words"]
        words = zero if abs(value) < 1e-9 else positive if value > 0 else negative
        return words if isinstance(words, str) else fill(words, values)
    return value if isinstance(value, str) else format_number(value, part["format"])
