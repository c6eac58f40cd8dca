"""Records of assumptions: what they refuse, what they tell the sliders and the table of symbols."""

import dataclasses

import pytest
from explorers.parameters import (
    ORIGINS,
    Choice,
    Parameter,
    Switch,
    by_name,
    default_value,
    defaults,
    symbol_table,
)
from hypothesis import given, settings
from hypothesis import strategies as st

GOOD = {
    "name": "gamma",
    "label": "Friction of distance",
    "low": 0,
    "high": 3,
    "step": 0.1,
    "default": 1.5,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"default": 3.1},
            ["'gamma'", "3.1", "outside the range 0 to 3", "Widen the range or change the default"],
        ),
        ({"default": -0.1}, ["'gamma'", "outside the range"]),
        (
            {"default": 1.55},
            ["'gamma'", "default 1.55", "not on the grid", "0 + k x 0.1", "nearest value", "1.6"],
        ),
        ({"low": 0.05}, ["'gamma'", "default 1.5", "not on the grid"]),
        ({"high": 3.05}, ["'gamma'", "high 3.05", "not on the grid", "3."]),
        (
            {"low": 0, "high": 1e7, "step": 2.5e6, "default": 1234567},
            ["default 1234567", "nearest value on the grid is 0."],
        ),
        ({"step": 0}, ["'gamma'", "step must be positive"]),
        ({"step": -0.1}, ["step must be positive"]),
        ({"high": 0}, ["upper end above the lower end"]),
        ({"low": 4}, ["upper end above the lower end"]),
        ({"high": float("inf")}, ["high is inf", "finite number"]),
        ({"default": float("nan")}, ["default is nan", "finite number"]),
        ({"origin": "guessed"}, ["'gamma'", "'guessed'", "measured, literature, didactic"]),
        ({"name": "distance decay"}, ["'distance decay'", "letters, digits and _"]),
        ({"name": "2nd"}, ["'2nd'"]),
        ({"name": "lambda"}, ["'lambda'", "word of Python"]),
        ({"name": ""}, ["''"]),
        ({"format": ".2"}, ["'.2' is no number format"]),
    ],
)
def test_bad_sliders_are_refused_in_words(changes, words):
    with pytest.raises(ValueError) as caught:
        Parameter(**GOOD | changes)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("high", [0.95, 1.02, 1.0499])
def test_nearest_value_in_the_message_is_a_stop(high):
    with pytest.raises(ValueError, match=r"The nearest value on the grid is (0\.9|1)\."):
        Parameter("a", "A", low=0, high=high, step=0.1, default=0.5)


def test_origins():
    assert [Parameter(**GOOD, origin=origin).origin for origin in ORIGINS] == [
        "measured",
        "literature",
        "didactic",
    ]


def test_grid_by_hand():
    assert Parameter(**GOOD | {"high": 0.7, "default": 0.3}).grid() == [
        0,
        0.1,
        0.2,
        0.3,
        0.4,
        0.5,
        0.6,
        0.7,
    ]
    assert Parameter("a", "A", low=-0.7, high=0.7, step=0.07, default=0).grid()[10] == 0
    assert Parameter("a", "A", low=1990, high=2060, step=35, default=1990).grid() == [
        1990,
        2025,
        2060,
    ]
    assert Parameter("a", "A", low=0.1, high=1.0, step=0.3, default=0.4).grid() == [
        0.1,
        0.4,
        0.7,
        1.0,
    ]


@settings(derandomize=True, deadline=None, max_examples=100, database=None)
@given(st.integers(-50, 50), st.integers(1, 30), st.integers(0, 4), st.integers(1, 9), st.data())
def test_grid_is_low_plus_whole_steps(start, count, digits, width, data):
    # In decimals: the texts of the numbers, as an author writes them.
    unit = 10**digits
    k = data.draw(st.integers(0, count))
    slider = Parameter(
        "a",
        "A",
        low=start / unit,
        high=(start + count * width) / unit,
        step=width / unit,
        default=(start + k * width) / unit,
    )
    assert slider.grid() == [(start + i * width) / unit for i in range(count + 1)]
    assert slider.nearest(slider.default) == slider.default
    assert slider.nearest(slider.high + 5) == slider.high
    assert slider.nearest(slider.low - 5) == slider.low
    between = slider.low + (k + 0.4) * slider.step
    assert slider.nearest(between) == slider.grid()[k]


@pytest.mark.parametrize(
    ("low", "high", "step", "expected"),
    [
        (0, 3, 0.1, ".1f"),
        (0, 1, 0.05, ".2f"),
        (0.5, 10.5, 1, ".1f"),
        (1990, 2060, 1, ".0f"),
        (0, 500_000, 5000, ",.0f"),
        (0, 3, 1.5, ".1f"),
    ],
)
def test_format_has_as_many_decimals_as_the_stops(low, high, step, expected):
    assert Parameter("a", "A", low=low, high=high, step=step, default=low).format == expected


