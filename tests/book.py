"""The book as the tests and the benchmark see it: chapters from ``_toc.yml``, and what they show.

Nothing here names a chapter. A page that enters ``_toc.yml`` is covered the same day.
"""

import os
import re
from contextlib import chdir, contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from unittest import mock

import nbformat
import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "_build" / "html"


@dataclass(frozen=True)
class Chapter:
    """A page of the book that is a notebook.

    Attributes
    ----------
    document : str
        Its name in ``_toc.yml``, such as ``"book/index"``.
    """

    document: str

    @property
    def name(self):
        return Path(self.document).name

    @property
    def notebook(self):
        return ROOT / f"{self.document}.ipynb"

    @property
    def page(self):
        """The page's path inside the built book."""
        return f"{self.document}.html"

    @property
    def figures(self):
        """The module of its figures."""
        return ROOT / "book" / "figures" / f"{self.name}.py"

    @property
    def explorers(self):
        """Its explorers, in order, made from its figures: the notebook is not run."""
        return explorers(self)

    @property
    def exercises(self):
        """Its self-checks, in order; the notebook is run for them."""
        from explorers.exercises import SelfCheck

        return [item for item in run(self) if isinstance(item, SelfCheck)]

    def __str__(self):
        return self.name


def _documents(entry):
    """Yield the documents of a table of contents, in reading order."""
    if isinstance(entry, list):
        for item in entry:
            yield from _documents(item)
    elif isinstance(entry, dict):
        for key in ("root", "file"):
            if key in entry:
                yield entry[key].removesuffix(".ipynb")
        for key in ("parts", "chapters", "sections", "entries", "subtrees"):
            yield from _documents(entry.get(key, []))


@cache
def chapters():
    """Return all chapters, in the order of ``_toc.yml``."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [Chapter(document) for document in _documents(contents)]


# What a chapter may hold of each: as it is written in a code cell.
CONTROLS = ("Parameter", "Choice", "Switch")
MARKS = (
    "mark_bar", "mark_line", "mark_circle", "mark_point", "mark_text", "mark_rule", "mark_tick",
    "mark_rect", "mark_area", "region_map", "with_marks", "transform_filter",
)  # fmt: skip
EXERCISES = ("exercises.number", "exercises.choose")
# Builders of charts, and the marks that they make.
BUILDERS = {
    "drawing.bars": "mark_bar", "drawing.upright_bars": "mark_bar", "drawing.lines": "mark_line",
    "drawing.points": "mark_circle", "drawing.ticks": "mark_tick", "drawing.rule": "mark_rule",
    "drawing.with_values": "mark_text",
}  # fmt: skip


def kinds(chapter):
    """Return what a chapter holds: each kind of control together with each mark, and exercises."""
    source = "\n".join(cell.source for cell in cells(chapter, "code"))
    source += chapter.figures.read_text(encoding="utf-8")
    for builder, mark in BUILDERS.items():
        source = source.replace(f"{builder}(", f"{builder}({mark}(")
    # The records of a theory are sliders, too.
    source = source.replace("PARAMETERS[", "Parameter(").replace(".choose(", "Parameter(")
    # Rows that come and go with the settings.
    source = source.replace('draw="', "transform_filter(")
    here = [name for name in (*CONTROLS, *MARKS, *EXERCISES) if f"{name}(" in source]
    pairs = {(one, other) for one in here for other in here if one in CONTROLS and other in MARKS}
    return pairs | {name for name in here if name in EXERCISES}


@cache
def covering_chapters():
    """Return few chapters that together hold every kind, in the order of ``_toc.yml``."""
    left = set().union(*map(kinds, chapters()))
    chosen = []
    while left:
        best = max(chapters(), key=lambda chapter: len(kinds(chapter) & left))
        chosen.append(best)
        left -= kinds(best)
    return [chapter for chapter in chapters() if chapter in chosen]


@cache
def cells(chapter, kind=None):
    """Return the chapter's cells as they are committed, all or those of one kind."""
    notebook = nbformat.read(chapter.notebook, as_version=4)
    return [cell for cell in notebook.cells if kind in (None, cell.cell_type)]


