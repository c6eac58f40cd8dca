"""Errors whose message says all: a notebook shows the sentence, not the way to it."""

from __future__ import annotations


class PlainError(Exception):
    """What went wrong, where, and what to do, in one message.

    IPython shows the message without the lines of the engine that led to it.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class ExplorerError(PlainError, ValueError):
    """An explorer cannot be made, or cannot compute, as its author or reader asks."""
