"""The figures of the chapter on measuring: answers, count and rate, stock and flow, borders."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import (
    Choice,
    Explorer,
    Parameter,
    Switch,
    drawing,
    group_sum,
    pick,
    stand_in,
    titled,
)
from explorers.standing_in import StandInError
from migrationlab import data
from migrationlab import indicators as ind

_PLAIN = dict(ticks=False, domain=False, labelPadding=6)  # of the category axis
_YEAR = Parameter(
    "year", "Year", low=2018, high=2024, step=1, default=2020, format=".0f", time=True
)


def net_and_moves(year):
    """Return the net of each region over internal moves, and all internal moves, in a year."""
    rows = data.load("internal_moves_by_region").query("year == @year").set_index("code")
    return rows["arrivals"] - rows["departures"], rows["arrivals"].sum()


def between_regions():
    """Estimate the moves between regions in 2022; only nine months are published."""
    volume = data.load("internal_moves").set_index(["year", "period", "kind", "ages"])["moves"]
    return volume[2022, "jan-sep", "interregional", "all"] * 12 / 9


def effectiveness_of_the_country():
    """Return the effectiveness in 2022, over all internal moves and over those between regions."""
    net, moves = net_and_moves(2022)
    return (
        ind.effectiveness_index_from_net(net, moves),
        ind.effectiveness_index_from_net(net, between_regions()),
    )


def from_other_regions():
    """Estimate the moves into Almaty from other regions in 2022; nine months are published."""
    pieces = data.load("interregional_by_region")
    pieces = pieces.set_index(["code", "year", "period", "measure"])["moves"]
    return pieces["KZ-75", 2022, "jan-sep", "arrivals"] * 12 / 9


def share_within_almaty():
    """Estimate the share of the departures from Almaty in 2022 that stay in the city."""
    almaty = data.load("internal_moves_by_region").query("code == 'KZ-75' and year == 2022")
    almaty = almaty.iloc[0]
    return (almaty["arrivals"] - from_other_regions()) / almaty["departures"]


def one_country_four_answers():
    """Show four measures for one city, one for the country, and what counting inside moves does."""
    internal = data.load("internal_moves_by_region")
    pieces = data.load("interregional_by_region").query("year == 2022")
    residents = data.load("population").set_index(["code", "year"])["population"]
    # In capitals, as the chapter shows the model and explains them.
    WITHIN = share_within_almaty()
    RESIDENTS = residents["KZ-75", 2022] / 1000
    E_ALL, E_BETWEEN = effectiveness_of_the_country()

    def four_answers(row, arrivals, departures, inside):
        net = arrivals - departures
        smaller = np.minimum(arrivals, departures)
        within = np.where(inside == 1, 0, WITHIN * smaller)
        turnover = arrivals + departures - 2 * within
        rate = 1000 * net / RESIDENTS
        effectiveness = 100 * net / np.maximum(turnover, 0.001)
        country = np.where(inside == 1, E_ALL, E_BETWEEN)
        answer = pick(row, [net, turnover, rate, effectiveness, country])
        return dict(
            answer=answer,
            net=net,
            turnover=turnover,
            rate=rate,
            effectiveness=effectiveness,
            country=country,
        )

    return Explorer(
        "One country, four answers",
        four_answers,
        rows={
            "row": range(5),
            "what": ["Net", "Turnover", "Net rate", "Effectiveness", "… of the country"],
            "unit": [" thousand", " thousand", " per 1,000", "%", "%"],
            "form": ["+,.0f", ",.0f", "+.1f", "+.1f", ".1f"],
            "full": [200, 400, 100, 100, 100],
            "whole": [1.0] * 5,
        },
        controls=[
            Parameter(
                "arrivals",
                "Moves in",
                low=0,
                high=200,
                step=5,
                default=130,
                unit="thousand",
                symbol="D",
                origin="measured",
                source="Almaty 2022, all internal moves, 129,864",
            ),
            Parameter(
                "departures",
                "Moves out",
                low=0,
                high=200,
                step=5,
                default=95,
                unit="thousand",
                symbol="O",
                origin="measured",
                source="Almaty 2022, all internal moves, 94,562",
            ),
            Switch("inside", "Count moves inside a region, too", default=True),
        ],
        chart=_gauges(),
        sentence=(
            "{arrivals} thousand moves into Almaty and {departures} thousand out, moves inside "
            "regions {inside?included|left out}: net {net:+,.0f} thousand, turnover "
            "{turnover:,.0f} thousand, {rate:+.1f} per 1,000 residents, effectiveness "
            "{effectiveness:+.1f}%. For the whole country effectiveness is {country:.1f}%."
        ),
        caption=(
            "Four measures for one city, and one for all regions of Kazakhstan together (2022). "
            "Each bar fills up at its own maximum: 200 and 400 thousand, 100 per 1,000, 100%. "
            "Orange: a loss."
        ),
        description=(
            "Five horizontal bars: net migration, turnover, net rate and effectiveness of Almaty, "
            "and the effectiveness of migration in the whole country, each with its value printed. "
            "Behind each a gray bar ends at its own maximum; losses are orange."
        ),
        source=data.sources(internal, pieces) + "; own calculation",
        table={"what": "Measure", "answer": ("Value", ",.1f"), "unit": "Unit"},
    )


def _gauges():
    """Draw bars with the value printed beside each, every bar against its own largest value."""
    y = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(**_PLAIN))
    # Behind the bars stands the longest text, which needs more of a narrow chart.
    end = {"expr": "width < 260 ? 2.8 : 1.75"}
    x = dict(scale=alt.Scale(domain=[0, end], nice=False), axis=None)
    base = alt.Chart().transform_calculate(
        length="abs(datum.answer) / datum.full",
        text="format(datum.answer, datum.form) + datum.unit",
    )
    loss = alt.when("datum.answer < 0").then(alt.value(drawing.COLOR["second"]))
    color = loss.when("datum.row == 4").then(alt.value(drawing.COLOR["third"]))
    track = base.mark_bar(color=drawing.COLOR["quiet"], opacity=0.25)
    bar = base.mark_bar().encode(color=color.otherwise(alt.value(drawing.COLOR["main"])))
    return drawing.layer(
        track.encode(y=y, x=alt.X("whole:Q", **x)).properties(height=210),
        bar.encode(y=y, x=alt.X("length:Q", **x)),
        base.mark_text(align="left", dx=6).encode(y=y, x=alt.X("whole:Q", **x), text="text:N"),
    )


def accounts():
    """Return the accounts of the same 17 regions, 2018 to 2024, in persons, and their net rates."""
    persons = ["start", "natural_increase", "net", "other", "end"]
    rows = data.named(data.fold(data.balance().query("year >= 2018"), persons, 17))
    return rows.assign(net_rate=ind.rate(rows["net"], rows["start"]))


def count_or_rate(rows=None):
    """Show the regions ranked by the people they gain or lose, or by those per 1,000 residents.

    Parameters
    ----------
    rows : DataFrame, optional
        Your own regions in one year, a row for each, with the columns region, residents and net.
    """
    panel = accounts()
    book = panel[["region", "start", "net"]].rename(columns={"start": "residents"})
    own = book if rows is None else rows
    rows = stand_in(own, book)
    measure = Choice("measure", "Rank the regions by", options=("count", "rate"), default="count")
    ranked_rows = pd.DataFrame(
        {
            "region": rows["region"],
            "panel_year": panel["year"] if own is book else 0,
            "net": rows["net"],
            "net_rate": ind.rate(rows["net"], rows["residents"]),
            "mark": panel["code"].map({"KZ-19": 1, "KZ-59": 2}).fillna(0) if own is book else 0,
        }
    )
    numbers = {"net": ("Net, people", "+,.0f"), "net_rate": ("Net per 1,000", "+.1f")}
    # LONGEST is in capitals, as the chapter shows the model.
    if own is book:
        LONGEST = {"count": 100_000, "rate": 60}
        controls, chart = [measure, _YEAR], _ranking(390, [-0.45, 1.25], LONGEST)
        words = dict(
            sentence=(
                "{year}, ranked by {measure}: {region[worst]} loses most ({net[worst]:+,.0f} "
                "people, {net_rate[worst]:+.1f} per 1,000 residents). Almaty Region "
                "({almaty_region_net:+,.0f}, {almaty_region_rate:+.1f} per 1,000) is number "
                "{almaty_region_place:.0f} of 17 from the losing end, North Kazakhstan "
                "({north_net:+,.0f}, {north_rate:+.1f} per 1,000) number {north_place:.0f}."
            ),
            caption=(
                "Net migration, internal and external, of 17 regions: people, or people per 1,000 "
                "residents on 1 January. Orange: Almaty Region; violet: North Kazakhstan."
            ),
            description=(
                "Seventeen horizontal bars, from the largest loss at the top to the largest gain "
                "of the chosen year, each with its value; Almaty Region is orange, North "
                "Kazakhstan violet."
            ),
            source=data.sources(panel),
            table={"region": "Region", "panel_year": ("Year", ".0f"), **numbers},
        )
    else:
        _refuse_unfit(rows)
        LONGEST = {
            "count": ranked_rows["net"].abs().max() or 1,
            "rate": ranked_rows["net_rate"].abs().max() or 1,
        }
        ranked_rows["year"] = 0  # one year only, so there is nothing to choose
        controls, chart = [measure], _ranking(70 + 19 * len(rows), [-1.3, 1.3], LONGEST)
        words = dict(
            sentence=(
                "Ranked by {measure}, {region[worst]} comes last: {net[worst]:+,.0f} people, "
                "{net_rate[worst]:+.1f} per 1,000 residents."
            ),
            caption="Net migration of your regions: people, or people per 1,000 residents.",
            description="Horizontal bars from the largest loss to the largest gain.",
            source="your rows",
            table={"region": "Region", **numbers},
        )

    def ranked(panel_year, net, net_rate, mark, year, measure):
        shown = panel_year == year
        value = np.where(measure == 0, net, net_rate)
        worst = np.argmin(np.where(shown, value, LONGEST["count"]))
        results = dict(
            shown=np.where(shown, 1, 0),
            value=value,
            worst=worst,
            by_count=np.where(measure == 0, 1, 0),
        )
        for number, name in ((1, "almaty_region"), (2, "north")):
            here = shown & (mark == number)
            below = np.sum(np.where(here, value, 0))
            results[name + "_net"] = np.sum(np.where(here, net, 0))
            results[name + "_rate"] = np.sum(np.where(here, net_rate, 0))
            results[name + "_place"] = 1 + np.sum(np.where(shown & (value < below), 1, 0))
        return results

    return Explorer(
        titled("Count or rate?", own, book),
        ranked,
        rows=ranked_rows,
        controls=controls,
        chart=chart,
        draw="shown",
        **words,
    )


def _refuse_unfit(rows):
    """Refuse rows that a chart would pile up, and residents who cannot be divided by."""
    twice = rows.loc[rows["region"].duplicated(), "region"]
    if len(twice):
        raise StandInError(
            f"Your rows have “{twice.iloc[0]}” more than once. Give one row for each region: "
            f"choose one year, and one kind of moves."
        )
    empty = rows.loc[rows["residents"] <= 0, "region"]
    if len(empty):
        raise StandInError(
            f"Your rows have no residents for “{empty.iloc[0]}”: a rate divides by them."
        )


def _ranking(height, domain, longest):
    """Draw regions from the largest loss to the largest gain; values stand right of zero."""
    y = alt.Y(
        "region:N",
        title=None,
        axis=alt.Axis(**_PLAIN, labelOverlap=False),
        sort=alt.EncodingSortField(field="length", op="min", order="ascending"),
    )
    x = alt.X("length:Q", scale=alt.Scale(domain=domain), axis=None)
    base = (
        alt.Chart()
        .transform_calculate(
            length=(
                f"datum.by_count == 1 ? datum.net / {longest['count']} "
                f": datum.net_rate / {longest['rate']}"
            ),
            text=(
                "datum.by_count == 1 ? format(datum.net, '+,.0f') : format(datum.net_rate, '+.1f')"
            ),
        )
        .encode(y=y, x=x)
    )
    color = (
        alt.when("datum.mark == 1")
        .then(alt.value(drawing.COLOR["second"]))
        .when("datum.mark == 2")
        .then(alt.value(drawing.COLOR["third"]))
    )
    # A loss leaves the other side free, where its value is far from the names.
    values = base.transform_calculate(edge="max(datum.length, 0)").mark_text(
        align="left", dx=4, fontSize=11
    )
    return drawing.layer(
        base.mark_bar()
        .encode(color=color.otherwise(alt.value(drawing.COLOR["main"])))
        .properties(height=height),
        values.encode(x="edge:Q", text="text:N"),
    )


def stocks():
    """Return the people who live in one country and were born in another, by method and year."""
    table = data.load("migrant_stock")
    return table.set_index(["origin", "destination", "method", "year"])["persons"]


def _with_russia():
    """Return the moves between Kazakhstan and Russia in 2019."""
    return data.load("external_by_country").query("year == 2019 and country == 'RUS'")


def nine_months_with_russia():
    """Return arrivals from Russia and departures to it, January to September 2019."""
    return _with_russia().set_index(["period", "direction"])["persons"].loc["jan-sep"]


def stock_or_flow():
    """Show two stocks beside two flows of nine months, which can run on until they fill them."""
    stock, nine = stocks(), nine_months_with_russia()
    rows = {
        "what": ["Stock in Russia", "Stock in Kazakhstan", "Flow to Russia", "Flow to Kazakhstan"],
        "is_stock": [1, 1, 0, 0],
        "flow": [0, 0, nine["departures"], nine["arrivals"]],
        "census": [0, stock["RUS", "KAZ", "census", 2009], 0, 0],
    }
    for y in range(1990, 2021, 5):
        pair = [stock["KAZ", "RUS", "estimate", y], stock["RUS", "KAZ", "estimate", y]]
        rows[f"s{y}"] = [*pair, 0, 0]

    def stocks_and_flows(
        is_stock,
        flow,
        census,
        s1990,
        s1995,
        s2000,
        s2005,
        s2010,
        s2015,
        s2020,
        year,
        spans,
        counted,
    ):
        estimates = [s1990, s1995, s2000, s2005, s2010, s2015, s2020]
        estimate = pick((year - 1990) / 5, estimates)
        living = np.where((counted == 1) & (census > 0), census, estimate) / 1000
        moving = spans * flow / 1000
        return dict(
            thousand=np.where(is_stock == 1, living, moving),
            years=spans * 9 / 12,
            in_russia=np.sum(np.where((is_stock == 1) & (census == 0), living, 0)),
            in_kazakhstan=np.sum(np.where(census > 0, living, 0)),
            to_russia=np.max(moving),
            to_kazakhstan=np.sum(moving) - np.max(moving),
        )

    return Explorer(
        "Stock or flow?",
        stocks_and_flows,
        rows=rows,
        controls=[
            Parameter(
                "spans",
                "Run the flow of January–September 2019 so many times",
                low=1,
                high=100,
                step=1,
                default=1,
            ),
            Parameter(
                "year", "Stock in the year", low=1990, high=2020, step=5, default=2020, format=".0f"
            ),
            Switch("counted", "In Kazakhstan, take the count of the 2009 census instead"),
        ],
        chart=_people_bars(),
        sentence=(
            "Stock {year}: {in_russia:,.0f} thousand people born in Kazakhstan live in Russia, and "
            "{in_kazakhstan:,.0f} thousand born in Russia live in Kazakhstan (second number: "
            "{counted?census of 2009|UN estimate}). Flow, {spans} × nine months = {years:.2f} "
            "years: {to_russia:,.1f} thousand moves to Russia, {to_kazakhstan:,.1f} thousand to "
            "Kazakhstan."
        ),
        caption=(
            "Blue: people living in the one country and born in the other. Orange: registered "
            "moves between the two countries in January–September 2019, as often as you let them "
            "run."
        ),
        description=(
            "Four horizontal bars in thousands of people, each with its value: two stocks in blue, "
            "and two flows in orange, which begin very short."
        ),
        source=data.sources(data.load("migrant_stock"), _with_russia()),
        table={"what": "Stock or flow", "thousand": ("Thousand people", ",.1f")},
    )


def _people_bars():
    """Draw people in thousands, stocks and flows in two colors."""
    y = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(**_PLAIN))
    x = alt.X(
        "thousand:Q",
        title="Thousand people",
        axis=alt.Axis(values=[0, 1000, 2000, 3000]),
        scale=alt.Scale(domain=[0, 4200], nice=False),
    )
    color = alt.when("datum.is_stock == 1").then(alt.value(drawing.COLOR["main"]))
    bar = (
        alt.Chart(height=200)
        .mark_bar()
        .encode(y=y, x=x, color=color.otherwise(alt.value(drawing.COLOR["second"])))
    )
    text = (
        alt.Chart()
        .mark_text(align="left", dx=5)
        .encode(y=y, x=x, text=alt.Text("thousand:Q", format=",.0f"))
    )
    return drawing.layer(bar, text)


def the_balance_of_a_region():
    """Show how births and deaths, migration and changes on paper make up a region's year."""
    panel = accounts()
    persons = ["start", "natural_increase", "net", "other"]
    steps = ["Residents", "Births − deaths", "Net migration", "On paper", "Change"]
    wide = panel.pivot(index="region", columns="year", values=persons)
    names = list(wide.index)
    account = pd.DataFrame(
        [
            {
                "place": names.index(name),
                "region_name": name,
                "step": step,
                "order": k,
                **{f"y{y}": wide[persons[k], y][name] if k < 4 else 0 for y in range(2018, 2025)},
            }
            for name in names
            for k, step in enumerate(steps)
        ]
    )

    def balance(place, order, y2018, y2019, y2020, y2021, y2022, y2023, y2024, region, year):
        people = pick(year - 2018, [y2018, y2019, y2020, y2021, y2022, y2023, y2024])
        own = group_sum(np.where((order > 0) & (order < 4), people, 0), place)
        here = place == region
        before, natural, net, on_paper = (
            np.sum(np.where(here & (order == k), people, 0)) for k in range(4)
        )
        change = natural + net + on_paper
        low = pick(order, [0, 0, natural, natural + net, 0])
        high = pick(order, [0, natural, natural + net, change, change])
        return dict(
            shown=np.where(here & (order > 0), 1, 0),
            low=low / 1000,
            high=high / 1000,
            amount=high - low,
            people=np.where(order == 4, own, people),
            natural=natural,
            net=net,
            on_paper=on_paper,
            before=before,
            after=before + change,
        )

    return Explorer(
        "The balance of a region",
        balance,
        rows=account,
        controls=[Choice("region", "Region", options=names, default="Almaty"), _YEAR],
        chart=_staircase(steps[1:]),
        sentence=(
            "{region}, {year}: {before:,.0f} residents on 1 January; {natural:+,.0f} by births "
            "minus deaths, {net:+,.0f} by migration, {on_paper:+,.0f} on paper{on_paper? (neither "
            "born nor moved in)|: the account closes to the person| (neither died nor moved out)}; "
            "{after:,.0f} residents a year later."
        ),
        caption=(
            "Each bar begins where the one above it ended; the gray bar is the whole change in the "
            "year. Blue: gain; orange: loss; violet: change on paper (new census count, other "
            "table)."
        ),
        description=(
            "A staircase of three bars, natural increase, net migration and changes on paper, and "
            "a gray fourth bar with their sum, in thousands of people, for the chosen region and "
            "year; each value is printed."
        ),
        source=data.sources(panel),
        draw="shown",
        table={
            "region_name": "Region",
            "step": "Step",
            "amount": ("People", "+,.0f"),
            "low": ("Bar from, thousand people", ".1f"),
            "high": ("Bar to, thousand people", ".1f"),
        },
    )


