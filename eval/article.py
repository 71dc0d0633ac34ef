"""The fixed question set on the bundled article, through the path that answers people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from documents.types import Document, Passage
from eval.metrics import Judged
from eval.questions import Question
from qa.service import MAX_TOP_K, QAService, Request
from qa.types import Answer

COVERED = 0.5
"""The share of a quote's characters that a passage must hold to count as relevant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the set, its answer, and how the ranking is judged."""

    question: Question
    answer: Answer
    judged: Judged


def ask_all(service: QAService, questions: Sequence[Question]) -> list[Asked]:
    """Ask every question; its language is detected, as it is for anyone."""
    answers = service.ask_many([Request(q.text, top_k=MAX_TOP_K) for q in questions])
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


def _occurrences(quote: str, text: str) -> list[int]:
    starts, start = [], text.find(quote)
    while start >= 0:
        starts.append(start)
        start = text.find(quote, start + 1)
    return starts


def _covers(passage: Passage, start: int, length: int) -> bool:
    shared = min(passage.end, start + length) - max(passage.start, start)
    return shared >= COVERED * length


def _asked(service: QAService, question: Question, answer: Answer) -> Asked:
    held = service.generation
    gold = relevant_passages(question, tuple(held.documents.values()), held.passages)
    ranked = tuple(r.passage.id for r in answer.passages)
    return Asked(question, answer, Judged(question.id, ranked, gold))
