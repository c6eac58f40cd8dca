"""The figures of the chapter on Ravenstein: distance, margins, streams, steps, large cities."""

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
    show,
    stand_in,
    titled,
)
from explorers.sentences import markdown_table
from IPython.display import Markdown
from migrationlab import data, indicators
from migrationlab.models import gravity, opportunities, step_migration
from migrationlab.models.domain import ratio

# Moves between regions from January to March 2021, as the Bureau rounds them.
MOVES = 84_500.0


def a_town_on_the_road():
    """Show where movers go when a new town is built on their road, before town 1 or behind it."""
    along = alt.X(
        "distance:Q",
        title="Kilometers from where the movers start",
        scale=alt.Scale(domain=[0, 600], nice=False),
        axis=alt.Axis(tickCount=6),
    )
    up = alt.Y(
        "share:Q",
        title="Share of the movers",
        scale=alt.Scale(domain=[0, 1.08], nice=False),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    color = alt.condition(
        "datum.town_new == 1", alt.value(drawing.COLOR["second"]), alt.value(drawing.COLOR["main"])
    )
    towns = alt.Chart().encode(x=along)
    before = (
        towns.mark_tick(orient="horizontal", width=34, thickness=3, color=drawing.COLOR["text"])
        .transform_filter("datum.town_new == 0")
        .encode(y="share_before:Q")
    )
    names = (
        towns.mark_text(dy=-9)
        .transform_filter("datum.town_new == 0")
        .transform_calculate(top="max(datum.share, datum.share_before)")
        .encode(y="top:Q", text="town:N")
    )
    new_town = towns.transform_filter("datum.town_new == 1")
    return Explorer(
        "A town on the road",
        opportunities.road_towns,
        # The new town has no share without itself.
        rows=opportunities.ROAD_ROWS | {"town_old": 1 - opportunities.ROAD_ROWS["town_new"]},
        controls=opportunities.ROAD_CONTROLS,
        chart=drawing.layer(
            towns.mark_bar(width=16).encode(y=up, color=color),
            before,
            names,
            new_town.mark_rule(strokeDash=[2, 3]).encode(y="share:Q", y2=alt.datum(1.0)),
            new_town.mark_text(dy=-8, align="left", dx=-14).encode(y=alt.datum(1.0), text="town:N"),
        ).properties(height=280),
        sentence=(
            "By {theory}, town 1 keeps {share[0]:.0%} of the movers instead of "
            "{share_before[0]:.0%}, town 2 gets {share[1]:.0%} instead of {share_before[1]:.0%}. "
            "The new town of {size} thousand at kilometer {position} stops {share[2]:.0%}."
        ),
        caption=(
            "Bars: where people from kilometer 0 go. Short lines: where they went before the new "
            "town. Each old town and the place of origin have 100 thousand people."
        ),
        description=(
            "Three bars stand along a road of 600 kilometers: blue ones at town 1 (100 km) and "
            "town 2 (300 km), an orange one at the new town. Their heights are shares of the "
            "movers who leave kilometer 0; short lines mark the shares without the new town."
        ),
        # The first three rows are the towns themselves, the others serve the sums.
        draw=opportunities.ROAD_ROWS["town_new"] * 0 + (np.arange(9) < 3),
        table={
            "town": "Town",
            "distance": ("Kilometers", ".0f"),
            "people": ("Thousand people", ".0f"),
            "share": ("Share of the movers", ".1%"),
            "share_before": ("Share without the new town", ".1%", "town_old"),
        },
    )


def fill_a_table_by_repeated_scaling():
    """Show how a table comes to fit its margins when rows and columns are scaled in turn."""

    def fill(
        origin,
        destination,
        km,
        leave,
        arrive,
        inside,
        total_row,
        total_column,
        goal,
        known,
        gamma,
        step,
    ):
        guess = inside * gravity.power_decay(km, gamma)
        guess = gravity.scale_to_total(guess, 100.0)
        steps = gravity.fitting_steps(guess, leave, arrive, origin, destination, rounds=8)
        flow = pick(step, steps)
        sums = total_row * group_sum(flow, origin) + total_column * group_sum(flow, destination)
        shown = flow + sums
        gap = known * np.abs(shown - goal)
        shown = shown + total_row * total_column * 100
        return dict(shown=shown, gap=gap, worst=np.max(gap))

    label = "format(datum.shown, '.1f') + (datum.known ? ' of ' + format(datum.goal, '.0f') : '')"
    across = alt.X(
        "destination:N",
        title="Arriving in",
        sort=None,
        axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False),
    )
    down = alt.Y(
        "origin:N",
        title="Leaving",
        sort=None,
        axis=alt.Axis(domain=False, ticks=False, labelPadding=6),
    )
    grid = alt.Chart().encode(x=across, y=down)
    shade = alt.Opacity(
        "shown:Q", legend=None, scale=alt.Scale(domain=[0, 60], range=[0.03, 0.55], clamp=True)
    )
    return Explorer(
        "Fill a table by repeated scaling",
        fill,
        rows=_a_table_with_margins(),
        controls=[
            Parameter("step", "Step", low=0, high=16, step=1, default=0),
            gravity.PARAMETERS["gamma"].replace(
                label="Distance elasticity γ of the first guess", step=0.25
            ),
        ],
        chart=drawing.layer(
            grid.transform_filter("datum.inside == 1")
            .mark_rect(color=drawing.COLOR["main"])
            .encode(opacity=shade),
            grid.transform_filter("datum.gap > 0.5").mark_rect(
                fillOpacity=0, stroke=drawing.COLOR["second"], strokeWidth=2.5
            ),
            grid.transform_filter("datum.origin != datum.destination || datum.inside == 0")
            .transform_calculate(label=label)
            .mark_text(fontSize=alt.expr("width < 300 ? 10 : 13"))
            .encode(text="label:N"),
        ).properties(height=240),
        sentence=(
            "After {step} steps, starting from γ = {gamma}, {shown[1]:.1f} of the 60 who leave A "
            "go to B and {shown[2]:.1f} to C. The worst margin is off by {worst:.1f} people."
        ),
        caption=(
            "100 movers between three towns on a road, A at kilometer 0, B at 100, C at 300. "
            "Margins off by more than half a person are framed. Odd steps scale rows, even steps "
            "columns."
        ),
        description=(
            "A table with three origins, three destinations and their sums. Cells are a stronger "
            "blue the more people move; sums that do not yet meet their known value are framed in "
            "orange."
        ),
        table={
            "origin": "From",
            "destination": "To",
            "shown": ("Movers", ".2f"),
            "goal": ("Known sum", ".0f", "known"),
        },
    )


