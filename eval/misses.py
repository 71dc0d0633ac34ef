"""Lists the questions whose first passage is wrong, with that passage and a right one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.metrics import Judged


@dataclass(frozen=True, slots=True)
class Miss:
    """A question whose first passage is not relevant.

    Attributes:
        question: as it was asked.
        rank: of the first relevant passage, from 1; None if none was listed.
        above: the text of the passage ranked first, empty if there was none.
        gold: a text that answers.
    """

    question: str
    rank: int | None
    above: str
    gold: str


def misses(
    judged: Sequence[Judged],
    questions: Sequence[str],
    texts: Mapping[str, str],
    gold: Sequence[str],
) -> tuple[Miss, ...]:
    """Return the questions whose first passage is not relevant, the worst first.

    Args:
        judged: the rankings.
        questions: the texts of the same questions.
        texts: of the passages, by identifier.
        gold: for each question a text that answers it.
    """
    found = [
        Miss(question, rank, texts[j.ranked[0]] if j.ranked else "", answer)
        for j, question, answer in zip(judged, questions, gold, strict=True)
        if (rank := first_relevant(j)) != 1
    ]
    return tuple(sorted(found, key=lambda miss: -(miss.rank or len(texts) + 1)))


def first_relevant(judged: Judged) -> int | None:
    """Return the rank of the first relevant passage, from 1, or None."""
    ranks = enumerate(judged.ranked, start=1)
    return next((rank for rank, passage in ranks if passage in judged.relevant), None)
