"""DOCX becomes text and blocks: headings by style, paragraphs, items of lists, rows of tables."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle
from lxml import etree

from documents.archive import Archive
from documents.errors import DamagedDocument, UnreadableDocument
from documents.extract import ANY_LEVEL, Composer, Extract, clean, known_language

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARAGRAPH, _TABLE, _ROW, _CELL = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc"))
_TEXT_BOX = qn("w:txbxContent")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""The same text box once more, for programs that cannot draw the first."""
_WORDS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}
_TEXT = qn("w:t")
_DELETED = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), _FALLBACK, _TEXT_BOX})
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_CAPTIONS = frozenset({"caption", "toc heading"})
_CONTENTS = re.compile(r"toc \d|table of figures|index \d", re.IGNORECASE)


def read_docx(raw: bytes, name: str) -> Extract:
    """Read a document of Word or another office suite, its tracked changes accepted.

    Headers, footers, notes and tables of contents are left out.

    Args:
        raw: the archive.
        name: the file, for messages.

    Raises:
        DamagedDocument: no sound DOCX.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: it unpacks to too much, or defines entities.
    """
    if raw.startswith(_OLE):
        raise UnreadableDocument(
            f"{name}: protected by a password, or an old .doc: save it as a plain .docx"
        )
    Archive(raw, name).check()
    return _Reader(_open(raw, name)).extract()


def _open(raw: bytes, name: str) -> Docx:
    try:
        return docx.Document(io.BytesIO(raw))
    # Of a package that is not one, python-docx raises whatever it stumbles over.
    except Exception as error:
        raise DamagedDocument(f"{name}: not a sound DOCX ({error}): save it again") from error


class _Reader:
    def __init__(self, document: Docx) -> None:
        self._document = document
        self._composer = Composer()
        self._listed = False
        self._title: str | None = None
        self._styles = {s.style_id: s for s in document.styles if isinstance(s, ParagraphStyle)}

    def extract(self) -> Extract:
        self._walk(self._document.element.body)
        properties = self._document.core_properties
        return Extract(
            text=self._composer.text,
            blocks=tuple(self._composer.blocks),
            title=self._title,
            file_title=clean(properties.title).replace("\n", " ") or None,
            file_language=known_language(properties.language),
        )

    def _walk(self, parent: etree._Element) -> None:
        for element in parent:
            if element.tag == _PARAGRAPH:
                self._paragraph(element)
            elif element.tag == _TABLE:
                self._table(element)
            elif element.tag not in _DELETED:
                self._walk(element)

    def _paragraph(self, element: etree._Element) -> None:
        text, style = clean("".join(_words(element))), self._style(element)
        level, listed = self._level(element, style), self._is_item(element, style)
        names = [s.name or "" for s in _based_on(style)]
        if any(map(_CONTENTS.fullmatch, names)):
            return
        if names and names[0].lower() in _CAPTIONS:
            self._composer.caption(text)
        elif level is not None:
            self._heading(text, level)
        else:
            self._composer.paragraph(
                f"- {text}" if listed and text else text, close=listed and self._listed
            )
            self._listed = listed and bool(text)
        for box in _boxes(element):
            self._walk(box)

    def _heading(self, text: str, level: int) -> None:
        flat = text.replace("\n", " ")
        if level == 0 and self._title is None:
            self._title = flat or None
        self._composer.heading(flat, level)
        self._listed = False

    def _style(self, element: etree._Element) -> ParagraphStyle | None:
        named = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return None if named is None else self._styles.get(named.get(qn("w:val"), ""))

    def _level(self, element: etree._Element, style: ParagraphStyle | None) -> int | None:
        for base in _based_on(style):
            if (base.name or "").lower() == "title":
                return 0
            if found := _HEADING.fullmatch(base.name or ""):
                return min(int(found[1]), ANY_LEVEL - 1)
        outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        value = "9" if outline is None else outline.get(qn("w:val"), "9")
        return int(value) + 1 if value in set("012345") else None

    def _is_item(self, element: etree._Element, style: ParagraphStyle | None) -> bool:
        own = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if own is not None:
            return bool(own.get(qn("w:val")) != "0")
        return any((s.name or "").lower().startswith("list ") for s in _based_on(style))

    def _table(self, table: etree._Element) -> None:
        first = True
        for row in table.iter(_ROW):
            cells = [c for c in row.iter(_CELL) if next(c.iterancestors(_ROW)) is row]
            texts = [_cell(cell) for cell in cells]
            if any(texts):
                self._composer.paragraph(" | ".join(texts).strip(), close=not first)
                first = False
        self._listed = False


def _cell(cell: etree._Element) -> str:
    paragraphs = (p for p in cell.iter(_PARAGRAPH) if next(p.iterancestors(_CELL)) is cell)
    words = (clean("".join(_words(p))).replace("\n", " ") for p in paragraphs)
    return " ".join(text for text in words if text)


def _based_on(style: ParagraphStyle | None) -> Iterator[ParagraphStyle]:
    seen: set[str] = set()
    while style is not None and style.style_id not in seen:
        seen.add(style.style_id)
        yield style
        base = style.base_style
        style = base if isinstance(base, ParagraphStyle) else None


def _words(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _WORDS:
            yield _WORDS[child.tag]
        elif child.tag not in _DELETED:
            yield from _words(child)


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    for box in element.iter(_TEXT_BOX):
        outer = next(box.iterancestors(_PARAGRAPH, _FALLBACK), None)
        if outer is element:
            yield box
