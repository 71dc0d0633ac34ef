"""Reads tables: their rows in words, with the cells that span rows and columns repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from documents.formats.elements import INLINE
from documents.formats.extract import clean
from documents.formats.web.words import words

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BOLD = frozenset({"b", "strong"})
_MAX_CELL_LENGTH = 400
"""A table with a longer cell, in code points, lays out a page, unless it marks its headers."""
_MAX_COLUMNS = 50
_MAX_REPEATED = 4
"""How many times the words of a table may be repeated by cells that span rows and columns."""
_MIN_REPEATED = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    words: str
    columns: int
    rows: int


def is_data(table: HtmlElement) -> bool:
    """Tell whether a table holds data, rather than lay out the page."""
    if table.get("role") in {"presentation", "none"}:
        return False
    cells = [cell for row in _own_rows(table) for cell in row]
    if any(cell.tag == "th" for cell in cells) or _has_own(table, "caption", "thead"):
        return not any(_has(cell, *_HEADINGS) for cell in cells if cell.tag == "td")
    if len(cells) == 1 or _has(table, "table", *_HEADINGS):
        return False
    return all(len(words(cell)) <= _MAX_CELL_LENGTH for cell in cells)


def captions(table: HtmlElement) -> list[str]:
    """Return the captions of a table, not those of the tables in it."""
    return [clean(words(part)) for part in table.iterchildren("caption")]


def table_rows(table: HtmlElement) -> Iterator[tuple[str, bool]]:
    """Yield the words of each row, with ``|`` between cells, and whether it is a header.

    A cell that spans rows or columns stands in each of them; a row of one cell has it once. Tables
    in cells are left out.
    """
    rows = list(_own_rows(table))
    lines = _spread([(row.getparent(), [_cell(cell) for cell in row]) for row in rows])
    for at, (row, line) in enumerate(zip(rows, lines, strict=True)):
        yield _line(line), _is_header(row, first=at == 0)


def is_bold(element: HtmlElement) -> bool:
    """Tell whether all the words of an element are in one element for bold."""
    while len(element) == 1 and not (element.text or "").strip():
        inner = element[0]
        if (inner.tail or "").strip() or inner.tag not in INLINE:
            return False
        if inner.tag in BOLD:
            return True
        element = inner
    return False


def _own_rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for part in table:
        if part.tag == "tr":
            yield part
        elif part.tag != "caption":
            yield from part.iterchildren("tr")


def _cell(cell: HtmlElement) -> _Cell:
    columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
    return _Cell(clean(words(cell)).replace("\n", " "), min(columns, _MAX_COLUMNS), rows)


def _span(cell: HtmlElement, name: str) -> int:
    stated = cell.get(name, "").strip()
    return max(1, int(stated)) if re.fullmatch(r"[0-9]{1,5}", stated) else 1


def _spread(rows: Sequence[tuple[HtmlElement, list[_Cell]]]) -> Iterator[list[_Cell]]:
    """Yield the cells of each row, one a column; none reaches out of its part of the table."""
    left = _MIN_REPEATED + _MAX_REPEATED * sum(_size(row) for _, row in rows)
    hanging: dict[int, tuple[_Cell, int]] = {}
    above = None
    for part, row in rows:
        hanging, above = (hanging if part is above else {}), part
        line = _placed(row, hanging) if left > 0 else row
        left -= _size(line) - _size(row)
        hanging = _still_hanging(line, row, hanging)
        yield line


def _size(cells: Sequence[_Cell]) -> int:
    return sum(len(cell.words) + 1 for cell in cells)


def _placed(row: Sequence[_Cell], hanging: dict[int, tuple[_Cell, int]]) -> list[_Cell]:
    line: list[_Cell] = []
    for cell in row:
        while len(line) in hanging:
            line.append(hanging[len(line)][0])
        line += [cell] * cell.columns
    while len(line) in hanging:
        line.append(hanging[len(line)][0])
    return line


def _still_hanging(
    line: Sequence[_Cell], row: Sequence[_Cell], hanging: dict[int, tuple[_Cell, int]]
) -> dict[int, tuple[_Cell, int]]:
    own = set(row)
    rows = ((cell.rows if cell in own else hanging[at][1]) - 1 for at, cell in enumerate(line))
    return {at: (line[at], left) for at, left in enumerate(rows) if left > 0}


def _line(line: Sequence[_Cell]) -> str:
    if len(set(line)) == 1:
        return line[0].words
    texts = [cell.words for cell in line]
    return " | ".join(texts).strip() if any(texts) else ""


def _is_header(row: HtmlElement, *, first: bool) -> bool:
    """Tell whether a row has nothing but headers of columns; in bold, if it is the first."""
    if row.getparent().tag == "thead":
        return True
    cells = [cell for cell in row if words(cell).strip()]
    if any(cell.get("scope") in {"row", "rowgroup"} for cell in cells):
        return False
    return all(cell.tag == "th" or (first and is_bold(cell)) for cell in cells)


def _has(element: HtmlElement, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def _has_own(element: HtmlElement, *tags: str) -> bool:
    return next(element.iterchildren(*tags), None) is not None
