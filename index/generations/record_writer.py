"""Writes documents and passages, one after the other, for ``records`` to read."""

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
from index.arrays import RowWriter, digest, ends, key, mapped
from index.errors import IndexingError
from index.faults import writing_to
from index.generations.records import (
    CATALOGUE,
    CONTEXTS,
    DOCUMENT,
    DOCUMENTS,
    NAMES,
    PASSAGES,
    TABLES,
    Records,
)

_BYTES: Final = ("u1", (), lambda _: b"")
"""A file of bytes without a header."""


class RecordsWriter:
    """Writes documents and their passages into a folder; a ``with`` statement ends it.

    Raises:
        IndexingError: a file cannot be written; so of every method.
    """

    def __init__(self, folder: Path) -> None:
        """Create the files in an existing folder."""
        self._folder, tables = folder, folder / TABLES
        self._language_numbers: dict[str, int] = {}
        self._passage_languages, self._context_languages = array("b"), array("b")
        self._context_numbers: dict[int, int] = {}
        with writing_to(tables):
            tables.mkdir()
        with ExitStack() as stack:
            (
                self._documents, self._passages, self._names, self._table, self._lines, self._texts,
                self._contexts, self._context_lines, self._context_texts, self._above, self._ends,
                self._catalogue,
            ) = (
                stack.enter_context(RowWriter(path, *kind))
                for path, *kind in (
                    (folder / DOCUMENTS, *_BYTES),
                    (folder / PASSAGES, *_BYTES),
                    (tables / NAMES, *_BYTES),
                    (tables / "documents.npy", DOCUMENT),
                    (tables / "passages.npy", "<i8"),
                    (tables / "texts.npy", "<u8", (2,)),
                    (folder / CONTEXTS, *_BYTES),
                    (tables / "context_lines.npy", "<i8"),
                    (tables / "context_texts.npy", "<u8", (2,)),
                    (tables / "contexts.npy", "<i4"),
                    (tables / "context_ends.npy", "<i8"),
                    (folder / CATALOGUE, *_BYTES),
                )
            )  # fmt: skip
            self._ends.append(np.zeros(1, dtype=np.int64))
            self._open = stack.pop_all()

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Add a document and its passages, in the order of the rows."""
        record, lines = _line(_document_fields(document)), [_line(_fields(p)) for p in passages]
        self._add_row(key(document.id), digest(record), digest(b"".join(lines)))
        self._documents.append(_bytes(record))
        self._catalogue.append(_bytes(_line(_entry_fields(document))))
        self._names.append(_bytes(document.id.encode("utf-8", "surrogatepass")))
        begins = np.cumsum([len(self._passages), *map(len, lines)])[:-1]
        self._passages.append(_bytes(b"".join(lines)))
        self._lines.append(begins)
        self._texts.append(_halves(b"".join(map(_digest_of, passages))))
        self._passage_languages.extend(self._language(p.language) for p in passages)
        self._add_contexts(passages)

    def languages(self) -> NDArray[np.int8]:
        """Return the language of every passage, then of every text above some of them.

        Languages are numbered in the order of their codes.
        """
        names = [code for _, code in sorted(self._language_numbers.items())]
        found = self._passage_languages + self._context_languages
        return np.argsort(names).astype(np.int8)[np.frombuffer(found, dtype=np.int8)]

    def _language(self, code: str) -> int:
        return self._language_numbers.setdefault(code, len(self._language_numbers))

    def _add_contexts(self, passages: Sequence[Passage]) -> None:
        above = [[self._context(text, p.language) for text in p.context] for p in passages]
        self._ends.append(ends(np.array(list(map(len, above)), dtype=np.int64), len(self._above)))
        self._above.append(np.array([n for numbers in above for n in numbers], dtype=np.int32))

    def _context(self, text: str, language: str) -> int:
        """Return the number of a text above passages, after it is written if it is a new one."""
        name = digest(f"{language}\n{text}".encode("utf-8", "surrogatepass"))
        number = len(self._context_numbers)
        found = self._context_numbers.setdefault(int.from_bytes(name, "little"), number)
        if found == number:
            self._context_lines.append(np.array([len(self._contexts)]))
            self._contexts.append(_bytes(_line({"text": text, "language": language})))
            # Not the digest of a passage of this text, which has a pooled vector.
            self._context_texts.append(_halves(name))
            self._context_languages.append(self._language(language))
        return found

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
        """Close the files and write the keys of identifiers; only close them after an error."""
        if kind is None:
            self._add_row(0, bytes(16), bytes(16))
            self._lines.append(np.array([len(self._passages)]))
            self._context_lines.append(np.array([len(self._contexts)]))
        self._open.__exit__(kind, error, trace)
        if kind is None:
            self._write_keys()

    def _write_keys(self) -> None:
        tables = self._folder / TABLES
        keys = np.array(mapped(tables / "documents.npy")["key"][:-1])
        order = np.argsort(keys, kind="stable")
        self._refuse_shared(keys[order], order)
        with writing_to(tables):
            np.save(tables / "keys.npy", keys[order], allow_pickle=False)
            np.save(tables / "places.npy", order.astype(np.int64), allow_pickle=False)

    def _refuse_shared(self, keys: NDArray[np.uint64], order: NDArray[np.int64]) -> None:
        """Refuse two documents of one identifier: their keys stand side by side."""
        for at in np.flatnonzero(keys[1:] == keys[:-1]).tolist():
            first, second = (self._name(int(place)) for place in order[at : at + 2])
            if first == second:
                raise IndexingError(
                    f"two documents have the identifier {first!r}: give their files other names"
                )

    def _name(self, place: int) -> str:
        tables = self._folder / TABLES
        begin, end = mapped(tables / "documents.npy")["name"][place : place + 2].tolist()
        with (tables / NAMES).open("rb") as names:
            names.seek(begin)
            return names.read(end - begin).decode("utf-8", "surrogatepass")


def write_records(
    folder: Path, found: Iterable[tuple[Document, Sequence[Passage]]]
) -> tuple[Records, NDArray[np.int8]]:
    """Write documents and their passages into an existing folder.

    Returns:
        What was written, and the language of every passage and of every text above passages: see
        ``index.late.scoring.LateIndex``.

    Raises:
        IndexingError: a file cannot be written; it is named.
    """
    with RecordsWriter(folder) as writer:
        for document, passages in found:
            writer.add(document, passages)
    return Records.open(folder), writer.languages()


def _digest_of(passage: Passage) -> bytes:
    """Return a digest of what decides a passage's vectors: text, context, and language.

    The language decides where sentences end.
    """
    parts = (passage.language, *passage.context, passage.text)
    return digest("\n".join(parts).encode("utf-8", "surrogatepass"))


def _document_fields(document: Document) -> dict[str, Any]:
    # Few documents have tables: only their sections tell what leads their paragraphs.
    leads = ({"leads": s.leads} if s.leads else {} for s in document.sections)
    sections = ({"path": s.path, "paragraphs": s.paragraphs} for s in document.sections)
    return {
        "id": document.id,
        "title": document.title,
        "language": document.language,
        "text": document.text,
        "sections": [part | lead for part, lead in zip(sections, leads, strict=True)],
        "source_url": document.source_url,
        "sha256": document.sha256,
        "pages": document.pages,
        "properties": document.properties,
        "notices": [(notice.kind, notice.detail) for notice in document.notices],
        "origin": document.origin and (document.origin.root, document.origin.path),
    }


def _entry_fields(document: Document) -> list[Any]:
    """Return what is known of a document without reading it: a list, as keys would double it."""
    held = document
    return [held.id, held.title, held.language, held.sha256, held.properties]


def _fields(passage: Passage) -> dict[str, Any]:
    return {
        "document": passage.document_id,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        "language": passage.language,
        "leads": passage.leads,
    }


def _line(record: dict[str, Any] | list[Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _bytes(content: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(content, dtype=np.uint8)


def _halves(digests: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(digests, dtype="<u8").reshape(-1, 2)
