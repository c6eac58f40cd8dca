"""A chapter's page for readers with small screens, keyboards and screen readers."""

from functools import cache

import node_packages
import pytest
from playwright.sync_api import expect
from visiting import WIDTHS

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
COLORS = ["color-contrast", "link-in-text-block"]
PHONES = (375, 360, 320)


# A page that lets axe in by script, which its own policy forbids; without motion, so that no color is
# caught halfway in a transition.
FOR_AXE = {"bypass_csp": True, "reduced_motion": "reduce"}


@pytest.fixture(params=WIDTHS)
def visited(request, visits, chapter):
    """The chapter at one width, with everything on it shown once."""
    visit = visits(chapter, ("http", request.param), **FOR_AXE)
    if not hasattr(visit, "shown"):
        show_everything(visit)
        visit.shown = True
    yield visit
    visit.assert_nothing_went_wrong()


def show_everything(visit):
    """Wake all charts, ask for the replies of all exercises, open all folds.

    One table of numbers stands for all: each cell costs axe as much time as a paragraph.
    """
    visit.wake_at_once()
    visit.ask("openAll")
    tables = visit.page.locator("details.explorer-numbers")
    tables.evaluate_all("tables => tables.slice(1).forEach(table => { table.open = false; })")


def test_axe_finds_no_violation(visited, request):
    """Colors do not depend on the width, the rest does: once in each theme, and once at each width."""
    page = visited.page
    at_a_desk = page.viewport_size["width"] == WIDTHS["desktop"]
    everything = {"runOnly": {"type": "tag", "values": LEVELS}}
    if not at_a_desk:
        everything["rules"] = {rule: {"enabled": False} for rule in COLORS}
    assert_no_violation(page, everything)
    if at_a_desk:
        set_theme(page, "dark")
        assert_no_violation(page, {"runOnly": {"type": "rule", "values": COLORS}})
        set_theme(page, "light")


def set_theme(page, theme):
    """Follow the system's setting to light or dark."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


@cache
def axe():
    """Return the script of axe, which looks for violations on the page that runs it."""
    node_packages.install("devDependencies")
    folder = node_packages.PACKAGES / "axe-core"
    return (folder / "axe.min.js").read_text(encoding="utf-8")


def assert_no_violation(page, rules):
    # Without preload axe does not fetch the style sheets again, from where they are not.
    options = rules | {"resultTypes": ["violations"], "preload": False}
    page.evaluate(axe())
    violations = page.evaluate("options => axe.run(options)", options)["violations"]
    assert not violations, "\n".join(map(describe, violations))


def describe(violation):
    """Return a violation in words: the rule, and the first places that break it."""
    places = [f"  {node['target']} {node['html'][:200]}" for node in violation["nodes"][:5]]
    return "\n".join([f"{violation['id']}: {violation['help']}", *places])


# Charts that reach beyond their boxes, which would cut them off.
NONE_CUT = """() => [...document.querySelectorAll(".explorer-chart")].every(box =>
    [...box.querySelectorAll("svg")].every(picture => {
        const inner = picture.getBoundingClientRect(), outer = box.getBoundingClientRect();
        return inner.right <= outer.right + 1 && inner.bottom <= outer.bottom + 1;
    }))"""


def test_page_fits_phones(visited):
    """Live charts follow when the window becomes narrow, as on a phone that is turned."""
    page = visited.page
    size = page.viewport_size
    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(NONE_CUT)
        beyond = visited.ask("overflow")
        assert not beyond, "\n".join(beyond)
    page.set_viewport_size(size)


def test_controls_are_seen_labeled_and_large_enough_to_touch(visited, chapter):
    """WCAG 2.2 asks for 24 CSS pixels; a checkbox counts with its label."""
    found = visited.ask("controls")
    small = [control["id"] for control in found if min(control["width"], control["height"]) < 24]
    assert not small
    assert all(control["seen"] for control in found)
    labels = {control["id"]: control["label"] for control in found if control["id"]}
    assert labels == {
        f"{explorer.name}-{control.name}": control.label
        for explorer in chapter.explorers
        for control in explorer.controls
    }


def test_tab_reaches_every_control_and_is_seen_at_every_stop(phone, chapter):
    phone.reload()
    phone.ask("noteFocus")
    for _ in range(phone.ask("focusable")):
        phone.page.keyboard.press("Tab")
    reached = dict(phone.ask("focused"))
    wanted = [f"{one.name}-{control.name}" for one in chapter.explorers for control in one.controls]
    assert [name for name in reached if name in wanted] == wanted
    unseen = [name for name, seen in reached.items() if not seen]
    assert not unseen, f"the focus cannot be seen on {unseen}"
