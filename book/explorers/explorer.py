"""Explorers: one model, its assumptions, one chart, two front ends.

An `Explorer` is shown by ending a cell with it.
Where a kernel runs, ipywidgets call the model with NumPy arrays.
On the published page the recorded model is replayed by ``explorer.js``; no kernel is needed.
Both come out of one object as one bundle of formats, and Jupyter takes the richest it can show.
"""

import json
import re
from html import escape
from itertools import product
from numbers import Real

import numpy as np
import pandas as pd

from . import drawing
from .parameters import Choice, Parameter, Switch, default_value
from .sentences import fill, format_number, parse
from .tracing import argument_names, is_text, record

# The two widths at which the default picture is drawn: a phone's and a desk's.
PICTURE_WIDTHS = {"narrow": 340, "wide": 700}


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
        Says in words what the chart shows; see `migrationlab.sentences` for the fields.
    caption : str
        One sentence under the chart: what is drawn.
    description : str
        The chart in words, for readers who cannot see it.
    source : str, optional
        Where the numbers come from.
    draw : array_like of bool, shape (n,), optional
        Only these rows go to the chart and to the table of numbers.
    table : dict of str to str, optional
        Columns of the table of numbers, name to heading or to ``(heading, format)``.
        Without it, the columns and results that the chart shows.

    Raises
    ------
    ValueError
        If a column has a gap, the names clash, or a result is not finite at some setting.
    TracingError
        If the model uses an operation that the page cannot replay.
    """

    def __init__(
        self,
        title,
        model,
        rows,
        controls,
        chart,
        sentence,
        caption,
        description,
        source="",
        draw=None,
        table=None,
    ):
        self.title = title
        # The prefix keeps it apart from the section of the same name.
        self.name = "explorer-" + re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        self.model = model
        self.controls = list(controls)
        self.columns = _check_columns(rows, title)
        self.n = len(next(iter(self.columns.values())))
        self.chart = chart
        # Altair validates at every to_dict, which takes longer than all the rest: once is enough.
        self._chart_spec = _without_empty_data(chart.to_dict())
        self.caption = caption
        self.description = description
        self.source = source
        self.sentence = parse(sentence)
        self.draw = np.ones(self.n, bool) if draw is None else np.asarray(draw, bool)
        self.tape = record(model, self.columns, [control.name for control in self.controls])
        self._check_names()
        self._check_sentence()
        self._check_settings()
        self.table = self._choose_table(table)

    # ---- computing

    def defaults(self):
        """Return the controls' defaults as the model receives them."""
        return {control.name: default_value(control) for control in self.controls}

    def compute(self, **settings):
        """Return the model's results.

        Parameters
        ----------
        **settings
            Values of controls; those not named stand at their default.

        Returns
        -------
        dict of str to ndarray or float

        Raises
        ------
        ValueError
            If a control is unknown, or a result is NaN or infinite.
        """
        unknown = set(settings) - set(self.defaults())
        if unknown:
            self._refuse(
                f"there is no control '{unknown.pop()}'; there are {', '.join(self.defaults())}"
            )
        # NumPy's own numbers: with Python's, ~(p > 1) would mean something else than on the page.
        settings = {name: np.float64(value) for name, value in (self.defaults() | settings).items()}
        inputs = self.columns | settings
        # The finite check below says more than NumPy's warning would.
        with np.errstate(all="ignore"):
            results = self.model(**{name: inputs[name] for name in argument_names(self.model)})
        results = {name: _plain(value) for name, value in results.items()}
        for name, value in results.items():
            if not np.all(np.isfinite(value)):
                self._refuse(self._not_finite(name, value, settings))
        return results

    def say(self, **settings):
        """Return the sentence for the given settings; see `compute`."""
        return self._fill(self.defaults() | settings, self.compute(**settings))

    def _fill(self, settings, results):
        shown = {
            control.name: control.options[int(settings[control.name])]
            if isinstance(control, Choice)
            else settings[control.name]
            for control in self.controls
        }
        return fill(self.sentence, self.columns | results | shown)

    # ---- checks: an author sees at once what a reader would stumble over

    def _refuse(self, problem):
        raise ValueError(f"Explorer '{self.title}': {problem}.")

    def _check_names(self):
        controls = [control.name for control in self.controls]
        results = set(self.tape.outputs)
        clash = (results & (set(self.columns) | set(controls))) | (
            set(self.columns) & set(controls)
        )
        if clash or len(set(controls)) < len(controls):
            self._refuse(f"a name stands for two things: {', '.join(sorted(clash or controls))}")
        for name in [*self.columns, *results]:
            if not name.isidentifier():
                self._refuse(
                    f"'{name}' cannot be the name of a column or result; use letters, digits and _"
                )
        dead = set(controls) - set(argument_names(self.model))
        if dead:
            self._refuse(
                f"the model does not take the control '{dead.pop()}', so moving it would do nothing"
            )
        if self.draw.shape != (self.n,):
            self._refuse(
                f"draw has the shape {self.draw.shape}; expected one yes or no "
                f"for each of the {self.n} rows"
            )
        if not self._mentioned(results):
            self._refuse(f"the chart shows none of the results {', '.join(sorted(results))}")

    def _check_sentence(self):
        """Give each field of the sentence its format and refuse those that cannot be filled."""
        controls = {control.name: control for control in self.controls}
        results = self.compute()
        lists = set(self.columns) | {name for name, value in results.items() if np.ndim(value)}
        known = {*controls, *self.columns, *results}
        for part in self.sentence:
            if isinstance(part, str):
                continue
            name, index = part["name"], part.get("index")
            for used in filter(lambda item: isinstance(item, str), (name, index)):
                if used not in known:
                    self._refuse(
                        f"the sentence names '{used}', which is none of {', '.join(sorted(known))}"
                    )
            if index is None and name in lists:
                self._refuse(
                    f"'{name}' has one value per row; say which one: {{{name}[0]}} "
                    f"or {{{name}[row]}}"
                )
            if index is not None and name not in lists:
                self._refuse(f"'{name}' is a single value; write {{{name}}} without [{index}]")
            if index in lists or isinstance(controls.get(index), Choice):
                self._refuse(
                    f"[{index}] is no row number; let the model return one, for "
                    f"instance with np.argmax"
                )
            text = (
                is_text(self.columns[name])
                if name in self.columns
                else isinstance(controls.get(name), Choice)
            )
            if text and (part.keys() & {"words", "format"}):
                self._refuse(f"'{name}' is text; write {{{name}}} without a format")
            if isinstance(controls.get(name), Parameter) and "words" not in part:
                part.setdefault("format", controls[name].format)
            if not text and not part.keys() & {"words", "format"}:
                self._refuse(f"say how to write {{{name}}}, for instance {{{name}:,.0f}}")

    def _check_settings(self):
        """Compute at the defaults and at the corners, where a model breaks first."""
        ends = [(control.grid()[0], control.grid()[-1]) for control in self.controls]
        # With many controls, not all corners: both ends of each control, others at default, and the two far corners.
        if len(ends) <= 4:
            corners = [dict(zip(self.defaults(), corner, strict=True)) for corner in product(*ends)]
        else:
            corners = [
                {control.name: end}
                for control, pair in zip(self.controls, ends, strict=True)
                for end in pair
            ]
            corners += [
                dict(zip(self.defaults(), corner, strict=True))
                for corner in zip(*ends, strict=True)
            ]
        for corner in [{}, *corners]:
            results = self.compute(**corner)
            self._fill(self.defaults() | corner, results)
            for name, value in results.items():
                if np.ndim(value) and len(value) != self.n:
                    self._refuse(
                        f"the result '{name}' has {len(value)} values; expected "
                        f"{self.n}, one per row"
                    )

    def _not_finite(self, name, value, settings):
        at = ", ".join(f"{key} = {number:g}" for key, number in settings.items())
        message = f"the result '{name}' is not finite"
        if np.ndim(value):
            row = int(np.flatnonzero(~np.isfinite(value))[0])
            labels = [
                f"{key} = {column[row]}" for key, column in self.columns.items() if is_text(column)
            ]
            message += f" in row {row}" + (f" ({', '.join(labels)})" if labels else "")
        return message + (
            f" at {at}; guard the operation (np.where, np.maximum) or narrow a slider's range"
        )

    # ---- what both front ends draw

    def _mentioned(self, names):
        """Return those names that the chart's specification mentions."""
        text = " ".join(_fields(self._chart_spec))
        return [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)]

    def _choose_table(self, table):
        if table is None:
            names = [*self._mentioned(self.columns), *self._mentioned(self.tape.outputs)]
            table = {name: name.replace("_", " ") for name in names}
        columns = []
        known = [*self.columns, *self.tape.outputs]
        for name, heading in table.items():
            if name not in known:
                self._refuse(f"the table names '{name}', which is none of {', '.join(known)}")
            heading, form = heading if isinstance(heading, tuple) else (heading, None)
            columns.append(
                {"name": name, "heading": heading, "format": form or self._guess_format(name)}
            )
        return columns

    def _guess_format(self, name):
        """Return a format with about three digits of the column's typical value."""
        values = self.columns.get(name)
        if values is not None and (is_text(values) or np.all(values == np.rint(values))):
            return (
                ".0f"
                if values is not None and not is_text(values) and np.max(np.abs(values)) < 1e4
                else ",.0f"
            )
        typical = np.median(np.abs(self.compute()[name] if values is None else values))
        return f",.{int(np.clip(2 - np.floor(np.log10(max(typical, 1e-6))), 0, 6))}f"

    def specification(self, results, width="container"):
        """Return the Vega-Lite specification of the chart.

        The results arrive as one parameter, ``model``, and are read by row number.
        """
        shown = self._mentioned(results)
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
        return spec | {
            "width": width,
            "data": {"name": "rows", "values": rows.to_dict("records")},
            "params": [
                {"name": "model", "value": _jsonable({name: results[name] for name in shown})},
                *spec.get("params", []),
            ],
            "transform": lookups + spec.get("transform", []),
        }

    # ---- the page

    def to_html(self):
        """Return the explorer as a piece of a page: controls, picture, sentence, numbers and the tape."""
        results = self.compute()
        spec = self.specification(results)
        pictures = "".join(
            (
                f'<div class="explorer-picture '
                f'{size}">{drawing.to_svg(spec | {"width": width}, prefix=f"{self.name}-{size}")}</div>'
            )
            for size, width in PICTURE_WIDTHS.items()
        )
        controls = "".join(self._control_html(control) for control in self.controls)
        source = (
            f' <span class="explorer-source">Source: {escape(self.source)}</span>'
            if self.source
            else ""
        )
        return (
            f'<figure class="explorer" id="{self.name}" aria-labelledby="{self.name}-title">'
            f'<p class="explorer-title" id="{self.name}-title">{escape(self.title)}</p>'
            f'<form class="explorer-controls" autocomplete="off">{controls}<button '
            f'type="reset">Reset</button></form>'
            f'<div class="explorer-chart" role="img" aria-label="{escape(self.description)}" '
            f'style="--chart-height:{drawing.height_of(spec)}px">{pictures}</div>'
            f'<p class="explorer-sentence" '
            f'role="status">{escape(self._fill(self.defaults(), results))}</p>'
            f"{self._numbers_html(results)}"
            f"<figcaption>{escape(self.caption)}{source}</figcaption>"
            f'<script type="application/json">{self._payload(spec, results)}</script></figure>'
        )

    def _control_html(self, control):
        key = f"{self.name}-{control.name}"
        if isinstance(control, Switch):
            checked = " checked" if control.default else ""
            return (
                f'<div class="explorer-control switch"><input type="checkbox" '
                f'id="{key}" name="{control.name}"{checked}>'
                f'<label for="{key}">{escape(control.label)}</label></div>'
            )
        label = f'<label for="{key}">{escape(control.label)}</label>'
        if isinstance(control, Choice):
            options = "".join(
                (
                    f"<option "
                    f'value="{i}"{" selected" if option == control.default else ""}>{escape(option)}</option>'
                )
                for i, option in enumerate(control.options)
            )
            return (
                f'<div class="explorer-control">{label}<select id="{key}" '
                f'name="{control.name}">{options}</select></div>'
            )
        text = format_number(control.default, control.format) + _suffix(control)
        return (
            f'<div class="explorer-control">{label}<output for="{key}">{escape(text)}</output>'
            f'<input type="range" id="{key}" name="{control.name}" '
            f'min="{control.low:.12g}" max="{control.high:.12g}" '
            f'step="{control.step:.12g}" value="{control.default:.12g}" '
            f'aria-valuetext="{escape(text)}"></div>'
        )

    def _numbers_html(self, results):
        values = self.columns | results
        head = "".join(f'<th scope="col">{escape(column["heading"])}</th>' for column in self.table)
        body = "".join(
            "<tr>"
            + "".join(
                f"<td>{_cell(values[column['name']], row, column['format'])}</td>"
                for column in self.table
            )
            + "</tr>"
            for row in np.flatnonzero(self.draw)
        )
        return (
            '<details class="explorer-numbers"><summary>Numbers</summary>'
            f'<div role="group" tabindex="0" aria-label="Numbers of {escape(self.title)}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>"
        )

    def _payload(self, spec, results):
        if "boundaries" in spec.get("datasets", {}):
            # The page fetches the outlines once for all its maps, from boundaries.js.
            spec = spec | {"datasets": spec["datasets"] | {"boundaries": None}}
        needed = {entry[1] for entry in self.tape.entries if entry[0] in ("column", "text")}
        needed |= {part["name"] for part in self.sentence if not isinstance(part, str)} & set(
            self.columns
        )
        payload = {
            "tape": self.tape.to_dict(),
            "columns": _jsonable(
                {name: self.columns[name] for name in self.columns if name in needed}
            ),
            "rows": self.n,
            "controls": [_control_record(control) for control in self.controls],
            "sentence": self.sentence,
            "shown": [name for name in results if name in spec["params"][0]["value"]],
            "table": self.table,
            "rowNumbers": np.flatnonzero(self.draw).tolist(),
            "spec": spec,
        }
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).replace(
            "<", "\\u003c"
        )

    # ---- the kernel

    def widget(self):
        """Return the explorer as ipywidgets; moving one calls the model with NumPy arrays."""
        import altair as alt
        import ipywidgets as ipw
        from altair.utils.schemapi import debug_mode

        alt.JupyterChart.enable_offline()
        spec = self.specification(self.compute(), width=620)
        # The chart has passed Altair's checks already; checking each part again takes half a second.
        with debug_mode(False):
            chart = type(self.chart).from_dict(spec, validate=False)
        view = alt.JupyterChart(chart, embed_options={"actions": False, "renderer": "svg"})
        shown = list(spec["params"][0]["value"])
        sentence = ipw.HTML(escape(self.say()))
        inputs = {control.name: _control_widget(control) for control in self.controls}

        def refresh(_=None):
            settings = {name: _model_value(box.value) for name, box in inputs.items()}
            results = self.compute(**settings)
            view.params.model = _jsonable({name: results[name] for name in shown})
            sentence.value = escape(self._fill(self.defaults() | settings, results))

        def reset(_):
            for control in self.controls:
                inputs[control.name].value = (
                    bool(control.default) if isinstance(control, Switch) else default_value(control)
                )

        button = ipw.Button(
            description="Reset", layout=ipw.Layout(width="auto", align_self="flex-start")
        )
        button.on_click(reset)
        for box in inputs.values():
            box.observe(refresh, names="value")
        notes = escape(self.caption) + (f" Source: {escape(self.source)}" if self.source else "")
        return ipw.VBox(
            [
                ipw.HTML(f"<strong>{escape(self.title)}</strong>"),
                *inputs.values(),
                button,
                view,
                sentence,
                ipw.HTML(f"<small>{notes}</small>"),
            ]
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = self.widget()._repr_mimebundle_()
        results = self.compute()
        bundle["text/html"] = self.to_html()
        bundle["image/png"] = drawing.to_png(
            self.specification(results, width=PICTURE_WIDTHS["wide"])
        )
        bundle["text/plain"] = f"{self.title}. {self._fill(self.defaults(), results)}"
        return bundle


def _check_columns(rows, title):
    columns = {str(key): _typed(rows[key]) for key in rows}
    lengths = {key: len(column) for key, column in columns.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(f"Explorer '{title}': the columns differ in length: {lengths}.")
    for key, column in columns.items():
        gaps = pd.isna(column)
        if not is_text(column):
            columns[key] = column.astype(float)
            gaps |= ~np.isfinite(columns[key])
        else:
            columns[key] = column.astype(str).astype(object)
        if gaps.any():
            raise ValueError(
                f"Explorer '{title}': the column '{key}' has a gap in row "
                f"{int(np.flatnonzero(gaps)[0])}. Drop the row or fill it from "
                f"a source."
            )
    return columns


def _typed(column):
    """Return a column as an array; numbers that pandas holds as objects become numbers."""
    column = np.asarray(column)
    if column.dtype == object and all(isinstance(value, Real) for value in column):
        return column.astype(float)
    return column


def _without_empty_data(spec):
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


def _fields(spec, key=""):
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


def _plain(value):
    value = np.asarray(value)
    return value.astype(float) if value.ndim else float(value)


def _jsonable(columns):
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in columns.items()
    }


def _suffix(control):
    """Return the unit as it stands behind a value; the percent sign stands close."""
    return control.unit if control.unit in ("", "%") else f" {control.unit}"


def _cell(values, row, form):
    value = values[row] if np.ndim(values) else values
    return escape(value) if isinstance(value, str) else format_number(value, form)


def _control_record(control):
    if isinstance(control, Choice):
        return {"name": control.name, "kind": "choice", "options": control.options}
    if isinstance(control, Switch):
        return {"name": control.name, "kind": "switch"}
    return {
        "name": control.name,
        "kind": "slider",
        "format": control.format,
        "suffix": _suffix(control),
    }


def _model_value(value):
    """Return a widget's value as the model receives it; a float slider's value without binary noise."""
    return float(f"{value:.12g}") if isinstance(value, float) else int(value)


def _control_widget(control):
    import ipywidgets as ipw

    style = {"description_width": "initial"}
    layout = ipw.Layout(width="min(100%, 620px)")
    label = control.label + (f" ({control.unit})" if getattr(control, "unit", "") else "")
    if isinstance(control, Switch):
        return ipw.Checkbox(
            value=bool(control.default), description=label, indent=False, layout=layout
        )
    if isinstance(control, Choice):
        options = [(option, i) for i, option in enumerate(control.options)]
        return ipw.Dropdown(
            options=options,
            value=default_value(control),
            description=label,
            style=style,
            layout=layout,
        )
    return ipw.FloatSlider(
        value=control.default, min=control.low, max=control.high, step=control.step,
        description=label, readout_format=control.format.replace("abs", "").replace(",", ""), style=style, layout=layout,
    )  # fmt: skip
