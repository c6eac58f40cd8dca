"""The figures of the chapter that compares theories: shocks, a matrix, pairs, random draws."""

from itertools import combinations

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, Parameter, drawing, pick, stand_in, titled
from explorers.sentences import format_number, markdown_table
from explorers.standing_in import StandInError
from IPython.display import Markdown
from migrationlab.models import comparing_theories as compare
from migrationlab.models import neoclassical_macro as macro
from migrationlab.models.comparing_theories import CLAIMS, NUMBER, SHOCKS, SILENT, THEORIES, ZERO

_PLAIN = drawing.PLAIN_AXIS | {"labelLimit": 0}
_STATES = (NUMBER, ZERO, SILENT)
# What a theory says about a shock, as a place on the axis of a chart.
_CODES = {"falls": -1, "no effect": 0, "rises": 1, "silent": 2}
_SHOCK_NAMES = [shock.short for shock in SHOCKS.values()]


def choose_your_shock(theory=None):
    """Show how the outcome of each theory changes with the size of one shock.

    Parameters
    ----------
    theory : callable, optional
        Your own theory, for a ninth line: from the conditions of the world to a flow.
    """
    own = None if theory is None else _Own(theory)
    short = _short_names(own)
    states, last = _states(own), len(short) - 1

    def choose(theory, size_here, first, shock, size):
        state = pick(shock, [pick(theory, states[key]) for key in SHOCKS])
        many = _changes(own, shock, size_here)
        reach = pick(theory, [np.maximum(np.max(np.abs(m)), 1e-6) for m in many])
        change, now = pick(theory, many), pick(theory, _changes(own, shock, size))
        now = np.where(np.abs(now) < 1e-9, 0.0, now)
        says = np.where(state == 2, 2, np.where((state == 1) & (now == 0), 1, 0))
        speak = first * np.where(state == 2, 0, 1)
        return dict(
            level=last - theory,
            y=last - theory + 0.42 * change / reach,
            dot=last - theory + 0.42 * now / reach,
            at=size + 0 * theory,
            change=change,
            now=now,
            says=says,
            state=state,
            speaks=np.where(state == 2, 0, 1),
            more=np.sum(speak * (now > 0)),
            less=np.sum(speak * (now < 0)),
            same=np.sum(speak * (now == 0)),
            silent=np.sum(first * (state == 2)),
        )

    sizes = np.arange(-30.0, 31, 5)
    return Explorer(
        titled("Choose your shock", theory, None),
        choose,
        rows={
            "theory": np.repeat(np.arange(len(short)), len(sizes)),
            "size_here": np.tile(sizes, len(short)),
            "first": np.tile(sizes == -30, len(short)).astype(int),
            "name": np.repeat(short, len(sizes)),
        },
        controls=[
            Choice(
                "shock",
                "Shock",
                options=[s.label for s in SHOCKS.values()],
                default=SHOCKS["origin_capital"].label,
            ),
            _size_of_shock(default=20),
        ],
        chart=_small_lines(short),
        sentence=(
            f"{{shock}} {{size}}%: {{more:.0f}} of {len(short)} theories say more, {{less:.0f}} "
            "say less, {same:.0f} say no change; silent: {silent:.0f}."
        ),
        caption=(
            "One small chart for each theory: how its outcome changes with the size of the shock. "
            "Each has a scale of its own; the thin line is no change, the number at the right is "
            "the change at the dot. 0: the theory claims no effect. ·: it has no term for it. "
            "Workers come and go again: for sizes below 0 nothing happens. A value below −100% has "
            "turned negative: the move no longer pays. The lottery stops where the good wage has "
            "fallen to that of the village."
        ),
        description=(
            f"{'Nine' if own else 'Eight'} small lines, one below the other, of the change of a "
            "theory's outcome over the size of the shock, each beside a thin level line of no "
            "change. An orange dot marks the size that you set, with the change in percent; a "
            "theory that is silent has no line."
        ),
        table={
            "name": "Theory",
            "size_here": ("Size of the shock, %", "+.0f"),
            "state": ("Says", {0: "a number", 1: "no effect", 2: "silent"}),
            "change": ("Change, %", "+.1f", "speaks"),
        },
    )


