"""The baselines that Passerelle is compared with, over the same passages and questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bm25s
import numpy as np

from documents.types import Passage
from eval.rivals.headed import headed
from index.encoder.protocol import Encoder, Floats
from index.lexical.analysis import analyse
from index.lexical.bm25 import K1, B
from qa.answer.service import QAService
from qa.question import for_query

DEPTH = 100
"""How many passages each baseline ranks at most."""
RANK_OFFSET = 60
"""The constant k of reciprocal rank fusion, at its authors' value."""

Ranking = list[int]
"""Rows of the index, best first."""
Written = Callable[[Passage], str]
"""Writes a passage as a rival reads it."""
BATCH = 64


class Bm25Baseline:
    """BM25 (Robertson and Zaragoza, 2009), Lucene's variant, with the k1 and b of our own index."""

    def __init__(
        self, passages: Sequence[Passage], written: Written = lambda passage: passage.text
    ) -> None:
        """Index the passages, by default bare; each is stemmed by its own language."""
        self._languages = sorted({passage.language for passage in passages})
        terms = [analyse(written(passage), passage.language) for passage in passages]
        self._index = bm25s.BM25(method="lucene", k1=K1, b=B) if any(terms) else None
        if self._index:
            self._index.index(terms, show_progress=False)

    def rank(self, question: str) -> Ranking:
        """Rank the passages that share a term with the question; it is stemmed as they are."""
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
    return [_best(found) for found in cosines]


def rank_headed(
    service: QAService, encoder: Encoder, questions: Sequence[str]
) -> dict[str, list[Ranking]]:
    """Rank every question by the baselines that read headings, named as the bare ones are.

    Args:
        service: answers from the passages.
        encoder: encodes these, each below its title and headings: one vector, one cosine.
        questions: in French or English.
    """
    held = service.generation
    titles = {name: document.title for name, document in held.documents.items()}

    def written(passage: Passage) -> str:
        return headed(titles[passage.document_id], passage.section, passage.text)

    words = Bm25Baseline(held.passages, written)
    vectors = _encoded(encoder, [written(passage) for passage in held.passages])
    encoded = service.encoder.encode_queries([for_query(question) for question in questions])
    dense = [_best(vectors @ pooled) for pooled in encoded.pooled]
    return _with_fusion(dense, [words.rank(question) for question in questions])


def fuse(*rankings: Ranking) -> Ranking:
    """Fuse rankings by ``sum(1 / (60 + rank))`` (Cormack, Clarke and Büttcher, 2009)."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (RANK_OFFSET + rank)
    return sorted(scores, key=scores.__getitem__, reverse=True)[:DEPTH]


def rank_baselines(service: QAService, questions: Sequence[str]) -> dict[str, list[Ranking]]:
    """Rank every question by every baseline, named."""
    words = Bm25Baseline(service.generation.passages)
    dense = rank_dense(service, questions)
    return _with_fusion(dense, [words.rank(question) for question in questions])


def _with_fusion(dense: list[Ranking], bm25: list[Ranking]) -> dict[str, list[Ranking]]:
    fused = [fuse(*pair) for pair in zip(dense, bm25, strict=True)]
    return {"dense": dense, "bm25": bm25, "rrf": fused}


def _best(scores: Floats) -> Ranking:
    found: Ranking = np.argsort(-scores, kind="stable")[:DEPTH].tolist()
    return found


def _encoded(encoder: Encoder, texts: Sequence[str]) -> Floats:
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike in length: faster
    vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        vectors[rows] = encoder.encode_passages([texts[row] for row in rows]).pooled
    return vectors
