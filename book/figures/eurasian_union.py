"""The figures of the chapter on the Union: stocks and flows, incomes, and a break in a series."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, Parameter, drawing, pick, stand_in, titled
from explorers.standing_in import StandInError
from migrationlab import charts, data

NAMES = {
    "ARM": "Armenia",
    "BLR": "Belarus",
    "KGZ": "Kyrgyzstan",
    "RUS": "Russia",
    "UZB": "Uzbekistan",
    "UKR": "Ukraine",
    "DEU": "Germany",
    "TJK": "Tajikistan",
    "CHN": "China",
    "KAZ": "Kazakhstan",
}
_MEMBERS = ("RUS", "KAZ", "BLR", "ARM", "KGZ")
# The United Nations estimate stocks for every fifth year.
_YEARS = range(1990, 2021, 5)


# ---- what the sources say


def stock():
    """Return persons living abroad by method, year, origin and destination."""
    keys = ["method", "year", "origin", "destination"]
    return data.load("migrant_stock").set_index(keys)["persons"]


def registered_moves():
    """Return the moves of the register that name a country, by year, period, direction, country."""
    keys = ["year", "period", "direction", "country"]
    return data.load("external_by_country").set_index(keys)["persons"]


def net():
    """Return the final net external migration of Kazakhstan by year, in thousand persons."""
    return _final_net().set_index("year")["persons"] / 1000


def income():
    """Return income per head at purchasing power parity, in dollars, by country and year."""
    return _incomes().set_index(["country", "year"])["value"]


def _final_net():
    return data.load("external_migration").query("direction == 'net' and status == 'final'")


def _incomes():
    return data.load("country_context").query(
        "measure == 'GNI per capita, purchasing power parity'"
    )


def _estimates():
    return data.load("migrant_stock").query("method == 'estimate'")


# ---- the figures, in the order of the chapter


def stock_or_flow():
    """Show two bars: people born in one country and living in the other, or those who moved."""
    known, moves = stock()["estimate"], registered_moves()
    to_russia = [known[y, "KAZ", "RUS"] / 1000 for y in _YEARS]
    to_kazakhstan = [known[y, "RUS", "KAZ"] / 1000 for y in _YEARS]
    left = moves[2019, "jan-sep", "departures", "RUS"] / 1000
    came = moves[2019, "jan-sep", "arrivals", "RUS"] / 1000

    def stock_or_flow(row, year, measure):
        place = (year - 1990) / 5
        away, here = pick(place, to_russia), pick(place, to_kazakhstan)
        first = np.where(measure == 0, away, left)
        second = np.where(measure == 0, here, came)
        value = np.where(row == 0, first, second)
        return dict(
            value=value,
            length=value / np.where(measure == 0, 3000, 36),
            first=first,
            second=second,
            ratio=second / first,
            stock_ratio=here / away,
        )

    # Each measure fills the width at its own maximum, so the numbers are printed.
    axis = alt.Axis(ticks=False, domain=False, minExtent=90)
    base = (
        alt.Chart(height=120)
        .transform_calculate(text="format(datum.value, ',.1f')")
        .encode(
            x=alt.X("length:Q", scale=alt.Scale(domain=[0, 1.3], nice=False), axis=None),
            y=alt.Y("what:N", sort=None, title=None, axis=axis),
        )
    )
    bars = drawing.layer(
        base.mark_bar(color=drawing.COLOR["main"]),
        base.mark_text(align="left", dx=5).encode(text="text:N"),
    )
    return Explorer(
        "Stock or flow?",
        stock_or_flow,
        rows=pd.DataFrame({"row": [0, 1], "what": ["to Russia", "to Kazakhstan"]}),
        controls=[
            Choice(
                "measure",
                "Show",
                options=(
                    "stock: born there, living here",
                    "flow: moves registered January–September 2019",
                ),
            ),
            Parameter(
                "year",
                "Year of the stock",
                low=1990,
                high=2020,
                step=5,
                default=2020,
                format=".0f",
            ),
        ],
        chart=bars,
        sentence=(
            "{measure}: {first:,.1f} thousand from Kazakhstan to Russia, {second:,.1f} thousand "
            "the other way, {ratio:.2f} to one. The stocks of {year} stand {stock_ratio:.2f} to "
            "one."
        ),
        caption=(
            "Thousand people. Bars of a stock end at 3 million, bars of the flow at 36 thousand. "
            "Stocks are estimates of the United Nations."
        ),
        description=(
            "Two horizontal bars in thousand people, to Russia and to Kazakhstan, with their "
            "values."
        ),
        source=data.sources(
            _estimates(),
            data.load("external_by_country").query("year == 2019 and country == 'RUS'"),
        ),
        table={"what": "Direction", "value": ("Thousand people", ",.1f")},
    )


def thirty_years_of_a_stock():
    """Show the estimated stock of one partner and direction, in every fifth year since 1990."""
    known = stock()["estimate"]
    partners = ("RUS", "DEU", "UKR", "UZB", "BLR", "KGZ")
    points = pd.DataFrame(
        [
            (
                number,
                year,
                known.get((year, "KAZ", country), np.nan) / 1000,
                known.get((year, country, "KAZ"), np.nan) / 1000,
            )
            for number, country in enumerate(partners)
            for year in _YEARS
        ],
        columns=["number", "at", "away", "here"],
    )
    points["partner"] = [NAMES[partners[number]] for number in points["number"]]
    points["has_here"] = points["here"].notna().astype(int)
    points["here"] = points["here"].fillna(0)

    def partner(number, at, away, here, has_here, which, year, direction):
        known = np.where(direction == 1, has_here, 1)
        # Years without an estimate stay, as gaps.
        shown = np.where(number == which, 1, 0)
        mine = shown * known
        value = np.where(direction == 0, away, here)
        top = np.max(mine * value)
        now = np.sum(mine * np.where(at == year, value, 0))
        before = np.sum(mine * np.where(at == year - 5, value, 0))
        return dict(
            shown=shown,
            known=known,
            value=value,
            height=mine * value / np.maximum(top, 1),
            now=now,
            before=before,
            change=now - before,
            any=np.sum(mine),
            picked=np.where(at == year, 1, 0),
        )

    base = alt.Chart(height=230).encode(
        alt.X("at:O", title=None, axis=alt.Axis(labelAngle=0)),
        alt.Y(
            "height:Q",
            title="Share of the largest year",
            scale=alt.Scale(domain=[0, 1.15], nice=False),
            axis=alt.Axis(format=".0%", values=[0, 0.5, 1]),
        ),
    )
    shade = (
        alt.when("datum.picked == 1")
        .then(alt.value(drawing.COLOR["second"]))
        .otherwise(alt.value(drawing.COLOR["main"]))
    )
    columns = drawing.layer(
        base.mark_bar().encode(color=shade),
        base.transform_filter("datum.known == 1")
        .mark_text(dy=-7, fontSize=11)
        .encode(text=alt.Text("value:Q", format=",.0f")),
    )
    return Explorer(
        "Thirty years of a stock",
        partner,
        rows=points,
        controls=[
            Choice(
                "which", "Partner", options=tuple(NAMES[c] for c in partners), default="Germany"
            ),
            Choice(
                "direction",
                "Count",
                options=("born in Kazakhstan, living there", "born there, living in Kazakhstan"),
            ),
            Parameter(
                "year", "Year", low=1995, high=2020, step=5, default=2020, format=".0f", time=True
            ),
        ],
        chart=columns,
        draw="shown",
        sentence=(
            "{which}, {direction}: {any?{now:,.0f} thousand in {year}, {before:,.0f} thousand five "
            "years before, a change of {change:+,.0f} thousand|no estimate in this direction}."
        ),
        caption=(
            "Estimates of the United Nations, thousand people, revision of 2020. Orange: the "
            "chosen year."
        ),
        description=(
            "Seven upright bars, one for every fifth year from 1990 to 2020, as shares of the "
            "largest, with thousand people printed above each; the chosen year is orange. A "
            "year without an estimate has no bar."
        ),
        source=data.sources(_estimates()),
        table={
            "partner": "Partner",
            "at": ("Year", ".0f"),
            "value": ("Thousand people", ",.0f", "known"),
        },
    )


def the_ladder_of_incomes():
    """Show income per head in seven countries in one year, and how each looks from one of them."""
    per_head = income()
    countries = ("RUS", "KAZ", "BLR", "ARM", "KGZ", "UZB", "TJK")
    incomes = pd.DataFrame(
        [
            (number, NAMES[c], year, per_head[c, year] / 1000, int(c in _MEMBERS))
            for number, c in enumerate(countries)
            for year in range(2010, 2025)
        ],
        columns=["number", "country", "at", "income", "member"],
    )

    def ladder(number, country, at, income, member, year, home):
        here = np.where(at == year, 1, 0)
        mine = np.sum(here * np.where(number == home, income, 0))
        ratio = income / np.maximum(mine, 0.001)
        return dict(
            shown=here,
            value=here * income,
            mine=mine,
            ratio=ratio,
            richer=np.sum(here * np.where(ratio > 1.001, 1, 0)),
            russia=np.sum(here * np.where(number == 0, ratio, 0)),
            is_home=np.where(number == home, 1, 0),
        )

    y = alt.Y(
        "country:N",
        title=None,
        axis=alt.Axis(ticks=False, domain=False),
        sort=alt.EncodingSortField(field="value", op="sum", order="descending"),
    )
    x = alt.X(
        "value:Q",
        title="Thousand dollars a year (PPP)",
        scale=alt.Scale(domain=[0, 60], nice=False),
    )
    base = alt.Chart(height=220).encode(x=x, y=y)
    color = (
        alt.when("datum.is_home == 1")
        .then(alt.value(drawing.COLOR["second"]))
        .when("datum.member == 1")
        .then(alt.value(drawing.COLOR["main"]))
        .otherwise(alt.value(drawing.COLOR["quiet"]))
    )
    steps = drawing.layer(
        base.mark_bar().encode(color=color),
        base.mark_text(align="left", dx=5).encode(text=alt.Text("value:Q", format=".1f")),
    )
    return Explorer(
        "The ladder of incomes",
        ladder,
        rows=incomes,
        controls=[
            Choice(
                "home",
                "Seen from",
                options=tuple(NAMES[c] for c in countries),
                default="Kyrgyzstan",
            ),
            Parameter(
                "year", "Year", low=2010, high=2024, step=1, default=2014, format=".0f", time=True
            ),
        ],
        chart=steps,
        draw="shown",
        sentence=(
            "{year}, seen from {home} ({mine:.1f} thousand): {richer:.0f} of the other six "
            "countries have a higher income per head; Russia's is {russia:.1f} times as high."
        ),
        caption=(
            "Gross national income per head at purchasing power parity. Blue: members of the Union "
            "today; gray: not members; orange: where you stand."
        ),
        description=(
            "Seven horizontal bars, one for each country, of income in thousand dollars a "
            "year, the highest first, with their values: orange where you stand, blue for "
            "other members of the Union, gray for the rest."
        ),
        source=data.sources(_incomes()),
        table={
            "country": "Country",
            "at": ("Year", ".0f"),
            "income": ("Thousand dollars a year (PPP)", ".1f"),
        },
    )


def place_the_break(rows=None):
    """Show a series of nets, and the means of the years before and after a break.

    Parameters
    ----------
    rows : DataFrame, optional
        Your own series: the columns `year`, without gaps, and `net`, in thousand persons.
    """
    book = net().rename("net").reset_index()
    own = book if rows is None else rows
    series = stand_in(own, book).sort_values("year", ignore_index=True)
    if own is not book:
        _refuse_gaps(series["year"])
    first, last = int(series["year"].min()), int(series["year"].max())
    widest = min(8, len(series) // 2)

    def place_break(at, net, year, window):
        early = np.where((at < year) & (at >= year - window), 1, 0)
        late = np.where((at >= year) & (at < year + window), 1, 0)
        before = np.sum(early * net) / np.maximum(np.sum(early), 1)
        after = np.sum(late * net) / np.maximum(np.sum(late), 1)
        return dict(
            early=early,
            late=late,
            side=early + 2 * late,
            before=before,
            after=after,
            change=after - before,
            n_early=np.sum(early),
            n_late=np.sum(late),
        )

    scale = alt.Scale(domain=[-120, 60], nice=False) if own is book else alt.Scale()
    broken = _line_with_two_means(
        alt.X(
            "at:Q",
            title=None,
            scale=alt.Scale(domain=[first - 0.5, last + 0.5], nice=False),
            axis=alt.Axis(format="d", tickCount=6),
        ),
        alt.Y("net:Q", title="Net external migration, thousand", scale=scale),
    )
    if own is book:
        events = data.load("events").query("kind != 'boundary'").rename(columns={"event": "label"})
        broken = charts.with_marks(broken, events, left_from=2012)
        what, dates = "Kazakhstan, final figures", " Dashed: events; a date is not a cause."
        seen = (
            "A gray line of net external migration in thousand, from 2000 to 2024, with dashed "
            "rules at events. Dots in the years compared, and a level line at their mean, are blue "
            "before the break and orange after it."
        )
        source = data.sources(_final_net(), events)
    else:
        what, dates, source = "the country of your rows", "", "your rows"
        seen = (
            f"A gray line of your rows from {first} to {last}. Dots in the years compared, and a "
            "level line at their mean, are blue before the break and orange after it."
        )
    return Explorer(
        titled("Place the break", own, book),
        place_break,
        rows=series.rename(columns={"year": "at"}),
        controls=[
            Parameter(
                "year",
                "First year after the break",
                low=first + 2,
                high=last - 2,
                step=1,
                default=min(max(2015, first + 2), last - 2),
                format=".0f",
            ),
            Parameter(
                "window",
                "Years on each side",
                low=2,
                high=widest,
                step=1,
                default=min(5, widest),
                unit="years",
                format=".0f",
            ),
        ],
        chart=broken,
        sentence=(
            "Break at {year}: mean of {n_early:.0f} years before {before:+,.1f} thousand, of "
            "{n_late:.0f} years from then on {after:+,.1f} thousand; a change of {change:+,.1f} "
            "thousand a year."
        ),
        caption=(
            f"Net external migration of {what}. Blue and orange: the years compared and their "
            f"means.{dates}"
        ),
        description=seen,
        source=source,
        table={
            "at": ("Year", ".0f"),
            "net": ("Net external migration, thousand", "+,.1f"),
            "side": ("Compared", {0: "no", 1: "before the break", 2: "after the break"}),
        },
    )


def _refuse_gaps(years):
    """Refuse years that do not follow each other, and too few for a break with two sides."""
    if len(years) < 6 or (years % 1).any() or (years.diff().dropna() != 1).any():
        raise StandInError("Your rows need one row for each year, without gaps: at least six.")


def _line_with_two_means(x, y):
    """Draw a gray line, and over it the years before and after the break with their means."""
    base = alt.Chart(height=300).encode(x=x)
    layers = [
        base.mark_line(color=drawing.COLOR["quiet"]).encode(y=y),
        base.mark_circle(size=30, color=drawing.COLOR["quiet"], opacity=1).encode(y=y),
    ]
    for part, level, color in [("early", "before", "main"), ("late", "after", "second")]:
        some = base.transform_filter(f"datum.{part} == 1")
        mean = some.mark_line(color=drawing.COLOR[color], strokeWidth=4)
        dots = some.mark_circle(size=55, color=drawing.COLOR[color], opacity=1)
        layers += [mean.encode(y=alt.Y(f"{level}:Q")), dots.encode(y=y)]
    return drawing.layer(*layers)


def before_after_and_otherwise():
    """Show moves before and after in three pairs: in the Union, outside it, and without it."""
    cases = pd.DataFrame(
        {
            "order": [0, 1, 2, 3, 4, 5],
            "imagined": [0, 0, 0, 0, 1, 1],
            "time": ["before", "after"] * 3,
            "later": [0, 1] * 3,
            "pair": [
                "Union, before",
                "Union, after",
                "Outside, before",
                "Outside, after",
                "No Treaty, before",
                "No Treaty, after",
            ],
        }
    )

    def two_pairs(order, later, a_after, b_after, drift):
        a = np.where(later == 1, a_after, 50)
        b = np.where(later == 1, b_after, 40)
        otherwise = np.where(later == 1, 50 + (b_after - 40) + drift, 50)
        effect = a_after - (50 + (b_after - 40))
        return dict(
            flow=pick(np.floor(order / 2), [a, b, otherwise]),
            effect=effect,
            naive=a_after - 50,
            truth=effect - drift,
        )

    return Explorer(
        "Before, after, and otherwise",
        two_pairs,
        rows=cases,
        controls=[
            Parameter(
                "a_after",
                "Pair in the Union, after",
                low=0,
                high=100,
                step=5,
                default=70,
                unit="thousand",
                symbol="A_1",
            ),
            Parameter(
                "b_after",
                "Pair outside, after",
                low=20,
                high=80,
                step=5,
                default=55,
                unit="thousand",
                symbol="B_1",
            ),
            Parameter(
                "drift",
                "Extra change that only the first pair had anyway",
                low=-20,
                high=20,
                step=5,
                default=0,
                unit="thousand",
            ),
        ],
        chart=drawing.bars(
            "pair",
            "flow",
            "Moves a year, thousand",
            domain=(0, 120),
            sort=list(cases["pair"]),
            highlight="imagined",
            height=230,
        ),
        sentence=(
            "Before and after alone: {naive:+,.0f} thousand. Minus the change of the pair outside: "
            "{effect:+,.0f}. What the Treaty did in this invented world: {truth:+,.0f}."
        ),
        caption=(
            "Didactic: two invented pairs of countries, 50 and 40 thousand moves before. Orange: "
            "the Union without the Treaty, which nobody observes."
        ),
        description=(
            "Six horizontal bars of moves a year in thousand, before and after, for the pair "
            "in the Union, the pair outside and, in orange, the Union without the Treaty."
        ),
        source="didactic, invented numbers",
        table={"pair": "Case", "flow": ("Moves a year, thousand", ",.0f")},
    )
