"""Chart builders: valid Vega-Lite, drawn by vl-convert, in the book's colors only."""

import inspect
import re
from pathlib import Path

import altair as alt
import jsonschema
import pandas as pd
import pytest
import vl_convert
from altair.vegalite.v6.schema import core
from explorers import drawing
from migrationlab import charts

DATA = pd.DataFrame(
    {
        "town": ["Almaty", "Astana", "Aktobe"] * 2,
        "year": [2019, 2019, 2019, 2020, 2020, 2020],
        "x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        "y": [3.0, 1.0, 2.0, 6.0, 4.0, 5.0],
        "mark": [0, 1, 0, 0, 1, 0],
        "mean": [3.5] * 6,
        "code": ["KZ-61", "KZ-79", "KZ-31"] * 2,
        "city": [0, 1, 0] * 2,
        "longitude": [68.5, 69.6, 72.2] * 2,
        "latitude": [43.2, 42.3, 44.3] * 2,
    }
)
MARKS = pd.DataFrame({"year": [2.5, 4], "label": ["census", "region divided"]})
SQUARE = [[66, 41], [66, 45], [70, 45], [70, 41], [66, 41]]
OUTLINES = [
    {"type": "Feature", "code": "KZ-61", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
]

CHARTS = {
    "bars": lambda: drawing.bars("town", "y", "moves per 1,000", domain=(0, 10)),
    "bars, highlighted": lambda: drawing.bars("town", "y", "moves", highlight="mark", sort="y", height=200),
    "bars, in order": lambda: drawing.bars("town", "y", "moves", sort=["Astana", "Almaty", "Aktobe"]),
    "columns": lambda: drawing.upright_bars("town", "y", "moves", domain=(0, 10), highlight="mark"),
    "lines": lambda: drawing.lines("year", "y", "year", "moves", x_domain=(2019, 2020), y_domain=(0, 7)),
    "lines by series": lambda: drawing.lines("x", "y", "x", "moves", series="town"),
    "dashed": lambda: drawing.lines("x", "y", "x", "moves", color="third", dash=True),
    "points": lambda: drawing.points("x", "y", "x, km", "y, ‰", x_domain=(0, 7), y_domain=(0, 7), highlight="mark"),
    "labeled points": lambda: drawing.points("x", "y", "x", "y", label="town"),
    "bars and ticks": lambda: drawing.layer(drawing.bars("town", "y", "moves"), drawing.ticks("town", "x")),
    "points and rules": lambda: drawing.layer(drawing.points("x", "y", "x", "y", height=180), drawing.rule(x="mean"), drawing.rule(y="mean", color="second")),
    "lines and labeled points": lambda: drawing.layer(drawing.lines("x", "y", "x", "y"), drawing.points("x", "y", "x", "y", label="town")),
    "lines with marks": lambda: charts.with_marks(drawing.lines("x", "y", "x", "y"), MARKS),
    "bars with values": lambda: drawing.with_values(drawing.bars("town", "y", "moves"), "y", ".1f"),
    "map": lambda: charts.region_map("y", OUTLINES, "per 1,000"),
}  # fmt: skip


@pytest.fixture(params=CHARTS)
def chart(request):
    return CHARTS[request.param]().properties(data=DATA)


@pytest.fixture
def spec(chart):
    return chart.to_dict() | {"width": 500}


def strings(value, key=""):
    """Yield every text in a specification with its key."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from strings(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, key)
    elif isinstance(value, str):
        yield key, value


def test_values_stand_on_the_side_away_from_zero():
    bars = drawing.with_values(drawing.bars("town", "y", "moves"), "y", ".1f")
    frame = pd.DataFrame({"town": ["Almaty", "Atyrau"], "y": [4.0, -3.0]})
    picture = drawing.to_svg(bars.properties(data=frame, width=300).to_dict(), prefix="test")
    assert re.search(r'text-anchor="start"[^>]*>4\.0<', picture)
    assert re.search(r'text-anchor="end"[^>]*>−3\.0<', picture)


@pytest.mark.parametrize("module", [drawing, charts])
def test_every_builder_is_tried(module):
    builders = {
        name
        for name, f in inspect.getmembers(module, inspect.isfunction)
        if f.__module__ == module.__name__ and not name.startswith("_")
    }
    # What returns a chart takes part; the rest writes pictures.
    builders -= {"height_of", "to_svg", "to_png"}
    tried = "".join(inspect.getsource(build) for build in CHARTS.values())
    name = module.__name__.rpartition(".")[2]
    assert builders and all(f"{name}.{builder}(" in tried for builder in builders)


@pytest.fixture(scope="module")
def schema():
    return jsonschema.validators.validator_for(core.load_schema())(core.load_schema())


def test_chart_is_valid_vega_lite(spec, schema):
    # The whole schema, independently of Altair's own check.
    schema.validate(spec)


def test_chart_is_drawn(spec):
    svg = drawing.to_svg(spec, "here")
    assert svg.startswith("<svg ")
    assert 'aria-hidden="true"' in svg
    # One mark for each row or series, and an axis.
    assert svg.count("<path") + svg.count("<line") + svg.count("<text") > 6
    assert "NaN" not in svg
    assert "undefined" not in svg


def test_ids_of_a_picture_carry_its_prefix(spec):
    svg = drawing.to_svg(spec, "here")
    assert all(
        name.startswith("here-")
        for name in re.findall(r'\bid="([^"]*)"', svg) + re.findall(r"url\(#([^)]*)\)", svg)
    )


def test_colors_come_from_the_book(spec):
    own = {
        key: value for key, value in spec.items() if key not in ("config", "datasets", "$schema")
    }
    colors = {value for _, value in strings(own) if re.match(r"(#|rgb|hsl|var\()", value)}
    assert colors <= {*drawing.COLOR.values(), *charts.MAP_COLORS}
    colored = [
        value for key, value in strings(own) if re.search("color|fill$|stroke$", key, re.IGNORECASE)
    ]
    assert set(colored) <= set(drawing.COLOR.values())


def test_theme_leaves_no_color_of_vega(spec):
    svg = drawing.to_svg(spec, "here")
    painted = set(re.findall(r'\b(?:fill|stroke)="([^"]*)"', svg))
    fixed = {
        color
        for color in painted
        if not re.fullmatch(
            r"none|transparent|currentColor|var\(--(mark-[a-z]+|map-[1-7]), ?#[0-9a-f]{6}\)", color
        )
    }
    assert not fixed


def test_picture_for_print_has_plain_colors(spec, monkeypatch):
    seen = {}
    monkeypatch.setattr(
        vl_convert, "vegalite_to_png", lambda spec, **options: seen.update(spec) or b""
    )
    drawing.to_png(spec)
    texts = [value for _, value in strings(seen)]
    assert not [text for text in texts if "var(" in text or "currentColor" in text]
    assert seen["background"] == "white"
    assert {key for key, value in strings(seen) if value == "#222222"}


def test_picture_for_print_is_png(spec):
    png = drawing.to_png(spec)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20], "big") >= 500


def test_every_color_has_a_plain_one_behind_it():
    for name, color in drawing.COLOR.items():
        assert color == "currentColor" or re.fullmatch(
            r"var\(--mark-[a-z]+, #[0-9a-f]{6}\)", color
        ), name


def test_charts_have_no_data_until_they_get_some():
    for name, build in CHARTS.items():
        assert build().data is alt.Undefined, name


def test_fixed_ends_of_axes_stay():
    spec = CHARTS["bars"]().to_dict()
    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 10]
    spec = CHARTS["points"]().to_dict()
    assert (spec["encoding"]["x"]["scale"]["domain"], spec["encoding"]["y"]["scale"]["domain"]) == (
        [0, 7],
        [0, 7],
    )
    assert spec["encoding"]["x"]["scale"]["nice"] is False


def test_titles_name_the_unit():
    spec = CHARTS["points"]().to_dict()
    assert (spec["encoding"]["x"]["title"], spec["encoding"]["y"]["title"]) == ("x, km", "y, ‰")
    assert "title" not in spec


def test_height_of_a_layer_is_that_of_its_first_part():
    first, second = drawing.points("x", "y", "x", "y", height=180), drawing.rule(x="mean")
    assert drawing.height_of(drawing.layer(first, second).to_dict()) == 180
    assert (
        drawing.height_of(drawing.layer(second, drawing.rule(y="mean")).to_dict()) == drawing.HEIGHT
    )
    # The parts can be used again.
    assert first.height == 180
    assert drawing.height_of(drawing.bars("town", "y", "y").to_dict()) == drawing.HEIGHT


def test_order_of_categories():
    def order(**options):
        return drawing.bars("town", "y", "y", **options).to_dict()["encoding"]["y"]["sort"]

    assert order() is None
    assert order(sort=["b", "a"]) == ["b", "a"]
    assert order(sort="y") == {"field": "y", "order": "descending"}


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
    css = (Path(drawing.__file__).parents[1] / "_static" / "book.css").read_text()
    block = re.search(rf'html\[data-theme="{theme}"\] \{{(.*?)\}}', css, flags=re.DOTALL)[1]
    colors = [re.search(rf"--map-{i}: (#\w+)", block)[1] for i in range(1, 8)]
    if theme == "light":
        assert colors == [re.search(r"#\w+", color)[0] for color in charts.MAP_COLORS]
    light = [luminance(color) for color in colors]
    away = [light[3::-1], light[3:]]
    for side in away:
        steps = [b - a for a, b in zip(side, side[1:], strict=False)]
        assert all((step < -0.03) if theme == "light" else (step > 0.03) for step in steps), side
