"""The book in Firefox and in WebKit, the engine of Safari: the same checks in both.

What every page and every control must do is looked at in Chromium. Here are the places where
engines differ: what wakes a page, arithmetic, forms after Reload and Back, files without a server.
"""

import engines
import find_browsers
import pytest
from explorers.parameters import Parameter
from test_printing import TEXTS, assert_whole, sheets
from test_sliders import _cells, _compare, _compare_drawn

import book

ENGINES = {
    "firefox": (find_browsers.FIREFOX, engines.firefox),
    "webkit": (find_browsers.WEBKIT, engines.webkit),
}
# Random settings of each explorer, beside its defaults.
SETTINGS = 1


# Each engine is started once, by one process of several that share the tests.
@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ENGINES],
)
def engine(request):
    """A running browser; a machine that lacks one fails here, it does not skip."""
    program, start = ENGINES[request.param]
    path = program.find()
    if path is None:
        pytest.fail(program.remedy, pytrace=False)
    with start(path) as engine:
        yield engine


@pytest.fixture(scope="module")
def written(book_folder):
    """The HTML of each chapter."""
    return {chapter: (book_folder / chapter.page).read_text("utf-8") for chapter in book.chapters()}


def most_explorers(written):
    return max(written, key=lambda chapter: written[chapter].count('<figure class="explorer"'))


def most_maps(written):
    return max(written, key=lambda chapter: written[chapter].count('"boundaries":null'))


@pytest.fixture(params=[("http", most_explorers), ("file", most_maps)], ids=["http", "file"])
def page(request, engine, addresses, written):
    """A chapter, just opened: the one with the most explorers, or the one with the most maps."""
    address, choose = request.param
    chapter = choose(written)
    engine.open(f"{addresses[address]}/{chapter.page}")
    yield engine, chapter
    engine.assert_nothing_went_wrong()


def slider_of(chapter):
    """Return the first explorer with a slider whose end shows another chart, and that slider's move."""
    for explorer in chapter.explorers:
        for control in explorer.controls:
            move = isinstance(control, Parameter) and book.telling_move(explorer, control)
            if move and move.start == explorer.defaults():
                return explorer, move
    raise AssertionError(f"{chapter.page} has no slider to test with")


def press(engine, explorer, move):
    """Move the slider to its end with the keyboard; return the settings that this gives."""
    slider = f"[id='{explorer.name}'] [name='{move.control.name}']"
    engine.press(slider, "End" if move.value == move.control.grid()[-1] else "Home")
    return move.start | {move.control.name: move.value}


def assert_agrees(engine, explorer, wanted):
    """Compare all that an explorer shows with NumPy, and its chart with one drawn afresh."""
    engine.ask("fold", explorer.name, True)
    shown = engine.ask("shows", explorer.name)
    results = explorer.compute(**wanted)
    assert shown["settings"] == wanted
    assert shown["sentence"] == explorer.sentence_for(wanted, results)
    assert shown["cells"] == _cells(explorer, results)
    _compare(shown["outputs"], results, explorer, explorer.title)
    assert engine.ask("set", explorer.name, wanted) == shown


def test_first_key_wakes_the_page_and_moves_the_slider(page):
    engine, chapter = page
    explorer, move = slider_of(chapter)
    assert not engine.is_live(explorer.name)
    assert engine.call("() => typeof window.vegaEmbed") == "undefined"
    moved = press(engine, explorer, move)
    engine.wait_until_live(explorer.name)
    assert_agrees(engine, explorer, moved)


def test_numbers_are_numpys(page):
    engine, chapter = page
    for explorer in chapter.explorers:
        engine.see(explorer.name)
        engine.ask("fold", explorer.name, True)
        settings = [explorer.defaults(), *book.random_settings(explorer, SETTINGS)]
        answers = engine.ask("trySettings", explorer.name, settings)
        for wanted, answer in zip(settings, answers, strict=True):
            where = f"{explorer.title} at {wanted}"
            results = explorer.compute(**wanted)
            assert answer["settings"] == wanted, where
            assert answer["sentence"] == explorer.sentence_for(wanted, results), where
            assert answer["cells"] == _cells(explorer, results), where
            _compare(answer["outputs"], results, explorer, where)
            _compare_drawn(answer["drawn"], answers[0]["drawn"], results, explorer, where)


