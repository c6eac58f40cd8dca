"""All theories under the same shocks: the working paper's table, three states, signs over draws."""

import dataclasses
from types import MappingProxyType

import numpy as np
import pytest
from migrationlab.models import comparing_theories as model
from migrationlab.models import (
    dual_labor_market,
    neoclassical_macro,
    neoclassical_micro,
    ravenstein,
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


@pytest.mark.parametrize(("shock", "theory"), PAIRS)
def test_silence_is_not_zero(shock, theory):
    """A silent theory does not read the condition; one that gives a number does."""
    record, claim = model.THEORIES[theory], model.CLAIMS[shock][theory]
    outcome = model.SHOCKS[shock].outcome
    function = record.low_wage if outcome == "low wage" else record.flow
    if claim.state == SILENT:
        assert claim.why
        if function is not None:
            world = Watched(model.conditions())
            function(world)
            assert shock not in world.read
    elif shock != "up_and_back":
        assert bool(claim.why) == (claim.state == ZERO)
        world = Watched(model.conditions())
        function(world)
        if claim.state == model.NUMBER:
            assert shock in world.read


@pytest.mark.parametrize(("shock", "theory"), PAIRS)
@pytest.mark.parametrize("size", [-30.0, -7.0, 13.0, 30.0])
def test_zero_is_zero_at_every_size(shock, theory, size):
    if model.CLAIMS[shock][theory].state == ZERO and not (
        # More newcomers lower Piore's wage: only fewer of them leave it as it is.
        (shock, theory) == ("newcomers", "piore") and size > 0
    ):
        before, after = model.respond(shock, theory, size)
        assert before == after


def test_more_newcomers_lower_both_wages_alike():
    macro, piore = (model.percent(model.respond("newcomers", t, 50.0)) for t in ("macro", "piore"))
    assert macro < 0
    assert piore == pytest.approx(macro, abs=1e-12)


@pytest.mark.parametrize("peak", [0.0, 1.0, 5.0, 20.0, 50.0])
def test_the_loop(peak):
    macro, piore = model.low_wage_path("macro", peak), model.low_wage_path("piore", peak)
    # Equal while supply rises; one retraces its way and the other stays.
    assert float(piore[1]) == pytest.approx(float(macro[1]), abs=1e-12)
    assert macro[2] == macro[0] == 1
    assert piore[2] == piore[1]


def test_the_loop_of_the_table():
    low = 0.9410360288810286
    assert np.array(model.low_wage_path("macro")) == pytest.approx([1, low, 1], abs=1e-12)
    assert np.array(model.low_wage_path("piore"), float) == pytest.approx([1, low, low], abs=1e-12)
    # Fewer workers than before: recruits fill what is missing.
    assert [float(w) for w in model.low_wage_path("piore", -15.0)] == [1, 1, 1]


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


def test_what_separates_nothing():
    """Cheaper transport and more people at the origin: whoever claims an effect says the same word."""
    for shock in ("transport_cost", "origin_people"):
        words = {model.sign(shock, theory) for theory in model.THEORIES}
        assert words - {"silent", "no effect"} == {"rises"}


def test_a_pair_is_separated_only_if_both_speak():
    assert not model.separates("destination_wage", "gravity", "macro")
    assert model.separates("destination_wage", "macro", "world")
    assert not model.separates("kin", "macro", "world")
    assert model.separates("up_and_back", "macro", "piore")
    # 0 by claim and 0 by number are one observation.
    assert not model.separates("up_and_back", "macro", "ht_simple")


def test_distance_with_published_elasticities():
    flows = [ravenstein.power_decay(0.7, g) / ravenstein.power_decay(1.0, g) for g in (0.92, 1.264)]
    assert 100 * (np.array(flows) - 1) == pytest.approx([38.83846491266094, 56.96256149973513])


def test_unemployment_of_the_lottery():
    base, more = (neoclassical_micro.lottery(n, 1.3, 1.0) for n in (100, 110))
    assert [base["unemployed"], more["unemployed"]] == pytest.approx([30, 33])
    assert base["rate"] == pytest.approx(0.23077, abs=5e-6)
    # Workers go and come: the rate with 130, with 156 and with 130 x 104/108 people in the city.
    assert 1 - 100 / (130 * 1.2) == pytest.approx(0.359, abs=5e-4)
    assert 1 - 100 / (130 * 104 / 108) == pytest.approx(0.201, abs=5e-4)


def test_investment_in_the_city():
    base, after = (neoclassical_micro.two_sectors(0.9, capital=k) for k in (200, 240))
    assert 100 * (after["urban"] / base["urban"] - 1) == pytest.approx(15.48, abs=5e-3)
    assert after["rate"] == pytest.approx(0.504, abs=5e-4)


def test_recruits_at_the_lower_quota():
    assert dual_labor_market.recruits(jobs=110, quota=20) == 20
    assert model.respond("destination_jobs", "piore") == (20, pytest.approx(30))


def test_beyond_the_five():
    assert model.beyond("kin") == pytest.approx((12.577148331169617, 15.259562601529579), abs=1e-9)
    assert model.beyond("origin_risk") == pytest.approx(
        (0.39583333333333337, 0.45324283559577677), abs=1e-9
    )
    for shock in ("kin", "origin_risk"):
        assert all(model.CLAIMS[shock][theory].state == SILENT for theory in model.THEORIES)


# Signs over draws ---------------------------------------------------------------------------------


def weak(before, after, direction):
    assert np.all(direction * (np.asarray(after) - before) >= -1e-9)


def test_macro_signs_are_weak():
    """In a third and more of the draws nothing happens at all: the band."""
    rng = np.random.default_rng(2026)
    n = 1000
    base = {
        "capital_origin": rng.uniform(50, 400, n), "capital_destination": rng.uniform(50, 400, n),
        "cost": rng.uniform(0, 1, n), "capital_share": rng.uniform(0.2, 0.5, n),
        "productivity_origin": rng.uniform(0.5, 2, n),
        "productivity_destination": rng.uniform(0.5, 2, n),
    }  # fmt: skip

    def net(**changes):
        return neoclassical_macro.resting_point(**base | changes)["net"]

    before = net()
    wage = net(productivity_destination=base["productivity_destination"] * 1.1)
    capital = net(capital_origin=base["capital_origin"] * 1.2)
    cheaper = net(cost=base["cost"] * 0.7)
    weak(before, wage, +1)
    weak(before, capital, -1)
    weak(np.abs(before), np.abs(cheaper), +1)
    assert np.all(before * cheaper >= 0)
    shares = [np.mean(before == 0)] + [np.mean(x == before) for x in (wage, capital, cheaper)]
    assert shares == pytest.approx([0.441, 0.381, 0.407, 0.344], abs=0.05)
    outside = before > 0
    assert np.all(wage[outside] > before[outside])
    assert np.all(capital[outside] < before[outside])


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
        (ravenstein, "gamma", 2.0, "transport_cost", "gravity"),
        (neoclassical_macro, "cost", 0.1, "origin_capital", "macro"),
        (neoclassical_micro, "years", 10, "destination_wage", "npv"),
        (world_systems, "exposure", 0.85, "origin_capital", "world"),
        (world_systems, "b_tie", 0.5, "tie", "lee"),
        (dual_labor_market, "quota", 20, "destination_jobs", "piore"),
    ],
)
def test_the_matrix_follows_the_records(monkeypatch, module, name, value, shock, theory):
    before = percent(shock, theory)
    records = dict(module.PARAMETERS)
    records[name] = dataclasses.replace(records[name], default=value, format="")
    monkeypatch.setattr(module, "PARAMETERS", MappingProxyType(records))
    cells = {(c["shock"], c["theory"]): c["change"] for c in model.matrix()}
    assert cells[shock, theory] != before
    if name == "exposure":
        assert cells[shock, theory] == pytest.approx(12.4265905045009, abs=1e-9)
    if name == "gamma":
        assert cells[shock, theory] == pytest.approx(100 * (0.7**-2 - 1))
    if name == "quota":
        assert cells[shock, theory] == 0


