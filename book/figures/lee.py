"""The figures of the chapter on Lee: private reasons, obstacles, selection, seventeen regions."""

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
from migrationlab import data
from migrationlab.models import gravity, lee
from migrationlab.models.lee import PARAMETERS

# Moves between regions, per inhabitant and year.
MOBILITY = PARAMETERS["mobility"].default / 100


def better_and_yet_they_leave(flows=lee.two_way_flows):
    """Show the movers both ways between two places that differ in their wage, and the net gain.

    Parameters
    ----------
    flows : callable
        Called as `lee.two_way_flows` is.
    """
    own, flows = flows, stand_in(flows, lee.two_way_flows)

    def better(direction, advantage, mobility, people_a, people_b):
        moves = flows(1000 * people_a, 1000 * people_b, np.log(1 + advantage / 100), mobility / 100)
        movers = pick(direction, [moves["to_a"], moves["to_b"], moves["net"]])
        return dict(
            movers=movers, length=movers / np.maximum(moves["to_a"], moves["to_b"]), **moves
        )

    kinds = ["from B to A", "from A to B", "net gain of A"]
    bars = drawing.bars("kind", "length", None, (-1.75, 1.75), kinds, "is_net", 150)
    bars.encoding.x.axis, bars.encoding.y.axis = None, alt.Axis(**drawing.PLAIN_AXIS, minExtent=90)
    return Explorer(
        titled("Better, and yet they leave", own, lee.two_way_flows),
        better,
        rows={"direction": [0, 1, 2], "kind": kinds, "is_net": [0, 0, 1]},
        controls=PARAMETERS.choose("advantage", "mobility", "people_a", "people_b"),
        chart=drawing.with_values(bars, "movers", ",.1f"),
        sentence=(
            "A pays {advantage}% more. Each year {to_a:,.1f} thousand move from B to A, and "
            "{to_b:,.1f} thousand from A to B. A {net?gains|neither gains nor loses|loses} "
            "{net:abs,.1f} thousand; the effectiveness is {effectiveness:.0f}%."
        ),
        caption=(
            "Movers in a year between two places, in thousands; the larger stream always has the "
            "same length. Everybody weighs the wage, and everybody has private reasons."
        ),
        description=(
            "Three bars with their values: movers from B to A and from A to B in blue, and in "
            "orange the difference, which points to the left where A loses."
        ),
        source=(
            "mobility: moves between regions of Kazakhstan in 2022, Bureau of National Statistics"
        ),
        table={
            "kind": "Movers",
            "movers": ("Thousand", ",.1f"),
            "length": ("Against the larger stream", ".0%"),
        },
    )


def private_reasons():
    """Return the private reasons of a thousand people, ascending, in log points of wage."""
    return np.sort(np.random.default_rng(1966).logistic(size=1000))


def a_thousand_private_reasons():
    """Show who of a thousand goes: those whose private reason exceeds what speaks against it."""
    private = private_reasons()
    low = np.floor(private * 2) / 2
    crowd = pd.DataFrame({"private": private.round(4), "low": low, "high": low + 0.5})
    crowd["everybody"] = crowd.groupby("low")["low"].transform("size")

    def reasons(private, low, obstacle, advantage):
        edge = obstacle - np.log(1 + advantage / 100)
        going = np.where(private > edge, 1.0, 0.0)
        return dict(
            going=group_sum(going, low),
            count=np.sum(going),
            edge=edge,
            expected=1000 * lee.move_probability(np.log(1 + advantage / 100), obstacle),
        )

    across = alt.X(
        "low:Q",
        title="Private reason (log points of wage)",
        scale=alt.Scale(domain=[-9, 9], nice=False),
        axis=alt.Axis(tickCount=7),
    )
    up = alt.Y("everybody:Q", title="People", scale=alt.Scale(domain=[0, 140], nice=False))
    everybody = (
        alt.Chart(height=260)
        .mark_bar(color=drawing.COLOR["quiet"], stroke=drawing.COLOR["page"])
        .encode(across, up, x2="high:Q", y2=alt.datum(0))
    )
    goers = (
        alt.Chart()
        .mark_bar(color=drawing.COLOR["second"], stroke=drawing.COLOR["page"])
        .encode(across, alt.Y("going:Q"), x2="high:Q", y2=alt.datum(0))
    )
    return Explorer(
        "A thousand private reasons",
        reasons,
        rows=crowd,
        controls=PARAMETERS.choose("obstacle", "advantage"),
        chart=drawing.layer(everybody, goers, drawing.rule(x="edge")),
        sentence=(
            "With an obstacle of {obstacle} and {advantage}% more pay, everybody whose private "
            "reason exceeds {edge:.2f} goes: {count:.0f} of 1,000. The curve below says "
            "{expected:.0f}."
        ),
        caption=(
            "A thousand people by their private reason. Orange: those who go. To the right of the "
            "dashed line moving wins."
        ),
        description=(
            "A hill of gray bars around zero: people by their private reason. To the right of a "
            "dashed upright line, those who go are orange."
        ),
        draw=~crowd["low"].duplicated(),
        table={
            "low": ("Private reason from", ".1f"),
            "high": ("Private reason to", ".1f"),
            "everybody": ("People", ".0f"),
            "going": ("Of whom go", ".0f"),
        },
    )


