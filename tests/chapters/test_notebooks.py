"""Each chapter's notebook as it is committed."""

import ast
import re

import nbformat
import pytest
from explorers.explorer import Explorer

import book

LONGEST_CELL = 40
LONGEST_FIGURE = 65
WIDEST_LINE = 100
# What makes a figure: the explorer, a part of its chart, or its model.
FIGURE = re.compile(r"Explorer\(|alt\.\w+\(|return dict\(")


def test_chapters_are_found():
    assert book.chapters()
    assert len(set(book.chapters())) == len(book.chapters())


def test_is_a_notebook_with_cell_ids(chapter):
    notebook = nbformat.read(chapter.notebook, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    ids = [cell.get("id") for cell in notebook.cells]
    assert None not in ids
    assert len(set(ids)) == len(ids)


def test_kernel_is_plain_python(chapter):
    notebook = nbformat.read(chapter.notebook, as_version=4)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata


def test_is_committed_without_outputs(chapter):
    run = [
        number
        for number, cell in enumerate(book.cells(chapter))
        if cell.get("outputs") or cell.get("execution_count") is not None
    ]
    assert not run, f"cells {run} carry outputs or a count: clear them before the commit"


def test_cells_are_short(chapter):
    """What draws a figure may take longer than what computes."""
    long = {
        cell.id: length
        for cell in book.cells(chapter, "code")
        if (length := len(cell.source.splitlines()))
        > (LONGEST_FIGURE if FIGURE.search(cell.source) else LONGEST_CELL)
    }
    assert not long, f"cell: lines = {long}; move the plotting into a package"


def test_code_is_narrow(chapter):
    """As `ruff format` lays it out; a sentence between triple quotes may be longer."""
    wide = {}
    for cell in book.cells(chapter, "code"):
        prose = {
            line
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Constant | ast.JoinedStr)
            and '"""' in ast.get_source_segment(cell.source, node)
            for line in range(node.lineno, node.end_lineno + 1)
        }
        for number, line in enumerate(cell.source.splitlines(), 1):
            if len(line) > WIDEST_LINE and number not in prose:
                wide[cell.id] = number
    assert not wide, f'cell: line = {wide}; break the text into "parts" "like these"'


def test_what_the_page_hides_is_folded_in_jupyterlab(chapter):
    open_cells = [
        number
        for number, cell in enumerate(book.cells(chapter))
        if {"remove-input", "remove-cell"} & set(cell.metadata.get("tags", []))
        and not cell.metadata.get("jupyter", {}).get("source_hidden")
    ]
    assert not open_cells, f"fold cells {open_cells}: View > Collapse Selected Code"


def test_headings_start_with_one_title_and_skip_no_level(chapter):
    text = "\n".join(cell.source for cell in book.cells(chapter, "markdown"))
    text = re.sub(r"^(`{3,}|:{3,}).*?^\1\s*$", "", text, flags=re.DOTALL | re.MULTILINE)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False)), levels


def test_loads_nothing_from_elsewhere(chapter):
    """Links lead out of the book; pictures, scripts, styles and data do not."""
    loads = re.compile(
        r"""!\[[^\]]*\]\(\s*(https?:)?//|(src|srcset|data)\s*=\s*["'](https?:)?//|<link\b[^>]*https?://"""
        r"""|@import|```\{(image|figure|iframe)\}\s*https?:|read_(csv|json|html|excel)\(\s*["']https?://|urlopen|requests\."""
    )
    for cell in book.cells(chapter):
        found = loads.search(cell.source)
        assert not found, f"{found[0]!r} in: {cell.source[:200]}"


def test_margin_notes_are_boxes_in_jupyterlab(chapter):
    """JupyterLab gives the directive "margin" no height, so that its text lies over its neighbors."""
    overlapping = [cell.id for cell in book.cells(chapter) if "{margin}" in cell.source]
    assert not overlapping, f"cells {overlapping}: write {{admonition}} with :class: margin"


def test_runs_and_shows_an_explorer(chapter):
    assert chapter.explorers


def test_addresses_on_the_page_are_unique(chapter):
    names = [explorer.name for explorer in chapter.explorers]
    assert len(set(names)) == len(names), f"two explorers share a title: {names}"


@pytest.mark.parametrize("part", ["title", "caption", "description", "sentence"])
def test_explorers_are_described(chapter, part):
    assert all(getattr(explorer, part) for explorer in chapter.explorers)
    assert all(isinstance(explorer, Explorer) for explorer in chapter.explorers)
