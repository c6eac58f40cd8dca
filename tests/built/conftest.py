"""What several tests of the built book read."""

import pytest
from bs4 import BeautifulSoup


@pytest.fixture(scope="session")
def pages(book_folder):
    """All pages of the built book, parsed; the key is the file."""
    return {
        file: BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for file in sorted(book_folder.rglob("*.html"))
        if "_static" not in file.parts
    }
