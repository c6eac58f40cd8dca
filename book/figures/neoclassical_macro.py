"""The figures of the chapter on two labor markets: the gap, the band, the gains, the regions."""

import functools

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, Parameter, Switch, drawing, pick, stand_in, titled
from migrationlab import data
from migrationlab.models import neoclassical_macro as macro
from migrationlab.models.neoclassical_macro import PARAMETERS

# Atyrau and Mangystau.
OIL_REGIONS = ["KZ-23", "KZ-47"]


def _dashed(**place):
    """Draw a quiet dashed line at one value of an axis."""
    return alt.Chart().mark_rule(strokeDash=[5, 4], color=drawing.COLOR["quiet"]).encode(**place)


def close_the_gap(wage=macro.wage):
    """Show the wages at both ends of a move, and the gap at which nobody else gains by moving.

    Parameters
    ----------
    wage : callable
        What a worker earns, from productivity, capital and labor, as `macro.wage` gives it.
    """
    own, wage = wage, stand_in(wage, macro.wage)
    if own is macro.wage:
        resting_point, workers = macro.resting_point, np.arange(50.0, 181, 5)
        across, upward = dict(domain=[50, 180]), dict(domain=[0.4, 1.5])
    else:
        # Another wage may end anywhere, in any unit.
        resting_point, workers = functools.partial(_rest, wage), np.arange(5.0, 196, 5)
        across, upward = dict(domain=[0, 200]), dict(zero=False)

    def close(workers, destination, cost, capital_ratio):
        r = resting_point(100.0, 100.0 * capital_ratio, cost)
        w = np.where(
            destination == 1,
            wage(1.0, 100.0 * capital_ratio, workers),
            wage(1.0, 100.0, 200.0 - workers),
        )
        end = np.where(destination == 1, r["wage_destination"], r["wage_origin"])
        return dict(
            wage=w,
            end=end,
            at=r["labor_destination"],
            movers=r["net"],
            low=r["wage_origin"],
            high=r["wage_destination"],
            left=100 * np.abs(np.expm1(np.abs(r["gap"]))),
            start=100 * np.expm1(np.abs(r["gap_start"])),
        )

    ends = ["destination", "origin"]
    curves = (
        alt.Chart(height=300)
        .mark_line()
        .encode(
            x=alt.X(
                "workers:Q",
                title="Workers at the destination (of 200)",
                scale=alt.Scale(**across, nice=False),
                axis=alt.Axis(tickCount=6),
            ),
            y=alt.Y("wage:Q", title="Wage", scale=alt.Scale(**upward, nice=False)),
            color=alt.Color("region:N", sort=ends, legend=alt.Legend(orient="bottom", columns=2)),
        )
    )
    begin = (
        alt.Chart()
        .mark_rule(strokeDash=[2, 3], color=drawing.COLOR["quiet"])
        .encode(x=alt.datum(100))
    )
    dots = (
        curves.transform_filter("datum.first")
        .mark_circle(size=120, opacity=1)
        .encode(x="at:Q", y="end:Q")
    )
    bridge = (
        alt.Chart()
        .mark_rule(color=drawing.COLOR["text"], strokeWidth=2)
        .encode(x="mean(at):Q", y="mean(low):Q", y2="mean(high):Q")
    )
    return Explorer(
        titled("Close the gap", own, macro.wage),
        close,
        rows={
            "workers": np.tile(workers, 2),
            "destination": np.repeat([1, 0], len(workers)),
            "region": np.repeat(ends, len(workers)),
            "first": np.tile(workers == 100, 2),
        },
        controls=PARAMETERS.choose("cost", "capital_ratio"),
        chart=drawing.layer(curves, begin, bridge, dots),
        sentence=(
            "At the start wages differ by {start:.0f}%. Of 100 workers at each end "
            "{movers:abs,.1f} move {movers?to the destination|at all|to the origin}. Then wages "
            "are {low:.3f} at the origin and {high:.3f} at the destination: a gap of {left:.0f}% "
            "remains."
        ),
        caption=(
            "Wages at both ends for every way to divide 200 workers. Dotted: the start, 100 each. "
            "The upright bar is the gap that remains at rest."
        ),
        description=(
            "Two curves of the wage against the workers at the destination: that of the "
            "destination in blue, that of the origin in orange. A dotted upright line marks the "
            "start; at rest a dot stands on each curve, with an upright bar between the two."
        ),
        table={
            "region": "Region",
            "workers": ("Workers at the destination", ".0f"),
            "wage": ("Wage", ".3f"),
            "at": ("Workers at rest", ".1f"),
            "end": ("Wage at rest", ".3f"),
        },
    )


