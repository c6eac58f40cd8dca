"""Explorers and exercises as widgets, where a kernel runs: in JupyterLab and on Binder."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import ipywidgets as ipw
import traitlets

from . import drawing, notebook
from .errors import PlainError
from .explorer import jsonable
from .page import numbers_table
from .parameters import Choice, Control, Switch, default_value
from .replies import enough

if TYPE_CHECKING:
    from .exercises import SelfCheck
    from .explorer import Explorer

# The width of a still picture; the browser draws one of the same.
STILL_WIDTH = 700
# A room reads a chart from its last row: letters on it are larger than on a page.
LARGER = 1.25

_STALE = "Chart and Numbers, in gray, keep the last setting that could be computed."


class _Vega(anywidget.AnyWidget):
    """Vega, sent once for all charts of a notebook; each of them asks this widget for it."""

    name = traitlets.Unicode(notebook.VEGA).tag(sync=True)
    packed = traitlets.Bytes().tag(sync=True)
    _esm = "export default {}"
    _bringer: ClassVar[_Vega | None] = None

    @classmethod
    def bringer(cls) -> str:
        """Return the id of the one that is open; "Close all widgets" may have closed the last."""
        if cls._bringer is None or cls._bringer.comm is None:
            cls._bringer = cls(packed=notebook.vega_module())
        return cls._bringer.model_id


class _Chart(anywidget.AnyWidget):
    """A chart that follows the results and the room.

    Its browser hands over a picture of the first setting if it is wanted.
    """

    _esm = notebook.CHART
    vega = traitlets.Unicode().tag(sync=True)
    spec = traitlets.Dict().tag(sync=True)
    model = traitlets.Dict().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    wanted = traitlets.Bool(False).tag(sync=True)

    def __init__(self, explorer: Explorer, keep: Callable[[str], None] | None = None) -> None:
        spec = chart_specification(explorer)
        super().__init__(
            vega=_Vega.bringer(),
            spec=spec,
            model=spec["params"][0]["value"],
            description=explorer.description,
            wanted=keep is not None,
        )
        self._keep = keep
        self.on_msg(self._receive)

    def _receive(self, _: Any, content: dict, __: Any) -> None:
        if self._keep and "picture" in content:
            self._keep(content["picture"])
            self.wanted = False


def chart_specification(explorer: Explorer, **size: int) -> dict:
    """Return the specification of a chart as a class sees it: at the defaults, in large letters.

    Parameters
    ----------
    explorer : Explorer
    **size : int
        A ``width`` in pixels; without it, the chart is as wide as the place where it stands.

    Returns
    -------
    dict
    """
    spec = explorer.specification(explorer.at_default, **size)
    config = spec["config"]
    # Vega's own size, which the theme leaves as it is.
    legend = {"titleFontSize": 11} | config.get("legend", {})
    return _enlarged(spec | {"config": config | {"legend": legend}})


def _enlarged(value: Any, key: str = "") -> Any:
    """Enlarge the letters of a chart, and the room of what is cut if it is long."""
    if isinstance(value, dict):
        return {
            name: item if name in ("data", "datasets") else _enlarged(item, name)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_enlarged(item, key) for item in value]
    is_size = key.lower().endswith("fontsize") or key == "labelLimit"
    return value * LARGER if is_size and isinstance(value, int | float) else value


class _Pulse(anywidget.AnyWidget):
    """Says so when the kernel does not answer a reader's move: it has stopped, or is busy.

    The browser cannot see that a kernel is gone; it asks with each move, and waits.
    """

    _esm = notebook.PULSE
    asked = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("asked")
    def _answer(self, change: Any) -> None:
        self.answered = change["new"]


def display_explorer(explorer: Explorer) -> None:
    """Display an explorer in a notebook: its still picture, and its widgets.

    JupyterLab draws the picture, and hands it over; for others, such as nbconvert, it is drawn here.

    Parameters
    ----------
    explorer : Explorer
    """
    words = explorer.in_words()
    if _is_jupyterlab():
        still = _display_still(_explorer_still(explorer), words, display_id=True)

        def keep(picture: str) -> None:
            still.update(_still_bundle(_explorer_still(explorer, picture), words), raw=True)

        widgets = Widgets(explorer, keep)
    else:
        spec = chart_specification(explorer, width=STILL_WIDTH)
        _display_still(_explorer_still(explorer, drawing.to_svg(spec, explorer.name)), words)
        widgets = Widgets(explorer)
    _display_widgets(widgets.whole)


def _is_jupyterlab() -> bool:
    """Tell whether the cell that runs was sent by JupyterLab, whose browser draws.

    JupyterLab tells the kernel with each cell which cells were deleted. Nothing that runs notebooks
    without a browser does.
    """
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is not None and "deletedCells" in kernel.get_parent().get("metadata", {})


def _explorer_still(explorer: Explorer, svg: str = "") -> str:
    """Return what stays of an explorer without its widgets; until it is drawn, without a picture."""
    picture = b64encode(svg.encode()).decode()
    image = (
        f'<img alt="{escape(explorer.description)}" src="data:image/svg+xml;base64,{picture}"><br>'
        if svg
        else ""
    )
    return (
        f"<strong>{escape(explorer.title)}</strong><br>{image}"
        f"{_first_sentence(explorer)}<br><small>{_notes(explorer)}</small>"
    )


def display_exercise(exercise: SelfCheck) -> None:
    """Display an exercise in a notebook: its question, and its widgets.

    Parameters
    ----------
    exercise : SelfCheck
    """
    options = "".join(f"<li>{escape(option)}</li>" for option in exercise.record.get("options", []))
    still = f"<strong>{escape(exercise.task)}</strong>" + (f"<ul>{options}</ul>" if options else "")
    _display_still(still, exercise.in_words())
    _display_widgets(exercise_widget(exercise))


def _display_still(still: str, words: str, **options: bool) -> Any:
    """Display what stays without widgets; with a ``display_id``, return a handle that can change it."""
    from IPython.display import display

    return display(_still_bundle(still, words), raw=True, **options)


def _still_bundle(still: str, words: str) -> dict[str, str]:
    html = f'{notebook.style()}<figure class="explorer-still">{still}</figure>'
    return {"text/html": html, "text/plain": words}


def _display_widgets(whole: ipw.VBox) -> None:
    from IPython.display import display

    display({**whole._repr_mimebundle_(), "text/plain": ""}, raw=True)


def _first_sentence(explorer: Explorer) -> str:
    return escape(explorer.sentence_for(explorer.defaults(), explorer.at_default))


def _notes(explorer: Explorer) -> str:
    source = f" Source: {escape(explorer.source)}" if explorer.source else ""
    return escape(explorer.caption) + source


def explorer_widget(explorer: Explorer) -> ipw.VBox:
    """Return an explorer as ipywidgets; moving one calls the model with NumPy arrays.

    Parameters
    ----------
    explorer : Explorer

    Returns
    -------
    ipywidgets.VBox
        Title, controls beside the chart, sentence, caption, numbers; see `Widgets`.
    """
    return Widgets(explorer).whole


class Widgets:
    """The widgets of an explorer.

    Parameters
    ----------
    explorer : Explorer
    keep : callable, optional
        Receives the picture of the chart as the browser has drawn it, an SVG.

    Attributes
    ----------
    inputs : dict of str to ipywidgets.ValueWidget
        One for each control.
    reset : ipywidgets.Button
    view : anywidget.AnyWidget
        The chart; its trait ``model`` holds the results that it shows.
    sentence : ipywidgets.HTML
    numbers : ipywidgets.Accordion
        The table, filled while it is open.
    whole : ipywidgets.VBox
        All of them.
    """

    def __init__(self, explorer: Explorer, keep: Callable[[str], None] | None = None) -> None:
        self.explorer = explorer
        # Of the last setting that could be computed.
        self.results = explorer.at_default
        self.view = _Chart(explorer, keep)
        self.shown = list(self.view.model)
        self.sentence = ipw.HTML(_first_sentence(explorer))
        self.inputs = {control.name: _control_widget(control) for control in explorer.controls}
        self.reset = ipw.Button(description="Reset", layout=ipw.Layout(width="auto"))
        self.table = ipw.HTML()
        self.numbers = ipw.Accordion([self.table], titles=("Numbers",), selected_index=None)
        self.reset.on_click(self._reset)
        self.numbers.observe(self._tabulate, names="selected_index")
        for box in self.inputs.values():
            box.observe(self._refresh, names="value")
        controls = ipw.Box([*self.inputs.values(), self.reset])
        chart = ipw.Box([self.view])
        parts = ipw.Box([controls, chart])
        title = ipw.HTML(f"{notebook.style()}<strong>{escape(explorer.title)}</strong>")
        notes = ipw.HTML(f"<small>{_notes(explorer)}</small>")
        self.whole = ipw.VBox([title, parts, self.sentence, _Pulse(), notes, self.numbers])
        for widget, name in (
            (self.whole, "live"),
            (title, "title"),
            (parts, "parts"),
            (controls, "inputs"),
            (chart, "drawing"),
            (self.sentence, "sentence"),
            (self.numbers, "numbers"),
        ):
            widget.add_class(f"explorer-{name}")

    def settings(self) -> dict[str, float]:
        """Return what the controls stand at, as the model receives it."""
        return {name: _model_value(box.value) for name, box in self.inputs.items()}

    def _refresh(self, _: Any) -> None:
        settings = self.settings()
        try:
            self.results = self.explorer.compute(**settings)
        except PlainError as error:
            # A reader's own function may stop at one setting and hold at the next.
            self.sentence.value = f"<strong>{escape(str(error))}</strong> {_STALE}"
            self.whole.add_class("explorer-stale")
            return
        self.whole.remove_class("explorer-stale")
        self.view.model = jsonable({name: self.results[name] for name in self.shown})
        self.sentence.value = escape(self.explorer.sentence_for(settings, self.results))
        self._tabulate()

    def _tabulate(self, _: Any = None) -> None:
        if self.numbers.selected_index is not None:
            self.table.value = numbers_table(self.explorer, self.results)

    def _reset(self, _: Any) -> None:
        for control in self.explorer.controls:
            default = default_value(control)
            box = self.inputs[control.name]
            box.value = bool(default) if isinstance(control, Switch) else default


def _control_widget(control: Control) -> ipw.ValueWidget:
    style = {"description_width": "initial"}
    layout = ipw.Layout(width="auto")
    if isinstance(control, Switch):
        return ipw.Checkbox(
            value=bool(control.default), description=control.label, indent=False, layout=layout
        )
    if isinstance(control, Choice):
        options = [(option, i) for i, option in enumerate(control.options)]
        return ipw.Dropdown(
            options=options,
            value=default_value(control),
            description=control.label,
            style=style,
            layout=layout,
        )
    return ipw.FloatSlider(
        value=control.default,
        min=control.low,
        max=control.high,
        step=control.step,
        description=control.label + (f" ({control.unit})" if control.unit else ""),
        readout_format=control.format.replace("abs", "").replace(",", ""),
        style=style,
        layout=layout,
    )


def _model_value(value: float) -> float:
    """Return a widget's value as the model receives it; a slider's without binary noise."""
    return float(f"{value:.12g}") if isinstance(value, float) else int(value)


def exercise_widget(exercise: SelfCheck) -> ipw.VBox:
    """Return an exercise as ipywidgets.

    Parameters
    ----------
    exercise : SelfCheck

    Returns
    -------
    ipywidgets.VBox
    """
    asks_to_choose = "options" in exercise.record
    if asks_to_choose:
        options = [(option, i) for i, option in enumerate(exercise.record["options"])]
        reply = ipw.RadioButtons(options=options, value=None, layout=ipw.Layout(width="auto"))
    else:
        reply = ipw.Text(placeholder="your answer", layout=ipw.Layout(width="12em"))
    verdict = ipw.HTML()

    def judge(_: Any) -> None:
        nothing = asks_to_choose and reply.value is None
        verdict.value = (
            "Choose one answer first." if nothing else escape(exercise.check(reply.value)[1])
        )

    button = ipw.Button(description="Check", layout=ipw.Layout(width="auto"))
    button.on_click(judge)
    unit = [ipw.Label(exercise.unit)] if exercise.unit else []
    task = ipw.HTML(f"<strong>{escape(exercise.task)}</strong>")
    wanted = [] if asks_to_choose else [ipw.HTML(escape(enough(exercise.record["wanted"])))]
    whole = ipw.VBox([task, ipw.HBox([reply, *unit, button]), *wanted, verdict, _Pulse()])
    whole.add_class("explorer-live")
    return whole
