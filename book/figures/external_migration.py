"""The figures of the chapter on external migration: windows, parts and breakdowns of a register."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import (
    Choice,
    Explorer,
    Parameter,
    Switch,
    drawing,
    pick,
    show,
    stand_in,
    titled,
)
from explorers.sentences import markdown_table
from explorers.standing_in import StandInError
from IPython.display import Markdown
from migrationlab import data

# Thousand people who left for the CIS in "the past five years", as the article prints it.
CLAIM = 144.4
_EXACT = ["final", "derived"]
# The best status first; the mark is what the rebuilt table puts behind a number.
_MARKS = {"final": "", "derived": " ᵈ", "rounded": " ʳ", "preliminary": " ᵖ"}


# ---- what the register and the World Bank say


def whole_years():
    """Return the register's sums of whole years, in each status in which they were published."""
    return data.load("external_migration").query("period == 'year' and status != 'article'")


def final_net():
    """Return the final net of each year, in persons."""
    final = whole_years().query("direction == 'net' and status == 'final'")
    return final.set_index("year")["persons"]


def best_known():
    """Return persons and their status, by year since 2015 and direction, in the best status."""
    # A final figure where there is one, else the next best.
    whole = whole_years()
    best = whole.assign(rank=whole["status"].map(list(_MARKS).index)).sort_values("rank")
    best = best.drop_duplicates(["year", "direction"])
    values = best.pivot(index="year", columns="direction", values="persons").loc[2015:]
    values = values.astype(float)
    status = best.pivot(index="year", columns="direction", values="status").loc[2015:]
    lacking = values["arrivals"].isna()  # 2016: no count of arrivals, only departures and net
    values.loc[lacking, "arrivals"] = (values["departures"] + values["net"])[lacking]
    status.loc[lacking, "arrivals"] = "derived"
    status.loc[lacking & (status["departures"] == "preliminary"), "arrivals"] = "preliminary"
    return values, status


def printed_in_the_article():
    """Return the article's Table 2 in persons, by year and direction."""
    article = data.load("external_migration").query("status == 'article'")
    return article.pivot(index="year", columns="direction", values="persons")


def part_years():
    """Return the first three, six and nine months of each year since 2018 beside the whole year."""
    names = {"jan-mar": 3, "jan-jun": 6, "jan-sep": 9}
    part = data.load("external_migration")
    part = part.query("period in @names and year >= 2018 and direction != 'net'").copy()
    part["months"] = part["period"].map(names)
    yearly = best_known()[0].stack().rename("whole").reset_index()
    part = part.merge(yearly, on=["year", "direction"]).sort_values(["months", "year"])
    return part.assign(
        part=part["persons"] / 1000,
        whole=part["whole"] / 1000,
        label=part["year"].astype(str),
        came=(part["direction"] == "arrivals").astype(int),
    )


def breakdown(trait, year, period, direction):
    """Return one published breakdown, in thousands and in percent of all movers of the period."""
    rows = data.load("external_profile").query(
        "trait == @trait and year == @year and period == @period and direction == @direction"
    )
    movers = data.load("external_migration").query(
        "year == @year and period == @period and direction == @direction and status != 'article'"
    )
    total = movers["persons"].iloc[0]
    rows = rows[["category", "persons"]].sort_values("persons", ascending=False)
    rest = pd.DataFrame({"category": ["all others"], "persons": [total - rows["persons"].sum()]})
    rows = pd.concat([rows, rest[rest["persons"] > 100]])
    return rows.assign(
        share=100 * rows["persons"] / total,
        total=total / 1000,
        persons=rows["persons"] / 1000,
    )


def _bank_rows():
    """Return the rows of the World Bank's estimate for Kazakhstan."""
    return data.load("country_context").query(
        "country == 'KAZ' and measure == 'net migration, model estimate'"
    )


def world_bank_model():
    """Return the World Bank's model estimate of each year's net, in thousand persons."""
    return _bank_rows().set_index("year")["value"] / 1000


def register_and_model():
    """Return the nets of the register and of the World Bank in the years that both have."""
    both = pd.DataFrame({"register": final_net() / 1000, "bank": world_bank_model()})
    return both.dropna().reset_index()


# ---- the figures, in the order of the chapter


