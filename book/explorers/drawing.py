"""The look of the charts: a theme, small builders, and still pictures.

Every builder returns an Altair chart without data, to be handed to an `Explorer`
or to be given data with ``chart.properties(data=frame)``.
Colors are CSS variables, so that the reader's switch between light and dark needs no script.
Each has a plain color behind it, for pictures and for pages that do not define the variable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import altair as alt
import vl_convert

# The lowest and the highest value of an axis.
Ends = tuple[float, float]
# Categories in order, or the column to sort by.
Order = Sequence[str] | str | None

COLOR = {
    "main": "var(--mark-main, #0b6e99)",
    "second": "var(--mark-second, #c2410c)",
    "third": "var(--mark-third, #6d4aa8)",
    "quiet": "var(--mark-quiet, #7f8b93)",
    "text": "currentColor",
    # What lies behind a chart: lines between areas, a halo around a number.
    "page": "var(--mark-page, #ffffff)",
}
HEIGHT = 300
# For the axis of a list of names: ``alt.Axis(**PLAIN_AXIS)``.
PLAIN_AXIS = {"ticks": False, "domain": False, "labelPadding": 6, "labelOverlap": False}
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])

THEME = {
    "font": "sans-serif",
    "background": "transparent",
    # The figure carries one description and a table of numbers; marks need no labels of their own.
    "aria": False,
    # The labels change with the settings: without "resize" the room of the first ones is kept, and longer ones are cut.
    "autosize": {"type": "fit", "contains": "padding", "resize": True},
    "view": {"stroke": None},
    "axis": {
        "labelColor": COLOR["text"], "titleColor": COLOR["text"], "domainColor": "var(--mark-axis, #7d8991)",
        "tickColor": "var(--mark-axis, #7d8991)", "gridColor": "var(--mark-grid, #e3e7ea)",
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8, "labelLimit": 150,
        "labelSeparation": 4,
    },
    # A long title reaches below the names of the other axis, where there is room, and not beyond the chart.
    "axisX": {"titleAnchor": "end"},
    "axisY": {"titleAnchor": "end", "titleAngle": 0, "titleAlign": "left", "titleY": -14, "titleX": 0},
    "legend": {
        "labelColor": COLOR["text"], "titleColor": COLOR["text"], "orient": "top", "title": None,
        "labelFontSize": 12, "titleLimit": 0, "gradientStrokeColor": None,
        # Room for the title of the y axis, which stands above the axis.
        "offset": 26,
    },
    "text": {"color": COLOR["text"], "fontSize": 12},
    "mark": {"color": COLOR["main"]},
    "rule": {"color": "var(--mark-axis, #7d8991)"},
    "line": {"strokeWidth": 2.5},
    "range": {"category": [COLOR["main"], COLOR["second"], COLOR["third"], COLOR["quiet"]]},
}  # fmt: skip


@alt.theme.register("explorers", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    return cast(alt.theme.ThemeConfig, {"config": THEME})


def _value(field: str, title: str, domain: Ends | None, **axis: Any) -> dict[str, Any]:
    scale = alt.Scale(domain=list(domain), nice=False, zero=False) if domain else alt.Undefined
    return {
        "shorthand": f"{field}:Q",
        "title": title,
        "scale": scale,
        "axis": alt.Axis(tickCount=6, **axis),
    }


def _color(highlight: str | None) -> Any:
    """Return the main color, or two colors by a column of 0 and 1."""
    if highlight is None:
        return alt.value(COLOR["main"])
    return alt.condition(
        f"datum['{highlight}']", alt.value(COLOR["second"]), alt.value(COLOR["main"])
    )


def bars(
    category: str,
    value: str,
    title: str,
    domain: Ends | None = None,
    sort: Order = None,
    highlight: str | None = None,
    height: int = HEIGHT,
) -> alt.Chart:
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
    y = alt.Y(
        f"{category}:N",
        title=None,
        sort=_order(sort),
        axis=alt.Axis(labelOverlap=False, ticks=False, domain=False),
    )
    return (
        alt.Chart(height=height)
        .mark_bar()
        .encode(y=y, x=alt.X(**_value(value, title, domain)), color=_color(highlight))
    )


def with_values(chart: alt.Chart, value: str, format: str) -> alt.LayerChart:
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
    label = chart.mark_text(
        dx=alt.expr(f"{side} ? -5 : 5"), align=alt.expr(f"{side} ? 'right' : 'left'")
    )
    return layer(
        chart,
        label.encode(text=alt.Text(f"{value}:Q", format=format), color=alt.value(COLOR["text"])),
    )


def upright_bars(
    category: str,
    value: str,
    title: str,
    domain: Ends | None = None,
    sort: Order = None,
    highlight: str | None = None,
    height: int = HEIGHT,
) -> alt.Chart:
    """Vertical bars; see `bars`."""
    x = alt.X(
        f"{category}:N", title=None, sort=_order(sort), axis=alt.Axis(labelAngle=0, ticks=False)
    )
    return (
        alt.Chart(height=height)
        .mark_bar(width={"band": 0.7})
        .encode(x=x, y=alt.Y(**_value(value, title, domain)), color=_color(highlight))
    )


def lines(
    x: str,
    y: str,
    x_title: str,
    y_title: str,
    x_domain: Ends | None = None,
    y_domain: Ends | None = None,
    series: str | None = None,
    height: int = HEIGHT,
    color: str = "main",
    dash: bool = False,
) -> alt.Chart:
    """A line, or one line for each value of `series`.

    `series` is a text column; its values are the legend. `color` is a name in `COLOR`.
    """
    mark = alt.Chart(height=height).mark_line(
        clip=True, strokeDash=[5, 4] if dash else alt.Undefined
    )
    channels = {
        "x": alt.X(**_value(x, x_title, x_domain, format="d" if x == "year" else alt.Undefined)),
        "y": alt.Y(**_value(y, y_title, y_domain)),
        "color": alt.value(COLOR[color]) if series is None else alt.Color(f"{series}:N", sort=None),
    }
    return mark.encode(**channels)


def points(
    x: str,
    y: str,
    x_title: str,
    y_title: str,
    x_domain: Ends | None = None,
    y_domain: Ends | None = None,
    highlight: str | None = None,
    label: str | None = None,
    height: int = HEIGHT,
) -> alt.Chart | alt.LayerChart:
    """A dot for each row; with `label`, the row's name beside the dot."""
    base = alt.Chart(height=height).encode(
        x=alt.X(**_value(x, x_title, x_domain)), y=alt.Y(**_value(y, y_title, y_domain))
    )
    dots = base.mark_circle(size=70, opacity=0.9).encode(color=_color(highlight))
    if label is None:
        return dots
    return layer(dots, base.mark_text(align="left", dx=7, fontSize=11).encode(text=f"{label}:N"))


