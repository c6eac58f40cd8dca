"""What every theory checks before it computes: does a value lie in the model's domain.

A model runs on numbers and arrays, and it is recorded with symbols that have no value yet.
So every check looks at real values only and lets symbols through.
An error names the argument, its value and what was expected.
"""

from numbers import Real

import numpy as np


def is_real(value):
    """Tell numbers and arrays from symbols that are being recorded."""
    # Looked up on the type: a symbol refuses to be asked for attributes.
    return isinstance(value, (Real, np.ndarray, list, tuple)) or hasattr(type(value), "to_numpy")


def number(name, value, low=0.0, high=np.inf, unit=""):
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
    ValueError
        If a real value is not finite or lies outside `low` to `high`.
    """
    if not is_real(value):
        return value
    numbers = np.asarray(value, dtype=float)
    wrong = ~(np.isfinite(numbers) & (numbers >= low) & (numbers <= high))
    if np.any(wrong):
        if high < np.inf:
            limit = f"{low:g} to {high:g}"
        else:
            limit = f"{low:g} or more" if low > -np.inf else "any"
        raise ValueError(
            f"{name} is {numbers[wrong].flat[0]:g}; expected a finite number, {limit}"
            + (f" {unit}." if unit else ".")
        )
    return numbers[()]


def positive(name, value):
    """Return real values as floats and symbols as they are; 0 and less raise ValueError."""
    return between(name, value, 0.0)


def between(name, value, low, high=np.inf):
    """Return real values as floats and symbols as they are; the ends themselves are outside.

    Parameters
    ----------
    name : str
    value : array_like or symbol
    low, high : float
        Ends of the domain, both excluded.

    Raises
    ------
    ValueError
        If a real value is not finite or does not lie between the ends.
    """
    if not is_real(value):
        return value
    numbers = np.asarray(value, dtype=float)
    wrong = ~(np.isfinite(numbers) & (numbers > low) & (numbers < high))
    if np.any(wrong):
        limit = f"above {low:g}" + (f" and below {high:g}" if high < np.inf else "")
        raise ValueError(f"{name} is {numbers[wrong].flat[0]:g}; expected a finite number {limit}.")
    return numbers[()]


def ratio(numerator, denominator):
    """Divide; where the denominator is 0 the answer is 0, never NaN."""
    empty = denominator == 0
    return np.where(empty, 0.0, numerator) / np.where(empty, 1.0, denominator)