@cache
def figures_shown(chapter):
    """Return the names of the figures that the chapter's page shows, in order."""
    from figures import all_figures

    calls = [
        re.search(r"^figures\.(\w+)\(\)$", cell.source, flags=re.MULTILINE)
        for cell in cells(chapter, "code")
        if "remove-output" not in cell.metadata.get("tags", [])
    ]
    names = [f"{chapter.name}.{call[1]}" for call in calls if call]
    return [name for name in names if name in all_figures()]


@cache
def explorers(chapter):
    """Return the explorers that the chapter's page shows, made from its figures."""
    from figures import all_figures

    made = all_figures()
    return [made[name]() for name in figures_shown(chapter)]


def run(chapter):
    """Run a chapter in this process and return the explorers and self-checks that it shows.

    The cells run in IPython, as in a kernel; what is shown is noted down instead of drawn.
    """
    return _run(chapter)[0]


def names_after_the_run(chapter):
    """Return what the names of a chapter stand for after its last cell."""
    return _run(chapter)[1]


@cache
def _run(chapter):
    from explorers.exercises import SelfCheck
    from explorers.explorer import Explorer
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    shown, hidden = [], False

    def note(item):
        if not hidden:
            shown.append(item)

    quiet = Config({"HistoryManager": {"enabled": False}})
    with (
        chdir(chapter.notebook.parent),
        mock.patch.object(Explorer, "_ipython_display_", note),
        mock.patch.object(SelfCheck, "_ipython_display_", note),
        _shell(InteractiveShell, quiet) as shell,
        redirect_stdout(StringIO()),
    ):
        for cell in cells(chapter, "code"):
            # A cell for the reader's own theory shows its figure in a notebook only.
            hidden = "remove-output" in cell.metadata.get("tags", [])
            shell.run_cell(cell.source).raise_error()
        return shown, dict(shell.user_ns)


@contextmanager
def _shell(kind, config):
    """Give a fresh IPython and take it away again, so that chapters do not see each other's names."""
    with mock.patch.dict(os.environ, MPLBACKEND="agg"):
        shell = kind.instance(config=config)
        try:
            yield shell
        finally:
            kind.clear_instance()


# ---- settings of an explorer's controls


def random_settings(explorer, count, seed=0):
    """Return `count` random settings of all controls, each on its control's grid."""
    random = np.random.default_rng([seed, *explorer.name.encode()])
    grids = {control.name: control.grid() for control in explorer.controls}
    return [
        {name: grid[random.integers(len(grid))] for name, grid in grids.items()}
        for _ in range(count)
    ]


def settings_to_try(explorer, stops=21, random=30):
    """Return settings of every kind: the defaults, all corners, a sweep of each control, at random.

    A sweep moves one control from end to end, with at most `stops` stops, the others at their defaults.
    """
    sweeps = [
        {control.name: grid[round(k)]}
        for control in explorer.controls
        for grid in [control.grid()]
        for k in np.linspace(0, len(grid) - 1, min(stops, len(grid)))
    ]
    partial = [{}, *explorer.corners(), *sweeps, *random_settings(explorer, random)]
    return [explorer.defaults() | settings for settings in partial]


@dataclass(frozen=True)
class Move:
    """One control moved from a starting point of all controls."""

    control: object
    start: dict
    value: float


def telling_move(explorer, control):
    """Return a move of `control` that changes the drawn results and the sentence, or None.

    It starts at the defaults if it can; a control that only matters after another choice
    (a decay that only one form of the model uses) starts there. A slider moves to one of its ends.
    """
    defaults = explorer.defaults()
    others = [other for other in explorer.controls if other is not control]
    starts = [
        defaults,
        *(defaults | {other.name: value} for other in others for value in _ends(other)),
    ]
    for start in starts:
        for value in _ends(control):
            if value != start[control.name] and _tells(
                explorer, start, start | {control.name: value}
            ):
                return Move(control, start, value)
    return None


