"""The check of a table against its description.

It is our own rather than a library's: whoever slips in a cell needs one sentence with file, line,
column and remedy, which a general checker does not give, and nobody who reads or teaches with the
book has to install one. The tests ask frictionless for a second opinion.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from migrationlab.data.errors import DataError, short

__all__ = ["Problem", "check", "problems"]

_SHOWN = 5  # problems named in one message


class Problem(NamedTuple):
    """What is wrong in a line of a table, and what to do about it."""

    line: int
    column: str  # empty if it is the whole line
    sentence: str

    def __str__(self):
        column = f", column “{self.column}”" if self.column else ""
        return f"line {self.line}{column}: {self.sentence}"


def check(resource: dict, file: Path, listed: Callable[[str, str], set]) -> None:
    """Refuse a file that is not as described; the arguments are those of `problems`."""
    found = [f"{short(file)}, {problem}" for problem in problems(resource, file, listed)]
    if found:
        more = [f"… and {len(found) - _SHOWN} more."] if len(found) > _SHOWN else []
        raise DataError("\n".join(found[:_SHOWN] + more))


def problems(resource: dict, file: Path, listed: Callable[[str, str], set]) -> list[Problem]:
    """Find the damaged lines of a file.

    Parameters
    ----------
    resource : dict
        The description of the table, one that `schema.understand` lets pass.
    file : Path
        Its file.
    listed : callable
        Gives the values in a column of another table, for the foreign keys.

    Returns
    -------
    list of Problem
        One for each damaged line: the first mistake in it, since it may be the cause of the others.
        Line 1 is the header; if it is damaged, it stands alone.

    Raises
    ------
    DataError
        If the file cannot be read at all.
    """
    schema = resource["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    (_, header), *lines = _read(file)
    wrong = _header_problem(header, list(fields))
    if wrong:
        return [Problem(1, *wrong)]

    def listed_here(column):
        at, kind = header.index(column), fields[column]["type"]
        return {_value(cells[at], kind) for _, cells in lines if at < len(cells)}

    primary_key, foreign_keys = schema["primaryKey"], []
    for key in schema.get("foreignKeys", []):
        table, column = key["reference"]["resource"], key["reference"]["fields"][0]
        known = listed(table, column) if table else listed_here(column)
        foreign_keys.append((key["fields"][0], table or resource["name"], column, known))
    found, first = [], {}
    for line, cells in lines:
        wrong = _shape_problem(cells, header)
        if not wrong:
            row = dict(zip(header, cells, strict=True))
            values = {name: _value(cell, fields[name]["type"]) for name, cell in row.items()}
            key = tuple(values[name] for name in primary_key)
            before = first.setdefault(key, line)
            wrong = (
                _cell_problem(row, values, fields)
                or (_repeated(row, primary_key, before) if key and before < line else None)
                or _unlisted(row, values, foreign_keys)
            )
        if wrong:
            found.append(Problem(line, *wrong))
    return found


def _read(file):
    """Split a file into lines of cells, each with its number; the first is the header."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _unreadable(file, f"line {line} is not in UTF-8") from error
    lines, line = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            lines.append((line, cells))
            line = reader.line_num + 1  # a text in quotation marks can go over several lines
    except csv.Error as error:
        raise DataError(
            f"{short(file)}, line {line}: the quotation marks do not pair up. Expected: one before "
            "and one after a text that contains a comma, and two for each inside it. Correct the line."
        ) from error
    if not lines:
        raise _unreadable(file, "it is empty")
    return lines


def _unreadable(file, why):
    return DataError(
        f"{short(file)} cannot be read ({why}). Expected: "
        "a CSV file in UTF-8 with the column names in line 1. Save it again in that form."
    )


# --------------------------------------------------- what is wrong: column and sentence, or None


def _header_problem(labels, expected):
    if not any(labels):
        return "", f"the line is empty. Expected: {', '.join(expected)}. Delete the line."
    twice = [label for label in dict.fromkeys(labels) if labels.count(label) > 1]
    missing = [name for name in expected if name not in labels]
    unknown = [label for label in labels if label not in expected]
    if twice:
        what, remedy = "named twice", "Give each column its own name."
    elif missing and len(labels) == 1:
        what = "missing"
        remedy = "Separate the columns by commas: choose CSV with commas when you save."
    elif missing:
        what, remedy = "missing", "Add the column, or spell its name exactly as expected."
    elif unknown:
        what, remedy = "not described", "Remove the column, or describe it in datapackage.json."
    else:
        return None
    return (
        "”, “".join(label or "without a name" for label in twice or missing or unknown),
        f"{what}. Found: {', '.join(labels)}. Expected: {', '.join(expected)}. {remedy}",
    )


def _shape_problem(cells, header):
    if not any(cells):
        return "", f"the line is empty. Expected: {len(header)} values. Delete the line."
    if len(cells) == len(header):
        return None
    return "", (
        f"found {len(cells)} values. Expected: {len(header)} ({', '.join(header)}). Look for a missing "
        "or additional comma; put a text that contains a comma in quotation marks."
    )


class _Number(NamedTuple):
    convert: type
    form: re.Pattern
    meaning: str


_NUMBERS = {
    "integer": _Number(
        int,
        re.compile(r"[+-]?[0-9]{1,18}"),
        "a whole number, digits only, no spaces, commas or unit",
    ),
    "number": _Number(
        float,
        re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?"),
        "a number with a decimal point, no spaces, commas or unit",
    ),
}


def _value(cell, kind):
    """Read a cell: None, a number or a text. What should be a number and is none stays a text."""
    if kind == "string" or cell == "":
        return cell or None
    number = _NUMBERS[kind]
    return number.convert(cell) if number.form.fullmatch(cell.strip()) else cell


def _cell_problem(row, values, fields):
    for name, cell in row.items():
        wrong = _expectation(values[name], fields[name])
        if wrong:
            found = f"“{cell}”" if cell else "no value"
            expected, remedy = wrong
            return name, f"found {found}. Expected: {expected}. {remedy}"
    return None


def _expectation(value, field):
    """Say what a value should have been and what to do, or None if it is right."""
    rules = field.get("constraints", {})
    if value is None:
        if not rules.get("required"):
            return None
        remedy = "Fill the cell, or leave the line out: a gap is not a zero."
        return "a value in every line", remedy
    if field["type"] in _NUMBERS and isinstance(value, str):
        return _NUMBERS[field["type"]].meaning, "Correct the cell, or leave the line out."
    if value not in rules.get("enum", [value]):
        if field["name"] == "unit":
            remedy = "Convert the figure to that unit; do not only rename it."
            return f"“{'” or “'.join(rules['enum'])}”", remedy
        return f"one of “{'”, “'.join(map(str, rules['enum']))}”", "Use one of these words."
    if value < rules.get("minimum", value):
        return f"{rules['minimum']} or more", "Correct the figure."
    if value > rules.get("maximum", value):
        return f"{rules['maximum']} or less", "Correct the figure."
    if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
        return f"{field['description']} Written so: {rules['pattern']}", "Correct the cell."
    return None


def _repeated(row, key, before):
    cells = ", ".join(f"{name} {row[name]}" for name in key)
    return ", ".join(key), (
        f"found {cells} again as in line {before}. "
        "Expected: each combination once. Delete one of the two lines."
    )


def _unlisted(row, values, foreign_keys):
    for column, table, other, known in foreign_keys:
        if values[column] is not None and values[column] not in known:
            return column, (
                f"found “{row[column]}”. Expected: a {other} listed in {table}.csv. "
                f"Correct the spelling, or add the row to {table}.csv."
            )
    return None
