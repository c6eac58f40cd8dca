"""The chart builders and the pictures of them."""

import re

import pandas as pd
from charting import ChartChecks
from explorers import drawing

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
    "bars with values": lambda: drawing.with_values(drawing.bars("town", "y", "moves"), "y", ".1f"),
}  # fmt: skip


class TestBuilders(ChartChecks):
    module = drawing
    samples = CHARTS


def test_values_stand_on_the_side_away_from_zero():
    bars = drawing.with_values(drawing.bars("town", "y", "moves"), "y", ".1f")
    frame = pd.DataFrame({"town": ["Almaty", "Atyrau", "Aktau"], "y": [4.0, -3.0, 0.0]})
    picture = drawing.to_svg(bars.properties(data=frame, width=300).to_dict(), prefix="test")
    assert re.search(r'text-anchor="start"[^>]*>4\.0<', picture)
    assert re.search(r'text-anchor="end"[^>]*>−3\.0<', picture)
    # Zero has no side; it reads from the axis to the right, like a gain.
    assert re.search(r'text-anchor="start"[^>]*>0\.0<', picture)


def test_every_color_has_a_plain_one_behind_it():
    for name, color in drawing.COLOR.items():
        assert color == "currentColor" or re.fullmatch(
            r"var\(--mark-[a-z]+, #[0-9a-f]{6}\)", color
        ), name


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