def _ends(control):
    """Return the upper and lower end of a slider, or all values of a choice."""
    from explorers.parameters import Parameter

    grid = control.grid()
    return [grid[-1], grid[0]] if isinstance(control, Parameter) else grid


def _tells(explorer, before, after):
    if explorer.say(**before) == explorer.say(**after):
        return False
    first, second = drawn(explorer, **before), drawn(explorer, **after)
    return any(not np.array_equal(first[name], second[name]) for name in first)


# ---- charts


@cache
def specification(explorer):
    """Return the chart's Vega-Lite specification at the defaults."""
    return explorer.specification(explorer.compute())


def drawn(explorer, **settings):
    """Return those results that the chart reads, for the rows that it draws."""
    results = explorer.compute(**settings)
    return {
        name: results[name][explorer.draw] if np.ndim(results[name]) else results[name]
        for name in specification(explorer)["params"][0]["value"]
    }


@dataclass(frozen=True)
class Unit:
    """One set of marks of a chart.

    Attributes
    ----------
    name : str
        What Vega calls the marks, such as ``"layer_0_marks"``.
    mark : str
        Their kind, such as ``"bar"``.
    encoding : dict
        Channel to definition, with what is inherited from the layers around it.
    filtered : bool
        Whether the chart shows only some of its rows, so that marks come and go.
    """

    name: str
    mark: str
    encoding: dict
    filtered: bool

    def position(self, channel):
        """Return the definition of a channel of position, or None if it has no field."""
        definition = self.encoding.get(channel, {})
        return definition if "field" in definition else None


def units(chart, prefix="", encoding=None, filtered=False):
    """Yield the sets of marks of a Vega-Lite specification, layers within layers too.

    Parameters
    ----------
    chart : dict
    prefix : str
        What Vega puts before the names of this part's marks.
    encoding, filtered
        What is inherited from the layers around this part; see `Unit`.
    """
    encoding = (encoding or {}) | chart.get("encoding", {})
    filtered = filtered or any("filter" in step for step in chart.get("transform", []))
    if "mark" in chart:
        mark = chart["mark"]
        kind = mark["type"] if isinstance(mark, dict) else mark
        yield Unit(f"{prefix}marks", kind, encoding, filtered)
    for number, part in enumerate(chart.get("layer", [])):
        yield from units(part, f"{prefix}layer_{number}_", encoding, filtered)
    for arrangement in ("concat", "hconcat", "vconcat"):
        for number, part in enumerate(chart.get(arrangement, [])):
            yield from units(part, f"{prefix}concat_{number}_", {}, filtered)
    if isinstance(chart.get("spec"), dict):
        yield from units(chart["spec"], f"{prefix}child_", {}, filtered)


def fixed_domain(chart, channel):
    """Return the lowest and highest number of a channel's fixed axis, or None if it is free.

    Layers share their axes, so one layer's domain holds for all.
    """
    ends = []
    for unit in units(chart):
        scale = unit.encoding.get(channel, {}).get("scale") or {}
        domain = scale.get("domain")
        if isinstance(domain, list) and all(isinstance(end, (int, float)) for end in domain):
            ends += domain
    return (min(ends), max(ends)) if ends else None


def values_of(explorer, results, definition):
    """Return the numbers behind a channel, one for each mark, or None if the chart derives them.

    Parameters
    ----------
    explorer : Explorer
    results : dict
        From ``explorer.compute``.
    definition : dict
        A channel of the chart's encoding.
    """
    known = explorer.columns | results
    field = definition["field"]
    if field not in known or definition.get("bin") or definition.get("timeUnit"):
        return None
    rows = explorer.rows_shown(results)
    values = known[field]
    values = values[rows] if np.ndim(values) else np.full(len(rows), values)
    aggregate = definition.get("aggregate")
    if aggregate is None:
        return values
    return (
        np.array([getattr(np, aggregate)(values)])
        if aggregate in ("mean", "min", "max", "sum")
        else None
    )
