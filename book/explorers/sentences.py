"""Sentences with numbers in them, written alike in Python and on the page.

A template such as ``"{region[top]} gains {gain:,.0f} people"`` is parsed once.
Here the parts are filled by Python; on the page ``explorer.js`` fills the same parts by the same rules.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

_FIELD = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(
    r"^(?P<name>[A-Za-z_]\w*)(\[(?P<index>\w+)\])?(:(?P<format>[^?]*)|\?(?P<words>.*))?$", re.DOTALL
)
# Twelve digits, halves away from zero: JavaScript's toPrecision(12). Python's ".12g" goes to even.
_TWELVE = Context(prec=12, rounding=ROUND_HALF_UP)
_FORMAT = re.compile(r"^(?P<sign>abs|\+)?(?P<comma>,)?\.(?P<digits>\d+)(?P<kind>[f%])$")


def format_number(value, spec):
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
    rounded = Decimal(abs(value)).quantize(Decimal(1).scaleb(-int(match["digits"])), ROUND_HALF_UP)
    text = f"{rounded:,f}" if match["comma"] else f"{rounded:f}"
    sign = ""
    if rounded and match["sign"] != "abs":
        sign = "\N{MINUS SIGN}" if value < 0 else "+" if match["sign"] == "+" else ""
    return sign + text + ("%" if match["kind"] == "%" else "")


def markdown_table(head, rows, numeric=()):
    """Write a table in Markdown.

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
    return "\n".join(f"| {line} |" for line in lines)


def parse(template):
    """Split a template into its parts.

    Parameters
    ----------
    template : str
        Text with fields ``{name}``, ``{name:format}``, ``{name[index]:format}`` and
        ``{name?positive|zero|negative}``.

    Returns
    -------
    list of str or dict
        Texts, and fields as dicts with the keys name, index, format, words (those that apply).

    Raises
    ------
    ValueError
        If a field cannot be read.
    """
    parts, end = [], 0
    for field in _FIELD.finditer(template):
        parts.append(template[end : field.start()])
        parts.append(_parse_field(field[1], template))
        end = field.end()
    parts.append(template[end:])
    if any(isinstance(part, str) and re.search("[{}]", part) for part in parts):
        raise ValueError(
            f"A brace is left over in the sentence '{template}'. Write each "
            f"field as {{name:format}}."
        )
    return [part for part in parts if part != ""]


def _parse_field(text, template):
    match = _NAME.match(text)
    if not match:
        raise ValueError(
            f"The field {{{text}}} in the sentence '{template}' cannot be "
            f"read. Write for instance {{gain:,.0f}}."
        )
    part = {"name": match["name"]}
    if match["index"] is not None:
        part["index"] = int(match["index"]) if match["index"].isdigit() else match["index"]
    if match["words"] is not None:
        words = match["words"].split("|")
        if len(words) not in (2, 3):
            raise ValueError(
                f"The field {{{text}}} needs two or three words: positive|zero|negative."
            )
        part["words"] = [*words, words[1]] if len(words) == 2 else words
    elif match["format"] is not None:
        format_number(0, match["format"])
        part["format"] = match["format"]
    return part


def fill(parts, values):
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


def _fill_field(part, values):
    value = values[part["name"]]
    if "index" in part:
        index = int(values[part["index"]]) if isinstance(part["index"], str) else part["index"]
        # Python would count a negative number from the end; the page would not.
        if not 0 <= index < len(value):
            raise IndexError(
                f"The sentence reads row {index} of '{part['name']}', which has "
                f"rows 0 to {len(value) - 1}."
            )
        value = value[index]
    if "words" in part:
        positive, zero, negative = part["words"]
        return zero if abs(value) < 1e-9 else positive if value > 0 else negative
    return value if isinstance(value, str) else format_number(value, part["format"])