def _rest(wage, capital_origin, capital_destination, cost):
    """Find by halving where migration stops if wages follow another function than the book's.

    It has no closed form then. At most 95 of the 100 workers move: so far the curves are drawn.
    The answer has the names of `macro.resting_point`, as far as the figure needs them.
    """

    def gap(net):
        return np.log(
            wage(1.0, capital_destination, 100.0 + net) / wage(1.0, capital_origin, 100.0 - net)
        )

    start, edge = gap(0.0), np.log(1 + cost)
    direction = np.where(start > edge, 1.0, np.where(start < -edge, -1.0, 0.0))
    few, many = 0.0, 95.0
    for _ in range(24):
        middle = (few + many) / 2
        more_go = direction * gap(direction * middle) > edge
        few, many = np.where(more_go, middle, few), np.where(more_go, many, middle)
    net = direction * (few + many) / 2
    return {
        "net": net,
        "labor_destination": 100.0 + net,
        "wage_origin": wage(1.0, capital_origin, 100.0 - net),
        "wage_destination": wage(1.0, capital_destination, 100.0 + net),
        "gap_start": start,
        "gap": gap(net),
    }


def the_band_of_inaction():
    """Show the movers for each amount of capital at the origin, and the stretch without any."""

    def band(capital, capital_origin, cost, productivity_destination):
        all_ = macro.resting_point(
            capital, 200.0, cost, productivity_destination=productivity_destination
        )
        one = macro.resting_point(
            capital_origin, 200.0, cost, productivity_destination=productivity_destination
        )
        technique = productivity_destination**3
        return dict(
            net=all_["net"],
            here=np.where(capital == capital_origin, 1, 0),
            movers=one["net"],
            direction=one["direction"],
            stops=200 * technique / (1 + cost) ** 3,
            turns=200 * technique * (1 + cost) ** 3,
        )

    flat = drawing.lines(
        "capital",
        "net",
        "Capital at the origin (destination: 200)",
        "Movers to the destination",
        (50, 400),
        (-65, 82),
        height=290,
    )
    mark = (
        flat.transform_filter("datum.here == 1")
        .mark_circle(size=140, opacity=1, color=drawing.COLOR["second"])
        .encode(color=alt.value(drawing.COLOR["second"]))
    )
    return Explorer(
        "The band of inaction",
        band,
        rows={"capital": np.arange(50.0, 401, 5)},
        controls=PARAMETERS.choose("capital_origin", "cost", "productivity_destination"),
        chart=drawing.layer(flat, _dashed(y=alt.datum(0)), mark),
        sentence=(
            "With {capital_origin:.0f} units of capital at the origin {movers:abs,.1f} workers "
            "{direction?leave it|move|come to it}. Nobody moves between {stops:.0f} and "
            "{turns:.0f} units."
        ),
        caption=(
            "Movers at rest for each amount of capital at the origin. Below the dashed line they "
            "come from the destination."
        ),
        description=(
            "A falling line of movers against capital at the origin; it lies flat on the dashed "
            "line at zero where nobody moves. An orange dot marks the chosen amount."
        ),
        table={
            "capital": ("Capital at the origin", ".0f"),
            "net": ("Movers to the destination", "+.1f"),
        },
    )


def who_gains_who_loses(changes=macro.winners_and_losers):
    """Show how the incomes of workers, movers and owners of capital change at both ends.

    Parameters
    ----------
    changes : callable
        Six changes in percent, called as `macro.winners_and_losers` is.
    """
    own, changes = changes, stand_in(changes, macro.winners_and_losers)
    shares = {"a fifth": 0.2, "a quarter": 0.25, "a third": macro.THIRD, "a half": 0.5}

    def gains(item, cost, capital_ratio, share):
        capital_share = pick(share, list(shares.values()))
        change = changes(100.0, 100.0 * capital_ratio, cost, capital_share=capital_share)
        net = macro.resting_point(100.0, 100.0 * capital_ratio, cost, capital_share)["net"]
        value = pick(item, list(change))
        return dict(
            change=value, best=np.argmax(value), worst=np.argmin(value), total=change[5], net=net
        )

    groups = ["Workers there", "Workers here", "Movers", "Capital there", "Capital here", "Output"]
    bars = drawing.bars("name", "change", "Change in percent", (-90, 80), groups, "last", 260)
    return Explorer(
        titled("Who gains, who loses", own, macro.winners_and_losers),
        gains,
        rows={"item": range(6), "name": groups, "last": [0, 0, 0, 0, 0, 1]},
        controls=[
            PARAMETERS["cost"].replace(default=0.0),
            PARAMETERS["capital_ratio"],
            Choice(
                "share",
                PARAMETERS["capital_share"].label,
                options=tuple(shares),
                default="a third",
            ),
        ],
        chart=drawing.with_values(bars, "change", "+.1f"),
        sentence=(
            "{net:abs,.1f} of 100 move {net?to the destination|at all|to the origin}. Best: "
            "{name[best]} ({change[best]:+.1f}%). Worst: {name[worst]} ({change[worst]:+.1f}%). "
            "Output of both regions together: {total:+.1f}%."
        ),
        caption=(
            "Change of incomes from the start to the resting point, in percent of the start. "
            "There: at the destination, those who worked there before. Here: at the origin, those "
            "who stay. Movers and output: after the cost of moving."
        ),
        description=(
            "Six bars with their values, in percent: workers there and here, movers, capital there "
            "and here, and in orange the output of both regions."
        ),
        table={"name": "Group", "change": ("Change, %", "+.1f")},
    )


