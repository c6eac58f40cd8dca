"""A chapter on paper: whole figures with their settings, in light colors, and solutions if wanted."""

import re
import unicodedata
from io import BytesIO

import pytest
from explorers.page import written
from explorers.parameters import Choice, Switch
from pypdf import PdfReader
from visiting import WIDTHS, Visit

import book

# The width of a sheet of A4 between its margins, in pixels.
SHEET = 672
FOLDS = "[...document.querySelectorAll('details.sd-dropdown')].map(fold => fold.open)"


def squeezed(text):
    """Return a text without spaces and ligatures, which a PDF makes as it likes."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def sheets(pdf):
    """Return the text of each sheet, squeezed."""
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def settings_in_words(explorer, settings):
    """Yield label and value of each control as they stand on paper."""
    for control in explorer.controls:
        value = settings[control.name]
        if isinstance(control, Choice):
            yield control.label + control.options[int(value)]
        elif isinstance(control, Switch):
            yield control.label + ("yes" if value else "no")
        else:
            yield control.label + written(control, value)


# All that a figure says: title, chart, sentence, caption.
TEXTS = """figure => [...figure.querySelectorAll("svg text, .explorer-title, .explorer-sentence, figcaption")]
    .filter(part => {
        const {opacity, visibility} = getComputedStyle(part);
        return part.getClientRects().length && visibility === "visible" && opacity !== "0";
    })
    .map(part => part.textContent)"""


def assert_whole(explorer, said, settings, printed):
    """Fail if no sheet holds all of a figure."""
    wanted = [squeezed(text) for text in [*said, *settings_in_words(explorer, settings)]]
    missing = min(([text for text in wanted if text not in sheet] for sheet in printed), key=len)
    assert not missing, f"{explorer.title}: {missing}"


CUT = """() => [...document.querySelectorAll("article *")]
    .filter(part => part.checkVisibility() && !part.closest("span.math, .katex, .visually-hidden, svg"))
    .filter(part => {
        const {overflowX, overflowY} = getComputedStyle(part);
        const wide = part.scrollWidth > part.clientWidth + 1 && overflowX !== "visible";
        const high = part.scrollHeight > part.clientHeight + 1 && overflowY !== "visible";
        return part.clientWidth && (wide || high) || part.getBoundingClientRect().right > innerWidth + 1;
    }).map(part => `${part.tagName}.${part.className}: ${part.textContent.trim().slice(0, 50)}`)"""


def test_nothing_is_cut_on_a_sheet(desk, chapter):
    """Text, code, formulas and tables, with all that can be opened open."""
    page = desk.page
    desk.reload()
    desk.open_all_folds()
    try:
        page.set_viewport_size({"width": SHEET, "height": 1000})
        page.emulate_media(media="print")
        assert page.evaluate(CUT) == []
        aside = page.locator("header, .bd-sidebar, button, input[type=range], .headerlink")
        assert aside.locator("visible=true").count() == 0
    finally:
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": WIDTHS["desktop"], "height": 900})
        desk.reload()


@pytest.fixture
def in_the_dark(chromium, addresses):
    """Return a function that opens a chapter for a reader in the dark, at a width."""
    visits = []

    def opened(chapter, width):
        visits.append(Visit(chromium, addresses["file"], WIDTHS[width], color_scheme="dark"))
        visits[-1].open(chapter.page)
        return visits[-1]

    yield opened
    for visit in visits:
        visit.assert_nothing_went_wrong()
        visit.context.close()


def assert_all_whole(visit, chapter, settings):
    """Print the page, and fail if a figure is not all on one sheet."""
    said = {name: visit.explorer(name).root.evaluate(TEXTS) for name in settings}
    printed = sheets(visit.page.pdf(format="A4"))
    for explorer in chapter.explorers:
        assert_whole(explorer, said[explorer.name], settings[explorer.name], printed)


def moved(visit, chapter):
    """Make all charts live and move all controls; return where they stand."""
    settings = {
        explorer.name: book.random_settings(explorer, 1)[0] for explorer in chapter.explorers
    }
    visit.wake_at_once()
    for name, wanted in settings.items():
        visit.explorer(name).set(wanted)
    return settings


def test_every_figure_is_printed_whole_before_and_after_use(in_the_dark, chapter):
    visit = in_the_dark(chapter, "desktop")
    defaults = {explorer.name: explorer.defaults() for explorer in chapter.explorers}
    assert_all_whole(visit, chapter, defaults)
    assert_all_whole(visit, chapter, moved(visit, chapter))


def test_every_figure_is_printed_whole_from_a_phone(in_the_dark, chapter):
    if chapter in book.covering_chapters():
        visit = in_the_dark(chapter, "phone")
        assert_all_whole(visit, chapter, moved(visit, chapter))


COLORS = """() => {
    const look = () => [...document.querySelectorAll("article p, article svg text")]
        .map(part => { const {color, fill} = getComputedStyle(part); return [color, fill]; });
    addEventListener("beforeprint", () => { window.printed = look(); });
    window.look = look;
}"""


def test_paper_is_light(chromium, addresses):
    """Whatever the screen is, and the screen is afterwards what it was."""
    page_of = book.covering_chapters()[0].page
    looks = {}
    for scheme in ("light", "dark"):
        with Visit(chromium, addresses["file"], color_scheme=scheme) as visit:
            visit.open(page_of)
            visit.page.evaluate(COLORS)
            before = visit.page.evaluate("look()")
            visit.page.pdf(format="A4")
            assert visit.page.evaluate("look()") == before
            looks[scheme] = before, visit.page.evaluate("printed")
            visit.assert_nothing_went_wrong()
    assert looks["dark"][0] != looks["light"][0]
    assert looks["dark"][1] == looks["light"][1] == looks["light"][0]


def test_solutions_are_printed_for_whoever_asks(desk, chapter):
    page = desk.page
    desk.reload()
    folds = page.locator("details.sd-dropdown")
    titles = [title.strip() for title in folds.locator("summary").all_text_contents()]
    button = page.get_by_role("button", name="Print with solutions")
    assert button.count() == ("Solution" in titles)
    # Before the dialog of the print, and with it.
    page.evaluate("() => { window.print = () => dispatchEvent(new Event('beforeprint')); }")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(FOLDS) == [title != "Solution" for title in titles]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not any(page.evaluate(FOLDS))
    if "Solution" not in titles:
        return
    folds.first.evaluate("fold => { fold.open = true; }")
    button.click()
    assert all(page.evaluate(FOLDS))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    # What the reader has opened stays open.
    assert page.evaluate(FOLDS) == [True] + [False] * (len(titles) - 1)
    desk.reload()
