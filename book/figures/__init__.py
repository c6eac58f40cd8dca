"""The figures of the chapters: one module for each chapter, one function for each figure.

A function returns an `explorers.Explorer`; a chapter shows it with one line:

>>> from figures import lee as figures
>>> figures.who_goes().title
'Who goes?'

What a class may want to change is an argument whose default is the book's own: a function, which is
called as the book's is, or rows with the book's columns; see `explorers.stand_in`.
"""

import ast
from functools import partial
from importlib import import_module
from pathlib import Path


def all_figures():
    """Return all figures of all chapters by name, such as ``"lee.who_goes"``, in their order.

    Returns
    -------
    dict of str to callable
        Called without arguments, each returns an `explorers.Explorer`. A module is imported when
        one of its figures is made.
    """
    return {
        f"{path.stem}.{function}": partial(_make, path.stem, function)
        for path in sorted(Path(__file__).parent.glob("*.py"))
        if not path.stem.startswith("_")
        for function in _functions_that_return_an_explorer(path)
    }


def _make(chapter, function):
    return getattr(import_module(f"figures.{chapter}"), function)()


def _functions_that_return_an_explorer(path):
    """Return the names of a module's figures: its functions that end in ``return Explorer(…)``."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            last = node.body[-1]
            call = getattr(last, "value", None)
            if isinstance(last, ast.Return) and getattr(call, "func", None) is not None:
                if getattr(call.func, "id", "") == "Explorer":
                    yield node.name
