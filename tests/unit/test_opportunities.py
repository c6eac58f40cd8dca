"""Intervening opportunities, radiation and a town on the road against closed forms and published numbers."""

import numpy as np
import pandas as pd
import pytest
from explorers.tracing import argument_names, group_sum
from hypothesis import given, settings
from hypothesis import strategies as st
from migrationlab.models import opportunities
from pair_tables import random_system, seeds
from replaying import assert_recorded_equals_computed


def values_of(name):
    parameter = opportunities.PARAMETERS[name]
    return st.floats(parameter.low, parameter.high)


# Intervening opportunities ------------------------------------------------------------------------


def nearer_in(t):
    return opportunities.opportunities_nearer(
        t["origin"], t["destination"], t["distance"], t["destination_mass"]
    )


@given(seed=seeds)
def test_opportunities_nearer_by_brute_force(seed):
    t = random_system(seed)
    expected = [
        sum(
            mass
            for o, d, mass in zip(t["origin"], t["distance"], t["destination_mass"], strict=True)
            if o == i and d < km
        )
        for i, km in zip(t["origin"], t["distance"], strict=True)
    ]
    np.testing.assert_allclose(nearer_in(t), expected, atol=1e-9)


def test_opportunities_nearer_skips_the_place_itself_and_orders_ties():
    origin = np.array(["a"] * 4)
    destination = np.array(["a", "b", "c", "d"])
    nearer = opportunities.opportunities_nearer(
        origin, destination, [0, 50, 50, 90], [1000, 10, 20, 40]
    )
    assert nearer.tolist() == [0, 0, 10, 30]


def test_triples_agree_with_pairs():
    t = random_system(seed=11, places=5)
    pairs = pd.DataFrame(t | {"nearer": nearer_in(t)})
    triples = pairs.merge(pairs, on="origin", suffixes=("", "_other"))
    nearer = opportunities.nearer_in_triples(
        triples.distance.to_numpy(),
        triples.distance_other.to_numpy(),
        triples.destination_mass_other.to_numpy(),
        (triples.origin.to_numpy(), triples.destination.to_numpy()),
    )
    np.testing.assert_allclose(nearer, triples.nearer, atol=1e-9)


def test_published_values_for_two_towns():
    # R package movement (SEEG, Oxford): towns of 1,000 and 2,000, a tenth of the people move.
    departures, mass = np.array([100.0, 200.0]), np.array([1000.0, 2000.0])
    flow = opportunities.intervening_opportunities(
        departures, mass[::-1], np.zeros(2), acceptance=0.1
    )
    assert flow == pytest.approx([100, 200])
    # The same package, original radiation model, everybody moves: 666.67 in both directions.
    share = opportunities.radiation(mass, mass[::-1], np.zeros(2), mass.sum(), finite_size=False)
    assert mass * share == pytest.approx([2000 / 3, 2000 / 3])


@given(seed=seeds, acceptance=values_of("acceptance"))
def test_those_who_accept_nothing(seed, acceptance):
    t = random_system(seed)
    departures = 1.0 + t["origin"]
    flow = opportunities.intervening_opportunities(
        departures, t["destination_mass"], nearer_in(t), acceptance
    )
    elsewhere = group_sum(t["destination_mass"], t["origin"])
    expected = departures * (1 - np.exp(-acceptance * elsewhere))
    np.testing.assert_allclose(group_sum(flow, t["origin"]), expected, rtol=1e-9)
    everybody = opportunities.intervening_opportunities(
        departures, t["destination_mass"], nearer_in(t), acceptance, t["origin"]
    )
    np.testing.assert_allclose(group_sum(everybody, t["origin"]), departures, rtol=1e-9)
    np.testing.assert_allclose(everybody * expected, flow * departures, rtol=1e-9)


def test_limits_of_the_acceptance():
    t = random_system(seed=5)
    departures = np.ones(len(t["origin"]))
    nearest = nearer_in(t) == 0
    many = opportunities.intervening_opportunities(
        departures, t["destination_mass"], nearer_in(t), 100
    )
    np.testing.assert_allclose(many, nearest, atol=1e-12)
    few = opportunities.intervening_opportunities(
        departures, t["destination_mass"], nearer_in(t), 1e-12
    )
    np.testing.assert_allclose(few, 1e-12 * t["destination_mass"], rtol=1e-8)


# Radiation ----------------------------------------------------------------------------------------


def radiation_in(t, **options):
    total = t["destination_mass"].sum() / (len(np.unique(t["origin"])) - 1)
    return opportunities.radiation(
        t["origin_mass"], t["destination_mass"], nearer_in(t), total, **options
    )


@given(seed=seeds)
def test_radiation_rows_add_up(seed):
    t = random_system(seed, total_people=1000.0)
    plain = group_sum(radiation_in(t, finite_size=False), t["origin"])
    np.testing.assert_allclose(plain, 1 - t["origin_mass"] / 1000, rtol=1e-12)
    np.testing.assert_allclose(group_sum(radiation_in(t), t["origin"]), 1, rtol=1e-12)


