"""What people write as an answer, in Python and on the page: how it is read, and what is replied."""

import random

import pytest
from explorers.exercises import number
from explorers.replies import TABLES, decimals_wanted, enough, judge, wanted
from explorers.script import page_script

TEXTS = TABLES["texts"]

# ---- reading: each text is right where the number is asked for, and only there

PLAIN = {
    "12.5": 12.5, "12,5": 12.5, " 12,5 ": 12.5, "12.5.": 12.5, "5.": 5, "12,": 12, ".5": 0.5, ",5": 0.5, "007": 7, "12,4000": 12.4,
    "-3": -3, "−3": -3, "− 3,25": -3.25, "–8": -8, "‑8": -8, "minus 8": -8, "+4": 4, "plus 4": 4,
    "12,400": 12400, "12,000": 12000, "1,234,567.5": 1234567.5, "1.234,5": 1234.5, "1.234.567": 1234567, "12'400": 12400, "12’400,5": 12400.5,
    "12 400": 12400, "12\u00a0400,5": 12400.5, "1\u2009234\u202f567": 1234567, "0,125": 0.125, "-0,125": -0.125, "1234,567": 1234.567, "1,2345": 1.2345,
    "12,400.5": 12400.5, "1e3": 1000, "2.5e-3": 0.0025, "2,5E+3": 2500, "5.4×10^3": 5400, "5.4 * 10^-2": 0.054,
    "1/3": 1 / 3, "3 1/2": 3.5, "½": 0.5, "3½": 3.5, "-1 1/4": -1.25, "2.2/30.4": 2.2 / 30.4, "2,2/30,4": 2.2 / 30.4, "30:1": 30, "12 400/36 000": 12400 / 36000,
    "≈ 19.1": 19.1, "~19.1": 19.1, "about 19.1": 19.1, "ca. 19.1": 19.1, "x = 19.1": 19.1, "30 + 4 = 34": 34, "\u200e12": 12,
    "15%": 0.15, "15 %": 0.15, "15 percent": 0.15, "7,5 пайыз": 0.075, "8‰": 0.008, "8 per 1,000": 0.008, "8 per 1000 people": 0.008, "30 times": 30, "30x": 30,
    "30-fold": 30, "30 to 1": 30, "2 thousand": 2000, "2k": 2000, "3 тыс.": 3000, "1.5 million": 1.5e6, "1,5 млн": 1.5e6, "3m": 3e6, "3 bn": 3e9,
}  # fmt: skip
UNREADABLE = (
    "", " ", "%", "-", "abc", "six", "1.2.3", "1..2", "1,5,2", "12 40", "0x10", "1_000", "inf", "Infinity", "nan", "5%%", "--5", "5-6", "5 or 6", "5 ± 1",
    "1/0", "1/2/3", "e5", "١٢", "9" * 400, "12 parsecs", "12 constructor", "2^3", "10 of 20",
)  # fmt: skip
# With a unit: (unit of the question, right answer, what may be typed, and what may not).
UNITS = [
    ("%", 24.8, ("24.8", "24,8", "24.8%", "24.8 percent", "248‰", "24.8 % of people"), ("0.248", "24.8 pp", "24.8 km", "0.248 %")),
    ("", 0.12, ("0.12", "12%", "12 percent", "120 per 1,000", "3/25"), ("12", "120", "12 percentage points", "0.12 people", "0.12%")),
    ("of an income", 0.12, ("0.12", "12%", "0.12 of an income", "0.12 incomes", "12 % of an income"), ("12", "0.12 km")),
    ("per 1,000", -8.0, ("-8", "-8‰", "-0.8%", "−8 per 1 000", "-8 per thousand"), ("-0.8", "8", "-0.008", "-8%", "-8/1000")),
    ("to 1", 30.0, ("30", "30 to 1", "30:1", "30x"), ("1/30", "30%", "30 people")),
    ("thousand", 19.1, ("19.1", "19.1 thousand", "19.1k", "19,100 people", "19.1 thousand persons", "0.0191 million"), ("19100", "19 100", "19.1 million", "0.0191")),
    ("thousand tenge", 153.0, ("153", "153 thousand", "153 thousand tenge", "153,000 tenge", "₸153,000", "153 тыс. тенге", "0.153 million tenge"), ("153 tenge", "153000", "$153", "153 km")),
    ("people", 116_700.0, ("116700", "116,700", "116 700 persons", "116.7 thousand", "116.7k people", "0.1167 million"), ("116.7", "116700 km", "116700%")),
    ("dollars", 5471.0, ("5471", "$5,471", "5 471 USD", "US$ 5471", "5.471 thousand dollars"), ("5471 €", "5471 tenge", "5.471", "-$5471")),
    ("km", 267.0, ("267", "267 km", "267000 m", "267 kilometers", "0.267 thousand km"), ("267 m", "267 years", "267 million")),
    ("years", 9.5, ("9.5", "9.5 years", "9,5 yr", "114 months", "9½"), ("9.5 months", "9.5 km")),
    ("monthly wages a month", 62.5, ("62.5", "62.5 monthly wages", "62.5 monthly wages a month"), ("62.5 years", "62.5 %")),
    ("log points", 2.0, ("2", "2 log points"), ("2%", "200")),
]  # fmt: skip


