"""The exercises of a chapter as a student meets them: their addresses, their replies, their memory."""

import csv
import re
from itertools import count

from explorers.replies import decimals_wanted
from playwright.sync_api import expect


def is_number(exercise):
    return "options" not in exercise.record


def spellings(exercise):
    """Return ways in which a student may write the right answer."""
    answer, unit = exercise.record["answer"], exercise.unit
    enough = decimals_wanted(answer, exercise.record["tolerance"])
    plain = f"{answer:.{enough}f}"
    forms = {
        plain,
        f" {plain}. ",
        f"{answer:,.{enough}f}",
        f"{answer:,.{enough}f}".replace(",", " "),
    }
    forms |= {f"≈ {plain}", f"x = {plain}", f"{plain} {unit}", f"{plain}{unit}"}
    for more in range(4):
        text = f"{answer:.{enough + more}f}"
        # 12,000 is twelve thousand.
        forms |= {text} if text.endswith(".000") else {text, text.replace(".", ",")}
    if unit == "%":
        forms |= {f"{plain}%", f"{plain} percent", f"{10 * answer:.4f}‰"}
    if unit in ("", "of an income"):
        forms |= {f"{100 * answer:.4f}%", f"{answer * 16:.6f}/16"}
    return sorted(forms | {form.replace("-", "\N{MINUS SIGN}") for form in forms})


def mistakes(exercise):
    """Return numbers that are wrong: beside the answer, with the wrong sign, and of the wrong size."""
    answer, margin = exercise.record["answer"], exercise.record["tolerance"]
    beside = [answer + side * k * margin for side in (1, -1) for k in (1.01, 2, 3, 10)]
    sizes = [answer * k for k in (-1, 10, 0.1, 100, 0.01, 1e3, 1e-3, 1e6, 1e-6)]
    hints = [number for number, _ in exercise.record["hints"]]
    return [n for n in (*beside, *sizes, *hints) if abs(n - answer) > margin]


def wrong_texts(exercise):
    """Return the mistakes as they are typed: exactly, and rounded so that they stay mistakes."""
    answer, margin = exercise.record["answer"], exercise.record["tolerance"]
    texts = {repr(number) for number in mistakes(exercise)}
    rounded = {f"{number:.{digits}f}" for number in mistakes(exercise) for digits in range(6)}
    texts |= {text for text in rounded if abs(float(text) - answer) > 1.001 * margin}
    return sorted(texts | {f"{text} {exercise.unit}" for text in texts})


def forms_with_exercises(reader, chapter):
    """Return the page's forms with their exercises, all unfolded."""
    reader.open_all_folds()
    forms = reader.page.locator("form.self-check").all()
    assert len(forms) == len(chapter.exercises)
    return list(zip(forms, chapter.exercises, strict=True))


def judge(form, replies):
    """Give replies one after the other; return for each whether it counts as right, and the text."""
    return form.evaluate(
        """(form, replies) => replies.map(reply => {
            const field = form.querySelector("input[type='text']");
            if (field) field.value = reply;
            else form.querySelectorAll("input")[reply].checked = true;
            form.requestSubmit();
            const status = form.querySelector("[role='status']");
            return [status.dataset.right === "yes", status.textContent];
        })""",
        replies,
    )


def erase(page):
    """Erase the answers, if there are any."""
    button = page.get_by_role("button", name="Erase my answers")
    if button.count():
        page.once("dialog", lambda dialog: dialog.accept())
        button.click()
        expect(button).to_have_count(0)


# ---- addresses


def test_every_exercise_has_an_address(desk, chapter):
    boxes = desk.page.locator(".admonition.exercise")
    titles = boxes.locator("> .admonition-title")
    numbers = [re.match(r"Exercise (\d+) ·", title)[1] for title in titles.all_inner_texts()]
    assert numbers == [str(n) for n, _ in zip(count(1), numbers, strict=False)]
    for n, box in zip(numbers, boxes.all(), strict=True):
        expect(box).to_have_id(f"exercise-{n}")
        link = box.get_by_role("link", name="#").first
        expect(link).to_be_visible()
        expect(link).to_have_attribute("href", f"#exercise-{n}")
        expect(link).to_have_attribute("title", f"Link to exercise {n}")


