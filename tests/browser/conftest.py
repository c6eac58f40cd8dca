"""Fixtures of the browser tests: a reader who visits the chapters in every way a reader may."""

import pytest
from visiting import WAYS, WIDTHS, Visit


def pytest_collection_modifyitems(items):
    """Mark everything in this folder, so that ``-m "not browser"`` leaves it out."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def addresses(book_folder, book_server):
    """Where the book can be read: from a server and from the file system."""
    return {"http": book_server, "file": book_folder.as_uri()}


@pytest.fixture(scope="module", params=WAYS, ids="-".join)
def visit(request, chromium, addresses, chapter):
    """One chapter, opened once for all tests of a module: over http on a desk, from a file on a phone."""
    address, width = request.param
    with Visit(chromium, addresses[address], width=WIDTHS[width]) as visit:
        visit.open(chapter.page)
        yield visit


@pytest.fixture
def reader(visit):
    """The visit, for one test; whatever the test looks at, nothing may go wrong on the page."""
    yield visit
    visit.assert_nothing_went_wrong()
