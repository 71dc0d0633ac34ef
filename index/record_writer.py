"""Documents and passages are written one after the other, as ``index.records`` reads them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from documents.types import Document, Passage
from index.faults import writing_to
from index.records import DOCUMENT, DOCUMENTS, NAMES, PASSAGES, TABLES, Records
from index.rows import RowWriter, digest, key, mapped

_BYTES: Final = ("u1", (), lambda _: b"")
"""A file of bytes alone."""


class RecordsWriter:
    """Writes documents and their passages into a folder; a ``with`` statement ends it.

    Raises:
        IndexingError: a file cannot be written; so of every method.
    """

    def __init__(self, folder: Path) -> None:
        """Create the files in an existing folder."""
        self._folder, tables = folder, folder / TABLES
        self._languages: dict[str, int] = {}
        self._spoken = array("b")
        with writing_to(tables):
            tables.mkdir()
        with ExitStack() as stack:
            self._documents, self._passages, self._names, self._table, self._lines, self._texts = (
                stack.enter_context(RowWriter(path, *kind))
                for path, *kind in (
                    (folder / DOCUMENTS, *_BYTES),
                    (folder / PASSAGES, *_BYTES),
                    (tables / NAMES, *_BYTES),
                    (tables / "documents.npy", DOCUMENT),
                    (tables / "passages.npy", "<i8"),
                    (tables / "texts.npy", "<u8", (2,)),
                )
            )
            self._open = stack.pop_all()

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Add a document and its passages, in the order of the rows."""
        record, lines = _line(_document_fields(document)), [_line(_fields(p)) for p in passages]
        self._add_row(key(document.id), digest(record), digest(b"".join(lines)))
        self._documents.append(_bytes(record))
        self._names.append(_bytes(document.id.encode("utf-8", "surrogatepass")))
        begins = np.cumsum([len(self._passages), *map(len, lines)])[:-1]
        self._passages.append(_bytes(b"".join(lines)))
        self._lines.append(begins)
        self._texts.append(_halves(b"".join(map(_text_digest, passages))))
        known = self._languages
        self._spoken.extend(known.setdefault(p.language, len(known)) for p in passages)

    def languages(self) -> NDArray[np.int8]:
        """Return the language of every passage, numbered in the order of their codes."""
        names = [code for _, code in sorted(self._languages.items())]
        return np.argsort(names).astype(np.int8)[np.frombuffer(self._spoken, dtype=np.int8)]

    def _add_row(self, name: int, record: bytes, passages: bytes) -> None:
        row = np.zeros(1, dtype=DOCUMENT)
        row["line"], row["name"] = len(self._documents), len(self._names)
        row["first"], row["key"] = len(self._lines), name
        row["record"], row["passages"] = _halves(record), _halves(passages)
        self._table.append(row)

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files and write by what documents are found; nothing after an error."""
        if kind is None:
            self._add_row(0, bytes(16), bytes(16))
            self._lines.append(np.array([len(self._passages)]))
        self._open.__exit__(kind, error, trace)
        if kind is None:
            self._write_keys()

    def _write_keys(self) -> None:
        tables = self._folder / TABLES
        keys = np.array(mapped(tables / "documents.npy")["key"][:-1])
        order = np.argsort(keys, kind="stable")
        with writing_to(tables):
            np.save(tables / "keys.npy", keys[order], allow_pickle=False)
            np.save(tables / "places.npy", order.astype(np.int64), allow_pickle=False)


def write_records(
    folder: Path, found: Iterable[tuple[Document, Sequence[Passage]]]
) -> tuple[Records, NDArray[np.int8]]:
    """Write documents and their passages into an existing folder.

    Returns:
        What was written, and the language of every passage: see ``index.late.LateIndex``.

    Raises:
        IndexingError: a file cannot be written; it is named.
    """
    with RecordsWriter(folder) as writer:
        for document, passages in found:
            writer.add(document, passages)
    return Records.open(folder), writer.languages()


def _text_digest(passage: Passage) -> bytes:
    """Return what tells whether two passages have the same vectors: sentences are of a language."""
    return digest(f"{passage.language}\n{passage.text}".encode("utf-8", "surrogatepass"))


def _document_fields(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "language": document.language,
        "text": document.text,
        "sections": [{"path": s.path, "paragraphs": s.paragraphs} for s in document.sections],
        "source_url": document.source_url,
        "sha256": document.sha256,
        "pages": document.pages,
    }


def _fields(passage: Passage) -> dict[str, Any]:
    return {
        "document": passage.document_id,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        "language": passage.language,
    }


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _bytes(content: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(content, dtype=np.uint8)


def _halves(digests: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(digests, dtype="<u8").reshape(-1, 2)
