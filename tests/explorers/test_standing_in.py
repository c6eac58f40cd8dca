"""A reader's own function or rows in place of the book's: what works, and what each mistake says."""

import functools

import numpy as np
import pandas as pd
import pytest
from explorers import Explorer, Parameter, StandInError, TracingError, drawing, stand_in, titled
from explorers.tracing import record


def book_curve(balance, height):
    """The book's own: a share for each balance."""
    return {"share": height / (1 + np.exp(-balance)), "top": np.max(height)}


def curve(own=book_curve):
    """A figure that takes a reader's function."""
    function = stand_in(own, book_curve)
    return Explorer(
        titled("A curve", own, book_curve),
        lambda balance, height: function(balance, height),
        rows={"balance": np.array([-1.0, 0.0, 1.0])},
        controls=[Parameter("height", "Height", low=0.5, high=2, step=0.5, default=1)],
        chart=drawing.lines("balance", "share", "Balance", "Share"),
        sentence="The highest share is {top:.1f}, at a height of {height}.",
        caption="A share.",
        description="A rising line.",
    )


def test_the_book_s_own_comes_back_as_it_is():
    assert stand_in(book_curve, book_curve) is book_curve
    assert curve().title == "A curve"


def test_an_own_function_is_drawn_under_its_name():
    def step(balance, height):
        return {"share": np.where(balance > 0, height, 0.0), "top": height}

    explorer = curve(step)
    assert explorer.title == "A curve (step)"
    assert explorer.compute(height=2.0)["share"].tolist() == [0, 0, 2]
    assert "(step)" in explorer.to_html(), "a page can be made of it"


def test_an_own_function_may_do_what_only_a_kernel_can():
    def looping(balance, height):
        return {"share": [1.0 if value > 0 else 0.0 for value in balance], "top": 1}

    assert curve(looping).compute()["share"].tolist() == [0, 0, 1]
    with pytest.raises(TracingError):
        curve(looping).to_html()


def test_a_function_changed_in_one_detail_is_called_like_the_book_s():
    def steep(balance, height, slope=1.0):
        return {"share": height / (1 + np.exp(-slope * balance)), "top": height}

    explorer = curve(functools.partial(steep, slope=2.0))
    assert explorer.title == "A curve (steep)"
    assert explorer.compute()["share"][2] == pytest.approx(1 / (1 + np.exp(-2)))


def one_argument(balance):
    return {"share": balance, "top": 1}


def nothing(balance, height):
    balance + height


def wrong_name(balance, height):
    return {"shares": balance, "top": 1}


def a_text(balance, height):
    return {"share": "many", "top": 1}


def a_gap(balance, height):
    return {"share": np.log(balance + 1), "top": 1}


def too_short(balance, height):
    return {"share": balance[:2], "top": 1}


def too_many(balance, height):
    return {"share": balance, "top": balance}


def a_list(balance, height):
    return [balance, height]


def stops(balance, height):
    return {"share": balance / undefined_name, "top": 1}  # noqa: F821


MISTAKES = {
    one_argument: r"^one_argument\(balance\) cannot be called as this figure calls "
    r"book_curve\(balance, height\): too many positional arguments\. Give it the same arguments\.$",
    nothing: r"^nothing returns nothing: end it with return\.$",
    wrong_name: r"^wrong_name returns 'shares' and 'top'; this figure also needs 'share'\.$",
    a_text: r"^a_text: 'share' is 'many'; this figure needs 3 numbers\.$",
    a_gap: r"^a_gap: 'share' is not a finite number in row 0\. Look for a division by zero",
    too_short: r"^too_short: 'share' has 2 values; this figure needs 3 numbers\.",
    too_many: r"^too_many: 'top' has 3 values; this figure needs a number\.",
    a_list: r"^a_list must return a dict with 'share' and 'top', not a list\.$",
    stops: r"^stops stopped at “return .*undefined_name.*”: NameError: name 'undefined_name'",
    "a text": r"^This figure needs a function in place of book_curve, not a text\.",
}


@pytest.mark.parametrize("own", MISTAKES, ids=lambda own: getattr(own, "__name__", "no_function"))
def test_a_mistake_is_said_in_one_sentence(own):
    with pytest.warns(RuntimeWarning) if own is a_gap else _no_warning():
        with pytest.raises(StandInError, match=MISTAKES[own]) as refused:
            stand_in(own, book_curve)(np.array([-1.0, 0.0, 1.0]), 1.0)
    # A notebook shows the sentence alone.
    assert refused.value._render_traceback_() == [f"StandInError: {refused.value}"]


class _no_warning:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


def test_a_figure_refuses_the_mistake_when_it_is_made():
    with pytest.raises(StandInError, match="too_short: 'share' has 2 values"):
        curve(too_short)


# ---- rows

BOOK = pd.DataFrame({"region": ["A", "B"], "people": [10.0, 20.0], "rate": [1.5, np.nan]})


def test_own_rows_come_back_in_the_book_s_columns():
    own = pd.DataFrame({"rate": [2, 3], "note": ["x", "y"], "people": ["5", "7"], "region": [1, 2]})
    rows = stand_in(own, BOOK)
    assert list(rows) == ["region", "people", "rate"]
    assert rows["region"].tolist() == ["1", "2"]
    assert rows["people"].tolist() == [5, 7]


def test_own_rows_may_be_a_plain_dict():
    assert len(stand_in({"region": ["C"], "people": [1], "rate": [2]}, BOOK)) == 1


def test_a_gap_is_allowed_where_the_book_s_rows_have_one():
    assert stand_in({"region": ["C"], "people": [1], "rate": [None]}, BOOK)["rate"].isna().all()


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"region": ["C"], "people": [1]}, "have the columns 'region' and 'people'; .* 'rate'"),
        ({"region": [], "people": [], "rate": []}, "are empty"),
        (
            {"region": ["C"], "people": ["many"], "rate": [1]},
            "'many' in row 0 of the column 'people'",
        ),
        ({"region": ["C"], "people": [None], "rate": [1]}, "a gap in row 0 of the column 'people'"),
        (3, "needs rows: a DataFrame with the columns 'region', 'people' and 'rate', not int"),
        ({"region": ["C", "D"], "people": [1], "rate": [1]}, "needs rows"),
    ],
)
def test_a_mistake_in_rows_is_said_in_one_sentence(own, sentence):
    with pytest.raises(StandInError, match=sentence):
        stand_in(own, BOOK)


def test_a_recording_is_recognized_inside_a_mapping():
    """Some of the book's functions take the state of the world as one mapping."""

    def book_flow(world):
        return world["people"] / world["cost"]

    flow = stand_in(lambda world: world["people"] * 2, book_flow)
    assert flow({"people": 1.0, "cost": 2.0}) == 2
    tape = record(lambda people: {"flow": flow({"people": people, "cost": 2.0})}, {}, ["people"])
    assert tape.replay({"people": np.float64(3)}) == {"flow": 6}
