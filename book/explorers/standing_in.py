"""What a reader puts in place of the book's: an own function or own rows, checked against the book's.

A figure takes them as arguments whose defaults are the book's::

    def who_goes(selection=lee.selection):
        selection = stand_in(selection, lee.selection)

so that ``who_goes(selection=my_selection)`` shows the reader's own theory in the book's chart. What the
figure needs is what the book's own function gives: the names, the kind and the shape of its results.
A mistake ends in one sentence that names the reader's function, not in a traceback of the engine.
"""

from __future__ import annotations

import functools
import inspect
import linecache
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .errors import PlainError
from .tracing import Symbol, TracingError


class StandInError(PlainError, ValueError):
    """A reader's function or rows cannot stand in for the book's."""


def stand_in(own: Any, book: Any) -> Any:
    """Return `own` as it can be used in place of `book`.

    Parameters
    ----------
    own : callable or DataFrame
        The reader's; or `book` itself, which comes back as it is.
    book : callable or DataFrame
        The book's. A function says what to return by what it returns itself; rows say by their
        columns what columns are needed.

    Returns
    -------
    callable or DataFrame
        A function that checks each answer; or the rows, in the book's columns.

    Raises
    ------
    StandInError
        Here if `own` is of another kind, cannot be called as the book's is called, or lacks
        columns, values or rows. When the function is called: if it stops, or returns other names,
        no numbers, gaps, or another number of values.
    """
    if own is book:
        return book
    if isinstance(book, pd.DataFrame):
        return _checked_rows(own, book)
    return _checked_function(own, book)


def titled(title: str, own: Any, book: Any) -> str:
    """Return a figure's title, with the name of what stands in for the book's.

    >>> titled("Who goes?", max, max)
    'Who goes?'
    >>> titled("Who goes?", min, max)
    'Who goes? (min)'
    """
    if own is book:
        return title
    return f"{title} ({'your rows' if isinstance(book, pd.DataFrame) else _name_of(own)})"


def _name_of(own: Any) -> str:
    """Return a function's name; of one that was changed in a detail, the name it had."""
    while isinstance(own, functools.partial):
        own = own.func
    return getattr(own, "__name__", type(own).__name__)


# ---- functions


def _checked_function(own: Any, book: Callable) -> Callable:
    if not callable(own):
        raise StandInError(
            f"This figure needs a function in place of {book.__name__}, not {_kind(own)}. "
            f"Write the function's name without parentheses: figure(my_function)."
        )
    name = _name_of(own)
    # A function that was only changed in its details is called like the book's.
    signature, wanted = _signature(own), inspect.signature(book)

    @functools.wraps(own)
    def checked(*arguments: Any, **named: Any) -> Any:
        if signature:
            try:
                signature.bind(*arguments, **named)
            except TypeError as error:
                raise StandInError(
                    f"{name}{signature} cannot be called as this figure calls "
                    f"{book.__name__}{_bare(wanted)}: {error}. Give it the same arguments."
                ) from None
        try:
            answer = own(*arguments, **named)
        except (PlainError, TracingError):
            raise
        except Exception as error:
            raise StandInError(_what_stopped(name, own, error)) from None
        if any(map(_is_recorded, [*arguments, *named.values()])):
            return answer  # a page records the function; the numbers were checked before
        return _checked_answer(name, answer, book(*arguments, **named))

    return checked


def _is_recorded(value: Any) -> bool:
    """Tell whether an argument is a symbol, or holds one under some name."""
    if isinstance(value, Mapping):
        return any(isinstance(item, Symbol) for item in value.values())
    return isinstance(value, Symbol)


def _checked_answer(name: str, answer: Any, model: Any) -> Any:
    """Return an answer whose names, kinds and shapes are those of the book's answer, `model`."""
    if answer is None:
        raise StandInError(f"{name} returns nothing: end it with return.")
    if not isinstance(model, Mapping):
        return _number(name, "what it returns", answer, model)
    if not isinstance(answer, Mapping):
        raise StandInError(f"{name} must return a dict with {_listed(model)}, not {_kind(answer)}.")
    missing = [key for key in model if key not in answer]
    if missing:
        raise StandInError(
            f"{name} returns {_listed(answer)}; this figure also needs {_listed(missing)}."
        )
    return {key: _number(name, f"'{key}'", answer[key], model[key]) for key in model}


