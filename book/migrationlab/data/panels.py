"""Tables that are computed from others: what the figures of several tables say together.

Every row names the sources of all figures in it.
"""

from __future__ import annotations

import pandas as pd

from migrationlab.data.divisions import BIG_CITIES, fold, named
from migrationlab.data.loading import load
from migrationlab.data.provenance import unite
from migrationlab.indicators import rate

__all__ = [
    "balance",
    "coverage",
    "covariates",
    "join",
    "marks",
    "net_rate",
    "panel",
    "population_at_risk",
]


def join(left: pd.DataFrame, right: pd.DataFrame, how: str = "inner") -> pd.DataFrame:
    """Set two tables side by side: the same region and year, one row.

    Parameters
    ----------
    left, right : DataFrame
        Tables with columns ``code``, ``year`` and ``source_id``, one row for each region and year.
        A column ``region`` may be in both; no other column may.
    how : {"inner", "left"}, optional
        Keep the rows found in both tables, or all rows of the left one, with gaps.

    Returns
    -------
    DataFrame
        The rows of the left table in their order, with the columns of both; ``source_id`` comes last
        and names the sources of both.

    Raises
    ------
    ValueError
        If another column is in both tables, or a region and year has more than one row in a table.

    Examples
    --------
    >>> both = join(panel(17), covariates())
    >>> int(both.query("region == 'Atyrau' and year == 2020")["income"].item())
    215076
    """
    keys = [key for key in ("code", "region", "year") if key in left and key in right]
    twice = [column for column in left if column in right and column not in (*keys, "source_id")]
    if twice:
        raise ValueError(
            f"Both tables have a column “{twice[0]}”. Drop or rename it in one of them."
        )
    for frame in (left, right):
        if frame.duplicated(keys).any():
            again = frame.loc[frame.duplicated(keys), keys].iloc[0]
            raise ValueError(
                f"A table has more than one row for {', '.join(map(str, again))}. Choose one for "
                "each region and year first, for example one “scope” or “period”."
            )
    rows = left.merge(right, on=keys, how=how, suffixes=("", "_right"))
    origins = zip(rows.pop("source_id"), rows.pop("source_id_right"), strict=True)
    return rows.assign(source_id=[unite(cells) for cells in origins])


# ----------------------------------------------------------------- population and rates


# Regions of the migration tables: the division, its first and its last year.
_DIVISIONS = ((16, 2000, 2017), (17, 2018, 2021), (20, 2022, 2100))


def population_at_risk(at: str = "start") -> pd.DataFrame:
    """Find the population that belongs to the migration figures of a year.

    The regions are those of the migration tables: 16 until 2017, 17 in 2018–2021, 20 from 2022. (The
    population table itself parts Shymkent from Turkistan a year before the migration tables do.)

    Parameters
    ----------
    at : {"start", "middle"}, optional
        Population on 1 January, or the mean of 1 January and the next one. The mean is missing where
        the series breaks in between: everywhere in 2008 and 2021 (re-based on a census), and for
        Almaty and Almaty Region in 2014 (land transferred).

    Returns
    -------
    DataFrame
        code, year, population (persons), source_id.
    """
    if at not in ("start", "middle"):
        raise ValueError(f"Population at “start” or “middle” of the year, not “{at}”.")
    starts, ends = _stocks()
    if at == "start":
        return starts
    stocks = join(starts, ends)
    mean = (stocks["population"] + stocks["population_end"]) / 2
    stocks["population"] = mean.mask(_broken(stocks))
    return stocks[["code", "year", "population", "source_id"]]


def _stocks():
    """Residents at the start and at the end of each year, in the regions of that year."""
    table = load("population")
    starts, ends = [], []
    for division, first, last in _DIVISIONS:
        start = fold(table, ["population"], division).drop(columns="unit")
        end = start.assign(year=start["year"] - 1).rename(columns={"population": "population_end"})
        starts.append(start[start["year"].between(first, last)])
        ends.append(end[end["year"].between(first, last)])
    order = {"by": ["code", "year"], "ignore_index": True}
    return pd.concat(starts).sort_values(**order), pd.concat(ends).sort_values(**order)


def _broken(stocks):
    """Tell where the two ends of a year do not mean the same territory or count."""
    breaks = load("breaks")
    # A division is no break here: the parts have been added up.
    breaks = breaks[(breaks["table"] == "population") & breaks["kind"].isin(["census", "boundary"])]
    broken = set(zip(breaks["code"], breaks["year"] - 1, strict=True))
    rows = zip(stocks["code"], stocks["year"], strict=True)
    return [(code, year) in broken or ("KZ", year) in broken for code, year in rows]


