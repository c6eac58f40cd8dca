"""What a reader takes home: a chapter that runs by itself, the pages as one ZIP."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

import book

sys.path.append(str(book.ROOT / "book" / "_ext"))
from why_people_move import offers  # noqa: E402
from why_people_move.packing import pack  # noqa: E402
from why_people_move.taken_home import PDF, ZIP  # noqa: E402
from why_people_move.whole_zip import zip_pages  # noqa: E402


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


def test_the_same_files_give_the_same_bytes(tmp_path):
    """Not those of the day, of the order or of the rights on this machine."""
    packed = []
    for order, mode, day in (("ab", 0o600, 0), ("ba", 0o755, 10**9)):
        files = {}
        for name in order:
            files[f"folder/{name}"] = path = tmp_path / name
            path.write_bytes(name.encode() * 99)
            path.chmod(mode)
            os.utime(path, (day, day))
        pack(tmp_path / "archive.zip", files)
        packed.append((tmp_path / "archive.zip").read_bytes())
    assert packed[0] == packed[1]
    with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
        assert archive.namelist() == ["folder/a", "folder/b"]
        assert archive.read("folder/b") == b"b" * 99


@pytest.mark.parametrize("pattern", ["data.zip", "why-people-move.zip", "chapters/*.zip"])
def test_every_zip_of_the_book_is_packed_like_this(book_folder, pattern):
    archives = sorted((book_folder / "_static").glob(pattern))
    assert archives
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        assert [entry.filename for entry in entries] == sorted(archive.namelist())
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in entries} == {0o100644}


@pytest.fixture
def pages(book_folder, tmp_path):
    """A copy of the built book without what was made out of its pages."""
    built = tmp_path / "html"
    shutil.copytree(book_folder, built)
    for name in (PDF, ZIP):
        (built / "_static" / name).unlink(missing_ok=True)
    offers.show_in(built)
    return built


def links(built):
    """Return the pages that link to the book as one file: names of page and file."""
    written = {page.name: page.read_text("utf-8") for page in built.rglob("*.html")}
    return {
        (page, name)
        for page, html in written.items()
        if PDF in html or ZIP in html
        for link in BeautifulSoup(html, "html.parser").select("article a[href]")
        if (name := link["href"].rpartition("/")[2]) in (PDF, ZIP)
    }


def test_the_whole_book_is_offered_as_soon_as_it_is_there(pages):
    home = book.chapters()[0].page.rpartition("/")[2]
    assert links(pages) == set()
    for name in (PDF, ZIP):
        (pages / "_static" / name).touch()
        offers.show_in(pages)
        offering = {page for page, offered in links(pages) if offered == name}
        assert home in offering and len(offering) == 2
        (pages / "_static" / name).unlink()
        offers.show_in(pages)
        assert links(pages) == set()


def test_the_pages_as_one_zip(pages, tmp_path):
    zip_pages(pages, tmp_path / "one.zip")
    # Offered or not, it does not hold what would have to hold itself.
    for name in (PDF, ZIP):
        (pages / "_static" / name).touch()
    offers.show_in(pages)
    assert links(pages)
    zip_pages(pages, tmp_path / "other.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    [folder] = (tmp_path / "unpacked").iterdir()
    assert "index.html" in (folder / "START-HERE.txt").read_text("utf-8")
    assert links(folder) == set()
    there = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    built = {path.relative_to(pages) for path in pages.rglob("[!.]*") if path.is_file()}
    assert there == {path for path in built if path.name not in (PDF, ZIP)} | {
        Path("START-HERE.txt")
    }
