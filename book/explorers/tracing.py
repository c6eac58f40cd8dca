"""Record a NumPy function as a tape that a web page can replay.

A model is a plain NumPy function.
Called with numbers and arrays it computes; called with `Symbol` objects it is *recorded*:
NumPy hands every operation on a symbol to `Symbol.__array_ufunc__` or `Symbol.__array_function__`,
and each operation becomes one entry of a list, the tape.
An entry names the operation and the positions of the earlier entries it reads.
The same operation on the same entries is stored once.

The page's script replays the tape; `Tape.replay` does the same with NumPy, so that an explorer can
compare what was recorded with what the model computes before a reader sees either.
No formula is written twice.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Never, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .errors import PlainError

# Each entry: name on the tape -> how many values it reads. The page's script knows the same names.
UNARY = (
    "negative positive absolute sign sqrt square cbrt reciprocal exp exp2 expm1 log "
    "log2 log10 log1p "
    "sin cos tan arcsin arccos arctan sinh cosh tanh floor ceil trunc rint radians degrees "
    "logical_not ndtr expit"
).split()
BINARY = (
    "add subtract multiply divide power remainder floor_divide arctan2 hypot maximum minimum "
    "less less_equal greater greater_equal equal not_equal logical_and logical_or logical_xor"
).split()
REDUCTIONS = ("sum", "mean", "prod", "max", "min", "argmax", "argmin")
ACCUMULATIONS = ("cumsum", "cumprod", "cummax", "cummin")
BOOLEAN = {
    "less", "less_equal", "greater", "greater_equal", "equal", "not_equal",
    "logical_and", "logical_or", "logical_xor", "logical_not",
}  # fmt: skip

# NumPy's other names for the same operations.
_ALIASES = {
    "true_divide": "divide", "fabs": "absolute", "mod": "remainder", "float_power": "power",
    "deg2rad": "radians", "rad2deg": "degrees", "bitwise_and": "logical_and",
    "bitwise_or": "logical_or", "bitwise_xor": "logical_xor", "invert": "logical_not", "pow": "power",
}  # fmt: skip
_REDUCE = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}
_ACCUMULATE = {"add": "cumsum", "multiply": "cumprod", "maximum": "cummax", "minimum": "cummin"}


class TracingError(PlainError):
    """An operation that the page cannot replay, with the line and a remedy."""


# The refusals of the recording that is under way: a model may catch the error, but it stays refused.
_refused: list[TracingError] = []


def _where_from() -> str:
    """Return the first line of the caller's code outside the engine and outside NumPy."""
    # Nor in what is installed beside NumPy, such as SciPy.
    packages = str(Path(np.__file__).parent.parent)
    machinery = (str(Path(__file__).parent), packages, functools.__file__, "<__array_function__")
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(machinery):
        frame = frame.f_back
    if frame is None:
        return ""
    import linecache

    text = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
    place = f"line {frame.f_lineno} of {frame.f_code.co_name}()"
    if not frame.f_code.co_filename.startswith("<") and "ipykernel" not in frame.f_code.co_filename:
        place += f" in {Path(frame.f_code.co_filename).name}"
    return f"{place}: {text}" if text else place


def _refuse(what: str, remedy: str) -> Never:
    error = TracingError(f"{what} cannot be recorded for the page ({_where_from()}). {remedy}")
    _refused.append(error)
    raise error


