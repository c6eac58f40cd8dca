"""One line of the benchmark's table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the benchmark's table.

    Attributes
    ----------
    what, where, budget, measured : str
    met : bool
    detail : bool
        Whether it is one of many: if it is met, it stands in the file and is not printed.
    """

    what: str
    where: str
    budget: str
    measured: str
    met: bool
    detail: bool = False
