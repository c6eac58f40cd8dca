"""Agencies that learn and flows that fade against closed forms."""

import pytest
from migrationlab.models import agencies, networks


def test_agencies_learn():
    many = 1e6
    assert agencies.agency_cost(2 * many) / agencies.agency_cost(many) == pytest.approx(
        0.812, abs=5e-4
    )
    assert agencies.agency_cost(0.0) == networks.PARAMETERS["first_cost"].default
    assert agencies.agency_cost(0.0, border=0.2) == pytest.approx(0.6)
    assert agencies.agency_cost(7.0, learning=0.0) == networks.PARAMETERS["first_cost"].default


def test_half_life():
    assert agencies.half_life(0.9) == pytest.approx(6.6, abs=0.05)
    assert agencies.half_life(0.5) == pytest.approx(1)


# Domains ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: agencies.agency_cost(-1), "moved is -1"),
        (lambda: agencies.half_life(1.0), "persistence is 1; expected .* below 1"),
    ],
)
def test_values_outside_the_domain(call, message):
    with pytest.raises(ValueError, match=message):
        call()
