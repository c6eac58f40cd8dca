"""What every theory checks before it computes: does a value lie in the model's domain.

A model runs on numbers and arrays, and it is recorded with symbols that have no value yet.
So every check looks at real values only and lets symbols through.
An error names the argument, its value and what was expected.
"""

import numpy as np
from explorers.errors import PlainError
from explorers.tracing import is_symbol


class DomainError(PlainError, ValueError):
    """A value that a model cannot take; a notebook shows the sentence alone."""


def is_known(value):
    """Tell numbers and arrays from symbols that are being recorded."""
    return not is_symbol(value)


def _floats(name, value):
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise DomainError(
            f"{name} is {value!r}; expected a number or an array of numbers."
        ) from None


def _refuse(name, numbers, wrong, expected):
    raise DomainError(f"{name} is {numbers[wrong].flat[0]:g}; expected a finite number{expected}.")


def check_number(name, value, low=0.0, high=np.inf, unit=""):
    """Return real values as floats and symbols as they are.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : array_like or symbol
    low, high : float
        Ends of the domain, both allowed.
    unit : str, optional

    Returns
    -------
    float, ndarray or symbol

    Raises
    ------
    DomainError
        If a real value is no finite number or lies outside `low` to `high`.
    """
    if is_symbol(value):
        return value
    numbers = _floats(name, value)
    wrong = ~(np.isfinite(numbers) & (numbers >= low) & (numbers <= high))
    if np.any(wrong):
        ends = (low > -np.inf, high < np.inf)
        limit = {
            (True, True): f", {low:g} to {high:g}",
            (True, False): f", {low:g} or more",
            (False, True): f", {high:g} or less",
            (False, False): "",
        }[ends]
        _refuse(name, numbers, wrong, limit + (f" {unit}" if unit else ""))
    return numbers[()]


def check_positive(name, value):
    """Return real values as floats and symbols as they are; 0 and less raise ValueError."""
    return check_between(name, value, 0.0)


def check_between(name, value, low, high=np.inf):
    """Return real values as floats and symbols as they are; the ends themselves are outside.

    Parameters
    ----------
    name : str
    value : array_like or symbol
    low, high : float
        Ends of the domain, both excluded.

    Returns
    -------
    float, ndarray or symbol

    Raises
    ------
    DomainError
        If a real value is no finite number or does not lie between the ends.
    """
    if is_symbol(value):
        return value
    numbers = _floats(name, value)
    wrong = ~(np.isfinite(numbers) & (numbers > low) & (numbers < high))
    if np.any(wrong):
        _refuse(
            name,
            numbers,
            wrong,
            " and".join(
                [f" above {low:g}"] * (low > -np.inf) + [f" below {high:g}"] * (high < np.inf)
            ),
        )
    return numbers[()]


def check_whole(name, value, low=0):
    """Return a whole number as int: for lengths and counts of steps, which are never recorded.

    Parameters
    ----------
    name : str
    value : int
    low : int
        Smallest that is allowed.

    Returns
    -------
    int

    Raises
    ------
    DomainError
        If the value is no whole number or lies below `low`.
    """
    numbers = _floats(name, value)
    if numbers.ndim or not np.isfinite(numbers) or numbers % 1 or numbers < low:
        raise DomainError(f"{name} is {value}; expected a whole number, {low} or more.")
    return int(numbers)


def ratio(numerator, denominator):
    """Divide; where the denominator is 0 the answer is 0, never NaN."""
    if is_known(denominator):
        denominator = np.asarray(denominator, dtype=float)[()]
    empty = denominator == 0
    return np.where(empty, 0.0, numerator) / np.where(empty, 1.0, denominator)
