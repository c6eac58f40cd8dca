"""Each chapter's notebook as it is committed: a text, with numbers that it names and figures that it calls."""

import ast
import re
from html import escape

import nbformat
import pytest
from bs4 import BeautifulSoup
from explorers.explorer import Explorer
from markdown_it import MarkdownIt

import book

LONGEST_CELL = 40
WIDEST_LINE = 100
# How many words a string of a code cell may have, outside of exercises.
MOST_WORDS = 7


def names_bound(source):
    """Return the names that a cell binds at its top level."""
    bound = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        for target in filter(None, targets if isinstance(targets, list) else []):
            bound |= {item.id for item in ast.walk(target) if isinstance(item, ast.Name)}
    return bound


def names_in_text(chapter):
    """Return the names that the sentences of a chapter show."""
    text = "\n".join(cell.source for cell in book.cells(chapter, "markdown"))
    return set(re.findall(r"\{eval\}`([^`]*)`", text))


def test_chapters_are_found():
    assert book.chapters()
    assert len(set(book.chapters())) == len(book.chapters())


def test_every_figure_is_shown_in_its_chapter(chapter):
    from figures import all_figures

    own = [name for name in all_figures() if name.startswith(f"{chapter.name}.")]
    assert sorted(book.figures_shown(chapter)) == sorted(own)


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
    """Nor with what JupyterLab keeps of the numbers in a text."""
    run = [
        number
        for number, cell in enumerate(book.cells(chapter))
        if cell.get("outputs")
        or cell.get("execution_count") is not None
        or "user_expressions" in cell.metadata
    ]
    assert not run, f"cells {run} carry what a run left: `make strip` takes it out"


def test_says_first_how_to_run_it(chapter):
    title, how, *_ = book.cells(chapter)
    assert re.fullmatch(r"# .+(\n\n\*.+\*)?", title.source)
    assert "**Run ▸ Run All Cells**" in how.source
    assert how.metadata.tags == ["remove-cell"], "a page cannot be run"


def test_cells_are_short(chapter):
    long = {
        cell.id: length
        for cell in book.cells(chapter, "code")
        if (length := len(cell.source.splitlines())) > LONGEST_CELL
    }
    assert not long, f"cell: lines = {long}; move what computes into a package"


def test_code_is_narrow(chapter):
    """As `ruff format` lays it out, in the chapter and in the module of its figures."""
    code = {cell.id: cell.source for cell in book.cells(chapter, "code")}
    code[chapter.figures.name] = chapter.figures.read_text(encoding="utf-8")
    wide = {
        place: number
        for place, source in code.items()
        for number, line in enumerate(source.splitlines(), 1)
        if len(line) > WIDEST_LINE
    }
    assert not wide, f'place: line = {wide}; break the text into "parts" "like these"'


def test_code_holds_no_prose(chapter):
    """Sentences are Markdown cells; what an exercise asks and replies stays in its call."""
    prose = {}
    for cell in book.cells(chapter, "code"):
        tree = ast.parse(cell.source)
        names = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        if names & {"exercises.number", "exercises.choose"}:
            continue
        docstrings = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
        }
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and text not in docstrings and "query" not in cell.source:
                if len(text.split()) > MOST_WORDS:
                    prose[cell.id] = text
        if names & {"Markdown", "display", "HTML"}:
            prose[cell.id] = cell.source
    assert not prose, f"move to a Markdown cell, or to the chapter's figures: {prose}"


def test_figures_are_not_made_in_a_chapter(chapter):
    """Their place is `book/figures`; a chapter calls them, open and in one line."""
    for cell in book.cells(chapter, "code"):
        assert "Explorer(" not in cell.source and "alt." not in cell.source, cell.id
        assert "getsource" not in cell.source, f"{cell.id}: write show_source(function)"
        if re.search(r"^(figures\.\w+\(.*\)|show_source\(.*\)|symbol_table\(.*\))$", cell.source):
            assert not cell.metadata.get("jupyter", {}).get("source_hidden"), cell.id


def test_a_name_means_one_thing(chapter):
    """JupyterLab evaluates the names in a text when all cells have run: the last value would win."""
    where = {}
    for cell in book.cells(chapter, "code"):
        for name in names_bound(cell.source):
            where.setdefault(name, []).append(cell.id)
    twice = {name: cells for name, cells in where.items() if len(cells) > 1 and name != "_"}
    assert not twice, f"bound in more than one cell: {twice}"
    assert not names_in_text(chapter) - set(where), "named in the text and bound nowhere"


def test_what_the_page_hides_is_folded_in_jupyterlab(chapter):
    """What computes numbers for the text, and exercises, in which the answer stands."""
    unfolded = [
        cell.id
        for cell in book.cells(chapter, "code")
        if {"remove-input", "remove-output"} <= set(cell.metadata.get("tags", []))
        or "exercises." in cell.source
        if not cell.metadata.get("jupyter", {}).get("source_hidden")
    ]
    assert not unfolded, f"fold cells {unfolded}: View > Collapse Selected Code"


def test_what_computes_is_run_before_the_text_that_names_it(chapter):
    """Jupyter Book leaves out a cell with the tag remove-cell, and runs it too late."""
    late = [
        cell.id
        for cell in book.cells(chapter, "code")
        if "remove-cell" in cell.metadata.get("tags", [])
    ]
    assert not late, f"cells {late}: write the tags remove-input and remove-output"


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


def test_runs_and_shows_its_figures(chapter):
    """In a shell of its own, from its first cell to its last."""
    shown = [item for item in book.run(chapter) if isinstance(item, Explorer)]
    assert [item.name for item in shown] == [item.name for item in chapter.explorers]
    assert shown


def test_numbers_in_the_text_are_written_out(chapter):
    """A name in the text stands for a text: how a number is written is decided where it is computed."""
    values = book.names_after_the_run(chapter)
    raw = {name: values[name] for name in names_in_text(chapter) if type(values[name]) is not str}
    assert not raw, f"write them with show(): {raw}"
    odd = {
        name: values[name]
        for name in names_in_text(chapter)
        if re.search(r"nan|inf\b|\d\.\d{6}|np\.", values[name])
    }
    assert not odd


def test_addresses_on_the_page_are_unique(chapter):
    names = [explorer.name for explorer in chapter.explorers]
    assert len(set(names)) == len(names), f"two explorers share a title: {names}"


@pytest.mark.parametrize("part", ["title", "caption", "description", "sentence"])
def test_explorers_are_described(chapter, part):
    assert all(getattr(explorer, part) for explorer in chapter.explorers)
    assert all(isinstance(explorer, Explorer) for explorer in chapter.explorers)


def test_a_chapter_that_was_not_run_reads_as_a_text(chapter):
    """As a plain reader of Markdown, such as GitHub, shows it: every sentence, and names for numbers."""
    plain_markdown = MarkdownIt("commonmark").enable("table")
    shown = [
        plain_markdown.render(cell.source) if cell.cell_type == "markdown" else escape(cell.source)
        for cell in book.cells(chapter)
    ]
    seen = " ".join(BeautifulSoup(" ".join(shown), "html.parser").get_text(" ").split())
    text = "\n".join(cell.source for cell in book.cells(chapter, "markdown"))
    headings = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
    assert all(" ".join(re.sub(r"[*`]|\$.*", "", line).split()) in seen for line in headings)
    plain = [line for line in text.splitlines() if re.fullmatch(r"[A-Z][\w ,;:]+[.?]", line)]
    assert plain and all(line in seen for line in plain)
    assert seen.count("figures.") >= len(chapter.explorers)
