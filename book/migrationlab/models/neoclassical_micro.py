"""The neoclassical theory for one person or one household: a move as an investment.

Costs come first and gains later, so the time that is left decides (Sjaastad, Todaro).
A wage counts only as often as one gets it (Harris and Todaro).
A family adds up the gains of all its members (Mincer).
And who gains depends on how steeply pay rises with skill at both ends (Roy, Borjas).

Money is counted in yearly wages at the origin, if nothing else is said.

References
----------
Sjaastad, L. A. (1962). The costs and returns of human migration.
*Journal of Political Economy* 70(5, part 2), 80-93.

Todaro, M. P. (1969). A model of labor migration and urban unemployment in less developed countries.
*American Economic Review* 59(1), 138-148.

Harris, J. R. & Todaro, M. P. (1970). Migration, unemployment and development: a two-sector
analysis. *American Economic Review* 60(1), 126-142.

Mincer, J. (1978). Family migration decisions. *Journal of Political Economy* 86(5), 749-773.

Borjas, G. J. (1987). Self-selection and the earnings of immigrants.
*American Economic Review* 77(4), 531-553.
"""

import numpy as np
from explorers.parameters import Parameter, by_name
from scipy.special import ndtr

from migrationlab.models.domain import check_number, check_positive, is_known

PARAMETERS = by_name(
    # Which wage would you take?
    Parameter(
        "months", "Months away", low=1, high=24, step=1, default=6, unit="months", symbol="t", source="a season of farm work",
        format=".0f",
    ),
    Parameter(
        "saving_far", "Saved in a month in Russia", low=200, high=600, step=10, default=400, unit="USD", symbol="s_R",
        source="a round number",
    ),
    Parameter(
        "saving_near", "Saved in a month in Kazakhstan", low=100, high=500, step=10, default=300, unit="USD", symbol="s_K",
        source="a round number, lower than in Russia",
    ),
    Parameter(
        "entry_far", "Cost before the first day of work in Russia", low=0, high=1500, step=50, default=900, unit="USD", symbol="C_R",
        origin="literature", source="a ticket for about 600 and a permit for 300 USD "
        "(Najibullah 2021)",
    ),
    Parameter(
        "entry_near", "The same in Kazakhstan", low=0, high=500, step=50, default=200, unit="USD", symbol="C_K",
        source="travel by land",
    ),
    # Present value
    Parameter(
        "wage", "Wage at the destination, as a multiple of that at the origin",
        low=1.0, high=1.4, step=0.05, default=1.3, symbol="w_d", source="a gap of 30%",
    ),
    Parameter(
        "job_chance", "Chance of having the job at the destination", low=0.9, high=1.0, step=0.01, default=0.95,
        symbol="p_d", source="unemployment of five percent", format=".0%",
    ),
    Parameter(
        "discount", "Discount rate", low=0.0, high=0.3, step=0.01, default=0.10, unit="per year", symbol="r", origin="literature",
        source="the rate of a textbook problem by Borjas", format=".0%",
    ),
    Parameter(
        "years", "Years of work ahead", low=1, high=30, step=1, default=20, unit="years", symbol="T", source="a round number",
        format=".0f",
    ),
    Parameter(
        "cost", "Cost of moving", low=0.0, high=3.0, step=0.1, default=1.0, unit="yearly wages", symbol="C", source="one yearly wage"
    ),
    Parameter(
        "age", "Age at the move", low=18, high=60, step=1, default=30, unit="years", symbol="x", source="a round number", format=".0f",
    ),
    Parameter(
        "retirement", "Age at which work ends", low=50, high=70, step=1, default=63, unit="years", symbol="R",
        source="a round number", format=".0f",
    ),
    # Skill
    Parameter(
        "fading", "Skill lost in a year without use", low=0.0, high=0.2, step=0.01, default=0.05, unit="per year", symbol=r"\delta",
        source="half is left after 14 years", format=".0%",
    ),
    Parameter(
        "skill_premium", "What the skill adds to an unskilled wage at home", low=0.0, high=2.0, step=0.1, default=0.6,
        symbol="h", source="60% more than without it", format=".0%",
    ),
    Parameter(
        "unskilled_abroad", "Unskilled wage abroad, against the unskilled wage at home",
        low=1.0, high=3.0, step=0.1, default=2.0, unit="times", symbol="w_a", source="twice as much",
    ),
    Parameter(
        "away", "Years abroad", low=0, high=20, step=1, default=5, unit="years", symbol="n", source="a round number", format=".0f",
    ),
    # Family
    Parameter(
        "gain_first", "Monthly gain of the first partner", low=-100, high=100, step=5, default=-40,
        unit="k tenge", symbol="g_1", source="a round number", format="+.0f",
    ),
    Parameter(
        "gain_second", "Monthly gain of the second partner", low=-100, high=100, step=5, default=60,
        unit="k tenge", symbol="g_2", source="a round number", format="+.0f",
    ),
    Parameter(
        "family_cost", "Monthly cost to the household", low=0, high=60, step=5, default=10, unit="k tenge", symbol="C", source="a round number",
    ),
    # Harris and Todaro
    Parameter(
        "jobs", "Good jobs in the city", low=50, high=200, step=5, default=100, unit="thousand", symbol="N", source="a round number",
    ),
    Parameter(
        "village_ratio", "Wage in the village, as a share of a good wage", low=0.5, high=0.95, step=0.01, default=0.77,
        symbol="w_r/w_m", source="a good wage 30% above the village", format=".0%",
    ),
    Parameter(
        "odd_ratio", "Income without a good job, as a share of the village wage",
        low=0.0, high=0.5, step=0.05, default=0.0, symbol="b/w_r", source="none at all", format=".0%",
    ),
    Parameter(
        "new_jobs", "New good jobs", low=0, high=100, step=5, default=10, unit="thousand", symbol=r"\Delta N",
        source="ten percent more",
    ),
    Parameter(
        "odd_income", "Income without a good job", low=0.0, high=0.3, step=0.05, default=0.0, symbol="b",
        source="none at all; always less than the village pays",
    ),
    Parameter(
        "odd_share", "Income without a good job, as a share of a good wage", low=0.0, high=0.5, step=0.05, default=0.0,
        symbol=r"\beta", source="none at all", format=".0%",
    ),
    Parameter(
        "good_wage", "Good wage in the city", low=0.6, high=1.5, step=0.05, default=0.9, symbol="w_m",
        origin="literature", source="Conning's notebook on Harris and Todaro",
    ),
    # Ladders and Borjas
    Parameter(
        "home_step", "Each rung at home raises pay by", low=0, high=40, step=5, default=35, unit="%", symbol="s_0", source="a steep ladder",
    ),
    Parameter(
        "abroad_step", "Each rung abroad raises pay by", low=0, high=40, step=5, default=15, unit="%", symbol="s_1", source="a flat ladder",
    ),
    Parameter(
        "middle", "Pay abroad on the middle rung (home: 100)", low=80, high=200, step=5, default=130, symbol="m_1",
        source="30% more than at home",
    ),
    Parameter(
        "ladder_cost", "Cost of changing ladders (middle pay: 100)", low=0, high=100, step=5, default=20, symbol="C",
        source="a round number",
    ),
    Parameter(
        "mean_gap", "Mean log wage abroad less at home", low=-0.5, high=1.0, step=0.05, default=0.3,
        symbol=r"\mu_1-\mu_0", source="about 35% more",
    ),
    Parameter(
        "moving_cost", "Cost of moving in log points of the wage", low=0.0, high=1.0, step=0.05, default=0.5,
        symbol=r"\pi", source="about 40% of the wage",
    ),
    Parameter(
        "spread_home", "Spread of log wages at home", low=0.2, high=0.8, step=0.05, default=0.6, symbol=r"\sigma_0",
        source="a wide spread",
    ),
    Parameter(
        "spread_abroad", "Spread of log wages abroad", low=0.2, high=0.8, step=0.05, default=0.4, symbol=r"\sigma_1",
        source="a narrow spread",
    ),
    Parameter(
        "correlation", "How far the same people do well in both places", low=-0.95, high=0.95, step=0.05, default=0.8,
        symbol=r"\rho", source="skills mostly carry over",
    ),
    # Who paid for the schooling?
    Parameter(
        "schooling", "Public cost of the schooling", low=0.0, high=8.0, step=0.25, default=3.0, unit="yearly wages", symbol="S",
        source="a round number",
    ),
    Parameter(
        "remitted", "Share of the wage abroad sent home", low=0.0, high=0.3, step=0.01, default=0.15, symbol="m",
        source="a round number", format=".0%",
    ),
    Parameter(
        "tax", "Share of the wage that would have been paid in taxes", low=0.0, high=0.4, step=0.01, default=0.10,
        symbol=r"\tau", source="a round number", format=".0%",
    ),
    Parameter(
        "wage_abroad", "Wage abroad, as a multiple of that at home", low=1.0, high=2.0, step=0.05, default=1.5,
        symbol="w_a", source="half as much again",
    ),
    Parameter(
        "return_chance", "Chance to come back, in each year", low=0.0, high=0.2, step=0.01, default=0.03, unit="per year", symbol="k",
        source="three in a hundred", format=".0%",
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""


# A season ---------------------------------------------------------------------------------------


def season_balance(months, saving, entry):
    """Money that is left after some months of work: months times saving, less what entry cost.

    Parameters
    ----------
    months, saving, entry : array_like
        0 or more; money in one currency.

    Returns
    -------
    ndarray or float
        Negative while the entry has not been earned back.
    """
    return check_number("months", months) * check_number("saving", saving) - check_number(
        "entry", entry
    )


def break_even_months(saving_far, saving_near, entry_far, entry_near):
    r"""Months after which the dearer place with the higher saving leads.

    .. math:: t^* = \frac{C_R - C_K}{s_R - s_K}

    Parameters
    ----------
    saving_far, saving_near, entry_far, entry_near : array_like
        0 or more.

    Returns
    -------
    ndarray or float
        -1 if the far place never overtakes, because less or nothing more is saved there; 0 if it saves
        more and costs no more to enter, so that it leads from the start.
    """
    saved = check_number("saving_far", saving_far) - check_number("saving_near", saving_near)
    dearer = check_number("entry_far", entry_far) - check_number("entry_near", entry_near)
    meet = np.maximum(dearer, 0.0) / np.where(saved > 0, saved, 1.0)
    return np.where(saved > 0, meet, -1.0)


# Present value ----------------------------------------------------------------------------------


def annuity_factor(discount, years):
    r"""Worth today of one unit a year, the first at once.

    .. math:: \sum_{t=0}^{T-1}\frac{1}{(1+r)^t} = \frac{1-(1+r)^{-T}}{r}\,(1+r)

    and :math:`T` if :math:`r=0`.

    Parameters
    ----------
    discount : array_like
        :math:`r` per year, 0 or more.
    years : array_like
        :math:`T`, 0 or more.

    Returns
    -------
    ndarray or float
    """
    discount = check_number("discount", discount)
    years = check_number("years", years)
    rate = np.where(discount == 0, 1.0, discount)
    # expm1 keeps the digits of a small rate.
    sum_of_years = -np.expm1(-years * np.log1p(rate)) / rate * (1 + rate)
    return np.where(discount == 0, years, sum_of_years)


def present_value(
    wage_destination,
    wage_origin=1.0,
    job_chance_destination=1.0,
    job_chance_origin=1.0,
    discount=0.10,
    years=20,
    cost=0.0,
):
    r"""Worth today of moving rather than staying.

    .. math:: V = \sum_{t=0}^{T-1}\frac{p_d w_d - p_o w_o}{(1+r)^t} - C

    Parameters
    ----------
    wage_destination, wage_origin : array_like
        0 or more, per year.
    job_chance_destination, job_chance_origin : array_like
        0 to 1.
    discount, years, cost : array_like
        0 or more; the cost in the unit of the wages, paid at once.

    Returns
    -------
    ndarray or float
        Above 0 the move pays.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    gain = check_number("job_chance_destination", job_chance_destination, 0.0, 1.0) * check_number(
        "wage_destination", wage_destination
    ) - check_number("job_chance_origin", job_chance_origin, 0.0, 1.0) * check_number(
        "wage_origin", wage_origin
    )
    return gain * annuity_factor(discount, years) - check_number("cost", cost)


def break_even_chance(wage_destination, wage_origin=1.0, discount=0.10, years=20, cost=0.0):
    r"""Smallest chance of a job at the destination with which the move pays.

    .. math:: p_d^* = \frac{w_o + C/f(r,T)}{w_d}

    with the annuity factor :math:`f`. Above 1 no chance is large enough.

    Parameters
    ----------
    wage_destination, wage_origin, discount, years, cost
        As in `present_value`; the wage at the destination and the years positive.

    Returns
    -------
    ndarray or float
    """
    yearly = check_number("cost", cost) / annuity_factor(discount, check_positive("years", years))
    return (check_number("wage_origin", wage_origin) + yearly) / check_positive(
        "wage_destination", wage_destination
    )


def years_needed(gain, discount, cost):
    r"""Whole years of work after which a yearly gain has paid for the cost.

    The smallest :math:`T` with :math:`\text{gain}\cdot f(r, T) \ge C`.

    Parameters
    ----------
    gain : array_like
        Per year, any sign.
    discount, cost : array_like
        0 or more.

    Returns
    -------
    ndarray or float
        0 if there is a gain and no cost; -1 if it never pays: without a gain not even for nothing.
    """
    gain = check_number("gain", gain, -np.inf)
    discount = check_number("discount", discount)
    cost = check_number("cost", cost)
    useful = np.where(gain > 0, gain, 1.0)
    rate = np.where(discount == 0, 1.0, discount)
    # Share of an endless stream of gains that the cost eats up.
    eaten = cost * rate / (useful * (1 + rate))
    never = (gain <= 0) | ((discount > 0) & (eaten >= 1))
    years = -np.log1p(-np.where(eaten < 1, eaten, 0.0)) / np.log1p(rate)
    years = np.where(discount == 0, cost / useful, years)
    # Rounding must not turn a whole number of years into one more.
    whole = np.ceil(years - 1e-9)
    return np.where(never, -1.0, np.where(cost == 0, 0.0, whole))


# Skill that fades -------------------------------------------------------------------------------


def skill_left(year, away, fading):
    r"""Share of a skill that is left when it is not used for the first years.

    .. math:: s(t) = (1-\delta)^{\min(t,\,n)}

    Parameters
    ----------
    year, away, fading : array_like
        Year :math:`t` and years abroad :math:`n`, 0 or more; :math:`\delta` from 0 to 1.

    Returns
    -------
    ndarray or float
    """
    unused = np.minimum(check_number("year", year), check_number("away", away))
    return (1 - check_number("fading", fading, 0.0, 1.0)) ** unused


def skilled_income(year, away, fading, skill_premium, unskilled_abroad):
    r"""Yearly income of a skilled person who does unskilled work abroad and then comes home.

    .. math:: y(t) = \begin{cases} w_a & t < n\\ 1 + h\,s(t) & t \ge n\end{cases}

    Parameters
    ----------
    year, away, fading : array_like
        As in `skill_left`.
    skill_premium : array_like
        :math:`h`, what the skill adds at home, in unskilled wages; 0 or more.
    unskilled_abroad : array_like
        :math:`w_a`, in unskilled wages at home; 0 or more.

    Returns
    -------
    ndarray or float
        In unskilled wages at home.
    """
    year, away = check_number("year", year), check_number("away", away)
    at_home = 1 + check_number("skill_premium", skill_premium) * skill_left(year, away, fading)
    return np.where(year < away, check_number("unskilled_abroad", unskilled_abroad), at_home)


# Family -----------------------------------------------------------------------------------------

FAMILY_OUTCOMES = (
    "both want to stay, and they stay",
    "the first partner stays, against the partner's own interest: a tied stayer",
    "the second partner stays, against the partner's own interest: a tied stayer",
    "both would gain, but less than the household's cost, and they stay",
    "the second partner moves, against the partner's own interest: a tied mover",
    "the first partner moves, against the partner's own interest: a tied mover",
    "both want to move, and they move",
)
"""What can happen to two partners, by the number that `family_outcome` returns."""


def family_gain(gain_first, gain_second, cost=0.0):
    """What a move brings the household: both gains, less the cost.

    Parameters
    ----------
    gain_first, gain_second : array_like
        Any sign.
    cost : array_like
        0 or more.

    Returns
    -------
    ndarray or float
    """
    return (
        check_number("gain_first", gain_first, -np.inf)
        + check_number("gain_second", gain_second, -np.inf)
        - check_number("cost", cost)
    )


def family_outcome(gain_first, gain_second, cost=0.0):
    """Say who is tied: the position of the outcome in `FAMILY_OUTCOMES`.

    A partner *wants* to move if the own gain is positive. The household moves if the sum is.

    Parameters
    ----------
    gain_first, gain_second, cost
        As in `family_gain`.

    Returns
    -------
    ndarray or int
    """
    moves = family_gain(gain_first, gain_second, cost) > 0
    first = check_number("gain_first", gain_first, -np.inf) > 0
    second = check_number("gain_second", gain_second, -np.inf) > 0
    staying = np.where(first & second, 3, np.where(first, 1, np.where(second, 2, 0)))
    moving = np.where(first & second, 6, np.where(first, 4, 5))
    return np.where(moves, moving, staying)


# Harris and Todaro ------------------------------------------------------------------------------


def _check_order(small_name, small, large_name, large, otherwise):
    """Raise ValueError with the first pair in which the smaller number is not smaller."""
    small, large = np.broadcast_arrays(small, large)
    wrong = small >= large
    if np.any(wrong):
        raise ValueError(
            f"{small_name} is {small[wrong].flat[0]:g}; expected less than {large_name} "
            f"({large[wrong].flat[0]:g}), or {otherwise}."
        )


def _check_above_free_entry(good, land, capital, labor):
    """Raise ValueError if the good wage is so low that nobody would wait for a good job."""
    # With free entry both sectors pay w, so that (K + T) / (4 w^2) = L.
    if all(map(is_known, (good, land, capital, labor))):
        free = 0.5 * np.sqrt((land + capital) / labor)
        _check_order("the wage with free entry", free, "good_wage", good, "nobody waits for a job")


def _ordered(odd_income, village_wage, good_wage):
    """Check ``odd_income < village_wage < good_wage``, the domain of the lottery."""
    odd = check_number("odd_income", odd_income)
    village = check_positive("village_wage", village_wage)
    good = check_positive("good_wage", good_wage)
    if all(map(is_known, (odd, village, good))):
        _check_order("odd_income", odd, "village_wage", village, "nobody would stay in the village")
        _check_order("village_wage", village, "good_wage", good, "nobody would go to the city")
    return odd, village, good


def lottery(jobs, good_wage, village_wage, odd_income=0.0):
    r"""Harris and Todaro's city with a fixed number of good jobs and a village with a fixed wage.

    People come until the expected income in the city equals the wage of the village:

    .. math::

        q\,w_m + (1-q)\,b = w_r \;\Rightarrow\; q = \frac{w_r-b}{w_m-b},\quad
        \text{labor force} = \frac{N}{q},\quad U = N\,\frac{w_m-w_r}{w_r-b},\quad u = 1-q

    Parameters
    ----------
    jobs : array_like
        Good jobs :math:`N`, 0 or more.
    good_wage, village_wage, odd_income : array_like
        :math:`b < w_r < w_m`, with :math:`b` at least 0.

    Returns
    -------
    dict
        ``chance``: :math:`q`; ``labor_force``; ``unemployed``: :math:`U`; ``rate``: :math:`u`.

    Raises
    ------
    ValueError
        If the wages are not in this order or a number is negative.
    """
    jobs = check_number("jobs", jobs)
    odd, village, good = _ordered(odd_income, village_wage, good_wage)
    chance = (village - odd) / (good - odd)
    return {
        "chance": chance,
        "labor_force": jobs / chance,
        "unemployed": jobs * (good - village) / (village - odd),
        "rate": (good - village) / (good - odd),
    }


def allowed_wage_ratio(unemployment, odd_share=0.0):
    r"""Ratio of the good wage to the village wage that the lottery allows at a given unemployment.

    .. math:: \frac{w_m}{w_r} = \frac{1}{1-u(1-\beta)},\qquad \beta = b/w_m

    Parameters
    ----------
    unemployment : array_like
        :math:`u`, share of the city's labor force, 0 to 0.999.
    odd_share : array_like
        :math:`\beta`, income without a good job as a share of the good wage, 0 to 0.999.

    Returns
    -------
    ndarray or float
        1 or more.
    """
    unemployment = check_number("unemployment", unemployment, 0.0, 0.999)
    odd_share = check_number("odd_share", odd_share, 0.0, 0.999)
    return 1 / (1 - unemployment * (1 - odd_share))


LAND, CAPITAL, LABOR = 200.0, 200.0, 400.0
"""Land of the village, capital of the city and people of both in Conning's example."""


def two_sectors(good_wage, odd_income=0.0, land=LAND, capital=CAPITAL, labor=LABOR, rounds=60):
    r"""Harris and Todaro in full: output in the city and in the village, wages by productivity.

    .. math::

        L_m = K\Big(\frac{1}{2w_m}\Big)^2,\qquad w_r = \tfrac12\sqrt{T/L_r},\qquad
        w_r = \frac{w_m L_m + b\,L_u}{L_m + L_u}

    with :math:`L_m + L_u + L_r = L`; both technologies are Cobb-Douglas with labor's share one half.

    Parameters
    ----------
    good_wage : array_like
        :math:`w_m`, the minimum wage in the city; above :math:`\tfrac12\sqrt{(T+K)/L}`, the wage
        that both sectors pay with free entry.
    odd_income : array_like
        :math:`b`, 0 or more, below the good wage.
    land, capital, labor : array_like
        :math:`T, K, L`; positive.
    rounds : int
        Bisections, fixed so that the loop can be recorded.

    Returns
    -------
    dict
        ``village_wage``, ``village``: :math:`L_r`, ``employed``: :math:`L_m`, ``unemployed``:
        :math:`L_u`, ``urban``: :math:`L_m + L_u`, ``rate``: :math:`L_u/(L_m+L_u)`.

    Raises
    ------
    ValueError
        If a number is outside its domain, or if the good wage is so low that nobody is unemployed.

    Notes
    -----
    With :math:`b=0` there is a closed form; see `village_labor`.
    """
    good = check_positive("good_wage", good_wage)
    odd = check_number("odd_income", odd_income)
    land, capital, labor = (
        check_positive(name, value)
        for name, value in (("land", land), ("capital", capital), ("labor", labor))
    )
    employed = capital * (0.5 / good) ** 2
    rest = labor - employed
    _check_above_free_entry(good, land, capital, labor)
    if is_known(good) and is_known(odd):
        _check_order("odd_income", odd, "good_wage", good, "nobody would want a good job")
    # The village's labor is where the two expected incomes cross; the gap changes its sign once.
    low, high = 0.0 * rest, rest
    for _ in range(rounds):
        middle = (low + high) / 2
        urban = labor - middle
        expected = (good * employed + odd * (urban - employed)) / urban
        better_village = 0.5 * np.sqrt(land / middle) > expected
        low, high = np.where(better_village, middle, low), np.where(better_village, high, middle)
    village = (low + high) / 2
    urban = labor - village
    return {
        "village_wage": 0.5 * np.sqrt(land / village),
        "village": village,
        "employed": employed,
        "unemployed": urban - employed,
        "urban": urban,
        "rate": 1 - employed / urban,
    }


def village_labor(good_wage, land=LAND, capital=CAPITAL, labor=LABOR):
    r"""Closed form of `two_sectors` without odd jobs.

    .. math::

        \sqrt{L_r} = \frac{-\kappa + \sqrt{\kappa^2 + 4c^2L}}{2c},\qquad
        c = \tfrac12\sqrt{T},\ \kappa = w_m L_m

    Parameters
    ----------
    good_wage, land, capital, labor : array_like
        As in `two_sectors`.

    Returns
    -------
    ndarray or float
        Labor in the village.
    """
    good = check_positive("good_wage", good_wage)
    land, capital, labor = (
        check_positive(name, value)
        for name, value in (("land", land), ("capital", capital), ("labor", labor))
    )
    _check_above_free_entry(good, land, capital, labor)
    half_root = 0.5 * np.sqrt(land)
    wage_bill = good * capital * (0.5 / good) ** 2
    root = np.sqrt(wage_bill**2 + 4 * half_root**2 * labor)
    return ((root - wage_bill) / (2 * half_root)) ** 2


# Ladders and distributions ----------------------------------------------------------------------


def ladder_pay(rung, step, middle=100.0, rungs=9):
    r"""Pay on a rung of a ladder: :math:`m\,(1+s)^{k-5}`, with rung 5 of 9 in the middle.

    Parameters
    ----------
    rung : array_like
        :math:`k`, 1 to `rungs`.
    step : array_like
        :math:`s`, what each rung adds, as a share; 0 or more.
    middle : array_like
        :math:`m`, pay on the middle rung, positive.
    rungs : int

    Returns
    -------
    ndarray or float
    """
    if rungs < 1:
        raise ValueError(f"rungs is {rungs}; expected 1 or more.")
    rung = check_number("rung", rung, 1, rungs)
    return check_positive("middle", middle) * (1 + check_number("step", step)) ** (
        rung - (rungs + 1) / 2
    )


def selection(mean_gap, moving_cost, spread_home, spread_abroad, correlation):
    r"""Who moves when pay is spread differently in two places (Roy, Borjas).

    Log wages are :math:`\mu_0+\varepsilon_0` at home and :math:`\mu_1+\varepsilon_1` abroad, jointly
    normal with standard deviations :math:`\sigma_0, \sigma_1` and correlation :math:`\rho`.
    With :math:`\sigma_v^2=\sigma_0^2+\sigma_1^2-2\rho\sigma_0\sigma_1`,
    :math:`z=(\mu_0-\mu_1+\pi)/\sigma_v` and :math:`\lambda=\phi(z)/(1-\Phi(z))`:

    .. math::

        P = 1-\Phi(z),\quad
        E(\varepsilon_0|M) = \tfrac{\sigma_0\sigma_1}{\sigma_v}
            \Big(\rho-\tfrac{\sigma_0}{\sigma_1}\Big)\lambda,\quad
        E(\varepsilon_1|M) = \tfrac{\sigma_0\sigma_1}{\sigma_v}
            \Big(\tfrac{\sigma_1}{\sigma_0}-\rho\Big)\lambda

    Parameters
    ----------
    mean_gap : array_like
        :math:`\mu_1-\mu_0`.
    moving_cost : array_like
        :math:`\pi` in log points, 0 or more.
    spread_home, spread_abroad : array_like
        :math:`\sigma_0, \sigma_1`, positive.
    correlation : array_like
        :math:`\rho`, -0.95 to 0.95.

    Returns
    -------
    dict
        ``share``: :math:`P`; ``home``, ``abroad``: mean log wage of the movers, less the mean of
        all, in the place named.

    Raises
    ------
    ValueError
        If an argument is outside its domain. With a correlation of 1 and equal spreads nobody
        differs and the formula divides by 0; hence the limit of 0.95.
    """
    mean_gap = check_number("mean_gap", mean_gap, -np.inf)
    cost = check_number("moving_cost", moving_cost)
    s0, s1 = (
        check_positive("spread_home", spread_home),
        check_positive("spread_abroad", spread_abroad),
    )
    rho = check_number("correlation", correlation, -0.95, 0.95)
    spread = np.sqrt(s0**2 + s1**2 - 2 * rho * s0 * s1)
    z = (cost - mean_gap) / spread
    # Beyond 37 spreads the normal tail is 0 in double precision.
    check_number("moving_cost less mean_gap, in spreads,", z, -np.inf, 37.0)
    share = ndtr(-z)
    hazard = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) / share
    return {
        "share": share,
        "home": s0 * (rho * s1 - s0) / spread * hazard,
        "abroad": s1 * (s1 - rho * s0) / spread * hazard,
    }


# Who paid for the schooling? --------------------------------------------------------------------


def schooling_account(schooling, remitted, tax, return_chance, discount, years, wage_abroad=1.0):
    r"""What the origin pays and gets when somebody with schooling leaves.

    .. math::

        \text{taxes lost} = \sum_{t=1}^{T}\frac{\tau\,(1-k)^t}{(1+r)^t},\qquad
        \text{remittances} = \sum_{t=1}^{T}\frac{m\,w_a(1-k)^t}{(1+r)^t}

    Parameters
    ----------
    schooling : array_like
        Public cost, already paid, in yearly wages at the origin; 0 or more.
    remitted, tax : array_like
        Shares of a wage, 0 to 1.
    return_chance : array_like
        :math:`k`, chance to come back in each year, 0 to 0.99.
    discount, years : array_like
        0 or more.
    wage_abroad : array_like
        In wages at the origin, 0 or more.

    Returns
    -------
    dict
        ``remittances``, ``taxes_lost``; ``schooling_lost``: the part of the schooling whose years
        of work are spent abroad; ``balance``: the first less the other two.

    Notes
    -----
    Whoever returns pays taxes again. The schooling counts as lost for the share of the discounted
    years of work that is spent abroad. Schooling and taxes partly count the same loss twice, because
    taxes are how the state gets its outlay back: the sum is an upper limit.
    """
    stay_away = 1 - check_number("return_chance", return_chance, 0.0, 0.99)
    discount = check_number("discount", discount)
    # Years abroad and all years, each counted at its worth today, the first after one year.
    effective = (1 + discount) / stay_away - 1
    abroad = annuity_factor(effective, years) / (1 + effective)
    all_years = annuity_factor(discount, years) / (1 + discount)
    remittances = check_number("remitted", remitted, 0.0, 1.0) * check_number(
        "wage_abroad", wage_abroad
    )
    sent = remittances * abroad
    taxes = check_number("tax", tax, 0.0, 1.0) * abroad
    lost = check_number("schooling", schooling) * np.where(all_years > 0, abroad, 0.0)
    lost = lost / np.where(all_years > 0, all_years, 1.0)
    return {
        "remittances": sent,
        "taxes_lost": taxes,
        "schooling_lost": lost,
        "balance": sent - taxes - lost,
    }