def _staircase(steps):
    """Draw a waterfall: each bar starts where the one above has ended; the last is the sum."""
    y = alt.Y("step:N", sort=steps, title=None, axis=alt.Axis(**_PLAIN))
    scale = alt.Scale(domain=[-60, 180], nice=False)
    base = alt.Chart().transform_calculate(
        end="max(datum.low, datum.high)",
        text="datum.amount == 0 ? '0' : format(datum.amount, '+,.0f')",
    )
    color = (
        alt.when("datum.order == 4")
        .then(alt.value(drawing.COLOR["quiet"]))
        .when("datum.order == 3")
        .then(alt.value(drawing.COLOR["third"]))
        .when("datum.amount < 0")
        .then(alt.value(drawing.COLOR["second"]))
    )
    x = alt.X("low:Q", scale=scale, title="Thousand people", axis=alt.Axis(tickCount=5))
    bar = base.mark_bar().encode(
        y=y, x=x, x2="high:Q", color=color.otherwise(alt.value(drawing.COLOR["main"]))
    )
    text = base.mark_text(align="left", dx=5).encode(y=y, x="end:Q", text="text:N")
    return drawing.layer(bar.properties(height=210), text)


def moves_across_borders():
    """Return the moves across Austria's borders, with nine regions down to two, in two orders.

    Returns
    -------
    early, late : list of float
        The border around Vienna is erased second, or last.
    """
    early = _crossing("11+12 13+12 34+33 21+22 32+31 33+31 22+12")  # Vienna is 13
    late = _crossing("34+33 11+12 21+22 32+31 33+31 22+31 13+12")
    return early, late


