"""PDF becomes text and blocks, with the start of each page."""

from __future__ import annotations

from documents.extract import Composer, Extract
from documents.pdf_layout import Paragraph, layout
from documents.pdf_margins import without_margins
from documents.pdf_process import read_apart


def read_pdf(raw: bytes, name: str) -> Extract:
    """Read a document that holds text; pictures of text are not read.

    Args:
        raw: the file.
        name: the file, for messages.

    Raises:
        DamagedDocument: no PDF, or one too damaged to be read.
        EmptyDocument: there is no text on its pages.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: reading it takes too much time or memory.
    """
    pages, composer = read_apart(raw, name), Composer()
    reached = 0
    for block in layout(without_margins(pages.lines), pages.bookmarks):
        _turn(composer, block.page + 1 - reached)
        _add(block, composer)
        reached = block.page + 1 + len(block.breaks)
    _turn(composer, len(pages.lines) - reached)
    return Extract(
        text=composer.text,
        blocks=tuple(composer.blocks),
        file_title=pages.title or None,
        pages=composer.pages,
    )


def _turn(composer: Composer, pages: int) -> None:
    for _ in range(pages):
        composer.page()


def _add(block: Paragraph, composer: Composer) -> None:
    if block.level is None:
        composer.paragraph(block.text, close=block.close, breaks=block.breaks)
    else:
        composer.heading(block.text, block.level)
