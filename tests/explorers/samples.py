"""A small explorer that the engine's tests share, and the elements of its piece of a page."""

from html.parser import HTMLParser

import numpy as np
import pandas as pd
from explorers import drawing
from explorers.explorer import Explorer
from explorers.parameters import Choice, Parameter, Switch
from explorers.tracing import group_sum

ROWS = pd.DataFrame(
    {
        "town": ["Almaty", "Astana <b>", "Aktobe & Co"],
        "region": ["south", "north", "south"],
        "people": [2000.0, 1000.0, 500.0],
        "capital": [False, True, False],
    }
)


def model(people, region, capital, gamma, rule, inside):
    """Pull of each town."""
    weight = np.where(rule == 1, people / group_sum(people, region), people / np.sum(people))
    pull = 100 * weight**gamma + 10 * inside * capital
    return {"pull": pull, "top": np.argmax(pull), "total": np.sum(pull)}


GAMMA = Parameter(
    "gamma",
    'Elasticity "<γ>"',
    low=0,
    high=2,
    step=0.5,
    default=1,
    unit="per <km>",
    symbol=r"\gamma",
)
RULE = Choice("rule", "Rule", options=("of <all>", "of region"), default="of <all>")
INSIDE = Switch("inside", "Count & capital", default=True)


def explorer(**changes):
    arguments = {
        "title": "Who pulls <most> & why",
        "model": model,
        "rows": ROWS,
        "controls": [GAMMA, RULE, INSIDE],
        "chart": drawing.bars("town", "pull", "pull, %", domain=(0, 110)),
        "sentence": (
            "With γ = {gamma}, {rule}, {inside?with|without}: {town[top]} "
            "{pull[top]:.1f}, total {total:,.0f}."
        ),
        "caption": "Pull of <each> town.",
        "description": 'Bars: "pull" & <towns>.',
        "source": "own <calculation> & more",
    }
    return Explorer(**arguments | changes)


def simple(model, controls=(GAMMA,), sentence="{gamma}", rows=ROWS, **changes):
    chart = drawing.bars("town", "y", "y", domain=(0, 10))
    return explorer(
        model=model, controls=controls, sentence=sentence, rows=rows, chart=chart, **changes
    )


class Elements(HTMLParser):
    """The elements of a piece of a page, each with its attributes and its text."""

    EMPTY = {"input", "br", "meta", "img"}

    def __init__(self, html):
        super().__init__()
        self.all, self.open = [], []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "text": "", **dict(attributes)}
        self.all.append(element)
        if tag not in self.EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.all.append({"tag": tag, "text": "", **dict(attributes)})

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def find(self, tag, **attributes):
        return [
            e
            for e in self.all
            if e["tag"] == tag and all(e.get(k) == v for k, v in attributes.items())
        ]
