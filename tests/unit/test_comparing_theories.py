"""All theories under the same shocks: the working paper's table, three states, signs over draws."""

import dataclasses
import itertools
from types import MappingProxyType

import numpy as np
import pytest
from migrationlab.models import comparing_theories as model
from migrationlab.models import (
    dual_labor_market,
    gravity,
    household,
    lee,
    neoclassical_macro,
    neoclassical_micro,
    networks,
    world_systems,
)
from replaying import assert_recorded_equals_computed

ZERO, SILENT = model.ZERO, model.SILENT

# Before and after, in full precision, as the working paper computed them with code of its own.
TABLE = {
    "destination_wage": {
        "gravity": SILENT,
        "lee": (18.0, 19.764424036733875),
        "macro": (7.296137339055804, 21.275626423690227),
        "npv": (1.200756221557588, 2.3573238528867884),
        "ht_simple": (130.0, 143.0),
        "ht_full": (129.27310828484997, 119.60173246096508),
        "piore": ZERO,
        "world": ZERO,
    },
    "destination_unemployment": {
        "gravity": SILENT,
        "lee": (18.0, 15.531685493886549),
        "macro": SILENT,
        "npv": (1.200756221557588, 0.5920364155948532),
        "ht_simple": SILENT,
        "ht_full": SILENT,
        "piore": ZERO,
        "world": ZERO,
    },
    "newcomers": {
        "gravity": SILENT,
        "lee": SILENT,
        "macro": (0.9746725794042886, 0.9870115168742856),
        "npv": SILENT,
        "ht_simple": ZERO,
        "ht_full": ZERO,
        "piore": ZERO,
        "world": SILENT,
    },
    "up_and_back": {
        "gravity": SILENT,
        "lee": SILENT,
        "npv": SILENT,
        "world": SILENT,
        "macro": (1.0, 1.0),
        "piore": (1.0, 0.9410360288810286),
        "ht_simple": ZERO,
        "ht_full": ZERO,
    },
    "origin_capital": {
        "gravity": SILENT,
        "lee": (18.0, 16.956645480637615),
        "macro": (7.296137339055804, 0.0),
        "npv": (1.200756221557588, 0.6139637281000219),
        "ht_simple": (130.0, 122.3346837545337),
        "ht_full": (129.27310828484997, 120.01129580618976),
        "piore": ZERO,
        "world": (0.3934693402873666, 0.47655415948492796),
    },
    "transport_cost": {
        "gravity": (100.0, 142.85714285714286),
        "lee": (18.0, 25.517436915225403),
        "macro": (7.296137339055804, 14.891553862309351),
        "npv": (1.200756221557588, 1.500756221557588),
        "ht_simple": SILENT,
        "ht_full": SILENT,
        "piore": ZERO,
        "world": (0.3934693402873666, 0.47028581240739054),
    },
    "tie": {
        "gravity": SILENT,
        "lee": (18.0, 43.13945920127648),
        "macro": (7.296137339055804, 20.08405884118882),
        "npv": (1.200756221557588, 1.700756221557588),
        "ht_simple": SILENT,
        "ht_full": SILENT,
        "piore": SILENT,
        "world": (0.3934693402873666, 0.9677784135156794),
    },
    "origin_people": {
        "gravity": (100.0, 110.0),
        "lee": (18.0, 19.799999999999997),
        "macro": (7.296137339055804, 12.660944206008594),
        "npv": ZERO,
        "ht_simple": ZERO,
        "ht_full": (129.27310828484997, 136.8053957661457),
        "piore": ZERO,
        "world": (0.3934693402873666, 0.43281627431610326),
    },
    "destination_jobs": {
        "gravity": (100.0, 110.0),
        "lee": (18.0, 19.764424036733875),
        "macro": (7.296137339055804, 12.01629327902242),
        "npv": SILENT,
        "ht_simple": (130.0, 143.0),
        "ht_full": (129.27310828484997, 139.4910902150118),
        "piore": (20.0, 30.0),
        "world": ZERO,
    },
    "kin": {
        "gravity": SILENT,
        "lee": SILENT,
        "macro": SILENT,
        "npv": SILENT,
        "ht_simple": SILENT,
        "ht_full": SILENT,
        "piore": SILENT,
        "world": SILENT,
    },
    "origin_risk": {
        "gravity": SILENT,
        "lee": SILENT,
        "macro": SILENT,
        "npv": SILENT,
        "ht_simple": SILENT,
        "ht_full": SILENT,
        "piore": SILENT,
        "world": SILENT,
    },
}
PAIRS = [(shock, theory) for shock in TABLE for theory in TABLE[shock]]


