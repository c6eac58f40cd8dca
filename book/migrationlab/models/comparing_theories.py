"""All theories under the same shocks.

A *shock* changes one condition of the world: a wage, a fare, a number of people.
A *theory* is a function of the conditions: it reads those for which it has a term.
A *claim* says which of three states the pair is in, and why:

- ``check_number``: the theory gives a sign and a size;
- ``zero``: the theory claims that there is no effect;
- ``silent``: the theory has no term for the condition and claims nothing.

Defaults come from the records of the theories' own modules: change one there, and the matrix follows.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from explorers.parameters import Parameter, by_name, defaults

from migrationlab.models import (
    dual_labor_market,
    gravity,
    household,
    lee,
    neoclassical_macro,
    neoclassical_micro,
    networks,
    world_systems,
)
from migrationlab.models.domain import check_between, check_number, is_known

PARAMETERS = by_name(
    Parameter(
        "newcomers", "Newcomers for each 100 other workers", low=0, high=20, step=1, default=8, symbol="X",
        source="a round number",
    ),
    Parameter(
        "peak", "More workers at the peak, for each 100 at the start", low=0, high=50, step=1, default=20, symbol="S-100",
        source="a round number",
    ),
    Parameter(
        "tie_saves", "Share of the cost of moving that a full tie saves", low=0.0, high=1.0, step=0.05, default=0.5,
        symbol=r"\chi", source="half; the neoclassical theory itself names no such share",
    ),
)  # fmt: skip
"""Assumptions by name that the comparison adds to those of the theories."""

NUMBER, ZERO, SILENT = "number", "zero", "silent"


PEOPLE, WORKERS, MASS, DISTANCE = 1000.0, 100.0, 100.0, 100.0
"""People at Lee's origin; workers at the start of each labor market; size of both places and distance
between them in the gravity model. Only units: changes are in percent."""
LOWEST_PEAK = -99.0
"""Fewest workers at the peak of a loop, in percent beyond those at the start."""
HAIR = 1e-9
"""By which share a good job at least pays more than the village."""


def _defaults(module):
    return defaults(module.PARAMETERS)


@dataclass(frozen=True)
class Shock:
    """A change of one condition.

    Parameters
    ----------
    key : str
        The condition.
    label, short : str
        For tables and select boxes; for charts.
    size : float
        Change in the matrix, in percent.
    of : str
        What the percentage is a share of.
    outcome : {"flow", "low wage", "low wage after a loop"}
        What is looked at.
    """

    key: str
    label: str
    short: str
    size: float
    of: str
    outcome: str = "flow"


_SHOCKS = (
    Shock("destination_wage", "Wage at the destination", "Wage there", 10, "the wage"),
    Shock(
        "destination_unemployment", "Unemployment at the destination", "Jobless there", 100,
        f"an unemployment rate of {1 - neoclassical_micro.PARAMETERS['job_chance'].default:.0%}",
    ),
    Shock(
        "newcomers", "Newcomers to the low-wage jobs", "Newcomers", -50,
        f"{PARAMETERS['newcomers'].default:.0f} newcomers for each 100 workers", "low wage",
    ),
    Shock(
        "up_and_back", "Workers come and go again", "Up and back", PARAMETERS["peak"].default,
        "100 workers, at the peak", "low wage after a loop",
    ),
    Shock("origin_capital", "Foreign capital in the origin", "Capital here", 20, "the capital there"),
    Shock("transport_cost", "Cost of transport", "Transport cost", -30, "the cost"),
    Shock("tie", "A common language or state in the past", "Language", 100, "a full tie"),
    Shock("origin_people", "People at the origin", "People here", 10, "their number"),
    Shock("destination_jobs", "Jobs at the destination", "Jobs there", 10, "their number"),
    Shock("kin", "Kin at the destination", "Kin there", 10, "their number"),
    Shock(
        "origin_risk", "Income risk at the origin", "Risk here", 10, "the risk, at equal wages",
    ),
)  # fmt: skip

SHOCKS = MappingProxyType({shock.key: shock for shock in _SHOCKS})
"""All shocks by the condition that they change."""


def conditions(**changes):
    """The state of the world, in multiples of its start.

    Parameters
    ----------
    **changes : array_like
        Percent, by the name of the condition, above -100; those not named stay as they are.
        A tie and a loop may be any number for which the theories can be computed.

    Returns
    -------
    dict
        Multiples of the start, 1 without a change; ``tie`` is the strength of the tie, 0 without a
        change, and ``up_and_back`` the percentage itself.

    Raises
    ------
    ValueError
        If a name is unknown or a change is outside its range.
    """
    unknown = set(changes) - set(SHOCKS)
    if unknown:
        raise ValueError(
            f"Unknown conditions: {', '.join(sorted(unknown))}. Known: {', '.join(SHOCKS)}."
        )
    free = ("tie", "up_and_back")
    changes = {
        key: check_number(key, changes.get(key, 0.0), -np.inf)
        if key in free
        else check_between(key, changes.get(key, 0.0), -100.0)
        for key in SHOCKS
    }
    plain = {"tie": changes["tie"] / 100, "up_and_back": changes["up_and_back"]}
    return {key: 1 + change / 100 for key, change in changes.items()} | plain


# Each theory is a function of the conditions. What it does not read, it has no term for. -----------


def _gravity(world):
    p = _defaults(gravity)
    decay = gravity.power_decay(DISTANCE * world["transport_cost"], p["gamma"])
    return gravity.gravity(
        MASS * world["origin_people"],
        MASS * world["destination_jobs"],
        decay,
        p["alpha"],
        p["beta"],
    )


def _origin_wage(world):
    """What capital does to the wage at the origin, by the neoclassical theory; others borrow it."""
    return world["origin_capital"] ** _defaults(neoclassical_macro)["capital_share"]


def _unemployment(world):
    return (1 - _defaults(neoclassical_micro)["job_chance"]) * world["destination_unemployment"]


def _lee(world):
    p = _defaults(lee)
    change = (
        p["beta_w"] * np.log(world["destination_wage"] / _origin_wage(world))
        - p["beta_u"] * (_unemployment(world) - _unemployment({"destination_unemployment": 1.0}))
        + p["beta_a"] * np.log(world["destination_jobs"])
        - p["lambda_"] * np.log(world["transport_cost"])
        # Lee names ties and no weight: the one of world systems is borrowed.
        + _defaults(world_systems)["b_tie"] * world["tie"]
    )
    people = PEOPLE * world["origin_people"]
    return people * lee.changed_probability(p["mobility"] / 100, change)


def _cost_left(world):
    """Multiple of the cost of moving that is left."""
    left = world["transport_cost"] - PARAMETERS["tie_saves"].default * world["tie"]
    return check_number("the share of the cost of moving that is left", left)


def _macro(world):
    p = _defaults(neoclassical_macro)
    k_o = p["capital_origin"]
    return neoclassical_macro.resting_point(
        k_o * world["origin_capital"],
        k_o * p["capital_ratio"] * world["destination_jobs"],
        p["cost"] * _cost_left(world),
        p["capital_share"],
        p["productivity_origin"],
        p["productivity_destination"] * world["destination_wage"],
        labor_origin=WORKERS * world["origin_people"],
        labor_destination=WORKERS,
    )["net"]


def _present_value(world):
    p = _defaults(neoclassical_micro)
    return neoclassical_micro.present_value(
        p["wage"] * world["destination_wage"],
        _origin_wage(world),
        1 - _unemployment(world),
        discount=p["discount"],
        years=p["years"],
        cost=p["cost"] * _cost_left(world),
    )


def _lottery(world):
    p = _defaults(neoclassical_micro)
    village = _origin_wage(world)
    # A good job that pays no more than the village would find nobody: it pays a hair more.
    good = np.maximum(p["wage"] * world["destination_wage"], village * (1 + HAIR))
    jobs = p["jobs"] * world["destination_jobs"]
    return neoclassical_micro.lottery(jobs, good, village, p["odd_income"])["labor_force"]


def _two_sectors(world):
    p = _defaults(neoclassical_micro)
    good_wage = p["good_wage"] * world["destination_wage"]
    people = neoclassical_micro.LABOR * world["origin_people"]
    sizes = {
        "land": neoclassical_micro.LAND * world["origin_capital"],
        "capital": neoclassical_micro.CAPITAL * world["destination_jobs"],
        "labor": people,
    }
    # Without an income from odd jobs there is a closed form: short enough for every move of a slider.
    if p["odd_income"] == 0:
        return people - neoclassical_micro.village_labor(good_wage, **sizes)
    return neoclassical_micro.two_sectors(good_wage, p["odd_income"], **sizes)["urban"]


def _recruits(world):
    p = _defaults(dual_labor_market)
    jobs = p["jobs"] * world["destination_jobs"]
    return dual_labor_market.recruits(1.0, jobs, p["natives"], p["pushed"], p["quota"], p["eta"])


def _world_systems(world):
    p = _defaults(world_systems)
    return world_systems.flow(
        p["exposure"] * world["origin_capital"],
        world["origin_capital"],
        world["tie"],
        world["destination_wage"] / _origin_wage(world),
        world["origin_people"],
        distance=world["transport_cost"],
        uprooting=p["uprooting"],
        **{name: value for name, value in p.items() if name.startswith("b_")},
    )


# The wage of the low-wage jobs, for the theories that have one. ------------------------------------


def _workers(world):
    """Workers with the usual newcomers, and after their number has changed."""
    usual = PARAMETERS["newcomers"].default
    return WORKERS + usual, WORKERS + usual * world["newcomers"]


def _clearing(workers):
    """Wage along the neoclassical curve."""
    p = _defaults(neoclassical_macro)
    now, start = (
        neoclassical_macro.wage(1.0, p["capital_origin"], people, p["capital_share"])
        for people in (workers, WORKERS)
    )
    return now / start


def _macro_low_wage(world):
    return _clearing(_workers(world)[1])


def _macro_loop(world):
    return macro_loop(world["up_and_back"])[-1]


def _good_wage(_):
    """Fixed by law or custom: no number of workers moves it."""
    return _defaults(neoclassical_micro)["wage"]


def _piore_low_wage(world):
    p = _defaults(dual_labor_market)
    before, after = _workers(world)
    way = dual_labor_market.path(
        [before - WORKERS, after - WORKERS], before, WORKERS, 0.0, p["eta"], p["speed"]
    )
    return way["wage"][-1]


def _piore_loop(world):
    return piore_loop(world["up_and_back"])[-1]


def macro_loop(peak):
    """The low wage of the neoclassical market while workers become more and fewer again.

    Parameters
    ----------
    peak : array_like
        Workers at the peak, in percent of those at the start beyond them; -99 or more.

    Returns
    -------
    list of three
        Multiple of the wage at the start: before, at the peak, after.

    Raises
    ------
    ValueError
        If the peak is outside its domain.
    """
    peak = check_number("peak", peak, LOWEST_PEAK)
    return [_clearing(WORKERS * share) for share in (1.0, 1 + peak / 100, 1.0)]


def piore_loop(peak):
    """The low wage of the dual market in the same loop.

    The quota just fills the jobs at the start. A peak below 0 changes nothing: recruits fill what is
    missing. Arguments, result and errors as in `macro_loop`.
    """
    peak = check_number("peak", peak, LOWEST_PEAK)
    p = _defaults(dual_labor_market)
    jobs, natives = p["jobs"], p["natives"]
    quota = np.maximum(jobs - natives, 0.0)
    pushed = [0.0, np.maximum(quota + jobs * peak / 100, 0.0), 0.0]
    return dual_labor_market.path(pushed, jobs, natives, quota, p["eta"], p["speed"])["wage"]


@dataclass(frozen=True)
class Theory:
    """A theory as a function of the conditions.

    Parameters
    ----------
    key : str
    label, short : str
        For text and select boxes; for charts.
    unit : str
        What its flow is, in words.
    chapter : str
        The notebook that tells it.
    outcomes : dict of str to callable
        By the name of the outcome: conditions to a number. Each theory has a ``"flow"``; those with a
        wage for the low-wage jobs have the two others.
    """

    key: str
    label: str
    short: str
    unit: str
    chapter: str
    outcomes: dict


def _with_low_wage(flow, low_wage, loop):
    return {"flow": flow, "low wage": low_wage, "low wage after a loop": loop}


_THEORIES = (
    Theory("gravity", "Pure gravity", "Gravity", "flow", "ravenstein", {"flow": _gravity}),
    Theory("lee", "Lee", "Lee", "movers a year, of 1,000 people", "lee", {"flow": _lee}),
    Theory(
        "macro", "Neoclassical, markets", "Markets", "net migrants, of 100 workers",
        "neoclassical_macro", _with_low_wage(_macro, _macro_low_wage, _macro_loop),
    ),
    Theory(
        "npv", "Neoclassical, present value", "Value", "present value of a move, in yearly wages",
        "neoclassical_micro", {"flow": _present_value},
    ),
    Theory(
        "ht_simple", "Lottery of jobs, simple", "Lottery", "urban labor force, thousand",
        "neoclassical_micro", _with_low_wage(_lottery, _good_wage, _good_wage),
    ),
    Theory(
        "ht_full", "Lottery of jobs, full", "Lottery, full", "urban labor force, of 400",
        "neoclassical_micro", _with_low_wage(_two_sectors, _good_wage, _good_wage),
    ),
    Theory(
        "piore", "Dual labor market", "Dual market", "recruits", "dual_labor_market",
        _with_low_wage(_recruits, _piore_low_wage, _piore_loop),
    ),
    Theory(
        "world", "World systems, strong form", "World systems", "flow, an index", "world_systems",
        {"flow": _world_systems},
    ),
)  # fmt: skip

THEORIES = MappingProxyType({theory.key: theory for theory in _THEORIES})
"""All theories that are compared, by key."""

_NO_WAGE = (SILENT, "has no wage")
_WAGES_GIVEN = (SILENT, "takes wages as given")
_NO_COST = (SILENT, "has no cost of moving")
_NO_TERM = (SILENT, "has no such term")
_ANSWERS = (NUMBER, "")

_CLAIMS = {
    "destination_wage": {
        "gravity": _NO_WAGE,
        "lee": _ANSWERS, "macro": _ANSWERS, "npv": _ANSWERS, "ht_simple": _ANSWERS, "ht_full": _ANSWERS,
        "piore": (ZERO, ("a gap between the places is neither needed nor enough; the "
"wage of the jobs themselves stays")),
        "world": (ZERO, "wages count ultimately little; in the strong form not at all"),
    },
    "destination_unemployment": {
        "gravity": (SILENT, "has no unemployment"),
        "lee": _ANSWERS,
        "macro": (SILENT, "everybody has work"),
        "npv": _ANSWERS,
        "ht_simple": (SILENT, "unemployment is a result"),
        "ht_full": (SILENT, "unemployment is a result"),
        "piore": (ZERO, "residents without work do not take these jobs"),
        "world": (ZERO, "employment counts ultimately little; in the strong form not at all"),
    },
    "newcomers": {
        "gravity": _NO_WAGE, "lee": _WAGES_GIVEN, "macro": _ANSWERS, "npv": _WAGES_GIVEN,
        "ht_simple": (ZERO, "the good wage is fixed"),
        "ht_full": (ZERO, "the good wage is fixed"),
        "piore": (ZERO, "fewer newcomers do not raise the wage; more of them lower it"),
        "world": (SILENT, "has no wage at the destination"),
    },
    "up_and_back": {
        "gravity": _NO_WAGE, "lee": _WAGES_GIVEN, "macro": _ANSWERS, "npv": _WAGES_GIVEN,
        "ht_simple": (ZERO, "the good wage is fixed"),
        "ht_full": (ZERO, "the good wage is fixed"),
        "piore": _ANSWERS,
        "world": (SILENT, "has no wage at the destination"),
    },
    "origin_capital": {
        "gravity": (SILENT, "has no capital"),
        "lee": _ANSWERS, "macro": _ANSWERS, "npv": _ANSWERS, "ht_simple": _ANSWERS, "ht_full": _ANSWERS,
        "piore": (ZERO, "conditions at the origin do not enter"),
        "world": _ANSWERS,
    },
    "transport_cost": {
        "gravity": _ANSWERS, "lee": _ANSWERS, "macro": _ANSWERS, "npv": _ANSWERS,
        "ht_simple": _NO_COST, "ht_full": _NO_COST,
        "piore": (ZERO, "jobs, not fares, set the recruits"),
        "world": _ANSWERS,
    },
    "tie": {
        "gravity": (SILENT, "has no ties"),
        "lee": _ANSWERS, "macro": _ANSWERS, "npv": _ANSWERS,
        "ht_simple": _NO_COST, "ht_full": _NO_COST,
        "piore": (SILENT, "does not say whom employers recruit"),
        "world": _ANSWERS,
    },
    "origin_people": {
        "gravity": _ANSWERS, "lee": _ANSWERS, "macro": _ANSWERS,
        "npv": (ZERO, "one person at given wages"),
        "ht_simple": (ZERO, "jobs and wages set the number"),
        "ht_full": _ANSWERS,
        "piore": (ZERO, "supply abroad is unlimited"),
        "world": _ANSWERS,
    },
    "destination_jobs": {
        "gravity": _ANSWERS, "lee": _ANSWERS, "macro": _ANSWERS,
        "npv": (SILENT, "takes the chance of a job as given"),
        "ht_simple": _ANSWERS, "ht_full": _ANSWERS, "piore": _ANSWERS,
        "world": (ZERO, ("differences in employment count ultimately little; in the "
"strong form not at all")),
    },
    "kin": dict.fromkeys(THEORIES, _NO_TERM)
    | {"lee": (SILENT, "those who went first ease the way, he writes; the formula has no kin")},
    "origin_risk": dict.fromkeys(THEORIES, _NO_TERM),
}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """What a theory claims about a shock.

    Parameters
    ----------
    state : {"number", "zero", "silent"}
    why : str
        Why it is silent or claims no effect; empty for a number.
    """

    state: str
    why: str


CLAIMS = MappingProxyType(
    {
        shock: MappingProxyType({theory: Claim(*claims[theory]) for theory in THEORIES})
        for shock, claims in _CLAIMS.items()
    }
)
"""What each theory claims about each shock: ``CLAIMS[shock][theory]``."""


def _check(shock, theory):
    for name, value, known in (("shock", shock, SHOCKS), ("theory", theory, THEORIES)):
        if value not in known:
            raise ValueError(f"{name} is {value!r}; known are {', '.join(known)}.")


def respond(shock, theory, size=None):
    """Run one theory before and after one shock.

    Parameters
    ----------
    shock, theory : str
        Keys of `SHOCKS` and `THEORIES`.
    size : array_like, optional
        Percent; default is the size in the matrix.

    Returns
    -------
    (before, after) or None
        None if the theory is silent. Where it claims no effect the two are equal to the last bit; the
        dual market claims so for fewer newcomers, and not for more.

    Raises
    ------
    ValueError
        If a key is unknown or a size is outside the domain of the theory.
    """
    _check(shock, theory)
    record = SHOCKS[shock]
    world = conditions(**{shock: record.size if size is None else size})
    if CLAIMS[shock][theory].state == SILENT:
        return None
    model = THEORIES[theory].outcomes[record.outcome]
    return model(conditions()), model(world)


def changes(shock, size):
    """Change of every theory under one shock, in percent, in a form that can be recorded for the page.

    Parameters
    ----------
    shock : array_like of int
        Number of the shock, in the order of `SHOCKS`, counted from 0.
    size : array_like
        Percent.

    Returns
    -------
    list
        One entry for each theory, in the order of `THEORIES`; 0 where it is silent.

    Raises
    ------
    ValueError
        If a size is outside the domain of a theory.
    """
    shock, size = (
        check_number("shock", shock, 0, len(SHOCKS) - 1),
        check_number("size", size, -np.inf),
    )
    start = conditions()
    world = conditions(**{key: np.where(shock == i, size, 0.0) for i, key in enumerate(SHOCKS)})
    columns = []
    for theory in THEORIES.values():
        change = 0.0
        for i, record in enumerate(SHOCKS.values()):
            if CLAIMS[record.key][theory.key].state != SILENT and record.outcome != "flow":
                model = theory.outcomes[record.outcome]
                change = np.where(shock == i, percent((model(start), model(world))), change)
        # All other shocks: the flow reads only the conditions for which the theory has a term.
        columns.append(
            change + percent((theory.outcomes["flow"](start), theory.outcomes["flow"](world)))
        )
    return columns


def percent(pair):
    """Change from the first to the second of a pair, in percent of the size of the first.

    Parameters
    ----------
    pair : (array_like, array_like)
        The first not 0.

    Returns
    -------
    ndarray or float
        Exactly 0 if both are equal; positive if the second is larger.

    Raises
    ------
    ValueError
        If the first is 0: with other defaults nobody may move before the shock.
    """
    before, after = (
        check_number(n, v, -np.inf) for n, v in zip(("before", "after"), pair, strict=True)
    )
    if is_known(before) and np.any(before == 0):
        raise ValueError(
            "The outcome before the shock is 0, so that a change in percent has no meaning. "
            "Choose defaults at which somebody moves."
        )
    return 100 * (after - before) / np.abs(before)


def matrix():
    """All shocks through all theories.

    Returns
    -------
    list of dict
        One entry for each pair, shocks and theories in order, with ``shock``, ``theory``, ``state``,
        ``why``, and ``before``, ``after``, ``change`` in percent, which are None if the theory is
        silent.
    """
    cells = []
    for shock in SHOCKS:
        for theory in THEORIES:
            claim, pair = CLAIMS[shock][theory], respond(shock, theory)
            cell = {"shock": shock, "theory": theory, "state": claim.state, "why": claim.why}
            values = (
                (None, None, None) if pair is None else (*map(float, pair), float(percent(pair)))
            )
            cells.append(cell | dict(zip(("before", "after", "change"), values, strict=True)))
    return cells


SIGNS = ("rises", "falls", "no effect", "silent")
"""What a theory can say about a shock, in one word."""


def sign(shock, theory, size=None):
    """What a theory says in one word.

    Parameters
    ----------
    shock, theory : str
        Keys of `SHOCKS` and `THEORIES`.
    size : float, optional
        Percent; one number.

    Returns
    -------
    str
        One of `SIGNS`. A number that happens to be 0 counts as "no effect": one observation could not
        tell it from a claim.

    Raises
    ------
    ValueError
        As in `respond`.
    """
    pair = respond(shock, theory, size)
    if pair is None:
        return "silent"
    before, after = map(float, pair)
    return "rises" if after > before else "falls" if after < before else "no effect"


def separates(shock, first, second, size=None):
    """Tell whether a shock separates two theories: both speak, and they say different words.

    Parameters
    ----------
    shock, first, second : str
        Keys of `SHOCKS` and `THEORIES`.
    size : float, optional
        Percent; default is the size in the matrix.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        As in `respond`.
    """
    words = {sign(shock, first, size), sign(shock, second, size)}
    return "silent" not in words and len(words) == 2


# What the five leave out: one theory for each of the last two shocks. ------------------------------


def beyond(shock, size=None):
    """Answer of a theory beyond the five to a shock on which all columns are silent.

    Parameters
    ----------
    shock : {"kin", "origin_risk"}
    size : array_like, optional
        Percent.

    Returns
    -------
    (before, after)
        ``kin``: departures of the next year from a village; ``origin_risk``: best share of a
        household's earners away.

    Raises
    ------
    ValueError
        If another shock is asked for.
    """
    if shock not in ("kin", "origin_risk"):
        raise ValueError(
            f"shock is {shock!r}; the theories beyond the five answer kin and origin_risk."
        )
    p = _defaults(household) | _defaults(networks)
    change = 1 + check_number("size", SHOCKS[shock].size if size is None else size, -100.0) / 100
    if shock == "kin":
        return tuple(
            networks.departures(p["pioneers"] * factor, p["gap"] / 100) for factor in (1.0, change)
        )
    return tuple(
        household.best_share(risk_home=p["risk_home"] * factor) for factor in (1.0, change)
    )
