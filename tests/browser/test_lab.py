"""Chapters in a real JupyterLab: run from a clean kernel, then moved by hand.

Every control of every chapter is moved in tests/chapters/test_kernels.py, without a browser. What only
JupyterLab shows is looked at in as few chapters as hold one explorer and exercise of every kind.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing

import pytest
from explorers.parameters import Choice, Parameter, Switch
from playwright.sync_api import expect

import book

pytestmark = pytest.mark.lab
PATIENCE = 120_000


def pytest_generate_tests(metafunc):
    metafunc.parametrize("chapter", book.covering_chapters(), ids=str, scope="module")


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, process, seconds=60):
    """Wait until a server answers; a server that ends before is an error."""
    for _ in range(seconds * 5):
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert process.poll() is None, "JupyterLab ended at once; its messages are above"
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab on a copy of the chapters, so that no outputs get into the book."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ("book", "data"):
        shutil.copytree(book.ROOT / folder, home / folder)
    # All cells are on the page, not only those on the screen.
    tracker = (
        home / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    )
    tracker.parent.mkdir(parents=True)
    tracker.write_text(json.dumps({"windowingMode": "none"}))
    folders = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    folders |= {f"JUPYTER_{kind}_DIR": kind.lower() for kind in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {"IPYTHONDIR": "ipython", "XDG_CACHE_HOME": "cache"}
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--expose-app-in-browser",
    ]
    command += [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
    ]
    command += ["--IdentityProvider.token=", "--LabApp.news_url=None"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    environment = os.environ | {name: str(home / folder) for name, folder in folders.items()}
    server = subprocess.Popen(command, cwd=home / "book", env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def notebook(lab, chromium, chapter):
    """The chapter's page in JupyterLab after all its cells have run in a new kernel."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.outside = []
    page.on(
        "request",
        lambda request: _is_outside(request.url, lab) and page.outside.append(request.url),
    )
    page.goto(f"{lab}/lab/tree/{chapter.notebook.name}?reset")
    page.wait_for_function(
        "() => "
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status "
        "=== 'idle'"
    )
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    yield page
    page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
    context.close()


def _is_outside(address, lab):
    return not address.startswith((lab, lab.replace("http", "ws"), "data:", "blob:"))


def figure_of(page, explorer):
    """Return the output of a cell that holds an explorer."""
    title = page.locator("strong").get_by_text(explorer.title, exact=True)
    return page.locator(".jp-OutputArea-output").filter(has=title)


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
    expect(notebook.locator(".jp-OutputArea .vega-embed svg.marks")).to_have_count(
        len(chapter.explorers)
    )
    for explorer in chapter.explorers:
        figure = figure_of(notebook, explorer)
        for kind, selector in widgets.items():
            count = sum(isinstance(control, kind) for control in explorer.controls)
            expect(figure.locator(selector)).to_have_count(count)
        expect(figure.get_by_text(explorer.say(), exact=True)).to_be_visible()
    assert notebook.locator(".jp-OutputArea figure.explorer").count() == 0, (
        "the page's HTML instead of the widget"
    )
    assert notebook.get_by_text("model not found").count() == 0
    assert notebook.get_by_text("Error displaying widget").count() == 0


def test_exercises_accept_the_right_answer(notebook, chapter):
    for exercise in chapter.exercises:
        task = notebook.locator("strong").get_by_text(exercise.task, exact=True)
        form = notebook.locator(".jp-OutputArea-output").filter(has=task)
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
        picture = figure.locator(".vega-embed svg.marks")
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
        # Marks that a filter took away and gave back come last: the picture is the same.
        same = (
            "([svg, before]) => [svg.innerHTML, before].map(t => "
            "t.split('<').sort().join()).every((t, i, all) => t === all[0])"
        )
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