def test_an_address_leads_to_its_exercise(phone, chapter):
    last = phone.page.locator(".admonition.exercise").last
    if last.count():
        phone.page.goto(f"{phone.page.url.partition('#')[0]}#{last.get_attribute('id')}")
        expect(last).to_be_in_viewport()
        phone.reload()


# ---- replies


def test_right_answers_are_accepted_however_they_are_written(phone, chapter):
    for form, exercise in filter(
        lambda pair: is_number(pair[1]), forms_with_exercises(phone, chapter)
    ):
        replies = spellings(exercise)
        said = dict(zip(replies, judge(form, replies), strict=True))
        refused = {reply: text for reply, (right, text) in said.items() if not right}
        assert not refused, exercise.task
        assert said == {reply: list(exercise.check(reply)) for reply in replies}
    erase(phone.page)


def test_wrong_answers_are_refused_as_python_does(phone, chapter):
    for form, exercise in filter(
        lambda pair: is_number(pair[1]), forms_with_exercises(phone, chapter)
    ):
        replies = [
            *wrong_texts(exercise),
            "",
            "many",
            "1..2",
            f"{exercise.record['answer']} parsecs",
        ]
        said = dict(zip(replies, judge(form, replies), strict=True))
        accepted = [reply for reply, (right, _) in said.items() if right]
        assert not accepted, exercise.task
        assert said == {reply: list(exercise.check(reply)) for reply in replies}
        for number, hint in exercise.record["hints"]:
            assert exercise.check(repr(number)) == (False, hint)
    erase(phone.page)


def test_choices_judge_like_python(phone, chapter):
    for form, exercise in forms_with_exercises(phone, chapter):
        if not is_number(exercise):
            form.get_by_role("button").click()
            expect(form.locator("[role='status']")).to_have_text("Choose one answer first.")
            positions = list(range(len(exercise.record["options"])))
            assert judge(form, positions) == [
                list(exercise.check(position)) for position in positions
            ]
    erase(phone.page)


# ---- memory


def give_the_right_answer(form, exercise):
    answer = exercise.record["answer"]
    if is_number(exercise):
        form.get_by_role("textbox").fill(repr(answer))
        form.get_by_role("textbox").press("Enter")
    else:
        form.get_by_role("radio").nth(answer).check()
        form.get_by_role("button", name="Check").click()


def test_answers_are_kept_saved_and_erased(desk, chapter):
    page = desk.page
    pairs = forms_with_exercises(desk, chapter)
    if not pairs:
        expect(page.locator(".exercise-progress")).to_have_count(0)
        return
    # A page cannot keep two questions of the same words apart.
    assert len({exercise.task for exercise in chapter.exercises}) == len(pairs)
    for form, exercise in pairs:
        give_the_right_answer(form, exercise)
    desk.reload()
    progress = page.locator(".exercise-progress")
    asked = f"{len(pairs)} question" + ("s" if len(pairs) > 1 else "")
    expect(progress).to_contain_text(f"{len(pairs)} of {asked} right")
    for form, exercise in pairs:
        status = form.locator("[role='status']")
        expect(status).to_have_text(exercise.check(exercise.record["answer"])[1])
        expect(status).to_have_attribute("data-right", "yes")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["question"] for row in rows] == [exercise.task for exercise in chapter.exercises]
    assert {row["right"] for row in rows} == {"yes"}
    titles = page.locator(".admonition.exercise > .admonition-title").all_inner_texts()
    assert {row["exercise"] for row in rows} <= {
        *(title.removesuffix("#").strip() for title in titles),
        *(text.removesuffix("#").strip() for text in page.locator("h1, h2, h3").all_inner_texts()),
    }
    erase(page)
    desk.reload()
    expect(progress).to_contain_text(f"0 of {asked} right")
    expect(page.locator("form.self-check [role='status']:not(:empty)")).to_have_count(0)


# ---- fingers and paper


def test_fields_and_buttons_are_large_enough_to_touch(phone, chapter):
    targets = "form.self-check :is(input[type='text'], button, label.option), .exercise .headerlink"
    small = phone.page.locator(targets).evaluate_all(
        """parts => parts.map(part => part.getBoundingClientRect())
            .filter(box => Math.min(box.width, box.height) < 24).map(box => [box.width, box.height])"""
    )
    assert not small
