"""Explorers and exercises as widgets, where a kernel runs: in JupyterLab and on Binder."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

import altair as alt
import anywidget
import ipywidgets as ipw
import traitlets
from altair.utils.schemapi import debug_mode

from . import drawing
from .errors import PlainError
from .explorer import jsonable
from .page import PICTURE_WIDTHS, numbers_table
from .parameters import Choice, Control, Switch, default_value
from .replies import enough

if TYPE_CHECKING:
    from .exercises import SelfCheck
    from .explorer import Explorer

# Controls stand beside the chart where a notebook is wide, above it where it is narrow.
CHART_WIDTH = 540

# A notebook shows two outputs, the still picture and the widgets. While the widgets live the picture is
# not seen. In a notebook that was saved and opened again, or exported, no widgets live: then the picture
# is, and not the message that a model was not found.
_STYLE = """<style>
.jp-OutputArea-child:has(.explorer-still):has(+ .jp-OutputArea-child .explorer-live) { display: none }
.jp-OutputArea-child:has(.explorer-still) + .jp-OutputArea-child:not(:has(.explorer-live)) { display: none }
.explorer-still { margin: 0; max-width: 720px }
.explorer-still img { max-width: 100%; background: white }
.explorer-live { max-width: 1100px }
.explorer-live > .explorer-parts { display: flex; flex-flow: row wrap; gap: 4px 20px; overflow: visible }
.explorer-live .explorer-inputs { flex: 1 1 270px; max-width: 620px; overflow: visible }
.explorer-live .explorer-drawing { flex: 0 0 auto; max-width: 100% }
.explorer-live .widget-slider, .explorer-live .widget-dropdown { flex-wrap: wrap; height: auto }
.explorer-live .widget-slider > .widget-label, .explorer-live .widget-dropdown > .widget-label {
  flex: 1 0 100%; text-align: left; line-height: 1.3; height: auto; white-space: normal }