def the_way_to_rest():
    """Show how the gap between two wages shrinks, year by year, down to the cost."""

    def road(year, speed, cost, capital_ratio):
        way = macro.path(100.0, 100.0 * capital_ratio, cost, speed, years=30)
        rest = macro.resting_point(100.0, 100.0 * capital_ratio, cost)
        moved, wanted = [at - 100 for at in way["labor_destination"]], rest["net"]
        share = [100 * m / np.where(wanted == 0, 1, wanted) for m in moved]
        return dict(
            gap=100 * np.expm1(pick(year, way["gap"])),
            goal=100 * np.expm1(rest["gap"]),
            wanted=wanted,
            ten=share[10],
            twenty=share[20],
            half=macro.half_life(speed, rest["rho"]),
            any=np.abs(rest["direction"]),
        )

    fall = drawing.lines("year", "gap", "Years", "Wage gap, percent", (0, 30), (0, 46), height=280)
    return Explorer(
        "The way to rest",
        road,
        rows={"year": np.arange(31)},
        controls=[
            *PARAMETERS.choose("speed", "cost"),
            PARAMETERS["capital_ratio"].replace(low=1.0, high=3.0),
        ],
        chart=drawing.layer(fall, drawing.rule(y="goal")),
        sentence=(
            "{wanted:abs,.1f} of 100 {any?will move|move: the gap lies inside the band}. After ten "
            "years {ten:.0f}% of the way is done, after twenty {twenty:.0f}%."
        ),
        caption=(
            "Gap between the two wages, year by year. Dashed: the gap at which migration stops."
        ),
        description=(
            "A curve of the wage gap over 30 years; it nears the dashed line at the gap where "
            "migration stops."
        ),
        table={"year": ("Year", ".0f"), "gap": ("Wage gap, %", ".1f")},
    )


def _incomes():
    """Return the money income per head of each region and year, up to 2021."""
    return data.load("income").query("code != 'KZ' and year <= 2021")


def incomes_by_year():
    """Return the incomes as numbers: one row per region, one column per year."""
    return _incomes().pivot(index="code", columns="year", values="income").astype(float)


