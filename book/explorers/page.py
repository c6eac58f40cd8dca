"""Explorers and exercises as pieces of a plain page: HTML, a picture, and what the script needs.

Nothing here needs a kernel when it is read. The page's script finds each piece, replays the recorded
model and checks the answers; where no script runs, the default picture, its sentence and its numbers stand.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from . import drawing
from .explorer import jsonable, plain_key
from .parameters import Choice, Control, Parameter, Switch, default_value
from .replies import enough
from .sentences import format_number, names_in
from .tracing import is_text

if TYPE_CHECKING:
    from .exercises import SelfCheck
    from .explorer import Explorer

# The two widths at which the default picture is drawn: a phone's and a desk's.
PICTURE_WIDTHS = {"narrow": 340, "wide": 520}
# A chart higher than this leaves no room for a slider beside it on a phone.
TALL = 320

# Shown where no script runs, or where the browser is too old for the page's.
STILL = (
    "This is a picture: it shows the figure as it starts. "
    "Its controls need a browser of 2020 or later that runs scripts."
)

# Set by the book's build, for the kernels that it starts: they need no widgets.
_BUILDING = "EXPLORERS_BUILD_PAGE"

# Datasets that many charts share, by name: a page fetches such a one from a script of its own.
_shared: set[str] = set()


def build_pages() -> None:
    """From now on, here and in kernels started from here, make pages and no widgets."""
    os.environ[_BUILDING] = "yes"


def is_being_built() -> bool:
    """Tell whether a page is being made, not a notebook shown."""
    return _BUILDING in os.environ


def share_dataset(name: str) -> None:
    """Leave a dataset of this name out of every explorer's payload.

    The page's script loads ``NAME.js`` from its own folder once for all charts; that file sets
    ``window.explorerDatasets.NAME``. See `shared_dataset_script`.

    Parameters
    ----------
    name : str
        Name of the dataset in ``chart.datasets``.
    """
    _shared.add(name)


def shared_dataset_script(name: str, values: Any) -> str:
    """Return the script that hands a shared dataset to the page.

    Parameters
    ----------
    name : str
    values : list or dict
        What JSON can hold.

    Returns
    -------
    str
    """
    content = json.dumps(values, separators=(",", ":"))
    return f'(window.explorerDatasets=window.explorerDatasets||{{}})["{name}"]={content};'


def write_vega(folder: Path) -> None:
    """Write Vega, Vega-Lite, Vega-Embed and Vega's interpreter as one classic script, ``vega.js``.

    Parameters
    ----------
    folder : pathlib.Path
        Where the page's own script lies, which loads it.
    """
    vl_convert: Any = drawing.vl_convert
    head = f"/* Vega-Lite {drawing.VEGA_LITE} of vl-convert {vl_convert.__version__} */"
    script = folder / "vega.js"
    # Bundling takes a second and a half, and gives the same each time.
    if script.exists() and script.read_text(encoding="utf-8").startswith(head):
        return
    bundle = vl_convert.javascript_bundle(vl_version=drawing.VEGA_LITE)
    # The bundle's top-level names collide with Sphinx's `_`; inside a function they cannot.
    script.write_text(f"{head}(function(){{{bundle}}})();", encoding="utf-8")


def display_piece(shown: Explorer | SelfCheck) -> None:
    """Display an explorer or exercise as a page has it: HTML, and words for where there is none."""
    from IPython.display import display

    display({"text/html": shown.to_html(), "text/plain": shown.in_words()}, raw=True)


# ---- an explorer


def explorer_html(explorer: Explorer) -> str:
    """Return an explorer as HTML: controls, picture, sentence, numbers and the tape.

    Parameters
    ----------
    explorer : Explorer

    Returns
    -------
    str
        A ``<figure>``.

    Raises
    ------
    TracingError, ValueError
        If the page could not show what the model computes; see `Explorer.tape`.
    """
    spec = explorer.specification(explorer.at_default)
    sentence = explorer.sentence_for(explorer.defaults(), explorer.at_default)
    name, title = explorer.name, escape(explorer.title)
    controls = "".join(_control_html(name, control) for control in explorer.controls)
    source = (
        f' <span class="explorer-source">Source: {escape(explorer.source)}</span>'
        if explorer.source
        else ""
    )
    height = drawing.height_of(spec)
    kind = "explorer tall" if height > TALL else "explorer"
    return (
        f'<figure class="{kind}" id="{name}" aria-labelledby="{name}-title"{_code(explorer)}>'
        f'<p class="explorer-title" id="{name}-title">{title}</p>'
        f'<p class="explorer-still">{STILL}</p>'
        f'<div class="explorer-parts" style="--chart-height:{height}px">'
        f'<form class="explorer-controls" autocomplete="off">{controls}'
        '<button type="reset">Reset</button></form>'
        f'<div class="explorer-chart" role="img" aria-label="{escape(explorer.description)}" '
        f'aria-describedby="{name}-sentence">'
        f"{_pictures_html(name, spec)}</div>"
        f'<p class="explorer-sentence" id="{name}-sentence">{escape(sentence)}</p></div>'
        '<p class="explorer-voice" role="status"></p>'
        f"{_numbers_html(explorer)}"
        f"<figcaption>{escape(explorer.caption)}{source}</figcaption>"
        f'<script type="application/json">{_json(_payload(explorer, spec))}</script></figure>'
    )


def _code(explorer: Explorer) -> str:
    """Return where the page's reader finds the code of a figure; what a notebook defines has none."""
    module, function = explorer.made_by
    named = function.isidentifier() and module != "__main__"
    return f' data-code="{module}:{function}"' if named else ""


