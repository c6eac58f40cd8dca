"""Charts that know the field: maps of Kazakhstan's regions, and marks where a series breaks.

Like the builders of `explorers.drawing`, each returns an Altair chart without data, to be handed to an
`explorers.Explorer`.
"""

import json

import altair as alt
from explorers import drawing
from explorers.page import share_dataset
from explorers.sentences import format_number

# Losses, little change, gains. In both themes a large value stands out more than a small one, without
# color too: darker on a light page, lighter on a dark one.
MAP_COLORS = [
    "var(--map-1, #7f3b08)", "var(--map-2, #c4660f)", "var(--map-3, #efab5e)", "var(--map-4, #e9e9e6)",
    "var(--map-5, #92bddd)", "var(--map-6, #3d85b8)", "var(--map-7, #08406f)",
]  # fmt: skip
BOUNDARIES = "boundaries"
# All maps of a page share one copy of the outlines.
share_dataset(BOUNDARIES)


def with_marks(chart, marks, left_from=None, height=12):
    """Draw dashed vertical rules with labels over a chart whose x axis is a year or a number.

    Parameters
    ----------
    chart : altair.Chart
    marks : DataFrame
        Columns ``year`` and ``label``, for example from `data.marks` or the table of events (rename its
        column ``event`` to ``label``).
    left_from : float, optional
        From this year on a label stands left of its rule: give it where labels would leave the chart.
    height : int, optional
        Pixels between the lines of labels that follow each other.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If a column is missing.
    """
    missing = {"year", "label"} - set(marks)
    if missing:
        raise ValueError(
            f"The marks have no column {', '.join(sorted(missing))}; give "
            f"year and label, as data.marks() does."
        )
    # Names of their own: a field of the rows with the same name would be taken for theirs.
    values = [
        {"mark_at": float(year), "mark_label": str(label), "mark_line": 2 + (i % 3) * height}
        for i, (year, label) in enumerate(zip(marks["year"], marks["label"], strict=True))
    ]
    if not values:
        return chart
    place = alt.X("mark_at:Q")
    rules = (
        alt.Chart(alt.InlineData(values=values))
        .mark_rule(strokeDash=[2, 3], color=drawing.COLOR["quiet"])
        .encode(x=place)
    )
    texts = []
    for side, dx in (("left", 4), ("right", -4)):
        some = [
            row
            for row in values
            if (left_from is not None and row["mark_at"] >= left_from) == (side == "right")
        ]
        if some:
            text = alt.Chart(alt.InlineData(values=some)).mark_text(
                align=side, dx=dx, fontSize=11, baseline="top", opacity=0.85
            )
            texts.append(
                text.encode(
                    x=place, text="mark_label:N", y=alt.Y("mark_line:Q", scale=None, axis=None)
                )
            )
    return drawing.layer(chart, rules, *texts)


def region_map(
    value, features, title=None, thresholds=(-10, -5, -1, 1, 5, 10), text=".0f", height=320
):
    """Draw a map of the regions before 2018, with the cities of the rank of a region as points.

    The rows need ``code``, ``longitude``, ``latitude`` and ``city`` (1 for a city, else 0): a region is
    filled, a city is a circle of the same color scale. The value is printed on each of them, so that
    sign and size can be read without color.

    Parameters
    ----------
    value : str
        Name of the column or result that is shown.
    features : list of dict
        From `data.boundaries`.
    title : str, optional
        Title of the legend, with the unit.
    thresholds : sequence of six numbers, optional
        Where one color ends and the next begins.
    text : str, optional
        Format of the printed values, after d3-format; the sign is always printed.
    height : int

    Returns
    -------
    altair.LayerChart
    """
    labels = _classes(thresholds)
    # The class as a word, because Vega draws the legend of a threshold scale as a ribbon without its ends.
    position = " + ".join(f"(datum['{value}'] >= {limit})" for limit in thresholds)
    classed = alt.Chart().transform_calculate(map_class=f"{json.dumps(labels)}[{position}]")
    scale = alt.Scale(domain=labels, range=MAP_COLORS)
    color = alt.Color(
        "map_class:N",
        scale=scale,
        sort=None,
        title=title,
        legend=alt.Legend(orient="bottom", offset=4, columns=3, symbolType="square"),
    )
    outlines = alt.LookupData(
        data=alt.NamedData(BOUNDARIES), key="code", fields=["type", "geometry", "label"]
    )
    area = (
        classed.transform_lookup(lookup="code", from_=outlines)
        .transform_filter("datum.city == 0")
        .mark_geoshape(stroke=drawing.COLOR["page"], strokeWidth=1)
        .encode(color=color, detail=alt.Detail("code:N"))
    )
    place = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    # On a phone a city is smaller, or it would cover the number of the region around it.
    towns = (
        classed.transform_filter("datum.city == 1")
        .mark_circle(size=alt.expr("width < 400 ? 90 : 260"), stroke=drawing.COLOR["page"], strokeWidth=1.5, opacity=1).encode(**place, color=color)
    )  # fmt: skip
    written = f"replace(format(datum['{value}'], '+{text}'), '-', '\u2212')"
    # What rounds to zero has no sign.
    shown = alt.Chart().transform_calculate(
        map_text=(f"toNumber(format(datum['{value}'], '{text}')) == 0 ? '0' : {written}")
    )
    # A halo in the color of the page keeps a number readable on dark and on light areas.
    halo = {"fontSize": 11, "fontWeight": "bold"}
    inside = shown.transform_filter("datum.city == 0")
    beside = shown.transform_filter("datum.city == 1")
    texts = [
        part.mark_text(**halo, **where, **look).encode(**place, text="map_text:N")
        for part, where in (
            (inside, {}),
            (beside, {"align": "left", "dx": alt.expr("width < 400 ? 7 : 11")}),
        )
        for look in (
            {"stroke": drawing.COLOR["page"], "strokeWidth": 3, "strokeJoin": "round"},
            {"color": drawing.COLOR["text"]},
        )
    ]
    projection = alt.Projection(type="conicEqualArea", parallels=[43, 53], rotate=[-67, 0, 0])
    chart = alt.layer(area, towns, *texts).properties(height=height, projection=projection)
    chart.datasets = {BOUNDARIES: features}
    return chart


def _classes(thresholds):
    """Return the names of the classes between thresholds, in words."""
    names = [
        format_number(limit, ".0f" if float(limit).is_integer() else ".1f") for limit in thresholds
    ]
    between = [f"{low} to {high}" for low, high in zip(names, names[1:], strict=False)]
    return [f"below {names[0]}", *between, f"{names[-1]} and more"]
