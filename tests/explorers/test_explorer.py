"""Explorers: what they compute, say and refuse."""

import functools
import itertools
import time

import altair as alt
import numpy as np
import pandas as pd
import pytest
from explorers import drawing
from explorers.explorer import Explorer
from explorers.parameters import Choice, Parameter
from explorers.tracing import TracingError, is_symbol
from samples import GAMMA, INSIDE, ROWS, RULE, explorer, model, simple

# ---- computing


def test_compute_and_say_at_the_defaults():
    e = explorer()
    assert e.defaults() == {"gamma": 1.0, "rule": 0, "inside": 1}
    results = e.compute()
    np.testing.assert_allclose(results["pull"], [400 / 7, 200 / 7 + 10, 100 / 7])
    assert results["top"] == 0
    assert results["total"] == pytest.approx(110)
    assert e.say() == "With γ = 1.0, of <all>, with: Almaty 57.1, total 110."


def test_compute_and_say_at_other_settings():
    e = explorer()
    np.testing.assert_allclose(e.compute(rule=1, inside=0)["pull"], [80, 100, 20])
    assert (
        e.say(rule=1, inside=0, gamma=2.0)
        == "With γ = 2.0, of region, without: Astana <b> 100.0, total 168."
    )


def test_conditions_on_controls_mean_in_python_what_they_mean_on_the_page():
    # With Python's own numbers ~(2.0 > 1) is -2, which counts as true.
    e = simple(
        lambda people, gamma, inside: {"y": np.where(~(gamma > 1) & ~(inside == 1), people, 0.0)},
        [GAMMA, INSIDE],
        "{gamma} {inside?a|b}",
    )
    assert e.compute(gamma=2, inside=0)["y"].tolist() == [0, 0, 0]
    assert e.compute(gamma=1, inside=0)["y"].tolist() == [2000, 1000, 500]
    assert e.compute(gamma=1, inside=1)["y"].tolist() == [0, 0, 0]


def test_power_of_a_negative_number_is_not_finite_rather_than_complex():
    with pytest.raises(ValueError, match="not finite"):
        simple(lambda people, gamma: {"y": people * (gamma - 1) ** 0.5})


def test_rows_as_a_dict_are_the_same():
    e = explorer(rows={name: ROWS[name].tolist() for name in ROWS})
    assert e.say() == explorer().say()
    assert e.tape.to_dict() == explorer().tape.to_dict()


def test_rows_of_the_caller_are_left_alone():
    before = ROWS.copy()
    explorer().compute(gamma=2.0)
    pd.testing.assert_frame_equal(ROWS, before)


def test_a_result_may_be_one_number_for_all_rows():
    e = simple(
        lambda people, gamma: {"y": people * 0 + gamma, "c": gamma * 2, "fixed": 7},
        sentence="{gamma} {c:.0f} {fixed:.0f}",
    )
    assert e.compute()["c"] == 2.0
    assert e.say() == "1.0 2 7"


# ---- errors


def test_result_that_is_not_finite_names_result_row_and_settings():
    with pytest.raises(ValueError) as caught:
        simple(lambda people, gamma: {"fine": people, "y": np.log(people - 1000 * gamma)})
    message = str(caught.value)
    for words in (
        "'Who pulls <most> & why'",
        "result 'y' is not finite",
        "row 1",
        "town = Astana <b>",
        "region = north",
        "gamma = 1",
        "np.where",
        "range",
    ):
        assert words in message


def test_corners_of_the_sliders_are_tried():
    with pytest.raises(ValueError, match=r"'y' is not finite in row 0 .* at gamma = 2; guard"):
        simple(lambda people, gamma: {"y": people / np.maximum(2 - gamma, 0.0)})


def test_settings_between_the_corners_are_checked_when_computed():
    e = simple(lambda people, gamma: {"y": people / (gamma - 0.5)})
    with pytest.raises(ValueError, match=r"not finite .* gamma = 0\.5"):
        e.compute(gamma=0.5)


def test_single_result_that_is_not_finite_is_named():
    with pytest.raises(ValueError, match=r"the result 's' is not finite at gamma = 0; guard"):
        simple(lambda people, gamma: {"y": people, "s": np.log(gamma)}, sentence="{gamma} {s:.1f}")


