"""The values that reading and chunking hand on: documents, their sections, their passages."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points, ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """The running text under one heading path.

    Attributes:
        path: the headings above the text, outermost first, the document's title left out.
        paragraphs: where each paragraph stands in the document's text, in order.
            Headings and captions are in none of them.
    """

    path: tuple[str, ...]
    paragraphs: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was read, and where its running text stands.

    Attributes:
        id: stable for the same path; safe in a URL.
        title: for people.
        language: ``fr``, ``en``, or ``und`` where it is not known.
        text: what offsets point into, verbatim (a byte-order mark and front matter left out).
        sections: in the order of the text.
        source_url: where the text came from, if known.
        sha256: of ``text`` in UTF-8, in hexadecimal.
        pages: where each page starts in ``text``, in order; empty where there are no pages.
    """

    id: str
    title: str
    language: str
    text: str
    sections: tuple[Section, ...]
    source_url: str | None
    sha256: str
    pages: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a document whose checksum is not that of its text."""
        if self.sha256 != checksum(self.text):
            raise ValueError(f"document {self.id!r}: sha256 is not that of its text")

    def page_of(self, at: int) -> int | None:
        """Return the page, from 1, that a code point of the text stands on, if there are pages."""
        return bisect_right(self.pages, at) or None


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document: ``document.text[start:end] == passage.text``, in code points.

    Attributes:
        id: unique in the index, ``{document_id}#{start}-{end}``.
        document_id: the document it is cut from.
        start: first code point, inclusive.
        end: last code point, exclusive.
        text: the slice.
        section: the headings above it, outermost first.
        language: ``fr``, ``en`` or ``und``.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    language: str

    def __post_init__(self) -> None:
        """Refuse a passage whose length is not that of its range."""
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError(
                f"passage {self.id!r}: {self.start}-{self.end} is not its text's range"
            )


def checksum(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
