"""The table of numbers is the chart in words: its keys, its quantities, the rows now shown."""

import re
from collections import Counter

import numpy as np
import pytest
from explorers.page import _cell
from explorers.sentences import names_in

import book

# Channels that show a quantity or a name; size, opacity and conditions only stress a mark.
SHOWN = ("x", "x2", "y", "y2", "text", "color", "fill", "xOffset", "yOffset")


@pytest.fixture(scope="module")
def tried(chapter):
    """Each explorer of a chapter at the defaults, the corners and a few random settings."""
    return {
        explorer: [
            (settings, explorer.columns | explorer.compute(**settings))
            for settings in [{}, *explorer.corners(), *book.random_settings(explorer, 6)]
        ]
        for explorer in chapter.explorers
    }


def test_headings_are_words(chapter):
    for explorer in chapter.explorers:
        headings = [column["heading"] for column in explorer.table]
        assert len(set(headings)) == len(headings), f"{explorer.title}: {headings}"
        for heading in headings:
            assert re.fullmatch(r"[A-Z][^_]*|[^_]*[^_ ] [^_]*", heading), (
                f"{explorer.title}: the heading {heading!r} is no word"
            )


def test_every_row_begins_with_what_it_is_about(tried):
    """The first column is a name, or the number that the chart's axis runs over; it has no gap."""
    for explorer, settings in tried.items():
        first = explorer.table[0]
        for chosen, values in settings:
            rows = explorer.rows_shown(values)
            cells = [_cell(values, first, row) for row in rows]
            where = f"{explorer.title} at {chosen}: the first column {first['heading']!r}"
            assert all(cell.strip() for cell in cells), f"{where} has a gap"
        is_named = "words" in first or values[first["name"]].dtype == object
        axes = {field for field, _ in _fields(explorer)}
        assert is_named or first["name"] in axes and first["name"] in explorer.columns, (
            f"{where} is neither a name nor what an axis runs over"
        )


def test_no_two_rows_are_about_the_same(tried):
    """Names, and the numbers of the rows that stand before the first result, tell rows apart."""
    for explorer, settings in tried.items():
        keys = [column for column in explorer.table if column["name"] in explorer.columns]
        for chosen, values in settings:
            rows = explorer.rows_shown(values)
            lines = [tuple(_cell(values, key, row) for key in keys) for row in rows]
            assert len(set(lines)) == len(lines), (
                f"{explorer.title} at {chosen}: two rows are {Counter(lines).most_common(1)[0][0]}"
            )


def test_years_have_no_comma(tried):
    for explorer, settings in tried.items():
        for column in explorer.table:
            values = settings[0][1][column["name"]]
            if np.ndim(values) and values.dtype == float and _are_years(values):
                assert "," not in column.get("format", ""), f"{explorer.title}: {column['heading']}"


def _are_years(values):
    return np.all(values == np.rint(values)) and values.min() >= 1900 and values.max() <= 2100


def test_the_table_has_what_the_chart_shows(tried):
    """What a mark shows is in its row of the table, or follows from what is there.

    A single number, such as the place of a rule, may stand in the sentence or be a control.
    """
    missing = [
        f"{explorer.title}: {field} ({channel})"
        for explorer, settings in tried.items()
        for field, channel in _missing(explorer, settings).items()
    ]
    assert not missing, "\n".join(missing)


def _missing(explorer, settings):
    """Return the fields of the chart that neither the table nor sentence and controls tell."""
    names = [column["name"] for column in explorer.table]
    masks = {column["known"] for column in explorer.table if "known" in column}
    told, asked = [*names], dict(sorted(_fields(explorer)))
    # What follows from a column that is told is told, too.
    for _ in range(2):
        told += [
            field
            for field in asked
            if field not in told
            and (field in masks or _follows(explorer, field, names, told, settings))
        ]
    return {field: channel for field, channel in asked.items() if field not in told}