def test_the_table_is_complete():
    assert list(TABLE) == list(model.SHOCKS) == list(model.CLAIMS)
    for shock in TABLE:
        assert set(TABLE[shock]) == set(model.THEORIES)
        assert list(model.CLAIMS[shock]) == list(model.THEORIES)
    assert len(model.matrix()) == 88


@pytest.mark.parametrize(("shock", "theory"), PAIRS)
def test_every_number_of_the_table(shock, theory):
    expected, pair = TABLE[shock][theory], model.respond(shock, theory)
    state = expected if isinstance(expected, str) else model.NUMBER
    assert model.CLAIMS[shock][theory].state == state
    if state == SILENT:
        assert pair is None
    elif state == ZERO:
        # Not nearly nothing: the same number to the last bit.
        assert pair[0] == pair[1]
        assert model.percent(pair) == 0
    else:
        assert pair == pytest.approx(expected, rel=1e-9, abs=1e-9)
        if expected[1] == 0:
            assert pair[1] == 0


class Watched(dict):
    """Conditions that remember which of them a theory has read."""

    def __init__(self, values):
        super().__init__(values)
        self.read = set()

    def __getitem__(self, key):
        self.read.add(key)
        return super().__getitem__(key)


def state(shock, theory):
    return model.CLAIMS[shock][theory].state


def read_by(shock, theory):
    """Conditions that the theory reads for the outcome of a shock; nothing if it has no such outcome."""
    outcome = model.THEORIES[theory].outcomes.get(model.SHOCKS[shock].outcome)
    world = Watched(model.conditions())
    if outcome is not None:
        outcome(world)
    return world.read


SILENT_PAIRS = [pair for pair in PAIRS if state(*pair) == SILENT]
ZERO_PAIRS = [pair for pair in PAIRS if state(*pair) == ZERO]
# Where a condition enters and has no effect: by its weight of 0, or by the ratchet.
COMPUTED_ZEROS = [("destination_wage", "world"), ("newcomers", "piore")]


@pytest.mark.parametrize(("shock", "theory"), SILENT_PAIRS)
def test_a_silent_theory_does_not_read_the_condition(shock, theory):
    assert shock not in read_by(shock, theory)
    assert model.CLAIMS[shock][theory].why


@pytest.mark.parametrize(("shock", "theory"), [p for p in PAIRS if state(*p) == model.NUMBER])
def test_a_theory_that_gives_a_number_reads_the_condition(shock, theory):
    assert shock in read_by(shock, theory)


@pytest.mark.parametrize(("shock", "theory"), ZERO_PAIRS)
def test_a_claim_of_no_effect_has_a_reason_and_no_parameter(shock, theory):
    assert model.CLAIMS[shock][theory].why
    assert (shock in read_by(shock, theory)) == ((shock, theory) in COMPUTED_ZEROS)
    # The outcome is there: the theory could have answered otherwise.
    assert model.respond(shock, theory) is not None


@pytest.mark.parametrize(("shock", "theory"), ZERO_PAIRS)
@pytest.mark.parametrize("size", [-30.0, -7.0, 13.0, 30.0])
def test_zero_is_zero_at_every_size(shock, theory, size):
    before, after = model.respond(shock, theory, size)
    if (shock, theory) == ("newcomers", "piore") and size > 0:
        # More newcomers lower the wage: the claim is about fewer of them.
        assert after < before
    else:
        assert before == after


def test_the_strong_form_has_no_weight_of_wages():
    """World systems claims 0 for wages because of this record; a weight above 0 is the weaker form."""
    assert world_systems.PARAMETERS["b_wage"].default == 0


def test_more_newcomers_lower_both_wages_alike():
    macro, piore = (model.percent(model.respond("newcomers", t, 50.0)) for t in ("macro", "piore"))
    assert macro < 0
    assert piore == pytest.approx(macro, abs=1e-12)


@pytest.mark.parametrize("peak", [0.0, 1.0, 5.0, 20.0, 50.0])
def test_the_loop(peak):
    macro, piore = model.macro_loop(peak), model.piore_loop(peak)
    # Equal while supply rises; one retraces its way and the other stays.
    assert float(piore[1]) == pytest.approx(float(macro[1]), abs=1e-12)
    assert macro[2] == macro[0] == 1
    assert piore[2] == piore[1]


def test_the_loop_of_the_table():
    low = 0.9410360288810286
    assert np.array(model.macro_loop(20.0)) == pytest.approx([1, low, 1], abs=1e-12)
    assert np.array(model.piore_loop(20.0), float) == pytest.approx([1, low, low], abs=1e-12)
    # Fewer workers than before: recruits fill what is missing.
    assert [float(w) for w in model.piore_loop(-15.0)] == [1, 1, 1]