def _pictures_html(name: str, spec: dict) -> str:
    return "".join(
        f'<div class="explorer-picture {size}">'
        f"{drawing.to_svg(spec | {'width': width}, prefix=f'{name}-{size}')}</div>"
        for size, width in PICTURE_WIDTHS.items()
    )


def _control_html(explorer: str, control: Control) -> str:
    key = f"{explorer}-{control.name}"
    label = f'<label for="{key}">{escape(control.label)}</label>'
    if isinstance(control, Switch):
        checked = " checked" if control.default else ""
        return (
            '<div class="explorer-control switch">'
            f'<input type="checkbox" id="{key}" name="{control.name}"{checked}>{label}</div>'
        )
    if isinstance(control, Choice):
        options = "".join(
            f'<option value="{i}"{" selected" if option == control.default else ""}>{escape(option)}</option>'
            for i, option in enumerate(control.options)
        )
        return (
            f'<div class="explorer-control">{label}'
            f'<select id="{key}" name="{control.name}">{options}</select></div>'
        )
    text = escape(written(control, control.default))
    return (
        f'<div class="explorer-control">{label}<output for="{key}" aria-live="off">{text}</output>'
        f'<input type="range" id="{key}" name="{control.name}" min="{control.low:.12g}" '
        f'max="{control.high:.12g}" step="{control.step:.12g}" value="{control.default:.12g}" '
        f'aria-valuetext="{text}"></div>'
    )


def written(control: Parameter, value: float) -> str:
    """Return a slider's value as it stands beside it, with its unit.

    >>> written(Parameter("d", "Distance", low=0, high=10, step=1, default=5, unit="km"), 5)
    '5 km'
    """
    return format_number(value, control.format) + _suffix(control)


def _suffix(control: Parameter) -> str:
    """Return the unit as it stands behind a value; the percent sign stands close."""
    return control.unit if control.unit in ("", "%") else f" {control.unit}"


