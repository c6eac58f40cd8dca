"""The figures of the chapter on the regions: balances by kind, maps, births and moves, tables."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, Parameter, drawing, errors, pick, show, stand_in, titled
from explorers.sentences import markdown_table
from IPython.display import Markdown
from migrationlab import charts, data


def _year_slider(low, high, default, step=1):
    return Parameter(
        "year", "Year", low=low, high=high, step=step, default=default, format=".0f", time=True
    )


# What the data call a kind of moves, and what the chapter calls it.
_KINDS_OF_MOVES = {
    "net": "of all kinds",
    "internal": "within the country",
    "external": "across the border",
}


def count_or_rate_inside_or_abroad():
    """Show the balances of 17 regions in order, by people or by rate, and by kind of moves."""
    panel = data.panel(17)

    def inside_or_abroad(
        region_year, row_scope, known, population, people, is_almaty, is_north, year, measure, scope
    ):
        here = np.where((region_year == year) & (row_scope == scope), 1, 0)
        value = np.where(measure == 0, people, 1000 * people / population) * known
        return dict(
            shown=here,
            value=value,
            rate=1000 * people / population,
            length=value / np.where(measure == 0, 80_000, 60),
            by_count=np.where(measure == 0, 1, 0),
            published=np.sum(here * known) / 17,
            worst=np.argmin(np.where(here == 1, value, 1e9)),
            best=np.argmax(np.where(here == 1, value, -1e9)),
            almaty=np.argmax(here * is_almaty),
            north=np.argmax(here * is_north),
        )

    return Explorer(
        "Count or rate, inside or abroad",
        inside_or_abroad,
        rows=_balances_by_kind(panel),
        controls=[
            Choice("measure", "Rank by", options=("people", "rate per 1,000"), default="people"),
            Choice("scope", "Count moves", options=tuple(_KINDS_OF_MOVES.values())),
            _year_slider(2018, 2024, 2020),
        ],
        chart=_ranking(height=390),
        draw="shown",
        sentence=(
            "{year}, moves {scope}{published?|, which are not published for this year: no bar is "
            "drawn}. Ranked by {measure}, {named[worst]} is first and {named[best]} last. Almaty "
            "Region: {said[almaty]}; North Kazakhstan: {said[north]}."
        ),
        caption=(
            "Net migration of 17 regions, people or people per 1,000 residents on 1 January. "
            "Orange: losses. The parts within the country and across the border are published "
            "from 2022 on."
        ),
        description=(
            "Seventeen horizontal bars, one for each region, from the largest loss to the "
            "largest gain, with their values: orange and to the left for losses, blue and to "
            "the right for gains."
        ),
        source=data.sources(panel),
        table={
            "region": "Region",
            "region_year": ("Year", ".0f"),
            "kind": "Moves",
            "people": ("Net migration, people", "+,.0f", "known"),
            "rate": ("Net migration, per 1,000", "+.1f", "known"),
        },
    )


def _balances_by_kind(panel):
    """Return a row for each region, year and kind of moves, with its balance in words."""
    rows = panel.melt(
        ["region", "code", "year", "population"], list(_KINDS_OF_MOVES), "kind", "people"
    ).rename(columns={"year": "region_year"})
    rows["row_scope"] = [list(_KINDS_OF_MOVES).index(kind) for kind in rows["kind"]]
    rows["kind"] = rows["kind"].map(_KINDS_OF_MOVES)
    rows["known"] = rows["people"].notna().astype(int)
    # A missing number stays a text: the model draws no bar for it, whatever stands in its place.
    rows["people"] = rows["people"].astype(float).fillna(0)
    rows["said"] = [
        f"{show(n, '+,.0f')} people, {show(1000 * n / p, '+.1f')} per 1,000"
        if known
        else "not published"
        for n, p, known in zip(rows["people"], rows["population"], rows["known"], strict=True)
    ]
    rows["named"] = np.where(
        rows["known"] == 1, rows["region"] + " (" + rows["said"] + ")", "no region"
    )
    rows["is_almaty"] = (rows["code"] == "KZ-19").astype(int)
    rows["is_north"] = (rows["code"] == "KZ-59").astype(int)
    return rows.drop(columns="code")


def _ranking(height):
    """Draw regions from the largest loss to the largest gain, values printed."""
    y = alt.Y(
        "region:N",
        title=None,
        axis=alt.Axis(**drawing.PLAIN_AXIS),
        sort=alt.EncodingSortField(field="length", op="min", order="ascending"),
    )
    x = alt.X("length:Q", scale=alt.Scale(domain=[-1.2, 1.62], nice=False), axis=None)
    base = (
        alt.Chart(height=height)
        .transform_calculate(
            text=(
                "datum.known == 0 ? 'not published' : replace(format(datum.value, datum.by_count "
                "== 1 ? '+,.0f' : '+.1f'), '-', '\u2212')"
            )
        )
        .encode(y=y, x=x)
    )
    loss = (
        alt.when("datum.value < 0")
        .then(alt.value(drawing.COLOR["second"]))
        .otherwise(alt.value(drawing.COLOR["main"]))
    )
    left = base.transform_filter("datum.length < 0").mark_text(align="right", dx=-4, fontSize=11)
    right = base.transform_filter("datum.length >= 0").mark_text(align="left", dx=4, fontSize=11)
    return drawing.layer(
        base.mark_bar().encode(color=loss), left.encode(text="text:N"), right.encode(text="text:N")
    )


def who_gains_who_loses_on_the_map():
    """Show on a map which of the 16 places gain people and which lose them, year by year."""
    outlines, sixteen = data.boundaries(), data.panel(16)
    places, rates = _places(outlines, sixteen, "net_rate")
    for y in range(2013, 2025):
        places[f"y{y}"] = rates[y].to_numpy()

    def map_year(
        city,
        y2013,
        y2014,
        y2015,
        y2016,
        y2017,
        y2018,
        y2019,
        y2020,
        y2021,
        y2022,
        y2023,
        y2024,
        year,
    ):
        rate = pick(
            year - 2013,
            [y2013, y2014, y2015, y2016, y2017, y2018, y2019, y2020, y2021, y2022, y2023, y2024],
        )
        return dict(
            rate=rate,
            best=np.argmax(rate),
            worst=np.argmin(rate),
            losing=np.sum(np.where((rate < 0) & (city == 0), 1, 0)),
        )

    return Explorer(
        "Who gains, who loses, on the map",
        map_year,
        rows=places,
        controls=[_year_slider(2013, 2024, 2020)],
        chart=charts.region_map("rate", outlines, "Net migration per 1,000 residents"),
        sentence=(
            "{year}: {losing:.0f} of the 14 regions lose people. {region[worst]} loses most "
            "({rate[worst]:+.1f} per 1,000), {region[best]} gains most ({rate[best]:+.1f})."
        ),
        caption=(
            "Net migration over all kinds of moves, per 1,000 residents on 1 January. Circles: "
            "Astana and Almaty. Shymkent is counted with South Kazakhstan in all years."
        ),
        description=(
            "A map of 14 regions and, as circles, two cities, with net migration per 1,000 "
            "residents printed on each: stronger orange for larger losses, stronger blue for "
            "larger gains, gray near zero."
        ),
        source=data.sources(sixteen) + "; outlines: Natural Earth",
        table={"region": "Region", "rate": ("Net migration, per 1,000", "+.1f")},
    )


def inside_or_abroad_on_the_map():
    """Show on a map who gains and who loses within the country, and who across the border."""
    outlines, sixteen = data.boundaries(), data.panel(16)
    places, internal_rates = _places(outlines, sixteen, "internal_rate")
    _, external_rates = _places(outlines, sixteen, "external_rate")
    for y in (2022, 2023, 2024):
        places[f"i{y}"] = internal_rates[y].to_numpy()
        places[f"e{y}"] = external_rates[y].to_numpy()

    def map_scope(city, i2022, i2023, i2024, e2022, e2023, e2024, year, scope):
        internal = pick(year - 2022, [i2022, i2023, i2024])
        external = pick(year - 2022, [e2022, e2023, e2024])
        rate = pick(scope, [internal, external])
        return dict(
            rate=rate,
            best=np.argmax(rate),
            worst=np.argmin(rate),
            losing=np.sum(np.where((rate < 0) & (city == 0), 1, 0)),
        )

    return Explorer(
        "Inside or abroad, on the map",
        map_scope,
        rows=places,
        controls=[
            Choice(
                "scope",
                "Count moves",
                options=("within the country", "across the border"),
                default="across the border",
            ),
            _year_slider(2022, 2024, 2022),
        ],
        chart=charts.region_map(
            "rate",
            outlines,
            "Net migration per 1,000 residents",
            thresholds=(-6, -2, -0.5, 0.5, 2, 6),
            text=".1f",
        ),
        sentence=(
            "{year}, moves {scope}: {losing:.0f} of the 14 regions lose people. {region[worst]} "
            "loses most ({rate[worst]:+.1f} per 1,000), {region[best]} gains most "
            "({rate[best]:+.1f})."
        ),
        caption=(
            "The two parts of the balance, per 1,000 residents on 1 January; published from 2022 "
            "on. The external part is what the total leaves when the internal part is taken away."
        ),
        description=(
            "A map of 14 regions and, as circles, two cities, with the net per 1,000 residents "
            "of the chosen moves printed on each: stronger orange for larger losses, stronger blue "
            "for larger gains, gray near zero."
        ),
        source=data.sources(sixteen) + "; outlines: Natural Earth",
        table={"region": "Region", "rate": ("Net migration, per 1,000", "+.1f")},
    )


def _places(outlines, sixteen, column):
    """Return the 16 places of a map, and a table of a rate: places down, years across."""
    rates = sixteen.pivot(index="code", columns="year", values=column)
    spots = {feature["code"]: feature["label"] for feature in outlines}
    towns = data.regions(16).set_index("code")
    places = pd.DataFrame(
        {"code": rates.index, "region": [towns.loc[c, "region"] for c in rates.index]}
    )
    # What has no outline is a city, drawn as a circle where its center lies.
    places["city"] = [int(c not in spots) for c in rates.index]
    for i, name in enumerate(("longitude", "latitude")):
        places[name] = [spots[c][i] if c in spots else towns.loc[c, name] for c in rates.index]
    return places, rates


def born_or_moved(rows=None):
    """Show regions by natural increase and net migration, and the line where the two cancel.

    Parameters
    ----------
    rows : DataFrame, optional
        Columns ``region``, ``year``, ``natural_rate`` (births minus deaths per 1,000 residents) and
        ``net_rate`` (net migration per 1,000): one row for each region and year.
    """
    panel = data.panel(17)
    book = panel[["region", "year", "natural_rate", "net_rate"]]
    own = book if rows is None else rows
    rows = stand_in(own, book)
    if own is not book:
        _refuse_missing_rows(rows)
    years = sorted(int(y) for y in rows["year"].unique())
    year = 2020 if 2020 in years else years[-1]
    in_order = rows[rows["year"] == year].sort_values("natural_rate", ascending=False)
    names = in_order["region"].tolist()
    growth = rows.rename(columns={"year": "region_year"})
    growth["number"] = [names.index(name) for name in growth["region"]]
    chosen = "Turkistan" if "Turkistan" in names else names[0]
    controls, when = [Choice("chosen", "Region", options=tuple(names), default=chosen)], "{year}"
    if len(years) > 1:
        controls.insert(0, _year_slider(years[0], years[-1], year, step=years[1] - years[0]))
    else:
        # Nothing to choose: the year is a column, and its slider is left out.
        growth["year"], when = year, "{year[0]:.0f}"

    def add_up(region_year, natural_rate, net_rate, number, year, chosen):
        here = np.where(region_year == year, 1, 0)
        mine = here * np.where(number == chosen, 1, 0)
        total = natural_rate + net_rate
        return dict(
            shown=here,
            mine=mine,
            shrinking=np.sum(here * np.where(total < 0, 1, 0)),
            births=np.sum(mine * natural_rate),
            moves=np.sum(mine * net_rate),
            total=np.sum(mine * total),
        )

    return Explorer(
        titled("Born or moved", own, book),
        add_up,
        rows=growth,
        controls=controls,
        chart=_plane(rows, height=320),
        draw="shown",
        sentence=(
            f"{when}: {{shrinking:.0f}} of {len(names)} regions shrink. {{chosen}}: natural "
            "increase {births:+.1f}, net migration {moves:+.1f}, together {total:+.1f} per 1,000."
        ),
        caption=(
            f"{len(names)} regions; on the dashed line births minus deaths and moves cancel, below "
            "it the population falls. Orange: the chosen region."
        ),
        description=(
            "A blue dot for each region, the chosen one orange and named, by natural increase "
            "across and net migration upward, both per 1,000; on a dashed line that falls from "
            "left to right the two cancel."
        ),
        source=data.sources(panel) if own is book else "",
        table={
            "region": "Region",
            "region_year": ("Year", ".0f"),
            "natural_rate": ("Natural increase per 1,000", "+.1f"),
            "net_rate": ("Net migration per 1,000", "+.1f"),
        },
    )


def _refuse_missing_rows(rows):
    """Refuse rows that leave out a region in some year, or that hold one twice."""
    count = rows.groupby(["region", "year"]).size().unstack(fill_value=0)
    if len(count) < 2:
        raise errors.ExplorerError("This figure needs the rows of two or more regions.")
    gaps = np.diff(count.columns)
    if (count.columns % 1).any() or (gaps != gaps[:1]).any():
        raise errors.ExplorerError(
            "This figure needs years in whole numbers and at equal distances, such as 2010, 2015, "
            f"2020; your rows have {', '.join(f'{year:g}' for year in count.columns)}."
        )
    wrong = count.stack().loc[lambda n: n != 1]
    if len(wrong):
        region, year = wrong.index[0]
        raise errors.ExplorerError(
            f"This figure needs one row for each region and year; {region} has {wrong.iloc[0]} for "
            f"{year:.0f}."
        )


def _plane(rows, height):
    """Draw regions by natural increase and net migration, and the line where the two cancel."""
    x = alt.X(
        "natural_rate:Q",
        title="Natural increase per 1,000",
        scale=alt.Scale(domain=_wide_enough(-6, 30, rows["natural_rate"]), nice=False),
    )
    y = alt.Y(
        "net_rate:Q",
        title="Net migration per 1,000",
        scale=alt.Scale(
            domain=_wide_enough(-30, 60, [*rows["net_rate"], *-rows["natural_rate"]]), nice=False
        ),
    )
    base = alt.Chart(height=height).encode(x=x, y=y)
    # Where the two cancel, from one end of the axis to the other.
    ends = [{"born": end, "moved": -end} for end in _wide_enough(-6, 30, rows["natural_rate"])]
    zero = (
        alt.Chart(alt.InlineData(values=ends))
        .mark_line(strokeDash=[5, 4], color=drawing.COLOR["quiet"], clip=True)
        .encode(x="born:Q", y="moved:Q")
    )
    color = (
        alt.when("datum.mine == 1")
        .then(alt.value(drawing.COLOR["second"]))
        .otherwise(alt.value(drawing.COLOR["main"]))
    )
    # The name stands inside the frame, and a halo lifts it off the dots.
    side = "datum.natural_rate < 6 ? 'left' : datum.natural_rate > 24 ? 'right' : 'center'"
    mine = base.transform_filter("datum.mine == 1").encode(text="region:N")
    name = {"dy": -14, "fontWeight": "bold", "align": alt.expr(side)}
    return drawing.layer(
        base.mark_circle(size=80, opacity=0.9).encode(color=color),
        zero,
        mine.mark_text(**name, stroke=drawing.COLOR["page"], strokeWidth=3, strokeJoin="round"),
        mine.mark_text(**name),
    )


def _wide_enough(low, high, values):
    """Return the ends of an axis: the book's, or wider ones where a reader's rows need them."""
    return [min(low, int(np.floor(min(values)))), max(high, int(np.ceil(max(values))))]


# Figures of a region: the line's label, the format of its number, and the unit.
_LINES = {
    "income": ("Income", ",.0f", " tenge a month"),
    "grp_per_capita": ("Output per head", ",.0f", " thousand tenge"),
    "unemployment": ("Unemployment", ".1f", "%"),
    "urban_share": ("Urban residents", ".0f", "%"),
    "natural_rate": ("Natural increase", "+.1f", " per 1,000"),
    "net_rate": ("Net migration", "+.1f", " per 1,000"),
}


def facts_of_2020():
    """Return what is known of the 17 regions in 2020, from income to net migration."""
    settled = data.load("population_by_settlement").query("year == 2020")
    urban = settled.pivot_table(
        index="code", columns="settlement", values="population", aggfunc="sum"
    ).fillna(0)
    facts = (
        data.panel(17)
        .query("year == 2020")
        .merge(
            data.covariates().query("year == 2020"),
            on=["code", "region", "year"],
            suffixes=("", "_more"),
        )
    )
    facts["urban_share"] = facts["code"].map(100 * urban["urban"] / urban.sum(axis=1))
    return facts


def the_profile_of_a_region():
    """Show the place of a region among the 17, by income, output, jobs, towns, births and moves."""
    facts = facts_of_2020()
    order = facts.sort_values("income", ascending=False)["region"].tolist()
    lines_of = [
        (
            number,
            label,
            region,
            order.index(region),
            facts[name].rank(ascending=False, method="min")[i],
            facts[name][i],
            show(facts[name][i], form) + unit,
        )
        for number, (name, (label, form, unit)) in enumerate(_LINES.items())
        for i, region in facts["region"].items()
    ]
    standing = pd.DataFrame(
        lines_of, columns=["line", "label", "region", "number", "rank", "amount", "written"]
    )

    def profile(line, number, rank, amount, chosen):
        mine = np.where(number == chosen, 1, 0)
        at = [np.sum(mine * np.where(line == k, rank, 0)) for k in (0, 1, 5)]
        return dict(
            mine=mine,
            income_rank=at[0],
            output_rank=at[1],
            net_rank=at[2],
            income=np.sum(mine * np.where(line == 0, amount, 0)),
            net=np.sum(mine * np.where(line == 5, amount, 0)),
        )

    return Explorer(
        "The profile of a region",
        profile,
        rows=standing,
        controls=[Choice("chosen", "Region", options=tuple(order), default="Atyrau")],
        chart=_places_among_17(),
        sentence=(
            "{chosen}: number {income_rank:.0f} by income ({income:,.0f} tenge a month), number "
            "{output_rank:.0f} by output per head, number {net_rank:.0f} by net migration "
            "({net:+.1f} per 1,000)."
        ),
        caption=(
            "Six figures of 2020, each region's place among the 17. Orange: the chosen region, "
            "with its value. Equal values share a place."
        ),
        description=(
            "Six rows of gray dots, one row for each figure, at the places from 1 to 17; in "
            "each the dot of the chosen region is large and orange, with its value above it."
        ),
        source=data.sources(
            facts,
            data.load("population_by_settlement").query("year == 2020"),
            data.load("income"),
            data.load("grp"),
            data.load("unemployment"),
        ),
        table={
            "region": "Region",
            "label": "Figure",
            "rank": ("Place among 17", ".0f"),
            "written": "Value",
        },
    )


def _places_among_17():
    """Draw a row of dots for each figure of a region, the chosen region's dot with its value."""
    y = alt.Y(
        "label:N",
        sort=[label for label, *_ in _LINES.values()],
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=210),
    )
    x = alt.X(
        "rank:Q",
        title="Place among 17 (1 is the highest)",
        scale=alt.Scale(domain=[-2, 20], nice=False),
        axis=alt.Axis(values=[1, 5, 9, 13, 17], grid=False),
    )
    base = alt.Chart(height=250).encode(x=x, y=y)
    mine = base.transform_filter("datum.mine == 1")
    # A long value at an end of the axis reaches inward.
    side = "datum.rank < 6 ? 'left' : datum.rank > 12 ? 'right' : 'center'"
    return drawing.layer(
        base.mark_circle(size=40, color=drawing.COLOR["quiet"], opacity=0.5),
        mine.mark_circle(size=150, color=drawing.COLOR["second"], opacity=1),
        mine.mark_text(dy=-13, fontSize=11, fontWeight="bold", align=alt.expr(side)).encode(
            text="written:N"
        ),
    )


