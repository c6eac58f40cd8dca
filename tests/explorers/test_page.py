"""An explorer as a piece of a plain page."""

import json
import re

import numpy as np
import pytest
from explorers.parameters import Switch
from samples import GAMMA, ROWS, RULE, Elements, explorer, model


@pytest.fixture(scope="module")
def html():
    return explorer().to_html()


@pytest.fixture(scope="module")
def page(html):
    return Elements(html)


def cells(page):
    """Return the table of numbers, line by line."""
    flat = [e["text"] for e in page.all if e["tag"] in ("th", "td")]
    width = len(page.find("th", scope="col"))
    return [flat[i : i + width] for i in range(0, len(flat), width)]


def test_every_control_has_a_visible_label(page):
    controls = page.find("input") + page.find("select")
    assert [control["name"] for control in controls] == ["gamma", "inside", "rule"]
    for control in controls:
        [label] = page.find("label", **{"for": control["id"]})
        assert label["text"] in ('Elasticity "<γ>"', "Rule", "Count & capital")


def test_slider_of_the_page(page):
    [slider] = page.find("input", type="range")
    assert {key: slider[key] for key in ("min", "max", "step", "value", "aria-valuetext")} == {
        "min": "0", "max": "2", "step": "0.5", "value": "1", "aria-valuetext": "1.0 per <km>",
    }  # fmt: skip
    [output] = page.find("output", **{"for": slider["id"]})
    assert output["text"] == "1.0 per <km>"


def test_select_and_switch_of_the_page(page):
    assert [(o["value"], o["text"], "selected" in o) for o in page.find("option")] == [
        ("0", "of <all>", True),
        ("1", "of region", False),
    ]
    [switch] = page.find("input", type="checkbox")
    assert "checked" in switch
    assert (
        "checked"
        not in Elements(explorer(controls=[GAMMA, RULE, Switch("inside", "Count")]).to_html()).find(
            "input", type="checkbox"
        )[0]
    )


def test_page_has_reset_sentence_caption_source_and_description(page):
    assert [button["text"] for button in page.find("button", type="reset")] == ["Reset"]
    [sentence] = page.find("p", **{"class": "explorer-sentence"})
    assert sentence["text"] == explorer().say()
    [chart] = page.find("div", role="img")
    assert chart["aria-describedby"] == sentence["id"]
    [caption] = page.find("figcaption")
    assert caption["text"] == "Pull of <each> town. Source: own <calculation> & more"
    [figure] = page.find("figure")
    assert page.find("p", id=figure["aria-labelledby"])[0]["text"] == "Who pulls <most> & why"
    assert [e for e in page.all if e.get("aria-label") == 'Bars: "pull" & <towns>.']


def test_ids_are_unique_also_beside_another_explorer(html):
    other = explorer(title="Another one").to_html()
    ids = re.findall(r'\bid="([^"]*)"', html + other)
    assert len(ids) >= 10
    assert len(set(ids)) == len(ids)
    for reference in re.findall(r"url\(#([^)]*)\)", html):
        assert reference in ids


def test_labels_cannot_break_the_page(page):
    # Nothing an author wrote with < became an element.
    assert (
        not page.find("b")
        + page.find("most")
        + page.find("all")
        + page.find("each")
        + page.find("km")
    )


def test_table_shows_the_numbers_of_the_chart(page):
    results = explorer().compute()
    assert [th["text"] for th in page.find("th", scope="col")] == ["town", "pull"]
    assert [th["text"] for th in page.find("th", scope="row")] == ROWS["town"].tolist()
    assert [float(cell["text"]) for cell in page.find("td")] == pytest.approx(
        results["pull"].tolist(), abs=0.05
    )


def test_chosen_table():
    page = Elements(explorer(table={"region": "Where", "pull": ("Pull, %", ".3f")}).to_html())
    assert cells(page) == [
        ["Where", "Pull, %"],
        ["south", "57.143"],
        ["north", "38.571"],
        ["south", "14.286"],
    ]


def test_values_are_written_in_words():
    page = Elements(
        explorer(table={"town": "Town", "capital": ("Capital", {0: "no", 1: "yes"})}).to_html()
    )
    assert cells(page)[1:] == [["Almaty", "no"], ["Astana <b>", "yes"], ["Aktobe & Co", "no"]]
    with pytest.raises(ValueError, match="no word for the value 1.0 of 'capital'"):
        explorer(table={"town": "Town", "capital": ("Capital", {0: "no"})})


