"""Brain drain and brain gain: a chance to leave makes more people go to school, and takes some away.

References
----------
Docquier, F. & Rapoport, H. (2012). Globalization, brain drain, and development.
*Journal of Economic Literature* 50(3), 681-730.
"""

import numpy as np
from explorers.parameters import Parameter, by_name

from migrationlab.models.domain import check_between, check_number, check_positive

PARAMETERS = by_name(
    Parameter(
        "premium", "Reward of schooling at home (dearest schooling: 1)", low=0.0, high=0.5, step=0.05, default=0.20, symbol="h",
        source="a fifth of the highest cost of schooling",
    ),
    Parameter(
        "extra", "Further reward abroad (dearest schooling: 1)", low=0.0, high=1.0, step=0.05, default=0.50, symbol="G",
        source="half of the highest cost of schooling",
    ),
    Parameter(
        "chance", "Chance that a schooled person leaves", low=0.0, high=1.0, step=0.05, default=0.30, symbol="p",
        source="three in ten", format=".0%",
    ),
    Parameter(
        "highest_cost", "Highest cost of schooling", low=0.5, high=2.0, step=0.1, default=1.0, symbol=r"\bar c",
        source="the unit",
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""


def schooled(chance, premium, extra, highest_cost=1.0):
    r"""Share of the young who go to school, when school may open a door abroad.

    Costs of schooling are spread evenly from 0 to :math:`\bar c`.

    .. math:: e = \min\{1,\ (h + pG)/\bar c\}

    Parameters
    ----------
    chance : array_like
        :math:`p`, chance that a schooled person leaves, 0 to 1.
    premium, extra : array_like
        :math:`h`, :math:`G`; 0 or more.
    highest_cost : array_like
        :math:`\bar c`, positive.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    reward = check_number("premium", premium) + check_number(
        "chance", chance, 0.0, 1.0
    ) * check_number("extra", extra)
    return np.minimum(reward / check_positive("highest_cost", highest_cost), 1.0)


def schooled_stayers(chance, premium, extra, highest_cost=1.0):
    r"""Share of the schooled among those who stay.

    .. math:: q(p) = \frac{e\,(1-p)}{1 - e\,p}

    Only schooled people leave, at random among them.

    Parameters
    ----------
    chance, premium, extra, highest_cost : array_like
        As in `schooled`.

    Returns
    -------
    ndarray or float
        0 to 1; 0 if everybody is schooled and leaves, so that nobody stays.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    chance = check_number("chance", chance, 0.0, 1.0)
    share = schooled(chance, premium, extra, highest_cost)
    left = 1 - share * chance
    empty = left <= 0
    return np.where(empty, 0.0, share * (1 - chance)) / np.where(empty, 1.0, left)


def drain_from(premium, extra, highest_cost=1.0):
    r"""The chance of leaving above which emigration lowers the share of schooled people who stay.

    With :math:`e_0 = h/\bar c` and :math:`\gamma = G/\bar c`,

    .. math:: p_b = \Big[\frac{\gamma - e_0(1-e_0)}{\gamma\,(1-e_0)}\Big]_0^1

    Parameters
    ----------
    premium, extra, highest_cost : array_like
        As in `schooled`; `premium` below `highest_cost`, `extra` positive.

    Returns
    -------
    ndarray or float
        0 to 1: 0 if every chance of leaving is a drain, 1 if none below 1 is, because everybody goes
        to school before the point is reached (:math:`\gamma > 1 - e_0`).

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    top = check_positive("highest_cost", highest_cost)
    further = check_positive("extra", extra) / top
    base = check_number("premium", premium) / top
    check_between("premium / highest_cost", base, -np.inf, 1.0)
    return np.minimum(np.maximum((further - base * (1 - base)) / (further * (1 - base)), 0.0), 1.0)
