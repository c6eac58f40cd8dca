"""Reading a table, once it is sure that it is as described."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from migrationlab.data import checking, package
from migrationlab.data.errors import DataError, short

__all__ = ["load"]


def load(name: str, validate: bool = True, folder: str | Path | None = None) -> pd.DataFrame:
    """Load one table of the data package.

    A wrong unit or a slipped digit stops the chapter here instead of bending a chart.

    Parameters
    ----------
    name : str
        Name of the table, for example ``"population"``.
    validate : bool, optional
        Check every cell against ``datapackage.json`` first.
    folder : str or Path, optional
        Another folder with the same layout, for example a copy with own edits.

    Returns
    -------
    DataFrame
        Columns in the order of the description, with their types. A copy: changing it changes
        nothing else.

    Raises
    ------
    DataError
        If there is no such table, the file is missing, or a column, unit, key, number, source or
        value is not as described.

    Examples
    --------
    >>> population = load("population")
    >>> population.query("code == 'KZ' and year == 2025")["population"].item()
    20283399
    """
    folder = Path(folder) if folder is not None else package.FOLDER
    return _load(name, validate, folder, package.stamp(folder)).copy()


@lru_cache(maxsize=128)
def _load(name, validate, folder, stamp):
    resource = package.table(name, folder)
    file = package.file_of(resource, folder)

    def listed(table, column):
        return set(_load(table, True, folder, stamp)[column])

    if validate:
        checking.check(resource, file, listed)
    types = {field["name"]: _dtype(field) for field in resource["schema"]["fields"]}
    try:
        frame = pd.read_csv(
            file, dtype=types, encoding="utf-8-sig", keep_default_na=False, na_values=[""]
        )
        return frame[list(types)]
    except (KeyError, ValueError) as error:
        # Only without validation: a checked table can be read.
        raise DataError(
            f"{short(file)} cannot be read as described: {error}. "
            f'Load it with load("{name}") to see the line.'
        ) from error


def _dtype(field):
    required = field.get("constraints", {}).get("required", False)
    numbers = {"integer": "int64" if required else "Int64", "number": "float64"}
    return numbers.get(field["type"], "str")
