"""Where cosines of pooled vectors are measured from, so that no language is at an advantage.

Pooled vectors of an encoder all point roughly one way, and those of one language more so. The mean
of the passages of a language is taken from each of them, and the mean of all passages from a
question; what is left tells what a text is about (Mu and Viswanath, "All-but-the-top", 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from index.dense.exact import DenseIndex, Vectors

MEASURED_FROM: Final = 40
"""With fewer passages than this, their mean is their subject: cosines are not measured from it."""
_OWN_FROM: Final = 20
"""A language with fewer passages has the centre of all."""
_BLOCK: Final = 4_096


@dataclass(frozen=True, slots=True)
class Centres:
    """The means of pooled vectors.

    Attributes:
        vectors: of all passages, then of those of each language, by its number,
            ``(1 + l, d) float32``; no row where the passages are too few.
    """

    vectors: Vectors

    @classmethod
    def measure(cls, dense: DenseIndex, languages: NDArray[np.int8]) -> Self:
        """Measure the means of an index, a few vectors at a time.

        Args:
            dense: the pooled vectors of all passages.
            languages: of the passages, numbered from 0, ``(p,) int8``.
        """
        counts = np.bincount(languages)
        if len(languages) < MEASURED_FROM:
            return cls(np.empty((0, dense.dimension), dtype=np.float32))
        sums = np.zeros((len(counts), dense.dimension))
        for first in range(0, len(languages), _BLOCK):
            rows = np.arange(first, min(first + _BLOCK, len(languages)))
            np.add.at(sums, languages[rows], dense.vectors(rows))
        mean = sums.sum(axis=0) / len(languages)
        own = [s / n if n >= _OWN_FROM else mean for s, n in zip(sums, counts, strict=True)]
        return cls(np.stack([mean, *own]).astype(np.float32))

    def closeness(self, pooled: Vectors, vectors: Vectors, languages: NDArray[np.int8]) -> Vectors:
        """Return the cosines of a question with some passages, measured from the means.

        Args:
            pooled: of the question, ``(d,) float32, L2-normalised``.
            vectors: of the passages, ``(p, d) float32, L2-normalised``.
            languages: of the passages, numbered from 0, ``(p,) int8``.

        Returns:
            ``(p,) float32`` in -1 to 1; 0 where the passages are too few.
        """
        if not len(self.vectors):
            return np.zeros(len(vectors), dtype=np.float32)
        question = _normalised(pooled - self.vectors[0])
        with np.errstate(over="ignore", invalid="ignore"):  # of a damaged file, read unchecked
            moved = _normalised(vectors - self.vectors[1 + languages])
            return np.asarray(np.nan_to_num(moved @ question), dtype=np.float32)


def _normalised(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)
