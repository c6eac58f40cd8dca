"""The engine's signatures: typed, and the types hold."""

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import explorers
import pytest

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
