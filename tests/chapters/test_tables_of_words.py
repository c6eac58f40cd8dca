"""Tables of words that a chapter writes out, held against the records that its figures read."""

import re

from migrationlab.models.comparing_theories import CLAIMS, SHOCKS, THEORIES, ZERO

import book


def rows_of(name):
    """Return the rows of all tables of a chapter, as lists of cells."""
    [chapter] = [chapter for chapter in book.chapters() if chapter.name == name]
    text = "\n".join(cell.source for cell in book.cells(chapter, "markdown"))
    values = book.names_after_the_run(chapter)
    text = re.sub(r"\{eval\}`(\w+)`", lambda found: values[found[1]], text)
    return [
        [cell.strip() for cell in line.strip(" |").split(" | ")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


ROWS = rows_of("comparing_theories")


def test_each_theory_has_a_row_as_in_its_record():
    for theory in THEORIES.values():
        [row] = [row for row in ROWS if row[0] == theory.short and len(row) == 4]
        assert row[1] == f"{{doc}}`{theory.chapter}`"
        assert row[2] == theory.unit


def test_each_shock_has_a_row_as_in_its_record():
    for shock in SHOCKS.values():
        [row] = [row for row in ROWS if row[0] == shock.short and len(row) == 4]
        assert row[1] == shock.label
        assert row[2].startswith(f"{'+' if shock.size > 0 else '−'}{abs(shock.size):g}%")
        assert row[3] == shock.outcome


def test_each_claim_of_no_effect_has_its_reason():
    told = {tuple(row) for row in ROWS if len(row) == 3}
    wanted = {
        (SHOCKS[shock].short, THEORIES[theory].label, claim.why)
        for shock, claims in CLAIMS.items()
        for theory, claim in claims.items()
        if claim.state == ZERO
    }
    assert wanted <= told
