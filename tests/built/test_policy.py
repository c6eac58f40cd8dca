"""What may run on a page: what the build lets pass and what it refuses."""

import re

import pytest
from explorers import Explorer, Parameter, drawing
from explorers.sentences import markdown_table
from markdown_it import MarkdownIt
from why_people_move import policy

PAGE = "<!DOCTYPE html><html><head><title>Lee</title></head><body><h1>Lee</h1>{}</body></html>"

FAULTS = {
    "inline script": "<script>document.title = 6 * 7</script>",
    "module": '<script type="module">steal()</script>',
    "known script with a word more": f"<script>{policy.FIRST};steal()</script>",
    "script in a picture": "<svg><script>steal()</script></svg>",
    "script that another one ends": '<script>steal()<script src="explorer.js"></script>',
    "closed in itself": "<script/>steal()</script>",
    "attribute": '<p onclick="steal()">Net migration</p>',
    "picture that fails": "<img src=none onerror=steal()>",
    "address": '<a href="javascript:steal()">Source</a>',
    "address behind spaces": "<a href=' JavaScript:steal()'>Source</a>",
    "page as data": '<a href="data:text/html,<b>x">Source</a>',
    "form": '<form><button formaction="javascript:steal()">Check</button></form>',
    "link in a picture": '<svg><a xlink:href="javascript:steal()"><text>Almaty</text></a></svg>',
    "page inside": '<iframe src="other.html"></iframe>',
    "page in an attribute": "<div srcdoc='<b>x'></div>",
    "way elsewhere": '<meta http-equiv="refresh" content="0; url=https://example.org">',
}


@pytest.mark.parametrize("planted", FAULTS.values(), ids=FAULTS)
def test_what_would_run_and_is_not_known_is_a_fault(planted):
    faults = policy.faults(PAGE.format(planted))
    assert faults
    # A fault shows where to look.
    assert any(
        re.search(r"steal|6 \* 7|other|<b>|example|before", fault.lower()) for fault in faults
    )


@pytest.mark.parametrize(
    "harmless",
    [
        f"<script>{policy.FIRST}</script>",
        '<script defer src="explorer.js"></script>',
        '<script type="application/json">{"sentence": "javascript:"}</script>',
        "<p>&lt;script&gt;steal()&lt;/script&gt;</p>",
        '<p title="onclick=steal()">on-going moves</p>',
        '<meta http-equiv="refresh" content="0; url=book/index.html">',
        '<a href="lee.html#javascript">A section</a>',
    ],
)
def test_what_cannot_run_is_no_fault(harmless):
    assert policy.faults(PAGE.format(harmless)) == []


MARKUP = [
    "<script>steal()</script>",
    "<img src=x onerror=steal()>",
    "<a href=javascript:steal()>x</a>",
    "<iframe src=//example.org>",
    "<!-- a comment -->",
    "</td><script>steal()</script>",
]


@pytest.mark.parametrize("markup", MARKUP)
def test_a_table_shows_markup_as_text(markup):
    table = markdown_table(["Publisher", "Title"], [[markup, f"Wages<br>{markup}"]])
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(table)
    assert policy.faults(html) == []
    tags = set(re.findall(r"<(/?\w+|!)", html))
    assert tags <= {"table", "thead", "tbody", "tr", "th", "td", "br"} | {
        f"/{tag}" for tag in ("table", "thead", "tbody", "tr", "th", "td")
    }


@pytest.mark.parametrize("markup", MARKUP)
def test_an_explorer_shows_markup_as_text(markup):
    explorer = Explorer(
        f"Who goes {markup}",
        lambda share: {"moves": share},
        rows={"town": [f"Almaty {markup}"]},
        controls=[Parameter("share", f"Share {markup}", low=0, high=1, step=0.1, default=0.5)],
        chart=drawing.bars("town", "moves", f"moves {markup}", domain=(0, 1)),
        sentence="{share:.1f} of the people go. " + markup,
        caption=markup,
        description=markup,
        source=markup,
        table={"town": f"Town {markup}", "moves": (markup, ".1f")},
    )
    assert policy.faults(PAGE.format(explorer.to_html())) == []


def test_no_built_page_has_a_fault(book_folder):
    pages = sorted(book_folder.rglob("*.html"))
    assert len(pages) > 2
    faults = {page.name: policy.faults(page.read_text(encoding="utf-8")) for page in pages}
    assert not {name: found for name, found in faults.items() if found}
