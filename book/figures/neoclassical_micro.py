"""The figures of the chapter on the neoclassical theory, micro: a move as an investment."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import Choice, Explorer, drawing, pick, stand_in, titled
from migrationlab import data
from migrationlab.models import neoclassical_micro as micro
from migrationlab.models.neoclassical_micro import PARAMETERS

# A state's interest, for "Who paid for the schooling?".
INTEREST = PARAMETERS["discount"].replace(
    default=0.05, origin="didactic", source="lower than for a person: states borrow cheaply"
)


def which_wage_would_you_take():
    """Show the money left from a season in each country, and the month in which both are equal."""

    def season(month, far_away, months, saving_far, saving_near, entry_far, entry_near):
        far, near = (
            micro.season_balance(month, s, e)
            for s, e in ((saving_far, entry_far), (saving_near, entry_near))
        )
        here = np.where(month == months, 1, 0)
        level = micro.break_even_months(saving_far, saving_near, entry_far, entry_near)
        at_far, at_near = (
            micro.season_balance(months, s, e)
            for s, e in ((saving_far, entry_far), (saving_near, entry_near))
        )
        return dict(
            money=np.where(far_away == 1, far, near),
            here=here,
            at_far=at_far,
            at_near=at_near,
            ahead=at_far - at_near,
            meet=np.clip(level, 0, 24),
            meets=np.where((level > 0) & (level <= 24), 1, 0),
            when=np.where(level < 0, 26, np.where(level > 24, 25, np.ceil(level))),
        )

    places = ["Russia", "Kazakhstan"]
    rows = pd.DataFrame(
        {
            "month": np.tile(np.arange(25), 2),
            "far_away": np.repeat([1, 0], 25),
            "place": np.repeat(places, 25),
        }
    )
    rows["label"] = [
        "leads from the start",
        *[f"draws level in month {n}" for n in range(1, 25)],
        "draws level only after two years",
        "never draws level",
    ] + [""] * 23
    money = drawing.lines(
        "month", "money", "Months of work", "Dollars left", (0, 24), (-1600, 14600), "place", 300
    )
    money = _colored(money, "place", places)
    stop = money.transform_filter("datum.here == 1").mark_circle(size=110, opacity=1)
    level = drawing.rule(x="meet").transform_filter("datum.meets == 1")
    return Explorer(
        "Which wage would you take?",
        season,
        rows=rows,
        controls=PARAMETERS.choose(
            "months", "saving_far", "saving_near", "entry_far", "entry_near"
        ),
        chart=drawing.layer(money, level, stop),
        sentence=(
            "{months} months leave {at_far:,.0f} dollars from Russia and {at_near:,.0f} from "
            "Kazakhstan: {ahead?Russia is ahead|both are equal|Kazakhstan is ahead}. Russia "
            "{label[when]}."
        ),
        caption=(
            "Money left after the cost of ticket, permit and way has been earned back. The dots "
            "mark your stay, the dashed line the month in which both are equal."
        ),
        description=(
            "Two rising lines of dollars left against months of work, Russia in blue and "
            "Kazakhstan in orange. Dots mark the stay; a dashed upright line stands where both are "
            "equal."
        ),
        source="one worker's account in RFE/RL 2021 for ticket and permit; the rest is didactic",
        table={
            "place": "Place",
            "month": ("Months of work", ".0f"),
            "money": ("Dollars left", ",.0f"),
            "meet": ("Both equal after months", ".1f", "meets"),
        },
    )


def a_move_pays_late():
    """Show what a move has brought after each year of work, at its worth today."""

    def late(year, wage, job_chance, discount, years, cost):
        gain = job_chance * wage - 1
        after = micro.present_value(wage, 1.0, job_chance, 1.0, discount, year, cost)
        needed = micro.years_needed(gain, discount, cost)
        chance = micro.break_even_chance(wage, 1.0, discount, years, cost)
        return dict(
            after=after,
            inside=np.where(year <= years, 1, 0),
            now=np.where(year == years, 1, 0),
            chance=chance,
            value=micro.present_value(wage, 1.0, job_chance, 1.0, discount, years, cost),
            when=np.where((needed < 0) | (needed > 30), 31, needed),
        )

    rows = pd.DataFrame({"year": np.arange(32)})
    rows["label"] = [
        "It pays from the start",
        "It pays after one year",
        *[f"It pays after {n} years" for n in range(2, 31)],
        "It does not pay within 30 years",
    ]
    color = (
        alt.when("datum.after >= 0")
        .then(alt.value(drawing.COLOR["main"]))
        .otherwise(alt.value(drawing.COLOR["second"]))
    )
    worth = (
        alt.Chart(height=280)
        .mark_bar(width={"band": 0.7})
        .encode(
            alt.X(
                "year:O",
                title="Years of work",
                axis=alt.Axis(values=[0, 10, 20, 30], labelAngle=0),
            ),
            alt.Y(
                "after:Q",
                title="Value so far, yearly wages",
                scale=alt.Scale(domain=[-6.2, 12.2], nice=False),
            ),
            color=color,
        )
    )
    return Explorer(
        "A move pays late",
        late,
        rows=rows,
        controls=PARAMETERS.choose("wage", "job_chance", "discount", "years", "cost"),
        chart=worth,
        sentence=(
            "With {years} years ahead the move is worth {value:+.2f} yearly wages. {label[when]}. "
            "The job must be had with a chance of at least {chance:.0%}."
        ),
        caption=(
            "What the move has brought so far, at its worth today, after each year of work. "
            "Orange: still a loss. A chance above 100% cannot be had."
        ),
        description=(
            "One upright bar for each year of work: what the move has brought so far, in yearly "
            "wages. Bars below zero are orange, the others blue."
        ),
        draw="inside",
        table={
            "year": ("Years of work", ".0f"),
            "after": ("Value so far, yearly wages", "+.2f"),
        },
    )


def how_young_must_you_be():
    """Show what a move is worth at each age, and up to which age it pays."""
    chance, rate = PARAMETERS["job_chance"].default, PARAMETERS["discount"].default

    def young(at_age, age, cost, wage, retirement):
        left = np.maximum(retirement - at_age, 0)
        value = micro.present_value(wage, 1.0, chance, 1.0, rate, left, cost)
        needed = micro.years_needed(chance * wage - 1, rate, cost)
        oldest = np.where((needed < 0) | (retirement - needed < 18), 17, retirement - needed)
        here = np.where(at_age == age, 1, 0)
        return dict(
            value=value,
            here=here,
            mine=np.sum(here * value),
            oldest=oldest - 17,
            working=np.where(at_age <= retirement, 1, 0),
        )

    rows = pd.DataFrame({"at_age": np.arange(18, 73)})
    rows["label"] = ["at no age from 18 on", *[f"up to the age of {n}" for n in range(18, 72)]]
    ages = drawing.lines(
        "at_age",
        "value",
        "Age at the move",
        "Value, yearly wages",
        (18, 70),
        (-3.8, 3.8),
        height=280,
    )
    zero = (
        alt.Chart()
        .mark_rule(strokeDash=[5, 4], color=drawing.COLOR["quiet"])
        .encode(y=alt.datum(0))
    )
    me = (
        ages.transform_filter("datum.here == 1")
        .mark_circle(size=130, opacity=1, color=drawing.COLOR["second"])
        .encode(color=alt.value(drawing.COLOR["second"]))
    )
    return Explorer(
        "How young must you be?",
        young,
        rows=rows,
        controls=PARAMETERS.choose("age", "cost", "wage", "retirement"),
        chart=drawing.layer(ages, zero, me),
        sentence=(
            "At {age} the move is worth {mine:+.2f} yearly wages. With this cost and this wage it "
            "pays {label[oldest]}, if one works until {retirement}."
        ),
        caption=(
            "Value of the move by age, with a job chance of 95% and 10% interest. Above the dashed "
            "line it pays."
        ),
        description=(
            "A line of the move's value against age; it bends down and ends at minus the cost at "
            "retirement. A dashed line lies at zero; an orange dot marks the chosen age."
        ),
        draw="working",
        table={"at_age": ("Age at the move", ".0f"), "value": ("Value, yearly wages", "+.2f")},
    )


def the_years_abroad_and_the_skill_at_home():
    """Show the income of one who stays, and of one who does unskilled work abroad and returns."""

    def fade(year, leaver, away, fading, skill_premium, unskilled_abroad):
        gone = micro.skilled_income(year, away, fading, skill_premium, unskilled_abroad)
        income = np.where(leaver == 1, gone, 1 + skill_premium)
        difference = np.sum(np.where(leaver == 1, (gone - 1 - skill_premium) / 1.1**year, 0))
        return dict(income=income, left=micro.skill_left(away, away, fading), difference=difference)

    paths = ["leaves and returns", "stays"]
    pay = drawing.lines(
        "year",
        "income",
        "Years",
        "Income, unskilled wages at home",
        (0, 30),
        (0.9, 3.1),
        "path",
        260,
    )
    return Explorer(
        "The years abroad and the skill at home",
        fade,
        rows={
            "year": np.tile(np.arange(30), 2),
            "leaver": np.repeat([1, 0], 30),
            "path": np.repeat(paths, 30),
        },
        controls=PARAMETERS.choose("away", "fading", "skill_premium", "unskilled_abroad"),
        chart=_colored(pay.mark_line(interpolate="step-after"), "path", paths),
        sentence=(
            "After {away} years abroad {left:.0%} of the skill is left. Over 30 years, at 10% "
            "interest, leaving brings {difference:+.2f} unskilled yearly wages."
        ),
        caption=(
            "Yearly income of a skilled person who stays, and of one who does unskilled work "
            "abroad first."
        ),
        description=(
            "Two step lines of yearly income over 30 years: the leaver's in blue, with one step up "
            "while abroad and another level after the return, and the stayer's in orange, flat."
        ),
        table={
            "path": "Path",
            "year": ("Year", ".0f"),
            "income": ("Income, unskilled wages at home", ".2f"),
        },
    )


def the_tied_mover():
    """Show two partners' gains as one point: who moves, who stays, and who is tied."""

    def couple(line, gain_first, gain_second, family_cost):
        return dict(
            border=family_cost - line,
            x=gain_first,
            y=gain_second,
            sum=micro.family_gain(gain_first, gain_second, family_cost),
            outcome=micro.family_outcome(gain_first, gain_second, family_cost),
        )

    rows = pd.DataFrame(
        {
            "line": np.arange(-100, 101, 10),
            "words": [*micro.FAMILY_OUTCOMES, *[""] * 14],
            "tag": ["both move", "both stay", "tied", "tied"] + [""] * 17,
            "tag_x": [60, -60, 62, -62] + [0] * 17,
            "tag_y": [85, -85, -85, 30] + [0] * 17,
        }
    )
    across = alt.X(
        "line:Q", title="Gain of the first partner", scale=alt.Scale(domain=[-100, 100], nice=False)
    )
    up = alt.Y(
        "border:Q",
        title="Gain of the second partner",
        scale=alt.Scale(domain=[-100, 160], nice=False),
    )
    border = alt.Chart(height=300).mark_line(strokeDash=[5, 4]).encode(across, up)
    cross = [
        alt.Chart().mark_rule(color=drawing.COLOR["quiet"]).encode(y=alt.datum(0)),
        alt.Chart().mark_rule(color=drawing.COLOR["quiet"]).encode(x=alt.datum(0)),
    ]
    tags = (
        alt.Chart()
        .transform_filter("datum.tag != ''")
        .mark_text(opacity=0.8)
        .encode(x="tag_x:Q", y="tag_y:Q", text="tag:N")
    )
    point = (
        alt.Chart()
        .mark_circle(size=170, opacity=1, color=drawing.COLOR["second"])
        .encode(x="mean(x):Q", y="mean(y):Q")
    )
    return Explorer(
        "The tied mover",
        couple,
        rows=rows,
        controls=PARAMETERS.choose("gain_first", "gain_second", "family_cost"),
        chart=drawing.layer(border, *cross, tags, point),
        sentence=(
            "The household {sum?gains|gains|loses} {sum:abs.0f} thousand tenge a month by moving: "
            "{words[outcome]}."
        ),
        caption=(
            "Above the dashed line the household moves. Left of the upright line the first partner "
            "would lose by it, below the level line the second."
        ),
        description=(
            "A plane divided by a falling dashed line and two axes into both move, both stay and "
            "tied; an orange dot stands at the two partners' gains."
        ),
        table={
            "line": ("Gain of the first, thousand tenge", ".0f"),
            "border": ("Gain of the second at which the sum is zero", ".0f"),
        },
    )


