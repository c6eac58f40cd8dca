"""The part of Data Package and Table Schema that is understood here.

Both standards are large, and our tables need little of them. What goes beyond is refused by name: a
rule that nobody checks would be worse than none.
"""

from __future__ import annotations

import re
from itertools import takewhile

from migrationlab.data.errors import DataError

__all__ = ["CONSTRAINTS", "understand"]

_NUMBER = (int, float)
_NUMERIC = {"required": bool, "enum": list, "minimum": _NUMBER, "maximum": _NUMBER}

CONSTRAINTS = {
    "string": {"required": bool, "enum": list, "pattern": str},
    "integer": _NUMERIC,
    "number": _NUMERIC,
}
"""The types that a column can have, and what can be demanded of its cells."""

# What a part of a description must hold and what it may: under each key a type, or the only value
# that is understood.
_TABLE = (
    {"name": str, "path": str, "title": str, "description": str, "schema": dict},
    {
        "profile": str,
        "mediatype": str,
        "sources": list,
        "licenses": list,
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ","},
    },
)
_SCHEMA = (
    {"fields": list, "primaryKey": list},
    {"foreignKeys": list, "missingValues": [""], "fieldsMatch": "equal"},
)
_COLUMN = (
    {"name": str, "type": str, "description": str},
    {"title": str, "constraints": dict},
)
_FOREIGN_KEY = ({"fields": list, "reference": dict}, {})
_REFERENCE = ({"resource": str, "fields": list}, {})

_WORDS = {str: "a text", dict: "an object", list: "a list", bool: "true or false"}


def understand(resource: dict, above: dict[str, dict], place: str) -> None:
    """Refuse the description of a table unless all of it can be checked.

    Parameters
    ----------
    resource : dict
        The description.
    above : dict of dict
        The tables described before this one, by name: those it can refer to.
    place : str
        Where it stands, for the message.

    Raises
    ------
    DataError
        If something is missing, or is not understood.
    """
    _require(resource, *_TABLE, place)
    expected = f"{resource['name']}.csv"
    if resource["path"] != expected:
        raise DataError(
            f"{place}: the path is “{resource['path']}”. Supported: only “{expected}”, beside "
            "datapackage.json. Rename the file or the table."
        )
    schema = resource["schema"]
    _require(schema, *_SCHEMA, f"{place}, schema")
    for number, field in enumerate(schema["fields"], start=1):
        _require(field, *_COLUMN, f"{place}, column {number}")
        _understand_column(field, f"{place}, column “{field['name']}”")
    names = [field["name"] for field in schema["fields"]]
    _require_columns(schema["primaryKey"], names, f"{place}, primaryKey")
    for key in schema.get("foreignKeys", []):
        _understand_reference(key, names, above, f"{place}, foreignKeys")


def _require(part, needed, optional, place):
    """Refuse a part of a description that lacks a key, or holds one that is not understood."""
    for key in needed:
        if key not in part:
            raise DataError(f"{place}: “{key}” is missing. Needed: {', '.join(needed)}. Add it.")
    known = needed | optional
    for key, value in part.items():
        if key not in known:
            raise DataError(
                f"{place}: “{key}” is not supported: nothing here would check it. Supported: "
                f"{', '.join(known)}. Leave it out, or teach migrationlab/data/checking.py to check it."
            )
        expected = known[key]
        if isinstance(expected, type | tuple):
            fits, wanted = isinstance(value, expected), _WORDS.get(expected, "a number")
        else:
            fits, wanted = value == expected, f"only {expected!r}"
        if not fits:
            raise DataError(f"{place}: “{key}” is {value!r}. Supported: {wanted}. Correct it.")


def _understand_column(field, place):
    kind, constraints = field["type"], field.get("constraints", {})
    if kind not in CONSTRAINTS:
        raise DataError(
            f"{place}: the type “{kind}” is not supported. Supported: {', '.join(CONSTRAINTS)}. "
            "Describe a date, for example, as a string with a pattern."
        )
    _require(constraints, {}, CONSTRAINTS[kind], f"{place}, constraints of type “{kind}”")
    strange = [
        choice
        for choice in constraints.get("enum", [])
        if not isinstance(choice, str if kind == "string" else _NUMBER)
    ]
    if strange:
        raise DataError(f"{place}: the enum holds {strange[0]!r}, which is no {kind}. Correct it.")
    try:
        re.compile(constraints.get("pattern", ""))
    except re.error as error:
        raise DataError(
            f"{place}: the pattern “{constraints['pattern']}” is no regular expression ({error}). "
            "Correct it."
        ) from error


def _understand_reference(key, names, above, place):
    _require(key, *_FOREIGN_KEY, place)
    _require(key["reference"], *_REFERENCE, place)
    other = key["reference"]["resource"]
    if other and other not in above:
        raise DataError(
            f"{place}: no table “{other}” is described above this one. Correct the spelling, or move "
            "its description up: then no two tables can wait for each other."
        )
    others = names  # an empty name is the table itself
    if other:
        before = dict(takewhile(lambda item: item[0] != other, above.items()))
        understand(above[other], before, f"{place}, table “{other}”")
        others = [field["name"] for field in above[other]["schema"]["fields"]]
    for columns, known in ((key["fields"], names), (key["reference"]["fields"], others)):
        _require_columns(columns, known, place)
        if len(columns) != 1:
            raise DataError(f"{place}: {columns} are {len(columns)} columns. Supported: one.")


def _require_columns(columns, names, place):
    unknown = [column for column in columns if column not in names]
    if unknown:
        raise DataError(
            f"{place}: there is no column “{unknown[0]}”. There are: {', '.join(names)}. "
            "Correct the spelling."
        )
