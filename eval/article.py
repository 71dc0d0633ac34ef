"""Asks the fixed question set on the bundled article, by the code that answers people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from documents.types import Document, Passage
from eval.abstention import Outcomes, outcomes
from eval.metrics import Judged
from eval.misses import Miss, first_relevant, misses
from eval.sets.questions import Question
from qa.answer.service import MAX_TOP_K, AskRequest, QAService
from qa.answer.types import Answer, RankedPassage

COVERED = 0.5
"""The share of a quote's characters that a passage must hold to count as relevant."""

Groups = dict[str, NDArray[np.bool_]]
"""Groups of questions: the name that is printed, and the members, ``(n,) bool``."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the set, its answer, and how that is judged.

    Attributes:
        question: the question, with its gold quotes.
        answer: the answer of the service.
        judged: the ranked passages, and those that are relevant.
        highlighted: whether the first highlight of the first passage overlaps a quote;
            None where that passage is not relevant.
    """

    question: Question
    answer: Answer
    judged: Judged
    highlighted: bool | None

    @property
    def right(self) -> bool:
        """Whether the first passage is relevant."""
        return first_relevant(self.judged) == 1

    @property
    def direction(self) -> str:
        """From the question's language to that of the first passage."""
        return f"{self.question.language} → {self.answer.passages[0].passage.language}"


def ask_all(service: QAService, questions: Sequence[Question]) -> list[Asked]:
    """Ask every question; its language is detected, as it is for anyone."""
    answers = service.ask_many([AskRequest(q.text, top_k=MAX_TOP_K) for q in questions])
    return [_asked(service, *pair) for pair in zip(questions, answers, strict=True)]


def relevant_passages(
    question: Question, documents: Sequence[Document], passages: Sequence[Passage]
) -> frozenset[str]:
    """Return the passages that hold at least half of one of the question's quotes.

    Gold is a quote and not a passage, so it survives any chunking.
    """
    found = set()
    for document in documents:
        own = [p for p in passages if p.document_id == document.id]
        for quote in question.quotes:
            for start in _occurrences(quote, document.text):
                found |= {p.id for p in own if _covers(p, start, len(quote))}
    return frozenset(found)


def groups(asked: Sequence[Asked]) -> Groups:
    """Return which questions belong to each direction and to each kind."""
    return {
        "all": np.ones(len(asked), dtype=bool),
        **_by(asked, lambda a: a.direction),
        **_by(asked, lambda a: a.question.kind),
    }


def abstention_groups(asked: Sequence[Asked]) -> Groups:
    """Return the groups in which the confidence is judged: all, by split, direction and kind."""
    return {
        "all": np.ones(len(asked), dtype=bool),
        **_by(asked, lambda a: a.question.split),
        **_by(asked, lambda a: a.direction),
        **_by(asked, lambda a: a.question.kind),
    }


def abstention_of(asked: Sequence[Asked]) -> Outcomes:
    """Return the confidence of each answer, and whether its first passage is relevant."""
    return outcomes(
        [a.answer for a in asked],
        [a.right for a in asked],
        [a.question.answerable for a in asked],
    )


def misses_of(asked: Sequence[Asked]) -> tuple[Miss, ...]:
    """Return the answerable questions whose first passage is not relevant, the worst first."""
    answerable = [a for a in asked if a.question.answerable]
    texts = {p.passage.id: p.passage.text for a in answerable for p in a.answer.passages}
    return misses(
        [a.judged for a in answerable],
        [a.question.text for a in answerable],
        texts,
        [a.question.quotes[0] for a in answerable],
    )


def _by(asked: Sequence[Asked], key: Callable[[Asked], str]) -> Groups:
    keys = np.array([key(a) for a in asked])
    return {str(name): keys == name for name in np.unique(keys)}


def _asked(service: QAService, question: Question, answer: Answer) -> Asked:
    held = service.generation
    gold = relevant_passages(question, tuple(held.documents.values()), held.passages)
    ranked = tuple(r.passage.id for r in answer.passages)
    judged = Judged(question.id, ranked, gold)
    first = answer.passages[0] if first_relevant(judged) == 1 else None
    highlighted = None if first is None else _highlights(first, question, service)
    return Asked(question, answer, judged, highlighted)


def _highlights(first: RankedPassage, question: Question, service: QAService) -> bool:
    if not first.highlights:
        return False
    passage = first.passage
    start, end = (passage.start + offset for offset in first.highlights[0])
    text = service.document(passage.document_id).text
    places = ((s, s + len(quote)) for quote in question.quotes for s in _occurrences(quote, text))
    return any(max(start, s) < min(end, e) for s, e in places)


def _occurrences(quote: str, text: str) -> list[int]:
    starts, start = [], text.find(quote)
    while start >= 0:
        starts.append(start)
        start = text.find(quote, start + 1)
    return starts


def _covers(passage: Passage, start: int, length: int) -> bool:
    shared = min(passage.end, start + length) - max(passage.start, start)
    return shared >= COVERED * length
