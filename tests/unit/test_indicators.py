"""Migration statistics against closed forms and published numbers."""

import numpy as np
import pytest
from explorers.tracing import record
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from migrationlab import data
from migrationlab import indicators as ind
from migrationlab.indicators import MixedMovesError, Moves

# The article's table 2: thousands, 2015 to 2020.
ARRIVALS = np.array([16.6, 13.8, 15.6, 12.7, 12.3, 11.3])
DEPARTURES = np.array([30.0, 35.0, 37.7, 41.9, 45.2, 29.1])

counts = st.integers(0, 10**6).map(float)
matrices = st.integers(2, 8).flatmap(lambda n: arrays(float, (n, n), elements=counts))


def moving(flows):
    """Tell whether anybody moves between regions."""
    return (flows.sum() - np.trace(flows)) > 0


# ------------------------------------------------------------------ single regions


def test_almaty_in_2022():
    # All moves, thousands: 130 in, 95 out, two million inhabitants.
    assert ind.net(130, 95) == 35
    assert ind.gross(130, 95) == 225
    assert ind.effectiveness(130, 95) == pytest.approx(15.6, abs=0.05)
    moves = data.load("internal_moves_by_region").query("code == 'KZ-75' and year == 2022").iloc[0]
    assert round(moves["arrivals"], -3) == 130_000
    assert round(moves["departures"], -3) == 95_000
    assert ind.effectiveness(moves["arrivals"], moves["departures"]) == pytest.approx(
        15.7, abs=0.05
    )


@pytest.mark.parametrize(("code", "expected"), [("KZ-23", -5.1), ("KZ-75", 15.7), ("KZ-71", 13.4)])
def test_regional_effectiveness_over_all_moves(code, expected):
    moves = data.load("internal_moves_by_region").query("code == @code and year == 2022")
    found = ind.effectiveness(moves["arrivals"], moves["departures"]).item()
    assert found == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(("code", "expected"), [("KZ-75", 32.9), ("KZ-71", 31.4)])
def test_regional_effectiveness_over_interregional_moves(code, expected):
    months = data.load("interregional_by_region").query("code == @code and year == 2022")
    months = months.set_index("measure")["moves"]
    found = ind.effectiveness(months["arrivals"], months["arrivals"] - months["net"])
    assert found == pytest.approx(expected, abs=0.05)


def test_table_2():
    expected = [-28.8, -43.4, -41.5, -53.5, -57.2, -44.1]
    np.testing.assert_allclose(ind.effectiveness(ARRIVALS, DEPARTURES), expected, atol=0.05)
    ratio = ind.counterstream_ratio(DEPARTURES, ARRIVALS)
    np.testing.assert_allclose(ratio[[0, 4, 5]], [0.553, 0.272, 0.388], atol=0.0005)
    assert ratio.argmin() == 4  # 2019


def test_table_2_is_in_the_data():
    table = data.load("external_migration").query("status == 'article'")
    wide = table.pivot(index="year", columns="direction", values="persons")
    np.testing.assert_array_equal(wide["arrivals"], np.round(1000 * ARRIVALS))
    np.testing.assert_array_equal(wide["departures"], np.round(1000 * DEPARTURES))


def test_russia_alone():
    flow = data.load("external_by_country").query("year == 2019 and country == 'RUS'")
    flow = flow.set_index("direction")["persons"]
    found = ind.effectiveness(flow["arrivals"], flow["departures"])
    assert found == pytest.approx(-86.5, abs=0.05)


def test_nobody_moves():
    assert ind.effectiveness(0, 0) == 0
    # Modeled flows may be parts of a person.
    assert ind.effectiveness(0.3, 0.1) == pytest.approx(50)
    assert ind.migration_effectiveness_index(np.zeros(3), np.zeros(3)) == 0


def test_counterstream_of_russia():
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


@given(stream=counts.filter(bool), counterstream=counts)
def test_effectiveness_follows_from_the_counterstream(stream, counterstream):
    ratio = ind.counterstream_ratio(stream, counterstream)
    found = ind.effectiveness_from_counterstream(ratio)
    assert found == pytest.approx(ind.effectiveness(stream, counterstream), abs=1e-9)


@given(one=counts, other=counts)
def test_effectiveness_is_antisymmetric_and_bounded(one, other):
    there = ind.effectiveness(one, other)
    assert there == -ind.effectiveness(other, one)
    assert -100 <= there <= 100


