"""Models, data and explorers of the book *Why People Move*.

The package is imported from the chapters without an installation: they lie in the folder beside it.
Importing it is quick because each part is loaded when it is first used.

>>> from migrationlab import Explorer, Parameter, charts, data
"""

from importlib import import_module

_HOME = {
    "Explorer": "explorer",
    "Parameter": "parameters",
    "Choice": "parameters",
    "Switch": "parameters",
    "symbol_table": "parameters",
    "TracingError": "tracing",
    "group_sum": "tracing",
    "pick": "tracing",
}
_MODULES = ("charts", "data", "exercises", "explorer", "indicators", "models", "parameters", "tracing")

__all__ = [*_HOME, *_MODULES]


def __getattr__(name):
    if name in _HOME:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(
        f"migrationlab has no '{name}'. It has: {', '.join(sorted(__all__))}."
    )


def __dir__():
    return sorted(__all__)
