"""The figures of the chapter on reading a formula: six tools, from logarithm to expected value."""

import altair as alt
import numpy as np
import pandas as pd
from explorers import Explorer, Parameter, Switch, drawing, stand_in, titled
from migrationlab import data

_ELASTICITY = Parameter(
    "gamma", "Elasticity γ", low=0, high=2, step=0.1, default=1, symbol=r"\gamma"
)
_CHANCE = Parameter(
    "chance",
    "Chance to move in a year",
    low=0.2,
    high=8,
    step=0.2,
    default=1.8,
    unit="%",
    symbol="p",
)
# The axes of both charts of movers against distance.
_KM, _MOVERS = alt.Scale(domain=[100, 1000]), alt.Scale(domain=[0, 1000])


def regions_in_2020():
    """Return people and incomes (tenge a month) of the 17 regions in 2020, by region."""
    panel = data.join(data.panel(17), data.covariates())
    return panel.query("year == 2020").set_index("region")


def kilometers(a, b):
    """Return the great-circle distance between the administrative centers of two regions."""
    places = np.radians(data.regions(17).set_index("code")[["latitude", "longitude"]])
    (north_a, east_a), (north_b, east_b) = places.loc[a], places.loc[b]
    cosine = np.sin(north_a) * np.sin(north_b) + np.cos(north_a) * np.cos(north_b) * np.cos(
        east_a - east_b
    )
    return 6371 * np.arccos(cosine)


def from_almaty():
    """Return the kilometers from Almaty to Taraz and to Astana."""
    return {"Taraz": kilometers("KZ-75", "KZ-31"), "Astana": kilometers("KZ-75", "KZ-71")}


def balances():
    """Return each region's balance of moves between regions, first half of 2020, largest first."""
    nets = data.load("interregional_by_region").query("year == 2020 and measure == 'net'")
    return data.named(nets).sort_values("moves", ascending=False)


def moves_between_regions():
    """Return the row that counts the moves between regions, January to September 2022."""
    return data.load("internal_moves").query("year == 2022 and kind == 'interregional'")


def log_difference(ratio):
    """Return the size of a gap, from the ratio of its two sides."""
    return np.log(ratio)


def one_gap_four_numbers(measure=log_difference):
    """Show a gap in percent and as a logarithm, seen from below and from above.

    Parameters
    ----------
    measure : callable
        The size of a gap, from the ratio of its two sides, as `log_difference` gives it.
    """
    own, measure = measure, stand_in(measure, log_difference)
    ours = own is log_difference

    def gap(up, log, ratio):
        change = ratio**up  # upward the ratio, downward 1/ratio
        size = 100 * np.where(log == 1, measure(change), change - 1)
        return {"size": size, "short": 100 * (ratio - 1 - measure(ratio))}

    name, subject = ("ln", "The logarithm") if ours else ("yours", "Your measure")
    return Explorer(
        titled("One gap, four numbers", own, log_difference),
        gap,
        rows={
            "bar": [
                "percent, upward",
                "percent, downward",
                f"100 × {name}, upward",
                f"100 × {name}, downward",
            ],
            "up": [1, -1, 1, -1],
            "log": [0, 0, 1, 1],
        },
        controls=[
            Parameter(
                "ratio",
                "How many times as much",
                low=1,
                high=4,
                step=0.02,
                default=2.84,
                unit="times",
            )
        ],
        chart=drawing.bars("bar", "size", "Hundredths", (-150, 310), None, "log", 200),
        sentence=(
            "{ratio} times as much is {size[0]:.1f}% more, seen from below, and "
            f"{{size[1]:abs,.1f}}% less, seen from above. {subject} is {{size[2]:+.1f}} or "
            "{size[3]:+.1f} hundredths. Read as percent more, it is {short:.1f} points short."
        ),
        caption=(
            "Atyrau has 2.84 times Shymkent's income. Blue: percent. Orange: "
            f"{'logarithm' if ours else 'your measure'}."
        ),
        description=(
            "Four bars: a gap in percent in blue and "
            f"{'as 100 logs' if ours else 'by your measure'} in orange, each upward and downward."
        ),
        table={"bar": "Gap", "size": ("Hundredths", "+.1f")},
    )


