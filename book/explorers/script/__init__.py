"""The page's script, in parts that share one scope, and how they become one file.

Each part can be read and checked on its own (`tsconfig.json` names them all as one program).
The page gets one classic script: modules do not load from ``file://``. One part stands alone,
since it must run before the page is drawn, and in browsers that reject the others: ``first.js``.
"""

import json
from pathlib import Path

from ..replies import TABLES

FOLDER = Path(__file__).parent
FIRST = "first"


def _parts() -> tuple[str, ...]:
    """Return the names of the joined parts, in order, as `tsconfig.json` has them."""
    files = json.loads((FOLDER / "tsconfig.json").read_text(encoding="utf-8"))["files"]
    return tuple(
        name.removesuffix(".js") for name in files if name.endswith(".js") and name != f"{FIRST}.js"
    )


PARTS = _parts()


def _read(part: str) -> str:
    return (FOLDER / f"{part}.js").read_text(encoding="utf-8").replace("// @ts-check\n", "")


def first_script() -> str:
    """Return what a page runs before it is drawn, in the JavaScript of every browser.

    Returns
    -------
    str
        A classic script for the page's head, not deferred.
    """
    return _read(FIRST)


def page_script() -> str:
    """Return the other parts joined into one script, in a scope of its own.

    Returns
    -------
    str
        JavaScript without ``eval``, for a page with a strict Content-Security-Policy.
    """
    tables = json.dumps(TABLES, ensure_ascii=False, separators=(",", ":"))
    whole = "\n".join([f"const replyTables = {tables};", *map(_read, PARTS)])
    return f'(function () {{\n"use strict";\n\n{whole}}})();\n'
