"""World systems against closed forms, limits, signs and the numbers of the working paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from migrationlab.models import world_systems as model
from replaying import assert_recorded_equals_computed

P = {name: parameter.default for name, parameter in model.PARAMETERS.items()}


def test_the_defaults_are_the_working_paper_s():
    assert (P["exposure"], P["uprooting"], P["b_pool"], P["b_link"]) == (0.25, 2, 1, 0.3)
    assert (P["b_tie"], P["b_mass"], P["b_distance"], P["b_wage"]) == (0.9, 1, 0.5, 0)


def test_uprooting():
    assert model.uprooted(0.25) == pytest.approx(0.3935, abs=5e-5)
    assert model.uprooted(0.30) == pytest.approx(0.4512, abs=5e-5)
    assert model.uprooted(0.0) == 0
    assert model.uprooted(3.0, 0.0) == 0
    assert model.uprooted(1e3, agrarian=7.0) == pytest.approx(7)


def test_investment_pushes():
    change = model.after_investment(0.20)
    assert change["link"] == pytest.approx(1.2**0.3)
    assert 100 * (change["link"] - 1) == pytest.approx(5.62, abs=5e-3)
    assert change["pool"] == pytest.approx((1 - np.exp(-0.6)) / (1 - np.exp(-0.5)))
    assert 100 * (change["pool"] - 1) == pytest.approx(14.67, abs=5e-3)
    # The same as the ratio of two flows.
    assert change["total"] == pytest.approx(model.flow(0.30, 1.2) / model.flow(0.25))
    assert 100 * (change["total"] - 1) == pytest.approx(21.115957633924197, abs=1e-9)
    assert change["link"] * change["pool"] == pytest.approx(change["total"])
    late = model.after_investment(0.20, 0.85)["total"]
    assert 100 * (late - 1) == pytest.approx(12.4265905045009, abs=1e-9)
    assert model.after_investment(0.0)["total"] == 1


@pytest.mark.parametrize(
    ("setting", "factor"),
    [
        ({"mass": 2.0, "b_mass": 0.5}, 2**0.5),
        ({"distance": 4.0, "b_distance": 1.0}, 1 / 4),
        ({"tie": 0.5}, np.exp(0.45)),
        ({"wage_ratio": 4.0, "b_wage": 0.25}, 4**0.25),
        ({"capital": 4.0}, 4**0.3),
        ({"agrarian": 3.0}, 3.0),
    ],
    ids=lambda value: str(value),
)
def test_each_factor_has_its_own_elasticity(setting, factor):
    assert model.flow(**setting) / model.flow() == pytest.approx(factor)


def test_the_pool_has_its_elasticity():
    assert model.flow(b_pool=0.5) == pytest.approx((1 - np.exp(-0.5)) ** 0.5)
    assert model.flow(agrarian=4.0, b_pool=0.5) / model.flow(b_pool=0.5) == pytest.approx(2)
    assert model.uprooted(1e-12, 2.0) == pytest.approx(2e-12, rel=1e-9)


def test_ties_and_distance():
    base = model.flow()
    assert base == pytest.approx(0.3934693402873666)
    assert model.flow(tie=1) / base == pytest.approx(2.4596, abs=5e-5)
    assert 100 * (model.flow(distance=0.7) / base - 1) == pytest.approx(19.52286093343938, abs=1e-9)
    assert model.flow(agrarian=1.1) / base == pytest.approx(1.1)


@given(ratio=st.floats(0.1, 10), exposure=st.floats(0, 1.5), tie=st.floats(-1, 1))
def test_in_the_strong_form_wages_do_not_enter(ratio, exposure, tie):
    assert model.flow(exposure, tie=tie, wage_ratio=ratio) == model.flow(exposure, tie=tie)
    weak = model.flow(0.25, wage_ratio=ratio, b_wage=0.5) / model.flow(0.25)
    assert weak == pytest.approx(ratio**0.5)


def test_signs_over_draws():
    rng = np.random.default_rng(11)
    n = 1000
    k, delta, link = rng.uniform(0.05, 1.5, n), rng.uniform(0.1, 5, n), rng.uniform(0.05, 1, n)
    settings = {"uprooting": delta, "b_link": link}
    base = model.flow(k, **settings)
    assert np.all(model.flow(k, 1.1, **settings) > base)
    assert np.all(model.flow(k * 1.1, **settings) > base)
    assert np.all(model.flow(k, tie=1, **settings) > base)
    assert np.all(model.flow(k, distance=1.1, **settings) < base)
    assert np.all(model.after_investment(0.2, k, **settings)["total"] > 1)
    assert np.all(model.after_investment(-0.2, k, **settings)["total"] < 1)
    assert np.all(model.flow(k, wage_ratio=1.1, **settings) == base)


def test_the_same_investment_pushes_less_where_more_has_come_before():
    k = np.linspace(0.05, 1.5, 30)
    assert np.all(np.diff(model.after_investment(0.2, k)["total"]) < 0)


def test_curvature():
    """At fixed capital the flow is concave in exposure; if both grow it is convex at first."""

    def second(f, k, h=1e-4):
        return (f(k + h) - 2 * f(k) + f(k - h)) / h**2

    def moving(k):
        return model.flow(k, k)

    for k in (0.05, 0.25, 1.0):
        assert second(model.flow, k) < 0
    assert second(moving, 0.10) == pytest.approx(1.4, abs=0.05)
    assert second(moving, 0.25) == pytest.approx(-0.55, abs=0.01)
    assert second(moving, 0.173) > 0 > second(moving, 0.175)


def test_a_border_makes_migrants_overnight():
    way = model.movers_alive(40.0, 5.0, 0.015)
    assert way["counted"][40] == 0 and way["counted"][41] > 1000
    assert way["crossed"][41] == 5
    assert len(way["counted"]) == 71
    # Without loss it is a sum.
    plain = model.movers_alive(40.0, 5.0, 0.0)
    assert plain["counted"][-1] == pytest.approx(41 * 40 + 30 * 5)
    assert plain["crossed"][-1] == pytest.approx(30 * 5)
    # With everybody lost each year only the last year is left.
    assert model.movers_alive(40.0, 5.0, 1.0)["counted"][-1] == 5


@given(before=st.floats(0, 100), after=st.floats(0, 100), loss=st.floats(0, 0.2))
def test_those_who_crossed_are_among_those_counted(before, after, loss):
    way = model.movers_alive(before, after, loss)
    assert all(
        0 <= c <= all_ + 1e-9 for c, all_ in zip(way["crossed"], way["counted"], strict=True)
    )
    q = 1 - loss
    stock = before * sum(q**n for n in range(41)) * q**30 + after * sum(q**n for n in range(30))
    assert way["counted"][-1] == pytest.approx(stock)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model.uprooted(-1), "exposure is -1; expected .* 0 or more"),
        (lambda: model.flow(distance=0), "distance is 0; expected .* above 0"),
        (lambda: model.flow(wage_ratio=-1), "wage_ratio is -1"),
        (lambda: model.flow(tie=np.nan), "tie is nan"),
        (lambda: model.flow(b_tie=-0.5), "b_tie is -0.5"),
        (lambda: model.flow(mass="big"), "mass is 'big'; expected a number"),
        (lambda: model.after_investment(-1), r"1 \+ change is 0; expected .* above 0"),
        (lambda: model.after_investment(0.1, 0.0), "exposure is 0"),
        (lambda: model.after_investment(0.1, uprooting=0.0), "uprooting is 0"),
        (lambda: model.flow(tie=1000), "b_tie times tie is 900; expected .* -500 to 500"),
        (lambda: model.movers_alive(1, 1, 0, years=2.5), "years is 2.5; expected a whole number"),
        (lambda: model.movers_alive(1, 1, 1.5), "loss is 1.5; expected .* 0 to 1"),
        (
            lambda: model.movers_alive(1, 1, 0, border=80),
            r"border is 80; expected less than years \(71\)",
        ),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_can_be_recorded():
    def world(k, change, tie, loss):
        way = model.movers_alive(40.0, 5.0, loss, border=3, years=6)
        after = model.after_investment(change, k)
        return {"flow": model.flow(k, tie=tie), "stock": way["counted"][-1] + 0 * k, **after}

    controls = {"change": 0.2, "tie": 1.0, "loss": 0.02}
    assert_recorded_equals_computed(world, {"k": np.array([0.1, 0.5, 1.0])}, controls)
