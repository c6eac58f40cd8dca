"""Every control of every chapter as a widget: moved in this process, compared with the model."""

from html import escape

import ipywidgets
import numpy as np
import pytest
from explorers.kernel import Widgets
from explorers.parameters import Switch, default_value

import book


class Moved(Widgets):
    """An explorer's widgets, moved as a reader moves them."""

    def set(self, settings):
        for name, value in settings.items():
            box = self.inputs[name]
            box.value = bool(value) if isinstance(box, ipywidgets.Checkbox) else value

    def assert_shows(self, explorer, settings):
        results = explorer.compute(**settings)
        assert self.sentence.value == escape(explorer.sentence_for(settings, results)), settings
        shown = self.view.model
        assert set(shown) <= set(results)
        for name, values in shown.items():
            np.testing.assert_array_equal(values, results[name], err_msg=f"{name} at {settings}")


@pytest.fixture(scope="module")
def widgets(chapter):
    return [(explorer, Moved(explorer)) for explorer in chapter.explorers]


def test_every_control_moves_chart_and_sentence(widgets):
    for explorer, widget in widgets:
        for control in explorer.controls:
            move = book.telling_move(explorer, control)
            widget.set(move.start)
            widget.assert_shows(explorer, move.start)
            widget.set({control.name: move.value})
            widget.assert_shows(explorer, move.start | {control.name: move.value})


def test_reset_puts_everything_back(widgets):
    for explorer, widget in widgets:
        [settings] = book.random_settings(explorer, 1)
        widget.set(settings)
        widget.reset.click()
        for control in explorer.controls:
            default = default_value(control)
            wanted = bool(default) if isinstance(control, Switch) else default
            assert widget.inputs[control.name].value == wanted
        widget.assert_shows(explorer, explorer.defaults())
