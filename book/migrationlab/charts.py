"""The book's look: a theme and small chart builders.

Every builder returns an Altair chart without data, to be handed to an `Explorer`
or to be given data with ``chart.properties(data=frame)``.
Colors are CSS variables, so that the reader's switch between light and dark needs no script.
Each has a plain color behind it, for pictures and for pages that do not define the variable.
"""

import json
import re

import altair as alt
import vl_convert

from .sentences import format_number

COLOR = {
    "main": "var(--mark-main, #0b6e99)",
    "second": "var(--mark-second, #c2410c)",
    "third": "var(--mark-third, #6d4aa8)",
    "quiet": "var(--mark-quiet, #9aa5ad)",
    "text": "currentColor",
    # What lies behind a chart: lines between areas, a halo around a number.
    "page": "var(--mark-page, #ffffff)",
}
# Losses, little change, gains. In both themes a large value stands out more than a small one, without
# color too: darker on a light page, lighter on a dark one.
MAP_COLORS = [
    "var(--map-1, #7f3b08)", "var(--map-2, #c4660f)", "var(--map-3, #efab5e)", "var(--map-4, #e9e9e6)",
    "var(--map-5, #92bddd)", "var(--map-6, #3d85b8)", "var(--map-7, #08406f)",
]  # fmt: skip
BOUNDARIES = "boundaries"
HEIGHT = 300
_VEGA_LITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])

THEME = {
    "font": "sans-serif",
    "background": "transparent",
    # The figure carries one description and a table of numbers; marks need no labels of their own.
    "aria": False,
    "autosize": {"type": "fit", "contains": "padding"},
    "view": {"stroke": None},
    "axis": {
        "labelColor": COLOR["text"], "titleColor": COLOR["text"], "domainColor": "var(--mark-axis, #8a949b)",
        "tickColor": "var(--mark-axis, #8a949b)", "gridColor": "var(--mark-grid, #e3e7ea)",
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8, "labelLimit": 150,
    },
    "axisY": {"titleAnchor": "end", "titleAngle": 0, "titleAlign": "left", "titleY": -14, "titleX": 0},
    "legend": {
        "labelColor": COLOR["text"], "titleColor": COLOR["text"], "orient": "top", "title": None,
        "labelFontSize": 12, "symbolType": "square", "titleLimit": 0, "gradientStrokeColor": None,
        # Room for the title of the y axis, which stands above the axis.
        "offset": 22,
    },
    "text": {"color": COLOR["text"], "fontSize": 12},
    "mark": {"color": COLOR["main"]},
    "rule": {"color": "var(--mark-axis, #8a949b)"},
    "line": {"strokeWidth": 2.5},
    "range": {"category": [COLOR["main"], COLOR["second"], COLOR["third"], COLOR["quiet"]]},
}  # fmt: skip


@alt.theme.register("why_people_move", enable=True)
def _theme():
    return alt.theme.ThemeConfig({"config": THEME})


def _value(field, title, domain, **axis):
    scale = alt.Scale(domain=list(domain), nice=False, zero=False) if domain else alt.Undefined
    return {"shorthand": f"{field}:Q", "title": title, "scale": scale, "axis": alt.Axis(tickCount=6, **axis)}


def _color(highlight):
    """Return the main color, or two colors by a column of 0 and 1."""
    if highlight is None:
        return alt.value(COLOR["main"])
    return alt.condition(f"datum['{highlight}']", alt.value(COLOR["second"]), alt.value(COLOR["main"]))


def bars(category, value, title, domain=None, sort=None, highlight=None, height=HEIGHT):
    """Horizontal bars, one for each category.

    Parameters
    ----------
    category, value : str
        Names of columns or results.
    title : str
        Title of the value axis, with its unit.
    domain : (low, high), optional
        Fixed ends of the value axis; give them whenever sliders change the values.
    sort : list or str, optional
        The categories in order, or the column to sort by (descending); default is the order of the rows.
    highlight : str, optional
        A column or result of 0 and 1; bars with 1 get the second color.
    height : int

    Returns
    -------
    altair.Chart
    """
    y = alt.Y(f"{category}:N", title=None, sort=_order(sort), axis=alt.Axis(labelOverlap=False, ticks=False, domain=False))
    return (
        alt.Chart(height=height).mark_bar().encode(y=y, x=alt.X(**_value(value, title, domain)), color=_color(highlight))
    )