def test_replace_gives_a_checked_copy():
    slider = Parameter(**GOOD)
    wider = slider.replace(high=5, default=4.2)
    assert (wider.high, wider.default, wider.label) == (5, 4.2, slider.label)
    assert (slider.high, slider.default) == (3, 1.5)
    with pytest.raises(ValueError, match="outside the range"):
        slider.replace(default=9)
    with pytest.raises(dataclasses.FrozenInstanceError):
        slider.default = 2


def test_replace_keeps_a_format_that_was_chosen_and_renews_one_that_was_derived():
    share = Parameter("share", "Share", low=0, high=1, step=0.05, default=0.5, format=".0%")
    assert share.replace(step=0.1).format == ".0%"
    derived = Parameter("a", "A", low=0, high=10, step=1, default=5)
    assert derived.format == ".0f"
    assert derived.replace(step=0.5).format == ".1f"
    assert derived.replace(low=0.5, high=10.5, default=5.5).format == ".1f"
    assert derived.replace(step=0.5, format=".3f").format == ".3f"


def test_choice():
    choice = Choice(
        "model", "Model", options=("gravity", "radiation", "entropy"), default="radiation"
    )
    assert (default_value(choice), choice.grid()) == (1, [0, 1, 2])
    assert Choice("model", "Model", options=["gravity", "radiation"]).default == "gravity"
    assert choice.replace(default="entropy").default == "entropy"
    assert Choice("year", "Year", options=(2019, 2020), default=2020).options == ("2019", "2020")
    assert default_value(Choice("year", "Year", options=(2019, 2020), default=2020)) == 1


@pytest.mark.parametrize(
    ("options", "default", "words"),
    [((), "", "two or more different"), (("a",), "a", "two or more different"), (("a", "a"), "a", "two or more different"),
     (("a", "b", "a"), "a", "two or more different"), (("a", "b"), "c", "'c' is none of its options")],
)  # fmt: skip
def test_bad_choices_are_refused(options, default, words):
    with pytest.raises(ValueError, match=words):
        Choice("model", "Model", options=options, default=default)


def test_switch():
    assert [default_value(Switch("inside", "Count", default=value)) for value in (True, False)] == [
        1,
        0,
    ]
    assert Switch("inside", "Count").grid() == [0, 1]
    with pytest.raises(ValueError, match="cannot be the name of a control"):
        Switch("count moves", "Count")


def test_default_of_a_slider_is_a_float():
    assert isinstance(default_value(Parameter("a", "A", low=0, high=3, step=1, default=2)), float)


def test_symbol_table():
    table = symbol_table(
        Parameter(
            "gamma",
            "Friction",
            low=0,
            high=3,
            step=0.1,
            default=1.5,
            symbol=r"\gamma",
            origin="literature",
            source="Zipf (1946)",
        ),
        Parameter(
            "people",
            "Population",
            low=-500_000,
            high=20_000_000,
            step=100_000,
            default=2_000_000,
            unit="people",
        ),
        Parameter(
            "share",
            "Share",
            low=0,
            high=1,
            step=0.05,
            default=0.25,
            format=".0%",
            origin="measured",
            source="own calculation",
        ),
    )
    head, _, *rows = [line.strip("| ").split(" | ") for line in table.data.splitlines()]
    assert head == ["Symbol", "Meaning", "Unit", "Range", "Default", "Where the default comes from"]
    assert rows == [
        [r"$\gamma$", "Friction", "–", "0.0 to 3.0", "1.5", "literature: Zipf (1946)"],
        ["people", "Population", "people", "−500,000 to 20,000,000", "2,000,000", "didactic"],
        ["share", "Share", "–", "0% to 100%", "25%", "measured: own calculation"],
    ]


def test_records_by_name():
    gamma = Parameter(**GOOD)
    beta = gamma.replace(name="beta")
    records = by_name(gamma, beta)
    assert list(records.items()) == [("gamma", gamma), ("beta", beta)]
    assert defaults(records) == {"gamma": gamma.default, "beta": gamma.default}
    with pytest.raises(TypeError):
        records["alpha"] = gamma
    with pytest.raises(ValueError, match="two parameters are called 'gamma': rename one"):
        by_name(gamma, beta, gamma)


def test_records_are_chosen_by_name_in_the_order_asked_for():
    one, other, third = (
        Parameter(name, name, low=0, high=1, step=0.1, default=0.5) for name in "abc"
    )
    records = by_name(one, other)
    assert records.choose("b", "a") == [other, one]
    assert list(records | by_name(third)) == ["a", "b", "c"]
    with pytest.raises(KeyError, match="there is no 'z'; there are a, b"):
        records.choose("a", "z")
    with pytest.raises(ValueError, match="two parameters are called 'a'"):
        records | by_name(one)