.explorer-live .widget-html-content { line-height: 1.4; white-space: normal }
.explorer-silence { font-weight: bold }
.explorer-live table { border-collapse: collapse; font-variant-numeric: tabular-nums }
.explorer-live td, .explorer-live th { padding: 1px 10px 1px 0; text-align: right }
.explorer-live td:first-child, .explorer-live th:first-child { text-align: left }
</style>"""


class _Pulse(anywidget.AnyWidget):
    """Says so when the kernel does not answer a reader's move: it has stopped, or is busy.

    The browser cannot see that a kernel is gone; it asks with each move, and waits.
    """

    _esm = """
    const SILENCE = 4000;
    export default {
      render({ model, el }) {
        let waiting;
        const heard = () => {
          clearTimeout(waiting);
          waiting = undefined;
          el.textContent = "";
          el.classList.remove("explorer-silence");
        };
        const ask = () => {
          waiting ??= setTimeout(() => {
            el.classList.add("explorer-silence");
            el.textContent = "The kernel does not answer, so nothing here moves. It is busy, or it has "
              + "stopped; if it has, choose Run ▸ Run All Cells.";
          }, SILENCE);
          model.set("asked", model.get("asked") + 1);
          model.save_changes();
        };
        model.on("change:answered", heard);
        const listen = () => {
          const whole = el.closest(".explorer-live");
          if (!whole) { requestAnimationFrame(listen); return; }
          for (const event of ["pointerdown", "keydown", "change"]) {
            whole.addEventListener(event, ask, { capture: true });
          }
        };
        listen();
      },
    };
    """
    asked = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("asked")
    def _answer(self, change: Any) -> None:
        self.answered = change["new"]


def display_explorer(explorer: Explorer) -> None:
    """Display an explorer in a notebook: its still picture, and its widgets.

    Parameters
    ----------
    explorer : Explorer
    """
    spec = explorer.specification(explorer.at_default, width=PICTURE_WIDTHS["wide"])
    picture = b64encode(drawing.to_png(spec)).decode()
    still = (
        f"<strong>{escape(explorer.title)}</strong><br>"
        f'<img alt="{escape(explorer.description)}" src="data:image/png;base64,{picture}"><br>'
        f"{escape(explorer.say())}<br><small>{_notes(explorer)}</small>"
    )
    _display(still, explorer.in_words(), explorer_widget(explorer))


def display_exercise(exercise: SelfCheck) -> None:
    """Display an exercise in a notebook: its question, and its widgets.

    Parameters
    ----------
    exercise : SelfCheck
    """
    options = "".join(f"<li>{escape(option)}</li>" for option in exercise.record.get("options", []))
    still = f"<strong>{escape(exercise.task)}</strong>" + (f"<ul>{options}</ul>" if options else "")
    _display(still, exercise.in_words(), exercise_widget(exercise))


def _display(still: str, words: str, widget: ipw.VBox) -> None:
    from IPython.display import display

    html = f'{_STYLE}<figure class="explorer-still">{still}</figure>'
    display({"text/html": html, "text/plain": words}, raw=True)
    display({**widget._repr_mimebundle_(), "text/plain": ""}, raw=True)


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

    Attributes
    ----------
    inputs : dict of str to ipywidgets.ValueWidget
        One for each control.
    reset : ipywidgets.Button
    view : altair.JupyterChart
    sentence : ipywidgets.HTML
    numbers : ipywidgets.Accordion
        The table, filled while it is open.
    whole : ipywidgets.VBox
        All of them.
    """

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.view = _chart_widget(explorer)
        self.shown = list(self.view.params.model)
        self.sentence = ipw.HTML(escape(explorer.say()))
        self.inputs = {control.name: _control_widget(control) for control in explorer.controls}
        self.reset = ipw.Button(
            description="Reset", layout=ipw.Layout(width="auto", align_self="flex-start")
        )
        self.table = ipw.HTML()
        self.numbers = ipw.Accordion([self.table], titles=("Numbers",), selected_index=None)
        self.reset.on_click(self._reset)
        self.numbers.observe(self._refresh, names="selected_index")
        for box in self.inputs.values():
            box.observe(self._refresh, names="value")
        controls = ipw.VBox([*self.inputs.values(), self.reset])
        chart = ipw.Box([self.view])
        parts = ipw.Box([controls, chart])
        title = ipw.HTML(f"{_STYLE}<strong>{escape(explorer.title)}</strong>")
        notes = ipw.HTML(f"<small>{_notes(explorer)}</small>")
        self.whole = ipw.VBox([title, parts, self.sentence, _Pulse(), notes, self.numbers])
        for widget, name in (
            (self.whole, "live"),
            (parts, "parts"),
            (controls, "inputs"),
            (chart, "drawing"),
        ):
            widget.add_class(f"explorer-{name}")

    def settings(self) -> dict[str, float]:
        """Return what the controls stand at, as the model receives it."""
        return {name: _model_value(box.value) for name, box in self.inputs.items()}

    def _refresh(self, _: Any = None) -> None:
        settings = self.settings()
        try:
            results = self.explorer.compute(**settings)
        except PlainError as error:
            # A reader's own function may stop at one setting and hold at the next.
            self.sentence.value = f"<strong>{escape(str(error))}</strong>"
            return
        self.view.params.model = jsonable({name: results[name] for name in self.shown})
        self.sentence.value = escape(self.explorer.sentence_for(settings, results))
        if self.numbers.selected_index is not None:
            self.table.value = numbers_table(self.explorer, results)

    def _reset(self, _: Any) -> None:
        for control in self.explorer.controls:
            default = default_value(control)
            box = self.inputs[control.name]
            box.value = bool(default) if isinstance(control, Switch) else default


def _chart_widget(explorer: Explorer) -> Any:
    alt.JupyterChart.enable_offline()
    spec = explorer.specification(explorer.at_default, width=CHART_WIDTH)
    # The chart has passed Altair's checks already; checking each part again takes half a second.
    with debug_mode(False):
        kind: Any = type(explorer.chart)
        chart = kind.from_dict(spec, validate=False)
    return alt.JupyterChart(chart, embed_options={"actions": False, "renderer": "svg"})


def _control_widget(control: Control) -> ipw.ValueWidget:
    style = {"description_width": "initial"}
    layout = ipw.Layout(width="auto", max_width="620px")
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