def new_jobs_more_unemployed(lottery=micro.lottery):
    """Show the people in the city with and without a good job, before and after new jobs.

    Parameters
    ----------
    lottery : callable
        Called as `micro.lottery` is.
    """
    own, lottery = lottery, stand_in(lottery, micro.lottery)
    # That the rate stays is a result of the book's lottery; another may say something else.
    times = "before and after" if own is micro.lottery else "afterwards"

    def city(later, without, new_jobs, village_ratio, odd_ratio):
        before, after = (
            lottery(n, 1.0, village_ratio, village_ratio * odd_ratio) for n in (100, 100 + new_jobs)
        )
        jobs = np.where(later == 1, 100 + new_jobs, 100)
        unemployed = np.where(later == 1, after["unemployed"], before["unemployed"])
        return dict(
            begin=np.where(without == 1, jobs, 0),
            end=np.where(without == 1, jobs + unemployed, jobs),
            people=np.where(without == 1, unemployed, jobs),
            before=before["unemployed"],
            after=after["unemployed"],
            rate=after["rate"],
            come=after["labor_force"] - before["labor_force"],
            more=after["unemployed"] - before["unemployed"],
        )

    kinds = ["good job", "no good job"]
    seekers = (
        alt.Chart(height=180)
        .mark_bar(stroke=drawing.COLOR["page"])
        .encode(
            alt.Y(
                "time:N",
                title=None,
                sort=["Before", "After"],
                axis=alt.Axis(ticks=False, domain=False),
            ),
            alt.X(
                "begin:Q",
                title="Thousand people in the city",
                scale=alt.Scale(domain=[0, 620], nice=False),
            ),
            x2="end:Q",
            color=alt.Color(
                "kind:N",
                sort=kinds,
                scale=alt.Scale(
                    domain=kinds, range=[drawing.COLOR["main"], drawing.COLOR["second"]]
                ),
                legend=alt.Legend(orient="bottom"),
            ),
        )
    )
    return Explorer(
        titled("New jobs, more unemployed", own, micro.lottery),
        city,
        rows={
            "later": [0, 0, 1, 1],
            "without": [0, 1, 0, 1],
            "time": ["Before", "Before", "After", "After"],
            "kind": kinds * 2,
        },
        controls=PARAMETERS.choose("new_jobs", "village_ratio", "odd_ratio"),
        chart=seekers,
        sentence=(
            "{new_jobs} thousand new jobs bring {come:,.1f} thousand people. The number without a "
            "good job goes from {before:,.1f} to {after:,.1f} thousand: {more?up|unchanged|down}. "
            f"The rate is {{rate:.1%}} {times}."
        ),
        caption="People in the city with and without a good job, before and after new jobs.",
        description=(
            "Two bars, before and after, of thousands of people in the city; each is divided into "
            "those with a good job (blue) and those without (orange)."
        ),
        table={
            "time": "Time",
            "kind": "People",
            "people": ("Thousand", ",.1f"),
            "begin": ("Bar from, thousand", ",.1f"),
            "end": ("Bar to, thousand", ",.1f"),
        },
    )