def _a_table_with_margins():
    """Return a row for each cell of a table of three towns, its sums included."""
    towns = ["A", "B", "C"]
    leave = dict(zip(towns, [60.0, 30.0, 10.0], strict=True))
    arrive = dict(zip(towns, [20.0, 50.0, 30.0], strict=True))
    road = {("A", "B"): 100.0, ("A", "C"): 300.0, ("B", "C"): 200.0}
    cells = [(o, d) for o in [*towns, "all"] for d in [*towns, "all"]]
    table = pd.DataFrame(cells, columns=["origin", "destination"])
    table["km"] = [road.get((o, d), road.get((d, o), 0.0)) for o, d in cells]
    table["leave"] = [leave.get(o, 0.0) for o, _ in cells]
    table["arrive"] = [arrive.get(d, 0.0) for _, d in cells]
    table["total_row"] = [float(d == "all") for _, d in cells]
    table["total_column"] = [float(o == "all") for o, _ in cells]
    table["inside"] = [float("all" not in cell) for cell in cells]
    table["goal"] = table["leave"] * table["total_row"] + table["arrive"] * table["total_column"]
    table["known"] = (table["goal"] > 0).astype(float)
    return table


def a_thousand_movers_leave_taraz():
    """Show where movers from Taraz stop when each takes the first offer that is good enough."""
    away, people = _centers_from_taraz()
    nine = list(away["place"][:9])
    almaty = int(away.index[away["center"] == "Almaty"][0])

    def search(people, nearer, shymkent, beyond, acceptance, growth):
        extra = (growth - 1) * np.sum(shymkent * people)
        here = people + shymkent * extra
        passed = nearer + beyond * extra
        stop = opportunities.intervening_opportunities(1000.0, here, passed, acceptance)
        was = opportunities.intervening_opportunities(1000.0, people, nearer, acceptance)
        # Those who accept none of all offers, written without a small difference of large numbers.
        return dict(stop=stop, was=was, none=1000.0 * np.exp(-acceptance * np.sum(here)))

    return Explorer(
        "A thousand movers leave Taraz",
        search,
        rows=away[["place", "people", "nearer", "shymkent", "beyond"]],
        controls=[
            Parameter(
                "acceptance",
                "Chance L to accept the offers of 1,000 people",
                low=0.0001,
                high=0.003,
                step=0.0001,
                default=0.0002,
                format=".2%",
            ),
            Parameter(
                "growth",
                "Shymkent's offers, times today's",
                low=0,
                high=3,
                step=0.1,
                default=1,
                format=".1f",
            ),
        ],
        chart=drawing.layer(
            drawing.bars("place", "stop", "Movers who stop", (0, 1000), sort=nine),
            drawing.ticks("place", "was", sort=nine),
        ).properties(height=290),
        sentence=(
            "With L = {acceptance} and Shymkent {growth} times as large, {stop[0]:.0f} of 1,000 "
            f"stop in Shymkent and {{stop[{almaty}]:.0f}} in Almaty; "
            "{none:.0f} find nothing they accept."
        ),
        caption=(
            "Bars: movers who stop at each of the nine nearest centers. Orange: with Shymkent as "
            "it is. The offers of a place are taken to be the people of its region, 1 January 2021."
        ),
        description=(
            "Horizontal bars for nine centers in the order of their distance from Taraz: movers "
            "who stop there, of 1,000. Orange ticks: with Shymkent as it is."
        ),
        source=data.sources(people),
        draw=np.arange(16) < 9,
        table={
            "place": "Center, distance from Taraz",
            "stop": ("Movers who stop", ".1f"),
            "was": ("With Shymkent as it is", ".1f"),
        },
    )


