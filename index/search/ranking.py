"""Passages in the order in which they answer a question.

The pooled vectors and the words find candidates; late interaction ranks them::

    score = LATE * MaxSim of the passage + SENTENCE * MaxSim of its best sentence
          + LEXICAL * BM25F + POOLED * closeness of the pooled vectors

divided by the sum of the weights, where BM25F is divided by the sum of the idf of the question's
terms. The weights were chosen on development data, leaving out each benchmark in turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoder.protocol import Floats, TokenVectors
from index.late.scoring import LateScores
from index.search.searchable import LexicalQuery, Searchable

LATE: Final = 1.0
SENTENCE: Final = 2.0
LEXICAL: Final = 0.4
POOLED: Final = 0.3

DENSE_DEPTH: Final = 40
LEXICAL_DEPTH: Final = 20
"""How many candidates at most: by vectors in each language, and by words in all."""


@dataclass(frozen=True, slots=True)
class Query:
    """An encoded question.

    Attributes:
        text: what was encoded.
        language: ``fr`` or ``en``.
        pooled: ``(d,) float32, L2-normalised``.
        tokens: the vectors of its tokens.
    """

    text: str
    language: str
    pooled: Floats
    tokens: TokenVectors


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first: every array has one entry for each, in that order.

    Attributes:
        rows: which passages, ``(p,) int64``.
        scores: what they are ranked by, ``(p,) float32``; higher is better.
        late: the signals of late interaction.
        lexical: BM25 over the sum of the question's idf, ``(p,) float32``.
    """

    rows: NDArray[np.int64]
    scores: Floats
    late: LateScores
    lexical: Floats

    def reordered(self, scores: Floats) -> Ranking:
        """Return the ranking by other scores of its first passages, the rest below them."""
        order = np.argsort(-scores, kind="stable")
        order = np.concatenate([order, np.arange(len(scores), len(self.rows))])
        below = np.minimum(self.scores[len(scores) :], scores.min())
        ranked = np.concatenate([scores, below])[order]
        return Ranking(self.rows[order], ranked, self.late.at(order), self.lexical[order])


def rank(
    generation: Searchable, query: Query, rows: NDArray[np.int64] | None = None
) -> Ranking | None:
    """Rank the passages for one question; None where there is no passage to rank.

    Args:
        generation: what is searched.
        query: the question.
        rows: the only passages allowed; all when None.
    """
    words = generation.lexical_query(query.text, query.language)
    candidates = _candidates(generation, query, words, rows)
    if not len(candidates):
        return None
    late, lexical = generation.match(query.tokens, candidates), words.at(candidates)
    scores = _fuse(late, lexical, generation.closeness(query.pooled, candidates))
    order = np.argsort(-scores, kind="stable")
    return Ranking(candidates[order], scores[order], late.at(order), lexical[order])


def _candidates(
    generation: Searchable, query: Query, words: LexicalQuery, rows: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    near = generation.nearest(query.pooled, DENSE_DEPTH, rows).tolist()
    # In the order of the vectors, which then decides between equal scores.
    return np.array(
        list(dict.fromkeys(near + words.best(LEXICAL_DEPTH, rows).tolist())), dtype=np.int64
    )


def _fuse(late: LateScores, lexical: Floats, pooled: Floats) -> Floats:
    total = LATE * late.passages + SENTENCE * late.sentences + LEXICAL * lexical + POOLED * pooled
    return np.asarray(total / (LATE + SENTENCE + LEXICAL + POOLED), dtype=np.float32)
