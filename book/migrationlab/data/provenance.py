"""Who published the figures: a row names its sources by their ids, ``sources.csv`` says the rest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from migrationlab.data.errors import DataError
from migrationlab.data.loading import load

__all__ = ["source_table", "sources", "unite"]


def sources(*frames: pd.DataFrame, folder: str | Path | None = None) -> str:
    """Name the publishers behind tables, for the line under a chart.

    Parameters
    ----------
    *frames : DataFrame
        Tables, or selections from tables, with a column ``source_id``.
    folder : str or Path, optional
        The folder they were loaded from, if it is another one.

    Returns
    -------
    str
        For example ``"Bureau of National Statistics; own calculation"``.
    """
    publishers = "; ".join(_used(frames, folder)["publisher"]).split("; ")
    names = dict.fromkeys(name for name in publishers if name and name != "own calculation")
    calculated = ["own calculation"] if "own calculation" in publishers else []
    return "; ".join([*names, *calculated])


def source_table(*frames: pd.DataFrame, folder: str | Path | None = None) -> pd.DataFrame:
    """List the sources behind tables.

    Parameters
    ----------
    *frames : DataFrame
        Tables, or selections from tables, with a column ``source_id``.
    folder : str or Path, optional
        The folder they were loaded from, if it is another one.

    Returns
    -------
    DataFrame
        Publisher, title, address, date, the copy it was reached through, and license, one row per
        source.
    """
    columns = ["publisher", "title", "address", "date", "reached_through", "license"]
    return _used(frames, folder)[columns].fillna("").reset_index(drop=True)


def unite(cells: Iterable) -> str:
    """Write the ids of several cells into one, each once; a cell without any is passed over.

    Examples
    --------
    >>> unite(["register", "register;census", None])
    'register;census'
    """
    named = [cell for cell in cells if isinstance(cell, str)]
    return ";".join(dict.fromkeys(id_ for cell in named for id_ in cell.split(";")))


def _used(frames, folder):
    rows = load("sources", folder=folder).set_index("source_id")
    for frame in frames:
        if "source_id" not in frame:
            raise ValueError("The table has no column “source_id”: pass it as loaded.")
    united = unite(cell for frame in frames for cell in frame["source_id"].unique())
    ids = united.split(";") if united else []
    unknown = [id_ for id_ in ids if id_ not in rows.index]
    if unknown:
        raise DataError(f"sources.csv has no source {', '.join(unknown)}. Add a row for it.")
    return rows.loc[ids]
