"""A reader moves a control: how long until the chart is painted, on phones of three speeds.

The time of a move runs from the browser's receipt of a key press (the time stamp of its event,
so that waiting in line counts) to the first task after the frame in which the chart changed: script,
style, layout and painting of the main thread are in it, and the wait for the next frame, half a
frame on average. What the screen itself takes is not.

A slower phone is Chromium's own emulation, which stops the main thread for the greater part of each
moment. The work of a move is the time of the main thread itself, at full speed: it hardly
depends on what else the machine does.
"""

from dataclasses import dataclass
from statistics import median

import numpy as np
from browsing import chromium, phone, served
from row import Row

import book

SPEEDS = (1, 4, 6)
MOVES = 20
FRAME = 1000 / 60
# Milliseconds. At the speed of a cheap phone a move takes no more than two frames; at full speed one,
# for which it waits half of one.
BUDGETS = {1: 1.5 * FRAME, 4: 2 * FRAME, 6: 3 * FRAME}
# A frame that took longer than this lost the one before.
LONG_FRAME = 20
DRAG_STEPS = 45
# What the work of a move may be if it shall fit at a quarter of the speed.
WORK = 1.5 * FRAME / 4

# Steps there and back: at the end of a control at least every other one moves it.
KEYS = {
    "range": ["PageUp", "ArrowRight", "PageDown", "ArrowLeft"],
    "select-one": ["ArrowDown", "ArrowUp"],
    "checkbox": ["Space"],
}

WATCH = """
window.moves_of = figure => {
    const moves = [];
    let key = 0, start = null;
    const receive = event => { key = event.timeStamp; };
    for (const type of ["keydown", "keyup"]) figure.addEventListener(type, receive, true);
    // A press that moves nothing, such as one at a slider's end, is followed by no input.
    figure.addEventListener("input", () => { start ??= key; }, true);
    // The chart is drawn in a frame's own turn; the next task comes when that frame is painted.
    new MutationObserver(() => {
        if (start === null) return;
        const received = start;
        start = null;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => moves.push(performance.now() - received);
        port2.postMessage(0);
    }).observe(figure.querySelector(".explorer-chart"), {
        subtree: true, childList: true, attributes: true, characterData: true,
    });
    return moves;
};
window.frames_of = () => {
    const times = [];
    let going = true;
    const step = time => { times.push(time); if (going) requestAnimationFrame(step); };
    requestAnimationFrame(step);
    return () => { going = false; return times; };
};
"""


@dataclass(frozen=True)
class Figure:
    """What was measured of one figure.

    Attributes
    ----------
    chapter, title : str
    nodes : int
        Elements of its chart.
    times : dict of int to list of float
        For each speed the milliseconds of each move.
    work : dict of str to float
        Milliseconds of the main thread a move: all, and of these script, style, layout.
    lost, frames : int
        While dragging at full speed.
    """

    chapter: str
    title: str
    nodes: int
    times: dict
    work: dict
    lost: int
    frames: int

    @property
    def where(self):
        return f"{self.chapter}: {self.title}"


def measure(chapters=None):
    """Return the rows of all figures, and of the worst and the middle one."""
    figures = []
    with served(book.BUILT) as home, chromium() as browser:
        for chapter in chapters or book.chapters():
            with phone(browser) as page:
                page.goto(f"{home}/{chapter.page}")
                for number in range(page.locator("figure.explorer").count()):
                    figures.append(one_figure(page, chapter.name, number))
    for speed in SPEEDS:
        yield from _time_rows(figures, speed)
    yield from _work_rows(figures)
    yield from _drag_rows(figures)


def one_figure(page, chapter, number, speeds=SPEEDS, moves=MOVES):
    """Measure one figure of an open page, by its place."""
    figure = page.locator("figure.explorer").nth(number)
    handle = figure.element_handle()
    page.evaluate(WATCH)
    page.evaluate(
        """figure => {
            figure.querySelector(".explorer-chart").scrollIntoView({ block: "end", behavior: "instant" });
            return figure.explorer.wake();
        }""",
        handle,
    )
    watched = page.evaluate_handle("figure => window.moves_of(figure)", handle)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    _move(page, handle, 4, 1)
    times, work = {}, {}
    for speed in speeds:
        session.send("Emulation.setCPUThrottlingRate", {"rate": speed})
        watched.evaluate("moves => { moves.length = 0; }")
        before = _spent(session)
        _move(page, handle, moves, speed)
        if speed == 1:
            work = {
                name: 1000 * (end - before[name]) / moves for name, end in _spent(session).items()
            }
        times[speed] = watched.evaluate("moves => moves")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    lost, frames = _drag(page, figure)
    session.detach()
    return Figure(
        chapter,
        figure.locator(".explorer-title").inner_text(),
        figure.locator(".explorer-chart *").count(),
        times,
        work,
        lost,
        frames,
    )


