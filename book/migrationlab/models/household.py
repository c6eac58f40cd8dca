"""The new economics of labor migration: a household that cannot insure its risk sends members away.

References
----------
Stark, O. & Bloom, D. E. (1985). The new economics of labor migration.
*American Economic Review* 75(2), 173-178.
"""

import numpy as np
from explorers.parameters import Parameter, by_name, defaults

from migrationlab.models.domain import check_number, check_positive

PARAMETERS = by_name(
    Parameter(
        "income_home", "Mean income at home", low=0.6, high=1.4, step=0.05, default=1.0, symbol="w_h", source="the unit",
    ),
    Parameter(
        "income_away", "Mean income away, for one at home of 1", low=0.6, high=1.4, step=0.05, default=1.0, symbol="w_d",
        source="no wage gap",
    ),
    Parameter(
        "risk_home", "Risk at home: spread of income", low=0.0, high=0.8, step=0.05, default=0.4, symbol=r"\sigma_h",
        source="in a usual year income is up or down by two fifths",
    ),
    Parameter(
        "risk_away", "Risk away: spread of income", low=0.0, high=0.8, step=0.05, default=0.4, symbol=r"\sigma_d",
        source="as at home",
    ),
    Parameter(
        "together", "How far good years come together in both places", low=-1.0, high=1.0, step=0.05, default=0.0,
        symbol=r"\rho", source="they have nothing to do with each other",
    ),
    Parameter(
        "aversion", "Dislike of risk", low=0.5, high=6.0, step=0.5, default=3.0, symbol="A", source="a middling dislike",
    ),
    Parameter(
        "member_cost", "Cost for each member away", low=0.0, high=0.5, step=0.05, default=0.10, symbol="C",
        source="a tenth of an income",
    ),
    Parameter(
        "insured", "Share of the risk at home that is insured", low=0.0, high=1.0, step=0.05, default=0.0, symbol=r"\iota",
        source="no insurance", format=".0%",
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""

_DEFAULT = defaults(PARAMETERS)

SAME_RISK = 1e-12
"""Below this share of both variances the risk is the same wherever people are."""


def certainty_equivalent(
    away,
    income_home=_DEFAULT["income_home"],
    income_away=_DEFAULT["income_away"],
    risk_home=_DEFAULT["risk_home"],
    risk_away=_DEFAULT["risk_away"],
    together=_DEFAULT["together"],
    aversion=_DEFAULT["aversion"],
    cost=_DEFAULT["member_cost"],
    insured=_DEFAULT["insured"],
):
    r"""The sure income that a household finds as good as its risky one.

    With the risk that is left at home, :math:`\sigma = (1-\iota)\,\sigma_h`,

    .. math::

        CE(\alpha) = (1-\alpha) w_h + \alpha w_d - \alpha C
        - \frac A2 \big[(1-\alpha)^2\sigma^2 + \alpha^2\sigma_d^2
        + 2\alpha(1-\alpha)\rho\,\sigma\,\sigma_d\big]

    Parameters
    ----------
    away : array_like
        :math:`\alpha`, share of the earners who are away, 0 to 1.
    income_home, income_away : array_like
        Mean incomes; 0 or more.
    risk_home, risk_away : array_like
        Standard deviations of income, 0 or more. Inside a place all incomes move together.
    together : array_like
        :math:`\rho`, correlation between the two places, -1 to 1.
    aversion : array_like
        :math:`A`, 0 or more.
    cost : array_like
        :math:`C` for each member away, 0 or more.
    insured : array_like
        :math:`\iota`, share of the risk at home that is insured, 0 to 1.

    Returns
    -------
    ndarray or float
        In units of income.

    Raises
    ------
    ValueError
        If an argument is outside its domain.

    References
    ----------
    Stark, O. & Bloom, D. E. (1985). The new economics of labor migration.
    *American Economic Review* 75(2), 173-178.
    """
    away = check_number("away", away, 0.0, 1.0)
    home, abroad = _risks(risk_home, risk_away, insured)
    rho, home_share = check_number("together", together, -1.0, 1.0), 1 - away
    variance = (
        (home_share * home) ** 2
        + (away * abroad) ** 2
        + 2 * away * home_share * rho * home * abroad
    )
    mean = home_share * check_number("income_home", income_home) + away * check_number(
        "income_away", income_away
    )
    return (
        mean - check_number("aversion", aversion) / 2 * variance - away * check_number("cost", cost)
    )


def best_share(
    income_home=_DEFAULT["income_home"],
    income_away=_DEFAULT["income_away"],
    risk_home=_DEFAULT["risk_home"],
    risk_away=_DEFAULT["risk_away"],
    together=_DEFAULT["together"],
    aversion=_DEFAULT["aversion"],
    cost=_DEFAULT["member_cost"],
    insured=_DEFAULT["insured"],
):
    r"""The share of its earners that a household sends away: the highest `certainty_equivalent`.

    .. math::

        \alpha^* = \Big[\frac{w_d - w_h - C + A(\sigma^2 - \rho\,\sigma\,\sigma_d)}
        {A(\sigma^2 + \sigma_d^2 - 2\rho\,\sigma\,\sigma_d)}\Big]_0^1

    If the risk is the same wherever people are, the mean income alone decides, and :math:`\alpha^*` is
    0 or 1.

    Parameters
    ----------
    income_home, income_away, risk_home, risk_away, together, aversion, cost, insured
        As in `certainty_equivalent`; `aversion` positive.

    Returns
    -------
    ndarray or float
        0 to 1.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    home, abroad = _risks(risk_home, risk_away, insured)
    rho, aversion = (
        check_number("together", together, -1.0, 1.0),
        check_positive("aversion", aversion),
    )
    gain = (
        check_number("income_away", income_away)
        - check_number("income_home", income_home)
        - check_number("cost", cost)
    )
    first = gain + aversion * (home**2 - rho * home * abroad)
    curve = aversion * (home**2 + abroad**2 - 2 * rho * home * abroad)
    flat = curve <= SAME_RISK * aversion * (home**2 + abroad**2)
    # Cut off before dividing, so that nothing overflows.
    inside = np.minimum(np.maximum(first, 0.0), curve)
    share = np.where(flat, np.where(first > 0, 1.0, 0.0), inside / np.where(flat, 1.0, curve))
    return share + 0.0


def _risks(risk_home, risk_away, insured):
    home = (1 - check_number("insured", insured, 0.0, 1.0)) * check_number("risk_home", risk_home)
    return home, check_number("risk_away", risk_away)
