"""Two labor markets against closed forms, limits, signs and the numbers of the working paper."""

import numpy as np
import pytest
from migrationlab.models import neoclassical_macro as model
from replaying import assert_recorded_equals_computed

COST = model.PARAMETERS["cost"].default
SPEED = model.PARAMETERS["speed"].default
K_O = model.PARAMETERS["capital_origin"].default
K_D = K_O * model.PARAMETERS["capital_ratio"].default


def rest(k_o=K_O, k_d=K_D, cost=COST, **market):
    return model.resting_point(k_o, k_d, cost, **market)


def test_the_defaults_are_the_working_paper_s():
    assert (K_O, K_D, COST, SPEED, model.THIRD) == (100, 200, 0.20, 0.15, 1 / 3)


# The resting point ------------------------------------------------------------------------------


def test_the_default_case():
    r = rest()
    assert np.exp(r["gap_start"]) == pytest.approx(2 ** (1 / 3))
    assert np.exp(r["gap_start"]) == pytest.approx(1.260, abs=5e-4)
    assert r["rho"] == pytest.approx(0.864)
    assert r["labor_destination"] == pytest.approx(107.296, abs=5e-4)
    assert r["wage_origin"] == pytest.approx(0.68372, abs=5e-6)
    assert r["wage_destination"] == pytest.approx(0.82046, abs=5e-6)
    assert r["gap"] == pytest.approx(np.log(1.2))
    assert r["net"] == pytest.approx(7.296137339055804, abs=1e-9)


def test_without_a_cost_wages_meet():
    r = rest(cost=0.0)
    assert r["rho"] == pytest.approx(0.5)
    assert r["labor_destination"] == pytest.approx(400 / 3)
    assert r["wage_origin"] == pytest.approx(0.7631, abs=5e-5)
    assert r["gap"] == pytest.approx(0, abs=1e-12)
    # The gap closes; nobody vanishes.
    assert r["labor_origin"] + r["labor_destination"] == pytest.approx(200)


@pytest.mark.parametrize("cost", [0.26, 0.3, 0.5, 1.0])
def test_a_cost_above_the_gap_moves_nobody(cost):
    assert rest(cost=cost)["net"] == 0


@pytest.mark.parametrize(
    ("setting", "net"),
    [
        ({"productivity_destination": 1.1}, 21.275626423690227),
        ({"cost": 0.14}, 14.891553862309351),
        ({"cost": 0.10}, 20.08405884118882),
        ({"labor_origin": 110.0}, 12.660944206008594),
        ({"k_d": 220.0}, 12.01629327902242),
        ({"k_o": 105.0}, 4.87),
        ({"k_o": 110.0}, 2.54),
        ({"k_o": 120.0}, 0.0),
    ],
    ids=lambda value: str(value),
)
def test_shocks(setting, net):
    found = rest(**setting)["net"]
    digits = 1e-9 if net != round(net, 2) else 5e-3
    assert found == pytest.approx(net, abs=digits)
    if net == 0:
        assert found == 0


def test_a_better_technique_raises_both_wages_alike():
    before, after = rest(), rest(productivity_destination=1.1)
    for end in ("wage_origin", "wage_destination"):
        assert 100 * (after[end] / before[end] - 1) == pytest.approx(5.599745659592, abs=1e-9)


def test_capital_at_the_origin_stops_migration_and_does_not_reverse_it():
    stop = 200 / 1.2**3
    assert stop == pytest.approx(115.74, abs=5e-3)
    assert rest(k_o=stop * 0.999)["net"] > 0
    assert rest(k_o=stop * 1.001)["net"] == 0
    turn = 200 * 1.2**3
    assert turn == pytest.approx(345.6)
    assert rest(k_o=turn * 0.999)["net"] == 0
    assert rest(k_o=turn * 1.001)["net"] < 0
    # From the old resting point: no reversal below 298.6 either.
    old = rest()
    start = {name: old[name] for name in ("labor_origin", "labor_destination")}
    gap = rest(k_o=120.0, **start)["gap_start"]
    assert np.exp(gap) == pytest.approx(1.129, abs=5e-4)
    assert rest(k_o=298.5, **start)["net"] == 0
    assert rest(k_o=298.7, **start)["net"] < 0


