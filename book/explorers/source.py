"""A model's own code, folded, as a chapter shows it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from html import escape
from textwrap import dedent
from typing import Any

from .page import is_being_built


def show_source(function: Callable) -> Source:
    """Show a function as it stands in its module, folded under its name.

    Parameters
    ----------
    function : callable
        One that is written in a file.

    Returns
    -------
    Source
        Shown by ending a cell with it.
    """
    return Source(function)


class Source:
    """A function's code; made by `show_source`."""

    def __init__(self, function: Callable) -> None:
        module = (inspect.getmodule(function) or function).__name__
        self.name = function.__name__
        self.label = f"The code of {self.name}, from {module.replace('.', '/')}.py"
        self.code = dedent(inspect.getsource(function))

    def to_html(self) -> str:
        """Return the code as a piece of a page, folded; colored by the page's style sheet."""
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer

        code = highlight(self.code, PythonLexer(), HtmlFormatter())
        if not is_being_built():
            # JupyterLab has no colors for it; a theme's text color suits light and dark.
            code = f"<pre>{escape(self.code)}</pre>"
        return f'<details class="source"><summary>{escape(self.label)}</summary>{code}</details>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/html": self.to_html(), "text/plain": self.code}
