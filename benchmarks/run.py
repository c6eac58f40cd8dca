"""Measure what a reader waits for, against its budget: ``make bench``, or ``python benchmarks/run.py``.

The whole table goes to ``_build/benchmarks.md``; what is printed leaves out the single figures and
pages that are within budget. A missed budget makes the program fail.
All of it takes an hour or two; ``--only moves page --pages lee`` measures two parts on one page.
"""

import argparse
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The chapters are found as the tests find them; migrationlab is imported as the chapters do.
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser"), str(ROOT / "book")]

import building  # noqa: E402
import classroom  # noqa: E402
import kernels  # noqa: E402
import lighthouse  # noqa: E402
import moves  # noqa: E402
import pages  # noqa: E402
import stock  # noqa: E402
import testing  # noqa: E402
from browsing import chromium_version  # noqa: E402
from row import Row  # noqa: E402

import book  # noqa: E402

PARTS = {
    "page": pages.measure,
    "moves": moves.measure,
    "lighthouse": lighthouse.measure,
    "stock": stock.measure,
    "kernel": kernels.measure,
    "classroom": classroom.measure,
    "build": building.measure,
    "tests": testing.measure,
}
RESULT = ROOT / "_build" / "benchmarks.md"


# Of the processors; more is somebody else's work, and Lighthouse's score then is of it as well.
IDLE = 0.5


def load():
    """Return how many processors were busy in the last minute; 0 where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0


def machine():
    """Return one line on what was measured with."""
    processor = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        processor = models[0] if models else processor
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("numpy", "altair", "jupyter-book", "jupyterlab")
    )
    busy = load()
    warning = (
        " **The machine was not idle: times are too long, and Lighthouse's scores too low.**"
        if busy > IDLE * os.cpu_count()
        else ""
    )
    return (
        f"{processor}, {os.cpu_count()} cores (load {busy:.1f} at the start), {platform.system()}; "
        f"Python {platform.python_version()}, {packages}, Chromium {chromium_version()}.{warning}"
    )


def table(rows, note):
    """Return the rows as a Markdown table, misses in bold."""
    missed = sum(not row.met for row in rows)
    lines = [
        "# Benchmarks",
        "",
        note,
        "",
        "| Measure | Where | Budget | Measured | |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.what} | {row.where} | {row.budget} | {row.measured} | {'met' if row.met else '**MISSED**'} |"
        for row in rows
    ]
    return "\n".join(
        [*lines, "", f"{len(rows) - missed} of {len(rows)} within budget, {missed} missed.", ""]
    )


def printed(rows):
    """Return the rows that are worth a look: of those in detail, the missed ones alone."""
    return [row for row in rows if not (row.detail and row.met)]


def parsed(words=None):
    """Return the parts and the chapters that the command names; no chapters for each part's own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [chapter.name for chapter in book.chapters()]
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", default=[*PARTS],
                        help=f"measure these parts: {', '.join(PARTS)}")  # fmt: skip
    parser.add_argument("--pages", nargs="+", choices=names, metavar="PAGE", default=[],
                        help="measure these pages: their names in _toc.yml")  # fmt: skip
    chosen = parser.parse_args(words)
    return chosen.only, [chapter for chapter in book.chapters() if chapter.name in chosen.pages]


def main():
    parts, chapters = parsed()
    note = machine()
    print(note, file=sys.stderr)
    rows = []
    for name in parts:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        busy, start = load(), time.perf_counter()
        rows += PARTS[name](chapters)
        took = f"{time.perf_counter() - start:.0f} s (load before it {busy:.1f})"
        rows.append(Row("this measurement took", name, "none", took, True))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(table(rows, note), encoding="utf-8")
    print(table(printed(rows), note))
    print(f"All {len(rows)} rows are in {RESULT.relative_to(ROOT)}.")
    missed = sum(not row.met for row in rows)
    sys.exit(f"{missed} budgets are missed." if missed else None)


if __name__ == "__main__":
    main()
