"""What the theme shows: buttons and their addresses, without what a page of this book does not need."""

import os
import re
import subprocess
from pathlib import Path

from .taken_home import CHAPTERS

ROOT = Path(__file__).parents[3]


def repository_address(environment=os.environ, folder=ROOT):
    """Return the web address of the book's repository, or an empty text if none is known.

    The environment variable ``BOOK_REPOSITORY`` comes first, then git's remote ``origin``.
    """
    address = environment.get("BOOK_REPOSITORY", "")
    if not address:
        command = ["git", "-C", str(folder), "remote", "get-url", "origin"]
        try:
            address = subprocess.run(command, capture_output=True, text=True).stdout.strip()
        except OSError:
            return ""
    address = re.sub(r"^(?:ssh://)?git@([^:/]+)[:/]", r"https://\1/", address)
    address = re.sub(r"^https://[^@/]+@", "https://", address)
    address = re.sub(r"(\.git)?/*$", "", address)
    return (
        address if re.match(r"https://(github|gitlab|bitbucket)\.\w+/[^/]+/[^/]+$", address) else ""
    )


def _silence_thebe(app):
    """Undo what sphinx-thebe wants to add to each page: Jupyter Book always loads it, this book has no use for it."""
    for listeners in app.events.listeners.values():
        for listener in [
            item for item in listeners if item.handler.__module__.startswith("sphinx_thebe")
        ]:
            listeners.remove(listener)


def _configure(app, config):
    _silence_thebe(app)
    # Options set in _config.yml would replace those that Jupyter Book derives; these are added to them.
    options = config.html_theme_options
    address = repository_address()
    options["repository_url"] = address
    # Whatever the repository's main branch is called.
    options["repository_branch"] = "HEAD"
    options["use_repository_button"] = bool(address)
    options["use_issues_button"] = bool(address)
    options["launch_buttons"] = (
        {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"}
        if address
        else {}
    )
    options["use_fullscreen_button"] = False
    options.setdefault("path_to_docs", "")
    # Left unset, the theme adds a second search box in an otherwise empty bar.
    options.setdefault("navbar_persistent", [])
    options.setdefault("show_toc_level", 2)
    options["back_to_top_button"] = False
    config.html_context.setdefault("default_mode", "auto")


def _trim_page(app, pagename, templatename, context, doctree):
    """Leave out buttons that a page without a kernel does not need; the others need no menu."""
    buttons = []
    for button in context.get("header_buttons", []):
        if button.get("label") == "download-buttons":
            # One button: the chapter with all it needs to run. Printing needs no button, and its
            # inline script breaks the policy.
            notebook = next((item for item in button["buttons"] if item["text"] == ".ipynb"), None)
            if notebook:
                address = f"{CHAPTERS}/{Path(pagename).name}.zip"
                buttons.append(
                    notebook
                    | {
                        "url": context["pathto"](address, resource=True),
                        "icon": "fa-solid fa-download",
                        "text": "",
                        "tooltip": "Take this chapter home: notebook, packages and data in one ZIP",
                    }
                )
        elif button.get("type") == "group":
            # One to three buttons in a row, not a menu, which would need a script of its own.
            buttons += [item | {"text": ""} for item in button["buttons"]]
        elif button.get("type") != "javascript":
            buttons.append(button)
    context["header_buttons"] = buttons


def setup(app):
    app.connect("config-inited", _configure, priority=100)
    app.connect("html-page-context", _trim_page, priority=950)