def where_you_start_the_clock(rows=None):
    """Show a net for each year, and what a window of years adds up to.

    Parameters
    ----------
    rows : DataFrame, optional
        Your own series: the columns `year`, without gaps, and `net`, in thousand persons.
    """
    net = final_net()
    book = pd.DataFrame({"year": net.index, "net": net.to_numpy() / 1000})
    own = book if rows is None else rows
    years = stand_in(own, book).sort_values("year")
    if len(years) < 3 or (years["year"].diff().dropna() != 1).any():
        raise StandInError("Your rows need one row for each year, without gaps: at least three.")

    def clock(year, net, first, last):
        start, end = np.minimum(first, last), np.maximum(first, last)
        inside = np.where((year >= start) & (year <= end), 1, 0)
        total = np.sum(inside * net)
        losses = np.sum(np.where((inside == 1) & (net < 0), 1, 0))
        change = np.sum(np.where(year == end, net, 0)) - np.sum(np.where(year == start, net, 0))
        return dict(
            inside=inside,
            start=start,
            end=end,
            years=end - start + 1,
            total=total,
            per_year=total / (end - start + 1),
            losses=losses,
            change=change,
        )

    low, high = int(years["year"].min()), int(years["year"].max())
    first, last = max(low, min(2015, high - 1)), min(high, max(2020, low + 1))
    labels = [year for year in range(low, high) if year % 5 == 0] + [high]
    if rows is None:
        country, final = "Kazakhstan", " All bars are final figures."
        seen = (
            "Upright bars of the net in thousand, one for each year from 2000 to 2024, losses "
            "below zero; the years that you count are blue, the others gray."
        )
        source = data.sources(
            data.load("external_migration").query("direction == 'net' and status == 'final'")
        )
        domain = alt.Scale(domain=[-120, 40], nice=False)
    else:
        country, final = "the country of your rows", ""
        seen = (
            f"Upright bars of your rows, one for each year from {low} to {high}; the years that "
            "you count are blue, the others gray."
        )
        source = "your rows"
        domain = alt.Scale()
    chart = (
        alt.Chart(height=260)
        .mark_bar(width={"band": 0.75})
        .encode(
            alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, values=labels)),
            alt.Y("net:Q", title="Net external migration, thousand", scale=domain),
            color=_counted(),
        )
    )
    return Explorer(
        titled("Where you start the clock", own, book),
        clock,
        rows=years,
        controls=[
            Parameter(
                "first",
                "First year",
                low=low,
                high=high - 1,
                step=1,
                default=first,
                format=".0f",
            ),
            Parameter(
                "last",
                "Last year",
                low=low + 1,
                high=high,
                step=1,
                default=last,
                format=".0f",
            ),
        ],
        chart=chart,
        sentence=(
            f"{{start:.0f}}–{{end:.0f}}: {country} "
            "{total?gained|broke even|lost} {total:abs,.1f} thousand people by external migration, "
            "{per_year:abs,.1f} thousand a year; {losses:.0f} of {years:.0f} years show a loss. "
            "The last year was {change?better|neither better nor worse|worse} than the first "
            "(by {change:abs,.1f} thousand)."
        ),
        caption=(
            "Arrivals from other countries minus departures to them, a bar for each year; blue: "
            f"the years that you count.{final}"
        ),
        description=seen,
        source=source,
        table={
            "year": ("Year", ".0f"),
            "net": ("Net external migration, thousand", "+,.1f"),
            "inside": ("Counted", {0: "no", 1: "yes"}),
        },
    )


def _counted():
    """Color the years that are counted."""
    return (
        alt.when("datum.inside == 1")
        .then(alt.value(drawing.COLOR["main"]))
        .otherwise(alt.value(drawing.COLOR["quiet"]))
    )


def the_articles_table_rebuilt():
    """Show the article's Table 2 beside the register's best figures for the same years."""
    values, status = best_known()
    printed = printed_in_the_article()
    kinds = ["arrivals", "departures", "net"]
    return Markdown(
        markdown_table(
            [
                "Year",
                "Arrivals, article",
                "Departures, article",
                "Net, article",
                "Arrivals",
                "Departures",
                "Net",
            ],
            [
                [
                    str(year),
                    *(show(printed.loc[year, kind] / 1000, ",.1f") for kind in kinds),
                    *(
                        show(values.loc[year, kind], ",.0f") + _MARKS[status.loc[year, kind]]
                        for kind in kinds
                    ),
                ]
                for year in printed.index
            ],
            numeric=range(1, 7),
        )
    )


