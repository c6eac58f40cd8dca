"""Opportunities on the way: who finds what he looks for nearer goes no farther.

Tables of flows are long, as in `migrationlab.models.gravity`.
"""

import numpy as np
from explorers.parameters import Choice, Parameter, by_name
from explorers.tracing import group_sum, pick

from migrationlab.models.domain import check_number, ratio
from migrationlab.models.gravity import power_decay, production_constrained

PARAMETERS = by_name(
    Parameter(
        "acceptance", "Chance to accept one opportunity", low=0.0001, high=0.01, step=0.0001, default=0.001,
        symbol="L", source="half of the movers stop within 693 opportunities",
    ),
)  # fmt: skip
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""


# Intervening opportunities and radiation --------------------------------------------------------


def opportunities_nearer(origin, destination, distance, opportunities):
    r"""Opportunities that lie nearer to the origin than the destination does, :math:`s_{ij}`.

    Neither the origin's own opportunities nor the destination's count.
    This runs on numbers only and prepares a column;
    `nearer_in_triples` is the form that can be recorded.

    Parameters
    ----------
    origin, destination : array_like, shape (n,)
        Names or codes, one row per pair.
    distance : array_like, shape (n,)
    opportunities : array_like, shape (n,)
        Opportunities at the row's destination, such as its population.

    Returns
    -------
    ndarray, shape (n,)

    Notes
    -----
    Places exactly as far as each other are taken in the order of their rows,
    so that the shares of `radiation` and `intervening_opportunities` still add up.
    """
    distance = check_number("distance", distance, unit="km")
    opportunities = check_number("opportunities", opportunities)
    origin, destination = np.asarray(origin), np.asarray(destination)
    offered = np.where(origin == destination, 0.0, opportunities)
    _, code = np.unique(origin, return_inverse=True)
    order = np.lexsort((np.asarray(distance), code))
    # A running sum per origin: the one over all sorted rows less its value where the origin starts.
    # Shifted, not subtracted, so that rounding never makes it negative.
    before = np.concatenate([[0.0], np.cumsum(offered[order])[:-1]])
    starts = np.searchsorted(code[order], code[order], side="left")
    nearer = np.empty(len(order))
    nearer[order] = before - before[starts]
    return nearer


def nearer_in_triples(distance, other_distance, other_opportunities, pair, other_first=0.0):
    r"""Opportunities nearer than the destination, :math:`s_{ij}`, out of a table of triples.

    One row per triple of origin, destination and *other* place, with the row of the
    destination itself among the others.
    Distances and opportunities may depend on sliders.

    Parameters
    ----------
    distance, other_distance : array_like, shape (n,)
        From the origin to the destination and to the other place.
    other_opportunities : array_like, shape (n,)
        Opportunities at the other place.
    pair : array_like, shape (n,), or tuple of such
        What names the pair of origin and destination.
    other_first : array_like, shape (n,), optional
        1 where the other place comes first if both are exactly as far, otherwise 0.

    Returns
    -------
    ndarray, shape (n,)
    """
    nearer = np.where(
        other_distance == distance, other_first, np.where(other_distance < distance, 1.0, 0.0)
    )
    return group_sum(other_opportunities * nearer, pair)


def intervening_opportunities(departures, opportunities, nearer, acceptance, origin=None):
    r"""Flows of movers who stop at the first opportunity they accept.

    .. math:: T_{ij} = O_i\left[e^{-L s_{ij}} - e^{-L(s_{ij}+m_j)}\right]

    Some accept none: :math:`\sum_j T_{ij} = O_i(1-e^{-LS_i})`,
    with :math:`S_i` all opportunities outside i.
    With `origin` the flows are raised so that everybody stops somewhere (the share form).

    Parameters
    ----------
    departures : array_like, shape (n,)
        :math:`O_i`, repeated in all rows of the origin.
    opportunities : array_like, shape (n,)
        :math:`m_j` at the row's destination; 0 for a place with itself.
    nearer : array_like, shape (n,)
        :math:`s_{ij}` from `opportunities_nearer`.
    acceptance : float
        :math:`L`, chance to accept one opportunity, 0 or more, in 1 per unit of `opportunities`.
    origin : array_like, shape (n,), optional
        Names or codes of the origins; give them for the share form.

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    Stouffer, S. A. (1940). Intervening opportunities: a theory relating mobility and distance.
    *American Sociological Review* 5(6), 845-867.

    Schneider, M. (1959). Gravity models and trip distribution theory.
    *Papers in Regional Science* 5(1), 51-56.
    """
    departures = check_number("departures", departures)
    opportunities = check_number("opportunities", opportunities)
    nearer = check_number("nearer", nearer)
    acceptance = check_number("acceptance", acceptance)
    # expm1 keeps the digits of a small chance, where 1 - exp(-x) would lose them.
    stops_here = np.exp(-acceptance * nearer) * -np.expm1(-acceptance * opportunities)
    if origin is not None:
        return production_constrained(departures, stops_here, origin)
    return departures * stops_here


