"""Explorers as widgets: what they start with, what a move changes, what a notebook keeps of them."""

import base64
import gzip
import re
import subprocess
import sys
from html import escape, unescape
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest
from explorers import kernel as kernel_module
from explorers import notebook
from explorers.kernel import Widgets, _Chart, _Pulse, _Vega, chart_specification
from explorers.parameters import Parameter
from explorers.tracing import TracingError
from samples import explorer, simple


@pytest.fixture
def displayed(monkeypatch):
    """The bundles that a cell displays, in their order; what is changed later takes its old place."""
    bundles = []

    def display(bundle, raw, display_id=False):
        place = len(bundles)
        bundles.append(bundle)
        return SimpleNamespace(update=lambda new, raw: bundles.__setitem__(place, new))

    monkeypatch.setattr("IPython.display.display", display)
    return bundles


@pytest.fixture
def in_jupyterlab(monkeypatch):
    """The cell that runs was sent as JupyterLab sends it."""
    message = {"metadata": {"trusted": True, "deletedCells": [], "cellId": "1"}}
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda: message))
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)


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
    chart = next(part for part in parts(widget) if isinstance(part, _Chart))
    assert chart.model["y"] == [10, 10, 1]
    slider.value = 2.0
    assert chart.model["y"] == [10, 1, 1]
    with pytest.raises(TracingError, match="loop over values"):
        simple(own).to_html()


SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path fill="var(--mark-main, #0b6e99)"/></svg>'


def picture_in(bundle):
    """Return the picture that a displayed output holds, an SVG, or None."""
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])
    return base64.b64decode(found[1]).decode() if found else None


def test_the_still_picture_is_a_picture_with_words(displayed):
    """Where no browser answers, as under nbconvert, the kernel draws."""
    explorer()._ipython_display_()
    html = displayed[0]["text/html"]
    assert re.search(r'<svg [^>]*width="700"', picture_in(displayed[0]))
    assert escape(explorer().say()) in html
    assert f'alt="{escape(explorer().description)}"' in html


def test_in_jupyterlab_the_browser_draws_the_still_picture(displayed, in_jupyterlab, monkeypatch):
    monkeypatch.setattr(kernel_module.drawing, "to_svg", None)
    charts = []
    monkeypatch.setattr(_Chart, "on_msg", lambda chart, receive: charts.append((chart, receive)))
    explorer()._ipython_display_()
    assert picture_in(displayed[0]) is None
    assert escape(explorer().say()) in displayed[0]["text/html"]
    [(chart, receive)] = charts
    assert chart.wanted
    receive(chart, {"picture": SVG}, [])
    assert picture_in(displayed[0]) == SVG
    assert f'alt="{escape(explorer().description)}"' in displayed[0]["text/html"]
    assert not chart.wanted, (
        "a page that is loaded again hands over no picture for an output of before"
    )
    assert len(displayed) == 2


def test_vega_is_sent_once_for_all_charts():
    one, other = (Kernel(explorer()).chart for _ in range(2))
    assert one.vega == other.vega
    assert one.vega == _Vega._bringer.model_id
    assert len(_Vega._bringer.packed) > 100_000
    assert all(len(chart._esm) < 4000 for chart in (one, other))


def test_vega_is_sent_anew_when_its_widget_was_closed():
    """*Close all widgets* closes it, too."""
    before = _Vega.bringer()
    _Vega._bringer.close()
    assert _Vega.bringer() != before


def test_vega_is_a_module_that_draws():
    module = gzip.decompress(notebook.vega_module()).decode()
    assert re.search(r"export ?{[^}]*vegaEmbed", module[-200:])


def test_vega_is_bundled_once_for_a_machine(monkeypatch, tmp_path):
    """And in another process: the kernel does not keep the memory."""
    monkeypatch.setattr(notebook, "jupyter_path", lambda *names: [str(tmp_path.joinpath(*names))])
    monkeypatch.setattr(notebook, "jupyter_data_dir", lambda: str(tmp_path))
    packed = notebook.vega_module()
    assert (tmp_path / "explorers" / notebook.VEGA).read_bytes() == packed
    monkeypatch.setattr(notebook.subprocess, "run", None)
    assert notebook.vega_module() == packed


