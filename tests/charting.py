"""What holds for every chart builder: valid Vega-Lite, drawn by vl-convert, in the theme's colors only."""

import inspect
import re

import altair as alt
import jsonschema
import pandas as pd
import pytest
import vl_convert
from altair.vegalite.v6.schema import core
from explorers import drawing

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


class ChartChecks:
    """Tests of a module's builders; a subclass says how each is called.

    Attributes
    ----------
    module : module
    samples : dict of str to callable
        Each returns a chart without data.
    more_colors : list of str
        Colors of its own besides the theme's.
    """

    more_colors: list = []

    def __init_subclass__(cls):
        """Run every test with every chart."""

        @pytest.fixture(params=cls.samples)
        def spec(self, request):
            chart = cls.samples[request.param]()
            return chart.properties(data=DATA).to_dict() | {"width": 500}

        cls.spec = spec

    def test_every_builder_is_tried(self):
        builders = {
            name
            for name, function in inspect.getmembers(self.module, inspect.isfunction)
            if function.__module__ == self.module.__name__ and not name.startswith("_")
        }
        # What returns a chart takes part; the rest writes pictures.
        builders -= {"height_of", "to_svg", "to_png"}
        tried = "".join(inspect.getsource(build) for build in self.samples.values())
        name = self.module.__name__.rpartition(".")[2]
        assert builders
        assert all(f"{name}.{builder}(" in tried for builder in builders)

    def test_charts_have_no_data_until_they_get_some(self):
        for name, build in self.samples.items():
            assert build().data is alt.Undefined, name

    @pytest.fixture(scope="class")
    def schema(self):
        return jsonschema.validators.validator_for(core.load_schema())(core.load_schema())

    def test_chart_is_valid_vega_lite(self, spec, schema):
        # The whole schema, independently of Altair's own check.
        schema.validate(spec)

    def test_chart_is_drawn(self, spec):
        svg = drawing.to_svg(spec, "here")
        assert svg.startswith("<svg ")
        assert 'aria-hidden="true"' in svg
        # One mark for each row or series, and an axis.
        assert svg.count("<path") + svg.count("<line") + svg.count("<text") > 6
        assert "NaN" not in svg
        assert "undefined" not in svg

    def test_ids_of_a_picture_carry_its_prefix(self, spec):
        svg = drawing.to_svg(spec, "here")
        assert all(
            name.startswith("here-")
            for name in re.findall(r'\bid="([^"]*)"', svg) + re.findall(r"url\(#([^)]*)\)", svg)
        )

    def test_colors_are_the_themes(self, spec):
        own = {
            key: value
            for key, value in spec.items()
            if key not in ("config", "datasets", "$schema")
        }
        colors = {value for _, value in strings(own) if re.match(r"(#|rgb|hsl|var\()", value)}
        assert colors <= {*drawing.COLOR.values(), *self.more_colors}
        colored = [
            value
            for key, value in strings(own)
            if re.search("color|fill$|stroke$", key, re.IGNORECASE)
        ]
        assert set(colored) <= set(drawing.COLOR.values())

    def test_theme_leaves_no_color_of_vega(self, spec):
        svg = drawing.to_svg(spec, "here")
        painted = set(re.findall(r'\b(?:fill|stroke)="([^"]*)"', svg))
        fixed = {
            color
            for color in painted
            if not re.fullmatch(
                r"none|transparent|currentColor|var\(--(mark-[a-z]+|map-[1-7]), ?#[0-9a-f]{6}\)",
                color,
            )
        }
        assert not fixed

    def test_picture_for_print_has_plain_colors(self, spec, monkeypatch):
        seen = {}
        monkeypatch.setattr(
            vl_convert, "vegalite_to_png", lambda spec, **options: seen.update(spec) or b""
        )
        drawing.to_png(spec)
        texts = [value for _, value in strings(seen)]
        assert not [text for text in texts if "var(" in text or "currentColor" in text]
        assert seen["background"] == "white"
        assert {key for key, value in strings(seen) if value == "#222222"}

    def test_picture_for_print_is_png(self, spec):
        png = drawing.to_png(spec)
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert int.from_bytes(png[16:20], "big") >= 500
