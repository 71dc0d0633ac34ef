"""One open generation: its documents, its passages and how to search them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.checking import Check, check_quickly
from index.dense import Candidate, DenseIndex
from index.encoding import Floats, TokenVectors
from index.errors import CorruptIndex
from index.late import LateIndex, LateScores
from index.lexical import LexicalIndex, Words
from index.manifest import FileEntry, Manifest, Recipe
from index.near import NearIndex, read_near
from index.query_encoder import ENCODER
from index.records import Documents, Passages, Records

DENSE = "dense.faiss"
NEAR = "near"
LATE = "late"
LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Generation:
    """An immutable index, open for reading.

    Attributes:
        id: its identifier.
        manifest: how it was made and what it holds.
        documents: by identifier, in the order they were indexed.
        passages: in the order of the rows of every other part.
        dense: the passages' pooled vectors.
        near: how to search those of a language with very many, by the language's number.
        late: the passages' token vectors.
        lexical: the passages' words.
        encoder: the folder of the query encoder that made those vectors.
    """

    id: str
    manifest: Manifest
    documents: Documents
    passages: Passages
    dense: DenseIndex
    near: dict[int, NearIndex]
    late: LateIndex
    lexical: LexicalIndex
    encoder: Path

    @classmethod
    def open(cls, folder: Path, check: Check = check_quickly) -> Generation:
        """Open a generation after a check of its files, by default a cheap one.

        Raises:
            CorruptIndex: a file is missing or damaged, or the parts do not fit together.
            IncompatibleIndex: another version of Passerelle wrote it.
        """
        manifest = Manifest.read(folder)
        check(folder, manifest)
        documents, passages = Records.open(folder)
        dense = DenseIndex.read(folder / DENSE)
        late, lexical = LateIndex.read(folder / LATE), LexicalIndex.read(folder / LEXICAL)
        lengths = {len(part) for part in (passages, dense, late, lexical)}
        if lengths != {manifest.passages}:
            raise CorruptIndex(f"{folder}: its parts differ in length: run `qa index` again")
        return cls(
            manifest.generation, manifest, documents, passages, dense, read_near(folder / NEAR),
            late, lexical, folder / ENCODER,
        )  # fmt: skip

    @property
    def recipe(self) -> Recipe:
        """How it was made."""
        return self.manifest.recipe

    @property
    def encoder_files(self) -> dict[str, FileEntry]:
        """What the encoder's folder holds: the same files are the same encoder."""
        files, folder = self.manifest.files.items(), f"{ENCODER}/"
        return {n.removeprefix(folder): entry for n, entry in files if n.startswith(folder)}

    def rows_of(self, document_id: str) -> range:
        """Return the rows of a document's passages.

        Raises:
            KeyError: the index holds no such document.
        """
        return self.documents.rows(document_id)

    def nearest(
        self, pooled: Floats, k: int, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the passages of each language nearest to a question: see ``Searchable``."""
        found = [c.row for language in self._nearest(pooled, k, rows) for c in language]
        return np.array(found, dtype=np.int64)

    def _nearest(
        self, pooled: Floats, k: int, rows: NDArray[np.int64] | None
    ) -> Iterator[list[Candidate]]:
        """Yield the nearest of each language: pooled vectors prefer the question's own by far."""
        languages, spoken = self.late.languages, len(self.late.frame.centres)
        for code in range(spoken):
            if rows is None and code in self.near:
                yield self.near[code].search(pooled, k, self.dense)
                continue
            allowed = rows if spoken == 1 else _speaking(languages, code, rows)
            yield self.dense.search(pooled[None], k, allowed)[0]

    def words(self, question: str, language: str) -> Words:
        """Return the words of a question, as they are compared."""
        return self.lexical.asked(question, language)

    def match(self, question: TokenVectors, rows: NDArray[np.int64]) -> LateScores:
        """Score passages by late interaction: see ``LateIndex.score``."""
        return self.late.score(question, rows)

    def fetch(self, rows: NDArray[np.int64]) -> None:
        """Do nothing: see ``Searchable``; what is mapped is ready."""

    def cosines(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return the cosines of pooled vectors with a question's, ``(r,) float32``."""
        return np.asarray(self.dense.vectors(rows) @ pooled, dtype=np.float32)


def _speaking(
    languages: NDArray[np.int8], code: int, rows: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    return np.flatnonzero(languages == code) if rows is None else rows[languages[rows] == code]
