"""The figures of the chapter on the labor market: rates and counts, permits, income and wages."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, Parameter, Switch, drawing, pick, stand_in, titled
from explorers.standing_in import StandInError
from migrationlab import data


def rates():
    """Return the unemployment rates in percent, by code, year and period."""
    return data.load("unemployment").set_index(["code", "year", "period"])["rate"]


def counts():
    """Return persons in and out of work, by code, year, period and measure."""
    index = ["code", "year", "period", "measure"]
    return data.load("labor_force").set_index(index)["persons"]


def incomes():
    """Return the income per resident in tenge a month, by code and year."""
    return data.load("income").set_index(["code", "year"])["income"]


def unemployment_and_income():
    """Return the rate in percent and the income in thousand tenge of 17 regions in 2020."""
    both, rate, income = _regions(), rates(), incomes()
    both["unemployment"] = [rate[code, 2020, "year"] for code in both["code"]]
    both["income"] = [income[code, 2020] / 1000 for code in both["code"]]
    both = both.sort_values("unemployment", ascending=False, kind="stable")
    return both.drop(columns="code").reset_index(drop=True)


def who_set_the_axis(rows=None):
    """Show the same rates, or incomes, of regions on an axis whose ends the reader sets.

    Parameters
    ----------
    rows : DataFrame, optional
        One row per region, with its name as `region`, `unemployment` in percent, and `income`.
    """
    book = unemployment_and_income()
    own = book if rows is None else rows
    rows, ours = stand_in(own, book), own is book
    if not rows["unemployment"].between(0.1, 99).all():
        raise StandInError(
            "Your rows have an unemployment below 0.1 or above 99; this figure needs percents "
            "between them."
        )
    rows = rows.sort_values("unemployment", ascending=False, kind="stable", ignore_index=True)
    lowest, highest = rows["unemployment"].min(), rows["unemployment"].max()
    poorest = rows["income"].min()
    # Income for one percentage point of unemployment: both axes begin alike.
    scale = poorest / lowest
    # The axis runs from the half point below the lowest rate to the one above the highest. It does
    # not begin at zero, which is what the switch is for.
    begin = float(np.floor(2 * lowest) / 2) or lowest / 2
    end = float(np.floor(2 * highest) / 2 + 0.5)
    ticks = pd.DataFrame(
        {
            "region": "axis",
            "about": [f"mark {k} of the axis" for k in range(1, 6)],
            "unemployment": lowest,
            "income": poorest,
            "place": np.linspace(0, 1, 5),
            "is_tick": 1,
        }
    )

    def reader_axis(unemployment, income, place, is_tick, top, variable, zero):
        unit = np.where(variable == 0, 1, scale)
        value = np.where(variable == 0, unemployment, income)
        bottom = np.where(zero == 1, 0, begin) * unit
        axis_top = top * unit
        position = (value - bottom) / (axis_top - bottom)
        spread = (np.max(value) - np.min(value)) / (axis_top - bottom)
        return dict(
            position=np.where(is_tick == 1, place, np.minimum(position, 1)),
            number=np.where(is_tick == 1, bottom + place * (axis_top - bottom), value),
            mark=bottom + place * (axis_top - bottom),
            is_region=1 - is_tick,
            off=np.where((is_tick == 0) & (position > 1), 1, 0),
            outside=np.sum(np.where(position > 1, 1, 0)),
            bottom=bottom,
            axis_top=axis_top,
            fill=np.minimum(spread, 1),
            percent=np.where(variable == 0, 1, 0),
            ratio=np.max(value) / np.min(value),
        )

    # Another country's income has another unit.
    in_tenge = ", thousand tenge" if ours else ""
    return Explorer(
        titled("Who set the axis?", own, book),
        reader_axis,
        rows=pd.concat(
            [rows.assign(about=rows["region"], place=0.0, is_tick=0), ticks], ignore_index=True
        ),
        controls=[
            Parameter(
                "top",
                "Top of the axis",
                low=end,
                high=100,
                step=0.5,
                default=end,
                unit="% unemployed",
            ),
            Choice(
                "variable",
                "Show",
                options=("unemployment, %", f"income{in_tenge}"),
                default="unemployment, %",
            ),
            Switch("zero", "Begin the axis at zero"),
        ],
        chart=_on_reader_axis(list(rows["region"])),
        sentence=(
            "Shown: {variable}. Axis from {bottom:,.1f} to {axis_top:,.1f}: from the lowest to the "
            "highest region the dots take up {fill:.0%} of its length, and {outside:.0f} of "
            f"{len(rows)} lie beyond its end. "
            "Whatever the axis, the highest is {ratio:.2f} times the lowest."
        ),
        caption=(
            f"{len(rows)} regions {'in 2020' if ours else 'of your rows'}, ordered by "
            "unemployment. The bold numbers in the last row belong to the axis. For income the "
            "axis is stretched in the same proportion, so that both variables begin at the same "
            "place. Orange: beyond the axis."
        ),
        description=(
            f"{len(rows)} dots, one for each region, with the value printed beside each, on an "
            "axis across whose ends you set; its numbers stand in the last row. Dots are blue, and "
            "orange at the end where the value lies beyond the axis."
        ),
        source=(
            data.sources(data.load("unemployment"), data.load("income")) + "; own calculation"
            if ours
            else "your rows"
        ),
        table={
            "about": "Region, or mark of the axis",
            "position": ("Place on the axis, 0 to 1", ".2f"),
            "unemployment": ("Unemployment, %", ".1f", "is_region"),
            "income": (f"Income{in_tenge} a month" if ours else "Income", ",.1f", "is_region"),
            "mark": ("Number at the mark", ",.2f", "is_tick"),
        },
    )


def _on_reader_axis(regions):
    """Draw dots on an axis from 0 to 1 whose printed numbers are results of the model."""
    y = alt.Y(
        "region:N",
        sort=[*regions, "axis"],
        title=None,
        axis=alt.Axis(
            **drawing.PLAIN_AXIS,
            minExtent=115,
            labelExpr="datum.label == 'axis' ? '' : datum.label",
        ),
    )
    x = alt.X(
        "position:Q",
        scale=alt.Scale(domain=[0, 1.3], nice=False),
        title="The axis that you set",
        axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], labels=False),
    )
    base = alt.Chart(height=40 + 20 * (len(regions) + 1)).encode(x=x, y=y)
    dots = base.transform_filter("datum.is_tick == 0")
    color = alt.when("datum.off == 1").then(alt.value(drawing.COLOR["second"]))
    dot = dots.mark_circle(size=80, opacity=0.9).encode(
        color=color.otherwise(alt.value(drawing.COLOR["main"]))
    )
    value = dots.mark_text(align="left", dx=8, fontSize=11).encode(
        text=alt.Text("number:Q", format=",.1f")
    )
    tick = base.transform_filter("datum.is_tick == 1").transform_calculate(
        text="format(datum.number, datum.percent == 1 ? '.2f' : ',.0f')"
    )
    # On a phone there is room for the two ends and the middle.
    number = alt.ExprRef("width < 230 && datum.place % 0.5 > 0 ? '' : datum.text")
    return drawing.layer(dot, value, tick.mark_text(fontSize=12, fontWeight="bold", text=number))


def rate_or_count_of_unemployed():
    """Show the regions ranked by the number of unemployed, or by their rate, in a first quarter."""
    many, rate, count = _regions(), rates(), counts()
    for y in (2019, 2020, 2021):
        many[f"c{y}"] = [count[code, y, "Q1", "unemployed"] / 1000 for code in many["code"]]
        many[f"r{y}"] = [rate[code, y, "Q1"] for code in many["code"]]

    def rate_or_count(c2019, c2020, c2021, r2019, r2020, r2021, quarter, measure):
        count = pick(quarter, [c2019, c2020, c2021])
        rate = pick(quarter, [r2019, r2020, r2021])
        value = np.where(measure == 0, count, rate)
        return dict(
            value=value,
            count=count,
            rate=rate,
            decimals=np.where(measure == 0, 1, 0),
            length=value / np.where(measure == 0, 60, 6),
            first=np.argmax(value),
            last=np.argmin(value),
            times=np.max(value) / np.min(value),
        )

    return Explorer(
        "Rate or count of unemployed?",
        rate_or_count,
        rows=many,
        controls=[
            Choice(
                "measure",
                "Rank by",
                options=("count, thousand", "rate, %"),
                default="count, thousand",
            ),
            Choice(
                "quarter", "Quarter", options=("Q1 2019", "Q1 2020", "Q1 2021"), default="Q1 2020"
            ),
        ],
        chart=_printed_bars(),
        sentence=(
            "{quarter}, {measure}: {region[first]} is first with {value[first]:,.1f}, "
            "{region[last]} last with {value[last]:,.1f}; the first has {times:.2f} times the last."
        ),
        caption=(
            "Unemployed persons in thousands, or in percent of the labor force, in 17 regions. "
            "Bars begin at zero and end at 60 thousand or 6%."
        ),
        description=(
            "Seventeen horizontal bars, one for each region, of the unemployed in thousands or "
            "of their rate in percent, the longest first, with their values."
        ),
        source=data.sources(data.load("labor_force"), data.load("unemployment")),
        table={
            "region": "Region",
            "count": ("Unemployed, thousand", ",.1f"),
            "rate": ("Unemployment rate, %", ".1f"),
        },
    )


def a_quarter_sold_as_a_year():
    """Show how far a quarter's unemployment rate is from its year's, in each region."""
    rate, regions = rates(), _regions()
    of_years = pd.DataFrame(
        [
            {
                "region": name,
                "which": y,
                "q1": rate[code, y, "Q1"],
                "q2": rate[code, y, "Q2"],
                "q3": rate[code, y, "Q3"],
                "q4": rate[code, y, "Q4"],
                "annual": rate[code, y, "year"],
                "is_almaty": int(code == "KZ-75"),
            }
            for code, name in zip(regions["code"], regions["region"], strict=True)
            for y in range(2018, 2022)
            if all((code, y, p) in rate.index for p in ("Q1", "Q2", "Q3", "Q4", "year"))
        ]
    )

    def quarter_for_year(which, q1, q2, q3, q4, annual, is_almaty, year, quarter):
        here = which == year
        sold = pick(quarter - 1, [q1, q2, q3, q4])
        mean = (q1 + q2 + q3 + q4) / 4
        almaty = here & (is_almaty == 1)
        return dict(
            sold=sold,
            mean=mean,
            shown=np.where(here, 1, 0),
            different=np.sum(np.where(here & (np.abs(sold - annual) > 0.05), 1, 0)),
            regions=np.sum(np.where(here, 1, 0)),
            almaty_sold=np.sum(np.where(almaty, sold, 0)),
            almaty_year=np.sum(np.where(almaty, annual, 0)),
            almaty_mean=np.sum(np.where(almaty, mean, 0)),
        )

    return Explorer(
        "A quarter sold as a year",
        quarter_for_year,
        rows=of_years,
        controls=[
            Parameter(
                "year", "Year", low=2019, high=2021, step=1, default=2020, format=".0f", time=True
            ),
            Parameter(
                "quarter",
                "Quarter sold as the year",
                low=1,
                high=4,
                step=1,
                default=1,
                format=".0f",
            ),
        ],
        chart=_two_dots("annual", "sold", "Unemployment, %", [4, 6]),
        draw="shown",
        sentence=(
            "{year}: quarter {quarter} differs from the published year in {different:.0f} of "
            "{regions:.0f} regions. Almaty: quarter {almaty_sold:.1f}%, year {almaty_year:.1f}%, "
            "mean of the four quarters {almaty_mean:.2f}%."
        ),
        caption=(
            "Unemployment rate: the year (blue, large) and the chosen quarter (orange, small). The "
            "axis begins at 4%, to show small differences."
        ),
        description=(
            "A pair of dots for each region, joined by a line, on an axis of unemployment from "
            "4 to 6 percent: large and blue for the year, small and orange for the chosen "
            "quarter. The highest year stands first."
        ),
        source=data.sources(data.load("unemployment")),
        table={
            "region": "Region",
            "which": ("Year", ".0f"),
            "sold": ("Unemployment in the quarter, %", ".1f"),
            "annual": ("Unemployment in the year, %", ".1f"),
            "mean": ("Mean of the four quarters, %", ".2f"),
        },
    )


def totals(concept):
    """Return the country's "quota" or "permits" by year, or its "stock" of permits by date."""
    rows = data.load("foreign_labor").query(
        "code == 'KZ' and by == 'total' and concept == @concept and status == 'reported'"
    )
    return rows.set_index("date" if concept == "stock" else "year")["persons"]


