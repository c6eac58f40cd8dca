"""Distance, decay and gravity against closed forms, limits and known numbers."""

import numpy as np
import pytest
from explorers.tracing import group_sum
from hypothesis import given, settings
from hypothesis import strategies as st
from migrationlab import indicators as ind
from migrationlab.models import gravity, gravity_fit
from pair_tables import all_pairs, random_system, seeds
from replaying import assert_recorded_equals_computed


def values_of(name):
    parameter = gravity.PARAMETERS[name]
    return st.floats(parameter.low, parameter.high)


# Distance and decay -------------------------------------------------------------------------------


def test_great_circle_closed_forms():
    quarter = np.pi / 2 * gravity.EARTH_RADIUS_KM
    assert gravity.great_circle_distance(0, 0, 0, 90) == pytest.approx(quarter)
    assert gravity.great_circle_distance(-90, 0, 90, 123) == pytest.approx(2 * quarter)
    assert gravity.great_circle_distance(0, -90, 0, 90) == pytest.approx(2 * quarter)
    assert gravity.great_circle_distance(43.2, 76.9, 43.2, 76.9) == 0
    # The shortest way from 170 E to 170 W crosses the date line.
    assert gravity.great_circle_distance(0, 170, 0, -170) == pytest.approx(20 / 90 * quarter)


def test_great_circle_astana_almaty():
    # Published air distance: about 970 km.
    assert gravity.great_circle_distance(51.166, 71.458, 43.177, 76.975) == pytest.approx(
        975, abs=10
    )


@given(seed=seeds)
def test_great_circle_is_symmetric_and_obeys_the_triangle(seed):
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(-90, 90, 3), rng.uniform(-180, 180, 3)
    ab, ba, bc, ac = (
        gravity.great_circle_distance(lat[i], lon[i], lat[j], lon[j])
        for i, j in ((0, 1), (1, 0), (1, 2), (0, 2))
    )
    assert ab == pytest.approx(ba)
    assert ac <= ab + bc + 1e-6


def test_decay_limits_and_halving():
    distance = np.array([0.0, 10.0, 20.0, 500.0])
    np.testing.assert_array_equal(gravity.power_decay(distance, 0), [0, 1, 1, 1])
    np.testing.assert_array_equal(gravity.exponential_decay(distance, 0), [0, 1, 1, 1])
    assert gravity.power_decay(20.0, 1) == pytest.approx(gravity.power_decay(10.0, 1) / 2)
    # Table of symbols: 0.00792 per km halves every 87.6 km.
    halving = np.log(2) / 0.00792
    assert halving == pytest.approx(87.5, abs=0.05)
    assert gravity.exponential_decay(halving, 0.00792) == pytest.approx(0.5)


def test_a_shorter_effective_distance():
    # Distance elasticity 0.92, distance down by 30 %: 38.8 % more.
    gain = gravity.power_decay(70.0, 0.92) / gravity.power_decay(100.0, 0.92)
    assert gain == pytest.approx(0.7**-0.92)
    assert gain == pytest.approx(1.388, abs=0.0005)


@given(distance=st.floats(1, 5000), gamma=values_of("gamma"))
def test_distance_elasticity_is_exactly_minus_gamma(distance, gamma):
    near, far = (
        gravity.gravity(5.0, 7.0, gravity.power_decay(d, gamma)) for d in (distance, 3 * distance)
    )
    assert np.log(far / near) / np.log(3) == pytest.approx(-gamma, abs=1e-9)


# Gravity and its constraints ----------------------------------------------------------------------


@given(seed=seeds, alpha=values_of("alpha"), gamma=values_of("gamma"))
def test_equal_elasticities_mean_no_net_migration(seed, alpha, gamma):
    t = random_system(seed)
    decay = gravity.power_decay(t["distance"], gamma)
    flow = gravity.gravity(t["origin_mass"], t["destination_mass"], decay, alpha, alpha)
    back = gravity.gravity(t["destination_mass"], t["origin_mass"], decay, alpha, alpha)
    np.testing.assert_allclose(flow, back, rtol=1e-12)