def test_rate():
    # Almaty 2022, all moves: 35 thousand net, 2.1 million inhabitants.
    assert ind.rate(35_000, 2_101_485) == pytest.approx(16.65, abs=0.01)
    np.testing.assert_array_equal(ind.rate(np.array([5, -5]), 1000), [5, -5])


def test_population_balance():
    # Almaty 2020: +60,436 = 21,086 natural increase + 39,350 net migration.
    assert ind.population_end(1_916_822, 21_086, 39_350) == 1_977_258
    # Almaty 2014: 93,930 people came with the land.
    assert ind.population_end(1_506_899, 18_623, 21_992, 93_930) == 1_641_444


# -------------------------------------------------------------------- whole systems


def test_korea():
    # Korea in the documentation of the R package migest: CMI 4.8894, MEI 7.6724, ANMR 0.37513.
    assert 4.8894 * 7.6724 / 100 == pytest.approx(0.37513, abs=5e-6)
    # Two regions built to have these indices.
    population, moves, effective = 1e6, 48_894, 0.076724
    arrivals = moves / 2 * np.array([1 + effective, 1 - effective])
    departures = arrivals[::-1]
    cmi = ind.crude_migration_intensity(arrivals.sum(), population)
    assert cmi == pytest.approx(4.8894)
    assert ind.migration_effectiveness_index(arrivals, departures) == pytest.approx(7.6724)
    anmr = ind.aggregate_net_migration_rate(arrivals, departures, population)
    assert anmr == pytest.approx(0.37513, abs=5e-6)


@given(flows=matrices, population=st.floats(1e3, 1e9))
def test_anmr_is_cmi_times_mei(flows, population):
    arrivals, departures = ind.from_matrix(flows)
    cmi = ind.crude_migration_intensity(arrivals.sum(), population)
    mei = ind.migration_effectiveness_index(arrivals, departures)
    anmr = ind.aggregate_net_migration_rate(arrivals, departures, population)
    assert anmr == pytest.approx(cmi * mei / 100, rel=1e-9, abs=1e-12)
    assert 0 <= mei <= 100 + 1e-9


@given(flows=matrices)
def test_net_between_regions_cancels(flows):
    arrivals, departures = ind.from_matrix(flows)
    assert ind.net(arrivals, departures).sum() == 0


@given(flows=matrices)
def test_moves_inside_a_region_change_no_net(flows):
    between = ind.net(*ind.from_matrix(flows))
    everything = ind.net(flows.sum(axis=0), flows.sum(axis=1))
    np.testing.assert_array_equal(between, everything)


@given(flows=matrices.filter(moving), factor=st.floats(0.01, 100))
def test_effectiveness_is_free_of_scale(flows, factor):
    found = ind.migration_effectiveness_index(*ind.from_matrix(factor * flows))
    expected = ind.migration_effectiveness_index(*ind.from_matrix(flows))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(flows=matrices)
def test_even_exchange(flows):
    assert ind.migration_effectiveness_index(*ind.from_matrix(flows + flows.T)) == 0


@given(senders=arrays(float, (4, 3), elements=counts).filter(lambda flows: flows.any()))
def test_one_way_exchange(senders):
    # Four regions only send, three only receive.
    flows = np.zeros((7, 7))
    flows[:4, 4:] = senders
    assert ind.migration_effectiveness_index(*ind.from_matrix(flows)) == 100


@given(flows=matrices.filter(moving))
def test_nets_and_volume_are_enough(flows):
    arrivals, departures = ind.from_matrix(flows)
    found = ind.effectiveness_index_from_net(ind.net(arrivals, departures), arrivals.sum())
    expected = ind.migration_effectiveness_index(arrivals, departures)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_matrix():
    arrivals, departures = ind.from_matrix([[7, 1, 2], [3, 8, 4], [5, 6, 9]])
    assert arrivals.tolist() == [8, 7, 6]
    assert departures.tolist() == [3, 7, 11]
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        ind.from_matrix(np.ones((2, 3)))


# ------------------------------------------------------------------------ Kazakhstan


@pytest.mark.parametrize(("year", "expected"), [(2022, 9.06), (2023, 8.95), (2024, 8.03)])
def test_effectiveness_over_all_moves(year, expected):
    moves = data.load("internal_moves_by_region").query("year == @year")
    found = ind.migration_effectiveness_index(moves["arrivals"], moves["departures"])
    assert found == pytest.approx(expected, abs=0.005)