def _small_lines(short):
    """Draw a small line for each theory, one below the other, and its answer in words beside it."""
    axis = alt.Axis(
        values=list(range(len(short))),
        # Vega leaves out every other value where it counts on fewer.
        tickCount=len(short),
        ticks=False,
        domain=False,
        grid=False,
        labelPadding=8,
        labelExpr=f"{short[::-1]}[datum.value]",
        labelOverlap=False,
    )
    y = alt.Y(
        "y:Q", title=None, scale=alt.Scale(domain=[-0.6, len(short) - 0.4], nice=False), axis=axis
    )
    x = alt.X(
        "size_here:Q",
        title="Size of the shock, %",
        scale=alt.Scale(domain=[-31, 62], nice=False),
        axis=alt.Axis(values=[-30, -15, 0, 15, 30]),
    )
    base = alt.Chart(height=40 * len(short))
    still = (
        base.transform_filter("datum.first == 1 && datum.says < 2")
        .mark_rule(color=drawing.COLOR["quiet"])
        .encode(x=alt.datum(-30), x2=alt.datum(30), y="level:Q")
    )
    spark = (
        base.transform_filter("datum.state < 2")
        .mark_line(strokeWidth=2, color=drawing.COLOR["main"])
        .encode(x=x, y=y, detail="theory:N")
    )
    here = base.transform_filter("datum.first == 1 && datum.says < 2").mark_circle(
        size=90, opacity=1, color=drawing.COLOR["second"]
    )
    words = "datum.says == 2 ? '· silent' : datum.says == 1 ? '0' : format(datum.now, '+.1f') + '%'"
    text = (
        base.transform_filter("datum.first == 1")
        .transform_calculate(word=words)
        .mark_text(align="left", fontSize=12)
    )
    return drawing.layer(
        spark,
        still,
        here.encode(x="at:Q", y="dot:Q"),
        text.encode(x=alt.datum(34), y="level:Q", text="word:N"),
    )


def the_matrix(theory=None):
    """Show what each theory says about each shock: a number, no effect, or nothing.

    Parameters
    ----------
    theory : callable, optional
        Your own theory, for a ninth column: from the conditions of the world to a flow.
    """
    own = None if theory is None else _Own(theory)
    short = _short_names(own)

    def filtered(state, column, change, show_, theory):
        wanted = np.where(show_ == 0, 1, np.where(state == show_ - 1, 1, 0))
        shown = wanted * np.where((theory == 0) | (column == theory - 1), 1, 0)
        up, down = np.sum(shown * (change > 0)), np.sum(shown * (change < 0))
        return dict(
            shown=shown,
            count=np.sum(shown),
            numbers=np.sum(shown * (state == 0)),
            zeros=np.sum(shown * (state == 1)),
            dots=np.sum(shown * (state == 2)),
            up=up,
            down=down,
        )

    return Explorer(
        titled("The matrix", theory, None),
        filtered,
        rows=_cells(own),
        controls=[
            Choice(
                "show_",
                "Show",
                options=["everything", "numbers", "0: claims no effect", "·: is silent"],
            ),
            Choice("theory", "Theory", options=["all theories", *_labels(own)]),
        ],
        chart=_words_in_boxes(short),
        draw="shown",
        sentence=(
            "{show_}, {theory}: {count:.0f} cells. {numbers:.0f} numbers, {zeros:.0f} zeros, "
            "{dots:.0f} dots; {up:.0f} of the numbers rise and {down:.0f} fall."
        ),
        caption=(
            "Change of each theory's outcome in percent. Blue: more; orange: less; gray: no "
            "change. 0: the theory claims no effect; ·: it is silent. Here: at the origin. There: "
            "at the destination."
        ),
        description=(
            f"A grid of eleven shocks, down, and {'nine' if own else 'eight'} theories, across. "
            "A number, the change in percent, stands in a blue box if it is more, in an orange "
            "one if it is less, in a gray one if nothing changes; a dot says that the theory "
            "is silent."
        ),
        table={
            "label": "Shock",
            "size": ("Size of the shock, %", "+.0f"),
            "name": "Theory",
            "says": "Says",
            "before": ("Outcome before", ".2f", "speaks"),
            "after": ("Outcome after", ".2f", "speaks"),
            "change": ("Change, %", "+.1f", "speaks"),
        },
    )


