"""What fails an accessibility check in the HTML of Sphinx, MyST-NB and the theme."""

import re

from .finishing import change_pages, has_written

MENDED = {
    # A list's children are list items; the role that Sphinx gives them is deprecated.
    r'role="doc-biblioentry"': 'role="listitem"',
    # A fold is named by its text: who speaks to the computer says what is written there.
    r'<summary aria-label="[^"]*">': "<summary>",
    # The empty corner of a table is the heading of nothing.
    r"<th></th>": "<td></td>",
    # What a reader hears of the page belongs to one of its parts.
    r'<div id="pst-primary-sidebar"': '<div role="complementary" aria-label="The book" id="pst-primary-sidebar"',
}


def mended(html):
    """Return a page whose HTML passes the checks."""
    for fault, remedy in MENDED.items():
        html = re.sub(fault, remedy, html)
    return html


def _finish(app, error):
    if has_written(app, error):
        change_pages(app, mended)


def setup(app):
    app.connect("build-finished", _finish)
