"""Explorers: what they compute, say, refuse, and hand to the page and to the kernel."""

import base64
import json
import re
from html import escape, unescape
from html.parser import HTMLParser

import altair as alt
import ipywidgets
import numpy as np
import pandas as pd
import pytest
from explorers import drawing
from explorers.explorer import Explorer
from explorers.parameters import Choice, Parameter, Switch
from explorers.tracing import TracingError, group_sum
from jupyter_client.jsonutil import json_default

ROWS = pd.DataFrame(
    {
        "town": ["Almaty", "Astana <b>", "Aktobe & Co"],
        "region": ["south", "north", "south"],
        "people": [2000.0, 1000.0, 500.0],
        "capital": [False, True, False],
    }
)


def model(people, region, capital, gamma, rule, inside):
    """Pull of each town."""
    weight = np.where(rule == 1, people / group_sum(people, region), people / np.sum(people))
    pull = 100 * weight**gamma + 10 * inside * capital
    return {"pull": pull, "top": np.argmax(pull), "total": np.sum(pull)}


GAMMA = Parameter(
    "gamma",
    'Elasticity "<γ>"',
    low=0,
    high=2,
    step=0.5,
    default=1,
    unit="per <km>",
    symbol=r"\gamma",
)
RULE = Choice("rule", "Rule", options=("of <all>", "of region"), default="of <all>")
INSIDE = Switch("inside", "Count & capital", default=True)


def explorer(**changes):
    arguments = {
        "title": "Who pulls <most> & why",
        "model": model,
        "rows": ROWS,
        "controls": [GAMMA, RULE, INSIDE],
        "chart": drawing.bars("town", "pull", "pull, %", domain=(0, 110)),
        "sentence": (
            "With γ = {gamma}, {rule}, {inside?with|without}: {town[top]} "
            "{pull[top]:.1f}, total {total:,.0f}."
        ),
        "caption": "Pull of <each> town.",
        "description": 'Bars: "pull" & <towns>.',
        "source": "own <calculation> & more",
    }
    return Explorer(**arguments | changes)


def simple(model, controls=(GAMMA,), sentence="{gamma}", rows=ROWS, **changes):
    chart = drawing.bars("town", "y", "y", domain=(0, 10))
    return explorer(
        model=model, controls=controls, sentence=sentence, rows=rows, chart=chart, **changes
    )


class Elements(HTMLParser):
    """The elements of a piece of a page, each with its attributes and its text."""

    EMPTY = {"input", "br", "meta", "img"}

    def __init__(self, html):
        super().__init__()
        self.all, self.open = [], []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "text": "", **dict(attributes)}
        self.all.append(element)
        if tag not in self.EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.all.append({"tag": tag, "text": "", **dict(attributes)})

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def find(self, tag, **attributes):
        return [
            e
            for e in self.all
            if e["tag"] == tag and all(e.get(k) == v for k, v in attributes.items())
        ]


# ---- computing


def test_compute_and_say_at_the_defaults():
    e = explorer()
    assert e.defaults() == {"gamma": 1.0, "rule": 0, "inside": 1}
    results = e.compute()
    np.testing.assert_allclose(results["pull"], [400 / 7, 200 / 7 + 10, 100 / 7])
    assert results["top"] == 0
    assert results["total"] == pytest.approx(110)
    assert e.say() == "With γ = 1.0, of <all>, with: Almaty 57.1, total 110."


def test_compute_and_say_at_other_settings():
    e = explorer()
    np.testing.assert_allclose(e.compute(rule=1, inside=0)["pull"], [80, 100, 20])
    assert (
        e.say(rule=1, inside=0, gamma=2.0)
        == "With γ = 2.0, of region, without: Astana <b> 100.0, total 168."
    )


def test_conditions_on_controls_mean_in_python_what_they_mean_on_the_page():
    # With Python's own numbers ~(2.0 > 1) is -2, which counts as true.
    e = simple(
        lambda people, gamma, inside: {"y": np.where(~(gamma > 1) & ~(inside == 1), people, 0.0)},
        [GAMMA, INSIDE],
        "{gamma} {inside?a|b}",
    )
    assert e.compute(gamma=2, inside=0)["y"].tolist() == [0, 0, 0]
    assert e.compute(gamma=1, inside=0)["y"].tolist() == [2000, 1000, 500]
    assert e.compute(gamma=1, inside=1)["y"].tolist() == [0, 0, 0]


