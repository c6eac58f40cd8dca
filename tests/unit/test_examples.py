"""The examples in docstrings give what they print."""

import doctest
import pkgutil
from importlib import import_module

import explorers
import migrationlab
import pytest

MODULES = [
    module.name
    for package in (explorers, migrationlab)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    assert doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(import_module(name)) if test.examples]
    assert len(found) >= 10
