"""The baselines that Passerelle is compared with, over the same passages and questions."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np

from documents.types import Passage
from index.analysis import analyse
from qa.question import for_query
from qa.service import QAService

DEPTH = 100
"""How many passages each baseline ranks at most."""
RANK_OFFSET = 60
"""The constant k of reciprocal rank fusion, at its authors' value."""

Ranking = list[int]
"""Rows of the index, best first."""


class Bm25:
    """BM25 (Robertson and Zaragoza, 2009) as Lucene has it, k1 = 1.5, b = 0.75."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Index the passages; each is stemmed by its own language."""
        self._languages = sorted({passage.language for passage in passages})
        terms = [analyse(passage.text, passage.language) for passage in passages]
        self._index = bm25s.BM25(method="lucene", k1=1.5, b=0.75) if any(terms) else None
        if self._index:
            self._index.index(terms, show_progress=False)

    def rank(self, question: str) -> Ranking:
        """Rank the passages that share a term; the question is stemmed as the passages are."""
        found = (term for code in self._languages for term in analyse(question, code))
        terms = list(dict.fromkeys(found))
        if not terms or not self._index:
            return []
        scores = self._index.get_scores(terms)
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        return [int(row) for row in best if scores[row] > 0]


def rank_dense(service: QAService, questions: Sequence[str]) -> list[Ranking]:
    """Rank by the inner product of the pooled vectors."""
    encoded = service.encoder.encode_queries([for_query(question) for question in questions])
    every = np.arange(len(service.generation.passages))
    cosines = (service.generation.cosines(pooled, every) for pooled in encoded.pooled)
    return [np.argsort(-found, kind="stable")[:DEPTH].tolist() for found in cosines]


def fuse(*rankings: Ranking) -> Ranking:
    """Fuse rankings by ``sum(1 / (60 + rank))`` (Cormack, Clarke and Büttcher, 2009)."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (RANK_OFFSET + rank)
    return sorted(scores, key=scores.__getitem__, reverse=True)[:DEPTH]


def rank_baselines(service: QAService, questions: Sequence[str]) -> dict[str, list[Ranking]]:
    """Rank every question by every baseline, named."""
    words = Bm25(service.generation.passages)
    dense = rank_dense(service, questions)
    bm25 = [words.rank(question) for question in questions]
    fused = [fuse(*pair) for pair in zip(dense, bm25, strict=True)]
    return {"dense": dense, "bm25": bm25, "rrf": fused}