def test_with_many_controls_both_ends_of_each_are_tried():
    names = list("abcdef")
    sliders = [Parameter(name, name, low=0, high=2, step=1, default=1) for name in names]
    sentence = "".join(f"{{{name}}}" for name in names)

    def fine(people, a, b, c, d, e, f):
        return {"y": people * a * b * c * d * e * f}

    assert simple(fine, sliders, sentence).say() == "111111"

    def breaks(people, a, b, c, d, e, f):
        return {"y": people / np.where((e == 0) & (a == 1), 0.0, a + b + c + d + f + 1)}

    with pytest.raises(ValueError, match=r"not finite .* e = 0"):
        simple(breaks, sliders, sentence)


@pytest.mark.parametrize(
    ("column", "values", "row"),
    [
        ("town", ["a", None, "c"], 1),
        ("town", ["a", "b", float("nan")], 2),
        ("people", [1.0, 2.0, float("nan")], 2),
        ("people", [float("inf"), 2.0, 3.0], 0),
    ],
)
def test_gaps_in_the_rows_are_named(column, values, row):
    with pytest.raises(ValueError, match=rf"column '{column}' has a gap in row {row}"):
        explorer(rows=ROWS.assign(**{column: values}))


def test_columns_of_different_length_are_named():
    with pytest.raises(ValueError, match=r"differ in length: .*'people': 2"):
        explorer(rows={name: ROWS[name].tolist() for name in ROWS} | {"people": [1.0, 2.0]})


@pytest.mark.parametrize(
    ("results", "controls", "clash"),
    [
        (("y", "people"), [GAMMA], "people"),
        (("y", "gamma"), [GAMMA], "gamma"),
        (("y",), [GAMMA, Parameter("people", "P", low=0, high=1, step=1, default=0)], "people"),
        (("y",), [GAMMA, GAMMA], "gamma"),
        (("town", "y"), [GAMMA], "town"),
    ],
)
def test_a_name_stands_for_one_thing(results, controls, clash):
    with pytest.raises(ValueError, match=rf"a name stands for two things: .*{clash}"):
        simple(lambda capital, gamma: dict.fromkeys(results, capital * gamma), controls)


@pytest.mark.parametrize("name", ["only", "highlight"])
def test_a_control_leaves_the_words_of_an_address_alone(name):
    with pytest.raises(ValueError, match=f"a control cannot be named '{name}'"):
        simple(eval(f"lambda people, {name}: {{'y': people * {name}}}"), [GAMMA.replace(name=name)])


@pytest.mark.parametrize("name", ["net rate", "it's", "a.b", "2nd"])
def test_names_can_be_written_in_formulas(name):
    with pytest.raises(ValueError, match=f"'{name}' cannot be the name of a"):
        simple(lambda people, gamma: {"y": people * gamma, name: people})
    with pytest.raises(ValueError, match=f"'{name}' cannot be the name of a"):
        simple(
            lambda people, gamma: {"y": people * gamma}, rows=ROWS.rename(columns={"region": name})
        )


def test_a_control_that_does_nothing_is_refused():
    with pytest.raises(ValueError, match="the model does not take the control 'gamma'"):
        simple(lambda people: {"y": people})


def test_a_chart_that_shows_no_result_is_refused():
    with pytest.raises(ValueError, match="the chart shows none of the results pull, top, total"):
        explorer(chart=drawing.bars("town", "people", "people"))


def test_choosing_the_rows_by_a_result_shows_it():
    def chosen(people, region, capital, gamma, rule, inside):
        results = model(people, region, capital, gamma, rule, inside)
        return results | {"large": np.where(people > 400 * gamma, 1, 0)}

    e = explorer(model=chosen, chart=drawing.bars("town", "people", "people"), draw="large")
    assert e.rows_shown(e.compute(gamma=2)).tolist() == [0, 1]


@pytest.mark.parametrize("draw", [[True, False], [[True, False, True]], []])
def test_rows_to_draw_are_as_many_as_there_are(draw):
    with pytest.raises(ValueError, match="draw has the shape .* of the 3 rows"):
        explorer(draw=draw)


def test_unknown_columns_of_the_table_are_refused():
    with pytest.raises(ValueError, match="the table names 'push', which is none of town, region"):
        explorer(table={"push": "Push"})