def _centers_from_taraz():
    """Return the other centers by their distance from Taraz, and the people they are taken from."""
    people = _people(2021)
    places = data.regions(17)
    places["people"] = people["population"][places["code"]].to_numpy() / 1000
    home = places.set_index("center").loc["Taraz"]
    places["km"] = gravity.great_circle_distance(
        home["latitude"], home["longitude"], places["latitude"], places["longitude"]
    )
    away = places[places["center"] != "Taraz"].sort_values("km", ignore_index=True)
    away["nearer"] = opportunities.opportunities_nearer(
        ["Taraz"] * 16, away["center"], away["km"], away["people"]
    )
    away["shymkent"] = (away["center"] == "Shymkent").astype(float)
    away["beyond"] = (away["center"] != "Shymkent").astype(float)
    away["place"] = away["center"] + ", " + away["km"].round().astype(int).astype(str) + " km"
    return away, people


def _people(year):
    """Return the people of each region at the beginning of a year, by code."""
    return data.population_at_risk().query("year == @year").set_index("code")


# ---- gravity on the map

_DESTINATIONS = ["Almaty", "Astana", "Shymkent", "Almaty Region"]


def flows(
    origin, destination, km, people_from, people_to, leave, arrive, gamma, decay, known, fall
):
    """Return the flows between regions by gravity that knows the total, the arrivals, or both."""
    power = fall(km, gamma)  # in the book gravity.power_decay
    exponential = gravity.exponential_decay(km, gamma * np.log(2) / 300)
    weight = gravity.gravity(people_from, people_to, pick(decay, [power, exponential]))
    free = gravity.scale_to_total(weight, MOVES)
    single = gravity.production_constrained(arrive, weight, destination)
    double = gravity.doubly_constrained(weight, leave, arrive, origin, destination, 20)
    return pick(known, [free, single, double])