def round_first_or_subtract_first():
    """Show how far a printed net is off when its parts were rounded before they were subtracted."""
    values, status = best_known()
    known = values[status["arrivals"].isin(_EXACT) & status["departures"].isin(_EXACT)]
    known = known.reset_index()
    known["label"] = known["year"].astype(str)

    def rounding(arrivals, departures, unit, order):
        size = pick(unit, [10, 100, 1000])
        exact = arrivals - departures
        first = np.floor(arrivals / size + 0.5) * size - np.floor(departures / size + 0.5) * size
        after = np.floor(exact / size + 0.5) * size
        printed = np.where(order == 0, first, after)
        error = printed - exact
        return dict(
            printed=printed,
            exact=exact,
            error=error / size,
            worst=np.max(np.abs(error)),
            off=np.sum(np.where(np.abs(printed - after) > 0.5, 1, 0)),
            year_worst=np.max(np.abs(error)) / size,
        )

    halves = [
        alt.Chart()
        .mark_rule(strokeDash=[5, 4], color=drawing.COLOR["quiet"])
        .encode(y=alt.datum(y))
        for y in (-0.5, 0.5)
    ]
    errors = drawing.upright_bars(
        "label", "error", "Error of the net, in units of the last digit", (-1, 1), height=220
    )
    return Explorer(
        "Round first or subtract first",
        rounding,
        rows=known[["label", "arrivals", "departures"]],
        controls=[
            Choice(
                "unit",
                "Round to",
                options=("tens", "hundreds (0.1 thousand)", "thousands"),
                default="hundreds (0.1 thousand)",
            ),
            Choice(
                "order",
                "What comes first",
                options=("round, then subtract", "subtract, then round"),
            ),
        ],
        chart=drawing.layer(errors, *halves),
        sentence=(
            f"{{off:.0f}} of {len(known)} nets differ from the correctly rounded one. "
            "The largest error is {worst:.0f} persons, {year_worst:.2f} units of the last printed "
            "digit."
        ),
        caption=(
            "Printed net minus exact net in the years whose arrivals and departures are known to "
            "the person. Dashed: half a unit, the most that a correctly rounded number can be off."
        ),
        description=(
            "Upright bars, one for each year, of the printed net minus the exact one, in units "
            "of the last printed digit; dashed level lines at plus and minus half a unit."
        ),
        source=data.sources(data.load("external_migration").query("status in @_EXACT")),
        table={
            "label": "Year",
            "exact": ("Exact net, persons", "+,.0f"),
            "printed": ("Printed net, persons", "+,.0f"),
            "error": ("Error, units of the last digit", "+.2f"),
        },
    )


def figure_1_and_what_came_after():
    """Show arrivals and departures from 2015 to a year that can be moved beyond the article's."""
    values, status = best_known()
    flows = pd.concat(
        [
            pd.DataFrame(
                {
                    "year": values.index,
                    "persons": values[kind] / 1000,
                    "status": status[kind],
                    "direction": kind,
                    "came": int(kind == "arrivals"),
                    "left": int(kind == "departures"),
                }
            )
            for kind in ("arrivals", "departures")
        ],
        ignore_index=True,
    )
    flows["weak"] = np.where(
        flows["status"].isin(["rounded", "preliminary"]), "rounded or preliminary", "exact"
    )

    def figure_1(year, persons, came, left, last):
        shown = np.where(year <= last, 1, 0)
        now = np.where(year == last, 1, 0)
        arrivals, departures = np.sum(now * came * persons), np.sum(now * left * persons)
        top = np.max(left * shown * persons)
        return dict(
            shown=shown,
            arrivals=arrivals,
            departures=departures,
            gap=arrivals - departures,
            of_peak=100 * departures / top,
            line=persons * shown,
        )

    return Explorer(
        "Figure 1 and what came after",
        figure_1,
        rows=flows,
        controls=[
            Parameter(
                "last", "Last year shown", low=2016, high=2025, step=1, default=2020, format=".0f"
            )
        ],
        chart=_two_lines(),
        draw="shown",
        sentence=(
            "In {last} {arrivals:,.1f} thousand people came and {departures:,.1f} thousand left: a "
            "net {gap?gain|of zero|loss} of {gap:abs,.1f} thousand. Departures stood at "
            "{of_peak:.0f}% of the highest year shown."
        ),
        caption=(
            "External arrivals and departures, 2015 to the year you choose. Filled: exact figures; "
            "rings: rounded or preliminary."
        ),
        description=(
            "Two lines from 2015 to the year that you set, in thousand persons a year: blue "
            "for arrivals, orange for departures. A full dot is an exact figure, a ring a "
            "rounded or preliminary one."
        ),
        source=data.sources(
            data.load("external_migration").query("year >= 2015 and period == 'year'")
        ),
        table={
            "year": ("Year", ".0f"),
            "direction": "Direction",
            "persons": ("Thousand persons a year", ",.1f"),
            "status": "Status",
        },
    )


