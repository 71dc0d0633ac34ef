"""The results of reading and chunking: documents, their sections and their passages."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from documents.notices import Notice
from documents.options import USUAL, ReadingOptions
from documents.properties import Properties


class Span(NamedTuple):
    """A half-open range of code points, ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the file of a document is.

    Attributes:
        root: the folder that was named, or the one of the file that was named, as an absolute
            path; empty for the documents that come with Passerelle.
        path: of the file, relative to that folder.
    """

    root: str
    path: str

    @property
    def file(self) -> Path:
        """The absolute path of the file."""
        return Path(self.root, self.path)


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a folder that an index follows.

    Attributes:
        path: where it is, as an absolute path.
        include: of a folder, only files that match one of these patterns, if there are any.
        exclude: of a folder, no files that match one of these.
        without: of a folder, the files that were removed from the index by name, as paths relative
            to it.
        options: how its files are read.
    """

    path: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    options: ReadingOptions = USUAL


@dataclass(frozen=True, slots=True)
class Section:
    """The running text under one heading path.

    Attributes:
        path: the headings above the text, outermost first, the document's title left out.
        paragraphs: where each paragraph stands in the document's text, in order.
            Headings and captions are in none of them.
        leads: for each paragraph, where the caption and the header rows of its table stand; empty
            if no paragraph is a row of a table that has them.
    """

    path: tuple[str, ...]
    paragraphs: tuple[Span, ...]
    leads: tuple[tuple[Span, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was read, and the ranges of its sections.

    Attributes:
        id: stable for the same path; safe in a URL.
        title: for people.
        language: ``fr``, ``en``, or ``und`` where it is not known.
        text: the text as it was read, which all offsets point into; a byte-order mark and front
            matter are not part of it.
        sections: in the order of the text.
        source_url: where the text came from, if known.
        sha256: of ``text`` in UTF-8, in hexadecimal.
        pages: where each page starts in ``text``, in order; empty where there are no pages.
        notices: what of its file was not read, or read in a way that people should know.
        properties: what its author, its file and its folder say about it.
        origin: where its file is; None if it is not known.
    """

    id: str
    title: str
    language: str
    text: str
    sections: tuple[Section, ...]
    source_url: str | None
    sha256: str
    pages: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
    properties: Properties = ()
    origin: Origin | None = None

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
        leads: what introduces it elsewhere in its section, as ranges of the document's text, in
            order: the line before a list, the caption and the header row of a table.
        context: what a reader has read before reaching it, outermost first: the document's title,
            the section's headings, the texts of the leads. It is searched with the passage and is
            never part of the quote.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    language: str
    leads: tuple[Span, ...] = ()
    context: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a passage whose length is not that of its range."""
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError(
                f"passage {self.id!r}: {self.start}-{self.end} is not its text's range"
            )


def context_of(
    document: Document, section: tuple[str, ...], leads: tuple[Span, ...]
) -> tuple[str, ...]:
    """Return the context of a passage: see ``Passage``; nothing twice, nothing empty."""
    texts = (document.text[lead.start : lead.end] for lead in leads)
    every = (" ".join(part.split()) for part in (document.title, *section, *texts))
    return tuple(dict.fromkeys(part for part in every if part))


def checksum(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