def quota_permit_stock():
    """Show the quota and the permits of a year, and the stock of foreign workers on a day."""
    of_years = data.load("foreign_labor").query("by == 'total' and (year == 2024 or year == 2023)")

    def quota_permit_stock(order, quota, wanted, months):
        permits = np.minimum(quota, wanted)
        stock = permits * months / 12
        value = pick(order, [quota, permits, stock])
        return dict(
            value=value,
            length=value / 80,
            permits=permits,
            stock=stock,
            binds=np.where(quota < wanted, 1, 0),
            unused=quota - permits,
        )

    y = alt.Y(
        "what:N",
        sort=None,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelPadding=6, minExtent=135),
    )
    x = alt.X("value:Q", title="Thousand", scale=alt.Scale(domain=[0, 100], nice=False))
    base = alt.Chart(height=150).encode(x=x, y=y)
    return Explorer(
        "Quota, permit, stock",
        quota_permit_stock,
        rows={
            "order": [0, 1, 2],
            "what": ["Quota: may be issued", "Permits: were issued", "Stock: on one day"],
        },
        controls=[
            Parameter(
                "quota",
                "Quota",
                low=0,
                high=40,
                step=0.5,
                default=totals("quota")[2024] / 1000,
                unit="thousand a year",
                symbol="K",
                origin="measured",
                source="quota of 2024",
            ),
            Parameter(
                "wanted",
                "Applications that would be granted",
                low=0,
                high=40,
                step=0.5,
                default=totals("permits")[2023] / 1000,
                unit="thousand a year",
                symbol="A",
                origin="measured",
                source="permits of 2023",
            ),
            Parameter(
                "months",
                "A permit lasts",
                low=1,
                high=24,
                step=1,
                default=12,
                unit="months",
                symbol="m",
            ),
        ],
        chart=drawing.layer(
            base.mark_bar(color=drawing.COLOR["main"]),
            base.mark_text(align="left", dx=5).encode(text=alt.Text("value:Q", format=",.1f")),
        ),
        sentence=(
            "Quota {quota} thousand, applications {wanted} thousand: {permits:,.1f} thousand "
            "permits are issued and {unused:,.1f} thousand of the quota stay unused; the quota "
            "{binds?binds|does not bind}. At {months} months each, {stock:,.1f} thousand workers "
            "are there on any one day."
        ),
        caption="One year's quota and permits, and the stock on a day, in thousands.",
        description=(
            "Three horizontal bars in thousands, with their values: the quota, the permits "
            "issued, and the stock on one day."
        ),
        source=data.sources(of_years) + "; own calculation",
        table={"what": "What is counted", "value": ("Thousand", ",.1f")},
    )