def with_values(chart, value, format):
    """Print the value of each bar beside its end, on the side away from zero.

    Parameters
    ----------
    chart : altair.Chart
        Horizontal bars, such as `bars` returns.
    value : str
        Column or result that decides the side.
    format : str
        A number format of Vega, such as ``",.1f"``.

    Returns
    -------
    altair.LayerChart
    """
    side = f"datum['{value}'] < 0"
    label = chart.mark_text(dx=alt.expr(f"{side} ? -5 : 5"), align=alt.expr(f"{side} ? 'right' : 'left'"))
    return layer(chart, label.encode(text=alt.Text(f"{value}:Q", format=format), color=alt.value(COLOR["text"])))


def columns(category, value, title, domain=None, sort=None, highlight=None, height=HEIGHT):
    """Vertical bars; see `bars`."""
    x = alt.X(f"{category}:N", title=None, sort=_order(sort), axis=alt.Axis(labelAngle=0, ticks=False))
    return (
        alt.Chart(height=height).mark_bar(width={"band": 0.7}).encode(x=x, y=alt.Y(**_value(value, title, domain)), color=_color(highlight))
    )


def lines(x, y, x_title, y_title, x_domain=None, y_domain=None, series=None, height=HEIGHT, color="main", dash=False):
    """A line, or one line for each value of `series`.

    `series` is a text column; its values are the legend. `color` is a name in `COLOR`.
    """
    mark = alt.Chart(height=height).mark_line(clip=True, strokeDash=[5, 4] if dash else alt.Undefined)
    channels = {
        "x": alt.X(**_value(x, x_title, x_domain, format="d" if x == "year" else alt.Undefined)),
        "y": alt.Y(**_value(y, y_title, y_domain)),
        "color": alt.value(COLOR[color]) if series is None else alt.Color(f"{series}:N", sort=None),
    }
    return mark.encode(**channels)


def points(x, y, x_title, y_title, x_domain=None, y_domain=None, highlight=None, label=None, height=HEIGHT):
    """A dot for each row; with `label`, the row's name beside the dot."""
    base = alt.Chart(height=height).encode(x=alt.X(**_value(x, x_title, x_domain)), y=alt.Y(**_value(y, y_title, y_domain)))
    dots = base.mark_circle(size=70, opacity=0.9).encode(color=_color(highlight))
    if label is None:
        return dots
    return layer(dots, base.mark_text(align="left", dx=7, fontSize=11).encode(text=f"{label}:N"))


def ticks(category, value, sort=None, color="second", height=HEIGHT):
    """Short strokes on top of `bars`: a prediction beside what was observed. Use the same `sort`."""
    y = alt.Y(f"{category}:N", title=None, sort=_order(sort))
    return (
        alt.Chart(height=height)
        .mark_tick(thickness=4, opacity=1, color=COLOR[color], height={"band": 0.95})
        .encode(y=y, x=alt.X(f"{value}:Q"))
    )


def rule(x=None, y=None, color="quiet"):
    """A straight dashed line at the value of a result or column, vertical (`x`) or horizontal (`y`)."""
    channel = {"x": alt.X(f"mean({x}):Q")} if x is not None else {"y": alt.Y(f"mean({y}):Q")}
    return alt.Chart().mark_rule(strokeDash=[5, 4], color=COLOR[color], strokeWidth=1.5).encode(**channel)


def layer(*parts):
    """Draw charts on top of each other, on shared axes, in the height of the first."""
    heights = [part.height for part in parts if part.height is not alt.Undefined]
    parts = [part.copy(deep=False) for part in parts]
    for part in parts:
        # Altair wants one height, on the whole.
        part.height = alt.Undefined
    return alt.layer(*parts).properties(height=heights[0] if heights else HEIGHT)


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
        raise ValueError(f"The marks have no column {', '.join(sorted(missing))}; give year and label, as data.marks() does.")
    # Names of their own: a field of the rows with the same name would be taken for theirs.
    values = [
        {"mark_at": float(year), "mark_label": str(label), "mark_line": 2 + (i % 3) * height}
        for i, (year, label) in enumerate(zip(marks["year"], marks["label"], strict=True))
    ]
    if not values:
        return chart
    place = alt.X("mark_at:Q")
    rules = alt.Chart(alt.InlineData(values=values)).mark_rule(strokeDash=[2, 3], color=COLOR["quiet"]).encode(x=place)
    texts = []
    for side, dx in (("left", 4), ("right", -4)):
        some = [row for row in values if (left_from is not None and row["mark_at"] >= left_from) == (side == "right")]
        if some:
            text = alt.Chart(alt.InlineData(values=some)).mark_text(align=side, dx=dx, fontSize=11, baseline="top", opacity=0.85)
            texts.append(text.encode(x=place, text="mark_label:N", y=alt.Y("mark_line:Q", scale=None, axis=None)))
    return layer(chart, rules, *texts)