# What the working paper says beside the table -----------------------------------------------------


def percent(shock, theory, size=None):
    return float(model.percent(model.respond(shock, theory, size)))


def test_the_printed_table():
    printed = {
        ("destination_wage", "lee"): 9.8024, ("destination_wage", "ht_simple"): 10.0,
        ("destination_wage", "ht_full"): -7.4814, ("destination_unemployment", "lee"): -13.7129,
        ("newcomers", "macro"): 1.2660, ("origin_capital", "lee"): -5.7964,
        ("origin_capital", "ht_simple"): -5.8964, ("origin_capital", "ht_full"): -7.1645,
        ("origin_capital", "world"): 21.1160, ("transport_cost", "gravity"): 42.8571,
        ("transport_cost", "lee"): 41.7635, ("transport_cost", "world"): 19.5229,
        ("tie", "lee"): 139.6637, ("tie", "world"): 145.9603, ("origin_people", "gravity"): 10.0,
        ("origin_people", "lee"): 10.0, ("origin_people", "ht_full"): 5.8266,
        ("origin_people", "world"): 10.0, ("destination_jobs", "gravity"): 10.0,
        ("destination_jobs", "lee"): 9.8024, ("destination_jobs", "ht_simple"): 10.0,
        ("destination_jobs", "ht_full"): 7.9042, ("destination_jobs", "piore"): 50.0,
    }  # fmt: skip
    for (shock, theory), value in printed.items():
        assert percent(shock, theory) == pytest.approx(value, abs=5e-5), (shock, theory)


def test_investment_separates_by_direction_and_nothing_reverses():
    assert model.sign("origin_capital", "macro") == "falls"
    assert model.sign("origin_capital", "world") == "rises"
    assert model.respond("origin_capital", "macro")[1] == 0
    assert model.separates("origin_capital", "macro", "world")


PAIRS_OF_THEORIES = list(itertools.combinations(model.THEORIES, 2))


def words_of(shock):
    return {theory: model.sign(shock, theory) for theory in model.THEORIES}


def test_which_shocks_separate_how_many_pairs():
    """What the chapter says about the matrix, counted by hand from the working paper's table."""
    separated = {
        shock: sum(model.separates(shock, a, b) for a, b in PAIRS_OF_THEORIES)
        for shock in model.SHOCKS
    }
    assert separated == {
        "destination_wage": 14, "destination_unemployment": 4, "newcomers": 3, "up_and_back": 3,
        "origin_capital": 11, "transport_cost": 5, "tie": 0, "origin_people": 15,
        "destination_jobs": 6, "kin": 0, "origin_risk": 0,
    }  # fmt: skip


def test_only_two_shocks_set_more_against_less():
    against = {
        shock for shock in model.SHOCKS if {"rises", "falls"} <= set(words_of(shock).values())
    }
    assert against == {"destination_wage", "origin_capital"}
    assert [t for t, word in words_of("destination_wage").items() if word == "falls"] == ["ht_full"]
    assert [t for t, word in words_of("origin_capital").items() if word == "rises"] == ["world"]


def test_whoever_claims_an_effect_of_roads_and_people_says_more():
    for shock in ("transport_cost", "origin_people", "tie"):
        assert set(words_of(shock).values()) - {"silent", "no effect"} == {"rises"}
    assert "no effect" not in words_of("tie").values()


def test_lee_and_the_market_are_never_separated():
    assert not any(model.separates(shock, "lee", "macro") for shock in model.SHOCKS)
    apart = [shock for shock in model.SHOCKS if model.separates(shock, "macro", "world")]
    assert apart == ["destination_wage", "origin_capital", "destination_jobs"]


def test_capital_stops_and_later_turns_the_market():
    stop = 100 * (2 / 1.2**3 - 1)
    assert stop == pytest.approx(15.74, abs=0.005)
    assert model.respond("origin_capital", "macro", stop - 0.01)[1] > 0
    assert model.respond("origin_capital", "macro", stop + 0.01)[1] == 0
    turn = 100 * (2 * 1.2**3 - 1)
    assert turn == pytest.approx(245.6, abs=0.05)
    assert model.respond("origin_capital", "macro", turn + 1)[1] < 0


def test_a_pair_is_separated_only_if_both_speak():
    assert not model.separates("destination_wage", "gravity", "macro")
    assert model.separates("destination_wage", "macro", "world")
    assert not model.separates("kin", "macro", "world")
    assert model.separates("up_and_back", "macro", "piore")
    # 0 by claim and 0 by number are one observation.
    assert not model.separates("up_and_back", "macro", "ht_simple")