def one_curve(probability=lee.move_probability):
    """Show the share that moves as a curve, and what counting ten to a thousand people gives.

    Parameters
    ----------
    probability : callable
        The share that moves, from an advantage and an obstacle, as `lee.move_probability` gives it.
    """
    own, probability = probability, stand_in(probability, lee.move_probability)
    sums = np.arange(-6, 3.01, 0.25)
    asked = {"10": 10, "30": 30, "100": 100, "300": 300, "1,000": 1000}
    drawn = np.random.default_rng(7).logistic(size=1000)
    columns = {f"of_{n}": [1000 * np.mean(drawn[:n] > -x) for x in sums] for n in asked.values()}

    def curve(balance, of_10, of_30, of_100, of_300, of_1000, people, at):
        counted = pick(people, [of_10, of_30, of_100, of_300, of_1000])
        smooth = 1000 * probability(balance, 0.0)
        here = np.where(np.abs(balance - at) < 0.01, 1, 0)
        return dict(
            counted=counted,
            smooth=smooth,
            here=here,
            seen=np.sum(here * counted),
            said=np.sum(here * smooth),
            gap=np.max(np.abs(counted - smooth)),
        )

    x = alt.X(
        "balance:Q",
        title="Advantage less obstacle (log points)",
        scale=alt.Scale(domain=[-6.2, 3.2], nice=False),
    )
    y = alt.Y("smooth:Q", title="Movers among 1,000", scale=alt.Scale(domain=[0, 1000], nice=False))
    size = alt.when("datum.here == 1").then(alt.value(150)).otherwise(alt.value(40))
    dots = (
        alt.Chart()
        .mark_circle(opacity=1, color=drawing.COLOR["second"])
        .encode(x=x, y=alt.Y("counted:Q"), size=size)
    )
    return Explorer(
        titled("One curve", own, lee.move_probability),
        curve,
        rows={"balance": sums, **columns},
        controls=[
            Choice("people", "People asked", options=tuple(asked), default="30"),
            Parameter("at", "Advantage less obstacle", low=-6, high=3, step=0.25, default=-1),
        ],
        chart=drawing.layer(alt.Chart(height=280).mark_line().encode(x=x, y=y), dots),
        sentence=(
            "Where the sum is {at}, {seen:.0f} of 1,000 go by the count of {people} people, and "
            "{said:.0f} by the curve. The largest miss anywhere is {gap:.0f} of 1,000."
        ),
        caption=(
            "Line: the logistic curve. Dots: counted among the people asked, scaled to 1,000. The "
            "large dot is your choice."
        ),
        description=(
            "A blue line rises to the right in the shape of an S: movers among 1,000. Orange dots, "
            "the counts, lie around it; the one that is chosen is larger."
        ),
        table={
            "balance": ("Advantage less obstacle", ".2f"),
            "counted": ("Movers counted, of 1,000", ".0f"),
            "smooth": ("Movers by the curve, of 1,000", ".0f"),
        },
    )