class Tape:
    """The recorded operations of one model.

    Attributes
    ----------
    entries : list of list
        ``["param", name]``, ``["column", name]``, ``["text", name]``, ``["const", number]``,
        or an operation followed by positions of earlier entries.
    outputs : dict of str to int
        Name of each result and the position of its entry.
    """

    def __init__(self) -> None:
        self.entries: list[list] = []
        self.outputs: dict[str, int] = {}
        self._position: dict[tuple, int] = {}

    def add(self, *entry: Any) -> int:
        """Store an entry once and return its position."""
        # repr keeps 0.0 and -0.0 apart, and 1 and True.
        key = (entry[0], *map(repr, entry[1:]))
        if key not in self._position:
            self._position[key] = len(self.entries)
            self.entries.append(list(entry))
        return self._position[key]

    def finish(self, outputs: Mapping[str, int]) -> Tape:
        """Name the results and drop every entry that no result needs."""
        needed = set()
        waiting = list(outputs.values())
        while waiting:
            position = waiting.pop()
            if position not in needed:
                needed.add(position)
                waiting.extend(_reads(self.entries[position]))
        order = sorted(needed)
        new = {old: position for position, old in enumerate(order)}
        self.entries = [_renumber(self.entries[old], new) for old in order]
        self.outputs = {name: new[position] for name, position in outputs.items()}
        self._position = {}
        return self

    def to_dict(self) -> dict:
        """Return the tape as the page reads it."""
        return {"entries": self.entries, "outputs": self.outputs}

    def replay(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Compute the results with NumPy, entry by entry: what the page's script does.

        Parameters
        ----------
        values : mapping of str to array_like or float
            Every column and every control that the tape reads.

        Returns
        -------
        dict of str to ndarray or float
        """
        results: list[Any] = []
        for kind, *operands in self.entries:
            if kind in ("param", "column", "text"):
                results.append(values[operands[0]])
                continue
            if kind == "const":
                results.append(operands[0])
                continue
            if kind == "text_equal":
                results.append(np.asarray(results[operands[0]]) == operands[1])
                continue
            first, *rest = (results[position] for position in operands)
            if kind == "group_sum":
                results.append(group_sum(first, tuple(rest)))
            elif kind == "pick":
                results.append(pick(first, rest))
            elif kind == "like":
                results.append(np.full_like(first, rest[0], dtype=float))
            else:
                compute = getattr(np, kind, None) or getattr(special, kind, None) or _RUNNING[kind]
                results.append(compute(first, *rest))
        return {name: results[position] for name, position in self.outputs.items()}


# Accumulations that NumPy has no function of this name for.
_RUNNING = {"cummax": np.maximum.accumulate, "cummin": np.minimum.accumulate}


def _operands(entry):
    """Return the part of an entry that holds positions of earlier entries."""
    if entry[0] in ("param", "column", "text", "const"):
        return slice(0, 0)
    return slice(1, 2) if entry[0] == "text_equal" else slice(1, None)


def _reads(entry):
    return entry[_operands(entry)]


def _renumber(entry, new):
    part = _operands(entry)
    entry = list(entry)
    entry[part] = [new[position] for position in entry[part]]
    return entry


class _Recorded:
    """What symbols of numbers and symbols of text share."""

    def __init__(self, tape: Tape, position: int) -> None:
        self.tape = tape
        self.position = position

    __hash__ = object.__hash__

    def __bool__(self):
        _refuse(
            "A decision such as 'if', 'and', 'or', 'max()' or 'a < x < b'",
            "The page does not know the value yet: use np.where(condition, a, b), "
            "np.maximum, np.minimum, or (a < x) & (x < b).",
        )

    def __iter__(self):
        _refuse(
            "A loop over values, or Python's own sum(), max() or min()",
            "Use np.sum, np.max, np.min, or group_sum; a loop over range(20) is fine.",
        )

    def __len__(self):
        _refuse(
            "len(), or a loop over range(len(x))",
            "Count rows with np.sum(np.ones_like(x)), or group_sum(1.0, by); "
            "a loop over rows is not needed: NumPy computes all rows at once.",
        )

    def __array__(self, *args, **kwargs):
        _refuse(
            "Building an array out of recorded values (np.array, np.stack, np.asarray, scipy.stats)",
            "Keep one value per row; choose between arrays with pick(index, [a, b]); "
            "for the normal distribution use scipy.special.ndtr.",
        )

    def __float__(self):
        _refuse(
            "float(), round() or a function of Python's math module",
            "Use NumPy's: np.exp, np.log, np.rint.",
        )

    __int__ = __index__ = __complex__ = __round__ = __float__

    def __setitem__(self, key, value):
        _refuse(
            "Writing into an array (x[...] = value)",
            "Make a new one: x = np.where(condition, value, x).",
        )

    def __getitem__(self, key):
        _refuse(
            "Taking parts of an array (x[...])",
            "Use np.where(condition, x, 0), group_sum(values, by), or pick(index, [a, b]).",
        )


def is_symbol(value: Any) -> bool:
    """Return whether a value is being recorded: it has no number yet."""
    return isinstance(value, _Recorded)


class Symbol(_Recorded, np.lib.mixins.NDArrayOperatorsMixin):
    """A number, or a column of numbers, whose value is not known yet.

    Parameters
    ----------
    tape : Tape
    position : int
        Its entry on the tape.
    is_column : bool
        True for a column with one value per row, False for a single number.
    boolean : bool
        True if the values are yes or no.
    """

    def __init__(self, tape: Tape, position: int, is_column: bool, boolean: bool = False) -> None:
        super().__init__(tape, position)
        self.is_column = is_column
        self.boolean = boolean

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<{'column' if self.is_column else 'number'} recorded as entry {self.position}>"

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        name = _ALIASES.get(ufunc.__name__, ufunc.__name__)
        what = _name_of_ufunc(ufunc) + ("" if method == "__call__" else f".{method}")
        if any(isinstance(value, TextSymbol) for value in inputs):
            _refuse_text(what)
        if method == "__call__" and not kwargs:
            if name in UNARY or name in BINARY:
                return _record(self.tape, name, *inputs)
        elif method == "reduce" and name in _REDUCE:
            return _reduce(self, _REDUCE[name], kwargs)
        elif method == "accumulate" and name in _ACCUMULATE:
            return _accumulate(self, _ACCUMULATE[name], kwargs)
        elif method == "reduce" and name in ("logical_and", "logical_or"):
            return (_any if name == "logical_or" else _all)(self, **kwargs)
        if kwargs:
            what += f" with {', '.join(kwargs)}"
        if "out" in kwargs:
            _refuse(f"Writing into an array ({what}, or x += y)", "Make a new one: x = x + y.")
        _refuse(what, _recipe(ufunc.__name__, UNARY + BINARY))

    def __array_function__(self, function, types, args, kwargs):
        if function in _FUNCTIONS:
            recorder = _FUNCTIONS[function]
            try:
                inspect.signature(recorder).bind(*args, **kwargs)
            except TypeError as error:
                _refuse(
                    f"np.{function.__name__} used so ({error})", "Use it with the column alone."
                )
            return recorder(*args, **kwargs)
        known = sorted(f.__name__ for f in _FUNCTIONS)
        _refuse(f"np.{function.__name__}", _recipe(function.__name__, known))

    def __matmul__(self, other):
        _refuse("The matrix product @", _RECIPES["dot"])

    __rmatmul__ = __matmul__

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _METHODS:
            return functools.partial(_METHODS[name], self)
        _refuse(
            f"The array attribute .{name}",
            _RECIPES.get(name, "Use NumPy functions such as np.sum(x) or np.where(...)."),
        )


# What authors reach for and the page does not know, with the way to write it instead.
_RECIPES = {
    "argsort": "Sort the rows before they go into the explorer; a model keeps their order.",
    "asarray": "A column is an array already; leave it out.",
    "astype": "Numbers are floats already; turn yes/no into numbers with np.where(condition, 1.0, 0.0).",
    "concatenate": "Keep one value per row; choose between arrays with pick(index, [a, b]).",
    "convolve": "Write the few terms out, each as a column of its own.",
    "cov": "Write it out: np.mean((x - np.mean(x)) * (y - np.mean(y))).",
    "corrcoef": (
        "Write it out: np.mean((x - np.mean(x)) * (y - np.mean(y))) / (np.std(x) * np.std(y))."
    ),
    "diff": (
        "Put the value of the row before into the explorer's rows as a column of its own, "
        "and subtract."
    ),
    "dot": "Write one row per pair and use group_sum(a * b, by).",
    "erf": "Use 2 * scipy.special.ndtr(x * np.sqrt(2)) - 1.",
    "erfc": "Use 2 * scipy.special.ndtr(-x * np.sqrt(2)).",
    "histogram": "Name the class of each row in a column and count with group_sum(1.0, by).",
    "interp": (
        "Write the line between two points out, y0 + (x - x0) / (x1 - x0) * (y1 - y0), and choose "
        "the stretch with np.where or np.select."
    ),
    "isfinite": "Columns have no gaps: leave the question out.",
    "isin": 'Compare with each: (t == "a") | (t == "b").',
    "isnan": "Columns have no gaps: leave the question out.",
    "linspace": "Put it into the explorer's rows as a column.",
    "logit": "Use np.log(x / (1 - x)).",
    "log_ndtr": "Use np.log(scipy.special.ndtr(x)).",
    "matmul": "Write one row per pair and use group_sum(a * b, by).",
    "median": (
        "Compute it outside and pass it as a column, or use np.mean; a model cannot sort its rows."
    ),
    "nansum": "Columns have no gaps: use np.sum.",
    "nanmean": "Columns have no gaps: use np.mean.",
    "percentile": "Compute it outside and pass it as a column; a model cannot sort its rows.",
    "quantile": "Compute it outside and pass it as a column; a model cannot sort its rows.",
    "roll": (
        "Put the value of the row before into the explorer's rows as a column of its own."
    ),
    "shape": "Count rows with np.sum(np.ones_like(x)).",
    "size": "Count rows with np.sum(np.ones_like(x)).",
    "sort": "Sort the rows before they go into the explorer; a model keeps their order.",
    "stack": "Choose between arrays with pick(index, [a, b]).",
    "T": "A column has one axis only.",
    "tolist": "Keep the column; NumPy computes all rows at once.",
    "unique": "Use group_sum(values, by): every row gets the sum of its group.",
    "values": "A column is an array already; leave .values out.",
}  # fmt: skip


def _recipe(name: str, known: Sequence[str]) -> str:
    return _RECIPES.get(name) or f"The page knows: {', '.join(known)}."


def _name_of_ufunc(ufunc: np.ufunc) -> str:
    home = "np" if getattr(np, ufunc.__name__, None) is ufunc else "scipy.special"
    return f"{home}.{ufunc.__name__}"


class TextSymbol(_Recorded, np.lib.mixins.NDArrayOperatorsMixin):
    """A column of text: it can be compared with a word and it can name groups."""

    __hash__ = object.__hash__

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if ufunc not in (np.equal, np.not_equal) or method != "__call__" or kwargs:
            _refuse_text(_name_of_ufunc(ufunc))
        same = self._compare(inputs[1] if inputs[0] is self else inputs[0])
        return same if ufunc is np.equal else ~same

    def __array_function__(self, function, types, args, kwargs):
        if function is np.isin:
            _refuse(f"np.{function.__name__} of a text column", _RECIPES["isin"])
        _refuse_text(f"np.{function.__name__}")

    def _compare(self, word):
        if not isinstance(word, str):
            _refuse(
                f"Comparing text with {type(word).__name__}",
                "Compare a text column with one word in quotes.",
            )
        position = self.tape.add("text_equal", self.position, word)
        return Symbol(self.tape, position, is_column=True, boolean=True)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        _refuse_text(f"The attribute .{name}")


def _refuse_text(what):
    _refuse(f"{what} of a text column", "Compare it with ==, or use it in group_sum(values, by).")


def _tape_of(*values):
    return next(value.tape for value in values if isinstance(value, _Recorded))


def _symbol(tape, value):
    """Return `value` as a symbol; a plain number becomes a constant of the tape."""
    if isinstance(value, Symbol):
        return value
    if isinstance(value, TextSymbol):
        _refuse_text("Arithmetic")
    if isinstance(value, (str, bytes)):
        _refuse(f"Arithmetic with the text {value!r}", "Use numbers.")
    if np.ndim(value) > 0:
        _refuse(
            f"An array of {np.size(value)} constants inside the model",
            (
                "Put it into the explorer's rows as a column and name the column as an "
                "argument of the model."
            ),
        )
    value = np.asarray(value)[()]
    if isinstance(value, (int, np.integer)) and abs(int(value)) > 2**53:
        _refuse(f"The whole number {value}", "A page holds whole numbers up to 2**53 exactly.")
    if not isinstance(value, (np.bool_, np.integer, np.floating)):
        _refuse(f"Arithmetic with {value!r}", "Use numbers.")
    number = float(value)
    if not np.isfinite(number):
        _refuse(f"The constant {number}", "Only finite numbers can be sent to the page.")
    return Symbol(
        tape, tape.add("const", number), is_column=False, boolean=isinstance(value, np.bool_)
    )


def _record(tape, name, *values):
    symbols = [_symbol(tape, value) for value in values]
    yes_no = [symbol.boolean for symbol in symbols]
    if name not in BOOLEAN | {"maximum", "minimum"} and all(yes_no):
        # NumPy itself answers differently here (True + True is True, np.exp(True) has three digits).
        _refuse(
            f"np.{name} of yes/no values",
            "Turn them into numbers first: np.where(condition, 1.0, 0.0).",
        )
    if name.startswith("logical") and not all(yes_no):
        _refuse(f"np.{name} of numbers", "Compare first, for instance (x > 0) & (y > 0).")
    position = tape.add(name, *(symbol.position for symbol in symbols))
    return Symbol(
        tape, position, any(symbol.is_column for symbol in symbols), name in BOOLEAN or all(yes_no)
    )


def _as_number(symbol):
    return np.where(symbol, 1.0, 0.0) if symbol.boolean else symbol


def _only_whole_columns(name, options):
    asked = {
        key: value
        for key, value in options.items()
        if value is not None and value is not np._NoValue
    }
    if asked.pop("axis", 0) not in (0, -1):
        _refuse(f"np.{name} along another axis", "A column has one axis only.")
    for key, value in list(asked.items()):
        if value is False or (key == "where" and value is True):
            del asked[key]
    if asked:
        _refuse(f"np.{name} with {', '.join(asked)}", "Use it with the column alone.")


def _reduce(values, name, options):
    _only_whole_columns(name, options)
    if not values.is_column:
        if name.startswith("arg"):
            _refuse(f"np.{name} of a single number", "It needs a column.")
        return values if name in ("max", "min") else _as_number(values)
    # The largest of yes and no is a yes or no; a sum of them is a number.
    boolean = values.boolean and name in ("max", "min")
    values = _as_number(values)
    return Symbol(
        values.tape, values.tape.add(name, values.position), is_column=False, boolean=boolean
    )


def _accumulate(values, name, options):
    _only_whole_columns(name, options)
    if not values.is_column:
        _refuse(f"np.{name} of a single number", "It needs a column.")
    boolean = values.boolean and name in ("cummax", "cummin")
    values = _as_number(values)
    return Symbol(
        values.tape, values.tape.add(name, values.position), is_column=True, boolean=boolean
    )


def _any(values, **options):
    return _reduce(values if values.boolean else values != 0, "max", options)


def _all(values, **options):
    return _reduce(values if values.boolean else values != 0, "min", options)


def _where(condition, yes, no):
    tape = _tape_of(condition, yes, no)
    condition, yes, no = (_symbol(tape, value) for value in (condition, yes, no))
    position = tape.add("where", condition.position, yes.position, no.position)
    return Symbol(
        tape,
        position,
        condition.is_column or yes.is_column or no.is_column,
        yes.boolean and no.boolean,
    )


def _clip(values, a_min=None, a_max=None, *, min=None, max=None):
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    if low is not None:
        values = np.maximum(values, low)
    return values if high is None else np.minimum(values, high)


def _average(values, weights=None):
    if weights is None:
        return np.mean(values)
    values, weights = (_symbol(_tape_of(values, weights), value) for value in (values, weights))
    values, weights = _as_number(values), _as_number(weights)
    return np.sum(values * weights) / np.sum(_like(values, 0.0) + weights)


def _variance(values, **options):
    _only_whole_columns("var", options)
    values = _as_number(values)
    return np.mean(np.square(values - np.mean(values)))


def _select(conditions, choices, default=0):
    result = default
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        result = np.where(condition, choice, result)
    return result


def _round(values, decimals=0):
    if decimals:
        _refuse("Rounding to decimals", "Round in the sentence instead, with {name:.1f}.")
    return np.rint(values)


def _like(values, fill_value):
    fill = _symbol(values.tape, fill_value)
    if values.boolean:
        _refuse(
            "An array of yes/no values like another",
            "Turn it into numbers first: np.where(condition, 1.0, 0.0).",
        )
    if not values.is_column:
        return fill
    return Symbol(
        values.tape, values.tape.add("like", values.position, fill.position), is_column=True
    )


_FUNCTIONS: dict[Callable, Callable] = {
    np.where: _where,
    np.clip: _clip,
    np.select: _select,
    np.round: _round,
    np.around: _round,
    np.sum: lambda values, **options: _reduce(values, "sum", options),
    np.prod: lambda values, **options: _reduce(values, "prod", options),
    np.max: lambda values, **options: _reduce(values, "max", options),
    np.min: lambda values, **options: _reduce(values, "min", options),
    np.argmax: lambda values, **options: _reduce(values, "argmax", options),
    np.argmin: lambda values, **options: _reduce(values, "argmin", options),
    np.any: _any,
    np.all: _all,
    np.cumsum: lambda values, **options: _accumulate(values, "cumsum", options),
    np.cumprod: lambda values, **options: _accumulate(values, "cumprod", options),
    np.mean: lambda values, **options: _reduce(values, "mean", options),
    np.average: _average,
    np.var: _variance,
    np.std: lambda values, **options: np.sqrt(_variance(values, **options)),
    np.zeros_like: lambda values: _like(values, 0.0),
    np.ones_like: lambda values: _like(values, 1.0),
    np.full_like: _like,
}


# Methods of an array that do what the function of the same name does.
_METHODS: dict[str, Callable] = {
    function.__name__: function
    for function in _FUNCTIONS
    if hasattr(np.ndarray, function.__name__) and function is not np.around
} | {"copy": np.positive}  # fmt: skip


def group_sum(values: ArrayLike, by: ArrayLike | tuple[ArrayLike, ...]) -> np.ndarray:
    """Sum `values` within groups and give every row the sum of its group.

    Parameters
    ----------
    values : array_like, shape (n,) or scalar
        Numbers. A scalar counts once for every row.
    by : array_like, shape (n,), or tuple of such
        The group of each row: text or numbers. A tuple forms groups by all its columns together.

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> group_sum([1.0, 2.0, 4.0], by=["a", "b", "a"])
    array([5., 2., 5.])
    """
    keys: tuple[Any, ...] = by if isinstance(by, tuple) else (by,)
    if not any(isinstance(item, _Recorded) for item in (values, *keys)):
        codes = _group_codes(keys)
        values = np.asarray(values, dtype=float)
        if values.ndim and values.shape != codes.shape:
            raise ValueError(
                f"group_sum: values have the shape {values.shape}, the groups {codes.shape}."
            )
        values = np.broadcast_to(values, codes.shape)
        return np.bincount(codes, weights=values)[codes]
    tape = _tape_of(values, *keys)
    for key in keys:
        if not isinstance(key, _Recorded) or (isinstance(key, Symbol) and not key.is_column):
            _refuse(
                "Grouping by something else than a column",
                (
                    "Name the column as an argument of the model; several go into a tuple: "
                    "by=(origin, year)."
                ),
            )
    numbers = _as_number(_symbol(tape, values))
    position = tape.add("group_sum", numbers.position, *(key.position for key in keys))
    # A symbol stands for the array that there will be.
    return cast(np.ndarray, Symbol(tape, position, is_column=True))


def _group_codes(keys):
    keys = [np.asarray(key) for key in keys]
    if any(key.ndim != 1 or len(key) != len(keys[0]) for key in keys):
        shapes = ", ".join(str(key.shape) for key in keys)
        raise ValueError(
            f"group_sum: by must be one column or a tuple of columns of one length; got {shapes}."
        )
    codes = np.zeros(len(keys[0]), dtype=np.intp)
    for key in keys:
        distinct, code = np.unique(key, return_inverse=True)
        codes = codes * len(distinct) + code
    return np.unique(codes, return_inverse=True)[1]


def pick(index: ArrayLike, options: Sequence[ArrayLike]) -> Any:
    """Choose one of several values, row by row or for all rows at once.

    Parameters
    ----------
    index : int or array_like of int, shape (n,)
        0 chooses the first option.
    options : sequence of array_like or scalar
        The values to choose from.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> pick([0, 1, 2], [10.0, 20.0, 30.0])
    array([10., 20., 30.])
    """
    if any(isinstance(item, _Recorded) for item in (index, *options)):
        tape = _tape_of(index, *options)
        which, *symbols = (_symbol(tape, value) for value in (index, *options))
        position = tape.add("pick", which.position, *(symbol.position for symbol in symbols))
        is_column = which.is_column or any(symbol.is_column for symbol in symbols)
        return Symbol(tape, position, is_column, all(symbol.boolean for symbol in symbols))
    index = np.asarray(index)
    if np.any((index < 0) | (index > len(options) - 1) | (index != np.rint(index))):
        raise IndexError(
            f"pick: the index must be a whole number from 0 to {len(options) - 1}; got {index}."
        )
    index = index.astype(np.intp)
    if all(np.ndim(option) == 0 for option in options):
        return np.asarray(options)[index]
    stacked = np.stack(np.broadcast_arrays(*options))
    return stacked[index, np.arange(stacked.shape[1])]


def record(function: Callable, columns: Mapping[str, ArrayLike], controls: Iterable[str]) -> Tape:
    """Record a model as a tape.

    Parameters
    ----------
    function : callable
        The model. Its arguments are names of columns and of controls.
    columns : mapping of str to array_like
        Only their names and kinds (text or number) matter here.
    controls : iterable of str
        Names of the assumptions, single numbers.

    Returns
    -------
    Tape

    Raises
    ------
    TracingError
        If the model uses an operation that the page cannot replay (even if it catches the error),
        names an argument that is neither a column nor a control, or returns something else than a
        dict of numbers.
    """
    tape = Tape()
    controls = list(controls)
    arguments = {name: _input(tape, name, columns, controls) for name in argument_names(function)}
    _refused.clear()
    results = function(**arguments)
    if _refused:
        raise _refused[0]
    if not isinstance(results, dict):
        raise TracingError(
            f"{_name_of(function)}() must return a dict of named results, "
            f"not {type(results).__name__}."
        )
    for name, value in results.items():
        if isinstance(value, TextSymbol) or not isinstance(
            value, (Symbol, int, float, np.number, np.bool_)
        ):
            raise TracingError(
                f"The result '{name}' of {_name_of(function)}() is not computed from its arguments but {value!r}. "
                "Return numbers; what is fixed belongs into the explorer's rows."
            )
    return tape.finish({name: _symbol(tape, value).position for name, value in results.items()})


def argument_names(function: Callable) -> tuple[str, ...]:
    """Return the names of the arguments that a model needs: columns and controls.

    What `functools.partial` has fixed is left out; a default counts for nothing.
    """
    fixed = function.keywords if isinstance(function, functools.partial) else {}
    arguments = [
        item for item in inspect.signature(function).parameters.values() if item.name not in fixed
    ]
    for item in arguments:
        if item.kind not in (item.POSITIONAL_OR_KEYWORD, item.KEYWORD_ONLY):
            raise TracingError(
                f"{_name_of(function)}() takes {str(item)!r}; name each column and each "
                f"control as an argument of its own."
            )
    return tuple(item.name for item in arguments)


def _name_of(function):
    return getattr(getattr(function, "func", function), "__name__", "The model")


def _input(
    tape: Tape, name: str, columns: Mapping[str, ArrayLike], controls: Sequence[str]
) -> _Recorded:
    if name in controls:
        return Symbol(tape, tape.add("param", name), is_column=False)
    if name not in columns:
        raise TracingError(
            f"The model's argument '{name}' is neither a column of the rows ({', '.join(columns)}) "
            f"nor a control ({', '.join(controls)})."
        )
    if is_text(columns[name]):
        return TextSymbol(tape, tape.add("text", name))
    return Symbol(tape, tape.add("column", name), is_column=True)


def is_text(column: ArrayLike) -> bool:
    """Tell a column of words from a column of numbers."""
    return (
        not np.issubdtype(np.asarray(column).dtype, np.number) and np.asarray(column).dtype != bool
    )