def _number(name: str, what: str, value: Any, model: Any) -> Any:
    expected = "a number" if np.ndim(model) == 0 else f"{np.shape(model)[0]} numbers"
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise StandInError(
            f"{name}: {what} is {_shortened(value)}; this figure needs {expected}."
        ) from None
    if array.shape not in ((), np.shape(model)):
        raise StandInError(
            f"{name}: {what} has {_size(array)}; this figure needs {expected}. "
            "NumPy functions keep one value per row."
        )
    if not np.all(np.isfinite(array)):
        row = f" in row {int(np.flatnonzero(~np.isfinite(array))[0])}" if array.ndim else ""
        raise StandInError(
            f"{name}: {what} is not a finite number{row}. Look for a division by zero, a logarithm "
            "of zero or less, or a power that grows without end, and guard it with np.where or "
            "np.maximum."
        )
    return array if array.ndim else float(array)


def _what_stopped(name: str, own: Callable, error: Exception) -> str:
    """Say what stopped a reader's function, in the reader's own line."""
    file = getattr(getattr(own, "__code__", None), "co_filename", "")
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    where = ""
    if lines:
        line = (lines[-1].line or linecache.getline(file, lines[-1].lineno or 0)).strip()
        where = f" at “{line}”" if line else ""
    return f"{name} stopped{where}: {type(error).__name__}: {error}."


def _signature(function: Callable) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):  # NumPy's own functions have none
        return None


def _bare(signature: inspect.Signature) -> str:
    """Return a signature without types, which say nothing to the reader here."""
    plain = [
        item.replace(annotation=inspect.Parameter.empty) for item in signature.parameters.values()
    ]
    return str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))


# ---- rows


def _checked_rows(own: Any, book: pd.DataFrame) -> pd.DataFrame:
    try:
        rows = own if isinstance(own, pd.DataFrame) else pd.DataFrame(own)
    except (TypeError, ValueError):
        raise StandInError(
            f"This figure needs rows: a DataFrame with the columns {_listed(book.columns)}, "
            f"not {_kind(own)}."
        ) from None
    missing = [name for name in book.columns if name not in rows]
    if missing:
        raise StandInError(
            f"Your rows have the columns {_listed(rows.columns)}; this figure also needs "
            f"{_listed(missing)}."
        )
    if rows.empty:
        raise StandInError("Your rows are empty: there is nothing to draw.")
    rows = rows[list(book.columns)].reset_index(drop=True)
    for name in book.columns:
        if not pd.api.types.is_numeric_dtype(book[name]):
            rows[name] = rows[name].astype(str)
            continue
        numbers = pd.to_numeric(rows[name], errors="coerce")
        # What the book's own rows may leave open, a reader's may.
        wrong = numbers.isna() & ~(rows[name].isna() & bool(book[name].isna().any()))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise StandInError(
                f"Your rows have {_shortened(rows[name].iloc[row])} in row {row} of the column "
                f"'{name}'; this figure needs a number there. Leave out rows that are not known."
            )
        rows[name] = numbers
    return rows


# ---- words


def _listed(names: Any) -> str:
    words = [f"'{name}'" for name in names]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "nothing"


def _kind(value: Any) -> str:
    return {"str": "a text", "list": "a list", "dict": "a dict", "tuple": "a tuple"}.get(
        type(value).__name__, f"{type(value).__name__}"
    )


def _shortened(value: Any) -> str:
    if value is None or isinstance(value, float) and np.isnan(value):
        return "a gap"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else text[:57] + "…"


def _size(array: np.ndarray) -> str:
    return "one value" if array.ndim == 0 else f"{' × '.join(map(str, array.shape))} values"
