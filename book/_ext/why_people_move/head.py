"""The head of every page: what may run, what the page is about, how others show a link to it."""

import re
from html import escape

from docutils import nodes

from .policy import FIRST, POLICY

# A description that search engines and messengers show whole.
LONGEST = 200
SHORTEST = 60
# Shown beside a link: a picture of an explorer.
PREVIEW = "_static/preview.png"
PREVIEW_WORDS = "An explorer: sliders, a chart and one sentence that says what the chart shows"
# Found by nobody's search engine.
UNLISTED = ("search", "404")


def shortened(text, longest=LONGEST):
    """Return the first sentences of a text that fit, or, if the first is longer, its first words.

    >>> shortened("Almaty grows. Many come from the south.", 20)
    'Almaty grows.'
    >>> shortened("Almaty grows because many come from the south.", 20)
    'Almaty grows because…'
    """
    if len(text) <= longest:
        return text
    sentences = re.match(rf".{{1,{longest - 1}}}[.?!](?=\s)", text)
    return sentences[0] if sentences else text[:longest].rpartition(" ")[0].rstrip(",;:–") + "…"


def description(doctree):
    """Return what a page begins with, in plain words; formulas are no words."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = " ".join(paragraph.astext().split())
        if len(text) >= SHORTEST and not any(paragraph.findall(nodes.math)):
            return shortened(text)
    return ""


def meta_tags(**what):
    """Return one line for each thing that is known; names with a colon are properties of Open Graph."""
    return "\n".join(
        f'<meta {"property" if name.startswith("og:") else "name"}="{name}" content="{escape(text)}">'
        for name, text in what.items()
        if text
    )


def _write(app, pagename, templatename, context, doctree):
    config = app.config
    title = re.sub(r"<[^>]*>", "", context.get("title", "")) or config.html_title
    about = description(doctree) or context.get("description", "")
    address = config.html_baseurl
    card = {
        "description": about,
        "robots": "noindex" if pagename in UNLISTED else "",
        "og:title": title,
        "og:description": about,
        "og:type": "website" if pagename == config.root_doc else "article",
        "og:site_name": config.html_title,
        "og:locale": "en_US",
        "og:url": context.get("pageurl", ""),
        "og:image": f"{address}{PREVIEW}" if address else "",
        "og:image:alt": PREVIEW_WORDS if address else "",
        "twitter:card": "summary_large_image" if address else "summary",
    }
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    # Sphinx has named the viewport already.
    own = re.sub(r'<meta name="viewport"[^>]*>', "", context.get("metatags", ""))
    context["metatags"] = "\n".join(["", policy, meta_tags(**card), own.strip()])
    context["first_script"] = FIRST


def setup(app):
    # After the theme has said which address a page has.
    app.connect("html-page-context", _write, priority=970)