def did_incomes_come_closer():
    """Show each region's income against the mean of all regions, year by year."""
    relative = (
        _incomes()
        .merge(data.regions(17)[["code", "region"]], on="code")
        .rename(columns={"year": "at"})
        .astype({"income": float})
    )
    relative["oil"] = relative["code"].isin(OIL_REGIONS).astype(int)
    relative = relative[["region", "at", "income", "oil"]].sort_values(["at", "income"])

    def closer(at, income, oil, year, without_oil):
        def variation(when):
            inside = np.where((at == when) & ((without_oil == 0) | (oil == 0)), 1, 0)
            mean = np.sum(inside * income) / np.sum(inside)
            return (
                mean,
                np.sqrt(np.sum(inside * (income - mean) ** 2) / np.sum(inside)) / mean,
                inside,
            )

        mean, now, inside = variation(year)
        _, first, _ = variation(2010)
        return dict(
            relative=np.where(inside == 1, 100 * income / mean, 100),
            inside=inside,
            now=now,
            first=first,
            change=now - first,
            top=np.argmax(inside * income),
            bottom=np.argmin(np.where(inside == 1, income, 1e9)),
        )

    strip = (
        alt.Chart(height=320)
        .mark_circle(size=90, opacity=1)
        .encode(
            x=alt.X(
                "relative:Q",
                title="Income, mean = 100",
                scale=alt.Scale(domain=[30, 210], nice=False),
                axis=alt.Axis(tickCount=5),
            ),
            y=alt.Y(
                "region:N",
                title=None,
                sort=alt.EncodingSortField(field="relative", op="max", order="descending"),
                axis=alt.Axis(ticks=False, domain=False, labelOverlap=False),
            ),
        )
    )
    return Explorer(
        "Did incomes come closer?",
        closer,
        rows=relative,
        controls=[
            Parameter(
                "year", "Year", low=2010, high=2021, step=1, default=2020, format=".0f", time=True
            ),
            Switch("without_oil", "Leave out Atyrau and Mangystau, the oil regions"),
        ],
        chart=drawing.layer(strip, _dashed(x=alt.datum(100))),
        sentence=(
            "{year}: the coefficient of variation is {now:.2f}, against {first:.2f} in 2010: "
            "{change?further apart|the same year|closer together}. {region[top]} has "
            "{relative[top]:.0f} and {region[bottom]} {relative[bottom]:.0f}, for a mean of 100."
        ),
        caption=(
            "Money income per head in the regions, against their mean. Sixteen regions to 2017, "
            "seventeen from 2018 on, when South Kazakhstan was divided."
        ),
        description=(
            "One dot for each region, the highest income at the top and the lowest at the bottom, "
            "around a dashed upright line at the mean, 100."
        ),
        source=data.sources(_incomes()),
        draw="inside",
        table={
            "region": "Region",
            "at": ("Year", ".0f"),
            "income": ("Tenge a month", ",.0f"),
            "relative": ("Income, mean = 100", ".0f"),
        },
    )


def where_did_people_go_meanwhile():
    """Show whether regions that were rich, or that grew, gained people by migration."""
    panel = data.panel(16)

    def meanwhile(
        big,
        w2013,
        w2014,
        w2015,
        w2016,
        w2017,
        w2018,
        w2019,
        w2020,
        w2021,
        p2013,
        p2014,
        p2015,
        p2016,
        p2017,
        p2018,
        p2019,
        p2020,
        p2021,
        n2013,
        n2014,
        n2015,
        n2016,
        n2017,
        n2018,
        n2019,
        n2020,
        n2021,
        axis,
        first,
        last,
        without_cities,
    ):
        w, p, n = (
            [w2013, w2014, w2015, w2016, w2017, w2018, w2019, w2020, w2021],
            [p2013, p2014, p2015, p2016, p2017, p2018, p2019, p2020, p2021],
            [n2013, n2014, n2015, n2016, n2017, n2018, n2019, n2020, n2021],
        )
        a, b = first - 2013, np.maximum(last, first + 1) - 2013
        inside = np.where((without_cities == 1) & (big == 1), 0, 1)
        count = np.sum(inside)
        gained = 1000 * (pick(b, n) - pick(a, n)) / pick(a, p)
        start, growth = (
            100 * pick(a, w) / (np.sum(inside * pick(a, w)) / count),
            100 * (pick(b, w) / pick(a, w) - 1),
        )
        x = pick(axis, [start, growth - np.sum(inside * growth) / count])
        dx, dy = x - np.sum(inside * x) / count, gained - np.sum(inside * gained) / count
        r = np.sum(inside * dx * dy) / np.sqrt(np.sum(inside * dx**2) * np.sum(inside * dy**2))
        return dict(
            x=np.where(inside == 1, x, 0),
            gained=np.where(inside == 1, gained, 0),
            inside=inside,
            r=r,
            end=b + 2013,
            count=count,
        )

    dots = (
        alt.Chart(height=320)
        .mark_circle(size=80, opacity=0.9)
        .encode(
            alt.X(
                "x:Q",
                title="Income, or its growth",
                scale=alt.Scale(domain=[-80, 210], nice=False),
                axis=alt.Axis(tickCount=5),
            ),
            alt.Y(
                "gained:Q",
                title="Net migration per 1,000",
                scale=alt.Scale(domain=[-120, 320], nice=False),
            ),
        )
    )
    # To the left where the chart ends, and above or below their dot, so that none meets another.
    right = "(datum.x > 110 || datum.label == 'Atyrau')"
    low = " || ".join(f"datum.label == '{name}'" for name in ("Almaty", "Atyrau", "Zhambyl"))
    names = dots.mark_text(
        align=alt.expr(f"{right} ? 'right' : 'left'"),
        dx=alt.expr(f"{right} ? -5 : 5"),
        dy=alt.expr(f"({low}) ? 9 : -9"),
        fontSize=11,
    ).encode(text="label:N")
    return Explorer(
        "Where did people go meanwhile?",
        meanwhile,
        rows=_incomes_and_moves(panel),
        controls=[
            Choice("axis", "Across", options=("income at the start", "growth of income")),
            Parameter(
                "first", "First year", low=2013, high=2020, step=1, default=2013, format=".0f"
            ),
            Parameter(
                "last",
                "Last year",
                low=2014,
                high=2021,
                step=1,
                default=2020,
                format=".0f",
                time=True,
            ),
            Switch("without_cities", "Leave out Astana and Almaty"),
        ],
        chart=drawing.layer(dots, _dashed(y=alt.datum(0)), names),
        sentence=(
            "{first} to {end:.0f}, {count:.0f} regions: the correlation of {axis} and migration is "
            "{r:+.2f}."
        ),
        caption=(
            "Regions in the borders of 2010, without the divided south. Across: income in the "
            "first year, mean = 100, or its growth to the last year, in points above the mean. "
            "Upward: net migration of all kinds, from the first year up to the year before the "
            "last, per 1,000 residents at the start."
        ),
        description=(
            "One dot for each region, net migration per 1,000 against income or its growth; five "
            "are named. A dashed level line lies at zero."
        ),
        source=data.sources(_incomes(), panel),
        draw="inside",
        table={
            "region": "Region",
            "x": ("Income, or its growth", ".0f"),
            "gained": ("Net migration, per 1,000", "+.0f"),
        },
    )


