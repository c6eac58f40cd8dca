"""World systems: capital goes out from the core, and uprooted people follow its links back.

The model is a drawing of the theory in its *strong form*: the wage gap has the weight 0.
Its authors wrote that wages count ultimately little; a weight of 0 is the sharpest way to say that, and
the easiest to refute.

References
----------
Wallerstein, I. (1974). *The Modern World-System* I. Academic Press.

Portes, A. & Walton, J. (1981). *Labor, Class, and the International System*. Academic Press.

Sassen, S. (1988). *The Mobility of Labor and Capital*. Cambridge University Press.

Massey, D. S. et al. (1993). Theories of international migration: a review and appraisal.
*Population and Development Review* 19(3), 431-466.
"""

import numpy as np
from explorers.parameters import Parameter, by_name, defaults

from migrationlab.models.domain import check_number, check_positive, check_whole

PARAMETERS = by_name(
    Parameter(
        "exposure", "Foreign capital already at the origin",
        low=0.05, high=1.5, step=0.05, default=0.25, unit="years of output", symbol="k", source="a quarter of a year's output",
    ),
    Parameter(
        "uprooting", "How fast foreign capital uproots people", low=0.0, high=5.0, step=0.1, default=2.0, symbol=r"\delta",
        source="a quarter of a year's output uproots two in five",
    ),
    Parameter(
        "investment", "Change of foreign capital in the origin", low=-20, high=50, step=1, default=20, unit="%", symbol="x",
        source="a round number", format="+.0f",
    ),
    Parameter(
        "b_pool", "Elasticity of the flow to uprooted people", low=0.0, high=1.5, step=0.1, default=1.0, symbol="b_Z",
        source="twice as many uprooted, twice as many who go",
    ),
    Parameter(
        "b_link", "Elasticity of the flow to capital from the destination", low=0.0, high=1.0, step=0.05, default=0.3,
        symbol="b_F", source="no measured value is at hand",
    ),
    Parameter(
        "b_tie", "Weight of a tie: common language, common state in the past", low=0.0, high=5.0, step=0.1, default=0.9, unit="log points",
        symbol="b_T",
        source="a round factor, two and a half times the flow",
    ),
    Parameter(
        "b_mass", "Elasticity of the flow to the size of the destination", low=0.0, high=1.5, step=0.1, default=1.0,
        symbol="b_P", source="as in the gravity model",
    ),
    Parameter(
        "b_distance", "Elasticity of the flow to distance", low=0.0, high=2.0, step=0.1, default=0.5, symbol="b_d",
        source="smaller than in the gravity model, because links are more than miles",
    ),
    Parameter(
        "b_wage", "Elasticity of the flow to the wage ratio", low=0.0, high=1.0, step=0.05, default=0.0, symbol="b_w",
        source="the strong form; the theory says ultimately little",
    ),
    Parameter(
        "before", "Movers each year before 1991", low=0, high=60, step=5, default=40, unit="thousand", symbol="m_0",
        source="a round number",
    ),
    Parameter(
        "after", "Movers each year from 1991 on", low=0, high=30, step=5, default=5, unit="thousand", symbol="m_1",
        source="a round number",
    ),
    Parameter(
        "loss", "Movers of the past who die or go on in a year", low=0.5, high=5.0, step=0.5, default=1.5, unit="%",
        symbol="q", source="half of them after 46 years",
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""

_DEFAULT = defaults(PARAMETERS)

FIRST_YEAR, BORDER_YEAR, LAST_YEAR = 1950, 1991, 2020
"""Years of `movers_alive`: one state at first, two from the year of the border on."""


def uprooted(exposure, uprooting=_DEFAULT["uprooting"], agrarian=1.0):
    r"""People whom foreign capital has taken out of their old way of living.

    .. math:: Z = A\,(1 - e^{-\delta k})

    Parameters
    ----------
    exposure : array_like
        :math:`k`, foreign capital as a share of yearly output; 0 or more.
    uprooting : array_like
        :math:`\delta`, 0 or more.
    agrarian : array_like
        :math:`A`, people who could be uprooted; 0 or more.

    Returns
    -------
    ndarray or float
        In the unit of `agrarian`; never more than it.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    exposure, uprooting = check_number("exposure", exposure), check_number("uprooting", uprooting)
    return check_number("agrarian", agrarian) * -np.expm1(-uprooting * exposure)


def flow(
    exposure=_DEFAULT["exposure"],
    capital=1.0,
    tie=0.0,
    wage_ratio=1.0,
    agrarian=1.0,
    mass=1.0,
    distance=1.0,
    uprooting=_DEFAULT["uprooting"],
    b_pool=_DEFAULT["b_pool"],
    b_link=_DEFAULT["b_link"],
    b_tie=_DEFAULT["b_tie"],
    b_mass=_DEFAULT["b_mass"],
    b_distance=_DEFAULT["b_distance"],
    b_wage=_DEFAULT["b_wage"],
):
    r"""Migrants from an origin to a destination: the mean of a Poisson count.

    .. math::

        M_{i\to j} = Z_i^{\,b_Z}\, F_{j\to i}^{\,b_F}\, e^{\,b_T T_{ij}}\, P_j^{\,b_P}\,
        d_{ij}^{-b_d} \left(\frac{w_j}{w_i}\right)^{b_w}

    Parameters
    ----------
    exposure, uprooting, agrarian
        As in `uprooted`.
    capital : array_like
        :math:`F`, capital of the destination in the origin, an index; 0 or more.
    tie : array_like
        :math:`T`, 0 for none to 1 for a full tie; values beyond are allowed, as long as
        :math:`b_T T` lies between -500 and 500.
    wage_ratio, distance : array_like
        Indices; positive.
    mass : array_like
        :math:`P`, size of the destination, an index; 0 or more.
    b_pool, b_link, b_tie, b_mass, b_distance, b_wage : array_like
        Elasticities and the weight of the tie; 0 or more.

    Returns
    -------
    ndarray or float
        An index: only ratios of flows mean something.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    weights = {
        name: check_number(name, value)
        for name, value in (
            ("b_pool", b_pool), ("b_link", b_link), ("b_tie", b_tie), ("b_mass", b_mass),
            ("b_distance", b_distance), ("b_wage", b_wage),
        )
    }  # fmt: skip
    return (
        uprooted(exposure, uprooting, agrarian) ** weights["b_pool"]
        * check_number("capital", capital) ** weights["b_link"]
        * np.exp(
            check_number(
                "b_tie times tie",
                weights["b_tie"] * check_number("tie", tie, -np.inf),
                -500.0,
                500.0,
            )
        )
        * check_number("mass", mass) ** weights["b_mass"]
        * check_positive("distance", distance) ** -weights["b_distance"]
        * check_positive("wage_ratio", wage_ratio) ** weights["b_wage"]
    )


def after_investment(
    change,
    exposure=_DEFAULT["exposure"],
    uprooting=_DEFAULT["uprooting"],
    b_pool=_DEFAULT["b_pool"],
    b_link=_DEFAULT["b_link"],
):
    r"""Flow after foreign capital in the origin changes, as a multiple of the flow before.

    Capital of the destination and exposure change together; all else cancels:

    .. math:: \frac{M'}{M} = (1+x)^{b_F} \left(\frac{1-e^{-\delta k(1+x)}}{1-e^{-\delta k}}\right)^{b_Z}

    Parameters
    ----------
    change : array_like
        :math:`x`, as a share; above -1.
    exposure, uprooting : array_like
        :math:`k` before, and :math:`\delta`; positive.
    b_pool, b_link : array_like
        :math:`b_Z`, :math:`b_F`; 0 or more.

    Returns
    -------
    dict
        ``total``; its two factors ``link`` and ``pool``.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    grown = check_positive("1 + change", 1 + check_number("change", change, -np.inf))
    exposure, uprooting = (
        check_positive("exposure", exposure),
        check_positive("uprooting", uprooting),
    )
    before = check_positive("the uprooted before", uprooted(exposure, uprooting))
    link = grown ** check_number("b_link", b_link)
    pool = (uprooted(exposure * grown, uprooting) / before) ** check_number("b_pool", b_pool)
    return {"total": link * pool, "link": link, "pool": pool}


def movers_alive(
    before, after, loss, border=BORDER_YEAR - FIRST_YEAR, years=LAST_YEAR - FIRST_YEAR + 1
):
    r"""People who live away from where they were born, and how many of them crossed a border to do so.

    Every year movers arrive and a share :math:`q` of all earlier movers dies or goes on. In the year
    `border` a border is drawn between the two places.

    .. math:: S_{t+1} = (1-q)\,S_t + m_t, \qquad S_0 = 0, \qquad m_t = m_0 \text{ before the border}, \ m_1 \text{ after}

    Parameters
    ----------
    before, after : array_like
        :math:`m_0`, :math:`m_1`; movers a year; 0 or more.
    loss : array_like
        :math:`q`, 0 to 1.
    border, years : int
        Year of the border, counted from 0, and number of years; ``0 <= border < years``.

    Returns
    -------
    dict of lists of length `years`, each year at its end
        ``counted``: people born in one country who live in the other, 0 before there is a border;
        ``crossed``: those of them who moved when the border was there.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    before, after = check_number("before", before), check_number("after", after)
    stay = 1 - check_number("loss", loss, 0.0, 1.0)
    years, border = check_whole("years", years, 1), check_whole("border", border)
    if border >= years:
        raise ValueError(f"border is {border}; expected less than years ({years}).")
    inside = crossed = 0.0 * (before + after + stay)
    way = {"counted": [], "crossed": []}
    for year in range(years):
        if year < border:
            inside = stay * inside + before
        else:
            inside, crossed = stay * inside, stay * crossed + after
        way["counted"].append(inside + crossed if year >= border else 0.0 * inside)
        way["crossed"].append(1.0 * crossed)
    return way
