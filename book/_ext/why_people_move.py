"""What this book changes in Jupyter Book, its theme and Sphinx.

The pages must work offline, opened from the file system, and under a strict
Content-Security-Policy; so every script and font they need is written into the book itself.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from fontTools import subset
from myst_nb.core.execute import inline
from myst_nb.core.execute.base import ExecutionError
from sphinx.util import logging
from sphinx.util.parallel import ParallelTasks

ROOT = Path(__file__).parents[2]
# As the chapters import them: from the folder beside them.
sys.path.insert(0, str(ROOT / "book"))

from explorers.page import build_pages, shared_dataset_script, write_vega  # noqa: E402
from explorers.script import page_script  # noqa: E402

logger = logging.getLogger(__name__)

# The icons that the theme's pages show, by their place in the Font Awesome font.
ICONS = {
    "bars": 0xF0C9, "list": 0xF03A, "outdent": 0xF03B, "magnifying-glass": 0xF002, "download": 0xF019,
    "file-lines": 0xF15C, "arrow-up": 0xF062, "angle-left": 0xF104, "angle-right": 0xF105,
    "angles-right": 0xF101, "chevron-down": 0xF078, "chevron-right": 0xF054, "chevron-up": 0xF077,
    "circle-half-stroke": 0xF042, "sun": 0xF185, "moon": 0xF186, "rocket": 0xF135, "house": 0xF015,
    "circle-info": 0xF05A, "triangle-exclamation": 0xF071, "circle-exclamation": 0xF06A, "lightbulb": 0xF0EB,
    "bullhorn": 0xF0A1, "fire": 0xF06D, "bolt": 0xF0E7, "bell": 0xF0F3, "check": 0xF00C, "bolt-lightning": 0xE0B7,
    "circle-check": 0xF058, "spinner": 0xF110, "skull": 0xF54C, "pencil": 0xF303, "copy": 0xF0C5, "xmark": 0xF00D,
    "hand-point-right": 0xF0A4, "circle-question": 0xF059, "ellipsis": 0xF141, "ban": 0xF05E, "radiation": 0xF7B9,
}  # fmt: skip

# Where the published book keeps its chapters as they are taken home.
CHAPTERS = "_static/chapters"

BRANDS = {"github": 0xF09B, "gitlab": 0xF296, "bitbucket": 0xF171}

POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'"
)


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


def _join_script(app, config):
    """Write the page's script as one file where Sphinx looks for static files, and stamps them.

    The folder is named after what the script says: with another script a setting is another, so that
    Sphinx writes every page again, with the new stamp, and no browser keeps to the old one.
    """
    script = page_script()
    folder = Path(app.doctreedir).parent / ".script"
    shutil.rmtree(folder, ignore_errors=True)
    folder /= hashlib.sha256(script.encode()).hexdigest()[:16]
    folder.mkdir(parents=True)
    (folder / "explorer.js").write_text(script, encoding="utf-8")
    config.html_static_path.append(str(folder))


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
    """Leave out scripts and buttons that a page without a kernel does not need."""

    def wanted(asset):
        # The state of widgets is for a widget manager; the page has its own sliders.
        kind = (getattr(asset, "attributes", None) or {}).get("type", "")
        name = str(getattr(asset, "filename", asset) or "")
        return kind != "application/vnd.jupyter.widget-state+json" and "thebe" not in name

    context["script_files"] = [asset for asset in context.get("script_files", []) if wanted(asset)]
    context["css_files"] = [asset for asset in context.get("css_files", []) if wanted(asset)]
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
        elif button.get("type") != "javascript":
            buttons.append(button)
    context["header_buttons"] = buttons


def _write_data(static):
    """Publish the tables, one by one and as one ZIP, and the outlines as a script that all maps share."""
    folder = static / "data"
    folder.mkdir(exist_ok=True)
    tables = [
        *sorted((ROOT / "data").glob("*.csv")),
        *sorted((ROOT / "data").glob("*.*json")),
        ROOT / "data" / "README.md",
    ]
    with zipfile.ZipFile(static / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in tables:
            shutil.copy(path, folder / path.name)
            archive.write(path, Path("data") / path.name)
    outlines = json.loads((ROOT / "data" / "boundaries.geojson").read_text(encoding="utf-8"))
    script = shared_dataset_script("boundaries", outlines["features"])
    (static / "boundaries.js").write_text(script, encoding="utf-8")


def _shrink_icons(static):
    """Keep the font of the icons that are shown and drop the script and fonts that draw all of them."""
    for path in static.rglob("fontawesome.js*"):
        path.unlink()
    for path in static.rglob("fa-*.ttf"):
        path.unlink()
    for name in ("fa-regular-400.woff2", "fa-v4compatibility.woff2"):
        for path in static.rglob(name):
            path.unlink()
    # WebKit asks for a font that a style sheet names, whether a page shows a letter of it or not.
    gone = r"@font-face\{[^}]*fa-regular-400[^}]*\}|,\s*url\([^)]*/fa-[^)]*\.ttf\) format\(\"truetype\"\)"
    for path in static.rglob("pydata-sphinx-theme.css"):
        css = path.read_text(encoding="utf-8")
        path.write_text(re.sub(gone, "", css), encoding="utf-8")
    for name, icons in (("fa-solid-900.woff2", ICONS), ("fa-brands-400.woff2", BRANDS)):
        for path in static.rglob(name):
            options = subset.Options(flavor="woff2", layout_features=[])
            font = subset.load_font(path, options)
            cutter = subset.Subsetter(options)
            cutter.populate(unicodes=icons.values())
            cutter.subset(font)
            subset.save_font(font, path, options)


def _finish_page(page):
    """Mend what fails an accessibility check in Sphinx's own HTML, and add the security policy."""
    html = page.read_text(encoding="utf-8")
    if 'http-equiv="Content-Security-Policy"' in html:
        return  # a page of an earlier build that this one did not write again
    # A list's children are list items; the role that Sphinx gives them is deprecated.
    html = html.replace('role="doc-biblioentry"', 'role="listitem"')
    # Firefox fetches the next page ahead, which the policy forbids: each page would log an error.
    html = re.sub(r'<link rel="next"[^>]*>\s*', "", html)
    hashes = set()
    for attributes, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", html, flags=re.DOTALL):
        if body.strip() and "src=" not in attributes and "json" not in attributes:
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            hashes.add(f"'sha256-{digest}'")
    policy = POLICY.format(hashes=" ".join(sorted(hashes)))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page.write_text(re.sub(r"<head>", f"<head>{meta}", html, count=1), encoding="utf-8")


