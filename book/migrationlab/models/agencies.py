"""Migration institutions and systems: agencies that learn, and flows that keep their course.

References
----------
Massey, D. S. et al. (1993). Theories of international migration: a review and appraisal.
*Population and Development Review* 19(3), 431-466.
"""

import numpy as np
from explorers.parameters import Parameter, by_name, defaults

from migrationlab.models import networks
from migrationlab.models.domain import check_between, check_number

PARAMETERS = by_name(
    Parameter(
        "learning", "How fast agencies learn", low=0.0, high=1.0, step=0.1, default=0.3, symbol=r"\ell",
        source="twice the people moved, a fifth less cost",
    ),
    Parameter(
        "persistence", "What is left of a flow after a year", low=0.5, high=0.95, step=0.05, default=0.9, symbol=r"\rho_M",
        source="half after six to seven years",
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""

_DEFAULT = defaults(PARAMETERS)


def agency_cost(
    moved,
    first_cost=networks.PARAMETERS["first_cost"].default,
    learning=_DEFAULT["learning"],
    border=0.0,
):
    r"""Cost of a move when agencies have already moved some people.

    .. math:: c = c_0\,(1 + m)^{-\ell} + b

    Parameters
    ----------
    moved : array_like
        :math:`m`, people moved so far, as a multiple of what the agencies began with; 0 or more.
    first_cost, learning, border : array_like
        :math:`c_0`, :math:`\ell` and :math:`b`, what a border adds; 0 or more.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    experience = (1 + check_number("moved", moved)) ** -check_number("learning", learning)
    return check_number("first_cost", first_cost) * experience + check_number("border", border)


def half_life(persistence):
    r"""Years after which half of a flow is left, if nothing renews it.

    .. math:: t_{1/2} = \frac{\ln 0.5}{\ln \rho_M}

    Parameters
    ----------
    persistence : array_like
        :math:`\rho_M`, what is left after a year; above 0 and below 1.

    Returns
    -------
    ndarray or float
        Years.

    Raises
    ------
    ValueError
        If the argument is outside its domain.
    """
    return np.log(0.5) / np.log(check_between("persistence", persistence, 0.0, 1.0))
