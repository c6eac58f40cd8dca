"""The code of a figure, for the page's reader: its own function and those of the theory that it calls."""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent


def code_of(function: Callable) -> str:
    """Return the source of a function and of the functions that it names.

    Parameters
    ----------
    function : callable
        One that is written in a file, such as a function that returns an `Explorer`.

    Returns
    -------
    str
        First the function itself; then, each under the name of its module, those functions which
        it or its helpers name and which belong neither to this package nor to an installed one.
    """
    found = {function.__qualname__ + (function.__module__ or ""): function}
    waiting = [function]
    while waiting:
        for called in _named_by(waiting.pop(0)):
            key = called.__qualname__ + called.__module__
            if key not in found:
                found[key] = called
                # What a function of the theory calls is the theory's own affair.
                if called.__module__ == function.__module__:
                    waiting.append(called)
    pieces = []
    module = None
    for one in sorted(found.values(), key=lambda one: one.__module__ != function.__module__):
        if one.__module__ != module:
            module = one.__module__
            pieces.append(f"# {module.replace('.', '/')}.py")
        pieces.append(dedent(inspect.getsource(one)).strip())
    return "\n\n\n".join(pieces) + "\n"


def _named_by(function: Callable) -> Iterator[Callable]:
    """Yield the functions of the book that a function names, in order."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    names = getattr(function, "__globals__", {})
    for node in ast.walk(tree):
        value: Any = None
        if isinstance(node, ast.Name):
            value = names.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = names.get(node.value.id)
            value = getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
        if inspect.isfunction(value) and _is_the_books(value):
            yield value


def _is_the_books(function: Callable) -> bool:
    path = Path(inspect.getsourcefile(function) or "").resolve()
    installed = any(path.is_relative_to(place) for place in {sys.prefix, sys.base_prefix})
    return not installed and not path.is_relative_to(HERE)


def code_script(module: ModuleType) -> str:
    """Return the script that hands the page the code of a module's figures.

    Parameters
    ----------
    module : module
        Its functions are figures or their helpers.

    Returns
    -------
    str
        Sets ``window.explorerCode[module][function]``; the page loads it when a reader asks for the
        code of a figure.
    """
    own = {
        name: code_of(function)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    content = json.dumps(own, ensure_ascii=False, separators=(",", ":"))
    return f'(window.explorerCode=window.explorerCode||{{}})["{module.__name__}"]={content};'
