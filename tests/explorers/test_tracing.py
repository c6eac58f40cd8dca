"""The recorder: what a tape looks like, what is refused and how, and the two functions of its own."""

import functools
import math

import numpy as np
import pytest
import scipy.stats
from explorers import tracing
from explorers.tracing import (
    Tape,
    TracingError,
    argument_names,
    group_sum,
    is_text,
    pick,
    record,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

ROWS = {"x": [1.0, 2.0, 3.0], "y": [4.0, 5.0, 6.0], "town": ["a", "b", "a"]}
CONTROLS = ("p", "q")


def tape_of(model):
    return record(model, ROWS, CONTROLS)


# ---- the tape


def test_tape_lists_operations_in_order():
    tape = tape_of(lambda x, p: {"flow": np.exp(-p * x) + 2})
    assert tape.to_dict() == {
        "entries": [["column", "x"], ["param", "p"], ["negative", 1], ["multiply", 2, 0], ["exp", 3], ["const", 2.0], ["add", 4, 5]],
        "outputs": {"flow": 6},
    }  # fmt: skip


def test_same_expression_is_stored_once():
    def model(x):
        for _ in range(60):
            x = x * x
        return {"x": x}

    assert len(tape_of(model).entries) == 61
    tape = tape_of(lambda x, p: {"a": np.exp(x * p), "b": np.exp(x * p) + 1.0, "c": np.exp(x * p)})
    assert [entry[0] for entry in tape.entries].count("exp") == 1
    assert tape.outputs["a"] == tape.outputs["c"] != tape.outputs["b"]


def test_different_expressions_are_kept_apart():
    tape = tape_of(
        lambda x: {"a": x - 1, "b": 1 - x, "c": x + 0.0, "d": x + -0.0, "e": x == 1, "f": x > 1}
    )
    assert len(set(tape.outputs.values())) == 6
    assert [math.copysign(1, e[1]) for e in tape.entries if e[0] == "const" and e[1] == 0] == [
        1,
        -1,
    ]


def test_entries_that_no_result_needs_are_dropped():
    def model(x, y, p, town):
        unused = np.exp(y) * p, town == "a"
        assert len(unused) == 2
        return {"x": x + 1}

    assert tape_of(model).entries == [["column", "x"], ["const", 1.0], ["add", 0, 1]]


def test_dropping_renumbers_every_kind_of_entry():
    def model(x, y, p, town):
        for waste in (np.exp(y), np.log(x), y + 7.0):
            assert waste.is_column
        return {
            "picked": pick(p, [x, 3.0]),
            "a": np.where(town == "a", 1.0, x),
            "sum": group_sum(x, (town, y)),
            "like": np.full_like(x, p),
        }

    tape = tape_of(model)
    kinds = {"param": 1, "column": 1, "text": 1, "const": 1}
    for position, entry in enumerate(tape.entries):
        reads = [] if entry[0] in kinds else entry[1:2] if entry[0] == "text_equal" else entry[1:]
        assert all(isinstance(read, int) and 0 <= read < position for read in reads), entry
    by_name = {name: tape.entries[position] for name, position in tape.outputs.items()}
    assert [tape.entries[i] for i in by_name["picked"][1:]] == [
        ["param", "p"],
        ["column", "x"],
        ["const", 3.0],
    ]
    assert [tape.entries[i] for i in by_name["sum"][1:]] == [
        ["column", "x"],
        ["text", "town"],
        ["column", "y"],
    ]
    assert tape.entries[by_name["a"][1]][0] == "text_equal"
    assert tape.entries[by_name["a"][1]][2] == "a"


def test_loops_of_fixed_length_unroll():
    def model(x, p):
        for _ in range(20):
            x = x * p / np.sum(x)
        return {"x": x}

    assert [entry[0] for entry in tape_of(model).entries].count("divide") == 20


@pytest.mark.parametrize(
    "value",
    [2, 2.0, np.float64(2), np.float32(2), np.int64(2), np.array(2.0), np.array(2), np.uint8(2)],
)
def test_single_numbers_of_every_type_are_constants(value):
    entries = [["column", "x"], ["const", 2.0], ["multiply", 0, 1]]
    assert tape_of(lambda x: {"y": x * value}).entries == entries
    assert tape_of(lambda x: {"y": value * x}).entries == [*entries[:2], ["multiply", 1, 0]]


def test_whole_numbers_up_to_two_to_the_53():
    assert tape_of(lambda x: {"y": x + 2**53}).entries[1] == ["const", 2.0**53]


def test_results_may_be_inputs_constants_or_single_numbers():
    tape = tape_of(lambda x, p: {"x1": x, "p1": p, "two": 2, "top": np.argmax(x), "yes": x > 1})
    assert [tape.entries[position][0] for position in tape.outputs.values()] == [
        "column",
        "param",
        "const",
        "argmax",
        "greater",
    ]


def test_other_names_of_operations_are_one_operation():
    tape = tape_of(
        lambda x, y: {
            "a": np.true_divide(x, y),
            "b": x / y,
            "c": np.fabs(x),
            "d": abs(x),
            "e": np.mod(x, y),
            "f": x % y,
        }
    )
    assert len(set(tape.outputs.values())) == 3


def test_scipys_functions_are_recorded():
    tape = tape_of(lambda x: {"a": special.ndtr(x), "b": special.expit(x)})
    assert [entry[0] for entry in tape.entries] == ["column", "ndtr", "expit"]


def test_symbols_know_rows_and_yes_or_no():
    def model(x, p, town):
        assert (
            x.is_column
            and (x + p).is_column
            and np.cumsum(x).is_column
            and group_sum(p, town).is_column
            and pick(p, [x, p]).is_column
        )
        assert not any(
            item.is_column
            for item in (p, p + 1, np.sum(x), np.argmax(x), np.any(x > p), pick(p, [1.0, p]))
        )
        yes = [
            x > p,
            (x > p) & (p > 1),
            ~(x > p),
            town != "a",
            np.any(x > p),
            np.max(x > p),
            np.where(x > p, x > 1, p > 1),
        ]
        yes += [np.maximum(x > p, x > 1), np.maximum.accumulate(x > p), pick(p, [x > p, x > 1])]
        assert all(item.boolean for item in yes)
        assert not any(
            item.boolean
            for item in (x, p, np.sum(x > p), np.sum(p > 1), np.cumsum(x > p), (x > p) * 1.0)
        )
        assert "column" in repr(x) and "number" in repr(p)
        return {"x": x}

    tape_of(model)


# ---- what is refused: the message names the operation, the line and a remedy

FIXED = np.linspace(0.0, 1.0, 3)


def _write_part(x):
    x[x > 1] = 0
    return x


def _if(x):
    return x if x > 1 else 0


def _add_in_place(x):
    x += 1
    return x


REFUSED = {
    "if": (_if, "decision", "np.where"),
    "and": (lambda x: x > 0 and x < 2, "decision", "&"),
    "chain": (lambda x: 0 < x < 2, "'a < x < b'", "(a < x) & (x < b)"),
    "max()": (lambda x: max(x, 0), "max()", "np.maximum"),
    "sum()": (lambda x: sum(x), "sum()", "np.sum"),
    "for": (lambda x: [v for v in x], "loop over values", "range(20)"),
    "math.exp": (lambda x: math.exp(x), "math module", "np.exp"),
    "float": (lambda p: float(p), "float()", "NumPy"),
    "int": (lambda p: range(p), "float()", "NumPy"),
    "round": (lambda x: round(x), "round()", "np.rint"),
    "len": (lambda x: len(x), "len()", "np.ones_like"),
    "write": (_write_part, "Writing into an array", "np.where(condition, value, x)"),
    "+=": (_add_in_place, "Writing into an array", "x = x + y"),
    "out=": (lambda x: np.add(x, 1, out=np.zeros(3)), "Writing into an array", "Make a new one"),
    "part": (lambda x: x[0], "Taking parts", "np.where"),
    "mask": (lambda x: x[x > 1], "Taking parts", "group_sum"),
    "matmul": (lambda x, y: x @ y, "matrix product", "group_sum"),
    "matmul of an array": (lambda x: FIXED @ x, "matmul", "page knows"),
    "dot": (lambda x, y: np.dot(x, y), "np.dot", "group_sum"),
    "array constants": (lambda x: FIXED * x, "array of 3 constants", "explorer's rows"),
    "list constants": (lambda x: x + [1, 2, 3], "array of 3 constants", "explorer's rows"),
    "where of an array": (lambda x: np.where(x > 1, FIXED, 0), "array of 3 constants", "explorer's rows"),
    "np.array": (lambda x, p: np.array([x, p]), "np.array", "pick(index, [a, b])"),
    "np.asarray": (lambda x: np.asarray(x), "np.asarray", "pick"),
    "np.stack": (lambda x, y: np.stack([x, y]), "np.stack", "pick(index, [a, b])"),
    "reduce of a list": (lambda x, y: np.maximum.reduce([x, y]), "np.array", "pick"),
    "norm.cdf": (lambda x: scipy.stats.norm.cdf(x), "scipy.stats", "scipy.special.ndtr"),
    "yes + yes": (lambda x: (x > 1) + (x > 2), "np.add of yes/no", "np.where(condition, 1.0, 0.0)"),
    "-yes": (lambda x: -(x > 1), "np.negative of yes/no", "np.where"),
    "exp of yes": (lambda x: np.exp(x > 1), "np.exp of yes/no", "np.where"),
    "ones_like of yes": (lambda x: np.ones_like(x > 1), "yes/no", "np.where"),
    "and of numbers": (lambda x, y: np.logical_and(x, y), "np.logical_and of numbers", "(x > 0) & (y > 0)"),
    "~ of numbers": (lambda x: ~x, "np.logical_not of numbers", "Compare first"),
    "& with a number": (lambda x: (x > 1) & 1, "np.logical_and of numbers", "Compare first"),
    "large number": (lambda x: x + (2**53 + 1), "whole number 9007199254740993", "2**53"),
    "very large number": (lambda x: x * 10**30, "whole number", "2**53"),
    "nan": (lambda x: np.where(x > 1, x, np.nan), "constant nan", "finite"),
    "inf": (lambda x: np.minimum(x, np.inf), "constant inf", "finite"),
    "None": (lambda x: np.where(x > 1, None, x), "None", "numbers"),
    "complex": (lambda x: x * 1j, "1j", "numbers"),
    "axis=1": (lambda x: np.sum(x, axis=1), "another axis", "one axis"),
    "second axis": (lambda x: np.sum(x, 1), "another axis", "one axis"),
    "method axis": (lambda x: x.max(axis=1), "another axis", "one axis"),
    "where=": (lambda x: np.sum(x, where=x > 1), "np.sum with where", "alone"),
    "ufunc where=": (lambda x: np.exp(x, where=x > 1), "np.exp with where", "page knows"),
    "dtype=": (lambda x: np.cumsum(x, dtype=int), "np.cumsum with dtype", "alone"),
    "ddof=": (lambda x: np.std(x, ddof=1), "np.var with ddof", "alone"),
    "where with one argument": (lambda x: np.where(x > 1), "np.where used so", "alone"),
    "average axis": (lambda x: np.average(x, axis=0), "np.average used so", "alone"),
    "any axis": (lambda x: np.any(x > 1, axis=1), "another axis", "one axis"),
    "decimals": (lambda x: np.round(x, 2), "Rounding to decimals", "{name:.1f}"),
    "other ufunc": (lambda x: np.spacing(x), "np.spacing", "page knows"),
    "other method": (lambda x, y: np.add.outer(x, y), "np.add.outer", "page knows"),
    "other reduction": (lambda x: np.subtract.reduce(x), "np.subtract.reduce", "page knows"),
    "other function": (lambda x: np.sort(x), "np.sort", "page knows"),
    "median": (lambda x: np.median(x), "np.median", "cumsum"),
    "attribute": (lambda x: x.shape, ".shape", "NumPy functions"),
    "astype": (lambda x: x.astype(int), ".astype", "NumPy functions"),
    "argmax of a number": (lambda p: np.argmax(p), "single number", "column"),
    "cumsum of a number": (lambda p: np.cumsum(p), "single number", "column"),
    "number + text": (lambda x: x + "km", "text 'km'", "numbers"),
    "text + text": (lambda town: town + " city", "np.add of a text column", "group_sum"),
    "text from the right": (lambda town: "city " + town, "np.add of a text column", "group_sum"),
    "text + number": (lambda town, x: town + x, "text column", "=="),
    "number + column": (lambda town, x: x * town, "text column", "=="),
    "text <": (lambda town: town < "b", "np.less of a text column", "=="),
    "text == number": (lambda town: town == 3, "Comparing text with int", "one word"),
    "text == text": (lambda town: town == town, "Comparing text with TextSymbol", "one word"),
    "text in": (lambda town: town in ("a", "b"), "decision", "np.where"),
    "where of text": (lambda town, x: np.where(x > 1, town, "none"), "text", "=="),
    "np.isin": (lambda town: np.isin(town, ["a"]), "np.isin of a text column", "=="),
    "np.unique": (lambda town: np.unique(town), "np.unique of a text column", "=="),
    "text method": (lambda town: town.upper(), ".upper of a text column", "=="),
    "text len": (lambda town: len(town), "len()", "group_sum"),
    "group by a list": (lambda x: group_sum(x, ["a", "b", "a"]), "Grouping by something else", "by=(origin, year)"),
    "group by several": (lambda x, y: group_sum(1.0, (x, 2)), "Grouping by something else", "argument of the model"),
    "group by a number": (lambda x, p: group_sum(x, by=p), "Grouping by something else", "column"),
    "group of arrays": (lambda town: group_sum(FIXED, town), "array of 3 constants", "explorer's rows"),
    "pick of a column": (lambda x, p: pick(p, x), "loop over values", "np.sum"),
    "pick of text": (lambda p: pick(p, ["a", "b"]), "text 'a'", "numbers"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refusal_names_operation_line_and_remedy(what):
    model, named, remedy = REFUSED[what]

    @functools.wraps(model)
    def outer(**inputs):
        return {"result": model(**inputs)}

    with pytest.raises(TracingError) as caught:
        tape_of(outer)
    message = str(caught.value)
    assert named in message
    assert remedy in message
    # The place is in the model, not in NumPy, SciPy or the recorder.
    assert "in test_tracing.py" in message
    assert model.__name__ + "()" in message
    line = model.__code__.co_firstlineno
    assert any(f"line {line + offset} of" in message for offset in (0, 1)), message


def test_refusal_shows_the_line():
    def model(x):
        share = x / np.sum(x)
        return {"y": math.sqrt(share)}

    with pytest.raises(
        TracingError,
        match=r'\(line \d+ of model\(\) in test_tracing\.py: return \{"y": math\.sqrt\(share\)\}\)',
    ):
        tape_of(model)


def test_refusal_in_a_notebook_cell_names_line_and_function():
    scope = {}
    exec(
        compile(
            "def cell(x):\n    y = x * 2\n    return {'a': float(y)}\n", "<ipython-input-3>", "exec"
        ),
        scope,
    )
    with pytest.raises(TracingError, match=r"line 3 of cell\(\)"):
        tape_of(scope["cell"])


def test_unknown_argument_is_named_with_what_there_is():
    with pytest.raises(
        TracingError,
        match=r"'distance' is neither a column .*\(x, y, town\).* nor a control \(p, q\)",
    ):
        tape_of(lambda x, distance: {"y": x})


@pytest.mark.parametrize("result", [None, 3.0, [1.0], "text"])
def test_result_must_be_a_dict(result):
    def model(x):
        return result

    with pytest.raises(
        TracingError,
        match=rf"model\(\) must return a dict of named results, not {type(result).__name__}",
    ):
        tape_of(model)


@pytest.mark.parametrize("value", [None, "text", [1.0, 2.0, 3.0], np.ones(3), 1j])
def test_results_must_be_numbers(value):
    def model(x):
        return {"y": x, "odd": value}

    with pytest.raises(TracingError, match=r"result 'odd' of model\(\)"):
        tape_of(model)


def test_text_is_no_result():
    with pytest.raises(TracingError, match="result 'place'"):
        tape_of(lambda town: {"place": town})


# ---- models of every kind


def test_arguments_by_kind_of_function():
    def plain(x, p, *, q):
        return {"y": x * p * q}

    class Model:
        def method(self, x, p):
            return {"y": x + p}

        def __call__(self, x, q):
            return {"y": x - q}

    assert argument_names(plain) == ("x", "p", "q")
    assert argument_names(lambda x, y: x) == ("x", "y")
    assert argument_names(Model().method) == ("x", "p")
    assert argument_names(Model()) == ("x", "q")
    assert argument_names(functools.partial(plain, q=2.0)) == ("x", "p")
    assert argument_names(functools.partial(plain, 1.0)) == ("p", "q")
    assert argument_names(functools.lru_cache(plain)) == ("x", "p", "q")
    assert (
        tape_of(functools.partial(plain, q=2.0)).entries
        == tape_of(lambda x, p: {"y": x * p * 2.0}).entries
    )
    assert tape_of(Model().method).entries == tape_of(Model().method).entries


def test_locals_are_no_arguments():
    def model(x):
        total = np.sum(x)
        return {"y": x / total}

    assert argument_names(model) == ("x",)


def test_partial_that_returns_no_dict_is_named():
    def model(x, p):
        return x

    with pytest.raises(TracingError, match=r"model\(\) must return a dict"):
        tape_of(functools.partial(model, p=1.0))


def test_defaults_count_for_nothing():
    def model(x, p=2.0):
        return {"y": x * p}

    assert ["param", "p"] in tape_of(model).entries

    def other(x, rate=2.0):
        return {"y": x * rate}

    # A default would silently stay what it is while the reader looks for its slider.
    with pytest.raises(TracingError, match="'rate' is neither"):
        tape_of(other)


def test_unnamed_arguments_are_refused():
    def many(x, *others):
        return {"y": x}

    def options(x, **others):
        return {"y": x}

    def position(x, /):
        return {"y": x}

    for model, found in ((many, r"\*others"), (options, r"\*\*others"), (position, "'x'")):
        with pytest.raises(
            TracingError, match=rf"{model.__name__}\(\) takes .*{found}.*; name each column"
        ):
            tape_of(model)


def test_recording_calls_the_model_once():
    calls = []
    tape_of(lambda x: calls.append(x) or {"y": x})
    assert len(calls) == 1


def test_kinds_of_columns():
    assert is_text(["a", "b"])
    assert is_text(np.array(["a", None], object))
    assert not is_text([1, 2])
    assert not is_text(np.array([1.5], np.float32))
    assert not is_text([True, False])


def test_every_name_on_the_tape_is_a_numpy_or_scipy_function():
    for name in (*tracing.UNARY, *tracing.BINARY):
        assert isinstance(getattr(np, name, None) or getattr(special, name), np.ufunc)
        assert (getattr(np, name, None) or getattr(special, name)).nin == (
            1 if name in tracing.UNARY else 2
        )
    assert set(tracing.BOOLEAN) <= set(tracing.UNARY + tracing.BINARY)


def test_empty_tape_has_no_entries():
    assert Tape().finish({}).to_dict() == {"entries": [], "outputs": {}}


# ---- group_sum and pick on numbers

numbers = st.lists(
    st.tuples(st.integers(-1000, 1000), st.sampled_from("abc"), st.integers(0, 2)),
    min_size=1,
    max_size=30,
)


@settings(derandomize=True, deadline=None, max_examples=50, database=None)
@given(numbers)
def test_group_sum_invariants(rows):
    values, letters, digits = (np.array(column) for column in zip(*rows, strict=True))
    for by in (letters, digits, (letters, digits), (digits, letters, letters)):
        sums, counts = group_sum(values, by), group_sum(1, by)
        assert np.sum(sums / counts) == pytest.approx(values.sum(), abs=1e-9)
        assert np.sum(1 / counts) == pytest.approx(
            len(set(zip(*(by if isinstance(by, tuple) else (by,)), strict=True)))
        )
    by_hand = [
        sum(v for v, letter, digit in rows if (letter, digit) == (one[1], one[2])) for one in rows
    ]
    assert group_sum(values, (letters, digits)).tolist() == by_hand
    assert group_sum(
        group_sum(values, letters) / group_sum(1.0, letters), letters
    ) == pytest.approx(group_sum(values, letters))


def test_group_sum_by_hand():
    assert group_sum([1.0, 2.0, 4.0], ["a", "b", "a"]).tolist() == [5, 2, 5]
    assert group_sum(3.0, ["a", "b", "a"]).tolist() == [6, 3, 6]
    assert group_sum([True, True, False], np.array([1.5, 1.5, 2])).tolist() == [2, 2, 0]
    assert group_sum([1.0, np.nan, 4.0], ["a", "b", "a"])[[0, 2]].tolist() == [5, 5]
    assert group_sum([], []).tolist() == []


@pytest.mark.parametrize(
    ("values", "by"),
    [
        ([1.0, 2.0], ["a", "b", "c"]),
        ([[1.0, 2.0]], ["a", "b"]),
        (1.0, [["a", "b"], ["a", "b"]]),
        (1.0, (["a"], ["a", "b"])),
        (1.0, "a"),
    ],
)
def test_group_sum_refuses_wrong_shapes(values, by):
    with pytest.raises(ValueError, match="group_sum: "):
        group_sum(values, by)


def test_pick_by_hand():
    assert pick([0, 1, 2], [10.0, 20.0, 30.0]).tolist() == [10, 20, 30]
    assert pick(1, [10.0, 20.0]) == 20
    assert pick(1.0, [[1.0, 2.0], [3.0, 4.0]]).tolist() == [3, 4]
    assert pick([1, 0], [[1.0, 2.0], [3.0, 4.0]]).tolist() == [3, 2]
    assert pick([1.0, 0.0], [[1.0, 2.0], 9.0]).tolist() == [9, 2]
    assert pick(np.array([True, False]), [0.0, 5.0]).tolist() == [5, 0]


@settings(derandomize=True, deadline=None, max_examples=50, database=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_pick_equals_the_chosen_option(index):
    options = [np.arange(len(index)) * 10.0**k for k in range(4)]
    assert pick(index, options).tolist() == [options[k][row] for row, k in enumerate(index)]


@pytest.mark.parametrize("index", [-1, 2, 0.5, [0, 2], math.nan])
def test_pick_refuses_what_is_no_position(index):
    with pytest.raises(IndexError, match="whole number from 0 to 1"):
        pick(index, [1.0, 2.0])


# ---- recipes for what authors reach for


@pytest.mark.parametrize(
    "model, recipe",
    [
        (lambda x: {"y": np.interp(x, [0, 1], [0, 2])}, "Write the line between two points out"),
        (lambda x: {"y": np.sort(x)}, "Sort the rows before they go into the explorer"),
        (lambda x: {"y": np.argsort(x)}, "Sort the rows before"),
        (lambda x: {"y": np.diff(x)}, "value of the row before .* as a column"),
        (lambda x: {"y": np.roll(x, 1)}, "value of the row before .* as a column"),
        (lambda x: {"y": np.median(x)}, "pass it as a column, or use np.mean"),
        (lambda x: {"y": np.dot(x, x)}, r"group_sum\(a \* b, by\)"),
        (lambda x: {"y": np.unique(x)}, r"group_sum\(values, by\)"),
        (lambda x: {"y": np.isnan(x)}, "Columns have no gaps"),
        (lambda x: {"y": np.nansum(x)}, "Columns have no gaps: use np.sum"),
        (lambda town: {"y": np.isin(town, ["a", "b"])}, r'\(t == "a"\) \| \(t == "b"\)'),
        (lambda x: {"y": scipy.stats.norm.cdf(x)}, "use scipy.special.ndtr"),
        (lambda x: {"y": special.erf(x)}, r"scipy\.special\.erf .*2 \* scipy\.special\.ndtr"),
        (lambda x: {"y": special.logit(x)}, r"scipy\.special\.logit .*np\.log\(x / \(1 - x\)\)"),
        (lambda x: {"y": len(x) + x}, r"Count rows with np\.sum\(np\.ones_like\(x\)\)"),
        (lambda x: {"y": x.shape[0] + x}, r"Count rows with np\.sum\(np\.ones_like\(x\)\)"),
        (lambda x: {"y": x.size + x}, r"Count rows with np\.sum\(np\.ones_like\(x\)\)"),
        (lambda x: {"y": x.astype(int)}, "Numbers are floats already"),
        (lambda x: {"y": [x[i] for i in range(len(x))]}, "range.*NumPy computes all rows at once"),
    ],
)
def test_what_authors_reach_for_has_a_recipe(model, recipe):
    with pytest.raises(TracingError, match=recipe):
        tape_of(model)


def test_recipes_that_name_a_formula_are_right():
    """The formulas of the recipes, computed beside the functions that they replace."""
    x = np.linspace(-3, 3, 61)
    np.testing.assert_allclose(2 * special.ndtr(x * np.sqrt(2)) - 1, special.erf(x), atol=1e-15)
    np.testing.assert_allclose(2 * special.ndtr(-x * np.sqrt(2)), special.erfc(x), rtol=1e-12)
    share = special.expit(x)
    np.testing.assert_allclose(np.log(share / (1 - share)), special.logit(share), atol=1e-12)
    np.testing.assert_allclose(np.log(special.ndtr(x)), special.log_ndtr(x), rtol=1e-12)


METHODS = "sum prod mean var std max min argmax argmin cumsum cumprod round copy".split()


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_what_the_functions_are(name):
    column = np.array([2.5, -1.0, 4.0])

    def model(x):
        return {"y": getattr(x, name)()}

    replayed = record(model, {"x": column}, ()).replay({"x": column})["y"]
    np.testing.assert_allclose(replayed, model(column)["y"], rtol=1e-15)


@pytest.mark.parametrize("name", ["any", "all"])
def test_methods_of_yes_and_no(name):
    column = np.array([2.5, -1.0, 4.0])
    model = lambda x: {"y": np.where(getattr(x > 0, name)(), 1.0, 0.0)}  # noqa: E731
    replayed = record(model, {"x": column}, ()).replay({"x": column})["y"]
    assert replayed == model(column)["y"]


def test_a_tracing_error_is_no_type_error():
    assert not issubclass(TracingError, TypeError)
