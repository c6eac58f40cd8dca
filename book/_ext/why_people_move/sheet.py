"""One style sheet for all pages, and its fonts: only what some page shows.

The theme and the extensions bring half a megabyte of rules for whatever a book may hold. PurgeCSS
keeps those whose tags, classes and attributes stand on a page or in a script; the fonts keep the
letters that are shown.
"""

import hashlib
import json
import logging as python_logging
import re
import subprocess
from functools import partial
from html import unescape
from pathlib import Path

from explorers.style import page_style
from fontTools import subset
from node_packages import NODE, PACKAGES
from sphinx.errors import ExtensionError
from sphinx.util import logging

from .finishing import change_pages, has_written, pages

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[3]

# The sheets of others, in the order in which one overrides the other; the book's own come last.
SHEETS = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "copybutton.css",
    "mystnb.*.css",
    "sphinx-design.min.css",
    "katex/katex.min.css",
)
# What Sphinx and the theme ask for beyond these: the page needs none of it.
NOT_NEEDED = ("styles/theme.css", "togglebutton.css", "thebe.css", "sphinx-thebe.css")
# The parts of the text's style, in the order in which they follow that of the explorers.
STYLES = ("frame", "text", "tables", "search", "paper")
# Whose words are no classes of a page: too many, and in scopes of their own.
DATA_SCRIPTS = ("search-index.js", "minisearch.js")


def own_style():
    """Return the book's own style, which is kept as it is."""
    folder = ROOT / "book" / "_styles"
    parts = [(folder / f"{part}.css").read_text(encoding="utf-8") for part in STYLES]
    return "\n".join([page_style(), *parts])


def _take_over(app, pagename, templatename, context, doctree):
    """Refuse a sheet that the joined one lacks: its rules would be lost without a word."""
    for sheet in context.get("css_files", []):
        name = str(getattr(sheet, "filename", sheet)).rpartition("_static/")[2]
        if not any(Path(name).match(known) for known in (*SHEETS, *NOT_NEEDED)):
            logger.warning(
                "%s asks for a style sheet that sheet.py does not name: %s", pagename, name
            )
    context["css_files"] = []


# ---- rules


def _sources(static):
    return [path for name in SHEETS for path in sorted(static.glob(name))]


def _joined(static):
    """Return the sheets of others as one text, with addresses as seen from their common folder."""

    def from_static(match, folder):
        address = match[1].strip("'\"")
        if address.startswith(("data:", "#")):
            return match[0]
        path = (folder / address.partition("?")[0]).resolve()
        return f"url({path.relative_to(static.resolve()).as_posix()})"

    texts = []
    for path in _sources(static):
        text = path.read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
        texts.append(re.sub(r"url\(([^)]+)\)", lambda m, p=path: from_static(m, p.parent), text))  # noqa: B023
    return "\n".join(texts)


def compact(css):
    """Return a style sheet without comments, indentation and empty lines.

    >>> compact("/* why */\\np {\\n  color: red;\\n}\\n")
    'p {\\ncolor: red;\\n}'
    """
    css = re.sub(r"/\*(?!!).*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", css).strip()


def _words(html, static):
    """Return what a rule can be about: words of tags, classes and attributes, and those of scripts."""
    scripts = {
        name for page in html for name in re.findall(r'src="[^"?]*_static/([^"?]+\.js)', page)
    }
    texts = [" ".join(re.findall(r"<[a-zA-Z][^>]*>", page)) for page in html]
    texts += [" ".join(re.findall(r"<script>.*?</script>", page, re.DOTALL)) for page in html]
    scripts -= set(DATA_SCRIPTS)
    texts += [(static / name).read_text(encoding="utf-8") for name in sorted(scripts)]
    return sorted({word for text in texts for word in re.findall(r"[\w-]+", unescape(text))})