def _two_lines():
    """Draw a line for each direction, with full dots where the figure is exact, else rings."""
    x = _years(2014.5, 2025.5)
    y = alt.Y(
        "line:Q", title="Thousand persons a year", scale=alt.Scale(domain=[0, 50], nice=False)
    )
    color = alt.Color(
        "direction:N",
        sort=None,
        legend=alt.Legend(orient="bottom"),
        scale=alt.Scale(range=[drawing.COLOR["main"], drawing.COLOR["second"]]),
    )
    base = alt.Chart(height=270).encode(x=x, y=y)
    fill = alt.when("datum.weak == 'exact'").then(alt.value(1)).otherwise(alt.value(0))
    rings = base.mark_point(filled=False, size=45, strokeWidth=2).encode(color=color)
    full = base.mark_circle(size=60).encode(color=color, opacity=fill)
    return drawing.layer(base.mark_line().encode(color=color), rings, full)


def _years(low, high):
    """Lay years on the x axis as a scale of numbers."""
    return alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(format="d", tickCount=6),
    )


def january_to_september_sold_as_a_year():
    """Show the first months of each year, as they are or stretched, against the whole year."""
    part = part_years()
    columns = part.rename(columns={"months": "length"})[
        ["label", "direction", "length", "part", "whole", "came"]
    ]

    def part_year(part, whole, length, came, months, who, stretch):
        shown = np.where((length == months) & (came == who), 1, 0)
        value = np.where(stretch == 1, part * 12 / length, part)
        error = 100 * (value / whole - 1)
        low = np.min(np.where(shown == 1, error, 999))
        high = np.max(np.where(shown == 1, error, -999))
        return dict(shown=shown, value=value, error=error, low=low, high=high, n=np.sum(shown))

    scale = alt.Scale(domain=[0, 50], nice=False)
    only = alt.Chart(height=230).encode(alt.X("label:O", title=None, axis=alt.Axis(labelAngle=0)))
    parts = only.mark_bar(width={"band": 0.6}, color=drawing.COLOR["main"])
    wholes = only.mark_tick(
        thickness=4, color=drawing.COLOR["second"], opacity=1, width={"band": 0.9}
    )
    return Explorer(
        "January to September sold as a year",
        part_year,
        rows=columns,
        controls=[
            Parameter(
                "months",
                "Months counted, from January",
                low=3,
                high=9,
                step=3,
                default=9,
                unit="months",
                format=".0f",
            ),
            Choice("who", "Count", options=("departures", "arrivals")),
            Switch("stretch", "Multiply by 12 / months", default=False),
        ],
        chart=drawing.layer(
            parts.encode(alt.Y("value:Q", title="Thousand persons", scale=scale)),
            wholes.encode(alt.Y("whole:Q", scale=scale)),
        ),
        draw="shown",
        sentence=(
            "In {n:.0f} years the first {months} months of {who} can be set beside the year. "
            "{stretch?Stretched to twelve months|Taken as they are|Taken as they are}, they miss "
            "the year by {low:+.0f}% to {high:+.0f}%."
        ),
        caption=(
            "Blue: the part of the year. Orange: the whole year. Parts are preliminary or rounded; "
            "2025 is preliminary throughout."
        ),
        description=(
            "Blue upright bars, one for each year, of the first months in thousand persons, as "
            "they are or stretched to twelve months; an orange stroke on each for the whole "
            "year."
        ),
        source=data.sources(part),
        table={
            "label": "Year",
            "direction": "Direction",
            "length": ("Months counted", ".0f"),
            "part": ("These months, thousand", ",.1f"),
            "value": ("Bar, thousand", ",.1f"),
            "whole": ("Whole year, thousand", ",.1f"),
            "error": ("Error of the bar, %", "+.0f"),
        },
    )