def _cells(own):
    """Return a row for each cell of the matrix, in the book's order; the reader's come last."""
    cells = pd.DataFrame(compare.matrix() + (own.cells if own else []))
    short = _short_names(own)
    cells["row"] = cells["shock"].map(list(SHOCKS).index)
    cells["column"] = cells["theory"].map([*THEORIES, _Own.key].index)
    cells["state"] = cells["state"].map(_STATES.index)
    cells["says"] = cells["state"].map(["number", "0", "· silent"].__getitem__)
    cells["label"] = [SHOCKS[s].short for s in cells["shock"]]
    cells["size"] = [SHOCKS[s].size for s in cells["shock"]]
    cells["name"] = [short[c] for c in cells["column"]]
    cells["speaks"] = 1 - (cells["state"] == 2).astype(int)
    for name in ("before", "after", "change"):
        cells[name] = cells[name].astype(float).fillna(0.0)
    cells["change"] = np.where(cells["change"].abs() < 1e-9, 0.0, cells["change"])
    places = ["row", "column", "state", "change", "label", "name", "size", "says"]
    return cells[[*places, "before", "after", "speaks"]]


def _words_in_boxes(short):
    """Draw the cells of the matrix: boxes in the color of the sign, and a number, 0 or a dot."""
    words = (
        "datum.state == 2 ? '·' : datum.state == 1 ? '0' : "
        "datum.change == 0 ? '0.0' : format(datum.change, '+.0f')"
    )
    base = (
        alt.Chart(height=320)
        .transform_calculate(word=words)
        .encode(
            x=alt.X(
                "name:N",
                sort=short,
                title=None,
                # All theories and shocks keep their places, whichever cells are shown.
                scale=alt.Scale(domain=short),
                axis=alt.Axis(
                    orient="top", labelAngle=-90, ticks=False, domain=False, labelOverlap=False
                ),
            ),
            y=alt.Y(
                "label:N",
                sort=_SHOCK_NAMES,
                title=None,
                scale=alt.Scale(domain=_SHOCK_NAMES),
                axis=alt.Axis(**_PLAIN),
            ),
        )
    )
    sign = (
        alt.when("datum.change > 0")
        .then(alt.value(drawing.COLOR["main"]))
        .when("datum.change < 0")
        .then(alt.value(drawing.COLOR["second"]))
        .otherwise(alt.value(drawing.COLOR["quiet"]))
    )
    box = (
        base.transform_filter("datum.state < 2")
        .mark_rect(fillOpacity=0.18, strokeWidth=1)
        .encode(fill=sign, stroke=sign)
    )
    return drawing.layer(
        box,
        base.mark_text(
            fontSize=alt.ExprRef("width < 300 ? 10 : 11"),
            text=alt.ExprRef("width < 300 ? replace(datum.word, '+', '') : datum.word"),
        ),
    )


def which_shock_separates_them(theory=None):
    """Show what two theories say about each shock, and where they say different words.

    Parameters
    ----------
    theory : callable, optional
        Your own theory, to be set against one of the book's: from the conditions of the world to
        a flow.
    """
    own = None if theory is None else _Own(theory)
    said = [[_CODES[compare.sign(shock, t)] for shock in SHOCKS] for t in THEORIES]
    said += [own.codes()] if own else []

    def duel(row, first, second):
        a, b = (pick(who, [pick(row, line) for line in said]) for who in (first, second))
        both = np.where((a < 2) & (b < 2), 1, 0)
        apart = both * np.where(a != b, 1, 0)
        return dict(
            a=a,
            b=b,
            apart=apart,
            count=np.sum(apart),
            agree=np.sum(both * (1 - apart)),
            open=np.sum(1 - both),
        )

    axis = alt.Axis(
        values=[-1, 0, 1, 2],
        labelExpr="['less', '0', 'more', 'silent'][datum.value + 1]",
        labelOverlap=False,
    )
    x = alt.X("a:Q", title=None, scale=alt.Scale(domain=[-1.3, 2.3], nice=False), axis=axis)
    base = alt.Chart(height=300).encode(
        y=alt.Y("label:N", sort=_SHOCK_NAMES, title=None, axis=alt.Axis(**_PLAIN))
    )
    line = (
        base.transform_filter("datum.apart == 1")
        .mark_rule(strokeWidth=3, color=drawing.COLOR["text"])
        .encode(x=x, x2="b:Q")
    )
    big = base.mark_circle(size=190, opacity=1, color=drawing.COLOR["main"]).encode(x=x)
    little = base.mark_circle(size=70, opacity=1, color=drawing.COLOR["second"]).encode(
        x=alt.X("b:Q")
    )
    labels, words = _labels(own), {-1: "less", 0: "no effect", 1: "more", 2: "silent"}
    return Explorer(
        titled("Which shock separates them?", theory, None),
        duel,
        rows={"row": range(11), "label": _SHOCK_NAMES},
        controls=[
            Choice("first", "One theory", options=labels, default=THEORIES["macro"].label),
            Choice("second", "The other", options=labels, default=labels[-1]),
        ],
        chart=drawing.layer(line, big, little),
        sentence=(
            "{first} and {second}: {count:.0f} of 11 shocks separate them, on {agree:.0f} they "
            "agree, on {open:.0f} at least one is silent."
        ),
        caption=(
            "What each theory says: less, 0 (no effect), more, or that it is silent. Large blue "
            "dot: the first theory; small orange dot: the second. A bar: the shock separates them."
        ),
        description=(
            "Eleven rows, one for each shock, with a large blue dot for one theory and a small "
            "orange one for the other, in the columns less, 0, more and silent. A bar joins "
            "the two where they say different words."
        ),
        table={
            "label": "Shock",
            "a": ("One theory says", words),
            "b": ("The other says", words),
        },
    )


