"""The book's figures: loading, checking, and saying where they come from.

The tables lie in ``data/`` beside ``book/``: one CSV file each, described in
``datapackage.json``. `load` checks a table against its description before it
hands it out, so that a wrong unit or a slipped digit stops the chapter instead
of bending a chart.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from explorers.sentences import markdown_table

from migrationlab.indicators import rate

__all__ = [
    "BIG_CITIES",
    "FOLDER",
    "DataError",
    "balance",
    "boundaries",
    "coverage",
    "covariates",
    "describe",
    "fold",
    "fold_to_17",
    "load",
    "marks",
    "named",
    "net_rate",
    "panel",
    "panel_17",
    "population_at_risk",
    "propositions",
    "regions",
    "source_table",
    "sources",
]

FOLDER = Path(__file__).resolve().parents[2] / "data"

BIG_CITIES = ("KZ-71", "KZ-75", "KZ-79")
"""Astana, Almaty and Shymkent: the three cities with the rank of a region."""

_SHOWN = 5  # problems named in one message


class DataError(ValueError):
    """A table does not say what its description promises.

    The message names file, line, column and value, what was expected, and what
    to do about it.
    """


# --------------------------------------------------------------------- loading


def load(name, validate=True, folder=None):
    """Load one table of the data package.

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
        Columns in the order of the description, with their types. A copy:
        changing it changes nothing else.

    Raises
    ------
    DataError
        If there is no such table, the file is missing, or a column, unit,
        key, number, source or value is not as described.

    Examples
    --------
    >>> population = load("population")
    >>> population.query("code == 'KZ' and year == 2025")["population"].item()
    20283399
    """
    folder = Path(folder) if folder is not None else FOLDER
    return _load(name, validate, folder, _stamp(folder)).copy()


def _stamp(folder):
    """Whatever changes when a file of the folder is edited."""
    files = sorted(folder.glob("*.csv")) + [folder / "datapackage.json"]
    stats = [(file.name, file.stat()) for file in files if file.exists()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=128)
def _load(name, validate, folder, stamp):
    resource = _describe(name, folder)
    file = _file(resource, folder)
    if validate:
        _validate(name, folder, stamp)
    fields = resource["schema"]["fields"]
    types = {field["name"]: _dtype(field) for field in fields}
    try:
        frame = pd.read_csv(
            file, dtype=types, encoding="utf-8-sig", keep_default_na=False, na_values=[""]
        )
        return frame[list(types)]
    except (KeyError, ValueError) as error:
        # Only without validation: a checked table can be read.
        raise DataError(
            f"{_short(file)} cannot be read as described: {error}. "
            f'Load it with load("{name}") to see the line.'
        ) from error


def _dtype(field):
    required = field.get("constraints", {}).get("required", False)
    numbers = {"integer": "int64" if required else "Int64", "number": "float64"}
    return numbers.get(field["type"], "str")


@lru_cache(maxsize=16)
def _package(folder, stamp):
    file = folder / "datapackage.json"
    try:
        package = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"{_short(file)} is missing. It describes the tables; restore it from the repository."
        ) from None
    except json.JSONDecodeError as error:
        raise DataError(
            f"{_short(file)}, line {error.lineno}, column {error.colno}: not valid JSON "
            f"({error.msg}). Undo the last edit there."
        ) from error
    return {resource["name"]: resource for resource in package["resources"]}


def _describe(name, folder):
    tables = _package(folder, _stamp(folder))
    if name in tables:
        return tables[name]
    near = difflib.get_close_matches(str(name), tables, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    raise DataError(f"There is no table “{name}”.{hint} There are: {', '.join(tables)}.")


def _file(resource, folder):
    file = folder / resource["path"]
    if not file.exists():
        raise DataError(
            f"{_short(file)} is missing. Expected: the file of the table “{resource['name']}”. "
            "Restore it from the repository, or correct its path in datapackage.json."
        )
    return file


def _short(file):
    return f"{file.parent.name}/{file.name}"


# ------------------------------------------------------------------- checking


def _import_jsonschema():
    """Import what frictionless needs without the checks of internationalized addresses.

    jsonschema takes them from a package that compiles 38 grammars while it is imported, half of the
    time of the first `load`. No description of a table has such an address to check.
    """
    grammars = "rfc3987_syntax"
    if grammars in sys.modules or "jsonschema" in sys.modules:
        return
    sys.modules[grammars] = None  # as if it were not installed, which jsonschema allows for
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules[grammars]


@lru_cache(maxsize=4)
def _frictionless(folder, stamp):
    """Read the description once for all tables: that takes longer than checking a table."""
    # Slow to import, so only where it is needed.
    _import_jsonschema()
    from frictionless import Package

    return Package(str(folder / "datapackage.json"))


@lru_cache(maxsize=128)
def _validate(name, folder, stamp):
    """Check a table and the tables it refers to, or raise `DataError`."""
    resource = _describe(name, folder)
    for key in resource["schema"].get("foreignKeys", []):
        other = key["reference"]["resource"]
        if other:  # an empty name is a reference of the table to itself
            _file(_describe(other, folder), folder)
            _validate(other, folder, stamp)

    report = _frictionless(folder, stamp).get_resource(name).validate()
    if report.valid:
        return
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    known = [error for error in errors if error.type in (*_LABELS, *_CAUSES)]
    if not known:
        raise DataError(
            f"{_short(folder / resource['path'])} cannot be read ({errors[0].message}). Expected: "
            "a CSV file in UTF-8 with the column names in line 1. Save it again in that form."
        )
    problems = _problems(known, resource, folder)
    message = "\n".join(problems[:_SHOWN])
    if len(problems) > _SHOWN:
        message += f"\n… and {len(problems) - _SHOWN} more."
    raise DataError(message)


_LABELS = ("missing-label", "extra-label")

# The order in which one mistake in a line causes another.
_CAUSES = (
    "blank-row",
    "extra-cell",
    "missing-cell",
    "type-error",
    "constraint-error",
    "primary-key",
    "foreign-key",
)


def _problems(errors, resource, folder):
    """Describe the damage in sentences: the header's, or else one for each line."""
    file = _short(folder / resource["path"])
    labels = [error for error in errors if error.type in _LABELS]
    if labels:
        return [_header(labels, resource, file)]
    by_line = {}
    for error in sorted(errors, key=lambda error: _CAUSES.index(error.type)):
        by_line.setdefault(error.row_number, _sentence(error, resource, file))
    return [by_line[line] for line in sorted(by_line)]


