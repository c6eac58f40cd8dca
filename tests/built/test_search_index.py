"""What the search page looks into, and that no other page carries it."""

import json
import sys

import pytest
from bs4 import BeautifulSoup

import book


@pytest.fixture(scope="module")
def index(book_folder):
    script = (book_folder / "_static" / "search-index.js").read_text(encoding="utf-8")
    return json.loads(script.removeprefix("var searchIndex=").rstrip(";\n"))


@pytest.fixture(scope="module")
def synonyms():
    sys.path.insert(0, str(book.ROOT / "book" / "_ext"))
    try:
        from why_people_move import search
    finally:
        sys.path.pop(0)
    return search.synonyms()


def parsed(file):
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def entries(index, chapter):
    [page] = [k for k, page in enumerate(index["pages"]) if page["address"] == chapter.page]
    return [entry for entry in index["entries"] if entry["page"] == page]


def test_every_section_and_explorer_can_be_found(index, chapter, book_folder):
    page = parsed(book_folder / chapter.page)
    wanted = [tag["id"] for tag in page.select("article section, article figure.explorer")]
    assert [entry["anchor"] for entry in entries(index, chapter)] == wanted


def test_prose_of_the_folds_can_be_found_and_code_and_formulas_cannot(index, chapter, book_folder):
    page = parsed(book_folder / chapter.page)
    text = " ".join(entry["text"] for entry in entries(index, chapter))
    for sentence in page.select("article details.sd-dropdown > .sd-card-body > p"):
        words = sentence.find(string=True, recursive=False)
        assert words is None or " ".join(words.split("\n")[0].split()) in text
    assert "import numpy" not in text and "\\" not in text


def test_no_other_page_loads_what_search_needs(book_folder):
    for file in book_folder.rglob("*.html"):
        if file.name == "search.html" or "_static" in file.parts:
            continue
        loaded = [tag["src"] for tag in parsed(file).select("script[src]")]
        assert not [address for address in loaded if "search" in address or "highlight" in address]


def test_sphinx_leaves_no_search_of_its_own(book_folder):
    names = {file.name for file in book_folder.rglob("*.js")}
    assert not names & {"searchindex.js", "searchtools.js", "language_data.js"}


def test_search_page_without_scripts_shows_the_contents(book_folder):
    links = {link["href"] for link in parsed(book_folder / "search.html").select("noscript a")}
    root, *others = book.chapters()
    assert {chapter.page for chapter in others} <= links


def test_synonyms_name_pages_and_no_word_twice(synonyms):
    typed = [row["typed"].lower() for row in synonyms]
    assert len(typed) == len(set(typed))
    names = {chapter.name for chapter in book.chapters()}
    assert {row["page"] for row in synonyms} <= names
    assert all(row["book"].strip() for row in synonyms)
