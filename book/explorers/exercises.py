"""Exercises that check themselves, on the page and in a kernel.

Both functions return an object that is shown by ending a cell with it.
The right answer is computed by the chapter's code, so that it cannot drift away from the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from math import isfinite
from typing import Any

from .replies import Verdict, decimals_wanted, judge, wanted

_ids = count(1)


def number(
    task: str,
    *,
    answer: float,
    unit: str = "",
    tolerance: float = 0.01,
    absolute: float | None = None,
    hints: Mapping[float, str] | None = None,
    right: str = "Right.",
) -> SelfCheck:
    """Ask for a number.

    The page says how many decimals are enough: so many that a rightly rounded answer lies within the
    tolerance. What people write, and the replies to a wrong sign or unit, are those of `replies`.

    Parameters
    ----------
    task : str
        The question, in plain text.
    answer : float
        The right answer, computed by code.
    unit : str, optional
        Shown behind the input. ``"%"``, ``"per 1,000"``, ``"thousand"`` before a word, and the usual
        units are understood: who types ``12%`` is right where 0.12 is asked for.
    tolerance : float
        Share of the answer within which a reply counts as right; for rounding, not for guessing.
    absolute : float, optional
        The same in units of the answer; used instead of `tolerance`, for instance when the answer is 0.
    hints : dict of float to str, optional
        Typical wrong answers, computed by code too, and what to tell the student.
    right : str
        What to say when the answer is right.

    Returns
    -------
    SelfCheck

    Raises
    ------
    ValueError
        If the answer or a hint is not finite, the tolerance accepts nothing or everything, or a hint
        would also accept the right answer.
    """
    answer = float(answer)
    margin = float(absolute) if absolute is not None else abs(answer) * tolerance
    if not isfinite(answer) or not 0 < margin < float("inf"):
        raise ValueError(
            f"The answer {answer} with tolerance {margin} cannot be "
            f"checked; give absolute= a positive number."
        )
    if absolute is None and tolerance >= 1:
        raise ValueError(
            f"The tolerance {tolerance} is a share of the answer and would "
            f"accept even 0; 0.01 is one percent."
        )
    mistakes = [(float(wrong), text) for wrong, text in (hints or {}).items()]
    for wrong, _ in mistakes:
        if not isfinite(wrong):
            raise ValueError(
                f"The hint for {wrong} can never be given; compute the wrong answer again."
            )
        if abs(wrong - answer) <= 2 * margin:
            raise ValueError(f"The hint for {wrong} would catch the right answer {answer}.")
    return SelfCheck(
        task,
        {
            "answer": answer,
            "tolerance": margin,
            "hints": mistakes,
            "right": right,
            "unit": unit,
            "wanted": wanted(decimals_wanted(answer, margin)),
        },
    )


def choose(
    task: str,
    *,
    options: Mapping[str, str] | Sequence[str],
    answer: str,
    because: str = "",
) -> SelfCheck:
    """Ask to choose one of several answers.

    Parameters
    ----------
    task : str
    options : dict of str to str, or sequence of str
        The answers; as a dict, with what to reply to each.
    answer : str
        The right one.
    because : str, optional
        Added to the reply to the right answer.

    Returns
    -------
    SelfCheck
    """
    replies = dict(options) if isinstance(options, dict) else {option: "" for option in options}
    if answer not in replies:
        raise ValueError(
            f"The right answer '{answer}' is none of the options: {', '.join(replies)}."
        )
    texts = [
        " ".join(
            filter(
                None,
                [
                    "Right." if option == answer else "Not this one.",
                    reply,
                    because if option == answer else "",
                ],
            )
        )
        for option, reply in replies.items()
    ]
    return SelfCheck(
        task, {"options": list(replies), "answer": list(replies).index(answer), "replies": texts}
    )


class SelfCheck:
    """A question with a checked answer; made by `number` and `choose`."""

    def __init__(self, task: str, record: dict[str, Any]) -> None:
        self.task = task
        self.record = record
        self.key = f"check-{next(_ids)}"

    @property
    def unit(self) -> str:
        """The unit that is shown behind the input."""
        return self.record.get("unit", "")

    def judge(self, reply: str | float) -> Verdict:
        """Judge a reply as the page does.

        Parameters
        ----------
        reply : str or float
            What was typed, or the position of the chosen option.

        Returns
        -------
        Verdict
            ``right``, ``text``, and whether it could be ``read``.
        """
        if "options" in self.record:
            position = int(reply)
            return Verdict(
                position == self.record["answer"], self.record["replies"][position], True
            )
        return judge(str(reply), self.record)

    def check(self, reply: str | float) -> tuple[bool, str]:
        """Return of `judge` whether the reply is right, and what is said."""
        verdict = self.judge(reply)
        return verdict.right, verdict.text

    def in_words(self) -> str:
        """Return the question, for where nothing else can be shown."""
        return self.task

    def to_html(self) -> str:
        """Return the question as a piece of a plain page; see `explorers.page`."""
        from .page import exercise_html

        return exercise_html(self)

    def widget(self) -> Any:
        """Return the question as ipywidgets; see `explorers.kernel`."""
        from .kernel import exercise_widget

        return exercise_widget(self)

    def _ipython_display_(self) -> None:
        from . import kernel, page

        if page.is_being_built():
            page.display_piece(self)
        else:
            kernel.display_exercise(self)
