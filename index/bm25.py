"""BM25 (Robertson and Zaragoza, 2009) over lists of terms, by bm25s, normalised by question.

Lucene's variant with its usual k1 = 1.2 and b = 0.75.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.errors import CorruptIndex

K1: Final = 1.2
B: Final = 0.75
_ALWAYS: Final = "·"
"""A term of every passage, so that none is empty; no question asks for it."""


@dataclass(frozen=True, slots=True)
class Bm25:
    """The terms of all passages, in the order of the passages."""

    _index: bm25s.BM25

    @classmethod
    def of(cls, passages: Sequence[Sequence[str]]) -> Self:
        """Index the terms of each passage."""
        terms = [[_ALWAYS, *passage] for passage in passages]
        # Numbered here, since bm25s numbers terms in the order of a set: another one each time.
        vocabulary = {term: place for place, term in enumerate(sorted(set().union(*terms)))}
        numbered = [[vocabulary[term] for term in passage] for passage in terms]
        index = bm25s.BM25(k1=K1, b=B)
        index.index((numbered, vocabulary), create_empty_token=False, show_progress=False)
        return cls(index)

    def write(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._index.save(folder, show_progress=False)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open the index of a folder, memory-mapped.

        Raises:
            CorruptIndex: it is missing or damaged.
        """
        try:
            return cls(bm25s.BM25.load(folder, mmap=True, show_progress=False))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CorruptIndex(
                f"{folder} cannot be read ({error}): run `qa index` again"
            ) from error

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._index.scores["num_docs"])

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Score all passages for the terms of a question.

        Returns:
            ``(p,) float32``: BM25 over the sum of the terms' idf, so that questions of any length
            and rarity compare; 0 where nothing is shared.
        """
        known = [term for term in terms if term in self._index.vocab_dict]
        if not known:
            return np.zeros(len(self), dtype=np.float32)
        return np.asarray(
            self._index.get_scores(known) / sum(map(self.idf, terms)), dtype=np.float32
        )

    def idf(self, term: str) -> float:
        """Return Lucene's inverse document frequency; terms of no passage have the greatest."""
        starts, place = self._index.scores["indptr"], self._index.vocab_dict.get(term)
        found = 0 if place is None else int(starts[place + 1] - starts[place])
        return float(np.log1p((len(self) - found + 0.5) / (found + 0.5)))
