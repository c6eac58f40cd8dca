"""What a reader may put into a figure: an own theory, own rows; and the exercises that ask for it."""

import ast
import inspect
import re
from importlib import import_module

import nbformat
import numpy as np
import pandas as pd
import pytest
from explorers import Explorer, StandInError
from explorers.errors import PlainError
from figures import all_figures

import book

# Pages that teach no theory and show no statistics of their own.
PAGES = ("index", "how_to_use", "data")


def figures_with_arguments():
    """Yield name, function and argument of each figure that takes a reader's own."""
    for name in all_figures():
        module, figure = name.split(".")
        function = getattr(import_module(f"figures.{module}"), figure)
        for argument in inspect.signature(function).parameters.values():
            yield pytest.param(function, argument, id=f"{name}({argument.name})")


FIGURES = list(figures_with_arguments())
THEORIES = [case for case in FIGURES if callable(case.values[1].default)]
ROWS = [case for case in FIGURES if case.values[1].name == "rows"]


@pytest.mark.parametrize(("figure", "argument"), THEORIES)
def test_a_copy_of_the_book_s_function_gives_the_book_s_figure(figure, argument):
    def copy(*arguments, **named):
        return argument.default(*arguments, **named)

    own, ours = figure(**{argument.name: copy}), figure()
    assert own.title == f"{ours.title} (copy)"
    for settings in [{}, *book.random_settings(ours, 3)]:
        results, wanted = own.compute(**settings), ours.compute(**settings)
        for name in set(results) & set(wanted):
            # A figure may draw further where a reader's theory needs more room.
            if np.shape(results[name]) == np.shape(wanted[name]):
                np.testing.assert_allclose(results[name], wanted[name], rtol=1e-3, atol=1e-3)


MISTAKES = {
    "a text": lambda *arguments, **named: "many",
    "nothing": lambda *arguments, **named: None,
    "a wrong name": lambda *arguments, **named: {"another": 1.0},
    "a gap": lambda *arguments, **named: np.nan,
    "a wrong length": lambda *arguments, **named: np.arange(1.0, 8.0),
    "an error": lambda *arguments, **named: 1 / 0,
    "no arguments": lambda: 1.0,
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize(("figure", "argument"), THEORIES)
def test_a_mistake_in_an_own_function_is_one_sentence(figure, argument, mistake):
    with pytest.raises(PlainError) as refused:
        figure(**{argument.name: MISTAKES[mistake]})
    assert len(str(refused.value)) < 400
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("figure", "argument"), ROWS)
def test_a_mistake_in_own_rows_is_one_sentence(figure, argument):
    for rows in ({"place": ["here"]}, pd.DataFrame(), 5):
        with pytest.raises(StandInError, match="needs"):
            figure(rows=rows)


# ---- the exercises


def teaches(chapter):
    return chapter.name not in PAGES


def own_cells(chapter):
    """Yield each cell that starts an own theory or own rows, with the Markdown cell behind it."""
    cells = book.cells(chapter)
    for number, cell in enumerate(cells):
        if cell.cell_type == "code" and cell.metadata.get("tags") == ["remove-output"]:
            yield cell, next(other for other in cells[number:] if other.cell_type == "markdown")


def test_each_chapter_ends_its_exercises_with_an_own_theory_or_own_rows(chapter):
    if not teaches(chapter):
        return
    text = "\n".join(cell.source for cell in book.cells(chapter, "markdown"))
    headings = re.findall(r"\{admonition\} Exercise (\d+) · (.+)", text)
    numbers = [int(number) for number, _ in headings]
    assert numbers == list(range(1, len(numbers) + 1))
    assert re.fullmatch(r"Code, (write your own|your own rows)", headings[-1][1])
    assert any(figure.id.startswith(f"{chapter.name}.") for figure in FIGURES)


def with_solution(start, solution):
    """Return the statements of a starting cell with those of the solution in place of its first.

    As a reader does it: a line, or a function, takes the place of the one that binds the same name.
    """
    statements = ast.parse(start).body
    bound = list(dict.fromkeys(name for node in ast.parse(solution).body for name in _binds(node)))
    left = [node for node in statements if not set(_binds(node)) & set(bound[1:])]
    place = next(i for i, node in enumerate(left) if bound[0] in _binds(node))
    cell = [ast.unparse(node) for node in left]
    return [*cell[:place], solution, *cell[place + 1 :]]


def _binds(node):
    targets = getattr(node, "targets", [])
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return names + ([node.name] if isinstance(node, ast.FunctionDef) else [])


def test_the_solution_can_be_put_into_the_starting_cell(chapter):
    """Its code takes the place of the reader's function or rows; a page can be made of the figure."""
    if not teaches(chapter):
        return
    *_, (start, solution) = own_cells(chapter)
    assert "{dropdown} Solution" in solution.source
    code = re.search(r"```python\n(.*?)```", solution.source, flags=re.DOTALL)
    assert code, "the solution holds no code"
    names = dict(book.names_after_the_run(chapter))
    cell = with_solution(start.source, code[1])
    figure = cell.pop()
    exec("\n".join(cell), names)
    explorer = eval(figure, names)
    assert isinstance(explorer, Explorer)
    assert explorer.title.endswith(")"), "it carries the reader's name"
    assert explorer.to_html()


def test_how_to_use_shows_it_in_five_lines_at_most():
    [chapter] = [chapter for chapter in book.chapters() if chapter.name == "how_to_use"]
    notebook = nbformat.read(chapter.notebook, as_version=4)
    [source] = [cell.source for cell in notebook.cells if "def everybody_alike" in cell.source]
    assert len([line for line in source.splitlines() if line]) <= 5
    explorer = eval(source.splitlines()[-1], dict(book.names_after_the_run(chapter)))
    share = explorer.compute()["smooth"]
    assert set(share) == {0, 1000}
