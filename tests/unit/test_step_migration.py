"""Step migration against linear algebra, a simulation and counted paths."""

import numpy as np
import pytest
from explorers.tracing import pick
from hypothesis import given
from hypothesis import strategies as st
from migrationlab.models import step_migration
from replaying import assert_recorded_equals_computed


def values_of(name):
    parameter = step_migration.PARAMETERS[name]
    return st.floats(parameter.low, parameter.high)


VILLAGE_AND_TOWN = {
    name: step_migration.PARAMETERS[name].default
    for name in ("village_to_town", "village_to_city", "town_to_village", "town_to_city")
}
ALL_MOVES = VILLAGE_AND_TOWN | {
    name: step_migration.PARAMETERS[name].default for name in ("city_to_village", "city_to_town")
}


def matrix_of(
    village_to_town, village_to_city, town_to_village, town_to_city, city_to_village, city_to_town
):
    p = np.array(
        [
            [0, village_to_town, village_to_city],
            [town_to_village, 0, town_to_city],
            [city_to_village, city_to_town, 0],
        ]
    )
    return p + np.diag(1 - p.sum(axis=1))


def test_the_default_matrix():
    np.testing.assert_allclose(
        matrix_of(**ALL_MOVES), [[0.95, 0.04, 0.01], [0.01, 0.95, 0.04], [0.002, 0.018, 0.98]]
    )


def test_steps_to_the_city():
    steps = step_migration.steps_to_city(**VILLAGE_AND_TOWN)
    assert steps["through_town"] == pytest.approx(0.800, abs=0.0005)
    assert steps["town_last"] == pytest.approx(0.762, abs=0.0005)
    assert steps["years_from_village"] == pytest.approx(42.9, abs=0.05)
    assert steps["years_from_town"] == pytest.approx(28.6, abs=0.05)
    shares = step_migration.stationary_shares(**ALL_MOVES)
    assert shares == pytest.approx((0.0833, 0.2917, 0.6250), abs=0.00005)


def test_direct_and_indirect_extremes():
    assert step_migration.steps_to_city(0.0, 0.01, 0.01, 0.04)["through_town"] == 0
    assert step_migration.steps_to_city(0.04, 0.0, 0.01, 0.04)["through_town"] == 1
    assert step_migration.steps_to_city(0.04, 0.0, 0.01, 0.04)["town_last"] == pytest.approx(1)


moves = st.floats(0.001, 0.1)


@given(st.tuples(*[moves] * 6))
def test_chain_against_linear_algebra(p):
    names = list(ALL_MOVES)
    chosen = dict(zip(names, p, strict=True))
    matrix = matrix_of(**chosen)
    fundamental = np.linalg.inv(np.eye(2) - matrix[:2, :2])
    steps = step_migration.steps_to_city(*p[:4])
    assert steps["town_last"] == pytest.approx(fundamental[0, 1] * matrix[1, 2])
    assert steps["years_from_village"] == pytest.approx(fundamental[0].sum())
    assert steps["years_from_town"] == pytest.approx(fundamental[1].sum())
    shares = np.array(step_migration.stationary_shares(*p))
    assert shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(shares @ matrix, shares, atol=1e-12)
    path = np.array(step_migration.markov_path(*p, years=12, start=(700, 200, 100)))
    np.testing.assert_allclose(
        path[:, 12], np.array([700, 200, 100]) @ np.linalg.matrix_power(matrix, 12)
    )
    np.testing.assert_allclose(path.sum(axis=0), 1000)


def test_following_a_thousand_villagers():
    village, town, city = step_migration.markov_path(
        **VILLAGE_AND_TOWN, years=2000, start=(1000, 0, 0)
    )
    assert [place[1] for place in (village, town, city)] == pytest.approx([950, 40, 10])
    assert city[-1] == pytest.approx(1000)
    # The years outside the city add up to the expected time until it.
    assert (sum(village) + sum(town)) / 1000 == pytest.approx(42.857, abs=0.001)
    year = np.array([0, 1, 5])
    np.testing.assert_allclose(pick(year, village), [1000, 950, village[5]])