def test_beyond_the_five():
    assert model.beyond("kin") == pytest.approx((12.577148331169617, 15.259562601529579), abs=1e-9)
    assert model.beyond("origin_risk") == pytest.approx(
        (0.39583333333333337, 0.45324283559577677), abs=1e-9
    )


# Signs over draws ---------------------------------------------------------------------------------


def weak(before, after, direction):
    assert np.all(direction * (np.asarray(after) - before) >= -1e-9)


SIGNS = {
    "destination_wage": {"lee": 1, "macro": 1, "npv": 1, "ht_simple": 1},
    "destination_unemployment": {"lee": -1, "npv": -1},
    "origin_capital": {
        "lee": -1,
        "macro": -1,
        "npv": -1,
        "ht_simple": -1,
        "ht_full": -1,
        "world": 1,
    },
    "transport_cost": {"gravity": -1, "lee": -1, "macro": -1, "npv": -1, "world": -1},
    "tie": {"lee": 1, "macro": 1, "npv": 1, "world": 1},
    "origin_people": {"gravity": 1, "lee": 1, "macro": 1, "ht_full": 1, "world": 1},
    "destination_jobs": {
        "gravity": 1,
        "lee": 1,
        "macro": 1,
        "ht_simple": 1,
        "ht_full": 1,
        "piore": 1,
    },
}
LOW = {"tie": -100.0, "destination_unemployment": -90.0}


@pytest.mark.parametrize("shock", SIGNS)
def test_signs_over_a_thousand_sizes(shock):
    """Larger shocks, larger effects in the stated direction: a thousand pairs of sizes."""
    rng = np.random.default_rng(17)
    low, high = np.sort(rng.uniform(LOW.get(shock, -25.0), 30.0, (2, 1000)), axis=0)
    for theory, direction in SIGNS[shock].items():
        (_, smaller), (_, larger) = (model.respond(shock, theory, size) for size in (low, high))
        weak(smaller, larger, direction)
    speaking = {t for t in model.THEORIES if model.CLAIMS[shock][t].state == model.NUMBER}
    # The full lottery under a higher good wage is the one number without a sign of its own.
    assert speaking - set(SIGNS[shock]) <= {"ht_full"}


# One home for the assumptions ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "name", "value", "shock", "theory"),
    [
        (gravity, "gamma", 2.0, "transport_cost", "gravity"),
        (gravity, "alpha", 0.5, "origin_people", "gravity"),
        (lee, "beta_w", 0.5, "destination_wage", "lee"),
        (lee, "mobility", 3.0, "destination_wage", "lee"),
        (neoclassical_macro, "cost", 0.1, "origin_capital", "macro"),
        (neoclassical_macro, "capital_share", 0.4, "origin_capital", "lee"),
        (neoclassical_macro, "capital_share", 0.4, "newcomers", "macro"),
        (neoclassical_macro, "productivity_origin", 0.95, "destination_wage", "macro"),
        (neoclassical_micro, "years", 10, "destination_wage", "npv"),
        (neoclassical_micro, "good_wage", 1.0, "destination_wage", "ht_full"),
        (neoclassical_micro, "job_chance", 0.92, "destination_unemployment", "npv"),
        (dual_labor_market, "quota", 20, "destination_jobs", "piore"),
        (dual_labor_market, "speed", 0.5, "up_and_back", "piore"),
        (dual_labor_market, "eta", 0.5, "up_and_back", "piore"),
        (world_systems, "exposure", 0.85, "origin_capital", "world"),
        (world_systems, "uprooting", 1.0, "origin_capital", "world"),
        (world_systems, "b_link", 0.5, "origin_capital", "world"),
        (world_systems, "b_tie", 0.5, "tie", "lee"),
        (gravity, "beta", 0.5, "destination_jobs", "gravity"),
        (lee, "lambda_", 0.5, "transport_cost", "lee"),
        (lee, "beta_a", 0.5, "destination_jobs", "lee"),
        (lee, "beta_u", 5.0, "destination_unemployment", "lee"),
        (neoclassical_micro, "discount", 0.05, "destination_wage", "npv"),
        (neoclassical_micro, "odd_income", 0.1, "origin_capital", "ht_simple"),
        (neoclassical_micro, "odd_income", 0.1, "origin_capital", "ht_full"),
        (dual_labor_market, "pushed", 5, "destination_jobs", "piore"),
        (dual_labor_market, "natives", 90, "destination_jobs", "piore"),
        (model, "tie_saves", 0.25, "tie", "macro"),
        (model, "newcomers", 12, "newcomers", "macro"),
    ],
)
def test_the_matrix_follows_the_records(monkeypatch, module, name, value, shock, theory):
    before = percent(shock, theory)
    records = dict(module.PARAMETERS)
    records[name] = dataclasses.replace(records[name], default=value, format="")
    monkeypatch.setattr(module, "PARAMETERS", MappingProxyType(records))
    cells = {(c["shock"], c["theory"]): c["change"] for c in model.matrix()}
    assert abs(cells[shock, theory] - before) > 1e-6
    exact = {
        "exposure": 12.4265905045009,
        "gamma": 100 * (0.7**-2 - 1),
        "alpha": 100 * (1.1**0.5 - 1),
        "quota": 0.0,
    }
    if name in exact:
        assert cells[shock, theory] == pytest.approx(exact[name], abs=1e-9)