def which_obstacle_first():
    """Show the movers after a shorter road, no permit, news for everybody, and all three."""
    measures = [
        "Today",
        "A road 30% shorter",
        "No permit needed",
        "Everybody informed",
        "All three",
    ]

    def obstacles(step, informed, permit, lambda_):
        know, road = informed / 100, -lambda_ * np.log(0.7)
        among = MOBILITY / know  # movers among those who know of the place
        share = [
            MOBILITY + 0 * know,
            know * lee.changed_probability(among, road),
            know * lee.changed_probability(among, permit),
            among,
            lee.changed_probability(among, road + permit),
        ]
        return dict(
            movers=1000 * pick(step, share),
            together=1000 * (share[4] - share[0]),
            alone=1000 * (share[1] + share[2] + share[3] - 3 * share[0]),
            best=np.argmax(np.where((step > 0) & (step < 4), pick(step, share), 0)),
        )

    bars = drawing.bars("name", "movers", "Movers among 1,000", (0, 350), measures, "last", 230)
    return Explorer(
        "Which obstacle first?",
        obstacles,
        rows={"step": range(5), "name": measures, "last": [0, 0, 0, 0, 1]},
        controls=PARAMETERS.choose("informed", "permit", "lambda_"),
        chart=drawing.with_values(bars, "movers", ".0f"),
        sentence=(
            "Today 18 of 1,000 go. The strongest single measure is: {name[best]} "
            "({movers[best]:.0f}). Alone, the three add {alone:.0f}; together they add "
            "{together:.0f}."
        ),
        caption=(
            "Movers among 1,000 people, today and after one obstacle, or all three, has been "
            "lowered. The weights are didactic."
        ),
        description=(
            "Five bars with their values, from today's 18 movers in 1,000 to the number when all "
            "three obstacles are lowered, which is orange."
        ),
        table={"name": "Measure", "movers": ("Movers, of 1,000", ".1f")},
    )


def who_goes(selection=lee.selection):
    """Show the skilled among residents and among movers, under a wage, a minus and an obstacle.

    Parameters
    ----------
    selection : callable
        Called as `lee.selection` is.
    """
    own, selection = selection, stand_in(selection, lee.selection)
    village = lee.selection_obstacle(MOBILITY)
    residents = PARAMETERS["skilled_share"].default

    def who(group, skilled, wage_gap, minus, minus_unskilled, further_obstacle, lighter):
        extra = np.where(lighter == 1, further_obstacle / 2, further_obstacle)
        chosen = selection(
            np.log(1 + wage_gap / 100), village, minus, minus_unskilled, extra, further_obstacle
        )
        share = np.where(group == 0, residents, chosen["share"])
        tilt = chosen["share"] - residents
        return dict(
            begin=np.where(skilled == 1, 0, share),
            end=np.where(skilled == 1, share, 1),
            part=np.where(skilled == 1, share, 1 - share),
            among=chosen["share"],
            movers=1000 * chosen["movers"],
            tilt=np.where(np.abs(tilt) < 0.005, 0, tilt),
        )

    groups, parts = ["Residents", "Movers"], ["skilled", "not skilled"]
    stack = (
        alt.Chart(height=200)
        .mark_bar(stroke=drawing.COLOR["page"])
        .encode(
            alt.Y("group_name:N", title=None, sort=groups, axis=alt.Axis(**drawing.PLAIN_AXIS)),
            alt.X(
                "begin:Q",
                title="Share",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", tickCount=5),
            ),
            x2="end:Q",
            color=alt.Color(
                "class:N",
                sort=parts,
                scale=alt.Scale(
                    domain=parts, range=[drawing.COLOR["second"], drawing.COLOR["quiet"]]
                ),
                legend=alt.Legend(orient="bottom"),
            ),
        )
    )
    return Explorer(
        titled("Who goes?", own, lee.selection),
        who,
        rows={
            "group": [0, 0, 1, 1],
            "group_name": ["Residents", "Residents", "Movers", "Movers"],
            "skilled": [1, 0, 1, 0],
            "class": parts * 2,
        },
        controls=[
            *PARAMETERS.choose("wage_gap", "minus", "minus_unskilled", "further_obstacle"),
            Switch("lighter", "The skilled feel half of the further obstacle"),
        ],
        chart=stack,
        sentence=(
            "{movers:,.0f} of 1,000 move. Among them {among:.0%} are skilled, against 30% of all "
            "residents: selection is {tilt?positive|absent|negative}."
        ),
        caption=(
            "Shares of the skilled among residents and among movers. Minus and obstacle in log "
            "points of wage."
        ),
        description=(
            "Two bars of shares, residents and movers, each divided into skilled (orange) and not "
            "skilled (gray)."
        ),
        table={"group_name": "Group", "class": "Class", "part": ("Share", ".0%")},
    )


