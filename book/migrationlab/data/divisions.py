"""The regions of Kazakhstan, and how they were divided: 16 until 2017, then 17, and 20 since 2022."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pandas as pd

from migrationlab.data.loading import load
from migrationlab.data.package import FOLDER
from migrationlab.data.provenance import unite

__all__ = ["BIG_CITIES", "boundaries", "fold", "named", "regions"]

BIG_CITIES = ("KZ-71", "KZ-75", "KZ-79")
"""Astana, Almaty and Shymkent: the three cities with the rank of a region."""


def regions(division: int = 20) -> pd.DataFrame:
    """List the regions of Kazakhstan in one of three divisions.

    Before it was divided, a region could have another name and another center: Almaty Region was
    measured from Taldykorgan until 2022, South Kazakhstan from Shymkent until 2018.

    Parameters
    ----------
    division : {20, 17, 16}, optional
        20 since 2022, 17 in 2018–2021, 16 until 2017.

    Returns
    -------
    DataFrame
        code, region, kind (``region`` or ``city``), center, latitude and longitude of the center in
        degrees.
    """
    frame = load("regions")
    part_of = _part_of(division)
    centers = frame[frame["kind"] != "country"].set_index("center")[["latitude", "longitude"]]
    units = frame[(frame["kind"] != "country") & ~frame["code"].isin(part_of)].copy()
    undivided = units["code"].isin(part_of.values())
    for now, before in (("region", "region_before"), ("center", "center_before")):
        units[now] = units[before].where(undivided & units[before].notna(), units[now])
    units[["latitude", "longitude"]] = centers.loc[units["center"]].to_numpy()
    columns = ["code", "region", "kind", "center", "latitude", "longitude"]
    return units[columns].reset_index(drop=True)


def named(frame: pd.DataFrame, division: int | None = None) -> pd.DataFrame:
    """Add the names of the regions after the column ``code``.

    Parameters
    ----------
    frame : DataFrame
        A table with a column ``code``.
    division : {20, 17, 16}, optional
        Take the names that the regions had in this division; without it, today's.

    Returns
    -------
    DataFrame
        The same rows with a column ``region``.
    """
    units = load("regions") if division is None else regions(division)
    names = units.set_index("code")["region"]
    result = frame.copy()
    result.insert(result.columns.get_loc("code") + 1, "region", result["code"].map(names))
    return result


def fold(frame: pd.DataFrame, columns: Iterable[str], division: int = 17) -> pd.DataFrame:
    """Add up the parts of regions that were divided later.

    Into 17: Abai to East Kazakhstan, Zhetysu to Almaty Region, Ulytau to Karaganda. Into 16: also
    Shymkent to Turkistan (South Kazakhstan).

    Parameters
    ----------
    frame : DataFrame
        A table of persons with a column ``code``.
    columns : list of str
        The counts to add. All other columns must be equal in the parts.
    division : {17, 16, 20}, optional
        The division to fold into.

    Returns
    -------
    DataFrame
        One row per unit; a sum is missing where a part is missing.

    Raises
    ------
    ValueError
        If the table does not count persons: a mean or a rate is no sum.
    """
    if "unit" in frame and (frame["unit"] != "persons").any():
        raise ValueError(
            "Only counts of persons can be added. For a rate, fold its numerator and its "
            "denominator; a mean needs weights."
        )
    work = frame.drop(columns="region", errors="ignore")
    work["code"] = work["code"].replace(_part_of(division))
    keys = [column for column in work if column not in (*columns, "source_id")]
    groups = work.groupby(keys, sort=False, dropna=False)
    result = groups[list(columns)].sum(skipna=False)
    if "source_id" in work:
        result["source_id"] = groups["source_id"].agg(unite)
    return result.reset_index()


def boundaries() -> list[dict]:
    """Load the outlines of the 14 regions before 2018, for `charts.region_map`.

    Cities are points on the map, see `regions`. The outlines are Natural Earth's, thinned out.

    Returns
    -------
    list of dict
        GeoJSON features with the additional keys ``code`` and ``label`` (longitude and latitude of
        the place where a number fits).
    """
    return json.loads((FOLDER / "boundaries.geojson").read_text(encoding="utf-8"))["features"]


def _part_of(division):
    """Codes that did not exist in a division, and the region each was part of."""
    latest = {20: 2022, 17: 2018, 16: 2017}
    if division not in latest:
        raise ValueError(f"There are divisions into 20, 17 and 16 regions, none into {division}.")
    frame = load("regions")
    later = frame[frame["since"].fillna(0) > latest[division]]
    return dict(zip(later["code"], later["part_of_before"], strict=True))
