"""The files of a generation, written into a folder a few passages at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from documents.sentences import sentences
from documents.types import Passage
from index.dense import DenseIndex, dense_writer
from index.encoding import Encoding, Floats
from index.encoding_stage import Encoded
from index.errors import IndexingError
from index.faults import writing_to
from index.generation import DENSE, LATE, LEXICAL, NEAR, Generation
from index.late_writer import LateWriter
from index.lexical import write_lexical
from index.manifest import Manifest, Recipe, Search, describe_files
from index.near import NEAREST, RECALL, write_near
from index.query_encoder import ENCODER
from index.records import Records
from index.reuse import sources
from index.rows import RowWriter

EncodeQueries = Callable[[list[str]], Encoding]
Encode = Callable[[Iterator[Passage], int], Iterator[Encoded]]
"""Gives the vectors of so many passages, in their order."""
_HELD: Final = 256
"""How many passages are written at a time."""


class Contents(NamedTuple):
    """What a generation is to hold.

    Attributes:
        recipe: how it is made.
        records: its documents and passages, which are in the folder already.
        languages: of the passages, numbered from 0, ``(p,) int8``.
        typical: the encoder's mean token vector, ``(d,) float32``.
        known: a generation that has vectors of the same model, if there is one.
    """

    recipe: Recipe
    records: Records
    languages: NDArray[np.int8]
    typical: Floats
    known: Generation | None


def write_contents(
    folder: Path, contents: Contents, encode: Encode, ask: EncodeQueries
) -> tuple[Search, int]:
    """Write all but the records, the encoder and the manifest.

    Args:
        folder: holds the records.
        contents: what is written.
        encode: encodes the passages that have no vectors yet.
        ask: gives the vectors of questions, to measure how well they find passages.

    Returns:
        How the generation is searched, and how many passages were encoded.

    Raises:
        IndexingError: a file cannot be written; it is named.
    """
    passages = contents.records.passages
    encoded = _write_vectors(folder, contents, encode)
    widths = write_near(
        folder / NEAR, DenseIndex.read(folder / DENSE), contents.languages,
        lambda rows: _asked([passages[row] for row in rows.tolist()], ask),
    )  # fmt: skip
    write_lexical(folder / LEXICAL, ((p.text, p.language) for p in passages))
    return Search(RECALL, NEAREST, widths), encoded


def _write_vectors(folder: Path, contents: Contents, encode: Encode) -> int:
    """Write the vectors of all passages; return how many were encoded."""
    passages, known = contents.records.passages, contents.known
    origin = sources(passages.texts, known.passages.texts if known else None)
    fresh = np.flatnonzero(origin == np.arange(len(origin)))
    encoded = encode((passages[row] for row in map(int, fresh)), len(fresh))
    with (
        dense_writer(folder / DENSE, contents.recipe.dimension) as pooled,
        LateWriter(folder / LATE, contents.typical, contents.languages) as late,
    ):
        writer = _VectorWriter(pooled, late)
        for row, source in enumerate(map(int, origin)):
            if source == row:
                writer.append(next(encoded))
            elif source >= 0:
                writer.append(writer.passage(source))
            elif known is not None:
                writer.append(encoded_passage(known, -1 - source))
        writer.flush()
    if next(encoded, None) is not None:  # asked for, so that the stage can see that it ended
        raise IndexingError(
            "the encoder gave more vectors than there are passages: nothing is kept"
        )
    return len(fresh)


class _VectorWriter:
    """Writes pooled and token vectors together, row by row."""

    def __init__(self, pooled: RowWriter, late: LateWriter) -> None:
        self._pooled, self._late = pooled, late
        self._held: list[Encoded] = []

    def append(self, passage: Encoded) -> None:
        self._held.append(passage)
        if len(self._held) == _HELD:
            self.flush()

    def passage(self, row: int) -> Encoded:
        """Return what was appended."""
        if row >= len(self._pooled):
            return self._held[row - len(self._pooled)]
        return Encoded(self._pooled.read(row, row + 1)[0], self._late.passage(row))

    def flush(self) -> None:
        if self._held:
            self._pooled.append(np.stack([passage.pooled for passage in self._held]))
            self._late.append([passage.tokens for passage in self._held])
            self._held = []


def encoded_passage(generation: Generation, row: int) -> Encoded:
    """Return the vectors of a generation's passage."""
    return Encoded(generation.dense.vectors(np.array([row]))[0], generation.late.passage(row))


def _asked(passages: Sequence[Passage], ask: EncodeQueries) -> Floats:
    """Encode the first sentence of each passage as a question."""
    firsts = [sentences(p.text, p.language)[0] for p in passages]
    texts = [p.text[s.start : s.end] for p, s in zip(passages, firsts, strict=True)]
    return ask(texts).pooled


def share_encoder(folder: Path, previous: Generation) -> None:
    """Give a generation the encoder of another: both are immutable, so on disk it is the same.

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
    except OSError:  # not every file system can
        shutil.copyfile(source, target)


def describe(folder: Path, contents: Contents, search: Search) -> Manifest:
    """Return the manifest of what was written."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    files = describe_files(folder, names)
    documents, passages = map(len, contents.records)
    return Manifest(contents.recipe, search, documents, passages, files)
