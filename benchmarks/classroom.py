"""A slider dragged in JupyterLab: from its new value to the redrawn chart, by way of the kernel."""

import tempfile
from pathlib import Path
from statistics import median

import find_browsers
from notebooks import close, open_notebook, serving
from playwright.sync_api import sync_playwright
from row import Row

import book

STOPS = 30
BUDGET = 60

# Notes when the slider's number changes, and when the chart has been drawn anew.
WATCH = """figure => {
    window.trips = [];
    let start = null;
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(() => { start ??= performance.now(); })
        .observe(figure.querySelector(".widget-readout"), all);
    new MutationObserver(() => {
        if (start !== null) window.trips.push(performance.now() - start);
        start = null;
    }).observe(figure.querySelector(".vega-embed"), all);
}"""


def measure():
    """Return a row for the first slider of each figure of a chapter of theory and one of statistics."""
    chapters = [chapter for chapter in book.chapters() if chapter.name in ("lee", "regions")]
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browsers.CHROMIUM.find(), args=["--no-sandbox"]
        )
        with serving(Path(home)) as lab:
            for chapter in chapters:
                page = open_notebook(browser, lab, chapter)
                page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
                times = [time for figure in _figures(page, chapter) for time in _drag(page, figure)]
                close(page)
                slowest = sorted(times)[int(0.95 * len(times))]
                measured = f"{median(times):.0f} ms (median of {len(times)} moves; 95% within {slowest:.0f} ms)"
                yield Row(
                    "slider in JupyterLab, to the chart and back",
                    chapter.name,
                    f"{BUDGET} ms",
                    measured,
                    median(times) <= BUDGET,
                )
        browser.close()


def _figures(page, chapter):
    """Yield the figures of a chapter that begin with a slider, once their charts are drawn."""
    for explorer in chapter.explorers:
        title = page.locator("strong").get_by_text(explorer.title, exact=True)
        figure = page.locator(".explorer-live").filter(has=title)
        figure.locator(".vega-embed svg.marks").wait_for()
        if figure.locator(".explorer-inputs > *").first.locator(".noUi-handle").count():
            yield figure


def _drag(page, figure):
    """Drag the first slider from end to end; return the milliseconds of each move."""
    figure.evaluate(WATCH)
    figure.scroll_into_view_if_needed()
    handle = figure.locator(".noUi-handle").first.bounding_box()
    track = figure.locator(".noUi-base").first.bounding_box()
    height = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, height)
    page.mouse.down()
    for stop in range(STOPS):
        page.mouse.move(track["x"] + track["width"] * (stop + 1) / (STOPS + 1), height)
        page.wait_for_timeout(100)
    page.mouse.up()
    return page.evaluate("() => window.trips")