def test_misspelt_control_is_refused():
    for call in (explorer().compute, explorer().say):
        with pytest.raises(
            ValueError, match="there is no control 'gama'; there are gamma, rule, inside"
        ):
            call(gama=2)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("{delta:.1f}", "the sentence names 'delta', which is none of"),
        ("{town[best]}", "the sentence names 'best', which is none of"),
        ("{total}", r"say how to write \{total\}"),
        ("{pull[top]}", r"say how to write \{pull\}"),
        ("{inside}", r"say how to write \{inside\}"),
        ("{total:2f}", "'2f' is no number format"),
        ("{town}", "'town' has one value per row; say which one"),
        ("{pull:.1f}", "'pull' has one value per row; say which one"),
        ("{total[0]:.1f}", "'total' is a single value"),
        ("{gamma[0]:.1f}", "'gamma' is a single value"),
        ("{town[0]:.1f}", "'town' is text"),
        ("{town[top]?a|b}", "'town' is text"),
        ("{rule?a|b}", "'rule' is text"),
        ("{town[rule]}", r"\[rule\] is no row number"),
        ("{town[people]}", r"\[people\] is no row number"),
        ("{total:.1f", "brace is left over"),
    ],
)
def test_bad_sentences_are_refused(sentence, words):
    with pytest.raises(ValueError, match=words):
        explorer(sentence=sentence)


def test_row_of_the_sentence_outside_the_rows_is_named():
    with pytest.raises(IndexError, match="row 3 of 'pull'"):
        explorer(sentence="{pull[3]:.1f} {gamma}").say()


def test_slider_off_its_grid_never_reaches_an_explorer():
    with pytest.raises(ValueError, match="not on the grid"):
        explorer(controls=[GAMMA.replace(default=0.75), RULE, INSIDE])


def test_model_that_cannot_be_recorded_is_refused_with_its_line():
    e = simple(lambda people, gamma: {"y": people * max(gamma, 1)})
    with pytest.raises(TracingError, match=r"Explorer '.*in test_explorer\.py: e = simple\(lambda"):
        e.to_html()


def test_model_with_an_unknown_argument_is_refused():
    with pytest.raises(
        TracingError,
        match=(
            r"'beta' is neither a column of the rows \(town, region, people, "
            r"capital\) nor a control \(gamma\)"
        ),
    ):
        simple(lambda people, gamma, beta: {"y": people})


def test_constant_columns_are_refused_as_results():
    e = simple(lambda people, gamma: {"y": np.array([1.0, 2.0, gamma if gamma == 9 else 3.0])})
    with pytest.raises(TracingError, match="result 'y'|decision"):
        e.to_html()


@pytest.mark.parametrize("rows", [ROWS.iloc[:0], {}, {"town": [], "people": []}])
def test_without_rows_there_is_nothing_to_draw(rows):
    with pytest.raises(ValueError, match=r"Explorer 'Who pulls.*': there are no rows"):
        explorer(rows=rows)


def test_columns_of_two_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"column 'people' has the shape \(3, 2\)"):
        explorer(rows={"people": np.ones((3, 2)), "town": ["a", "b", "c"]})
    twice = pd.concat([ROWS, ROWS[["people"]]], axis="columns")
    with pytest.raises(ValueError, match="the rows have two columns named 'people'"):
        explorer(rows=twice)


def test_results_of_two_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"the result 'y' has the shape \(2, 3\)"):
        simple(lambda people, gamma: {"y": np.stack([people, people]) * gamma})


@pytest.mark.parametrize("answer", [[1.0], None, 3.0])
def test_a_model_returns_named_results(answer):
    with pytest.raises(ValueError, match="must return a dict of named results"):
        simple(lambda people, gamma: answer)


def test_results_are_numbers():
    with pytest.raises(ValueError, match="the result 'y' is 'many'; expected a number"):
        simple(lambda people, gamma: {"y": "many"})


@pytest.mark.parametrize("part", ["title", "sentence", "caption", "description"])
def test_each_text_is_there(part):
    with pytest.raises(ValueError, match=f"the {part} is empty"):
        explorer(**{part: " "})


def test_a_chart_with_its_own_data_is_refused():
    chart = alt.Chart(pd.DataFrame({"town": ["Aral"], "pull": [1.0]})).mark_bar()
    with pytest.raises(ValueError, match="the chart brings its own data"):
        explorer(chart=chart.encode(x="pull:Q", y="town:N"))


def test_calls_name_what_they_pass():
    with pytest.raises(TypeError):
        Explorer("Title", model, ROWS, [GAMMA, RULE, INSIDE])
    with pytest.raises(TypeError):
        Parameter("gamma", "γ", 0, 1, 0.1, 0.5)
    with pytest.raises(TypeError):
        Choice("rule", "Rule", ("a", "b"))


# ---- an address in every script


@pytest.mark.parametrize(
    "title, name",
    [
        ("Who goes, and why?", "explorer-who-goes-and-why"),
        ("Сколько людей?", "explorer-сколько-людей"),
        ("Қанша адам?", "explorer-қанша-адам"),
        ("  1,000 km — a day ", "explorer-1-000-km-a-day"),
    ],
)
def test_address_keeps_the_letters_of_every_script(title, name):
    assert explorer(title=title).name == name