def _incomes_and_moves(panel):
    """Return for each region with fixed borders: incomes (w), residents (p), moves so far (n)."""
    fixed = [c for c in panel["code"].unique() if c != "KZ-61"]  # without the divided south
    net, people = (
        panel.pivot(index="code", columns="year", values=column).astype(float).loc[fixed]
        for column in ("net", "population")
    )
    names = panel.drop_duplicates("code").set_index("code")["region"]
    labeled = ("Astana", "Almaty", "Atyrau", "Mangystau", "Zhambyl")
    rows = pd.DataFrame(
        {"region": [names[c] for c in fixed], "big": [int(c in data.BIG_CITIES) for c in fixed]}
    )
    rows["label"] = [name if name in labeled else "" for name in rows["region"]]
    wide = incomes_by_year()
    for y in range(2013, 2022):
        rows[f"w{y}"] = wide.loc[fixed, y].to_numpy()
        rows[f"p{y}"] = people[y].to_numpy() / 1000
        rows[f"n{y}"] = net[[k for k in net.columns if k < y]].sum(axis=1).to_numpy() / 1000
    return rows


def capital_chases_returns():
    """Show how many people move when capital may move too, and when it may not."""

    def chase(year, both, capital_speed, speed, cost):
        alone, together = (
            macro.path(100.0, 200.0, cost, speed, nu, years=30) for nu in (0.0, capital_speed)
        )
        moved = (
            np.where(
                both == 1,
                pick(year, together["labor_destination"]),
                pick(year, alone["labor_destination"]),
            )
            - 100
        )
        return dict(
            moved=moved,
            alone=alone["labor_destination"][-1] - 100,
            together=together["labor_destination"][-1] - 100,
            gap_alone=100 * np.expm1(alone["gap"][-1]),
            gap=100 * np.expm1(together["gap"][-1]),
            capital=together["capital_origin"][-1] - 100,
        )

    cases = ["people only", "capital too"]
    paths = drawing.lines(
        "year",
        "moved",
        "Years",
        "Movers to the destination, of 100",
        (0, 30),
        (-2, 36),
        "what",
        280,
    )
    paths = paths.encode(
        color=alt.Color("what:N", sort=cases, legend=alt.Legend(orient="bottom", columns=2))
    )
    return Explorer(
        "Capital chases returns",
        chase,
        rows={
            "year": np.tile(np.arange(31), 2),
            "both": np.repeat([0, 1], 31),
            "what": np.repeat(cases, 31),
        },
        controls=PARAMETERS.choose("capital_speed", "speed", "cost"),
        chart=paths,
        sentence=(
            "After 30 years {alone:.1f} have moved if only people may, and {together:.1f} if "
            "capital may too; {capital:.1f} units of it have gone to the origin. The wage gap is "
            "{gap_alone:.0f}% and {gap:.0f}%."
        ),
        caption=(
            "Workers who have moved to the destination, with and without moving capital. Start: "
            "100 and 200 units of capital."
        ),
        description=(
            "Two lines of movers over 30 years, people only in blue and capital too in orange."
        ),
        table={"what": "Case", "year": ("Year", ".0f"), "moved": ("Movers, of 100", ".1f")},
    )
