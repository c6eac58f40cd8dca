"""Exercises that check themselves: the author's checks, the form on the page, its memory, the widgets."""

import json
import re
from html import escape
from html.parser import HTMLParser

import ipywidgets
import pytest
from explorers.exercises import choose, number


def payload(question):
    text = re.search(
        r'<script type="application/json">(.*)</script>', question.to_html(), re.DOTALL
    )[1]
    return text, json.loads(text)


# ---- number


def test_tolerance_is_a_share_of_the_answer():
    question = number("How many?", answer=200.0, tolerance=0.01)
    assert [question.check(reply)[0] for reply in (200, 198, 202, 197.99, 202.01, -200)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_absolute_tolerance():
    question = number("What remains?", answer=0, absolute=0.5)
    assert [question.check(reply)[0] for reply in (0, 0.5, -0.5, 0.51)] == [True, True, True, False]
    assert number("?", answer=1e6, tolerance=0.5, absolute=1).check(1e6 + 2)[0] is False


def test_negative_answers():
    question = number("Net?", answer=-50.0, tolerance=0.1)
    assert [question.check(reply)[0] for reply in (-50, -55, -45, -56, 50)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_replies_in_words():
    question = number(
        "How many?", answer=200.0, hints={2.0: "Per person?", 400.0: "Twice."}, right="Well done."
    )
    assert question.check(200) == (True, "Well done.")
    assert question.check(2) == (False, "Per person?")
    assert question.check(401) == (False, "Twice.")
    assert question.check("7")[1].startswith("Not yet.")
    assert question.judge("x").read is False


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"answer": 0}, "give absolute="),
        ({"answer": 5, "tolerance": 0}, "give absolute="),
        ({"answer": 5, "tolerance": -0.1}, "give absolute="),
        ({"answer": 5, "tolerance": float("nan")}, "cannot be checked"),
        ({"answer": 5, "absolute": 0}, "positive number"),
        ({"answer": 5, "absolute": -1}, "positive number"),
        ({"answer": 5, "absolute": float("inf")}, "cannot be checked"),
        ({"answer": 5, "tolerance": 1}, "would accept even 0"),
        ({"answer": float("nan")}, "cannot be checked"),
        ({"answer": float("inf")}, "cannot be checked"),
        ({"answer": 5, "hints": {5.01: "no"}}, "hint for 5.01 would catch the right answer"),
        ({"answer": 5, "hints": {5.09: "overlaps"}}, "would catch the right answer"),
        ({"answer": 5, "hints": {float("nan"): "no"}}, "hint for nan can never be given"),
        ({"answer": 5, "hints": {float("inf"): "no"}}, "hint for inf can never be given"),
    ],
)
def test_impossible_checks_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        number("How many?", **arguments)


# ---- choose


def test_choice_with_replies():
    question = choose(
        "Which?",
        options={"push": "It is a pull.", "pull": "Yes.", "none": ""},
        answer="pull",
        because="Wages differ.",
    )
    assert question.check(0) == (False, "Not this one. It is a pull.")
    assert question.check(1) == (True, "Right. Yes. Wages differ.")
    assert question.check(2) == (False, "Not this one.")


def test_choice_from_a_list():
    question = choose("Which?", options=["a", "b"], answer="b")
    assert [question.check(i) for i in (0, 1)] == [(False, "Not this one."), (True, "Right.")]


def test_choice_without_the_right_answer_is_refused():
    with pytest.raises(ValueError, match="'c' is none of the options: a, b"):
        choose("Which?", options=["a", "b"], answer="c")


# ---- the page


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.seen = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))


def test_number_form():
    question = number('Is "a" < b & c?', answer=5, unit="<km>")
    tags = Tags(question.to_html()).seen
    [entry] = [a for tag, a in tags if tag == "input"]
    [label] = [a for tag, a in tags if tag == "label"]
    assert label["for"] == entry["id"] == question.key
    assert ("p", {"role": "status"}) in tags
    described = [a["id"] for _, a in tags if a.get("id", "") in entry["aria-describedby"].split()]
    assert described == [f"{question.key}-unit", f"{question.key}-wanted"]
    assert "A whole number is enough." in question.to_html()
    assert "Is &quot;a&quot; &lt; b &amp; c?" in question.to_html()
    assert "&lt;km&gt;" in question.to_html()


def test_choice_form():
    question = choose("Which <b>?", options=["<i>", "b"], answer="b")
    tags = Tags(question.to_html()).seen
    radios = [a for tag, a in tags if tag == "input"]
    assert [(a["type"], a["name"], a["value"]) for a in radios] == [
        ("radio", question.key, "0"),
        ("radio", question.key, "1"),
    ]
    assert [tag for tag, _ in tags].count("label") == 2
    assert {"fieldset", "legend"} <= {tag for tag, _ in tags}
    assert not {"b", "i"} & {tag for tag, _ in tags}


def test_payload_cannot_end_the_script():
    question = number(
        "How many?", answer=5.0, hints={50: "Not </script><!-- <b>."}, right="<Right> “да”"
    )
    text, record = payload(question)
    assert "<" not in text
    assert record["hints"] == [[50.0, "Not </script><!-- <b>."]]
    assert (record["answer"], record["tolerance"], record["right"]) == (5.0, 0.05, "<Right> “да”")


def test_each_exercise_has_its_own_id():
    keys = {number("How many?", answer=5).key for _ in range(5)} | {
        choose("Which?", options="ab", answer="a").key for _ in range(5)
    }
    assert len(keys) == 10


# ---- the kernel


def parts(widget):
    """Yield a widget and everything in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)


def one(widget, kind):
    return next(part for part in parts(widget) if isinstance(part, kind))


def test_number_widget_judges_as_check_does():
    question = number("How <many>?", answer=12400.0, unit="people", hints={12.4: "In <thousands>?"})
    widget = question.widget()
    entry, button = one(widget, ipywidgets.Text), one(widget, ipywidgets.Button)
    verdict = widget.children[3]
    for reply in ("12,400", "12.4 thousand", "12 400 ", "12.4", "-12400", "x <b>", "12400 km", ""):
        entry.value = reply
        button.click()
        assert verdict.value == escape(question.check(reply)[1])
    assert widget.children[2].value == "A whole number is enough."
    assert one(widget, ipywidgets.Label).value == "people"
    assert "How &lt;many&gt;?" in widget.children[0].value


def test_choice_widget_judges_as_check_does():
    question = choose("Which?", options={"a": "Half.", "b": "All."}, answer="b")
    widget = question.widget()
    radios, button, verdict = (
        one(widget, ipywidgets.RadioButtons),
        one(widget, ipywidgets.Button),
        widget.children[2],
    )
    button.click()
    assert verdict.value == "Choose one answer first."
    for i in (0, 1):
        radios.value = i
        button.click()
        assert verdict.value == question.check(i)[1]


@pytest.mark.parametrize(
    "question", [number("How many?", answer=5), choose("Which?", options=["a", "b"], answer="a")]
)
def test_each_front_end_gets_a_form(question, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    question._ipython_display_()
    still, live = shown
    assert still["text/plain"] == question.task
    assert question.task in still["text/html"]
    assert "model_id" in live["application/vnd.jupyter.widget-view+json"]
    monkeypatch.setenv("EXPLORERS_BUILD_PAGE", "yes")
    question._ipython_display_()
    assert shown[-1] == {"text/html": question.to_html(), "text/plain": question.task}


def test_the_right_answer_is_written_by_code_only():
    # What a student sees before checking does not contain it.
    html = number("How many?", answer=4321.5).to_html()
    assert "4321.5" not in re.sub(r"<script.*?</script>", "", html)
