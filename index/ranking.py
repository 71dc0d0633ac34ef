"""Passages in the order in which they answer a question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.dense import Candidate
from index.generation import Generation

DEPTH = 100
"""How many candidates are ranked."""

Ranking = list[Candidate]


def rank(
    generation: Generation, query: NDArray[np.float32], rows: NDArray[np.int64] | None = None
) -> Ranking:
    """Rank the passages for one query.

    Args:
        generation: what is searched.
        query: the pooled query vector, ``(d,) float32, L2-normalised``.
        rows: the only passages allowed; all when None.

    Returns:
        At most ``DEPTH`` candidates, best first.
    """
    return generation.dense.search(query[None], DEPTH, rows)[0]
