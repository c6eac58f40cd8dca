"""Ravenstein's models against closed forms and published numbers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explorers.tracing import argument_names, group_sum, pick
from hypothesis import given, settings
from hypothesis import strategies as st
from migrationlab.models import ravenstein as model
from replaying import assert_recorded_equals_computed

AUSTRIA = Path(__file__).parents[2] / "data" / "austria_flows.csv"


# Tables -----------------------------------------------------------------------------------------


def all_pairs(names):
    """Return origins and destinations of all pairs of different places."""
    pairs = [(a, b) for a in names for b in names if a != b]
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


def random_system(seed, places=6, total_people=1000.0):
    """Return a pair table of places scattered on a square, without ties."""
    rng = np.random.default_rng(seed)
    people = rng.uniform(1, 10, places)
    people *= total_people / people.sum()
    x, y = rng.uniform(0, 1000, (2, places))
    origin, destination = all_pairs(np.arange(places))
    distance = np.hypot(x[origin] - x[destination], y[origin] - y[destination])
    return {
        "origin": origin,
        "destination": destination,
        "distance": distance,
        "origin_mass": people[origin],
        "destination_mass": people[destination],
    }


@pytest.fixture(scope="module")
def austria():
    return pd.read_csv(AUSTRIA)


seeds = st.integers(0, 10_000)


def values_of(name):
    parameter = model.PARAMETERS[name]
    return st.floats(parameter.low, parameter.high)


# Distance and decay -----------------------------------------------------------------------------


def test_great_circle_closed_forms():
    quarter = np.pi / 2 * model.EARTH_RADIUS_KM
    assert model.great_circle_distance(0, 0, 0, 90) == pytest.approx(quarter)
    assert model.great_circle_distance(-90, 0, 90, 123) == pytest.approx(2 * quarter)
    assert model.great_circle_distance(0, -90, 0, 90) == pytest.approx(2 * quarter)
    assert model.great_circle_distance(43.2, 76.9, 43.2, 76.9) == 0
    # The shortest way from 170 E to 170 W crosses the date line.
    assert model.great_circle_distance(0, 170, 0, -170) == pytest.approx(20 / 90 * quarter)


def test_great_circle_astana_almaty():
    # Published air distance: about 970 km.
    assert model.great_circle_distance(51.166, 71.458, 43.177, 76.975) == pytest.approx(975, abs=10)


@given(seed=seeds)
def test_great_circle_is_symmetric_and_obeys_the_triangle(seed):
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(-90, 90, 3), rng.uniform(-180, 180, 3)
    ab, ba, bc, ac = (
        model.great_circle_distance(lat[i], lon[i], lat[j], lon[j])
        for i, j in ((0, 1), (1, 0), (1, 2), (0, 2))
    )
    assert ab == pytest.approx(ba)
    assert ac <= ab + bc + 1e-6


def test_decay_limits_and_halving():
    distance = np.array([0.0, 10.0, 20.0, 500.0])
    np.testing.assert_array_equal(model.power_decay(distance, 0), [0, 1, 1, 1])
    np.testing.assert_array_equal(model.exponential_decay(distance, 0), [0, 1, 1, 1])
    assert model.power_decay(20.0, 1) == pytest.approx(model.power_decay(10.0, 1) / 2)
    # Table of symbols: 0.00792 per km halves every 87.6 km.
    halving = np.log(2) / 0.00792
    assert halving == pytest.approx(87.5, abs=0.05)
    assert model.exponential_decay(halving, 0.00792) == pytest.approx(0.5)


def test_a_shorter_effective_distance():
    # Distance elasticity 0.92, distance down by 30 %: 38.8 % more.
    gain = model.power_decay(70.0, 0.92) / model.power_decay(100.0, 0.92)
    assert gain == pytest.approx(0.7**-0.92)
    assert gain == pytest.approx(1.388, abs=0.0005)


@given(distance=st.floats(1, 5000), gamma=values_of("gamma"))
def test_distance_elasticity_is_exactly_minus_gamma(distance, gamma):
    near, far = (
        model.gravity(5.0, 7.0, model.power_decay(d, gamma)) for d in (distance, 3 * distance)
    )
    assert np.log(far / near) / np.log(3) == pytest.approx(-gamma, abs=1e-9)


# Gravity and its constraints --------------------------------------------------------------------


@given(seed=seeds, alpha=values_of("alpha"), gamma=values_of("gamma"))
def test_equal_elasticities_mean_no_net_migration(seed, alpha, gamma):
    t = random_system(seed)
    decay = model.power_decay(t["distance"], gamma)
    flow = model.gravity(t["origin_mass"], t["destination_mass"], decay, alpha, alpha)
    back = model.gravity(t["destination_mass"], t["origin_mass"], decay, alpha, alpha)
    np.testing.assert_allclose(flow, back, rtol=1e-12)


@given(seed=seeds, alpha=values_of("alpha"), beta=values_of("beta"), gamma=values_of("gamma"))
def test_asymmetry_of_gravity(seed, alpha, beta, gamma):
    t = random_system(seed)
    decay = model.power_decay(t["distance"], gamma)
    flow = model.gravity(t["origin_mass"], t["destination_mass"], decay, alpha, beta)
    back = model.gravity(t["destination_mass"], t["origin_mass"], decay, alpha, beta)
    asymmetry = model.flow_asymmetry(t["origin_mass"], t["destination_mass"], alpha, beta)
    np.testing.assert_allclose(flow / back, asymmetry, rtol=1e-9)


def test_gravity_grows_with_both_masses():
    decay = model.power_decay(100.0, 1.0)
    assert model.gravity(2.0, 5.0, decay) > model.gravity(1.0, 5.0, decay)
    assert model.gravity(2.0, 5.0, decay) > model.gravity(2.0, 4.0, decay)
    assert model.gravity(2, 5, decay, kappa=3) == pytest.approx(3 * 2 * 5 / 100)


def test_scale_to_total():
    assert model.scale_to_total(np.array([1.0, 3.0]), 200).tolist() == [50, 150]
    assert model.scale_to_total(np.array([0.0, 0.0]), 200).tolist() == [0, 0]


@given(seed=seeds, gamma=values_of("gamma"))
def test_production_constraint_keeps_departures(seed, gamma):
    t = random_system(seed)
    departures = 1.0 + t["origin"]
    weight = t["destination_mass"] * model.power_decay(t["distance"], gamma)
    flow = model.production_constrained(departures, weight, t["origin"])
    np.testing.assert_allclose(group_sum(flow, t["origin"]), departures, rtol=1e-12)


def test_limits_of_gamma():
    place = np.array([0.0, 100.0, 250.0, 700.0])
    origin, destination = all_pairs([0, 1, 2, 3])
    distance = np.abs(place[origin] - place[destination])
    people = np.array([5.0, 1.0, 3.0, 8.0])[destination]

    def flow(gamma):
        weight = people * model.power_decay(distance, gamma)
        return model.production_constrained(np.ones(12), weight, origin)

    np.testing.assert_allclose(flow(0), people / group_sum(people, origin))
    nearest = np.array([1, 0, 1, 2])[origin] == destination
    np.testing.assert_allclose(flow(90), nearest, atol=1e-9)


@settings(max_examples=15)
@given(seed=seeds, gamma=values_of("gamma"))
def test_doubly_constrained_margins(seed, gamma):
    t = random_system(seed)
    rng = np.random.default_rng(seed)
    leaving, arriving = rng.uniform(1, 10, (2, 6))
    arriving *= leaving.sum() / arriving.sum()
    departures, arrivals = leaving[t["origin"]], arriving[t["destination"]]
    # Nobody moves to the place left, so no margin may exceed what all the others offer.
    if np.any(leaving + arriving > 0.9 * leaving.sum()):
        return
    margins = (departures, arrivals, t["origin"], t["destination"])
    weight = model.power_decay(t["distance"], gamma)
    flow = model.doubly_constrained(weight, *margins, rounds=3000)
    assert model.margin_gap(flow, *margins) < 1e-9
    assert np.all(flow >= 0)


def test_doubly_constrained_defaults_on_austria(austria):
    origin, destination = austria.origin, austria.destination
    departures = group_sum(austria.flow, origin)
    arrivals = group_sum(austria.flow, destination)
    margins = (departures, arrivals, origin, destination)
    for gamma, limit in ((0, 1e-12), (1, 1e-10), (1.26, 1e-9), (3, 3e-4)):
        weight = model.power_decay(austria.distance_km, gamma)
        flow = model.doubly_constrained(weight, *margins)
        np.testing.assert_allclose(group_sum(flow, destination), arrivals, rtol=1e-12)
        assert model.margin_gap(flow, *margins) < limit
    # The statistical fit of the same model finds the same flows.
    fit = model.fit_gravity(austria, "doubly", "power")
    weight = model.power_decay(austria.distance_km, fit.coefficients["gamma"])
    flow = model.doubly_constrained(weight, *margins, rounds=60)
    np.testing.assert_allclose(flow, fit.fitted, rtol=1e-8)


def test_three_by_three_table_by_hand():
    # First half round by hand: origins spread their movers by weights 1 : 1, 1 : 3 and 1 : 1.
    origin, destination = all_pairs([0, 1, 2])
    weight = np.array([1.0, 1.0, 1.0, 3.0, 1.0, 1.0])
    departures = np.array([10.0, 20.0, 30.0])[origin]
    arrivals = np.array([20.0, 20.0, 20.0])[destination]
    steps = model.fitting_steps(weight, departures, arrivals, origin, destination, rounds=200)
    assert len(steps) == 401
    np.testing.assert_allclose(steps[1], [5, 5, 5, 15, 15, 15])
    np.testing.assert_allclose(steps[2], [5, 5, 5, 15, 15, 15])
    assert model.margin_gap(steps[2], departures, arrivals, origin, destination) == 0


def test_empty_rows_stay_empty():
    origin, destination = all_pairs([0, 1, 2])
    departures = np.array([0.0, 20.0, 20.0])[origin]
    arrivals = np.array([20.0, 10.0, 10.0])[destination]
    margins = (departures, arrivals, origin, destination)
    flow = model.doubly_constrained(np.ones(6), *margins, rounds=100)
    assert np.all(flow[origin == 0] == 0)
    assert model.margin_gap(flow, *margins) < 1e-9
    # A margin that no weight can serve shows in the gap and gives no NaN.
    flow = model.doubly_constrained(np.where(destination == 1, 0.0, 1.0), *margins, rounds=100)
    assert np.all(np.isfinite(flow))
    assert model.margin_gap(flow, *margins) == pytest.approx(1)


def test_a_place_with_itself_gets_nothing():
    origin, destination = (grid.ravel() for grid in np.divmod(np.arange(9), 3))
    distance = 100.0 * np.abs(origin - destination)
    for decay in (model.power_decay(distance, 1.0), model.exponential_decay(distance, 0.01)):
        assert np.all((decay == 0) == (origin == destination))
    flow = model.production_constrained(np.ones(9), model.power_decay(distance, 1.0), origin)
    assert model.mean_distance(flow, distance) > 0
    assert np.isfinite(model.mean_log_distance(flow, distance))


# What is matched, and what falls with gamma ---------------------------------------------------


COUNTEREXAMPLE_KM = {
    (0, 1): 675, (0, 2): 78, (0, 3): 243, (1, 2): 691, (1, 3): 906, (2, 3): 216,
}  # fmt: skip


def test_mean_distance_may_rise_with_gamma():
    origin, destination = all_pairs([0, 1, 2, 3])
    distance = np.array(
        [COUNTEREXAMPLE_KM[min(i, j), max(i, j)] for i, j in zip(origin, destination, strict=True)],
        dtype=float,
    )
    leaving = np.array([0.60, 3.92, 12.52, 1.35])
    arriving = np.array([15.32, 1.69, 0.58, 0.81])
    arriving *= leaving.sum() / arriving.sum()
    means, log_means = [], []
    for gamma in (0, 3):
        flow = model.doubly_constrained(
            model.power_decay(distance, gamma), leaving[origin], arriving[destination],
            origin, destination, rounds=5000,
        )  # fmt: skip
        means.append(model.mean_distance(flow, distance))
        log_means.append(model.mean_log_distance(flow, distance))
    assert means == pytest.approx([281.0, 284.1], abs=0.05)
    assert log_means == pytest.approx([5.133, 5.095], abs=0.0005)


@settings(max_examples=50)
@given(seed=seeds, gamma=st.floats(0, 2.5), more=st.floats(0.01, 0.5))
def test_mean_log_distance_always_falls(seed, gamma, more):
    t = random_system(seed)
    departures = np.ones(len(t["origin"]))

    def mean_log(gamma):
        weight = t["destination_mass"] * model.power_decay(t["distance"], gamma)
        flow = model.production_constrained(departures, weight, t["origin"])
        return model.mean_log_distance(flow, t["distance"])

    assert mean_log(gamma + more) < mean_log(gamma) + 1e-12


# Published numbers: Austria ---------------------------------------------------------------------


def test_the_austrian_table(austria):
    assert len(austria) == 72
    assert austria.flow.sum() == 89_575
    distance = austria.pivot(index="origin", columns="destination", values="distance_km")
    np.testing.assert_array_equal(distance, distance.T)
    assert austria.groupby("origin").origin_mass.nunique().eq(1).all()
    assert austria.groupby("destination").destination_mass.nunique().eq(1).all()


PUBLISHED = [
    # The exponential rows are printed by Dennett (2012) and in the tests of pysal/spint.
    (
        "none",
        "exponential",
        {"alpha": 0.863868, "beta": 0.880475, "lambda_": 0.00620545},
        19_806.41,
    ),
    ("production", "exponential", {"beta": 0.892787, "lambda_": 0.00727113}, 15_279.97),
    ("doubly", "exponential", {"lambda_": 0.00791533}, 9_360.48),
    ("none", "power", {"alpha": 0.698, "beta": 0.728, "gamma": 1.06}, None),
    ("production", "power", {"gamma": 1.16}, None),
    ("doubly", "power", {"gamma": 1.26}, 5_655),
]


@pytest.mark.parametrize(("constraint", "decay", "coefficients", "deviance"), PUBLISHED)
def test_published_coefficients(austria, constraint, decay, coefficients, deviance):
    fit = model.fit_gravity(austria, constraint, decay)
    for name, value in coefficients.items():
        digits = len(str(value).split(".")[1])
        assert fit.coefficients[name] == pytest.approx(value, abs=0.51 * 10**-digits)
    if deviance:
        assert fit.deviance == pytest.approx(deviance, abs=0.5 if deviance == 5_655 else 0.005)


def test_printed_coefficient_of_the_doubly_constrained_model(austria):
    fit = model.fit_gravity(austria, "doubly", "exponential", robust=False)
    assert round(-fit.coefficients["lambda_"], 4) == -0.0079
    assert fit.standard_errors["lambda_"] == pytest.approx(5.06213514e-05, rel=1e-4)
    # Counts vary more than a Poisson distribution allows: robust errors are far larger.
    robust = model.fit_gravity(austria, "doubly", "exponential")
    assert robust.standard_errors["lambda_"] > 5 * fit.standard_errors["lambda_"]


@pytest.mark.parametrize("constraint", model.CONSTRAINTS)
def test_the_fit_matches_the_mean_of_its_own_decay_variable(austria, constraint):
    power = model.fit_gravity(austria, constraint, "power")
    assert power.fitted_mean_log_distance == pytest.approx(
        power.observed_mean_log_distance, abs=1e-9
    )
    assert abs(power.fitted_mean_distance - power.observed_mean_distance) > 0.5
    exponential = model.fit_gravity(austria, constraint, "exponential")
    assert exponential.fitted_mean_distance == pytest.approx(
        exponential.observed_mean_distance, abs=1e-6
    )
    assert abs(exponential.fitted_mean_log_distance - exponential.observed_mean_log_distance) > 0.01


def test_mean_distances_of_the_power_fit(austria):
    fit = model.fit_gravity(austria, "doubly", "power")
    assert fit.observed_mean_distance == pytest.approx(124.02, abs=0.005)
    assert fit.fitted_mean_distance == pytest.approx(123.31, abs=0.005)


@pytest.mark.parametrize("decay", model.DECAYS)
@pytest.mark.parametrize("constraint", model.CONSTRAINTS)
def test_fitted_margins(austria, constraint, decay):
    fit = model.fit_gravity(austria, constraint, decay)
    assert fit.fitted.sum() == pytest.approx(austria.flow.sum())
    if constraint != "none":
        np.testing.assert_allclose(
            group_sum(fit.fitted, austria.origin),
            group_sum(austria.flow, austria.origin),
            rtol=1e-9,
        )
    if constraint == "doubly":
        np.testing.assert_allclose(
            group_sum(fit.fitted, austria.destination),
            group_sum(austria.flow, austria.destination),
            rtol=1e-9,
        )


# Recovery and errors of the fit -----------------------------------------------------------------


def simulated_table(seed, decay, rate):
    t = random_system(seed, places=10)
    weight = {"power": model.power_decay, "exponential": model.exponential_decay}[decay]
    expected = model.gravity(
        t["origin_mass"], t["destination_mass"], weight(t["distance"], rate), 0.8, 0.9
    )
    return {
        "origin": t["origin"],
        "destination": t["destination"],
        "distance_km": t["distance"],
        "origin_mass": t["origin_mass"],
        "destination_mass": t["destination_mass"],
        "flow": model.simulated_flows(model.scale_to_total(expected, 2e6), seed),
    }


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("decay", "name", "rate"), [("power", "gamma", 1.3), ("exponential", "lambda_", 0.004)]
)
def test_simulated_parameters_are_recovered(seed, decay, name, rate):
    table = simulated_table(seed, decay, rate)
    for constraint in model.CONSTRAINTS:
        fit = model.fit_gravity(table, constraint, decay, robust=False)
        truth = {name: rate, "alpha": 0.8, "beta": 0.9}
        for key in {*truth} & {*fit.coefficients}:
            assert abs(fit.coefficients[key] - truth[key]) < 4 * fit.standard_errors[key]
            assert fit.coefficients[key] == pytest.approx(truth[key], rel=0.02)


def test_simulation_is_repeatable():
    expected = np.full(50, 30.0)
    np.testing.assert_array_equal(
        model.simulated_flows(expected, seed=7), model.simulated_flows(expected, seed=7)
    )
    assert np.any(
        model.simulated_flows(expected, seed=7) != model.simulated_flows(expected, seed=8)
    )


def test_kappa_reproduces_the_fitted_flows(austria):
    fit = model.fit_gravity(austria, "none", "power")
    flow = model.gravity(
        austria.origin_mass,
        austria.destination_mass,
        model.power_decay(austria.distance_km, fit.coefficients["gamma"]),
        *(fit.coefficients[name] for name in ("alpha", "beta", "kappa")),
    )
    np.testing.assert_allclose(flow, fit.fitted, rtol=1e-8)


def test_fit_refuses_what_it_cannot_use(austria):
    with pytest.raises(ValueError, match="no column 'distance_km'; it has: .*flow"):
        model.fit_gravity(austria.drop(columns="distance_km"))
    with pytest.raises(ValueError, match="flow is -5 in row 3"):
        model.fit_gravity(austria.assign(flow=austria.flow.where(austria.index != 3, -5)))
    with pytest.raises(ValueError, match="distance_km is 0 in row 7"):
        model.fit_gravity(
            austria.assign(distance_km=austria.distance_km.where(austria.index != 7, 0))
        )
    with pytest.raises(ValueError, match="origin 'Vienna' has no flow at all"):
        model.fit_gravity(austria.assign(flow=austria.flow.where(austria.origin != "Vienna", 0)))
    with pytest.raises(
        ValueError, match="constraint is 'triply'; expected one of none, production"
    ):
        model.fit_gravity(austria, "triply")
    with pytest.raises(ValueError, match="decay is 'linear'"):
        model.fit_gravity(austria, decay="linear")


# Implied elasticity: where is the center of a region? -------------------------------------------

ALMATY, TARAZ = (43.17712, 76.97452), (42.90159, 71.37693)
TALDYKORGAN, KONAYEV = (45.01641, 78.37918), (43.84405, 77.04006)


@pytest.mark.parametrize(
    ("center", "kilometers", "gamma"), [(TALDYKORGAN, 233, 1.41), (KONAYEV, 74, 0.52)]
)
def test_implied_gamma_depends_on_the_center(center, kilometers, gamma):
    # Thousands of moves to Almaty city in 2021; people on 1 January 2021.
    near = model.great_circle_distance(*center, *ALMATY)
    far = model.great_circle_distance(*TARAZ, *ALMATY)
    assert near == pytest.approx(kilometers, abs=0.5)
    implied = model.implied_gamma(30.4, 6.5, 2_077_967, 1_139_192, near, far)
    assert implied == pytest.approx(gamma, abs=0.005)


@given(gamma=values_of("gamma"), alpha=values_of("alpha"), ratio=st.floats(1.1, 20))
def test_implied_gamma_inverts_gravity(gamma, alpha, ratio):
    near, far = 50.0, 50.0 * ratio
    flows = [
        model.gravity(mass, 9.0, model.power_decay(distance, gamma), alpha)
        for mass, distance in ((3.0, near), (8.0, far))
    ]
    implied = model.implied_gamma(*flows, 3.0, 8.0, near, far, alpha)
    assert implied == pytest.approx(gamma, abs=1e-9)


# Stream and counterstream -----------------------------------------------------------------------


def test_counterstream():
    # January-September 2019, thousands: 30.4 to Russia, 2.2 from there.
    ratio = model.counterstream_ratio(30.4, 2.2)
    assert ratio == pytest.approx(0.07, abs=0.005)
    # From the ratio as from the flows: -86.5 seen from Kazakhstan.
    assert model.counterstream_effectiveness(ratio) == pytest.approx(86.5, abs=0.05)
    assert model.counterstream_effectiveness(ratio) == pytest.approx(
        100 * (30.4 - 2.2) / (30.4 + 2.2)
    )
    assert model.counterstream_effectiveness(np.array([0.0, 1.0])).tolist() == [100, 0]
    assert model.counterstream_ratio(0.0, 0.0) == 0


# Intervening opportunities ----------------------------------------------------------------------


def nearer_in(t):
    return model.opportunities_nearer(
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
    nearer = model.opportunities_nearer(origin, destination, [0, 50, 50, 90], [1000, 10, 20, 40])
    assert nearer.tolist() == [0, 0, 10, 30]


def test_triples_agree_with_pairs():
    t = random_system(seed=11, places=5)
    pairs = pd.DataFrame(t | {"nearer": nearer_in(t)})
    triples = pairs.merge(pairs, on="origin", suffixes=("", "_other"))
    nearer = model.nearer_in_triples(
        triples.distance.to_numpy(),
        triples.distance_other.to_numpy(),
        triples.destination_mass_other.to_numpy(),
        (triples.origin.to_numpy(), triples.destination.to_numpy()),
    )
    np.testing.assert_allclose(nearer, triples.nearer, atol=1e-9)


def test_published_values_for_two_towns():
    # R package movement (SEEG, Oxford): towns of 1,000 and 2,000, a tenth of the people move.
    departures, mass = np.array([100.0, 200.0]), np.array([1000.0, 2000.0])
    flow = model.intervening_opportunities(departures, mass[::-1], np.zeros(2), acceptance=0.1)
    assert flow == pytest.approx([100, 200])
    # The same package, original radiation model, everybody moves: 666.67 in both directions.
    share = model.radiation(mass, mass[::-1], np.zeros(2), mass.sum(), finite_size=False)
    assert mass * share == pytest.approx([2000 / 3, 2000 / 3])


@given(seed=seeds, acceptance=values_of("acceptance"))
def test_those_who_accept_nothing(seed, acceptance):
    t = random_system(seed)
    departures = 1.0 + t["origin"]
    flow = model.intervening_opportunities(
        departures, t["destination_mass"], nearer_in(t), acceptance
    )
    elsewhere = group_sum(t["destination_mass"], t["origin"])
    expected = departures * (1 - np.exp(-acceptance * elsewhere))
    np.testing.assert_allclose(group_sum(flow, t["origin"]), expected, rtol=1e-9)
    everybody = model.intervening_opportunities(
        departures, t["destination_mass"], nearer_in(t), acceptance, t["origin"]
    )
    np.testing.assert_allclose(group_sum(everybody, t["origin"]), departures, rtol=1e-9)
    np.testing.assert_allclose(everybody * expected, flow * departures, rtol=1e-9)


def test_limits_of_the_acceptance():
    t = random_system(seed=5)
    departures = np.ones(len(t["origin"]))
    nearest = nearer_in(t) == 0
    many = model.intervening_opportunities(departures, t["destination_mass"], nearer_in(t), 100)
    np.testing.assert_allclose(many, nearest, atol=1e-12)
    few = model.intervening_opportunities(departures, t["destination_mass"], nearer_in(t), 1e-12)
    np.testing.assert_allclose(few, 1e-12 * t["destination_mass"], rtol=1e-8)


# Radiation --------------------------------------------------------------------------------------


def radiation_in(t, **options):
    total = t["destination_mass"].sum() / (len(np.unique(t["origin"])) - 1)
    return model.radiation(t["origin_mass"], t["destination_mass"], nearer_in(t), total, **options)


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
    assert model.radiation(0.0, 5.0, 0.0, 5.0) == 0
    assert model.radiation(5.0, 0.0, 0.0, 5.0) == 0


# A town on the road -----------------------------------------------------------------------------


def road(position, size, theory):
    columns = {k: v for k, v in model.ROAD_ROWS.items() if k in argument_names(model.road_towns)}
    return model.road_towns(**columns, position=position, size=size, theory=theory)


@pytest.mark.parametrize(
    ("theory", "before", "at_50", "at_200"),
    [(0, 0.75, 0.30, 0.55), (1, 0.75, 0.22, 0.67), (2, 0.50, 0.17, 0.50)],
)
def test_a_town_on_the_road(theory, before, at_50, at_200):
    for position, expected in ((50, at_50), (200, at_200)):
        result = road(position, 100, theory)
        assert model.ROAD_ROWS["town"][0] == "Town 1"
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
    position, size, theory = model.ROAD_CONTROLS
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


# Step migration ---------------------------------------------------------------------------------

VILLAGE_AND_TOWN = {
    name: model.PARAMETERS[name].default
    for name in ("village_to_town", "village_to_city", "town_to_village", "town_to_city")
}
ALL_MOVES = VILLAGE_AND_TOWN | {
    name: model.PARAMETERS[name].default for name in ("city_to_village", "city_to_town")
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
    steps = model.steps_to_city(**VILLAGE_AND_TOWN)
    assert steps["through_town"] == pytest.approx(0.800, abs=0.0005)
    assert steps["town_last"] == pytest.approx(0.762, abs=0.0005)
    assert steps["years_from_village"] == pytest.approx(42.9, abs=0.05)
    assert steps["years_from_town"] == pytest.approx(28.6, abs=0.05)
    shares = model.stationary_shares(**ALL_MOVES)
    assert shares == pytest.approx((0.0833, 0.2917, 0.6250), abs=0.00005)


def test_direct_and_indirect_extremes():
    assert model.steps_to_city(0.0, 0.01, 0.01, 0.04)["through_town"] == 0
    assert model.steps_to_city(0.04, 0.0, 0.01, 0.04)["through_town"] == 1
    assert model.steps_to_city(0.04, 0.0, 0.01, 0.04)["town_last"] == pytest.approx(1)


moves = st.floats(0.001, 0.1)


@given(st.tuples(*[moves] * 6))
def test_chain_against_linear_algebra(p):
    names = list(ALL_MOVES)
    chosen = dict(zip(names, p, strict=True))
    matrix = matrix_of(**chosen)
    fundamental = np.linalg.inv(np.eye(2) - matrix[:2, :2])
    steps = model.steps_to_city(*p[:4])
    assert steps["town_last"] == pytest.approx(fundamental[0, 1] * matrix[1, 2])
    assert steps["years_from_village"] == pytest.approx(fundamental[0].sum())
    assert steps["years_from_town"] == pytest.approx(fundamental[1].sum())
    shares = np.array(model.stationary_shares(*p))
    assert shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(shares @ matrix, shares, atol=1e-12)
    path = np.array(model.markov_path(*p, years=12, start=(700, 200, 100)))
    np.testing.assert_allclose(
        path[:, 12], np.array([700, 200, 100]) @ np.linalg.matrix_power(matrix, 12)
    )
    np.testing.assert_allclose(path.sum(axis=0), 1000)


def test_following_a_thousand_villagers():
    village, town, city = model.markov_path(**VILLAGE_AND_TOWN, years=2000, start=(1000, 0, 0))
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
    stages = model.birthplace_paths(demand, passing, 0.0)
    other = model.birthplace_paths(demand, passing, direct)
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
    paths = model.birthplace_paths(2.0, 0.0, 0.0)
    assert paths["village_in_city"][-1] == 0
    assert paths["village_in_town"][-1] == paths["town_in_city"][-1] == pytest.approx(40)


def test_nobody_can_leave_twice():
    with pytest.raises(ValueError, match="demand is 6.0 a year; after 20 years"):
        model.birthplace_paths(6.0, 0.5, 0.0)


# Domains ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model.power_decay(-3.0, 1.0), r"distance is -3; expected .* 0 or more km"),
        (lambda: model.power_decay(np.array([1, np.nan]), 1.0), "distance is nan"),
        (lambda: model.exponential_decay(5.0, -0.1), "lambda_ is -0.1"),
        (lambda: model.great_circle_distance(95, 0, 0, 0), "lat1 is 95; expected .* -90 to 90"),
        (lambda: model.gravity(1.0, -1.0, 1.0), "destination_mass is -1"),
        (lambda: model.gravity(1.0, 1.0, 1.0, alpha=np.inf), "alpha is inf"),
        (lambda: model.scale_to_total([1.0], -1.0), "total is -1"),
        (lambda: model.production_constrained([-1.0], [1.0], ["a"]), "departures is -1"),
        (
            lambda: model.doubly_constrained(
                np.ones(2), np.array([1, 2]), np.array([1, 1]), np.array([0, 1]), np.array([1, 0])
            ),
            "arrivals add up to 2, departures to 3",
        ),
        (lambda: model.implied_gamma(1, 0, 1, 1, 1, 2), "flow_b is 0"),
        (lambda: model.implied_gamma(1, 1, 1, 1, 2, 2), "distance explains nothing"),
        (lambda: model.flow_asymmetry(1, 0, 1, 1), "destination_mass is 0"),
        (lambda: model.intervening_opportunities(1, 1, -1, 1), "nearer is -1"),
        (lambda: model.radiation(1, 1, 1, -3), "total is -3"),
        (lambda: model.markov_path(1.2, 0.0), "village_to_town is 1.2; expected .* 0 to 1"),
        (lambda: model.markov_path(0.7, 0.6), "moves out of the village add up to 1.3"),
        (lambda: model.steps_to_city(0.1, 0.0, 0.1, 0.0), "somebody never reaches the city"),
        (lambda: model.birthplace_paths(1, 2, 0), "passing is 2"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@settings(max_examples=150)
@given(
    seed=seeds,
    alpha=values_of("alpha"),
    beta=values_of("beta"),
    gamma=values_of("gamma"),
    lambda_=values_of("lambda_"),
    kappa=values_of("kappa"),
    acceptance=values_of("acceptance"),
)
def test_no_setting_gives_nan(seed, alpha, beta, gamma, lambda_, kappa, acceptance):
    t = random_system(seed)
    departures = t["origin_mass"]
    results = []
    for decay in (
        model.power_decay(t["distance"], gamma),
        model.exponential_decay(t["distance"], lambda_),
    ):
        flow = model.gravity(t["origin_mass"], t["destination_mass"], decay, alpha, beta, kappa)
        results += [
            flow,
            model.scale_to_total(flow, 1e6),
            model.production_constrained(departures, flow, t["origin"]),
            model.doubly_constrained(
                flow, departures, t["destination_mass"], t["origin"], t["destination"]
            ),
            model.mean_distance(flow, t["distance"]),
            model.mean_log_distance(flow, t["distance"]),
        ]
    results.append(
        model.intervening_opportunities(
            departures, t["destination_mass"], nearer_in(t), acceptance, t["origin"]
        )
    )
    for result in results:
        assert np.all(np.isfinite(result))


@given(st.tuples(*(values_of(name) for name in ALL_MOVES)))
def test_no_chain_gives_nan(p):
    path = np.array(model.markov_path(*p, years=60))
    assert np.all((path >= 0) & (path <= 1 + 1e-12))
    assert np.all(np.isfinite(model.stationary_shares(*p)))
    assert np.all(np.isfinite(list(model.steps_to_city(*p[:4]).values())))


# Recording for the page -------------------------------------------------------------------------


def test_the_road_can_be_recorded():
    for theory in (0, 1, 2):
        controls = {"position": 65.0, "size": 120.0, "theory": theory}
        assert_recorded_equals_computed(model.road_towns, model.ROAD_ROWS, controls)


def test_flows_can_be_recorded(austria):
    def flows(origin, destination, flow, distance_km, origin_mass, destination_mass, alpha, beta,
              gamma, lambda_, acceptance, nearer, total):  # fmt: skip
        departures, arrivals = group_sum(flow, origin), group_sum(flow, destination)
        decay = model.power_decay(distance_km, gamma)
        fitted = model.doubly_constrained(decay, departures, arrivals, origin, destination)
        free = model.gravity(origin_mass, destination_mass, decay, alpha, beta)
        return {
            "free": model.scale_to_total(free, np.sum(flow)),
            "exponential": model.exponential_decay(distance_km, lambda_),
            "kept": model.production_constrained(departures, free, origin),
            "fitted": fitted,
            "gap": model.margin_gap(fitted, departures, arrivals, origin, destination),
            "mean": model.mean_distance(fitted, distance_km),
            "mean_log": model.mean_log_distance(fitted, distance_km),
            "stopped": model.intervening_opportunities(
                departures, destination_mass, nearer, acceptance, origin
            ),
            "radiated": model.radiation(origin_mass, destination_mass, nearer, total),
            "effectiveness": model.counterstream_effectiveness(
                model.flow_asymmetry(destination_mass, origin_mass, alpha, beta)
            ),
        }

    rows = {name: austria[name].to_numpy() for name in austria}
    rows["nearer"] = model.opportunities_nearer(
        rows["origin"], rows["destination"], rows["distance_km"], rows["destination_mass"]
    )
    controls = {"alpha": 0.7, "beta": 0.9, "gamma": 1.26, "lambda_": 0.0079}
    controls |= {"acceptance": 0.0001, "total": 94_243.0}
    assert_recorded_equals_computed(flows, rows, controls)


def test_steps_can_be_recorded():
    def steps(year, village_to_town, village_to_city, town_to_village, town_to_city,
              city_to_village, city_to_town, demand, passing, direct):  # fmt: skip
        first = (village_to_town, village_to_city, town_to_village, town_to_city)
        village, town, city = model.markov_path(*first, city_to_village, city_to_town, years=20)
        shares = model.stationary_shares(*first, city_to_village, city_to_town)
        paths = model.birthplace_paths(demand, passing, direct)
        return {
            "village": pick(year, village),
            "town": pick(year, town),
            "city": pick(year, city),
            "in_the_end": shares[2],
            "born_in_village": pick(year, paths["village_in_city"]),
            "passed": pick(year, paths["village_to_town"]),
            **model.steps_to_city(*first),
        }

    controls = {**ALL_MOVES, "demand": 2.0, "passing": 0.5, "direct": 0.25}
    assert_recorded_equals_computed(steps, {"year": np.arange(21)}, controls)


def test_distances_can_be_recorded():
    def distances(lat1, lon1, lat2, lon2):
        return {"distance": model.great_circle_distance(lat1, lon1, lat2, lon2)}

    rows = {"lat1": np.array([0.0, 43.2]), "lon1": np.array([170.0, 76.9])}
    assert_recorded_equals_computed(distances, rows, {"lat2": 51.2, "lon2": -170.0})
