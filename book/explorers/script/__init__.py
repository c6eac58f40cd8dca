"""The page's script, in parts that share one scope, and how they become one file.

Each part can be read and checked on its own (`tsconfig.json` names them all as one program).
The page gets one classic script: modules do not load from ``file://``.
"""

from pathlib import Path

PARTS = ("tape", "numbers", "explorer", "exercises", "start")


def page_script() -> str:
    """Return the parts joined into one script, in a scope of its own.

    Returns
    -------
    str
        JavaScript without ``eval``, for a page with a strict Content-Security-Policy.
    """
    folder = Path(__file__).parent
    parts = [(folder / f"{part}.js").read_text(encoding="utf-8") for part in PARTS]
    whole = "\n".join(part.replace("// @ts-check\n", "") for part in parts)
    return f'(function () {{\n"use strict";\n\n{whole}}})();\n'