def gravity_between_the_regions(decay=gravity.power_decay):
    """Show from where movers come to a region by gravity, beside the three published origins.

    Parameters
    ----------
    decay : callable
        The weight of a flow, from kilometers and γ, as `gravity.power_decay` gives it.
    """
    own, fall = decay, _elsewhere(decay)
    pairs = pairs_of_regions()
    order = list(pairs["origin"].unique())

    def half(gamma, decay):
        """Return what is left at 600 km of a flow at 300 km; both forms of the book agree."""
        book = 2.0**-gamma
        if own is gravity.power_decay:
            return book
        return pick(decay, [ratio(fall(600.0, gamma), fall(300.0, gamma)), book])

    def between(
        origin,
        destination,
        km,
        people_from,
        people_to,
        leave,
        arrive,
        cell,
        into,
        city,
        gamma,
        decay,
        known,
    ):
        flow = flows(
            origin,
            destination,
            km,
            people_from,
            people_to,
            leave,
            arrive,
            gamma,
            decay,
            known,
            fall,
        )
        chosen = np.where(into == city, 1.0, 0.0)
        movers = group_sum(chosen * flow, origin)
        found = group_sum(chosen * cell, origin)
        miss = np.sum(np.where(cell > 0, np.abs(flow - cell), 0.0)) / 12
        return dict(
            movers=movers,
            found=found,
            published=np.where(found > 0, 1, 0),
            top=np.argmax(movers),
            half=half(gamma, decay),
            miss=miss,
        )

    return Explorer(
        titled("Gravity between the regions", own, gravity.power_decay),
        between,
        rows=pairs,
        controls=[
            Choice("city", "Destination", options=_DESTINATIONS),
            gravity.PARAMETERS["gamma"].replace(label="Distance elasticity γ", high=2.5, step=0.1),
            _choice_of_decay(own),
            Choice(
                "known",
                "What the model knows",
                options=("the total", "the arrivals", "both margins"),
                default="the arrivals",
            ),
        ],
        chart=drawing.layer(
            drawing.bars("origin", "movers", "Movers, January–March 2021", (0, 14000), order),
            drawing.ticks("origin", "found", order).transform_filter("datum.found > 0"),
        ).properties(height=350),
        sentence=(
            "With {decay} decay and γ = {gamma}, a region at 600 km sends {half:.0%} of what an "
            "equal one at 300 km sends. Knowing {known}, the model draws most movers to {city} "
            "from {origin[top]}: {movers[top]:,.0f}. It misses the twelve published cells by "
            "{miss:,.0f} on average."
        ),
        caption=(
            "Bars: what the model says for each origin. Orange lines: the three published origins "
            "of the chosen destination. Distances are great circles between the regions' centers."
        ),
        description=(
            "Horizontal bars for 17 regions from north to south: movers to the chosen destination "
            "in the model. Orange ticks mark the three published origins."
        ),
        source=data.sources(_quarter(), _people(2021), _moves_of_2022()),
        draw=(pairs["origin"] == pairs["destination"]).to_numpy(),
        table={
            "origin": "From",
            "movers": ("Movers in the model", ",.0f"),
            "found": ("Published", ",.0f", "published"),
        },
    )


def _choice_of_decay(own):
    """Return the control of the decay; a reader's own stands in the place of the power form."""
    first = "power" if own is gravity.power_decay else "your own"
    return Choice("decay", "Decay", options=(first, "exponential"))


def _elsewhere(decay):
    """Return a decay that gives a region with itself no weight, as the book's does."""
    if decay is gravity.power_decay:
        return decay
    own = stand_in(decay, gravity.power_decay)

    def fall(distance, gamma):
        elsewhere = distance > 0
        return np.where(elsewhere, own(np.where(elsewhere, distance, 1.0), gamma), 0.0)

    return fall


def pairs_of_regions():
    """Return a row for each pair of the 17 regions: distance, people, margins, published cell."""
    seen = _quarter().set_index(["origin", "destination"])["moves"]
    pairs = _crossed(_regions_with_margins())
    codes = pd.MultiIndex.from_frame(pairs[["code_from", "code_to"]])
    pairs["cell"] = seen.reindex(codes, fill_value=0).to_numpy(float)
    number = {name: i for i, name in enumerate(_DESTINATIONS)}
    pairs["into"] = pairs["destination"].map(number).fillna(-1)
    pairs = pairs.rename(columns={"leave_from": "leave", "arrive_to": "arrive"})
    return pairs["origin destination km people_from people_to leave arrive cell into".split()]


def _regions_with_margins():
    """Return the 17 regions from north to south, with people, departures and arrivals."""
    units = data.regions(17).sort_values("latitude", ascending=False, ignore_index=True)
    units["people"] = _people(2021)["population"][units["code"]].to_numpy()
    quarter = _quarter()
    known_in = quarter[quarter["origin"] == "other regions"].set_index("destination")["moves"]
    moves = data.fold(_moves_of_2022(), ["arrivals", "departures"], 17)
    moves = moves.set_index("code").loc[units["code"]]
    # All moves of 2022 hold those inside a region; 0.438 of them cross a border. Nets stay.
    turnover = 0.438 * (moves["arrivals"] + moves["departures"])
    gain = moves["arrivals"] - moves["departures"]
    out = ((turnover - gain) / 2).to_numpy()
    came = ((turnover + gain) / 2).to_numpy()
    units["leave"] = MOVES * out / out.sum()
    published = units["code"].map(known_in).to_numpy(float)
    rest = np.where(np.isnan(published), came, 0)
    units["arrive"] = np.where(
        np.isnan(published), (MOVES - np.nansum(published)) * rest / rest.sum(), published
    )
    return units


