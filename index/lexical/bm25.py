"""BM25F over two fields, the text and its context, normalised by question.

Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields" (2004): how
often a term stands in a field is divided by the field's length, the fields are added by their
weights, and the sum saturates as in BM25. Where there is no context it is BM25 (Robertson and
Zaragoza, 2009), in Lucene's variant with its usual k1 = 1.2 and b = 0.75. The weights are computed
once, when an index is built; the score of a passage is the sum of the weights of the question's
terms. A term is identified by 64 bits of its digest, so memory never holds a list of all terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import key, mapped
from index.errors import CorruptIndex

K1: Final = 1.2
B: Final = 0.75
ABOVE: Final = 1.0
"""What a term in the context counts, where one in the text counts 1."""
ALWAYS: Final = "·"
"""A term added to every passage, so that none is empty; no question contains it."""
_ADDED: Final = 200_000
"""How many weights are added up at most to find passages; up to 10,000 passages, all of them."""
_SCORED: Final = 5_000
"""Of so many rows at most, each is scored."""
_WIDER: Final = 10.0
"""How many times as many weights are added up at most where only some rows are allowed."""
_PROMISING: Final = 10
"""How many times the wanted number of passages is scored again with all terms."""


@dataclass(frozen=True, slots=True)
class Bm25:
    """The terms of all passages, in the order of the passages.

    Attributes:
        weights: BM25's weights of each term in its passages, term by term, ``(w,) float32``.
        passages: the passage of each weight, rising within a term, ``(w,) int32``.
        starts: the first weight of each term; at the end w. ``(v + 1,) int64``.
        terms: the keys of the terms, rising, ``(v,) uint64``.
    """

    weights: NDArray[np.float32]
    passages: NDArray[np.int32]
    starts: NDArray[np.int64]
    terms: NDArray[np.uint64]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open the index of a folder, memory-mapped.

        Raises:
            CorruptIndex: it is missing or damaged.
        """
        try:
            index = cls(*(mapped(folder / f"{name}.npy") for name in cls.__slots__))
            index._check()
        except (OSError, ValueError, TypeError, IndexError) as error:
            raise CorruptIndex(
                f"{folder} cannot be read ({error}): run `qa index` again"
            ) from error
        return index

    def __len__(self) -> int:
        """Return the number of passages."""
        return _size(self._postings([ALWAYS])[0])

    def at(self, terms: Sequence[str], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Score some passages for the terms of a question.

        Returns:
            ``(r,) float32``: BM25 over the sum of the terms' idf, so that questions of any length
            and rarity compare; 0 where nothing is shared.
        """
        total, postings = np.zeros(len(rows), dtype=np.float32), self._postings(terms)
        for at in filter(_size, postings):
            places = np.searchsorted(self.passages[at], rows).clip(max=_size(at) - 1)
            found = np.flatnonzero(self.passages[at][places] == rows)
            total[found] += self.weights[at][places[found]]
        found_in = np.array(list(map(_size, postings)), dtype=np.int64)
        return total / np.float32(inverse_frequency(found_in, len(self)).sum() or 1)

    def holds(self, term: str) -> bool:
        """Tell whether a passage has this term."""
        return _size(self._postings([term])[0]) > 0

    def best(
        self, terms: Sequence[str], k: int, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the passages that score highest, best first, of those that share a term.

        In a large collection, passages that share only the commonest terms of a question are not
        found, as adding up all their weights would take too long. Of a few rows all are scored,
        and the fewer they are, the commoner the terms that are added up.

        Args:
            terms: of the question.
            k: how many to return at most.
            rows: the only passages allowed, rising; all when None.
        """
        if rows is not None and len(rows) <= _SCORED:
            scores = self.at(terms, rows)
            best = np.argsort(-scores, kind="stable")[:k]
            return rows[best[scores[best] > 0]]
        share = 1.0 if rows is None else min(_WIDER, len(self) / len(rows))
        total = np.zeros(len(self), dtype=np.float32)
        added = self._rarest(terms, int(_ADDED * share))
        for at in added:
            total[self.passages[at]] += self.weights[at]
        found = np.flatnonzero(total) if rows is None else rows[total[rows] > 0]
        if len(added) == len(terms):
            return found[np.argsort(-total[found], kind="stable")[:k]]
        if len(found) > _PROMISING * k:
            found = np.sort(found[np.argpartition(-total[found], _PROMISING * k)[: _PROMISING * k]])
        return found[np.argsort(-self.at(terms, found), kind="stable")[:k]]

    def _rarest(self, terms: Sequence[str], most: int) -> list[slice]:
        """Return the weights' places of the rarest terms, so many weights at most."""
        every = self._postings(terms)
        if sum(map(_size, every)) <= most:
            return every
        ordered = sorted(every, key=_size)
        ends = np.cumsum(list(map(_size, ordered)))
        return ordered[: max(1, int((ends <= most).sum()))]

    def _postings(self, terms: Sequence[str]) -> list[slice]:
        """Return the places of the weights of each term."""
        keys = np.array(list(map(term_key, terms)), dtype=np.uint64)
        places = np.searchsorted(self.terms, keys).clip(max=len(self.terms) - 1)
        starts, stops = self.starts[places], self.starts[places + 1]
        stops = np.where(self.terms[places] == keys, stops, starts)
        return list(map(slice, starts.tolist(), stops.tolist()))

    def _check(self) -> None:
        fits = len(self.weights) == len(self.passages) == self.starts[-1]
        if not fits or len(self.starts) != len(self.terms) + 1 or not len(self):
            raise ValueError("its arrays do not fit together")


term_key = lru_cache(maxsize=2**17)(key)
"""Return the key of a term."""


def inverse_frequency(found: NDArray[np.int64], passages: int) -> NDArray[np.float64]:
    """Return Lucene's inverse document frequency of terms.

    Args:
        found: how many passages have each term, ``(v,) int64``.
        passages: how many passages there are.
    """
    return np.log1p((passages - found + 0.5) / (found + 0.5))


def length_norms(lengths: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return what frequencies in a field are divided by, ``(p,) float64``.

    Args:
        lengths: of the field in each passage, in terms, ``(p,) int32``.
    """
    return np.asarray(1 - B + B * lengths / max(float(lengths.mean(dtype=np.float64)), 1e-9))


def saturated(text: NDArray[np.float64], above: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much terms count, in 0-1.

    Args:
        text: how often each term stands in the text, over the norm of its length, ``(t,)``.
        above: how often each term stands in the context, over the norm of its length, ``(t,)``.
    """
    often = text + ABOVE * above
    return np.asarray(often / (often + K1))


def _size(at: slice) -> int:
    return int(at.stop - at.start)
