"""What depends on where a book is published, and what must not be: built with pages of one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from why_people_move import repository_address

import book

ADDRESS = "https://github.com/someone/why-people-move"


def test_environment_names_the_repository(tmp_path):
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
def test_git_remote_names_the_repository(tmp_path, remote):
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "remote", "add", "origin", remote], check=True)
    assert repository_address({}, tmp_path) == ADDRESS


@pytest.mark.parametrize(
    "remote", ["", "/srv/books/why-people-move", "file:///srv/book.git", "https://example.org"]
)
def test_other_places_are_no_repository(tmp_path, remote):
    assert repository_address({"BOOK_REPOSITORY": remote}, tmp_path) == ""


def write(path, text):
    """Write a file that does not say so already."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def run_build(folder, text="# Page", **environment):
    """Build a book of one page with this book's settings; return what the program said and did."""
    (folder / "book").mkdir(exist_ok=True)
    notebook = {
        "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    write(folder / "book" / "page.ipynb", json.dumps(notebook))
    write(folder / "_toc.yml", "format: jb-book\nroot: book/page\n")
    settings = yaml.safe_load((book.ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"] = {"execute_notebooks": "off"}
    write(folder / "_config.yml", yaml.safe_dump(settings))
    for name in (
        "book/_ext",
        "book/_scripts",
        "book/_static",
        "book/_templates",
        "book/references.bib",
        "node_modules",
    ):
        if not (folder / name).exists():
            (folder / name).symlink_to(book.ROOT / name)
    # No repository around the folder may lend its name.
    own = ("BOOK_REPOSITORY", "BOOK_ADDRESS")
    known = {name: value for name, value in os.environ.items() if name not in own}
    known |= {"GIT_CEILING_DIRECTORIES": str(folder.parent)} | environment
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", folder, "-n", "-W", "--keep-going"]
    return subprocess.run(command, env=known, cwd=folder, capture_output=True, text=True)


def build(folder, **environment):
    """Build a book of one page; return the page."""
    done = run_build(folder, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    page = folder / "_build" / "html" / "book" / "page.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def links_of(page):
    return [link["href"] for link in page.find_all("a", href=True)]


PUBLISHED = "https://someone.github.io/why-people-move"


def test_published_page_offers_binder_and_the_repository_and_says_where_it_is(tmp_path):
    page = build(tmp_path, BOOK_REPOSITORY=ADDRESS, BOOK_ADDRESS=PUBLISHED)
    links = links_of(page)
    binder = [
        link
        for link in links
        if link.startswith("https://mybinder.org/v2/gh/someone/why-people-move/")
    ]
    assert len(binder) == 1 and "book/page.ipynb" in binder[0]
    assert ADDRESS in links
    assert any(link.endswith("chapters/page.zip") and "://" not in link for link in links)
    # Each button is a link with a name: a menu would need a script.
    buttons = page.select(".article-header-buttons a")
    assert len(buttons) >= 4 and all(button["title"] for button in buttons)
    assert not page.select("[data-bs-toggle=dropdown]")
    where = f"{PUBLISHED}/book/page.html"
    assert page.find("link", rel="canonical")["href"] == where
    assert page.find("meta", property="og:url")["content"] == where
    built = tmp_path / "_build" / "html"
    picture = page.find("meta", property="og:image")["content"]
    assert picture.startswith(f"{PUBLISHED}/")
    assert (built / picture.removeprefix(f"{PUBLISHED}/")).is_file()
    assert where in (built / "sitemap.xml").read_text()
    assert f"{PUBLISHED}/sitemap.xml" in (built / "robots.txt").read_text()
    others = BeautifulSoup((built / "404.html").read_text(), "html.parser")
    assert others.base["href"] == "/why-people-move/"


def files_of(folder):
    """Return the contents of all files of a built book, by name; archives hold times."""
    built = folder / "_build" / "html"
    return {
        path.relative_to(built): path.read_bytes()
        for path in built.rglob("*")
        if path.is_file() and path.suffix != ".zip"
    }


def test_page_without_a_known_repository_has_no_such_buttons(tmp_path):
    """And it is the same page each time, byte for byte, also when nothing is left to be built."""
    again = tmp_path / "again"
    again.mkdir()
    build(again)
    page = build(tmp_path)
    first = files_of(tmp_path)
    assert first == files_of(again)
    assert run_build(tmp_path).returncode == 0
    assert first == files_of(tmp_path)
    links = links_of(page)
    assert not [link for link in links if "mybinder" in link or "github.com/someone" in link]
    assert any(link.endswith("chapters/page.zip") and "://" not in link for link in links)
    assert not page.find("link", rel="canonical") and not page.find("meta", property="og:image")
    assert not (tmp_path / "_build" / "html" / "sitemap.xml").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Page\n\n<script>document.title = 6 * 7</script>", "an unknown inline script: document"),
        ("# Page <img src=x onerror=steal()>", "a script in an attribute: onerror=steal()"),
    ],
    ids=["text", "title"],
)
def test_what_would_run_on_a_page_stops_the_build(tmp_path, text, said):
    done = run_build(tmp_path, text)
    assert done.returncode != 0
    told = " ".join((done.stdout + done.stderr).split())
    assert f"book/page.html holds {said}" in told
