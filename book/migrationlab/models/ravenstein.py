"""Ravenstein's laws as models of flows between places.

The models are gravity and its constrained forms, intervening opportunities, radiation,
stream and counterstream, and step migration.
A table of flows is *long*: one row per pair of places, and every column is an array of that length.
Sums over the destinations of an origin, or over its origins, are taken by
`migrationlab.tracing.group_sum`.
So the functions run on arrays and can also be recorded for the page:
they use NumPy's element-wise functions and sums, loops of a fixed length,
and no decision on values.

Pairs of a place with itself may stand in a table, for instance to draw one mark per place.
A distance of 0 marks them, and both decay functions give them the weight 0.

References
----------
Ravenstein, E. G. (1885). The laws of migration.
*Journal of the Statistical Society of London* 48(2), 167-235.

Grigg, D. B. (1977). E. G. Ravenstein and the "laws of migration".
*Journal of Historical Geography* 3(1), 41-54.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from explorers.parameters import Choice, Parameter
from explorers.tracing import group_sum, pick

from migrationlab.models.domain import is_real, number, positive, ratio

EARTH_RADIUS_KM = 6371.0088

CONSTRAINTS = ("none", "production", "doubly")
DECAYS = ("power", "exponential")


def _probability(name, label, default, symbol, low=0.0):
    return Parameter(
        name, label, low=low, high=0.1, step=0.002, default=default, unit="per year", symbol=symbol,
        source="chosen so that four villagers in five pass through the town",
    )  # fmt: skip


_PARAMETERS = (
    Parameter(
        "alpha", "Elasticity of the flow to people at the origin", low=0.0, high=1.5, step=0.05, default=1.0,
        symbol=r"\alpha", origin="literature", source="Zipf (1946)",
    ),
    Parameter(
        "beta", "Elasticity of the flow to people at the destination", low=0.0, high=1.5, step=0.05, default=1.0,
        symbol=r"\beta", origin="literature", source="Zipf (1946)",
    ),
    Parameter(
        "gamma", "Elasticity of the flow to distance", low=0.0, high=3.0, step=0.02, default=1.0,
        symbol=r"\gamma", origin="literature",
        source="Zipf (1946); doubly constrained 0.92 in Korea 2020, 1.26 in Austria 2006",
    ),
    Parameter(
        "lambda_", "Exponential decay with distance", low=0.0, high=0.03, step=0.0001, default=0.0079, unit="1/km",
        symbol=r"\lambda", origin="literature",
        source="Austria 2006, doubly constrained (Dennett 2012): half as many every 88 km",
    ),
    Parameter(
        "kappa", "Scale of the flows", low=0.0, high=10.0, step=0.1, default=1.0,
        symbol=r"\kappa", source="set so that the flows add up to a known total",
    ),
    Parameter(
        "acceptance", "Chance to accept one opportunity", low=0.0001, high=0.01, step=0.0001, default=0.001,
        symbol="L", source="half of the movers stop within 693 opportunities",
    ),
    # The two ways into the city never close, so that everybody reaches it some day.
    _probability("village_to_town", "Villagers who move to the town", 0.04, "P_{12}"),
    _probability("village_to_city", "Villagers who move to the city", 0.01, "P_{13}", low=0.002),
    _probability("town_to_village", "Townspeople who move to the village", 0.01, "P_{21}"),
    _probability("town_to_city", "Townspeople who move to the city", 0.04, "P_{23}", low=0.002),
    _probability("city_to_village", "City people who move to the village", 0.002, "P_{31}"),
    _probability("city_to_town", "City people who move to the town", 0.018, "P_{32}"),
    # At most 2.5 thousand a year, so that no place runs out of natives within 20 years.
    Parameter(
        "demand", "Newcomers the city takes", low=0.5, high=2.5, step=0.5, default=2.0, unit="thousand a year",
        symbol="n", source="a round number",
    ),
    Parameter(
        "passing", "Villagers among the city's newcomers", low=0.0, high=1.0, step=0.05, default=0.5,
        symbol="q", source="half and half", format=".0%",
    ),
    Parameter(
        "direct", "Villagers who reach the city without a stop", low=0.0, high=1.0, step=0.05, default=0.0,
        symbol="r", source="everybody goes by stages", format=".0%",
    ),
)  # fmt: skip

PARAMETERS = MappingProxyType({parameter.name: parameter for parameter in _PARAMETERS})
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""


# Distance and its decay -------------------------------------------------------------------------


def great_circle_distance(lat1, lon1, lat2, lon2):
    r"""Distance between two places on the Earth, taken as a sphere.

    .. math::

        d = 2R \arcsin\sqrt{\sin^2\tfrac{\varphi_2-\varphi_1}{2}
            + \cos\varphi_1\cos\varphi_2\sin^2\tfrac{\lambda_2-\lambda_1}{2}}

    with the mean radius :math:`R` = 6,371.0088 km.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : array_like
        Latitudes (-90 to 90) and longitudes (-180 to 180) in degrees.

    Returns
    -------
    ndarray or float
        Kilometers.

    Raises
    ------
    ValueError
        If a coordinate is outside its range.
    """
    lat1, lat2 = (
        np.radians(number(name, value, -90, 90, "degrees"))
        for name, value in (("lat1", lat1), ("lat2", lat2))
    )
    lon1, lon2 = (
        np.radians(number(name, value, -180, 180, "degrees"))
        for name, value in (("lon1", lon1), ("lon2", lon2))
    )
    half_chord = (
        np.sin((lat2 - lat1) / 2) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    )
    # Rounding can push opposite ends of the Earth beyond 1.
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0)))


def power_decay(distance, gamma):
    r"""Decay with a constant elasticity: :math:`f(d) = d^{-\gamma}`.

    Twice as far means :math:`2^{-\gamma}` as many, wherever one starts.

    Parameters
    ----------
    distance : array_like, shape (n,)
        Kilometers, 0 or more. The weight of a distance of 0, a place with itself, is 0.
    gamma : float
        Distance elasticity, 0 or more. With 0 distance does not matter.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If a distance or `gamma` is negative or not finite.
    """
    distance = number("distance", distance, unit="km")
    gamma = number("gamma", gamma)
    elsewhere = distance > 0
    return np.where(elsewhere, np.where(elsewhere, distance, 1.0) ** -gamma, 0.0)


def exponential_decay(distance, lambda_):
    r"""Decay by a constant share per kilometer: :math:`f(d) = e^{-\lambda d}`.

    Every :math:`\ln 2/\lambda` kilometers halve the flow.

    Parameters
    ----------
    distance : array_like, shape (n,)
        Kilometers, 0 or more. The weight of a distance of 0, a place with itself, is 0.
    lambda_ : float
        Decay per kilometer, 0 or more.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If a distance or `lambda_` is negative or not finite.
    """
    distance = number("distance", distance, unit="km")
    lambda_ = number("lambda_", lambda_, unit="per km")
    return np.where(distance > 0, np.exp(-lambda_ * distance), 0.0)


# Gravity ----------------------------------------------------------------------------------------


def gravity(origin_mass, destination_mass, decay, alpha=1.0, beta=1.0, kappa=1.0):
    r"""Flows that grow with two masses and fall with distance.

    .. math:: T_{ij} = \kappa\, P_i^{\alpha} P_j^{\beta} f(d_{ij})

    Parameters
    ----------
    origin_mass, destination_mass : array_like, shape (n,)
        People, or opportunities, at both ends of each pair; 0 or more.
    decay : array_like, shape (n,)
        :math:`f(d_{ij})`, from `power_decay` or `exponential_decay`.
    alpha, beta : float
        Elasticities to the masses, 0 or more.
    kappa : float
        Scale, 0 or more; `scale_to_total` chooses it from a known total.

    Returns
    -------
    ndarray, shape (n,)
        Flow of each pair, in the unit that `kappa` sets.

    Raises
    ------
    ValueError
        If a mass, an elasticity or the scale is negative or not finite.

    Notes
    -----
    With equal elasticities both directions of a pair are equal: the model knows a counterstream
    and no net migration. See `flow_asymmetry`.

    References
    ----------
    Zipf, G. K. (1946). The P1 P2 / D hypothesis. *American Sociological Review* 11(6), 677-686.
    """
    origin_mass = number("origin_mass", origin_mass)
    destination_mass = number("destination_mass", destination_mass)
    decay = number("decay", decay)
    alpha = number("alpha", alpha)
    beta = number("beta", beta)
    kappa = number("kappa", kappa)
    return kappa * origin_mass**alpha * destination_mass**beta * decay


def scale_to_total(weight, total):
    r"""Flows that are proportional to weights and add up to a total.

    .. math:: T_{ij} = \frac{w_{ij}}{\sum w}\, T

    Parameters
    ----------
    weight : array_like, shape (n,)
        0 or more. If no weight is positive, nobody moves.
    total : float
        Movers in the whole system, 0 or more.

    Returns
    -------
    ndarray, shape (n,)
    """
    weight = number("weight", weight)
    total = number("total", total)
    return total * ratio(weight, np.sum(weight))


def production_constrained(departures, weight, origin):
    r"""Flows that keep the known departures of every origin.

    .. math:: T_{ij} = O_i \frac{w_{ij}}{\sum_k w_{ik}}

    Parameters
    ----------
    departures : array_like, shape (n,)
        Movers who leave the row's origin, :math:`O_i`, repeated in all its rows.
    weight : array_like, shape (n,)
        Attraction of the row's destination, seen from its origin,
        such as :math:`P_j^{\beta} f(d_{ij})`.
    origin : array_like, shape (n,)
        Names or codes of the origins.

    Returns
    -------
    ndarray, shape (n,)
        Flow of each pair. An origin whose weights are all 0 sends nobody.
    """
    departures = number("departures", departures)
    weight = number("weight", weight)
    return _rescaled(weight, departures, origin)


def _rescaled(flow, margin, by):
    """Scale flows so that each group adds up to its margin."""
    return margin * ratio(flow, group_sum(flow, by))


def fitting_steps(weight, departures, arrivals, origin, destination, rounds=30):
    """Fill a table with known margins by repeated scaling, and keep every half round.

    Parameters
    ----------
    weight, departures, arrivals, origin, destination
        As in `doubly_constrained`.
    rounds : int
        One round scales all origins, then all destinations.

    Returns
    -------
    list of ndarray, shape (n,)
        ``2 * rounds + 1`` tables: the weights, then the table after each half round.
        `migrationlab.tracing.pick` shows one of them.
    """
    weight = number("weight", weight)
    departures = number("departures", departures)
    arrivals = number("arrivals", arrivals)
    _check_equal_totals(departures, arrivals, origin, destination)
    tables = [weight]
    for _ in range(rounds):
        tables.append(_rescaled(tables[-1], departures, origin))
        tables.append(_rescaled(tables[-1], arrivals, destination))
    return tables


def doubly_constrained(weight, departures, arrivals, origin, destination, rounds=30):
    r"""Flows that keep the departures of every origin and the arrivals of every destination.

    .. math:: T_{ij} = A_i O_i B_j D_j w_{ij},\quad
              A_i = \frac{1}{\sum_j B_j D_j w_{ij}},\quad B_j = \frac{1}{\sum_i A_i O_i w_{ij}}

    The factors are found by proportional fitting: scale every origin to its departures,
    then every destination to its arrivals, and begin again.

    Parameters
    ----------
    weight : array_like, shape (n,)
        :math:`w_{ij}`, 0 or more; a pair with weight 0 stays empty.
    departures, arrivals : array_like, shape (n,)
        :math:`O_i` and :math:`D_j`, repeated in all rows of the origin and the destination.
        Both must add up to the same number of movers.
    origin, destination : array_like, shape (n,)
        Names or codes.
    rounds : int
        Number of rounds, fixed so that the loop can be recorded.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If a number is negative or not finite, or if departures and arrivals have different totals.

    Notes
    -----
    The arrivals are exact after every round.
    The departures come closer by a constant factor per round, which nears 1 when the weights
    nearly cut the table into separate blocks.
    For the Austrian table 30 rounds leave a gap below 1e-9 up to a distance elasticity of 1.26,
    and one of 2e-4 at 3; `margin_gap` measures it.
    An origin or a destination with a margin of 0 gets flows of 0.
    A positive margin whose weights are all 0 cannot be met: it stays empty and shows in the gap.

    References
    ----------
    Wilson, A. G. (1971). A family of spatial interaction models, and associated developments.
    *Environment and Planning* 3(1), 1-32.

    Deming, W. E. & Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency
    table when the expected marginal totals are known.
    *Annals of Mathematical Statistics* 11(4), 427-444.
    """
    return fitting_steps(weight, departures, arrivals, origin, destination, rounds)[-1]


def margin_gap(flow, departures, arrivals, origin, destination):
    """Return the largest miss of a margin, as a share of that margin.

    Parameters
    ----------
    flow, departures, arrivals, origin, destination : array_like, shape (n,)
        As in `doubly_constrained`.

    Returns
    -------
    float
        0 when all departures and arrivals are met.
    """
    leaving = ratio(np.abs(group_sum(flow, origin) - departures), departures)
    arriving = ratio(np.abs(group_sum(flow, destination) - arrivals), arrivals)
    return np.maximum(np.max(leaving), np.max(arriving))


def _check_equal_totals(departures, arrivals, origin, destination):
    if not all(map(is_real, (departures, arrivals, origin, destination))):
        return
    leaving = np.sum(departures / group_sum(1.0, origin))
    arriving = np.sum(arrivals / group_sum(1.0, destination))
    if abs(leaving - arriving) > 1e-9 * max(leaving, arriving):
        raise ValueError(
            f"arrivals add up to {arriving:,.6g}, departures to {leaving:,.6g}; "
            "in a closed system both are the same movers."
        )


def mean_distance(flow, distance):
    r"""Mean distance of a move, :math:`\sum T_{ij}d_{ij}/\sum T_{ij}`, in the unit of `distance`.

    Parameters
    ----------
    flow, distance : array_like, shape (n,)

    Returns
    -------
    float
        0 if nobody moves.
    """
    flow = number("flow", flow)
    distance = number("distance", distance, unit="km")
    return ratio(np.sum(flow * distance), np.sum(flow))


def mean_log_distance(flow, distance):
    r"""Mean logarithm of the distance of a move, :math:`\sum T_{ij}\ln d_{ij}/\sum T_{ij}`.

    Unlike the mean distance, it always falls when the distance elasticity rises.

    Parameters
    ----------
    flow, distance : array_like, shape (n,)
        Rows with distance 0 do not count; their flow is 0 in these models.

    Returns
    -------
    float
        0 if nobody moves.
    """
    flow = number("flow", flow)
    distance = number("distance", distance, unit="km")
    elsewhere = distance > 0
    movers = np.where(elsewhere, flow, 0.0)
    return ratio(np.sum(movers * np.log(np.where(elsewhere, distance, 1.0))), np.sum(movers))


def implied_gamma(flow_a, flow_b, mass_a, mass_b, distance_a, distance_b, alpha=1.0):
    r"""Distance elasticity that explains two flows into the same destination.

    .. math:: \gamma = \frac{\alpha\ln(P_a/P_b) - \ln(T_a/T_b)}{\ln(d_a/d_b)}

    The destination cancels out, and so does its attraction.

    Parameters
    ----------
    flow_a, flow_b : float
        Flows from origins a and b, both positive.
    mass_a, mass_b : float
        People at both origins, positive.
    distance_a, distance_b : float
        Kilometers to the destination, positive and different.
    alpha : float
        Elasticity to the mass of the origin.

    Returns
    -------
    float
        Negative if the farther origin sends more than its size explains.

    Raises
    ------
    ValueError
        If a number is not positive, or both distances are equal.
    """
    flow_ratio = positive("flow_a", flow_a) / positive("flow_b", flow_b)
    mass_ratio = positive("mass_a", mass_a) / positive("mass_b", mass_b)
    distance_ratio = positive("distance_a", distance_a) / positive("distance_b", distance_b)
    if is_real(distance_ratio) and np.any(np.asarray(distance_ratio) == 1):
        raise ValueError(
            f"distance_a and distance_b are both {distance_a}; distance explains nothing then."
        )
    return (alpha * np.log(mass_ratio) - np.log(flow_ratio)) / np.log(distance_ratio)


# Stream and counterstream -----------------------------------------------------------------------


def flow_asymmetry(origin_mass, destination_mass, alpha, beta):
    r"""Ratio of a flow to its counterflow in unconstrained gravity.

    .. math:: \frac{T_{ij}}{T_{ji}} = \left(\frac{P_i}{P_j}\right)^{\alpha-\beta}

    Distance cancels out.
    With :math:`\alpha=\beta` the ratio is 1 for every pair: no net migration anywhere.

    Parameters
    ----------
    origin_mass, destination_mass : array_like
        Positive.
    alpha, beta : float
        Elasticities to the masses of origin and destination.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If a mass is not positive.
    """
    origin_mass = positive("origin_mass", origin_mass)
    destination_mass = positive("destination_mass", destination_mass)
    return (origin_mass / destination_mass) ** (alpha - beta)


def counterstream_ratio(flow, counterflow):
    """Return counterflow per mover of the main flow; 0 if the main flow is empty.

    Parameters
    ----------
    flow, counterflow : array_like
        Movers in the two directions, 0 or more.

    Returns
    -------
    ndarray or float
        1 if both directions are equal.
    """
    flow = number("flow", flow)
    counterflow = number("counterflow", counterflow)
    return ratio(counterflow, flow)


def counterstream_effectiveness(ratio):
    r"""Effectiveness of a stream from its counterstream ratio: :math:`E = 100\,(1-c)/(1+c)`.

    Parameters
    ----------
    ratio : array_like
        Counterstream ratio :math:`c`, 0 or more.

    Returns
    -------
    ndarray or float
        Percent: 100 for a one-way stream, 0 for equal streams,
        negative if the counterstream is larger.
    """
    ratio = number("ratio", ratio)
    return 100 * (1 - ratio) / (1 + ratio)


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
    distance = number("distance", distance, unit="km")
    opportunities = number("opportunities", opportunities)
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
    departures = number("departures", departures)
    opportunities = number("opportunities", opportunities)
    nearer = number("nearer", nearer)
    acceptance = number("acceptance", acceptance)
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
    origin_mass = number("origin_mass", origin_mass)
    destination_mass = number("destination_mass", destination_mass)
    nearer = number("nearer", nearer)
    total = number("total", total)
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


# Step migration ---------------------------------------------------------------------------------


def _check_moves(**moves):
    """Check yearly probabilities of leaving; those of one place may not add up to more than 1."""
    for name, value in moves.items():
        number(name, value, 0.0, 1.0)
    places = {}
    for name, value in moves.items():
        places.setdefault(name.split("_")[0], []).append(value)
    for place, values in places.items():
        if all(map(is_real, values)) and np.any(sum(values) > 1 + 1e-12):
            raise ValueError(
                f"The moves out of the {place} add up to {np.max(sum(values)):.4g}; "
                "expected 1 or less."
            )


def markov_path(
    village_to_town,
    village_to_city,
    town_to_village=0.0,
    town_to_city=0.0,
    city_to_village=0.0,
    city_to_town=0.0,
    years=60,
    start=(1.0, 0.0, 0.0),
):
    r"""Follow people year by year between a village, a town and a city.

    .. math:: x_{t+1} = x_t P

    Parameters
    ----------
    village_to_town, village_to_city, town_to_village, town_to_city : float
    city_to_village, city_to_town : float
        Yearly probabilities to move, 0 to 1; those of one place may not add up to more than 1.
        The rest stays.
    years : int
        Number of steps.
    start : tuple of three floats
        People in village, town and city at the start.

    Returns
    -------
    tuple of three lists, each of length ``years + 1``
        People in village, town and city at the start and after each year.
        `migrationlab.tracing.pick` chooses a year.

    Raises
    ------
    ValueError
        If a probability or the sum of those of one place is outside 0 to 1.

    Examples
    --------
    >>> village, town, city = markov_path(0.04, 0.01, 0.01, 0.04, years=1, start=(1000, 0, 0))
    >>> [float(place[1]) for place in (village, town, city)]
    [950.0, 40.0, 10.0]
    """
    _check_moves(
        village_to_town=village_to_town, village_to_city=village_to_city,
        town_to_village=town_to_village, town_to_city=town_to_city,
        city_to_village=city_to_village, city_to_town=city_to_town,
    )  # fmt: skip
    village, town, city = ([people] for people in start)
    for _ in range(years):
        v, t, c = village[-1], town[-1], city[-1]
        village.append(
            v * (1 - village_to_town - village_to_city) + t * town_to_village + c * city_to_village
        )
        town.append(
            v * village_to_town + t * (1 - town_to_village - town_to_city) + c * city_to_town
        )
        city.append(
            v * village_to_city + t * town_to_city + c * (1 - city_to_village - city_to_town)
        )
    return village, town, city


def steps_to_city(village_to_town, village_to_city, town_to_village, town_to_city):
    r"""How villagers reach the city in the end: through the town, or straight.

    With the city as the last stop, :math:`N=(I-Q)^{-1}` holds the expected years spent
    in village and town.

    Parameters
    ----------
    village_to_town, village_to_city, town_to_village, town_to_city : float
        Yearly probabilities, 0 to 1.

    Returns
    -------
    dict
        ``through_town``: share of villagers who live in the town at least once,
        :math:`P_{12}/(P_{12}+P_{13})`;
        ``town_last``: share whose last stop before the city is the town, :math:`N_{12}P_{23}`;
        ``years_from_village``, ``years_from_town``: expected years until the city.
        The way village, town, village, city counts in the first share and not in the second.

    Raises
    ------
    ValueError
        If a probability is outside 0 to 1, or if somebody can never reach the city.

    Notes
    -----
    When recorded, an impossible setting gives 0 instead of an error.

    References
    ----------
    Kemeny, J. G. & Snell, J. L. (1960). *Finite Markov Chains*. Princeton: Van Nostrand.
    """
    _check_moves(
        village_to_town=village_to_town, village_to_city=village_to_city,
        town_to_village=town_to_village, town_to_city=town_to_city,
    )  # fmt: skip
    leave_village = village_to_town + village_to_city
    leave_town = town_to_village + town_to_city
    # The determinant of I - Q, written so that no difference of nearly equal numbers appears.
    determinant = village_to_town * town_to_city + village_to_city * leave_town
    if is_real(determinant) and np.any(np.asarray(determinant) == 0):
        raise ValueError(
            f"village_to_city is {village_to_city} and town_to_city is {town_to_city}; "
            "with the other moves given, somebody never reaches the city."
        )
    return {
        "through_town": ratio(village_to_town, leave_village),
        "town_last": ratio(village_to_town * town_to_city, determinant),
        "years_from_village": ratio(leave_town + village_to_town, determinant),
        "years_from_town": ratio(leave_village + town_to_village, determinant),
    }


def stationary_shares(
    village_to_town, village_to_city, town_to_village, town_to_city, city_to_village, city_to_town
):
    r"""Shares of village, town and city that no longer change, :math:`x = xP`.

    Each share is proportional to the sum over all ways by which the other two places lead to it.

    Parameters
    ----------
    village_to_town, village_to_city, town_to_village, town_to_city : float
    city_to_village, city_to_town : float
        Yearly probabilities, 0 to 1.

    Returns
    -------
    tuple of three floats
        They add up to 1; all are 0 if the moves do not lead to one single answer.

    References
    ----------
    Kemeny, J. G. & Snell, J. L. (1960). *Finite Markov Chains*. Princeton: Van Nostrand.
    """
    _check_moves(
        village_to_town=village_to_town, village_to_city=village_to_city,
        town_to_village=town_to_village, town_to_city=town_to_city,
        city_to_village=city_to_village, city_to_town=city_to_town,
    )  # fmt: skip
    village = town_to_village * (city_to_village + city_to_town) + town_to_city * city_to_village
    town = village_to_town * (city_to_village + city_to_town) + village_to_city * city_to_town
    city = village_to_city * (town_to_village + town_to_city) + village_to_town * town_to_city
    everybody = village + town + city
    return tuple(ratio(place, everybody) for place in (village, town, city))


def birthplace_paths(demand, passing, direct, years=20, village=100.0, town=50.0, city=50.0):
    r"""Two histories that leave the same table of birthplaces.

    Every year the city takes `demand` newcomers.
    A share `passing` of them was born in the village, the rest in the town.
    Villagers refill the gap that the natives of the town leave, so the town keeps its size.
    What the table of birthplaces and residences cannot show
    is how the villagers of the city got there:

    - `direct` = 0, *by stages*: they move to the town first and on to the city in the same year.
      Two moves each; the people who leave the town are partly newcomers.
    - `direct` = 1, *displacement*: the town loses natives only, and villagers fill their places
      and stay. The villagers of the city came straight. One move each.

    A register of moves tells the two apart: :math:`2n` moves a year against :math:`(2-q)n`.

    Parameters
    ----------
    demand : float
        Newcomers the city takes per year, :math:`n`, thousands, 0 or more.
    passing : float
        Share of them who were born in the village, :math:`q`, 0 to 1.
    direct : float
        Share of these who came without a stop in the town, 0 to 1.
    years : int
        Number of years.
    village, town, city : float
        People at the start, thousands, all living where they were born.

    Returns
    -------
    dict of str to list, each of length ``years + 1``
        The table: ``village_in_village``, ``village_in_town``, ``village_in_city``,
        ``town_in_town``, ``town_in_city``, ``city_in_city`` (born in … living in …).
        The moves so far: ``village_to_town``, ``town_to_city``, ``village_to_city``.

    Raises
    ------
    ValueError
        If a number is outside its range, or if a place would run out of natives.

    Notes
    -----
    What is compared are two ways to one and the same table.
    Strict displacement, in which everybody moves once and only to the next place, is `passing` = 0:
    then no villager lives in the city, and the table does show it.
    If newcomers and natives of a place had the same chances to move, and those never changed,
    a table of one date would reveal them; the table itself cannot check that assumption.

    References
    ----------
    Ravenstein, E. G. (1885). The laws of migration.
    *Journal of the Statistical Society of London* 48(2), 167-235, pages 198-199.
    """
    demand = number("demand", demand)
    village = number("village", village)
    town = number("town", town)
    city = number("city", city)
    passing = number("passing", passing, 0.0, 1.0)
    direct = number("direct", direct, 0.0, 1.0)
    if all(map(is_real, (demand, passing, village, town))):
        if np.any(demand * years > village) or np.any((1 - passing) * demand * years > town):
            raise ValueError(
                f"demand is {demand} a year; after {years} years more people would have left "
                f"than were born in the village ({village}) or the town ({town})."
            )
    natives_of_town = (1 - passing) * demand
    villagers = passing * demand
    straight = direct * villagers
    by_stages = (1 - direct) * villagers
    # What one year adds to each cell of the table, and to each way.
    yearly = {
        "village_in_village": -straight - (by_stages + natives_of_town),
        "village_in_town": (by_stages + natives_of_town) - by_stages,
        "village_in_city": straight + by_stages,
        "town_in_town": -natives_of_town,
        "town_in_city": natives_of_town,
        "city_in_city": 0.0,
        "village_to_town": by_stages + natives_of_town,
        "town_to_city": by_stages + natives_of_town,
        "village_to_city": straight,
    }
    paths = {name: [0.0] for name in yearly}
    paths |= {"village_in_village": [village], "town_in_town": [town], "city_in_city": [city]}
    for _ in range(years):
        for name, path in paths.items():
            path.append(path[-1] + yearly[name])
    return paths


# Fitting ----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class GravityFit:
    """A fitted gravity model.

    Attributes
    ----------
    constraint, decay : str
        As given to `fit_gravity`.
    coefficients : mapping of str to float
        ``gamma`` or ``lambda_``, positive if flows fall with distance;
        ``alpha``, ``beta`` and ``kappa`` where the constraint leaves them free.
    standard_errors : mapping of str to float
    deviance : float
        Twice the log-likelihood that is missing to a model that reproduces every flow.
    fitted : ndarray, shape (n,)
        Modeled flow of every row.
    observed_mean_distance, fitted_mean_distance : float
        Kilometers. Equal for the exponential decay.
    observed_mean_log_distance, fitted_mean_log_distance : float
        Equal for the power decay.
    """

    constraint: str
    decay: str
    coefficients: MappingProxyType
    standard_errors: MappingProxyType
    deviance: float
    fitted: np.ndarray
    observed_mean_distance: float
    fitted_mean_distance: float
    observed_mean_log_distance: float
    fitted_mean_log_distance: float


def fit_gravity(table, constraint="doubly", decay="power", robust=True):
    r"""Estimate a gravity model by Poisson regression.

    .. math:: T_{ij}\sim\mathrm{Poisson}(\mu_{ij}),\qquad
              \ln\mu_{ij} = \ln\kappa + \alpha\ln P_i + \beta\ln P_j - \gamma\ln d_{ij}

    The production constraint replaces :math:`\alpha\ln P_i` by one constant per origin,
    the double constraint also :math:`\beta\ln P_j` by one per destination;
    the exponential decay has :math:`-\lambda d_{ij}` instead of :math:`-\gamma\ln d_{ij}`.

    Parameters
    ----------
    table : pandas.DataFrame or mapping of str to array_like
        One row per pair of different places. Columns: ``origin``, ``destination``, ``flow``,
        ``distance_km``; ``origin_mass`` and ``destination_mass`` where they are needed.
    constraint : {"doubly", "production", "none"}
        Which margins are kept: departures and arrivals, departures, or only the total.
    decay : {"power", "exponential"}
    robust : bool
        Standard errors that do not rely on the variance being equal to the mean (HC1),
        or, if False, those of the Poisson distribution.

    Returns
    -------
    GravityFit

    Raises
    ------
    ValueError
        If a column is missing, a flow is negative, a distance or a mass is not positive,
        an origin or a destination has no flow at all, or a name is unknown.

    Notes
    -----
    Zero flows stay in; a regression of logarithms would have to drop them and is biased
    if the errors' variance depends on the size of the flow.

    References
    ----------
    Santos Silva, J. M. C. & Tenreyro, S. (2006). The log of gravity.
    *Review of Economics and Statistics* 88(4), 641-658.

    Dennett, A. (2012). *Estimating flows between geographical locations: "get me started in"
    spatial interaction modelling*. CASA Working Paper 181, University College London.
    """
    # Only fitting needs statsmodels, which takes a second to load.
    import statsmodels.api as sm

    if constraint not in CONSTRAINTS:
        raise ValueError(f"constraint is {constraint!r}; expected one of {', '.join(CONSTRAINTS)}.")
    if decay not in DECAYS:
        raise ValueError(f"decay is {decay!r}; expected one of {', '.join(DECAYS)}.")
    flow = _fit_column(table, "flow", positive=False)
    distance = _fit_column(table, "distance_km")
    origin, destination = (_fit_places(table, name, flow) for name in ("origin", "destination"))

    terms = {"gamma": -np.log(distance)} if decay == "power" else {"lambda_": -distance}
    if constraint == "none":
        terms["alpha"] = np.log(_fit_column(table, "origin_mass"))
    if constraint in ("none", "production"):
        terms["beta"] = np.log(_fit_column(table, "destination_mass"))
    effects = [np.ones(len(flow))]
    if constraint in ("production", "doubly"):
        effects += _dummies(origin)
    if constraint == "doubly":
        effects += _dummies(destination)

    design = np.column_stack([*terms.values(), *effects])
    options = {"cov_type": "HC1"} if robust else {}
    fit = sm.GLM(flow, design, family=sm.families.Poisson()).fit(tol=1e-12, **options)
    coefficients = dict(zip(terms, map(float, fit.params), strict=False))
    errors = dict(zip(terms, map(float, fit.bse), strict=False))
    if constraint == "none":
        coefficients["kappa"] = float(np.exp(fit.params[len(terms)]))
        errors["kappa"] = coefficients["kappa"] * float(fit.bse[len(terms)])
    return GravityFit(
        constraint=constraint,
        decay=decay,
        coefficients=MappingProxyType(coefficients),
        standard_errors=MappingProxyType(errors),
        deviance=float(fit.deviance),
        fitted=np.asarray(fit.fittedvalues),
        observed_mean_distance=float(mean_distance(flow, distance)),
        fitted_mean_distance=float(mean_distance(fit.fittedvalues, distance)),
        observed_mean_log_distance=float(mean_log_distance(flow, distance)),
        fitted_mean_log_distance=float(mean_log_distance(fit.fittedvalues, distance)),
    )


def simulated_flows(expected, seed=0):
    """Draw one table of Poisson flows around expected ones.

    Parameters
    ----------
    expected : array_like, shape (n,)
        Expected flows, 0 or more.
    seed : int
        Same seed, same table.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    expected = number("expected", expected)
    return np.random.default_rng(seed).poisson(expected)


def _raw_column(table, name):
    try:
        return np.asarray(table[name])
    except KeyError:
        raise ValueError(
            f"The table has no column '{name}'; it has: {', '.join(map(str, table))}."
        ) from None


def _fit_column(table, name, positive=True):
    values = _raw_column(table, name).astype(float)
    wrong = ~(np.isfinite(values) & ((values > 0) if positive else (values >= 0)))
    if np.any(wrong):
        row = int(np.argmax(wrong))
        expected = "more than 0" if positive else "0 or more"
        raise ValueError(
            f"{name} is {values[row]:g} in row {row}; expected a finite number, {expected}."
        )
    return values


def _fit_places(table, name, flow):
    places = _raw_column(table, name)
    empty = group_sum(flow, places) == 0
    if np.any(empty):
        raise ValueError(f"{name} '{places[empty][0]}' has no flow at all; leave its rows out.")
    return places


def _dummies(places):
    """Return one column of 0 and 1 per place but the first, which the constant stands for."""
    return [(places == place).astype(float) for place in np.unique(places)[1:]]