def _crossed(units):
    """Return a row for each pair of regions, with their distance; 0 for a region with itself."""
    pairs = units.merge(units, how="cross", suffixes=("_from", "_to"))
    pairs["km"] = gravity.great_circle_distance(
        *(
            pairs[name]
            for name in ("latitude_from", "longitude_from", "latitude_to", "longitude_to")
        )
    )
    pairs.loc[pairs["code_from"] == pairs["code_to"], "km"] = 0.0
    return pairs.rename(columns={"region_from": "origin", "region_to": "destination"})


def _quarter():
    return data.load("origin_destination").query("year == 2021 and period == 'jan-mar'")


def _moves_of_2022():
    return data.load("internal_moves_by_region").query("year == 2022")


# ---- fitting


def match_the_distances(decay=gravity.power_decay):
    """Show Austria's moves by distance, and those of a model that knows leavers and arrivals.

    Parameters
    ----------
    decay : callable
        The weight of a flow, from kilometers and γ, as `gravity.power_decay` gives it.
    """
    own, fall = decay, stand_in(decay, gravity.power_decay)
    austria = data.load("austria_flows")
    bands = ["under 100 km", "100–150", "150–200", "200–300", "over 300"]
    moves = austria[["origin", "destination", "distance_km", "flow"]].copy()
    moves["band"] = pd.cut(moves["distance_km"], [0, 100, 150, 200, 300, 600], labels=bands).astype(
        str
    )
    moves["leave"] = moves.groupby("origin")["flow"].transform("sum")
    moves["arrive"] = moves.groupby("destination")["flow"].transform("sum")
    moves["real"] = moves.groupby("band")["flow"].transform("sum") / 1000

    def match(origin, destination, distance_km, flow, leave, arrive, band, gamma, decay):
        weight = pick(
            decay,
            [
                fall(distance_km, gamma),
                gravity.exponential_decay(distance_km, gamma * np.log(2) / 100),
            ],
        )
        model = gravity.doubly_constrained(weight, leave, arrive, origin, destination)
        typical = np.exp(gravity.mean_log_distance(model, distance_km))
        real_typical = np.exp(gravity.mean_log_distance(flow, distance_km))
        mean = gravity.mean_distance(model, distance_km)
        real_mean = gravity.mean_distance(flow, distance_km)
        # A fifth of a kilometer counts as agreement: the slider has steps.
        gap = np.rint(2.5 * pick(decay, [typical - real_typical, mean - real_mean]))
        return dict(
            predicted=group_sum(model, band) / 1000,
            gap=gap,
            mean=mean,
            typical=typical,
            real_typical=real_typical,
            real_mean=real_mean,
        )

    return Explorer(
        titled("Match the distances", own, gravity.power_decay),
        match,
        rows=moves,
        controls=[
            gravity.PARAMETERS["gamma"].replace(label="Distance elasticity γ", default=0.5),
            _choice_of_decay(own),
        ],
        chart=drawing.layer(
            drawing.bars("band", "real", "Moves, thousands", (0, 70), bands),
            drawing.ticks("band", "predicted", bands),
        ).properties(height=210),
        sentence=(
            "With {decay} decay and γ = {gamma} the model's typical move is {typical:.1f} km long, "
            "the real one {real_typical:.1f} km; the plain means are {mean:.1f} and "
            "{real_mean:.1f} km. {gap?The model sends people too far: raise γ.|They agree.|The "
            "model keeps people too near: lower γ.}"
        ),
        caption=(
            "Bars: moves between Austria's nine regions in 2006, by distance. Orange lines: the "
            "model."
        ),
        description=(
            "Horizontal bars for five bands of distance: real moves in thousands, with orange "
            "ticks for the model's."
        ),
        source=data.sources(austria),
        draw=~moves.duplicated("band"),
        table={
            "band": "Distance",
            "real": ("Real, thousands", ".2f"),
            "predicted": ("Model, thousands", ".2f"),
        },
    )


def table_of_fits(fits):
    """Show fits of gravity one below the other: what they know, their decay, and their miss."""
    lines = [
        [
            fit.constraint,
            fit.decay,
            show(next(iter(fit.coefficients.values())), ".4f"),
            show(fit.deviance, ",.0f"),
        ]
        for fit in fits
    ]
    return Markdown(markdown_table(["Known", "Decay", "γ or λ", "Deviance"], lines, {2, 3}))


# ---- gross and net


