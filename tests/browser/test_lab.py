"""Chapters in a real JupyterLab: run from a clean kernel, then moved by hand.

Every control of every chapter is moved in tests/chapters/test_kernels.py, without a browser. What only
JupyterLab shows is looked at in as few chapters as hold one explorer and exercise of every kind.
"""

import re

import pytest
from explorers.parameters import Choice, Parameter, Switch
from notebooks import (
    PATIENCE,
    close,
    end_kernels,
    open_notebook,
    run_cell,
    save,
    serving,
)
from playwright.sync_api import expect

import book

pytestmark = pytest.mark.lab


def pytest_generate_tests(metafunc):
    metafunc.parametrize("chapter", book.covering_chapters(), ids=str, scope="module")


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab on a copy of the chapters."""
    with serving(tmp_path_factory.mktemp("lab")) as address:
        yield address


def test_jupyterlab_opens_without_a_question(lab, chromium, chapter):
    """No dialog, no offer of news or of a newer version: the settings say so, not the command."""
    page = open_notebook(chromium, lab, chapter)
    page.wait_for_timeout(3000)
    assert page.locator(".jp-Dialog, .jp-toast, .Toastify__toast").all_inner_texts() == []
    close(page)


@pytest.fixture(scope="module")
def too_early(lab, chromium, chapter):
    """What a reader sees who runs the first figure before anything else."""
    page = open_notebook(chromium, lab, chapter)
    [first, *_] = [
        number
        for number, cell in enumerate(book.cells(chapter))
        if cell.cell_type == "code" and cell.source.startswith("figures.")
    ]
    run_cell(page, first)
    output = page.locator(".jp-OutputArea-output").first
    output.wait_for()
    said = output.inner_text()
    close(page)
    return said


def test_a_cell_that_is_run_too_early_says_what_to_run_first(too_early):
    assert "“figures” is made in an earlier cell: run the first cell" in too_early
    assert "Run ▸ Run All Cells" in too_early
    assert "Traceback" not in too_early


@pytest.fixture(scope="module")
def notebook(lab, chromium, chapter, too_early):
    """The chapter's page in JupyterLab after all its cells have run in a new kernel."""
    page = open_notebook(chromium, lab, chapter)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    yield page
    close(page)


def own_cells(chapter):
    """Return the cells for a reader's own theory, which show a figure in a notebook only."""
    cells = book.cells(chapter, "code")
    return [cell for cell in cells if cell.metadata.get("tags") == ["remove-output"]]


def figure_of(page, explorer):
    """Return the output of a cell that holds an explorer."""
    title = page.locator("strong").get_by_text(explorer.title, exact=True)
    return page.locator(".explorer-live").filter(has=title)


