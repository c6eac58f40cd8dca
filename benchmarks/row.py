"""One line of the benchmark's table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    what: str
    where: str
    budget: str
    measured: str
    met: bool
