"""What this book changes in Jupyter Book, its theme and Sphinx.

The pages must work offline, opened from the file system, and under a strict
Content-Security-Policy; so every script and font they need is written into the book itself.
"""

import sys
from pathlib import Path

# As the chapters import them: from the folder beside them.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from . import (  # noqa: E402
    addresses,
    exercises,
    finishing,
    head,
    mended,
    policy,
    reading,
    scripts,
    search,
    sheet,
    tables,
    taken_home,
    theme,
)
from .theme import repository_address  # noqa: E402

__all__ = ["repository_address", "setup"]


def setup(app):
    for part in (
        reading,
        theme,
        exercises,
        tables,
        addresses,
        head,
        search,
        taken_home,
        finishing,
        mended,
        scripts,
        sheet,
        policy,
    ):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
