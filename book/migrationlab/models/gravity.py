"""Gravity: flows that grow with the people at both ends and fall with distance.

A table of flows is *long*: one row per pair of places, and every column is an array of that length.
Sums over the destinations of an origin, or over its origins, are taken by `explorers.tracing.group_sum`.
So the functions run on arrays and can also be recorded for the page: they use NumPy's element-wise
functions and sums, loops of a fixed length, and no decision on values.

Pairs of a place with itself may stand in a table, for instance to draw one mark per place.
A distance of 0 marks them, and both decay functions give them the weight 0.

References
----------
Ravenstein, E. G. (1885). The laws of migration.
*Journal of the Statistical Society of London* 48(2), 167-235.

Grigg, D. B. (1977). E. G. Ravenstein and the "laws of migration".
*Journal of Historical Geography* 3(1), 41-54.
"""

import numpy as np
from explorers.parameters import Parameter, by_name
from explorers.tracing import group_sum

from migrationlab.models.domain import check_number, check_positive, is_known, ratio

EARTH_RADIUS_KM = 6371.0088

CONSTRAINTS = ("none", "production", "doubly")
DECAYS = ("power", "exponential")

PARAMETERS = by_name(
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
)  # fmt: skip
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
        np.radians(check_number(name, value, -90, 90, "degrees"))
        for name, value in (("lat1", lat1), ("lat2", lat2))
    )
    lon1, lon2 = (
        np.radians(check_number(name, value, -180, 180, "degrees"))
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
    distance = check_number("distance", distance, unit="km")
    gamma = check_number("gamma", gamma)
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
    distance = check_number("distance", distance, unit="km")
    lambda_ = check_number("lambda_", lambda_, unit="per km")
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
    origin_mass = check_number("origin_mass", origin_mass)
    destination_mass = check_number("destination_mass", destination_mass)
    decay = check_number("decay", decay)
    alpha = check_number("alpha", alpha)
    beta = check_number("beta", beta)
    kappa = check_number("kappa", kappa)
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
    weight = check_number("weight", weight)
    total = check_number("total", total)
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
    departures = check_number("departures", departures)
    weight = check_number("weight", weight)
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
    weight = check_number("weight", weight)
    departures = check_number("departures", departures)
    arrivals = check_number("arrivals", arrivals)
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
    if not all(map(is_known, (departures, arrivals, origin, destination))):
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
    flow = check_number("flow", flow)
    distance = check_number("distance", distance, unit="km")
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
    flow = check_number("flow", flow)
    distance = check_number("distance", distance, unit="km")
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
    flow_ratio = check_positive("flow_a", flow_a) / check_positive("flow_b", flow_b)
    mass_ratio = check_positive("mass_a", mass_a) / check_positive("mass_b", mass_b)
    distance_ratio = check_positive("distance_a", distance_a) / check_positive(
        "distance_b", distance_b
    )
    if is_known(distance_ratio) and np.any(np.asarray(distance_ratio) == 1):
        raise ValueError(
            f"distance_a and distance_b are both {distance_a}; distance explains nothing then."
        )
    return (alpha * np.log(mass_ratio) - np.log(flow_ratio)) / np.log(distance_ratio)


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
    origin_mass = check_positive("origin_mass", origin_mass)
    destination_mass = check_positive("destination_mass", destination_mass)
    return (origin_mass / destination_mass) ** (alpha - beta)