def net_rate(scope: str = "total", at: str = "start") -> pd.DataFrame:
    r"""Relate net migration to 1,000 inhabitants and a year.

    .. math:: r_{it} = 1000\,N_{it} / P_{it}

    Parameters
    ----------
    scope : {"total", "internal", "external"}, optional
        Which balance.
    at : {"start", "middle"}, optional
        Denominator: population on 1 January or at mid-year, see `population_at_risk`.

    Returns
    -------
    DataFrame
        code, region, year, net (persons), population (persons), rate, source_id; the country has the
        code KZ. The regions are those of each year, with today's names (Turkistan until 2017 includes
        Shymkent).
    """
    scopes = ("total", "internal", "external")
    if scope not in scopes:
        raise ValueError(f"Scope is one of {', '.join(scopes)}, not “{scope}”.")
    table = load("net_migration")
    moves = table[table["scope"] == scope]
    both = join(moves[["code", "year", "net", "source_id"]], population_at_risk(at))
    both["rate"] = rate(both["net"], both["population"])
    return named(both[["code", "year", "net", "population", "rate", "source_id"]])


def balance() -> pd.DataFrame:
    r"""Set up the demographic balance of every region and year.

    .. math:: P_{t+1} = P_t + (B - M) + (D - O) + X

    Returns
    -------
    DataFrame
        code, region, year, start (population on 1 January), natural_increase, net (migration), other,
        end (population on the next 1 January), all in persons, and source_id. ``other`` is what the
        two flows leave unexplained: 0 as a rule, a transfer of land in 2014, re-basing on the census
        in 2021, tables of different dates in 2022 and 2024.
    """
    natural = load("natural_increase").drop(columns="unit")
    undivided = natural["year"] < 2018
    natural = pd.concat([fold(natural[undivided], ["natural_increase"], 16), natural[~undivided]])
    moves = load("net_migration").query("scope == 'total'")[["code", "year", "net", "source_id"]]
    starts, ends = _stocks()
    rows = join(join(join(natural, moves), starts), ends)
    rows = rows.rename(columns={"population": "start", "population_end": "end"})
    rows["other"] = rows["end"] - rows["start"] - rows["natural_increase"] - rows["net"]
    columns = ["code", "year", "start", "natural_increase", "net", "other", "end", "source_id"]
    return named(rows[columns].sort_values(["code", "year"], ignore_index=True))


# ------------------------------------------------- one division of the regions for all years


# The first year for which a division can be rebuilt from the regions of each year.
_PANEL_STARTS = {16: 2013, 17: 2018}


def panel(division: int = 17) -> pd.DataFrame:
    r"""Harmonize population, net migration and natural increase on one set of regions.

    Every year of the panel has the same regions: the new ones of 2022 are added to the regions they
    came from (Abai to East Kazakhstan, Zhetysu to Almaty Region, Ulytau to Karaganda), and with 16
    units Shymkent to Turkistan (then South Kazakhstan), too. Counts are added and divided afterward:

    .. math:: r_{it} = 1000\,\frac{\sum_{j \in i} N_{jt}}{\sum_{j \in i} P_{jt}}

    with :math:`P` the population on 1 January.

    Parameters
    ----------
    division : {17, 16}, optional
        17 regions for 2018–2024, or 16 for 2013–2024.

    Returns
    -------
    DataFrame
        code, region, year; population (1 January), net, natural_increase, internal, external (persons);
        net_rate, natural_rate, internal_rate, external_rate (per 1,000 a year); source_id. Internal and
        external parts exist from 2022 on and are missing before; natural increase is missing for South
        Kazakhstan before 2017. The country is not a row.

    Raises
    ------
    ValueError
        If the division is neither 17 nor 16.
    """
    if division not in _PANEL_STARTS:
        raise ValueError(f"There is a panel of 17 or of 16 regions, none of {division}.")
    rows = _harmonized(load("population"), "population", division)
    moves = load("net_migration")
    for scope, name in (("total", "net"), ("internal", "internal"), ("external", "external")):
        part = moves[moves["scope"] == scope].rename(columns={"net": name})
        rows = join(rows, _harmonized(part, name, division), how="left")
    natural = _harmonized(load("natural_increase"), "natural_increase", division)
    rows = join(rows, natural, how="left")
    rows = rows[rows["year"].between(_PANEL_STARTS[division], 2024)]
    for name, result in (("net", "net_rate"), ("natural_increase", "natural_rate"),
                         ("internal", "internal_rate"), ("external", "external_rate")):  # fmt: skip
        rows[result] = rate(rows[name], rows["population"])
    rows = named(rows, division).sort_values(["year", "code"], ignore_index=True)
    complete, with_gaps = ["population", "net"], ["natural_increase", "internal", "external"]
    rows = rows.astype(dict.fromkeys(complete, "int64") | dict.fromkeys(with_gaps, "Int64"))
    rates = ["net_rate", "natural_rate", "internal_rate", "external_rate"]
    return rows[["code", "region", "year", *complete, *with_gaps, *rates, "source_id"]]


