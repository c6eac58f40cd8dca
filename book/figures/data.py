"""The figure of the page The data, and the lists of its tables and sources."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, drawing
from explorers.sentences import without_html
from IPython.display import Markdown
from migrationlab import data


def tables():
    """Return the names of all tables of the book, without the list of sources."""
    return [name for name in data.describe() if name != "sources"]


def what_exists():
    """Show which year of which region a table has, as squares that are filled or pale."""
    dated = [
        name
        for name in tables()
        if "year" in data.load(name) and name not in ("breaks", "austria_flows")
    ]
    names = data.regions().sort_values("longitude")["region"].tolist()  # from west to east
    units = ["Kazakhstan", *names, "other countries", "no region"]
    years = list(range(2000, 2027))
    grid = pd.DataFrame([(u, y) for u in units for y in years], columns=["unit", "year"])

    def counted(name):
        """Count the values of a table in each unit and year, as a column of the grid."""
        counts = data.coverage(name)
        counts.index = [
            u if u in units else "no region" if u == "all" else "other countries"
            for u in counts.index
        ]
        sums = counts.groupby(level=0).sum()
        return sums.reindex(index=units, columns=years, fill_value=0).to_numpy().ravel()

    # One number per square holds a yes or no for every table: the digit at its place, in twos.
    grid["holdings"] = sum((counted(name) > 0) * 2.0**place for place, name in enumerate(dated))

    def coverage(year, holdings, table):
        has = np.floor_divide(holdings, 2**table) % 2
        first = np.min(np.where(has == 1, year, 9999))
        last = np.max(np.where(has == 1, year, 0))
        return dict(has=has, filled=np.sum(has), first=first, last=last)

    titles = {name: data.describe(name)["title"] for name in dated}
    return Explorer(
        "What exists, and what is missing",
        coverage,
        rows=grid,
        controls=[
            Choice(
                "table", "Table", options=tuple(titles.values()), default=titles["net_migration"]
            )
        ],
        chart=_squares(),
        sentence="{table}: {filled:,.0f} squares are filled, from {first:.0f} to {last:.0f}.",
        caption=(
            "A dark square means that the table has at least one value for that unit and year; a "
            "pale one is a hole. Regions from west to east; years before 2000 are not drawn."
        ),
        description=(
            "A grid of squares: Kazakhstan, its regions, other countries and what has no "
            "region down, the years 2000 to 2026 across. A dark square has a value, a pale one "
            "has none."
        ),
        source=data.sources(data.load("population"), data.load("net_migration"))
        + "; see each table below",
        table={
            "unit": "Unit",
            "year": ("Year", ".0f"),
            "has": ("Value", {0: "no value", 1: "has a value"}),
        },
    )


def _squares():
    """Draw one square for each unit and year, filled where the table has a value."""
    y = alt.Y(
        "unit:N",
        sort=None,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelOverlap=False),
    )
    x = alt.X(
        "year:O",
        title=None,
        axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False, domain=False),
    )
    opacity = alt.Opacity("has:Q", scale=alt.Scale(domain=[0, 1], range=[0.12, 1]), legend=None)
    color = (
        alt.when("datum.has > 0")
        .then(alt.value(drawing.COLOR["main"]))
        .otherwise(alt.value(drawing.COLOR["quiet"]))
    )
    return (
        alt.Chart(height=430)
        .mark_rect(stroke=drawing.COLOR["page"])
        .encode(x=x, y=y, opacity=opacity, color=color)
    )


# ---- the lists of the page


def list_of_tables():
    """Return a folded entry for each table: what it holds, its columns, sources and terms."""
    return Markdown("\n".join(_entry(name) for name in tables()))


def _entry(name):
    about = data.describe(name)
    publishers = ", ".join(
        f"[{source['title']}]({source['path']})" for source in about.get("sources", [])
    )
    link = f'<a href="../_static/data/{about["path"]}" download>{about["path"]}</a>'
    key = ", ".join(f"`{part}`" for part in about["schema"]["primaryKey"])
    entry = (
        f":::{{dropdown}} {about['title']} (`{name}`)\n{about['description']}\n\n{_span(name)}. "
        f"One row for each {key}.\n\n{_column_table(about['schema']['fields'])}\n\nSources: "
        f"{publishers}.\nTerms: {_licenses(name)}."
    )
    return f"{without_html(entry)}\n\n{link}\n:::\n"


def _span(name):
    """Say in words which years a table has, and how many units."""
    table = data.load(name)
    years = f", {table['year'].min()}–{table['year'].max()}" if "year" in table else ""
    places = table["code"].nunique() if "code" in table else 0
    units = f", {places} {'units' if places > 1 else 'unit'} with a region code" if places else ""
    return f"{len(table):,} rows{years}{units}"


def _licenses(name):
    table = data.load(name)
    if "source_id" not in table:
        return "CC BY 4.0"
    return "; ".join(dict.fromkeys(data.source_table(table)["license"]))


def _column_table(fields):
    """List the columns with type, allowed values and meaning."""
    lines = ["| column | type | values | meaning |", "| --- | --- | --- | --- |"]
    for field in fields:
        limits = field.get("constraints", {})
        allowed = limits.get("enum") or [
            f"{limits[end]} {word}"
            for end, word in (("minimum", "or more"), ("maximum", "or less"))
            if end in limits
        ]
        optional = "" if limits.get("required") else "may be empty"
        values = ", ".join(map(str, [*allowed, *filter(None, [optional])]))
        lines.append(f"| `{field['name']}` | {field['type']} | {values} | {field['description']} |")
    return "\n".join(lines)


def list_of_sources():
    """Return the folded list of all sources."""
    rows = [_source_line(row) for row in data.load("sources").fillna("").itertuples()]
    head = [":::{dropdown} All sources", "| id | source | terms |", "| --- | --- | --- |"]
    return Markdown(without_html("\n".join([*head, *rows, ":::"])))


def _source_line(row):
    through = f", reached through {row.reached_through}" if row.reached_through else ""
    note = f" {row.note}" if row.note else ""
    return (
        f"| `{row.source_id}` | {row.publisher}: [{row.title}]({row.address}), "
        f"{row.date}{through}.{note} | {row.license} |"
    )
