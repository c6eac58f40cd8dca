"""The whole book as one ZIP of its pages: ``make zip``."""

import shutil
from pathlib import Path

from . import offers
from .packing import files_in, pack
from .taken_home import PDF, ROOT, ZIP

START_HERE = """\
This folder is the book Why People Move, to be read without a network.

Unpack it, and open index.html in a browser; every slider works.
On a phone, open it with an app for files that can unpack a ZIP.

Text and charts: CC BY 4.0. Code: MIT. Figures: their publishers, named under each chart.
"""


def zip_pages(built, archive):
    """Pack the pages of a built book; they do not offer what would have to lie inside itself.

    Parameters
    ----------
    built : pathlib.Path
        The folder of the pages.
    archive : pathlib.Path
    """
    inside = Path("why-people-move")
    files = {inside / "START-HERE.txt": START_HERE}
    for path in files_in(built):
        if path.name not in (PDF, ZIP):
            page = path.suffix == ".html"
            content = offers.hide(path.read_text(encoding="utf-8")) if page else path
            files[inside / path.relative_to(built)] = content
    pack(archive, files)


if __name__ == "__main__":
    built, archive = ROOT / "_build" / "html", ROOT / "_build" / ZIP
    zip_pages(built, archive)
    shutil.copy(archive, built / "_static")
    offers.show_in(built)
    print(f"{archive} ({archive.stat().st_size / 1e6:.1f} MB)")
