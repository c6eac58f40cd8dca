"""Show one figure in the browser: ``python -m figures lee.who_goes``; without a name, list them all.

For authors: `make figure NAME=lee.who_goes`. The page is written in seconds, works without a server
and has what the figure has in its chapter: live sliders, the sentence, the numbers.
"""

import difflib
import sys
import webbrowser
from pathlib import Path

from explorers.page import shared_dataset_script, write_vega
from explorers.script import first_script, page_script
from explorers.style import page_style
from migrationlab import data

from figures import all_figures

BOOK = Path(__file__).parents[1]
FOLDER = BOOK.parent / "_build" / "figure"
PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{name}</title>
<link rel="stylesheet" href="book.css">
<script src="first.js"></script>
<style>
:root {{ --pst-color-background: #fff; --pst-color-text-base: #222832; --pst-color-text-muted: #48566b }}
body {{ font-family: sans-serif; line-height: 1.5; max-width: 700px; margin: 1rem auto; padding: 0 1rem }}
</style>
{html}
<script src="explorer.js" defer></script>
</html>
"""


def write(name):
    """Write a figure as a page of its own.

    Parameters
    ----------
    name : str
        Chapter and function, such as ``"lee.who_goes"``.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    SystemExit
        If there is no such figure; the message names those that are spelled alike.
    """
    figures = all_figures()
    if name not in figures:
        alike = difflib.get_close_matches(name, figures, 3, 0.5) or sorted(figures)[:3]
        raise SystemExit(
            f"There is no figure {name!r}. Is it {' or '.join(alike)}? `make figure` lists all."
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    html = figures[name]().to_html()
    page = FOLDER / f"{name}.html"
    page.write_text(PAGE.format(name=name, html=html), encoding="utf-8")
    (FOLDER / "first.js").write_text(first_script(), encoding="utf-8")
    (FOLDER / "explorer.js").write_text(page_script(), encoding="utf-8")
    (FOLDER / "book.css").write_text(page_style(), encoding="utf-8")
    write_vega(FOLDER)
    outlines = shared_dataset_script("boundaries", data.boundaries())
    (FOLDER / "boundaries.js").write_text(outlines, encoding="utf-8")
    return page


def main(arguments):
    """Show the figure that is named, or list all."""
    if not arguments:
        print("\n".join(all_figures()))
        return
    page = write(arguments[0])
    print(f"{arguments[0]}: {page.as_uri()}")
    webbrowser.open(page.as_uri())


if __name__ == "__main__":
    main(sys.argv[1:])
