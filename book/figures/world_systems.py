"""The figures of the chapter on world systems: investment, ties, borders, workers, the curve."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, drawing, pick, show, stand_in, titled
from explorers.sentences import markdown_table
from IPython.display import Markdown
from migrationlab import data
from migrationlab.models import neoclassical_macro as macro
from migrationlab.models import world_systems as world
from migrationlab.models.world_systems import PARAMETERS

# The two regions of the chapter on wages, as they are there before anything changes.
CAPITAL_AT_ORIGIN = macro.PARAMETERS["capital_origin"].default
CAPITAL_AT_DESTINATION = CAPITAL_AT_ORIGIN * macro.PARAMETERS["capital_ratio"].default
COST = macro.PARAMETERS["cost"].default
# The periods for which departures by country were published, and what to call them.
_PERIODS = [
    (2019, "jan-sep"),
    (2020, "jan-sep"),
    (2022, "jan-jun"),
    (2023, "jan-sep"),
    (2024, "year"),
]
_MONTHS = {"jan-sep": "January–September", "jan-jun": "January–June"}
_WORKERS = {"CHN": "China", "TUR": "Turkey", "UZB": "Uzbekistan"}


# ---- what the register, the World Bank and the permits say


def departures():
    """Return registered departures by year, period and country, in persons."""
    return _moves("departures")


def arrivals():
    """Return registered arrivals by year, period and country, in persons."""
    return _moves("arrivals")


def _moves(direction):
    moves = data.load("external_by_country").query("direction == @direction")
    return moves.set_index(["year", "period", "country"])["persons"]


def incomes(measured="Atlas"):
    """Return income per head by year and country; measured by the Atlas method or at "parity"."""
    table = _income_table(measured)
    return table.set_index(["year", "country"])["value"]


def _income_table(measured):
    context = data.load("country_context")
    return context[context["measure"].str.contains(measured)]


def russia_and_germany():
    """Return leavers to Russia for each to Germany, and the ratio of their incomes, by period."""
    out, income = departures(), incomes()
    return pd.DataFrame(
        {
            "leavers": [out[y, p, "RUS"] / out[y, p, "DEU"] for y, p in _PERIODS],
            "income": [income[y, "RUS"] / income[y, "DEU"] for y, _ in _PERIODS],
            "when": [f"{_MONTHS[p]} {y}" if p in _MONTHS else f"{y}" for y, p in _PERIODS],
        },
        index=pd.MultiIndex.from_tuples(_PERIODS, names=["year", "period"]),
    )


def workers_and_movers():
    """Return workers with a permit, people who came and people who left, by country."""
    out, came = departures(), arrivals()
    permits = (
        data.load("foreign_labor")
        .query("concept == 'stock' and by == 'country' and date == '2023-09-01'")
        .set_index("category")["persons"]
    )
    # Departures to Uzbekistan are published for another period than those to the other two.
    left_in = {"CHN": (2023, "jan-sep"), "TUR": (2023, "jan-sep"), "UZB": (2022, "jan-jun")}
    return pd.DataFrame(
        {
            "permits": [float(permits[c]) for c in _WORKERS],
            "came": [float(came[2022, "jan-jun", c]) for c in _WORKERS],
            "left": [float(out[*left_in[c], c]) for c in _WORKERS],
        },
        index=list(_WORKERS),
    )


# ---- investment


def neoclassical_leavers(change):
    """Return how many leave by the neoclassical theory, for 100 before; capital changes by a %."""
    before = macro.resting_point(CAPITAL_AT_ORIGIN, CAPITAL_AT_DESTINATION, COST)["net"]
    capital = CAPITAL_AT_ORIGIN * (1 + change / 100)
    return 100 * macro.resting_point(capital, CAPITAL_AT_DESTINATION, COST)["net"] / before


def which_way_does_investment_push(uprooted=world.uprooted):
    """Show how many leave by two theories, for each change of foreign capital at the origin.

    Parameters
    ----------
    uprooted : callable
        The share of the people who lose their old living, from the foreign capital at the origin,
        as `world.uprooted` gives it. Where it is 0 before the change, there is nobody to compare
        with.
    """
    own, uprooted = uprooted, stand_in(uprooted, world.uprooted)

    def structural_leavers(change, exposure):
        effect = world.after_investment(change / 100, exposure)
        if own is world.uprooted:
            return 100 * effect["total"]
        before = np.maximum(uprooted(exposure), 1e-9)
        return 100 * effect["link"] * uprooted(exposure * (1 + change / 100)) / before

    def which_way(change, structural, investment, exposure):
        market, structure = neoclassical_leavers(change), structural_leavers(change, exposure)
        m, s = neoclassical_leavers(investment), structural_leavers(investment, exposure)
        return dict(
            leavers=np.where(structural == 1, structure, market),
            at=investment + 0 * change,
            now=np.where(structural == 1, s, m),
            market=m,
            structure=s,
        )

    changes, theories = np.arange(-20.0, 51, 2), ["neoclassical", "world systems"]
    # A reader's theory may leave the frame of the book's.
    inside = {} if own is world.uprooted else dict(clip=True)
    two = (
        alt.Chart(height=290)
        .mark_line(strokeWidth=3, **inside)
        .encode(
            x=alt.X(
                "change:Q",
                title="Change of foreign capital in the origin, %",
                scale=alt.Scale(domain=[-20, 50], nice=False),
            ),
            y=alt.Y(
                "leavers:Q",
                title="Leavers (before = 100)",
                scale=alt.Scale(domain=[0, 260], nice=False),
            ),
            color=alt.Color(
                "theory:N", sort=theories, legend=alt.Legend(orient="bottom", columns=2)
            ),
        )
    )
    dots = (
        two.transform_filter("datum.first")
        .mark_circle(size=140, opacity=1, **inside)
        .encode(x="at:Q", y="now:Q")
    )
    return Explorer(
        titled("Which way does investment push?", own, world.uprooted),
        which_way,
        rows={
            "change": np.tile(changes, 2),
            "structural": np.repeat([0, 1], len(changes)),
            "first": np.tile(changes == -20, 2),
            "theory": np.repeat(theories, len(changes)),
        },
        controls=PARAMETERS.choose("investment", "exposure"),
        chart=drawing.layer(two, drawing.rule(x="at"), dots),
        sentence=(
            "Foreign capital in the origin {investment}%: of 100 who left before, {market:.0f} "
            "leave by the neoclassical theory and {structure:.0f} by that of world systems."
        ),
        caption="People who leave the origin, for 100 who left before the change.",
        description=(
            "Two lines of the leavers, for 100 before, over the change of foreign capital in "
            "the origin: blue for the neoclassical theory, orange for world systems. They "
            "cross at no change; a dashed rule and a dot on each line mark the change that you "
            "set."
        ),
        table={
            "theory": "Theory",
            "change": ("Change of foreign capital, %", "+.0f"),
            "leavers": ("Leavers (before = 100)", ".0f"),
        },
    )


# ---- ties


def tie_or_wage():
    """Show what a tie and a gap of incomes make of the departures to Russia and to Germany."""
    periods = russia_and_germany()
    ratios, incomes_of_periods = periods["leavers"].tolist(), periods["income"].tolist()

    def compare(row, b_tie, b_wage, period):
        observed, gap = pick(period, ratios), pick(period, incomes_of_periods)
        tie, pay = (
            world.flow(tie=1, b_tie=b_tie) / world.flow(),
            world.flow(wage_ratio=gap, b_wage=b_wage) / world.flow(),
        )
        rest = observed / (tie * pay)
        return dict(
            factor=pick(row, [tie, pay, tie * pay, observed]),
            tie=tie,
            pay=pay,
            both=tie * pay,
            observed=observed,
            rest=rest,
            gap=gap,
            sure=np.abs(np.log(rest)),
        )

    what = ["tie alone", "wages alone", "both", "observed"]
    base = alt.Chart(height=190).encode(
        y=alt.Y("what:N", sort=what, title=None, axis=alt.Axis(**drawing.PLAIN_AXIS)),
        x=alt.X(
            "factor:Q",
            title="To Russia for each to Germany",
            axis=alt.Axis(values=[0.2, 1, 5, 20, 100], format="~g"),
            scale=alt.Scale(type="log", domain=[0.025, 3000], nice=False),
        ),
    )
    color = (
        alt.when("datum.last == 1")
        .then(alt.value(drawing.COLOR["second"]))
        .otherwise(alt.value(drawing.COLOR["main"]))
    )
    stick = base.mark_rule(strokeWidth=3).encode(x2=alt.datum(1), color=color)
    dot = base.mark_circle(size=140, opacity=1).encode(color=color)
    # Beside the dot, away from the stick.
    value = base.mark_text(
        align=alt.expr("datum.factor < 1 ? 'right' : 'left'"),
        dx=alt.expr("datum.factor < 1 ? -10 : 10"),
    ).encode(text=alt.Text("factor:Q", format=".2f"))
    return Explorer(
        "Tie or wage?",
        compare,
        rows={"row": range(4), "what": what, "last": [0, 0, 0, 1]},
        controls=[
            *PARAMETERS.choose("b_tie", "b_wage"),
            Choice(
                "period",
                "Period",
                # The year first: a narrow list shows the beginning.
                options=[f"{y}, {_MONTHS[p]}" if p in _MONTHS else f"{y}" for y, p in _PERIODS],
            ),
        ],
        chart=drawing.layer(stick, dot, value),
        sentence=(
            "{period}: observed {observed:.1f} to 1, income per head {gap:.2f} to 1. The tie makes "
            "{tie:.2f}, wages {pay:.2f}, both {both:.2f}. All else must bring a factor of "
            "{rest:.1f}."
        ),
        caption=(
            "Registered departures to Russia for each one to Germany, and what the tie and the "
            "wage gap would make, alone and together. On the axis each step multiplies."
        ),
        description=(
            "Four dots on an axis of factors on which each step multiplies: the tie alone, "
            "wages alone, both, and, in orange, what was observed. A line joins each to one; "
            "its value is printed beside it."
        ),
        source=data.sources(
            data.load("external_by_country").query(
                "direction == 'departures' and country in ['RUS', 'DEU']"
            ),
            _income_table("Atlas"),
        ),
        table={"what": "What", "factor": ("To Russia for each to Germany", ".2f")},
    )


def born_on_the_other_side(movers=world.movers_alive):
    """Show people counted as migrants since there is a border, and those who crossed it.

    Parameters
    ----------
    movers : callable
        The people on the other side in each year, called as `world.movers_alive` is.
    """
    own, movers = movers, stand_in(movers, world.movers_alive)
    border_at = world.BORDER_YEAR - world.FIRST_YEAR

    def border(year, crossing, before, after, loss):
        way = movers(before, after, loss / 100)
        at = year - world.FIRST_YEAR
        stock = np.where(crossing == 1, pick(at, way["crossed"]), pick(at, way["counted"]))
        return dict(
            stock=stock,
            end=way["counted"][-1],
            crossed=way["crossed"][-1],
            jump=way["counted"][border_at] - after,
            share=100 * way["crossed"][-1] / np.maximum(way["counted"][-1], 1e-9),
        )

    years = np.arange(world.FIRST_YEAR, world.LAST_YEAR + 1)
    what = ["born on the other side", "moved across a border"]
    two = (
        alt.Chart(height=270)
        .mark_line(strokeWidth=3, clip=True)
        .encode(
            x=alt.X(
                "year:Q",
                title=None,
                scale=alt.Scale(domain=[1950, 2020], nice=False),
                axis=alt.Axis(format="d", tickCount=5),
            ),
            y=alt.Y(
                "stock:Q", title="Thousand people", scale=alt.Scale(domain=[0, 3000], nice=False)
            ),
            color=alt.Color("what:N", sort=what, legend=alt.Legend(orient="bottom", columns=1)),
        )
    )
    return Explorer(
        titled("Born on the other side", own, world.movers_alive),
        border,
        rows={
            "year": np.tile(years, 2),
            "crossing": np.repeat([0, 1], len(years)),
            "what": np.repeat(what, len(years)),
        },
        controls=PARAMETERS.choose("before", "after", "loss"),
        chart=two,
        sentence=(
            "In 1991 the count jumps by {jump:,.0f} thousand, and not one of them moves. In 2020 "
            "it stands at {end:,.0f} thousand; {crossed:,.0f} of them ({share:.0f}%) crossed a "
            "border when they moved."
        ),
        caption=(
            "A didactic pair of places in one state until 1991. People who live on the other side "
            "from where they were born, counted as migrants once there is a border."
        ),
        description=(
            "Two lines from 1950 to 2020, in thousand people: blue for those born on the other "
            "side, who are counted from 1991 on; orange for those who moved across a border."
        ),
        table={"what": "Count", "year": ("Year", ".0f"), "stock": ("Thousand people", ",.0f")},
    )


# ---- workers and leavers


def who_follows_the_capital():
    """Show workers with a permit, people who came and people who left, for one country."""
    counts = workers_and_movers()

    def two_kinds(row, country):
        posted, gone, settled = (
            pick(country, counts[count].tolist()) for count in ("permits", "left", "came")
        )
        value = pick(row, [posted, settled, gone])
        return dict(
            value=value,
            length=value / np.maximum(np.maximum(posted, settled), gone),
            posted=posted,
            gone=gone,
            settled=settled,
            times=posted / gone,
        )

    what = ["workers with a permit", "came to live here", "left to live there"]
    bars = drawing.bars("what", "length", None, (0, 1.4), what, "against", 150)
    bars.encoding.x.axis, bars.encoding.y.axis = None, alt.Axis(**drawing.PLAIN_AXIS)
    return Explorer(
        "Who follows the capital?",
        two_kinds,
        rows={"row": range(3), "what": what, "against": [0, 0, 1]},
        controls=[Choice("country", "Country", options=_WORKERS.values())],
        chart=drawing.with_values(bars, "value", ",.0f"),
        sentence=(
            "{country}: {posted:,.0f} workers with a permit in Kazakhstan; {settled:,.0f} people "
            "registered as having come to live here, {gone:,.0f} as having left to live there."
        ),
        caption=(
            "The longest bar has the same length for each country. Three counts that cannot be "
            "added: a stock on 1 September 2023; arrivals of January–June 2022; departures of "
            "January–September 2023 (Uzbekistan: January–June 2022). Orange: people who go to the "
            "country, against the direction of its capital, if it has some here."
        ),
        description=(
            "Three horizontal bars with their counts: blue for workers with a permit and for "
            "people who came to live here, orange for those who left. The longest has the same "
            "length for each country."
        ),
        source=data.sources(
            data.load("foreign_labor").query("date == '2023-09-01'"),
            data.load("external_by_country").query("year in [2022, 2023]"),
        ),
        table={"what": "Count", "value": ("Persons", ",.0f")},
    )


def departures_by_country():
    """Show departures to three countries in five periods, and the ratio of two incomes."""
    out = departures()

    def counted(year, period, country):
        known = (year, period, country) in out.index
        return show(out[year, period, country], ",.0f") if known else "·"

    lines = [
        [
            row["when"],
            *(counted(*period, country) for country in ("RUS", "DEU", "USA")),
            show(row["leavers"], ".1f"),
            show(row["income"], ".2f"),
        ]
        for period, row in russia_and_germany().iterrows()
    ]
    head = [
        "Period",
        "Russia",
        "Germany",
        "United States",
        "Russia / Germany",
        "Income per head, Russia / Germany",
    ]
    return Markdown(markdown_table(head, lines, numeric=range(1, 6)))


# ---- the curve


def where_the_curve_bends():
    """Show how the flow grows with foreign capital, with its link held still or growing along."""

    def bend(exposure, moving, uprooting, b_link):
        def flow(k):
            return world.flow(k, np.where(moving == 1, k, 1.0), uprooting=uprooting, b_link=b_link)

        top = world.flow(1.5, np.where(moving == 1, 1.5, 1.0), uprooting=uprooting, b_link=b_link)
        full = flow(exposure) / top
        half = world.uprooted(0.25, uprooting) / world.uprooted(1.5, uprooting)
        return dict(share=full, half=100 * half, moved=100 * half * (0.25 / 1.5) ** b_link)

    grid = np.round(np.arange(0.0, 1.501, 0.025), 3)
    what = ["link held still", "link grows along"]
    two = (
        alt.Chart(height=260)
        .mark_line(strokeWidth=3)
        .encode(
            x=alt.X(
                "exposure:Q",
                title="Foreign capital, years of output",
                scale=alt.Scale(domain=[0, 1.5], nice=False),
            ),
            y=alt.Y(
                "share:Q",
                title="Flow, share of that at 1.5",
                scale=alt.Scale(domain=[0, 1], nice=False),
            ),
            color=alt.Color("what:N", sort=what, legend=alt.Legend(orient="bottom", columns=2)),
        )
    )
    return Explorer(
        "Where the curve bends",
        bend,
        rows={
            "exposure": np.tile(grid, 2),
            "moving": np.repeat([0, 1], len(grid)),
            "what": np.repeat(what, len(grid)),
        },
        controls=[
            PARAMETERS["uprooting"].replace(low=0.5),
            PARAMETERS["b_link"].replace(low=0.05),
        ],
        chart=two,
        sentence=(
            "With capital of a quarter of a year's output the flow is {half:.0f}% of that at one "
            "and a half, if the link is held still, and {moved:.0f}% if it grows along."
        ),
        caption=(
            "Flow by foreign capital in the origin, each curve as a share of its own right end."
        ),
        description=(
            "Two curves of the flow over foreign capital in years of output, each as a share "
            "of its own right end: blue with the link held still, orange with a link that "
            "grows along. Both rise to one at the right."
        ),
        table={
            "what": "Case",
            "exposure": ("Foreign capital, years of output", ".3f"),
            "share": ("Flow, share of that at 1.5", ".3f"),
        },
    )