@given(seed=seeds, alpha=values_of("alpha"), beta=values_of("beta"), gamma=values_of("gamma"))
def test_asymmetry_of_gravity(seed, alpha, beta, gamma):
    t = random_system(seed)
    decay = gravity.power_decay(t["distance"], gamma)
    flow = gravity.gravity(t["origin_mass"], t["destination_mass"], decay, alpha, beta)
    back = gravity.gravity(t["destination_mass"], t["origin_mass"], decay, alpha, beta)
    asymmetry = gravity.flow_asymmetry(t["origin_mass"], t["destination_mass"], alpha, beta)
    np.testing.assert_allclose(flow / back, asymmetry, rtol=1e-9)


def test_gravity_grows_with_both_masses():
    decay = gravity.power_decay(100.0, 1.0)
    assert gravity.gravity(2.0, 5.0, decay) > gravity.gravity(1.0, 5.0, decay)
    assert gravity.gravity(2.0, 5.0, decay) > gravity.gravity(2.0, 4.0, decay)
    assert gravity.gravity(2, 5, decay, kappa=3) == pytest.approx(3 * 2 * 5 / 100)


def test_scale_to_total():
    assert gravity.scale_to_total(np.array([1.0, 3.0]), 200).tolist() == [50, 150]
    assert gravity.scale_to_total(np.array([0.0, 0.0]), 200).tolist() == [0, 0]


@given(seed=seeds, gamma=values_of("gamma"))
def test_production_constraint_keeps_departures(seed, gamma):
    t = random_system(seed)
    departures = 1.0 + t["origin"]
    weight = t["destination_mass"] * gravity.power_decay(t["distance"], gamma)
    flow = gravity.production_constrained(departures, weight, t["origin"])
    np.testing.assert_allclose(group_sum(flow, t["origin"]), departures, rtol=1e-12)


def test_limits_of_gamma():
    place = np.array([0.0, 100.0, 250.0, 700.0])
    origin, destination = all_pairs([0, 1, 2, 3])
    distance = np.abs(place[origin] - place[destination])
    people = np.array([5.0, 1.0, 3.0, 8.0])[destination]

    def flow(gamma):
        weight = people * gravity.power_decay(distance, gamma)
        return gravity.production_constrained(np.ones(12), weight, origin)

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
    weight = gravity.power_decay(t["distance"], gamma)
    flow = gravity.doubly_constrained(weight, *margins, rounds=3000)
    assert gravity.margin_gap(flow, *margins) < 1e-9
    assert np.all(flow >= 0)


def test_doubly_constrained_defaults_on_austria(austria):
    origin, destination = austria.origin, austria.destination
    departures = group_sum(austria.flow, origin)
    arrivals = group_sum(austria.flow, destination)
    margins = (departures, arrivals, origin, destination)
    for gamma, limit in ((0, 1e-12), (1, 1e-10), (1.26, 1e-9), (3, 3e-4)):
        weight = gravity.power_decay(austria.distance_km, gamma)
        flow = gravity.doubly_constrained(weight, *margins)
        np.testing.assert_allclose(group_sum(flow, destination), arrivals, rtol=1e-12)
        assert gravity.margin_gap(flow, *margins) < limit
    # The statistical fit of the same model finds the same flows.
    fit = gravity_fit.fit_gravity(austria, "doubly", "power")
    weight = gravity.power_decay(austria.distance_km, fit.coefficients["gamma"])
    flow = gravity.doubly_constrained(weight, *margins, rounds=60)
    np.testing.assert_allclose(flow, fit.fitted, rtol=1e-8)


def test_three_by_three_table_by_hand():
    # First half round by hand: origins spread their movers by weights 1 : 1, 1 : 3 and 1 : 1.
    origin, destination = all_pairs([0, 1, 2])
    weight = np.array([1.0, 1.0, 1.0, 3.0, 1.0, 1.0])
    departures = np.array([10.0, 20.0, 30.0])[origin]
    arrivals = np.array([20.0, 20.0, 20.0])[destination]
    steps = gravity.fitting_steps(weight, departures, arrivals, origin, destination, rounds=200)
    assert len(steps) == 401
    np.testing.assert_allclose(steps[1], [5, 5, 5, 15, 15, 15])
    np.testing.assert_allclose(steps[2], [5, 5, 5, 15, 15, 15])
    assert gravity.margin_gap(steps[2], departures, arrivals, origin, destination) == 0


