"""The lexical index: finds passages by the words they share with a question.

Where nearly all passages are in the question's language, words are compared by their stems.
Otherwise all passages are compared by the first letters of their words, since stems would favour
one language. Names, numbers and most learned words of French and English share their first letters
(``scientific``, ``scientifique``).
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.errors import CorruptIndex
from index.faults import writing_to
from index.lexical.analysis import analyse, is_over, of_context, of_question, prefixes
from index.lexical.bm25 import Bm25
from index.lexical.bm25_writer import Bm25Writer

STEMS, PREFIXES, LANGUAGE = "stems", "prefixes", "language.txt"
NEARLY_ALL = 0.9
_MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Bm25Query:
    """The terms of a question, and the BM25 index that scores them."""

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
    def of(
        cls,
        texts: Sequence[str],
        languages: Sequence[str],
        contexts: Sequence[Sequence[str]] | None = None,
    ) -> Self:
        """Index a few texts, each in its language, with their contexts if they have any."""
        with tempfile.TemporaryDirectory() as folder:
            found = zip(texts, languages, contexts or [()] * len(texts), strict=True)
            write_lexical(Path(folder, "lexical"), found)
            return cls.read(Path(folder, "lexical"))

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

    def query(self, question: str, language: str) -> Bm25Query:
        """Return the terms of a question: stems or first letters, as for its passages."""
        if language == self.language:
            return _query(self.stems, analyse(question, language))
        return _query(self.prefixes, prefixes(question))


def write_lexical(folder: Path, texts: Iterable[tuple[str, str, Sequence[str]]]) -> None:
    """Index texts, each with its language and its context; one text is in memory at a time.

    Raises:
        IndexingError: a file cannot be written; it is named.
    """
    with writing_to(folder):
        folder.mkdir()
    languages: Counter[str] = Counter()
    with Bm25Writer(folder / STEMS) as stems, Bm25Writer(folder / PREFIXES) as firsts:
        for text, language, context in texts:
            languages[language] += 1
            above = "\n".join(context)
            stems.add(analyse(text, language), of_context(analyse(above, language)))
            firsts.add(prefixes(text), of_context(prefixes(above)))
    with writing_to(folder / LANGUAGE):
        (folder / LANGUAGE).write_text(_main(languages), encoding="ascii")


def _query(index: Bm25, terms: list[str]) -> Bm25Query:
    # Where nothing stands under a label, its text is all there is to find.
    asked = of_question(terms)
    return Bm25Query(index, [term for term in asked if not is_over(term) or index.holds(term)])


def _main(languages: Mapping[str, int]) -> str:
    language, count = max(languages.items(), key=lambda item: item[1])
    return language if count >= NEARLY_ALL * sum(languages.values()) else _MIXED