def _families_in_use(css):
    """Return a style sheet without fonts that no rule of it names."""
    faces = re.findall(r"@font-face\s*\{[^}]*\}", css)
    rules = re.sub(r"@font-face\s*\{[^}]*\}", "", css).replace("\\", "")
    for face in faces:
        family = re.search(r"font-family:\s*([^;}]+)", face)[1].strip("\"' ").replace("\\", "")
        # WebKit asks for a font that a style sheet names, whether a page shows a letter of it or not.
        unused = family not in rules or "fa-regular" in face
        # Every browser that runs the explorers reads woff2.
        css = css.replace(face, "" if unused else re.sub(r",\s*url\([^)]*\.ttf\)[^,;}]*", "", face))
    return css


def _variables(*texts):
    """Return the names of the variables that texts read, where no rule of the joined sheet does."""
    return sorted({name for text in texts for name in re.findall(r"var\((--[\w-]+)", text)})


def purged(css, words, variables=()):
    """Return a style sheet without the rules that no page needs.

    Parameters
    ----------
    css : str
    words : list of str
        Names of tags, classes, ids and attributes, and values of attributes, that pages have.
    variables : list of str
        Variables that are read elsewhere.
    """
    task = json.dumps({"css": css, "words": words, "variables": list(variables)})
    command = [*NODE, str(Path(__file__).with_suffix(".js")), str(PACKAGES / "purgecss")]
    done = subprocess.run(command, input=task, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise ExtensionError(f"PurgeCSS failed: {done.stderr}")
    return done.stdout


# ---- fonts


def _cut(path, characters):
    """Keep of a font what draws these characters."""
    python_logging.getLogger("fontTools").setLevel(python_logging.WARNING)
    options = subset.Options(flavor="woff2", layout_features=["*"])
    font = subset.load_font(path, options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    subset.save_font(font, path, options)


def _formula_characters(html):
    """Return all characters of formulas as they are drawn."""
    drawn = [
        part.partition("<math")[0] for page in html for part in page.split('class="katex-html"')[1:]
    ]
    return "".join(sorted(set(unescape(re.sub(r"<[^>]*>", "", "".join(drawn))))))


def _icons(css):
    """Return the icons that a style sheet draws: letters for private use, written out or as numbers."""
    numbered = {chr(int(code, 16)) for code in re.findall(r"\\([0-9a-f]{2,5})\b", css)}
    return "".join(sorted(numbered | set(re.findall("[\ue000-\uf8ff]", css))))


def _keep_fonts(static, css, html):
    formulas, icons = _formula_characters(html), _icons(css)
    for path in [*static.rglob("*.woff2"), *static.rglob("*.ttf"), *static.rglob("*.woff")]:
        if path.relative_to(static).as_posix() not in css:
            path.unlink()
        else:
            _cut(path, formulas if path.name.startswith("KaTeX") else icons)


# ---- files


def _remove_sources(static):
    """Remove the sheets that are joined, those that nobody needs, and folders in which nothing is left."""
    for path in [*_sources(static), *(static / name for name in NOT_NEEDED)]:
        path.unlink(missing_ok=True)
    for folder in sorted(static.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _write_sheet(app, static):
    html = [page.read_text(encoding="utf-8") for page in pages(app)]
    own = compact(own_style())
    needed = purged(_joined(static), _words(html, static), _variables(own, *html))
    css = _families_in_use(f"{compact(needed)}\n{own}\n")
    (static / "book.css").write_text(css, encoding="utf-8")
    _keep_fonts(static, css, html)
    stamp = hashlib.sha256(css.encode()).hexdigest()[:8]
    change_pages(app, partial(re.sub, r"(_static/book\.css)(\?v=\w+)?", rf"\1?v={stamp}"))


def _finish(app, error):
    static = Path(app.outdir) / "_static"
    if has_written(app, error):
        _write_sheet(app, static)
    if not error and app.builder.name == "html":
        # Two of them are there even if no page was written.
        _remove_sources(static)


def setup(app):
    # After all that add sheets.
    app.connect("html-page-context", _take_over, priority=960)
    # After all that write into pages.
    app.connect("build-finished", _finish, priority=900)