def three_cities_two_ways_to_grow():
    """Show what births and what moves add to Almaty, Astana and Shymkent, year by year."""
    cities = ("Almaty", "Astana", "Shymkent")
    parts = ["births minus deaths", "net migration"]
    panel = data.panel(17)
    panel = panel[panel["region"].isin(cities)].sort_values(["region", "year"])
    grown = pd.concat(
        [
            panel.assign(part=parts[0], moved=0, persons=panel["natural_increase"]),
            panel.assign(part=parts[1], moved=1, persons=panel["net"]),
        ]
    )
    grown = grown[["region", "year", "part", "moved", "persons"]]
    grown = grown.rename(columns={"year": "city_year"}).reset_index(drop=True)
    grown["persons"] = grown["persons"].astype(float) / 1000
    grown["number"] = [cities.index(name) for name in grown["region"]]

    def city_growth(city_year, moved, persons, number, which, year):
        mine = np.where(number == which, 1, 0)
        now = mine * np.where(city_year == year, 1, 0)
        migration, births = np.sum(now * moved * persons), np.sum(now * (1 - moved) * persons)
        return dict(
            shown=mine,
            now=now,
            bar=mine * persons,
            migration=migration,
            births=births,
            share=100 * migration / (migration + births),
        )

    bars = (
        alt.Chart(height=260)
        .mark_bar()
        .encode(
            alt.X("city_year:O", title=None, axis=alt.Axis(labelAngle=0)),
            alt.Y("bar:Q", title="Thousand persons", scale=alt.Scale(domain=[0, 80], nice=False)),
            xOffset=alt.XOffset("part:N", sort=parts),
            color=alt.Color("part:N", sort=parts, legend=alt.Legend(orient="bottom")),
            opacity=alt.when("datum.now == 1").then(alt.value(1)).otherwise(alt.value(0.45)),
        )
    )
    return Explorer(
        "Three cities, two ways to grow",
        city_growth,
        rows=grown,
        controls=[
            Choice("which", "City", options=cities, default="Shymkent"),
            _year_slider(2018, 2024, 2020),
        ],
        chart=bars,
        draw="shown",
        sentence=(
            "{which} in {year}: births minus deaths {births:,.1f} thousand, net migration "
            "{migration:,.1f} thousand. Migration makes {share:.0f}% of the growth."
        ),
        caption=(
            "Natural increase and net migration of a city, in thousand persons; the chosen year "
            "stands out."
        ),
        description=(
            "A pair of upright bars for each year from 2018 to 2024, in thousand persons: blue "
            "for births minus deaths, orange for net migration. The chosen year is strong, the "
            "others are pale."
        ),
        source=data.sources(panel),
        table={
            "region": "City",
            "city_year": ("Year", ".0f"),
            "part": "Part",
            "persons": ("Thousand persons", ",.1f"),
        },
    )


