"""Explorers as widgets: what they start with, what a move changes, what a notebook keeps of them."""

import base64
import re
from html import escape, unescape

import altair as alt
import ipywidgets
import numpy as np
import pytest
from explorers.kernel import _Pulse
from explorers.parameters import Parameter
from explorers.tracing import TracingError
from samples import explorer, simple


@pytest.fixture
def displayed(monkeypatch):
    """The bundles that a cell displays, in their order."""
    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def test_a_notebook_gets_a_picture_and_widgets(displayed):
    """The picture is for a notebook that is opened again or exported, where no widget lives."""
    explorer()._ipython_display_()
    picture, live = displayed
    assert set(picture) == {"text/html", "text/plain"}
    assert picture["text/plain"] == "Who pulls <most> & why. " + explorer().say()
    assert set(live) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert isinstance(live["application/vnd.jupyter.widget-view+json"]["model_id"], str)


def test_a_page_gets_html_and_no_widget(displayed, monkeypatch):
    monkeypatch.setenv("EXPLORERS_BUILD_PAGE", "yes")
    before = len(ipywidgets.Widget.widgets) if hasattr(ipywidgets.Widget, "widgets") else 0
    explorer()._ipython_display_()
    [bundle] = displayed
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/html"] == explorer().to_html()
    after = len(ipywidgets.Widget.widgets) if hasattr(ipywidgets.Widget, "widgets") else 0
    assert after == before


def test_a_model_need_not_be_recordable_in_a_kernel():
    """A student's own theory, with a loop and a decision, moves the book's chart."""

    def own(people, gamma):
        return {"y": np.array([10.0 if size > 800 * gamma else 1.0 for size in people])}

    widget = simple(own).widget()
    slider = next(part for part in parts(widget) if isinstance(part, ipywidgets.FloatSlider))
    chart = next(part for part in parts(widget) if isinstance(part, alt.JupyterChart))
    assert chart.params.model["y"] == [10, 10, 1]
    slider.value = 2.0
    assert chart.params.model["y"] == [10, 1, 1]
    with pytest.raises(TracingError, match="loop over values"):
        simple(own).to_html()


def test_the_still_picture_is_a_picture_with_words(displayed):
    explorer()._ipython_display_()
    html = displayed[0]["text/html"]
    png = base64.b64decode(re.search(r"data:image/png;base64,([^\"]+)", html)[1])
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20], "big") >= 600
    assert escape(explorer().say()) in html
    assert f'alt="{escape(explorer().description)}"' in html


# ---- the widgets


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
        self.numbers = self.one(ipywidgets.Accordion)

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


def rows_of(table):
    """Return the texts of a table's cells, row by row."""
    rows = re.findall(r"<tr>(.*?)</tr>", table)
    return [
        [unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)] for row in rows
    ]


def test_numbers_follow_the_widgets_while_they_are_open(kernel):
    [table] = kernel.numbers.children
    assert table.value == ""
    kernel.slider.value = 2.0
    assert table.value == "", "a closed table is not computed"
    kernel.numbers.selected_index = 0
    pull = explorer().compute(gamma=2.0)["pull"]
    assert [row[-1] for row in rows_of(table.value)[1:]] == [f"{value:.1f}" for value in pull]
    kernel.slider.value = 0.5
    pull = explorer().compute(gamma=0.5)["pull"]
    assert [row[-1] for row in rows_of(table.value)[1:]] == [f"{value:.1f}" for value in pull]


def test_a_move_that_the_model_refuses_is_said_and_the_next_one_holds():
    """A reader's own model may stop at one setting and hold at the next."""

    def own(people, gamma):
        return {"y": people / (np.abs(gamma - 0.25) > 1e-9)}

    gamma = Parameter("gamma", "γ", low=0, high=1, step=0.25, default=0.5)
    widgets = list(parts(simple(own, [gamma]).widget()))
    slider = next(part for part in widgets if isinstance(part, ipywidgets.FloatSlider))
    slider.value = 0.25
    said = [part.value for part in widgets if isinstance(part, ipywidgets.HTML)]
    assert any("is not finite" in text for text in said)
    slider.value = 0.75
    said = [part.value for part in widgets if isinstance(part, ipywidgets.HTML)]
    assert not any("is not finite" in text for text in said)


def test_the_kernel_answers_when_it_is_asked(kernel):
    pulse = kernel.one(_Pulse)
    pulse.asked = 3
    assert pulse.answered == 3
