"""The kernel: how long an import takes, and how much memory a chapter needs."""

import subprocess
import sys
from pathlib import Path
from statistics import median

import nbformat
from nbclient import NotebookClient
from row import Row

import book

STARTS = 5


def measure(chapters=None):
    """Return the rows on imports and memory."""
    yield _import("import explorers, migrationlab", budget=1)
    yield _import("from explorers import Explorer", budget=None)
    yield _tables()
    for chapter in chapters or book.chapters():
        yield _memory(chapter)


def _tables():
    """Load and check every table of the data package in a fresh interpreter, imports included."""
    statement = "from migrationlab import data; [data.load(name) for name in data.describe()]"
    times = _times(statement)
    measured = f"{median(times):.2f} s (median of {STARTS} interpreters)"
    return Row("load and check all tables", "`data`", "3 s", measured, median(times) <= 3)


def _import(statement, budget):
    times = _times(statement)
    measured = f"{median(times):.2f} s (median of {STARTS} interpreters)"
    limit = f"{budget} s" if budget else "none"
    return Row(
        "import", f"`{statement}`", limit, measured, budget is None or median(times) <= budget
    )


def _times(statement):
    """Time a statement in fresh interpreters, in seconds."""
    code = (
        f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", code]
    return [
        float(
            subprocess.run(
                command, cwd=book.ROOT / "book", check=True, capture_output=True, text=True
            ).stdout
        )
        for _ in range(STARTS)
    ]


def _memory(chapter):
    """Run a chapter in a kernel of its own and read the kernel's highest memory from Linux."""
    notebook = nbformat.read(chapter.notebook, as_version=4)
    folder = {"metadata": {"path": str(chapter.notebook.parent)}}
    client = NotebookClient(notebook, timeout=600, resources=folder)
    with client.setup_kernel():
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
        status = Path(f"/proc/{client.km.provisioner.pid}/status").read_text()
    peak = (
        next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
        * 1024
        / 1e6
    )
    return Row("peak memory of the kernel", chapter.name, "500 MB", f"{peak:.0f} MB", peak < 500)