_DAYS = [
    "2015-01-01",
    "2016-07-01",
    "2020-11-01",
    "2021-11-01",
    "2022-04-01",
    "2023-09-01",
    "2024-07-01",
]
_COUNTRIES = {
    "CHN": "China",
    "TUR": "Turkey",
    "UZB": "Uzbekistan",
    "IND": "India",
    "GBR": "United Kingdom",
    "ITA": "Italy",
    "SRB": "Serbia",
}


def by_country():
    """Return the foreign workers with a permit, by citizenship and date."""
    return _stock_by_country().set_index(["category", "date"])["persons"]


def one_day_is_not_a_decade():
    """Show the foreign workers of a day by citizenship, as shares or as numbers."""
    stocks, held = totals("stock"), by_country()
    home = pd.DataFrame(
        [
            {
                "country": name,
                "which": k,
                "people": held[code, day],
                "total": stocks[day],
                "china": int(code == "CHN"),
            }
            for k, day in enumerate(_DAYS)
            for code, name in _COUNTRIES.items()
            if (code, day) in held.index
        ]
    )
    days = [pd.Timestamp(day) for day in _DAYS]
    names = tuple(str(day.day) + day.strftime(" %B %Y") for day in days)

    def share_on_a_day(which, people, total, china, day, measure):
        here = which == day
        share = 100 * people / total
        value = np.where(measure == 0, share, people)
        first = here & (china == 1)
        return dict(
            value=value,
            length=value / np.where(measure == 0, 45, 13000),
            share=share,
            shown=np.where(here, 1, 0),
            by_share=np.where(measure == 0, 1, 0),
            chinese=np.sum(np.where(first, people, 0)),
            everyone=np.max(np.where(here, total, 0)),
            percent=np.sum(np.where(first, share, 0)),
        )

    return Explorer(
        "One day is not a decade",
        share_on_a_day,
        rows=home,
        controls=[
            Choice("day", "Stock on", options=names, default=names[0]),
            Choice(
                "measure", "Show", options=("share of all, %", "workers"), default="share of all, %"
            ),
        ],
        chart=_printed_bars("country", height=190, digits="datum.by_share == 1 ? '.1f' : ',.0f'"),
        draw="shown",
        sentence=(
            "On {day} there were {everyone:,.0f} workers with a permit, {chinese:,.0f} of them "
            "from China: {percent:.1f}%. Shown: {measure}."
        ),
        caption=(
            "Foreign workers with a permit by citizenship. Only countries published for the day "
            "are drawn; a country that is missing is not zero."
        ),
        description=(
            "Horizontal bars, one for each country published for the day, of workers or of "
            "their share in percent, the longest first, with their values."
        ),
        source=data.sources(_stock_by_country()),
        table={
            "country": "Citizens of",
            "which": ("Day", dict(enumerate(names))),
            "people": ("Workers", ",.0f"),
            "share": ("Share of all, %", ".1f"),
        },
    )