# Domains and recording ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model.conditions(wages=10), "Unknown conditions: wages. Known: destination_wage"),
        (lambda: model.conditions(kin="many"), "kin is 'many'; expected a number"),
        (lambda: model.respond("kin", "marx"), "theory is 'marx'; known are gravity, lee"),
        (lambda: model.respond("rain", "lee"), "shock is 'rain'; known are destination_wage"),
        (lambda: model.low_wage_path("lee"), "theory is 'lee'; the low wage has a path in"),
        (lambda: model.low_wage_path("macro", -100), "peak is -100"),
        (lambda: model.beyond("tie"), "shock is 'tie'; the theories beyond the five answer"),
        (lambda: model.respond("origin_capital", "macro", -100.0), "capital_origin is 0"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_can_be_recorded():
    def all_of_them(row, wage, capital, tie):
        world = model.conditions(destination_wage=wage + 0 * row, origin_capital=capital, tie=tie)
        return {key: theory.flow(world) + 0 * row for key, theory in model.THEORIES.items()}

    for controls in (
        {"wage": -30.0, "capital": 20.0, "tie": 0.0},
        {"wage": 10.0, "capital": 0.0, "tie": 100.0},
    ):
        assert_recorded_equals_computed(all_of_them, {"row": np.arange(2.0)}, controls)
