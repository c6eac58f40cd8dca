"""The build: all chapters run and set, with nothing kept from an earlier build."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from row import Row

import book

# Installed once and not part of a build.
LINKED = (".venv", "node_modules")
LEFT_OUT = (
    *LINKED,
    "_build",
    ".git",
    "tests",
    "benchmarks",
    ".*_cache",
    "__pycache__",
    ".hypothesis",
)


def measure(_=None):
    """Return the rows of a cold build in a copy of the project, and of one after an edit of a chapter."""
    with tempfile.TemporaryDirectory() as home:
        copy = Path(home) / "project"
        shutil.copytree(book.ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for name in LINKED:
            if (book.ROOT / name).exists():
                (copy / name).symlink_to(book.ROOT / name)
        seconds = _build(copy)
        count = len(book.chapters())
        where = f"{count} chapters, each run"
        yield Row("cold build", where, "90 s", f"{seconds:.0f} s", seconds <= 90)
        chapter = max(book.chapters(), key=lambda chapter: len(chapter.explorers))
        edited = copy / chapter.notebook.relative_to(book.ROOT)
        notebook = nbformat.read(edited, as_version=4)
        notebook.cells[0].source += "\n"
        nbformat.write(notebook, edited)
        seconds = _build(copy)
        where = f"after an edit of {chapter}, the chapter with most explorers"
        yield Row("rebuild", where, "15 s", f"{seconds:.0f} s", seconds <= 15)


def _build(folder):
    """Build the book in a folder and return the seconds that it took."""
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", folder, "-n", "-W", "--keep-going"]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - start
