"""The build: all chapters run and set, with nothing kept from an earlier build."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def measure():
    """Return the row of a cold build in a copy of the project."""
    with tempfile.TemporaryDirectory() as home:
        copy = Path(home) / "project"
        shutil.copytree(book.ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for name in LINKED:
            if (book.ROOT / name).exists():
                (copy / name).symlink_to(book.ROOT / name)
        command = [
            Path(sys.executable).with_name("jupyter-book"),
            "build",
            copy,
            "-n",
            "-W",
            "--keep-going",
        ]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
        seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    count = len(book.chapters())
    yield Row(
        "cold build", f"{count} chapters, each run", "90 s", f"{seconds:.0f} s", seconds <= 90
    )