@pytest.fixture(scope="module")
def facts():
    """Read the figures from which effectiveness between regions is estimated."""
    volumes = data.load("internal_moves").set_index(["year", "period", "kind", "ages"])["moves"]
    changes = data.load("internal_moves").set_index(["year", "period", "kind"])["change_percent"]
    nets = data.load("interregional_by_region").query("measure == 'net'")
    by_region = data.load("internal_moves_by_region").query("year == 2022")
    by_region = by_region.set_index("code")
    return {
        "net": by_region["arrivals"] - by_region["departures"],
        "all": volumes[2022, "year", "all_internal", "all"],
        "nine months": volumes[2022, "jan-sep", "interregional", "all"],
        "growth": changes[2022, "jan-sep", "interregional"],
        "half year": volumes[2020, "jan-jun", "interregional", "15 and over"],
        "half year, all": volumes[2020, "jan-jun", "all_internal", "15 and over"],
        "cities": nets.query("year == 2022").set_index("code")["moves"],
        "net 2021": nets.query("year == 2021")["moves"],
        "net 2020": nets.query("year == 2020")["moves"],
    }


def test_half_the_absolute_nets(facts):
    assert np.maximum(facts["net"], 0).sum() == 72_754


def test_four_estimates_between_regions(facts):
    same_months = ind.effectiveness_index_from_net(facts["cities"], facts["nine months"])
    whole_year = ind.effectiveness_index_from_net(facts["net"], facts["nine months"] * 12 / 9)
    reached = facts["cities"].sum() / facts["net"][facts["cities"].index].sum()
    seasonal = ind.effectiveness_index_from_net(facts["net"], facts["nine months"] / reached)
    share = facts["half year"] / facts["half year, all"]
    by_share = ind.effectiveness_index_from_net(facts["net"], share * facts["all"])
    assert reached == pytest.approx(0.789, abs=0.0005)
    assert share == pytest.approx(0.415, abs=0.0005)
    found = [same_months, whole_year, seasonal, by_share]
    np.testing.assert_allclose(found, [21.5, 20.7, 21.7, 21.8], atol=0.05)


def test_other_years_between_regions(facts):
    volume = facts["nine months"] / (1 + facts["growth"] / 100) * 12 / 9
    found_2021 = ind.effectiveness_index_from_net(facts["net 2021"], volume)
    found_2020 = ind.effectiveness_index_from_net(facts["net 2020"], facts["half year"])
    assert found_2021 == pytest.approx(21.7, abs=0.05)
    assert found_2020 == pytest.approx(28.4, abs=0.05)  # nets of all ages: an upper bound


def test_anmr_is_immune_to_the_kind_of_moves(facts):
    population = data.population_at_risk("middle").query("code == 'KZ' and year == 2022")
    population = population["population"].item()
    volume = facts["nine months"] * 12 / 9
    everything = ind.crude_migration_intensity(facts["all"], population)
    between = ind.crude_migration_intensity(volume, population)
    assert everything == pytest.approx(4.09, abs=0.005)
    assert between == pytest.approx(1.79, abs=0.005)
    assert ind.courgeau_k(between, 20) == pytest.approx(0.299, abs=0.0005)
    moves = data.load("internal_moves_by_region").query("year == 2022")
    anmr = ind.aggregate_net_migration_rate(moves["arrivals"], moves["departures"], population)
    assert anmr == pytest.approx(0.371, abs=0.0005)
    for intensity, volume_of_kind in ((everything, facts["all"]), (between, volume)):
        mei = ind.effectiveness_index_from_net(facts["net"], volume_of_kind)
        assert intensity * mei / 100 == pytest.approx(anmr)


# ---------------------------------------------------------------------- labeled moves

ALL = Moves(np.array([130.0, 95.0]), "all_internal", "2022")
BETWEEN = Moves(np.array([90.0, 70.0]), "interregional", "2022")


def test_labels_survive_arithmetic_within_a_kind():
    for result in (ALL + ALL, ALL - ALL, 2 * ALL, ALL * 2, ALL / 2, abs(ALL), ALL.sum()):
        assert (result.kind, result.period) == ("all_internal", "2022")
    np.testing.assert_array_equal((np.array([1, 2]) * ALL).values, [130, 190])
    np.testing.assert_array_equal(ALL / ALL, [1, 1])