def counts_of_internal_moves():
    """Return a table of all counts of moves within the country that were published."""
    kinds = {
        "all_internal": "all moves, those inside a region included",
        "interregional": "moves between regions",
    }
    periods = {
        "year": "whole year",
        "jan-mar": "January–March",
        "jan-jun": "January–June",
        "jan-sep": "January–September",
    }
    volume = data.load("internal_moves").sort_values(["kind", "year"], ascending=[False, True])
    lines = [
        (
            str(row.year),
            periods[row.period],
            kinds[row.kind],
            row.ages,
            show(row.moves / 1000, ",.1f"),
        )
        for row in volume.itertuples()
    ]
    return Markdown(markdown_table(["Year", "Months", "Counted", "Ages", "Thousand"], lines, {4}))


def cells_that_are_known():
    """Return a table of the moves from one region to another that were published for 2021."""
    names = data.load("regions").set_index("code")["region"]
    quarter = data.load("origin_destination").query("year == 2021 and period == 'jan-mar'")
    total = quarter.query("origin == 'other regions'").set_index("destination")["moves"]
    cells = quarter.query("origin != 'other regions'").sort_values(
        ["destination", "moves"], ascending=[True, False]
    )
    lines = [
        (
            names[cell.origin],
            names[cell.destination],
            show(cell.moves, ",.0f"),
            show(cell.moves / total[cell.destination], ".0%"),
        )
        for cell in cells.itertuples()
    ]
    head = ["From", "To", "Moves", "Share of all arrivals from regions"]
    return Markdown(markdown_table(head, lines, {2, 3}))


