"""One record per assumption, read by the text, the sliders and the tests.

A model's assumption has a symbol, a unit, a range, a default and an origin of that default.
These stand in one place, so that a chapter's table, its explorers and the tests cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from decimal import Decimal
from keyword import iskeyword
from math import isclose, isfinite
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .sentences import format_number, markdown_table

if TYPE_CHECKING:
    from IPython.display import Markdown

ORIGINS = ("measured", "literature", "didactic")


@dataclass(frozen=True)
class Parameter:
    """A number that the reader can vary: one slider.

    Parameters
    ----------
    name : str
        Name of the model's argument.
    label : str
        Words beside the slider.
    low, high, step, default : float
        The slider stands on ``low + k * step``; the default must be one of these values.
    unit : str, optional
        Shown behind the value, such as ``"km"`` or ``"%"``.
    symbol : str, optional
        The symbol in the chapter's equations, in LaTeX without dollar signs.
    origin : {"didactic", "measured", "literature"}
        Where the default comes from: chosen for teaching, from data, or from a publication.
    source : str, optional
        The source of the default in words, with a citation where there is one.
    format : str, optional
        How values are written, such as ``",.0f"``; without it, as many decimals as the step has.
    time : bool
        Whether the slider moves through time: then the page offers to play it.

    Raises
    ------
    ValueError
        If the default lies outside the range or off the slider's grid, or the origin is unknown.
    """

    name: str
    label: str
    _: KW_ONLY
    low: float
    high: float
    step: float
    default: float
    unit: str = ""
    symbol: str = ""
    origin: str = "didactic"
    source: str = ""
    format: str = ""
    time: bool = False

    def __post_init__(self) -> None:
        _check_name(self)
        for field in ("low", "high", "step", "default"):
            value = getattr(self, field)
            if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
                raise ValueError(
                    f"Slider '{self.name}': {field} is {value!r}; give a finite number."
                )
        if self.step <= 0 or self.high <= self.low:
            raise ValueError(
                f"Slider '{self.name}' runs from {self.low} to {self.high} in steps of "
                f"{self.step}: "
                "the step must be positive and the upper end above the lower end."
            )
        if not self.low <= self.default <= self.high:
            raise ValueError(
                f"Slider '{self.name}': the default {self.default} lies outside the range "
                f"{self.low} to {self.high}. Widen the range or change the default."
            )
        for field in ("default", "high"):
            if not self._on_grid(getattr(self, field)):
                raise ValueError(
                    f"Slider '{self.name}': the {field} {getattr(self, field)} is not on the grid "
                    f"{self.low} + k x {self.step}. A browser would silently move it. "
                    f"The nearest value on the grid is {self.nearest(getattr(self, field)):.12g}."
                )
        if self.origin not in ORIGINS:
            raise ValueError(
                f"Slider '{self.name}': origin is '{self.origin}'; expected one of "
                f"{', '.join(ORIGINS)}."
            )
        if not self.format:
            object.__setattr__(self, "format", self._derived_format())
        format_number(self.default, self.format)

    def _derived_format(self) -> str:
        # Four digits are written without a comma, so that a year looks like a year.
        comma = "," if max(abs(self.low), abs(self.high)) >= 1e4 else ""
        return f"{comma}.{_decimals(self.step, self.low)}f"

    def _on_grid(self, value: float) -> bool:
        steps = (value - self.low) / self.step
        return isclose(steps, round(steps), abs_tol=1e-6)

    def nearest(self, value: float) -> float:
        """Return the value of the slider's grid that lies nearest to `value`."""
        last = round((self.high - self.low) / self.step, 6) // 1
        steps = min(max(round((value - self.low) / self.step), 0), last)
        # In decimals, as a browser's slider: without the binary noise of 0.1 + 2 * 0.1.
        return float(Decimal(f"{self.low:.12g}") + int(steps) * Decimal(f"{self.step:.12g}"))

    def grid(self) -> list[float]:
        """Return all values the slider can take."""
        return [
            self.nearest(self.low + k * self.step)
            for k in range(round((self.high - self.low) / self.step) + 1)
        ]

    def replace(self, **changes: Any) -> Parameter:
        """Return a copy with some fields changed."""
        if self.format == self._derived_format():
            changes.setdefault("format", "")
        return replace(self, **changes)


