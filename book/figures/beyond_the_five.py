"""The figures of the chapter beyond the five theories: cousins, insurance, and brains."""

import altair as alt
import numpy as np
from explorers import Explorer, drawing, pick, stand_in, titled
from migrationlab.models import brain_drain, household, networks


def the_cousin_effect():
    """Show the villagers who are away year by year, and the threshold of their network."""

    def cousins(year, pioneers, help_, gap, late_gap):
        way = networks.network_path(pioneers, gap / 100, late_gap / 100, help_=help_ / 100)
        edge = networks.threshold(gap / 100, year, help_=help_ / 100)
        return dict(
            away=pick(year, way),
            edge=edge + 0 * year,
            exists=np.where(edge > 0, 1, 0),
            thirty=way[30],
            end=way[60],
        )

    x = alt.X("year:Q", title="Years", scale=alt.Scale(domain=[0, 60], nice=False))
    y = alt.Y(
        "away:Q",
        title="Villagers away, of 1,000",
        scale=alt.Scale(domain=[0, 1000], nice=False),
    )
    line = (
        alt.Chart(height=280).mark_line(strokeWidth=3, color=drawing.COLOR["main"]).encode(x=x, y=y)
    )
    edge = (
        alt.Chart()
        .transform_filter("datum.exists == 1")
        .mark_line(strokeDash=[5, 4], color=drawing.COLOR["second"])
        .encode(x=x, y=alt.Y("edge:Q"))
    )
    cut = (
        alt.Chart()
        .mark_rule(strokeDash=[2, 3], color=drawing.COLOR["quiet"])
        .encode(x=alt.datum(30))
    )
    return Explorer(
        "The cousin effect",
        cousins,
        rows={"year": np.arange(61)},
        controls=networks.PARAMETERS.choose("pioneers", "help_", "gap", "late_gap"),
        chart=drawing.layer(line, edge, cut),
        sentence=(
            "{exists?While the first gap lasts, a start below the dashed line ends with few away|"
            "There is no threshold: every start leads to the same end|There is no threshold}. "
            "After 30 years {thirty:,.0f} are away, after 60 years {end:,.0f}."
        ),
        caption=(
            "Villagers who are away, year by year. Dashed: the threshold under the wage gap of the "
            "first 30 years, if there is one; dotted: the year in which the gap changes."
        ),
        description=(
            "A blue line of the villagers away, of 1,000, over sixty years; a dashed orange "
            "line, level, is the threshold of the first thirty years; a dotted rule marks year "
            "30."
        ),
        table={
            "year": ("Year", ".0f"),
            "away": ("Villagers away, of 1,000", ",.0f"),
            "edge": ("Threshold", ",.0f", "exists"),
        },
    )


def equal_wages_and_yet_somebody_goes(sure_income=household.certainty_equivalent):
    """Show how much a household's risky income is worth with nobody to all four members away.

    Parameters
    ----------
    sure_income : callable
        The sure income that is as good, called as `household.certainty_equivalent` is.
    """
    own, sure_income = sure_income, stand_in(sure_income, household.certainty_equivalent)

    def sent_away(members, together, risk_home, insured, income_away):
        sure = sure_income(
            members / 4,
            income_away=income_away,
            risk_home=risk_home,
            together=together,
            insured=insured,
        )
        best = np.argmax(sure)
        return dict(
            sure=sure,
            top=np.where(members == best, 1, 0),
            best=best,
            gain=np.max(sure) - np.sum(np.where(members == 0, sure, 0)),
        )

    count = {"members": range(5), "label": ["nobody", "one", "two", "three", "all four"]}
    bars = drawing.bars(
        "label", "sure", "The sure income that is as good", (0, 1.5), count["label"], "top", 190
    )
    return Explorer(
        titled("Equal wages, and yet somebody goes", own, household.certainty_equivalent),
        sent_away,
        rows=count,
        controls=household.PARAMETERS.choose("together", "risk_home", "insured", "income_away"),
        chart=drawing.with_values(bars, "sure", ".3f"),
        sentence=(
            "Best: {best:.0f} of 4 away. That is worth {gain:.3f} of an income for each earner, "
            "compared with nobody away."
        ),
        caption=(
            "For each number of members away: the sure income per earner that the household finds "
            "as good as its risky one. Orange: the best."
        ),
        description=(
            "Five horizontal bars, for nobody to all four members away, of the sure income "
            "that is as good, with their values; the longest, the best, is orange, the others "
            "are blue."
        ),
        source="after Stark and Bloom (1985)",
        table={"label": "Members away", "sure": ("Sure income", ".3f")},
    )


def drain_or_gain(schooled=brain_drain.schooled):
    """Show the share of schooled people among those who stay, for each chance of leaving.

    Parameters
    ----------
    schooled : callable
        The share of the young who go to school, 0 to 1, called as `brain_drain.schooled` is.
    """
    own, schooled = schooled, stand_in(schooled, brain_drain.schooled)

    def stayers(chance, premium, extra):
        if own is brain_drain.schooled:
            return brain_drain.schooled_stayers(chance, premium, extra)
        # With this reward at home, and none abroad, the model has the pupils of the reader.
        return brain_drain.schooled_stayers(chance, schooled(chance, premium, extra), 0.0)

    def brain(p, chance, extra, premium):
        share = stayers(p, premium, extra)
        now, base = stayers(chance, premium, extra), stayers(0.0, premium, extra)
        return dict(
            share=100 * share,
            at=chance + 0 * p,
            now=100 * now,
            base=100 * base,
            schooled=100 * schooled(chance, premium, extra),
            change=100 * (now - base),
            top=100 * np.max(share),
        )

    x = alt.X(
        "p:Q",
        title="Chance that a schooled person leaves",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    y = alt.Y(
        "share:Q",
        title="Schooled among those who stay, %",
        scale=alt.Scale(domain=[0, 50], nice=False),
    )
    curve = (
        alt.Chart(height=260).mark_line(strokeWidth=3, color=drawing.COLOR["main"]).encode(x=x, y=y)
    )
    dot = (
        alt.Chart()
        .mark_circle(size=150, opacity=1, color=drawing.COLOR["second"])
        .encode(x="mean(at):Q", y="mean(now):Q")
    )
    return Explorer(
        titled("Drain or gain?", own, brain_drain.schooled),
        brain,
        rows={"p": np.round(np.arange(0, 1.001, 0.02), 2)},
        controls=[
            *brain_drain.PARAMETERS.choose("chance"),
            brain_drain.PARAMETERS["extra"].replace(high=0.6),
            brain_drain.PARAMETERS["premium"].replace(high=0.3),
        ],
        chart=drawing.layer(curve, drawing.rule(y="base"), dot),
        sentence=(
            "At a chance of {chance}, {schooled:.0f}% go to school, and {now:.1f}% of those who "
            "stay have been there: a {change?gain|change|drain} of {change:abs,.1f} points against "
            "a closed door. The most that any chance gives is {top:.0f}%."
        ),
        caption=(
            "Schooled people among those who stay, for each chance of leaving. Dashed: if nobody "
            "may leave. Dot: the chance that you set."
        ),
        description=(
            "A blue curve of the percentage of schooled people among those who stay, over the "
            "chance that a schooled person leaves. A dashed level line shows it if nobody may "
            "leave; an orange dot marks the chance that you set."
        ),
        table={
            "p": ("Chance that a schooled person leaves", ".0%"),
            "share": ("Schooled among those who stay, %", ".1f"),
            "base": ("The same if nobody may leave, %", ".1f"),
        },
    )
