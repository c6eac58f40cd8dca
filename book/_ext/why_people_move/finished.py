"""The last hand on the built book: its scripts, styles and icons, and the policy on every page."""

import base64
import hashlib
import re
import shutil
from importlib import import_module
from pathlib import Path

from explorers.code import code_script
from explorers.page import write_vega
from explorers.script import first_script, page_script
from explorers.style import page_style
from fontTools import subset

ROOT = Path(__file__).parents[3]
# The parts of the text's style, in the order in which they follow that of the explorers.
STYLES = ("text", "tables", "paper")

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
BRANDS = {"github": 0xF09B, "gitlab": 0xF296, "bitbucket": 0xF171}

POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'"
)


def _style_sheet():
    folder = ROOT / "book" / "_styles"
    parts = [(folder / f"{part}.css").read_text(encoding="utf-8") for part in STYLES]
    return "\n".join([page_style(), *parts])


def _join_parts(app, config):
    """Write the page's script and styles, one file each, where Sphinx looks for static files.

    The folder is named after what they say: with another script or style a setting is another, so that
    Sphinx writes every page again, with the new stamp, and no browser keeps to the old one.
    """
    files = {
        "first.js": first_script(),
        "explorer.js": page_script(),
        "book.css": _style_sheet(),
    }
    stamp = hashlib.sha256("".join(files.values()).encode()).hexdigest()[:16]
    folder = Path(app.doctreedir).parent / ".joined"
    shutil.rmtree(folder, ignore_errors=True)
    folder /= stamp
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    config.html_static_path.append(str(folder))


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


def _write_code(static):
    """Write the code of each chapter's figures, which a reader may ask for."""
    folder = static / "code"
    folder.mkdir(exist_ok=True)
    for path in sorted((ROOT / "book" / "figures").glob("[a-z]*.py")):
        module = import_module(f"figures.{path.stem}")
        (folder / f"{module.__name__}.js").write_text(code_script(module), encoding="utf-8")


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


def _finish(app, error):
    if error or app.builder.name != "html":
        return
    out = Path(app.outdir)
    write_vega(out / "_static")
    _write_code(out / "_static")
    _shrink_icons(out / "_static")
    for page in out.rglob("*.html"):
        _finish_page(page)


def setup(app):
    app.connect("config-inited", _join_parts)
    app.connect("build-finished", _finish)