# Title of each published breakdown, and what finds it.
_BREAKDOWNS = {
    "Leavers of 2019 by ethnicity": ("ethnicity", 2019, "year", "departures"),
    "Arrivals of 2019 by ethnicity": ("ethnicity", 2019, "year", "arrivals"),
    "Leavers, January–September 2019, from city or village": (
        "settlement",
        2019,
        "jan-sep",
        "departures",
    ),
    "Leavers, January–September 2019, by age": ("age", 2019, "jan-sep", "departures"),
    "Arrivals, January–September 2019, by age": ("age", 2019, "jan-sep", "arrivals"),
    "Leavers of 2019 by destination": ("bloc", 2019, "year", "departures"),
    "Arrivals of 2019 by origin": ("bloc", 2019, "year", "arrivals"),
}


# The same in few words, for the list of choices.
_SHORT_NAMES = (
    "leavers by ethnicity",
    "arrivals by ethnicity",
    "leavers, city or village",
    "leavers by age",
    "arrivals by age",
    "leavers by destination",
    "arrivals by origin",
)


def who_leaves_and_who_comes():
    """Show one published breakdown of leavers or arrivals at a time, in percent or in persons."""
    who = pd.concat(
        [
            breakdown(*entry).assign(title=title, set=i)
            for i, (title, entry) in enumerate(_BREAKDOWNS.items())
        ],
        ignore_index=True,
    )
    who = who[["category", "persons", "title", "share", "total", "set"]]
    who["place"] = np.arange(len(who))
    starts = [int(np.flatnonzero(who["set"] == i)[0]) for i in range(len(_BREAKDOWNS))]

    def who_moves(set, share, persons, total, view, count):
        shown = np.where(set == view, 1, 0)
        height = np.where(count == 1, 100 * persons / 46, share)
        top = pick(view, starts)
        return dict(shown=shown, height=height, top=top, big=np.where(shown == 1, share, 0))

    # The order of the rows, whatever a filter does.
    order = alt.EncodingSortField(field="place", op="min")
    y = alt.Y("category:N", title=None, sort=order, axis=alt.Axis(ticks=False, domain=False))
    x = alt.X("height:Q", scale=alt.Scale(domain=[0, 150], nice=False), axis=None)
    words = "format(datum.share, '.0f') + '% · ' + format(datum.persons, '.1f')"
    filtered = alt.Chart(height=210).transform_calculate(text=words)
    bars = filtered.mark_bar().encode(y=y, x=x)
    labels = filtered.mark_text(align="left", dx=6).encode(y=y, x=alt.X("height:Q"), text="text:N")
    return Explorer(
        "Who leaves and who comes",
        who_moves,
        rows=who,
        controls=[
            Choice("view", "Show", options=_SHORT_NAMES),
            Switch("count", "Draw persons, not shares", default=False),
        ],
        chart=drawing.layer(bars, labels),
        draw="shown",
        sentence=(
            "{title[top]}: {category[top]} make {share[top]:.0f}%, {persons[top]:,.1f} of "
            "{total[top]:,.1f} thousand. {count?The bars show persons; the longest possible stands "
            "for 46 thousand.|The bars show shares.|The bars show shares.}"
        ),
        caption=(
            "Published breakdowns of external migration; percent and thousand persons beside each "
            "bar. “All others” is what the published groups leave over; for age it holds the "
            "pensioners."
        ),
        description=(
            "Horizontal bars, one for each group of the breakdown that you choose, the largest "
            "first and all others last; percent and thousand persons stand beside each."
        ),
        source=data.sources(data.load("external_profile").query("year == 2019")),
        table={
            "category": "Group",
            "title": "Of whom",
            "persons": ("Thousand persons", ",.1f"),
            "share": ("Share, %", ".0f"),
        },
    )


