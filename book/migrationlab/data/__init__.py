"""The book's figures: loading, checking, and saying where they come from.

The tables lie in ``data/`` beside ``book/``: one CSV file each, described in ``datapackage.json``.

>>> from migrationlab import data
>>> data.sources(data.load("income"))
'Bureau of National Statistics'
"""

from migrationlab.data.divisions import BIG_CITIES, boundaries, fold, named, regions
from migrationlab.data.errors import DataError
from migrationlab.data.loading import load
from migrationlab.data.package import FOLDER, describe
from migrationlab.data.panels import (
    balance,
    covariates,
    coverage,
    join,
    marks,
    net_rate,
    panel,
    population_at_risk,
)
from migrationlab.data.provenance import source_table, sources
from migrationlab.data.table1 import propositions

__all__ = [
    "BIG_CITIES",
    "FOLDER",
    "DataError",
    "balance",
    "boundaries",
    "coverage",
    "covariates",
    "describe",
    "fold",
    "join",
    "load",
    "marks",
    "named",
    "net_rate",
    "panel",
    "population_at_risk",
    "propositions",
    "regions",
    "source_table",
    "sources",
]