def _header(errors, resource, file):
    expected = [field["name"] for field in resource["schema"]["fields"]]
    labels = errors[0].labels
    missing = [name for name in expected if name not in labels]
    unknown = [name for name in labels if name not in expected]
    what = f"column “{'”, “'.join(missing or unknown)}”"
    if len(labels) == 1:
        remedy = "Separate the columns by commas: choose CSV with commas when you save."
    elif missing:
        remedy = "Add the column, or spell its name exactly as expected."
    else:
        remedy = "Remove the column, or describe it in datapackage.json."
    return (
        f"{file}, line 1, {what}: {'missing' if missing else 'not described'}. "
        f"Found: {', '.join(labels)}. Expected: {', '.join(expected)}. {remedy}"
    )


def _sentence(error, resource, file):
    """Say in plain words what frictionless has found in a line."""
    schema = resource["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    line = error.row_number
    column = getattr(error, "field_name", "")
    place = f"{file}, line {line}, column “{column}”"
    found = f"found “{getattr(error, 'cell', '')}”"

    match error.type:
        case "blank-row":
            return (
                f"{file}, line {line}: the line is empty. Expected: {len(fields)} values. "
                "Delete the line."
            )
        case "extra-cell" | "missing-cell":
            return (
                f"{file}, line {line}: found {len(error.cells)} values. Expected: {len(fields)} "
                f"({', '.join(fields)}). Look for a missing or additional comma; put a text that "
                "contains a comma in quotation marks."
            )
        case "type-error":
            return (
                f"{place}: {found}. Expected: {_TYPES.get(fields[column]['type'], 'another type')}."
                " Correct the cell, or leave the line out."
            )
        case "constraint-error":
            return f"{place}: {_constraint(error, fields[column], found)}"
        case "primary-key":
            return _duplicate(error, schema, file)
        case _:  # foreign-key
            key, other = error.field_names[0], error.reference_name or resource["name"]
            return (
                f"{file}, line {line}, column “{key}”: found “{error.field_cells[0]}”. Expected: "
                f"a {error.reference_field_names[0]} listed in {other}.csv. "
                f"Correct the spelling, or add the row to {other}.csv."
            )


_TYPES = {
    "integer": "a whole number, digits only, no spaces, commas or unit",
    "number": "a number with a decimal point, no spaces, commas or unit",
}


def _constraint(error, field, found):
    constraints = field["constraints"]
    broken = re.search(r'constraint "(\w+)"', error.note).group(1)
    match broken:
        case "required":
            return (
                "found no value. Expected: a value in every line. "
                "Fill the cell, or leave the line out: a gap is not a zero."
            )
        case "enum" if field["name"] == "unit":
            return (
                f"{found}. Expected: “{'” or “'.join(constraints['enum'])}”. "
                "Convert the figure to that unit; do not only rename it."
            )
        case "enum":
            choices = "”, “".join(str(choice) for choice in constraints["enum"])
            return f"{found}. Expected: one of “{choices}”. Use one of these words."
        case "minimum":
            return f"{found}. Expected: {constraints['minimum']} or more. Correct the figure."
        case "maximum":
            return f"{found}. Expected: {constraints['maximum']} or less. Correct the figure."
        case _:
            return (
                f"{found}. Expected: {field['description']} Written so: {constraints[broken]}. "
                "Correct the cell."
            )


def _duplicate(error, schema, file):
    names = [field["name"] for field in schema["fields"]]
    key = schema["primaryKey"]
    key = [key] if isinstance(key, str) else key
    cells = dict(zip(names, error.cells, strict=False))
    values = ", ".join(f"{name} {cells.get(name, '')}" for name in key)
    first = re.search(r"position (\d+)", error.note)
    before = f" as in line {first.group(1)}" if first else ""
    place = f"{file}, line {error.row_number}, column “{', '.join(key)}”"
    return (
        f"{place}: found {values} again{before}. "
        "Expected: each combination once. Delete one of the two lines."
    )


# ------------------------------------------------------------------ provenance


def _used(frames, folder):
    rows = load("sources", folder=folder).set_index("source_id")
    cells = []
    for frame in frames:
        if "source_id" not in frame:
            raise ValueError("The table has no column “source_id”: pass it as loaded.")
        cells.extend(frame["source_id"].dropna().unique())
    ids = dict.fromkeys(id_ for cell in cells for id_ in cell.split(";"))
    unknown = [id_ for id_ in ids if id_ not in rows.index]
    if unknown:
        raise DataError(f"sources.csv has no source {', '.join(unknown)}. Add a row for it.")
    return rows.loc[list(ids)]


def sources(*frames, folder=None):
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


def source_table(*frames, folder=None):
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
        Publisher, title, address, date, the copy it was reached through, and
        license, one row per source.
    """
    columns = ["publisher", "title", "address", "date", "reached_through", "license"]
    return _used(frames, folder)[columns].fillna("").reset_index(drop=True)


# --------------------------------------------------------------------- regions


def regions(division=20):
    """List the regions of Kazakhstan in one of three divisions.

    Before it was divided, a region could have another name and another center:
    Almaty Region was measured from Taldykorgan until 2022, South Kazakhstan
    from Shymkent until 2018.

    Parameters
    ----------
    division : {20, 17, 16}, optional
        20 since 2022, 17 in 2018–2021, 16 until 2017.

    Returns
    -------
    DataFrame
        code, region, kind (``region`` or ``city``), center, latitude and
        longitude of the center in degrees.
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


def named(frame):
    """Add the names of the regions after the column ``code``.

    Parameters
    ----------
    frame : DataFrame
        A table with a column ``code``.

    Returns
    -------
    DataFrame
        The same rows with a column ``region``: today's names.
    """
    names = load("regions").set_index("code")["region"]
    result = frame.copy()
    result.insert(result.columns.get_loc("code") + 1, "region", result["code"].map(names))
    return result


def _part_of(division):
    """Codes that did not exist in a division, and the region each was part of."""
    latest = {20: 2022, 17: 2018, 16: 2017}
    if division not in latest:
        raise ValueError(f"There are divisions into 20, 17 and 16 regions, none into {division}.")
    frame = load("regions")
    later = frame[frame["since"].fillna(0) > latest[division]]
    return dict(zip(later["code"], later["part_of_before"], strict=True))


def fold(frame, columns, division=17):
    """Add up the parts of regions that were divided later.

    Into 17: Abai to East Kazakhstan, Zhetysu to Almaty Region, Ulytau to
    Karaganda. Into 16: also Shymkent to Turkistan (South Kazakhstan).

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
    part_of = _part_of(division)
    work = frame.drop(columns="region", errors="ignore")
    work["code"] = work["code"].replace(part_of)
    keys = [column for column in work if column not in (*columns, "source_id")]
    groups = work.groupby(keys, sort=False, dropna=False)
    result = groups[list(columns)].sum(skipna=False)
    if "source_id" in work:
        result["source_id"] = groups["source_id"].agg(_join)
    return result.reset_index()


def fold_to_17(frame, columns):
    """Add up the new regions of 2022 to the 17 before; see `fold`."""
    return fold(frame, columns, 17)


def _join(cells):
    """Several source ids in one cell, each once."""
    return ";".join(dict.fromkeys(";".join(cells).split(";")))


def _join_columns(*columns):
    return [_join(cells) for cells in zip(*columns, strict=True)]


# ----------------------------------------------------------------------- rates


# Regions of the migration tables: the division, its first and its last year.
_DIVISIONS = ((16, 2000, 2017), (17, 2018, 2021), (20, 2022, 2100))


def population_at_risk(at="start"):
    """Find the population that belongs to the migration figures of a year.

    The regions are those of the migration tables: 16 until 2017, 17 in
    2018–2021, 20 from 2022. (The population table itself parts Shymkent from
    Turkistan a year before the migration tables do.)

    Parameters
    ----------
    at : {"start", "middle"}, optional
        Population on 1 January, or the mean of 1 January and the next one.
        The mean is missing where the series breaks in between: everywhere in
        2008 and 2021 (re-based on a census), and for Almaty and Almaty Region
        in 2014 (land transferred).

    Returns
    -------
    DataFrame
        code, year, population (persons), source_id.
    """
    if at not in ("start", "middle"):
        raise ValueError(f"Population at “start” or “middle” of the year, not “{at}”.")
    stocks = _stocks()
    if at == "middle":
        stocks = stocks.dropna(subset="population_end")
        mean = (stocks["population"] + stocks["population_end"]) / 2
        stocks["population"] = mean.mask(_broken(stocks))
        stocks["source_id"] = _join_columns(stocks["source_id"], stocks["source_id_end"])
    return stocks[["code", "year", "population", "source_id"]]


def _stocks():
    """Pair the population on 1 January with the next, in the regions of each year."""
    table = load("population")
    parts = []
    for division, first, last in _DIVISIONS:
        start = fold(table, ["population"], division).drop(columns="unit")
        end = start.assign(year=start["year"] - 1)
        both = start.merge(end, on=["code", "year"], how="left", suffixes=("", "_end"))
        parts.append(both[both["year"].between(first, last)])
    return pd.concat(parts).sort_values(["code", "year"], ignore_index=True)


def _broken(stocks):
    """Tell where the two ends of a year do not mean the same territory or count."""
    breaks = load("breaks")
    # A division is no break here: the parts have been added up.
    breaks = breaks[(breaks["table"] == "population") & breaks["kind"].isin(["census", "boundary"])]
    broken = set(zip(breaks["code"], breaks["year"] - 1, strict=True))
    rows = zip(stocks["code"], stocks["year"], strict=True)
    return [(code, year) in broken or ("KZ", year) in broken for code, year in rows]


def net_rate(scope="total", at="start"):
    r"""Relate net migration to 1,000 inhabitants and a year.

    .. math:: r_{it} = 1000\,N_{it} / P_{it}

    Parameters
    ----------
    scope : {"total", "internal", "external"}, optional
        Which balance.
    at : {"start", "middle"}, optional
        Denominator: population on 1 January or at mid-year, see
        `population_at_risk`.

    Returns
    -------
    DataFrame
        code, region, year, net (persons), population (persons), rate,
        source_id; the country has the code KZ. The regions are those of each
        year, with today's names (Turkistan until 2017 includes Shymkent).
    """
    scopes = ("total", "internal", "external")
    if scope not in scopes:
        raise ValueError(f"Scope is one of {', '.join(scopes)}, not “{scope}”.")
    table = load("net_migration")
    moves = table[table["scope"] == scope]
    both = moves.merge(population_at_risk(at), on=["code", "year"], suffixes=("", "_population"))
    both["rate"] = rate(both["net"], both["population"])
    both["source_id"] = _join_columns(both["source_id"], both["source_id_population"])
    return named(both[["code", "year", "net", "population", "rate", "source_id"]])


def balance():
    """Set up the demographic balance of every region and year.

    .. math:: P_{t+1} = P_t + (B - M) + (D - O) + X

    Returns
    -------
    DataFrame
        code, region, year, start (population on 1 January), natural_increase,
        net (migration), other, end (population on the next 1 January), all in
        persons, and source_id. ``other`` is what the two flows leave
        unexplained: 0 as a rule, a transfer of land in 2014, re-basing on the
        census in 2021, tables of different dates in 2022 and 2024.
    """
    natural = load("natural_increase").drop(columns="unit")
    undivided = natural["year"] < 2018
    natural = pd.concat([fold(natural[undivided], ["natural_increase"], 16), natural[~undivided]])
    moves = load("net_migration").query("scope == 'total'")[["code", "year", "net", "source_id"]]
    rows = natural.merge(moves, on=["code", "year"], suffixes=("", "_net"))
    rows = rows.merge(_stocks(), on=["code", "year"], suffixes=("", "_start"))
    rows = rows.rename(columns={"population": "start", "population_end": "end"})
    rows["end"] = rows["end"].astype("int64")
    rows["other"] = rows["end"] - rows["start"] - rows["natural_increase"] - rows["net"]
    origins = ["source_id", "source_id_net", "source_id_start", "source_id_end"]
    rows["source_id"] = _join_columns(*(rows[column] for column in origins))
    columns = ["code", "year", "start", "natural_increase", "net", "other", "end", "source_id"]
    return named(rows[columns].sort_values(["code", "year"], ignore_index=True))


def panel_17(years=(2019, 2020, 2021)):
    r"""Bring together net migration and income of the 17 regions of 2018–2021.

    The rate uses the population on 1 January, so that 2021 does not reach over
    the break of 1 January 2022.

    The explorer "Be the theorist" predicts the rate of region :math:`i` from
    its income :math:`w_i` and from being a big city :math:`c_i`,

    .. math:: \hat r_i = \ell + a\,(w_i/\bar w - 1) + b\,c_i, \qquad
              \text{miss} = \tfrac1{17}\sum_i |r_i - \hat r_i|,

    with the plain mean income :math:`\bar w` of the 17 regions and the level
    :math:`\ell` that makes the residuals of the 17 regions sum to zero.
    Regions count equally, whatever their size. In 2020 the miss is 6.3 for
    (a, b) = (15, 0), 3.1 for (0, 23) and 2.2 for (8, 21).

    Parameters
    ----------
    years : sequence of int, optional
        Years from 2018 to 2021.

    Returns
    -------
    DataFrame
        17 rows per year: code, region, year, population (1 January, persons),
        net (persons), rate (per 1,000), income (tenge a month per head),
        big_city (1 for Astana, Almaty, Shymkent, else 0), source_id.

    Raises
    ------
    ValueError
        If a year has another division: mean incomes cannot be added up.
    """
    outside = [year for year in years if not 2018 <= year <= 2021]
    if outside:
        raise ValueError(
            f"There were 17 regions in 2018–2021, not in {outside[0]}. Use net_rate() and the "
            "table income for the regions of that year."
        )
    rates = net_rate()
    income = load("income")[["code", "year", "income", "source_id"]]
    rows = rates[rates["year"].isin(years) & (rates["code"] != "KZ")]
    rows = rows.merge(income, on=["code", "year"], suffixes=("", "_income"))
    rows["big_city"] = np.isin(rows["code"], BIG_CITIES).astype(int)
    rows["source_id"] = _join_columns(rows["source_id"], rows["source_id_income"])
    columns = ["code", "region", "year", "population", "net", "rate", "income", "big_city"]
    return rows[[*columns, "source_id"]].sort_values(["year", "code"], ignore_index=True)


# ---------------------------------------------------------------- derived tables

# The first year for which a division can be rebuilt from the regions of each year.
_PANEL_STARTS = {16: 2013, 17: 2018}


def panel(division=17):
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
    population = load("population").rename(columns={"population": "value"})
    counts = [_harmonized(population, division, "population")]
    table = load("net_migration").rename(columns={"net": "value"})
    for scope, name in (("total", "net"), ("internal", "internal"), ("external", "external")):
        counts.append(
            _harmonized(table[table["scope"] == scope].drop(columns="scope"), division, name)
        )
    natural = load("natural_increase").rename(columns={"natural_increase": "value"})
    counts.append(_harmonized(natural, division, "natural_increase"))
    rows = counts[0]
    for more in counts[1:]:
        rows = rows.merge(more, on=["code", "year"], how="left", suffixes=("", "_more"))
        origins = zip(rows["source_id"], rows.pop("source_id_more"), strict=True)
        rows["source_id"] = [
            _join(cell for cell in pair if isinstance(cell, str)) for pair in origins
        ]
    rows = rows[rows["year"].between(_PANEL_STARTS[division], 2024)]
    for name, result in (("net", "net_rate"), ("natural_increase", "natural_rate"),
                         ("internal", "internal_rate"), ("external", "external_rate")):  # fmt: skip
        rows[result] = rate(rows[name].astype(float), rows["population"])
    rows = _renamed(rows, division).sort_values(["year", "code"], ignore_index=True)
    counted = ["population", "net", "natural_increase", "internal", "external"]
    rates = ["net_rate", "natural_rate", "internal_rate", "external_rate"]
    rows[counted] = rows[counted].astype("Int64")
    return rows[["code", "region", "year", *counted, *rates, "source_id"]]


def _harmonized(table, division, name):
    """Fold one column of counts of the regions; the country is left out."""
    folded = fold(table[table["code"] != "KZ"], ["value"], division).drop(columns="unit")
    if name == "natural_increase" and division == 16:
        # Before 2017 South Kazakhstan has no figure; a sum of its parts exists from then on.
        folded = folded[~((folded["code"] == "KZ-61") & (folded["year"] < 2017))]
    return folded.rename(columns={"value": name})


def _renamed(rows, division):
    """Add the name that a region has in a division."""
    names = regions(division).set_index("code")["region"]
    rows = rows.copy()
    rows.insert(1, "region", rows["code"].map(names))
    return rows


def covariates():
    """Bring together income, output, unemployment and labor force of the 17 regions, 2018–2021.

    Only years in which these regions existed: a mean per head or a rate cannot be added up. For other
    years take the tables ``income``, ``grp`` and ``unemployment`` with the regions of that year.

    Returns
    -------
    DataFrame
        code, region, year; income (tenge per head and month), grp_per_capita (thousand tenge a year),
        unemployment (percent of the labor force), labor_force (persons, missing in 2018), source_id.
    """
    rows = load("income").drop(columns="unit")
    output = load("grp").query("unit == 'thousand tenge'").drop(columns="unit")
    rates = load("unemployment").query("period == 'year'").rename(columns={"rate": "unemployment"})
    force = load("labor_force").query("measure == 'labor force' and period == 'year'")
    force = force.rename(columns={"persons": "labor_force"})
    for table in (
        output,
        rates.drop(columns=["period", "unit"]),
        force.drop(columns=["period", "measure", "unit"]),
    ):
        rows = rows.merge(table, on=["code", "year"], how="left", suffixes=("", "_more"))
        origins = zip(rows["source_id"], rows.pop("source_id_more"), strict=True)
        rows["source_id"] = [
            _join(cell for cell in pair if isinstance(cell, str)) for pair in origins
        ]
    rows = rows[rows["year"].between(2018, 2021) & (rows["code"] != "KZ")]
    rows = _renamed(rows, 17).sort_values(["year", "code"], ignore_index=True)
    columns = ["code", "region", "year", "income", "grp_per_capita", "unemployment", "labor_force"]
    return rows[[*columns, "source_id"]]


_BREAK_NAMES = {
    "census": "census", "boundary": "land transferred", "division": "region divided",
    "registration": "registration", "vintage": "revised",
}  # fmt: skip


def marks(table, first, last, code="KZ"):
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


def boundaries():
    """Load the outlines of the 14 regions before 2018, for `charts.region_map`.

    Cities are points on the map, see ``regions``. The outlines are Natural Earth's, thinned out.

    Returns
    -------
    list of dict
        GeoJSON features with the additional keys ``code`` and ``label`` (longitude and latitude of the
        place where a number fits).
    """
    return json.loads((FOLDER / "boundaries.geojson").read_text(encoding="utf-8"))["features"]


# ------------------------------------------------------------ the article's Table 1


# What is said of one line of the article, of several, and what the verdict means.
_VERDICTS = {
    "faithful": ("stands as it is", "stand as they are", ""),
    "loose": (
        "is loose",
        "are loose",
        ("that the sense is kept, while a part is lost or comes from elsewhere"),
    ),
    "wrong": ("is wrong", "are wrong", "that the line says something else than its source"),
    "not in the source": (
        "is not in the source",
        "are not in the source",
        "that the author named makes no such claim",
    ),
}

# As many as the schema of the table allows lines of one theory.
_NUMBER_WORDS = "none one two three four five six seven eight nine ten eleven twelve".split()


def propositions(theory):
    """Set what the article's Table 1 says about a theory beside what the source says.

    Parameters
    ----------
    theory : str
        A theory of the table ``table1_propositions``, for example ``"ravenstein"``.

    Returns
    -------
    IPython.display.Markdown
        How many lines of the article stand, what the other verdicts mean, and a table with one row
        per line: wording, verdict and a link to its discussion; the source's claim in our words,
        and whether the tables of the book can test it.

    Raises
    ------
    ValueError
        If the table has no line on such a theory. The message lists the theories.
    """
    from IPython.display import Markdown

    table = load("table1_propositions")
    rows = table[table["theory"] == theory]
    if rows.empty:
        known = ", ".join(dict.fromkeys(table["theory"]))
        raise ValueError(
            f"The article's Table 1 has no lines on “{theory}”. There are lines on: {known}."
        )
    head = ("The article says", "The source says, in our words")
    lines = markdown_table(head, (_proposition(row) for row in rows.itertuples()))
    return Markdown(f"{_tally(rows['verdict'])}\n\n{lines}")


def _tally(verdicts):
    """Count the lines by verdict in a sentence, beginning with what stands, and explain the rest."""
    parts, meanings = [], []
    for verdict, (one, several, meaning) in _VERDICTS.items():
        count = int((verdicts == verdict).sum())
        # What stands is named even if it is nothing: it comes first.
        if count or verdict == "faithful":
            parts.append(f"{_NUMBER_WORDS[count]} {several if count > 1 else one}")
        if count and meaning:
            meanings.append(f"*{verdict}*{',' if meanings else ' means'} {meaning}")
    sentence = f"Of {_NUMBER_WORDS[len(verdicts)]} lines, {_listed(parts)}."
    if not meanings:
        return sentence
    # The first meaning begins a sentence.
    explained = "; ".join(meanings)
    return f"{sentence}\n*{explained[1].upper()}{explained[2:]}."


def _listed(parts):
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def _proposition(row):
    """Write the two cells of one line; their parts stand below each other, so that a phone shows both."""
    claim, keys = row.original_claim.rstrip("."), row.source.replace(";", ",")
    return (
        (
            f"**{row.number}.** {row.wording}<br>**{row.verdict}** · [discussion of "
            f"{row.number}](#{row.anchor})"
        ),
        (
            f"{claim} {{cite:p}}`{keys}`.<br>Can our data test it? "
            f"**{row.testable.capitalize()}.** {row.how}"
        ),
    )


# ----------------------------------------------------------------------- catalog


def describe(name=None):
    """Return what ``datapackage.json`` says about a table, or list the tables.

    Parameters
    ----------
    name : str, optional
        Name of a table.

    Returns
    -------
    dict or list of str
        The description (Frictionless Table Schema), or the names of all tables.
    """
    return list(_package(FOLDER, _stamp(FOLDER))) if name is None else _describe(name, FOLDER)


def coverage(name):
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