def numbers_table(explorer: Explorer, results: Mapping[str, Any]) -> str:
    """Return the table of an explorer's numbers, as HTML.

    Parameters
    ----------
    explorer : Explorer
    results : mapping
        From its ``compute``.

    Returns
    -------
    str
    """
    values = explorer.columns | dict(results)
    shown = set(explorer.rows_shown(results).tolist())
    columns = [(column, _is_words(explorer, column)) for column in explorer.table]
    head = "".join(
        f'<th scope="col"{WORDS if words else ""}>{escape(column["heading"])}</th>'
        for column, words in columns
    )
    # The first column says what the row is about.
    tags = ['th scope="row"' if words and not i else "td" for i, (_, words) in enumerate(columns)]
    body = "".join(
        f"<tr{'' if row in shown else ' hidden'}>"
        + "".join(
            f"<{tag}{WORDS if words else ''}>{_cell(values, column, row)}</{tag[:2]}>"
            for tag, (column, words) in zip(tags, columns, strict=True)
        )
        + "</tr>"
        for row in np.flatnonzero(explorer.draw).tolist()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


WORDS = ' class="words"'


def _is_words(explorer: Explorer, column: Mapping[str, Any]) -> bool:
    """Tell whether a column of the table holds words, which stand at the left of a cell."""
    return "words" in column or is_text(explorer.columns.get(column["name"], np.zeros(1)))


def _numbers_html(explorer: Explorer) -> str:
    return (
        '<details class="explorer-numbers"><summary>Numbers</summary>'
        f'<div role="group" tabindex="0" aria-label="Numbers of {escape(explorer.title)}">'
        f"{numbers_table(explorer, explorer.at_default)}</div></details>"
    )


def _cell(values: Mapping[str, Any], column: Mapping[str, Any], row: int) -> str:
    """Return the text of a cell; what is not known stays empty."""

    def at(name: str) -> Any:
        return values[name][row] if np.ndim(values[name]) else values[name]

    if "known" in column and not at(column["known"]):
        return ""
    value = at(column["name"])
    if "words" in column:
        return escape(column["words"][plain_key(value)])
    return escape(value) if isinstance(value, str) else format_number(value, column["format"])


def _payload(explorer: Explorer, spec: dict) -> dict[str, Any]:
    """Return what the page's script needs; `book/explorers/README.md` describes it."""
    shared = {name: None for name in spec.get("datasets", {}) if name in _shared}
    if shared:
        spec = spec | {"datasets": spec["datasets"] | shared}
    tape = explorer.tape
    needed = {entry[1] for entry in tape.entries if entry[0] in ("column", "text")}
    read = [part["name"] for part in names_in(explorer.sentence)]
    read += [column["known"] for column in explorer.table if "known" in column]
    needed |= set(read) & set(explorer.columns)
    return {
        "tape": tape.to_dict(),
        "columns": jsonable(
            {name: explorer.columns[name] for name in explorer.columns if name in needed}
        ),
        "n": explorer.n,
        "controls": [_control_record(control) for control in explorer.controls],
        "sentence": explorer.sentence,
        "shown": list(spec["params"][0]["value"]),
        "table": explorer.table,
        "rowNumbers": np.flatnonzero(explorer.draw).tolist(),
        "drawn": explorer.drawn,
        "spec": spec,
    }


def _control_record(control: Control) -> dict[str, Any]:
    record = {"name": control.name, "default": default_value(control)}
    if isinstance(control, Choice):
        return record | {"kind": "choice", "options": control.options}
    if isinstance(control, Switch):
        return record | {"kind": "switch"}
    return record | {
        "kind": "slider",
        **({"time": True} if control.time else {}),
        "format": control.format,
        "suffix": _suffix(control),
    }


# ---- an exercise


def exercise_html(exercise: SelfCheck) -> str:
    """Return an exercise as a form that the page's script checks.

    Parameters
    ----------
    exercise : SelfCheck

    Returns
    -------
    str
    """
    key, task = exercise.key, escape(exercise.task)
    # Where no script runs a button would do nothing: the script puts it to use.
    button = '<button type="submit" disabled>Check</button>'
    if "options" in exercise.record:
        inputs = "".join(
            f'<label class="option"><input type="radio" name="{key}" value="{i}">'
            f"<span>{escape(option)}</span></label>"
            for i, option in enumerate(exercise.record["options"])
        )
        body = f'<fieldset><legend class="task">{task}</legend>{inputs}</fieldset>{button}'
    else:
        # Not the keyboard for decimals: on some phones it has neither a minus nor a percent sign.
        body = (
            f'<label class="task" for="{key}">{task}</label><div class="answer">'
            f'<input type="text" autocapitalize="off" spellcheck="false" id="{key}" name="answer" '
            f'aria-describedby="{key}-unit {key}-wanted">'
            f'<span id="{key}-unit">{escape(exercise.unit)}</span>{button}</div>'
            f'<p class="wanted" id="{key}-wanted">{escape(enough(exercise.record["wanted"]))}</p>'
        )
    return (
        f'<form class="self-check" autocomplete="off">{body}<p role="status"></p>'
        f'<script type="application/json">{_json(exercise.record)}</script></form>'
    )


def _json(content: Any) -> str:
    """Write JSON that cannot end the script element it stands in."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
