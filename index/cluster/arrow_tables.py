"""What is sent between the machines of a cluster, as Arrow tables, and read from them again.

``x_table`` makes a table of x, and ``table_x`` reads it.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow
from numpy.typing import NDArray
from pydantic import TypeAdapter

from documents.types import Document, Passage
from index.build.stage import Encoded
from index.late.codec import TokenCodes

ARRAYS = ("pooled", "codes", "radii", "starts", "spans")
"""The columns of a passage's vectors: see ``Encoded`` and ``TokenCodes``."""


class ChunkedDocument(NamedTuple):
    """A document and its passages."""

    document: Document
    passages: list[Passage]


_CHUNKED: TypeAdapter[ChunkedDocument] = TypeAdapter(ChunkedDocument)


def passages_table(passages: Sequence[Passage]) -> pyarrow.Table:
    """Return what is needed to encode passages: identifiers, texts, languages and contexts."""
    columns = {name: [getattr(p, name) for p in passages] for name in ("id", "text", "language")}
    contexts = pyarrow.array([list(p.context) for p in passages], pyarrow.list_(pyarrow.string()))
    return pyarrow.table({**columns, "context": contexts})


def table_passages(table: pyarrow.Table) -> list[Passage]:
    """Return passages with the texts and contexts of a table; they refer to no document."""
    return [
        Passage(
            row["id"], "", 0, len(row["text"]), row["text"], (), row["language"],
            context=tuple(row["context"]),
        )
        for row in table.to_pylist()
    ]  # fmt: skip


def vectors_table(passages: Sequence[Passage], encoded: Sequence[Encoded]) -> pyarrow.Table:
    """Return the vectors of passages, each array in NumPy's own format."""
    columns: dict[str, Any] = {"id": [p.id for p in passages]}
    for name in ARRAYS:
        arrays = (e.pooled if name == "pooled" else getattr(e.tokens, name) for e in encoded)
        columns[name] = pyarrow.array(map(_packed, arrays), pyarrow.large_binary())
    return pyarrow.table(columns)


def table_vectors(table: pyarrow.Table) -> list[tuple[str, Encoded]]:
    """Return the identifiers of passages, and their vectors."""
    return [(row["id"], _encoded(row)) for row in table.to_pylist()]


class NamedFile(NamedTuple):
    """A file, the folder its path is relative to, and the identifier of its document."""

    path: Path
    root: Path
    name: str


def files_table(files: Sequence[NamedFile]) -> pyarrow.Table:
    """Return where files are, and the identifiers of the documents to be read from them."""
    # Bytes: not every name of a file is text.
    paths, roots = ([os.fsencode(each.absolute()) for each in column] for column in zip(
        *((file.path, file.root) for file in files), strict=True
    ))  # fmt: skip
    return pyarrow.table({"path": paths, "root": roots, "id": [file.name for file in files]})


def table_files(table: pyarrow.Table) -> list[NamedFile]:
    """Return where files are, and the identifiers of the documents to be read from them."""
    return [
        NamedFile(Path(os.fsdecode(row["path"])), Path(os.fsdecode(row["root"])), row["id"])
        for row in table.to_pylist()
    ]


def chunked_table(name: str, chunked: ChunkedDocument | None) -> pyarrow.Table:
    """Return a document and its passages under its identifier; None if its file cannot be used."""
    content = None if chunked is None else _CHUNKED.dump_json(chunked)
    return pyarrow.table({"id": [name], "cut": pyarrow.array([content], pyarrow.large_binary())})


def table_chunked(table: pyarrow.Table) -> list[tuple[str, ChunkedDocument | None]]:
    """Return documents with their passages, each after its identifier: see ``chunked_table``."""
    return [
        (row["id"], None if row["cut"] is None else _CHUNKED.validate_json(row["cut"]))
        for row in table.to_pylist()
    ]


def _encoded(row: Mapping[str, Any]) -> Encoded:
    pooled, *tokens = (_unpacked(row[name]) for name in ARRAYS)
    return Encoded(pooled, TokenCodes(*tokens))


def _packed(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def _unpacked(content: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return array
