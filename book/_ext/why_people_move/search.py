"""What a reader finds: an index of sections and explorers, the words that lead to them, the search page.

Sphinx's own index knows pages and words in them; a page here is as long as thirty screens, and its
scripts came with every page. This one is loaded on the search page alone, and from ``file://`` too.
`search.js` reads it.
"""

import csv
import json
import re
from pathlib import Path

from bs4 import BeautifulSoup

from .finishing import has_written

ROOT = Path(__file__).parents[3]
SYNONYMS = Path(__file__).with_name("synonyms.csv")
MINISEARCH = ROOT / "node_modules" / "minisearch" / "dist" / "umd" / "index.js"

# What is found as a place of its own, the inner ones before those around them.
PLACES = "section, figure.explorer"
HEADINGS = "h1, h2, h3, h4, h5, h6, .explorer-title"
# No prose, or said elsewhere on the page.
LEFT_OUT = "pre, .math-block, .headerlink, .explorer-controls, .explorer-chart, details.source, .sd-badge, button"
LINES = "p, li, dt, dd, figcaption, legend, label, summary, tr, div, ol, ul"
# What Sphinx's own search needs.
SPHINXS_OWN = ("searchtools.js", "language_data.js", "sphinx_highlight.js")


def _is_number(text):
    return not re.search(r"[^\W\d_]", text)


def _lines(parts):
    """Return the sentences of parts of a page: a chapter's source has one a line."""
    for part in parts:
        for row in part.find_all("tr"):
            cells = (" ".join(cell.get_text().split()) for cell in row.find_all(["th", "td"]))
            row.string = " · ".join(filter(None, cells))
        for block in part.select(LINES):
            block.insert(0, "\n")
            block.append("\n")
    lines = (" ".join(line.split()) for part in parts for line in part.get_text().split("\n"))
    return [line for line in lines if re.search(r"\w", line)]


def places(html):
    """Return the places of a page that can be found, in order.

    Parameters
    ----------
    html : str
        A finished page.

    Returns
    -------
    list of dict
        ``kind``, ``anchor``, ``title`` and ``text``: a sentence a line, what is folded last, without the
        sections and explorers inside.
    """
    # Most of a page are drawings: without them it is read three times as fast.
    html = re.sub(r"<(svg|script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    article = BeautifulSoup(html, "html.parser").select_one("article.bd-article")
    for formula in article.select(".math"):
        tex = formula.select_one("annotation")
        letter = tex is not None and re.fullmatch(r"\s*\w\s*", tex.text)
        formula.string = tex.text.strip() if letter else "\N{HORIZONTAL ELLIPSIS}"
    for part in article.select(LEFT_OUT):
        part.extract()
    for numbers in article.select(".explorer-numbers"):
        # As many rows as regions and years: each word of them once.
        words = dict.fromkeys(
            cell.text for cell in numbers.select("tbody > tr > *") if not _is_number(cell.text)
        )
        numbers.string = " · ".join(words)
    for end in article.select("br"):
        end.replace_with(" ")
    found = []
    for place in reversed(article.select(PLACES)):
        heading = place.select_one(HEADINGS).extract()
        folds = [
            fold.extract() for fold in place.select("details") if not fold.find_parent("details")
        ]
        found.append(
            {
                "kind": "Explorer" if place.name == "figure" else "Section",
                "anchor": place["id"],
                "title": " ".join(heading.get_text().split()),
                "text": "\n".join(_lines([place.extract(), *folds])),
            }
        )
    found[-1]["kind"] = "Chapter"
    return found[::-1]


def synonyms():
    """Return what people type, what the book says for it, and the page that this must lead to.

    Returns
    -------
    list of dict
        ``typed``, ``book`` and ``page``.
    """
    with SYNONYMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_index(out, documents):
    pages, entries = [], []
    for document in documents:
        address = f"{document}.html"
        found = places((out / address).read_text(encoding="utf-8"))
        name = Path(document).name
        pages.append({"name": name, "address": address, "title": found[0]["title"]})
        entries += [{"page": len(pages) - 1, **place} for place in found]
    index = {"pages": pages, "entries": entries, "synonyms": synonyms()}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    # A script and not JSON: a page opened from the file system may fetch nothing.
    (out / "_static" / "search-index.js").write_text(f"var searchIndex={text};\n", encoding="utf-8")


def _reading_order(env):
    """Return the documents in the order of the table of contents."""
    root = env.config.root_doc
    order, left = [], [root]
    while left:
        document = left.pop(0)
        if document not in order:
            order.append(document)
            left = [*env.toctree_includes.get(document, []), *left]
    return order


def _finish(app, error):
    if not has_written(app, error):
        return
    out = Path(app.outdir)
    for name in SPHINXS_OWN:
        (out / "_static" / name).unlink(missing_ok=True)
    (out / "searchindex.js").unlink(missing_ok=True)
    library = MINISEARCH.read_text(encoding="utf-8")
    # Its map stays in the package.
    library = re.sub(r"//# sourceMappingURL=.*", "", library)
    (out / "_static" / "minisearch.js").write_text(library, encoding="utf-8")
    _write_index(out, _reading_order(app.env))


def _skip_sphinxs_own(app):
    """Let Sphinx build neither its index nor its search page."""
    app.builder.search = False


def _search_page(app):
    """Write the page from the book's own template."""
    if app.builder.name == "html":
        yield "search", {"title": "Search"}, "search.html"


def _leave_out_scripts(app, pagename, templatename, context, doctree):
    """The book marks what was searched for by itself."""
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if not str(getattr(script, "filename", script)).endswith(SPHINXS_OWN)
    ]


def setup(app):
    app.connect("builder-inited", _skip_sphinxs_own)
    app.connect("html-collect-pages", _search_page)
    app.connect("html-page-context", _leave_out_scripts, priority=960)
    app.connect("build-finished", _finish)