def seventeen_regions_choose():
    """Show each region's net migration as the scheme predicts it, and as it was registered."""
    facts = data.covariates().query("year == 2021").set_index("code")
    later = data.panel(17).set_index(["code", "year"])
    codes = list(facts.index)
    pairs = _pairs_of_regions(facts, later, codes)

    def choose_region(
        origin,
        destination,
        km,
        people,
        openings,
        wage_gap,
        jobless_gap,
        city_gap,
        seen_2022,
        seen_2023,
        seen_2024,
        beta_w,
        beta_u,
        beta_c,
        lambda_,
        year,
    ):
        advantage = beta_w * wage_gap - beta_u * jobless_gap + beta_c * city_gap + np.log(openings)
        odds = lee.pull(advantage, km, lambda_)
        inertia = lee.inertia_for(odds, people, origin, MOBILITY, rounds=12)
        moves = lee.flows(odds, people, origin, inertia)
        self = np.where(km == 0, 1, 0)
        net = 1000 * (group_sum(moves, destination) - group_sum(moves, origin)) / people
        seen = pick(year - 2022, [seen_2022, seen_2023, seen_2024])
        miss = self * np.abs(net - seen)
        return dict(
            net=self * net,
            seen=seen,
            miss=np.sum(miss) / 17,
            worst=np.argmax(miss),
            volume=1000 * np.sum(moves),
        )

    order = [
        facts["region"].iloc[j]
        for j in np.argsort([later.loc[(c, 2022), "internal_rate"] for c in codes])
    ]
    bars = drawing.bars("region", "net", "Net migration per 1,000", (-45, 80), order, height=330)
    bars.encoding.y.axis = alt.Axis(**drawing.PLAIN_AXIS, minExtent=108)
    return Explorer(
        "Seventeen regions choose",
        choose_region,
        rows=pairs,
        controls=[
            *PARAMETERS.choose("beta_w", "beta_u", "beta_c", "lambda_"),
            Parameter(
                "year",
                "Compare with the year",
                low=2022,
                high=2024,
                step=1,
                default=2022,
                format=".0f",
            ),
        ],
        chart=drawing.layer(bars, drawing.ticks("region", "seen", order)),
        sentence=(
            "Weights {beta_w} for income, {beta_u} for unemployment, {beta_c} for the big city, "
            "{lambda_} for distance: the theory misses the net migration of {year} by {miss:.1f} "
            "per 1,000 on average, and most in {region[worst]} ({net[worst]:+.1f} instead of "
            "{seen[worst]:+.1f})."
        ),
        caption=(
            "Bars: what the scheme predicts from incomes and unemployment of 2021, people and "
            "distances. Orange: what was registered, moves within the country only."
        ),
        description=(
            "Seventeen horizontal bars: net migration per 1,000 in the scheme. An orange tick on "
            "each line: what was registered in the chosen year."
        ),
        source=data.sources(facts.reset_index(), later.reset_index()),
        draw=pairs["origin"] == pairs["destination"],
        table={
            "region": "Region",
            "net": ("Predicted, per 1,000", "+.1f"),
            "seen": ("Registered, per 1,000", "+.1f"),
        },
    )