def test_power_of_a_negative_number_is_not_finite_rather_than_complex():
    with pytest.raises(ValueError, match="not finite"):
        simple(lambda people, gamma: {"y": people * (gamma - 1) ** 0.5})


def test_rows_as_a_dict_are_the_same():
    e = explorer(rows={name: ROWS[name].tolist() for name in ROWS})
    assert e.say() == explorer().say()
    assert e.tape.to_dict() == explorer().tape.to_dict()


def test_rows_of_the_caller_are_left_alone():
    before = ROWS.copy()
    explorer().compute(gamma=2.0)
    pd.testing.assert_frame_equal(ROWS, before)


def test_a_result_may_be_one_number_for_all_rows():
    e = simple(
        lambda people, gamma: {"y": people * 0 + gamma, "c": gamma * 2, "fixed": 7},
        sentence="{gamma} {c:.0f} {fixed:.0f}",
    )
    assert e.compute()["c"] == 2.0
    assert e.say() == "1.0 2 7"


# ---- errors


def test_result_that_is_not_finite_names_result_row_and_settings():
    with pytest.raises(ValueError) as caught:
        simple(lambda people, gamma: {"fine": people, "y": np.log(people - 1000 * gamma)})
    message = str(caught.value)
    for words in (
        "'Who pulls <most> & why'",
        "result 'y' is not finite",
        "row 1",
        "town = Astana <b>",
        "region = north",
        "gamma = 1",
        "np.where",
        "range",
    ):
        assert words in message


def test_corners_of_the_sliders_are_tried():
    with pytest.raises(ValueError, match=r"'y' is not finite in row 0 .* at gamma = 2; guard"):
        simple(lambda people, gamma: {"y": people / np.maximum(2 - gamma, 0.0)})


def test_settings_between_the_corners_are_checked_when_computed():
    e = simple(lambda people, gamma: {"y": people / (gamma - 0.5)})
    with pytest.raises(ValueError, match=r"not finite .* gamma = 0\.5"):
        e.compute(gamma=0.5)


def test_single_result_that_is_not_finite_is_named():
    with pytest.raises(ValueError, match=r"the result 's' is not finite at gamma = 0; guard"):
        simple(lambda people, gamma: {"y": people, "s": np.log(gamma)}, sentence="{gamma} {s:.1f}")


def test_with_many_controls_both_ends_of_each_are_tried():
    names = list("abcdef")
    sliders = [Parameter(name, name, low=0, high=2, step=1, default=1) for name in names]
    sentence = "".join(f"{{{name}}}" for name in names)

    def fine(people, a, b, c, d, e, f):
        return {"y": people * a * b * c * d * e * f}

    assert simple(fine, sliders, sentence).say() == "111111"

    def breaks(people, a, b, c, d, e, f):
        return {"y": people / np.where((e == 0) & (a == 1), 0.0, a + b + c + d + f + 1)}

    with pytest.raises(ValueError, match=r"not finite .* e = 0"):
        simple(breaks, sliders, sentence)


@pytest.mark.parametrize(
    ("column", "values", "row"),
    [
        ("town", ["a", None, "c"], 1),
        ("town", ["a", "b", float("nan")], 2),
        ("people", [1.0, 2.0, float("nan")], 2),
        ("people", [float("inf"), 2.0, 3.0], 0),
    ],
)
def test_gaps_in_the_rows_are_named(column, values, row):
    with pytest.raises(ValueError, match=rf"column '{column}' has a gap in row {row}"):
        explorer(rows=ROWS.assign(**{column: values}))


def test_columns_of_different_length_are_named():
    with pytest.raises(ValueError, match=r"differ in length: .*'people': 2"):
        explorer(rows={name: ROWS[name].tolist() for name in ROWS} | {"people": [1.0, 2.0]})


@pytest.mark.parametrize(
    ("results", "controls", "clash"),
    [
        (("y", "people"), [GAMMA], "people"),
        (("y", "gamma"), [GAMMA], "gamma"),
        (("y",), [GAMMA, Parameter("people", "P", low=0, high=1, step=1, default=0)], "people"),
        (("y",), [GAMMA, GAMMA], "gamma"),
        (("town", "y"), [GAMMA], "town"),
    ],
)
def test_a_name_stands_for_one_thing(results, controls, clash):
    with pytest.raises(ValueError, match=rf"a name stands for two things: .*{clash}"):
        simple(lambda capital, gamma: dict.fromkeys(results, capital * gamma), controls)


