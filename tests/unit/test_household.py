"""The household that insures itself against closed forms, limits and known numbers."""

import numpy as np
import pytest
from explorers.parameters import defaults
from hypothesis import given
from hypothesis import strategies as st
from migrationlab.models import household
from replaying import assert_recorded_equals_computed

P = defaults(household.PARAMETERS)
MEMBERS = np.arange(5) / 4


def test_the_defaults_are_the_working_paper_s():
    assert (P["risk_home"], P["together"], P["aversion"], P["member_cost"]) == (0.4, 0, 3, 0.10)


def test_equal_wages_and_yet_somebody_goes():
    assert household.certainty_equivalent(MEMBERS) == pytest.approx(
        [0.760, 0.825, 0.830, 0.775, 0.660]
    )
    together = household.certainty_equivalent(MEMBERS, together=1.0)
    assert together == pytest.approx([0.760, 0.735, 0.710, 0.685, 0.660])
    assert household.best_share() == pytest.approx(0.396, abs=5e-4)
    gain = household.certainty_equivalent(household.best_share()) - household.certainty_equivalent(
        0.0
    )
    assert gain == pytest.approx(0.075, abs=5e-4)


def test_insurance_replaces_migration():
    assert household.best_share(insured=0.5) == pytest.approx(0.033, abs=5e-4)
    assert np.argmax(household.certainty_equivalent(MEMBERS, insured=0.5)) == 0


def test_a_household_sends_people_to_a_lower_wage():
    assert household.best_share(income_away=0.8, cost=0.0) == pytest.approx(0.292, abs=5e-4)


def test_small_risks_are_risks():
    # Equal and independent risks: half of the earners, however small the risk.
    assert household.best_share(risk_home=1e-7, risk_away=1e-7, cost=0.0) == pytest.approx(0.5)
    assert household.best_share(aversion=1e-9, cost=0.0) == pytest.approx(0.5)
    # The closed form with half of the risk insured.
    assert household.best_share(insured=0.5) == pytest.approx(1 / 30)


def test_limits_of_the_household():
    assert household.best_share(together=1.0) == 0
    # Hardly any dislike of risk: wages alone.
    assert household.best_share(income_away=1.2, aversion=1e-9) == 1
    assert household.best_share(income_away=0.9, aversion=1e-9) == 0
    # No risk anywhere: wages alone, too.
    assert household.best_share(income_away=1.2, risk_home=0, risk_away=0) == 1
    assert household.best_share(risk_home=0, risk_away=0) == 0
    assert household.best_share(income_away=1.2, together=1.0) == 1


risks = st.floats(0, 0.8)


@given(
    home=risks, away=risks, rho=st.floats(-1, 0.95), aversion=st.floats(0.5, 6),
    cost=st.floats(0, 0.5), wage=st.floats(0.6, 1.4), insured=st.floats(0, 1),
)  # fmt: skip
def test_the_best_share_is_the_best(home, away, rho, aversion, cost, wage, insured):
    setting = {
        "income_away": wage, "risk_home": home, "risk_away": away, "together": rho,
        "aversion": aversion, "cost": cost, "insured": insured,
    }  # fmt: skip
    best = household.best_share(**setting)
    others = household.certainty_equivalent(np.linspace(0, 1, 101), **setting)
    assert household.certainty_equivalent(best, **setting) >= others.max() - 1e-9


def gain(**setting):
    return household.certainty_equivalent(
        household.best_share(**setting), **setting
    ) - household.certainty_equivalent(0.0, **setting)


def test_signs_of_the_gain_over_draws():
    rng = np.random.default_rng(13)
    n = 1000
    base = {
        "risk_home": rng.uniform(0.1, 0.7, n), "risk_away": rng.uniform(0.1, 0.8, n),
        "together": rng.uniform(-0.9, 0.85, n), "aversion": rng.uniform(0.5, 6, n),
        "cost": rng.uniform(0, 0.4, n), "insured": rng.uniform(0, 0.8, n),
    }  # fmt: skip
    before = gain(**base)
    assert np.all(before >= -1e-12)
    assert np.all(gain(**base | {"risk_home": base["risk_home"] + 0.05}) >= before - 1e-12)
    for name, step in (("together", 0.05), ("cost", 0.05), ("insured", 0.1)):
        assert np.all(gain(**base | {name: base[name] + step}) <= before + 1e-12), name


# Domains and recording ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: household.certainty_equivalent(1.2), "away is 1.2; expected .* 0 to 1"),
        (lambda: household.certainty_equivalent(0.5, together=2), "together is 2"),
        (lambda: household.best_share(aversion=0), "aversion is 0; expected .* above 0"),
        (lambda: household.best_share(insured=-1), "insured is -1"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_can_be_recorded():
    def village(row, together, insured):
        return {
            "equivalent": household.certainty_equivalent(
                row / 4, together=together, insured=insured
            ),
            "best": household.best_share(together=together, insured=insured) + 0 * row,
        }

    for together, insured in ((0.0, 0.0), (1.0, 0.5)):
        controls = {"together": together, "insured": insured}
        assert_recorded_equals_computed(village, {"row": np.arange(5.0)}, controls)
