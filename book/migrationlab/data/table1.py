"""The propositions of the article's Table 1, each beside what its source says."""

from __future__ import annotations

from explorers.sentences import markdown_table

from migrationlab.data.loading import load

__all__ = ["propositions"]

# What is said of one line of the article, of several, and what the verdict means.
_VERDICTS = {
    "faithful": ("stands as it is", "stand as they are", ""),
    "loose": (
        "is loose",
        "are loose",
        ("that the sense is kept, while a part is lost or comes from elsewhere"),
    ),
    "wrong": ("is wrong", "are wrong", "that the line says something else than its source"),
    "not in the source": (
        "is not in the source",
        "are not in the source",
        "that the author named makes no such claim",
    ),
}

# As many as the schema of the table allows lines of one theory.
_NUMBER_WORDS = "none one two three four five six seven eight nine ten eleven twelve".split()


def propositions(theory: str):
    """Set what the article's Table 1 says about a theory beside what the source says.

    Parameters
    ----------
    theory : str
        A theory of the table ``table1_propositions``, for example ``"ravenstein"``.

    Returns
    -------
    IPython.display.Markdown
        How many lines of the article stand, what the other verdicts mean, and a table with one row
        per line: wording, verdict and a link to its discussion; the source's claim in our words,
        and whether the tables of the book can test it.

    Raises
    ------
    ValueError
        If the table has no line on such a theory. The message lists the theories.
    """
    from IPython.display import Markdown

    table = load("table1_propositions")
    rows = table[table["theory"] == theory]
    if rows.empty:
        known = ", ".join(dict.fromkeys(table["theory"]))
        raise ValueError(
            f"The article's Table 1 has no lines on “{theory}”. There are lines on: {known}."
        )
    head = ("The article says", "The source says, in our words")
    lines = markdown_table(head, (_proposition(row) for row in rows.itertuples()))
    return Markdown(f"{_tally(rows['verdict'])}\n\n{lines}")


def _tally(verdicts):
    """Count the lines by verdict in a sentence, beginning with what stands, and explain the rest."""
    parts, meanings = [], []
    for verdict, (one, several, meaning) in _VERDICTS.items():
        count = int((verdicts == verdict).sum())
        # What stands is named even if it is nothing: it comes first.
        if count or verdict == "faithful":
            parts.append(f"{_NUMBER_WORDS[count]} {several if count > 1 else one}")
        if count and meaning:
            meanings.append(f"*{verdict}*{',' if meanings else ' means'} {meaning}")
    sentence = f"Of {_NUMBER_WORDS[len(verdicts)]} lines, {_listed(parts)}."
    if not meanings:
        return sentence
    # The first meaning begins a sentence.
    explained = "; ".join(meanings)
    return f"{sentence}\n*{explained[1].upper()}{explained[2:]}."


def _listed(parts):
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def _proposition(row):
    """Write the two cells of one line; their parts stand below each other, so that a phone shows both."""
    claim, keys = row.original_claim.rstrip("."), row.source.replace(";", ",")
    return (
        (
            f"**{row.number}.** {row.wording}<br>**{row.verdict}** · [discussion of "
            f"{row.number}](#{row.anchor})"
        ),
        (
            f"{claim} {{cite:p}}`{keys}`.<br>Can our data test it? "
            f"**{row.testable.capitalize()}.** {row.how}"
        ),
    )