def output_and_income_per_resident():
    """Return product and income per resident by region and year, the country being 100."""
    money, income = data.covariates(), incomes()
    of_the_country = (
        data.load("grp")
        .query("code == 'KZ' and unit == 'thousand tenge'")
        .set_index("year")["grp_per_capita"]
    )
    money["product"] = 100 * money["grp_per_capita"] / money["year"].map(of_the_country)
    money["earned"] = [
        100 * income[c, y] / income["KZ", y]
        for c, y in zip(money["code"], money["year"], strict=True)
    ]
    money["is_atyrau"] = (money["code"] == "KZ-23").astype(int)
    return money.rename(columns={"year": "which"})[
        ["region", "which", "product", "earned", "is_atyrau"]
    ]


def output_is_not_income():
    """Show what each region produces per resident, and what its residents receive."""

    def output_and_income(which, product, earned, is_atyrau, year, without):
        here = (which == year) & ((without == 0) | (is_atyrau == 0))
        high = np.max(np.where(here, product, 0))
        low = np.min(np.where(here, product, 999))
        rich = np.max(np.where(here, earned, 0))
        poor = np.min(np.where(here, earned, 999))
        return dict(
            shown=np.where(here, 1, 0),
            product_ratio=high / low,
            income_ratio=rich / poor,
            most=np.argmax(np.where(here, product, 0)),
        )

    return Explorer(
        "Output is not income",
        output_and_income,
        rows=output_and_income_per_resident(),
        controls=[
            Parameter(
                "year", "Year", low=2018, high=2021, step=1, default=2020, format=".0f", time=True
            ),
            Switch("without", "Leave Atyrau out"),
        ],
        chart=_two_dots("product", "earned", "Percent of the country", [0, 400]),
        draw="shown",
        sentence=(
            "{year}, {without?without|with} Atyrau: {region[most]} produces most per resident, "
            "{product[most]:.0f}% of the country, and receives {earned[most]:.0f}%. Highest to "
            "lowest: output {product_ratio:.1f} to 1, income {income_ratio:.1f} to 1."
        ),
        caption=(
            "Gross regional product per resident (blue, large) and income per resident (orange, "
            "small), the country = 100."
        ),
        description=(
            "A pair of dots for each region, joined by a line, in percent of the country: "
            "large and blue for output per resident, small and orange for income per resident. "
            "The highest output stands first."
        ),
        source=data.sources(data.load("grp"), data.load("income")) + "; own calculation",
        table={
            "region": "Region",
            "which": ("Year", ".0f"),
            "product": ("Output per resident, country = 100", ".0f"),
            "earned": ("Income per resident, country = 100", ".0f"),
        },
    )