def winners_and_losers():
    """Show that gravity with equal elasticities has no winners, and what unequal ones do."""
    published = data.load("interregional_by_region").query("year == 2020 and measure == 'net'")
    income = data.load("income").query("year == 2020 and code != 'KZ'")
    units = data.regions(17).sort_values("latitude", ascending=False, ignore_index=True)
    units = units[["code", "region", "latitude", "longitude"]]
    units["mass"] = _people(2020)["population"][units["code"]].to_numpy() / 1e6
    units["income"] = income.set_index("code")["income"][units["code"]].to_numpy()
    units["income"] /= units["income"].mean()
    units["real_net"] = published.set_index("code")["moves"][units["code"]].to_numpy() / 1000
    units = units.sort_values("real_net", ascending=False, ignore_index=True)
    pairs = _crossed(units).rename(columns={"real_net_from": "real_net"})
    pairs["here"] = (pairs["origin"] == pairs["destination"]).astype(float)
    # A pair of a region with itself stands for the region: its row sums over both directions.
    pairs = pairs.sort_values("here", ascending=False, kind="stable", ignore_index=True)
    pairs = pairs["origin destination km mass_from mass_to income_to real_net here".split()]
    order = list(units["region"])
    almaty, atyrau = order.index("Almaty"), order.index("Atyrau")

    def balances(
        origin, destination, km, mass_from, mass_to, income_to, real_net, here, alpha, beta, eta
    ):
        pull = income_to**eta * gravity.power_decay(km, 1.0)
        weight = gravity.gravity(mass_from, mass_to, pull, alpha, beta)
        flow = gravity.scale_to_total(weight, 104.8)
        # Both sums stand side by side where origin and destination are the same region.
        net = here * (group_sum(flow, destination) - group_sum(flow, origin))
        return dict(
            net=net,
            moved=np.sum(np.abs(net)) / 2,
            off=np.sum(here * np.abs(net - real_net)) / np.sum(here),
        )

    return Explorer(
        "Winners and losers",
        balances,
        rows=pairs,
        controls=[
            gravity.PARAMETERS["alpha"].replace(
                label="Elasticity α to people at the origin", low=0.5, step=0.1
            ),
            gravity.PARAMETERS["beta"].replace(
                label="Elasticity β to people at the destination", low=0.5, step=0.1
            ),
            Parameter(
                "eta",
                "Elasticity η to income at the destination",
                low=0,
                high=2,
                step=0.1,
                default=0,
            ),
        ],
        chart=drawing.layer(
            drawing.bars("origin", "net", "Net gain, thousands", (-14, 22), order),
            drawing.ticks("origin", "real_net", order),
        ).properties(height=350),
        sentence=(
            "With α = {alpha}, β = {beta} and η = {eta}, 104.8 thousand people move and the "
            "regions gain or lose {moved:.1f} thousand among themselves. "
            f"Almaty: {{net[{almaty}]:+.1f}} thousand (real: {{real_net[{almaty}]:+.1f}}), "
            f"Atyrau: {{net[{atyrau}]:+.1f}} (real: {{real_net[{atyrau}]:+.1f}}). "
            "The average miss is {off:.2f} thousand."
        ),
        caption=(
            "Bars: net gain in the model, γ = 1. Orange lines: published net between regions, "
            "January–June 2020. The volume, 104.8 thousand, counts people of 15 and over."
        ),
        description=(
            "Horizontal bars for 17 regions in the order of their real net gain: the net gain in "
            "the model, in thousands. Orange ticks: the real one."
        ),
        source=data.sources(published, income, _people(2020)),
        draw=pairs["here"] == 1,
        table={
            "origin": "Region",
            "net": ("Model, thousands", "+.2f"),
            "real_net": ("Published, thousands", "+.2f"),
        },
    )


# ---- steps


