"""PDF becomes text and blocks, with the start of each page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pypdfium2 as pdfium

from documents.errors import DamagedDocument, EmptyDocument, UnreadableDocument, UnsafeDocument
from documents.extract import Composer, Extract, clean
from documents.pdf_layout import Paragraph, layout
from documents.pdf_lines import Line, page_lines
from documents.pdf_margins import without_margins

MAX_PAGES = 10_000
MAX_CHARACTERS = 64 * 2**20
_PASSWORD = 4
Bookmark = tuple[str, int, int]
"""A title, its depth from 1, and its page from 0."""


def read_pdf(raw: bytes, name: str) -> Extract:
    """Read a document that holds text; pictures of text are not read.

    Args:
        raw: the file.
        name: the file, for messages.

    Raises:
        DamagedDocument: no PDF, or one too damaged to be read.
        EmptyDocument: there is no text on its pages.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: it has too many pages or too much text.
    """
    with closing(_open(raw, name)) as document:
        try:
            pages, bookmarks = _pages(document, name), list(_bookmarks(document))
            title = clean(document.get_metadata_value("Title")).replace("\n", " ")
        except pdfium.PdfiumError as error:
            raise _damaged(name, error) from error
    return _extract(without_margins(pages), bookmarks, title)


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


def _pages(document: pdfium.PdfDocument, name: str) -> list[list[Line]]:
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
            yield entry.get_title(), entry.level + 1, page


def _extract(pages: list[list[Line]], bookmarks: list[Bookmark], title: str) -> Extract:
    composer = Composer()
    current = -1
    for block in layout(pages, bookmarks):
        while current < block.page:
            composer.page()
            current += 1
        _add(block, composer)
        current += len(block.breaks)
    for _ in range(current + 1, len(pages)):
        composer.page()
    return Extract(
        text=composer.text,
        blocks=tuple(composer.blocks),
        file_title=title or None,
        pages=composer.pages,
    )


def _add(block: Paragraph, composer: Composer) -> None:
    if block.level is None:
        composer.paragraph(block.text, close=block.close, breaks=block.breaks)
    else:
        composer.heading(block.text, block.level)