def which_job_where():
    """Show the regions ordered by the average wage of an occupation."""
    wages = data.load("wages").query("year == 2022")
    jobs = ("managers and civil servants", "professionals", "technicians", "elementary")
    table = data.named(wages.query("code != 'KZ'")).pivot(
        index="region", columns="occupation", values="wage"
    )
    pay = pd.DataFrame(
        {
            "region": list(table.index),
            **{f"w{k}": table[job].to_numpy() / 1000 for k, job in enumerate(jobs)},
        }
    )
    top = 100 * np.ceil(pay[["w0", "w1", "w2", "w3"]].to_numpy().max() / 100)

    def wage_of(w0, w1, w2, w3, job):
        value = pick(job, [w0, w1, w2, w3])
        return dict(
            value=value,
            length=value / top,
            decimals=np.where(job < 0, 1, 0),
            first=np.argmax(value),
            last=np.argmin(value),
            times=np.max(value) / np.min(value),
        )

    return Explorer(
        "Which job, where?",
        wage_of,
        rows=pay,
        controls=[Choice("job", "Occupation", options=jobs, default="professionals")],
        chart=_printed_bars(digits="',.0f'"),
        sentence=(
            "Average wage of {job} in 2022: {region[first]} {value[first]:,.0f} thousand tenge a "
            "month, {region[last]} {value[last]:,.0f} thousand, {times:.1f} to 1."
        ),
        caption=(
            "Average monthly wage in thousand tenge, 2022, large and medium organizations, 20 "
            "regions."
        ),
        description=(
            "Twenty horizontal bars, one for each region, of the average wage in thousand "
            "tenge a month, the highest first, with their values."
        ),
        source=data.sources(wages),
        table={"region": "Region", "value": ("Wage, thousand tenge a month", ",.0f")},
    )