@pytest.mark.parametrize("name", ["net rate", "it's", "a.b", "2nd"])
def test_names_can_be_written_in_formulas(name):
    with pytest.raises(ValueError, match=f"'{name}' cannot be the name of a column or result"):
        simple(lambda people, gamma: {"y": people * gamma, name: people})
    with pytest.raises(ValueError, match=f"'{name}' cannot be the name of a column or result"):
        simple(
            lambda people, gamma: {"y": people * gamma}, rows=ROWS.rename(columns={"region": name})
        )


def test_a_control_that_does_nothing_is_refused():
    with pytest.raises(ValueError, match="the model does not take the control 'gamma'"):
        simple(lambda people: {"y": people})


def test_a_chart_that_shows_no_result_is_refused():
    with pytest.raises(ValueError, match="the chart shows none of the results pull, top, total"):
        explorer(chart=drawing.bars("town", "people", "people"))


@pytest.mark.parametrize("draw", [[True, False], [[True, False, True]], []])
def test_rows_to_draw_are_as_many_as_there_are(draw):
    with pytest.raises(ValueError, match="draw has the shape .* of the 3 rows"):
        explorer(draw=draw)


def test_unknown_columns_of_the_table_are_refused():
    with pytest.raises(ValueError, match="the table names 'push', which is none of town, region"):
        explorer(table={"push": "Push"})


def test_misspelt_control_is_refused():
    for call in (explorer().compute, explorer().say):
        with pytest.raises(
            ValueError, match="there is no control 'gama'; there are gamma, rule, inside"
        ):
            call(gama=2)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("{delta:.1f}", "the sentence names 'delta', which is none of"),
        ("{town[best]}", "the sentence names 'best', which is none of"),
        ("{total}", r"say how to write \{total\}"),
        ("{pull[top]}", r"say how to write \{pull\}"),
        ("{inside}", r"say how to write \{inside\}"),
        ("{total:2f}", "'2f' is no number format"),
        ("{town}", "'town' has one value per row; say which one"),
        ("{pull:.1f}", "'pull' has one value per row; say which one"),
        ("{total[0]:.1f}", "'total' is a single value"),
        ("{gamma[0]:.1f}", "'gamma' is a single value"),
        ("{town[0]:.1f}", "'town' is text"),
        ("{town[top]?a|b}", "'town' is text"),
        ("{rule?a|b}", "'rule' is text"),
        ("{town[rule]}", r"\[rule\] is no row number"),
        ("{town[people]}", r"\[people\] is no row number"),
        ("{total:.1f", "brace is left over"),
    ],
)
def test_bad_sentences_are_refused(sentence, words):
    with pytest.raises(ValueError, match=words):
        explorer(sentence=sentence)


def test_row_of_the_sentence_outside_the_rows_is_named():
    with pytest.raises(IndexError, match="row 3 of 'pull'"):
        explorer(sentence="{pull[3]:.1f} {gamma}").say()


def test_slider_off_its_grid_never_reaches_an_explorer():
    with pytest.raises(ValueError, match="not on the grid"):
        explorer(controls=[GAMMA.replace(default=0.75), RULE, INSIDE])


def test_model_that_cannot_be_recorded_is_refused_with_its_line():
    with pytest.raises(TracingError, match=r"in test_explorer\.py: simple\(lambda people, gamma"):
        simple(lambda people, gamma: {"y": people * max(gamma, 1)})


def test_model_with_an_unknown_argument_is_refused():
    with pytest.raises(
        TracingError,
        match=(
            r"'beta' is neither a column of the rows \(town, region, people, "
            r"capital\) nor a control \(gamma\)"
        ),
    ):
        simple(lambda people, gamma, beta: {"y": people})


def test_constant_columns_are_refused_as_results():
    with pytest.raises(TracingError, match="result 'y'"):
        simple(lambda people, gamma: {"y": np.array([1.0, 2.0])})


# ---- the page


@pytest.fixture(scope="module")
def html():
    return explorer().to_html()


@pytest.fixture(scope="module")
def page(html):
    return Elements(html)


def test_every_control_has_a_visible_label(page):
    controls = page.find("input") + page.find("select")
    assert [control["name"] for control in controls] == ["gamma", "inside", "rule"]
    for control in controls:
        [label] = page.find("label", **{"for": control["id"]})
        assert label["text"] in ('Elasticity "<γ>"', "Rule", "Count & capital")


