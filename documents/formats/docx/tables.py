"""Reads the shape of tables: rows, merged cells, and which rows head the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from lxml import etree

from documents.formats.docx.names import VAL, is_on, number, parts, setting, w
from documents.formats.docx.words import is_bold

ROW, CELL = w("tr"), w("tc")
_SPAN, _BEFORE = w("tcPr/gridSpan"), w("trPr/gridBefore")
_DOWN, _DELETED_CELL = w("tcPr/vMerge"), w("tcPr/cellDel")
_DELETED, _HIDDEN, _REPEATED = map(w, ("trPr/del", "trPr/hidden", "trPr/tblHeader"))
_LOOK, _FIRST = w("tblPr/tblLook"), w("firstRow")
_FIRST_ROW = 0x20
_MAX_COLUMNS = 63
"""The most columns that Word allows."""
_MAX_REPEATED = 300
"""Code points of the longest text that a merged cell says again; a longer one is no label."""
_MAX_ADDED = 2**20
"""Code points that merged cells may add to a document, all together."""


class MergedCells:
    """Gives each place of a table the words of the cell that covers it."""

    def __init__(self) -> None:
        """Start a document: what its merged cells repeat is bounded as a whole."""
        self._left = _MAX_ADDED

    def rows(
        self, table: Sequence[etree._Element], read: Callable[[etree._Element], str]
    ) -> Iterator[list[str]]:
        """Yield the words of each row, a text a column; one alone if a cell covers them all.

        Args:
            table: its rows.
            read: gives the words of a cell, and is asked once a cell.
        """
        above: dict[int, str] = {}
        for row in table:
            cells, texts = cells_of(row), list[str]()
            at, down = _columns(row, _BEFORE), dict[int, str]()
            for cell in cells:
                words, handed = self._words(cell, above.get(at), read)
                if cell.find(_DOWN) is not None:
                    down[at] = handed
                span = max(1, _columns(cell, _SPAN))
                at += span
                texts += [words, *self._again(words, span - 1 if len(cells) > 1 else 0)]
            above = down
            yield texts

    def _words(
        self, cell: etree._Element, above: str | None, read: Callable[[etree._Element], str]
    ) -> tuple[str, str]:
        """Return what stands at a cell's place, and what it hands down."""
        own, down = read(cell), cell.find(_DOWN)
        if own or above is None or down is None or down.get(VAL) == "restart":
            return own, own
        return "".join(self._again(above, 1)), above

    def _again(self, words: str, times: int) -> list[str]:
        added = len(words) * times
        if len(words) > _MAX_REPEATED or added > self._left:
            return [""] * times
        self._left -= added
        return [words] * times


def rows_of(table: etree._Element) -> list[etree._Element]:
    """Return the rows of a table itself that are neither deleted nor hidden."""
    left_out = (_DELETED, _HIDDEN)
    return [r for r in parts(table, ROW) if not any(is_on(r.find(path)) for path in left_out)]


def cells_of(row: etree._Element) -> list[etree._Element]:
    """Return the cells of a row that are not deleted."""
    return [cell for cell in parts(row, CELL) if cell.find(_DELETED_CELL) is None]


def header_rows(table: etree._Element, rows: Sequence[etree._Element]) -> list[bool]:
    """Tell of each row whether it heads those below it.

    A row does that is repeated on each page, and the first where the table's style sets it apart
    or it alone is bold. See ``parting_rows``, too.
    """
    first = _has_header(table) or _is_bold_alone(rows)
    return [is_on(row.find(_REPEATED)) or (at == 0 and first) for at, row in enumerate(rows)]


def parting_rows(rows: Sequence[etree._Element]) -> frozenset[int]:
    """Return which rows are a line across the table, with a row of several cells below."""
    cells = [cells_of(row) for row in rows]
    return frozenset(
        at
        for at, (row, below) in enumerate(pairwise(cells))
        if len(row) == 1 and len(below) > 1 and _is_line(row[0])
    )


def _is_line(cell: etree._Element) -> bool:
    return _columns(cell, _SPAN) > 1 and len("".join(cell.itertext())) <= _MAX_REPEATED


def _has_header(table: etree._Element) -> bool:
    look = table.find(_LOOK)
    if look is None or look.get(_FIRST) is not None:
        return look is not None and is_on(look, _FIRST)
    # Before Word 2010 all that a style sets apart was told by one number.
    bits = look.get(VAL, "0")
    return bool(re.fullmatch("[0-9A-Fa-f]{1,4}", bits)) and bool(int(bits, 16) & _FIRST_ROW)


def _is_bold_alone(rows: Sequence[etree._Element]) -> bool:
    return len(rows) > 1 and is_bold(rows[0]) and not is_bold(rows[1])


def _columns(element: etree._Element, path: str) -> int:
    return min(number(setting(element, path)) or 0, _MAX_COLUMNS)
