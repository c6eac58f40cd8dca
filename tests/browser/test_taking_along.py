"""What a reader takes along from a figure: a link, a frame, a picture, the numbers, the code, the screen."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from explorers.parameters import Choice, Parameter
from playwright.sync_api import expect

import book

SVG = "{http://www.w3.org/2000/svg}"


def choose(figure, name):
    """Open a figure's menu and press one of its buttons."""
    figure.locator(".explorer-menu-opener").click()
    figure.locator(".explorer-menu-list").get_by_role("button", name=name, exact=True).click()


def richest(chapter):
    """Return the chapter's explorer with the most kinds of controls."""
    return max(chapter.explorers, key=lambda one: len({type(control) for control in one.controls}))


def settings_of(explorer, seed=3):
    [settings] = book.random_settings(explorer, 1, seed=seed)
    return settings


def moved(visit, chapter):
    """Set the chapter's richest explorer away from its defaults; return it, its settings and its figure."""
    explorer = richest(chapter)
    settings = settings_of(explorer)
    figure = visit.explorer(explorer.name)
    figure.set(settings)
    return explorer, settings, figure


def link_of(visit, figure):
    """Return the link that the menu gives; a page from a file has no clipboard, or shows it."""
    visit.page.evaluate(
        "() => { navigator.clipboard && (navigator.clipboard.writeText = () => Promise.reject(new Error())) }"
    )
    choose(figure.root, "Copy link")
    text = figure.root.locator(".explorer-text pre").inner_text()
    figure.root.get_by_role("button", name="Close", exact=True).click()
    return text


def test_a_link_opens_the_page_at_this_figure_and_these_settings(reader, chapter):
    if not chapter.explorers:
        return
    reader.reload()
    explorer, settings, figure = moved(reader, chapter)
    link = link_of(reader, figure)
    reader.page.goto("about:blank")
    reader.page.goto(link)
    figure = reader.explorer(explorer.name)
    figure.see()
    shown = figure.shows()
    assert shown["settings"] == settings
    assert shown["sentence"] == explorer.say(**settings)
    top = figure.root.bounding_box()["y"]
    assert -1 <= top < reader.page.viewport_size["height"] / 2


def test_every_setting_stands_in_the_link(desk, chapter):
    for explorer in chapter.explorers:
        settings = settings_of(explorer)
        figure = desk.explorer(explorer.name)
        figure.set(settings)
        address = urlsplit(link_of(desk, figure))
        given = {name: values[0] for name, values in parse_qs(address.query).items()}
        moved = {
            control.name: control.options[int(settings[control.name])]
            if isinstance(control, Choice)
            else settings[control.name]
            for control in explorer.controls
            if settings[control.name] != explorer.defaults()[control.name]
        }
        assert set(given) == set(moved), explorer.title
        assert all(
            given[name] == str(value) or float(given[name]) == value
            for name, value in moved.items()
        )
    desk.reset()


def test_a_link_of_long_ago_does_no_harm(desk, chapter):
    """A control that is no more, an option, a number or a figure that never was: the page stands as it is."""
    if not chapter.explorers:
        return
    explorer = richest(chapter)
    control = explorer.controls[0]
    for query in (f"{control.name}=nothing&gone=3", f"{control.name}=", "only=explorer-gone"):
        desk.open(f"{chapter.page}?{query}#{explorer.name}")
        assert desk.explorer(explorer.name).shows()["settings"] == explorer.defaults()
        assert desk.page.locator("article h1").is_visible()
    desk.open(f"{chapter.page}#%E0%A4%A")


def test_a_frame_shows_this_figure_alone(desk, chapter):
    if not chapter.explorers:
        return
    desk.reload()
    explorer, settings, figure = moved(desk, chapter)
    choose(figure.root, "Embed")
    expect(figure.root.locator(".explorer-told")).not_to_be_empty()
    address = desk.page.evaluate(
        "name => { const text = document.getElementById(name).querySelector('.explorer-text pre');"
        " return text ? text.textContent : navigator.clipboard.readText() }",
        explorer.name,
    )
    frame = ElementTree.fromstring(address.replace("></iframe>", "/>"))
    assert frame.get("title") == explorer.title
    desk.page.goto(frame.get("src"))
    alone = desk.explorer(explorer.name)
    alone.see()
    assert alone.shows()["sentence"] == explorer.say(**settings)
    seen = desk.page.evaluate(
        """() => [...document.querySelectorAll("h1, h2, p, figure, nav")]
            .filter(part => part.checkVisibility() && !part.closest(".explorer-alone")).length"""
    )
    assert seen == 0
    expect(desk.page.get_by_role("link", name=re.compile("^From: "))).to_be_visible()
    high = desk.page.locator(".explorer-alone").bounding_box()["height"]
    assert high <= float(frame.get("height"))


def test_saved_numbers_are_numpys(desk, chapter):
    """Exact, and only the rows that are shown; a gap is empty."""
    for explorer in chapter.explorers:
        settings = settings_of(explorer)
        results = explorer.compute(**settings)
        desk.explorer(explorer.name).set(settings)
        lines = desk.page.evaluate(
            "name => document.getElementById(name).explorer.numbers()", explorer.name
        )
        assert lines[0] == [column["heading"] for column in explorer.table]
        rows = explorer.rows_shown(results)
        assert len(lines) == 1 + len(rows)
        values = explorer.columns | results
        for line, row in zip(lines[1:], rows, strict=True):
            for text, column in zip(line, explorer.table, strict=True):
                _check_saved(text, values, column, row, results, explorer.title)
    desk.reset()


