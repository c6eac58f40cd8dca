"""The text of a chapter on a narrow window: tables, formulas, code, notes and what a finger hits.

Explorers are looked at elsewhere.
"""

import pytest

NARROW = 360
# Wide enough for a table's columns, for a margin, for a margin beside the list of contents.
WIDTHS = (700, 992, 1100, 1199, 1200, 1280)

# What these functions return is what is wrong, in words.
OUTSIDE = """
    const text = selector => [...document.querySelectorAll(`article ${selector}`)]
        .filter(part => !part.closest("figure.explorer, table.words > thead") && part.getClientRects().length);
    const named = part => `${part.tagName.toLowerCase()}.${part.className}: `
        + `${part.textContent.trim().replace(/\\s+/g, " ").slice(0, 60)}`;
    const scrolls = part => /auto|scroll/.test(getComputedStyle(part).overflowX);
    const held = part => {
        for (let up = part; up.tagName !== "ARTICLE"; up = up.parentElement) if (scrolls(up)) return true;
        return false;
    };
"""

CUT = f"""() => {{
    {OUTSIDE}
    const beyond = text("*").filter(part => !held(part) && !part.closest("svg, math")
        && part.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    const hidden = text("*").filter(part => /hidden|clip/.test(getComputedStyle(part).overflowX)
        && part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 1 && !part.closest(".katex"));
    return [...beyond, ...hidden].map(named);
}}"""

UNREACHED = f"""() => {{
    {OUTSIDE}
    return text("*").filter(part => scrolls(part) && part.scrollWidth > part.clientWidth + 1)
        .filter(part => part.tabIndex !== 0 || !part.getAttribute("role") || !part.getAttribute("aria-label"))
        .map(named);
}}"""

WIDE = f"""selector => {{
    {OUTSIDE}
    return text(selector).filter(part => part.scrollWidth > part.clientWidth + 1).map(named);
}}"""

# Each filled cell of a row stands below the one before or beside it, behind its heading.
CARDS = f"""() => {{
    {OUTSIDE}
    const wrong = text("table").filter(table => !table.matches(".words, .table-scroll > *")).map(named);
    for (const table of text("table.words")) {{
        const heads = [...table.tHead.rows[0].cells].map(cell => cell.textContent.trim());
        for (const row of table.tBodies[0].rows) {{
            const card = row.getBoundingClientRect();
            [...row.cells].forEach((cell, place) => {{
                const box = cell.getBoundingClientRect();
                const shown = getComputedStyle(cell, "::before").content;
                if (box.left < card.left || box.right > card.right + 1) wrong.push("outside: " + named(cell));
                if (cell.textContent.trim() && place && heads[place] && !cell.querySelector(".katex")
                    && !shown.includes(heads[place])) wrong.push(`no heading ${{heads[place]}}: ` + named(cell));
            }});
            const tops = new Set([...row.cells].map(cell => Math.round(cell.getBoundingClientRect().top)));
            if (row.cells.length > 2 && tops.size === 1) wrong.push("in one line: " + named(row));
        }}
    }}
    return wrong;
}}"""

KEYS = f"""() => {{
    {OUTSIDE}
    const wrong = [];
    for (const box of text(".table-scroll")) {{
        box.scrollLeft = box.scrollWidth;
        const left = box.getBoundingClientRect().left;
        for (const row of box.querySelectorAll("tr")) {{
            const key = row.cells[0].getBoundingClientRect();
            if (Math.abs(key.left - left) > 2) wrong.push("out of sight: " + named(row.cells[0]));
            if (key.width > box.clientWidth * 0.65 && row.cells.length > 2)
                wrong.push("no room beside: " + named(row.cells[0]));
        }}
        box.scrollLeft = 0;
    }}
    return wrong;
}}"""

# WCAG 2.2, 2.5.8: a smaller target needs a circle of 24 pixels to itself, unless it stands in a sentence.
TARGETS = """() => {
    const targets = [...document.querySelectorAll("article :is(a[href], button, summary, input, [role='button'])")]
        .filter(part => !part.closest("figure.explorer") && part.getClientRects().length)
        .filter(part => getComputedStyle(part).display !== "inline" || !inSentence(part))
        .map(part => ({ part, box: part.getBoundingClientRect() }));
    function inSentence(part) {
        const block = part.closest("p, li, td, dd, span.backrefs");
        return block && !block.matches(".backrefs")
            && block.textContent.trim().length > part.textContent.trim().length + 12;
    }
    const isSmall = box => Math.min(box.width, box.height) < 23.9;
    const middle = box => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return targets.filter(({ box }) => isSmall(box)).filter(one => targets.some(other => {
        if (one === other) return false;
        const [x, y] = middle(one.box), [u, v] = middle(other.box);
        const across = Math.max(other.box.left - x, 0, x - other.box.right);
        const along = Math.max(other.box.top - y, 0, y - other.box.bottom);
        return Math.hypot(across, along) < 12 || (isSmall(other.box) && Math.hypot(x - u, y - v) < 24);
    })).map(({ part, box }) =>
        `${part.textContent.trim().slice(0, 40)} in ${part.parentElement.className}: ${box.width}x${box.height}`);
}"""

FOLDS = """() => [...document.querySelectorAll("article summary")]
    .filter(fold => !fold.closest("figure.explorer") && fold.getBoundingClientRect().height < 23.9)
    .map(fold => fold.textContent.trim())"""

NOTES = """() => [...document.querySelectorAll("article .admonition.margin")].filter(note => {
    const box = note.getBoundingClientRect();
    return box.left < 0 || box.right > document.documentElement.clientWidth;
}).map(note => note.textContent.trim().slice(0, 60))"""


@pytest.fixture
def resize(phone):
    """Give the window another width; all folds are open, and no part of the page is on its way."""
    page, size = phone.page, phone.page.viewport_size
    phone.open_all_folds()
    page.emulate_media(reduced_motion="reduce")

    def of_width(width):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    yield of_width
    page.set_viewport_size(size)
    page.emulate_media(reduced_motion="no-preference")


@pytest.fixture
def narrow(phone, resize):
    """The page in a window of 360 pixels."""
    resize(NARROW)
    return phone


def find(visit, function, *arguments):
    """Assert that a function finds nothing wrong on the page."""
    wrong = visit.page.evaluate(function, *arguments)
    assert not wrong, "\n".join(wrong)


def test_nothing_is_cut(narrow):
    find(narrow, CUT)


def test_what_scrolls_is_reached_by_keyboard_and_has_a_name(narrow):
    find(narrow, UNREACHED)


def test_formulas_and_code_need_no_scrolling(narrow):
    find(narrow, WIDE, ".math-block")
    find(narrow, WIDE, "pre")


def test_rows_of_words_are_cards_with_headings(narrow):
    find(narrow, CARDS)


def test_the_key_of_a_row_of_numbers_stays_in_sight(narrow):
    find(narrow, KEYS)


def test_a_finger_hits_what_it_means(narrow):
    find(narrow, TARGETS)
    find(narrow, FOLDS)


def test_text_and_notes_stay_in_the_window(phone, resize):
    for width in WIDTHS:
        resize(width)
        find(phone, CUT)
        find(phone, NOTES)
