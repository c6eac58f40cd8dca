"""A JupyterLab on a copy of the chapters: its server, and a notebook opened in a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager

import book

PATIENCE = 120_000


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


@contextmanager
def serving(home):
    """Run a JupyterLab on a copy of the chapters in a folder; give its address.

    On a copy, so that no outputs get into the book.
    """
    for folder in ("book", "data"):
        shutil.copytree(book.ROOT / folder, home / folder)
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
    command += ["--IdentityProvider.token="]
    environment = os.environ | {name: str(home / folder) for name, folder in folders.items()}
    server = subprocess.Popen(command, cwd=home / "book", env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def open_notebook(chromium, lab, chapter):
    """Open a chapter in JupyterLab on a projector's screen, with a kernel that waits."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
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
    return page


def end_kernels(page):
    """End every kernel, and wait until the server has none: an order to end may come to nothing."""
    page.wait_for_function(
        """async () => {
            const { kernels, sessions } = window.jupyterapp.serviceManager;
            await sessions.shutdownAll();
            await kernels.shutdownAll();
            await kernels.refreshRunning();
            return [...kernels.running()].length === 0;
        }""",
        polling=500,
    )


def save(page):
    """Save the notebook, and wait until the server has its outputs."""
    page.wait_for_function(
        """async () => {
            const { commands, serviceManager, shell } = window.jupyterapp;
            await commands.execute("docmanager:save");
            const { content } = await serviceManager.contents.get(shell.currentWidget.context.path);
            return content.cells.some(cell => cell.outputs?.length);
        }""",
        polling=500,
    )


def close(page):
    """End the kernel and close the window."""
    end_kernels(page)
    page.context.close()


def run_cell(page, number):
    """Run one cell, by its place in the notebook."""
    page.evaluate(
        """async number => {
            window.jupyterapp.shell.currentWidget.content.activeCellIndex = number;
            await window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        number,
    )


def _is_outside(address, lab):
    return not address.startswith((lab, lab.replace("http", "ws"), "data:", "blob:"))