def pairs_that_each_shock_separates():
    """Show for each shock how many pairs of theories it separates, and how many in direction."""
    pairs = list(combinations(THEORIES, 2))
    apart, against = {}, {}
    for key in SHOCKS:
        apart[key] = sum(compare.separates(key, a, b) for a, b in pairs)
        words = [{compare.sign(key, a), compare.sign(key, b)} for a, b in pairs]
        against[key] = words.count({"rises", "falls"})
    order = sorted(SHOCKS, key=lambda key: (against[key], apart[key]), reverse=True)
    head = ["Shock", "Pairs separated", "of these: *more* against *less*"]
    lines = [
        [SHOCKS[key].label, *(format_number(n[key], ".0f") for n in (apart, against))]
        for key in order
    ]
    return Markdown(markdown_table(head, lines, {1, 2}))


def how_firm_is_a_sign():
    """Show in what share of random markets a shock brings more, as many, or fewer migrants."""
    kinds = ["more", "exactly 0", "less"]
    rng = np.random.default_rng(2026)
    n = 300
    draws = {
        "k_o": rng.uniform(50, 400, n),
        "k_d": rng.uniform(50, 400, n),
        "a_o": rng.uniform(0.5, 2, n),
        "a_d": rng.uniform(0.5, 2, n),
        "share": rng.uniform(0.2, 0.5, n),
        "u": rng.uniform(0, 1, n),
    }
    draws = {name: np.round(values, 4) for name, values in draws.items()} | {
        "kind": kinds * (n // 3),
        "kind_of": np.arange(n) % 3,
    }

    def robust(k_o, k_d, a_o, a_d, share, u, kind_of, shock, size, highest):
        wage, capital, fare = (1 + np.where(shock == i, size / 100, 0.0) for i in range(3))
        before = macro.resting_point(k_o, k_d, highest * u, share, a_o, a_d)["net"]
        after = macro.resting_point(k_o * capital, k_d, highest * u * fare, share, a_o, a_d * wage)[
            "net"
        ]
        change = np.where(np.abs(after - before) < 1e-9, 0.0, after - before)
        parts = [
            100 * np.mean(np.where(test, 1.0, 0.0))
            for test in (change > 0, change == 0, change < 0)
        ]
        return dict(
            part=pick(kind_of, parts),
            more=parts[0],
            zero=parts[1],
            less=parts[2],
            still=100 * np.mean(np.where(before == 0, 1.0, 0.0)),
        )

    bars = drawing.bars("kind", "part", "Percent of the draws", (0, 115), kinds, None, 130)
    return Explorer(
        "How firm is a sign?",
        robust,
        rows=draws,
        controls=[
            Choice(
                "shock",
                "Shock",
                options=["wage at the destination", "capital at the origin", "cost of moving"],
            ),
            _size_of_shock(default=10),
            Parameter(
                "highest",
                "Highest cost of moving",
                low=0,
                high=1,
                step=0.1,
                default=1,
                format=".0%",
            ),
        ],
        chart=drawing.with_values(bars, "part", ".0f"),
        sentence=(
            "{shock} {size}%: more migrants to the destination in {more:.0f}% of the draws, "
            "exactly as many in {zero:.0f}%, fewer in {less:.0f}%. Before the shock {still:.0f}% "
            "stand inside the band."
        ),
        caption=(
            "Neoclassical market, 300 random draws of capital, technique, capital share and cost."
        ),
        description=(
            "Three horizontal bars, more, exactly 0 and less, of the percentage of random "
            "draws, with their values."
        ),
        draw=np.arange(n) < len(kinds),
        table={"kind": "Change of migrants", "part": ("Percent of the draws", ".1f")},
    )


def _size_of_shock(default):
    """Return the slider of a shock's size, in percent."""
    return Parameter(
        "size",
        "Size of the shock",
        low=-30,
        high=30,
        step=5,
        default=default,
        unit="%",
        format="+.0f",
    )


# What the figures need of the eight theories, and of the reader's if there is one. ----------------


def _labels(own):
    return [t.label for t in THEORIES.values()] + ([own.name] if own else [])


def _short_names(own):
    return [t.short for t in THEORIES.values()] + ([own.name] if own else [])


def _states(own):
    """Return by shock the states of all theories, as positions in `_STATES`."""
    states = {key: [_STATES.index(CLAIMS[key][t].state) for t in THEORIES] for key in SHOCKS}
    for cell in own.cells if own else []:
        states[cell["shock"]].append(_STATES.index(cell["state"]))
    return states


def _changes(own, shock, size):
    """Return the change of each theory under one shock, in percent."""
    return compare.changes(shock, size) + ([own.change(shock, size)] if own else [])


class _World(dict):
    """The conditions that a reader's theory may read; it keeps which of them were read."""

    def __init__(self, world):
        # Newcomers, and workers who come and go, change a wage: a theory of a flow has none.
        super().__init__({key: world[key] for key in SHOCKS if SHOCKS[key].outcome == "flow"})
        self.was_read = set()

    def __getitem__(self, key):
        if key not in self:
            raise StandInError(f"There is no condition {key!r}. Known are {', '.join(self)}.")
        self.was_read.add(key)
        return super().__getitem__(key)


class _Own:
    """The reader's theory: a function of the conditions, as the theories of the book are.

    A condition that it does not read it is silent about. One that it reads and that changes nothing
    counts as a claim of no effect.
    """

    key = "own"

    def __init__(self, function):
        self._checked = stand_in(function, THEORIES["gravity"].outcomes["flow"])
        self.name = getattr(function, "__name__", "yours")
        self._before = self._flow(compare.conditions())
        if self._before == 0:
            raise StandInError(
                f"{self.name} gives 0 before any shock, so that a change in percent has no "
                "meaning. Let it give another number there."
            )
        start = _World(compare.conditions())
        function(start)
        self.cells = [self._cell(key, key in start.was_read) for key in SHOCKS]

    def _flow(self, world):
        return self._checked(_World(world))

    def _cell(self, shock, speaks):
        """Return its cell of the matrix, as `compare.matrix` does."""
        cell = {"shock": shock, "theory": self.key, "state": SILENT}
        if not speaks:
            return cell | {"before": None, "after": None, "change": None}
        after = self._flow(compare.conditions(**{shock: SHOCKS[shock].size}))
        change = compare.percent((self._before, after))
        state = ZERO if abs(change) < 1e-9 else NUMBER
        return cell | {"state": state, "before": self._before, "after": after, "change": change}

    def codes(self):
        """Return what it says about each shock, as `_CODES` has it."""
        words = {SILENT: "silent", ZERO: "no effect"}
        return [
            _CODES[words.get(cell["state"]) or ("rises" if cell["change"] > 0 else "falls")]
            for cell in self.cells
        ]

    def change(self, shock, size):
        """Return its change in percent, as `compare.changes` does for the book's theories."""
        sizes = {key: np.where(shock == i, size, 0.0) for i, key in enumerate(SHOCKS)}
        return compare.percent((self._before, self._flow(compare.conditions(**sizes))))
