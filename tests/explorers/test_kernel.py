"""Explorers as widgets: what they start with, what a move changes, what a notebook keeps of them."""

import base64
import json
from html import escape, unescape

import altair as alt
import ipywidgets
import numpy as np
import pytest
from explorers.parameters import Parameter
from explorers.tracing import TracingError
from jupyter_client.jsonutil import json_default
from samples import explorer, simple


@pytest.fixture(scope="module")
def bundle():
    return explorer()._repr_mimebundle_()


def test_bundle_of_a_notebook_has_widget_picture_and_words(bundle):
    kinds = {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert set(bundle) == kinds
    assert isinstance(bundle["application/vnd.jupyter.widget-view+json"]["model_id"], str)
    assert bundle["text/plain"] == "Who pulls <most> & why. " + explorer().say()


def test_bundle_of_a_page_has_html_and_no_widget(monkeypatch):
    monkeypatch.setenv("EXPLORERS_BUILD_PAGE", "yes")
    before = len(ipywidgets.Widget.widgets) if hasattr(ipywidgets.Widget, "widgets") else 0
    bundle = explorer()._repr_mimebundle_()
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


def test_png_is_a_picture(bundle):
    png = bundle["image/png"]
    assert isinstance(png, bytes)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width = int.from_bytes(png[16:20], "big")
    assert width >= 600
    # As the kernel sends it: bytes become base64.
    assert base64.b64decode(json.loads(json.dumps(png, default=json_default))) == png


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