# A city and the region around it, by their codes.
_PAIRS = {
    "Almaty": ("KZ-75", "KZ-19"),
    "Astana": ("KZ-71", "KZ-11"),
    "Shymkent": ("KZ-79", "KZ-61"),
}


def cities_and_regions_around():
    """Return each city's unemployment, and its pay for 1 in the region around it.

    The column `kind` is 0 for incomes per head of 2021 and 1 for wages of 2022.
    """
    facts = data.covariates().query("year == 2021").set_index("code")
    wages = data.load("wages").query("year == 2022 and occupation == 'all'")
    jobless = data.load("unemployment").query("year == 2022 and period == 'year'")
    measures = [
        (facts["income"], facts["unemployment"]),
        (wages.set_index("code")["wage"], jobless.set_index("code")["rate"]),
    ]
    return pd.DataFrame(
        [
            {
                "which": n,
                "name": name,
                "kind": kind,
                "u": rates[city] / 100,
                "measured": pay[city] / pay[around],
            }
            for n, (name, (city, around)) in enumerate(_PAIRS.items())
            for kind, (pay, rates) in enumerate(measures)
        ]
    )


def which_wages_would_unemployment_allow():
    """Show three cities' wage ratios above the line that the lottery draws from unemployment."""
    spots = cities_and_regions_around().assign(is_line=0)
    line = pd.DataFrame(
        {
            "which": 0,
            "name": "Line of the lottery",
            "kind": 0,
            "u": np.linspace(0, 0.5, 26),
            "measured": 1.0,
            "is_line": 1,
        }
    )

    def allowed(which, kind, u, measured, is_line, city, measure, odd_share):
        mine = np.where((which == city) & (kind == measure) & (is_line == 0), 1, 0)
        here, rate = np.sum(mine * measured), np.sum(mine * u)
        needed = np.maximum(1 - 1 / here, 0) / (1 - odd_share)
        return dict(
            ratio=np.where(is_line == 1, micro.allowed_wage_ratio(u, odd_share), measured),
            mine=mine,
            real=here,
            rate=rate,
            needed=needed,
            shown=np.where((kind == measure) | (is_line == 1), 1, 0),
            may=micro.allowed_wage_ratio(rate, odd_share),
        )

    x = alt.X(
        "u:Q",
        title="Share of the city without a good job",
        scale=alt.Scale(domain=[0, 0.5], nice=False),
        axis=alt.Axis(format="%", tickCount=5),
    )
    y = alt.Y(
        "ratio:Q",
        title="City, for 1 in the region around",
        scale=alt.Scale(domain=[0.9, 2.05], nice=False),
    )
    base = alt.Chart(height=300).encode(x=x, y=y)
    theory = base.transform_filter("datum.is_line == 1").mark_line()
    cities = base.transform_filter("datum.is_line == 0")
    strong = (
        alt.when("datum.mine == 1")
        .then(alt.value(drawing.COLOR["second"]))
        .otherwise(alt.value(drawing.COLOR["quiet"]))
    )
    # The curve may run behind a name: a halo in the color of the page keeps it readable.
    names = [
        cities.mark_text(align="left", dx=9, fontSize=11, **look).encode(text="name:N")
        for look in (
            {"stroke": drawing.COLOR["page"], "strokeWidth": 3, "strokeJoin": "round"},
            {},
        )
    ]
    return Explorer(
        "Which wages would unemployment allow?",
        allowed,
        rows=pd.concat([spots, line], ignore_index=True),
        controls=[
            Choice("city", "City and the region around it", options=tuple(_PAIRS)),
            Choice("measure", "Compare", options=("incomes, 2021", "wages, 2022")),
            PARAMETERS["odd_share"],
        ],
        chart=drawing.layer(
            theory, *names, cities.mark_circle(size=110, opacity=1).encode(color=strong)
        ),
        sentence=(
            "{city}, {measure}: {real:.2f} times the region around it. The official unemployment "
            "of {rate:.1%} would allow {may:.3f}. For {real:.2f} the lottery needs {needed:.0%} of "
            "the city without a good job."
        ),
        caption=(
            "Line: ratio of wages at which nobody gains by moving, for each share without a good "
            "job. Dots: city against the region around it, at the official unemployment rate."
        ),
        description=(
            "A blue curve rises from 1 with the share without a good job: the ratio at which "
            "nobody gains. Three named dots are the cities, the chosen one orange, the others gray."
        ),
        source=data.sources(data.covariates(), data.load("wages"), data.load("unemployment")),
        draw="shown",
        table={
            "name": "City",
            "u": ("Without a good job", ".1%"),
            "ratio": ("City, for 1 around it", ".2f"),
        },
    )


