"""The whole book as one PDF, printed by Chromium: ``make pdf``.

The articles of all pages are joined into one page first. Its links are then links within one
document, which Chromium keeps, and its headings are the PDF's outline. Printed once, it tells on
which sheet each chapter begins; with these numbers in its contents it is printed again.
"""

import argparse
import re
import shutil
import sys
from html import escape, unescape
from pathlib import Path

import yaml
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from . import offers
from .taken_home import PDF, ROOT

# Where the program looks for Chromium as the tests do.
sys.path.append(str(ROOT / "tests"))

STYLE = Path(__file__).with_suffix(".css")
MARGINS = {"top": "16mm", "bottom": "20mm", "left": "18mm", "right": "18mm"}
NUMBER = '<div style="width: 100%; text-align: center; font-size: 8px"><span class="pageNumber"></span></div>'


def parts_of(contents):
    """Return the parts of a table of contents: for each its caption and its documents, in order.

    Parameters
    ----------
    contents : dict
        What ``_toc.yml`` holds.
    """
    parts = [("", [contents["root"]])]
    for part in contents.get("parts", []):
        parts.append((part["caption"], [chapter["file"] for chapter in part["chapters"]]))
    return parts


def article_of(html):
    """Return the text of a page, without its scripts and its offers of files beside it."""
    html = offers.hide(html)
    found = re.search(r'<article class="bd-article">.*?</article>', html, flags=re.DOTALL)
    return re.sub(r"<script\b.*?</script>", "", found[0], flags=re.DOTALL)


def headings_in(html):
    """Return the headings as plain texts, in order; the first one of an article is its title."""
    found = re.findall(
        r"<h[1-6]>(.*?)(?:<a class=\"headerlink\".*?)?</h[1-6]>", html, flags=re.DOTALL
    )
    return [unescape(re.sub(r"<[^>]+>", "", heading)) for heading in found]


def as_part(article, name, names, solutions=False):
    """Return the article of a page as a part of one that holds them all.

    Its addresses, which were its own, begin with its name; a link leads to the part that was a page.
    What lies beside the pages, such as a table as a file, is not in the PDF: its link is left out.

    Parameters
    ----------
    article : str
    name : str
        The page's name, such as ``"lee"``.
    names : collection of str
        The names of all pages of the PDF.
    solutions : bool
        Whether the solutions of exercises are printed; other folded text is.
    """

    def address(link):
        if re.match(r"https?:|mailto:", link[1]):
            return link[0]
        page, _, place = link[1].partition("#")
        target = page.removesuffix(".html") or name
        if target not in names or "/" in page:
            return ""
        return f' href="#{target}--{place}"' if place else f' href="#{target}"'

    def fold(found):
        return f"{found[1]} open{found[2]}" if solutions or found[3] != "Solution" else found[0]

    article = re.sub(r' href="([^"]*)"', address, article)
    article = re.sub(r'( (?:id|for|aria-labelledby)="|url\(#)', rf"\g<1>{name}--", article)
    folded = r'(<details class="[^"]*\bsd-dropdown\b[^"]*")(>\s*<summary.*?<span class="sd-summary-text">(.*?)</span>)'
    article = re.sub(folded, fold, article, flags=re.DOTALL)
    return article.replace("<article", f'<article id="{name}"', 1)


def contents_html(parts, titles, sheets):
    """Return the table of contents; a chapter whose sheet is not known yet has no number."""
    html = "<h1>Contents</h1>"
    for caption, documents in parts:
        html += f"<p>{escape(caption)}</p><ol>"
        for document in documents:
            name = Path(document).name
            html += f'<li><a href="#{name}">{escape(titles[name])}</a><span>{sheets.get(name, "")}</span></li>'
        html += "</ol>"
    return f'<nav class="book-contents">{html}</nav>'