def flow(km, gamma):
    """Return the movers a year, if 1,000 move over 100 km."""
    return 1000 * (100 / km) ** gamma


def twice_as_far(movers=flow):
    """Show what a doubling of the distance takes from the movers, from any starting distance.

    Parameters
    ----------
    movers : callable
        The movers a year, from kilometers and γ, as `flow` gives them.
    """
    own, movers = movers, stand_in(movers, flow)

    def doubling(km, gamma, start):
        here, there = movers(start, gamma), movers(2 * start, gamma)
        return {
            "moves": movers(km, gamma),
            "here": here,
            "there": there,
            "km_here": start,
            "km_there": 2 * start,
            "lost_share": 1 - there / here,
            "lost_per_km": (here - there) / start,
        }

    curve = (
        alt.Chart(height=300)
        .mark_line()
        .encode(
            alt.X("km:Q", title="Distance, km", scale=_KM),
            alt.Y("moves:Q", title="Movers a year", scale=_MOVERS),
        )
    )
    across = (
        alt.Chart()
        .mark_rule(color=drawing.COLOR["text"], strokeWidth=1.5)
        .encode(x="mean(km_here):Q", x2="mean(km_there):Q", y="mean(here):Q")
    )
    down = (
        alt.Chart()
        .mark_rule(color=drawing.COLOR["second"], strokeWidth=5)
        .encode(x="mean(km_there):Q", y="mean(here):Q", y2="mean(there):Q")
    )
    return Explorer(
        titled("Twice as far", own, flow),
        doubling,
        rows={"km": np.arange(100, 1001, 10)},
        controls=[
            _ELASTICITY,
            Parameter(
                "start", "Starting distance", low=100, high=500, step=10, default=200, unit="km"
            ),
        ],
        chart=drawing.layer(curve, across, down),
        sentence=(
            "With γ = {gamma}, going from {start:.0f} to {km_there:,.0f} km takes the movers from "
            "{here:,.0f} to {there:,.0f}. That is {lost_share:.0%} fewer, or {lost_per_km:.2f} "
            "people for each kilometer."
        ),
        caption="Movers a year, if 1,000 move over 100 km. Thick: lost when the distance doubles.",
        description=(
            "A curve of movers a year against distance. A step leads from the starting distance to "
            "twice that distance; its thick orange edge is what is lost."
        ),
        table={"km": ("Distance, km", ".0f"), "moves": ("Movers a year", ",.0f")},
    )


def decay(km, power, half, gamma):
    """Return the movers left of 1,000 at 100 km: by a power law, or by exponential decay."""
    rate = np.log(2) / half
    exponential, power_law = np.exp(-rate * (km - 100)), (100 / km) ** gamma
    left = 1000 * np.where(power == 1, power_law, exponential)
    return {"rate": rate, "left": left}