def test_fewer_workers_raise_the_wage():
    # 108 -> 104 workers: the wage rises by 1.266 percent; 100 -> 120 -> 100 retraces itself.
    low, high = (model.wage(1.0, 100.0, workers) for workers in (108.0, 104.0))
    assert 100 * (high / low - 1) == pytest.approx(1.2659571768745437, abs=1e-9)
    up, down = model.wage(1.0, 100.0, 120.0), model.wage(1.0, 100.0, 100.0)
    assert up / down == pytest.approx(0.94104, abs=5e-6)
    assert model.wage(1.0, 100.0, 100.0) == down


def test_nearly_no_capital_share_moves_nobody():
    # At a = .05 the start ratio 2^.05 is below 1.2.
    assert rest(capital_share=0.05)["net"] == 0
    assert np.exp(rest(capital_share=0.05)["gap_start"]) == pytest.approx(2**0.05)


def test_output_rises_because_workers_go_where_they_add_more():
    def total(cost):
        r = rest(cost=cost)
        return model.output(1.0, K_O, r["labor_origin"]) + model.output(
            1.0, K_D, r["labor_destination"]
        )

    assert [total(c) for c in (0.3, 0.2, 0.0)] == pytest.approx([225.99, 227.12, 228.94], abs=5e-3)


def test_both_regions_may_change_their_names():
    there, back = rest(100, 200), rest(200, 100)
    assert there["net"] == pytest.approx(-back["net"])
    assert there["wage_origin"] == pytest.approx(back["wage_destination"])


# Signs over random draws ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def draws():
    rng = np.random.default_rng(7)
    n = 1000
    return {
        "capital_share": rng.uniform(0.2, 0.5, n),
        "productivity_origin": rng.uniform(0.5, 2, n),
        "productivity_destination": rng.uniform(0.5, 2, n),
        "capital_origin": rng.uniform(50, 400, n),
        "capital_destination": rng.uniform(50, 400, n),
        "cost": rng.uniform(0, 1, n),
    }


def changed(draws, **factors):
    return model.resting_point(**draws | {name: draws[name] * f for name, f in factors.items()})


def test_weak_signs(draws):
    """In a third and more of the draws a shock moves nobody at all: the band."""
    base = model.resting_point(**draws)["net"]
    wage = changed(draws, productivity_destination=1.1)["net"]
    capital = changed(draws, capital_origin=1.2)["net"]
    cheaper = changed(draws, cost=0.7)["net"]
    assert np.all(wage >= base - 1e-9)
    assert np.all(changed(draws, capital_destination=1.2)["net"] >= base - 1e-9)
    assert np.all(capital <= base + 1e-9)
    assert np.all(np.abs(cheaper) >= np.abs(base) - 1e-9)
    assert np.all(cheaper * base >= 0)
    # As the working paper counted them, within the chance of other draws.
    unmoved = [np.mean(after == base) for after in (wage, capital, cheaper)]
    assert unmoved == pytest.approx([0.381, 0.407, 0.344], abs=0.05)


def test_strict_signs_outside_the_band(draws):
    before = model.resting_point(**draws)
    net = before["net"]
    out = before["direction"] > 0
    assert np.all(changed(draws, productivity_destination=1.1)["net"][out] > net[out])
    assert np.all(changed(draws, capital_origin=1.2)["net"][out] < net[out])
    assert np.all(changed(draws, cost=0.7)["net"][out] > net[out])


def test_the_band_holds_many_draws(draws):
    # The working paper: 44 percent of such draws start inside the band.
    r = model.resting_point(**draws)
    inside = r["direction"] == 0
    assert np.mean(inside) == pytest.approx(0.44, abs=0.04)
    assert np.all(r["net"][inside] == 0)
    assert np.all(np.abs(r["gap"]) <= np.log(1 + draws["cost"]) + 1e-9)
    for name in ("wage_origin", "wage_destination", "labor_origin", "labor_destination"):
        assert np.all(np.isfinite(r[name]) & (r[name] > 0))