def joined_page(built, parts, sheets=None, solutions=False):
    """Return all pages of a built book as one, with a title and contents.

    Parameters
    ----------
    built : pathlib.Path
        The folder of the pages.
    parts : list
        See `parts_of`.
    sheets : dict, optional
        On which sheet each chapter begins, by its name.
    solutions : bool, default False

    Returns
    -------
    str
        HTML for a file beside that folder.
    """
    documents = [document for _, listed in parts for document in listed]
    pages = {
        Path(document).name: (built / f"{document}.html").read_text(encoding="utf-8")
        for document in documents
    }
    articles = {name: article_of(html) for name, html in pages.items()}
    titles = {name: headings_in(article)[0] for name, article in articles.items()}
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    title, _, subtitle = citation["title"].partition(": ")
    styles = "".join(re.findall(r'<link[^>]*rel="stylesheet"[^>]*>', next(iter(pages.values()))))
    chapters = "".join(
        as_part(article, name, articles, solutions) for name, article in articles.items()
    )
    html = (
        '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{escape(citation['title'])}</title>{styles}"
        f'<style>{STYLE.read_text(encoding="utf-8")}</style></head><body><main class="bd-main">'
        '<div class="bd-content"><div class="bd-article-container">'
        f'<header class="title"><p>{escape(title)}</p><p>{escape(subtitle)}</p>'
        f"<p>{escape(config['author'])}</p>{config['html']['extra_footer']}</header>"
        f"{contents_html(parts, titles, sheets or {})}{chapters}</div></div></main></body></html>"
    )
    return re.sub(r'( (?:src|href)=")\.\./', rf"\g<1>{built.name}/", html)


def print_book(browser, built, parts, pdf, solutions=False):
    """Print the pages of a built book into one PDF.

    Parameters
    ----------
    browser : playwright Browser
        A Chromium.
    built : pathlib.Path
        The folder of the pages.
    parts : list
        See `parts_of`.
    pdf : pathlib.Path
    solutions : bool, default False
    """
    context = browser.new_context(java_script_enabled=False)
    window = context.new_page()
    sheets = {}
    joined = built.with_name("joined.html")
    try:
        for _ in range(2):
            html = joined_page(built, parts, sheets, solutions)
            joined.write_text(html, encoding="utf-8")
            window.goto(joined.as_uri())
            window.pdf(
                path=pdf, format="A4", margin=MARGINS, print_background=True, outline=True, tagged=True,
                display_header_footer=True, header_template="<span></span>", footer_template=NUMBER,
            )  # fmt: skip
            reader = PdfReader(pdf)
            places = reader.named_destinations.items()
            sheets = {
                name.removeprefix("/"): reader.get_destination_page_number(place) + 1
                for name, place in places
            }
    finally:
        joined.unlink()
        context.close()
    writer = PdfWriter(clone_from=reader)
    # Not when and with what it was printed: the same pages give the same bytes.
    writer.metadata = {
        "/Title": reader.metadata.title,
        "/Author": "The Why People Move contributors",
    }
    _mend_outline(writer, headings_in(html))
    writer.write(pdf)


def _mend_outline(writer, headings):
    """Give the outline the headings as they are written.

    Chromium leaves out the space at which a heading is broken into lines, and begins it anew
    where it has moved it to the next sheet: "A headingA heading".
    """
    left = [writer.root_object["/Outlines"]["/First"].get_object()]
    while left:
        entry = left.pop()
        printed = _without_spaces(entry["/Title"])
        rest = [i for i in range(len(headings)) if printed.endswith(_without_spaces(headings[i]))]
        if rest:
            entry[NameObject("/Title")] = TextStringObject(headings[rest[0]])
            headings = headings[rest[0] + 1 :]
        left += [entry[key].get_object() for key in ("/Next", "/First") if key in entry]


def _without_spaces(text):
    return re.sub(r"\s", "", text)


if __name__ == "__main__":
    import find_browsers
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--solutions", action="store_true", help="print the solutions, too")
    solutions = parser.parse_args().solutions
    built = ROOT / "_build" / "html"
    name = PDF.replace(".pdf", "-with-solutions.pdf") if solutions else PDF
    pdf = ROOT / "_build" / name
    parts = parts_of(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
    with sync_playwright() as playwright:
        # The sandbox cannot start for root or in a container; the pages are our own.
        chromium = playwright.chromium.launch(
            executable_path=find_browsers.CHROMIUM.find(), args=["--no-sandbox"]
        )
        print_book(chromium, built, parts, pdf, solutions)
        chromium.close()
    if not solutions:
        shutil.copy(pdf, built / "_static")
        offers.show_in(built)
    print(f"{pdf} ({len(PdfReader(pdf).pages)} sheets, {pdf.stat().st_size / 1e6:.1f} MB)")