def which_five_years():
    """Show the article's departures, and what share of them in a window its number would be."""
    printed = printed_in_the_article()
    table_2 = pd.DataFrame(
        {
            "year": printed.index,
            "label": printed.index.astype(str),
            "departures": printed["departures"] / 1000,
        }
    )

    def window(year, departures, first, last):
        start, end = np.minimum(first, last), np.maximum(first, last)
        inside = np.where((year >= start) & (year <= end), 1, 0)
        total = np.sum(inside * departures)
        return dict(
            inside=inside,
            start=start,
            end=end,
            years=end - start + 1,
            total=total,
            share=100 * CLAIM / total,
        )

    bars = drawing.upright_bars("label", "departures", "Departures, thousand", (0, 50), height=220)
    return Explorer(
        "Which five years",
        window,
        rows=table_2,
        controls=[
            Parameter(
                "first", "First year", low=2015, high=2020, step=1, default=2016, format=".0f"
            ),
            Parameter(
                "last",
                "Last year",
                low=2015,
                high=2020,
                step=1,
                default=2020,
                format=".0f",
                time=True,
            ),
        ],
        chart=bars.encode(color=_counted()),
        sentence=(
            "{start:.0f}–{end:.0f}, {years:.0f} years: {total:,.1f} thousand people left for all "
            "countries. 144.4 thousand would be {share:.0f}% of them; the article prints 89%."
        ),
        caption="Departures as printed in the article's Table 2; blue: the years that you add up.",
        description=(
            "Six upright bars of departures in thousand, one for each year from 2015 to 2020; "
            "the years that you add up are blue, the others gray."
        ),
        source=data.sources(data.load("external_migration").query("status == 'article'")),
        table={
            "label": "Year",
            "departures": ("Departures, thousand", ",.1f"),
            "inside": ("Added up", {0: "no", 1: "yes"}),
        },
    )


def a_model_against_a_register():
    """Show the register's net and the World Bank's estimate, and what each adds up to."""

    def against(year, register, bank, first):
        used = np.where(year >= first, 1, 0)
        now = np.where(year == first, 1, 0)
        return dict(
            used=used,
            here_register=np.sum(now * register),
            here_bank=np.sum(now * bank),
            apart=np.sum(now * np.abs(bank - register)),
            years=np.sum(used),
            sum_register=np.sum(used * register),
            sum_bank=np.sum(used * bank),
        )

    return Explorer(
        "A model against a register",
        against,
        rows=register_and_model(),
        controls=[
            Parameter(
                "first", "Add up from", low=2000, high=2021, step=1, default=2000, format=".0f"
            )
        ],
        chart=drawing.layer(*_line_and_dots("register", "main"), *_line_and_dots("bank", "second")),
        sentence=(
            "{first}: register {here_register:+,.1f}, World Bank {here_bank:+,.1f} thousand, "
            "{apart:,.1f} apart. From {first} to 2021 the register adds up to {sum_register:+,.0f} "
            "thousand, the World Bank to {sum_bank:+,.0f}."
        ),
        caption=(
            "Blue: the Bureau's register. Orange: the World Bank's model estimate, vintage of "
            "2022–23. Dots: the years added up."
        ),
        description=(
            "Two lines of net migration in thousand, from 2000 to 2021: blue for the register, "
            "orange for the estimate of the World Bank; dots mark the years that are added up."
        ),
        source=data.sources(
            _bank_rows(), data.load("external_migration").query("status == 'final'")
        ),
        table={
            "year": ("Year", ".0f"),
            "register": ("Register, thousand", "+,.1f"),
            "bank": ("World Bank, thousand", "+,.1f"),
            "used": ("Added up", {0: "no", 1: "yes"}),
        },
    )


def _line_and_dots(name, color):
    """Draw a line, with dots in the years that are added up."""
    base = alt.Chart(height=260).encode(
        x=_years(1999.5, 2021.5),
        y=alt.Y(
            f"{name}:Q",
            title="Net migration, thousand",
            scale=alt.Scale(domain=[-120, 40], nice=False),
        ),
    )
    dots = base.transform_filter("datum.used == 1").mark_circle(
        size=55, opacity=1, color=drawing.COLOR[color]
    )
    return [base.mark_line(color=drawing.COLOR[color]), dots]
