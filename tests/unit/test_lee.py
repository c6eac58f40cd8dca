"""Lee's scheme against closed forms, limits and the numbers of the working paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from migrationlab.models import lee as model
from replaying import assert_recorded_equals_computed

BASE = 0.018


def default(name):
    return model.PARAMETERS[name].default


def values_of(name):
    parameter = model.PARAMETERS[name]
    return st.floats(parameter.low, parameter.high)


shares = st.floats(0.001, 0.6)
seeds = st.integers(0, 10_000)


# Two places -------------------------------------------------------------------------------------


def test_log_odds_of_the_base():
    # Exercise: ln(.018/.982) = -3.999.
    assert -model.obstacle_for(BASE) == pytest.approx(-3.999, abs=5e-4)
    assert model.move_probability(0.0, model.obstacle_for(BASE)) == pytest.approx(BASE)
    assert default("mobility") / 100 == pytest.approx(BASE)


@pytest.mark.parametrize(
    ("change", "at_018", "at_03"),
    [
        (default("beta_w") * np.log(1.1), 9.802355759632642, 9.67),
        (-default("beta_u") * 0.05, -13.712858367296942, -13.57),
        (-default("lambda_") * np.log(0.7), 41.76353841791891, 41.04),
        (-default("beta_w") * np.log(1.2) / 3, -5.796413996457684, -5.73),
        (0.9, 139.6636622293138, None),
        (default("beta_a") * np.log(1.1), 9.802355759632642, None),
    ],
    ids=["wage", "unemployment", "transport", "wage at the origin", "language", "openings"],
)
def test_shocks(change, at_018, at_03):
    effect = 100 * (model.changed_probability(BASE, change) / BASE - 1)
    assert effect == pytest.approx(at_018, abs=1e-9)
    if at_03 is not None:
        assert 100 * (model.changed_probability(0.03, change) / 0.03 - 1) == pytest.approx(
            at_03, abs=0.005
        )


def test_more_people_move_at_the_same_rate():
    few, many = (model.two_way_flows(0.0, people, 0.0, BASE)["to_a"] for people in (1000, 1100))
    assert few == pytest.approx(18)
    assert many / few == pytest.approx(1.1)


@given(p=shares, change=st.floats(-3, 3))
def test_a_change_multiplies_the_odds(p, change):
    after = model.changed_probability(p, change)
    assert after / (1 - after) == pytest.approx(p / (1 - p) * np.exp(change))


def test_better_and_yet_they_leave():
    flows = model.two_way_flows(1000, 1000, np.log(1.1), BASE)
    assert flows["to_a"] == pytest.approx(19.8, abs=0.05)
    assert flows["to_b"] == pytest.approx(16.4, abs=0.05)
    assert flows["net"] == pytest.approx(3.4, abs=0.05)
    assert flows["effectiveness"] == pytest.approx(9.3, abs=0.05)
    flows = model.two_way_flows(1000, 1000, np.log(1.1), 0.03)
    assert [flows[k] for k in ("to_a", "to_b", "net")] == pytest.approx([32.9, 27.3, 5.6], abs=0.06)


def test_two_like_places_exchange_people_and_gain_nothing():
    flows = model.two_way_flows(1000, 1000, 0.0, BASE)
    assert flows["net"] == 0
    assert flows["effectiveness"] == 0
    assert flows["to_a"] == pytest.approx(18)
    assert model.two_way_flows(0, 0, 0.1, BASE)["effectiveness"] == 0


def test_limits_of_the_obstacle():
    assert model.move_probability(0.0, 800.0) == 0
    assert model.move_probability(0.0, 0.0) == 0.5


# Many places ------------------------------------------------------------------------------------


def random_regions(seed, places=6):
    rng = np.random.default_rng(seed)
    first, second = np.divmod(np.arange(places**2), places)
    x, y = rng.uniform(0, 1500, (2, places))
    return {
        "origin": first,
        "destination": second,
        "distance": np.hypot(x[first] - x[second], y[first] - y[second]),
        "people": rng.uniform(0.3, 3, places)[first],
        "wage": rng.uniform(60, 250, places),
        "unemployment": rng.uniform(0.03, 0.12, places),
        "openings": np.log(rng.uniform(0.3, 3, places)),
    }


def system(t, beta_w, beta_u, beta_a, lambda_, mobility):
    value = model.factors(t["wage"], t["unemployment"], 0.0, beta_w, beta_u, beta_a)
    advantage = value[t["destination"]] - value[t["origin"]]
    odds = model.pull(advantage + beta_a * t["openings"][t["destination"]], t["distance"], lambda_)
    inertia = model.inertia_for(odds, t["people"], t["origin"], mobility)
    return odds, inertia, model.flows(odds, t["people"], t["origin"], inertia)


weights = {name: values_of(name) for name in ("beta_w", "beta_u", "beta_a", "lambda_")}


@given(seed=seeds, mobility=st.floats(0.005, 0.06), **weights)
def test_inertia_lets_exactly_the_wanted_share_move(seed, mobility, **weights):
    t = random_regions(seed)
    _, _, moves = system(t, mobility=mobility, **weights)
    everybody = np.sum(t["people"][t["origin"] == t["destination"]])
    assert np.sum(moves) / everybody == pytest.approx(mobility, rel=1e-9)
    assert np.all(np.isfinite(moves)) and np.all(moves >= 0)
    assert np.all(moves[t["origin"] == t["destination"]] == 0)


@given(seed=seeds, lambda_=values_of("lambda_"))
def test_lee_contains_gravity(seed, lambda_):
    """Without wages and unemployment, with openings in proportion to people: P_i P_j / d."""
    t = random_regions(seed)
    people = t["people"][t["origin"] == t["destination"]]
    t["openings"] = np.log(people)
    odds, _, moves = system(t, 0.0, 0.0, 1.0, lambda_, 0.018)
    elsewhere = t["distance"] > 0
    masses = people[t["origin"]] * people[t["destination"]]
    gravity = masses[elsewhere] * t["distance"][elsewhere] ** -lambda_
    # Divided by those who stay, the moves are gravity exactly; stayers are about all people.
    stayers = people - np.bincount(t["origin"], moves)
    per_stayer = (moves / stayers[t["origin"]] * people[t["origin"]])[elsewhere]
    np.testing.assert_allclose(per_stayer / per_stayer[0], gravity / gravity[0], rtol=1e-9)


@given(seed=seeds)
def test_logit_elasticities_and_independence(seed):
    rng = np.random.default_rng(seed)
    wage, beta = rng.uniform(50, 200, 5), 1.7
    chooser = np.zeros(5)

    def choose(wage):
        return model.choice_shares(beta * np.log(wage), chooser)

    p, step = choose(wage), 1e-6
    raised = wage.copy()
    raised[2] *= np.exp(step)
    slope = (np.log(choose(raised)) - np.log(p)) / step
    assert slope[2] == pytest.approx(beta * (1 - p[2]), rel=1e-4)
    others = [0, 1, 3, 4]
    assert slope[others] == pytest.approx(np.full(4, -beta * p[2]), rel=1e-4)
    assert np.sum(p) == pytest.approx(1)


def test_shares_do_not_overflow():
    p = model.choice_shares(np.array([1000.0, 999.0, 400.0]), np.zeros(3))
    assert p == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.e), 0])


def test_cheaper_transport_raises_every_flow():
    t = random_regions(1)
    near, far = (model.pull(0.0, t["distance"], 1.0, tau) for tau in (0.7, 1.0))
    elsewhere = t["distance"] > 0
    np.testing.assert_allclose(near[elsewhere] / far[elsewhere], 1 / 0.7)


def test_personal_weight_of_the_obstacle():
    assert model.pull(0.0, 100.0, 1.0, theta=0.0) == 1
    assert model.pull(0.0, 100.0, 1.0, theta=2.0) == pytest.approx(1e-4)


def test_clone_of_a_destination():
    assert model.with_copies(BASE, 2) == pytest.approx(2 * BASE / (1 + BASE))
    assert model.with_copies(BASE, 2) == pytest.approx(0.03536, abs=5e-6)
    assert model.with_copies(BASE, 5, likeness=1.0) == pytest.approx(BASE)
    assert model.with_copies(BASE, 1, likeness=0.3) == pytest.approx(BASE)


# Who goes ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def obstacle():
    return model.selection_obstacle(BASE)


def skilled(obstacle, wage=1.3, **terms):
    return model.selection(np.log(wage), obstacle, **terms)["share"]


def test_the_setting(obstacle):
    assert obstacle == pytest.approx(4.448, abs=5e-4)
    assert model.selection(np.log(1.3), obstacle)["movers"] == pytest.approx(BASE)
    assert skilled(obstacle) == pytest.approx(0.4175, abs=5e-5)
    assert skilled(obstacle, 1.43) == pytest.approx(0.4628, abs=5e-5)


def test_a_minus_for_all_selects_less_and_never_negatively(obstacle):
    found = [skilled(obstacle, minus=minus) for minus in (1, 4, 8)]
    assert found == pytest.approx([0.4135, 0.3555, 0.3019], abs=5e-5)
    for minus in np.linspace(0, 40, 200):
        assert skilled(obstacle, minus=minus) >= default("skilled_share")


def test_negative_selection_needs_a_minus_of_the_unskilled(obstacle):
    assert skilled(obstacle, minus_unskilled=1) == pytest.approx(0.2129, abs=5e-5)


def test_higher_obstacles_select_only_if_the_skilled_feel_them_less(obstacle):
    assert skilled(obstacle + 0.5) == pytest.approx(0.4185, abs=5e-5)
    halved = skilled(obstacle, obstacle_skilled=0.25, obstacle_unskilled=0.5)
    assert halved == pytest.approx(0.4792, abs=5e-5)


# Signs, domains, recording ----------------------------------------------------------------------


def test_signs_over_a_thousand_draws():
    rng = np.random.default_rng(20)
    p = rng.uniform(0.001, 0.5, 1000)
    beta_w, beta_u, lambda_ = (
        rng.uniform(0.01, model.PARAMETERS[name].high, 1000)
        for name in ("beta_w", "beta_u", "lambda_")
    )
    rise = rng.uniform(0.01, 0.5, 1000)
    assert np.all(model.changed_probability(p, beta_w * np.log1p(rise)) > p)
    assert np.all(model.changed_probability(p, -beta_u * rise) < p)
    assert np.all(model.changed_probability(p, -lambda_ * np.log1p(-rise)) > p)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model.changed_probability(1.0, 0.1), "base is 1"),
        (
            lambda: model.choice_shares(np.array([0.0, 900.0]), np.zeros(2)),
            "spread of value is 900",
        ),
        (lambda: model.pull(800.0, 10.0), "advantage is 800; expected .* -500 to 500"),
        (lambda: model.flows(np.inf, 1.0, [0], 0.0), "odds is inf"),
        (lambda: model.inertia_for(np.zeros(2), np.ones(2), [0, 1], 0.1), "sum of odds is 0"),
        (lambda: model.selection_obstacle(minus=100.0), "No common obstacle"),
        (lambda: model.with_copies(0.0, 2), "share is 0"),
        (lambda: model.move_probability("x", 0), "advantage is 'x'; expected a number"),
        (lambda: model.obstacle_for(0.0), "mobility is 0; expected .* above 0 and below 1"),
        (lambda: model.obstacle_for(1.0), "mobility is 1"),
        (lambda: model.move_probability(np.nan, 0), "advantage is nan"),
        (lambda: model.factors(0.0, 0.05, 0.0), "wage is 0; expected .* above 0"),
        (lambda: model.factors(1.0, 5.0, 0.0), "unemployment is 5; expected .* 0 to 1"),
        (lambda: model.factors(1.0, 0.05, 0.0, beta_w=-1), "beta_w is -1"),
        (lambda: model.pull(0.0, -5.0), "distance is -5; expected .* km"),
        (lambda: model.pull(0.0, 5.0, tau=0.0), "tau is 0"),
        (lambda: model.two_way_flows(-1, 1, 0.1, 0.02), "people_a is -1"),
        (lambda: model.with_copies(0.1, 0), "copies is 0; expected .* 1 or more"),
        (lambda: model.with_copies(0.1, 2, 1.5), "likeness is 1.5; expected .* 0 to 1"),
        (lambda: model.selection(0.1, 1.0, minus=-2), "minus is -2"),
        (lambda: model.selection(0.1, 1.0, skilled_share=2), "skilled_share is 2"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_regions_can_be_recorded():
    t = random_regions(3)
    rows = {
        **{name: t[name] for name in ("origin", "distance", "people")},
        "gap": np.log(t["wage"])[t["destination"]] - np.log(t["wage"])[t["origin"]],
        "destination_number": t["destination"].astype(float),
    }

    def regions(origin, distance, people, gap, destination_number, beta_w, lambda_, mobility):
        odds = model.pull(beta_w * gap, distance, lambda_)
        inertia = model.inertia_for(odds, people, origin, mobility)
        return {
            "moves": model.flows(odds, people, origin, inertia),
            "inertia": inertia,
            "shares": model.choice_shares(beta_w * gap, origin),
        }

    controls = {"beta_w": 1.3, "lambda_": 0.7, "mobility": 0.03}
    assert_recorded_equals_computed(regions, rows, controls)


def test_two_places_can_be_recorded():
    def places(row, people_a, people_b, advantage, mobility, copies, minus):
        return {
            **model.two_way_flows(people_a, people_b, np.log(1 + advantage), mobility),
            "copies": model.with_copies(mobility, copies, 0.2) + 0 * row,
            "selected": model.selection(np.log(1.3), 4.4, minus=minus)["share"],
        }

    controls = {"people_a": 2.0, "people_b": 3.0, "advantage": 0.2, "mobility": 0.05}
    controls |= {"copies": 3.0, "minus": 2.0}
    assert_recorded_equals_computed(places, {"row": np.arange(3.0)}, controls)
