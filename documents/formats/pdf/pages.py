"""Reads a PDF file with PDFium: pages, bookmarks, title, names of attachments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.errors import (
    DamagedDocument,
    EmptyDocument,
    MissingFormat,
    UnreadableDocument,
    UnsafeDocument,
)
from documents.formats.extract import clean
from documents.formats.pdf.characters import Characters
from documents.formats.pdf.fields import page_values, put_in, value_lines
from documents.formats.pdf.legibility import is_legible, unreadable_letters
from documents.formats.pdf.letters import page_letters
from documents.formats.pdf.lines import Page, page_lines
from documents.formats.pdf.placeholders import placeholder_reason
from documents.formats.pdf.recognition import POINTS_PER_DOT, recognised_lines, what_is_missing

MAX_PAGES = 10_000
MAX_CHARACTERS = 16 * 2**20
_PASSWORD = 4
_METADATA = ("Title", "Author", "Keywords", "CreationDate", "ModDate")
_MAX_DOTS = 40_000_000
_MIN_SHAPES = 20
"""Fewer lines and shapes are a frame or a rule, not text that was drawn."""
_FEW_CHARACTERS = 200
"""A page with more text than this is not looked at for pictures."""
_MAX_ATTACHMENTS = 100
_WRAPPED = b"EncryptedPayload"
"""How a file says that it wraps an encrypted one (PDF 2.0, 7.6.7)."""
_PICTURE_HEIGHT = 842.0
"""The height of a picture, in points: its own is of no use, as it has no margins."""
Bookmark = tuple[str, int, int]
"""A title, its depth from 1, and its page from 0."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages, bookmarks, names of attachments, and what the properties say, or ``""``.

    ``lacking`` is what kept pictures of text from being recognised, or ``""``.
    """

    pages: list[Page]
    bookmarks: list[Bookmark]
    attachments: list[str]
    title: str = ""
    author: str = ""
    keywords: str = ""
    created: str = ""
    modified: str = ""
    lacking: str = ""


def read_pages(raw: bytes, name: str, *, recognise: bool = False) -> Pages:
    """Read a PDF: its pages, bookmarks, title and the names of the files attached to it.

    Args:
        raw: the file.
        name: the file, for messages.
        recognise: whether the text of pages that show it only as pictures is recognised.

    Raises:
        DamagedDocument: no PDF, or one too damaged to be read.
        EmptyDocument: there is no text on its pages.
        UnreadableDocument: it is protected by a password or by rights management, a form that only
            one program shows, or its fonts do not say which letters they draw.
        UnsafeDocument: it has too many pages or too much text.
        MissingFormat: there is only text that is to be recognised, and it cannot be here.
    """
    lacking = what_is_missing() if recognise else ""
    with closing(open_pdf(raw, name)) as document:
        try:
            stated = [
                clean(document.get_metadata_value(key)).replace("\n", " ") for key in _METADATA
            ]
            pages = _pages(document, name, recognise=recognise and not lacking)
            _refuse_placeholder(document, raw, pages, name)
            _require_text(pages, name, lacking)
            unread = lacking if any(map(_is_unseen, pages)) else ""
            attached, bookmarks = _attachments(document), list(_bookmarks(document))
            return replace(Pages(pages, bookmarks, attached, *stated), lacking=unread)
        except pdfium.PdfiumError as error:
            raise damaged(name, error) from error


def read_picture_pages(raw: bytes, name: str) -> Pages:
    """Recognise the text of a picture, as of a page.

    Raises:
        EmptyDocument: it shows no text.
        MissingFormat: text cannot be recognised here.
    """
    if lacking := what_is_missing():
        raise MissingFormat(f"{name}: text cannot be recognised: {lacking}")
    lines = recognised_lines(raw, _PICTURE_HEIGHT)
    if not lines:
        raise EmptyDocument(f"{name}: no text was recognised in this picture: leave it out")
    return Pages([Page(lines, top=_PICTURE_HEIGHT, is_recognised=True)], [], [])


def open_pdf(raw: bytes, name: str) -> pdfium.PdfDocument:
    """Open a PDF, with its form if it has one.

    Raises:
        DamagedDocument: it is none, or too damaged.
        UnreadableDocument: it is protected by a password.
    """
    try:
        document = pdfium.PdfDocument(raw)
        if document.get_formtype() == pdfium_c.FORMTYPE_ACRO_FORM:
            document.init_forms()
        return document
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise UnreadableDocument(
                f"{name}: protected by a password: save a copy without one"
            ) from error
        raise damaged(name, error) from error


def damaged(name: str, error: Exception) -> DamagedDocument:
    """Return the error of a PDF that cannot be read."""
    return DamagedDocument(f"{name}: not a sound PDF ({error}): export the document again")


def _pages(document: pdfium.PdfDocument, name: str, *, recognise: bool) -> list[Page]:
    if len(document) > MAX_PAGES:
        raise UnsafeDocument(f"{name}: more than {MAX_PAGES:,} pages: split the document")
    pages: list[Page] = []
    left = MAX_CHARACTERS
    for source in document:
        page = _page(source)
        pages.append(_recognised(source, page) if recognise and _is_unseen(page) else page)
        left -= sum(len(line.text) for line in pages[-1].lines)
        if left < 0:
            raise UnsafeDocument(f"{name}: more text than is safe to read: split the document")
    return pages


def _is_unseen(page: Page) -> bool:
    """Tell whether a page shows text that only recognising it could read."""
    return page.is_unreadable or (page.is_pictured and not page.lines)


def _page(source: pdfium.PdfPage) -> Page:
    characters = Characters(source)
    letters = page_letters(characters)
    values = page_values(source)
    left_over = put_in(values, characters, letters) if values else []
    lines = value_lines(left_over, page_lines(characters, letters))
    _, bottom, _, top = source.get_cropbox()
    texts = [line.text for line in lines]
    if not is_legible(texts):
        return Page([], bottom, top, is_unreadable=True)
    few = sum(map(len, texts)) < _FEW_CHARACTERS
    unread = sum(map(unreadable_letters, texts))
    return Page(lines, bottom, top, is_pictured=few and _is_pictured(source), unread=unread)


def _is_pictured(page: pdfium.PdfPage) -> bool:
    kinds = [found.type for found in page.get_objects(max_depth=3)]
    shapes = kinds.count(pdfium_c.FPDF_PAGEOBJ_PATH) + kinds.count(pdfium_c.FPDF_PAGEOBJ_SHADING)
    return pdfium_c.FPDF_PAGEOBJ_IMAGE in kinds or shapes >= _MIN_SHAPES


def _recognised(source: pdfium.PdfPage, page: Page) -> Page:
    points = POINTS_PER_DOT
    width, height = source.get_size()
    while width * height / points**2 > _MAX_DOTS:
        points *= 2
    lines = recognised_lines(_picture(source, 1 / points), page.top, points)
    if not lines:
        return page
    return replace(page, lines=lines, is_unreadable=False, is_recognised=True)


def _picture(source: pdfium.PdfPage, scale: float) -> bytes:
    """Return a picture of a page in shades of grey, as PGM."""
    bitmap = source.render(scale=scale, grayscale=True)
    dots = bytes(bitmap.buffer)
    rows = (dots[at * bitmap.stride :][: bitmap.width] for at in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(rows)


def _refuse_placeholder(
    document: pdfium.PdfDocument, raw: bytes, pages: list[Page], name: str
) -> None:
    reason = placeholder_reason(
        "\n".join(line.text for page in pages for line in page.lines),
        is_dynamic_form=document.get_formtype() == pdfium_c.FORMTYPE_XFA_FULL,
        is_wrapper=_WRAPPED in raw,
    )
    if reason:
        raise UnreadableDocument(f"{name}: {reason}")


def _require_text(pages: list[Page], name: str, lacking: str) -> None:
    if any(page.lines for page in pages):
        return
    if lacking and any(map(_is_unseen, pages)):
        raise MissingFormat(f"{name}: text cannot be recognised: {lacking}")
    if any(page.is_unreadable for page in pages):
        raise UnreadableDocument(
            f"{name}: its fonts do not say which letters they draw: recognise the text, for "
            "instance with ocrmypdf --force-ocr, or index it with --ocr"
        )
    count = len(pages)
    its = "its only page" if count == 1 else f"any of its {count} pages"
    raise EmptyDocument(
        f"{name}: no text on {its}: if they are scans, recognise the text first, "
        "for instance with ocrmypdf, or index them with --ocr"
    )


def _bookmarks(document: pdfium.PdfDocument) -> Iterator[Bookmark]:
    for entry in document.get_toc():
        target = entry.get_dest()
        page = None if target is None else target.get_index()
        if page is not None:
            yield clean(entry.get_title()), entry.level + 1, page


def _attachments(document: pdfium.PdfDocument) -> list[str]:
    count = min(document.count_attachments(), _MAX_ATTACHMENTS)
    names = (clean(document.get_attachment(at).get_name()) for at in range(count))
    return [" ".join(name.split()) for name in names if name]
