"""The list of documents for people: what each is, its file, and whether all of it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qa.http.library.listing import Listed, Wanted
from qa.wire.schemas import DocumentOut

SORTS: Final = ("", "title", "-modified", "-date", "-passages")
"""The orders that people choose from."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a row of the list shows it.

    Attributes:
        document: what is known of it.
        file: the path of its file, empty if that is not known.
        format: the suffix of its file, empty if that is not known.
        date: its own date, or else the day its file was last modified; empty without either.
    """

    document: DocumentOut
    file: str
    format: str
    date: str

    @classmethod
    def of(cls, document: DocumentOut) -> DocumentRow:
        """Return the row of a document."""
        dates = [*_values(document, "date"), *_values(document, "modified"), ""]
        paths, formats = _values(document, "path"), _values(document, "format")
        return cls(document, next(iter(paths), ""), next(iter(formats), ""), dates[0])


@dataclass(frozen=True, slots=True)
class DocumentList:
    """A part of the list.

    Attributes:
        rows: the documents of this part.
        total: how many there are in all parts.
        first: the number of the first of this part, from 1.
        before: the offset of the part before, None for the first.
        after: that of the next one, None for the last.
    """

    rows: list[DocumentRow]
    total: int
    first: int
    before: int | None
    after: int | None

    @classmethod
    def of(cls, listed: Listed, wanted: Wanted) -> DocumentList:
        """Lay out a part of the documents."""
        rows = [DocumentRow.of(document) for document in listed.documents]
        before = max(0, min(wanted.offset, listed.total) - wanted.limit) if wanted.offset else None
        return cls(rows, listed.total, wanted.offset + 1, before, listed.next)


def _values(document: DocumentOut, key: str) -> list[str]:
    return document.properties.get(key, [])
