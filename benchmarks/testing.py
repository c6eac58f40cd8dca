"""The tests: how long each part of them takes."""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from row import Row

import book


def measure(_=None):
    """Run all tests, as ``make test`` does, and return one row for each file and one for all."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadgroup"]
        command += [f"--junitxml={report}", "-o", "junit_duration_report=total"]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=book.ROOT, capture_output=True, text=True)
        seconds = time.perf_counter() - start
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        cases = list(ElementTree.parse(report).iter("testcase"))
    times, counts = Counter(), Counter()
    for case in cases:
        part = case.get("classname").replace(".", "/")
        times[part] += float(case.get("time"))
        counts[part] += 1
    for part, total in times.most_common():
        if total >= 5:
            yield Row(
                "tests, one process", f"{part} ({counts[part]})", "none", f"{total:.0f} s", True
            )
    where = f"{len(cases)} tests in {os.cpu_count()} processes"
    yield Row("tests, from start to end", where, "8 min", f"{seconds / 60:.1f} min", seconds <= 480)
