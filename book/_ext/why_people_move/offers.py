"""Sentences of the pages that offer a file which is made after them: the whole book as one file.

A chapter holds ``<!--offer NAME: sentence-->``, which no reader sees. The sentence comes to light
where the file of that name lies among the page's static files, and only there.
"""

import re

HIDDEN = re.compile(r"<!--offer ([^\s:]+): (.*?)-->", flags=re.DOTALL)
SHOWN = re.compile(r"<!--offer ([^\s:]+)-->(.*?)<!--end of offer-->", flags=re.DOTALL)


def hide(html):
    """Return a page that offers nothing, as it was built."""
    return SHOWN.sub(r"<!--offer \1: \2-->", html)


def show(html, there):
    """Return a page that offers those files for whose name ``there`` is true, and no other."""

    def sentence(offer):
        name, text = offer.groups()
        return f"<!--offer {name}-->{text}<!--end of offer-->" if there(name) else offer[0]

    return HIDDEN.sub(sentence, hide(html))


def show_in(folder):
    """Let the pages of a built book offer those files that it holds."""
    for page in sorted(folder.rglob("*.html")):
        html = page.read_text(encoding="utf-8")
        shown = show(html, lambda name: (folder / "_static" / name).exists())
        if shown != html:
            page.write_text(shown, encoding="utf-8")
