"""All theories under the same shocks.

A *shock* changes one condition of the world: a wage, a fare, a number of people.
A *theory* is a function of the conditions: it reads those for which it has a term.
A *claim* says which of three states the pair is in, and why:

- ``number``: the theory gives a sign and a size;
- ``zero``: the theory claims that there is no effect;
- ``silent``: the theory has no term for the condition and claims nothing.

Defaults come from the records of the theories' own modules: change one there, and the matrix follows.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from migrationlab.models import (
    beyond_the_five,
    dual_labor_market,
    lee,
    neoclassical_macro,
    neoclassical_micro,
    ravenstein,
    world_systems,
)
from migrationlab.models.domain import number
from migrationlab.parameters import Parameter

_PARAMETERS = (
    Parameter(
        "newcomers", "Newcomers for each 100 other workers", 0, 20, 1, 8, symbol="X",
        source="a round number",
    ),
    Parameter(
        "peak", "More workers at the peak, for each 100 at the start", 0, 50, 1, 20, symbol="S-100",
        source="a round number",
    ),
    Parameter(
        "tie_saves", "Share of the cost of moving that a full tie saves", 0.0, 1.0, 0.05, 0.5,
        symbol=r"\chi", source="half; the neoclassical theory itself names no such share",
    ),
)  # fmt: skip

PARAMETERS = MappingProxyType({parameter.name: parameter for parameter in _PARAMETERS})
"""Assumptions by name that the comparison adds to those of the theories."""

NUMBER, ZERO, SILENT = STATES = ("number", "zero", "silent")


def _defaults(module):
    return {name: parameter.default for name, parameter in module.PARAMETERS.items()}


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
    outcome : {"flow", "low wage"}
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
        "destination_unemployment", "Unemployment at the destination", "Unemployment there", 100,
        "an unemployment rate of 5%",
    ),
    Shock("newcomers", "Newcomers to the low-wage jobs", "Newcomers", -50, f"{PARAMETERS['newcomers'].default:.0f} newcomers for 100 workers", "low wage"),
    Shock("up_and_back", "Workers come and go again", "Up and back", PARAMETERS["peak"].default, "100 workers", "low wage"),
    Shock("origin_capital", "Foreign capital in the origin", "Capital here", 20, "the capital there"),
    Shock("transport_cost", "Cost of transport", "Transport cost", -30, "the cost"),
    Shock("tie", "A common language or empire", "Language", 100, "a full tie"),
    Shock("origin_people", "People at the origin", "People here", 10, "their number"),
    Shock("destination_jobs", "Jobs at the destination", "Jobs there", 10, "their number"),
    Shock("kin", "Kin at the destination", "Kin there", 10, "their number"),
    Shock("origin_risk", "Income risk at the origin", "Risk here", 10, "the risk, at equal wages"),
)  # fmt: skip

SHOCKS = MappingProxyType({shock.key: shock for shock in _SHOCKS})
"""All shocks by the condition that they change."""


def conditions(**changes):
    """The state of the world, in multiples of its start.

    Parameters
    ----------
    **changes : array_like
        Percent, by the name of the condition; those not named stay as they are.

    Returns
    -------
    dict
        Multiples of the start, 1 without a change; ``tie`` is the strength of the tie, 0 without a
        change, and ``up_and_back`` the percentage itself.

    Raises
    ------
    ValueError
        If a name is unknown or a change is no finite number.
    """
    unknown = set(changes) - set(SHOCKS)
    if unknown:
        raise ValueError(
            f"Unknown conditions: {', '.join(sorted(unknown))}. Known: {', '.join(SHOCKS)}."
        )
    changes = {key: number(key, changes.get(key, 0.0), -np.inf) for key in SHOCKS}
    plain = {"tie": changes["tie"] / 100, "up_and_back": changes["up_and_back"]}
    return {key: 1 + change / 100 for key, change in changes.items()} | plain


# Each theory is a function of the conditions. What it does not read, it has no term for. -----------


def _gravity(world):
    p = _defaults(ravenstein)
    decay = ravenstein.power_decay(100.0 * world["transport_cost"], p["gamma"])
    return ravenstein.gravity(
        100.0 * world["origin_people"],
        100.0 * world["destination_jobs"],
        decay,
        p["alpha"],
        p["beta"],
    )


def _origin_wage(world):
    """What capital does to the wage at the origin, by the neoclassical theory; others borrow it."""
    return world["origin_capital"] ** neoclassical_macro.THIRD


def _unemployment(world):
    base = 1 - _defaults(neoclassical_micro)["job_chance"]
    return base * world["destination_unemployment"]


def _lee(world):
    p = _defaults(lee)
    base = 1 - _defaults(neoclassical_micro)["job_chance"]
    change = (
        p["beta_w"] * np.log(world["destination_wage"] / _origin_wage(world))
        - p["beta_u"] * (_unemployment(world) - base)
        + p["beta_a"] * np.log(world["destination_jobs"])
        - p["lambda_"] * np.log(world["transport_cost"])
        + _defaults(world_systems)["b_tie"] * world["tie"]
    )
    people = 1000.0 * world["origin_people"]
    return people * lee.changed_probability(p["mobility"] / 100, change)


def _cost_left(world):
    """Multiple of the cost of moving that is left."""
    return world["transport_cost"] - PARAMETERS["tie_saves"].default * world["tie"]


def _macro(world):
    p = _defaults(neoclassical_macro)
    k_o = p["capital_origin"]
    return neoclassical_macro.resting_point(
        k_o * world["origin_capital"],
        k_o * p["capital_ratio"] * world["destination_jobs"],
        p["cost"] * _cost_left(world),
        productivity_destination=p["productivity_destination"] * world["destination_wage"],
        labor_origin=100.0 * world["origin_people"],
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
    good = np.maximum(p["wage"] * world["destination_wage"], village * (1 + 1e-9))
    jobs = p["jobs"] * world["destination_jobs"]
    return neoclassical_micro.lottery(jobs, good, village)["labor_force"]


def _two_sectors(world):
    p = _defaults(neoclassical_micro)
    return neoclassical_micro.two_sectors(
        p["good_wage"] * world["destination_wage"],
        land=200.0 * world["origin_capital"],
        capital=200.0 * world["destination_jobs"],
        labor=400.0 * world["origin_people"],
    )["urban"]


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
        world["destination_wage"],
        world["origin_people"],
        distance=world["transport_cost"],
    )


# The wage of the low-wage jobs, for the theories that have one. ------------------------------------


def _workers(world):
    """Workers after the number of newcomers has changed, and before."""
    newcomers = PARAMETERS["newcomers"].default
    return 100.0 + newcomers * world["newcomers"], 100.0 + newcomers


def _macro_low_wage(world):
    """The wage moves along its curve; whoever comes and goes again leaves no trace."""
    after, _ = _workers(world)
    start = neoclassical_macro.wage(1.0, 100.0, 100.0)
    return neoclassical_macro.wage(1.0, 100.0, after) / start


def _good_wage(world):
    """Fixed by law or custom: no number of workers moves it."""
    return _defaults(neoclassical_micro)["wage"]


def _piore_low_wage(world):
    """The wage of a market that had its usual newcomers before."""
    eta = _defaults(dual_labor_market)["eta"]
    (after, before), natives = _workers(world), 100.0
    way = dual_labor_market.path(
        [before - natives, after - natives], jobs=before, natives=natives, quota=0.0, eta=eta
    )
    return way["wage"][-1]


def low_wage_path(theory, peak=PARAMETERS["peak"].default):
    """The low wage while workers become more and fewer again.

    Parameters
    ----------
    theory : {"macro", "piore"}
    peak : array_like
        Workers at the peak beyond the 100 at the start. Below 0 nothing happens in Piore's market:
        recruits fill what is missing.

    Returns
    -------
    list of three
        Multiple of the wage at the start: before, at the peak, after.

    Raises
    ------
    ValueError
        If the theory is another one, or the peak outside its domain.
    """
    peak = number("peak", peak, -99.0)
    if theory == "macro":
        wages = [neoclassical_macro.wage(1.0, 100.0, w) for w in (100.0, 100.0 + peak, 100.0)]
        return [wage / wages[0] for wage in wages]
    if theory == "piore":
        p = _defaults(dual_labor_market)
        quota = p["jobs"] - p["natives"]
        pushed = [0.0, np.maximum(quota + peak, 0.0), 0.0]
        return dual_labor_market.path(pushed, p["jobs"], p["natives"], quota=quota, eta=p["eta"])[
            "wage"
        ]
    raise ValueError(f"theory is {theory!r}; the low wage has a path in macro and piore.")


@dataclass(frozen=True)
class Theory:
    """A theory as a function of the conditions.

    Parameters
    ----------
    key, label, short : str
        Label for text, short for charts.
    outcome : str
        What `flow` returns, in words.
    flow : callable
        Conditions to the number that stands for migration.
    low_wage : callable, optional
        Conditions to the wage of low-wage jobs.
    chapter : str
    """

    key: str
    label: str
    short: str
    outcome: str
    flow: object
    chapter: str
    low_wage: object = None


_THEORIES = (
    Theory("gravity", "Pure gravity", "Gravity", "flow", _gravity, "ravenstein"),
    Theory("lee", "Lee", "Lee", "movers a year of 1,000 people", _lee, "lee"),
    Theory(
        "macro", "Neoclassical, markets", "Markets", "net migrants, of 100 workers", _macro,
        "neoclassical_macro", _macro_low_wage,
    ),
    Theory(
        "npv", "Neoclassical, present value", "Value", "present value of a move, in yearly wages",
        _present_value, "neoclassical_micro",
    ),
    Theory(
        "ht_simple", "Lottery of jobs, simple", "Lottery", "urban labor force, thousand", _lottery,
        "neoclassical_micro", _good_wage,
    ),
    Theory(
        "ht_full", "Lottery of jobs, full", "Lottery, full", "urban labor force", _two_sectors,
        "neoclassical_micro", _good_wage,
    ),
    Theory(
        "piore", "Dual labor market", "Dual market", "recruits", _recruits, "dual_labor_market",
        _piore_low_wage,
    ),
    Theory(
        "world", "World systems, strong form", "World systems", "flow, an index", _world_systems,
        "world_systems",
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
        "piore": (ZERO, "wage gaps are neither needed nor enough: jobs set the recruits"),
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
        "piore": (ZERO, "wages do not rise when newcomers are fewer"),
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
        "world": (ZERO, "employment counts ultimately little; in the strong form not at all"),
    },
    "kin": dict.fromkeys(THEORIES, _NO_TERM),
    "origin_risk": dict.fromkeys(THEORIES, _NO_TERM),
}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """State of a pair of shock and theory, and why it is silent or claims no effect."""

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
        None if the theory is silent. Where it claims no effect the two are equal to the last bit.

    Raises
    ------
    ValueError
        If a key is unknown or a size is outside the domain of the theory.
    """
    _check(shock, theory)
    if CLAIMS[shock][theory].state == SILENT:
        return None
    record = SHOCKS[shock]
    size = record.size if size is None else size
    if shock == "up_and_back" and theory in ("macro", "piore"):
        way = low_wage_path(theory, size)
        return way[0], way[-1]
    model = THEORIES[theory].low_wage if record.outcome == "low wage" else THEORIES[theory].flow
    return model(conditions()), model(conditions(**{shock: size}))


def percent(pair):
    """Change from the first to the second of a pair, in percent of the first; exactly 0 if equal."""
    before, after = pair
    return 100 * (after - before) / before


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


def sign(shock, theory, size=None):
    """What a theory says in one word: one of `SIGNS`, at one size of the shock.

    A number that happens to be 0 counts as "no effect": one observation could not tell it from a claim.
    """
    pair = respond(shock, theory, size)
    if pair is None:
        return "silent"
    change = float(percent(pair))
    return "rises" if change > 0 else "falls" if change < 0 else "no effect"


def separates(shock, first, second, size=None):
    """Tell whether a shock separates two theories: both speak, and they say different words.

    Parameters
    ----------
    shock, first, second : str
        Keys of `SHOCKS` and `THEORIES`.
    size : float, optional

    Returns
    -------
    bool
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
    p = _defaults(beyond_the_five)
    change = 1 + (SHOCKS[shock].size if size is None else size) / 100
    if shock == "kin":
        return tuple(
            beyond_the_five.departures(p["pioneers"] * factor, p["gap"] / 100)
            for factor in (1.0, change)
        )
    return tuple(
        beyond_the_five.best_share(risk_home=p["risk_home"] * factor) for factor in (1.0, change)
    )
