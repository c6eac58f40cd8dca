"""What a chapter's page shows where no script runs: text, formulas, default pictures."""

import pytest
from playwright.sync_api import expect
from visiting import Visit

import book


@pytest.fixture
def scriptless(chromium, addresses, chapter):
    with Visit(chromium, addresses["file"], java_script_enabled=False) as visit:
        visit.open(chapter.page)
        yield visit


def test_page_can_be_read_without_javascript(scriptless, chapter):
    page = scriptless.page
    for explorer in chapter.explorers:
        figure = page.locator(f"figure[id='{explorer.name}']")
        expect(figure.locator(".explorer-picture.wide svg")).to_be_visible()
        expect(figure.locator(".explorer-sentence")).to_have_text(explorer.say())
        expect(figure.locator("figcaption")).to_contain_text(explorer.caption)
    has_formulas = any("$" in cell.source for cell in book.cells(chapter, "markdown"))
    formulas = page.locator("article .katex")
    assert not has_formulas or formulas.count() > 0
    for formula in formulas.all()[:3]:
        expect(formula.locator("math")).to_be_attached()
    assert "$" not in page.locator("article p").first.inner_text()
    scriptless.assert_nothing_went_wrong()
