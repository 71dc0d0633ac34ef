"""A generation of which only the documents can be seen that a filter wants."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from documents.types import Document, Passage
from index.encoder.protocol import Floats, TokenVectors
from index.late.scoring import LateScores
from index.manifest import FileEntry, Recipe
from index.search.catalogue import Catalogue
from index.search.filters import Filter
from index.search.searchable import LexicalQuery, Searchable


@dataclass(frozen=True, slots=True)
class Restricted:
    """A ``Searchable`` that holds nothing but what a filter wants of another one.

    Only how rare a word is and where cosines are measured from comes from the whole generation.

    Attributes:
        id: made of what can be seen, so that a change of anything else does not show.
        whole: the other one; rows are its rows.
        documents: those that can be seen.
        catalogue: what is known of them.
        passages: theirs, by row.
        rows: of these passages, rising, ``(r,) int64``.
    """

    id: str
    whole: Searchable
    documents: Mapping[str, Document]
    catalogue: Catalogue
    passages: Sequence[Passage]
    rows: NDArray[np.int64]

    @classmethod
    def to(cls, whole: Searchable, wanted: Filter) -> Self:
        """Restrict a generation to the documents that a filter wants."""
        catalogue, rows = whole.catalogue.within(wanted), whole.catalogue.rows(wanted)
        documents = _Documents(whole.documents, catalogue)
        return cls(
            _identifier(catalogue, whole.recipe), whole, documents, catalogue,
            _Passages(whole.passages, rows), rows,
        )  # fmt: skip

    @property
    def recipe(self) -> Recipe:
        """How it was made."""
        return self.whole.recipe

    @property
    def encoder(self) -> Path:
        """The folder of the query encoder that made the vectors."""
        return self.whole.encoder

    @property
    def encoder_files(self) -> Mapping[str, FileEntry]:
        """What that folder holds."""
        return self.whole.encoder_files

    def rows_of(self, document_id: str) -> range:
        """Return the rows of a document's passages: see ``Searchable``."""
        if document_id not in self.documents:
            raise KeyError(document_id)
        return self.whole.rows_of(document_id)

    def nearest(
        self, pooled: Floats, k: int, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the passages of each language nearest to a question: see ``Searchable``."""
        return self.whole.nearest(pooled, k, self._seen(rows))

    def lexical_query(self, question: str, language: str) -> LexicalQuery:
        """Return the terms of a question: see ``Searchable``."""
        return _Words(self, self.whole.lexical_query(question, language))

    def match(self, question: TokenVectors, rows: NDArray[np.int64]) -> LateScores:
        """Score passages by late interaction: see ``Searchable``."""
        return self.whole.match(question, rows)

    def closeness(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return how close passages are to a question as a whole: see ``Searchable``."""
        return self.whole.closeness(pooled, rows)

    def fetch(self, rows: NDArray[np.int64]) -> None:
        """Load passages and their documents together: see ``Searchable``."""
        self.whole.fetch(rows)

    def cosines(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return the cosines of pooled vectors with a question's, ``(r,) float32``."""
        return self.whole.cosines(pooled, rows)

    def _seen(self, rows: NDArray[np.int64] | None) -> NDArray[np.int64]:
        # Other rows come from this catalogue, so they can be seen.
        return self.rows if rows is None else rows


@dataclass(frozen=True, slots=True)
class _Words:
    """The terms of a question, which find only what can be seen."""

    within: Restricted
    words: LexicalQuery

    def at(self, rows: NDArray[np.int64]) -> Floats:
        return self.words.at(rows)

    def best(self, k: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        return self.words.best(k, self.within._seen(rows))


class _Documents(Mapping[str, Document]):
    """The documents that can be seen, read from all documents."""

    def __init__(self, every: Mapping[str, Document], catalogue: Catalogue) -> None:
        self._every = every
        self._names = dict.fromkeys(entry.id for entry in catalogue.entries)

    def __getitem__(self, name: str) -> Document:
        if name not in self._names:
            raise KeyError(name)
        return self._every[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class _Passages(Sequence[Passage]):
    """The passages that can be seen: as many as that, but known by the rows of all."""

    def __init__(self, every: Sequence[Passage], rows: NDArray[np.int64]) -> None:
        self._every, self._rows = every, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> list[Passage]: ...
    def __getitem__(self, row: int | slice) -> Passage | list[Passage]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self._every)))]
        at = np.searchsorted(self._rows, row)
        if at == len(self._rows) or self._rows[at] != row:
            raise IndexError(row)
        return self._every[row]

    def __iter__(self) -> Iterator[Passage]:
        return (self._every[row] for row in self._rows.tolist())


def _identifier(catalogue: Catalogue, recipe: Recipe) -> str:
    digest = hashlib.sha256(json.dumps(asdict(recipe)).encode())
    for entry in catalogue.entries:
        known = [entry.id, entry.title, entry.language, entry.sha256, entry.properties]
        digest.update(json.dumps(known).encode())
    return digest.hexdigest()[:16]
