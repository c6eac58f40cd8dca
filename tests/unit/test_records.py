"""The records of all theories: every assumption has a symbol and says where its default comes from."""

import pkgutil
from importlib import import_module

import pytest
from migrationlab import models

THEORIES = [
    name
    for name in sorted(module.name for module in pkgutil.iter_modules(models.__path__))
    if hasattr(import_module(f"migrationlab.models.{name}"), "PARAMETERS")
]


def test_all_theories_are_found():
    assert {"gravity", "lee", "neoclassical_macro", "neoclassical_micro", "step_migration"} <= set(
        THEORIES
    )


@pytest.mark.parametrize("theory", THEORIES)
def test_each_assumption_of_a_theory_has_a_symbol_and_a_source(theory):
    for name, parameter in import_module(f"migrationlab.models.{theory}").PARAMETERS.items():
        assert parameter.name == name
        assert parameter.symbol
        assert parameter.source
