"""The book as one PDF: contents, outline and links, on three of its pages."""

import re
import sys

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from test_printing import squeezed

import book

sys.path.append(str(book.ROOT / "book" / "_ext"))
from why_people_move import whole_pdf  # noqa: E402

# Printed once, by one process of several that share the tests.
pytestmark = pytest.mark.xdist_group("whole_book")


@pytest.fixture(scope="module")
def parts():
    """The first page and the two shortest of those with exercises."""
    first, *others = book.chapters()
    asking = [
        chapter
        for chapter in others
        if "{dropdown} Solution" in chapter.notebook.read_text("utf-8")
    ]
    asking = sorted(asking, key=lambda chapter: (book.BUILT / chapter.page).stat().st_size)[:2]
    return [("", [first.document]), ("Some", [chapter.document for chapter in asking])]


@pytest.fixture(scope="module")
def printed(chromium, book_folder, parts, tmp_path_factory):
    """The PDFs without and with solutions; the first one twice."""
    folder = tmp_path_factory.mktemp("pdf")
    # No other process writes beside the pages at the same time.
    built = folder / "html"
    built.symlink_to(book_folder)
    files = {}
    for name in ("once", "again", "solutions"):
        files[name] = folder / f"{name}.pdf"
        whole_pdf.print_book(chromium, built, parts, files[name], solutions=name == "solutions")
    return files


@pytest.fixture(scope="module")
def reader(printed):
    return PdfReader(printed["once"])


@pytest.fixture(scope="module")
def articles(book_folder, parts):
    """The article of each page, as it is on the screen."""
    return {
        document.rpartition("/")[2]: BeautifulSoup(
            (book_folder / f"{document}.html").read_text("utf-8"), "html.parser"
        ).article
        for _, documents in parts
        for document in documents
    }


def heading(tag):
    """Return a heading without the sign of its link."""
    return re.sub(r"#$", "", tag.get_text()).strip()


def test_same_pages_give_the_same_bytes(printed):
    assert printed["once"].read_bytes() == printed["again"].read_bytes()


def test_contents_say_where_each_chapter_begins(reader, articles):
    contents = " ".join(reader.pages[1].extract_text().split())
    for article in articles.values():
        number = re.search(re.escape(heading(article.h1)) + r" (\d+)\b", contents)[1]
        title = squeezed(heading(article.h1))
        sheet = squeezed(reader.pages[int(number) - 1].extract_text())
        # The sheet begins with its title; at its end or beginning stands its own number.
        assert sheet.removeprefix(number).startswith(title)
        assert sheet.startswith(number) or sheet.endswith(number)


def _entries(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(entry)
        else:
            yield entry


def test_outline_holds_every_heading_as_it_is_written(reader, articles):
    titles = [entry.title for entry in _entries(reader.outline)]
    written = [
        heading(tag) for article in articles.values() for tag in article.select("h1, h2, h3, h4")
    ]
    assert [squeezed(title) for title in titles] == ["Contents", *map(squeezed, written)]
    assert set(written) - set(titles) == set()


def _links(reader):
    """Return of all links their address outside, or the name of their place inside."""
    for page in reader.pages:
        for note in page.get("/Annots", []):
            note = note.get_object()
            if "/Dest" in note:
                yield str(note["/Dest"]).removeprefix("/")
            elif "/URI" in note.get("/A", {}):
                yield str(note["/A"]["/URI"])


def test_links_lead_into_the_pdf_or_to_the_web(reader, articles):
    links = set(_links(reader))
    places = {name.removeprefix("/") for name in reader.named_destinations}
    inside = {link for link in links if not link.startswith("http")}
    assert inside <= places
    for name, article in articles.items():
        for tag in article.select("a[href]"):
            address = tag["href"]
            if "headerlink" in tag.get("class", []) or tag.find_parent("details"):
                continue
            page, _, place = address.partition("#")
            target = page.removesuffix(".html") or name
            if address.startswith("http"):
                assert any(link.rstrip("/") == address.rstrip("/") for link in links), address
            elif target in articles:
                assert (f"{target}--{place}" if place else target) in inside, address


def test_a_link_to_a_heading_leads_to_its_sheet(reader, articles):
    for name, article in articles.items():
        for section in article.select("section[id]"):
            place = reader.named_destinations.get(f"/{name}--{section['id']}")
            if place is not None:
                sheet = reader.pages[reader.get_destination_page_number(place)].extract_text()
                assert squeezed(heading(section.find(["h1", "h2", "h3"]))) in squeezed(sheet)


def test_solutions_are_there_for_whoever_asks(printed, articles):
    texts = {
        name: squeezed("".join(page.extract_text() for page in PdfReader(printed[name]).pages))
        for name in ("once", "solutions")
    }
    solutions = [
        squeezed(paragraph.get_text())
        for article in articles.values()
        for fold in article.select("details.sd-dropdown")
        for paragraph in fold.select("p")
        if paragraph.find(class_="math") is None and len(paragraph.get_text()) > 40
    ]
    assert solutions
    # A sheet may end within a paragraph.
    there = [text for text in solutions if text[:30] in texts["solutions"]]
    assert len(there) == len(solutions)
    assert not [text for text in solutions if text in texts["once"]]
