"""What travels between the machines of a cluster, as Arrow tables."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow
from numpy.typing import NDArray
from pydantic import TypeAdapter

from documents.types import Document, Passage
from index.encoding_stage import Encoded
from index.token_codes import TokenCodes

ARRAYS = ("pooled", "codes", "radii", "starts", "spans")
"""The columns of a passage's vectors: see ``Encoded`` and ``TokenCodes``."""


class Cut(NamedTuple):
    """A document and its passages."""

    document: Document
    passages: list[Passage]


_CUT: TypeAdapter[Cut] = TypeAdapter(Cut)


def passages_table(passages: Sequence[Passage]) -> pyarrow.Table:
    """Return what it takes to encode passages: identifiers, texts and languages."""
    return pyarrow.table(
        {name: [getattr(p, name) for p in passages] for name in ("id", "text", "language")}
    )


def table_passages(table: pyarrow.Table) -> list[Passage]:
    """Return passages whose texts are those of a table, and which stand in no document."""
    return [
        Passage(row["id"], "", 0, len(row["text"]), row["text"], (), row["language"])
        for row in table.to_pylist()
    ]


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


def files_table(files: Iterable[tuple[Path, str]]) -> pyarrow.Table:
    """Return where files are, and the identifiers of the documents to be read from them."""
    paths, names = zip(*files, strict=True)
    # Bytes: not every name of a file is text.
    return pyarrow.table({"path": [os.fsencode(p.absolute()) for p in paths], "id": list(names)})


def table_files(table: pyarrow.Table) -> list[tuple[Path, str]]:
    """Return where files are, and the identifiers of the documents to be read from them."""
    return [(Path(os.fsdecode(row["path"])), row["id"]) for row in table.to_pylist()]


def cut_table(name: str, cut: Cut | None) -> pyarrow.Table:
    """Return what came of the file of the document of this identifier; None if it is unusable."""
    content = None if cut is None else _CUT.dump_json(cut)
    return pyarrow.table({"id": [name], "cut": pyarrow.array([content], pyarrow.large_binary())})


def table_cuts(table: pyarrow.Table) -> list[tuple[str, Cut | None]]:
    """Return identifiers of documents, and what came of their files."""
    return [
        (row["id"], None if row["cut"] is None else _CUT.validate_json(row["cut"]))
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
