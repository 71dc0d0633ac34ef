"""Writes the files of a generation into a folder, a few passages at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from documents.types import Passage, Source
from documents.wording.sentences import sentences
from index.arrays import RowWriter
from index.build.changes import vector_sources
from index.build.stage import Encoded
from index.dense.centres import Centres
from index.dense.exact import DenseIndex, dense_writer
from index.dense.inverted_file import NEAREST, RECALL, write_inverted_files
from index.encoder.folder import ENCODER
from index.encoder.protocol import Encoding, Floats
from index.errors import IndexingError
from index.faults import writing_to
from index.generations.generation import CENTRES, DENSE, LATE, LEXICAL, NEAR, Generation
from index.generations.records import ContextTexts, Passages, Records
from index.late.writer import LateWriter
from index.lexical.lexical_index import write_lexical
from index.manifest import Manifest, Recipe, Search, describe_files

EncodeQueries = Callable[[list[str]], Encoding]
Encode = Callable[[Iterator[Passage], int], Iterator[Encoded]]
"""Returns the vectors of passages, in their order; its second argument is their number."""
_HELD: Final = 256
"""How many passages are written at a time."""


class Contents(NamedTuple):
    """What a generation is to hold.

    Attributes:
        recipe: how it is made.
        records: its documents and passages, which are in the folder already.
        languages: of the passages, then of the texts above them, numbered from 0, ``(r,) int8``.
        typical: the encoder's mean token vector, ``(d,) float32``.
        known: the generation before, if its vectors are of the same model.
        sources: the files and folders that the index follows.
    """

    recipe: Recipe
    records: Records
    languages: NDArray[np.int8]
    typical: Floats
    known: Generation | None
    sources: tuple[Source, ...] = ()


def write_contents(
    folder: Path, contents: Contents, encode: Encode, ask: EncodeQueries
) -> tuple[Search, int]:
    """Write all but the records, the encoder and the manifest.

    Args:
        folder: holds the records.
        contents: what is written.
        encode: encodes the passages that have no vectors yet.
        ask: encodes questions, to measure the recall of an inverted file.

    Returns:
        How the generation is searched, and how many passages were encoded.

    Raises:
        IndexingError: a file cannot be written; it is named.
    """
    passages = contents.records.passages
    encoded = _write_vectors(folder, contents, encode)
    dense, languages = DenseIndex.read(folder / DENSE), contents.languages[: len(passages)]
    with writing_to(folder / CENTRES):
        np.save(folder / CENTRES, Centres.measure(dense, languages).vectors, allow_pickle=False)
    widths = write_inverted_files(
        folder / NEAR, dense, languages,
        lambda rows: _asked([passages[row] for row in rows.tolist()], ask),
    )  # fmt: skip
    write_lexical(folder / LEXICAL, ((p.text, p.language, p.context) for p in passages))
    return Search(RECALL, NEAREST, widths), encoded


def _write_vectors(folder: Path, contents: Contents, encode: Encode) -> int:
    """Write the vectors of all passages and of the texts above them; return how many were encoded.

    Only passages have pooled vectors, by which candidates are found.
    """
    (_, passages, above, _), known = contents.records, contents.known
    origin = vector_sources(_texts(contents.records), _texts(known) if known else None)
    fresh = np.flatnonzero(origin == np.arange(len(origin)))
    encoded = encode((_passage(passages, above, row) for row in map(int, fresh)), len(fresh))
    with (
        dense_writer(folder / DENSE, contents.recipe.dimension) as pooled,
        LateWriter(folder / LATE, contents.typical, contents.languages, len(passages)) as late,
    ):
        writer = _VectorWriter(pooled, late, len(passages))
        for row, source in enumerate(map(int, origin)):
            if source == row:
                writer.append(next(encoded))
            elif source >= 0:
                writer.append(writer.passage(source))
            elif known is not None:
                writer.append(encoded_passage(known, -1 - source))
        writer.flush()
    if next(encoded, None) is not None:  # this call also lets the stage end
        raise IndexingError(
            "the encoder gave more vectors than there are passages: nothing is kept"
        )
    return int((fresh < len(passages)).sum())


def _texts(held: Records | Generation) -> NDArray[np.uint64]:
    """Return what tells passages, and then the texts above them, apart, ``(r, 2) uint64``."""
    return np.concatenate([held.passages.texts, held.above.texts])


def _passage(passages: Passages, above: ContextTexts, row: int) -> Passage:
    return passages[row] if row < len(passages) else above[row - len(passages)]


class _VectorWriter:
    """Writes pooled and token vectors together, row by row; pooled ones of passages alone."""

    def __init__(self, pooled: RowWriter, late: LateWriter, passages: int) -> None:
        self._pooled, self._late, self._passages = pooled, late, passages
        self._held: list[Encoded] = []

    def append(self, passage: Encoded) -> None:
        self._held.append(passage)
        if len(self._held) == _HELD:
            self.flush()

    def passage(self, row: int) -> Encoded:
        """Return what was appended."""
        if row >= len(self._late):
            return self._held[row - len(self._late)]
        return Encoded(self._pooled_of(row), self._late.passage(row))

    def _pooled_of(self, row: int) -> Floats:
        held = row < self._passages
        return self._pooled.read(row, row + 1)[0] if held else np.empty(0, dtype=np.float32)

    def flush(self) -> None:
        if self._held:
            own = self._held[: max(0, self._passages - len(self._late))]
            if own:
                self._pooled.append(np.stack([passage.pooled for passage in own]))
            self._late.append([passage.tokens for passage in self._held])
            self._held = []


def encoded_passage(generation: Generation, row: int) -> Encoded:
    """Return the vectors of a generation's passage, or of a text above passages, by its row."""
    held = row < len(generation.passages)
    pooled = generation.dense.vectors(np.array([row]))[0] if held else np.empty(0, np.float32)
    return Encoded(pooled, generation.late.passage(row))


def _asked(passages: Sequence[Passage], ask: EncodeQueries) -> Floats:
    """Encode the first sentence of each passage as a question."""
    firsts = [sentences(p.text, p.language)[0] for p in passages]
    texts = [p.text[s.start : s.end] for p, s in zip(passages, firsts, strict=True)]
    return ask(texts).pooled


def share_encoder(folder: Path, previous: Generation) -> None:
    """Link the encoder of another generation into a new one: its files never change.

    Raises:
        IndexingError: a file cannot be written; it is named.
    """
    with writing_to(folder / ENCODER):
        (folder / ENCODER).mkdir()
        for path in previous.encoder.iterdir():
            _link(path, folder / ENCODER / path.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # not every file system has hard links
        shutil.copyfile(source, target)


def describe(folder: Path, contents: Contents, search: Search) -> Manifest:
    """Return the manifest of what was written."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    files = describe_files(folder, names)
    documents, passages = len(contents.records.documents), len(contents.records.passages)
    return Manifest(contents.recipe, search, documents, passages, files, contents.sources)
