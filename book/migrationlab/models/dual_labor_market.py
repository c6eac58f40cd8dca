"""The dual labor market: jobs at the bottom that are filled by recruitment, not by a raise.

The market is *secondary*: insecure jobs without a ladder, at a wage that custom ties to the wages above.
Residents who take such jobs are few, whatever they pay within reason. Employers recruit for the rest, at
the wage as it stands, up to a quota. Other people arrive without having been called: relatives,
refugees, people free to move.
Many of them lower the wage. Fewer of them later do not raise it again: the *ratchet*.
All wages are multiples of the wage at the start.

References
----------
Doeringer, P. & Piore, M. (1971). *Internal Labor Markets and Manpower Analysis*. Heath.

Piore, M. J. (1979). *Birds of Passage*. Cambridge University Press.

Massey, D. S. et al. (1993). Theories of international migration: a review and appraisal.
*Population and Development Review* 19(3), 431-466.
"""

import numpy as np
from explorers.parameters import Parameter, by_name, defaults

from migrationlab.models.domain import check_number, check_positive, check_whole
from migrationlab.models.neoclassical_macro import SHARES, THIRD

PARAMETERS = by_name(
    Parameter(
        "eta", "How strongly more workers lower the wage", low=0.1, high=0.9, step=1 / 30, default=THIRD, symbol=r"\eta",
        format=".2f",
        source=("the same third as in the neoclassical chapter, so that both theories "
"share one curve"),
    ),
    Parameter(
        "jobs", "Jobs at the old wage", low=80, high=130, step=1, default=100, symbol="D_0", source="a round number",
    ),
    Parameter(
        "natives", "Residents who take such jobs", low=50, high=100, step=1, default=80, symbol="N",
        source="four jobs in five; status, not pay, sets this number",
    ),
    Parameter(
        "quota", "Most recruits allowed", low=0, high=50, step=1, default=30, symbol="Q", source="a round number",
    ),
    Parameter(
        "pushed", "People who arrive without being called", low=0, high=60, step=1, default=0, symbol="X",
        source="none at first",
    ),
    Parameter(
        "speed", "Share of a missing raise that is made up in a year", low=0.0, high=1.0, step=0.05, default=0.0, symbol="s",
        source="0 is the ratchet; 1 is the neoclassical market",
    ),
    Parameter(
        "wanted", "More workers wanted", low=50, high=1000, step=50, default=600, symbol="n", origin="literature",
        source=("seasonal workers in the quota of Atyrau for 2021; the same number in "
"Najibullah (2021)"),
    ),
    Parameter(
        "residents", "Residents already on the wage", low=100, high=5000, step=100, default=1000, symbol="L",
        source="a round number",
    ),
    Parameter(
        "elasticity", "Percent more residents for one percent more wage", low=0.1, high=3.0, step=0.1, default=0.5,
        symbol=r"\varepsilon", source="ten percent more pay brings about five percent more residents",
    ),
    Parameter(
        "recruitment", "Cost of one recruit", low=0.2, high=6.0, step=0.2, default=2.2, unit="monthly wages", symbol="c_R",
        origin="literature",
        source="about 500 USD for tickets and tests (Najibullah 2021); at some 425 "
"tenge for a dollar "
        "(general knowledge) and 100 thousand tenge a month (a round number) a little over two",
    ),
    Parameter(
        "months", "Months of stay", low=1, high=12, step=1, default=6, unit="months", symbol="m", source="a season of farm work",
    ),
    Parameter(
        "raise_", "Raise at the bottom", low=0, high=50, step=5, default=20, unit="%", symbol="g", source="a round number",
    ),
    Parameter(
        "pass_through", "How much of a raise the better-paid ask for, too", low=0.0, high=1.0, step=0.05, default=1.0,
        symbol="p", format=".0%", source=("100%: the four rungs above ask for 80, 60, 40 and 20 percent "
"of it; 0%: nobody asks"),
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""

_DEFAULT = defaults(PARAMETERS)

LADDER_WAGES = (1.0, 1.3, 1.7, 2.2, 3.0)
"""Wages of five rungs, as multiples of the lowest; didactic."""
LADDER_SHARES = (0.15, 0.30, 0.30, 0.15, 0.10)
"""Share of all workers on each rung; didactic."""
LADDER_CLAIMS = (1.0, 0.8, 0.6, 0.4, 0.2)
"""Share of a raise at the bottom, in percent of pay, that each rung asks for; didactic."""


def competitive_wage(workers, jobs=_DEFAULT["jobs"], eta=_DEFAULT["eta"]):
    r"""The wage at which all workers find a job.

    .. math:: w^c(S) = \left(\frac{S}{D_0}\right)^{-\eta}

    Parameters
    ----------
    workers : array_like
        :math:`S`, positive.
    jobs : array_like
        :math:`D_0`, jobs at the wage 1; positive.
    eta : array_like
        :math:`\eta`, percent by which the wage falls for one percent more workers; 0.05 to 0.95.

    Returns
    -------
    ndarray or float
        Multiple of the wage at the start.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    return (check_positive("workers", workers) / check_positive("jobs", jobs)) ** -check_number(
        "eta", eta, *SHARES
    )


def jobs_offered(wage, jobs=_DEFAULT["jobs"], eta=_DEFAULT["eta"]):
    r"""Jobs that employers offer at a wage: :math:`D(w) = D_0\, w^{-1/\eta}`.

    Parameters
    ----------
    wage : array_like
        Multiple of the wage at the start; positive.
    jobs, eta : array_like
        As in `competitive_wage`.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    return check_positive("jobs", jobs) * check_positive("wage", wage) ** (
        -1 / check_number("eta", eta, *SHARES)
    )


def recruits(
    wage=1.0,
    jobs=_DEFAULT["jobs"],
    natives=_DEFAULT["natives"],
    pushed=_DEFAULT["pushed"],
    quota=_DEFAULT["quota"],
    eta=_DEFAULT["eta"],
):
    r"""Workers whom employers call, at the wage as it stands.

    .. math:: R = \min\{Q,\ [D(w) - N - X]_+\}

    Parameters
    ----------
    wage, jobs, eta : array_like
        As in `jobs_offered`.
    natives, pushed, quota : array_like
        :math:`N`, :math:`X`, :math:`Q`: residents who take such jobs, people who arrived without being
        called, most recruits allowed; 0 or more.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If an argument is outside its domain.

    Notes
    -----
    No wage at the origin, no fare and no number of people there is among the arguments: in this theory
    jobs alone set the number of recruits.
    """
    open_jobs = (
        jobs_offered(wage, jobs, eta)
        - check_number("natives", natives)
        - check_number("pushed", pushed)
    )
    return np.minimum(check_number("quota", quota), np.maximum(open_jobs, 0.0))


def path(
    pushed,
    jobs=_DEFAULT["jobs"],
    natives=_DEFAULT["natives"],
    quota=_DEFAULT["quota"],
    eta=_DEFAULT["eta"],
    speed=0.0,
):
    r"""Follow the market year by year, from the wage 1.

    .. math::

        R_t &= \min\{Q,\ [D(w_{t-1}) - N - X_t]_+\},\qquad S_t = N + X_t + R_t \\
        w_t &= \min\{w_{t-1}, w^c(S_t)\} + s\,[w^c(S_t) - w_{t-1}]_+,\qquad V_t = D(w_t) - S_t

    Parameters
    ----------
    pushed : sequence of array_like
        :math:`X_t` for each year, 0 or more.
    jobs, natives, quota, eta : array_like
        As in `recruits`.
    speed : array_like
        :math:`s`, 0 (Piore: wages never rise because workers are fewer) to 1 (neoclassical).

    Returns
    -------
    dict of lists, one value for each year
        ``wage``; ``recruits``; ``workers``; ``vacancies``: 0 or more, apart from rounding;
        ``competitive``: the wage of the neoclassical market with the same number of workers.

    Raises
    ------
    ValueError
        If an argument is outside its domain.

    Notes
    -----
    :math:`N + R_t \le \max\{N, D(w_{t-1})\}`: recruits alone never lower the wage; residents may, if
    they are more than the jobs.
    """
    speed = check_number("speed", speed, 0.0, 1.0)
    natives = check_number("natives", natives)
    way = {name: [] for name in ("wage", "recruits", "workers", "vacancies", "competitive")}
    wage = 1.0
    for newcomers in pushed:
        called = recruits(wage, jobs, natives, newcomers, quota, eta)
        workers = natives + newcomers + called
        clearing = competitive_wage(workers, jobs, eta)
        # At speed 1 exactly the clearing wage, at speed 0 exactly the old one.
        risen = (1 - speed) * wage + speed * clearing
        wage = np.where(clearing < wage, clearing, np.where(speed == 0, wage, risen))
        vacancies = jobs_offered(wage, jobs, eta) - workers
        for name, value in zip(way, (wage, called, workers, vacancies, clearing), strict=True):
            way[name].append(value)
    return way


def up_and_back(peak, steps=6):
    """Newcomers who become more, in equal steps, and fewer again: 0 to `peak` to 0.

    Parameters
    ----------
    peak : array_like
        Most newcomers; 0 or more.
    steps : int
        Steps up, and as many down; 1 or more.

    Returns
    -------
    list of length ``2 * steps + 1``

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    steps = check_whole("steps", steps, 1)
    peak = check_number("peak", peak)
    return [peak * (1 - abs(step - steps) / steps) for step in range(2 * steps + 1)]


def claims_of(pass_through):
    r"""Share of a raise at the bottom that each rung asks for: 1, then :math:`p\,\omega_k`.

    Parameters
    ----------
    pass_through : array_like
        :math:`p`, 0 to 1.

    Returns
    -------
    tuple, one for each rung of `LADDER_CLAIMS`

    Raises
    ------
    ValueError
        If the argument is outside its domain.
    """
    part = check_number("pass_through", pass_through, 0.0, 1.0)
    return (1.0, *(part * claim for claim in LADDER_CLAIMS[1:]))


def hierarchy_multiplier(wages=LADDER_WAGES, shares=LADDER_SHARES, claims=LADDER_CLAIMS):
    r"""What a raise at the bottom costs in all, for each unit that it costs at the bottom.

    .. math:: H = \frac{\sum_k \omega_k w_k L_k}{w_1 L_1} \ge 1

    Parameters
    ----------
    wages, shares, claims : sequence of array_like
        :math:`w_k`, :math:`L_k`, :math:`\omega_k` of each rung, the lowest first; wages and the lowest
        share positive, shares 0 or more, claims 0 to 1, the lowest claim 1.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If an argument is outside its domain, or the three differ in length.
    """
    if not len(wages) == len(shares) == len(claims) or len(wages) == 0:
        raise ValueError(
            f"wages, shares and claims have {len(wages)}, {len(shares)} and {len(claims)} rungs; "
            "expected the same number, 1 or more."
        )
    wages = [check_positive("wages", wage) for wage in wages]
    shares = [
        check_positive("shares", shares[0]),
        *(check_number("shares", share) for share in shares[1:]),
    ]
    lowest = check_number("the lowest claim", claims[0], 1.0, 1.0)
    claims = [lowest, *(check_number("claims", claim, 0.0, 1.0) for claim in claims[1:])]
    bill = [claim * wage * share for claim, wage, share in zip(claims, wages, shares, strict=True)]
    return sum(bill) / (wages[0] * shares[0])


def raise_needed(wanted, residents, elasticity):
    r"""The raise that brings more residents.

    .. math:: g = \left(\frac{L + n}{L}\right)^{1/\varepsilon} - 1

    Parameters
    ----------
    wanted : array_like
        :math:`n`, 0 or more.
    residents : array_like
        :math:`L`, residents already on the wage; positive.
    elasticity : array_like
        :math:`\varepsilon`, percent more residents for one percent more wage; 0.05 or more.

    Returns
    -------
    ndarray or float
        Share of the wage.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    residents = check_positive("residents", residents)
    grown = (residents + check_number("wanted", wanted)) / residents
    return grown ** (1 / check_number("elasticity", elasticity, 0.05)) - 1


def raise_or_recruit(wanted, residents, elasticity, recruitment, months, multiplier=1.0):
    r"""What more workers cost an employer each month, beside their wage at the old rate.

    .. math:: \text{raise} = g\,(L+n) + (H-1)\,g\,L, \qquad \text{recruit} = n\,c_R/m

    Parameters
    ----------
    wanted, residents, elasticity : array_like
        As in `raise_needed`.
    recruitment : array_like
        :math:`c_R`, cost of one recruit in monthly wages; 0 or more.
    months : array_like
        :math:`m`, months of stay over which that cost is spread; positive.
    multiplier : array_like
        :math:`H` of `hierarchy_multiplier`, 1 or more. The rungs above belong to the
        :math:`L` workers who are there already.

    Returns
    -------
    dict
        ``raise_needed``: :math:`g`; ``raising``, ``recruiting``: monthly wages a month;
        ``marginal_raising`` :math:`H/\varepsilon` and ``marginal_recruiting`` :math:`c_R/m`: the same
        for the first worker alone.

    Raises
    ------
    ValueError
        If an argument is outside its domain.
    """
    wanted, residents = check_number("wanted", wanted), check_positive("residents", residents)
    elasticity = check_number("elasticity", elasticity, 0.05)
    needed = raise_needed(wanted, residents, elasticity)
    multiplier = check_number("multiplier", multiplier, 1.0)
    per_recruit = check_number("recruitment", recruitment) / check_positive("months", months)
    return {
        "raise_needed": needed,
        "raising": needed * (residents + wanted) + (multiplier - 1) * needed * residents,
        "recruiting": wanted * per_recruit,
        "marginal_raising": multiplier / elasticity,
        "marginal_recruiting": per_recruit,
    }
