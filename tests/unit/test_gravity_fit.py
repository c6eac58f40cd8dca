"""The fit of gravity against published numbers, its own margins and a sandwich by hand."""

import numpy as np
import pytest
from explorers.tracing import group_sum
from migrationlab.models import gravity, gravity_fit
from pair_tables import random_system

# Published numbers: Austria -----------------------------------------------------------------------


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


# Recovery and errors of the fit -------------------------------------------------------------------


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
