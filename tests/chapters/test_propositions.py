"""Each line of the article's Table 1 leads to the place in the book that discusses it."""

import re

import pytest
from migrationlab import data

import book

PROPOSITIONS = data.load("table1_propositions")
TARGET = re.compile(r"\((table1-[^)\s]*)\)=")
HEADING = re.compile(r"#{1,6} ")
FENCE = re.compile(r"`{3,}|:{3,}")


@pytest.fixture(params=PROPOSITIONS.to_dict("records"), ids=lambda row: row["id"])
def proposition(request):
    return request.param


def chapter_named(name):
    found = [chapter for chapter in book.chapters() if chapter.name == name]
    assert found, f"{name} is not in _toc.yml"
    return found[0]


def written(chapter):
    """Return the text of a chapter."""
    return [cell for cell in book.cells(chapter) if cell.cell_type == "markdown"]


def targets(chapter):
    """Return the targets of a chapter, in order, in whatever kind of cell."""
    return [name for cell in book.cells(chapter) for name in TARGET.findall(cell.source)]


def lines(chapter):
    """Yield the lines of a chapter, each with whether it is a heading."""
    for cell in written(chapter):
        fence = ""
        for line in cell.source.splitlines():
            marks = FENCE.match(line)
            if marks and not fence:
                fence = marks[0]
            elif marks and line.rstrip() == fence:
                fence = ""
            yield line, cell.cell_type == "markdown" and not fence and bool(HEADING.match(line))


def discussion(chapter, anchor):
    """Return the text from a target to the next heading or target; a heading right below it is part of it."""
    rows = iter(lines(chapter))
    for line, _ in rows:
        if f"({anchor})=" in line:
            break
    text = []
    for line, heading in rows:
        if (heading or TARGET.match(line)) and text:
            break
        if line.strip() and not TARGET.match(line):
            text.append(line)
    return "\n".join(text)


def test_the_place_exists_once(proposition):
    found = targets(chapter_named(proposition["chapter"]))
    assert found.count(proposition["anchor"]) == 1


def test_the_place_discusses_it(proposition):
    text = discussion(chapter_named(proposition["chapter"]), proposition["anchor"])
    assert proposition["term"].casefold() in text.casefold(), text


def test_no_place_is_without_its_proposition(chapter):
    known = PROPOSITIONS.loc[PROPOSITIONS["chapter"] == chapter.name, "anchor"]
    orphans = set(targets(chapter)) - set(known)
    assert not orphans, f"no row of table1_propositions.csv leads to {orphans}"


def test_a_theory_shows_its_lines(chapter):
    """Once, in the section of that name, and no other theory's."""
    theories = PROPOSITIONS.loc[PROPOSITIONS["chapter"] == chapter.name, "theory"].unique()
    wanted = [f'data.propositions("{theory}")' for theory in theories]
    cells = book.cells(chapter)
    shown = [
        number
        for number, cell in enumerate(cells)
        if cell.cell_type == "code" and "data.propositions(" in cell.source
    ]
    assert [cells[number].source for number in shown] == wanted
    for number in shown:
        assert cells[number - 1].source.endswith("## The article's Table 1, line by line")
