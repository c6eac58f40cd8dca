"""CONTRIBUTING.md taken literally: a chapter that is added by its steps passes the tests of a chapter."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

import book

FOLD = {"source_hidden": True}
NUMBERS = {"jupyter": FOLD, "tags": ["remove-input", "remove-output"]}
EXERCISE = {"jupyter": FOLD, "tags": ["remove-input"]}
FIGURE = {"tags": ["remove-input"]}
OWN = {"tags": ["remove-output"]}


def example():
    """Return the figure that CONTRIBUTING.md shows."""
    text = (book.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in text.split("```python\n")[1:]]
    [code] = [block for block in blocks if "return Explorer(" in block]
    return code


def chapter_by_the_table():
    """Return a notebook with the cells of CONTRIBUTING.md's table, in their order."""
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    how_to_run = next(iter(book.cells(book.chapters()[0])[1:2]))
    imports = (
        "from explorers import exercises, show\n"
        "from figures import friction as figures\n\n"
        'share_at_home = show(figures.power(0.0, 1.0), ".0%")'
    )
    cells = [
        text("# Friction"),
        text(how_to_run.source, metadata=how_to_run.metadata),
        code(imports, metadata=NUMBERS),
        text("At distance zero {eval}`share_at_home` of the movers are still going."),
        code("figures.distance_wears_movers_out()", metadata=FIGURE),
        text(
            "## Exercises\n\n```{admonition} Exercise 1 · Calculation\n:class: exercise\n"
            "Which share goes 100 km or farther, if the friction is 1?\n```"
        ),
        code(
            'exercises.number("Share:", answer=100 * figures.power(100, 1), unit="%")',
            metadata=EXERCISE,
        ),
        text(
            "```{dropdown} Solution\nOne half.\n```\n\n"
            "```{admonition} Exercise 2 · Code, write your own\n:class: exercise\n"
            "Let the share fall by the same part with every kilometer.\n```"
        ),
        code(
            "def my_survivors(distance, beta):\n    return figures.power(distance, beta)\n\n\n"
            "figures.distance_wears_movers_out(survivors=my_survivors)",
            metadata=OWN,
        ),
        text(
            "````{dropdown} Solution\n```python\ndef my_survivors(distance, beta):\n"
            "    return 0.5 ** (beta * distance / 100)\n```\n````"
        ),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    return notebook


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with one chapter more."""
    copy = tmp_path_factory.mktemp("project")
    left = shutil.ignore_patterns("__pycache__", ".*cache", ".ipynb_checkpoints")
    for folder in ("book", "data", "tests"):
        shutil.copytree(book.ROOT / folder, copy / folder, ignore=left)
    for name in ("pyproject.toml", "_toc.yml"):
        shutil.copy(book.ROOT / name, copy / name)
    (copy / "book" / "figures" / "friction.py").write_text(
        f'"""The figure of the chapter on friction."""\n\n{example()}', encoding="utf-8"
    )
    nbformat.write(chapter_by_the_table(), copy / "book" / "friction.ipynb")
    with (copy / "_toc.yml").open("a", encoding="utf-8") as contents:
        contents.write("      - file: book/friction\n")
    return copy


def run(project, *command):
    environment = {key: value for key, value in os.environ.items() if "PYTEST" not in key}
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, env=environment)
    return done.returncode, done.stdout + done.stderr


def test_a_chapter_that_is_added_by_the_steps_passes(project):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/chapters"]
    code, said = run(project, *command, "-k", "friction")
    assert code == 0, said
    assert "passed" in said


def test_its_code_is_laid_out_as_the_book_s(project):
    for command in (["check"], ["format", "--check"]):
        code, said = run(project, sys.executable, "-m", "ruff", *command, "book")
        assert code == 0, said


def test_its_figure_can_be_shown_alone(project):
    """As `make figure` does; the browser here is one that only says what it opens."""
    os_browser = {"BROWSER": "true"}
    command = [sys.executable, "-m", "figures", "friction.distance_wears_movers_out"]
    done = subprocess.run(
        command, cwd=project / "book", capture_output=True, text=True, env=os.environ | os_browser
    )
    assert done.returncode == 0, done.stderr
    page = project / "_build" / "figure" / "friction.distance_wears_movers_out.html"
    assert 'id="explorer-distance-wears-movers-out"' in page.read_text(encoding="utf-8")
    assert {"explorer.js", "vega.js", "book.css"} <= {path.name for path in page.parent.iterdir()}


def test_a_figure_that_does_not_exist_is_said(project):
    command = [sys.executable, "-m", "figures", "friction.distance_wears_mover_out"]
    done = subprocess.run(command, cwd=project / "book", capture_output=True, text=True)
    assert done.returncode == 1
    assert "Is it friction.distance_wears_movers_out" in done.stderr


def test_strip_takes_out_what_a_run_left_and_nothing_else(project):
    """With the command of `make strip`."""
    path = project / "book" / "friction.ipynb"
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 3
            cell.outputs = [nbformat.v4.new_output("stream", text="left")]
        else:
            cell.metadata["user_expressions"] = [{"expression": "share_at_home"}]
    nbformat.write(notebook, path)
    makefile = (book.ROOT / "Makefile").read_text(encoding="utf-8")
    [line] = [line for line in makefile.splitlines() if "nbstripout" in line]
    options = line.split("nbstripout ")[1].replace("book/*.ipynb", str(path)).split()
    code, said = run(project, sys.executable, "-m", "nbstripout", *options)
    assert code == 0, said
    assert path.read_text(encoding="utf-8") == before
