"""Exercises on a page of their own: judging as Python does, and what the browser keeps of the answers."""

import csv
import io

import pytest
from explorers import exercises, style
from explorers.script import page_script
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NUMBER = exercises.number(
    "How <many>?",
    answer=200.0,
    unit="‰ & more",
    hints={2.0: "Not per <b>100</b> & so.", 1000.0: "Net, not gross."},
)
CHOICE = exercises.choose(
    "Which one?",
    options={"push <1>": "It is a pull.", "pull": "", "neither & nor": "Look again."},
    answer="pull",
    because="Wages differ.",
)
OTHER = exercises.number("And how much?", answer=-0.5, absolute=0.01)


class Book:
    """A folder of pages with exercises, open in a browser."""

    def __init__(self, folder, page):
        self.folder = folder
        self.page = page

    def write(self, name, *questions, title="A page"):
        (self.folder / "_static").mkdir(parents=True, exist_ok=True)
        (self.folder / "_static" / "explorer.js").write_text(page_script(), encoding="utf-8")
        (self.folder / "_static" / "book.css").write_text(style.page_style(), encoding="utf-8")
        head = (
            f'<!doctype html><meta charset="utf-8"><title>{title}</title>'
            '<link rel="stylesheet" href="_static/book.css">'
            f'<script src="_static/explorer.js" defer></script><h1>{title}<a class="headerlink">#</a></h1>'
        )
        boxes = "".join(
            f'<div class="admonition exercise"><p class="admonition-title">Exercise {n} · Data'
            f'<a class="headerlink">#</a></p></div>{question.to_html()}'
            for n, question in enumerate(questions, 1)
        )
        (self.folder / name).write_text(head + boxes, encoding="utf-8")

    def open(self, name):
        self.page.goto((self.folder / name).as_uri())
        return self.page

    def show(self, *questions):
        self.write("page.html", *questions)
        return self.open("page.html")


@pytest.fixture
def page(chromium):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.set_default_timeout(5000)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors


@pytest.fixture
def a_book(page, tmp_path):
    return Book(tmp_path / "book", page)


def form(page, question):
    return page.locator("form.self-check").filter(has_text=question.task)


def status(page, question):
    return form(page, question).get_by_role("status")


def answer(page, question, reply):
    """Give a reply; return what the form says, and whether it counts as right."""
    if "options" in question.record:
        form(page, question).get_by_label(reply).check()
    else:
        form(page, question).get_by_role("textbox").fill(reply)
    form(page, question).get_by_role("button", name="Check").click()
    said = status(page, question)
    return said.get_attribute("data-right") == "yes", said.inner_text()


def progress(page):
    return page.locator(".exercise-progress")