@given(seed=seeds)
def test_radiation_survival(seed):
    t = pd.DataFrame(random_system(seed))
    t["share"] = radiation_in({name: t[name].to_numpy() for name in t}, finite_size=False)
    t = t.sort_values(["origin", "distance"])
    passed = t.groupby("origin").destination_mass.cumsum()
    left = 1 - t.groupby("origin").share.cumsum()
    np.testing.assert_allclose(left, t.origin_mass / (t.origin_mass + passed), rtol=1e-9)


@given(seed=seeds)
def test_stretching_the_map_changes_nothing(seed):
    t = random_system(seed)
    stretched = t | {"distance": np.expm1(t["distance"] / 300)}
    np.testing.assert_array_equal(radiation_in(t), radiation_in(stretched))


def test_radiation_without_anybody_or_anywhere():
    assert opportunities.radiation(0.0, 5.0, 0.0, 5.0) == 0
    assert opportunities.radiation(5.0, 0.0, 0.0, 5.0) == 0


# A town on the road -------------------------------------------------------------------------------


def road(position, size, theory):
    columns = {
        k: v
        for k, v in opportunities.ROAD_ROWS.items()
        if k in argument_names(opportunities.road_towns)
    }
    return opportunities.road_towns(**columns, position=position, size=size, theory=theory)


@pytest.mark.parametrize(
    ("theory", "before", "at_50", "at_200"),
    [(0, 0.75, 0.30, 0.55), (1, 0.75, 0.22, 0.67), (2, 0.50, 0.17, 0.50)],
)
def test_a_town_on_the_road(theory, before, at_50, at_200):
    for position, expected in ((50, at_50), (200, at_200)):
        result = road(position, 100, theory)
        assert opportunities.ROAD_ROWS["town"][0] == "Town 1"
        assert result["share_before"][0] == pytest.approx(before)
        assert result["share"][0] == pytest.approx(expected, abs=0.005)
        # A town without people changes nothing, wherever it lies.
        assert road(position, 0, theory)["share"][0] == pytest.approx(before)
    # Behind town 1 the new town matters only through its own pull and the size of the system.
    behind = [road(position, 100, theory)["share"][0] for position in (110, 200, 575)]
    if theory == 0:
        assert behind[0] < behind[1] < behind[2]
    else:
        assert behind[0] == behind[1] == behind[2]
    if theory == 2:
        assert behind[0] == pytest.approx(before)


def test_the_road_on_the_whole_grid():
    position, size, theory = opportunities.ROAD_CONTROLS
    assert {50, 200} <= set(position.grid())
    assert not {100, 300} & set(position.grid())
    for x in position.grid():
        for people in (size.low, 10, size.high):
            for choice in theory.grid():
                result = road(x, people, choice)
                share = result["share"][:3]
                assert np.all((share >= 0) & (share <= 1))
                if choice < 2:
                    assert share.sum() == pytest.approx(1)


def test_two_towns_at_one_place_share_its_rank():
    # Off the slider's grid: the new town stands in town 1 and counts as the second to be reached.
    for theory in (0, 1):
        assert road(100, 100, theory)["share"][:3].sum() == pytest.approx(1)


# Domains ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: opportunities.intervening_opportunities(1, 1, -1, 1), "nearer is -1"),
        (lambda: opportunities.radiation(1, 1, 1, -3), "total is -3"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@settings(max_examples=150)
@given(seed=seeds, acceptance=values_of("acceptance"))
def test_no_setting_gives_nan(seed, acceptance):
    t = random_system(seed)
    flow = opportunities.intervening_opportunities(
        t["origin_mass"], t["destination_mass"], nearer_in(t), acceptance, t["origin"]
    )
    assert np.all(np.isfinite(flow))


# Recording for the page ---------------------------------------------------------------------------


def test_the_road_can_be_recorded():
    for theory in (0, 1, 2):
        controls = {"position": 65.0, "size": 120.0, "theory": theory}
        assert_recorded_equals_computed(opportunities.road_towns, opportunities.ROAD_ROWS, controls)


def test_flows_can_be_recorded(austria):
    def flows(origin, flow, origin_mass, destination_mass, nearer, acceptance, total):
        departures = group_sum(flow, origin)
        return {
            "stopped": opportunities.intervening_opportunities(
                departures, destination_mass, nearer, acceptance, origin
            ),
            "radiated": opportunities.radiation(origin_mass, destination_mass, nearer, total),
        }

    rows = {name: austria[name].to_numpy() for name in austria}
    rows["nearer"] = opportunities.opportunities_nearer(
        rows["origin"], rows["destination"], rows["distance_km"], rows["destination_mass"]
    )
    assert_recorded_equals_computed(flows, rows, {"acceptance": 0.0001, "total": 94_243.0})
