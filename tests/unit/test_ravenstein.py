"""Ravenstein's models against closed forms and published numbers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explorers.tracing import argument_names, group_sum, pick
from hypothesis import given, settings
from hypothesis import strategies as st
from migrationlab import indicators as ind
from migrationlab.models import gravity, gravity_fit, opportunities, step_migration
from replaying import assert_recorded_equals_computed

PARAMETERS = gravity.PARAMETERS | opportunities.PARAMETERS | step_migration.PARAMETERS
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
    parameter = PARAMETERS[name]
    return st.floats(parameter.low, parameter.high)


# Distance and decay -----------------------------------------------------------------------------


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


# Gravity and its constraints --------------------------------------------------------------------


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
    fit = gravity_fit.fit_gravity(austria, constraint, decay)
    for name, value in coefficients.items():
        digits = len(str(value).split(".")[1])
        assert fit.coefficients[name] == pytest.approx(value, abs=0.51 * 10**-digits)
    if deviance:
        assert fit.deviance == pytest.approx(deviance, abs=0.5 if deviance == 5_655 else 0.005)


def test_printed_coefficient_of_the_doubly_constrained_model(austria):
    fit = gravity_fit.fit_gravity(austria, "doubly", "exponential", robust=False)
    assert round(-fit.coefficients["lambda_"], 4) == -0.0079
    assert fit.standard_errors["lambda_"] == pytest.approx(5.06213514e-05, rel=1e-4)
    # Counts vary more than a Poisson distribution allows: robust errors are far larger.
    robust = gravity_fit.fit_gravity(austria, "doubly", "exponential")
    assert robust.standard_errors["lambda_"] > 5 * fit.standard_errors["lambda_"]


@pytest.mark.parametrize("constraint", gravity.CONSTRAINTS)
def test_the_fit_matches_the_mean_of_its_own_decay_variable(austria, constraint):
    power = gravity_fit.fit_gravity(austria, constraint, "power")
    assert power.fitted_mean_log_distance == pytest.approx(
        power.observed_mean_log_distance, abs=1e-9
    )
    assert abs(power.fitted_mean_distance - power.observed_mean_distance) > 0.5
    exponential = gravity_fit.fit_gravity(austria, constraint, "exponential")
    assert exponential.fitted_mean_distance == pytest.approx(
        exponential.observed_mean_distance, abs=1e-6
    )
    assert abs(exponential.fitted_mean_log_distance - exponential.observed_mean_log_distance) > 0.01


def test_mean_distances_of_the_power_fit(austria):
    fit = gravity_fit.fit_gravity(austria, "doubly", "power")
    assert fit.observed_mean_distance == pytest.approx(124.02, abs=0.005)
    assert fit.fitted_mean_distance == pytest.approx(123.31, abs=0.005)


@pytest.mark.parametrize("decay", gravity.DECAYS)
@pytest.mark.parametrize("constraint", gravity.CONSTRAINTS)
def test_fitted_margins(austria, constraint, decay):
    fit = gravity_fit.fit_gravity(austria, constraint, decay)
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
    weight = {"power": gravity.power_decay, "exponential": gravity.exponential_decay}[decay]
    expected = gravity.gravity(
        t["origin_mass"], t["destination_mass"], weight(t["distance"], rate), 0.8, 0.9
    )
    return {
        "origin": t["origin"],
        "destination": t["destination"],
        "distance_km": t["distance"],
        "origin_mass": t["origin_mass"],
        "destination_mass": t["destination_mass"],
        "flow": gravity_fit.simulated_flows(gravity.scale_to_total(expected, 2e6), seed),
    }


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("decay", "name", "rate"), [("power", "gamma", 1.3), ("exponential", "lambda_", 0.004)]
)
def test_simulated_parameters_are_recovered(seed, decay, name, rate):
    table = simulated_table(seed, decay, rate)
    for constraint in gravity.CONSTRAINTS:
        fit = gravity_fit.fit_gravity(table, constraint, decay, robust=False)
        truth = {name: rate, "alpha": 0.8, "beta": 0.9}
        for key in {*truth} & {*fit.coefficients}:
            assert abs(fit.coefficients[key] - truth[key]) < 4 * fit.standard_errors[key]
            assert fit.coefficients[key] == pytest.approx(truth[key], rel=0.02)


def test_simulation_is_repeatable():
    expected = np.full(50, 30.0)
    np.testing.assert_array_equal(
        gravity_fit.simulated_flows(expected, seed=7), gravity_fit.simulated_flows(expected, seed=7)
    )
    assert np.any(
        gravity_fit.simulated_flows(expected, seed=7)
        != gravity_fit.simulated_flows(expected, seed=8)
    )


def test_kappa_reproduces_the_fitted_flows(austria):
    fit = gravity_fit.fit_gravity(austria, "none", "power")
    flow = gravity.gravity(
        austria.origin_mass,
        austria.destination_mass,
        gravity.power_decay(austria.distance_km, fit.coefficients["gamma"]),
        *(fit.coefficients[name] for name in ("alpha", "beta", "kappa")),
    )
    np.testing.assert_allclose(flow, fit.fitted, rtol=1e-8)


def sandwich(design, flow, fitted):
    """Return HC1 standard errors by hand: n/(n − k) times bread, meat and bread."""
    n, k = design.shape
    bread = np.linalg.inv(design.T @ (fitted[:, None] * design))
    meat = design.T @ ((flow - fitted)[:, None] ** 2 * design)
    return np.sqrt(np.diag(n / (n - k) * bread @ meat @ bread))


def test_robust_errors_are_the_sandwich_by_hand(austria):
    fit = gravity_fit.fit_gravity(austria, "none", "power")
    flow = austria["flow"].to_numpy(float)
    columns = [-np.log(austria["distance_km"]), np.log(austria["origin_mass"])]
    columns += [np.log(austria["destination_mass"]), np.ones(len(flow))]
    by_hand = sandwich(np.column_stack(columns), flow, fit.fitted)
    errors = fit.standard_errors
    found = [errors["gamma"], errors["alpha"], errors["beta"]]
    np.testing.assert_allclose(found, by_hand[:3], rtol=1e-6)


def test_robust_errors_of_few_rows(austria):
    few = austria[austria["origin"].isin(austria["origin"].unique()[:4])]
    few = few[few["destination"].isin(few["origin"])]
    fit = gravity_fit.fit_gravity(few, "production", "power")
    places = few["origin"].to_numpy()
    columns = [-np.log(few["distance_km"]), np.log(few["destination_mass"]), np.ones(len(few))]
    columns += [places == place for place in np.unique(places)[1:]]
    design = np.column_stack(columns).astype(float)
    by_hand = sandwich(design, few["flow"].to_numpy(float), fit.fitted)
    assert len(few) == 12 and design.shape[1] == 6
    assert fit.standard_errors["gamma"] == pytest.approx(by_hand[0], rel=1e-6)


@pytest.mark.parametrize("robust", [True, False])
@pytest.mark.parametrize(
    ("constraint", "same", "named"),
    [
        ("production", ["destination_mass"], "destination_mass"),
        ("none", ["destination_mass"], "destination_mass"),
        ("none", ["origin_mass"], "origin_mass"),
        ("none", ["origin_mass", "destination_mass"], "origin_mass"),
        ("doubly", ["distance_km"], "distance_km"),
    ],
)
def test_a_column_that_says_nothing_is_named(austria, constraint, same, named, robust):
    table = austria.assign(**dict.fromkeys(same, 1000.0))
    with pytest.raises(ValueError, match=f"{named} says nothing that the other columns"):
        gravity_fit.fit_gravity(table, constraint, robust=robust)


def test_groups_of_places_without_a_flow_between_them_are_refused():
    places = [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")] * 2
    table = {
        "origin": np.array([a for a, _ in places]),
        "destination": np.array([b for _, b in places]),
        "flow": np.arange(1.0, 9),
        "distance_km": np.array([100, 200, 150, 120, 90, 80, 70, 60.0]),
    }
    with pytest.raises(ValueError, match="fall into groups without a flow between them"):
        gravity_fit.fit_gravity(table, "doubly")


def test_as_many_coefficients_as_rows_leave_no_error_to_tell(austria):
    table = austria[austria["origin"] == austria["origin"].iloc[0]].iloc[:3]
    with pytest.raises(ValueError, match="nothing is left over"):
        gravity_fit.fit_gravity(table.assign(destination_mass=[1.0, 2.0, 5.0]), "production")


def test_totals_that_differ_by_a_millionth_are_refused():
    t = random_system(0)
    weight = gravity.gravity(t["origin_mass"], t["destination_mass"], 1 / t["distance"])
    arrivals = t["destination_mass"] * (1 + 1e-6)
    with pytest.raises(ValueError, match="add up to"):
        gravity.doubly_constrained(
            weight, t["origin_mass"], arrivals, t["origin"], t["destination"]
        )


def test_fit_refuses_what_it_cannot_use(austria):
    with pytest.raises(ValueError, match="no column 'distance_km'; it has: .*flow"):
        gravity_fit.fit_gravity(austria.drop(columns="distance_km"))
    with pytest.raises(ValueError, match="flow is -5 in row 3"):
        gravity_fit.fit_gravity(austria.assign(flow=austria.flow.where(austria.index != 3, -5)))
    with pytest.raises(ValueError, match="distance_km is 0 in row 7"):
        gravity_fit.fit_gravity(
            austria.assign(distance_km=austria.distance_km.where(austria.index != 7, 0))
        )
    with pytest.raises(ValueError, match="origin 'Vienna' has no flow at all"):
        gravity_fit.fit_gravity(
            austria.assign(flow=austria.flow.where(austria.origin != "Vienna", 0))
        )
    with pytest.raises(
        ValueError, match="constraint is 'triply'; expected one of none, production"
    ):
        gravity_fit.fit_gravity(austria, "triply")
    with pytest.raises(ValueError, match="decay is 'linear'"):
        gravity_fit.fit_gravity(austria, decay="linear")


# Implied elasticity: where is the center of a region? -------------------------------------------

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


# Stream and counterstream -----------------------------------------------------------------------


def test_counterstream():
    # January-September 2019, thousands: 30.4 to Russia, 2.2 from there.
    ratio = ind.counterstream_ratio(30.4, 2.2)
    assert ratio == pytest.approx(0.07, abs=0.005)
    # From the ratio as from the flows: -86.5 seen from Kazakhstan.
    assert ind.effectiveness_from_counterstream(ratio) == pytest.approx(86.5, abs=0.05)
    assert ind.effectiveness_from_counterstream(ratio) == pytest.approx(
        100 * (30.4 - 2.2) / (30.4 + 2.2)
    )
    assert ind.effectiveness_from_counterstream(np.array([0.0, 1.0])).tolist() == [100, 0]
    assert ind.counterstream_ratio(0.0, 0.0) == 0


# Intervening opportunities ----------------------------------------------------------------------


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


# Radiation --------------------------------------------------------------------------------------


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


# A town on the road -----------------------------------------------------------------------------


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


# Step migration ---------------------------------------------------------------------------------

VILLAGE_AND_TOWN = {
    name: PARAMETERS[name].default
    for name in ("village_to_town", "village_to_city", "town_to_village", "town_to_city")
}
ALL_MOVES = VILLAGE_AND_TOWN | {
    name: PARAMETERS[name].default for name in ("city_to_village", "city_to_town")
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


# Domains ----------------------------------------------------------------------------------------


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
        (lambda: opportunities.intervening_opportunities(1, 1, -1, 1), "nearer is -1"),
        (lambda: opportunities.radiation(1, 1, 1, -3), "total is -3"),
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
    results.append(
        opportunities.intervening_opportunities(
            departures, t["destination_mass"], nearer_in(t), acceptance, t["origin"]
        )
    )
    for result in results:
        assert np.all(np.isfinite(result))


@given(st.tuples(*(values_of(name) for name in ALL_MOVES)))
def test_no_chain_gives_nan(p):
    path = np.array(step_migration.markov_path(*p, years=60))
    assert np.all((path >= 0) & (path <= 1 + 1e-12))
    assert np.all(np.isfinite(step_migration.stationary_shares(*p)))
    assert np.all(np.isfinite(list(step_migration.steps_to_city(*p[:4]).values())))


# Recording for the page -------------------------------------------------------------------------


def test_the_road_can_be_recorded():
    for theory in (0, 1, 2):
        controls = {"position": 65.0, "size": 120.0, "theory": theory}
        assert_recorded_equals_computed(opportunities.road_towns, opportunities.ROAD_ROWS, controls)


def test_flows_can_be_recorded(austria):
    def flows(origin, destination, flow, distance_km, origin_mass, destination_mass, alpha, beta,
              gamma, lambda_, acceptance, nearer, total):  # fmt: skip
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
            "stopped": opportunities.intervening_opportunities(
                departures, destination_mass, nearer, acceptance, origin
            ),
            "radiated": opportunities.radiation(origin_mass, destination_mass, nearer, total),
            "effectiveness": ind.effectiveness_from_counterstream(
                gravity.flow_asymmetry(destination_mass, origin_mass, alpha, beta)
            ),
        }

    rows = {name: austria[name].to_numpy() for name in austria}
    rows["nearer"] = opportunities.opportunities_nearer(
        rows["origin"], rows["destination"], rows["distance_km"], rows["destination_mass"]
    )
    controls = {"alpha": 0.7, "beta": 0.9, "gamma": 1.26, "lambda_": 0.0079}
    controls |= {"acceptance": 0.0001, "total": 94_243.0}
    assert_recorded_equals_computed(flows, rows, controls)


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


def test_distances_can_be_recorded():
    def distances(lat1, lon1, lat2, lon2):
        return {"distance": gravity.great_circle_distance(lat1, lon1, lat2, lon2)}

    rows = {"lat1": np.array([0.0, 43.2]), "lon1": np.array([170.0, 76.9])}
    assert_recorded_equals_computed(distances, rows, {"lat2": 51.2, "lon2": -170.0})
