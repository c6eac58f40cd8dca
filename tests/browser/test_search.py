"""Search as a reader meets it: from a dialog to a section, from `file://` too, into what is folded."""

import csv
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect
from test_accessibility import FOR_AXE, LEVELS, assert_no_violation, set_theme
from visiting import WIDTHS, Visit

import book

HERE = Path(__file__).parent
SYNONYMS = book.ROOT / "book" / "_ext" / "why_people_move" / "synonyms.csv"

# Types words one after the other as a reader does, and says where the first links lead.
FIRST_LINKS = """queries => queries.map(query => {
    const form = document.querySelector("form.book-search");
    form.elements.q.value = query;
    form.requestSubmit();
    return [...document.querySelectorAll(".search-results a")].slice(0, 5).map(link => link.href);
})"""


def rows(file):
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(params=["http", "file"])
def searching(request, chromium, addresses):
    """The search page, over http on a desk and from a file on a phone."""
    width = WIDTHS["desktop" if request.param == "http" else "phone"]
    with Visit(chromium, addresses[request.param], width=width) as visit:
        visit.open("search.html")
        yield visit
        visit.assert_nothing_went_wrong()


def leads_to(address, page, anchor=""):
    """Return whether a link leads to a page and to an anchor that holds a word, where they are named."""
    parts = urlsplit(address)
    return page in ("", Path(parts.path).stem) and anchor in unquote(parts.fragment)


# ---- what is found


def test_queries_lead_to_a_sensible_place_first(searching):
    queries = rows(HERE / "queries.csv")
    found = searching.page.evaluate(FIRST_LINKS, [row["query"] for row in queries])
    wrong = [
        (row, links[:1])
        for row, links in zip(queries, found, strict=True)
        if not links or not leads_to(links[0], row["page"], row["anchor"])
    ]
    assert not wrong


def test_synonyms_lead_to_the_page_that_they_name(searching):
    synonyms = rows(SYNONYMS)
    found = searching.page.evaluate(FIRST_LINKS, [row["typed"] for row in synonyms])
    wrong = [
        (row, links[:1])
        for row, links in zip(synonyms, found, strict=True)
        if not links or not leads_to(links[0], row["page"])
    ]
    assert not wrong


def test_every_title_of_its_own_leads_to_its_section(searching):
    index = searching.page.evaluate("searchIndex")
    titles = [entry["title"] for entry in index["entries"]]
    own = [entry for entry in index["entries"] if titles.count(entry["title"]) == 1]
    found = searching.page.evaluate(FIRST_LINKS, [entry["title"] for entry in own])
    lost = [
        entry["title"]
        for entry, links in zip(own, found, strict=True)
        if not any(
            urlsplit(link).fragment and leads_to(link, "", entry["anchor"]) for link in links
        )
    ]
    assert not lost


# ---- what the page shows


def test_results_come_while_typing_with_a_marked_line(searching):
    page = searching.page
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("gravity")
    expect(page.get_by_role("status")).to_contain_text("places for “gravity”")
    for result in page.locator(".search-results li").all():
        expect(result.locator("mark").first).to_have_text(re.compile("gravity", re.IGNORECASE))
        expect(result.locator(".search-where")).not_to_be_empty()
    assert unquote(urlsplit(page.url).query) == "q=gravity"
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("gravity")
    expect(page.locator(".search-results mark").first).to_be_visible()


def test_the_rest_is_shown_on_demand(searching):
    page = searching.page
    page.get_by_role("searchbox").fill("migration")
    more = page.get_by_role("button", name="Show the other places")
    expect(more).to_be_visible()
    before = page.locator(".search-results li").count()
    more.click()
    expect(more).to_be_hidden()
    many = int(page.get_by_role("status").inner_text().split()[0])
    assert page.locator(".search-results li").count() == many > before
    expect(page.locator(f".search-results li:nth-child({before + 1}) a")).to_be_focused()


def test_what_is_typed_stays_a_text(searching):
    page = searching.page
    page.get_by_role("searchbox").fill("<img src=x onerror=alert(1)> zzzz")
    expect(page.get_by_role("status")).to_contain_text("<img src=x onerror=alert(1)> zzzz")
    assert page.locator("article img").count() == 0


def test_nothing_found_says_so_and_shows_the_contents(searching):
    page = searching.page
    page.get_by_role("searchbox").fill("zzzzqqqq")
    expect(page.get_by_role("status")).to_have_text("Nothing found for “zzzzqqqq”.")
    contents = page.locator(".search-nothing a").locator("visible=true")
    assert contents.count() >= len(book.chapters()) - 1
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("status")).to_have_text("")
    expect(contents).to_have_count(0)


def test_page_fits_every_screen_and_axe_finds_no_violation(chromium, addresses):
    for width in (*WIDTHS.values(), 320):
        with Visit(chromium, addresses["http"], width=width, **FOR_AXE) as visit:
            visit.open("search.html?q=wage+moves")
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            for theme in ("light", "dark"):
                set_theme(visit.page, theme)
                assert_no_violation(visit.page, {"runOnly": {"type": "tag", "values": LEVELS}})


# ---- from page to page


def telling_word(page):
    """Return the longest word of the page's headings: something a reader may search for."""
    words = re.findall(
        r"[a-z]{4,}", " ".join(page.locator("article :is(h1, h2)").all_inner_texts()).lower()
    )
    return max(words, key=len)


def test_dialog_finds_the_chapter(phone, chapter):
    page = phone.page
    phone.reload()
    word = telling_word(page)
    buttons = page.locator("button.search-button__button").locator("visible=true")
    assert buttons.count() == 1
    buttons.click()
    box = page.locator("input[type='search']").locator("visible=true")
    assert box.count() == 1
    box.fill(word)
    box.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(f"for “{word}”")
    more = page.get_by_role("button", name="Show the other places")
    if more.is_visible():
        more.click()
    found = page.locator(".search-results a").evaluate_all("links => links.map(link => link.href)")
    assert any(leads_to(address, chapter.name) for address in found), f"'{word}' finds {found}"
    assert page.locator("input[type='search']").locator("visible=true").count() == 1
    page.go_back()


def test_a_hit_inside_a_fold_opens_it(phone, chapter):
    """A sentence of a solution: its words are searched for, and seen when the link is followed."""
    page = phone.page
    phone.reload()
    home = page.url
    sentences = page.eval_on_selector_all(
        "article section > details.sd-dropdown p",
        "parts => parts.map(part => part.textContent.split('\\n')[0])",
    )
    # Without formulas and numbers, which a reader does not type.
    sentences = [text for text in sentences if re.fullmatch(r"[A-Za-z ,.’]{20,}", text)]
    if not sentences:
        return
    sentence = max(sentences, key=len)
    page.goto(f"{phone.home}/search.html?q={sentence}")
    result = page.locator(".search-results li").filter(has_text=sentence)
    result.locator(f"a[href*='/{chapter.name}.html']").click()
    paragraph = page.locator("article details p").filter(has_text=sentence).first
    expect(paragraph.locator("mark.found").first).to_be_in_viewport()
    page.goto(home)


def test_an_address_inside_a_fold_opens_it(desk):
    page = desk.page
    desk.reload()
    folded = page.locator("article details:not([open]) :is(p, div, input)[id]")
    if not folded.count():
        return
    name = folded.first.get_attribute("id")
    expect(page.locator(f"[id='{name}']")).to_be_hidden()
    page.evaluate("name => { location.hash = name; }", name)
    expect(page.locator(f"[id='{name}']")).to_be_visible()
    expect(page.locator(f"[id='{name}']")).to_be_in_viewport()
    desk.reload()