def _pairs_of_regions(facts, later, codes):
    """Return a row for each pair of regions: distance, people, and the gaps in what draws them."""
    first, second = np.divmod(np.arange(len(codes) ** 2), len(codes))
    where = data.regions(17).set_index("code")
    spot = where.loc[codes, ["latitude", "longitude"]].to_numpy().T
    km = gravity.great_circle_distance(*spot[:, first], *spot[:, second]).round(1)
    people = np.array([later.loc[(c, 2022), "population"] for c in codes], float) / 1e6
    big = np.array([float(c in data.BIG_CITIES) for c in codes])
    log_wage = np.log(facts["income"].to_numpy(float))
    jobless = facts["unemployment"].to_numpy(float) / 100
    pairs = pd.DataFrame(
        {
            "origin": first,
            "destination": second,
            "km": np.where(first == second, 0, km),
            "people": people[first].round(6),
            "openings": people[second].round(6),
            "wage_gap": (log_wage[second] - log_wage[first]).round(6),
            "jobless_gap": (jobless[second] - jobless[first]).round(6),
            "city_gap": big[second] - big[first],
        }
    )
    for y in (2022, 2023, 2024):
        pairs[f"seen_{y}"] = [
            round(float(later.loc[(codes[j], y), "internal_rate"]), 3) for j in second
        ]
    pairs["region"] = [facts["region"].iloc[j] for j in second]
    return pairs


# How the article's words are read: regions of 16, by what the article calls them.
PUSH = ["KZ-63", "KZ-59", "KZ-39", "KZ-55", "KZ-11", "KZ-35"]
CITIES = ["KZ-71", "KZ-75"]
NAMED_PULL = ["KZ-27", "KZ-61"]
WEST = ["KZ-27", "KZ-15", "KZ-23", "KZ-47"]
SOUTH = ["KZ-61", "KZ-19", "KZ-31", "KZ-43"]


def the_articles_map():
    """Show the balance of each region, by year and kind of moves, in the article's words."""
    panel = data.panel(16)
    listed = [*CITIES, *WEST, *SOUTH, *PUSH]
    names = panel.drop_duplicates("code").set_index("code")["region"]
    article = pd.DataFrame(
        {
            "region": [names[c] for c in listed],
            "push": [int(c in PUSH) for c in listed],
            "narrow": [int(c in [*CITIES, *NAMED_PULL]) for c in listed],
            "broad": [int(c not in PUSH) for c in listed],
        }
    )
    for column, letter, years in (
        ("net_rate", "t", range(2013, 2025)),
        ("internal_rate", "i", range(2022, 2025)),
        ("external_rate", "e", range(2022, 2025)),
    ):
        for y in years:
            rates = panel[panel["year"] == y].set_index("code")[column].astype(float)
            article[f"{letter}{y}"] = rates.loc[listed].round(3).to_numpy()

    def verdict(
        push,
        narrow,
        broad,
        t2013,
        t2014,
        t2015,
        t2016,
        t2017,
        t2018,
        t2019,
        t2020,
        t2021,
        t2022,
        t2023,
        t2024,
        i2022,
        i2023,
        i2024,
        e2022,
        e2023,
        e2024,
        year,
        scope,
        reading,
    ):
        since = np.maximum(year - 2022, 0)
        total = pick(
            year - 2013,
            [t2013, t2014, t2015, t2016, t2017, t2018, t2019, t2020, t2021, t2022, t2023, t2024],
        )
        known = np.where((scope == 0) | (year >= 2022), 1, 0)
        rate = known * pick(
            scope, [total, pick(since, [i2022, i2023, i2024]), pick(since, [e2022, e2023, e2024])]
        )
        pull = np.where(reading == 0, narrow, broad)
        return dict(
            rate=rate,
            role=pull - push,
            known=known,
            unknown=1 - known,
            pulls=np.sum(pull),
            pushes=np.sum(push),
            gain=np.sum(pull * np.where(rate > 0, 1, 0)),
            lose=np.sum(push * np.where(rate < 0, 1, 0)),
        )

    return Explorer(
        "The article's map, year by year",
        verdict,
        rows=article,
        controls=[
            Choice(
                "reading",
                'Read "West Kazakhstan, South Kazakhstan regions" as',
                options=("the two regions", "all of the west and the south"),
            ),
            Choice(
                "scope",
                "Count moves",
                options=("of all kinds", "within the country", "across the border"),
            ),
            Parameter(
                "year", "Year", low=2013, high=2024, step=1, default=2020, format=".0f", time=True
            ),
        ],
        chart=_bars_by_role(article["region"].tolist()),
        sentence=(
            "{year}, moves {scope}, pull read as {reading}. {unknown?This part is not published "
            "for the year, so nothing is drawn|Called pull: {pulls:.0f}, of which gain "
            "{gain:.0f}. Called push: {pushes:.0f}, of which lose {lose:.0f}}."
        ),
        caption=(
            "Net migration per 1,000 residents in 16 regions, grouped by the article's words. "
            "Shymkent is counted with South Kazakhstan in all years."
        ),
        description=(
            "Sixteen horizontal bars with their values: blue where the article speaks of pull, "
            "orange where of push, gray where it names none. Cities stand at the top, then the "
            "west, the south, and the regions of the east, north and center."
        ),
        source=data.sources(panel),
        table={
            "region": "Region",
            "role": ("The article says", {1: "pull", 0: "not named", -1: "push"}),
            "rate": ("Net migration, per 1,000", "+.1f", "known"),
        },
    )


