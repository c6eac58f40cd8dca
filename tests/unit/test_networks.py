"""Migration networks against their resting points, limits and known numbers."""

import numpy as np
import pytest
from explorers.parameters import defaults
from hypothesis import given
from hypothesis import strategies as st
from migrationlab.models import networks
from replaying import assert_recorded_equals_computed

P = defaults(networks.PARAMETERS)


def test_the_defaults_are_the_working_paper_s():
    assert [P[name] for name in ("adults", "gap", "first_cost", "help_", "known")] == [
        1000,
        10,
        0.4,
        4,
        0.1,
    ]
    assert (P["spread"], P["act"], P["return_"]) == (0.05, 0.4, 0.1)


def points(gap=0.10, **network):
    return [(round(m, 1), stable) for m, stable in networks.rest_points(gap, **network)]


def test_rest_points():
    assert points() == [(16.2, True), (76.3, False), (770.6, True)]
    assert points(0.0) == [(1.4, True), (373.2, False), (538.1, True)]
    assert points(0.05)[1] == (178.9, False)
    assert points(0.20) == [(796.0, True)]
    assert points(help_=0.0) == [(9.8, True)]
    assert points(help_=0.02)[1] == (381.3, False)
    assert points(help_=0.08) == [(778.7, True)]


def test_the_cousin_effect():
    few = np.array(networks.network_path(60, 0.10))
    assert few[[10, 30, 60]] == pytest.approx([52, 34, 21], abs=0.6)
    many = np.array(networks.network_path(100, 0.10))
    assert many[[5, 10, 15, 20, 30]] == pytest.approx([118, 167, 437, 740, 770], abs=0.6)


def test_a_flow_may_outlive_its_cause():
    late = np.array(networks.network_path(100, 0.10, 0.0))
    assert late[[40, 60]] == pytest.approx([595, 547], abs=0.6)
    assert networks.network_path(100, 0.10, 0.0, years=300)[-1] == pytest.approx(538.1, abs=0.1)
    early = np.array(networks.network_path(100, 0.10, 0.0, change=8, years=60))
    assert early[[8, 20, 40]] == pytest.approx([140, 50, 8], abs=1)
    assert early[-1] < 5


def test_kin_and_departures():
    assert networks.departures(100, 0.10) == pytest.approx(12.577148331169617, abs=1e-9)
    assert networks.departures(110, 0.10) == pytest.approx(15.259562601529579, abs=1e-9)


def threshold(gap=0.10, **network):
    return next(m for m, stable in networks.rest_points(gap, **network) if not stable)


@pytest.mark.parametrize("root", [0.0, 0.25, 500.0, 500.1, 999.75, 1000.0])
def test_a_resting_point_on_the_grid_is_found_once(monkeypatch, root):
    """Also where a change of sign is looked for: at its first, at its last, and at any point."""
    monkeypatch.setattr(networks, "growth", lambda m, gap, **network: root - np.asarray(m, float))
    [(found, stable)] = networks.rest_points(0.1)
    assert found == pytest.approx(root, abs=1e-9)
    assert stable
    monkeypatch.setattr(networks, "growth", lambda m, gap, **network: np.asarray(m, float) - root)
    [(found, stable)] = networks.rest_points(0.1)
    assert found == pytest.approx(root, abs=1e-9)
    # From the lowest point the network can only grow, from the highest only shrink: thresholds, too.
    assert not stable


# Ends of stretches, which grow with the square of their number, and places between them.
@pytest.mark.parametrize("root", [1000 * (1 / 60) ** 2, 250.0, 1000 * (59 / 60) ** 2, 777.7])
def test_a_threshold_on_the_grid_is_found(monkeypatch, root):
    monkeypatch.setattr(networks, "growth", lambda m, gap, **network: m - root)
    assert networks.threshold(0.1, np.arange(60)) == pytest.approx(root, abs=1e-4)


def test_signs_of_the_threshold():
    base = threshold()
    assert threshold(0.11) < base
    assert threshold(help_=0.05) < base
    assert threshold(known=0.12) < base
    assert threshold(first_cost=0.42) > base
    assert threshold(return_=0.11) > base


