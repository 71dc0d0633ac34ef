"""BM25 (Robertson and Zaragoza, 2009) over lists of terms, normalised by question.

Lucene's variant with its usual k1 = 1.2 and b = 0.75. The weights are computed once, when an index
is built; to answer is to add up those of a question's terms. A term is known by 64 bits of its
digest, so no list of all terms is held in memory, neither to build nor to ask.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from index.errors import CorruptIndex
from index.rows import key, mapped

K1: Final = 1.2
B: Final = 0.75
ALWAYS: Final = "·"
"""A term of every passage, so that none is empty; no question asks for it."""
_ADDED: Final = 200_000
"""How many weights are added up for a question: of all its terms up to 10,000 passages."""
_PROMISING: Final = 10
"""How many times the wanted number of passages are scored with all terms."""


@dataclass(frozen=True, slots=True)
class Bm25:
    """The terms of all passages, in the order of the passages.

    Attributes:
        weights: of each term in each passage that has it, term by term, ``(w,) float32``.
        passages: which passages those are, rising for each term, ``(w,) int32``.
        starts: where each term's weights start, and the end, ``(v + 1,) int64``.
        terms: the terms' keys, rising, ``(v,) uint64``.
    """

    weights: NDArray[np.float32]
    passages: NDArray[np.int32]
    starts: NDArray[np.int64]
    terms: NDArray[np.uint64]

    @classmethod
    def of(cls, passages: Sequence[Sequence[str]]) -> Self:
        """Index the terms of a few passages."""
        from index.bm25_writer import Bm25Writer

        with tempfile.TemporaryDirectory() as folder:
            with Bm25Writer(Path(folder, "bm25")) as writer:
                for terms in passages:
                    writer.add(terms)
            return cls.read(Path(folder, "bm25"))

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

    def best(
        self, terms: Sequence[str], k: int, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the passages that score highest, best first, of those that share a term.

        Passages that share but the commonest words of a question are not looked for in a
        collection so large that this would take long.

        Args:
            terms: of the question.
            k: how many to return at most.
            rows: the only passages allowed, rising; all when None.
        """
        total, added = np.zeros(len(self), dtype=np.float32), self._rarest(terms)
        for at in added:
            total[self.passages[at]] += self.weights[at]
        found = np.flatnonzero(total) if rows is None else rows[total[rows] > 0]
        if len(added) == len(terms):
            return found[np.argsort(-total[found], kind="stable")[:k]]
        if len(found) > _PROMISING * k:
            found = np.sort(found[np.argpartition(-total[found], _PROMISING * k)[: _PROMISING * k]])
        return found[np.argsort(-self.at(terms, found), kind="stable")[:k]]

    def _rarest(self, terms: Sequence[str]) -> list[slice]:
        """Return where the weights of the rarest terms are, as many as are added up in time."""
        every = self._postings(terms)
        if sum(map(_size, every)) <= _ADDED:
            return every
        ordered = sorted(every, key=_size)
        ends = np.cumsum(list(map(_size, ordered)))
        return ordered[: max(1, int((ends <= _ADDED).sum()))]

    def _postings(self, terms: Sequence[str]) -> list[slice]:
        """Return where the weights of each term are."""
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
"""Return what a term is known by."""


def inverse_frequency(found: NDArray[np.int64], passages: int) -> NDArray[np.float64]:
    """Return Lucene's inverse document frequency of terms that so many passages have."""
    return np.log1p((passages - found + 0.5) / (found + 0.5))


def _size(at: slice) -> int:
    return int(at.stop - at.start)