def two_pay_ladders(pay=micro.ladder_pay):
    """Show pay on nine rungs of skill at home and abroad, and which ladder each rung chooses.

    Parameters
    ----------
    pay : callable
        Called as `micro.ladder_pay` is.
    """
    own, pay = pay, stand_in(pay, micro.ladder_pay)

    def ladders(rung, abroad, home_step, abroad_step, middle, ladder_cost):
        home, far = pay(rung, home_step / 100), pay(rung, abroad_step / 100, middle) - ladder_cost
        goes = np.where(far > home, 1, 0)
        count = np.sum(goes) / 2
        mean = np.where(count > 0, np.sum(goes * rung) / 2 / np.maximum(count, 1), 5)
        return dict(
            pay=np.where(abroad == 1, far, home),
            goes=goes,
            count=count,
            tilt=np.where(np.abs(mean - 5) < 0.01, 0, mean - 5),
        )

    names = ["at home", "abroad, less the cost"]
    x = alt.X(
        "rung:Q",
        title="Rung of skill",
        scale=alt.Scale(domain=[0.7, 9.3], nice=False),
        axis=alt.Axis(values=list(range(1, 10)), grid=False),
    )
    y = alt.Y(
        "pay:Q",
        title="Pay (middle rung at home: 100)",
        scale=alt.Scale(domain=[-100, 780], nice=False),
    )
    climb = _colored(alt.Chart(height=300).encode(x=x, y=y), "ladder", names, columns=2)
    chosen = climb.transform_filter("datum.goes == datum.abroad").mark_circle(size=130, opacity=1)
    return Explorer(
        titled("Two pay ladders", own, micro.ladder_pay),
        ladders,
        rows={
            "rung": np.tile(np.arange(1, 10), 2),
            "abroad": np.repeat([0, 1], 9),
            "ladder": np.repeat(names, 9),
        },
        controls=PARAMETERS.choose("home_step", "abroad_step", "middle", "ladder_cost"),
        chart=drawing.layer(climb.mark_line(), chosen),
        sentence=(
            "{count:.0f} of nine rungs gain by going: {tilt?the upper ones: positive "
            "selection|everyone, no one, or both ends equally: no selection|the lower ones: "
            "negative selection}."
        ),
        caption=(
            "Pay on nine rungs of skill at home and abroad. The dots show which ladder each rung "
            "chooses."
        ),
        description=(
            "Two rising lines of pay on nine rungs of skill: at home in blue, abroad in orange. On "
            "each rung a dot marks the line with the higher pay."
        ),
        table={
            "ladder": "Ladder",
            "rung": ("Rung of skill", ".0f"),
            "pay": ("Pay, middle rung at home 100", ",.0f"),
            "goes": ("This rung", {0: "stays", 1: "goes"}),
        },
    )