def saved(page):
    """Press the button that saves the answers; return the rows of the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers").click()
    assert download.value.suggested_filename.endswith(".csv")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(io.StringIO(file.read())))


# ---- judging


def test_page_judges_numbers_as_python_does(a_book):
    page = a_book.show(NUMBER)
    for reply in ("200", "202", "202.1", "2", "999", "-200", "0", "200 km", "x <b>", ""):
        assert answer(page, NUMBER, reply) == NUMBER.check(reply)
    assert answer(page, NUMBER, "2")[1] == "Not per <b>100</b> & so."


def test_page_judges_choices_as_python_does(a_book):
    page = a_book.show(CHOICE, OTHER)
    form(page, CHOICE).get_by_role("button", name="Check").click()
    expect(status(page, CHOICE)).to_have_text("Choose one answer first.")
    for i, option in enumerate(CHOICE.record["options"]):
        assert answer(page, CHOICE, option) == CHOICE.check(i)
    assert CHOICE.check(1) == (True, "Right. Wages differ.")
    expect(status(page, OTHER)).to_be_empty()


def test_form_is_labeled_described_and_enter_checks(a_book):
    page = a_book.show(NUMBER)
    box = page.get_by_label("How <many>?")
    expect(box).to_have_accessible_description("‰ & more A whole number is enough.")
    box.fill("200")
    box.press("Enter")
    expect(status(page, NUMBER)).to_have_text("Right.")
    expect(box).to_be_focused()


def test_a_reply_is_for_what_was_checked(a_book):
    page = a_book.show(NUMBER, CHOICE)
    answer(page, NUMBER, "200")
    form(page, NUMBER).get_by_role("textbox").press("5")
    expect(status(page, NUMBER)).to_be_empty()
    answer(page, CHOICE, "pull")
    form(page, CHOICE).get_by_label("push <1>").check()
    expect(status(page, CHOICE)).to_be_empty()


# ---- memory


def test_answers_are_there_again_with_their_replies(a_book):
    page = a_book.show(NUMBER, CHOICE, OTHER)
    expect(progress(page)).to_contain_text("0 of 3 questions right")
    expect(progress(page).get_by_role("button")).to_have_count(0)
    wanted = {NUMBER: answer(page, NUMBER, "2"), CHOICE: answer(page, CHOICE, "pull")}
    # What cannot be read is no answer.
    answer(page, OTHER, "many")
    expect(progress(page)).to_contain_text("1 of 3 questions right")
    page.reload()
    expect(progress(page)).to_contain_text("1 of 3 questions right")
    for question, (right, text) in wanted.items():
        expect(status(page, question)).to_have_text(text)
        expect(status(page, question)).to_have_attribute("data-right", "yes" if right else "no")
    expect(form(page, NUMBER).get_by_role("textbox")).to_have_value("2")
    expect(form(page, CHOICE).get_by_label("pull")).to_be_checked()
    expect(form(page, OTHER).get_by_role("textbox")).to_have_value("")
    expect(status(page, OTHER)).to_be_empty()


def test_an_answer_follows_its_question_into_another_edition(a_book):
    """It belongs to the question's words, not to its place; it is judged by what is right now."""
    page = a_book.show(NUMBER, CHOICE)
    answer(page, NUMBER, "200")
    answer(page, CHOICE, "neither & nor")
    record = NUMBER.record | {"answer": 300.0}
    corrected = type(NUMBER)(NUMBER.task, record)
    other_order = exercises.choose(
        CHOICE.task, options=CHOICE.record["options"][::-1], answer="pull"
    )
    asked_otherwise = type(OTHER)("Another question?", OTHER.record)
    page = a_book.show(asked_otherwise, other_order, corrected)
    assert corrected.check("200") == (False, status(page, corrected).inner_text())
    expect(form(page, other_order).get_by_label("neither & nor")).to_be_checked()
    expect(status(page, asked_otherwise)).to_be_empty()
    expect(progress(page)).to_contain_text("0 of 3 questions right")


def test_all_answers_of_the_book_are_saved_as_a_table(a_book):
    a_book.write("first.html", NUMBER, CHOICE, title='One, "two"')
    a_book.write("second.html", OTHER, title="Қоныс")
    page = a_book.open("second.html")
    answer(page, OTHER, "−0,5")
    page = a_book.open("first.html")
    answer(page, CHOICE, "neither & nor")
    answer(page, NUMBER, "200")
    expect(progress(page)).to_contain_text("1 of 2 questions right")
    expect(progress(page)).to_contain_text("2 right of 3 answered")
    rows = saved(page)
    assert all(row.pop("date").startswith("20") for row in rows)
    keys = ("page", "exercise", "question", "answer", "right")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ('One, "two"', "Exercise 1 · Data", NUMBER.task, "200", "yes"),
        ('One, "two"', "Exercise 2 · Data", CHOICE.task, "neither & nor", "no"),
        ("Қоныс", "Exercise 1 · Data", OTHER.task, "−0,5", "yes"),
    ]