def _check_saved(text, values, column, row, results, title):
    def at(name):
        return values[name][row] if np.ndim(values[name]) else values[name]

    value = at(column["name"])
    if "known" in column and not at(column["known"]):
        assert text == "", title
    elif "words" in column:
        assert text in column["words"].values(), title
    elif isinstance(value, str):
        assert text == value, title
    elif column["name"] in results:
        assert float(text) == pytest.approx(value, rel=1e-9, abs=1e-9), title
    else:
        assert re.fullmatch(r"-?[\d.]+%?", text), title


def test_files_of_a_figure_stand_for_themselves(desk, chapter):
    if not chapter.explorers:
        return
    explorer, settings, figure = moved(desk, chapter)
    saved = {}
    for name in ("Picture (SVG)", "Picture (PNG)", "Numbers (CSV)"):
        with desk.page.expect_download() as download:
            choose(figure.root, name)
        path = download.value.path()
        saved[download.value.suggested_filename.rpartition(".")[2]] = path.read_bytes()
        assert download.value.suggested_filename.startswith(explorer.name.removeprefix("explorer-"))
    said = explorer.say(**settings)
    picture = ElementTree.fromstring(saved["svg"])
    words = " ".join(part.text or "" for part in picture.iter(f"{SVG}text"))
    for text in (explorer.title, said, *[control.label for control in explorer.controls]):
        assert " ".join(text.split()) in words
    assert b"var(" not in saved["svg"] and b"currentColor" not in saved["svg"]
    assert saved["png"].startswith(b"\x89PNG") and len(saved["png"]) > 5000
    text = saved["csv"].decode("utf-8-sig")
    remarks = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    assert remarks[0] == explorer.title and said in remarks
    table = list(csv.reader(io.StringIO("".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("# ")
    ))))  # fmt: skip
    assert table[0] == [column["heading"] for column in explorer.table]
    desk.reset()


def test_the_code_of_a_figure_is_shown(desk, chapter):
    for explorer in chapter.explorers[:1]:
        figure = desk.explorer(explorer.name).root
        choose(figure, "Code")
        code = figure.locator(".explorer-text pre")
        expect(code).to_contain_text("return Explorer(")
        expect(code).to_contain_text(explorer.made_by[1])
        figure.get_by_role("button", name="Close", exact=True).click()
        expect(code).to_have_count(0)


def test_a_figure_fills_the_screen(reader, chapter):
    """Larger than before, with its controls; Escape or the button leads back."""
    for explorer in chapter.explorers[:1]:
        figure = reader.explorer(explorer.name).root
        text = figure.locator(".explorer-chart svg text").locator("visible=true").first
        before = text.bounding_box()["height"]
        choose(figure, "Full screen")
        expect(figure.get_by_role("button", name="Leave full screen")).to_be_visible()
        expect(figure).to_have_attribute("data-live", "yes")
        box = figure.bounding_box()
        window = reader.page.evaluate("[innerWidth, innerHeight]")
        assert [box["x"], box["y"], box["width"], box["height"]] == [0, 0, *window]
        if window[0] > 1000 and "tall" not in figure.get_attribute("class"):
            assert text.bounding_box()["height"] > 1.3 * before
        assert not reader.ask("overflow")
        reader.page.keyboard.press("Escape")
        expect(figure.get_by_role("button", name="Leave full screen")).to_have_count(0)
        expect(figure.locator(".explorer-menu-opener")).to_be_focused()
        choose(figure, "Full screen")
        figure.get_by_role("button", name="Leave full screen").click()
        reader.page.wait_for_function(
            "figure => figure.getBoundingClientRect().width < innerWidth",
            arg=figure.element_handle(),
        )


def test_a_menu_is_used_with_the_keyboard(desk, chapter):
    for explorer in chapter.explorers[:1]:
        page = desk.page
        figure = desk.explorer(explorer.name).root
        opener = figure.get_by_role("button", name=f"More: {explorer.title}")
        opener.focus()
        page.keyboard.press("Enter")
        expect(opener).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Tab")
        expect(figure.get_by_role("button", name="Copy link")).to_be_focused()
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()
        expect(figure.get_by_role("button", name="Copy link")).not_to_be_visible()


def test_a_slider_of_time_plays_until_it_is_touched(desk, chapter):
    playable = [
        (explorer, control)
        for explorer in chapter.explorers
        for control in explorer.controls
        if isinstance(control, Parameter) and control.time
    ]
    for explorer, control in playable[:1]:
        figure = desk.explorer(explorer.name)
        first, second = control.grid()[:2]
        figure.set({control.name: first})
        play = figure.root.get_by_role("button", name="Play", exact=True).first
        play.click()
        slider = figure.control(control.name)
        expect(slider).to_have_js_property("value", f"{second:g}")
        figure.root.locator(".explorer-title").click()
        stopped = slider.input_value()
        desk.page.wait_for_timeout(900)
        assert slider.input_value() == stopped
        assert figure.shows()["sentence"] == explorer.say(
            **explorer.defaults() | {control.name: float(stopped)}
        )
        figure.set({control.name: control.grid()[-2]})
        play.click()
        expect(slider).to_have_js_property("value", f"{control.grid()[-1]:g}")
        expect(play).to_have_text("Play")
    desk.reset()