def ticks(
    category: str, value: str, sort: Order = None, color: str = "second", height: int = HEIGHT
) -> alt.Chart:
    """Short strokes on top of `bars`: a prediction beside what was observed. Use the same `sort`."""
    y = alt.Y(f"{category}:N", title=None, sort=_order(sort))
    return (
        alt.Chart(height=height)
        .mark_tick(thickness=4, opacity=1, color=COLOR[color], height={"band": 0.95})
        .encode(y=y, x=alt.X(f"{value}:Q"))
    )


def rule(x: str | None = None, y: str | None = None, color: str = "quiet") -> alt.Chart:
    """A straight dashed line at the value of a result or column, vertical (`x`) or horizontal (`y`)."""
    channel = {"x": alt.X(f"mean({x}):Q")} if x is not None else {"y": alt.Y(f"mean({y}):Q")}
    return (
        alt.Chart()
        .mark_rule(strokeDash=[5, 4], color=COLOR[color], strokeWidth=1.5)
        .encode(**channel)
    )


def layer(*parts: alt.Chart | alt.LayerChart) -> alt.LayerChart:
    """Draw charts on top of each other, on shared axes, in the height of the first."""
    heights = [part.height for part in parts if part.height is not alt.Undefined]
    copies = [part.copy(deep=False) for part in parts]
    for part in copies:
        # Altair wants one height, on the whole.
        part.height = alt.Undefined
    whole = alt.layer(*copies).properties(height=heights[0] if heights else HEIGHT)
    return cast(alt.LayerChart, whole)


def _order(sort: Order) -> Any:
    if isinstance(sort, str):
        return alt.EncodingSortField(field=sort, order="descending")
    return None if sort is None else list(sort)


def height_of(spec: Mapping[str, Any]) -> int:
    """Return the height in pixels that a specification takes, axes included."""
    return spec.get("height", HEIGHT)


def to_svg(spec: Mapping[str, Any], prefix: str) -> str:
    """Return the chart as inline SVG.

    Parameters
    ----------
    spec : dict
        Vega-Lite, with a width in pixels.
    prefix : str
        Put before the ids inside the picture, which must be unique on a page.
    """
    svg = vl_convert.vegalite_to_svg(dict(spec), vl_version=VEGA_LITE)
    svg = re.sub(r'(id="|url\(#)', rf"\1{prefix}-", svg)
    return re.sub(r"<svg ", '<svg aria-hidden="true" focusable="false" ', svg, count=1)


def to_png(spec: Mapping[str, Any]) -> bytes:
    """Return the chart as PNG bytes on white, with plain colors instead of CSS variables."""
    return vl_convert.vegalite_to_png(
        _plain_colors(spec) | {"background": "white"}, vl_version=VEGA_LITE
    )


def _plain_colors(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain_colors(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_colors(item) for item in value]
    if isinstance(value, str):
        return (
            "#222222"
            if value == "currentColor"
            else re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", value)
        )
    return value
