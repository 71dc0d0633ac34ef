"""Reads ODS: the texts that its cells show; formulas are never evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from documents.formats.extract import Composer, Extract, known_language
from documents.formats.open_document import ANNOTATION, OpenDocument, P, name_of, words
from documents.formats.tables.composing import compose_sheets
from documents.formats.tables.grid import CellLimit, Row, Sheet, flat
from documents.notices import Notice, NoticeKind

_TABLE, _ROW, _CELL, _COVERED = (
    name_of("table", name) for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
_ROWS_REPEATED, _COLUMNS_REPEATED, _ROWS_SPANNED, _COLUMNS_SPANNED, _NAME, _STYLE = (
    name_of("table", name)
    for name in (
        "number-rows-repeated", "number-columns-repeated", "number-rows-spanned",
        "number-columns-spanned", "name", "style-name",
    )
)  # fmt: skip
_VALUES = ("string-", "date-", "time-", "boolean-", "")
_TIME = re.compile(r"PT0?(\d+)H(\d\d)M\d\d(?:[.,]\d+)?S")
_MIDNIGHT = re.compile(r"(?<=\d)T00:00:00(?:[.,]0+)?$")
_MAX_REPEATED = 1000
"""The most equal rows that are read as rows of their own; more are a format, not data."""


def read_ods(raw: bytes, name: str) -> Extract:
    """Read the sheets that are not hidden.

    Args:
        raw: the archive.
        name: the file, for messages.

    Raises:
        DamagedDocument: no sound ODS.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: it unpacks to too much, has too many cells, or defines entities.
    """
    file, composer = OpenDocument(raw, name), Composer()
    tables = [table for table in file.body("spreadsheet") if table.tag == _TABLE]
    hidden = _hidden_styles(file)
    limit = CellLimit(name)
    seen = [table for table in tables if table.get(_STYLE) not in hidden]
    sheets = [Sheet(_title(t), tuple(_Rows(limit).of(t))) for t in seen]
    language = compose_sheets(sheets, composer)
    unseen = [_title(table) for table in tables if table.get(_STYLE) in hidden]
    return Extract(
        composer.text,
        tuple(composer.blocks),
        file_title=file.property("title"),
        properties=file.properties,
        file_language=language or known_language(file.property("language") or file.language),
        notices=(Notice(NoticeKind.HIDDEN_SHEETS, ", ".join(unseen)),) if unseen else (),
    )


def _title(table: etree._Element) -> str:
    return flat(table.get(_NAME, ""))


def _hidden_styles(file: OpenDocument) -> set[str | None]:
    properties, shown = name_of("style", "table-properties"), name_of("table", "display")
    return {
        style.get(name_of("style", "name"))
        for style in file.style_elements()
        for found in style.iterchildren(properties)
        if found.get(shown) == "false"
    }


class _Rows:
    """Reads the rows of a sheet; places that a merged cell covers get its text."""

    def __init__(self, limit: CellLimit) -> None:
        self._limit = limit
        self._open: dict[int, tuple[int, str]] = {}

    def of(self, table: etree._Element) -> Iterator[Row]:
        number = 1
        for element in table.iter(_ROW):
            repeated = _count(element, _ROWS_REPEATED)
            cells = self._cells(element, number)
            texts = tuple(text for text, _ in cells)
            if any(texts):
                whole = len(set(filter(None, texts))) == 1 and any(spans > 1 for _, spans in cells)
                texts = tuple(dict.fromkeys(texts)) if whole else texts
                covered = frozenset() if whole else _covered(cells)
                for again in range(min(repeated, _MAX_REPEATED)):
                    self._limit.count(len(texts), sum(map(bool, texts)))
                    yield Row(number + again, texts, whole, covered)
            number += repeated

    def _cells(self, row: etree._Element, number: int) -> list[tuple[str, int]]:
        found = list[tuple[str, int]]()
        waiting = 0
        for element in row.iterchildren(_CELL, _COVERED):
            count = _count(element, _COLUMNS_REPEATED)
            text = self._text(element, len(found) + waiting, number)
            if not text:
                waiting += count
                continue
            self._limit.count(waiting + count, count)
            found += [("", 1)] * waiting
            found += [(text, _count(element, _COLUMNS_SPANNED))] * count
            waiting = 0
        return found

    def _text(self, element: etree._Element, at: int, number: int) -> str:
        if element.tag == _COVERED:
            bottom, text = self._open.get(at, (0, ""))
            return text if bottom >= number else ""
        text = cell_text(element)
        down = number + _count(element, _ROWS_SPANNED) - 1
        if down >= number and text:
            self._cover(element, at, down, text, number)
        return text

    def _cover(self, element: etree._Element, at: int, down: int, text: str, number: int) -> None:
        across = min(_count(element, _COLUMNS_SPANNED), _MAX_REPEATED)
        if across > 1 or down > number:
            self._open.update(dict.fromkeys(range(at, at + across), (down, text)))


def _covered(cells: list[tuple[str, int]]) -> frozenset[int]:
    places = (range(at + 1, at + spans) for at, (_, spans) in enumerate(cells))
    return frozenset(at for place in places for at in place if at < len(cells))


def cell_text(cell: etree._Element) -> str:
    """Return what a cell shows, on one line."""
    found = (words(p) for p in cell.iter(P) if next(p.iterancestors(ANNOTATION), None) is None)
    return flat(" ".join(text for text in found if text)) or _stored(cell)


def _stored(cell: etree._Element) -> str:
    """Return the value of a cell for which the program that wrote it gives no text to show."""
    found = (cell.get(name_of("office", f"{kind}value")) for kind in _VALUES)
    value = flat(next((value for value in found if value), ""))
    value = _MIDNIGHT.sub("", _TIME.sub(r"\1:\2", value))
    if cell.get(name_of("office", "value-type")) == "percentage":
        return _percentage(value)
    currency = flat(cell.get(name_of("office", "currency"), ""))
    return f"{value} {currency}".rstrip() if value else ""


def _percentage(value: str) -> str:
    try:
        return f"{float(value) * 100:.15g} %"
    except ValueError:
        return value


def _count(element: etree._Element, attribute: str) -> int:
    value = element.get(attribute, "1")
    return min(int(value), 2**24) if value.isdecimal() and len(value) < 10 else 1
