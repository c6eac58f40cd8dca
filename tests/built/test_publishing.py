"""The buttons that lead to Binder and the repository: there when its address is known."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

import book

ADDRESS = "https://github.com/someone/why-people-move"


@pytest.fixture(scope="module")
def repository_address():
    sys.path.insert(0, str(book.ROOT / "book" / "_ext"))
    try:
        from why_people_move import repository_address
    finally:
        sys.path.pop(0)
    return repository_address


def test_environment_names_the_repository(repository_address, tmp_path):
    assert repository_address({"BOOK_REPOSITORY": ADDRESS}, tmp_path) == ADDRESS
    assert repository_address({"BOOK_REPOSITORY": f"{ADDRESS}.git/"}, tmp_path) == ADDRESS


@pytest.mark.parametrize(
    "remote",
    [
        ADDRESS,
        f"{ADDRESS}/",
        f"{ADDRESS}.git",
        "git@github.com:someone/why-people-move.git",
        "ssh://git@github.com/someone/why-people-move.git",
        "https://someone@github.com/someone/why-people-move.git",
        "https://someone:secret@github.com/someone/why-people-move.git",
    ],
)
def test_git_remote_names_the_repository(repository_address, tmp_path, remote):
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "remote", "add", "origin", remote], check=True)
    assert repository_address({}, tmp_path) == ADDRESS


@pytest.mark.parametrize(
    "remote", ["", "/srv/books/why-people-move", "file:///srv/book.git", "https://example.org"]
)
def test_other_places_are_no_repository(repository_address, tmp_path, remote):
    assert repository_address({"BOOK_REPOSITORY": remote}, tmp_path) == ""


def build(folder, **environment):
    """Build a book of one page with this book's settings; return the page's links."""
    (folder / "book").mkdir()
    (folder / "book" / "page.ipynb").write_text(
        '{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Page"}],'
        ' "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}}, '
        '"nbformat": 4, "nbformat_minor": 5}'
    )
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
    settings = yaml.safe_load((book.ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"] = {"execute_notebooks": "off"}
    (folder / "_config.yml").write_text(yaml.safe_dump(settings))
    for name in (
        "book/_ext",
        "book/_static",
        "book/_templates",
        "book/references.bib",
        "node_modules",
    ):
        (folder / name).symlink_to(book.ROOT / name)
    # No repository around the folder may lend its name.
    known = {name: value for name, value in os.environ.items() if name != "BOOK_REPOSITORY"}
    known |= {"GIT_CEILING_DIRECTORIES": str(folder.parent)} | environment
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", folder, "-n", "-W", "--keep-going"]
    done = subprocess.run(command, env=known, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "_build" / "html" / "book" / "page.html").read_text(encoding="utf-8")
    return [link["href"] for link in BeautifulSoup(page, "html.parser").find_all("a", href=True)]


def test_page_offers_binder_and_the_repository(tmp_path):
    links = build(tmp_path, BOOK_REPOSITORY=ADDRESS)
    binder = [
        link
        for link in links
        if link.startswith("https://mybinder.org/v2/gh/someone/why-people-move/")
    ]
    assert len(binder) == 1 and "book/page.ipynb" in binder[0]
    assert ADDRESS in links
    assert any(link.endswith("chapters/page.zip") and "://" not in link for link in links)


def test_page_without_a_known_repository_has_no_such_buttons(tmp_path):
    links = build(tmp_path)
    assert not [link for link in links if "mybinder" in link or "github.com/someone" in link]
    assert any(link.endswith("chapters/page.zip") and "://" not in link for link in links)