def question(answer, unit="", **rest):
    return number(
        "How many?", answer=answer, unit=unit, absolute=1e-9 * max(1, abs(answer)), **rest
    )


def test_plain_numbers_as_people_write_them():
    for typed, value in PLAIN.items():
        assert question(value).judge(typed).right, typed
        assert not question(2 * value + 1).judge(typed).right, typed


def test_what_is_no_number_is_no_answer():
    for typed in UNREADABLE:
        verdict = question(12).judge(typed)
        assert not verdict.right and not verdict.read, typed
    assert question(12).judge("").text == TEXTS["empty"]
    assert question(12).judge("5-6").text == TEXTS["unreadable"]
    assert "“parsecs”" in question(12).judge("12 Parsecs").text


def test_units_typed_along():
    for unit, answer, right, wrong in UNITS:
        asked = question(answer, unit)
        for typed in right:
            assert asked.judge(typed).right, (unit, typed)
        for typed in wrong:
            verdict = asked.judge(typed)
            assert verdict.read and not verdict.right, (unit, typed)


def test_a_comma_with_three_digits_is_read_both_ways():
    verdict = question(2.345).judge("2,345")
    assert verdict == (True, "Right. (Read with a decimal comma, as 2.345.)", True)
    assert question(-2.345).judge("-2,345").text.endswith("as −2.345.)")
    assert question(2345).judge("2,345") == (True, "Right.", True)
    # Nobody writes three zeros behind a decimal comma.
    assert not question(300).judge("300,000").right


# ---- each mistake has a reply of its own

MISTAKES = [
    ({"answer": 19.121, "absolute": 0.06, "unit": "thousand"}, {
        "19": "rounded", "19,0": "wrong", "-19.1": "sign", "19121": "size", "0.019": "size", "19.1 million": "size", "25": "wrong", "19.1 km": "otherUnit",
    }),
    ({"answer": 24.77, "absolute": 0.1, "unit": "%"}, {
        "0.248": "size", "0.25": "size", "1/4": "wrong", "25": "rounded", "-24.8": "sign", "24.8 percentage points": "points", "247.7": "size", "2477": "wrong",
    }),
    ({"answer": 0.0724, "absolute": 0.006}, {"0.1": "rounded", "7.2": "size", "0": "wrong", "-0.07": "sign", "13.8": "wrong", "0.07 km": "otherUnit"}),
    ({"answer": 5471.07, "absolute": 1, "unit": "dollars"}, {"5500": "rounded", "5.5 thousand": "rounded", "5.471": "size", "6000": "wrong", "5000": "wrong"}),
    ({"answer": -7.73, "absolute": 0.006, "unit": "per 1,000"}, {"-0.773": "size", "-0.00773": "size", "7.73": "sign", "-7.7": "rounded", "-8": "rounded"}),
    ({"answer": 0, "absolute": 0.4, "unit": "shocks"}, {"1": "wrong", "-1": "wrong", "6": "wrong"}),
    ({"answer": 0.545, "absolute": 0.006}, {"1": "wrong", "0.5": "rounded"}),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "replies"), MISTAKES)
def test_each_mistake_has_its_own_reply(arguments, replies):
    asked = number("How many?", **arguments)
    starts = {name: text.partition("{")[0] for name, text in TEXTS.items()}
    for typed, name in replies.items():
        verdict = asked.judge(typed)
        assert verdict.text.startswith(starts[name]), (typed, verdict.text)
        assert verdict.read and not verdict.right


def test_a_reply_says_what_is_asked_for():
    asked = number("How many?", answer=24.77, absolute=0.1, unit="%")
    assert asked.judge("25").text.endswith("give one decimal.")
    assert "a plain number (a half is 0.5)" in asked.judge("0.2477").text
    assert asked.judge("0.2477").text.endswith("asks for percent (a half is 50).")
    assert asked.judge("24.8 km").text == "The question asks for percent, not for km."


