"""What a reader takes home from a page: one ZIP that runs by itself."""

import subprocess
import sys
import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup

import book


@pytest.fixture(scope="module")
def unpacked(chapter, book_folder, tmp_path_factory):
    """The folder that unpacking the chapter's ZIP gives, reached by the button on its page."""
    page = book_folder / chapter.page
    [link] = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select(
        ".header-article-items a[href$='.zip']"
    )
    folder = tmp_path_factory.mktemp(chapter.name)
    with zipfile.ZipFile((page.parent / link["href"]).resolve()) as archive:
        archive.extractall(folder)
    [inside] = folder.iterdir()
    return inside


def test_first_line_says_what_it_is(chapter, unpacked):
    text = (unpacked / "START-HERE.txt").read_text(encoding="utf-8")
    assert f"book/{chapter.name}.ipynb" in text.splitlines()[0]
    assert "pip install -r requirements.txt" in text
    for name in ("requirements.txt", "LICENSE", "LICENSE-CONTENT"):
        assert (unpacked / name).read_text(encoding="utf-8")


def test_it_runs_by_itself(chapter, unpacked):
    """Its cells run in the unpacked folder, and not on anything of the book around it."""
    notebook = unpacked / "book" / f"{chapter.name}.ipynb"
    assert notebook.read_bytes() == chapter.notebook.read_bytes()
    if chapter not in book.covering_chapters():
        return  # the rest of the folder is the same for all, and all chapters are run elsewhere
    code = "\n".join(
        cell.source for cell in nbformat.read(notebook, 4).cells if cell.cell_type == "code"
    )
    check = (
        "import explorers, pathlib\nassert pathlib.Path(explorers.__file__).is_relative_to({!r})"
    )
    script = f"{code}\n{check.format(str(unpacked))}"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=notebook.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
