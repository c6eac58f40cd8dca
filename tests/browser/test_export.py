"""A chapter that is run and exported with nbconvert, opened without a network."""

import subprocess
import sys

import pytest

import book


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The page that ``jupyter nbconvert --execute --to html`` makes of a chapter."""
    folder = tmp_path_factory.mktemp("export")
    [chapter] = [chapter for chapter in book.chapters() if chapter.name == "lee"]
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html"]
    command += [str(chapter.notebook), "--output-dir", str(folder)]
    done = subprocess.run(command, cwd=book.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return chapter, folder / "lee.html"


def test_an_exported_chapter_shows_its_pictures(exported, offline_page):
    chapter, page = exported
    offline_page.goto(page.as_uri())
    for explorer in chapter.explorers:
        figure = offline_page.locator(".explorer-still").filter(has_text=explorer.title).first
        assert figure.locator("img").is_visible()
        assert explorer.say() in figure.inner_text()
    assert offline_page.locator("img").evaluate_all("all => all.every(one => one.naturalWidth > 0)")


def test_an_exported_chapter_has_no_dead_sliders(exported):
    """Widgets are nothing without a kernel: neither they nor their state are exported."""
    _, page = exported
    text = page.read_text(encoding="utf-8")
    assert "widget-view+json" not in text
    assert "widget-state+json" not in text
    assert page.stat().st_size < 3e6