def test_two_titles_in_kazakh_have_two_addresses():
    assert explorer(title="Қашықтық").name != explorer(title="Қоныс аудару").name


def test_address_does_not_depend_on_how_letters_are_composed():
    assert explorer(title="Й").name == explorer(title="И\u0306").name


def test_a_title_without_letters_is_refused():
    with pytest.raises(ValueError, match="the title has no letter or digit"):
        explorer(title="?!")


# ---- page and kernel cannot differ


def unseeded(people, gamma):
    return {"y": people * gamma + np.random.default_rng().normal()}


def by_type(people, gamma):
    return {"y": people * (gamma if isinstance(gamma, np.floating) else 2 * gamma)}


def by_scalar(people, gamma):
    return {"y": people * gamma + (1.0 if np.isscalar(gamma) else 2.0)}


def by_array(people, gamma):
    return {"y": people * gamma + (1.0 if isinstance(people, np.ndarray) else 2.0)}


def counting(people, gamma, seen=[0]):  # noqa: B006
    seen[0] += 1
    return {"y": people * gamma + seen[0]}


@pytest.mark.parametrize(
    "model, words",
    [
        (unseeded, "other numbers each time.*draw with a seed"),
        (lambda people, gamma: {"y": people * gamma + time.perf_counter()}, "read no clock"),
        (functools.partial(counting, seen=[0]), "no counter"),
        (by_type, "takes another way while it is recorded"),
        (by_scalar, "takes another way while it is recorded"),
        (by_array, "takes another way while it is recorded"),
    ],
)
def test_a_model_that_would_differ_on_the_page_is_refused(model, words):
    e = simple(model)
    with pytest.raises(TracingError, match=f"on the page the result 'y' would differ.*{words}"):
        e.to_html()


def test_a_difference_far_from_the_default_is_found():
    def model(people, gamma):
        # As if the operation of the tape were another one beyond 1.5.
        return {"y": people * gamma + (0 if is_symbol(gamma) or gamma < 1.5 else 1)}

    with pytest.raises(TracingError, match="at gamma = 2"):
        simple(model).to_html()


def test_a_model_that_swallows_the_refusal_is_refused():
    for kind in (TypeError, Exception):

        def model(people, gamma, kind=kind):
            try:
                return {"y": people * (2 if gamma > 1 else 1)}
            except kind:
                return {"y": people * gamma}

        e = simple(functools.partial(model, kind=kind))
        with pytest.raises(TracingError, match="A decision such as 'if'"):
            e.to_html()


def test_a_control_without_effect_is_refused_on_the_page():
    e = simple(lambda people, gamma: {"y": people + 0 * gamma})
    with pytest.raises(ValueError, match="moving the control 'gamma' changes no result"):
        e.to_html()


def test_a_control_that_matters_after_another_choice_is_accepted():
    e = simple(
        lambda people, gamma, rule: {"y": people * np.where(rule == 1, gamma, 1.0)},
        controls=[GAMMA, RULE],
        sentence="{gamma} {rule}",
    )
    assert e.tape.outputs


# ---- corners


def test_corners_combine_all_ends_of_few_controls():
    corners = explorer().corners()
    assert len(corners) == 8
    assert {tuple(corner.values()) for corner in corners} == set(
        itertools.product([0.0, 2.0], [0, 1], [0, 1])
    )


def test_a_model_that_breaks_only_where_two_ends_meet_is_refused():
    with pytest.raises(ValueError, match="not finite"):
        simple(
            lambda people, gamma, rule: {"y": people / (2 - gamma + np.where(rule == 1, 0, 1))},
            controls=[GAMMA, RULE],
            sentence="{gamma} {rule}",
        )


def test_with_many_controls_the_far_corners_are_tried_too():
    many = [GAMMA.replace(name=f"p{i}") for i in range(5)]

    def model(people, p0, p1, p2, p3, p4):
        return {"y": people / (10 - p0 - p1 - p2 - p3 - p4)}

    with pytest.raises(ValueError, match="not finite in row 0"):
        simple(model, controls=many, sentence="{p0} {p1} {p2} {p3} {p4}")

    def at_the_low_end(people, p0, p1, p2, p3, p4):
        return {"y": people / (p0 + p1 + p2 + p3 + p4)}

    with pytest.raises(ValueError, match="not finite in row 0"):
        simple(at_the_low_end, controls=many, sentence="{p0} {p1} {p2} {p3} {p4}")
