"""The published page in Chromium: a slider's move, the first touch, the weight of the first load."""

import gzip
import json
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread

import find_browsers
import numpy as np
from migrationlab import charts
from playwright.sync_api import sync_playwright
from row import Row

import book

MOVES = 100
WARM_UP = 20
LOADS = 5

# Moves one control at a time, as a reader does, and times each recomputation with its redraw.
TIME_MOVES = """async ([name, moves]) => {
    const figure = document.getElementById(name);
    figure.scrollIntoView();
    await figure.explorer.wake();
    const times = [];
    for (const [control, value] of moves) {
        const input = figure.querySelector(`form [name='${control}']`);
        if (input.type === "checkbox") input.checked = Boolean(value);
        else input.value = String(value);
        const start = performance.now();
        await figure.explorer.refresh();
        times.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
    }
    return times;
}"""

# Notes the time of the first action and of the first chart that is live.
WATCH = """
    const seen = window.seen = {};
    for (const action of ["pointermove", "scroll"]) {
        addEventListener(action, (event) => {
            // What start.js takes for an action: the page scrolls, or the pointer does not just rest.
            const acts = action === "scroll" ? event.target === document : event.movementX || event.movementY;
            if (acts) seen.touch ??= performance.now();
        }, { capture: true });
    }
    new MutationObserver(() => { seen.live ??= performance.now(); })
        .observe(document, { subtree: true, attributeFilter: ["data-live"] });
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Write no line for each request."""


@contextmanager
def _served():
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=book.BUILT)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def _chromium():
    path = find_browsers.CHROMIUM.find()
    if path is None:
        raise SystemExit(find_browsers.CHROMIUM.remedy)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@cache
def chromium_version():
    with _chromium() as browser:
        return browser.version


def measure():
    """Return the rows of all chapters' pages."""
    with _served() as home, _chromium() as browser:
        rows = []
        for chapter in book.chapters():
            address = f"{home}/{chapter.page}"
            rows += [
                _first_load(browser, chapter, address),
                _first_touch(browser, chapter, address),
            ]
            rows += _slider_moves(browser, chapter, address)
            rows += _own_data(chapter)
        return rows


def _first_load(browser, chapter, address):
    """Weigh all that the page asks for before the reader does anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    sizes = {
        Path(answer.url).name.partition("?")[0]: len(gzip.compress(answer.body(), 9))
        for answer in answers
    }
    context.close()
    assert not any(name == "vega.js" for name in sizes), "Vega is loaded before the first action"
    total = sum(sizes.values()) / 1000
    largest = ", ".join(
        f"{name} {size / 1000:.0f}"
        for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:3]
    )
    measured = f"{total:.0f} kB in {len(sizes)} files (largest: {largest})"
    return Row("first load, gzipped", chapter.name, "400 kB", measured, total <= 400)


def _first_touch(browser, chapter, address):
    """Time from the first action on a page, nothing cached, to the first live chart."""
    times = []
    for _ in range(LOADS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        near = page.evaluate(
            "document.querySelector('figure.explorer').getBoundingClientRect().top < innerHeight"
        )
        if near:
            page.mouse.move(300, 300)
        else:
            page.evaluate(
                "document.querySelector('figure.explorer').scrollIntoView({behavior: 'instant'})"
            )
        page.locator("figure.explorer[data-live='yes']").first.wait_for()
        times.append(page.evaluate("window.seen.live - window.seen.touch"))
        context.close()
    measured = f"{median(times):.0f} ms (median of {LOADS}, worst {max(times):.0f})"
    return Row("first touch to a live chart", chapter.name, "400 ms", measured, median(times) < 400)


def _slider_moves(browser, chapter, address):
    """Time moves of each explorer's controls under the page's own policy, which forbids eval."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address)
    assert "unsafe-eval" not in page.locator(
        "meta[http-equiv='Content-Security-Policy']"
    ).get_attribute("content")
    for explorer in chapter.explorers:
        times = page.evaluate(TIME_MOVES, [explorer.name, _moves(explorer)])[WARM_UP:]
        middle, late = np.percentile(times, [50, 95])
        size = f"{explorer.n} rows, {len(explorer.tape.entries)} operations, {len(json.dumps(explorer.tape.to_dict())) / 1000:.1f} kB"
        # A map draws outlines, which takes longer than bars.
        most, latest = (30, 60) if _is_map(explorer) else (4, 16)
        yield Row(
            "slider move, median / 95th percentile",
            f"{chapter.name}: {explorer.title} ({size})",
            f"{most} / {latest} ms",
            f"{middle:.1f} / {late:.1f} ms",
            middle <= most and late <= latest,
        )
    context.close()


def _is_map(explorer):
    return charts.BOUNDARIES in book.specification(explorer).get("datasets", {})


def _own_data(chapter):
    """Weigh what a page with a map carries itself: its HTML and the outlines that its maps share."""
    if not any(_is_map(explorer) for explorer in chapter.explorers):
        return
    files = [book.BUILT / chapter.page, book.BUILT / "_static" / "boundaries.js"]
    sizes = [len(gzip.compress(file.read_bytes(), 9)) / 1000 for file in files]
    measured = f"{sum(sizes):.0f} kB (page {sizes[0]:.0f}, outlines {sizes[1]:.0f})"
    yield Row(
        "own data of a page with maps, gzipped", chapter.name, "600 kB", measured, sum(sizes) <= 600
    )


def _moves(explorer):
    random = np.random.default_rng(0)
    controls = [
        explorer.controls[number]
        for number in random.integers(len(explorer.controls), size=MOVES + WARM_UP)
    ]
    return [
        (control.name, control.grid()[random.integers(len(control.grid()))]) for control in controls
    ]