def test_figures_are_whole_on_paper(page):
    engine, chapter = page
    if not hasattr(engine, "print"):
        return  # WebKitGTK's driver cannot print
    settings = {
        explorer.name: book.random_settings(explorer, 1)[0] for explorer in chapter.explorers
    }
    for name, wanted in settings.items():
        engine.see(name)
        engine.ask("set", name, wanted)
    said = {
        name: engine.call(f"(name) => ({TEXTS})(document.getElementById(name))", name)
        for name in settings
    }
    printed = sheets(engine.print())
    for explorer in chapter.explorers:
        assert_whole(explorer, said[explorer.name], settings[explorer.name], printed)


def test_reload_starts_afresh(page):
    engine, chapter = page
    explorer, move = slider_of(chapter)
    press(engine, explorer, move)
    engine.wait_until_live(explorer.name)
    engine.reload()
    assert not engine.is_live(explorer.name)
    engine.see(explorer.name)
    assert_agrees(engine, explorer, explorer.defaults())


def test_page_agrees_with_itself_after_back(page):
    """Whether the browser keeps the page, its fields or neither: what is shown belongs together."""
    engine, chapter = page
    explorer, move = slider_of(chapter)
    moved = press(engine, explorer, move)
    engine.wait_until_live(explorer.name)
    engine.open(engine.call("() => document.querySelector('.prev-next-area a').href"))
    engine.back()
    engine.see(explorer.name)
    found = engine.ask("shows", explorer.name)["settings"]
    assert found in (moved, explorer.defaults())
    assert_agrees(engine, explorer, found)
    assert_agrees(engine, explorer, press(engine, explorer, move))


def test_a_link_opens_the_page_at_its_settings(page):
    engine, chapter = page
    explorer, move = slider_of(chapter)
    here = engine.call("() => location.href.split(/[?#]/)[0]")
    engine.open(f"{here}?{move.control.name}={move.value:g}#{explorer.name}")
    engine.wait_until_live(explorer.name)
    assert_agrees(engine, explorer, move.start | {move.control.name: move.value})


def test_where_a_finger_scrolls_the_slider_stays(page):
    engine, chapter = page
    explorer, move = slider_of(chapter)
    engine.see(explorer.name)
    engine.call(
        """() => {
            const slider = document.querySelector("[id='NAME'] [name='CONTROL']");
            const say = (type) => slider.dispatchEvent(new PointerEvent(type, { bubbles: true }));
            say("pointerdown");
            slider.value = "VALUE";
            say("input");
            say("pointercancel");
        }""".replace("NAME", explorer.name)
        .replace("CONTROL", move.control.name)
        .replace("VALUE", f"{move.value:g}")
    )
    assert_agrees(engine, explorer, explorer.defaults())


def test_search_leads_into_a_fold_from_a_file(engine, addresses):
    engine.open(f"{addresses['file']}/search.html?q=solution")
    engine.open(
        engine.call("() => document.querySelector('.search-results a[href$=exercises]').href")
    )
    seen = engine.call(
        """() => new Promise(done => setTimeout(() => {
            const tops = [...document.querySelectorAll("details[open] mark.found")]
                .map(mark => mark.getBoundingClientRect().top);
            done(tops.some(top => top > 0 && top < innerHeight));
        }, 500))"""
    )
    assert seen
    engine.assert_nothing_went_wrong()


def test_an_answer_is_there_again_after_reload(page):
    engine, _ = page
    kept = """() => [...document.querySelectorAll("form.self-check")].map((form) =>
        [form.querySelector("input[type='text']")?.value, form.querySelector("[role='status']").textContent])"""
    engine.call(
        """() => {
            const field = document.querySelector("form.self-check input[type='text']");
            field.value = "0,5";
            field.form.querySelector("button").click();
        }"""
    )
    before = engine.call(kept)
    assert any(value == "0,5" and reply for value, reply in before)
    engine.reload()
    assert engine.call(kept) == before