@dataclass(frozen=True)
class Choice:
    """A choice that is not a number: one select box.

    The model receives the position of the chosen option, counted from 0.

    Raises
    ------
    ValueError
        If there are fewer than two options or the default is none of them.
    """

    name: str
    label: str
    _: KW_ONLY
    options: Sequence[str]
    default: str = ""

    def __post_init__(self) -> None:
        _check_name(self)
        object.__setattr__(self, "options", tuple(str(option) for option in self.options))
        if len(set(self.options)) < max(2, len(self.options)):
            raise ValueError(
                f"Choice '{self.name}' needs two or more different options; it has {self.options}."
            )
        object.__setattr__(
            self, "default", str(self.default) if self.default != "" else self.options[0]
        )
        if self.default not in self.options:
            raise ValueError(
                f"Choice '{self.name}': the default '{self.default}' is none of its "
                f"options {self.options}."
            )

    def grid(self) -> list[float]:
        """Return all values the model can receive: the positions of the options."""
        return list(range(len(self.options)))

    def replace(self, **changes: Any) -> Choice:
        """Return a copy with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Switch:
    """A yes or no: one checkbox. The model receives 1 or 0."""

    name: str
    label: str
    _: KW_ONLY
    default: bool = False

    def __post_init__(self) -> None:
        _check_name(self)

    def grid(self) -> list[float]:
        """Return all values the model can receive."""
        return [0, 1]


Control = Parameter | Choice | Switch


class Records(Mapping[str, Parameter]):
    """The records of a theory by name, in their order and read-only; made by `by_name`."""

    def __init__(self, records: dict[str, Parameter]) -> None:
        self._records = MappingProxyType(records)

    def __getitem__(self, name: str) -> Parameter:
        return self._records[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __or__(self, other: Mapping[str, Parameter]) -> Records:
        return by_name(*self.values(), *other.values())

    def choose(self, *names: str) -> list[Parameter]:
        """Return the records of these names, in this order.

        Raises
        ------
        KeyError
            If there is no such record.
        """
        unknown = [name for name in names if name not in self._records]
        if unknown:
            raise KeyError(f"there is no '{unknown[0]}'; there are {', '.join(self._records)}")
        return [self._records[name] for name in names]


def by_name(*parameters: Parameter) -> Records:
    """Return the records of a theory by name, in their order and read-only.

    Parameters
    ----------
    *parameters : Parameter

    Returns
    -------
    Records
        A mapping of str to Parameter; its ``choose`` gives some of them, for controls and tables.

    Raises
    ------
    ValueError
        If two have the same name.
    """
    records: dict[str, Parameter] = {}
    for parameter in parameters:
        if parameter.name in records:
            raise ValueError(f"two parameters are called {parameter.name!r}: rename one.")
        records[parameter.name] = parameter
    return Records(records)


def defaults(parameters: Mapping[str, Parameter]) -> dict[str, float]:
    """Return the defaults of records by name.

    Parameters
    ----------
    parameters : mapping of str to Parameter

    Returns
    -------
    dict of str to float
    """
    return {name: parameter.default for name, parameter in parameters.items()}


def default_value(control: Control) -> float:
    """Return what the model receives before the reader has touched the control."""
    if isinstance(control, Choice):
        return control.options.index(control.default)
    if isinstance(control, Switch):
        return int(control.default)
    return float(control.default)


def symbol_table(*parameters: Parameter) -> Markdown:
    """Return the table of symbols that a chapter prints.

    Parameters
    ----------
    *parameters : Parameter

    Returns
    -------
    IPython.display.Markdown
        A table with one line per parameter: symbol, meaning, unit, range, default and the default's
        origin. Markdown, because a data frame would show the symbols' LaTeX instead of the symbols.
    """
    from IPython.display import Markdown

    head = ("Symbol", "Meaning", "Unit", "Range", "Default", "Where the default comes from")
    rows = [
        (
            f"${p.symbol}$" if p.symbol else p.name,
            p.label,
            p.unit or "–",
            f"{format_number(p.low, p.format)} to {format_number(p.high, p.format)}",
            format_number(p.default, p.format),
            p.origin + (f": {p.source}" if p.source else ""),
        )
        for p in parameters
    ]
    return Markdown(markdown_table(head, rows))


def _check_name(control: Control) -> None:
    if not control.name.isidentifier() or iskeyword(control.name):
        raise ValueError(
            f"'{control.name}' cannot be the name of a control: use "
            f"letters, digits and _, and no word of Python."
        )


def _decimals(*numbers: float) -> int:
    """Return how many decimals are needed to write the numbers exactly."""
    texts = [f"{number:.10f}".rstrip("0") for number in numbers]
    return max(len(text.split(".")[1]) for text in texts)
