"""Migration networks and cumulative causation: who knows somebody there goes more easily.

References
----------
Massey, D. S. (1990). Social structure, household strategies, and the cumulative causation of
migration. *Population Index* 56(1), 3-26.

Granovetter, M. (1978). Threshold models of collective behavior.
*American Journal of Sociology* 83(6), 1420-1443.
"""

import numpy as np
from explorers.parameters import Parameter, by_name, defaults
from scipy.optimize import brentq

from migrationlab.models.domain import check_number, check_positive, check_whole, is_known
from migrationlab.models.lee import move_probability

PARAMETERS = by_name(
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
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""

_DEFAULT = defaults(PARAMETERS)

GRID = 4000
"""Stretches in which `rest_points` looks for a change of sign."""


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
