"""Explorers: models whose assumptions a reader varies, on a plain page and in a notebook alike.

The package knows nothing of migration; another book can take it as it is.
One NumPy function, its data, its controls and a chart make an `Explorer`.

=============  =====================================================================
`tracing`      records a NumPy function as a tape and replays it
`parameters`   one record per assumption, and the controls made of them
`sentences`    numbers and sentences, written alike in Python and on the page
`drawing`      the look of the charts, small builders, still pictures
`explorer`     a model and its controls: computing, and the author's checks
`page`         an explorer or an exercise as a piece of a plain page
`kernel`       the same as widgets, where a kernel runs
`exercises`    questions that check themselves
`replies`      what people write as an answer, and what is replied
`standing_in`  a reader's own function or rows in place of the book's
`source`       a model's code, folded
`errors`       errors whose message says all
=============  =====================================================================

It is imported from the chapters without an installation: they lie in the folder beside it.
Importing it is quick because each part is loaded when it is first used.

>>> from explorers import Explorer, Parameter, drawing
"""

import sys
from importlib import import_module

# Altair checks charts by jsonschema. Where this package is, jsonschema builds a grammar of addresses with it
# whenever it is imported, which takes as long as all the rest; no chart holds such an address.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# Where each public name lives: module and, if it differs, its name there.
_HOME = {
    "Explorer": "explorer",
    "Parameter": "parameters",
    "Choice": "parameters",
    "Switch": "parameters",
    "symbol_table": "parameters",
    "TracingError": "tracing",
    "group_sum": "tracing",
    "pick": "tracing",
    "show": "sentences.format_number",
    "show_source": "source",
    "stand_in": "standing_in",
    "StandInError": "standing_in",
    "titled": "standing_in",
}
_MODULES = (
    "drawing",
    "errors",
    "exercises",
    "explorer",
    "kernel",
    "page",
    "parameters",
    "replies",
    "sentences",
    "source",
    "standing_in",
    "tracing",
)

__all__ = [*_HOME, *_MODULES]


def __getattr__(name):
    if name in _HOME:
        module, _, there = _HOME[name].partition(".")
        return getattr(import_module(f".{module}", __name__), there or name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"explorers has no '{name}'. It has: {', '.join(sorted(__all__))}.")


def __dir__():
    return sorted(__all__)