def region_map(value, features, title=None, thresholds=(-10, -5, -1, 1, 5, 10), text=".0f", height=320):
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
    color = alt.Color("map_class:N", scale=scale, sort=None, title=title, legend=alt.Legend(orient="bottom", offset=4, columns=3))
    outlines = alt.LookupData(data=alt.NamedData(BOUNDARIES), key="code", fields=["type", "geometry", "label"])
    area = (
        classed.transform_lookup(lookup="code", from_=outlines).transform_filter("datum.city == 0")
        .mark_geoshape(stroke=COLOR["page"], strokeWidth=1)
        .encode(color=color, detail=alt.Detail("code:N"))
    )
    place = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    towns = (
        classed.transform_filter("datum.city == 1")
        .mark_circle(size=260, stroke=COLOR["page"], strokeWidth=1.5, opacity=1).encode(**place, color=color)
    )  # fmt: skip
    written = f"replace(format(datum['{value}'], '+{text}'), '-', '\u2212')"
    # What rounds to zero has no sign.
    shown = alt.Chart().transform_calculate(map_text=f"toNumber(format(datum['{value}'], '{text}')) == 0 ? '0' : {written}")
    # A halo in the color of the page keeps a number readable on dark and on light areas.
    halo = {"fontSize": 11, "fontWeight": "bold"}
    inside = shown.transform_filter("datum.city == 0")
    beside = shown.transform_filter("datum.city == 1")
    texts = [
        part.mark_text(**halo, **where, **look).encode(**place, text="map_text:N")
        for part, where in ((inside, {}), (beside, {"align": "left", "dx": 11}))
        for look in ({"stroke": COLOR["page"], "strokeWidth": 3, "strokeJoin": "round"}, {"color": COLOR["text"]})
    ]
    projection = alt.Projection(type="conicEqualArea", parallels=[43, 53], rotate=[-67, 0, 0])
    chart = alt.layer(area, towns, *texts).properties(height=height, projection=projection)
    chart.datasets = {BOUNDARIES: features}
    return chart


def _classes(thresholds):
    """Return the names of the classes between thresholds, in words."""
    names = [format_number(limit, ".0f" if float(limit).is_integer() else ".1f") for limit in thresholds]
    between = [f"{low} to {high}" for low, high in zip(names, names[1:], strict=False)]
    return [f"below {names[0]}", *between, f"{names[-1]} and more"]


def _order(sort):
    if isinstance(sort, str):
        return alt.EncodingSortField(field=sort, order="descending")
    return None if sort is None else list(sort)


def height_of(spec):
    """Return the height in pixels that a specification takes, axes included."""
    return spec.get("height", HEIGHT)


def to_svg(spec, prefix):
    """Return the chart as inline SVG.

    Parameters
    ----------
    spec : dict
        Vega-Lite, with a width in pixels.
    prefix : str
        Put before the ids inside the picture, which must be unique on a page.
    """
    svg = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE)
    svg = re.sub(r'(id="|url\(#)', rf"\1{prefix}-", svg)
    return re.sub(r"<svg ", '<svg aria-hidden="true" focusable="false" ', svg, count=1)


def to_png(spec):
    """Return the chart as PNG bytes on white, with plain colors instead of CSS variables."""
    return vl_convert.vegalite_to_png(_plain_colors(spec) | {"background": "white"}, vl_version=_VEGA_LITE)


def _plain_colors(value):
    if isinstance(value, dict):
        return {key: _plain_colors(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_colors(item) for item in value]
    if isinstance(value, str):
        return "#222222" if value == "currentColor" else re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", value)
    return value