def _harmonized(table, column, division):
    """Fold one column of counts of the regions; the country is left out."""
    folded = fold(table[table["code"] != "KZ"], [column], division)
    return folded[["code", "year", column, "source_id"]]


def covariates() -> pd.DataFrame:
    """Bring together what goes with migration in the 17 regions of 2018–2021.

    Only years in which these regions existed: a mean per head or a rate cannot be added up. For other
    years take the tables ``income``, ``grp`` and ``unemployment`` with the regions of that year. With
    net migration beside them: ``join(panel(17), covariates())``.

    Returns
    -------
    DataFrame
        code, region, year; income (tenge per head and month), grp_per_capita (thousand tenge a year),
        unemployment (percent of the labor force), labor_force (persons, missing in 2018), big_city
        (1 for Astana, Almaty and Shymkent, else 0), source_id.
    """
    income = load("income").drop(columns="unit")
    rows = income[income["year"].between(2018, 2021) & (income["code"] != "KZ")]
    output = load("grp").query("unit == 'thousand tenge'")
    rates = load("unemployment").query("period == 'year'").rename(columns={"rate": "unemployment"})
    force = load("labor_force").query("measure == 'labor force' and period == 'year'")
    force = force.rename(columns={"persons": "labor_force"})
    for table, column in (
        (output, "grp_per_capita"),
        (rates, "unemployment"),
        (force, "labor_force"),
    ):
        rows = join(rows, table[["code", "year", column, "source_id"]], how="left")
    rows["big_city"] = rows["code"].isin(BIG_CITIES).astype(int)
    rows = named(rows, 17).sort_values(["year", "code"], ignore_index=True)
    columns = ["income", "grp_per_capita", "unemployment", "labor_force", "big_city"]
    return rows[["code", "region", "year", *columns, "source_id"]]


# ------------------------------------------------------------- what a series can and cannot say

_BREAK_NAMES = {
    "census": "census", "boundary": "land transferred", "division": "region divided",
    "registration": "registration", "vintage": "revised",
}  # fmt: skip


def marks(table: str, first: int, last: int, code: str = "KZ") -> pd.DataFrame:
    """List the breaks of a series, to be drawn by `charts.with_marks`.

    Parameters
    ----------
    table : str
        Name of the table whose series is drawn.
    first, last : int
        Years of the axis.
    code : str, optional
        The region drawn; breaks of every region (code KZ) are always included.

    Returns
    -------
    DataFrame
        year and label, one row per year with a break.
    """
    breaks = load("breaks")
    breaks = breaks[
        (breaks["table"] == table)
        & breaks["code"].isin(["KZ", code])
        & breaks["year"].between(first, last)
    ]
    labels = breaks.assign(label=breaks["kind"].map(_BREAK_NAMES))
    return (
        labels.groupby("year")["label"]
        .agg(lambda kinds: ", ".join(dict.fromkeys(kinds)))
        .reset_index()
    )


def coverage(name: str) -> pd.DataFrame:
    """Count the values that a table has for each region, or country, and year.

    Parameters
    ----------
    name : str
        A table with a column ``year``.

    Returns
    -------
    DataFrame
        Units as rows (the region's name, the country of origin, or “all”), years as columns, counts as
        values; a 0 is a gap.
    """
    table = load(name)
    if "code" in table:
        table = named(table)
    unit = next((column for column in ("region", "country", "origin") if column in table), None)
    rows = table[unit] if unit else pd.Series("all", index=table.index, name="unit")
    counts = pd.crosstab(rows, table["year"])
    return counts.reindex(
        columns=range(int(table["year"].min()), int(table["year"].max()) + 1), fill_value=0
    )