def test_empty_rows_stay_empty():
    origin, destination = all_pairs([0, 1, 2])
    departures = np.array([0.0, 20.0, 20.0])[origin]
    arrivals = np.array([20.0, 10.0, 10.0])[destination]
    margins = (departures, arrivals, origin, destination)
    flow = gravity.doubly_constrained(np.ones(6), *margins, rounds=100)
    assert np.all(flow[origin == 0] == 0)
    assert gravity.margin_gap(flow, *margins) < 1e-9
    # A margin that no weight can serve shows in the gap and gives no NaN.
    flow = gravity.doubly_constrained(np.where(destination == 1, 0.0, 1.0), *margins, rounds=100)
    assert np.all(np.isfinite(flow))
    assert gravity.margin_gap(flow, *margins) == pytest.approx(1)


def test_a_place_with_itself_gets_nothing():
    origin, destination = (grid.ravel() for grid in np.divmod(np.arange(9), 3))
    distance = 100.0 * np.abs(origin - destination)
    for decay in (gravity.power_decay(distance, 1.0), gravity.exponential_decay(distance, 0.01)):
        assert np.all((decay == 0) == (origin == destination))
    flow = gravity.production_constrained(np.ones(9), gravity.power_decay(distance, 1.0), origin)
    assert gravity.mean_distance(flow, distance) > 0
    assert np.isfinite(gravity.mean_log_distance(flow, distance))


def test_totals_that_differ_by_a_millionth_are_refused():
    t = random_system(0)
    weight = gravity.gravity(t["origin_mass"], t["destination_mass"], 1 / t["distance"])
    arrivals = t["destination_mass"] * (1 + 1e-6)
    with pytest.raises(ValueError, match="add up to"):
        gravity.doubly_constrained(
            weight, t["origin_mass"], arrivals, t["origin"], t["destination"]
        )


# What is matched, and what falls with gamma -------------------------------------------------------


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
        flow = gravity.doubly_constrained(
            gravity.power_decay(distance, gamma), leaving[origin], arriving[destination],
            origin, destination, rounds=5000,
        )  # fmt: skip
        means.append(gravity.mean_distance(flow, distance))
        log_means.append(gravity.mean_log_distance(flow, distance))
    assert means == pytest.approx([281.0, 284.1], abs=0.05)
    assert log_means == pytest.approx([5.133, 5.095], abs=0.0005)


@settings(max_examples=50)
@given(seed=seeds, gamma=st.floats(0, 2.5), more=st.floats(0.01, 0.5))
def test_mean_log_distance_always_falls(seed, gamma, more):
    t = random_system(seed)
    departures = np.ones(len(t["origin"]))

    def mean_log(gamma):
        weight = t["destination_mass"] * gravity.power_decay(t["distance"], gamma)
        flow = gravity.production_constrained(departures, weight, t["origin"])
        return gravity.mean_log_distance(flow, t["distance"])

    assert mean_log(gamma + more) < mean_log(gamma) + 1e-12


# Implied elasticity: where is the center of a region? ---------------------------------------------


ALMATY, TARAZ = (43.17712, 76.97452), (42.90159, 71.37693)
TALDYKORGAN, KONAYEV = (45.01641, 78.37918), (43.84405, 77.04006)


@pytest.mark.parametrize(
    ("center", "kilometers", "gamma"), [(TALDYKORGAN, 233, 1.41), (KONAYEV, 74, 0.52)]
)
def test_implied_gamma_depends_on_the_center(center, kilometers, gamma):
    # Thousands of moves to Almaty city in 2021; people on 1 January 2021.
    near = gravity.great_circle_distance(*center, *ALMATY)
    far = gravity.great_circle_distance(*TARAZ, *ALMATY)
    assert near == pytest.approx(kilometers, abs=0.5)
    implied = gravity.implied_gamma(30.4, 6.5, 2_077_967, 1_139_192, near, far)
    assert implied == pytest.approx(gamma, abs=0.005)


@given(gamma=values_of("gamma"), alpha=values_of("alpha"), ratio=st.floats(1.1, 20))
def test_implied_gamma_inverts_gravity(gamma, alpha, ratio):
    near, far = 50.0, 50.0 * ratio
    flows = [
        gravity.gravity(mass, 9.0, gravity.power_decay(distance, gamma), alpha)
        for mass, distance in ((3.0, near), (8.0, far))
    ]
    implied = gravity.implied_gamma(*flows, 3.0, 8.0, near, far, alpha)
    assert implied == pytest.approx(gamma, abs=1e-9)


