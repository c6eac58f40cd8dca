"""The neoclassical theory for whole labor markets: wages, migration, and where it stops.

Two regions have one kind of output, made from capital and labor with constant returns.
A worker earns what the last worker adds.
A move has a price, in either direction: spread over the years of work, a share of the wage that the
mover leaves behind. A gap smaller than this cost moves nobody: the *band of inaction*.

References
----------
Lewis, W. A. (1954). Economic development with unlimited supplies of labour.
*Manchester School* 22(2), 139-191.

Hicks, J. R. (1932). *The Theory of Wages*. Macmillan.

Massey, D. S. et al. (1993). Theories of international migration: a review and appraisal.
*Population and Development Review* 19(3), 431-466.
"""

import numpy as np
from explorers.parameters import Parameter, by_name

from migrationlab.models.domain import check_number, check_positive, check_whole, is_known

PARAMETERS = by_name(
    Parameter(
        "capital_share", "Share of capital in output", low=0.2, high=0.5, step=1 / 30, default=1 / 3, symbol="a",
        format=".2f",
        source="a third, as in most textbooks; also how strongly a wage falls when workers come. "
        "Most measured reactions are nearer to 0 (Peri 2014)",
    ),
    Parameter(
        "productivity_origin", "Productivity at the origin", low=0.8, high=1.25, step=0.05, default=1.0, symbol="A_o",
        source="the same technique in both regions",
    ),
    Parameter(
        "productivity_destination", "Productivity at the destination", low=0.8, high=1.25, step=0.05, default=1.0,
        symbol="A_d", source="the same technique in both regions",
    ),
    Parameter(
        "capital_origin", "Capital at the origin", low=50.0, high=400.0, step=5.0, default=100.0, unit="units", symbol="K_o",
        source="a round number",
    ),
    Parameter(
        "capital_ratio", "Capital at the destination for each unit at the origin",
        low=0.5, high=4.0, step=0.1, default=2.0, symbol="K_d/K_o", source="twice as much capital",
    ),
    Parameter(
        "cost", "Cost of moving, share of the wage left behind", low=0.0, high=0.5, step=0.01, default=0.20, symbol="c",
        source="the price of a move, spread over the years, is a fifth of the wage", format=".0%",
    ),
    Parameter(
        "speed", "Share of workers who go in a year, per unit of log gap", low=0.01, high=0.5, step=0.01, default=0.15,
        unit="per year", symbol=r"\mu", source="half of the way in about seven years",
    ),
    Parameter(
        "capital_speed", "The same for capital", low=0.0, high=0.3, step=0.01, default=0.02, unit="per year", symbol=r"\nu",
        source="slower than people",
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""

THIRD = PARAMETERS["capital_share"].default
PROHIBITIVE = 1e9
"""A cost at which nobody moves: the market at its start."""
SHARES = (0.05, 0.95)
"""Smallest and largest capital share that the models take."""


def _market(capital_share, **positive_values):
    """Check what all functions share; the capital share first, then the rest by name."""
    share = check_number("capital_share", capital_share, *SHARES)
    return share, *(check_positive(name, value) for name, value in positive_values.items())


def wage(productivity, capital, labor, capital_share=THIRD):
    r"""What the last worker adds to output.

    .. math:: w = (1-a)\,A\left(\frac{K}{L}\right)^{a}

    Parameters
    ----------
    productivity, capital, labor : array_like
        Positive.
    capital_share : float
        :math:`a`, 0.05 to 0.95.

    Returns
    -------
    ndarray or float
        Units of output per worker and year.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    share, productivity, capital, labor = _market(
        capital_share, productivity=productivity, capital=capital, labor=labor
    )
    return (1 - share) * productivity * (capital / labor) ** share


def output(productivity, capital, labor, capital_share=THIRD):
    r"""Output of a region: :math:`Y = A K^{a} L^{1-a}`; arguments as in `wage`."""
    share, productivity, capital, labor = _market(
        capital_share, productivity=productivity, capital=capital, labor=labor
    )
    return productivity * capital**share * labor ** (1 - share)


def capital_return(productivity, capital, labor, capital_share=THIRD):
    r"""What the last unit of capital adds: :math:`r = a\,A\,(L/K)^{1-a}`; arguments as in `wage`."""
    share, productivity, capital, labor = _market(
        capital_share, productivity=productivity, capital=capital, labor=labor
    )
    return share * productivity * (labor / capital) ** (1 - share)


def resting_point(
    capital_origin,
    capital_destination,
    cost,
    capital_share=THIRD,
    productivity_origin=1.0,
    productivity_destination=1.0,
    labor_origin=100.0,
    labor_destination=100.0,
):
    r"""Where migration stops.

    With the log gap at the start :math:`g_0 = \ln(w_d/w_o)`,

    .. math::

        s = \begin{cases} +1 & g_0 > \ln(1+c)\\ -1 & g_0 < -\ln(1+c)\\ 0 & \text{else}\end{cases}
        \qquad
        \rho = \Big(\frac{A_o}{A_d}\Big)^{1/a}\frac{K_o}{K_d}(1+c)^{s/a},\quad
        L_d = \frac{L_o^0 + L_d^0}{1+\rho}\ (s \ne 0)

    and nobody moves if :math:`s = 0`; then :math:`\rho = L_o^0/L_d^0`.

    Parameters
    ----------
    capital_origin, capital_destination : array_like
        Positive.
    cost : array_like
        :math:`c`, price of a move, spread over the years, as a share of the wage that the mover
        leaves behind; in either direction; 0 or more.
    capital_share : array_like
        :math:`a`, 0.05 to 0.95.
    productivity_origin, productivity_destination : array_like
    labor_origin, labor_destination : array_like
        Workers at the start; positive.

    Returns
    -------
    dict
        ``net``: movers to the destination, negative if they go the other way,
        exactly 0 inside the band; ``labor_origin``, ``labor_destination``: workers at rest;
        ``wage_origin``, ``wage_destination``; ``gap_start``, ``gap``: log gap at the start and at
        rest; ``direction``: :math:`s`; ``rho``: :math:`\rho`, workers at the origin for each one at
        the destination.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    a, k_o, k_d, a_o, a_d, l_o, l_d = _market(
        capital_share,
        capital_origin=capital_origin,
        capital_destination=capital_destination,
        productivity_origin=productivity_origin,
        productivity_destination=productivity_destination,
        labor_origin=labor_origin,
        labor_destination=labor_destination,
    )
    cost = check_number("cost", cost)
    start = np.log(wage(a_d, k_d, l_d, a) / wage(a_o, k_o, l_o, a))
    edge = np.log(1 + cost)
    direction = np.where(start > edge, 1.0, np.where(start < -edge, -1.0, 0.0))
    moved = (a_o / a_d) ** (1 / a) * (k_o / k_d) * (1 + cost) ** (direction / a)
    rho = np.where(direction == 0, l_o / l_d, moved)
    labor_origin = np.where(direction == 0, l_o, (l_o + l_d) * rho / (1 + rho))
    labor_destination = np.where(direction == 0, l_d, (l_o + l_d) / (1 + rho))
    wage_origin = wage(a_o, k_o, labor_origin, a)
    wage_destination = wage(a_d, k_d, labor_destination, a)
    return {
        "net": labor_destination - l_d,
        "labor_origin": labor_origin,
        "labor_destination": labor_destination,
        "wage_origin": wage_origin,
        "wage_destination": wage_destination,
        "gap_start": start,
        "gap": np.log(wage_destination / wage_origin),
        "direction": direction,
        "rho": rho,
    }


def half_life(speed, rho, capital_share=THIRD):
    r"""Years in which half of the rest of the way is gone, near the resting point.

    .. math:: t_{1/2} = \frac{\ln 2}{a\,\mu\,(1+\rho)}

    Parameters
    ----------
    speed : array_like
        :math:`\mu`, per year, positive.
    rho : array_like
        Workers at the origin for each one at the destination, at rest; positive.
    capital_share : float

    Returns
    -------
    ndarray or float
        Years.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    share, speed, rho = _market(capital_share, speed=speed, rho=rho)
    return np.log(2) / (share * speed * (1 + rho))


def path(
    capital_origin,
    capital_destination,
    cost,
    speed,
    capital_speed=0.0,
    capital_share=THIRD,
    productivity_origin=1.0,
    productivity_destination=1.0,
    labor_origin=100.0,
    labor_destination=100.0,
    years=40,
    steps=2,
):
    r"""Follow workers, and capital if it moves, year by year.

    .. math::

        \dot L_o = -\mu L_o\,[\,g - \ln(1+c)\,]\ \text{ if } g > \ln(1+c),\qquad
        \dot K_o = \nu K_d \ln(r_o/r_d)\ \text{ if } r_o > r_d

    and the same with the regions exchanged in the opposite case.

    Parameters
    ----------
    capital_origin, capital_destination, cost, capital_share, productivity_origin
    productivity_destination, labor_origin, labor_destination
        As in `resting_point`.
    speed, capital_speed : array_like
        :math:`\mu` and :math:`\nu`, per year, 0 to 1.
    years : int
        Length of the path.
    steps : int
        Steps of the midpoint rule in a year, fixed so that the loop can be recorded.

    Returns
    -------
    dict of lists, each of length ``years + 1``
        ``labor_origin``, ``labor_destination``, ``capital_origin``, ``capital_destination``,
        ``gap``: log wage gap.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    a, k_o, k_d, a_o, a_d, l_o, l_d = _market(
        capital_share,
        capital_origin=capital_origin,
        capital_destination=capital_destination,
        productivity_origin=productivity_origin,
        productivity_destination=productivity_destination,
        labor_origin=labor_origin,
        labor_destination=labor_destination,
    )
    years, steps = check_whole("years", years, 1), check_whole("steps", steps, 1)
    edge = np.log(1 + check_number("cost", cost))
    mu = check_number("speed", speed, 0.0, 1.0)
    nu = check_number("capital_speed", capital_speed, 0.0, 1.0)
    technique = np.log(a_d / a_o)
    # While capital stands still its terms are left out: the recorded path stays short.
    still = is_known(nu) and not np.any(nu)

    def log_ratios(w_o, w_d, m_o, m_d):
        per_worker = np.log(m_d / m_o * w_o / w_d)
        return technique + a * per_worker, (1 - a) * per_worker - technique

    def exchange(here, there, leave, come):
        # Exponentials of the rates, so that nothing turns negative; a billionth always stays, so that
        # a region that empties forever keeps a wage.
        stay, stay_there = np.exp(-np.maximum(leave, 0.0)), np.exp(-np.maximum(come, 0.0))
        after = here * stay + there * (1 - stay_there), there * stay_there + here * (1 - stay)
        return tuple(np.maximum(amount, 1e-9) for amount in after)

    def step(state, gaps, h):
        gap, return_gap = gaps
        workers = exchange(*state[:2], mu * h * (gap - edge), mu * h * (-gap - edge))
        if still:
            return *workers, *state[2:]
        return *workers, *exchange(*state[2:], -nu * h * return_gap, nu * h * return_gap)

    state, h = (l_o, l_d, k_o, k_d), 1 / steps
    history = [state]
    for _ in range(years):
        for _ in range(steps):
            middle = step(state, log_ratios(*state), h / 2)
            state = step(state, log_ratios(*middle), h)
        history.append(state)
    names = ("labor_origin", "labor_destination", "capital_origin", "capital_destination")
    way = {name: [state[i] for state in history] for i, name in enumerate(names)}
    return way | {"gap": [log_ratios(*state)[0] for state in history]}


GROUPS = (
    "Workers at the destination",
    "Workers who stay at the origin",
    "Movers, less the cost",
    "Capital at the destination",
    "Capital at the origin",
    "Output of both, less the cost",
)
"""Whose income `winners_and_losers` reports, in its order."""


def winners_and_losers(capital_origin, capital_destination, cost, **market):
    r"""Change of incomes from the start to the resting point, in percent.

    Movers give up the share :math:`c` of the wage they had at the origin, so that at rest
    :math:`w_d = (1+c)\,w_o`. Their gain, and the gain of output, is after that cost.

    Parameters
    ----------
    capital_origin, capital_destination, cost
    **market
        As in `resting_point`.

    Returns
    -------
    tuple of six
        Percent, in the order of `GROUPS`; all are 0 if nobody moves. The movers' gain is measured
        against the wage at the end that they left.

    Notes
    -----
    The losers are those who work beside the newcomers and those who own capital where workers leave.
    """
    capital = (capital_origin, capital_destination)
    start = resting_point(*capital, PROHIBITIVE, **market)
    rest = resting_point(*capital, cost, **market)
    # Labor earns the same share of output everywhere, so that pay stands for output.
    pay = {
        (end, when): state[f"wage_{end}"] * state[f"labor_{end}"]
        for end in ("origin", "destination")
        for when, state in (("before", start), ("after", rest))
    }
    # At rest the mover's new wage, less the cost, equals the wage at the end that was left.
    back = rest["direction"] < 0
    left_before = np.where(back, start["wage_destination"], start["wage_origin"])
    left_after = np.where(back, rest["wage_destination"], rest["wage_origin"])
    spent = cost * left_after * np.abs(rest["net"]) * (1 - market.get("capital_share", THIRD))
    before = pay["origin", "before"] + pay["destination", "before"]
    after = pay["origin", "after"] + pay["destination", "after"]
    ratios = (
        rest["wage_destination"] / start["wage_destination"],
        rest["wage_origin"] / start["wage_origin"],
        left_after / left_before,
        pay["destination", "after"] / pay["destination", "before"],
        pay["origin", "after"] / pay["origin", "before"],
        (after - spent) / before,
    )
    return tuple(100 * (value - 1) for value in ratios)