def two_ways_to_fade():
    """Show exponential decay and a power law against the distance from Almaty."""
    towns = from_almaty()
    grid = pd.DataFrame({"km": [*towns.values(), *range(100, 1001, 10)]})
    grid["town"] = grid.km.map({km: town for town, km in towns.items()}).fillna("")
    grid["top"] = 1000
    rows = pd.concat(
        [grid.assign(rule="exponential decay", power=0), grid.assign(rule="power law", power=1)],
        ignore_index=True,
    )
    x = alt.X("km:Q", title="Distance from Almaty, km", scale=_KM)
    y = alt.Y("left:Q", title="Movers left", scale=_MOVERS)
    color = alt.Color("rule:N", sort=None)
    fade = alt.Chart(height=320).mark_line().encode(x, y, color)
    stops = alt.Chart().transform_filter("datum.town != ''")
    dots = stops.mark_circle(size=80, opacity=1).encode(x, y, color)
    once = stops.transform_filter("datum.power == 1")
    line = once.mark_rule(color=drawing.COLOR["quiet"], strokeDash=[2, 3]).encode(x)
    label = once.mark_text(align="right", dx=-5, dy=8).encode(x, y=alt.Y("top:Q"), text="town:N")
    return Explorer(
        "Two ways to fade",
        decay,
        rows=rows,
        chart=drawing.layer(fade, line, dots, label),
        controls=[
            Parameter("half", "Half-distance", low=50, high=400, step=10, default=100, unit="km"),
            _ELASTICITY.replace(low=0.5),
        ],
        sentence=(
            "Halving every {half:.0f} km (λ = {rate:.4f}) leaves {left[0]:,.0f} of 1,000 movers "
            "at Taraz and {left[1]:,.0f} at Astana. The power law with γ = {gamma} leaves "
            f"{{left[{len(grid)}]:,.0f}} and {{left[{len(grid) + 1}]:,.0f}}."
        ),
        caption="Of 1,000 movers at 100 km. Dotted: straight-line distances from Almaty.",
        description=(
            "Two falling curves of movers left against distance: exponential decay in blue, a "
            "power law in orange. Dots and dotted upright lines mark Taraz and Astana."
        ),
        source=data.sources(data.load("regions").query("code == 'KZ-75'")),
        table={
            "rule": "Rule",
            "km": ("Distance, km", ".0f"),
            "left": ("Movers left", ",.0f"),
            "town": "Place",
        },
    )


def add_up(order, net, count, dropped):
    """Add up the first balances, with their signs or without."""
    value = np.where(dropped == 1, np.abs(net), net)
    counted = np.where(order <= count, value, 0)
    added = np.where(order <= count, 1, 0)
    return {"counted": counted, "added": added, "total": np.sum(counted), "last": count - 1}


def seventeen_balances():
    """Show the sum of the regions' balances, region after region, with signs and without."""
    nets = balances()
    return Explorer(
        "Seventeen balances",
        add_up,
        rows={
            "region": nets.region,
            "net": nets.moves,
            "losing": nets.moves < 0,
            "order": np.arange(1, len(nets) + 1),
        },
        controls=[
            Parameter(
                "count", "Regions added so far", low=1, high=len(nets), step=1, default=len(nets)
            ),
            Switch("dropped", "Drop the signs before adding"),
        ],
        chart=drawing.bars(
            "region", "counted", "People", (-8_000, 18_000), highlight="losing", height=320
        ),
        sentence=(
            "{dropped?Signs dropped|Signs kept}: {count:.0f} of 17 regions, the last one "
            "{region[last]}, sum to {total:,.0f} people."
        ),
        caption="Balance of moves between regions, January–June 2020. Orange: a loss.",
        description=(
            "Horizontal bars, one for each region added so far, from the largest gain to the "
            "largest loss: its balance, or the balance without its sign. Losses are orange."
        ),
        source=data.sources(nets),
        table={"region": "Region", "counted": ("People", ",.0f", "added")},
    )


def at_least_once(p, years):
    """Return the chance to have moved within some years, if the chance is p in each of them."""
    return 1 - (1 - p) ** years