def test_a_folder_that_cannot_be_written_is_no_error(monkeypatch, tmp_path):
    (tmp_path / "explorers").write_text("a file where the folder should be")
    monkeypatch.setattr(notebook, "jupyter_path", lambda *names: [])
    monkeypatch.setattr(notebook, "jupyter_data_dir", lambda: str(tmp_path))
    done = SimpleNamespace(stdout=b"packed")
    monkeypatch.setattr(notebook.subprocess, "run", lambda *command, **options: done)
    assert notebook.vega_module() == b"packed"


def test_widgets_need_no_engine_of_javascript(monkeypatch):
    """vl-convert has one, which takes a third of a kernel's memory once it has drawn or bundled."""
    monkeypatch.setattr(kernel_module.drawing, "vl_convert", None)
    assert explorer().widget()


def test_charts_are_imported_without_a_grammar_of_addresses():
    """A package of JupyterLab's brings one to jsonschema: half the way to the first figure."""
    program = "from explorers import drawing; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", program]
    place = notebook.FOLDER.parents[1]
    done = subprocess.run(command, cwd=place, check=True, capture_output=True, text=True)
    assert "jsonschema" in done.stdout.split()
    assert "lark" not in done.stdout.split()


def font_sizes(spec):
    """Yield all sizes of letters in a specification."""
    if isinstance(spec, dict):
        for name, item in spec.items():
            if name.lower().endswith("fontsize"):
                yield item
            elif name not in ("data", "datasets"):
                yield from font_sizes(item)
    elif isinstance(spec, list):
        for item in spec:
            yield from font_sizes(item)


def test_a_chart_is_written_for_a_room():
    """Letters of a fiftieth of a projector's 720 lines, as wide as there is room, the results the same."""
    chart = Kernel(explorer()).chart
    sizes = list(font_sizes(chart.spec))
    assert len(sizes) >= 5
    assert min(sizes) >= 13.5
    assert chart.spec["width"] == "container"
    assert chart.spec["data"] == explorer().specification(explorer().at_default)["data"]
    assert chart_specification(explorer(), width=700)["width"] == 700
    assert chart.description == explorer().description


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
        self.chart = self.one(_Chart)
        self.numbers = self.one(ipywidgets.Accordion)

    def one(self, kind):
        [found] = [part for part in self.all if isinstance(part, kind)]
        return found

    @property
    def texts(self):
        return [part.value for part in self.all if isinstance(part, ipywidgets.HTML)]

    def shows(self, explorer, **settings):
        np.testing.assert_allclose(
            self.chart.model["pull"], explorer.compute(**settings)["pull"], rtol=1e-12
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
    """A reader's own model may stop at one setting and hold at the next.

    In between, chart and numbers keep the last setting that could be computed; that is said and seen.
    """

    def own(people, gamma):
        return {"y": people / (np.abs(gamma - 0.25) > 1e-9) * gamma}

    gamma = Parameter("gamma", "γ", low=0, high=1, step=0.25, default=0.5)
    widgets = Widgets(simple(own, [gamma]))
    slider = widgets.inputs["gamma"]
    slider.value = 0.75
    before = widgets.view.model
    slider.value = 0.25
    assert "is not finite" in widgets.sentence.value
    assert "keep the last setting that could be computed" in widgets.sentence.value
    assert "explorer-stale" in widgets.whole._dom_classes
    assert widgets.view.model == before
    widgets.numbers.selected_index = 0
    cells = [float(row[-1].replace(",", "")) for row in rows_of(widgets.table.value)[1:]]
    np.testing.assert_allclose(cells, before["y"], rtol=0.01)
    slider.value = 1.0
    assert "is not finite" not in widgets.sentence.value
    assert "keep the last setting" not in widgets.sentence.value
    assert "explorer-stale" not in widgets.whole._dom_classes
    np.testing.assert_allclose(widgets.view.model["y"], np.divide(before["y"], 0.75))


def test_the_kernel_answers_when_it_is_asked(kernel):
    pulse = kernel.one(_Pulse)
    pulse.asked = 3
    assert pulse.answered == 3
