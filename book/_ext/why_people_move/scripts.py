"""The scripts of a page: what it needs, and nothing before the text can be read."""

import hashlib
import os
import re
import shutil
from importlib import import_module
from pathlib import Path

from explorers.code import code_script
from explorers.page import write_vega
from explorers.script import page_script

from .finishing import change_pages, has_written
from .sheet import own_style

ROOT = Path(__file__).resolve().parents[3]

# What a page loads only if its text holds something of the kind. Boxes that open by a script are
# `<details>` in this book, and open without one.
NEEDED_FOR = {
    "explorer.js": r'class="(explorer|self-check)\b',
    "clipboard.min.js": r'class="highlight\b',
    "copybutton.js": r'class="highlight\b',
    "design-tabs.js": r'class="sd-tab-set\b',
    "togglebutton.js": None,
    "thebe": None,
}


# What others bring into the folder of scripts and pictures, and no page of this book asks for.
NOT_NEEDED = (
    "scripts/bootstrap.js*",
    "scripts/fontawesome.js*",
    "**/*.map",
    "togglebutton.js",
    "copybutton_funcs.js",
    "*-macros.html",
    "locales/**/*",
    "images/logo_[!b]*",
    "minus.png",
    "plus.png",
)


def _needs(body, script):
    """Tell whether a page with this text needs a script; settings of others' scripts are no files."""
    name = str(getattr(script, "filename", script) or "")
    kinds = [kind for part, kind in NEEDED_FOR.items() if part in name]
    return bool(name) and all(kind and re.search(kind, body) for kind in kinds)


def _leave_out(app, pagename, templatename, context, doctree):
    body = context.get("body", "")
    scripts = context.get("script_files", [])
    context["script_files"] = [script for script in scripts if _needs(body, script)]


def _join_parts(app, config):
    """Write the page's script as one file where Sphinx looks for static files.

    The folder is named after what script and style say: with another one a setting is another, so that
    Sphinx writes every page again, with the new stamp, and no browser keeps to the old one.
    """
    script = page_script()
    folder = Path(app.doctreedir).parent / ".joined"
    shutil.rmtree(folder, ignore_errors=True)
    folder /= hashlib.sha256((script + own_style()).encode()).hexdigest()[:16]
    folder.mkdir(parents=True)
    (folder / "explorer.js").write_text(script, encoding="utf-8")
    # As seen from the sources: the place of a clone leaves no trace in what is built.
    config.html_static_path.append(os.path.relpath(folder, app.confdir))


def deferred(html):
    """Return a page on which no file of a script holds up the text; they run in the same order.

    >>> deferred('<script src="a.js"></script>')
    '<script defer src="a.js"></script>'
    """
    return re.sub(r"<script (?=[^>]*\bsrc=)(?![^>]*\bdefer\b)", "<script defer ", html)


def _write_code(static):
    """Write the code of each chapter's figures, which a reader may ask for."""
    folder = static / "code"
    folder.mkdir(exist_ok=True)
    for path in sorted((ROOT / "book" / "figures").glob("[a-z]*.py")):
        module = import_module(f"figures.{path.stem}")
        (folder / f"{module.__name__}.js").write_text(code_script(module), encoding="utf-8")


def _finish(app, error):
    if not has_written(app, error):
        return
    static = Path(app.outdir) / "_static"
    write_vega(static)
    _write_code(static)
    for path in [path for pattern in NOT_NEEDED for path in static.glob(pattern)]:
        if path.is_file():
            path.unlink()
    change_pages(app, deferred)


def setup(app):
    app.connect("config-inited", _join_parts)
    # After all that add scripts, and what the theme asks for.
    app.connect("html-page-context", _leave_out, priority=960)
    app.connect("build-finished", _finish)