def _bars_by_role(regions):
    """Draw balances in the colors of the article's words; what is not known stays blank."""
    roles = ["pull", "push", "not named"]
    plot = (
        alt.Chart(height=390)
        .transform_calculate(
            role_name=("datum.role > 0 ? 'pull' : datum.role < 0 ? 'push' : 'not named'")
        )
        .encode(
            alt.Y("region:N", title=None, sort=regions, axis=alt.Axis(**drawing.PLAIN_AXIS)),
            alt.X(
                "rate:Q",
                title="Net migration per 1,000",
                scale=alt.Scale(domain=[-40, 95], nice=False),
                axis=alt.Axis(tickCount=5),
            ),
        )
    )
    colors = alt.Color(
        "role_name:N",
        scale=alt.Scale(
            domain=roles, range=[drawing.COLOR[c] for c in ("main", "second", "quiet")]
        ),
        legend=alt.Legend(orient="bottom", columns=3, offset=6),
    )
    value = plot.mark_text(
        fontSize=11,
        dx=alt.expr("datum.rate < 0 ? -4 : 4"),
        align=alt.expr("datum.rate < 0 ? 'right' : 'left'"),
    ).transform_filter("datum.known == 1")
    return drawing.layer(
        plot.mark_bar().encode(color=colors), value.encode(text=alt.Text("rate:Q", format="+.1f"))
    )


def one_place_under_many_names():
    """Show how many go to a place that is put on the list again under further names."""

    def names_of_one(option, share, copies, likeness):
        before = share / 100
        after = lee.with_copies(before, copies, likeness)
        shown = [
            before,
            after,
            lee.with_copies(before, copies, 0.0),
            lee.with_copies(before, copies, 1.0),
        ]
        return dict(
            movers=1000 * pick(option, shown),
            after=1000 * after,
            before=1000 * before,
            logit=1000 * shown[2],
        )

    options = ["one name", "your copies", "logit", "true copies"]
    bars = drawing.bars("label", "movers", "Movers among 1,000", (0, 900), options, "yours", 190)
    return Explorer(
        "One place under many names",
        names_of_one,
        rows={"option": range(4), "label": options, "yours": [0, 1, 0, 0]},
        controls=[
            Parameter(
                "share",
                "Who go there under one name",
                low=1,
                high=40,
                step=1,
                default=10,
                unit="%",
            ),
            PARAMETERS["copies"],
            PARAMETERS["likeness"].replace(default=0.5),
        ],
        chart=drawing.with_values(bars, "movers", ".0f"),
        sentence=(
            "Under one name {before:.0f} of 1,000 go. Under {copies} names it is {after:.0f}; the "
            "logit says {logit:.0f}."
        ),
        caption=(
            "Movers among 1,000: with one name, with several, and the two extremes. With likeness "
            "0 the names are separate places, with 1 they are the same."
        ),
        description=(
            "Four bars with their values: movers under one name, in orange under several, and the "
            "two extremes between which these lie, the logit's and that of true copies."
        ),
        table={"label": "Case", "movers": ("Movers, of 1,000", ".0f")},
    )
