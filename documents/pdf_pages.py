"""What PDFium reads in a file: the lines of its pages, its bookmarks and its title."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pypdfium2 as pdfium

from documents.errors import DamagedDocument, EmptyDocument, UnreadableDocument, UnsafeDocument
from documents.extract import clean
from documents.pdf_lines import Line, page_lines

MAX_PAGES = 10_000
MAX_CHARACTERS = 16 * 2**20
_PASSWORD = 4
Bookmark = tuple[str, int, int]
"""A title, its depth from 1, and its page from 0."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The lines of each page, the bookmarks, and the title in the file's properties, or ``""``."""

    lines: list[list[Line]]
    bookmarks: list[Bookmark]
    title: str


def read_pages(raw: bytes, name: str) -> Pages:
    """Read a file.

    Raises:
        DamagedDocument: no PDF, or one too damaged to be read.
        EmptyDocument: there is no text on its pages.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: it has too many pages or too much text.
    """
    with closing(_open(raw, name)) as document:
        try:
            title = clean(document.get_metadata_value("Title")).replace("\n", " ")
            return Pages(_lines(document, name), list(_bookmarks(document)), title)
        except pdfium.PdfiumError as error:
            raise _damaged(name, error) from error


def _open(raw: bytes, name: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise UnreadableDocument(
                f"{name}: protected by a password: save a copy without one"
            ) from error
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> DamagedDocument:
    return DamagedDocument(f"{name}: not a sound PDF ({error}): export the document again")


def _lines(document: pdfium.PdfDocument, name: str) -> list[list[Line]]:
    if len(document) > MAX_PAGES:
        raise UnsafeDocument(f"{name}: more than {MAX_PAGES:,} pages: split the document")
    pages: list[list[Line]] = []
    left = MAX_CHARACTERS
    for page in document:
        pages.append(page_lines(page))
        left -= sum(len(line.text) for line in pages[-1])
        if left < 0:
            raise UnsafeDocument(f"{name}: more text than is safe to read: split the document")
    if left == MAX_CHARACTERS:
        raise EmptyDocument(
            f"{name}: no text on its {len(pages)} pages: if they are scans, recognise the text "
            "first, for instance with ocrmypdf"
        )
    return pages


def _bookmarks(document: pdfium.PdfDocument) -> Iterator[Bookmark]:
    for entry in document.get_toc():
        target = entry.get_dest()
        page = None if target is None else target.get_index()
        if page is not None:
            yield clean(entry.get_title()), entry.level + 1, page
