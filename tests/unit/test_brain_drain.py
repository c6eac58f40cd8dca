"""Schooling and a chance to leave against closed forms, limits and known numbers."""

import numpy as np
import pytest
from explorers.parameters import defaults
from hypothesis import assume, given
from hypothesis import strategies as st
from migrationlab.models import brain_drain
from replaying import assert_recorded_equals_computed

P = defaults(brain_drain.PARAMETERS)


def test_the_defaults_are_the_working_paper_s():
    assert (P["premium"], P["extra"], P["highest_cost"]) == (0.2, 0.5, 1.0)


def test_brain_gain_and_drain():
    shares = brain_drain.schooled_stayers(np.array([0, 0.3, 0.9]), 0.2, 0.5)
    assert shares == pytest.approx([0.200, 0.274, 0.157], abs=5e-4)
    p = np.linspace(0, 1, 2001)
    curve = brain_drain.schooled_stayers(p, 0.2, 0.5)
    assert curve.max() == pytest.approx(0.290, abs=5e-4)
    assert p[curve.argmax()] == pytest.approx(0.505, abs=1e-3)
    assert brain_drain.drain_from(0.2, 0.5) == pytest.approx(0.85)
    assert brain_drain.schooled_stayers(0.3, 0.2, 0.0) == pytest.approx(0.149, abs=5e-4)


@given(premium=st.floats(0.05, 0.9), extra=st.floats(0.01, 1))
def test_where_gain_turns_into_drain(premium, extra):
    edge = brain_drain.drain_from(premium, extra)
    # At 1 nobody is left at home, and the share of nobody is decided by rounding.
    assume(0 < edge < 1 - 1e-6 and premium + edge * extra < 1)
    assert brain_drain.schooled_stayers(edge, premium, extra) == pytest.approx(premium)
    # Gain for small chances if and only if G > e0 (1 - e0).
    small = brain_drain.schooled_stayers(1e-6, premium, extra)
    assert (small > premium) == (extra > premium * (1 - premium))


def test_only_the_ratio_to_the_dearest_schooling_counts():
    assert brain_drain.schooled(0.4, 0.2, 0.5, 2.0) == pytest.approx(0.2)
    for chance in (0.0, 0.3, 0.9):
        assert brain_drain.schooled_stayers(chance, 0.4, 1.0, 2.0) == pytest.approx(
            brain_drain.schooled_stayers(chance, 0.2, 0.5)
        )
    assert brain_drain.drain_from(0.4, 1.0, 2.0) == pytest.approx(brain_drain.drain_from(0.2, 0.5))


def test_limits_of_schooling():
    assert brain_drain.schooled_stayers(0.0, 0.4, 1.0) == pytest.approx(0.4)
    assert brain_drain.schooled_stayers(1.0, 0.4, 0.3) == 0
    # Everybody schooled, everybody gone: a share of nobody is reported as 0.
    assert brain_drain.schooled_stayers(1.0, 0.5, 1.0) == 0
    assert brain_drain.schooled(1.0, 0.5, 1.0) == 1
    assert brain_drain.drain_from(0.5, 0.1) == 0
    # Everybody goes to school before the share falls below its start.
    assert brain_drain.drain_from(0.5, 1.0) == 1
    assert brain_drain.schooled_stayers(0.95, 0.5, 1.0) > 0.5


# Domains and recording ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: brain_drain.schooled(1.5, 0.2, 0.5), "chance is 1.5"),
        (lambda: brain_drain.schooled(0.5, 0.2, 0.5, 0), "highest_cost is 0"),
        (
            lambda: brain_drain.drain_from(1.0, 0.5),
            "premium / highest_cost is 1; expected .* below 1",
        ),
        (lambda: brain_drain.drain_from(0.2, 0), "extra is 0"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_can_be_recorded():
    def village(row, chance):
        return {"stayers": brain_drain.schooled_stayers(chance, 0.2, 0.5) + 0 * row}

    assert_recorded_equals_computed(village, {"row": np.arange(5.0)}, {"chance": 0.3})