def test_erasing_takes_all_of_the_book_and_nothing_else(a_book, page, tmp_path):
    other_book = Book(tmp_path / "other", page)
    answer(other_book.show(NUMBER), NUMBER, "200")
    page.evaluate("localStorage.setItem('another program', 'its own')")
    a_book.write("second.html", OTHER)
    answer(a_book.open("second.html"), OTHER, "-0.5")
    answer(a_book.show(NUMBER), NUMBER, "2")
    erase = page.get_by_role("button", name="Erase my answers")
    # Playwright answers no by itself.
    erase.click()
    expect(status(page, NUMBER)).to_have_text("Not per <b>100</b> & so.")
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    asked = []
    erase.click()
    assert "(2)" in asked[0]
    expect(form(page, NUMBER).get_by_role("textbox")).to_have_value("")
    expect(status(page, NUMBER)).to_be_empty()
    expect(progress(page).get_by_role("button")).to_have_count(0)
    expect(progress(page).locator("p").first).to_be_focused()
    page.reload()
    expect(status(page, NUMBER)).to_be_empty()
    expect(status(a_book.open("second.html"), OTHER)).to_be_empty()
    assert page.evaluate("localStorage.getItem('another program')") == "its own"
    expect(status(other_book.open("page.html"), NUMBER)).to_have_text("Right.")


def test_two_tabs_agree(a_book, page):
    a_book.show(NUMBER, OTHER)
    second = page.context.new_page()
    second.goto(page.url)
    answer(page, NUMBER, "200")
    expect(status(second, NUMBER)).to_have_text("Right.")
    answer(second, OTHER, "-0.5")
    expect(progress(page)).to_contain_text("2 of 2 questions right")
    second.once("dialog", lambda dialog: dialog.accept())
    second.get_by_role("button", name="Erase my answers").click()
    expect(status(page, NUMBER)).to_be_empty()
    expect(form(page, NUMBER).get_by_role("textbox")).to_have_value("")


@pytest.mark.parametrize(
    "forbidding",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })",
        "Storage.prototype.setItem = () => { throw new Error('no room'); }",
    ],
)
def test_a_browser_that_keeps_nothing_says_so_and_still_saves(a_book, page, forbidding):
    page.add_init_script(forbidding)
    a_book.show(NUMBER)
    answer(page, NUMBER, "200")
    expect(progress(page)).to_contain_text("1 of 1 question right")
    expect(progress(page)).to_contain_text("keeps no answers")
    assert [row["answer"] for row in saved(page)] == ["200"]


def test_what_another_program_keeps_does_no_harm(a_book, page):
    a_book.show(NUMBER)
    answer(page, NUMBER, "200")
    page.evaluate(
        "for (const key of Object.keys(localStorage)) localStorage.setItem(key, 'broken {')"
    )
    page.reload()
    expect(progress(page)).to_contain_text("0 of 1 question right")
    assert answer(page, NUMBER, "200")[0]


# ---- without a script, and on paper


def test_without_a_script_there_is_a_question_and_no_button(chromium, tmp_path):
    context = chromium.new_context(java_script_enabled=False)
    page = Book(tmp_path, context.new_page()).show(NUMBER, CHOICE)
    expect(page.get_by_text("How <many>?")).to_be_visible()
    expect(page.get_by_label("pull")).to_be_visible()
    expect(page.get_by_text("A whole number is enough.")).to_be_visible()
    expect(page.locator("button:visible")).to_have_count(0)
    address = page.url
    page.get_by_label("How <many>?").press("Enter")
    assert page.url == address
    context.close()


def test_paper_has_a_line_to_write_on_and_no_buttons(a_book, page):
    a_book.show(NUMBER, CHOICE)
    answer(page, CHOICE, "pull")
    page.emulate_media(media="print")
    expect(page.locator("button:visible")).to_have_count(0)
    expect(progress(page)).to_be_hidden()
    line = form(page, NUMBER).get_by_role("textbox")
    expect(line).to_have_css("border-bottom-style", "solid")
    expect(line).to_have_css("border-top-width", "0px")