def radiation(origin_mass, destination_mass, nearer, total, finite_size=True):
    r"""Share of an origin's movers who go to each destination, without any free parameter.

    .. math:: p_{ij} = \frac{1}{1-m_i/M}\cdot\frac{m_i m_j}{(m_i+s_{ij})(m_i+m_j+s_{ij})}

    Distances matter only through their order, which decides :math:`s_{ij}`.

    Parameters
    ----------
    origin_mass, destination_mass : array_like, shape (n,)
        :math:`m_i`, :math:`m_j`, 0 or more; the destination's is 0 for a place with itself.
    nearer : array_like, shape (n,)
        :math:`s_{ij}` from `opportunities_nearer`.
    total : float
        :math:`M`, the mass of all places including the origin.
    finite_size : bool or 0 or 1
        With the first factor the shares of an origin add up to 1; without it to :math:`1-m_i/M`.

    Returns
    -------
    ndarray, shape (n,)
        0 where there is nobody at the origin or nowhere to go.

    References
    ----------
    Simini, F., González, M. C., Maritan, A. & Barabási, A.-L. (2012).
    A universal model for mobility and migration patterns. *Nature* 484, 96-100.

    Masucci, A. P., Serras, J., Johansson, A. & Batty, M. (2013). Gravity versus radiation models.
    *Physical Review E* 88, 022812.
    """
    origin_mass = check_number("origin_mass", origin_mass)
    destination_mass = check_number("destination_mass", destination_mass)
    nearer = check_number("nearer", nearer)
    total = check_number("total", total)
    within = origin_mass + nearer
    share = ratio(origin_mass * destination_mass, within * (within + destination_mass))
    return np.where(finite_size == 1, ratio(total, total - origin_mass), 1.0) * share


# A town on the road -----------------------------------------------------------------------------

ROAD_CONTROLS = (
    # Steps of 15 reach 50 and 200 km and never put the new town on top of another one.
    Parameter(
        "position", "Where the new town lies", low=20, high=575, step=15, default=50, unit="km"
    ),
    Parameter(
        "size", "People in the new town", low=0, high=300, step=10, default=100, unit="thousand"
    ),
    Choice("theory", "Theory", options=("gravity", "radiation", "radiation on an endless road")),
)
"""Controls of the explorer "A town on the road"."""


def _road_rows():
    towns = {
        "town": ["Town 1", "Town 2", "New town"],
        "town_km": [100.0, 300.0, 0.0],
        "town_people": [100.0, 100.0, 0.0],
        "town_new": [0.0, 0.0, 1.0],
    }
    first, second = np.divmod(np.arange(9), 3)
    # A town with itself comes first: the explorer draws these rows and its sentence names 0, 1, 2.
    order = np.argsort(first != second, kind="stable")
    rows = {name: np.array(values)[first][order] for name, values in towns.items()}
    rows |= {
        name.replace("town", "other", 1): np.array(values)[second][order]
        for name, values in towns.items()
    }
    rows["other_first"] = np.where(second < first, 1.0, 0.0)[order]
    return rows


ROAD_ROWS = _road_rows()
"""Rows of the explorer "A town on the road": pairs of destinations, the towns themselves first."""

ROAD_ORIGIN_PEOPLE = 100.0
"""People, in thousands, in the town at kilometer 0 whose movers are followed."""


def road_towns(
    town,
    town_km,
    town_people,
    town_new,
    other_km,
    other_people,
    other_new,
    other_first,
    position,
    size,
    theory,
):
    """Where movers go when a new town is built along their road.

    100 thousand live at kilometer 0, as many in town 1 (kilometer 100) and in town 2 (300).
    A new town appears. Does it matter *where*, or only how strongly it pulls?

    Parameters
    ----------
    town, town_km, town_people, town_new : array_like, shape (9,)
        Name, place, people (thousand) of a destination and 1 if it is the new one.
    other_km, other_people, other_new, other_first : array_like, shape (9,)
        The same for the place it is compared with, and 1 if that place counts as the nearer one
        when both are equally far.
    position : float
        Kilometer of the new town, more than 0.
    size : float
        People in the new town, thousands, 0 or more.
    theory : int
        0 production-constrained gravity with a distance elasticity of 1,
        1 radiation, 2 radiation without the finite-size factor.

    Returns
    -------
    dict
        ``share``: share of the movers from kilometer 0 who go to the row's town;
        ``share_before``: the same without the new town;
        ``distance``: kilometers to the town; ``people``: its size.

    See Also
    --------
    production_constrained, radiation
    """
    distance = np.where(town_new == 1, position, town_km)
    people = np.where(town_new == 1, size, town_people)
    other_distance = np.where(other_new == 1, position, other_km)

    def shares(people, other_people):
        pull = other_people * power_decay(other_distance, 1.0)
        gravity_share = ratio(people * power_decay(distance, 1.0), group_sum(pull, town))
        nearer = nearer_in_triples(distance, other_distance, other_people, town, other_first)
        total = ROAD_ORIGIN_PEOPLE + group_sum(other_people, town)
        return pick(
            theory,
            [
                gravity_share,
                radiation(ROAD_ORIGIN_PEOPLE, people, nearer, total),
                radiation(ROAD_ORIGIN_PEOPLE, people, nearer, total, finite_size=False),
            ],
        )

    return {
        "share": shares(people, np.where(other_new == 1, size, other_people)),
        "share_before": shares(town_people, other_people),
        "distance": distance,
        "people": people,
    }
