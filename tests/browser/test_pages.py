"""Everything on a chapter's page besides its charts, as a reader meets it."""

from math import ceil, log10

from explorers.exercises import read_number
from playwright.sync_api import expect

# ---- exercises


def spellings(answer, margin):
    """Return ways in which a student may write a number, exact enough to count as right."""
    decimals = max(0, ceil(-log10(margin)) + 1)
    # Three digits after a comma would be read as thousands.
    decimals += decimals == 3
    plain = f"{answer:.{decimals}f}"
    forms = {plain, plain.replace(".", ","), f"{answer:,.{decimals}f}", f" {plain} ", f"{plain}%"}
    return sorted(forms | {form.replace("-", "\N{MINUS SIGN}") for form in forms})


def wrong_number(exercise):
    """Return a number that is neither right nor a typical mistake."""
    record = exercise.record
    taken = [record["answer"], *(wrong for wrong, _ in record["hints"])]
    step = 3 * record["tolerance"]
    return next(
        number
        for number in (record["answer"] + k * step for k in range(1, 100))
        if all(abs(number - other) > 2 * record["tolerance"] for other in taken)
    )


def forms_with_exercises(reader, chapter):
    """Return the page's forms with their exercises, all unfolded."""
    reader.open_all_folds()
    forms = reader.page.locator("form.self-check").all()
    assert len(forms) == len(chapter.exercises)
    return zip(forms, chapter.exercises, strict=True)


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


def test_numeric_exercises_judge_like_python(phone, chapter):
    for form, exercise in forms_with_exercises(phone, chapter):
        if "options" in exercise.record:
            continue
        answer, margin = exercise.record["answer"], exercise.record["tolerance"]
        replies = {text: answer for text in spellings(answer, margin)}
        replies |= {repr(number): number for number, _ in exercise.record["hints"]}
        replies |= {repr(wrong_number(exercise)): wrong_number(exercise)}
        for (text, number), verdict in zip(replies.items(), judge(form, [*replies]), strict=True):
            assert abs(read_number(text) - number) <= margin, text
            assert verdict == list(exercise.check(number)), f"{exercise.task}: {text}"
        assert exercise.check(answer)[0]
        nonsense = judge(form, ["", "many", "1..2"])
        assert nonsense == [[False, "Write a number, such as 12.5."]] * 3


def test_choices_judge_like_python(phone, chapter):
    for form, exercise in forms_with_exercises(phone, chapter):
        if "options" in exercise.record:
            form.get_by_role("button").click()
            expect(form.locator("[role='status']")).to_have_text("Choose one answer first.")
            positions = list(range(len(exercise.record["options"])))
            assert judge(form, positions) == [
                list(exercise.check(position)) for position in positions
            ]


def test_exercises_answer_a_student_at_the_keyboard(desk, chapter):
    for form, exercise in forms_with_exercises(desk, chapter):
        answer = exercise.record["answer"]
        if "options" in exercise.record:
            form.get_by_role("radio").nth(answer).check()
            form.get_by_role("button", name="Check").click()
        else:
            form.get_by_role("textbox").fill(repr(answer))
            form.get_by_role("textbox").press("Enter")
        status = form.locator("[role='status']")
        expect(status).to_have_text(exercise.check(answer)[1])
        expect(status).to_have_attribute("data-right", "yes")


# ---- in class

# A projector shows 1280 by 800; the browser's own bars and the page's take a part of it.
PROJECTED = 700


def test_a_figure_fits_a_projector(desk, chapter):
    """Title, controls, chart and sentence are seen together."""
    desk.wake_at_once()
    heights = desk.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("figure.explorer")].map(figure => {
            const [first, last] = [".explorer-title", ".explorer-sentence"].map(part =>
                figure.querySelector(part).getBoundingClientRect());
            return [figure.id, Math.round(last.bottom - first.top)];
        }))"""
    )
    too_high = {name: height for name, height in heights.items() if height > PROJECTED}
    assert heights and not too_high, f"at most {PROJECTED} pixels; make the chart lower: {too_high}"


# ---- colors, policy


COLORS = """figures => figures.map(figure =>
    [...figure.querySelectorAll(".role-mark path, .role-mark line, .role-mark text, .role-axis-label text")].map(mark =>
        getComputedStyle(mark).fill + getComputedStyle(mark).stroke))"""


def assert_recolored(before, after):
    for light, dark in zip(before, after, strict=True):
        kept = {old for old, new in zip(light, dark, strict=True) if old == new}
        assert light and not kept, f"marks or labels keep their color: {kept}"


def test_dark_mode_recolors_live_charts(phone):
    phone.wake_at_once()
    choose_theme(phone.page, "light")
    light = phone.page.eval_on_selector_all("figure.explorer", COLORS)
    choose_theme(phone.page, "dark")
    assert_recolored(light, phone.page.eval_on_selector_all("figure.explorer", COLORS))
    choose_theme(phone.page, "light")


def test_dark_mode_recolors_the_pictures_too(desk):
    desk.reload()
    # By script: pressing the switch would be the first action, which wakes the charts.
    light, dark = (
        desk.page.evaluate(
            f"""theme => {{
                document.documentElement.dataset.theme = theme;
                return ({COLORS})([...document.querySelectorAll("figure.explorer")]);
            }}""",
            theme,
        )
        for theme in ("light", "dark")
    )
    assert_recolored(light, dark)
    desk.reload()


def choose_theme(page, theme):
    """Press the theme's switch until the page is light or dark."""
    switch = page.locator("button.theme-switch-button").locator("visible=true").first
    for _ in range(3):
        if page.evaluate("document.documentElement.dataset.theme") == theme:
            return
        switch.click()
        page.mouse.move(0, 0)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


def test_policy_stops_foreign_scripts(reader):
    reader.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.intruder = true";
            document.head.append(script);
        }"""
    )
    assert reader.page.evaluate("window.intruder") is None
    wrongs, reader.wrongs = reader.wrongs, []
    assert len(wrongs) == 1 and "Content Security Policy" in wrongs[0]