def test_slider_of_the_page(page):
    [slider] = page.find("input", type="range")
    assert {key: slider[key] for key in ("min", "max", "step", "value", "aria-valuetext")} == {
        "min": "0", "max": "2", "step": "0.5", "value": "1", "aria-valuetext": "1.0 per <km>",
    }  # fmt: skip
    [output] = page.find("output", **{"for": slider["id"]})
    assert output["text"] == "1.0 per <km>"


def test_select_and_switch_of_the_page(page):
    assert [(o["value"], o["text"], "selected" in o) for o in page.find("option")] == [
        ("0", "of <all>", True),
        ("1", "of region", False),
    ]
    [switch] = page.find("input", type="checkbox")
    assert "checked" in switch
    assert (
        "checked"
        not in Elements(explorer(controls=[GAMMA, RULE, Switch("inside", "Count")]).to_html()).find(
            "input", type="checkbox"
        )[0]
    )


def test_page_has_reset_sentence_caption_source_and_description(page):
    assert [button["text"] for button in page.find("button", type="reset")] == ["Reset"]
    assert [p["text"] for p in page.find("p", role="status")] == [explorer().say()]
    [caption] = page.find("figcaption")
    assert caption["text"] == "Pull of <each> town. Source: own <calculation> & more"
    [figure] = page.find("figure")
    assert page.find("p", id=figure["aria-labelledby"])[0]["text"] == "Who pulls <most> & why"
    assert [e for e in page.all if e.get("aria-label") == 'Bars: "pull" & <towns>.']


def test_ids_are_unique_also_beside_another_explorer(html):
    other = explorer(title="Another one").to_html()
    ids = re.findall(r'\bid="([^"]*)"', html + other)
    assert len(ids) >= 10
    assert len(set(ids)) == len(ids)
    for reference in re.findall(r"url\(#([^)]*)\)", html):
        assert reference in ids


def test_labels_cannot_break_the_page(page):
    # Nothing an author wrote with < became an element.
    assert (
        not page.find("b")
        + page.find("most")
        + page.find("all")
        + page.find("each")
        + page.find("km")
    )


def test_table_shows_the_numbers_of_the_chart(page):
    results = explorer().compute()
    assert [th["text"] for th in page.find("th")] == ["town", "pull"]
    cells = [td["text"] for td in page.find("td")]
    assert cells[0::2] == ROWS["town"].tolist()
    assert [float(cell) for cell in cells[1::2]] == pytest.approx(
        results["pull"].tolist(), abs=0.05
    )


def test_chosen_table():
    page = Elements(explorer(table={"region": "Where", "pull": ("Pull, %", ".3f")}).to_html())
    assert [th["text"] for th in page.find("th")] == ["Where", "Pull, %"]
    assert [td["text"] for td in page.find("td")] == [
        "south",
        "57.143",
        "north",
        "38.571",
        "south",
        "14.286",
    ]


def test_payload_is_json_that_cannot_end_its_script(html):
    [text] = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert "<" not in text
    payload = json.loads(text)
    e = explorer()
    assert payload["tape"] == e.tape.to_dict()
    assert payload["columns"]["people"] == [2000, 1000, 500]
    assert payload["columns"]["town"] == ROWS["town"].tolist()
    assert payload["rows"] == 3
    assert [control["kind"] for control in payload["controls"]] == ["slider", "choice", "switch"]
    assert (
        payload["controls"][0] | {"suffix": " per <km>", "format": ".1f"} == payload["controls"][0]
    )
    assert payload["controls"][1]["options"] == ["of <all>", "of region"]
    assert payload["spec"]["params"][0]["name"] == "model"
    assert payload["spec"]["params"][0]["value"] == {"pull": e.compute()["pull"].tolist()}


def test_page_carries_exact_numbers():
    rows = ROWS.assign(people=[0.1 + 0.2, 1 / 3, 1e-300])
    text = re.findall(
        r'<script type="application/json">(.*?)</script>', explorer(rows=rows).to_html(), re.DOTALL
    )[0]
    assert json.loads(text)["columns"]["people"] == [0.1 + 0.2, 1 / 3, 1e-300]


def test_drawn_rows_only_go_to_the_chart():
    e = explorer(draw=[True, False, True])
    spec = e.specification(e.compute())
    assert [row["_i"] for row in spec["data"]["values"]] == [0, 2]
    assert [row["town"] for row in spec["data"]["values"]] == ["Almaty", "Aktobe & Co"]
    assert len(spec["params"][0]["value"]["pull"]) == 3
    assert len(Elements(e.to_html()).find("td")) == 4


