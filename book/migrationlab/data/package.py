"""Where the tables lie, and what ``datapackage.json`` says of each.

The file follows two open standards, Data Package and Table Schema, so that other tools read it, too.
"""

from __future__ import annotations

import difflib
import json
from functools import lru_cache
from pathlib import Path

from migrationlab.data import schema
from migrationlab.data.errors import DataError, short

__all__ = ["FOLDER", "describe", "file_of", "stamp", "table"]

FOLDER = Path(__file__).resolve().parents[3] / "data"
"""The folder with the book's tables."""


def describe(name: str | None = None) -> dict | list[str]:
    """Return what ``datapackage.json`` says about a table, or list the tables.

    Parameters
    ----------
    name : str, optional
        Name of a table.

    Returns
    -------
    dict or list of str
        The description (a Data Resource with its Table Schema), or the names of all tables.

    Raises
    ------
    DataError
        If there is no such table, or its description asks for a check that is not made here.
    """
    return list(_tables(FOLDER, stamp(FOLDER))) if name is None else table(name, FOLDER)


def table(name: str, folder: Path) -> dict:
    """Return the description of a table in any folder; all of it is understood."""
    tables = _tables(folder, stamp(folder))
    description = short(folder / "datapackage.json")
    if name in tables:
        names = list(tables)
        above = {other: tables[other] for other in names[: names.index(name)]}
        schema.understand(tables[name], above, f"{description}, table “{name}”")
        return tables[name]
    file = folder / f"{name}.csv"
    if file.exists():
        raise DataError(
            f"{short(file)} is not described yet. Describe it as a resource in {description}: name "
            f"(“{name}”), path (“{file.name}”), title, description and schema. The schema has the "
            f"fields, each with name, type ({', '.join(schema.CONSTRAINTS)}), description and "
            "constraints, the primaryKey and the foreignKeys. Take “population” as a model."
        )
    near = difflib.get_close_matches(str(name), tables, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    raise DataError(f"There is no table “{name}”.{hint} There are: {', '.join(tables)}.")


def file_of(resource: dict, folder: Path) -> Path:
    """Find the file of a table."""
    file = folder / resource["path"]
    if not file.exists():
        raise DataError(
            f"{short(file)} is missing. Expected: the file of the table “{resource['name']}”. "
            "Restore it from the repository, or correct its path in datapackage.json."
        )
    return file


def stamp(folder: Path) -> tuple:
    """Return what changes whenever a file of the folder is edited, as a key for caches."""
    files = sorted(folder.glob("*.csv")) + [folder / "datapackage.json"]
    stats = [(file.name, file.stat()) for file in files if file.exists()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=16)
def _tables(folder, stamp):
    file = folder / "datapackage.json"
    try:
        package = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"{short(file)} is missing. It describes the tables; restore it from the repository."
        ) from None
    except json.JSONDecodeError as error:
        raise DataError(
            f"{short(file)}, line {error.lineno}, column {error.colno}: not valid JSON "
            f"({error.msg}). Undo the last edit there."
        ) from error
    if "resources" not in package:
        raise DataError(f"{short(file)}: “resources” is missing. It is the list of the tables.")
    tables = {}
    for number, resource in enumerate(package["resources"], start=1):
        if "name" not in resource:
            raise DataError(
                f"{short(file)}, resource {number}: “name” is missing. Needed: the name by which "
                "chapters load the table. Add it."
            )
        if resource["name"] in tables:
            raise DataError(
                f"{short(file)}, resource {number}: there is a table “{resource['name']}” already. "
                "Give it another name, or delete one of the two."
            )
        tables[resource["name"]] = resource
    return tables
