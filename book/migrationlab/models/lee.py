"""Lee's scheme as a model of choice: factors at both ends, obstacles between, people who differ.

Lee (1966) wrote words, not equations.
The reading here is *random utility*: each person adds up what speaks for a place,
takes off what lies in between, and has private reasons that nobody else sees.
If the private reasons follow a Gumbel distribution, shares of places are logit shares;
with two places the difference of two private reasons is logistic.

Obstacles count for moves only.
What stays at home meets none; so the term for staying is 0.

References
----------
Lee, E. S. (1966). A theory of migration. *Demography* 3(1), 47-57.

Train, K. E. (2009). *Discrete Choice Methods with Simulation*. Cambridge University Press.
"""

import numpy as np
from explorers.parameters import Parameter, by_name
from explorers.tracing import group_sum
from scipy.special import expit

from migrationlab.models.domain import check_between, check_number, check_positive, is_known, ratio

PARAMETERS = by_name(
    Parameter(
        "beta_w", "Weight of the log income", low=0.0, high=1.5, step=0.1, default=1.0, symbol=r"\beta_w",
        source="an elasticity of 1; the sign is literature (Aldashev & Dietz 2014)",
    ),
    Parameter(
        "beta_u", "Weight of unemployment", low=0.0, high=10.0, step=0.5, default=3.0,
        symbol=r"\beta_u", source="five points more weigh like 14% less income",
    ),
    Parameter(
        "beta_a", "Weight of the log of openings", low=0.0, high=2.0, step=0.1, default=1.0, symbol=r"\beta_a",
        source="twice as many openings attract twice as many",
    ),
    Parameter(
        "beta_c", "Weight of being one of the three big cities", low=0.0, high=1.0, step=0.1, default=0.0,
        symbol=r"\beta_c", source="none at first",
    ),
    Parameter(
        "lambda_", "Elasticity of the obstacle to distance", low=0.0, high=2.0, step=0.1, default=1.0,
        symbol=r"\lambda", origin="literature",
        source="between Korea 2020 (0.92) and Austria 2006 (1.26), see Ravenstein",
    ),
    Parameter(
        "mobility", "Movers in a year", low=0.5, high=6.0, step=0.1, default=1.8, unit="%", symbol="p",
        origin="measured",
        source="moves between regions, 2022: about 352 of 19,503 thousand people "
        "(nine months, taken for twelve)",
    ),
    Parameter(
        "theta", "Personal weight of the obstacles", low=0.5, high=2.0, step=0.1, default=1.0, symbol=r"\theta",
        source="everybody alike",
    ),
    Parameter(
        "tau", "Cost of transport, as a multiple of today's", low=0.5, high=1.5, step=0.05, default=1.0, symbol=r"\tau",
        source="today is 1",
    ),
    Parameter(
        "advantage", "Wage advantage of A", low=0.0, high=50.0, step=1.0, default=10.0, unit="%", symbol="g",
        source="a round number",
    ),
    Parameter(
        "people_a", "People in A", low=0.1, high=5.0, step=0.1, default=1.0, unit="million", symbol="N_A",
        source="two places of one size",
    ),
    Parameter(
        "people_b", "People in B", low=0.1, high=5.0, step=0.1, default=1.0, unit="million", symbol="N_B",
        source="two places of one size",
    ),
    Parameter(
        "obstacle", "Obstacle and inertia", low=0.0, high=6.0, step=0.25, default=4.0, unit="log points", symbol="o",
        source="lets about 1.8% move when both places are alike",
    ),
    Parameter(
        "informed", "People who know what is on offer", low=40.0, high=100.0, step=5.0, default=60.0, unit="%", symbol="k",
        source="a round number",
    ),
    Parameter(
        "permit", "Weight of the permit", low=0.0, high=1.5, step=0.1, default=0.9, unit="log points", symbol=r"\pi",
        source="without a permit two and a half times the odds",
    ),
    Parameter(
        "wage_gap", "Wage advantage of the destination", low=0.0, high=60.0, step=1.0, default=30.0, unit="%", symbol="g",
        source="a round number",
    ),
    Parameter(
        "skilled_share", "The skilled among the residents", low=0.0, high=1.0, step=0.05, default=0.30, symbol="q",
        source="three in ten", format=".0%",
    ),
    Parameter(
        "beta_unskilled", "Weight of the log wage for the unskilled", low=0.0, high=3.0, step=0.5, default=1.0,
        symbol=r"\beta_0", source="an elasticity of 1",
    ),
    Parameter(
        "beta_skilled", "Weight of the log wage for the skilled", low=0.0, high=5.0, step=0.5, default=3.0,
        symbol=r"\beta_1", source="skill pays only where the good jobs are",
    ),
    Parameter(
        "minus", "Minus at the origin, felt by all", low=0.0, high=8.0, step=0.5, default=0.0, unit="log points", symbol="m",
        source="none at first",
    ),
    Parameter(
        "minus_unskilled", "Minus felt by the unskilled alone", low=0.0, high=2.0, step=0.1, default=0.0, unit="log points",
        symbol="m_0", source="none at first",
    ),
    Parameter(
        "further_obstacle", "Further obstacle", low=0.0, high=1.0, step=0.1, default=0.0, unit="log points", symbol=r"\Delta o",
        source="none at first",
    ),
    Parameter(
        "copies", "Copies of one destination", low=1.0, high=6.0, step=1.0, default=2.0, symbol="n",
        source="one destination under two names",
    ),
    Parameter(
        "likeness", "How alike the private reasons for the copies are", low=0.0, high=1.0, step=0.05, default=0.5,
        symbol=r"\delta", source="between the logit (0) and true copies (1)",
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""

# Two places -------------------------------------------------------------------------------------


def move_probability(advantage, obstacle):
    r"""Share of people who move, when private reasons differ.

    .. math:: p = \frac{1}{1 + e^{-(v - o)}}

    Parameters
    ----------
    advantage : array_like
        :math:`v`, factors at the destination less factors at the origin, in log points of wage.
    obstacle : array_like
        :math:`o`, intervening obstacles and inertia in the same unit.

    Returns
    -------
    ndarray or float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If an argument is not finite.
    """
    advantage = check_number("advantage", advantage, -np.inf)
    obstacle = check_number("obstacle", obstacle, -np.inf)
    return expit(advantage - obstacle)


def obstacle_for(mobility, advantage=0.0):
    r"""Obstacle and inertia that let a given share of people move.

    .. math:: o = v - \ln\frac{p}{1-p}

    Parameters
    ----------
    mobility : array_like
        Share of movers :math:`p`, between 0 and 1.
    advantage : array_like

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If `mobility` does not lie between 0 and 1.
    """
    mobility = check_between("mobility", mobility, 0.0, 1.0)
    advantage = check_number("advantage", advantage, -np.inf)
    return advantage - np.log(mobility / (1 - mobility))


def changed_probability(base, change):
    r"""Share of movers after a change of factors or obstacles.

    .. math:: \frac{p'}{1-p'} = \frac{p}{1-p}\,e^{\Delta}

    Parameters
    ----------
    base : array_like
        Share of movers before, between 0 and 1.
    change : array_like
        :math:`\Delta` in log points: :math:`\beta_w\Delta\ln w`, :math:`-\beta_u\Delta u`,
        :math:`-\lambda\Delta\ln\tau`.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If `base` does not lie between 0 and 1 or `change` is not finite.
    """
    base = check_between("base", base, 0.0, 1.0)
    change = check_number("change", change, -np.inf)
    return move_probability(change, obstacle_for(base))


def two_way_flows(people_a, people_b, advantage, mobility, beta_w=1.0):
    r"""Moves in both directions between two places, one of which pays more.

    .. math:: T_{BA} = N_B\,p(+\beta_w g),\quad T_{AB} = N_A\,p(-\beta_w g)

    Parameters
    ----------
    people_a, people_b : array_like
        People, 0 or more.
    advantage : array_like
        :math:`g`, log wage in A less log wage in B.
    mobility : array_like
        Share of people who would move if both places were alike, between 0 and 1.
    beta_w : array_like
        Weight of the log wage, 0 or more.

    Returns
    -------
    dict
        ``to_a`` and ``to_b``: movers; ``net``: the gain of A;
        ``effectiveness``: net as a percentage of all movers, 0 if nobody moves.
    """
    people_a = check_number("people_a", people_a)
    people_b = check_number("people_b", people_b)
    mobility = check_between("mobility", mobility, 0.0, 1.0)
    advantage = check_number("advantage", advantage, -np.inf)
    beta_w = check_number("beta_w", beta_w)
    to_a = people_b * changed_probability(mobility, beta_w * advantage)
    to_b = people_a * changed_probability(mobility, -beta_w * advantage)
    net = to_a - to_b
    return {
        "to_a": to_a,
        "to_b": to_b,
        "net": net,
        "effectiveness": 100 * ratio(net, to_a + to_b),
    }


# Many places ------------------------------------------------------------------------------------


def factors(wage, unemployment, attraction, beta_w=1.0, beta_u=3.0, beta_a=1.0):
    r"""Sum of the factors at a place.

    .. math:: V_j = \beta_w\ln w_j - \beta_u u_j + \beta_a A_j

    Parameters
    ----------
    wage : array_like, shape (n,)
        Positive; the unit does not matter.
    unemployment : array_like, shape (n,)
        Share of the labor force, 0 to 1.
    attraction : array_like, shape (n,)
        Any other attraction, such as the log of openings.
    beta_w, beta_u, beta_a : float
        Weights, 0 or more.

    Returns
    -------
    ndarray, shape (n,)
        Log points of wage.

    Raises
    ------
    ValueError
        If a wage is not positive, a share lies outside 0 to 1 or a weight is negative.
    """
    wage = check_positive("wage", wage)
    unemployment = check_number("unemployment", unemployment, 0.0, 1.0)
    attraction = check_number("attraction", attraction, -np.inf)
    beta_w = check_number("beta_w", beta_w)
    beta_u = check_number("beta_u", beta_u)
    beta_a = check_number("beta_a", beta_a)
    return beta_w * np.log(wage) - beta_u * unemployment + beta_a * attraction


def choice_shares(value, chooser):
    r"""Logit shares: how many of those who choose take each alternative.

    .. math:: p_j = \frac{e^{V_j}}{\sum_k e^{V_k}}

    Parameters
    ----------
    value : array_like, shape (n,)
        :math:`V_j`; one row per alternative. All values lie within 700 of each other.
    chooser : array_like, shape (n,)
        Who chooses among the rows; shares add up to 1 for each chooser.

    Returns
    -------
    ndarray, shape (n,)
    """
    value = check_number("value", value, -np.inf)
    if is_known(value):
        check_number("the spread of value", np.max(value) - np.min(value), 0.0, 700.0)
    # The largest value becomes 0, so that no exponential overflows.
    weight = np.exp(value - np.max(value))
    return weight / group_sum(weight, chooser)


def pull(advantage, distance, lambda_=1.0, tau=1.0, theta=1.0):
    r"""Odds of a move against staying, before inertia.

    .. math:: S_{ij} = e^{V_j - V_i}\,(\tau d_{ij})^{-\lambda\theta}

    Parameters
    ----------
    advantage : array_like, shape (n,)
        :math:`V_j - V_i` for each pair of origin and destination, -500 to 500.
    distance : array_like, shape (n,)
        Kilometers, 0 or more; 0 marks a place with itself, whose odds are 0.
    lambda_ : float
        Elasticity of the obstacle to distance, 0 or more.
    tau : float
        Cost of transport as a multiple of today's, positive.
    theta : float
        Personal weight of obstacles, 0 or more.

    Returns
    -------
    ndarray, shape (n,)
    """
    advantage = check_number("advantage", advantage, -500.0, 500.0)
    distance = check_number("distance", distance, unit="km")
    lambda_ = check_number("lambda_", lambda_)
    tau = check_positive("tau", tau)
    theta = check_number("theta", theta)
    elsewhere = distance > 0
    obstacle = lambda_ * theta * np.log(tau * np.where(elsewhere, distance, 1.0))
    return np.where(elsewhere, np.exp(advantage - obstacle), 0.0)


def inertia_for(odds, people, origin, mobility, rounds=30):
    r"""Inertia with which a given share of all people moves.

    Solves :math:`\sum_i N_i p_i = p \sum_i N_i` with
    :math:`p_i = S_i/(e^{\kappa}+S_i)` and :math:`S_i = \sum_j S_{ij}` for :math:`\kappa`.

    Parameters
    ----------
    odds : array_like, shape (n,)
        :math:`S_{ij}` from `pull`.
    people : array_like, shape (n,)
        People at the row's origin, positive, repeated in all its rows.
    origin : array_like, shape (n,)
        Names or codes.
    mobility : float
        Share of movers among all people, between 0 and 1.
    rounds : int
        Steps, fixed so that the loop can be recorded.

    Returns
    -------
    float
        :math:`\kappa`, the same for every origin.

    Notes
    -----
    Each step moves :math:`\kappa` by the gap between the log odds of moving and the wanted ones.
    The gap shrinks in each step by the share of the variance that lies between the origins,
    which is small as long as few people move; so the method always arrives.
    """
    odds = check_number("odds", odds)
    if is_known(odds):
        check_positive("the sum of odds", np.sum(odds))
    people = check_positive("people", people)
    mobility = check_between("mobility", mobility, 0.0, 1.0)
    wanted = np.log(mobility / (1 - mobility))
    sum_odds = group_sum(odds, origin)
    weight = people / group_sum(np.ones_like(people), origin)
    weight = weight / np.sum(weight)
    kappa = np.log(np.sum(weight * sum_odds)) - wanted
    for _ in range(rounds):
        moving = np.sum(weight * sum_odds / (np.exp(kappa) + sum_odds))
        kappa = kappa + np.log(moving / (1 - moving)) - wanted
    return kappa


def flows(odds, people, origin, inertia):
    r"""Moves between places whose people choose by logit, staying included.

    .. math:: T_{ij} = N_i\,\frac{S_{ij}}{e^{\kappa} + \sum_k S_{ik}}

    Parameters
    ----------
    odds : array_like, shape (n,)
        :math:`S_{ij}` from `pull`.
    people : array_like, shape (n,)
        People at the row's origin.
    origin : array_like, shape (n,)
    inertia : float
        :math:`\kappa` from `inertia_for`.

    Returns
    -------
    ndarray, shape (n,)
        Movers of each pair.
    """
    odds = check_number("odds", odds)
    inertia = check_number("inertia", inertia, -np.inf)
    people = check_number("people", people)
    return people * odds / (np.exp(inertia) + group_sum(odds, origin))


def with_copies(share, copies, likeness=0.0):
    r"""Share of movers when one destination is offered under several names.

    .. math:: \frac{p'}{1-p'} = \frac{p}{1-p}\,n^{1-\delta}

    Parameters
    ----------
    share : array_like
        Share of people who choose the destination while it has one name, between 0 and 1.
    copies : array_like
        :math:`n`, 1 or more.
    likeness : array_like
        :math:`\delta`, 0 to 1: how alike the private reasons for the copies are.
        With 0 the copies are separate choices, as the logit has it; with 1 they add nothing.

    Returns
    -------
    ndarray or float
        Share of people who choose any of the copies.

    Notes
    -----
    This is a nested logit with the copies in one nest and :math:`1-\delta` as its scale.
    """
    share = check_between("share", share, 0.0, 1.0)
    copies = check_number("copies", copies, 1.0)
    likeness = check_number("likeness", likeness, 0.0, 1.0)
    return changed_probability(share, (1 - likeness) * np.log(copies))


# Who goes ---------------------------------------------------------------------------------------


def selection(
    log_wage_gap,
    obstacle,
    minus=0.0,
    minus_unskilled=0.0,
    obstacle_skilled=0.0,
    obstacle_unskilled=0.0,
    skilled_share=PARAMETERS["skilled_share"].default,
    beta_skilled=PARAMETERS["beta_skilled"].default,
    beta_unskilled=PARAMETERS["beta_unskilled"].default,
):
    r"""Share of the skilled among the movers, when the two classes weigh things differently.

    .. math:: p_s = \Lambda(\beta_s g + m + m_s - o - o_s),\quad
              \text{share} = \frac{q\,p_1}{q\,p_1 + (1-q)\,p_0}

    with the logistic function :math:`\Lambda`.

    Parameters
    ----------
    log_wage_gap : array_like
        :math:`g`, log wage at the destination less at the origin.
    obstacle : array_like
        :math:`o`, common to all.
    minus, minus_unskilled : array_like
        Minus factor at the origin that all feel, or the unskilled alone; 0 or more.
    obstacle_skilled, obstacle_unskilled : array_like
        Further obstacle of one class.
    skilled_share : array_like
        :math:`q`, the skilled among residents, 0 to 1.
    beta_skilled, beta_unskilled : array_like
        Weight of the log wage in each class, 0 or more.

    Returns
    -------
    dict
        ``skilled``, ``unskilled``: share of each class that moves; ``movers``: of all;
        ``share``: the skilled among movers, 0 if nobody moves.

    Raises
    ------
    ValueError
        If a minus or a weight is negative, or a share lies outside 0 to 1.
    """
    minus = check_number("minus", minus)
    minus_unskilled = check_number("minus_unskilled", minus_unskilled)
    skilled_share = check_number("skilled_share", skilled_share, 0.0, 1.0)
    beta_skilled = check_number("beta_skilled", beta_skilled)
    beta_unskilled = check_number("beta_unskilled", beta_unskilled)
    skilled = move_probability(beta_skilled * log_wage_gap + minus, obstacle + obstacle_skilled)
    unskilled = move_probability(
        beta_unskilled * log_wage_gap + minus + minus_unskilled, obstacle + obstacle_unskilled
    )
    movers = skilled_share * skilled + (1 - skilled_share) * unskilled
    return {
        "skilled": skilled,
        "unskilled": unskilled,
        "movers": movers,
        "share": ratio(skilled_share * skilled, movers),
    }


def selection_obstacle(mobility=0.018, rounds=60, **classes):
    """Return the common obstacle with which a given share of both classes together moves.

    Parameters
    ----------
    mobility : float
        Share of movers, between 0 and 1.
    rounds : int
        Bisections.
    **classes
        Other arguments of `selection`, except `obstacle`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `mobility` is symbolic, because this runs on numbers only, or outside its range, or if no
        obstacle from -50 to 50 does it.
    """
    if not is_known(mobility):
        raise ValueError("mobility is a symbol; solve for the obstacle beforehand.")
    mobility = check_between("mobility", mobility, 0.0, 1.0)
    gap = classes.pop("log_wage_gap", np.log1p(PARAMETERS["wage_gap"].default / 100))
    low, high = -50.0, 50.0
    for _ in range(rounds):
        middle = (low + high) / 2
        if selection(gap, middle, **classes)["movers"] > mobility:
            low = middle
        else:
            high = middle
    if not np.isclose(selection(gap, middle, **classes)["movers"], mobility, rtol=1e-6):
        raise ValueError(
            f"No common obstacle from -50 to 50 lets {mobility:g} of all people move "
            f"with {classes}; "
            "expected smaller terms."
        )
    return middle
