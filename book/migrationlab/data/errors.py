"""How damage is told: the error of this package, and the name of a file in its message."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DataError", "short"]


class DataError(ValueError):
    """A table does not say what its description promises.

    The message names file, line, column and value, what was expected, and what to do about it.
    """


def short(file: Path) -> str:
    """Name a file with its folder: enough to find it, and the same on every machine."""
    return f"{file.parent.name}/{file.name}"
