"""Sentences with numbers in Python; that the page writes the same is in tests/browser/test_replay.py."""

from fractions import Fraction

import numpy as np
import pytest
from explorers.sentences import fill, format_number, names_in, parse
from hypothesis import given, settings
from hypothesis import strategies as st

QUIET = settings(derandomize=True, deadline=None, database=None)


def said(template, **values):
    return fill(parse(template), values)


# ---- numbers


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (1234.5678, ".1f", "1234.6"), (1234.5678, ",.1f", "1,234.6"), (1234567, ",.0f", "1,234,567"), (-1234567, ",.0f", "−1,234,567"),
        (999.5, ",.0f", "1,000"), (0.5, ".0f", "1"), (1.5, ".0f", "2"), (2.5, ".0f", "3"), (-2.5, ".0f", "−3"), (0.125, ".2f", "0.13"),
        (0.49999999999999994, ".0f", "1"), (0.4999, ".0f", "0"), (0.0, ".1f", "0.0"), (-0.0, ".1f", "0.0"), (-0.04, ".1f", "0.0"),
        (-0.04, "+.1f", "0.0"), (0.04, "+.1f", "0.0"), (3.2, "+.1f", "+3.2"), (-3.2, "+.1f", "−3.2"), (12345.6, "+,.0f", "+12,346"),
        (-3.2, "abs.1f", "3.2"), (-12345.6, "abs,.0f", "12,346"), (0.256, ".0%", "26%"), (-0.256, ".1%", "−25.6%"), (0.256, "+.0%", "+26%"),
        (0.0, "+.0%", "0%"), (12.5, ",.0%", "1,250%"), (-0.5, "abs.0%", "50%"), (0.1 + 0.2, ".1f", "0.3"), (1e-9, ".2f", "0.00"),
        (1234567890.125, ".2f", "1234567890.13"), (100000000000.5, ".0f", "100000000001"), (True, ".0f", "1"), (np.float64(2), ".1f", "2.0"),
    ],
)  # fmt: skip
def test_numbers_by_hand(value, spec, text):
    assert format_number(value, spec) == text


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "f",
        ".f",
        "2f",
        ".1",
        ".1e",
        ".1F",
        ",f",
        "abs",
        "+abs.1f",
        "abs+.1f",
        ".1f ",
        " .1f",
        "-.1f",
        ".1g",
        ".0%%",
    ],
)
def test_bad_formats_are_refused(spec):
    with pytest.raises(ValueError, match="is no number format; write for instance"):
        format_number(1.0, spec)


@QUIET
@given(st.integers(-(10**11), 10**11), st.integers(0, 4), st.integers(0, 4))
def test_a_number_is_rounded_to_the_nearest(numerator, digits, power):
    value = numerator / 2**power
    text = format_number(value, f",.{digits}f")
    read = Fraction(text.replace(",", "").replace("−", "-"))
    assert (
        abs(read - Fraction(value)) <= Fraction(1, 2 * 10**digits) + abs(Fraction(value)) / 10**11
    )
    assert len(text.partition(".")[2]) == digits
    assert format_number(-value, f",.{digits}f") == (
        text.removeprefix("−") if "−" in text or read == 0 else "−" + text
    )
    assert format_number(value, f"abs,.{digits}f") == text.removeprefix("−")


# ---- templates


def test_parts_of_a_template():
    assert parse("In {year:.0f}, {town[top]} gains {gain:+,.0f} {gain?more|as "
"much|less}{place}{x[0]:.1f}.") == [
        "In ", {"name": "year", "format": ".0f"}, ", ", {"name": "town", "index": "top"}, " gains ", {"name": "gain", "format": "+,.0f"},
        " ", {"name": "gain", "words": ["more", "as much", "less"]}, {"name": "place"}, {"name": "x", "index": 0, "format": ".1f"}, ".",
    ]  # fmt: skip
    assert parse("") == []
    assert parse("no field") == ["no field"]
    assert parse("{inside?counted|not counted}") == [
        {"name": "inside", "words": ["counted", "not counted", "not counted"]}
    ]
    assert parse("{x[i]?a: b|c, d|}") == [
        {"name": "x", "index": "i", "words": ["a: b", "c, d", ""]}
    ]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{}", "cannot be read"), ("{a b}", "cannot be read"), ("{1a}", "cannot be read"), ("{a[}", "cannot be read"), ("{a[b c]}", "cannot be read"),
        ("{a[-1]:.0f}", "cannot be read"), ("{a[0][1]}", "cannot be read"), ("{a.b}", "cannot be read"), ("{a!r}", "cannot be read"),
        ("{a?b}", "two or three words"), ("{a?b|c|d|e}", "two or three words"), ("{a?}", "two or three words"), ("{a:}", "no number format"),
        ("{a:.2}", "no number format"), ("{a:d}", "no number format"), ("{a:.1f", "brace is left over"), ("a:.1f}", "brace is left over"),
        ("{{a:.1f}}", "brace is left over"), ("{a:{b}}", "brace is left over"),
    ],
)  # fmt: skip
def test_bad_templates_are_refused(template, words):
    with pytest.raises(ValueError, match=words):
        parse("So " + template + " it is.")


def test_message_shows_field_and_sentence():
    with pytest.raises(
        ValueError, match=r"The field \{a b\} in the sentence 'So \{a b\}\.' cannot be read"
    ):
        parse("So {a b}.")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "up"),
        (1e-8, "up"),
        (0, "level"),
        (1e-10, "level"),
        (-1e-10, "level"),
        (-0.0, "level"),
        (-3, "down"),
    ],
)
def test_words_by_sign(value, text):
    assert said("{x?up|level|down}", x=value) == text


def test_two_words_are_for_yes_and_no():
    assert [said("{inside?counted|left out}", inside=value) for value in (1, 0)] == [
        "counted",
        "left out",
    ]


def test_values_out_of_columns():
    values = {
        "town": ["Almaty", "Astana"],
        "gain": np.array([2.5, -1.0]),
        "top": np.float64(1),
        "first": 0,
    }
    assert (
        said(
            "{town[top]} {gain[top]:+.1f}, {town[first]} {gain[0]:+.1f} {gain[top]?up|down}",
            **values,
        )
        == "Astana −1.0, Almaty +2.5 down"
    )


def test_text_is_put_in_as_it_is():
    assert said("{model} is <b>", model="{gravity}") == "{gravity} is <b>"


@pytest.mark.parametrize("row", [-1, 2, 1e9])
def test_row_outside_the_column_is_named(row):
    # Python alone would take -1 for the last row; the page would not.
    with pytest.raises(IndexError, match=rf"row {int(row)} of 'gain', which has rows 0 to 1"):
        said("{gain[top]:.1f}", gain=[1.0, 2.0], top=row)


# ---- words that hold fields


KNOWN = "{known?{year:.0f}: {rate:.1f} per thousand|{year:.0f}: not published}."


def test_words_may_hold_fields():
    parts = parse(KNOWN)
    assert fill(parts, {"known": 1, "year": 2020, "rate": 3.25}) == "2020: 3.3 per thousand."
    assert fill(parts, {"known": 0, "year": 2018, "rate": 0.0}) == "2018: not published."


def test_words_within_words():
    parts = parse("{a?{b?both {a:.0f}|only a|a, not b}|none}")
    values = [fill(parts, {"a": a, "b": b}) for a, b in ((1, 1), (1, 0), (1, -1), (0, 1))]
    assert values == ["both 1", "only a", "a, not b", "none"]


def test_fields_inside_words_are_found():
    assert {part["name"] for part in names_in(parse(KNOWN))} == {"known", "year", "rate"}