TABLE = (
    "village_in_village", "village_in_town", "village_in_city",
    "town_in_town", "town_in_city", "city_in_city",
)  # fmt: skip
WAYS = ("village_to_town", "town_to_city", "village_to_city")


@given(
    demand=values_of("demand"), passing=st.floats(0.05, 0.95), direct=st.floats(0.05, 1),
)  # fmt: skip
def test_birthplaces_cannot_tell_stages_from_displacement(demand, passing, direct):
    stages = step_migration.birthplace_paths(demand, passing, 0.0)
    other = step_migration.birthplace_paths(demand, passing, direct)
    for cell in TABLE:
        np.testing.assert_allclose(stages[cell], other[cell], atol=1e-9)
    # The town keeps its size and the city gets its newcomers in both histories.
    for paths in (stages, other):
        np.testing.assert_allclose(np.add(paths["village_in_town"], paths["town_in_town"]), 50)
        newcomers = np.add(paths["village_in_city"], paths["town_in_city"])
        np.testing.assert_allclose(newcomers, demand * np.arange(21), atol=1e-9)
        # Flows and stocks agree: what left the village is what the village lost.
        np.testing.assert_allclose(
            np.add(paths["village_to_town"], paths["village_to_city"]),
            100 - np.array(paths["village_in_village"]),
            atol=1e-9,
        )
    # A register of moves can tell them apart.
    moves_by_stages = sum(stages[way][-1] for way in WAYS)
    moves_other = sum(other[way][-1] for way in WAYS)
    assert moves_by_stages == pytest.approx(20 * 2 * demand)
    assert moves_other == pytest.approx(20 * (2 - direct * passing) * demand)
    assert moves_other < moves_by_stages


def test_strict_displacement_leaves_no_villager_in_the_city():
    paths = step_migration.birthplace_paths(2.0, 0.0, 0.0)
    assert paths["village_in_city"][-1] == 0
    assert paths["village_in_town"][-1] == paths["town_in_city"][-1] == pytest.approx(40)


def test_nobody_can_leave_twice():
    with pytest.raises(ValueError, match="demand is 6.0 a year; after 20 years"):
        step_migration.birthplace_paths(6.0, 0.5, 0.0)


# Domains ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: step_migration.markov_path(1.2, 0.0),
            "village_to_town is 1.2; expected .* 0 to 1",
        ),
        (lambda: step_migration.markov_path(0.7, 0.6), "moves out of the village add up to 1.3"),
        (
            lambda: step_migration.steps_to_city(0.1, 0.0, 0.1, 0.0),
            "somebody never reaches the city",
        ),
        (lambda: step_migration.birthplace_paths(1, 2, 0), "passing is 2"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(st.tuples(*(values_of(name) for name in ALL_MOVES)))
def test_no_chain_gives_nan(p):
    path = np.array(step_migration.markov_path(*p, years=60))
    assert np.all((path >= 0) & (path <= 1 + 1e-12))
    assert np.all(np.isfinite(step_migration.stationary_shares(*p)))
    assert np.all(np.isfinite(list(step_migration.steps_to_city(*p[:4]).values())))


# Recording for the page ---------------------------------------------------------------------------


def test_steps_can_be_recorded():
    def steps(year, village_to_town, village_to_city, town_to_village, town_to_city,
              city_to_village, city_to_town, demand, passing, direct):  # fmt: skip
        first = (village_to_town, village_to_city, town_to_village, town_to_city)
        village, town, city = step_migration.markov_path(
            *first, city_to_village, city_to_town, years=20
        )
        shares = step_migration.stationary_shares(*first, city_to_village, city_to_town)
        paths = step_migration.birthplace_paths(demand, passing, direct)
        return {
            "village": pick(year, village),
            "town": pick(year, town),
            "city": pick(year, city),
            "in_the_end": shares[2],
            "born_in_village": pick(year, paths["village_in_city"]),
            "passed": pick(year, paths["village_to_town"]),
            **step_migration.steps_to_city(*first),
        }

    controls = {**ALL_MOVES, "demand": 2.0, "passing": 0.5, "direct": 0.25}
    assert_recorded_equals_computed(steps, {"year": np.arange(21)}, controls)