START_HERE = """\
This folder runs one chapter of the book Why People Move: book/{name}.ipynb, with its packages and data.

1. Install Python {oldest} to {newest}, if you have none: https://www.python.org
2. In this folder run:  pip install -r requirements.txt
3. Once, for class:     python book/explorers/settings/install.py
4. Then run:            jupyter lab book/{name}.ipynb
5. In JupyterLab choose Run > Run All Cells.

Step 3 lets JupyterLab show the numbers of the whole text at once, and say what to run first.

Keep the folders as they are: the chapter looks for them beside itself.
The whole book is in why-people-move.zip, named on the page How to use this book.
Text and charts: CC BY 4.0. Code: MIT. Figures: their publishers, named in data/sources.csv.
"""


def _pack_chapters(static, source, documents):
    """Write for each chapter one ZIP that runs: notebook, packages, data, and what to do first."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    oldest, newest = re.findall(r"^(?:OLDEST|NEWEST)_PYTHON := (\S+)", makefile, flags=re.MULTILINE)
    packages = [ROOT / "book" / name for name in ("explorers", "figures", "migrationlab")]
    shared = [path for folder in [*packages, ROOT / "data"] for path in _files(folder)]
    folder = static / Path(CHAPTERS).name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for document in sorted(documents):
        name = Path(document).name
        inside = Path(f"why-people-move-{name}")
        start = START_HERE.format(name=name, oldest=oldest, newest=newest)
        with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(str(inside / "START-HERE.txt"), start)
            archive.write(ROOT / ".binder" / "requirements.txt", inside / "requirements.txt")
            for license in ("LICENSE", "LICENSE-CONTENT"):
                archive.write(ROOT / license, inside / license)
            archive.write(source / f"{document}.ipynb", inside / f"{document}.ipynb")
            for path in shared:
                archive.write(path, inside / path.relative_to(ROOT))


def _files(folder):
    """Return the files in a folder that belong to the book, in order; not what tools have left."""

    def belongs(path):
        parts = path.relative_to(folder).parts
        return not any(part.startswith(".") or part == "__pycache__" for part in parts)

    return [path for path in sorted(folder.rglob("*")) if path.is_file() and belongs(path)]


def _pack_sources(static):
    """Write everything a reader needs to run the chapters on an own machine as one ZIP."""
    wanted = [
        "README.md",
        "LICENSE",
        "LICENSE-CONTENT",
        "Makefile",
        "requirements.txt",
        ".binder/requirements.txt",
        ".binder/runtime.txt",
        ".binder/postBuild",
    ]
    wanted += ["_config.yml", "_toc.yml", "package.json", "package-lock.json"]
    files = [ROOT / name for name in wanted]
    for folder in ("book", "data"):
        files += _files(ROOT / folder)
    with zipfile.ZipFile(static / "why-people-move.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in filter(Path.exists, files):
            archive.write(path, Path("why-people-move") / path.relative_to(ROOT))


def _finish(app, error):
    if error or app.builder.name != "html":
        return
    out = Path(app.outdir)
    write_vega(out / "_static")
    _write_data(out / "_static")
    _shrink_icons(out / "_static")
    _pack_sources(out / "_static")
    _pack_chapters(out / "_static", Path(app.srcdir), app.env.found_docs)
    for page in out.rglob("*.html"):
        _finish_page(page)


def _read_in_parallel(app, config):
    """Run as many chapters at once as there are cores.

    Each is read in a process of its own, with a kernel of its own. Sphinx does so only if all
    extensions allow it; these two say nothing, and keep nothing while a page is read.
    """
    if not sys.platform.startswith("linux"):
        return  # A process with threads is forked safely on Linux only.
    for name in ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"):
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True
    app.parallel = os.cpu_count() or 1
    ParallelTasks.terminate = _stop_at_once


class _CellError(ExecutionError):
    """What stops a build: the chapter, its cell and what went wrong there."""

    def __init__(self, path):
        super().__init__(f"{path}\n{sys.exc_info()[1]}")


def _note_figures(app, docname, source):
    """Read a chapter again when the module of its figures has changed."""
    for name in re.findall(r"from figures import (\w+)", source[0]):
        app.env.note_dependency(f"book/figures/{name}.py")


def _say_what_is_read(app, env, chapters):
    """Tell which chapters are run: those that changed, or all if what they share has changed."""
    names = ", ".join(Path(chapter).name for chapter in chapters) or "none"
    logger.info("chapters to run: %d of %d (%s)", len(chapters), len(env.found_docs), names)


def _stop_at_once(tasks, terminate=ParallelTasks.terminate):
    """End the other chapters when one has failed.

    nbclient catches the polite signal that Sphinx sends; the build would wait for ever.
    """
    for number in list(tasks._precvs):
        tasks._procs[number].kill()
    terminate(tasks)


def _write_one_by_one(app, env):
    """Let one process set all formulas: KaTeX, once started, sets a formula in a millisecond."""
    app.parallel = 1


def setup(app):
    build_pages()
    inline.ExecutionError = _CellError
    app.connect("config-inited", _configure, priority=100)
    app.connect("config-inited", _join_script)
    app.connect("config-inited", _read_in_parallel)
    app.connect("source-read", _note_figures)
    app.connect("env-before-read-docs", _say_what_is_read)
    app.connect("env-updated", _write_one_by_one)
    app.connect("html-page-context", _trim_page, priority=950)
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
