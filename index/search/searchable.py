"""The protocol of an open generation, as questions need it, whichever store holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from documents.types import Document, Passage
from index.encoder.protocol import Floats, TokenVectors
from index.late.scoring import LateScores
from index.manifest import FileEntry, Recipe
from index.search.catalogue import Catalogue


class LexicalQuery(Protocol):
    """The terms of a question, ready to score passages."""

    def at(self, rows: NDArray[np.int64]) -> Floats:
        """Score some passages: BM25 over the sum of the question's idf, ``(r,) float32``."""

    def best(self, k: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return the passages that score highest, best first, of those that share a word.

        Args:
            k: how many to return at most.
            rows: the only passages allowed, rising; all when None.
        """


class Searchable(Protocol):
    """An immutable index, open for reading. A passage is known by its row, from 0."""

    @property
    def id(self) -> str:
        """The identifier: the same contents always have the same one."""

    @property
    def recipe(self) -> Recipe:
        """How it was made."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by identifier, in the order they were indexed."""

    @property
    def catalogue(self) -> Catalogue:
        """What is known of the documents without reading them."""

    @property
    def passages(self) -> Sequence[Passage]:
        """The passages, in the order of the rows."""

    @property
    def encoder(self) -> Path:
        """The folder of the query encoder that made the vectors."""

    @property
    def encoder_files(self) -> Mapping[str, FileEntry]:
        """What that folder holds: the same files are the same encoder."""

    def rows_of(self, document_id: str) -> range:
        """Return the rows of a document's passages.

        Raises:
            KeyError: the index holds no such document.
        """

    def nearest(
        self, pooled: Floats, k: int, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the passages of each language whose pooled vectors are nearest.

        Args:
            pooled: of a question, ``(d,) float32, L2-normalised``.
            k: how many of each language to return at most, best first.
            rows: the only passages allowed, rising; all when None.
        """

    def lexical_query(self, question: str, language: str) -> LexicalQuery:
        """Return the terms of a question, ready to score passages."""

    def match(self, question: TokenVectors, rows: NDArray[np.int64]) -> LateScores:
        """Score passages by late interaction, ``rows (p,) int64``, p >= 1."""

    def closeness(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return how close passages are to a question as a whole, ``(r,) float32`` in -1 to 1.

        Args:
            pooled: of the question, ``(d,) float32, L2-normalised``.
            rows: which passages, ``(r,) int64``.

        Returns:
            See ``index.dense.centres.Centres.closeness``.
        """

    def fetch(self, rows: NDArray[np.int64]) -> None:
        """Load passages and their documents together, before they are read one by one."""

    def cosines(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return the cosines of pooled vectors with a question's, ``(r,) float32``."""
