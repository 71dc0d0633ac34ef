"""Reads PDF into text and blocks, with the offset at which each page starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from documents.formats.extract import Composer, Extract
from documents.formats.pdf.arrangement import arranged
from documents.formats.pdf.layout import PdfBlock, layout
from documents.formats.pdf.lines import HEADER, TEXT, Line
from documents.formats.pdf.margins import Body, without_margins
from documents.formats.pdf.pages import Pages
from documents.formats.pdf.process import PICTURE, READ, RECOGNISE, read_in_process
from documents.notices import Notice, NoticeKind
from documents.properties import Properties, listed, properties_of

_MIN_RUN = 3
"""As many pages in a row are named by the first and the last."""


def read_pdf(raw: bytes, name: str, *, recognise: bool = False) -> Extract:
    """Read a document: its text, the values of its form, and, if wanted, its pictures of text.

    Args:
        raw: the file.
        name: the file, for messages.
        recognise: whether the text of pages that show it only as pictures is recognised.

    Raises:
        DamagedDocument: no PDF, or one too damaged to be read.
        EmptyDocument: there is no text on its pages.
        UnreadableDocument: it is protected, a form that only one program shows, or its fonts do
            not say which letters they draw.
        UnsafeDocument: reading it takes too much time or memory.
        MissingFormat: text is to be recognised, and cannot be here.
    """
    return composed(read_in_process(raw, name, RECOGNISE if recognise else READ))


def read_picture(raw: bytes, name: str) -> Extract:
    """Read a picture of a page: PNG, JPEG or TIFF.

    Args:
        raw: the file.
        name: the file, for messages.

    Raises:
        DamagedDocument: recognising its text failed.
        EmptyDocument: it shows no text.
        MissingFormat: the program that recognises text is not installed.
        UnsafeDocument: reading it takes too much time or memory.
    """
    return composed(read_in_process(raw, name, PICTURE))


def composed(pages: Pages) -> Extract:
    """Make a text and blocks of what was read of pages, and say what was not."""
    composer = Composer()
    body = without_margins(pages.pages)
    blocks = layout([arranged(page) for page in body.pages], pages.bookmarks)
    _compose(_with_margins(blocks, body.margins), composer, len(pages.pages))
    return Extract(
        text=composer.text,
        blocks=tuple(composer.blocks),
        file_title=pages.title or None,
        pages=composer.pages,
        notices=tuple(_notices(pages, body)),
        properties=_properties(pages),
    )


def _properties(pages: Pages) -> Properties:
    texts = (("author", pages.author), ("keywords", pages.keywords))
    pairs = (pair for name, written in texts for pair in listed(name, written))
    return properties_of([*pairs, ("date", pages.created), ("modified", pages.modified)])


def _notices(pages: Pages, body: Body) -> Iterator[Notice]:
    states = list(zip(pages.pages, body.pages, strict=True))
    kinds = {
        NoticeKind.PAGES_WITHOUT_TEXT: [page.is_pictured and not lines for page, lines in states],
        NoticeKind.PAGES_UNREADABLE: [page.is_unreadable for page, _ in states],
        NoticeKind.PAGES_WITH_UNREAD_LETTERS: [page.unread > 0 for page, _ in states],
        NoticeKind.PAGES_RECOGNISED: [page.is_recognised for page, _ in states],
    }
    for kind, flags in kinds.items():
        if any(flags):
            yield Notice(kind, _numbers([at for at, flag in enumerate(flags, 1) if flag]))
    if pages.lacking:
        yield Notice(NoticeKind.NOT_RECOGNISED, pages.lacking)
    if pages.attachments:
        yield Notice(NoticeKind.ATTACHMENTS, ", ".join(pages.attachments))


def _numbers(pages: Sequence[int]) -> str:
    """Return numbers of pages as people write them: ``2, 3, 7–12``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) >= _MIN_RUN else ", ".join(map(str, run)) for run in runs
    )


def _with_margins(blocks: Sequence[PdfBlock], margins: Sequence[Sequence[Line]]) -> list[PdfBlock]:
    """Put the first copy of each header and footer at the start of its page, below a heading."""
    kept = {at: [PdfBlock(line.text, at) for line in page] for at, page in enumerate(margins)}
    found: list[PdfBlock] = []
    for block in blocks:
        due = [at for at in kept if at < block.page + (block.level is None)]
        found += [margin for at in due for margin in kept.pop(at)]
        found.append(block)
        if block.level is not None:
            found += kept.pop(block.page, [])
    return [*found, *(margin for page in kept.values() for margin in page)]


def _compose(blocks: Sequence[PdfBlock], composer: Composer, pages: int) -> None:
    turn = _Pages(composer)
    for is_table, run in groupby(blocks, lambda block: block.kind != TEXT):
        if is_table:
            composer.table(turn.rows(run))
        else:
            turn.add(run)
    turn.to(pages)


class _Pages:
    """Turns the pages of a composer while blocks are added to it."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._reached = 0

    def to(self, page: int) -> None:
        for _ in range(page - self._reached):
            self._composer.page()
        self._reached = max(page, self._reached)

    def rows(self, blocks: Iterable[PdfBlock]) -> Iterator[tuple[str, bool]]:
        for block in blocks:
            self.to(block.page + 1)
            yield block.text, block.kind == HEADER

    def add(self, blocks: Iterable[PdfBlock]) -> None:
        for block in blocks:
            self.to(block.page + 1)
            _add(block, self._composer)
            self._reached += len(block.breaks)


def _add(block: PdfBlock, composer: Composer) -> None:
    if block.level is None:
        composer.paragraph(block.text, close=block.close, breaks=block.breaks)
    else:
        composer.heading(block.text, block.level)