def test_all_cells_run_without_an_error(notebook):
    cells = notebook.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
            .map(cell => cell.model.sharedModel.toJSON()).filter(cell => cell.cell_type === "code")"""
    )
    assert [cell["execution_count"] for cell in cells if cell["source"]] == list(
        range(1, len(cells) + 1)
    )
    outputs = [output for cell in cells for output in cell["outputs"]]
    complaints = [
        output
        for output in outputs
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]
    assert not complaints


def test_widgets_appear_for_each_explorer(notebook, chapter):
    widgets = {Parameter: ".widget-slider", Choice: ".widget-dropdown", Switch: ".widget-checkbox"}
    expect(notebook.locator(".jp-OutputArea .explorer-drawing svg.marks")).to_have_count(
        len(chapter.explorers) + len(own_cells(chapter))
    )
    for explorer in chapter.explorers:
        figure = figure_of(notebook, explorer)
        for kind, selector in widgets.items():
            count = sum(isinstance(control, kind) for control in explorer.controls)
            expect(figure.locator(selector)).to_have_count(count)
        expect(figure.get_by_text(explorer.say(), exact=True)).to_be_visible()
    assert notebook.locator(".explorer-still").locator("visible=true").count() == 0, (
        "the still picture beside the widgets"
    )
    assert notebook.locator(".jp-OutputArea figure.explorer").count() == 0, (
        "the page's HTML instead of the widget"
    )
    assert notebook.get_by_text("model not found").count() == 0
    assert notebook.get_by_text("Error displaying widget").count() == 0


def test_exercises_accept_the_right_answer(notebook, chapter):
    for exercise in chapter.exercises:
        task = notebook.locator("strong").get_by_text(exercise.task, exact=True)
        form = notebook.locator(".explorer-live").filter(has=task)
        answer = exercise.record["answer"]
        if "options" in exercise.record:
            form.get_by_role("radio").nth(answer).check()
        else:
            form.locator(".widget-text input").fill(repr(answer))
        form.get_by_role("button", name="Check").click()
        expect(form.get_by_text(exercise.check(answer)[1], exact=True)).to_be_visible()


def test_a_control_of_each_explorer_changes_chart_and_sentence(notebook, chapter):
    for explorer in chapter.explorers:
        figure = figure_of(notebook, explorer)
        picture = figure.locator(".explorer-drawing svg.marks")
        figure.scroll_into_view_if_needed()
        before = picture.inner_html()
        control, value = first_telling_control(explorer)
        operate(notebook, figure, explorer, control, value)
        expect(
            figure.get_by_text(explorer.say(**{control.name: value}), exact=True)
        ).to_be_visible()
        changed = "([svg, before]) => svg.innerHTML !== before"
        notebook.wait_for_function(changed, arg=[picture.element_handle(), before])
        figure.get_by_role("button", name="Reset").click()
        expect(figure.get_by_text(explorer.say(), exact=True)).to_be_visible()
        # Marks that a filter took away and gave back come last, and a chart that is laid out anew may
        # stand a pixel off: it has the same parts and the same words.
        same = r"""([svg, before]) => [svg.innerHTML, before].map((text) =>
            text.replace(/ (d|transform|[xy][12]?|width|height)="[^"]*"/g, "").split("<").sort().join()
        ).every((text, i, all) => text === all[0])"""
        notebook.wait_for_function(same, arg=[picture.element_handle(), before])


def first_telling_control(explorer):
    """Return a control and a value that make a difference from the defaults; a slider if there is one."""
    moves = [book.telling_move(explorer, control) for control in explorer.controls]
    moves = [move for move in moves if move and move.start == explorer.defaults()]
    sliders = [move for move in moves if isinstance(move.control, Parameter)]
    move = (sliders or moves)[0]
    return move.control, move.value


def operate(page, figure, explorer, control, value):
    """Drag a slider to its end, choose an option or tick a box."""
    alike = [other for other in explorer.controls if type(other) is type(control)]
    number = alike.index(control)
    if isinstance(control, Choice):
        figure.locator(".widget-dropdown select").nth(number).select_option(
            label=control.options[value]
        )
    elif isinstance(control, Switch):
        figure.locator(".widget-checkbox input").nth(number).click()
    else:
        slider = figure.locator(".widget-slider").nth(number)
        handle, track = (
            slider.locator(".noUi-handle").bounding_box(),
            slider.locator(".noUi-base").bounding_box(),
        )
        end = track["x"] + (track["width"] + 20 if value == control.grid()[-1] else -20)
        page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
        page.mouse.down()
        page.mouse.move(end, handle["y"] + handle["height"] / 2, steps=5)
        page.mouse.up()


def test_nothing_is_fetched_from_elsewhere(notebook):
    assert not notebook.outside


# What JupyterLab shows of a notebook on a projector.
PANEL = ".jp-WindowedPanel-outer"


def test_a_figure_fits_a_projector(notebook, chapter):
    """Title, controls, chart and sentence are seen together in the notebook's panel."""
    room = notebook.locator(PANEL).locator("visible=true").bounding_box()["height"]
    for explorer in chapter.explorers:
        figure = figure_of(notebook, explorer)
        top = figure.locator("strong").first.bounding_box()["y"]
        sentence = figure.get_by_text(explorer.say(), exact=True).bounding_box()
        assert sentence["y"] + sentence["height"] - top <= room, explorer.title


def test_a_chart_follows_the_room(notebook, chapter):
    """When the file panel is hidden, as in class, and when the window is narrow."""
    toggle = "() => window.jupyterapp.commands.execute('application:toggle-left-area')"
    [explorer, *_] = chapter.explorers
    figure = figure_of(notebook, explorer)
    drawing = figure.locator(".explorer-drawing")
    chart = drawing.locator("svg.marks")

    def fills_its_place():
        notebook.wait_for_function(
            """([drawing, chart]) => {
                const room = drawing.clientWidth;
                return room > 0 && Math.abs(chart.clientWidth - room) <= 2;
            }""",
            arg=[drawing.element_handle(), chart.element_handle()],
        )
        return drawing.evaluate("place => place.clientWidth")

    beside = fills_its_place()
    notebook.evaluate(toggle)
    notebook.wait_for_function(
        "([place, before]) => place.clientWidth > before", arg=[drawing.element_handle(), beside]
    )
    assert fills_its_place() > beside
    notebook.set_viewport_size({"width": 640, "height": 480})
    below = figure.locator(".explorer-inputs").bounding_box()
    fills_its_place()
    assert drawing.bounding_box()["y"] >= below["y"] + below["height"]
    notebook.set_viewport_size({"width": 1280, "height": 800})
    notebook.evaluate(toggle)


