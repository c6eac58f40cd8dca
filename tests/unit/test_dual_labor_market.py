"""The dual labor market against closed forms, limits, signs and the numbers of the working paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from migrationlab.models import dual_labor_market as model
from migrationlab.models import neoclassical_macro
from replaying import assert_recorded_equals_computed

P = {name: parameter.default for name, parameter in model.PARAMETERS.items()}
LOOP = {"jobs": 100.0, "natives": 80.0, "quota": 20.0}


def test_the_defaults_are_the_working_paper_s():
    assert (P["eta"], P["jobs"], P["natives"], P["quota"], P["pushed"]) == (1 / 3, 100, 80, 30, 0)
    assert (P["elasticity"], P["recruitment"], P["months"], P["residents"]) == (0.5, 2.2, 6, 1000)
    # Both theories share one curve.
    assert P["eta"] == neoclassical_macro.PARAMETERS["capital_share"].default


# The loop ---------------------------------------------------------------------------------------


def test_up_and_back_is_a_ratchet():
    way = model.path([0, 40, 0], **LOOP)
    assert way["recruits"] == [20, 0, 20]
    assert way["workers"] == [100, 120, 100]
    low = 0.9410360288810286
    assert np.array(way["wage"]) == pytest.approx([1, low, low], abs=1e-12)
    assert np.array(way["competitive"]) == pytest.approx([1, low, 1], abs=1e-12)
    assert way["vacancies"][-1] == pytest.approx(20)
    # Not a small rise either: equal to the last bit.
    assert way["wage"][2] == way["wage"][1]


@pytest.mark.parametrize(
    ("quota", "workers", "vacancies"), [(0, 80, 40), (20, 100, 20), (30, 110, 10), (40, 120, 0)]
)
def test_the_quota_decides_how_many_of_the_new_jobs_are_filled(quota, workers, vacancies):
    way = model.path([0, 40, 0], jobs=100, natives=80, quota=quota)
    assert way["workers"][-1] == pytest.approx(workers)
    assert way["vacancies"][-1] == pytest.approx(vacancies, abs=1e-9)


def test_fewer_workers_raise_one_wage_and_not_the_other():
    # 90 workers for 100 jobs: neoclassical +3.57 %, Piore nothing.
    way = model.path([0, 0], jobs=100, natives=90, quota=0)
    assert way["competitive"][-1] == pytest.approx(1.0357, abs=5e-5)
    assert way["wage"] == [1, 1]
    # Inflow halved from 8 to 4: +1.266 % against exactly 0 and four vacancies.
    way = model.path([8, 4], jobs=108, natives=100, quota=0)
    assert 100 * (way["competitive"][1] / way["competitive"][0] - 1) == pytest.approx(
        1.2659571768745437, abs=1e-9
    )
    assert way["wage"][1] == way["wage"][0] == 1
    assert way["vacancies"] == pytest.approx([0, 4])


@given(jobs=st.floats(80, 130), natives=st.floats(50, 80), quota=st.floats(0, 50))
def test_recruits_alone_never_lower_the_wage(jobs, natives, quota):
    way = model.path([0, 0, 0], jobs, natives, quota)
    assert all(wage == pytest.approx(1, abs=1e-12) for wage in way["wage"])


@given(
    rises=st.lists(st.floats(0, 20), min_size=1, max_size=6),
    eta=st.floats(0.1, 0.9),
    share=st.floats(0.0, 0.9),
)
def test_both_theories_agree_while_supply_rises(rises, eta, share):
    """Newcomers who only become more: one curve, whatever the speed of raises."""
    pushed = np.cumsum([20.0, *rises])
    way = model.path(pushed, eta=eta, speed=share, quota=20, jobs=100, natives=80)
    by_market = [
        neoclassical_macro.wage(1.0, 100.0, workers, eta)
        / neoclassical_macro.wage(1.0, 100.0, 100.0, eta)
        for workers in way["workers"]
    ]
    np.testing.assert_allclose(np.array(way["wage"], dtype=float), by_market, atol=1e-12)


@given(newcomers=st.lists(st.floats(0, 60), min_size=2, max_size=12), eta=st.floats(0.1, 0.9))
def test_the_wage_never_rises(newcomers, eta):
    wages = np.array(model.path(newcomers, eta=eta)["wage"], dtype=float)
    assert np.all(np.diff(wages) <= 0)


@given(newcomers=st.lists(st.floats(0, 60), min_size=2, max_size=12))
def test_at_full_speed_the_market_is_neoclassical(newcomers):
    way = model.path(newcomers, speed=1.0)
    np.testing.assert_allclose(way["wage"], way["competitive"], atol=1e-12)


def test_a_faster_raise_ends_nearer_to_the_old_wage():
    ends = [
        float(model.path(model.up_and_back(40), speed=s, **LOOP)["wage"][-1])
        for s in (0, 0.25, 0.5, 1)
    ]
    assert ends == sorted(ends)
    assert ends[0] == pytest.approx(0.94104, abs=5e-6)
    assert ends[-1] > 0.99


def test_a_part_of_a_missing_raise():
    # Without a quota 120 workers, then 80: a quarter of the way from the low wage to the high one.
    way = model.path([40, 0], quota=0, speed=0.25)
    assert way["wage"][1] == pytest.approx(0.75 * 1.2 ** (-1 / 3) + 0.25 * 0.8 ** (-1 / 3))


def test_a_steeper_curve():
    way = model.path([0, 40, 0], eta=0.5, quota=20)
    assert way["wage"][-1] == pytest.approx(1.2**-0.5)
    # The jobs at the low wage are those of the same curve, read backward.
    assert way["vacancies"][-1] == pytest.approx(20)
    assert model.path([40, 0], eta=0.5, quota=40)["recruits"][1] == pytest.approx(40)


@given(
    newcomers=st.lists(st.floats(0, 60), min_size=1, max_size=10),
    speed=st.floats(0, 1),
    natives=st.floats(50, 100),
)
def test_the_wage_never_stands_above_the_clearing_one(newcomers, speed, natives):
    way = model.path(newcomers, natives=natives, speed=speed)
    wages, clearing = (np.array(way[name], float) for name in ("wage", "competitive"))
    assert np.all(wages <= clearing + 1e-12)
    assert np.all(np.array(way["vacancies"], float) >= -1e-9)


def test_more_residents_than_jobs_lower_the_wage():
    assert model.path([0], jobs=80, natives=100)["wage"][0] == pytest.approx(1.25 ** (-1 / 3))


def test_up_and_back():
    assert model.up_and_back(40, 2) == [0, 20, 40, 20, 0]
    assert len(model.up_and_back(1.0)) == 13


# Recruits ---------------------------------------------------------------------------------------


def test_jobs_are_filled_one_for_one_below_the_quota():
    assert model.recruits(jobs=100) == 20
    assert model.recruits(jobs=110) == pytest.approx(30)
    assert model.recruits(jobs=110, quota=20) == 20
    assert model.recruits(jobs=75) == 0
    # The first pushed workers replace recruits.
    assert model.recruits(pushed=20) == 0


def test_signs_of_recruits_over_draws():
    rng = np.random.default_rng(3)
    jobs, natives, pushed, quota = (
        rng.uniform(low, high, 1000) for low, high in ((80, 130), (50, 100), (0, 60), (0, 50))
    )
    base = model.recruits(1.0, jobs, natives, pushed, quota)
    more = model.recruits(1.0, jobs + 1, natives, pushed, quota)
    free = (jobs - natives - pushed > 0) & (jobs + 1 - natives - pushed < quota)
    assert np.all(more >= base)
    assert np.count_nonzero(free) > 100
    np.testing.assert_allclose(more[free] - base[free], 1)
    assert np.all(model.recruits(1.0, jobs, natives, pushed, quota + 1) >= base)
    assert np.all(model.recruits(1.0, jobs, natives, pushed + 1, quota) <= base)


@given(wage=st.floats(0.5, 2), eta=st.floats(0.1, 0.9), jobs=st.floats(10, 1000))
def test_demand_and_the_clearing_wage_are_inverse(wage, eta, jobs):
    assert model.competitive_wage(model.jobs_offered(wage, jobs, eta), jobs, eta) == pytest.approx(
        wage
    )


def test_a_wage_forced_up_costs_recruits():
    # The wage ten percent higher: 24.9 percent fewer jobs, no recruits.
    assert 100 * (model.jobs_offered(1.1) / 100 - 1) == pytest.approx(-24.9, abs=0.05)
    assert model.recruits(wage=1.1) == 0


# The ladder -------------------------------------------------------------------------------------


def test_hierarchy_multiplier():
    assert model.hierarchy_multiplier() == pytest.approx(6.4)
    assert model.hierarchy_multiplier(claims=(1, 0.5, 0.25, 0, 0)) == pytest.approx(3.15)
    assert model.hierarchy_multiplier(claims=model.claims_of(0.0)) == 1
    assert model.hierarchy_multiplier(claims=model.claims_of(1.0)) == pytest.approx(6.4)
    assert model.hierarchy_multiplier(claims=model.claims_of(0.5)) == pytest.approx(3.7)
    assert sum(model.LADDER_SHARES) == pytest.approx(1)


def test_every_claim_raises_the_multiplier():
    rng = np.random.default_rng(5)
    for _ in range(1000):
        rungs = rng.integers(2, 7)
        wages = np.cumsum(rng.uniform(0.1, 1, rungs))
        shares, claims = (
            rng.uniform(0.05, 1, rungs),
            np.array([1.0, *rng.uniform(0, 0.8, rungs - 1)]),
        )
        base = model.hierarchy_multiplier(wages, shares, claims)
        assert base >= 1
        k = rng.integers(1, rungs)
        claims[k] += 0.1
        assert model.hierarchy_multiplier(wages, shares, claims) > base


# Raise or recruit -------------------------------------------------------------------------------


def test_raise_or_recruit():
    r = model.raise_or_recruit(600, 1000, 0.5, 2.2, 6)
    assert r["raise_needed"] == pytest.approx(1.56)
    assert r["raising"] == pytest.approx(2496)
    assert r["recruiting"] == pytest.approx(220)
    assert r["marginal_raising"] == pytest.approx(2.0)
    assert r["marginal_recruiting"] == pytest.approx(0.3667, abs=5e-5)
    with_ladder = model.raise_or_recruit(600, 1000, 0.5, 2.2, 6, 6.4)
    assert with_ladder["marginal_raising"] == pytest.approx(12.8)
    assert with_ladder["raising"] == pytest.approx(2496 + 5.4 * 1.56 * 1000)


@given(residents=st.floats(100, 5000), elasticity=st.floats(0.1, 3), multiplier=st.floats(1, 7))
def test_the_first_worker_s_cost_is_the_limit(residents, elasticity, multiplier):
    few = residents * 1e-7
    r = model.raise_or_recruit(few, residents, elasticity, 2.2, 6, multiplier)
    assert r["raising"] / few == pytest.approx(r["marginal_raising"], rel=1e-5)


def test_raising_may_win_as_well():
    # Many residents who react strongly, and a short stay: neither side wins by construction.
    r = model.raise_or_recruit(600, 5000, 3.0, 6.0, 1)
    assert r["raising"] < r["recruiting"]


# Domains and recording --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model.recruits(wage=0.0), "wage is 0; expected .* above 0"),
        (lambda: model.recruits(quota=-1), "quota is -1; expected .* 0 or more"),
        (lambda: model.competitive_wage(-5.0), "workers is -5"),
        (lambda: model.competitive_wage(5.0, eta=0.0), "eta is 0"),
        (lambda: model.path([1, -2]), "pushed is -2"),
        (lambda: model.path([1], speed=1.5), "speed is 1.5; expected .* 0 to 1"),
        (lambda: model.path([1], natives="many"), "natives is 'many'; expected a number"),
        (lambda: model.up_and_back(10, 0), "steps is 0; expected a whole number"),
        (lambda: model.up_and_back(10, "two"), "steps is 'two'; expected a number"),
        (lambda: model.hierarchy_multiplier((), (), ()), "expected the same number, 1 or more"),
        (lambda: model.hierarchy_multiplier((0, 1), (1, 1), (1, 1)), "wages is 0; .* above 0"),
        (lambda: model.hierarchy_multiplier((1, 1), (0, 1), (1, 1)), "shares is 0; .* above 0"),
        (lambda: model.hierarchy_multiplier((1, 1), (1, 1), (0.5, 1)), "the lowest claim is 0.5"),
        (lambda: model.claims_of(1.2), "pass_through is 1.2"),
        (lambda: model.hierarchy_multiplier(claims=(1, 1)), "have 5, 5 and 2 rungs"),
        (
            lambda: model.hierarchy_multiplier(claims=(1, 2, 1, 1, 1)),
            "claims is 2; expected .* 0 to 1",
        ),
        (lambda: model.raise_needed(10, 0, 0.5), "residents is 0"),
        (lambda: model.raise_needed(10, 10, 0), "elasticity is 0"),
        (lambda: model.raise_or_recruit(1, 1, 1, 1, 0), "months is 0"),
        (
            lambda: model.raise_or_recruit(1, 1, 1, 1, 1, 0.5),
            "multiplier is 0.5; expected .* 1 or more",
        ),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("speed", [0.0, 0.5, 1.0])
def test_can_be_recorded(speed):
    def market(row, peak, quota, speed, pass_through):
        way = model.path(model.up_and_back(peak, 3), quota=quota, speed=speed)
        height = model.hierarchy_multiplier(claims=model.claims_of(pass_through))
        costs = model.raise_or_recruit(100 * row, 1000, 0.5, 2.2, 6, height)
        return {name: values[-1] + 0 * row for name, values in way.items()} | costs

    controls = {"peak": 40.0, "quota": 20.0, "speed": speed, "pass_through": 0.5}
    assert_recorded_equals_computed(market, {"row": np.arange(3.0)}, controls)
