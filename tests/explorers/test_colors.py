"""The palette: what draws a mark, an axis or an edge is seen by those who see little contrast."""

import re
from pathlib import Path

import pytest
from explorers import style

# WCAG 2.2, 1.4.11 and 1.4.3.
MARK, TEXT = 3, 4.5
# What is laid under others or tells nothing by itself: lines of a grid, the edge of a panel, the map's
# scale, whose regions have outlines and names.
BACKGROUND = re.compile(r"--(mark-grid|mark-page|panel|panel-edge|map-\d)$")
THEMES = ("light", "dark")


def palette(theme):
    """Return the colors of a theme by the names of their variables."""
    css = (Path(style.__file__).parent / "colors.css").read_text(encoding="utf-8")
    rules = re.search(rf'html\[data-theme="{theme}"\] \{{(.*?)\}}', css, re.DOTALL)[1]
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", rules))


def luminance(color):
    """Return the relative luminance of a color as WCAG defines it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_by_hand():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["--mark-page", "--panel"])
def test_marks_and_edges_stand_out(theme, ground):
    colors = palette(theme)
    faint = {
        name: round(contrast(color, colors[ground]), 2)
        for name, color in colors.items()
        if not BACKGROUND.search(name)
        and contrast(color, colors[ground]) < (TEXT if name in ("--right", "--wrong") else MARK)
    }
    assert len(colors) > 10 and not faint


def test_both_themes_name_the_same_colors():
    assert palette("light").keys() == palette("dark").keys()