def test_wages_move_against_the_workers(draws):
    r = model.resting_point(**draws)
    start_o = model.wage(
        draws["productivity_origin"], draws["capital_origin"], 100.0, draws["capital_share"]
    )
    out = r["direction"] > 0
    assert np.all(r["wage_origin"][out] > start_o[out])


# The way there ----------------------------------------------------------------------------------


def test_half_life():
    r = rest()
    assert np.log(2) / model.half_life(SPEED, r["rho"]) == pytest.approx(0.0932, abs=5e-5)
    assert model.half_life(SPEED, r["rho"]) == pytest.approx(7.44, abs=5e-3)
    assert model.half_life(2 * SPEED, r["rho"]) == pytest.approx(3.72, abs=5e-3)


def test_the_path_ends_at_rest_and_halves_its_gap():
    way = model.path(K_O, K_D, COST, SPEED, years=200)
    r = rest()
    assert way["labor_destination"][-1] == pytest.approx(r["labor_destination"], abs=1e-6)
    left = np.array(way["gap"]) - np.log(1 + COST)
    # From year 60 on the way is nearly straight; the steps of half a year cost little.
    halving = np.log(2) / -np.log(left[61] / left[60])
    assert halving == pytest.approx(model.half_life(SPEED, r["rho"]), rel=2e-3)


def test_the_path_stays_in_the_band():
    still = model.path(K_O, K_D, 0.3, SPEED)
    assert set(still["labor_destination"]) == {100.0}


def test_fine_and_coarse_steps_agree():
    coarse, fine = (
        model.path(K_O, K_D, COST, SPEED, 0.05, steps=steps)["labor_origin"] for steps in (2, 64)
    )
    np.testing.assert_allclose(coarse, fine, atol=0.02)


