"""Explorers and exercises as widgets, where a kernel runs: in JupyterLab and on Binder."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import altair as alt
import ipywidgets as ipw
from altair.utils.schemapi import debug_mode

from . import drawing
from .exercises import read_number
from .explorer import jsonable
from .page import PICTURE_WIDTHS
from .parameters import Choice, Control, Switch, default_value

if TYPE_CHECKING:
    from .exercises import SelfCheck
    from .explorer import Explorer

CHART_WIDTH = 620


def explorer_bundle(explorer: Explorer) -> dict[str, Any]:
    """Return the formats of an explorer in a notebook: widget, still picture and words."""
    bundle = explorer_widget(explorer)._repr_mimebundle_()
    spec = explorer.specification(explorer.at_default, width=PICTURE_WIDTHS["wide"])
    bundle["image/png"] = drawing.to_png(spec)
    bundle["text/plain"] = explorer.in_words()
    return bundle


def explorer_widget(explorer: Explorer) -> ipw.VBox:
    """Return an explorer as ipywidgets; moving one calls the model with NumPy arrays.

    Parameters
    ----------
    explorer : Explorer

    Returns
    -------
    ipywidgets.VBox
        Title, controls, Reset, chart, sentence, caption, in this order.
    """
    alt.JupyterChart.enable_offline()
    spec = explorer.specification(explorer.at_default, width=CHART_WIDTH)
    # The chart has passed Altair's checks already; checking each part again takes half a second.
    with debug_mode(False):
        kind: Any = type(explorer.chart)
        chart = kind.from_dict(spec, validate=False)
    view: Any = alt.JupyterChart(chart, embed_options={"actions": False, "renderer": "svg"})
    shown = list(spec["params"][0]["value"])
    sentence = ipw.HTML(escape(explorer.say()))
    inputs = {control.name: _control_widget(control) for control in explorer.controls}

    def refresh(_: Any = None) -> None:
        settings = {name: _model_value(box.value) for name, box in inputs.items()}
        results = explorer.compute(**settings)
        view.params.model = jsonable({name: results[name] for name in shown})
        sentence.value = escape(explorer.sentence_for(settings, results))

    def reset(_: Any) -> None:
        for control in explorer.controls:
            default = default_value(control)
            inputs[control.name].value = bool(default) if isinstance(control, Switch) else default

    button = ipw.Button(
        description="Reset", layout=ipw.Layout(width="auto", align_self="flex-start")
    )
    button.on_click(reset)
    for box in inputs.values():
        box.observe(refresh, names="value")
    notes = escape(explorer.caption)
    if explorer.source:
        notes += f" Source: {escape(explorer.source)}"
    return ipw.VBox(
        [
            ipw.HTML(f"<strong>{escape(explorer.title)}</strong>"),
            *inputs.values(),
            button,
            view,
            sentence,
            ipw.HTML(f"<small>{notes}</small>"),
        ]
    )


def _control_widget(control: Control) -> ipw.ValueWidget:
    style = {"description_width": "initial"}
    layout = ipw.Layout(width="min(100%, 620px)")
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


def exercise_bundle(exercise: SelfCheck) -> dict[str, Any]:
    """Return the formats of an exercise in a notebook: widget and words."""
    bundle = exercise_widget(exercise)._repr_mimebundle_()
    bundle["text/plain"] = exercise.in_words()
    return bundle


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
        try:
            value = reply.value if asks_to_choose else read_number(reply.value)
        except ValueError:
            verdict.value = "Write a number, such as 12.5."
            return
        verdict.value = (
            escape(exercise.check(value)[1]) if value is not None else "Choose one answer first."
        )

    button = ipw.Button(description="Check", layout=ipw.Layout(width="auto"))
    button.on_click(judge)
    unit = [ipw.Label(exercise.unit)] if exercise.unit else []
    task = ipw.HTML(f"<strong>{escape(exercise.task)}</strong>")
    return ipw.VBox([task, ipw.HBox([reply, *unit, button]), verdict])
