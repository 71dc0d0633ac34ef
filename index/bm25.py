"""BM25 (Robertson and Zaragoza, 2009) over lists of terms, by bm25s, normalised by question.

Lucene's variant with its usual k1 = 1.2 and b = 0.75. bm25s computes the weights once, when an
index is built; to answer is to add up those of a question's terms.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from index.errors import CorruptIndex

K1: Final = 1.2
B: Final = 0.75
_ALWAYS: Final = "·"
"""A term of every passage, so that none is empty; no question asks for it."""
_VOCABULARY: Final = "vocabulary.json"
_ADDED: Final = 200_000
"""How many weights are added up for a question: of all its terms up to 10,000 passages."""
_PROMISING: Final = 10
"""How many times the wanted number of passages are scored with all terms."""


@dataclass(frozen=True, slots=True)
class Bm25:
    """The terms of all passages, in the order of the passages.

    Attributes:
        weights: of each term in each passage that has it, term by term, ``(w,) float32``.
        passages: which passages those are, ``(w,) int32``.
        starts: where each term's weights start, and the end, ``(v + 1,) int64``.
        vocabulary: each term's place among the v terms.
    """

    weights: NDArray[np.float32]
    passages: NDArray[np.int32]
    starts: NDArray[np.int64]
    vocabulary: dict[str, int]

    @classmethod
    def of(cls, passages: Sequence[Sequence[str]]) -> Self:
        """Index the terms of each passage."""
        import bm25s  # loads all of scipy, which a question does not need

        terms = [[_ALWAYS, *passage] for passage in passages]
        # Numbered here, since bm25s numbers terms in the order of a set: another one each time.
        vocabulary = {term: place for place, term in enumerate(sorted(set().union(*terms)))}
        numbered = [[vocabulary[term] for term in passage] for passage in terms]
        index = bm25s.BM25(k1=K1, b=B)
        index.index((numbered, vocabulary), create_empty_token=False, show_progress=False)
        arrays: dict[str, Any] = index.scores
        return cls(
            np.asarray(arrays["data"], dtype=np.float32),
            np.asarray(arrays["indices"], dtype=np.int32),
            np.asarray(arrays["indptr"], dtype=np.int64),
            vocabulary,
        )

    def write(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        folder.mkdir()
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)
        text = json.dumps(self.vocabulary, ensure_ascii=False)
        (folder / _VOCABULARY).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open the index of a folder, memory-mapped.

        Raises:
            CorruptIndex: it is missing or damaged.
        """
        try:
            arrays = {name: _map(folder / f"{name}.npy") for name in _ARRAYS}
            vocabulary = dict(json.loads((folder / _VOCABULARY).read_bytes()))
            index = cls(**arrays, vocabulary=vocabulary)
            index._check()
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise CorruptIndex(
                f"{folder} cannot be read ({error}): run `qa index` again"
            ) from error
        return index

    def __len__(self) -> int:
        """Return the number of passages."""
        return self._count(_ALWAYS)

    def at(self, terms: Sequence[str], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Score some passages for the terms of a question.

        Returns:
            ``(r,) float32``: BM25 over the sum of the terms' idf, so that questions of any length
            and rarity compare; 0 where nothing is shared.
        """
        total = np.zeros(len(rows), dtype=np.float32)
        for term in terms:
            at = self._postings(term)
            if not _size(at):
                continue
            places = np.searchsorted(self.passages[at], rows).clip(max=_size(at) - 1)
            found = np.flatnonzero(self.passages[at][places] == rows)
            total[found] += self.weights[at][places[found]]
        return total / np.float32(sum(map(self.idf, terms)) or 1)

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
        every = list(map(self._postings, terms))
        if sum(map(_size, every)) <= _ADDED:
            return every
        ordered = sorted(every, key=_size)
        ends = np.cumsum(list(map(_size, ordered)))
        return ordered[: max(1, int((ends <= _ADDED).sum()))]

    def idf(self, term: str) -> float:
        """Return Lucene's inverse document frequency; terms of no passage have the greatest."""
        found = self._count(term)
        return float(np.log1p((len(self) - found + 0.5) / (found + 0.5)))

    def _postings(self, term: str) -> slice:
        """Return where a term's weights are."""
        place = self.vocabulary.get(term)
        return slice(0, 0) if place is None else slice(*map(int, self.starts[place : place + 2]))

    def _count(self, term: str) -> int:
        """Return how many passages have a term."""
        return len(self.passages[self._postings(term)])

    def _check(self) -> None:
        fits = len(self.weights) == len(self.passages) == self.starts[-1]
        if not fits or len(self.starts) != len(self.vocabulary) + 1 or not len(self):
            raise ValueError("its arrays do not fit together")


def _size(at: slice) -> int:
    return int(at.stop - at.start)


_ARRAYS = ("weights", "passages", "starts")


def _map(path: Path) -> NDArray[Any]:
    # A plain array over the mapped file: those of numpy's own class are slower to slice.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
