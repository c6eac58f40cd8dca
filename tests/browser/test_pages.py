"""Everything on a chapter's page besides its charts, as a reader meets it."""

from playwright.sync_api import expect

# ---- in class

# A projector shows 1280 by 800; the browser's own bars and the page's take a part of it.
PROJECTED = 700


def test_a_figure_fits_a_projector(desk, chapter):
    """Title, controls, chart and sentence are seen together."""
    desk.wake_at_once()
    heights = desk.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("figure.explorer")].map(figure => {
            const [first, last] = [".explorer-title", ".explorer-sentence"].map(part =>
                figure.querySelector(part).getBoundingClientRect());
            return [figure.id, Math.round(last.bottom - first.top)];
        }))"""
    )
    too_high = {name: height for name, height in heights.items() if height > PROJECTED}
    assert heights and not too_high, f"at most {PROJECTED} pixels; make the chart lower: {too_high}"


# ---- colors, policy


COLORS = """figures => figures.map(figure =>
    [...figure.querySelectorAll(".role-mark path, .role-mark line, .role-mark text, .role-axis-label text")].map(mark =>
        getComputedStyle(mark).fill + getComputedStyle(mark).stroke))"""


def assert_recolored(before, after):
    for light, dark in zip(before, after, strict=True):
        kept = {old for old, new in zip(light, dark, strict=True) if old == new}
        assert light and not kept, f"marks or labels keep their color: {kept}"


def test_dark_mode_recolors_live_charts(phone):
    phone.wake_at_once()
    choose_theme(phone.page, "light")
    light = phone.page.eval_on_selector_all("figure.explorer", COLORS)
    choose_theme(phone.page, "dark")
    assert_recolored(light, phone.page.eval_on_selector_all("figure.explorer", COLORS))
    choose_theme(phone.page, "light")


def test_dark_mode_recolors_the_pictures_too(desk):
    desk.reload()
    # By script: pressing the switch would be the first action, which wakes the charts.
    light, dark = (
        desk.page.evaluate(
            f"""theme => {{
                document.documentElement.dataset.theme = theme;
                return ({COLORS})([...document.querySelectorAll("figure.explorer")]);
            }}""",
            theme,
        )
        for theme in ("light", "dark")
    )
    assert_recolored(light, dark)
    desk.reload()


def choose_theme(page, theme):
    """Press the theme's switch until the page is light or dark."""
    switch = page.locator("button.theme-switch-button").locator("visible=true").first
    for _ in range(3):
        if page.evaluate("document.documentElement.dataset.theme") == theme:
            return
        switch.click()
        page.mouse.move(0, 0)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


def test_policy_stops_foreign_scripts(reader):
    reader.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.intruder = true";
            document.head.append(script);
        }"""
    )
    assert reader.page.evaluate("window.intruder") is None
    wrongs, reader.wrongs = reader.wrongs, []
    assert len(wrongs) == 1 and "Content Security Policy" in wrongs[0]
