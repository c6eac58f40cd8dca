"""Moves as investments against closed forms, published problems, limits and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from migrationlab.models import neoclassical_micro as model
from replaying import assert_recorded_equals_computed
from scipy.special import ndtr


def default(name):
    return model.PARAMETERS[name].default


def values_of(name):
    parameter = model.PARAMETERS[name]
    return st.floats(parameter.low, parameter.high)


# A season ---------------------------------------------------------------------------------------

SEASON = [default(n) for n in ("saving_far", "saving_near", "entry_far", "entry_near")]


def test_lines_meet_in_month_seven():
    assert model.break_even_months(*SEASON) == pytest.approx(700 / 100)
    far, near = (model.season_balance(7, SEASON[i], SEASON[i + 2]) for i in (0, 1))
    assert far == near
    # Half a year: the lower wage wins.
    assert model.season_balance(6, SEASON[0], SEASON[2]) < model.season_balance(
        6, SEASON[1], SEASON[3]
    )


def test_break_even_at_the_edges():
    assert model.break_even_months(300, 300, 900, 200) == -1
    assert model.break_even_months(200, 300, 900, 200) == -1
    assert model.break_even_months(400, 300, 100, 200) == 0
    assert model.break_even_months(300, 300, 100, 200) == -1
    # Cheaper to enter but less saved: it leads at first and falls behind.
    assert model.break_even_months(200, 300, 100, 500) == -1


# Present value ----------------------------------------------------------------------------------


def test_the_defaults():
    v = model.present_value(
        default("wage"), 1.0, default("job_chance"), 1.0, default("discount"), 20, default("cost")
    )
    assert v == pytest.approx(1.200756221557588, abs=1e-9)
    chance = model.break_even_chance(default("wage"), 1.0, 0.10, 20, 1.0)
    assert chance == pytest.approx(0.8514, abs=5e-5)
    assert model.present_value(1.3, 1, chance, 1, 0.10, 20, 1) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ({"wage_destination": 1.43}, 2.3573238528867884),
        ({"job_chance_destination": 0.90}, 0.5920364155948532),
        ({"wage_origin": 1.2 ** (1 / 3)}, 0.6139637281000219),
        ({"cost": 0.7}, 1.500756221557588),
        ({"cost": 0.5}, 1.700756221557588),
    ],
)
def test_shocks(setting, value):
    base = {"wage_destination": 1.3, "job_chance_destination": 0.95, "cost": 1.0}
    assert model.present_value(**base | setting) == pytest.approx(value, abs=1e-9)


def test_a_published_problem():
    # Borjas, Labor Economics: 20,000 against 22,000 a year for three years at 10 percent.
    home, away = (w * model.annuity_factor(0.10, 3) for w in (20_000, 22_000))
    assert home == pytest.approx(54_710.74, abs=0.02)
    assert away == pytest.approx(60_181.82, abs=0.02)
    most = model.present_value(22_000, 20_000, discount=0.10, years=3)
    assert most == pytest.approx(5_471.07, abs=0.02)


@given(r=st.floats(0, 0.5), years=st.integers(0, 60))
def test_annuity_is_the_sum_of_its_years(r, years):
    by_hand = sum((1 + r) ** -t for t in range(years))
    assert model.annuity_factor(r, years) == pytest.approx(by_hand, rel=1e-9, abs=1e-9)


def test_annuity_limits():
    assert model.annuity_factor(0.0, 17) == 17
    assert model.annuity_factor(1e-12, 17) == pytest.approx(17)
    # Endless: gain (1 + r) / r; 2.585 for a gain of 0.235.
    assert 0.235 * model.annuity_factor(0.10, 5000) == pytest.approx(2.585)


@pytest.mark.parametrize(("cost", "years"), [(1.0, 6), (2.0, 16), (2.4, 28), (3.0, -1), (0.0, 0)])
def test_years_needed(cost, years):
    assert model.years_needed(0.235, 0.10, cost) == years


@given(
    gain=st.floats(0.01, 1),
    r=st.just(0.0) | st.floats(0.001, 0.3),
    cost=st.floats(0.01, 4),
)
def test_years_needed_are_just_enough(gain, r, cost):
    years = model.years_needed(gain, r, cost)
    if years < 0:
        assert gain * model.annuity_factor(r, 10_000) <= cost * (1 + 1e-9)
        return
    assert gain * model.annuity_factor(r, years) >= cost * (1 - 1e-6)
    assert gain * model.annuity_factor(r, years - 1) < cost * (1 + 1e-6)


def test_value_and_verdict_agree_on_the_whole_grid_of_the_sliders():
    """A move pays within the years ahead if and only if its value is above zero."""
    P = model.PARAMETERS
    grids = np.meshgrid(
        *(P[name].grid() for name in ("wage", "job_chance", "cost")),
        P["discount"].grid()[::5],
        [1.0, 5.0, 20.0, 45.0],
        indexing="ij",
    )
    wage, chance, cost, discount, years = (np.asarray(grid, dtype=float).ravel() for grid in grids)
    value = model.present_value(wage, 1.0, chance, 1.0, discount, years, cost)
    needed = model.years_needed(chance * wage - 1.0, discount, cost)
    pays = (needed >= 0) & (needed <= years)
    assert pays.any() and not pays.all()
    # Rounding decides on neither side where the value is nothing.
    assert np.all(value[pays] > -1e-9)
    assert np.all(value[~pays] < 1e-9)


def test_without_a_gain_no_time_is_enough():
    # Nor where the move costs nothing: then it only loses less.
    assert model.years_needed(-0.05, 0.1, 0.0) == -1
    assert model.years_needed(0.0, 0.1, 0.0) == -1
    assert model.years_needed(0.05, 0.1, 0.0) == 0
    assert model.years_needed(0.0, 0.1, 1.0) == -1
    assert model.years_needed(-1.0, 0.0, 1.0) == -1
    assert model.years_needed(0.5, 0.0, 1.0) == 2


def test_signs_over_a_thousand_draws():
    rng = np.random.default_rng(11)
    n = 1000
    s = {
        "wage_destination": rng.uniform(1, 2, n),
        "wage_origin": rng.uniform(0.5, 2, n),
        "job_chance_destination": rng.uniform(0.5, 0.9, n),
        "job_chance_origin": rng.uniform(0.5, 0.9, n),
        "discount": rng.uniform(0.01, 0.3, n),
        "years": rng.integers(2, 40, n).astype(float),
        "cost": rng.uniform(0, 4, n),
    }
    v = model.present_value(**s)
    for name, sign in {
        "wage_destination": 1, "job_chance_destination": 1, "wage_origin": -1,
        "job_chance_origin": -1, "cost": -1,
    }.items():  # fmt: skip
        change = model.present_value(**s | {name: s[name] * 1.05}) - v
        assert np.all(sign * change > 0), name
    gain = (
        s["job_chance_destination"] * s["wage_destination"]
        - s["job_chance_origin"] * s["wage_origin"]
    )
    longer = model.present_value(**s | {"years": s["years"] + 1}) - v
    dearer = model.present_value(**s | {"discount": s["discount"] + 0.05}) - v
    assert np.all(np.sign(longer) == np.sign(gain))
    assert np.all(np.sign(dearer) == -np.sign(gain))


# Skill and family -------------------------------------------------------------------------------


def test_skill_fades_while_it_is_not_used():
    assert model.skill_left(14, 40, 0.05) == pytest.approx(0.5, abs=0.02)
    assert model.skill_left(30, 5, 0.05) == model.skill_left(5, 5, 0.05)
    assert model.skill_left(30, 5, 0.0) == 1
    income = model.skilled_income(np.arange(8.0), 5, 0.05, 0.6, 2.0)
    assert np.all(income[:5] == 2.0)
    assert income[5:] == pytest.approx(np.full(3, 1 + 0.6 * 0.95**5))
    assert model.skilled_income(3.0, 0, 0.05, 0.6, 2.0) == 1.6


def test_the_couple():
    # 300 + 200 at home, 260 + 260 away, cost 10: the family gains 10 and moves.
    assert model.family_gain(260 - 300, 260 - 200, 10) == 10
    outcome = model.FAMILY_OUTCOMES[model.family_outcome(-40, 60, 10)]
    assert outcome == "the first partner moves, against the partner's own interest: a tied mover"


@pytest.mark.parametrize(
    ("first", "second", "cost", "words"),
    [
        (-10, -10, 0, "both want to stay"),
        (30, -60, 0, "the first partner stays"),
        (-60, 30, 0, "the second partner stays"),
        (5, 5, 20, "less than the household's cost"),
        (60, -40, 10, "the second partner moves"),
        (60, 40, 10, "both want to move"),
    ],
)
def test_all_outcomes(first, second, cost, words):
    assert words in model.FAMILY_OUTCOMES[model.family_outcome(first, second, cost)]


# Harris and Todaro ------------------------------------------------------------------------------


def test_the_lottery():
    city = model.lottery(100, 1.3, 1.0)
    assert city["labor_force"] == pytest.approx(130)
    assert city["unemployed"] == pytest.approx(30)
    assert city["rate"] == pytest.approx(0.2308, abs=5e-5)


def test_the_todaro_paradox():
    before, after = (model.lottery(jobs, 1.3, 1.0) for jobs in (100, 110))
    assert after["unemployed"] == pytest.approx(33)
    assert after["labor_force"] / before["labor_force"] == pytest.approx(1.1)
    # The rate does not know the number of jobs at all.
    assert after["rate"] == before["rate"]


def test_higher_good_wages_and_better_villages():
    raised = model.lottery(100, 1.43, 1.0)
    assert raised["labor_force"] == pytest.approx(143)
    assert raised["rate"] == pytest.approx(0.3007, abs=5e-5)
    village = model.lottery(100, 1.3, 1.2 ** (1 / 3))
    assert 100 * (village["labor_force"] / 130 - 1) == pytest.approx(-5.896397111897156, abs=1e-9)


def test_textbook_problems():
    # 50,000 jobs at 100, village at 30: 166,667 in the city, 116,667 without a good job.
    city = model.lottery(50_000, 100, 30)
    assert city["labor_force"] == pytest.approx(166_667, abs=0.5)
    assert city["unemployed"] == pytest.approx(116_667, abs=0.5)
    # 14.75 an hour at 4.2 percent unemployment: the village pays 14.13.
    assert 14.75 / model.allowed_wage_ratio(0.042) == pytest.approx(14.13, abs=0.005)


def test_the_wage_ratio_that_five_percent_allow():
    assert model.allowed_wage_ratio(0.05) == pytest.approx(1.053, abs=5e-4)
    assert model.allowed_wage_ratio(0.05, 0.5) == pytest.approx(1.026, abs=5e-4)
    assert model.allowed_wage_ratio(0.0) == 1


@given(village=st.floats(0.3, 0.95), odd=st.floats(0, 0.9), jobs=values_of("jobs"))
def test_the_lottery_is_fair(village, odd, jobs):
    city = model.lottery(jobs, 1.0, village, odd * village)
    expected = city["chance"] + (1 - city["chance"]) * odd * village
    assert expected == pytest.approx(village)
    assert city["labor_force"] == pytest.approx(jobs + city["unemployed"])
    assert city["rate"] == pytest.approx(1 - city["chance"])
    ratio = model.allowed_wage_ratio(city["rate"], odd * village)
    assert ratio == pytest.approx(1 / village)


def test_signs_of_the_lottery_over_a_thousand_draws():
    rng = np.random.default_rng(5)
    village = rng.uniform(0.3, 0.9, 1000)
    odd = rng.uniform(0.01, 0.9, 1000) * village
    jobs = rng.uniform(50, 200, 1000)
    base = model.lottery(jobs, 1.0, village, odd)
    for change, sign in (
        ({"good_wage": 1.05}, 1),
        ({"odd_income": odd * 1.02}, 1),
        ({"village_wage": village * 1.02}, -1),
    ):
        setting = {"good_wage": 1.0, "village_wage": village, "odd_income": odd} | change
        after = model.lottery(jobs, **setting)
        for name in ("unemployed", "rate"):
            assert np.all(sign * (after[name] - base[name]) > 0), (name, change)


def test_the_full_model_reproduces_published_values():
    # Conning's notebook: wages and labor as printed there.
    r = model.two_sectors(0.9)
    assert r["village_wage"] == pytest.approx(0.43, abs=0.005)
    assert r["village"] == pytest.approx(271, abs=0.5)
    assert r["employed"] == pytest.approx(62, abs=0.5)
    r = model.two_sectors(0.9, 0.45)
    assert r["village_wage"] == pytest.approx(0.56, abs=0.005)
    assert r["village"] == pytest.approx(157, abs=0.5)
    # Just above the efficient wage of .50 the village keeps 200 and nobody waits.
    r = model.two_sectors(0.5 + 1e-9)
    assert r["village"] == pytest.approx(200, abs=1e-3)
    assert r["rate"] == pytest.approx(0, abs=1e-6)


@given(good=st.floats(0.55, 1.5), land=st.floats(100, 400), labor=st.floats(300, 600))
def test_bisection_against_the_closed_form(good, land, labor):
    if 0.5 * np.sqrt((land + 200.0) / labor) >= good:
        return
    r = model.two_sectors(good, 0.0, land, 200.0, labor)
    assert r["village"] == pytest.approx(model.village_labor(good, land, 200.0, labor), rel=1e-9)


def test_a_higher_good_wage_divides_the_two_models():
    base, after = model.two_sectors(0.9), model.two_sectors(0.99)
    assert base["urban"] == pytest.approx(129.27310828484997, abs=1e-9)
    assert 100 * (after["urban"] / base["urban"] - 1) == pytest.approx(-7.481351653, abs=1e-8)
    assert base["rate"] == pytest.approx(0.522496241633554, abs=1e-9)
    assert after["rate"] == pytest.approx(0.5734576625217024, abs=1e-9)


@pytest.mark.parametrize(
    ("setting", "urban", "rate"),
    [
        ({"land": 240.0}, 120.01129580618976, 0.4856451249271098),
        ({"labor": 440.0}, 136.8053957661457, 0.5487868390275589),
        ({"capital": 220.0}, 139.4910902150118, 0.5132217085461287),
        ({"capital": 240.0}, 149.28439749069662, 0.5038056533758636),
    ],
)
def test_shocks_to_the_full_model(setting, urban, rate):
    r = model.two_sectors(0.9, **setting)
    assert r["urban"] == pytest.approx(urban, abs=1e-9)
    assert r["rate"] == pytest.approx(rate, abs=1e-9)


def test_unemployment_of_the_lottery():
    base, more = (model.lottery(n, 1.3, 1.0) for n in (100, 110))
    assert [base["unemployed"], more["unemployed"]] == pytest.approx([30, 33])
    assert base["rate"] == pytest.approx(0.23077, abs=5e-6)
    # Workers go and come: the rate with 130, with 156 and with 130 x 104/108 people in the city.
    assert 1 - 100 / (130 * 1.2) == pytest.approx(0.359, abs=5e-4)
    assert 1 - 100 / (130 * 104 / 108) == pytest.approx(0.201, abs=5e-4)


def test_investment_in_the_city():
    base, after = (model.two_sectors(0.9, capital=k) for k in (200, 240))
    assert 100 * (after["urban"] / base["urban"] - 1) == pytest.approx(15.48, abs=5e-3)
    assert after["rate"] == pytest.approx(0.504, abs=5e-4)


# Ladders and distributions ----------------------------------------------------------------------


def test_ladders_cross():
    rung = np.arange(1, 10)
    home, abroad = model.ladder_pay(rung, 0.35), model.ladder_pay(rung, 0.15, 130)
    assert home[4] == 100 and abroad[4] == 130
    assert home[0] < abroad[0] and home[-1] > abroad[-1]


def test_selection_of_the_default():
    s = model.selection(0.3, 0.5, 0.6, 0.4, 0.8)
    assert s["share"] == pytest.approx(0.2938, abs=5e-5)
    assert s["home"] == pytest.approx(-0.5340, abs=5e-5)
    assert s["abroad"] == pytest.approx(-0.1017, abs=5e-5)
    swapped = model.selection(0.3, 0.5, 0.4, 0.6, 0.8)
    assert [swapped["home"], swapped["abroad"]] == pytest.approx([0.1017, 0.5340], abs=5e-5)
    refugees = model.selection(0.3, 0.5, 0.5, 0.5, -0.3)
    assert [refugees["home"], refugees["abroad"]] == pytest.approx([-0.3879, 0.3879], abs=5e-5)


@pytest.mark.parametrize("seed", [1, 2])
def test_selection_against_simulation(seed):
    rng = np.random.default_rng(seed)
    gap, cost, s0, s1 = rng.uniform(0, 0.5), rng.uniform(0, 0.5), *rng.uniform(0.3, 0.8, 2)
    rho = rng.uniform(-0.5, 0.9)
    u, v = rng.standard_normal((2, 2_000_000))
    e0, e1 = s0 * u, s1 * (rho * u + np.sqrt(1 - rho**2) * v)
    moves = gap + e1 - e0 > cost
    s = model.selection(gap, cost, s0, s1, rho)
    assert np.mean(moves) == pytest.approx(s["share"], abs=0.002)
    assert np.mean(e0[moves]) == pytest.approx(s["home"], abs=0.003)
    assert np.mean(e1[moves]) == pytest.approx(s["abroad"], abs=0.003)


def test_signs_of_selection_over_a_thousand_draws():
    rng = np.random.default_rng(9)
    s0, s1 = rng.uniform(0.2, 1.0, (2, 1000))
    rho = rng.uniform(-0.95, 0.95, 1000)
    s = model.selection(0.3, 0.5, s0, s1, rho)
    positive, negative = rho > s0 / s1, rho > s1 / s0
    assert np.all((s["home"] > 0) == positive)
    assert np.all((s["abroad"] < 0) == negative)
    assert not np.any(positive & negative)
    refugees = rho < np.minimum(s0 / s1, s1 / s0)
    assert np.all((s["home"][refugees] < 0) & (s["abroad"][refugees] > 0))
    assert np.all(np.isfinite([s["share"], s["home"], s["abroad"]]))


def test_corners_of_selection_are_finite():
    corners = [
        model.selection(gap, cost, s0, s1, rho)
        for gap in (-0.5, 1.0) for cost in (0.0, 1.0)
        for s0 in (0.2, 1.0) for s1 in (0.2, 1.0) for rho in (-0.95, 0.95)
    ]  # fmt: skip
    assert all(np.isfinite(list(corner.values())).all() for corner in corners)
    assert model.selection(0.5, 0.5, 0.3, 0.4, 0.0)["share"] == ndtr(0)


# Who paid for the schooling? --------------------------------------------------------------------


def test_remittances_of_twenty_years():
    account = model.schooling_account(3.0, 0.15, 0.0, 0.0, 0.05, 20)
    assert account["remittances"] == pytest.approx(1.87, abs=0.005)
    assert account["taxes_lost"] == 0
    assert account["schooling_lost"] == pytest.approx(3.0)


def test_the_account_by_hand():
    account = model.schooling_account(3.0, 0.2, 0.1, 0.04, 0.05, 12, 1.5)
    weights = [(0.96 / 1.05) ** t for t in range(1, 13)]
    assert account["remittances"] == pytest.approx(0.2 * 1.5 * sum(weights))
    assert account["taxes_lost"] == pytest.approx(0.1 * sum(weights))
    years = sum(1.05**-t for t in range(1, 13))
    assert account["schooling_lost"] == pytest.approx(3.0 * sum(weights) / years)
    assert model.schooling_account(3.0, 0.2, 0.1, 0.04, 0.0, 0)["balance"] == 0


# Domains and recording --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model.season_balance(-1, 1, 1), "months is -1"),
        (lambda: model.present_value(-1.0), "wage_destination is -1"),
        (lambda: model.present_value(1.3, job_chance_origin=2), "job_chance_origin is 2"),
        (lambda: model.annuity_factor(-0.1, 5), "discount is -0.1; expected .* 0 or more"),
        (lambda: model.break_even_chance(1.3, years=0), "years is 0"),
        (lambda: model.skill_left(1, 1, 1.5), "fading is 1.5; expected .* 0 to 1"),
        (lambda: model.family_gain(np.inf, 0), "gain_first is inf"),
        (lambda: model.lottery(100, 1.0, 1.2), "village_wage is 1.2; expected less than good_wage"),
        (lambda: model.lottery(100, 1.3, 1.0, 1.0), "odd_income is 1; expected less than village"),
        (lambda: model.allowed_wage_ratio(1.0), "unemployment is 1; expected .* 0 to 0.999"),
        (
            lambda: model.two_sectors(0.4),
            r"wage with free entry is 0.5; expected less than good_wage \(0.4\)",
        ),
        (lambda: model.village_labor(0.4), "wage with free entry is 0.5"),
        (lambda: model.selection(-50, 0.5, 0.2, 0.2, 0), "in spreads, is 178"),
        (lambda: model.ladder_pay(1, 0.1, rungs=0), "rungs is 0"),
        (lambda: model.season_balance("six", 1, 1), "months is 'six'; expected a number"),
        (lambda: model.two_sectors(0.9, 0.95), "odd_income is 0.95; expected less than good_wage"),
        (lambda: model.ladder_pay(10, 0.1), "rung is 10; expected .* 1 to 9"),
        (lambda: model.selection(0, 0, 0.5, 0.5, 1.0), "correlation is 1; expected .* 0.95"),
        (lambda: model.schooling_account(1, 2, 0, 0, 0, 1), "remitted is 2"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_can_be_recorded():
    def everything(t, wage, job_chance, discount, cost, away, odd, rho):
        v = model.present_value(wage, 1.0, job_chance, 1.0, discount, t, cost)
        s = model.selection(0.3, 0.5, 0.6, 0.4, rho)
        return {
            "value": v,
            "needed": model.years_needed(job_chance * wage - 1, discount, cost),
            "chance": model.break_even_chance(wage, 1.0, discount, t + 1, cost),
            "months": model.break_even_months(wage, 1.0, cost, 0.5),
            "income": model.skilled_income(t, away, 0.05, 0.6, 2.0),
            "tied": model.family_outcome(wage - 1.5, cost - 1.0, 0.1),
            "pay": model.ladder_pay(t + 1, discount, 130.0, 40),
            **{f"city_{k}": x for k, x in model.lottery(100, 1.3, 1.0, odd).items()},
            **{f"full_{k}": x for k, x in model.two_sectors(0.6 * wage, odd).items()},
            **{f"who_{k}": x for k, x in s.items()},
            **model.schooling_account(3.0, 0.15, 0.1, 0.03, discount, t, wage),
        }

    for discount, cost in ((0.0, 0.0), (0.1, 1.0), (0.3, 4.0)):
        controls = {"wage": 1.4, "job_chance": 0.9, "discount": discount, "cost": cost}
        controls |= {"away": 5.0, "odd": 0.2, "rho": 0.5}
        assert_recorded_equals_computed(everything, {"t": np.arange(20.0)}, controls)