def test_controls_stand_beside_the_chart_on_a_projector(notebook, chapter):
    """At 1280 by 800 with the file panel, and at 150 % of 1280 by 720 without it."""
    toggle = "() => window.jupyterapp.commands.execute('application:toggle-left-area')"
    figure = figure_of(notebook, chapter.explorers[0])

    def is_beside():
        notebook.wait_for_function(
            """([inputs, drawing]) => {
                const [one, other] = [inputs, drawing].map(part => part.getBoundingClientRect());
                return one.right <= other.left && one.top === other.top && other.right <= innerWidth;
            }""",
            arg=[
                figure.locator(f".explorer-{part}").element_handle()
                for part in ("inputs", "drawing")
            ],
        )

    is_beside()
    notebook.set_viewport_size({"width": 853, "height": 480})
    notebook.evaluate(toggle)
    is_beside()
    notebook.evaluate(toggle)
    notebook.set_viewport_size({"width": 1280, "height": 800})


def test_letters_are_read_from_the_last_row(notebook, chapter):
    """On 720 lines a letter of a fiftieth of the height."""
    for explorer in chapter.explorers:
        figure = figure_of(notebook, explorer)
        sizes = figure.evaluate(
            """figure => [...figure.querySelectorAll(
                "svg.marks text, .explorer-sentence .widget-html-content, .explorer-inputs .widget-label")]
                .filter(part => part.textContent.trim())
                .map(part => parseFloat(getComputedStyle(part).fontSize))"""
        )
        assert sizes
        assert min(sizes) >= 13, explorer.title


def test_numbers_open_under_a_figure(notebook, chapter):
    explorer = chapter.explorers[0]
    figure = figure_of(notebook, explorer)
    figure.get_by_text("Numbers", exact=True).click()
    rows = figure.locator("tbody tr")
    expect(rows).to_have_count(int(explorer.draw.sum()))
    expect(figure.locator("thead th").first).to_have_text(explorer.table[0]["heading"])
    figure.get_by_text("Numbers", exact=True).click()


def test_the_text_shows_its_numbers(notebook, chapter):
    """All of them, wherever they stand, when all cells have run: no name is left."""
    values = book.names_after_the_run(chapter)
    wrong = {}
    for place, cell in enumerate(book.cells(chapter)):
        names = re.findall(r"\{eval\}`(\w+)`", cell.source)
        if cell.cell_type == "markdown" and names:
            text = notebook.locator(".jp-Notebook-cell").nth(place)
            expect(text).to_contain_text(values[names[0]])
            # Folded solutions too, but not the source of the cell.
            seen = text.evaluate(
                """cell => {
                    const copy = cell.cloneNode(true);
                    copy.querySelectorAll(".jp-InputArea-editor").forEach(part => part.remove());
                    return copy.textContent;
                }"""
            )
            wrong |= {name: seen for name in names if values[name] not in seen}
    assert not wrong


def test_a_number_follows_an_edited_cell(notebook, chapter):
    """A number that a cell computes anew stands in the text when the cells have run again."""
    cells = book.cells(chapter)
    place, name = next(
        (number, found[1])
        for number, cell in enumerate(cells)
        if cell.cell_type == "markdown" and (found := re.search(r"\{eval\}`(\w+)`", cell.source))
    )
    maker = max(
        number
        for number, cell in enumerate(cells[:place])
        if cell.cell_type == "code" and re.search(rf"\b{name}\b", cell.source)
    )
    notebook.evaluate(
        """([maker, line]) => {
            const cell = window.jupyterapp.shell.currentWidget.content.widgets[maker];
            cell.model.sharedModel.setSource(cell.model.sharedModel.getSource() + line);
        }""",
        [maker, f"\n{name} = 'a number of my own'"],
    )
    run_cell(notebook, maker)
    run_cell(notebook, place)
    text = notebook.locator(".jp-Notebook-cell").nth(place)
    expect(text).to_contain_text("a number of my own")


def test_a_figure_says_that_the_kernel_has_stopped(notebook, chapter):
    figure = figure_of(notebook, chapter.explorers[0])
    notebook.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    expect(figure.locator(".explorer-silence")).to_have_count(0)
    figure.get_by_role("button", name="Reset").click()
    expect(figure.locator(".explorer-silence")).to_contain_text("The kernel does not answer")


def test_a_saved_notebook_shows_still_pictures(lab, chromium, chapter, notebook):
    """Opened again when the old kernel is gone, no message that a model was not found."""
    shown = len(chapter.explorers) + len(own_cells(chapter))
    # The browser draws them when it has nothing else to do.
    expect(notebook.locator(".explorer-still img")).to_have_count(shown)
    save(notebook)
    end_kernels(notebook)
    page = open_notebook(chromium, lab, chapter)
    pictures = page.locator(".explorer-still img").locator("visible=true")
    expect(pictures).to_have_count(shown, timeout=PATIENCE)
    assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth >= 600)")
    stills = page.locator(".explorer-still")
    expect(stills.locator("visible=true")).to_have_count(stills.count())
    expect(page.get_by_text("Loading widget").locator("visible=true")).to_have_count(0)
    expect(page.get_by_text("not found").locator("visible=true")).to_have_count(0)
    close(page)