def test_rows_shown_follow_the_controls():
    """What a model leaves out is neither drawn nor in the table of numbers."""
    one = explorer(
        model=lambda people, region, capital, gamma, rule, inside: (
            model(people, region, capital, gamma, rule, inside)
            | {"large": np.where(people > 700 * gamma, 1, 0)}
        ),
        draw="large",
    )
    assert one.rows_shown(one.compute(gamma=0)).tolist() == [0, 1, 2]
    assert one.rows_shown(one.compute(gamma=1)).tolist() == [0, 1]
    spec = one.specification(one.compute())
    assert {"filter": "datum['large'] !== 0"} in spec["transform"]
    assert spec["params"][0]["value"]["large"] == [1, 1, 0]
    rows = [row for row in Elements(one.to_html()).find("tr") if "hidden" in row]
    assert [row["text"] for row in rows] == ["Aktobe & Co14.3"]
    with pytest.raises(ValueError, match="draw names 'top', which is no result with a value"):
        explorer(draw="top")


def test_payload_is_json_that_cannot_end_its_script(html):
    [text] = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert "<" not in text
    payload = json.loads(text)
    e = explorer()
    assert payload["tape"] == e.tape.to_dict()
    assert payload["columns"]["people"] == [2000, 1000, 500]
    assert payload["columns"]["town"] == ROWS["town"].tolist()
    assert payload["n"] == 3
    assert [control["kind"] for control in payload["controls"]] == ["slider", "choice", "switch"]
    assert (
        payload["controls"][0] | {"suffix": " per <km>", "format": ".1f"} == payload["controls"][0]
    )
    assert payload["controls"][1]["options"] == ["of <all>", "of region"]
    assert payload["spec"]["params"][0]["name"] == "model"
    assert payload["spec"]["params"][0]["value"] == {"pull": e.compute()["pull"].tolist()}


def test_page_carries_exact_numbers():
    rows = ROWS.assign(people=[0.1 + 0.2, 1 / 3, 1e-300])
    text = re.findall(
        r'<script type="application/json">(.*?)</script>', explorer(rows=rows).to_html(), re.DOTALL
    )[0]
    assert json.loads(text)["columns"]["people"] == [0.1 + 0.2, 1 / 3, 1e-300]


def test_drawn_rows_only_go_to_the_chart():
    e = explorer(draw=[True, False, True])
    spec = e.specification(e.compute())
    assert [row["_i"] for row in spec["data"]["values"]] == [0, 2]
    assert [row["town"] for row in spec["data"]["values"]] == ["Almaty", "Aktobe & Co"]
    assert len(spec["params"][0]["value"]["pull"]) == 3
    assert len(cells(Elements(e.to_html()))) == 1 + 2


def test_default_picture_is_inline_svg_for_phone_and_desk(page):
    widths = [float(svg["width"]) for svg in page.find("svg")]
    assert len(widths) == 2
    assert 360 > min(widths) > 0
    assert 600 > max(widths) > 400
    assert all(svg["aria-hidden"] == "true" for svg in page.find("svg"))


def test_a_gap_is_empty_in_the_table():
    e = explorer(
        table={
            "town": "Town",
            "pull": ("Pull", ".0f", "known"),
            "people": ("People", ".0f", "capital"),
        },
        model=lambda people, region, capital, gamma, rule, inside: (
            model(people, region, capital, gamma, rule, inside)
            | {"known": np.where(people > 800 * gamma, 1, 0)}
        ),
    )
    assert cells(Elements(e.to_html()))[1:] == [
        ["Almaty", "57", ""],
        ["Astana <b>", "39", "1000"],
        ["Aktobe & Co", "", ""],
    ]
    payload = json.loads(re.findall(r"json\">(.*?)</script>", e.to_html(), re.DOTALL)[0])
    # The page needs to know, too.
    assert payload["columns"]["capital"] == [0, 1, 0]
    assert [column.get("known") for column in payload["table"]] == [None, "known", "capital"]


def test_what_says_which_are_known_must_exist():
    with pytest.raises(ValueError, match="the table names 'published', which is none of"):
        explorer(table={"pull": ("Pull", ".0f", "published")})