def _regions():
    """Return code and name of the 17 regions."""
    return data.named(data.regions(17)[["code"]]).reset_index(drop=True)


def _stock_by_country():
    """Return the rows of the table that count foreign workers of one citizenship on a day."""
    return data.load("foreign_labor").query(
        "code == 'KZ' and concept == 'stock' and by == 'country' and status == 'reported'"
    )


def _printed_bars(category="region", height=320, digits="datum.decimals == 1 ? ',.1f' : '.1f'"):
    """Draw bars from zero to a fixed end, ordered by length, their values printed."""
    y = alt.Y(
        f"{category}:N",
        title=None,
        axis=alt.Axis(**drawing.PLAIN_AXIS, minExtent=115),
        sort=alt.EncodingSortField(field="length", op="min", order="descending"),
    )
    x = alt.X("length:Q", scale=alt.Scale(domain=[0, 1.15], nice=False), axis=None)
    base = (
        alt.Chart(height=height)
        .transform_calculate(text=f"format(datum.value, {digits})")
        .encode(x=x, y=y)
    )
    return drawing.layer(
        base.mark_bar(color=drawing.COLOR["main"]),
        base.mark_text(align="left", dx=5, fontSize=11).encode(text="text:N"),
    )


def _two_dots(first, second, title, domain):
    """Draw two dots per region, joined by a line: blue the first, orange the second."""
    y = alt.Y(
        "region:N",
        title=None,
        axis=alt.Axis(**drawing.PLAIN_AXIS, minExtent=115),
        sort=alt.EncodingSortField(field=first, op="max", order="descending"),
    )
    x = dict(scale=alt.Scale(domain=domain, nice=False, zero=False), title=title)
    base = alt.Chart(height=320).encode(y=y)
    line = base.mark_rule(color=drawing.COLOR["quiet"], strokeWidth=2).encode(
        x=alt.X(f"{first}:Q", **x), x2=f"{second}:Q"
    )
    blue = base.mark_circle(size=120, color=drawing.COLOR["main"], opacity=1).encode(
        x=alt.X(f"{first}:Q", **x)
    )
    orange = base.mark_circle(size=45, color=drawing.COLOR["second"], opacity=1).encode(
        x=alt.X(f"{second}:Q", **x)
    )
    return drawing.layer(line, blue, orange)
