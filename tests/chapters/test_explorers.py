"""Every explorer of every chapter in Python: its settings, its numbers, its chart, its sentence."""

import re
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pytest
from explorers import drawing
from explorers.parameters import Parameter, default_value

import book


def test_controls_start_on_their_grid(chapter):
    for explorer in chapter.explorers:
        for control in explorer.controls:
            assert default_value(control) in control.grid(), f"{explorer.title}: {control.name}"
            assert control.label


def test_every_control_changes_the_chart_and_the_sentence(chapter):
    idle = [
        f"{explorer.title}: {control.name}"
        for explorer in chapter.explorers
        for control in explorer.controls
        if book.telling_move(explorer, control) is None
    ]
    assert not idle, f"these controls change only the chart, only the sentence, or nothing: {idle}"


@pytest.fixture(scope="module")
def tried(chapter):
    """What each explorer of a chapter computes and says at the defaults, corners, sweeps, at random."""
    return [
        (explorer, settings, results, explorer.sentence_for(settings, results))
        for explorer in chapter.explorers
        for settings in book.settings_to_try(explorer)
        for results in [explorer.compute(**settings)]
    ]


def test_results_are_finite_everywhere(tried):
    for explorer, settings, results, sentence in tried:
        for name, value in results.items():
            assert np.all(np.isfinite(value)), f"{explorer.title}: {name} at {settings}"
        assert not re.search("nan|inf(?!l|o|e|r)|None", sentence, flags=re.IGNORECASE)


def test_marks_stay_inside_their_axes(tried):
    domains = {
        (explorer, channel): book.fixed_domain(book.specification(explorer), channel)
        for explorer in {explorer for explorer, *_ in tried}
        for channel in "xy"
    }
    for explorer, settings, results, _ in tried:
        for unit in book.units(book.specification(explorer)):
            for channel in ("x", "x2", "y", "y2"):
                domain = domains[explorer, channel[0]]
                _check_inside(explorer, settings, results, unit, channel, domain)


def _check_inside(explorer, settings, results, unit, channel, domain):
    definition = unit.position(channel)
    values = definition and book.values_of(explorer, results, definition)
    if domain is None or values is None or values.dtype == object or not len(values):
        return
    low, high = domain
    slack = 1e-9 * (high - low)
    assert low - slack <= values.min() and values.max() <= high + slack, (
        f"{explorer.title}: {definition['field']} runs from {values.min():g} to {values.max():g} "
        f"at {settings}, but the axis only from {low:g} to {high:g}"
    )


# A word that tells the direction, and a number with the opposite sign or with the word's own sign
# already in it: "gains −3.4", "falls by −2%", "worth −0.5 … It pays".
CONTRADICTIONS = (
    r"(?<!natural )\b(gain|win|rise|grow|increase|add|more|higher|above)\w* (by |of |to )?−[\d.,]+",
    r"\b(los|fall|shrink|decrease|less|lower|fewer|below|deficit)\w* (by |of )?[−+][\d.,]+",
    r"\bworth −[^.]*[1-9][^.]*\. (It|With this [^.]*, it) pays\b(?! only)",
    r"\bby 0(\.0+)?%? (more|less|higher|lower)\b",
)


def test_no_sentence_contradicts_its_own_number(tried):
    said = {sentence: (explorer.title, settings) for explorer, settings, _, sentence in tried}
    wrong = [
        (pattern, sentence, *said[sentence])
        for sentence in said
        for pattern in CONTRADICTIONS
        if re.search(pattern, sentence)
    ]
    assert not wrong, f"{len(wrong)} of {len(said)} sentences, the first: {wrong[0]}"


def test_bars_start_at_zero(chapter):
    for explorer in chapter.explorers:
        specification = book.specification(explorer)
        for unit in book.units(specification):
            for channel in "xy":
                definition = unit.position(channel)
                domain = book.fixed_domain(specification, channel)
                measures = (
                    definition
                    and definition.get("type") == "quantitative"
                    and f"{channel}2" not in unit.encoding
                )
                if unit.mark == "bar" and measures and domain:
                    assert domain[0] <= 0 <= domain[1], (
                        f"{explorer.title}: the bars' axis runs {domain}"
                    )


def test_charts_are_valid_vega_lite(chapter):
    for explorer in chapter.explorers:
        # Altair finds the kind of chart and checks it against Vega-Lite's schema, which it carries.
        alt.Chart.from_dict(book.specification(explorer))


@pytest.mark.parametrize("end", [0, -1], ids=["lowest", "highest"])
def test_charts_render(chapter, end):
    for explorer in chapter.explorers:
        settings = {control.name: control.grid()[end] for control in explorer.controls}
        specification = explorer.specification(explorer.compute(**settings), width=340)
        picture = ElementTree.fromstring(drawing.to_svg(specification, prefix="test"))
        assert len(list(picture.iter("{http://www.w3.org/2000/svg}path"))) > 0
        assert not re.search(
            r"NaN|undefined|Infinity", ElementTree.tostring(picture, encoding="unicode")
        )


def test_sliders_have_few_enough_stops_to_reach_with_the_keyboard(chapter):
    for explorer in chapter.explorers:
        for control in explorer.controls:
            if isinstance(control, Parameter):
                assert 3 <= len(control.grid()) <= 501, f"{explorer.title}: {control.name}"


def test_exercises_accept_their_own_answer(chapter):
    for exercise in chapter.exercises:
        right, reply = exercise.check(exercise.record["answer"])
        assert right and reply


def test_texts_of_exercises_are_plain(chapter):
    """They are shown as they are, without Markdown; how many decimals are wanted the form says itself."""
    for exercise in chapter.exercises:
        record = exercise.record
        texts = [exercise.task, record.get("right", ""), *record.get("options", [])]
        texts += [text for _, text in record.get("hints", [])] + record.get("replies", [])
        assert not [text for text in texts if re.search(r"[*`$]|\bdecimals?\b", text)]
