"""Measure what a reader waits for, against its budget: ``make bench``, or ``python benchmarks/run.py``.

Prints a table and writes it to ``_build/benchmarks.md``. A missed budget is shown in the table;
the program fails only if something could not be measured. ``--only page`` measures one part.
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
import pages  # noqa: E402
import testing  # noqa: E402
from row import Row  # noqa: E402

PARTS = {
    "page": pages.measure,
    "kernel": kernels.measure,
    "classroom": classroom.measure,
    "build": building.measure,
    "tests": testing.measure,
}
RESULT = ROOT / "_build" / "benchmarks.md"


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
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    return (
        f"{processor}, {os.cpu_count()} cores (load {busy:.1f} at the start), {platform.system()}; "
        f"Python {platform.python_version()}, {packages}, Chromium {pages.chromium_version()}."
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
        f"| {row.what} | {row.where} | {row.budget} | {row.measured} | {'pass' if row.met else '**MISS**'} |"
        for row in rows
    ]
    return "\n".join(
        [*lines, "", f"{len(rows) - missed} of {len(rows)} within budget, {missed} missed.", ""]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PARTS, help="measure one part")
    chosen = parser.parse_args().only
    note = machine()
    rows = []
    for name, measure in PARTS.items():
        if chosen in (None, name):
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            start = time.perf_counter()
            rows += measure()
            seconds = f"{time.perf_counter() - start:.0f} s"
            rows.append(Row("this measurement took", name, "none", seconds, True))
    text = table(rows, note)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
