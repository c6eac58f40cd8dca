"""What a figure is in a stock Jupyter Book: Altair's own chart and ipywidgets' own sliders.

A chapter of the stock book imports this module in its first cell.
"""

import altair as alt
import pandas as pd
from explorers import Explorer, kernel
from explorers.exercises import SelfCheck
from IPython.display import display


def chart_of(explorer):
    """Return the explorer's chart as its author would write it without the engine: with its data.

    Parameters
    ----------
    explorer : Explorer

    Returns
    -------
    altair.TopLevelMixin
    """
    results = explorer.at_default
    frame = pd.DataFrame(explorer.columns | results).iloc[explorer.rows_shown(results)]
    return explorer.chart.properties(data=frame)


def _figure(explorer):
    # Not the engine's whole widget, which would bring its own chart along.
    display(*map(kernel._control_widget, explorer.controls), chart_of(explorer))


def _question(exercise):
    print(exercise.in_words())


def stock():
    """From now on show figures and exercises without the engine."""
    alt.theme.enable("default")
    Explorer._ipython_display_ = _figure
    SelfCheck._ipython_display_ = _question