# Domains and recording ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model.conditions(wages=10), "Unknown conditions: wages. Known: destination_wage"),
        (lambda: model.conditions(kin="many"), "kin is 'many'; expected a number"),
        (lambda: model.respond("kin", "marx"), "theory is 'marx'; known are gravity, lee"),
        (lambda: model.respond("rain", "lee"), "shock is 'rain'; known are destination_wage"),
        (lambda: model.macro_loop(-100), "peak is -100; expected .* -99 or more"),
        (lambda: model.piore_loop("all"), "peak is 'all'; expected a number"),
        (lambda: model.respond("newcomers", "npv", "x"), "newcomers is 'x'; expected a number"),
        (
            lambda: model.respond("origin_people", "lee", -200),
            "origin_people is -200; .* above -100",
        ),
        (lambda: model.respond("transport_cost", "lee", -100), "transport_cost is -100"),
        (lambda: model.beyond("kin", "x"), "size is 'x'; expected a number"),
        (lambda: model.changes(11, 10), "shock is 11; expected .* 0 to 10"),
        (lambda: model.changes("kin", 10), "shock is 'kin'; expected a number"),
        (lambda: model.respond("tie", "npv", 300), "cost of moving that is left is -0.5"),
        (lambda: model.percent((0.0, np.nan)), "after is nan"),
        (lambda: model.percent((0.0, 1.0)), "before the shock is 0"),
        (lambda: model.beyond("tie"), "shock is 'tie'; the theories beyond the five answer"),
        (
            lambda: model.respond("origin_capital", "macro", -100.0),
            "origin_capital is -100; expected .* above -100",
        ),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_loss_that_shrinks_is_a_rise(monkeypatch):
    """Four years are too few for the move to pay; a higher wage abroad is still good news."""
    assert model.percent((-1.0, -0.5)) == 50
    records = dict(neoclassical_micro.PARAMETERS)
    records["years"] = dataclasses.replace(records["years"], default=4)
    monkeypatch.setattr(neoclassical_micro, "PARAMETERS", MappingProxyType(records))
    before, after = model.respond("destination_wage", "npv")
    assert before < 0 < after
    assert model.sign("destination_wage", "npv") == "rises"
    assert percent("destination_wage", "npv") > 0


@pytest.mark.parametrize(
    ("theory", "name", "value", "shock", "bigger"),
    [(networks, "gap", 15, "kin", True), (household, "risk_home", 0.3, "origin_risk", False)],
)
def test_beyond_follows_the_records(monkeypatch, theory, name, value, shock, bigger):
    before = model.beyond(shock)[0]
    records = dict(theory.PARAMETERS)
    records[name] = dataclasses.replace(records[name], default=value, format="")
    monkeypatch.setattr(theory, "PARAMETERS", MappingProxyType(records))
    assert (model.beyond(shock)[0] > before) == bigger


def test_all_theories_at_once_are_each_of_them_alone():
    for number, shock in enumerate(model.SHOCKS):
        for size in (-30.0, 0.0, 20.0):
            together = model.changes(number, size)
            for change, theory in zip(together, model.THEORIES, strict=True):
                pair = model.respond(shock, theory, size)
                alone = 0.0 if pair is None else float(model.percent(pair))
                assert float(change) == pytest.approx(alone, abs=1e-9), (shock, theory, size)


@pytest.mark.parametrize("shock", range(9))
def test_can_be_recorded(shock):
    def all_of_them(row, shock, size):
        return {
            f"t{i}": change + 0 * row
            for i, change in enumerate(model.changes(shock, size + 0 * row))
        }

    for size in (-30.0, 20.0):
        controls = {"shock": shock, "size": size}
        assert_recorded_equals_computed(all_of_them, {"row": np.arange(2.0)}, controls)
