"""Theories that the five leave out: households that insure themselves, networks, agencies, schooling.

References
----------
Stark, O. & Bloom, D. E. (1985). The new economics of labor migration.
*American Economic Review* 75(2), 173-178.

Massey, D. S. (1990). Social structure, household strategies, and the cumulative causation of
migration. *Population Index* 56(1), 3-26.

Granovetter, M. (1978). Threshold models of collective behavior.
*American Journal of Sociology* 83(6), 1420-1443.

Massey, D. S. et al. (1993). Theories of international migration: a review and appraisal.
*Population and Development Review* 19(3), 431-466.

Docquier, F. & Rapoport, H. (2012). Globalization, brain drain, and development.
*Journal of Economic Literature* 50(3), 681-730.
"""

from types import MappingProxyType

import numpy as np
from explorers.parameters import Parameter, defaults
from scipy.optimize import brentq

from migrationlab.models.domain import (
    check_between,
    check_number,
    check_positive,
    check_whole,
    is_known,
)
from migrationlab.models.lee import move_probability

_PARAMETERS = (
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
    Parameter(
        "adults", "Adults of the village, at home or away", low=500, high=2000, step=100, default=1000, unit="people", symbol="N",
        source="a round number",
    ),
    Parameter(
        "pioneers", "Pioneers: villagers away at the start", low=0, high=200, step=5, default=100, unit="people", symbol="M_0",
        source="one in ten",
    ),
    Parameter(
        "gap", "Wage gap, share of the wage at home", low=0, high=30, step=1, default=10, unit="%", symbol="g", source="a small gap",
    ),
    Parameter(
        "late_gap", "The same from year 30 on", low=0, high=30, step=1, default=0, unit="%", symbol="g'",
        source="the cause is gone",
    ),
    Parameter(
        "first_cost", "Cost of going for somebody who knows nobody there", low=0.0, high=1.0, step=0.05, default=0.40,
        symbol="c_0", source="four times the wage gap",
    ),
    Parameter(
        "help_", "Share of the remaining cost that each acquaintance saves", low=0, high=10, step=1, default=4, unit="%", symbol="k",
        source="seventeen acquaintances halve the cost",
    ),
    Parameter(
        "known", "Share of those away whom a villager knows", low=0.0, high=0.3, step=0.05, default=0.10, symbol="f",
        source="one in ten",
    ),
    Parameter(
        "spread", "Spread of private reasons", low=0.01, high=0.2, step=0.01, default=0.05, symbol="s",
        source="private reasons move the choice by some percent of a wage",
    ),
    Parameter(
        "act", "Share of the willing who go within a year", low=0.0, high=1.0, step=0.05, default=0.40, unit="per year",
        symbol="a", source="a round number",
    ),
    Parameter(
        "return_", "Share of those away who come back within a year", low=0.0, high=0.5, step=0.05, default=0.10, unit="per year",
        symbol="r", source="ten years away, on average",
    ),
    Parameter(
        "learning", "How fast agencies learn", low=0.0, high=1.0, step=0.1, default=0.3, symbol=r"\ell",
        source="twice the people moved, a fifth less cost",
    ),
    Parameter(
        "persistence", "What is left of a flow after a year", low=0.5, high=0.95, step=0.05, default=0.9, symbol=r"\rho_M",
        source="half after six to seven years",
    ),
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

PARAMETERS = MappingProxyType({parameter.name: parameter for parameter in _PARAMETERS})
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""

_DEFAULT = defaults(PARAMETERS)

SAME_RISK = 1e-12
"""Below this share of both variances the risk is the same wherever people are."""
GRID = 4000
"""Stretches in which `rest_points` looks for a change of sign."""


# The household ----------------------------------------------------------------------------------


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


# The network ------------------------------------------------------------------------------------


def willing(
    away,
    gap,
    first_cost=_DEFAULT["first_cost"],
    help_=_DEFAULT["help_"] / 100,
    known=_DEFAULT["known"],
    spread=_DEFAULT["spread"],
):
    r"""Share of the villagers at home who would go.

    A villager knows the share :math:`f` of the :math:`M` who are away; each acquaintance saves the share
    :math:`k` of what the move still costs.

    .. math:: F(M) = \frac{1}{1 + e^{-[g - c_0(1-k)^{fM}]/s}}

    Parameters
    ----------
    away : array_like
        :math:`M`, people away, 0 or more.
    gap : array_like
        :math:`g`, wage gap as a share of the wage (0.10, not 10).
    first_cost : array_like
        :math:`c_0`, cost for somebody who knows nobody there, in the unit of the gap; 0 or more.
    help_ : array_like
        :math:`k`, 0 to 0.999.
    known : array_like
        :math:`f`, 0 to 1.
    spread : array_like
        :math:`s`, positive.

    Returns
    -------
    ndarray or float
        0 to 1.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    acquaintances = check_number("known", known, 0.0, 1.0) * check_number("away", away)
    cost = (
        check_number("first_cost", first_cost)
        * (1 - check_number("help_", help_, 0.0, 0.999)) ** acquaintances
    )
    spread = check_positive("spread", spread)
    return move_probability(check_number("gap", gap, -np.inf) / spread, cost / spread)


def _within(name, away, adults):
    """Check that nobody is away who is not of the village."""
    adults, away = check_number("adults", adults), check_number(name, away)
    if is_known(adults) and is_known(away):
        people, limit = np.broadcast_arrays(away, adults)
        over = people > limit
        if np.any(over):
            raise ValueError(
                f"{name} is {people[over].flat[0]:g}; "
                f"expected a finite number, 0 to {limit[over].flat[0]:g}."
            )
    return away, adults


def departures(away, gap, adults=_DEFAULT["adults"], act=_DEFAULT["act"], **network):
    r"""People who leave in the next year.

    .. math:: a\,(N - M)\,F(M)

    Parameters
    ----------
    away : array_like
        :math:`M`, 0 to `adults`.
    gap : array_like
        :math:`g`, share of the wage (0.10, not 10).
    adults : array_like
        :math:`N`, adults of the village, at home or away; 0 or more.
    act : array_like
        :math:`a`, share of the willing who go within a year, 0 to 1.
    **network
        The other arguments of `willing`.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    away, adults = _within("away", away, adults)
    at_home = adults - away
    return check_number("act", act, 0.0, 1.0) * at_home * willing(away, gap, **network)


def growth(away, gap, return_=_DEFAULT["return_"], **network):
    r"""Change of the number away in a year: those who leave less those who return.

    .. math:: a\,(N - M)\,F(M) - rM

    Parameters
    ----------
    away, gap, **network
        As in `departures`.
    return_ : array_like
        :math:`r`, 0 to 1.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    away = check_number("away", away)
    return departures(away, gap, **network) - check_number("return_", return_, 0.0, 1.0) * away


def network_path(pioneers, gap, late_gap=None, change=30, years=60, **network):
    r"""Follow the number away, year by year.

    .. math:: M_{t+1} = (1-r)\,M_t + a\,(N - M_t)\,F(M_t)

    Parameters
    ----------
    pioneers : array_like
        :math:`M_0`, 0 to the number of adults.
    gap, late_gap : array_like
        Wage gap up to the year `change`, and from then on, as a share of the wage (0.10, not 10);
        without a late gap it stays.
    change, years : int
        Year of the change; length of the path.
    **network
        ``adults`` :math:`N`, ``act`` :math:`a`, ``return_`` :math:`r`, and the arguments of `willing`.

    Returns
    -------
    list of length ``years + 1``
        People away.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    years, change = check_whole("years", years, 1), check_whole("change", change)
    away, adults = _within("pioneers", pioneers, network.get("adults", _DEFAULT["adults"]))
    history = [away]
    for year in range(years):
        now = gap if late_gap is None or year < change else late_gap
        # Rounding may put a billionth of a person too many away.
        away = np.minimum(away + growth(away, now, **network), adults)
        history.append(away)
    return history


def rest_points(gap, **network):
    """Numbers away that stay as they are.

    Parameters
    ----------
    gap : float
        Share of the wage.
    **network
        As in `network_path`; ``return_`` above 0.

    Returns
    -------
    list of (float, bool)
        In rising order: the number away, and whether the network returns to it after a small push.
        A point to which it does not return is a threshold. Two points nearer to each other than a
        four-thousandth of the village are missed.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    # `growth` checks the upper end of what returns.
    check_positive("return_", network.get("return_", _DEFAULT["return_"]))
    adults = float(check_positive("adults", network.get("adults", _DEFAULT["adults"])))
    grid = np.linspace(0.0, adults, GRID + 1)
    values = growth(grid, gap, **network)
    # A point of the grid may be a resting point itself, the first and the last one too.
    on_grid = np.flatnonzero(values == 0)
    below = np.where(on_grid > 0, values[on_grid - 1], 1.0)
    above = np.where(on_grid < GRID, values[np.minimum(on_grid + 1, GRID)], -1.0)
    points = [
        (float(m), bool(b > 0 and a < 0))
        for m, b, a in zip(grid[on_grid], below, above, strict=True)
    ]
    for k in np.flatnonzero(values[:-1] * values[1:] < 0):
        root = brentq(lambda m: growth(m, gap, **network), grid[k], grid[k + 1])
        points.append((float(root), bool(values[k] > 0)))
    return sorted(points)


def threshold(gap, step, rounds=20, **network):
    """The lowest threshold, found in a way that can be recorded for the page.

    The village is cut into stretches that grow with the square of their number, because thresholds lie
    near its lower end. The first stretch in which the network stops to shrink and begins to grow is
    halved `rounds` times.

    Parameters
    ----------
    gap : array_like
        Share of the wage.
    step : array_like of int, shape (n,)
        0, 1, ... n - 1: one stretch for each row. Sixty are enough for the sliders of the chapter.
    rounds : int
        Halvings, fixed so that the loop can be recorded.
    **network
        As in `network_path`.

    Returns
    -------
    float or symbol
        People away; 0 if there is no threshold.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    adults = network.get("adults", _DEFAULT["adults"])
    step = check_number("step", step)
    count = np.max(step) + 1
    lower, upper = adults * (step / count) ** 2, adults * ((step + 1) / count) ** 2
    turns = (growth(lower, gap, **network) < 0) & (growth(upper, gap, **network) >= 0)
    low, high = (np.min(np.where(turns, ends, adults)) for ends in (lower, upper))
    for _ in range(rounds):
        middle = (low + high) / 2
        shrinks = growth(middle, gap, **network) < 0
        low, high = np.where(shrinks, middle, low), np.where(shrinks, high, middle)
    return np.where(low >= adults, 0.0, low) + 0.0


# Agencies and systems ---------------------------------------------------------------------------


def agency_cost(
    moved, first_cost=_DEFAULT["first_cost"], learning=_DEFAULT["learning"], border=0.0
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


# Schooling --------------------------------------------------------------------------------------


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
