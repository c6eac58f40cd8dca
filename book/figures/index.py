"""The figure of the first page: a theory that the reader adjusts, beside what was registered."""

import numpy as np
from explorers import Explorer, Parameter, drawing, pick
from migrationlab import data


def panel():
    """Return incomes and net migration of the 17 regions, 2019 to 2021."""
    rows = data.join(data.panel(17), data.covariates()).query("year >= 2019")
    return rows.rename(columns={"net_rate": "rate"})


def facts():
    """Return the rows of 2020, the region with the highest income first."""
    rows = panel()
    return rows[rows.year == 2020].sort_values("income", ascending=False, ignore_index=True)


def theory(
    rate_2019,
    rate_2020,
    rate_2021,
    income_2019,
    income_2020,
    income_2021,
    big_city,
    income_pull,
    city_pull,
    year,
):
    """Predict net migration per 1,000 residents from income and from being a big city."""
    observed = pick(year - 2019, [rate_2019, rate_2020, rate_2021])
    income = pick(year - 2019, [income_2019, income_2020, income_2021])
    above_mean = income / np.mean(income) - 1
    pull = income_pull * above_mean + city_pull * big_city
    # The level is no choice: predictions and facts have the same mean.
    predicted = pull + np.mean(observed - pull)
    distance = np.abs(observed - predicted)
    return {
        "observed": observed,
        "predicted": predicted,
        "miss": np.mean(distance),
        "worst": np.argmax(distance),
    }


def be_the_theorist():
    """Show the net migration of 17 regions, and what pulls of income and of a big city predict."""
    wide = panel().pivot(index="code", columns="year", values=["rate", "income"])
    ranked = facts()
    rows = {
        f"{name}_{year}": wide[name, year].loc[ranked.code].to_numpy()
        for name, year in wide.columns
    }
    rows |= {"region": ranked.region, "big_city": ranked.big_city}
    order = list(ranked.region)
    return Explorer(
        "Be the theorist",
        theory,
        rows=rows,
        controls=[
            Parameter("income_pull", "Pull of income", low=0, high=30, step=1, default=15),
            Parameter("city_pull", "Pull of a big city", low=0, high=35, step=1, default=0),
            Parameter("year", "Year", low=2019, high=2021, step=1, default=2020, time=True),
        ],
        chart=drawing.layer(
            drawing.bars(
                "region",
                "observed",
                "Net migration per 1,000 residents",
                domain=(-30, 50),
                sort=order,
                height=400,
            ),
            drawing.ticks("region", "predicted", sort=order),
        ),
        sentence=(
            "In {year}, with a pull of income of {income_pull} and a pull of a big city of "
            "{city_pull}, your theory misses by {miss:.1f} per 1,000 on average. It errs most "
            "about {region[worst]}: predicted {predicted[worst]:+.1f}, in fact "
            "{observed[worst]:+.1f}."
        ),
        caption=(
            "Bars: observed net migration of the 17 regions. Ticks: the prediction. Regions from "
            "the highest income (top) to the lowest."
        ),
        description=(
            "Blue bars show the net migration of 17 regions per 1,000 residents in the chosen "
            "year, the region with the highest income at the top. An orange tick on each line "
            "shows what the chosen pulls predict."
        ),
        source=data.sources(panel()),
        table={
            "region": "Region",
            "observed": ("Observed, per 1,000", "+.1f"),
            "predicted": ("Predicted, per 1,000", "+.1f"),
        },
    )