@pytest.mark.parametrize("speeds", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
@pytest.mark.parametrize("ratio", [0.5, 4.0])
@pytest.mark.parametrize("share", [0.2, 0.5])
def test_the_fastest_path_does_not_swing(speeds, ratio, share):
    way = model.path(100, 100 * ratio, 0.0, *speeds, capital_share=share)
    for workers in ("labor_origin", "labor_destination", "capital_origin", "capital_destination"):
        assert np.all(np.array(way[workers]) > 0)
    gaps = np.abs(way["gap"])
    assert np.all(np.diff(gaps) <= 1e-9)


@pytest.mark.parametrize("productivity", [0.5, 2.0, 100.0])
@pytest.mark.parametrize("capital", [(50, 400), (400, 50)])
def test_no_path_runs_dry(productivity, capital):
    way = model.path(*capital, 0.0, 1.0, 1.0, 0.2, productivity_destination=productivity)
    for name in ("labor_origin", "labor_destination", "capital_origin", "capital_destination"):
        assert np.all(np.array(way[name]) > 0)
    assert np.all(np.isfinite(way["gap"]))


def test_extreme_markets_have_a_resting_point():
    r = rest(capital_share=0.05, productivity_destination=4.0)
    assert r["labor_origin"] > 0
    assert r["gap"] == pytest.approx(np.log(1 + COST))


def test_the_band_remembers():
    """New capital draws workers; taken away, it does not send them back while a cost is paid."""
    came = rest(k_d=300.0)
    assert came["labor_destination"] == pytest.approx(126.9, abs=0.05)
    start = {name: came[name] for name in ("labor_origin", "labor_destination")}
    assert rest(k_d=200.0, **start)["net"] == 0
    free = rest(k_d=300.0, cost=0.0)
    start = {name: free[name] for name in ("labor_origin", "labor_destination")}
    back = rest(k_d=200.0, cost=0.0, **start)
    assert back["labor_destination"] == pytest.approx(rest(cost=0.0)["labor_destination"])


def test_capital_that_chases_returns_replaces_migrants():
    alone, both = (model.path(K_O, K_D, COST, SPEED, nu, years=100) for nu in (0.0, 0.1))
    assert alone["capital_origin"][-1] == K_O
    assert both["capital_origin"][-1] > K_O
    assert both["labor_destination"][-1] < alone["labor_destination"][-1]
    assert both["gap"][-1] < alone["gap"][-1]
    total = both["capital_origin"][-1] + both["capital_destination"][-1]
    assert total == pytest.approx(K_O + K_D)


# Winners and losers -----------------------------------------------------------------------------


def test_who_gains():
    change = dict(zip(model.GROUPS, model.winners_and_losers(K_O, K_D, COST), strict=True))
    r = rest()
    w_d = model.wage(1.0, K_D, 100.0)
    assert change["Workers at the destination"] == pytest.approx(
        100 * (r["wage_destination"] / w_d - 1)
    )
    assert change["Workers at the destination"] < 0 < change["Workers who stay at the origin"]
    assert change["Capital at the origin"] < 0 < change["Capital at the destination"]
    # At rest a mover has, after the cost, what those have who stayed.
    assert change["Movers, less the cost"] == pytest.approx(
        change["Workers who stay at the origin"]
    )
    total = change["Output of both, less the cost"]
    before = model.output(1.0, K_O, 100.0) + model.output(1.0, K_D, 100.0)
    after = model.output(1.0, K_O, r["labor_origin"]) + model.output(
        1.0, K_D, r["labor_destination"]
    )
    spent = COST * r["wage_origin"] * r["net"]
    assert total == pytest.approx(100 * ((after - spent) / before - 1))
    assert total > 0


def test_nobody_gains_inside_the_band():
    assert all(change == 0 for change in model.winners_and_losers(K_O, K_D, 0.3))


def test_all_income_is_accounted_for(draws):
    market = {k: v for k, v in draws.items() if k not in ("capital_origin", "capital_destination")}
    market.pop("cost")
    w_d, w_o, movers, k_d, k_o, total = model.winners_and_losers(
        draws["capital_origin"], draws["capital_destination"], draws["cost"], **market
    )
    assert np.all(total >= -1e-9)
    assert np.all(np.sign(np.round(w_d, 9)) == -np.sign(np.round(k_d, 9)))
    assert np.all(np.sign(np.round(w_o, 9)) == -np.sign(np.round(k_o, 9)))


# Domains and recording --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rest(k_o=0.0), "capital_origin is 0; expected .* above 0"),
        (lambda: rest(cost=-0.1), "cost is -0.1; expected .* 0 or more"),
        (lambda: rest(capital_share=1.0), "capital_share is 1; expected .* 0.05 to 0.95"),
        (lambda: rest(labor_origin=np.nan), "labor_origin is nan"),
        (lambda: model.wage(1.0, 1.0, -3.0), "labor is -3"),
        (lambda: model.path(100, 200, 0.2, 1.5), "speed is 1.5; expected .* 0 to 1"),
        (lambda: model.half_life(0.0, 1.0), "speed is 0"),
        (lambda: model.path(100, 200, 0.2, 0.1, steps=0), "steps is 0; expected a whole number"),
        (lambda: model.path(100, 200, 0.2, 0.1, years=2.5), "years is 2.5"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_can_be_recorded():
    def market(row, capital_ratio, cost, capital_share, speed):
        r = model.resting_point(100, 100 * capital_ratio, cost, capital_share)
        way = model.path(100, 100 * capital_ratio, cost, speed, 0.05, capital_share, years=5)
        changes = model.winners_and_losers(
            100, 100 * capital_ratio, cost, capital_share=capital_share
        )
        return {
            **r,
            "workers": way["labor_origin"][-1] + 0 * row,
            "first": changes[0],
            "last": changes[-1],
        }

    for cost in (0.0, 0.2, 0.5):
        controls = {"capital_ratio": 0.5, "cost": cost, "capital_share": 0.4, "speed": 0.3}
        assert_recorded_equals_computed(market, {"row": np.arange(3.0)}, controls)
