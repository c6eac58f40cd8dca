"""Where the parts of an explorer stand: together, on a desk and on a phone."""

# For each control, when it comes into the window: what of the explorer is in sight with it.
IN_SIGHT = """figure => [...figure.querySelectorAll("form [name]")].map(control => {
    control.scrollIntoView({ block: "nearest", behavior: "instant" });
    const [chart, sentence, own] = [".explorer-chart", ".explorer-sentence", `[name='${control.name}']`].map(
        part => figure.querySelector(part).getBoundingClientRect());
    const hit = document.elementFromPoint(own.left + own.width / 2, own.top + own.height / 2);
    const bar = document.querySelector(".bd-header-article").getBoundingClientRect();
    return {
        control: control.name,
        chart: chart.top >= bar.bottom - 1 && chart.bottom <= own.top + 1,
        sentence: sentence.bottom <= innerHeight + 1 && (sentence.top >= own.bottom - 1),
        free: hit === control,
        room: innerHeight - bar.bottom - chart.height - sentence.height,
    };
})"""

# Until the page is laid out anew, and has been told of it.
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What a control takes with its label, and a little air.
HAND = 125


def test_chart_and_sentence_stay_in_sight_of_a_thumb(phone, chapter):
    """A small phone: the control in hand is between the chart and the sentence, if all three fit."""
    page = phone.page
    page.set_viewport_size({"width": 360, "height": 640})
    page.evaluate(FRAMES)
    for figure in page.locator("figure.explorer").all():
        tall = "tall" in figure.get_attribute("class").split()
        for seen in figure.evaluate(IN_SIGHT):
            fits = seen["room"] > HAND
            wanted = ["free", *["sentence"] * (fits or tall), *["chart"] * (fits and not tall)]
            missing = [part for part in wanted if not seen[part]]
            assert not missing, f"{figure.get_attribute('id')}: {seen}"
    page.set_viewport_size({"width": 375, "height": 900})


BESIDE = """figures => figures.filter(figure => {
    const [controls, chart] = [".explorer-controls", ".explorer-chart"].map(
        part => figure.querySelector(part).getBoundingClientRect());
    return !(controls.right <= chart.left && controls.top < chart.bottom);
}).map(figure => figure.id)"""


def test_controls_stand_beside_the_chart(desk, chapter):
    page = desk.page
    for width in (900, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.eval_on_selector_all("figure.explorer", BESIDE) == [], width
    page.set_viewport_size({"width": 1280, "height": 900})
