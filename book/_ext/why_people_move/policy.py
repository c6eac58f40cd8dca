"""What may run on a page: the book's own files, and the inline scripts that are named here.

Whatever else a page holds — out of a table, a title, an output — is text. Where it is not, the build
stops: the policy would stop it too, in the reader's browser and without a word.
"""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

from explorers.script import first_script
from sphinx.errors import ExtensionError

from .finishing import has_written, pages

# Runs before the first paint; everything else is a file that can wait.
FIRST = Path(__file__).with_name("first.js").read_text(encoding="utf-8") + first_script()
# The inline scripts of all pages, to the letter.
KNOWN = (FIRST,)

# What holds data is not run.
DATA = {"application/json", "application/ld+json"}
# What would bring in a page of somebody else's, or change where this one's links lead.
FOREIGN = {"iframe", "frame", "object", "embed", "applet", "portal"}
ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "srcset", "to", "values"}
RUNS = re.compile(r"^[\s\x00-\x1f]*(javascript|vbscript|data:text/html)", re.IGNORECASE)
ELSEWHERE = re.compile(r"^[\s\d.]*[;,]\s*(url\s*=)?\s*['\"]?\s*(\w+:|//)", re.IGNORECASE)
# How much of a fault is shown.
SHOWN = 60


def _digest(script):
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


_HASHES = " ".join(f"'sha256-{_digest(script)}'" for script in KNOWN)
POLICY = (
    f"default-src 'none'; script-src 'self' {_HASHES}; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'self'"
)


class _Reader(HTMLParser):
    """Reads a page as a browser does, and notes what would run."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults = []
        self._script = None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "script":
            kind = (values.get("type") or "").strip().lower()
            self._script = "" if "src" not in values and kind not in DATA else None
        if tag in FOREIGN or "srcdoc" in values:
            self._note("a page inside the page", self.get_starttag_text())
        if tag == "meta" and ELSEWHERE.search(values.get("content") or ""):
            self._note("a page that leads elsewhere by itself", self.get_starttag_text())
        for name, value in attributes:
            if name.startswith("on"):
                self._note("a script in an attribute", f"{name}={value}")
            elif name in ADDRESSES and RUNS.match(value or ""):
                self._note("a script in an address", f"{name}={value}")

    handle_startendtag = handle_starttag

    def handle_data(self, text):
        if self._script is not None:
            self._script += text

    def handle_endtag(self, tag):
        if tag == "script":
            if (self._script or "").strip() and self._script not in KNOWN:
                self._note("an unknown inline script", self._script.strip())
            self._script = None

    def _note(self, what, text):
        self.faults.append(f"{what}: {text[:SHOWN]}")


def faults(html):
    """Return what would run on a page and is not known.

    Parameters
    ----------
    html : str

    Returns
    -------
    list of str
        What each is, and its first characters.

    Examples
    --------
    >>> faults('<p onclick="steal()">Net migration</p>')
    ['a script in an attribute: onclick=steal()']
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.faults


def _check(app, error):
    if not has_written(app, error):
        return
    found = [
        f"{page.relative_to(app.outdir)} holds {fault}"
        for page in pages(app)
        for fault in faults(page.read_text(encoding="utf-8"))
    ]
    if found:
        raise ExtensionError("\n".join(["Some of a page would run that nobody knows:", *found]))


def setup(app):
    # After all that write into pages.
    app.connect("build-finished", _check, priority=950)
