"""Collections larger than there are texts: those of passages again and again, with noise.

Token vectors are those of the real passages: a tile's tokens are its passage's, so only what grows
with the collection is larger, and not the disk.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from eval.rows import Row
from index.bm25 import Bm25
from index.dense import DenseIndex
from index.encoding import Floats, TokenVectors
from index.frame import Frame
from index.generation import Generation
from index.late import LateIndex, LateScores
from index.lexical import LexicalIndex
from index.near import EXACT_BELOW, NEAREST, NearIndex
from index.ranking import Query, rank

SIZES: Final = (10_000, 100_000, 1_000_000)
_NOISE: Final = 0.02
_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class TiledLate:
    """The tokens of passages, standing for those of all their tiles."""

    late: LateIndex
    languages: NDArray[np.int8]

    @property
    def frame(self) -> Frame:
        """See ``index.late.LateIndex``."""
        return self.late.frame

    def score(self, question: TokenVectors, rows: NDArray[np.int64]) -> LateScores:
        """See ``index.late.LateIndex``."""
        return self.late.score(question, rows % len(self.late))


def searches(generation: Generation, asked: Floats, queries: Sequence[Query]) -> Iterator[Row]:
    """Time search and ranking at growing sizes, on one core, and compare with exact search.

    Args:
        generation: what is tiled.
        asked: stand for questions when the structures are built, ``(q, d) float32``.
        queries: are asked.
    """
    for size in SIZES:
        start = time.perf_counter()
        held = tile(generation, size, asked)
        yield Row(f"{size:,} tiled passages: structures built in", "s", time.perf_counter() - start)
        with threadpool_limits(1):
            faiss.omp_set_num_threads(1)
            taken = [_time(held, query) for query in queries]
        faiss.omp_set_num_threads(faiss.omp_get_max_threads())
        for percent in (50, 95):
            value = float(np.percentile(taken, percent))
            yield Row(f"{size:,} tiled passages: search and ranking, p{percent}", "ms", value)
        if held.near:
            yield Row(
                f"{size:,} tiled passages: recall@10 of exact search", "", _recall(held, queries)
            )


def tile(generation: Generation, size: int, asked: Floats) -> Generation:
    """Return a generation in memory of so many passages."""
    pooled = _noisy(generation.dense.vectors(np.arange(len(generation.passages))), size)
    languages = generation.late.languages[np.arange(size) % len(generation.passages)]
    parts = {code: np.flatnonzero(languages == code) for code in np.unique(languages)}
    near = {
        int(code): NearIndex.of(pooled[rows], rows, asked)
        for code, rows in parts.items()
        if len(rows) >= EXACT_BELOW
    }
    words, times = generation.lexical, -(-size // len(generation.passages))
    return replace(
        generation,
        dense=DenseIndex.of(pooled),
        near=near,
        late=cast("LateIndex", TiledLate(generation.late, languages)),
        lexical=LexicalIndex(
            words.language,
            _repeat(words.stems, times, size),
            _repeat(words.prefixes, times, size),
        ),
    )


def _noisy(vectors: Floats, size: int) -> Floats:
    tiled = vectors[np.arange(size) % len(vectors)]
    tiled += _NOISE * np.random.default_rng(_SEED).standard_normal(tiled.shape, dtype=np.float32)
    tiled /= np.linalg.norm(tiled, axis=1, keepdims=True)
    return tiled


def _repeat(words: Bm25, times: int, size: int) -> Bm25:
    """Return the words of so many passages; each term keeps its weight."""
    offsets, parts, weights, starts = np.arange(times) * len(words), [], [], [0]
    for first, last in zip(words.starts[:-1], words.starts[1:], strict=True):
        passages = np.add.outer(offsets, words.passages[first:last]).ravel()
        kept = passages < size
        parts.append(passages[kept].astype(np.int32))
        weights.append(np.tile(words.weights[first:last], times)[kept])
        starts.append(starts[-1] + int(kept.sum()))
    ends = np.array(starts, dtype=np.int64)
    return Bm25(np.concatenate(weights), np.concatenate(parts), ends, words.vocabulary)


def _time(generation: Generation, query: Query) -> float:
    start = time.perf_counter()
    rank(generation, query)
    return 1000 * (time.perf_counter() - start)


def _recall(generation: Generation, queries: Sequence[Query]) -> float:
    found = []
    for query in queries:
        exact = generation.dense.search(query.pooled[None], NEAREST)[0]
        near = [
            candidate
            for index in generation.near.values()
            for candidate in index.search(query.pooled, NEAREST, generation.dense)
        ]
        best = sorted(near, key=lambda c: -c.score)[:NEAREST]
        found.append(len({c.row for c in exact} & {c.row for c in best}) / NEAREST)
    return float(np.mean(found))
