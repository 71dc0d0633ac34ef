"""Reads XLSX and XLSM: the values that were stored last; formulas and macros are never run."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries

from documents.errors import DamagedDocument
from documents.formats.archive import Archive
from documents.formats.extract import Composer, Extract
from documents.formats.open_xml import checked_package, comments, package_properties
from documents.formats.tables.composing import compose_sheets, manner_of
from documents.formats.tables.grid import CellLimit, Row, Sheet, flat, trimmed
from documents.formats.tables.number_formats import shown
from documents.notices import Notice, NoticeKind

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_UNVALUED = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<v></v>)?\s*</(?:\w+:)?c>")
_SAMPLE = 100
"""The rows of each sheet by which it is told in which language a workbook is."""
_MAX_MERGED = 200
"""Rows and columns of the largest merged cell whose text stands for each of its places."""


def read_workbook(raw: bytes, name: str) -> Extract:
    """Read the sheets that are not hidden.

    Args:
        raw: the package.
        name: the file, for messages.

    Raises:
        DamagedDocument: no sound workbook.
        UnreadableDocument: it is protected by a password, or an old .xls.
        UnsafeDocument: it unpacks to too much, has too many cells, or defines entities.
    """
    package = checked_package(raw, name, ".xlsx")
    book = _open(package, name)
    found = _Sheets(book, Archive(package, name), CellLimit(name))
    composer = Composer()
    language = compose_sheets(list(found), composer)
    return Extract(
        composer.text,
        tuple(composer.blocks),
        file_title=flat(book.properties.title or "") or None,
        file_language=language,
        notices=(*found.notices(), *comments(package, name)),
        properties=package_properties(package, name),
    )


def _open(package: bytes, name: str) -> Any:
    try:
        return openpyxl.load_workbook(
            io.BytesIO(package), read_only=True, data_only=True, keep_links=False
        )
    # On a malformed package openpyxl raises errors of many kinds, most of them undocumented.
    except Exception as error:
        raise DamagedDocument(f"{name}: not a sound workbook ({error}): save it again") from error


class _Sheets:
    """Reads sheet by sheet, so that only one is in memory with its formats."""

    def __init__(self, book: Any, archive: Archive, limit: CellLimit) -> None:
        self._book = book
        self._archive = archive
        self._limit = limit
        self._french = self._is_french()
        self._unvalued: list[str] = []
        self._hidden: list[str] = []

    def __iter__(self) -> Iterator[Sheet]:
        for sheet in self._book.worksheets:
            if sheet.sheet_state == "visible":
                yield self._sheet(sheet)
            else:
                self._hidden.append(sheet.title)

    def _is_french(self) -> bool:
        """Tell whether the first rows of the sheets are in French."""
        rows = (
            row
            for sheet in self._book.worksheets
            for row in islice(sheet.iter_rows(values_only=True), _SAMPLE)
        )
        texts = (value for row in rows for value in row if isinstance(value, str))
        return manner_of(texts).language == "fr"

    def notices(self) -> Iterator[Notice]:
        if self._hidden:
            yield Notice(NoticeKind.HIDDEN_SHEETS, ", ".join(self._hidden))
        if self._unvalued:
            yield Notice(NoticeKind.FORMULAS_WITHOUT_VALUES, ", ".join(self._unvalued))

    def _sheet(self, sheet: Any) -> Sheet:
        source = self._archive.read(sheet._worksheet_path)
        if _UNVALUED.search(source):
            self._unvalued.append(sheet.title)
        merged = _Merged(source)
        # The size that a file states is often wrong, and hides the cells beyond it.
        sheet.reset_dimensions()
        rows = (merged.filled(number, row) for number, row in self._texts(sheet))
        return Sheet(flat(sheet.title), tuple(row for row in rows if any(row.cells)))

    def _texts(self, sheet: Any) -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = [_text(cell, french=self._french) for cell in cells]
            self._limit.count(len(texts), sum(map(bool, texts)))
            if any(texts):
                yield number, list(trimmed(texts))


def _text(cell: Any, *, french: bool) -> str:
    if cell.value is None:
        return ""
    return flat(shown(cell.value, cell.number_format or "", french=french))


class _Merged:
    """Gives each place of a merged cell the cell's text."""

    def __init__(self, source: bytes) -> None:
        self._starting: dict[int, list[tuple[int, int, int]]] = {}
        self._open: dict[int, tuple[int, str]] = {}
        for found in _MERGED.findall(source):
            left, top, right, bottom = range_boundaries(found.decode())
            if max(right - left, bottom - top) < _MAX_MERGED:
                self._starting.setdefault(top, []).append((left - 1, right, bottom))

    def filled(self, number: int, texts: list[str]) -> Row:
        """Return the row with the texts of the merged cells that cover its places."""
        alone = sum(map(bool, texts)) == 1
        whole = alone and self._is_whole(number, texts)
        if not whole:
            self._start(number, texts)
            texts = self._covered(number, texts)
        covered = () if whole else self._across(number)
        return Row(number, tuple(texts), whole, frozenset(covered))

    def _across(self, number: int) -> Iterator[int]:
        for left, right, _ in self._starting.get(number, []):
            yield from range(left + 1, right)

    def _is_whole(self, number: int, texts: list[str]) -> bool:
        at = next(at for at, text in enumerate(texts) if text)
        merged = self._starting.get(number, [])
        return any(left == at and right - left > 1 for left, right, _ in merged)

    def _start(self, number: int, texts: list[str]) -> None:
        for left, right, bottom in self._starting.get(number, []):
            text = texts[left] if left < len(texts) else ""
            for at in range(left, right if text else left):
                self._open[at] = (bottom, text)

    def _covered(self, number: int, texts: list[str]) -> list[str]:
        if not self._open:
            return texts
        self._open = {at: cell for at, cell in self._open.items() if cell[0] >= number}
        width = max([len(texts), *(at + 1 for at in self._open)])
        covered = texts + [""] * (width - len(texts))
        return [text or self._text(at) for at, text in enumerate(covered)]

    def _text(self, at: int) -> str:
        return self._open[at][1] if at in self._open else ""
