"""One open generation: its documents, its passages and how to search them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from documents.types import Document, Passage
from index.checking import Check, check_quickly
from index.dense import DenseIndex
from index.errors import CorruptIndex
from index.late import LateIndex
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.near import NearIndex, read_near
from index.query_encoder import ENCODER
from index.records import read_documents, read_passages

DOCUMENTS = "documents.jsonl"
PASSAGES = "passages.jsonl"
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
    documents: dict[str, Document]
    passages: tuple[Passage, ...]
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
        documents = {d.id: d for d in read_documents(folder / DOCUMENTS)}
        passages = tuple(read_passages(folder / PASSAGES, documents))
        dense = DenseIndex.read(folder / DENSE)
        late, lexical = LateIndex.read(folder / LATE), LexicalIndex.read(folder / LEXICAL)
        lengths = {len(part) for part in (passages, dense, late, lexical)}
        if lengths != {manifest.passages}:
            raise CorruptIndex(f"{folder}: its parts differ in length: run `qa index` again")
        return cls(
            manifest.generation, manifest, documents, passages, dense, read_near(folder / NEAR),
            late, lexical, folder / ENCODER,
        )  # fmt: skip