def a_thousand_villagers():
    """Show how villagers reach the city over 60 years, and how many of them through the town."""
    rows = pd.DataFrame(
        [
            (place, number, year)
            for number, place in enumerate(["village", "town", "city"])
            for year in range(61)
        ],
        columns=["place", "number", "year"],
    )

    def follow(number, year, village_to_town, village_to_city, town_to_city):
        village, town, city = step_migration.markov_path(
            village_to_town, village_to_city, 0.01, town_to_city, years=60, start=(1000.0, 0.0, 0.0)
        )
        people = pick(number, [pick(year, village), pick(year, town), pick(year, city)])
        steps = step_migration.steps_to_city(village_to_town, village_to_city, 0.01, town_to_city)
        return dict(
            people=people,
            through=steps["through_town"],
            in_city=city[60],
            town_peak=np.max(np.where(number == 1, people, 0.0)),
        )

    chance = step_migration.PARAMETERS
    return Explorer(
        "A thousand villagers",
        follow,
        rows=rows,
        controls=[
            chance["village_to_town"].replace(unit="", format=".1%"),
            chance["village_to_city"].replace(unit="", format=".1%"),
            chance["town_to_city"].replace(unit="", format=".1%", low=0.002),
        ],
        chart=drawing.lines(
            "year", "people", "Years", "People", (0, 60), (0, 1000), series="place", height=250
        ).encode(color=alt.Color("place:N", sort=None, legend=alt.Legend(orient="bottom"))),
        sentence=(
            "If {village_to_town} of the villagers go to the town each year and {village_to_city} "
            "straight to the city, {through:.0%} of them live in the town at least once. With "
            "{town_to_city} of the townspeople moving on, the town never holds more than "
            "{town_peak:.0f} of them, and the city has {in_city:.0f} after 60 years."
        ),
        caption=(
            "1,000 villagers and where they are, year by year. One townsperson in 100 returns to "
            "the village each year."
        ),
        description=(
            "Three lines over 60 years: the people who live in the village (blue), in the town "
            "(orange) and in the city (violet)."
        ),
        table={"place": "Place", "year": ("Year", ".0f"), "people": ("People", ",.0f")},
    )


def two_histories_one_table():
    """Show a table of birthplaces that stays the same while the moves behind it change."""
    bars = {
        "village_in_village": "Born village, lives village",
        "village_in_town": "Born village, lives town",
        "village_in_city": "Born village, lives city",
        "town_in_town": "Born town, lives town",
        "town_in_city": "Born town, lives city",
        "village_to_town": "Moves village to town",
        "town_to_city": "Moves town to city",
        "village_to_city": "Moves village to city",
    }

    def histories(number, a_move, demand, passing, direct):
        paths = step_migration.birthplace_paths(demand, passing, direct, years=20)
        amount = pick(number, [paths[name][-1] for name in bars])
        return dict(amount=amount, moves=np.sum(a_move * amount))

    return Explorer(
        "Two histories, one table",
        histories,
        rows={"what": list(bars.values()), "number": range(8), "a_move": [0] * 5 + [1] * 3},
        controls=step_migration.PARAMETERS.choose("demand", "passing", "direct"),
        chart=drawing.bars(
            "what", "amount", "Thousands after 20 years", (0, 100), highlight="a_move", height=260
        ).encode(
            y=alt.Y("what:N", title=None, sort=None, axis=alt.Axis(labelLimit=190, ticks=False))
        ),
        sentence=(
            "The city takes {demand} thousand a year, {passing} of them born in the village. The "
            "census finds {amount[2]:.0f} thousand born in the village who live in the city. If "
            "{direct} of them came without a stop, that took {moves:.0f} thousand moves."
        ),
        caption=(
            "Blue: what a census of birthplaces sees. Orange: the moves that led there, which it "
            "does not see."
        ),
        description=(
            "Eight horizontal bars, in thousands: five cells of a table of birthplace and "
            "residence in blue, and three counts of moves in orange."
        ),
        table={"what": "People or moves", "amount": ("Thousands after 20 years", ",.1f")},
    )


# ---- data


def streams_and_counterstreams():
    """Show every pair of places for which both directions are published for the same months."""
    inside = [
        ("Almaty Region", "Almaty", "KZ-19", "KZ-75", 2021, "jan-mar", "Jan–Mar 2021"),
        ("All regions", "Astana", "other regions", "KZ-71", 2018, "jan-may", "Jan–May 2018"),
        ("Pavlodar", "Astana", "KZ-55", "KZ-71", 2018, "jan-sep", "Jan–Sep 2018"),
        ("East Kazakhstan", "Pavlodar", "KZ-63", "KZ-55", 2018, "jan-sep", "Jan–Sep 2018"),
    ]
    with_russia = [
        (2019, "jan-sep", "Jan–Sep 2019"),
        (2022, "jan-sep", "Jan–Sep 2022"),
        (2024, "year", "2024"),
    ]
    moves = data.load("origin_destination").set_index(["origin", "destination", "year", "period"])
    moves = moves["moves"]
    abroad = data.load("external_by_country").query("country == 'RUS'")
    abroad = abroad.set_index(["direction", "year", "period"])["persons"]
    streams = [
        (f"{a} → {b}, {when}", moves[i, j, year, period], moves[j, i, year, period])
        for a, b, i, j, year, period, when in inside
    ]
    streams += [
        (
            f"Kazakhstan → Russia, {when}",
            abroad["departures", year, period],
            abroad["arrivals", year, period],
        )
        for year, period, when in with_russia
    ]
    lines = []
    for stream, there, back in streams:
        c = indicators.counterstream_ratio(there, back)
        effectiveness = indicators.effectiveness_from_counterstream(c)
        lines.append(
            [
                stream,
                show(there, ",.0f"),
                show(back, ",.0f"),
                show(c, ".2f"),
                show(effectiveness, ".0f"),
            ]
        )
    return Markdown(markdown_table(["Stream", "There", "Back", "c", "E"], lines, {1, 2, 3, 4}))