def _move(page, handle, count, speed):
    """Press keys, some on each control; the page is asked nothing meanwhile."""
    inputs = handle.query_selector_all("form [name]")
    for number, control in enumerate(inputs):
        keys = KEYS[control.evaluate("input => input.type")]
        control.evaluate("input => input.focus({ preventScroll: true })")
        for press in range(count * number // len(inputs), count * (number + 1) // len(inputs)):
            page.keyboard.press(keys[press % len(keys)])
            page.wait_for_timeout(40 + 25 * speed)


def _spent(session):
    """Return the seconds that the main thread has worked so far."""
    values = {
        metric["name"]: metric["value"]
        for metric in session.send("Performance.getMetrics")["metrics"]
    }
    names = {
        "all": "TaskDuration",
        "script": "ScriptDuration",
        "style": "RecalcStyleDuration",
        "layout": "LayoutDuration",
    }
    return {ours: values[theirs] for ours, theirs in names.items()}


def _drag(page, figure):
    """Drag the first slider there and back; return the frames lost and all of them."""
    slider = figure.locator("form input[type='range']").first
    if not slider.count():
        return 0, 0
    slider.evaluate("input => input.scrollIntoView({ block: 'center', behavior: 'instant' })")
    page.wait_for_timeout(200)
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    ends = box["x"] + 0.1 * box["width"], box["x"] + 0.9 * box["width"]
    page.mouse.move(ends[0], middle)
    page.mouse.down()
    stop = page.evaluate_handle("() => window.frames_of()")
    for step in range(DRAG_STEPS):
        part = 1 - abs(2 * step / DRAG_STEPS - 1)
        page.mouse.move(ends[0] + part * (ends[1] - ends[0]), middle)
        page.wait_for_timeout(12)
    stamps = stop.evaluate("stop => stop()")
    page.mouse.up()
    gaps = np.diff(stamps)
    return int(np.sum(gaps > LONG_FRAME)), len(gaps)


# ---- rows


def _time_rows(figures, speed):
    """Yield how long moves take: of all figures together, and of each."""
    what = (
        f"a move to its painted chart, processor slowed {speed}x"
        if speed > 1
        else ("a move to its painted chart, full speed")
    )
    limit = BUDGETS[speed]
    yield from _with_summary(
        what,
        f"{limit:.0f} ms",
        figures,
        value=lambda figure: median(figure.times[speed]) if figure.times[speed] else np.inf,
        words=lambda figure: _times_in_words(figure.times[speed]),
        limit=limit,
    )


def _times_in_words(times):
    if not times:
        return "no move changed anything"
    late = np.percentile(times, 95)
    return f"{median(times):.0f} ms (median of {len(times)}; 95% within {late:.0f})"


def _work_rows(figures):
    """Yield what the main thread does for a move."""

    def words(figure):
        work = figure.work
        rest = work["all"] - work["script"] - work["style"] - work["layout"]
        return (
            f"{work['all']:.1f} ms (script {work['script']:.1f}, style {work['style']:.1f}, layout "
            f"{work['layout']:.1f}, painting and all else {rest:.1f}); {figure.nodes} elements"
        )

    yield from _with_summary(
        "work of the main thread for a move",
        f"{WORK:.1f} ms",
        figures,
        value=lambda figure: figure.work["all"],
        words=words,
        limit=WORK,
    )


def _drag_rows(figures):
    """Yield the frames lost while a slider is dragged."""
    yield from _with_summary(
        "frames lost while dragging, full speed",
        "0",
        [figure for figure in figures if figure.frames],
        value=lambda figure: figure.lost,
        words=lambda figure: f"{figure.lost} of {figure.frames}",
        limit=0,
    )


def _with_summary(what, budget, figures, value, words, limit):
    """Yield one row for all figures, with the worst, and one row of detail for each."""
    if not figures:
        return
    worst = max(figures, key=value)
    within = sum(value(figure) <= limit for figure in figures)
    measured = (
        f"{within} of {len(figures)} within; middle {median(map(value, figures)):.1f}, "
        f"worst {value(worst):.1f} ({worst.where})"
    )
    yield Row(what, f"{len(figures)} figures", budget, measured, within == len(figures))
    for figure in figures:
        yield Row(what, figure.where, budget, words(figure), value(figure) <= limit, detail=True)
