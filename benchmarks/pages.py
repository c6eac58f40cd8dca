"""The published page on a phone: what it fetches, how soon it lives, what it does without a server."""

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from browsing import chromium, packed, phone, served
from row import Row

import book

LOADS = 5
# Kilobytes gzipped: to be read, and with all charts alive.
FIRST_LOAD, AWAKE = 300, 600
# Elements of a page: the cost of a layout grows with them.
ELEMENTS = 10_000
FIRST_TOUCH = 400  # milliseconds
# What is fetched from a server of its own is served from this folder; see `stock`.
ELSEWHERE = "/elsewhere/"

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


@dataclass(frozen=True)
class Page:
    """A page as a reader finds it.

    Attributes
    ----------
    requests : int
    first, awake : float
        Kilobytes fetched, gzipped, until it can be read and until all charts are alive.
    largest : str
    elements : int
    outside : set of str
        Servers that it fetches from, beside its own.
    charts, alive : int
        How many figures there are, and how many have a chart made by script.
    slider : bool or None
        Whether the first slider changes its chart; None on a page without sliders.
    wrongs : list of str
        Errors on the console, scripts' errors, what could not be fetched.
    """

    requests: int
    first: float
    awake: float
    largest: str
    elements: int
    outside: set
    charts: int
    alive: int
    slider: bool | None
    wrongs: list


@dataclass(frozen=True)
class Parts:
    """Selectors of what a page has: figures, charts that are alive, sliders, the first slider's chart."""

    figure: str
    chart: str
    slider: str
    changed: str


OURS = Parts(
    figure="figure.explorer",
    chart="figure.explorer[data-live='yes']",
    slider="figure.explorer input[type='range']",
    changed="figure.explorer:has(input[type='range']) .explorer-chart",
)


def look(browser, address, parts=OURS):
    """Open a page, wake all its charts and move a slider.

    Parameters
    ----------
    browser : playwright Browser
    address : str
    parts : Parts

    Returns
    -------
    Page
    """
    with phone(browser) as page:
        answers, wrongs = [], []
        page.on("response", lambda answer: answers.append(answer))
        page.on("requestfailed", lambda request: wrongs.append(request.url))
        page.on("pageerror", lambda error: wrongs.append(str(error)))
        page.on("console", lambda message: message.type == "error" and wrongs.append(message.text))
        page.goto(address, wait_until="networkidle")
        first = _weights(answers)
        elements = page.locator("*").count()
        # A reader's first action: what a page keeps back comes now.
        page.mouse.move(5, 5)
        page.mouse.move(9, 9)
        figures = page.locator(parts.figure)
        for number in range(figures.count()):
            figures.nth(number).scroll_into_view_if_needed()
            page.wait_for_timeout(150)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        awake = _weights(answers)
        alive = page.locator(parts.chart).count()
        return Page(
            len(first),
            sum(first.values()),
            sum(awake.values()),
            _largest(first),
            elements,
            _outside(awake, address),
            figures.count(),
            alive,
            _slides(page, parts),
            wrongs,
        )


def _weights(answers):
    """Return the gzipped kilobytes of each address; of an answer that leads elsewhere, none."""
    return {
        answer.url: len(packed(answer.body())) / 1000
        for answer in list(answers)
        if not 300 <= answer.status < 400 and not answer.url.startswith(("data:", "blob:"))
    }


def _largest(weights):
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{Path(urlsplit(url).path).name} {weight:.0f}" for url, weight in heaviest)


def _outside(weights, address):
    """Return the servers that are not the page's own, also those that are only copied here."""
    hosts = set()
    for url in weights:
        parts = urlsplit(url)
        if parts.path.startswith(ELSEWHERE):
            hosts.add(parts.path.removeprefix(ELSEWHERE).split("/")[0])
        elif parts.netloc != urlsplit(address).netloc:
            hosts.add(parts.netloc)
    return hosts


def _slides(page, parts):
    """Tell whether the first slider's keys change its chart, to the eye: a canvas has no other sign."""
    slider = page.locator(parts.slider).first
    if not slider.count():
        return None
    changed = page.locator(parts.changed).first
    before = changed.screenshot()
    slider.focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    page.wait_for_timeout(500)
    return changed.screenshot() != before


def measure(chapters=None):
    """Return the rows of the chapters' pages."""
    with served(book.BUILT) as home, chromium() as browser:
        for chapter in chapters or book.chapters():
            address = f"{home}/{chapter.page}"
            yield from _rows(look(browser, address), chapter)
            yield _from_a_file(browser, chapter)
            yield _first_touch(browser, chapter, address)


def _rows(seen, chapter):
    first = f"{seen.first:.0f} kB in {seen.requests} requests (largest: {seen.largest})"
    outside = ", ".join(sorted(seen.outside)) or "none"
    alive = f"{seen.alive} of {seen.charts}"
    slider = {True: "alive", False: "dead", None: "none"}[seen.slider]
    lives = seen.alive == seen.charts and seen.slider is not False and not seen.wrongs
    alive = f"{alive} charts; slider: {slider}{_said(seen.wrongs)}"
    for what, budget, measured, met in (
        ("first load, gzipped", f"{FIRST_LOAD} kB", first, seen.first <= FIRST_LOAD),
        ("with all charts alive, gzipped", f"{AWAKE} kB", f"{seen.awake:.0f} kB", seen.awake <= AWAKE),
        ("elements of the page", f"{ELEMENTS:,}", f"{seen.elements:,}", seen.elements <= ELEMENTS),
        ("servers beside the page's own", "none", outside, not seen.outside),
        ("charts alive, and the first slider", "all", alive, lives),
    ):  # fmt: skip
        yield Row(what, chapter.name, budget, measured, met, detail=True)


def _said(wrongs):
    """Return what went wrong in a few words, to stand behind others."""
    return f"; {len(wrongs)} errors, such as {wrongs[0][:80]}" if wrongs else "; no errors"


def _from_a_file(browser, chapter):
    """Open the page from the file system: no server, and no network around it."""
    seen = look(browser, (book.BUILT / chapter.page).as_uri())
    met = seen.alive == seen.charts and seen.slider is not False and not seen.wrongs
    measured = f"{seen.alive} of {seen.charts} charts alive{_said(seen.wrongs)}"
    return Row("opened as a file", chapter.name, "all alive", measured, met, detail=True)


def _first_touch(browser, chapter, address):
    """Time from the first action on a page, nothing cached, to the first live chart."""
    times = []
    for _ in range(LOADS):
        with phone(browser) as page:
            page.context.add_init_script(WATCH)
            page.goto(address, wait_until="networkidle")
            near = page.evaluate(
                "document.querySelector('figure.explorer').getBoundingClientRect().top < innerHeight"
            )
            if near:
                page.mouse.move(300, 300)
                page.mouse.move(304, 304)
            else:
                page.evaluate(
                    "document.querySelector('figure.explorer').scrollIntoView({behavior: 'instant'})"
                )
            page.locator("figure.explorer[data-live='yes']").first.wait_for()
            times.append(page.evaluate("window.seen.live - window.seen.touch"))
    measured = f"{median(times):.0f} ms (median of {LOADS}, worst {max(times):.0f})"
    met = median(times) <= FIRST_TOUCH
    what = "first touch to a live chart"
    return Row(what, chapter.name, f"{FIRST_TOUCH} ms", measured, met, detail=True)
