"""The style of explorers and exercises on a page, in parts, and how they become one text."""

from pathlib import Path

PARTS = ("colors", "explorers", "menu", "exercises", "paper")


def page_style() -> str:
    """Return the parts joined into one style sheet.

    Returns
    -------
    str
        CSS; beyond it explorers need the theme's variables ``--pst-color-background``,
        ``--pst-color-text-base`` and ``--pst-color-text-muted``.
    """
    folder = Path(__file__).parent
    return "\n".join((folder / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)