def _follows(explorer, field, names, told, settings):
    """Tell whether a field is, at every setting, one of four things.

    Numbers of the sentence or of a control; what stands in the same row, or in another row, of a
    told column; such a column on another scale; or what its row of the table alone decides.
    """
    by_row = {}
    for chosen, values in settings:
        rows = explorer.rows_shown(values)
        if not len(rows):
            continue
        shown = np.broadcast_to(values[field], explorer.n)[rows]
        said = [part["name"] for part in names_in(explorer.sentence)]
        numbers = [values[name] for name in said if name in values and np.ndim(values[name]) == 0]
        numbers += list((explorer.defaults() | chosen).values())
        columns = [np.broadcast_to(values[name], explorer.n)[rows] for name in told]
        keys = columns[0]
        lines = zip(
            *(np.broadcast_to(values[name], explorer.n)[rows] for name in names), strict=True
        )
        decided = [by_row.setdefault(line, one) for line, one in zip(lines, shown, strict=True)]
        if shown.dtype == object:
            if decided != shown.tolist():
                return False
            continue
        columns = [column for column in columns if column.dtype != object]
        somewhere = np.concatenate([np.array(numbers, float), *columns])
        if not (
            np.allclose(decided, shown)
            or all(np.isclose(somewhere, one).any() for one in set(shown.tolist()))
            or any(_is_scaled(column, shown, keys) for column in columns)
        ):
            return False
    return True


def _is_scaled(column, shown, names):
    """Tell whether a column is another one times a number, plus a number: in all, or for each name."""
    groups = [names == name for name in set(names)]
    if min(map(np.sum, groups)) < 3:
        groups = [names == names]
    return all(_is_line(column[group], shown[group]) for group in groups)


def _is_line(column, shown):
    line = np.column_stack([column, np.ones(len(shown))])
    return np.allclose(line @ np.linalg.lstsq(line, shown)[0], shown)


def test_rows_that_the_chart_leaves_out_are_left_out(chapter):
    """Where every mark is under one filter on a result, the filter is the explorer's `draw`."""
    for explorer in chapter.explorers:
        common = None
        for filters in _filters(explorer._chart_spec):
            common = filters if common is None else common & filters
        assert not common, f"{explorer.title}: write draw= in place of the filter {common}"


def _filters(chart, outer=frozenset()):
    """Yield for each set of marks the filters that its rows pass."""
    own = {str(step["filter"]) for step in chart.get("transform", []) if "filter" in step}
    here = outer | own
    # A mark with data of its own, such as a dated rule, has nothing of the rows.
    if "mark" in chart and "data" not in chart:
        yield here
    for part in chart.get("layer", []):
        yield from _filters(part, here)


def _fields(explorer):
    """Return columns and results that the chart shows, each with one of its channels."""
    found = {}
    _collect(explorer._chart_spec, {}, {}, found)
    known = {*explorer.columns, *explorer.at_default}
    return {(name, channel) for name, channel in found.items() if name in known}


def _collect(chart, encoding, calculated, found):
    encoding = encoding | chart.get("encoding", {})
    calculated = calculated | {
        step["as"]: step["calculate"] for step in chart.get("transform", []) if "calculate" in step
    }
    if "mark" in chart and "data" not in chart:
        for channel in SHOWN:
            definition = encoding.get(channel, {})
            if isinstance(definition, dict) and "field" in definition:
                field = definition["field"]
                for name in _read(calculated.get(field, ""), calculated) or [field]:
                    found.setdefault(name, channel)
    for part in chart.get("layer", []):
        _collect(part, encoding, calculated, found)


def _read(expression, calculated):
    """Return the names that an expression of Vega writes down; a comparison only chooses."""
    names = set(re.findall(r"datum(?:\.|\[')(\w+)(?!\w)(?!'?\]? *[=!<>])", expression))
    return names | {deep for name in names for deep in _read(calculated.get(name, ""), calculated)}
