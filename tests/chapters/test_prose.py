"""The sentences of the book: spelled as in the United States, one to a line of the source."""

import ast
import re
from pathlib import Path

import pytest
from spellchecker import SpellChecker

import book

# Names, terms and abbreviations that the dictionary lacks; one to a line, in alphabetical order.
ALLOWED = Path(__file__).with_name("words.txt")

# What is no prose: formulas, directives' names and options, addresses, targets of links, HTML.
NO_PROSE = re.compile(
    r"^ *[`:]{3,}(\{[\w-]+\})?|\$\$.*?\$\$|\$[^$\n]*\$|\{[\w:-]+\}`[^`\n]*`|`[^`\n]*`|^ *:[\w-]+:[^\n]*$"
    r"|https?://\S+|\]\([^)\n]*\)|</?[a-z][^>\n]*>|^\([\w-]+\)=$",
    re.DOTALL | re.MULTILINE,
)
FENCE = re.compile(r"^ *(`{3,}|:{3,})(?:\{([\w-]+)\}|(\w*)\s*$)")


def without_code(text):
    """Return a cell's text with the lines of code blocks left empty."""
    lines, opened, code = [], [], None
    for line in text.splitlines():
        fence = FENCE.match(line)
        if code:
            ends = line.strip() == code
            code, line = (None, "") if ends else (code, "")
        elif fence and fence[2] and fence[2] not in ("bibliography", "code-block"):
            opened.append(fence[1])
        elif fence and opened and line.strip() == opened[-1]:
            opened.pop()
        elif fence:
            code, line = fence[1], ""
        lines.append(line)
    return "\n".join(lines)


WORD = re.compile(r"[A-Za-zÀ-ž]+(?:['’][A-Za-z]+)?")


def words(text):
    """Return the words of prose, with straight apostrophes and without the possessive."""
    # A letter may be bold within its word, as in an abbreviation that is spelled out.
    plain = re.sub(r"(?<=\w)\*+|\*+(?=\w)", "", NO_PROSE.sub(" ", without_code(text)))
    found = (word.replace("’", "'") for word in WORD.findall(plain))
    return {word.removesuffix("'s") for word in found if len(word) > 1}


def texts_of_figures(chapter):
    """Return the texts that a module of figures shows: its strings of three words or more."""
    module = book.ROOT / "book" / "figures" / f"{chapter.name}.py"
    if not module.exists():
        return ""
    strings = [
        node.value
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    fields = re.compile(r"\{(?!cite)\w+(\[\w+\])?(:[^{}?]*)?\}|\{\w+\?|datum\S*|\w+ [=!]= \S+")
    return "\n".join(fields.sub(" ", text) for text in strings if text.count(" ") >= 2)


@pytest.fixture(scope="module")
def allowed():
    return ALLOWED.read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def dictionary(allowed):
    checker = SpellChecker(distance=1)
    checker.word_frequency.load_words(allowed)
    # British forms that the dictionary takes as well.
    checker.word_frequency.remove_words(["travelled", "travelling", "cancelled", "labelled"])
    return checker


def test_words_are_spelled_right(chapter, dictionary):
    prose = "\n".join(cell.source for cell in book.cells(chapter, "markdown"))
    unknown = dictionary.unknown(words(prose) | words(texts_of_figures(chapter)))
    assert not unknown, (
        f"{sorted(unknown)}: correct them, or add a name or term to {ALLOWED.name}, in its place"
    )


def test_the_list_of_words_is_in_order(allowed):
    assert allowed == sorted(set(allowed), key=lambda word: (word.casefold(), word))


# ---- one sentence to a line

# A point that ends no sentence.
ABBREVIATIONS = (
    r"(?<!\b[A-Z])(?<!\bvs)(?<!\bNo)(?<!\bNos)(?<!\bvol)(?<!\bpp)(?<!\bp)(?<!\bet al)(?<!\bca)"
)
SENTENCE_END = re.compile(ABBREVIATIONS + r"[.?!][”\"’)*_]* +(?=[“\"(*_]*[A-Z{0-9])")
LABEL = re.compile(r"^\s*(?:[-*+]|\d+\.)?\s*(?:\{bdg-\w+\}`[^`]*`\s*)?(?:\*{1,2}[^*]+\*{1,2}\s*)?")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.) ")
# Lines that are no running text.
SPECIAL = re.compile(r"^\s*(\||#|[`:]{3,}|\(|:[\w-]+:|<|\$\$|:|%|---)")


def paragraphs(text):
    """Yield the paragraphs and list items of a cell, each as a list of its lines."""
    text = re.sub(r"\$\$.*?\$\$", "", without_code(text), flags=re.DOTALL)
    lines = []
    for line in [*text.splitlines(), ""]:
        if not line.strip() or SPECIAL.match(line) or ITEM.match(line):
            if lines:
                yield lines
            lines = [line] if ITEM.match(line) else []
        else:
            lines.append(line)


def test_each_sentence_has_a_line(chapter):
    crowded = [
        line
        for cell in book.cells(chapter, "markdown")
        for lines in paragraphs(cell.source)
        for line in lines
        if SENTENCE_END.search(re.sub(r"`[^`]*`", "`x`", LABEL.sub("", line)))
    ]
    assert not crowded, (
        f"start a new line after each sentence; {len(crowded)}, the first: {crowded[0]}"
    )


def test_no_sentence_is_torn_apart(chapter):
    torn = [
        line
        for cell in book.cells(chapter, "markdown")
        for lines in paragraphs(cell.source)
        for line in lines[:-1]
        if not re.search(r"[.?!:;,…][”\"’)*_`]*\s*$|`\"$|\\$|^\{bdg", line)
    ]
    assert not torn, f"a sentence stays on its line; {len(torn)}, the first: {torn[0]}"
