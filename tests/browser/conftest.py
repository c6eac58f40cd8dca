"""Fixtures of the browser tests: a reader who visits the chapters in every way a reader may."""

import pytest
from playwright.sync_api import expect
from visiting import PATIENCE, WIDTHS, Visit

# A slow machine with both hands full is no fault of the book.
expect.set_options(timeout=PATIENCE)

# Each address and each width is there; what differs over http does not depend on the width.
DESK, PHONE = ("http", "desktop"), ("file", "phone")


@pytest.fixture(scope="session")
def addresses(book_folder, book_server):
    """Where the book can be read: from a server and from the file system."""
    return {"http": book_server, "file": book_folder.as_uri()}


@pytest.fixture(scope="session")
def visits(chromium, addresses):
    """Open a chapter in one way, once for all tests of it; the chapter before is closed."""
    now_open = {}

    def visit(chapter, way, **options):
        key = (chapter, way, *sorted(options))
        for other in [other for other in now_open if other[0] != chapter]:
            now_open.pop(other).context.close()
        if key not in now_open:
            address, width = way
            now_open[key] = Visit(chromium, addresses[address], width=WIDTHS[width], **options)
            now_open[key].open(chapter.page)
        return now_open[key]

    yield visit
    for last in now_open.values():
        last.context.close()


@pytest.fixture(params=[DESK, PHONE], ids="-".join)
def reader(request, visits, chapter):
    """A reader at a desk, over http, and one with a phone, from a file.

    Whatever a test looks at, nothing may go wrong on the page.
    """
    yield from _careful(visits(chapter, request.param), chapter)


@pytest.fixture
def desk(visits, chapter):
    """The reader at a desk alone: for what depends neither on the width nor on the address."""
    yield from _careful(visits(chapter, DESK), chapter)


@pytest.fixture
def phone(visits, chapter):
    """The reader with a phone alone: for what depends neither on the width nor on the address."""
    yield from _careful(visits(chapter, PHONE), chapter)


def _careful(visit, chapter):
    # The test before may have followed a link.
    if not visit.page.url.partition("#")[0].endswith(chapter.page):
        visit.open(chapter.page)
    yield visit
    visit.assert_nothing_went_wrong()