def _crossing(joins):
    """Return the moves that still cross a border, at first and after each joining of regions."""
    pairs = data.load("austria_flows")
    unit = {code: code for code in pairs["origin_code"]}
    left = [pairs["flow"].sum()]
    for one, other in (join.split("+") for join in joins.split()):
        gone, kept = unit["AT" + one], unit["AT" + other]
        unit = {code: kept if now == gone else now for code, now in unit.items()}
        apart = pairs["origin_code"].map(unit) != pairs["destination_code"].map(unit)
        left.append(pairs.loc[apart, "flow"].sum())
    return left


def erase_a_border():
    """Show how the moves across borders, and Courgeau's k, fall when regions are joined."""
    early, late = moves_across_borders()

    def borders(n, is_k, early, late, order, regions):
        moves = np.where(order == 0, early, late)
        value = np.where(is_k == 1, moves / np.log(n * n), moves)
        index = 100 * value / group_sum(np.where(n == 9, value, 0), is_k)
        chosen = np.where(n == regions, index, 0)
        return dict(
            index=index,
            at=regions * 1.0,
            moves_index=np.sum(np.where(is_k == 0, chosen, 0)),
            k_index=np.sum(np.where(is_k == 1, chosen, 0)),
        )

    lines = drawing.lines(
        "n",
        "index",
        "Number of regions",
        "Index, nine regions = 100",
        x_domain=(2, 9),
        y_domain=(0, 160),
        series="measure",
        height=260,
    )
    return Explorer(
        "Erase a border",
        borders,
        rows={
            "n": 2 * list(range(9, 1, -1)),
            "early": 2 * early,
            "late": 2 * late,
            "is_k": 8 * [0] + 8 * [1],
            "measure": 8 * ["Moves across borders"] + 8 * ["Courgeau's k"],
        },
        controls=[
            Parameter(
                "regions", "Number of regions left", low=2, high=9, step=1, default=7, format=".0f"
            ),
            Choice("order", "The border around Vienna is erased", options=("early", "last")),
        ],
        chart=drawing.layer(lines, drawing.rule(x="at", color="third")),
        sentence=(
            "With {regions} regions, Vienna's border erased {order}: moves across borders stand at "
            "{moves_index:.0f}, Courgeau's k at {k_index:.0f} (nine regions = 100). Nobody has "
            "moved more or less; only the map has changed."
        ),
        caption=(
            "Austria, 2006: the same moves counted on coarser and coarser maps, as an index (nine "
            "regions = 100). A perfect correction would give a flat line at 100."
        ),
        description=(
            "Two lines over the number of regions: moves across borders in blue and Courgeau's k "
            "in orange, as an index. A dashed upright line marks the number of regions left."
        ),
        source=data.sources(data.load("austria_flows")) + "; own calculation",
        table={"measure": "Measure", "n": ("Regions", ".0f"), "index": ("Index", ".1f")},
    )
