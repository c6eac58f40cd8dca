"""The figure of the page How to use this book: a line through the incomes of the regions."""

import numpy as np
from explorers import Explorer, Parameter, drawing, stand_in, titled
from migrationlab import data


def incomes():
    """Return region, population and income (thousand tenge a month) in 2020, highest first."""
    panel = _panel()
    return panel[["region", "population"]].assign(income=panel.income / 1000)


def _panel():
    panel = data.join(data.panel(17), data.covariates()).query("year == 2020")
    return panel.sort_values("income", ascending=False)


def draw_the_line(rows=None):
    """Show which regions lie above an income line, and how many people live there.

    Parameters
    ----------
    rows : DataFrame, optional
        Columns ``region``, ``population`` and ``income`` (thousand tenge a month); see `incomes`.
    """
    book = incomes()
    own = book if rows is None else rows

    def above_line(income, population, line):
        above = income > line
        return {
            "above": above,
            "line_at": line,
            "regions": np.sum(np.where(above, 1, 0)),
            "share": np.sum(np.where(above, population, 0)) / np.sum(population),
        }

    rows = stand_in(own, book)
    bars = drawing.bars(
        "region", "income", "Thousand tenge a month", (0, 225), highlight="above", height=320
    )
    return Explorer(
        titled("Draw the line", own, book),
        above_line,
        chart=drawing.layer(bars, drawing.rule(x="line_at", color="text")),
        rows=rows,
        controls=[
            Parameter(
                "line",
                "Income line",
                low=60,
                high=220,
                step=1,
                default=116,
                unit="thousand tenge",
            )
        ],
        sentence=(
            f"{{regions:.0f}} of {len(rows)} regions lie above {{line:.0f}} thousand tenge a "
            "month; {share:.0%} of the people live there."
        ),
        caption="Average income per resident in 2020. Orange: above the line.",
        description=(
            f"Bars show the average income of {len(rows)} regions. A dashed upright line marks the "
            "chosen income; bars that reach beyond it are orange, the others blue."
        ),
        source=data.sources(_panel()) if own is book else "",
        table={
            "region": "Region",
            "income": ("Thousand tenge a month", ".1f"),
            "above": ("Income line", {0: "below", 1: "above"}),
        },
    )