def who_paid_for_the_schooling(account=micro.schooling_account):
    """Show what the origin loses and receives when somebody leaves whose schooling it paid for.

    Parameters
    ----------
    account : callable
        Called as `micro.schooling_account` is.
    """
    own, account = account, stand_in(account, micro.schooling_account)
    tax = PARAMETERS["tax"].default

    def amounts(item, schooling, remitted, return_chance, years, wage_abroad):
        a = account(schooling, remitted, tax, return_chance, INTEREST.default, years, wage_abroad)
        return dict(
            amount=pick(
                item, [-a["schooling_lost"], -a["taxes_lost"], a["remittances"], a["balance"]]
            ),
            **a,
        )

    items = ["Schooling used abroad", "Taxes not paid", "Money sent home", "Balance"]
    sums = drawing.bars("name", "amount", "Yearly wages", (-11, 11), items, "last", 210)
    return Explorer(
        titled("Who paid for the schooling?", own, micro.schooling_account),
        amounts,
        rows={"item": range(4), "name": items, "last": [0, 0, 0, 1]},
        controls=PARAMETERS.choose(
            "schooling", "remitted", "return_chance", "years", "wage_abroad"
        ),
        chart=drawing.with_values(sums, "amount", "+.1f"),
        sentence=(
            "Over {years} years the country of origin loses {schooling_lost:.1f} in schooling and "
            "{taxes_lost:.1f} in taxes, and receives {remittances:.1f}: {balance?a gain|an even "
            "account|a loss} of {balance:abs,.1f} yearly wages."
        ),
        caption=(
            "Amounts at their worth today, at 5% interest and a tax of 10%, in yearly wages at the "
            "origin. All values are didactic."
        ),
        description="Four bars with their values: two losses, one gain and, orange, the balance.",
        table={"name": "Amount", "amount": ("Yearly wages", "+.2f")},
    )