def test_the_authors_hints_come_first():
    asked = number(
        "?", answer=-40, absolute=0.5, unit="%", hints={40: "More or fewer?", -0.4: "In percent."}
    )
    assert asked.check("40%") == (False, "More or fewer?")
    assert asked.check("−0,4") == (False, "In percent.")


def test_a_hint_is_for_its_number_alone():
    """The same distance is small for a large number and large for a small one."""
    asked = number(
        "?", answer=1.266, absolute=0.02, unit="%", hints={0: "Nothing?", 3.846: "The workers."}
    )
    assert asked.check("0") == asked.check("0.0") == (False, "Nothing?")
    assert asked.check("0.0127")[1].startswith("Almost")
    # Rounded as a student rounds.
    assert asked.check("3.85") == asked.check("3.8") == (False, "The workers.")
    ratio = number("?", answer=0.0724, absolute=0.006, hints={13.818: "The other way round."})
    assert ratio.check("13.8") == ratio.check("13,82") == (False, "The other way round.")
    assert ratio.check("14.5")[1] == TEXTS["wrong"]


# ---- how many decimals


@pytest.mark.parametrize(
    ("answer", "tolerance", "decimals"),
    [(24.77, 0.1, 1), (24.77, 0.05, 1), (24.77, 0.049, 2), (0.0724, 0.006, 2), (5471.07, 1, 0), (364.8, 3.6, 0), (40, 0.04, 0), (62.5, 0.06, 1), (0, 0.4, 0), (0.12, 0.003, 2)],
)  # fmt: skip
def test_decimals_follow_from_the_tolerance(answer, tolerance, decimals):
    assert decimals_wanted(answer, tolerance) == decimals


def test_what_is_rounded_as_wanted_is_right():
    rng = random.Random(1)
    for _ in range(500):
        answer = rng.uniform(-1, 1) * 10 ** rng.uniform(-3, 6)
        asked = number("?", answer=answer, absolute=10 ** rng.uniform(-4, 1))
        decimals = decimals_wanted(answer, asked.record["tolerance"])
        for more in range(3):
            assert asked.judge(f"{answer:.{decimals + more}f}").right


def test_decimals_in_words():
    assert [wanted(n) for n in (0, 1, 4, 5)] == ["a whole number", "one decimal", "four decimals", "5 decimals"]  # fmt: skip
    assert enough(wanted(0)) == "A whole number is enough."
    assert enough(wanted(3)) == "Three decimals are enough."


# ---- the page's script judges alike

PIECES = (
    *("1", "2", "12", "400", "0", "000", "345", "7.3", "0,125", ",", ".", "'", " ", "\u00a0", "-", "−", "+", "%", "‰", "/"),
    *(":", "½", " 1/3", "e3", "E-2", "×10^3", "k", "m", "bn", "thousand", "million", "тыс.", "people", "km", "years", "$"),
    *("€", "tenge", "pp", "percent", "per 1,000", "to 1", "x", "of an income", "about ", "≈", "=", "the", "(", "_", "toString"),
)  # fmt: skip


def samples():
    """Return questions of all kinds, and with each what may be typed: the tables above, and pieces at random."""
    rng = random.Random(2)
    asked = [number("?", **arguments) for arguments, _ in MISTAKES]
    asked += [
        question(answer, unit, hints={-answer: "Mind the sign."}) for unit, answer, _, _ in UNITS
    ]
    tables = [*PLAIN, *UNREADABLE]
    tables += [typed for _, replies in MISTAKES for typed in replies]
    tables += [typed for _, _, right, wrong in UNITS for typed in (*right, *wrong)]
    for one in asked:
        pieces = ["".join(rng.choices(PIECES, k=rng.randint(1, 5))) for _ in range(300)]
        answer = one.record["answer"]
        scaled = [f"{answer * k:.{d}f}" for k in (1, -1, 100, 0.01, 1e3, 1e-3) for d in range(5)]
        yield one, [*tables, *pieces, *scaled, *(text.replace(".", ",") for text in scaled)]


@pytest.mark.browser
def test_the_page_judges_as_python_does(offline_page):
    offline_page.add_script_tag(content=page_script())
    for asked, replies in samples():
        there = offline_page.evaluate(
            """([record, replies]) => replies.map((typed) => {
                const { right, text, read } = window.explorers.judgeNumber(typed, record);
                return [right, text, read];
            })""",
            [asked.record, replies],
        )
        here = [list(judge(typed, asked.record)) for typed in replies]
        assert dict(zip(replies, there, strict=True)) == dict(zip(replies, here, strict=True))