def arrivals_and_departures():
    """Return Table 2 of the article by year, with counterstream ratio and effectiveness."""
    external = data.load("external_migration").query("status == 'article' and direction != 'net'")
    table = external.pivot(index="year", columns="direction", values="persons")
    table["c"] = indicators.counterstream_ratio(table["departures"], table["arrivals"])
    table["E"] = -indicators.effectiveness_from_counterstream(table["c"])
    return table


def the_articles_table_2():
    """Show arrivals and departures of six years, and how one-sided the stream was."""
    lines = [
        [
            str(year),
            show(row["arrivals"], ",.0f"),
            show(row["departures"], ",.0f"),
            show(row["c"], ".2f"),
            show(row["E"], ".1f"),
        ]
        for year, row in arrivals_and_departures().iterrows()
    ]
    return Markdown(markdown_table(["Year", "In", "Out", "c", "E"], lines, {1, 2, 3, 4}))


def growth_of_large_cities():
    """Return births less deaths, net migration and its share of the growth, by city and year."""
    growth = data.balance().query("code in @data.BIG_CITIES and year >= 2018")
    growth = growth.rename(columns={"region": "city"}).reset_index(drop=True)
    growth["migration_share"] = 100 * growth["net"] / (growth["net"] + growth["natural_increase"])
    return growth


def mainly_by_migration():
    """Show in how many years migration made more than half of the growth of three large cities."""
    growth = growth_of_large_cities()
    rows = growth[["city", "year", "migration_share"]].copy()
    rows["late"] = (rows["year"] > 2018).astype(float)
    for name in ("Almaty", "Astana", "Shymkent"):
        rows[f"is_{name.lower()}"] = (rows["city"] == name).astype(float)

    def mainly(migration_share, late, is_almaty, is_astana, is_shymkent, threshold, skip):
        counted = np.where(skip == 1, late, 1.0)
        above = counted * np.where(migration_share > threshold, 1.0, 0.0)
        return dict(
            counted=counted,
            above=above,
            line=threshold + 0 * migration_share,
            years=np.sum(counted * is_almaty),
            almaty=np.sum(above * is_almaty),
            astana=np.sum(above * is_astana),
            shymkent=np.sum(above * is_shymkent),
        )

    color = alt.Color("city:N", sort=None, legend=alt.Legend(orient="bottom"))
    lines = drawing.lines(
        "year",
        "migration_share",
        "Year",
        "Migration, % of the growth",
        (2018, 2024),
        (0, 85),
        series="city",
    ).encode(color=color)
    dots = (
        alt.Chart()
        .transform_filter("datum.counted == 1")
        .mark_point(filled=True, opacity=1)
        .encode(
            x="year:Q",
            y="migration_share:Q",
            color=color,
            size=alt.condition("datum.above == 1", alt.value(130), alt.value(25)),
        )
    )
    return Explorer(
        "Mainly by migration?",
        mainly,
        rows=rows,
        controls=[
            Parameter(
                "threshold",
                "“Mainly” means more than",
                low=20,
                high=80,
                step=5,
                default=50,
                unit="%",
            ),
            Switch("skip", "Leave out 2018, the year of Shymkent's re-registrations"),
        ],
        chart=drawing.layer(lines, dots, drawing.rule(y="line")),
        sentence=(
            "Counting {skip?2019–2024|2018–2024}, migration made more than {threshold}% of the "
            "growth in {almaty:.0f} of {years:.0f} years in Almaty, {astana:.0f} in Astana and "
            "{shymkent:.0f} in Shymkent."
        ),
        caption=(
            "Net migration as a share of net migration plus natural increase. Large dots: above "
            "the dashed line."
        ),
        description=(
            "Three lines from 2018 to 2024, one for each city, with a dashed level line at the "
            "threshold. Years above it have large dots; years that do not count have none."
        ),
        source=data.sources(growth),
        table={
            "city": "City",
            "year": ("Year", ".0f"),
            "migration_share": ("Migration, % of the growth", ".1f"),
            "above": ("Mainly by migration", {0: "no", 1: "yes"}, "counted"),
        },
    )