def one_good_wage_two_answers():
    """Show the city's labor force against the good wage, if jobs are fixed and if they react."""
    village = micro.two_sectors(0.9)["village_wage"]

    def two_answers(wage_m, full, good_wage, odd_income):
        simple = (
            micro.lottery(1.0, wage_m, village, odd_income)["labor_force"]
            / micro.lottery(1.0, 0.9, village, odd_income)["labor_force"]
        )
        city = (
            micro.two_sectors(wage_m, odd_income)["urban"]
            / micro.two_sectors(0.9, odd_income)["urban"]
        )
        index = 100 * np.where(full == 1, city, simple)
        here = np.where(np.abs(wage_m - good_wage) < 0.001, 1, 0)
        one, base = (
            micro.two_sectors(good_wage, odd_income),
            micro.lottery(1.0, good_wage, village, odd_income),
        )
        return dict(
            index=index,
            here=here,
            simple_now=np.sum(here * (1 - full) * index),
            full_now=np.sum(here * full * index),
            rate=one["rate"],
            simple_rate=base["rate"],
        )

    wages = np.round(np.arange(0.6, 1.501, 0.05), 2)
    models = ["jobs fixed", "jobs react"]
    both = drawing.lines(
        "wage_m",
        "index",
        "Good wage in the city",
        "City's labor force, index",
        (0.6, 1.5),
        (0, 280),
        "model",
        280,
    )
    both = _colored(both, "model", models, columns=2)
    now = both.transform_filter("datum.here == 1").mark_circle(size=120, opacity=1)
    return Explorer(
        "One good wage, two answers",
        two_answers,
        rows={
            "wage_m": np.tile(wages, 2),
            "full": np.repeat([0, 1], len(wages)),
            "model": np.repeat(models, len(wages)),
        },
        controls=PARAMETERS.choose("good_wage", "odd_income"),
        chart=drawing.layer(both, now),
        sentence=(
            "At a good wage of {good_wage} the city's labor force is {simple_now:.0f} if jobs are "
            "fixed and {full_now:.0f} if they depend on the wage. {simple_rate:.0%} and {rate:.0%} "
            "have no good job."
        ),
        caption=(
            "Labor force of the city against the good wage, in two models of Harris and Todaro's; "
            "100 at a wage of 0.9. In the first the village always pays 0.43."
        ),
        description=(
            "Two lines of the city's labor force against the good wage, jobs fixed in blue and "
            "jobs that react in orange; they cross at a wage of 0.9. Dots mark the chosen wage."
        ),
        table={
            "model": "Model",
            "wage_m": ("Good wage in the city", ".2f"),
            "index": ("Labor force, index", ".0f"),
        },
    )


