"""Every explorer of every chapter, moved in a real browser and compared with NumPy."""

import re
from html import unescape

import numpy as np
from explorers.page import _cell, written
from explorers.parameters import Choice, Parameter, Switch

import book

SETTINGS = 10
NEAR = 1e-9


def by_name(chapter):
    return {explorer.name: explorer for explorer in chapter.explorers}


def live(visit):
    """Make all charts live and put all controls at their defaults."""
    visit.wake_at_once()
    visit.reset()
    return visit


def test_first_action_wakes_charts_and_nothing_moves(reader, chapter):
    """Before it, default pictures stand there, one for the window's width, and Vega is not loaded."""
    reader.reload()
    page = reader.page
    assert reader.explorers() == list(by_name(chapter))
    for name, explorer in by_name(chapter).items():
        figure = page.locator(f"figure[id='{name}']")
        assert figure.get_attribute("data-live") is None
        seen = figure.locator(".explorer-chart svg").locator("visible=true")
        assert seen.count() == 1, f"{name}: one picture fits the window"
        assert figure.locator(".explorer-sentence").inner_text() == explorer.say()
    assert page.evaluate("typeof window.vegaEmbed") == "undefined"
    before, shift = reader.ask("places"), reader.ask("shift")
    page.mouse.move(100, 100)
    page.mouse.move(110, 110)
    nearby = page.eval_on_selector_all(
        "figure.explorer",
        "figures => figures.filter(f => f.getBoundingClientRect().top < innerHeight + 300).map(f => f.id)",
    )
    for name in nearby:
        page.wait_for_selector(f"figure[id='{name}'][data-live='yes']")
    reader.wake()
    after = reader.ask("places")
    moved = [
        (old, new)
        for old, new in zip(before, after, strict=True)
        if np.abs(np.subtract(old[1:], new[1:])).max() > 0.01
    ]
    assert not moved, f"{len(moved)} parts moved, the first: {moved[0]}"
    assert reader.ask("shift") == shift


def test_every_control_changes_chart_and_sentence(phone, chapter):
    live(phone)
    for explorer in by_name(chapter).values():
        figure = phone.explorer(explorer.name)
        for control in explorer.controls:
            _move(figure, explorer, control)
        figure.reset()


def _move(figure, explorer, control):
    """Move one control as a person would, and look at everything that must follow."""
    where = f"{explorer.title}: {control.name}"
    move = book.telling_move(explorer, control)
    assert move, f"{where} has no effect"
    before = figure.set(move.start)
    _operate(figure.control(control.name), control, move.value)
    after = figure.shows()
    wanted = move.start | {control.name: move.value}
    assert after["settings"] == wanted, where
    assert after["sentence"] == explorer.say(**wanted) != before["sentence"], where
    assert after["svg"] != before["svg"], f"{where} does not change the chart"
    if isinstance(control, Parameter):
        for value, shown in ((move.value, after), _step_back(figure, control, move.value)):
            text = written(control, value)
            assert shown["readouts"][control.name] == [text, text], where


def _operate(field, control, value):
    if isinstance(control, Switch):
        field.click()
    elif isinstance(control, Choice):
        field.select_option(label=control.options[value])
    else:
        field.press("Home" if value == control.grid()[0] else "End")


def _step_back(figure, control, value):
    """Press an arrow key once, away from the slider's end."""
    grid = control.grid()
    figure.control(control.name).press("ArrowRight" if value == grid[0] else "ArrowLeft")
    shown = figure.shows()
    expected = grid[1] if value == grid[0] else grid[-2]
    assert shown["settings"][control.name] == expected
    return expected, shown


def test_reset_restores_everything(desk, chapter):
    live(desk)
    for explorer in by_name(chapter).values():
        figure = desk.explorer(explorer.name)
        fresh = figure.shows()
        assert fresh["settings"] == explorer.defaults()
        assert fresh["sentence"] == explorer.say()
        figure.set(book.random_settings(explorer, 1, seed=1)[0])
        assert _without_order(figure.reset()) == _without_order(fresh), explorer.title


def _without_order(shown):
    """Marks that a filter took away and gave back come last: the picture is the same."""
    return shown | {"svg": sorted(shown["svg"].split("<"))}


