"""Reads ODT: headings and lists with their numbers, tables, notes after their paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from documents.formats.extract import ANY_LEVEL, Composer, Extract, known_language
from documents.formats.office.hidden import without_hidden
from documents.formats.office.numbering import Counter, list_styles, number
from documents.formats.open_document import (
    ANNOTATION,
    NOTE,
    NOTE_BODY,
    H,
    OpenDocument,
    P,
    marked,
    name_of,
)
from documents.formats.tables.grid import flat
from documents.notices import Notice, NoticeKind

_LIST, _ITEM, _LIST_HEADER = (name_of("text", n) for n in ("list", "list-item", "list-header"))
_START, _CONTINUES = name_of("text", "start-value"), name_of("text", "continue-numbering")
_CONTINUED, _ID = name_of("text", "continue-list"), "{http://www.w3.org/XML/1998/namespace}id"
_OUTLINE, _STYLE, _STYLE_NAME, _PARENT = (
    name_of("text", "outline-level"), name_of("text", "style-name"),
    name_of("style", "name"), name_of("style", "parent-style-name"),
)  # fmt: skip
_DISPLAY_NAME, _UNNUMBERED = name_of("style", "display-name"), name_of("text", "is-list-header")
_TABLE, _ROW, _CELL, _COVERED, _HEADER_ROWS = (
    name_of("table", name)
    for name in ("table", "table-row", "table-cell", "covered-table-cell", "table-header-rows")
)
_ACROSS, _DOWN = name_of("table", "number-columns-spanned"), name_of("table", "number-rows-spanned")
_TEXT_BOX = name_of("draw", "text-box")
_LEFT_OUT = frozenset(
    name_of("text", name)
    for name in (
        "table-of-content", "illustration-index", "table-index", "object-index", "user-index",
        "alphabetical-index", "tracked-changes", "sequence-decls", "variable-decls",
        "user-field-decls",
    )
)  # fmt: skip
_MARGINS = [name_of("style", n) for n in ("header", "header-first", "header-left", "footer",
                                          "footer-first", "footer-left")]  # fmt: skip
_PAGE_WORDS = re.compile(r"(?:[\W\d_]|\b(?:page|pages|p|pg|of|on|sur|de|à)\b)*", re.IGNORECASE)
_HEADING = re.compile(r"Heading_20_([1-9])")
_MAX_SPAN = 100


def read_odt(raw: bytes, name: str) -> Extract:
    """Read a text; what was deleted with changes tracked is left out, as is what is hidden.

    Args:
        raw: the archive.
        name: the file, for messages.

    Raises:
        DamagedDocument: no sound ODT.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: it unpacks to too much, or defines entities.
    """
    file = OpenDocument(raw, name)
    return _Reader(file).extract()


class _Reader:
    def __init__(self, file: OpenDocument) -> None:
        self._file = file
        self._composer = Composer()
        self._lists = list_styles(file)
        self._parents = {e.get(_STYLE_NAME, ""): e.get(_PARENT) for e in file.style_elements()}
        self._headings = Counter(self._lists[""])
        self._counters: dict[str, Counter] = {}
        self._marker = ""
        self._listed = False
        self._title: str | None = None

    def extract(self) -> Extract:
        body = self._file.body("text")
        comments = sum(1 for _ in body.iter(ANNOTATION))
        hidden = without_hidden(body, self._file)
        self._walk(body, [])
        self._margins()
        counts = ((NoticeKind.COMMENTS, comments), (NoticeKind.HIDDEN_TEXT, hidden))
        return Extract(
            text=self._composer.text,
            blocks=tuple(self._composer.blocks),
            title=self._title,
            file_title=self._file.property("title"),
            properties=self._file.properties,
            file_language=known_language(self._file.property("language") or self._file.language),
            notices=tuple(Notice(kind, str(count)) for kind, count in counts if count),
        )

    def _walk(self, parent: etree._Element, lists: list[Counter]) -> None:
        for element in parent:
            if element.tag in (P, H):
                self._paragraph(element)
            elif element.tag == _LIST:
                self._list(element, lists)
            elif element.tag == _TABLE:
                self._table(element)
            elif element.tag not in _LEFT_OUT and element.tag != ANNOTATION:
                self._walk(element, lists)

    def _list(self, element: etree._Element, lists: list[Counter]) -> None:
        counter = lists[-1] if lists and not element.get(_STYLE) else self._counter(element)
        nested = [*lists, counter]
        for item in element.iterchildren(_ITEM, _LIST_HEADER):
            holds_text = next(item.iterchildren(P, H), None) is not None
            if item.tag == _ITEM and holds_text and next(item.iterchildren(H), None) is None:
                self._marker = counter.next(len(nested), number(item, _START))
            self._walk(item, nested)
        if not lists:
            self._listed = False

    def _counter(self, element: etree._Element) -> Counter:
        style, continued = element.get(_STYLE, ""), element.get(_CONTINUED)
        before = f"style {style}" if element.get(_CONTINUES) == "true" else f"list {continued}"
        counter = self._counters.get(before) or Counter(self._lists.get(style, {}))
        self._counters[f"style {style}"] = counter
        if element.get(_ID):
            self._counters[f"list {element.get(_ID)}"] = counter
        return counter

    def _paragraph(self, element: etree._Element) -> None:
        text = marked(element)
        style = self._style(element)
        level = _heading_level(element, style)
        if level is not None:
            self._heading(element, text, level)
        elif "Title" in style and text:
            self._title = self._title or text.replace("\n", " ")
            self._composer.heading(text, 0)
        elif "Caption" in style:
            self._composer.caption(text)
        elif text:
            self._text(text)
        self._beside(element)

    def _heading(self, element: etree._Element, text: str, level: int) -> None:
        mark = "" if element.get(_UNNUMBERED) == "true" else self._headings.next(level)
        self._composer.heading(f"{mark}{text}" if text else "", min(level, ANY_LEVEL - 1))
        self._listed, self._marker = False, ""

    def _text(self, text: str) -> None:
        item = bool(self._marker)
        self._composer.paragraph(self._marker + text, close=item and self._listed)
        self._listed, self._marker = item or self._listed, ""

    def _beside(self, element: etree._Element) -> None:
        """Add the notes of a paragraph, then the text boxes in it."""
        for note in element.iter(NOTE):
            self._composer.paragraph(note_text(note))
        for rows in self._file.charts(element):
            self._composer.table(rows)
        for box in element.iter(_TEXT_BOX):
            if next(box.iterancestors(P, H, _TEXT_BOX), None) is element:
                self._walk(box, [])

    def _style(self, element: etree._Element) -> set[str]:
        seen: set[str] = set()
        name = element.get(_STYLE)
        while name and name not in seen:
            seen.add(name)
            name = self._parents.get(name)
        return seen

    def _table(self, table: etree._Element) -> None:
        rows = [row for row in table.iter(_ROW) if _owner(row, _TABLE) is table]
        texts = list(covered_rows(rows))
        headers = [next(r.iterancestors(_HEADER_ROWS, _TABLE)).tag == _HEADER_ROWS for r in rows]
        if rows and not any(headers):
            headers[0] = self._is_heading_row(rows[0])
        self._composer.table(zip(map(joined, texts), headers, strict=True))
        for row in rows:
            for note in row.iter(NOTE):
                self._composer.paragraph(note_text(note))
        self._listed = False

    def _is_heading_row(self, row: etree._Element) -> bool:
        paragraphs = list(row.iter(P))
        return bool(paragraphs) and all("Table_20_Heading" in self._style(p) for p in paragraphs)

    def _margins(self) -> None:
        """Add what headers and footers say, once each, after the text; numbers of pages are not."""
        root = self._file.styles
        found = () if root is None else (p for m in root.iter(*_MARGINS) for p in m.iter(P, H))
        lines = dict.fromkeys(marked(p).replace("\n", " ") for p in found)
        self._composer.level = 0
        for line in lines:
            if not _PAGE_WORDS.fullmatch(line):
                self._composer.paragraph(line)


def _heading_level(element: etree._Element, style: set[str]) -> int | None:
    if element.tag == H:
        return number(element, _OUTLINE) or 1
    found = (match for name in style if (match := _HEADING.fullmatch(name)))
    return next((int(match[1]) for match in found), None)


def note_text(note: etree._Element) -> str:
    """Return a footnote or an endnote with its mark: ``[1] See below.``."""
    mark = note.find(name_of("text", "note-citation"))
    body = note.find(NOTE_BODY)
    number_of = "" if mark is None else "".join(mark.itertext()).strip()
    inner = " ".join(filter(None, (marked(p) for p in (() if body is None else body.iter(P, H)))))
    return f"[{number_of}] {inner}" if inner else ""


def covered_rows(rows: list[etree._Element]) -> Iterator[list[str]]:
    """Yield the texts of each row; a merged cell's text stands at each place that it covers."""
    above: dict[int, tuple[int, str]] = {}
    for at, row in enumerate(rows):
        texts = list[str]()
        cells = list(row.iterchildren(_CELL, _COVERED))
        for cell in cells:
            place = len(texts)
            text = _cell_text(cell)
            if cell.tag == _COVERED and above.get(place, (-1, ""))[0] >= at:
                text = above[place][1]
            elif cell.tag == _CELL:
                last = at + min(number(cell, _DOWN) or 1, _MAX_SPAN) - 1
                across = min(number(cell, _ACROSS) or 1, _MAX_SPAN)
                whole = across >= len(cells)
                reach = range(place, place + (1 if whole else across))
                above.update(dict.fromkeys(reach, (last, text)))
            texts.append(text)
        yield texts


def joined(texts: list[str]) -> str:
    """Return a row's texts with bars between them; ``""`` if all are empty."""
    return " | ".join(texts).strip() if any(texts) else ""


def _cell_text(cell: etree._Element) -> str:
    found = (marked(p) for p in cell.iter(P, H) if _owner(p, NOTE, ANNOTATION) is None)
    return flat(" ".join(text for text in found if text))


def _owner(element: etree._Element, *tags: str) -> etree._Element | None:
    return next(element.iterancestors(*tags), None)