def a_chance_every_year(moved=at_least_once):
    """Show who has moved at least once after some years, and what adding the chances claims.

    Parameters
    ----------
    moved : callable
        The chance to have moved, from p and years, as `at_least_once` gives it.
    """
    own, moved = moved, stand_in(moved, at_least_once)

    def villagers(year, chance, years):
        p = chance / 100
        return {
            "moved": 1000 * moved(p, year),
            "added": np.minimum(1000 * p * year, 1000),
            "exact": 1000 * moved(p, years),
            "claimed": 1000 * p * years,
            "now": years,
        }

    axes = ("Years", "Of 1,000 villagers", (0, 50), (0, 1000))
    right = drawing.lines("year", "moved", *axes)
    wrong = drawing.lines("year", "added", *axes, color="quiet", dash=True)
    dot = (
        alt.Chart()
        .mark_circle(size=120, opacity=1, color=drawing.COLOR["second"])
        .encode(x="mean(now):Q", y="mean(exact):Q")
    )
    return Explorer(
        titled("A chance every year", own, at_least_once),
        villagers,
        rows={"year": np.arange(51)},
        controls=[_CHANCE, Parameter("years", "Years", low=1, high=50, step=1, default=10)],
        chart=drawing.layer(right, wrong, dot),
        sentence=(
            "At {chance}% a year, {exact:,.0f} of 1,000 villagers have moved at least once after "
            "{years:.0f} years. Adding the chances would claim {claimed:,.0f}."
        ),
        caption="Solid: moved at least once. Dashed: chances added up, cut off at 1,000.",
        description=(
            "A curve of villagers who have moved at least once, over 50 years, below a dashed line "
            "that adds the chances; both start at zero. An orange dot marks the chosen year."
        ),
        source=data.sources(moves_between_regions()) + " (1.8%)",
        table={
            "year": ("Years", ".0f"),
            "moved": ("Moved at least once, of 1,000", ",.0f"),
            "added": ("Chances added up, of 1,000", ",.0f"),
        },
    )


def expected_value(p, good, odd):
    """Return the income of many people on average, of whom the share p finds a good job."""
    return p * good + (1 - p) * odd


def a_lottery_of_good_jobs():
    """Show a hundred villagers' incomes in the city, and the expected value of going there."""
    panel = regions_in_2020()
    city, home = panel.income["Astana"] / 1000, panel.income["Turkistan"] / 1000

    def lottery(person, chance, odd):
        expected = expected_value(chance / 100, city, odd)
        return {
            "income": np.where(person < chance, city, odd),
            "expected": expected,
            "gain": expected - home,
            "unlucky": 100 - chance,
            "good": city,
            "at_home": home,
        }

    x = alt.X(
        "person:Q",
        title="100 villagers who went",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=5),
    )
    y = alt.Y("income:Q", title="Thousand tenge a month", scale=alt.Scale(domain=[0, 200]))
    area = alt.Chart(height=300).mark_area(interpolate="step-after", opacity=0.4)
    level = (
        alt.Chart()
        .mark_rule(color=drawing.COLOR["second"], strokeWidth=3.5)
        .encode(y="mean(expected):Q")
    )
    name = (
        alt.Chart()
        .mark_text(align="right", dy=-9)
        .encode(x=alt.datum(99), y="mean(expected):Q", text=alt.value("expected value"))
    )
    return Explorer(
        "A lottery of good jobs",
        lottery,
        rows={"person": np.arange(101)},
        controls=[
            Parameter(
                "chance",
                "Chance of a good job",
                low=0,
                high=100,
                step=1,
                default=40,
                unit="%",
                symbol="p",
            ),
            Parameter(
                "odd", "Odd jobs bring", low=0, high=60, step=5, default=20, unit="thousand tenge"
            ),
        ],
        chart=drawing.layer(area.encode(x, y), drawing.rule(y="at_home"), level, name),
        sentence=(
            "Of 100 who went, {chance:.0f} get {good:.1f} and {unlucky:.0f} get {odd:.0f} thousand "
            "tenge a month. The expected value is {expected:.1f}, {gain:abs,.1f} "
            "{gain?above|above|below} the {at_home:.1f} at home."
        ),
        caption="Incomes, the lucky first. Thick: expected value. Dashed: income at home.",
        description=(
            "A step: the lucky at the height of a good job, the others at that of odd jobs; a "
            "thick orange line at the expected value and a dashed line at the income at home."
        ),
        source=data.sources(panel),
        table={"person": ("Villager", ".0f"), "income": ("Thousand tenge a month", ".1f")},
    )