def test_numbers_are_numpys(desk, chapter):
    live(desk)
    for explorer in by_name(chapter).values():
        figure = desk.explorer(explorer.name)
        figure.fold(shut=False)
        settings = [explorer.defaults(), *book.random_settings(explorer, SETTINGS)]
        answers = figure.try_settings(settings)
        for wanted, answer in zip(settings, answers, strict=True):
            where = f"{explorer.title} at {wanted}"
            results = explorer.compute(**wanted)
            assert answer["settings"] == wanted, where
            assert answer["sentence"] == explorer.sentence_for(wanted, results), where
            assert not re.search(r"NaN|undefined|Infinity", answer["svg"]), where
            assert answer["cells"] == _cells(explorer, results), where
            _compare(answer["outputs"], results, explorer, where)
            _compare_drawn(answer["drawn"], answers[0]["drawn"], results, explorer, where)
        figure.fold()


def _cells(explorer, results):
    """Return the table of numbers for what the model computed."""
    values = explorer.columns | results
    return [
        [unescape(_cell(values, column, row)) for column in explorer.table]
        for row in explorer.rows_shown(results)
    ]


def test_numbers_follow_also_while_they_are_folded(desk, chapter):
    """Who moves a slider first and unfolds the table then must not read the old numbers."""
    live(desk)
    for explorer in by_name(chapter).values():
        figure = desk.explorer(explorer.name)
        [settings] = book.random_settings(explorer, 1, seed=2)
        figure.set(settings)
        figure.fold(shut=False)
        assert figure.shows()["cells"] == _cells(explorer, explorer.compute(**settings))
        figure.fold()
    desk.reset()


def _near(found, expected, scale):
    return np.abs(np.subtract(found, expected)) <= NEAR * np.maximum(np.abs(expected), scale)


def _compare(outputs, results, explorer, where):
    assert set(outputs) == set(results), where
    for name, expected in results.items():
        # A result without rows may be a column on one side: both stand for the same number.
        expected, found = np.broadcast_arrays(expected, outputs[name])
        close = _near(found, expected, np.abs(expected).max())
        assert close.all(), (
            f"{where}: {name} is {found[~close][0]!r} on the page, {expected[~close][0]!r} in NumPy"
        )


def _compare_drawn(drawn, first, results, explorer, where):
    """Compare the marks, their data and their places on the axes with NumPy's numbers."""
    assert drawn, f"{where}: Vega drew no marks"
    for unit in book.units(book.specification(explorer)):
        marks = drawn.get(unit.name, {"items": []})["items"]
        if not unit.filtered:
            count = len(first[unit.name]["items"])
            assert len(marks) == count > 0, f"{where}: {len(marks)} marks after {count}"
        if not marks:
            continue
        assert all(mark["inside"] for mark in marks), f"{where}: {unit.mark} outside the axes"
        _compare_data(marks, explorer.columns | results, where)
        for channel in "xy":
            axis = drawn[unit.name]["axis"][channel]
            _compare_places(marks, unit, channel, axis, results, explorer, where)


def _compare_data(marks, known, where):
    """Compare the numbers that the marks carry, row by row; a summary of rows has no row."""
    rows = [mark["row"] for mark in marks]
    if None in rows:
        return
    for name in set(marks[0]["data"]) & set(known):
        expected = known[name][rows] if np.ndim(known[name]) else known[name]
        found = [mark["data"][name] for mark in marks]
        close = _near(found, expected, np.abs(known[name]).max())
        assert close.all(), f"{where}: {name} is drawn with other numbers than NumPy's"


def _compare_places(marks, unit, channel, axis, results, explorer, where):
    """Compare where the marks stand, read off the axis, with NumPy's numbers."""
    definition = unit.position(channel)
    values = book.values_of(explorer, results, definition) if definition else None
    if values is None or definition.get("type") != "quantitative":
        return
    if definition.get("aggregate"):
        expected = np.repeat(values, len(marks))
    else:
        values = dict(zip(explorer.rows_shown(results).tolist(), values, strict=True))
        expected = np.array([values[mark["row"]] for mark in marks])
    # A bar's value is one of its ends, a tick's its middle.
    places = np.array([mark[channel] for mark in marks])
    off = np.abs(places - expected[:, None]).min(axis=1).max()
    # A millionth of the axis is far below what can be seen.
    assert off <= 1e-6 * axis, f"{where}: a {unit.mark} stands off its {channel} by {off:g}"
