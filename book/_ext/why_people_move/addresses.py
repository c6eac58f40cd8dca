"""Where the book is: its web address where one is known, the list of its pages, the page for all others."""

import os
import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from .finishing import has_written


def book_address(environment=os.environ):
    """Return the address at which the book is published, with a slash at its end, or an empty text.

    The environment variable ``BOOK_ADDRESS`` names it. Nothing on a page needs it; it is for those
    who find the book or link to it.

    Raises
    ------
    ValueError
        If what it names is no address of a web page.
    """
    address = environment.get("BOOK_ADDRESS", "").strip()
    if not address:
        return ""
    if not re.fullmatch(r"https?://[^/\s\"'<>?#]+(/[^\s\"'<>?#]*)?", address):
        raise ValueError(f"BOOK_ADDRESS is no address of a web page: {address!r}")
    return address.rstrip("/") + "/"


def _configure(app, config):
    config.html_baseurl = book_address()


NOT_FOUND = """\
<h1>There is no such page</h1>
<p>The link may be old, or a letter of it missing.
The book begins at <a href="{start}">{title}</a>.
All its chapters are listed at the left, on a phone behind the first button; the magnifying glass searches them.</p>
"""


def _page_for_all_others(app):
    """Make the page that a server shows for an address at which there is none."""
    start = escape(app.builder.get_target_uri(app.config.root_doc))
    body = NOT_FOUND.format(start=start, title=escape(app.config.html_title))
    title = "There is no such page"
    yield (
        "404",
        {"title": title, "body": body, "description": f"{title} in this book."},
        "page.html",
    )


def _base(app, pagename, templatename, context, doctree):
    """Let the links of that page work from whatever address it is shown at."""
    if pagename == "404":
        context["base"] = urlsplit(app.config.html_baseurl).path or "/"


def site_map(address, pages):
    """Return the list of all pages as search engines read it."""
    rows = "".join(f"<url><loc>{escape(address + page)}</loc></url>\n" for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )


DOOR = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={start}">{canonical}
</head>
<body><p><a href="{start}">{title}</a></p></body>
</html>
"""


def _write(app, error):
    if not has_written(app, error):
        return
    out, address = Path(app.outdir), app.config.html_baseurl
    start = app.builder.get_target_uri(app.config.root_doc)
    door = DOOR.format(
        language=app.config.language,
        title=escape(app.config.html_title),
        start=start,
        canonical=f'\n<link rel="canonical" href="{escape(address + start)}">' if address else "",
    )
    (out / "index.html").write_text(door, encoding="utf-8")
    if address:
        pages = [app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]
        (out / "sitemap.xml").write_text(site_map(address, pages), encoding="utf-8")
        robots = f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n"
        (out / "robots.txt").write_text(robots, encoding="utf-8")


def setup(app):
    app.connect("config-inited", _configure)
    app.connect("html-collect-pages", _page_for_all_others)
    app.connect("html-page-context", _base)
    app.connect("build-finished", _write)