def two_distributions():
    """Show people by their log wage at home and abroad, and those who go."""

    def roy(u, v, mean_gap, moving_cost, spread_home, spread_abroad, correlation):
        home, abroad = (
            spread_home * u,
            spread_abroad * (correlation * u + np.sqrt(1 - correlation**2) * v),
        )
        s = micro.selection(mean_gap, moving_cost, spread_home, spread_abroad, correlation)
        kind = np.where(s["home"] > 1e-9, 0, np.where(s["abroad"] < -1e-9, 1, 2))
        return dict(
            home=home,
            abroad=abroad,
            goes=np.where(mean_gap + abroad - home > moving_cost, 1, 0),
            share=s["share"],
            at_home=s["home"],
            far=s["abroad"],
            kind=kind,
        )

    u, v = np.clip(np.random.default_rng(1987).standard_normal((2, 120)).round(3), -3, 3)
    cloud = (
        alt.Chart(height=320)
        .mark_circle(size=36, opacity=0.8)
        .encode(
            alt.X(
                "home:Q",
                title="Log wage at home, less mean",
                scale=alt.Scale(domain=[-2.5, 2.5], nice=False),
            ),
            alt.Y(
                "abroad:Q",
                title="Log wage abroad, less mean",
                scale=alt.Scale(domain=[-3.3, 3.3], nice=False),
            ),
            color=alt.when("datum.goes == 1")
            .then(alt.value(drawing.COLOR["second"]))
            .otherwise(alt.value(drawing.COLOR["quiet"])),
        )
    )
    dashed = alt.Chart().mark_rule(strokeDash=[2, 3], color=drawing.COLOR["text"])
    return Explorer(
        "Two distributions",
        roy,
        rows={
            "person": [f"Person {n}" for n in range(1, 121)],
            "u": u,
            "v": v,
            "verdict": ["positive selection", "negative selection", "refugee sorting"] + [""] * 117,
        },
        controls=PARAMETERS.choose(
            "mean_gap", "moving_cost", "spread_home", "spread_abroad", "correlation"
        ),
        chart=drawing.layer(cloud, dashed.encode(x=alt.datum(0)), dashed.encode(y=alt.datum(0))),
        sentence=(
            "{share:.0%} go. Their mean log wage is {at_home:+.2f} against all at home and "
            "{far:+.2f} against all abroad: {verdict[kind]}."
        ),
        caption=(
            "A hundred and twenty people drawn at random. Orange: those who go. The numbers in the "
            "sentence are Borjas's closed form, not the count of the dots."
        ),
        description=(
            "A cloud of 120 dots, log wage abroad against log wage at home, with dotted lines at "
            "the means. Who goes is orange, who stays gray."
        ),
        table={
            "person": "Person",
            "home": ("Log wage at home, less mean", "+.2f"),
            "abroad": ("Log wage abroad, less mean", "+.2f"),
            "goes": ("Decision", {0: "stays", 1: "goes"}),
        },
    )


def _colored(chart, series, names, **legend):
    """Color a chart by a text column, in the order of the names, with the legend below."""
    return chart.encode(
        color=alt.Color(f"{series}:N", sort=names, legend=alt.Legend(orient="bottom", **legend))
    )
