"""One open generation: its documents, its passages and how to search them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import mapped
from index.checking import Check, check_quickly
from index.dense.centres import Centres
from index.dense.exact import Candidate, DenseIndex
from index.dense.inverted_file import EXACT_BELOW, InvertedFile, read_inverted_files
from index.encoder.folder import ENCODER
from index.encoder.protocol import Floats, TokenVectors
from index.errors import CorruptIndex
from index.generations.records import ContextTexts, Documents, Passages, Records
from index.late.scoring import LateIndex, LateScores
from index.lexical.lexical_index import Bm25Query, LexicalIndex
from index.manifest import FileEntry, Manifest, Recipe
from index.search.catalogue import Catalogue

DENSE = "dense.faiss"
NEAR = "near"
CENTRES = "centres.npy"
LATE = "late"
LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Generation:
    """An immutable index, open for reading.

    Attributes:
        id: its identifier.
        manifest: how it was made, and which files it has.
        documents: by identifier, in the order they were indexed.
        catalogue: what is known of them without reading them.
        passages: in the order of the rows of every other part.
        above: the texts that stand above passages; they have the rows behind the passages'.
        dense: the passages' pooled vectors.
        centres: where cosines of pooled vectors are measured from.
        near: an inverted file for each language with very many passages, by its number.
        late: the passages' token vectors.
        lexical: the passages' words.
        encoder: the folder of the query encoder that made those vectors.
    """

    id: str
    manifest: Manifest
    documents: Documents
    catalogue: Catalogue
    passages: Passages
    above: ContextTexts
    dense: DenseIndex
    centres: Centres
    near: dict[int, InvertedFile]
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
        documents, passages, above, contexts = Records.open(folder)
        dense = DenseIndex.read(folder / DENSE)
        late = LateIndex.read(folder / LATE, contexts)
        lexical = LexicalIndex.read(folder / LEXICAL)
        lengths = {len(part) for part in (passages, dense, late, lexical)}
        rows = manifest.passages + len(above)
        if lengths != {manifest.passages} or len(late.languages) != rows:
            raise CorruptIndex(f"{folder}: its parts differ in length: run `qa index` again")
        return cls(
            manifest.generation, manifest, documents, Catalogue(documents.entries), passages, above,
            dense, _centres(folder), read_inverted_files(folder / NEAR), late, lexical,
            folder / ENCODER,
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
        """Yield the nearest by language; together, the question's language would win by far."""
        languages = self.late.languages[: len(self.late)]
        count = len(self.late.frame.centres)
        for code in range(count):
            if rows is None and code in self.near:
                yield self.near[code].search(pooled, k, self.dense)
                continue
            allowed = rows if count == 1 else _in_language(languages, code, rows)
            yield self._nearest_among(pooled, k, code, allowed)

    def _nearest_among(
        self, pooled: Floats, k: int, code: int, allowed: NDArray[np.int64] | None
    ) -> list[Candidate]:
        """Return the nearest of one language: in an inverted file only where there are many."""
        if allowed is None or code not in self.near:
            return self.dense.search(pooled[None], k, allowed)[0]
        if len(allowed) < EXACT_BELOW:
            return self.dense.among(pooled, k, allowed)
        return self.near[code].search(pooled, k, self.dense, allowed)

    def lexical_query(self, question: str, language: str) -> Bm25Query:
        """Return the terms of a question: see ``LexicalIndex.query``."""
        return self.lexical.query(question, language)

    def match(self, question: TokenVectors, rows: NDArray[np.int64]) -> LateScores:
        """Score passages by late interaction: see ``LateIndex.score``."""
        return self.late.score(question, rows)

    def closeness(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return how close passages are to a question as a whole: see ``Searchable``."""
        return self.centres.closeness(pooled, self.dense.vectors(rows), self.late.languages[rows])

    def fetch(self, rows: NDArray[np.int64]) -> None:
        """Do nothing: see ``Searchable``; the files are memory-mapped."""

    def cosines(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return the cosines of pooled vectors with a question's, ``(r,) float32``."""
        return np.asarray(self.dense.vectors(rows) @ pooled, dtype=np.float32)


def _centres(folder: Path) -> Centres:
    try:
        return Centres(mapped(folder / CENTRES))
    except (OSError, ValueError) as error:
        raise CorruptIndex(
            f"{folder / CENTRES} cannot be read ({error}): run `qa index` again"
        ) from error


def _in_language(
    languages: NDArray[np.int8], code: int, rows: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    return np.flatnonzero(languages == code) if rows is None else rows[languages[rows] == code]