# Domains ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gravity.power_decay(-3.0, 1.0), r"distance is -3; expected .* 0 or more km"),
        (lambda: gravity.power_decay(np.array([1, np.nan]), 1.0), "distance is nan"),
        (lambda: gravity.exponential_decay(5.0, -0.1), "lambda_ is -0.1"),
        (lambda: gravity.great_circle_distance(95, 0, 0, 0), "lat1 is 95; expected .* -90 to 90"),
        (lambda: gravity.gravity(1.0, -1.0, 1.0), "destination_mass is -1"),
        (lambda: gravity.gravity(1.0, 1.0, 1.0, alpha=np.inf), "alpha is inf"),
        (lambda: gravity.scale_to_total([1.0], -1.0), "total is -1"),
        (lambda: gravity.production_constrained([-1.0], [1.0], ["a"]), "departures is -1"),
        (
            lambda: gravity.doubly_constrained(
                np.ones(2), np.array([1, 2]), np.array([1, 1]), np.array([0, 1]), np.array([1, 0])
            ),
            "arrivals add up to 2, departures to 3",
        ),
        (lambda: gravity.implied_gamma(1, 0, 1, 1, 1, 2), "flow_b is 0"),
        (lambda: gravity.implied_gamma(1, 1, 1, 1, 2, 2), "distance explains nothing"),
        (lambda: gravity.flow_asymmetry(1, 0, 1, 1), "destination_mass is 0"),
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
)
def test_no_setting_gives_nan(seed, alpha, beta, gamma, lambda_, kappa):
    t = random_system(seed)
    departures = t["origin_mass"]
    results = []
    for decay in (
        gravity.power_decay(t["distance"], gamma),
        gravity.exponential_decay(t["distance"], lambda_),
    ):
        flow = gravity.gravity(t["origin_mass"], t["destination_mass"], decay, alpha, beta, kappa)
        results += [
            flow,
            gravity.scale_to_total(flow, 1e6),
            gravity.production_constrained(departures, flow, t["origin"]),
            gravity.doubly_constrained(
                flow, departures, t["destination_mass"], t["origin"], t["destination"]
            ),
            gravity.mean_distance(flow, t["distance"]),
            gravity.mean_log_distance(flow, t["distance"]),
        ]
    for result in results:
        assert np.all(np.isfinite(result))


# Recording for the page ---------------------------------------------------------------------------


def test_flows_can_be_recorded(austria):
    def flows(origin, destination, flow, distance_km, origin_mass, destination_mass, alpha, beta,
              gamma, lambda_):  # fmt: skip
        departures, arrivals = group_sum(flow, origin), group_sum(flow, destination)
        decay = gravity.power_decay(distance_km, gamma)
        fitted = gravity.doubly_constrained(decay, departures, arrivals, origin, destination)
        free = gravity.gravity(origin_mass, destination_mass, decay, alpha, beta)
        return {
            "free": gravity.scale_to_total(free, np.sum(flow)),
            "exponential": gravity.exponential_decay(distance_km, lambda_),
            "kept": gravity.production_constrained(departures, free, origin),
            "fitted": fitted,
            "gap": gravity.margin_gap(fitted, departures, arrivals, origin, destination),
            "mean": gravity.mean_distance(fitted, distance_km),
            "mean_log": gravity.mean_log_distance(fitted, distance_km),
            "effectiveness": ind.effectiveness_from_counterstream(
                gravity.flow_asymmetry(destination_mass, origin_mass, alpha, beta)
            ),
        }

    rows = {name: austria[name].to_numpy() for name in austria}
    controls = {"alpha": 0.7, "beta": 0.9, "gamma": 1.26, "lambda_": 0.0079}
    assert_recorded_equals_computed(flows, rows, controls)


def test_distances_can_be_recorded():
    def distances(lat1, lon1, lat2, lon2):
        return {"distance": gravity.great_circle_distance(lat1, lon1, lat2, lon2)}

    rows = {"lat1": np.array([0.0, 43.2]), "lon1": np.array([170.0, 76.9])}
    assert_recorded_equals_computed(distances, rows, {"lat2": 51.2, "lon2": -170.0})
