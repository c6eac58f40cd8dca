"""Models, data and indicators of the book *Why People Move*.

The package is imported from the chapters without an installation: they lie in the folder beside it.
Importing it is quick because each part is loaded when it is first used.

>>> from migrationlab import charts, data
"""

from importlib import import_module

_MODULES = ("charts", "data", "indicators", "models")

__all__ = [*_MODULES]


def __getattr__(name):
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"migrationlab has no '{name}'. It has: {', '.join(sorted(__all__))}.")


def __dir__():
    return sorted(__all__)
