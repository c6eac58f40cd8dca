"""The figures of the chapter on the dual labor market: recruiting, the ratchet, the ladder."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, drawing, pick, stand_in, titled
from migrationlab import data
from migrationlab.models import dual_labor_market as dual
from migrationlab.models.dual_labor_market import PARAMETERS

WANTED = PARAMETERS["wanted"].default
# The slider that gives the better-paid a say, set where they have none.
NOBODY_ASKS = PARAMETERS["pass_through"].replace(default=0.0)


def raise_or_recruit(claims=dual.claims_of):
    """Show what six hundred more workers cost each month, by a raise for all and by recruiting.

    Parameters
    ----------
    claims : callable
        The share of a raise that each of five rungs asks for, as `dual.claims_of` gives it.
    """
    own, claims = claims, stand_in(claims, dual.claims_of)

    def compare(way, residents, elasticity, recruitment, months, pass_through):
        height = dual.hierarchy_multiplier(claims=claims(pass_through))
        cost = dual.raise_or_recruit(WANTED, residents, elasticity, recruitment, months, height)
        raising, recruiting = cost["raising"], cost["recruiting"]
        cheaper = np.where(np.abs(raising - recruiting) < 0.5, 0, raising - recruiting)
        return dict(
            cost=pick(way, [raising, recruiting]),
            raised=cost["raise_needed"],
            all=residents + WANTED,
            cheaper=cheaper,
            times=np.maximum(raising, recruiting) / np.minimum(raising, recruiting),
            first=cost["marginal_raising"],
            one=cost["marginal_recruiting"],
        )

    ways = ["raise the wage", "recruit"]
    two = alt.Chart(height=130).encode(
        y=alt.Y("what:N", sort=ways, title=None, axis=alt.Axis(**drawing.PLAIN_AXIS)),
        x=alt.X(
            "cost:Q",
            title="Monthly wages a month",
            axis=alt.Axis(values=[10, 1e3, 1e5], format=",.0f"),
            scale=alt.Scale(type="log", domain=[8, 5e7], nice=False),
        ),
    )
    stick = two.mark_rule(strokeWidth=3, color=drawing.COLOR["main"]).encode(x2=alt.datum(8))
    dot = two.mark_circle(size=140, opacity=1, color=drawing.COLOR["main"])
    value = two.mark_text(align="left", dx=10).encode(text=alt.Text("cost:Q", format=",.0f"))
    return Explorer(
        titled("Raise or recruit?", own, dual.claims_of),
        compare,
        rows={"way": [0, 1], "what": ways},
        controls=[
            # With fewer residents who hardly respond, no raise would bring six hundred more.
            PARAMETERS["residents"].replace(low=300),
            PARAMETERS["elasticity"].replace(low=0.2),
            *PARAMETERS.choose("recruitment", "months"),
            NOBODY_ASKS,
        ],
        chart=drawing.layer(stick, dot, value),
        sentence=(
            f"{WANTED:.0f} more workers. Raising: {{raised:+,.0%}} for all {{all:,.0f}}, and "
            "{first:.2f} monthly wages for the first of them alone. Recruiting: {one:.2f} for "
            "each. {cheaper?Recruiting is cheaper|Both cost the same|Raising is cheaper}: a "
            "factor of {times:,.1f}."
        ),
        caption=(
            f"What {WANTED:.0f} more workers cost each month, beside their pay at the old wage. "
            "Unit: one old monthly wage. On the axis each mark is a hundred times the one before."
        ),
        description=(
            "Two dots, for raising the wage and for recruiting, at the end of lines from the "
            "left; the axis across is the cost in monthly wages a month, each mark a hundred "
            "times the one before."
        ),
        source=(
            "600 workers, and 500 US dollars for a recruit: Najibullah (2021); a wage of 100 "
            "thousand tenge, and all else: didactic"
        ),
        table={"what": "Way", "cost": ("Monthly wages a month", ",.0f")},
    )


def who_fills_the_jobs():
    """Show residents, people who came uncalled, recruits and vacant jobs, one after the other."""
    natives = PARAMETERS["natives"].default

    def fill(part, jobs, pushed, quota):
        way = dual.path([pushed], jobs, natives, quota)
        recruits, wage = way["recruits"][0], way["wage"][0]
        vacant = np.maximum(way["vacancies"][0], 0)
        size = pick(part, [natives, pushed, recruits, vacant])
        begin = pick(part, [0, natives, natives + pushed, natives + pushed + recruits])
        return dict(
            begin=begin,
            end=begin + size,
            size=size,
            wage=wage,
            recruits=recruits,
            vacant=vacant,
            fall=100 * (wage - 1),
        )

    parts = ["residents", "came uncalled", "recruits", "vacant"]
    base = alt.Chart(height=170).encode(
        y=alt.Y("what:N", sort=parts, title=None, axis=alt.Axis(**drawing.PLAIN_AXIS))
    )
    bar = base.mark_bar(color=drawing.COLOR["main"]).encode(
        x=alt.X(
            "begin:Q",
            title="Jobs",
            scale=alt.Scale(domain=[0, 165], nice=False),
            axis=alt.Axis(values=[0, 50, 100, 150]),
        ),
        x2="end:Q",
    )
    text = base.mark_text(align="left", dx=5).encode(
        x=alt.X("end:Q"), text=alt.Text("size:Q", format=".0f")
    )
    return Explorer(
        "Who fills the jobs?",
        fill,
        rows={"part": [0, 1, 2, 3], "what": parts},
        controls=PARAMETERS.choose("jobs", "pushed", "quota"),
        chart=drawing.layer(bar, text),
        sentence=(
            "Employers call {recruits:.0f} recruits; {vacant:.0f} jobs stay vacant. The wage is "
            "{wage:.3f} times the old one ({fall:+.1f}%)."
        ),
        caption=(
            f"Jobs at the bottom and who fills them, one after the other; {natives:.0f} residents "
            "are willing."
        ),
        description=(
            "Four bars, one below the other: residents, people who came uncalled, recruits and "
            "vacant jobs. Each begins on the axis of jobs where the one above it ends; its "
            "length is printed beside it."
        ),
        table={
            "what": "Who",
            "size": ("Jobs", ".1f"),
            "begin": ("Bar from", ".1f"),
            "end": ("Bar to", ".1f"),
        },
    )


def up_and_back(path=dual.path):
    """Show the wage of two theories, year by year, while newcomers come and go again.

    Parameters
    ----------
    path : callable
        The market year by year, from the newcomers of each year, a quota and a speed, as
        `dual.path` gives it.
    """
    own, path = path, stand_in(path, dual.path)

    def loop(year, other, pushed, quota, speed):
        way = path(dual.up_and_back(pushed), quota=quota, speed=speed)
        wage = np.where(other == 1, pick(year, way["competitive"]), pick(year, way["wage"]))
        return dict(
            wage=wage,
            here=np.where(year == 12, 1, 0),
            low=100 * (way["wage"][6] - 1),
            end=100 * (way["wage"][12] - 1),
            market=100 * (way["competitive"][12] - 1),
            workers=way["workers"][12],
            vacant=np.maximum(way["vacancies"][12], 0),
        )

    theories = ["dual labor market", "neoclassical"]
    lines = (
        alt.Chart(height=290)
        .mark_line(strokeWidth=3)
        .encode(
            x=alt.X(
                "year:Q",
                title="Years: six up, six down",
                scale=alt.Scale(domain=[0, 12], nice=False),
                axis=alt.Axis(values=[0, 3, 6, 9, 12]),
            ),
            y=alt.Y(
                "wage:Q",
                title="Wage, multiple of the old one",
                scale=alt.Scale(domain=[0.86, 1.10], nice=False),
            ),
            color=alt.Color(
                "theory:N", sort=theories, legend=alt.Legend(orient="bottom", columns=2)
            ),
        )
    )
    ends = lines.transform_filter("datum.here == 1").mark_circle(size=130, opacity=1)
    return Explorer(
        titled("Up and back", own, dual.path),
        loop,
        rows={
            "year": np.tile(np.arange(13), 2),
            "other": np.repeat([0, 1], 13),
            "theory": np.repeat(theories, 13),
        },
        controls=[
            PARAMETERS["pushed"].replace(default=40.0, label="Newcomers at the peak"),
            PARAMETERS["quota"].replace(default=20.0),
            PARAMETERS["speed"],
        ],
        chart=drawing.layer(lines, ends),
        sentence=(
            "At the peak the wage stands {low:+.1f}%. When all have gone again it is {end:+.1f}% "
            "in the dual market and {market:+.1f}% in the neoclassical one, with the same "
            "{workers:.0f} workers. Vacant jobs in the dual market: {vacant:.0f}."
        ),
        caption=(
            "Wage while newcomers come and go. Both lines use the same workers in each year and "
            "the same curve."
        ),
        description=(
            "Two lines of the wage over twelve years, as a multiple of the old one: blue for "
            "the dual labor market, orange for the neoclassical theory. A dot marks the last "
            "year of each."
        ),
        table={
            "theory": "Theory",
            "year": ("Year", ".0f"),
            "wage": ("Wage, multiple of the old one", ".3f"),
        },
    )


def who_else_gets_a_raise(claims=dual.claims_of):
    """Show what a raise for the lowest of five rungs costs there, and on each rung above.

    Parameters
    ----------
    claims : callable
        The share of a raise that each of five rungs asks for, as `dual.claims_of` gives it.
    """
    own, claims = claims, stand_in(claims, dual.claims_of)

    def ladder(rung, raise_, pass_through):
        asked = claims(pass_through)
        part, wages, shares = raise_ / 100, dual.LADDER_WAGES, dual.LADDER_SHARES
        rungs_of = list(zip(asked, wages, shares, strict=True))
        extra = pick(rung, [part * claim * wage * 100 * share for claim, wage, share in rungs_of])
        after = pick(rung, [wage * (1 + part * claim) for claim, wage, _ in rungs_of])
        bottom = part * 100 * shares[0]
        height = dual.hierarchy_multiplier(claims=asked)
        return dict(
            extra=extra,
            after=after,
            bottom=bottom,
            above=bottom * (height - 1),
            total=bottom * height,
            height=height,
        )

    rungs = ["field hands", "drivers", "foremen", "technicians", "managers"]
    # Where all ask for the same percent, a raise of 50% needs more room than the book's claims.
    room = (0, 18) if own is dual.claims_of else (0, 28)
    bars = drawing.bars("name", "extra", "Further pay, monthly wages", room, rungs, "lowest", 210)
    return Explorer(
        titled("Who else gets a raise?", own, dual.claims_of),
        ladder,
        rows={
            "rung": range(5),
            "name": rungs,
            "wage": dual.LADDER_WAGES,
            "people": [100 * s for s in dual.LADDER_SHARES],
            "lowest": [1, 0, 0, 0, 0],
        },
        controls=PARAMETERS.choose("raise_", "pass_through"),
        chart=drawing.with_values(bars, "extra", ".1f"),
        sentence=(
            "A raise of {raise_}% at the bottom costs {bottom:.1f} there and {above:.1f} on the "
            "rungs above: {total:.1f} in all, {height:.1f} times as much."
        ),
        caption=(
            "What a raise for the lowest rung costs on each rung, in monthly wages of a field "
            "hand, 100 workers in all. Orange: the rung that was to get it."
        ),
        description=(
            "Five horizontal bars of further pay in monthly wages, from field hands to "
            "managers, with their values; that of the field hands is orange, the others are "
            "blue."
        ),
        table={
            "name": "Rung",
            "people": ("Workers", ".0f"),
            "wage": ("Pay before, monthly wages", ".2f"),
            "after": ("Pay after, monthly wages", ".2f"),
            "extra": ("Further pay, monthly wages", ".2f"),
        },
    )


def from_which_stay_on(claims=dual.claims_of):
    """Show the monthly cost of one recruit by length of stay, and that of one more resident.

    Parameters
    ----------
    claims : callable
        The share of a raise that each of five rungs asks for, as `dual.claims_of` gives it.
    """
    own, claims = claims, stand_in(claims, dual.claims_of)

    def edge(month, elasticity, pass_through, recruitment):
        bound = dual.hierarchy_multiplier(claims=claims(pass_through)) / elasticity
        return dict(
            recruit=recruitment / month,
            bound=bound + 0 * month,
            from_month=recruitment / bound,
            level=bound,
        )

    up = dict(
        title="Monthly wages a month",
        axis=alt.Axis(values=[0.01, 0.1, 1, 10, 100], format="~g"),
        scale=alt.Scale(type="log", domain=[0.01, 100], nice=False),
    )
    base = alt.Chart(height=270).encode(
        x=alt.X(
            "month:Q",
            title="Months of stay",
            scale=alt.Scale(domain=[0.5, 12], nice=False),
            axis=alt.Axis(values=[1, 3, 6, 9, 12]),
        )
    )
    recruit = base.mark_line(strokeWidth=3, color=drawing.COLOR["main"])
    resident = base.mark_line(strokeWidth=3, color=drawing.COLOR["second"])
    return Explorer(
        titled("From which stay on?", own, dual.claims_of),
        edge,
        rows={"month": np.arange(0.5, 12.01, 0.25)},
        controls=[PARAMETERS["elasticity"], NOBODY_ASKS, PARAMETERS["recruitment"]],
        chart=drawing.layer(
            recruit.encode(y=alt.Y("recruit:Q", **up)), resident.encode(y=alt.Y("bound:Q", **up))
        ),
        sentence=(
            "One more resident costs {level:.2f} monthly wages a month. Recruiting is cheaper for "
            "stays longer than {from_month:.2f} months."
        ),
        caption=(
            "Cost of one more worker each month. On the axis each step is ten times the one "
            "before. Blue: a recruit, by length of stay. Orange: a resident, by a raise for all."
        ),
        description=(
            "A blue curve that falls with the months of stay, the cost of a recruit, and a "
            "level orange line, that of one more resident; the axis upward is in monthly "
            "wages, each step ten times the one before."
        ),
        table={
            "month": ("Months of stay", ".2f"),
            "recruit": ("Recruit, monthly wages a month", ".2f"),
            "bound": ("Resident, monthly wages a month", ".2f"),
        },
    )


_CATEGORIES = [
    "specialists",
    "heads of department",
    "corporate transfer",
    "heads",
    "skilled workers",
    "seasonal",
]


def permits_by_day():
    """Return the foreign workers with a permit: a row for each day, a column for each category."""
    days = _permits().pivot(index="date", columns="category", values="persons")
    return days[_CATEGORIES].dropna()


def _permits():
    """Return the permits of the country by category, as the Ministry of Labor counts them."""
    foreign = data.load("foreign_labor")
    return foreign.query("concept == 'stock' and by == 'category' and code == 'KZ'")


def who_has_a_permit():
    """Show foreign workers with a permit on a day, or the quota of Atyrau, by category."""
    by_date = permits_by_day()
    in_atyrau = data.load("foreign_labor").query("code == 'KZ-23'")
    quota = in_atyrau.query("concept == 'quota'").set_index("category")["persons"]
    days = [pd.Timestamp(day) for day in by_date.index]
    options = [*(f"{day.day} {day:%B %Y}" for day in days), "Atyrau, quota 2021 (places)"]
    places = quota.reindex(_CATEGORIES).fillna(0)
    counts = np.vstack([by_date.to_numpy(dtype=float), places.to_numpy(dtype=float)])

    def categories(row, seasonal, when):
        share = pick(when, [pick(row, list(100 * c / c.sum())) for c in counts])
        persons = pick(when, [pick(row, list(c)) for c in counts])
        return dict(
            share=share,
            persons=persons,
            bottom=np.sum(share * seasonal),
            total=np.sum(persons),
            people=np.sum(persons * seasonal),
        )

    bars = drawing.bars(
        "category", "share", "Percent of all", (0, 75), _CATEGORIES, "seasonal", 220
    )
    bars.encoding.x.axis.values = [0, 25, 50, 75]
    return Explorer(
        "Who has a permit?",
        categories,
        rows={"row": range(6), "category": _CATEGORIES, "seasonal": [0, 0, 0, 0, 0, 1]},
        controls=[Choice("when", "Day, or quota", options=options, default="1 April 2021")],
        chart=drawing.with_values(bars, "share", ".0f"),
        sentence="{when}: {bottom:.0f}% are for seasonal work, {people:,.0f} of {total:,.0f}.",
        caption=(
            "Foreign workers with a permit on a day, by category; the last choice is the quota of "
            "Atyrau for 2021, places and not people. Orange: seasonal work, the one category that "
            "is plainly secondary."
        ),
        description=(
            "Six horizontal bars, one for each category, in percent of all permits or places, "
            "with their values; seasonal work is orange, the others are blue."
        ),
        source=data.sources(_permits(), in_atyrau),
        table={
            "category": "Category",
            "persons": ("Persons", ",.0f"),
            "share": ("Share, %", ".1f"),
        },
    )


# Occupations of the Bureau's table, from the bottom up, and their names in the chart.
_OCCUPATIONS = {
    "elementary": "elementary",
    "service and sales": "service, sales",
    "clerks": "clerks",
    "technicians": "technicians",
    "professionals": "professionals",
    "managers and civil servants": "managers",
}


def pay_by_occupation():
    """Return mean wages of 2022 in tenge: a row for each region, a column for each occupation."""
    wages = data.load("wages").query("year == 2022")
    pay = wages.pivot(index="code", columns="occupation", values="wage")
    return pay[list(_OCCUPATIONS)].astype(float)


def is_there_a_ladder():
    """Show wages by occupation in a region, as multiples of the wage of elementary workers."""
    pay = pay_by_occupation()
    steps = pay.div(pay["elementary"], axis=0)
    regions = data.named(pay.reset_index()[["code"]]).set_index("code")["region"]
    regions = regions.drop("KZ").sort_values()

    def rungs(row, country, region):
        level = pick(region, [pick(row, list(steps.loc[code])) for code in regions.index])
        bottom = pick(region, [pay.loc[code, "elementary"] / 1000 for code in regions.index])
        return dict(level=level, bottom=bottom, top=np.max(level))

    names = list(_OCCUPATIONS.values())
    bars = drawing.bars(
        "occupation", "level", "Multiple of the lowest wage", (0, 9.4), names, None, 230
    )
    number = (
        alt.Chart()
        .mark_text(align="right", fontSize=11)
        .encode(
            x=alt.datum(9.3),
            y=alt.Y("occupation:N", sort=names),
            text=alt.Text("level:Q", format=".1f"),
        )
    )
    return Explorer(
        "Is there a ladder?",
        rungs,
        rows={"row": range(6), "occupation": names, "country": list(steps.loc["KZ"])},
        controls=[Choice("region", "Region", options=list(regions), default=regions["KZ-23"])],
        chart=drawing.layer(bars, drawing.ticks("occupation", "country", names), number),
        sentence=(
            "{region}: elementary workers earn {bottom:,.0f} thousand tenge a month, the best "
            "paid of these six groups {top:.1f} times as much."
        ),
        caption=(
            "Mean wages by occupation in 2022 in large and medium organizations, as multiples of "
            "the wage of elementary workers. Six of ten groups. Orange strokes: Kazakhstan."
        ),
        description=(
            "Six horizontal bars, from elementary workers to managers, of wages as multiples "
            "of the lowest, with their values; an orange stroke on each shows Kazakhstan."
        ),
        source=data.sources(data.load("wages").query("year == 2022")),
        table={
            "occupation": "Occupation",
            "level": ("Multiple of the lowest wage, region", ".2f"),
            "country": ("Multiple of the lowest wage, Kazakhstan", ".2f"),
        },
    )