def donors_and_recipients():
    """Return a table of the regions of the program Enbek, with their balances of 2020."""
    balances = data.panel(17).query("year == 2020").set_index("code")
    roles = data.named(data.load("resettlement_roles"))
    roles["net"] = [balances.loc[code, "net"] for code in roles["code"]]
    roles["rate"] = [balances.loc[code, "net_rate"] for code in roles["code"]]
    lines = [
        (row.role, row.region, show(row.net, "+,.0f"), show(row.rate, "+.1f"))
        for row in roles.sort_values(["role", "rate"]).itertuples()
    ]
    return Markdown(markdown_table(["Role", "Region", "Net 2020", "Per 1,000"], lines, {2, 3}))


def the_new_regions_so_far():
    """Show the balance of a new region, of the rest of the old one, and of both together."""
    # The new region, the one it was taken from, and its name.
    pairs = (
        ("KZ-10", "KZ-63", "Abai"),
        ("KZ-33", "KZ-19", "Zhetysu"),
        ("KZ-62", "KZ-35", "Ulytau"),
    )
    panel = data.panel(17)
    former = panel.set_index(["code", "year"])["net_rate"]
    rates = data.net_rate().set_index(["code", "year"])["rate"]
    series = []
    for number, (new, old, _) in enumerate(pairs):
        for y in range(2018, 2025):
            series.append((number, y, "both together", former[old, y]))
            if y >= 2022:
                series += [
                    (number, y, "new region", rates[new, y]),
                    (number, y, "rest of the old one", rates[old, y]),
                ]
    series = pd.DataFrame(series, columns=["pair", "at", "line", "rate"])
    series["is_new"] = (series["line"] == "new region").astype(int)

    def reform(pair, at, rate, is_new, which, year):
        mine = np.where(pair == which, 1, 0)
        now = mine * np.where(at == year, 1, 0)
        return dict(
            shown=mine,
            now=now,
            new=np.sum(now * is_new * rate),
            first=np.sum(mine * is_new * rate * np.where(at == 2022, 1, 0)),
        )

    base = alt.Chart(height=260).encode(
        alt.X(
            "at:Q",
            title=None,
            scale=alt.Scale(domain=[2017.7, 2024.3], nice=False),
            axis=alt.Axis(format="d", tickCount=7),
        ),
        alt.Y(
            "rate:Q",
            title="Net migration per 1,000",
            scale=alt.Scale(domain=[-20, 5], nice=False),
        ),
        color=alt.Color(
            "line:N",
            sort=["both together", "new region", "rest of the old one"],
            legend=alt.Legend(orient="bottom", columns=2),
        ),
    )
    size = alt.when("datum.now == 1").then(alt.value(160)).otherwise(alt.value(50))
    lines = drawing.layer(base.mark_line(), base.mark_circle(opacity=1).encode(size=size))
    breaks = data.marks("net_migration", 2019, 2024, code="KZ-63")
    return Explorer(
        "The new regions so far",
        reform,
        rows=series,
        controls=[
            Choice("which", "New region", options=tuple(name for *_, name in pairs)),
            _year_slider(2022, 2024, 2024),
        ],
        chart=charts.with_marks(lines, breaks, left_from=2022),
        draw="shown",
        sentence=(
            "{which} in {year}: {new:+.1f} per 1,000, against {first:+.1f} in 2022, its first year."
        ),
        caption=(
            "Net migration per 1,000 residents: the old region in its former borders, and from "
            "2022 on its two parts. The dashed rule marks the division and a table of another date."
        ),
        description=(
            "Lines of net migration per 1,000 by year: blue from 2018 on for both regions "
            "together; from 2022 on, two more in other colors for the new region and for the "
            "rest of the old one. The dots of the chosen year are large; a dashed rule marks a "
            "break in the series."
        ),
        source=data.sources(panel, data.load("net_migration")),
        table={
            "pair": ("New region", dict(enumerate(name for *_, name in pairs))),
            "line": "Line",
            "at": ("Year", ".0f"),
            "rate": ("Net migration, per 1,000", "+.1f"),
        },
    )
