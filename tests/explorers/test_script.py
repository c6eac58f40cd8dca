"""The page's script in a page of its own: odd names, gaps, other scripts, a chart that cannot be loaded."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import vl_convert
from explorers import drawing, script, style
from explorers.explorer import Explorer
from explorers.parameters import Choice, Switch
from playwright.sync_api import expect
from samples import GAMMA, explorer, simple

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    """A folder with the page's script and Vega."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "first.js").write_text(script.first_script(), encoding="utf-8")
    (folder / "explorer.js").write_text(script.page_script(), encoding="utf-8")
    version = drawing.VEGA_LITE
    bundle = vl_convert.javascript_bundle(vl_version=version)
    (folder / "vega.js").write_text(f"(function(){{{bundle}}})();", encoding="utf-8")
    (folder / "book.css").write_text(style.page_style(), encoding="utf-8")
    return folder


@pytest.fixture
def opened(chromium, static):
    """Return a function that opens a page with the given explorers, from the file system."""
    context = chromium.new_context(offline=True, viewport={"width": 900, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def show(*explorers, folder=static):
        _write_page(folder, *explorers)
        page.goto((folder / "page.html").as_uri())
        return page

    yield show
    context.close()
    assert not errors


def _write_page(folder, *explorers):
    head = (
        '<!doctype html><html data-theme="light"><meta charset="utf-8"><title>Page</title>'
        '<link rel="stylesheet" href="book.css">'
        '<script src="first.js"></script><script src="explorer.js" defer></script>'
    )
    html = head + "".join(one.to_html() for one in explorers)
    (folder / "page.html").write_text(html, encoding="utf-8")


def figure(page, one):
    return page.locator(f"figure[id='{one.name}']")


def move(page, one, name, value):
    """Set a control and tell the page, as a reader's move does; return the sentence."""
    field = figure(page, one).locator(f"[name='{name}']")
    field.evaluate(
        "(input, value) => { input.value = value;"
        " input.dispatchEvent(new Event('input', {bubbles: true})); }",
        str(value),
    )
    expect(figure(page, one).locator(f"[name='{name}']")).to_have_js_property("value", str(value))
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return figure(page, one).locator(".explorer-sentence").inner_text()


@pytest.mark.parametrize(
    "name", ["elements", "reset", "querySelector", "addEventListener", "constructor", "toString"]
)
def test_a_control_may_have_the_name_of_something_of_the_forms(opened, name):
    """A form gives way to an input of the name of one of its own methods."""
    source = f"lambda people, {name}: {{'y': people * {name} / 1000}}"
    one = simple(eval(source), [GAMMA.replace(name=name)], f"{{{name}:.1f}}, {{y[0]:.2f}}")
    page = opened(one)
    assert move(page, one, name, 2) == one.say(**{name: 2.0})
    figure(page, one).get_by_role("button", name="Reset").click()
    expect(figure(page, one).locator(".explorer-sentence")).to_have_text(one.say())


def test_results_and_columns_may_have_the_name_of_something_of_every_objects(opened):
    def model(people, gamma):
        return {"y": people * gamma / 1000, "valueOf": gamma + 1}

    rows = {"people": [1000.0, 2000.0], "town": ["a", "b"], "constructor": ["first", "second"]}
    sentence = "{constructor[1]} {valueOf:.0f} {gamma}"
    table = {"constructor": "Builder", "valueOf": ("Value", ".0f")}
    one = simple(model, sentence=sentence, rows=rows, table=table)
    page = opened(one)
    figure(page, one).locator("summary").click()
    assert move(page, one, "gamma", 2) == one.say(gamma=2.0) == "second 3 2.0"
    cells = figure(page, one).locator("tbody :is(th, td)")
    assert cells.all_inner_texts() == ["first", "3", "second", "3"]


def test_explorers_in_kazakh_keep_their_own_labels(opened):
    first = explorer(title="Қашықтық")
    second = explorer(title="Қоныс аудару")
    page = opened(first, second)
    figure(page, second).get_by_text("Rule", exact=True).click()
    focused = page.evaluate("document.activeElement.closest('figure').id")
    assert focused == second.name == "explorer-қоныс-аудару"
    assert move(page, second, "gamma", 2) == second.say(gamma=2.0)
    expect(figure(page, first).locator(".explorer-sentence")).to_have_text(first.say())


def test_gaps_stay_empty_after_a_move(opened):
    def model(people, gamma, which):
        known = np.where((people > 800) | (which == 1), 1, 0)
        return {"y": people / 1000 * gamma, "known": known, "all": np.min(known)}

    one = simple(
        model,
        [GAMMA, Choice("which", "Which", options=("some", "all"))],
        "{all?All three, {gamma} and {y[2]:.2f}|Not all}.",
        table={"town": "Town", "y": ("Y", ".2f", "known")},
    )
    page = opened(one)
    figure(page, one).locator("summary").click()
    cells = figure(page, one).locator("tbody tr td:last-child")
    assert cells.all_inner_texts() == ["2.00", "1.00", ""]
    assert move(page, one, "gamma", 2) == "Not all."
    assert cells.all_inner_texts() == ["4.00", "2.00", ""]
    assert move(page, one, "which", 1) == one.say(gamma=2, which=1) == "All three, 2.0 and 1.00."
    assert cells.all_inner_texts() == ["4.00", "2.00", "1.00"]


def test_a_page_that_appears_under_a_resting_pointer_stays_as_it_was_built(opened):
    """Only a reader who acts has to load Vega; the browser tells a new page where the pointer rests."""
    one = simple(lambda people, gamma: {"y": people / 1000 * gamma})
    page = opened(one)
    page.evaluate("dispatchEvent(new PointerEvent('pointermove', { clientX: 5, clientY: 5 }))")
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    assert page.evaluate("typeof window.vegaEmbed") == "undefined"
    expect(figure(page, one)).not_to_have_attribute("data-live", "yes")
    page.mouse.move(5, 5)
    page.mouse.move(9, 9)
    expect(figure(page, one)).to_have_attribute("data-live", "yes")


def test_a_chart_that_cannot_be_loaded_says_so_and_is_tried_again(opened, static, tmp_path):
    one = simple(
        lambda people, gamma, which, on: {"y": people / 1000 * gamma + which + on},
        [GAMMA, Choice("which", "Which", options=("a", "b"), default="b"), Switch("on", "On")],
        "{gamma} {y[0]:.1f}",
    )
    # A folder of its own: the browser may remember a script that it has seen at the same address.
    for name in ("first.js", "explorer.js", "book.css"):
        shutil.copy(static / name, tmp_path)
    page = opened(one, folder=tmp_path)
    note = figure(page, one).get_by_text("The chart could not be loaded.")
    picture = figure(page, one).locator(".explorer-picture.wide svg")

    def assert_picture_is_hidden():
        expect(note).to_be_visible()
        expect(picture).not_to_be_visible()

    with page.expect_console_message(lambda message: "vega.js is missing" in message.text):
        page.mouse.move(5, 5)
        page.mouse.move(9, 9)
    # Where nothing has moved, the picture is true, and the reader misses nothing.
    expect(picture).to_be_visible()
    expect(note).to_have_count(0)
    for name, value in {"gamma": 2, "which": 0}.items():
        move(page, one, name, value)
        assert_picture_is_hidden()
        figure(page, one).get_by_role("button", name="Reset").click()
        expect(note).to_have_count(0)
        expect(picture).to_be_visible()
    figure(page, one).get_by_label("On").check()
    assert_picture_is_hidden()
    assert move(page, one, "gamma", 2) == one.say(gamma=2, on=1) == "2.0 6.0"
    shutil.copy(static / "vega.js", tmp_path)
    assert move(page, one, "gamma", 1.5) == one.say(gamma=1.5, on=1)
    expect(figure(page, one)).to_have_attribute("data-live", "yes")
    expect(note).to_have_count(0)
    expect(figure(page, one).locator("svg.marks")).to_be_visible()
    shown = page.evaluate("document.querySelector('figure').explorer.view().signal('model').y[0]")
    assert shown == 5


def test_a_page_from_the_browsers_memory_reads_its_controls_again(opened):
    """As WebKit does: the controls change after the page has come back, and no one tells it."""
    one = simple(lambda people, gamma: {"y": people / 1000 * gamma}, sentence="{gamma} {y[0]:.1f}")
    page = opened(one)
    page.evaluate(
        """() => {
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
            document.querySelector("[name='gamma']").value = "2";
        }"""
    )
    expect(figure(page, one).locator(".explorer-sentence")).to_have_text("2.0 4.0")
    expect(figure(page, one).locator("output")).to_have_text("2.0 per <km>")


def test_a_finger_that_scrolls_over_a_slider_changes_nothing(opened):
    """The browser moves the slider at the touch, then takes the touch over and scrolls."""
    one = simple(lambda people, gamma: {"y": people / 1000 * gamma}, sentence="{gamma} {y[0]:.1f}")
    page = opened(one)
    slider = figure(page, one).locator("input[type='range']")
    swipe = """async (slider, late) => {
        const say = (type, more) => slider.dispatchEvent(new PointerEvent(type, { bubbles: true, ...more }));
        const jump = () => { slider.value = "2"; say("input"); };
        const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
        say("pointerdown", { pointerType: "touch" });
        if (!late) jump();
        await pause(50);
        say("pointercancel", { pointerType: "touch" });
        if (late) { await pause(20); jump(); }
        await pause(200);
    }"""
    for late in (False, True):
        slider.evaluate(swipe, late)
        expect(slider).to_have_value("1")
        expect(figure(page, one).locator("output")).to_have_text("1.0 per <km>")
        expect(figure(page, one).locator(".explorer-sentence")).to_have_text(one.say())
    # Who really moves it is not undone.
    slider.evaluate(
        """(slider) => {
            slider.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
            slider.value = "2";
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            slider.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
        }"""
    )
    expect(figure(page, one).locator(".explorer-sentence")).to_have_text(one.say(gamma=2))


def test_a_move_is_announced_once_when_the_hand_rests(opened):
    one = simple(lambda people, gamma: {"y": people / 1000 * gamma}, sentence="{gamma} {y[0]:.1f}")
    page = opened(one)
    # What a screen reader speaks by itself: everything live, and output elements if not silenced.
    page.evaluate(
        """() => {
            window.spoken = [];
            const live = "[role='status'], [aria-live='polite'], output:not([aria-live='off'])";
            for (const part of document.querySelectorAll(live)) {
              const note = () => window.spoken.push(part.textContent);
              new MutationObserver(note).observe(part, { childList: true, characterData: true, subtree: true });
            }
        }"""
    )
    for value in (0.5, 0, 1.5, 2):
        move(page, one, "gamma", value)
    page.wait_for_timeout(200)
    assert page.evaluate("window.spoken") == []
    page.wait_for_function("window.spoken.length > 0")
    page.wait_for_timeout(700)
    assert page.evaluate("window.spoken") == [one.say(gamma=2)]


def test_a_chart_that_is_late_says_so(chromium, static):
    """On a slow network: the default picture would be false as soon as a control moves."""
    one = simple(lambda people, gamma: {"y": people / 1000 * gamma}, sentence="{gamma} {y[0]:.1f}")
    page = chromium.new_page()
    held = []
    page.route("**/vega.js", lambda route: held.append(route))
    _write_page(static, one)
    page.goto((static / "page.html").as_uri())
    picture = figure(page, one).locator(".explorer-picture.wide svg")
    page.mouse.move(5, 5)
    page.mouse.move(9, 9)
    expect(picture).to_be_visible()
    assert move(page, one, "gamma", 2) == one.say(gamma=2)
    expect(figure(page, one).get_by_text("The chart is being loaded.")).to_be_visible()
    expect(picture).not_to_be_visible()
    figure(page, one).get_by_role("button", name="Reset").click()
    expect(picture).to_be_visible()
    move(page, one, "gamma", 0.5)
    held[0].continue_()
    expect(figure(page, one)).to_have_attribute("data-live", "yes")
    expect(figure(page, one).locator(".explorer-note")).to_have_count(0)
    shown = page.evaluate("document.querySelector('figure').explorer.view().signal('model').y[0]")
    assert shown == 1
    page.close()


def test_a_saved_page_keeps_what_it_showed(opened, static, tmp_path):
    """A browser saves the HTML as it stands: everything in it must say the same, with a script or without."""
    one = simple(
        lambda people, gamma, which, on: {"y": people / 1000 * gamma + which + on},
        [GAMMA, Choice("which", "Which", options=("a", "b"), default="b"), Switch("on", "On")],
        "{gamma} {which} {on?on|off} {y[0]:.1f}",
    )
    page = opened(one)
    page.mouse.move(5, 5)
    page.mouse.move(9, 9)
    expect(figure(page, one)).to_have_attribute("data-live", "yes")
    settings = {"gamma": 2, "which": 0, "on": 1}
    move(page, one, "gamma", 2)
    move(page, one, "which", 0)
    figure(page, one).get_by_role("checkbox").check()
    figure(page, one).locator("summary").click()
    expect(figure(page, one).locator(".explorer-sentence")).to_have_text(one.say(**settings))
    saved = page.content()
    for name in ("first.js", "explorer.js", "book.css", "vega.js"):
        shutil.copy(static / name, tmp_path)
    (tmp_path / "saved.html").write_text(saved, encoding="utf-8")
    page.goto((tmp_path / "saved.html").as_uri())
    expect(figure(page, one)).to_have_attribute("data-live", "yes")
    stands = page.evaluate("document.querySelector('figure').explorer.settings()")
    assert stands == settings
    expect(figure(page, one).locator("output")).to_have_text("2.0 per <km>")
    expect(figure(page, one).locator(".explorer-sentence")).to_have_text(one.say(**settings))
    assert figure(page, one).locator("tbody td").all_inner_texts() == ["5.00", "3.00", "2.00"]
    expect(figure(page, one).locator(".explorer-stage")).to_have_count(1)
    shown = page.evaluate("document.querySelector('figure').explorer.view().signal('model').y")
    assert shown == [5, 3, 2]
    figure(page, one).get_by_role("button", name="Reset").click()
    expect(figure(page, one).locator(".explorer-sentence")).to_have_text(one.say())


def test_a_translated_page_goes_on_working(opened):
    """A browser's translator puts each text into elements of its own, in other words."""
    one = simple(lambda people, gamma: {"y": people / 1000 * gamma}, sentence="{gamma} {y[0]:.1f}")
    page = opened(one)
    figure(page, one).locator("summary").click()
    page.evaluate(
        """() => {
            const texts = document.createTreeWalker(document.querySelector("figure"), NodeFilter.SHOW_TEXT);
            const all = [];
            while (texts.nextNode()) if (!texts.currentNode.parentElement.closest("script, svg")) all.push(texts.currentNode);
            for (const text of all) {
              const font = document.createElement("font");
              font.textContent = "\u2039" + text.textContent + "\u203a";
              text.replaceWith(font);
            }
        }"""
    )
    assert move(page, one, "gamma", 2) == one.say(gamma=2)
    expect(figure(page, one).locator("output")).to_have_text("2.0 per <km>")
    assert figure(page, one).locator("tbody td").all_inner_texts() == ["4.00", "2.00", "1.00"]


def test_a_mark_tells_its_row(opened):
    """With the numbers of now, also where the table is folded; a line tells its nearest point."""
    rows = {"at": [0.0, 1.0, 2.0], "name": ["first", "second", "third"]}

    def model(at, gamma):
        return {"y": at * gamma}

    full = {"name": "Name", "at": ("At", ".0f"), "y": ("Height", ".1f")}
    axes = ("at", "y", "at", "y", (0, 2), (0, 4))
    for chart, table, told in (
        (drawing.lines(*axes), full, ["second", "At: 1", "Height: 2.0"]),
        (drawing.points(*axes), full, ["second", "At: 1", "Height: 2.0"]),
        # A number that stands first is told with its heading.
        (drawing.lines(*axes), {"at": full["at"]}, ["At: 1"]),
    ):
        one = explorer(
            model=model, rows=rows, controls=[GAMMA], sentence="{gamma}", chart=chart, table=table
        )
        page = opened(one)
        page.mouse.move(5, 5)
        page.mouse.move(9, 9)
        expect(figure(page, one)).to_have_attribute("data-live", "yes")
        move(page, one, "gamma", 2)
        figure(page, one).locator(".explorer-chart").scroll_into_view_if_needed()
        frame = figure(page, one).locator(".role-frame.root > g > path.background").bounding_box()
        tip = figure(page, one).locator(".explorer-tip")
        page.mouse.move(frame["x"] + frame["width"] / 2 + 6, frame["y"] + frame["height"] / 2 - 4)
        expect(tip).to_be_visible()
        assert tip.inner_text().split("\n") == told
        page.mouse.move(frame["x"] + frame["width"] * 0.25, frame["y"] + 10)
        expect(tip).not_to_be_visible()


def test_rows_and_words_follow_the_controls(opened):
    def model(people, gamma):
        large = np.where(people > 700 * gamma, 1, 0)
        return {"y": people / 1000, "large": large, "rich": np.where(people * gamma > 900, 1, 0)}

    table = {"town": "Town", "rich": ("Rich", {0: "poor", 1: "rich"})}
    one = simple(model, sentence="{gamma} {rich[0]:.0f}", table=table, draw="large")
    page = opened(one)
    page.mouse.move(5, 5)
    page.mouse.move(9, 9)
    expect(figure(page, one)).to_have_attribute("data-live", "yes")
    figure(page, one).locator("summary").click()

    def lines():
        rows = figure(page, one).locator("tbody tr").locator("visible=true")
        return [row.inner_text().split("\t") for row in rows.all()]

    bars = figure(page, one).locator(".mark-rect path")
    assert lines() == [["Almaty", "rich"], ["Astana <b>", "rich"]]
    expect(bars).to_have_count(2)
    move(page, one, "gamma", 0)
    assert lines() == [["Almaty", "poor"], ["Astana <b>", "poor"], ["Aktobe & Co", "poor"]]
    expect(bars).to_have_count(3)
    move(page, one, "gamma", 2)
    assert lines() == [["Almaty", "rich"]]
    expect(bars).to_have_count(1)


@pytest.mark.parametrize("fault", ["too new for the browser", "missing", "scripts are off"])
def test_where_the_script_cannot_run_the_picture_says_why(chromium, static, tmp_path, fault):
    """A control that does nothing is not shown."""
    one = simple(lambda people, gamma: {"y": people / 1000 * gamma})
    for name in ("first.js", "book.css"):
        shutil.copy(static / name, tmp_path)
    if fault != "missing":
        (tmp_path / "explorer.js").write_text("let page = #= new();", encoding="utf-8")
    _write_page(tmp_path, one)
    page = chromium.new_page(java_script_enabled=fault != "scripts are off")
    page.goto((tmp_path / "page.html").as_uri())
    expect(figure(page, one).get_by_text("This is a picture")).to_be_visible()
    expect(figure(page, one).locator("input")).not_to_be_visible()
    expect(figure(page, one).locator(".explorer-picture.wide svg")).to_be_visible()
    page.close()


def test_nothing_is_announced_that_has_not_changed(opened):
    """A page that is shown computes anew; a screen reader must not read all sentences out."""
    page = opened(simple(lambda people, gamma: {"y": people / 1000 * gamma}))
    page.evaluate(
        """async () => {
            window.announced = 0;
            const observer = new MutationObserver((changes) => { window.announced += changes.length });
            for (const part of document.querySelectorAll("output, [role='status']")) {
              observer.observe(part, { childList: true, characterData: true, subtree: true });
            }
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
            await new Promise((resolve) => setTimeout(resolve, 0));
            for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
        }"""
    )
    assert page.evaluate("window.announced") == 0


def test_example_of_the_contributors_runs(opened):
    """The figure that CONTRIBUTING.md shows: recorded, moved on a page, and with a reader's own."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [code] = [
        block
        for block in text.split("```python\n")[1:]
        if "return Explorer(" in block.partition("```")[0]
    ]
    names = {}
    exec(code.partition("```")[0], names)
    figure = names["distance_wears_movers_out"]
    one = figure()
    assert isinstance(one, Explorer)
    assert one.say(beta=1) == "With a friction of 1.0, 17% of the movers go 500 km or farther."
    page = opened(one)
    assert move(page, one, "beta", 0.5) == one.say(beta=0.5)
    own = figure(lambda distance, beta: np.exp(-beta * distance / 100))
    assert own.compute(beta=1)["far"] == pytest.approx(np.exp(-5))
