"""A chapter's page for readers with small screens, keyboards and screen readers."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from visiting import WIDTHS, Visit

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
COLORS = ["color-contrast", "link-in-text-block"]
PHONES = (375, 360, 320)


@pytest.fixture(scope="module", params=WIDTHS)
def visit(request, chromium, addresses, chapter):
    """A page that lets axe in by script, which its own policy forbids.

    Without motion, so that no color is caught halfway in a transition.
    """
    size = {"width": WIDTHS[request.param]}
    with Visit(
        chromium, addresses["http"], **size, bypass_csp=True, reduced_motion="reduce"
    ) as visit:
        visit.open(chapter.page)
        yield visit


def show_everything(visit):
    """Wake all charts, ask for the replies of all exercises, open all folds.

    One table of numbers stands for all: each cell costs axe as much time as a paragraph.
    """
    visit.wake()
    visit.open_all_folds()
    tables = visit.page.locator("details.explorer-numbers")
    tables.evaluate_all("tables => tables.slice(1).forEach(table => { table.open = false; })")
    for button in visit.page.locator("form.self-check button").all():
        button.click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation(reader, theme):
    show_everything(reader)
    reader.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(reader.page.locator("html")).to_have_attribute("data-theme", theme)
    # The second time only what depends on colors is checked again.
    only = (
        {"type": "tag", "values": LEVELS}
        if theme == "light"
        else {"type": "rule", "values": COLORS}
    )
    # Without preload axe does not fetch the style sheets again, from where they are not.
    options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
    violations = Axe().run(reader.page, options=options).response["violations"]
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


def test_page_fits_phones(reader):
    """Live charts follow when the window becomes narrow, as on a phone that is turned."""
    show_everything(reader)
    size = reader.page.viewport_size
    for width in PHONES:
        reader.page.set_viewport_size({"width": width, "height": 800})
        reader.page.wait_for_function(NONE_CUT)
        beyond = reader.ask("overflow")
        assert not beyond, "\n".join(beyond)
    reader.page.set_viewport_size(size)


def test_tab_reaches_every_control_and_shows_it(reader, chapter):
    reader.reload()
    reader.ask("noteFocus")
    for _ in range(reader.ask("focusable")):
        reader.page.keyboard.press("Tab")
    reached = dict(reader.ask("focused"))
    wanted = [f"{one.name}-{control.name}" for one in chapter.explorers for control in one.controls]
    assert [name for name in reached if name in wanted] == wanted
    unseen = [name for name in wanted if not reached[name]]
    assert not unseen, f"the focus cannot be seen on {unseen}"


def test_controls_carry_visible_labels(reader, chapter):
    for explorer in chapter.explorers:
        for control in explorer.controls:
            label = reader.page.locator(f"label[for='{explorer.name}-{control.name}']")
            assert label.is_visible()
            assert label.inner_text().strip() == control.label
            field = reader.page.locator(f"[id='{explorer.name}-{control.name}']")
            assert field.is_visible()


def test_controls_are_large_enough_to_touch(reader, chapter):
    """WCAG 2.2 asks for 24 CSS pixels; a checkbox counts with its label."""
    for explorer in chapter.explorers:
        figure = reader.page.locator(f"figure[id='{explorer.name}']")
        for field in figure.locator("form select, form input, form button").all():
            box = field.bounding_box()
            row = field.locator("xpath=..").bounding_box()
            assert (
                max(
                    box["height"], row["height"] if field.get_attribute("type") == "checkbox" else 0
                )
                >= 24
            )
