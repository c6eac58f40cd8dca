"""Tables of the text, as the built pages hold them: marked by what they hold, and still tables."""

import re

import pytest
from bs4 import BeautifulSoup

ROLES = {"TABLE": "table", "THEAD": "rowgroup", "TBODY": "rowgroup", "TR": "row"}


@pytest.fixture
def tables(chapter, book_folder):
    """The tables of the chapter's text; those of explorers are made by the page's script."""
    page = BeautifulSoup((book_folder / chapter.page).read_text(encoding="utf-8"), "html.parser")
    return [table for table in page.select("article table") if not table.find_parent("figure")]


def test_each_table_is_of_words_or_of_numbers(tables):
    odd = [table.get_text(" ", strip=True)[:60] for table in tables if not kind(table)]
    assert not odd


def kind(table):
    [found] = {"words", "numbers"} & {*table.get("class", [])} or {None}
    return found


def test_tables_stay_tables_however_they_are_shown(tables):
    """A table that is laid out as cards loses its rows for a screen reader, unless they are named."""
    for table in tables:
        for part in table.find_all(["thead", "tbody", "tr"]):
            assert part.get("role") == ROLES[part.name.upper()], part
        assert table["role"] == "table"
        assert {cell.get("role") for cell in table.thead.find_all(["th", "td"])} == {"columnheader"}
        for row in table.tbody.find_all("tr"):
            first, *others = row.find_all(["th", "td"])
            assert first.get("role") in ("rowheader", "cell")
            assert {cell.get("role") for cell in others} <= {"cell"}


def test_a_heading_of_a_row_is_a_word(tables):
    """A screen reader that jumps from heading to heading says nothing at a formula alone."""
    for table in tables:
        for cell in table.select("[role='rowheader']"):
            for formula in cell.select(".math"):
                formula.decompose()
            assert re.search(r"\w", cell.get_text()), table.get_text(" ", strip=True)[:60]


def test_what_scrolls_has_a_name_of_its_own(tables):
    names = [table.parent.get("aria-label") for table in tables if kind(table) == "numbers"]
    assert all(names)
    for table in tables:
        if kind(table) == "numbers":
            assert table.parent["tabindex"] == "0"
            assert table.parent["role"] == "group"


def test_numbers_stand_at_the_right(tables):
    """As in a column of figures that is added up."""
    for table in tables:
        rows = [row.find_all(["th", "td"]) for row in table.tbody.find_all("tr")]
        for column in list(zip(*rows, strict=True))[1:]:
            texts = [cell.get_text(strip=True) for cell in column]
            if all(re.fullmatch(r"[+\-−]?\d[\d,.]*%?", text) for text in texts):
                assert all("text-right" in cell.get("class", []) for cell in column), texts


def test_no_column_counts_the_rows_of_a_file(tables):
    """What pandas prints at the left of a selection says nothing to a reader."""
    for table in tables:
        first = [row.find(["th", "td"]) for row in table.tbody.find_all("tr")]
        if first and all(cell.name == "th" for cell in first):
            heading = table.thead.find(["th", "td"]).get_text(strip=True)
            assert heading or not all(cell.get_text(strip=True).isdecimal() for cell in first)
