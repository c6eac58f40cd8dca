"""A chapter in JupyterLab: what Run All brings, how long it takes, and a slider's way to the chart."""

import tempfile
import time
from pathlib import Path
from statistics import median

import find_browsers
from notebooks import close, open_notebook, serving
from playwright.sync_api import sync_playwright
from row import Row

import book

MOVES = 30
FIRST_FIGURE = 5  # seconds
SENT = 2  # megabytes
MEMORY = 300  # megabytes
ROUND_TRIP = 60  # milliseconds

# From each press of a key to the frame after the chart was drawn anew.
PRESS = """async ([figure, moves]) => {
    const handle = figure.querySelector(".noUi-handle");
    const chart = figure.querySelector(".explorer-drawing");
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    const painted = () => new Promise(resolve => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(0);
    }));
    const trips = [];
    handle.focus();
    for (let move = 0; move < moves; move++) {
        const key = move % 10 < 5 ? "ArrowRight" : "ArrowLeft";
        const start = performance.now();
        const end = await new Promise(resolve => {
            const watcher = new MutationObserver(() => {
                watcher.disconnect();
                painted().then(resolve);
            });
            watcher.observe(chart, all);
            // A move at the end of the scale, or one that changes no mark, draws nothing.
            setTimeout(() => { watcher.disconnect(); resolve(null); }, 1500);
            handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        });
        if (end !== null) trips.push(end - start);
        await new Promise(resolve => setTimeout(resolve, 100));
    }
    return trips;
}"""


def measure(chapters=None):
    """Return rows for the chapters, or for few that together hold every kind of figure."""
    chapters = chapters or book.covering_chapters()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browsers.CHROMIUM.find(), args=["--no-sandbox"]
        )
        with serving(Path(home)) as lab:
            for chapter in chapters:
                page = open_notebook(browser, lab, chapter)
                yield from _rows(page, chapter, home)
                close(page)
        browser.close()


def _rows(page, chapter, home):
    received = _received(page)
    page.reload()
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status "
        "=== 'idle'"
    )
    received.clear()
    start = time.perf_counter()
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells') && null")
    charts = page.locator(".explorer-drawing svg.marks")
    charts.first.wait_for()
    seconds = time.perf_counter() - start
    figures = list(_figures(page, chapter))
    _rest(page)
    sent = sum(received) / 1e6
    megabytes = _memory(home)
    times = sorted(time for figure in figures for time in _press(figure))
    slowest = times[int(0.95 * len(times))]
    measured = f"{median(times):.0f} ms (median of {len(times)} moves; 95% within {slowest:.0f} ms)"
    for what, budget, value, met in (
        ("Run All in JupyterLab, to the first figure", f"{FIRST_FIGURE} s", f"{seconds:.1f} s", seconds <= FIRST_FIGURE),
        ("sent to JupyterLab by Run All", f"{SENT} MB", f"{sent:.2f} MB", sent <= SENT),
        ("memory of the kernel after Run All in JupyterLab", f"{MEMORY} MB", f"{megabytes:.0f} MB", megabytes <= MEMORY),
        ("key press in JupyterLab, to the kernel and the painted chart", f"{ROUND_TRIP} ms", measured, median(times) <= ROUND_TRIP),
    ):  # fmt: skip
        yield Row(what, chapter.name, budget, value, met)


def _received(page):
    """Return a list that grows with the bytes of each message that the server sends to the page."""
    sizes = []

    def count(message):
        sizes.append(len(message if isinstance(message, bytes) else message.encode()))

    page.on("websocket", lambda socket: socket.on("framereceived", count))
    return sizes


def _rest(page):
    """Wait until all pictures have been handed over and the kernel has nothing to do."""
    page.wait_for_function(
        """() => {
            const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
            const cells = content.model.sharedModel.cells.filter(
                cell => cell.cell_type === "code" && cell.source.length);
            return cells.every(cell => cell.execution_count)
                && sessionContext.session.kernel.status === "idle"
                && document.querySelectorAll(".explorer-still img").length
                    === document.querySelectorAll(".explorer-drawing svg.marks").length;
        }"""
    )


def _memory(home):
    """Return what the only kernel takes, in megabytes: its share of what it has in common counted."""
    kernels = [
        process.parent
        for process in Path("/proc").glob("[0-9]*/cmdline")
        if b"ipykernel_launcher" in (command := _bytes(process)) and home.encode() in command
    ]
    [kernel] = kernels
    lines = (kernel / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def _bytes(path):
    """Return what a file of Linux holds; nothing of a process that has just ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _figures(page, chapter):
    """Yield the figures of a chapter that begin with a slider, once their charts are drawn."""
    for explorer in chapter.explorers:
        title = page.locator("strong").get_by_text(explorer.title, exact=True)
        figure = page.locator(".explorer-live").filter(has=title)
        figure.locator(".explorer-drawing svg.marks").wait_for()
        if figure.locator(".explorer-inputs > *").first.locator(".noUi-handle").count():
            yield figure


def _press(figure):
    """Move the first slider by its keys; return the milliseconds of each move."""
    figure.scroll_into_view_if_needed()
    return figure.page.evaluate(PRESS, [figure.element_handle(), MOVES])
