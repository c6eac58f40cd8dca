"""Charts that know the field: the map of the regions, and marks where a series breaks."""

import re

import pandas as pd
import pytest
from charting import ChartChecks
from explorers import drawing
from explorers.style import page_style
from migrationlab import charts

MARKS = pd.DataFrame({"year": [2.5, 4], "label": ["census", "region divided"]})
SQUARE = [[66, 41], [66, 45], [70, 45], [70, 41], [66, 41]]
OUTLINES = [
    {"type": "Feature", "code": "KZ-61", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
]

CHARTS = {
    "lines with marks": lambda: charts.with_marks(drawing.lines("x", "y", "x", "y"), MARKS),
    "map": lambda: charts.region_map("y", OUTLINES, "per 1,000"),
}


class TestBuilders(ChartChecks):
    module = charts
    samples = CHARTS
    more_colors = charts.MAP_COLORS


def test_marks_stand_at_their_years_and_leave_the_line_alone():
    plain = drawing.lines("x", "y", "x", "y", x_domain=(0, 7), y_domain=(0, 7))
    spec = charts.with_marks(plain, MARKS).to_dict()
    named = [
        part["data"]["name"]
        for part in spec["layer"]
        if part.get("data", {}).get("name", "empty") != "empty"
    ]
    values = [spec["datasets"][name] for name in named]
    assert [[row["mark_at"] for row in rows] for rows in values] == [[2.5, 4], [2.5, 4]]
    turned = charts.with_marks(plain, MARKS, left_from=4).to_dict()
    aligned = [part["mark"]["align"] for part in turned["layer"] if part["mark"]["type"] == "text"]
    assert aligned == ["left", "right"]
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 7]


def test_without_breaks_the_chart_stays_as_it_was():
    plain = drawing.lines("x", "y", "x", "y")
    assert charts.with_marks(plain, MARKS.iloc[:0]) is plain


def test_marks_without_labels_are_refused():
    with pytest.raises(ValueError, match="no column label"):
        charts.with_marks(drawing.lines("x", "y", "x", "y"), MARKS[["year"]])


def luminance(color):
    """Relative luminance of a color, as the accessibility guidelines define it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_map_tells_small_from_large_in_grayscale(theme):
    """Away from the middle each class differs more from the page, on both sides."""
    css = page_style()
    block = re.search(rf'html\[data-theme="{theme}"\] \{{(.*?)\}}', css, flags=re.DOTALL)[1]
    colors = [re.search(rf"--map-{i}: (#\w+)", block)[1] for i in range(1, 8)]
    if theme == "light":
        assert colors == [re.search(r"#\w+", color)[0] for color in charts.MAP_COLORS]
    light = [luminance(color) for color in colors]
    away = [light[3::-1], light[3:]]
    for side in away:
        steps = [b - a for a, b in zip(side, side[1:], strict=False)]
        assert all((step < -0.03) if theme == "light" else (step > 0.03) for step in steps), side