def test_default_picture_is_inline_svg_for_phone_and_desk(page):
    widths = [float(svg["width"]) for svg in page.find("svg")]
    assert len(widths) == 2
    assert max(widths) > 600
    assert min(widths) < 360
    assert all(svg["aria-hidden"] == "true" for svg in page.find("svg"))


# ---- one bundle for all


@pytest.fixture(scope="module")
def bundle():
    return explorer()._repr_mimebundle_()


def test_bundle_has_widget_html_png_and_text(bundle, html):
    assert set(bundle) >= {
        "application/vnd.jupyter.widget-view+json",
        "text/html",
        "image/png",
        "text/plain",
    }
    assert isinstance(bundle["application/vnd.jupyter.widget-view+json"]["model_id"], str)
    assert bundle["text/html"] == html
    assert bundle["text/plain"] == "Who pulls <most> & why. " + explorer().say()


def test_png_is_a_picture(bundle):
    png = bundle["image/png"]
    assert isinstance(png, bytes)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width = int.from_bytes(png[16:20], "big")
    assert width >= 600
    # As the kernel sends it: bytes become base64.
    assert base64.b64decode(json.loads(json.dumps(png, default=json_default))) == png


# ---- the kernel


def parts(widget):
    """Yield a widget and everything in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)


class Kernel:
    """The widgets of an explorer, by what they are."""

    def __init__(self, explorer):
        self.all = list(parts(explorer.widget()))
        self.slider = self.one(ipywidgets.FloatSlider)
        self.select = self.one(ipywidgets.Dropdown)
        self.check = self.one(ipywidgets.Checkbox)
        self.reset = self.one(ipywidgets.Button)
        self.chart = self.one(alt.JupyterChart)

    def one(self, kind):
        [found] = [part for part in self.all if isinstance(part, kind)]
        return found

    @property
    def texts(self):
        return [part.value for part in self.all if isinstance(part, ipywidgets.HTML)]

    def shows(self, explorer, **settings):
        np.testing.assert_allclose(
            self.chart.params.model["pull"], explorer.compute(**settings)["pull"], rtol=1e-12
        )
        return any(escape(explorer.say(**settings)) in text for text in self.texts)


@pytest.fixture
def kernel():
    return Kernel(explorer())


def test_widgets_start_at_the_defaults(kernel):
    assert (kernel.slider.value, kernel.slider.min, kernel.slider.max, kernel.slider.step) == (
        1.0,
        0,
        2,
        0.5,
    )
    assert (kernel.select.value, [label for label, _ in kernel.select.options]) == (
        0,
        ["of <all>", "of region"],
    )
    assert kernel.check.value is True
    assert kernel.shows(explorer())
    assert "per <km>" in unescape(kernel.slider.description)


def test_moving_a_widget_changes_chart_and_sentence(kernel):
    e = explorer()
    kernel.slider.value = 2.0
    assert kernel.shows(e, gamma=2.0)
    kernel.select.value = 1
    assert kernel.shows(e, gamma=2.0, rule=1)
    kernel.check.value = False
    assert kernel.shows(e, gamma=2.0, rule=1, inside=0)
    assert not any(escape(e.say()) in text for text in kernel.texts)


def test_reset_puts_everything_back(kernel):
    kernel.slider.value, kernel.select.value, kernel.check.value = 0.5, 1, False
    kernel.reset.click()
    assert (kernel.slider.value, kernel.select.value, kernel.check.value) == (1.0, 0, True)
    assert kernel.shows(explorer())


def test_slider_noise_does_not_reach_the_model():
    seen = []

    def watch(people, gamma):
        seen.append(gamma)
        return {"y": people * gamma}

    widget = simple(watch, [Parameter("gamma", "γ", low=0, high=1, step=0.1, default=0.5)]).widget()
    next(part for part in parts(widget) if isinstance(part, ipywidgets.FloatSlider)).value = (
        0.1 + 0.2
    )
    assert seen[-1] == 0.3


def test_kernel_texts_are_escaped(kernel):
    joined = " ".join(kernel.texts)
    assert "Pull of &lt;each&gt; town." in joined
    assert "Who pulls &lt;most&gt; &amp; why" in joined
    assert "own &lt;calculation&gt;" in joined
