"""An explorer: one model, its assumptions, one chart, two front ends.

An `Explorer` computes, says in words what it computed, and checks what an author may get wrong.
How it looks on the published page is in `explorers.page`, how in a notebook in `explorers.kernel`.
Both come out of one object; while a page is being built it shows the one, in a kernel the other.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from numbers import Real
from typing import Any, Never

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .errors import ExplorerError
from .parameters import Choice, Control, Parameter, default_value
from .sentences import fill, names_in, parse
from .tracing import Tape, TracingError, argument_names, is_text, record

# How a column of the table of numbers is written: a format of numbers, or a word for each value.
Written = str | Mapping[Any, str]
# Columns of that table: heading, or heading and how it is written, or also what says which are known.
Table = Mapping[str, str | tuple[str, Written] | tuple[str, Written, str]]

# Numbers on the page and in the kernel agree to this share of the largest value of a column.
NEAR = 1e-9


class Explorer:
    """A model whose assumptions the reader varies.

    Parameters
    ----------
    title : str
        Shown above the controls; in lower case, with hyphens and behind ``explorer-``, it is the
        explorer's address on the page.
    model : callable
        A NumPy function. Its arguments are names of columns and of controls; it returns a dict of
        named results, each a column with one value per row or a single number.
    rows : DataFrame or mapping of str to array_like
        Columns of numbers or text, all with n rows and without gaps.
    controls : sequence of Parameter, Choice or Switch
    chart : altair chart without data
        Encodes columns of the rows and results of the model by name.
    sentence : str
        Says in words what the chart shows; see `explorers.sentences` for the fields.
    caption : str
        One sentence under the chart: what is drawn.
    description : str
        The chart in words, for readers who cannot see it.
    source : str, optional
        Where the numbers come from.
    draw : array_like of bool, shape (n,), or str, optional
        Only these rows go to the chart and to the table of numbers. A name is that of a result of
        0 and 1: then the rows follow the controls.
    table : dict of str to str or tuple, optional
        Columns of the table of numbers, name to heading, to ``(heading, format)``, or to
        ``(heading, format, known)`` where ``known`` names a column or result of 0 and 1: at 0 the
        cell stays empty, since a gap is not a zero. In place of a format a dict gives a word for
        each value, such as ``{0: "stays", 1: "goes"}``.
        Without it, the columns and results that the chart shows.

    Raises
    ------
    ExplorerError
        A ValueError, shown in a notebook without a traceback: if a column has a gap, the names
        clash, a text is missing, the chart brings its own data, or a result is not finite at some
        setting.

    Notes
    -----
    The model is recorded when the page is made, not here: in a kernel any NumPy function will do.
    """

    def __init__(
        self,
        title: str,
        model: Callable[..., Mapping[str, ArrayLike]],
        *,
        rows: pd.DataFrame | Mapping[str, ArrayLike],
        controls: Sequence[Control],
        chart: alt.TopLevelMixin,
        sentence: str,
        caption: str,
        description: str,
        source: str = "",
        draw: ArrayLike | str | None = None,
        table: Table | None = None,
    ) -> None:
        self.title = title
        self.name = _address(title)
        caller = sys._getframe(1)
        # The module and the function whose code made this explorer: what a reader is shown.
        self.made_by = (str(caller.f_globals.get("__name__", "")), caller.f_code.co_name)
        self.model = model
        self.controls = list(controls)
        self.columns = self._checked_columns(rows)
        self.n = len(next(iter(self.columns.values())))
        self.chart = chart
        # Altair validates at every to_dict, which takes longer than all the rest: once is enough.
        self._chart_spec = self._checked_chart(chart)
        self.caption = caption
        self.description = description
        self.source = source
        self.sentence = parse(sentence)
        self.drawn = draw if isinstance(draw, str) else None
        all_rows = draw is None or self.drawn is not None
        self.draw = np.ones(self.n, bool) if all_rows else np.asarray(draw, bool)
        self._check_texts(sentence)
        self._check_names()
        self.at_default = self.compute()
        self._check_results()
        self._check_sentence()
        self._check_corners()
        self.table = self._choose_table(table)

    # ---- computing

    def defaults(self) -> dict[str, float]:
        """Return the controls' defaults as the model receives them."""
        return {control.name: default_value(control) for control in self.controls}

    def compute(self, **settings: float) -> dict[str, Any]:
        """Return the model's results.

        Parameters
        ----------
        **settings
            Values of controls; those not named stand at their default.

        Returns
        -------
        dict of str to ndarray, shape (n,), or float

        Raises
        ------
        ValueError
            If a control is unknown, or a result is no number or column of numbers, or is NaN or
            infinite.
        """
        unknown = set(settings) - set(self.defaults())
        if unknown:
            self.refuse(
                f"there is no control '{unknown.pop()}'; there are {', '.join(self.defaults())}"
            )
        inputs = self.inputs(**settings)
        # The finite check below says more than NumPy's warning would.
        with np.errstate(all="ignore"):
            answer = self.model(**{name: inputs[name] for name in argument_names(self.model)})
        if not isinstance(answer, Mapping):
            self.refuse(
                f"the model must return a dict of named results, not {type(answer).__name__}"
            )
        results = {str(name): self._plain(str(name), value) for name, value in answer.items()}
        for name, value in results.items():
            if not np.all(np.isfinite(value)):
                self.refuse(self._not_finite(name, value, self.defaults() | settings))
        return results

    def inputs(self, **settings: float) -> dict[str, Any]:
        """Return what the model reads: every column, and every control at its setting or default."""
        # NumPy's own numbers: with Python's, ~(p > 1) would mean something else than on the page.
        values = {name: np.float64(v) for name, v in (self.defaults() | settings).items()}
        return self.columns | values

    def say(self, **settings: float) -> str:
        """Return the sentence for the given settings; see `compute`."""
        return self.sentence_for(self.defaults() | settings, self.compute(**settings))

    def sentence_for(self, settings: Mapping[str, float], results: Mapping[str, Any]) -> str:
        """Return the sentence for all settings and what the model computed from them."""
        shown = {
            control.name: control.options[int(settings[control.name])]
            if isinstance(control, Choice)
            else settings[control.name]
            for control in self.controls
        }
        return fill(self.sentence, {**self.columns, **results, **shown})

    def _plain(self, name: str, value: ArrayLike) -> Any:
        try:
            array = np.asarray(value).astype(float)
        except (TypeError, ValueError):
            self.refuse(
                f"the result '{name}' is {value!r}; expected a number or a column of numbers"
            )
        if array.ndim > 1:
            self.refuse(
                f"the result '{name}' has the shape {array.shape}; "
                f"expected one number, or one for each of the {self.n} rows"
            )
        return array if array.ndim else float(array)

    # ---- the tape

    @cached_property
    def tape(self) -> Tape:
        """The model as the page replays it, recorded and compared with the model when first asked for.

        Raises
        ------
        TracingError
            If the model uses an operation that the page cannot replay, or gives other numbers when
            it is replayed.
        ValueError
            If a control makes no difference.
        """
        controls = [control.name for control in self.controls]
        try:
            tape = record(self.model, self.columns, controls)
        except TracingError as error:
            raise TracingError(f"Explorer '{self.title}': {error}") from None
        ends = [(control.grid()[0], control.grid()[-1]) for control in self.controls]
        far = [dict(zip(controls, corner, strict=True)) for corner in zip(*ends, strict=True)]
        for settings in [{}, *far]:
            self._compare(tape, settings)
        for control in self.controls:
            if not self._matters(control):
                self.refuse(
                    f"moving the control '{control.name}' changes no result; "
                    "let the model use it, or leave the control out"
                )
        return tape

    def _compare(self, tape: Tape, settings: dict[str, float]) -> None:
        """Refuse a model that computes something else than what was recorded."""
        computed = self.compute(**settings)
        with np.errstate(all="ignore"):
            replayed = tape.replay(self.inputs(**settings))
        for name, value in computed.items():
            if name in replayed and _alike(value, replayed[name]):
                continue
            if name in replayed and not _alike(value, self.compute(**settings)[name]):
                why = (
                    "it gives other numbers each time, and the page would keep the first ones: draw "
                    "with a seed, outside the model, and read no clock and no counter in it"
                )
            else:
                why = (
                    "it takes another way while it is recorded: do not let it depend on the type of "
                    "its arguments (isinstance, np.isscalar) or on what it remembers"
                )
            raise TracingError(
                f"Explorer '{self.title}': on the page the result '{name}' would differ from what the "
                f"model computes at {_listed(self.defaults() | settings)}, because {why}."
            )

    def _matters(self, control: Control) -> bool:
        """Tell whether some move of a control changes a result, whatever the others stand at."""
        grid = control.grid()
        moves = grid if len(grid) <= 4 else [grid[0], grid[len(grid) // 2], grid[-1]]
        others = [other for other in self.controls if other is not control]
        starts: list[dict[str, float]] = [{}]
        starts += [{other.name: end} for other in others for end in _ends(other)]
        for start in starts:
            before = self.compute(**start)
            for value in moves:
                after = self.compute(**start | {control.name: value})
                if any(not np.array_equal(before[name], after[name]) for name in before):
                    return True
        return False

    # ---- checks: an author sees at once what a reader would stumble over

    def refuse(self, problem: str) -> Never:
        """Raise ExplorerError with the explorer's title before the problem."""
        raise ExplorerError(f"Explorer '{self.title}': {problem}.")

    def _checked_columns(
        self, rows: pd.DataFrame | Mapping[str, ArrayLike]
    ) -> dict[str, np.ndarray]:
        columns: dict[str, np.ndarray] = {}
        for key in rows:
            name, column = str(key), _typed(rows[key])
            if name in columns or column.ndim == 2 and isinstance(rows, pd.DataFrame):
                self.refuse(f"the rows have two columns named '{name}'; rename one")
            if column.ndim != 1:
                self.refuse(
                    f"the column '{name}' has the shape {column.shape}; expected one value per row"
                )
            columns[name] = column
        lengths = {key: len(column) for key, column in columns.items()}
        if not columns or 0 in lengths.values():
            self.refuse("there are no rows; look at the selection that should leave some")
        if len(set(lengths.values())) != 1:
            self.refuse(f"the columns differ in length: {lengths}")
        for key, column in columns.items():
            gaps = pd.isna(column)
            if is_text(column):
                columns[key] = column.astype(str).astype(object)
            else:
                columns[key] = column.astype(float)
                gaps |= ~np.isfinite(columns[key])
            if gaps.any():
                self.refuse(
                    f"the column '{key}' has a gap in row {int(np.flatnonzero(gaps)[0])}. "
                    "Drop the row or fill it from a source"
                )
        return columns

    def _checked_chart(self, chart: alt.TopLevelMixin) -> dict:
        spec = _without_empty_data(chart.to_dict())
        if "data" in spec:
            self.refuse(
                "the chart brings its own data, which its rows would replace. Build it with "
                "alt.Chart() and pass the data as rows="
            )
        return spec

    def _check_texts(self, sentence: str) -> None:
        texts = {
            "title": self.title,
            "sentence": sentence,
            "caption": self.caption,
            "description": self.description,
        }
        for name, text in texts.items():
            if not str(text).strip():
                self.refuse(f"the {name} is empty; a reader needs it to follow the chart")
        if not self.name.removeprefix("explorer-"):
            self.refuse("the title has no letter or digit to make an address of")

    def _check_names(self) -> None:
        controls = [control.name for control in self.controls]
        for name in [*self.columns, *controls]:
            if name.startswith("_") or not name.isidentifier():
                self.refuse(
                    f"'{name}' cannot be the name of a column or control; "
                    "use letters, digits and _, and begin with a letter"
                )
        taken = sorted({"only", "highlight"} & set(controls))
        if taken:
            self.refuse(
                f"a control cannot be named '{taken[0]}', which has a meaning in an address"
            )
        clash = {name for name in controls if controls.count(name) > 1 or name in self.columns}
        if clash:
            self.refuse(f"a name stands for two things: {', '.join(sorted(clash))}")
        missing = set(argument_names(self.model)) - {*self.columns, *controls}
        if missing:
            raise TracingError(
                f"Explorer '{self.title}': the model's argument '{sorted(missing)[0]}' is neither a "
                f"column of the rows ({', '.join(self.columns)}) nor a control ({', '.join(controls)})."
            )
        dead = set(controls) - set(argument_names(self.model))
        if dead:
            self.refuse(
                f"the model does not take the control '{dead.pop()}', so moving it would do nothing"
            )

    def _check_results(self) -> None:
        results = self.at_default
        taken = {*self.columns, *(control.name for control in self.controls)}
        clash = set(results) & taken
        if clash:
            self.refuse(f"a name stands for two things: {', '.join(sorted(clash))}")
        for name, value in results.items():
            if name.startswith("_") or not name.isidentifier():
                self.refuse(f"'{name}' cannot be the name of a result; use letters, digits and _")
            if np.ndim(value) and len(value) != self.n:
                self.refuse(
                    f"the result '{name}' has {len(value)} values; expected {self.n}, one per row"
                )
        if self.draw.shape != (self.n,):
            self.refuse(
                f"draw has the shape {self.draw.shape}; "
                f"expected one yes or no for each of the {self.n} rows"
            )
        if not self.draw.any():
            self.refuse("draw chooses no row; the chart would be empty")
        if self.drawn is not None and not np.ndim(results.get(self.drawn, 0)):
            columns = [name for name, value in results.items() if np.ndim(value)]
            self.refuse(
                f"draw names '{self.drawn}', which is no result with a value for each row; "
                f"there are {', '.join(columns) or 'none'}"
            )
        if not self._mentioned(results) and self.drawn is None:
            self.refuse(f"the chart shows none of the results {', '.join(sorted(results))}")

    def _check_sentence(self) -> None:
        """Give each field of the sentence its format and refuse those that cannot be filled."""
        for part in names_in(self.sentence):
            self._check_field(part)

    def _check_field(self, part: dict) -> None:
        controls = {control.name: control for control in self.controls}
        results = self.at_default
        lists = set(self.columns) | {name for name, value in results.items() if np.ndim(value)}
        known = {*controls, *self.columns, *results}
        name: str = part["name"]
        index: Any = part.get("index")
        for used in filter(lambda item: isinstance(item, str), (name, index)):
            if used not in known:
                self.refuse(
                    f"the sentence names '{used}', which is none of {', '.join(sorted(known))}"
                )
        if index is None and name in lists:
            self.refuse(
                f"'{name}' has one value per row; say which one: {{{name}[0]}} or {{{name}[row]}}"
            )
        if index is not None and name not in lists:
            self.refuse(f"'{name}' is a single value; write {{{name}}} without [{index}]")
        if index in lists or isinstance(controls.get(index), Choice):
            self.refuse(
                f"[{index}] is no row number; let the model return one, for instance with np.argmax"
            )
        control = controls.get(name)
        text = is_text(self.columns[name]) if name in self.columns else isinstance(control, Choice)
        if text and (part.keys() & {"words", "format"}):
            self.refuse(f"'{name}' is text; write {{{name}}} without a format")
        if isinstance(control, Parameter) and "words" not in part:
            part.setdefault("format", control.format)
        if not text and not part.keys() & {"words", "format"}:
            self.refuse(f"say how to write {{{name}}}, for instance {{{name}:,.0f}}")

    def _check_corners(self) -> None:
        """Compute at the corners, where a model breaks first."""
        for corner in self.corners():
            results = self.compute(**corner)
            self.sentence_for(self.defaults() | corner, results)
            for name, value in results.items():
                if np.ndim(value) and len(value) != self.n:
                    self.refuse(
                        f"the result '{name}' has {len(value)} values; expected {self.n}, one per row"
                    )

    def corners(self) -> list[dict[str, float]]:
        """Return settings at the ends of the controls.

        With up to four controls, all corners; with more, both ends of each control with the others
        at their defaults, and the two far corners.
        """
        names = [control.name for control in self.controls]
        ends = [_ends(control) for control in self.controls]
        if len(ends) <= 4:
            return [dict(zip(names, corner, strict=True)) for corner in product(*ends)]
        alone = [{name: end} for name, pair in zip(names, ends, strict=True) for end in pair]
        far = [dict(zip(names, corner, strict=True)) for corner in zip(*ends, strict=True)]
        return alone + far

    def _not_finite(self, name: str, value: Any, settings: Mapping[str, float]) -> str:
        message = f"the result '{name}' is not finite"
        if np.ndim(value):
            row = int(np.flatnonzero(~np.isfinite(value))[0])
            labels = [
                f"{key} = {column[row]}"
                for key, column in self.columns.items()
                if is_text(column) and row < self.n
            ]
            message += f" in row {row}" + (f" ({', '.join(labels)})" if labels else "")
        return (
            message
            + f" at {_listed(settings)}; guard the operation (np.where, np.maximum) or narrow a slider's range"
        )

    # ---- what both front ends draw

    def _mentioned(self, names: Mapping[str, Any]) -> list[str]:
        """Return those names that the chart's specification mentions."""
        text = " ".join(_fields(self._chart_spec))
        return [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)]

    def rows_shown(self, results: Mapping[str, Any]) -> np.ndarray:
        """Return the numbers of the rows that the chart and the table of numbers show.

        Parameters
        ----------
        results : mapping
            From `compute`.

        Returns
        -------
        ndarray of int
        """
        shown = self.draw if self.drawn is None else self.draw & (results[self.drawn] != 0)
        return np.flatnonzero(shown)

    def _choose_table(self, table: Table | None) -> list[dict]:
        if table is None:
            names = [*self._mentioned(self.columns), *self._mentioned(self.at_default)]
            table = {name: name.replace("_", " ") for name in names}
        columns = []
        known = [*self.columns, *self.at_default]
        for name, wanted in table.items():
            given: Sequence[Any] = (wanted,) if isinstance(wanted, str) else wanted
            heading, form, mask = [*given, "", ""][:3]
            for used in filter(None, (name, mask)):
                if used not in known:
                    self.refuse(f"the table names '{used}', which is none of {', '.join(known)}")
            column: dict[str, Any] = {"name": name, "heading": heading}
            if isinstance(form, Mapping):
                column["words"] = {plain_key(value): word for value, word in form.items()}
                self._check_words(column)
            else:
                column["format"] = form or self._guess_format(name)
            columns.append(column | ({"known": mask} if mask else {}))
        return columns

    def _check_words(self, column: Mapping[str, Any]) -> None:
        """Refuse a value without a word, at the defaults and wherever a model is tried."""
        name, words = column["name"], column["words"]
        for settings in [{}, *self.corners()]:
            values = (self.columns | self.compute(**settings))[name]
            for value in np.unique(values).tolist():
                if plain_key(value) not in words:
                    self.refuse(f"the table has no word for the value {value!r} of '{name}'")

    def _guess_format(self, name: str) -> str:
        """Return a format with about three digits of the column's typical value."""
        values = self.columns.get(name)
        if values is not None and is_text(values):
            return ",.0f"
        if values is not None and np.all(values == np.rint(values)):
            # Four digits are written without a comma, so that a year looks like a year.
            return ".0f" if np.max(np.abs(values)) < 1e4 else ",.0f"
        typical = np.median(np.abs(self.at_default[name] if values is None else values))
        return f",.{int(np.clip(2 - np.floor(np.log10(max(typical, 1e-6))), 0, 6))}f"

    def specification(self, results: Mapping[str, Any], width: int | str = "container") -> dict:
        """Return the Vega-Lite specification of the chart.

        The results arrive as one parameter, ``model``, and are read by row number.

        Parameters
        ----------
        results : mapping
            From `compute`.
        width : int or "container"
            Pixels, or as wide as the place where the chart stands.

        Returns
        -------
        dict
        """
        shown = self._mentioned(results)
        filters = []
        if self.drawn is not None:
            shown = [name for name in results if name in shown or name == self.drawn]
            filters = [{"filter": f"datum['{self.drawn}'] !== 0"}]
        spec = self._chart_spec
        numbers = np.flatnonzero(self.draw)
        rows = pd.DataFrame(
            {name: self.columns[name][numbers] for name in self._mentioned(self.columns)}
        )
        rows.insert(0, "_i", numbers)
        lookups = [
            {
                "calculate": f"model['{name}'][datum._i]"
                if np.ndim(results[name])
                else f"model['{name}']",
                "as": name,
            }
            for name in shown
        ]
        model = {"name": "model", "value": jsonable({name: results[name] for name in shown})}
        return spec | {
            "width": width,
            "data": {"name": "rows", "values": rows.to_dict("records")},
            "params": [model, *spec.get("params", [])],
            "transform": lookups + filters + spec.get("transform", []),
        }

    # ---- shown by ending a cell with it

    def in_words(self) -> str:
        """Return title and sentence, for where nothing else can be shown."""
        return f"{self.title}. {self.sentence_for(self.defaults(), self.at_default)}"

    def to_html(self) -> str:
        """Return the explorer as a piece of a plain page; see `explorers.page`."""
        from .page import explorer_html

        return explorer_html(self)

    def widget(self) -> Any:
        """Return the explorer as ipywidgets; see `explorers.kernel`."""
        from .kernel import explorer_widget

        return explorer_widget(self)

    def _ipython_display_(self) -> None:
        from . import kernel, page

        if page.is_being_built():
            page.display_piece(self)
        else:
            kernel.display_explorer(self)


def jsonable(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns and numbers as JSON can hold them."""
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in columns.items()
    }


def plain_key(value: Any) -> str:
    """Return a value as the page's script writes it where it looks for its word: 1, not 1.0.

    >>> plain_key(1.0), plain_key(0.5), plain_key("north")
    ('1', '0.5', 'north')
    """
    return value if isinstance(value, str) else f"{value:.12g}"


def _address(title: str) -> str:
    """Return the title as an address on the page, in letters of whatever script."""
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", title).casefold())
    # The prefix keeps it apart from the section of the same name.
    return "explorer-" + words.strip("-")


def _ends(control: Control) -> tuple[float, float]:
    grid = control.grid()
    return grid[0], grid[-1]


def _alike(one: Any, other: Any) -> bool:
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if one.shape != other.shape and other.ndim:
        return False
    # What is left of a sum that cancels is rounding, whatever its share of nothing.
    scale = max(float(np.abs(one).max()), 1e-3)
    return bool(np.all(np.abs(one - other) <= NEAR * scale))


def _listed(settings: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in settings.items())


def _typed(column: ArrayLike) -> np.ndarray:
    """Return a column as an array; numbers that pandas holds as objects become numbers."""
    array = np.asarray(column)
    if array.dtype == object and all(isinstance(value, Real) for value in array.flat):
        return array.astype(float)
    return array


def _without_empty_data(spec: dict) -> dict:
    """Return a specification without the empty table that Altair gives each layer of a chart."""
    spec = {
        key: value
        for key, value in spec.items()
        if not (key == "data" and value == {"name": "empty"})
    }
    spec.get("datasets", {}).pop("empty", None)
    for parts in ("layer", "hconcat", "vconcat", "concat"):
        if parts in spec:
            spec[parts] = [_without_empty_data(part) for part in spec[parts]]
    return spec


def _fields(spec: Any, key: str = "") -> Iterator[str]:
    """Yield the texts of a specification that can name columns: fields and expressions."""
    if isinstance(spec, dict):
        for name, item in spec.items():
            if name not in ("config", "data", "datasets"):
                yield from _fields(item, name)
    elif isinstance(spec, list):
        for item in spec:
            yield from _fields(item, key)
    elif isinstance(spec, str) and (key in ("field", "groupby", "fold", "sort") or "datum" in spec):
        yield spec