def test_the_threshold_of_the_page_is_that_of_the_model():
    """At every setting of the two sliders, also where it lies close to the lower resting point."""
    step = np.arange(61)
    for percent in networks.PARAMETERS["help_"].grid():
        for gap in networks.PARAMETERS["gap"].grid():
            known = [
                m
                for m, stable in networks.rest_points(gap / 100, help_=percent / 100)
                if not stable
            ]
            found = float(networks.threshold(gap / 100, step, help_=percent / 100))
            assert found == pytest.approx(known[0] if known else 0.0, abs=1e-3), (percent, gap)


def test_a_smaller_village():
    few, many = (networks.departures(100, 0.1, adults=n) for n in (500, 900))
    assert few / many == pytest.approx(0.5)
    known = [m for m, stable in networks.rest_points(0.1, adults=500) if not stable]
    assert float(networks.threshold(0.1, np.arange(61), adults=500)) == pytest.approx(
        known[0], abs=1e-3
    )
    assert known[0] == pytest.approx(184.9, abs=0.05)


def test_a_village_where_nobody_acts_empties_abroad():
    assert networks.rest_points(0.1, act=0.0) == [(0.0, True)]


def test_rounding_sends_nobody_from_outside():
    way = networks.network_path(
        821.7036942857619, 1.0, adults=2939.2642362893534, act=1.0, return_=0.0, years=40
    )
    assert max(way) <= 2939.2642362893534


def test_limits_of_the_network():
    # Without help the start leaves no trace.
    ends = [networks.network_path(start, 0.10, years=200, help_=0.0)[-1] for start in (0, 100, 900)]
    assert ends == pytest.approx([ends[0]] * 3, abs=1e-6)
    # With private reasons of all kinds there is no threshold.
    assert len(networks.rest_points(0.10, spread=5.0)) == 1


@given(pioneers=st.floats(0, 1000), gap=st.floats(0, 0.3), help_=st.floats(0, 0.1))
def test_the_network_stays_in_the_village(pioneers, gap, help_):
    way = np.array(networks.network_path(pioneers, gap, help_=help_))
    assert np.all((way >= 0) & (way <= 1000))


@pytest.mark.parametrize("start", [50.0, 150.0])
def test_paths_end_at_rest_points(start):
    end = networks.network_path(start, 0.10, years=600)[-1]
    stable = [m for m, is_stable in networks.rest_points(0.10) if is_stable]
    assert min(abs(end - m) for m in stable) < 1e-3


# Domains and recording ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: networks.willing(-1, 0.1), "away is -1"),
        (lambda: networks.willing(1, 0.1, help_=1.0), "help_ is 1; expected .* 0 to 0.999"),
        (lambda: networks.willing(1, 0.1, spread=0), "spread is 0"),
        (lambda: networks.network_path(2000, 0.1), "pioneers is 2000; expected .* 0 to 1000"),
        (
            lambda: networks.departures([500, 300], 0.1, adults=[1000, 200]),
            "away is 300; .* 0 to 200",
        ),
        (lambda: networks.network_path(10, 0.1, adults="x"), "adults is 'x'; expected a number"),
        (
            lambda: networks.network_path(10, 0.1, change=2.5),
            "change is 2.5; expected a whole number",
        ),
        (lambda: networks.rest_points(0.1, adults=0), "adults is 0; expected .* above 0"),
        (lambda: networks.network_path(10, 0.1, years=0), "years is 0; expected a whole number"),
        (lambda: networks.departures(10, 0.1, act=2), "act is 2"),
        (lambda: networks.departures(2000, 0.1), "away is 2000; expected .* 0 to 1000"),
        (lambda: networks.rest_points(0.1, return_=0.0), "return_ is 0; expected .* above 0"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_can_be_recorded():
    def village(row, pioneers, gap, late_gap):
        way = networks.network_path(pioneers, gap, late_gap, change=3, years=6)
        return {
            "away": way[-1] + 0 * row,
            "growth": networks.growth(100 * row, gap),
            "threshold": networks.threshold(gap, row) + 0 * row,
        }

    controls = {"pioneers": 100.0, "gap": 0.1, "late_gap": 0.0}
    assert_recorded_equals_computed(village, {"row": np.arange(5.0)}, controls)
