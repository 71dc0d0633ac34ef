"""The files of a generation, written into a folder."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from documents.sentences import sentences
from documents.types import Document, Passage
from index.dense import DenseIndex
from index.encoding import Encoding, Floats
from index.encoding_stage import Encoded
from index.faults import writing_to
from index.frame import language_numbers
from index.generation import DENSE, DOCUMENTS, LATE, LEXICAL, NEAR, PASSAGES, Generation
from index.late import LateIndex
from index.lexical import LexicalIndex
from index.manifest import DocumentEntry, Manifest, Recipe, describe_files
from index.near import write_near
from index.query_encoder import ENCODER
from index.records import write_documents, write_passages

EncodeQueries = Callable[[list[str]], Encoding]


class Contents(NamedTuple):
    """What a generation is to hold.

    Attributes:
        documents: in their order.
        passages: of these documents, in the order of the rows.
        encoded: of these passages.
        typical: the encoder's mean token vector, ``(d,) float32``.
    """

    documents: Sequence[Document]
    passages: Sequence[Passage]
    encoded: Sequence[Encoded]
    typical: Floats


def encoded_passages(generation: Generation) -> list[Encoded]:
    """Return the vectors of a generation's passages, in their order."""
    pooled = generation.dense.vectors(np.arange(len(generation.passages)))
    return [Encoded(pooled[row], generation.late.passage(row)) for row in range(len(pooled))]


def write_contents(folder: Path, contents: Contents, encode: EncodeQueries) -> None:
    """Write all but the encoder and the manifest.

    Args:
        folder: exists, and is empty.
        contents: what is written.
        encode: gives the vectors of questions, to measure how well they find passages.

    Raises:
        IndexingError: a file cannot be written; it is named.
    """
    with writing_to(folder / DOCUMENTS):
        write_documents(folder / DOCUMENTS, contents.documents)
    with writing_to(folder / PASSAGES):
        write_passages(folder / PASSAGES, contents.passages)
    _write_vectors(folder, contents, encode)
    with writing_to(folder / LEXICAL):
        (folder / LEXICAL).mkdir()
        _lexical(contents.passages).write(folder / LEXICAL)


def _write_vectors(folder: Path, contents: Contents, encode: EncodeQueries) -> None:
    pooled = np.stack([e.pooled for e in contents.encoded])
    with writing_to(folder / DENSE):
        DenseIndex.of(pooled).write(folder / DENSE)
    languages = [p.language for p in contents.passages]
    with writing_to(folder / NEAR):
        write_near(
            folder / NEAR, pooled, language_numbers(languages),
            lambda rows: _asked([contents.passages[row] for row in rows], encode),
        )  # fmt: skip
    late = LateIndex.of([e.tokens for e in contents.encoded], languages, contents.typical)
    with writing_to(folder / LATE):
        (folder / LATE).mkdir()
        late.write(folder / LATE)


def _asked(passages: Sequence[Passage], encode: EncodeQueries) -> Floats:
    """Encode the first sentence of each passage as a question."""
    firsts = [sentences(p.text, p.language)[0] for p in passages]
    texts = [p.text[s.start : s.end] for p, s in zip(passages, firsts, strict=True)]
    return encode(texts).pooled


def _lexical(passages: Sequence[Passage]) -> LexicalIndex:
    return LexicalIndex.of([p.text for p in passages], [p.language for p in passages])


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


def describe(folder: Path, recipe: Recipe, contents: Contents) -> Manifest:
    """Return the manifest of what was written."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    counts = Counter(p.document_id for p in contents.passages)
    entries = (DocumentEntry(d.id, d.sha256, counts[d.id]) for d in contents.documents)
    files = describe_files(folder, names)
    return Manifest(recipe, tuple(entries), len(contents.passages), files)
