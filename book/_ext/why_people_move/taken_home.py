"""What a reader takes home: the tables, a chapter that runs, the sources of the whole book."""

import json
import re
import shutil
from pathlib import Path

from explorers.page import shared_dataset_script

from . import offers
from .packing import files_in, pack

ROOT = Path(__file__).parents[3]

# Where the published book keeps its chapters as they are taken home.
CHAPTERS = "_static/chapters"
# The whole book, which is made out of the pages, after them.
PDF = "why-people-move.pdf"
ZIP = "why-people-move-book.zip"


def _write_data(static):
    """Publish the tables, one by one and as one ZIP, and the outlines as a script that all maps share."""
    folder = static / "data"
    folder.mkdir(exist_ok=True)
    tables = [
        *sorted((ROOT / "data").glob("*.csv")),
        *sorted((ROOT / "data").glob("*.*json")),
        ROOT / "data" / "README.md",
    ]
    for path in tables:
        shutil.copy(path, folder / path.name)
    pack(static / "data.zip", {f"data/{path.name}": path for path in tables})
    outlines = json.loads((ROOT / "data" / "boundaries.geojson").read_text(encoding="utf-8"))
    script = shared_dataset_script("boundaries", outlines["features"])
    (static / "boundaries.js").write_text(script, encoding="utf-8")


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
    shared = [ROOT / license for license in ("LICENSE", "LICENSE-CONTENT")]
    shared += [path for folder in [*packages, ROOT / "data"] for path in files_in(folder)]
    folder = static / Path(CHAPTERS).name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for document in sorted(documents):
        name = Path(document).name
        inside = Path(f"why-people-move-{name}")
        files = {
            inside / "START-HERE.txt": START_HERE.format(name=name, oldest=oldest, newest=newest),
            inside / "requirements.txt": ROOT / ".binder" / "requirements.txt",
            inside / f"{document}.ipynb": source / f"{document}.ipynb",
        }
        files |= {inside / path.relative_to(ROOT): path for path in shared}
        pack(folder / f"{name}.zip", files)


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
        files += files_in(ROOT / folder)
    inside = Path("why-people-move")
    there = {inside / path.relative_to(ROOT): path for path in files if path.exists()}
    pack(static / "why-people-move.zip", there)


def _write(app, error):
    if error or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    _write_data(static)
    _pack_sources(static)
    _pack_chapters(static, Path(app.srcdir), app.env.found_docs)
    # Those made out of earlier pages are older than these.
    for name in (PDF, ZIP):
        (static / name).unlink(missing_ok=True)
    offers.show_in(Path(app.outdir))


def setup(app):
    app.connect("build-finished", _write)
