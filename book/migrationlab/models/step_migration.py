"""Step migration: from the village to the town, and from there to the city."""

import numpy as np
from explorers.parameters import Parameter, by_name

from migrationlab.models.domain import check_number, is_known, ratio


def _probability(name, label, default, symbol, low=0.0):
    return Parameter(
        name, label, low=low, high=0.1, step=0.002, default=default, unit="per year", symbol=symbol,
        source="chosen so that four villagers in five pass through the town",
    )  # fmt: skip


PARAMETERS = by_name(
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
"""Assumptions by name: symbol, unit, range, default and where the default comes from."""


def _check_moves(**moves):
    """Check yearly probabilities of leaving; those of one place may not add up to more than 1."""
    for name, value in moves.items():
        check_number(name, value, 0.0, 1.0)
    places = {}
    for name, value in moves.items():
        places.setdefault(name.split("_")[0], []).append(value)
    for place, values in places.items():
        if all(map(is_known, values)) and np.any(sum(values) > 1 + 1e-12):
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
    if is_known(determinant) and np.any(np.asarray(determinant) == 0):
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
    demand = check_number("demand", demand)
    village = check_number("village", village)
    town = check_number("town", town)
    city = check_number("city", city)
    passing = check_number("passing", passing, 0.0, 1.0)
    direct = check_number("direct", direct, 0.0, 1.0)
    if all(map(is_known, (demand, passing, village, town))):
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
