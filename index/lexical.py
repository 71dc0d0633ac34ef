"""Passages by the words they share with a question.

Where nearly all passages are in the question's language, words are compared by their stems.
Elsewhere by their first letters, which names, numbers and most learned words of French and English
share (``scientific``, ``scientifique``); for all passages alike: stems would favour one language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.analysis import analyse, prefixes
from index.bm25 import Bm25
from index.errors import CorruptIndex

STEMS, PREFIXES, LANGUAGE = "stems", "prefixes", "language.txt"
NEARLY_ALL = 0.9
_MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question, and the index they are compared in."""

    index: Bm25
    terms: list[str]

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Score some passages, ``(r,) float32``: see ``Bm25.at``."""
        return self.index.at(self.terms, rows)

    def best(self, k: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return the passages that score highest: see ``Bm25.best``."""
        return self.index.best(self.terms, k, rows)


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """The words of all passages, in the order of the passages.

    Attributes:
        language: that of nearly all passages, or ``mixed``.
        stems: each passage's words, stemmed in its language.
        prefixes: the first letters of each passage's words.
    """

    language: str
    stems: Bm25
    prefixes: Bm25

    @classmethod
    def of(cls, texts: Sequence[str], languages: Sequence[str]) -> Self:
        """Index texts, each in its language."""
        return cls(
            _main(languages),
            Bm25.of([analyse(*pair) for pair in zip(texts, languages, strict=True)]),
            Bm25.of([prefixes(text) for text in texts]),
        )

    def write(self, folder: Path) -> None:
        """Write the index into an existing folder."""
        self.stems.write(folder / STEMS)
        self.prefixes.write(folder / PREFIXES)
        (folder / LANGUAGE).write_text(self.language, encoding="ascii")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open the index of a folder, memory-mapped.

        Raises:
            CorruptIndex: a part is missing or damaged.
        """
        try:
            language = (folder / LANGUAGE).read_text(encoding="ascii")
        except (OSError, ValueError) as error:
            raise CorruptIndex(
                f"{folder} cannot be read ({error}): run `qa index` again"
            ) from error
        return cls(language, Bm25.read(folder / STEMS), Bm25.read(folder / PREFIXES))

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.stems)

    def asked(self, question: str, language: str) -> Words:
        """Return the words of a question, as they are compared."""
        if language == self.language:
            return Words(self.stems, analyse(question, language))
        return Words(self.prefixes, prefixes(question))


def _main(languages: Sequence[str]) -> str:
    language, count = Counter(languages).most_common(1)[0]
    return language if count >= NEARLY_ALL * len(languages) else _MIXED