def test_indices_accept_one_kind():
    swapped = Moves(ALL.values[::-1], "all_internal", "2022")
    plain = ind.migration_effectiveness_index(ALL.values, swapped.values)
    assert ind.migration_effectiveness_index(ALL, swapped) == plain
    assert ind.effectiveness(ALL, swapped).tolist() == [
        -swap for swap in ind.effectiveness(swapped, ALL)
    ]
    assert ind.crude_migration_intensity(ALL.sum(), 1e5) == pytest.approx(0.225)
    assert ind.aggregate_net_migration_rate(ALL, swapped, 1e5) == pytest.approx(0.035)
    assert ind.rate(ALL.sum(), 225) == 1000
    assert ind.counterstream_ratio(ALL, ALL).tolist() == [1, 1]


@pytest.mark.parametrize(
    "mix",
    [
        lambda: ALL + BETWEEN,
        lambda: ALL - BETWEEN,
        lambda: BETWEEN / ALL,
        lambda: ind.net(ALL, BETWEEN),
        lambda: ind.gross(ALL, BETWEEN),
        lambda: ind.effectiveness(ALL, BETWEEN),
        lambda: ind.counterstream_ratio(ALL, BETWEEN),
        lambda: ind.migration_effectiveness_index(ALL, BETWEEN),
        lambda: ind.aggregate_net_migration_rate(ALL, BETWEEN, 1e6),
        lambda: ind.effectiveness_index_from_net(BETWEEN, ALL.sum()),
    ],
)
def test_mixed_kinds_are_refused(mix):
    with pytest.raises(MixedMovesError) as caught:
        mix()
    message = str(caught.value)
    for words in ("interregional", "all_internal", "inside a region", "net_between_regions()"):
        assert words in message


def test_the_net_between_regions_may_be_divided_by_moves_between_regions():
    swapped = Moves(ALL.values[::-1], "all_internal", "2022")
    net = ind.net_between_regions(ALL, swapped)
    assert net.kind == "interregional"
    assert ind.effectiveness_index_from_net(net, BETWEEN.sum()) == pytest.approx(100 * 35 / 160)
    assert ind.net_between_regions(130, 95) == 35


def test_external_moves_are_no_net_between_regions():
    abroad = Moves(5, "external", "2022")
    with pytest.raises(MixedMovesError, match="border"):
        ind.net_between_regions(abroad, abroad)
    with pytest.raises(MixedMovesError, match="count different moves"):
        abroad + Moves(5, "total", "2022")


def test_periods_are_not_mixed():
    nine_months = Moves(264_000, "interregional", "2022 jan-sep")
    with pytest.raises(MixedMovesError, match="two periods.*2022 jan-sep"):
        ind.effectiveness_index_from_net(BETWEEN, nine_months)


def test_labeled_and_unlabeled_are_not_mixed():
    with pytest.raises(MixedMovesError, match="Label both"):
        ind.effectiveness(ALL, BETWEEN.values)
    with pytest.raises(MixedMovesError, match="Label both"):
        ALL + 5


def test_unknown_kind():
    with pytest.raises(ValueError, match="interregional, all_internal, external, total"):
        Moves(1, "regional")


def test_products_of_moves_mean_nothing():
    with pytest.raises(TypeError):
        ALL * ALL


# ------------------------------------------------------------------------- recording


def test_every_index_can_be_recorded_for_the_page():
    def model(arrivals, departures, inside, people, regions):
        net = ind.net(arrivals, departures)
        ratio = ind.counterstream_ratio(departures, arrivals)
        cmi = ind.crude_migration_intensity(np.sum(arrivals), people)
        return {
            "net": net,
            "turnover": ind.gross(arrivals, departures) + inside,
            "rate": ind.rate(net, people),
            "one_sided": ind.effectiveness(arrivals, departures),
            "again": ind.effectiveness_from_counterstream(ratio),
            "mei": ind.migration_effectiveness_index(arrivals, departures),
            "mei_from_net": ind.effectiveness_index_from_net(net, np.sum(arrivals)),
            "anmr": ind.aggregate_net_migration_rate(arrivals, departures, people),
            "k": ind.courgeau_k(cmi, regions),
            "end": ind.population_end(people, inside, net),
        }

    rows = {"arrivals": np.array([3.0, 4.0]), "departures": np.array([4.0, 3.0])}
    tape = record(model, rows, ["inside", "people", "regions"])
    assert set(tape.outputs) == set(model(**rows, inside=1, people=100, regions=2))
