"""Puts the lines of a PDF page in reading order: columns one by one, tables row by row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from documents.formats.pdf.lines import HEADER, ROW, Line
from documents.lines import item_marker

BETWEEN_CELLS = " | "

_SAME_HEIGHT = 0.3
"""Two lines are of one row if their heights differ by at most this many of their letters'."""
_MIN_ROWS_OF_COLUMNS = 3
_MIN_WORDS_OF_COLUMN = 4
"""The words in the usual line of a column of prose; cells of tables have fewer."""
_MIN_SWITCHES = 4
_MAX_ROW_DISTANCE = 4.0
"""Rows of a table are at most this many heights of a letter below each other."""
_MAX_WRAPPED = 1.5
_MAX_WRAPPED_LINES = 5
_MIN_ROWS = 2
_PAIR = 2
_MAX_WORDS_OF_CELL = 8
_MARKER = re.compile(r"[\d.]{1,8}|[a-zA-Z][.)]")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*(?:19|20)?\d\d)?")


class _Column(NamedTuple):
    """Where the cells of a column stand."""

    left: float
    right: float

    def holds(self, line: Line) -> bool:
        return line.left < self.right and line.right > self.left


def arranged(page: Sequence[Line]) -> list[Line]:
    """Return the lines of a page in the order in which people read them.

    Columns that were drawn line by line are taken apart. Lines that stand beside each other are
    made one: a row of a table, with its ``cells``, where several are aligned below each other.
    """
    rows = _rows(_by_column(page))
    found: list[Line] = []
    at = 0
    while at < len(rows):
        run = rows[at : _end_of_run(rows, at)]
        found += _table_lines(run) if _is_table(run) else map(_joined, run)
        at += len(run)
    return found


def _rows(page: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of a page, those that stand beside each other together."""
    rows: list[list[Line]] = []
    for line in page:
        last = rows[-1][-1] if rows else None
        if last and line.beside and _is_level(last, line) and line.left > last.left:
            rows[-1].append(line)
        elif (start := _row_of_cell(rows, line)) is not None:
            rows[start:] = [[*(cell for row in rows[start:] for cell in row), line]]
        else:
            rows.append([line])
    return rows


def _row_of_cell(rows: Sequence[Sequence[Line]], line: Line) -> int | None:
    """Return the row, of those before it, that a cell belongs to: those between were wrapped."""
    if not rows or line.bottom <= rows[-1][-1].bottom + _SAME_HEIGHT * line.size:
        return None
    between: list[Line] = []
    for at in range(len(rows) - 1, max(len(rows) - 1 - _MAX_WRAPPED_LINES, -1), -1):
        for cell in reversed(rows[at]):
            if _is_level(cell, line) and all(cell.right < b.left for b in between):
                return at if cell.right < line.left else None
            if cell.right >= line.left:
                return None
            between.append(cell)
    return None


def _is_level(line: Line, other: Line) -> bool:
    return abs(line.bottom - other.bottom) <= _SAME_HEIGHT * max(line.size, other.size)


def _joined(row: Sequence[Line]) -> Line:
    text = " ".join(line.text for line in row)
    return replace(
        row[0], text=text, right=row[-1].right, hyphenated=row[-1].hyphenated, beside=False
    )


def _by_column(page: Sequence[Line]) -> list[Line]:
    """Take columns of prose apart that were drawn line by line."""
    start = next((s for s in _starts(page) if _is_gutter(page, s)), None)
    if start is None:
        return list(page)
    found: list[Line] = []
    for crosses, run in groupby(page, lambda line: line.left < start - 1 < line.right):
        part = list(run)
        if crosses or not _is_interleaved(part, start):
            found += part
            continue
        found += [line for line in part if line.left < start - 1]
        found += _by_column([line for line in part if line.left >= start - 1])
    return found


def _starts(page: Sequence[Line]) -> list[float]:
    """Return where further columns may start: where many lines do, and none the leftmost."""
    left = min((line.left for line in page), default=0.0)
    counts = Counter(round(line.left) for line in page if line.left > left + 5 * line.size)
    return [start for start, count in counts.most_common(4) if count >= _MIN_ROWS_OF_COLUMNS]


def _is_gutter(page: Sequence[Line], start: float) -> bool:
    runs = groupby(page, lambda line: line.left < start - 1 < line.right)
    return any(not crosses and _is_interleaved(list(run), start) for crosses, run in runs)


def _is_interleaved(lines: Sequence[Line], start: float) -> bool:
    sides = [line.left >= start - 1 for line in lines]
    switches = sum(one != other for one, other in pairwise(sides))
    if switches < _MIN_SWITCHES or switches < len(lines) / 3:
        return False
    parts = [
        [line for line, side in zip(lines, sides, strict=True) if side is at]
        for at in (False, True)
    ]
    return all(len(part) >= _MIN_ROWS_OF_COLUMNS and _is_prose(part) for part in parts)


def _is_prose(lines: Sequence[Line]) -> bool:
    return median(len(line.text.split()) for line in lines) >= _MIN_WORDS_OF_COLUMN


def _end_of_run(rows: Sequence[Sequence[Line]], start: int) -> int:
    """Return where the rows end whose cells are aligned with those of the first, at least one."""
    columns, end = _columns(rows[start : start + 1]), start + 1
    while len(rows[start]) > 1 and end < len(rows):
        together = _together(columns, rows[end - 1], rows[end])
        if together is None:
            break
        columns, end = together, end + 1
    return end


def _together(
    columns: list[_Column], above: Sequence[Line], row: Sequence[Line]
) -> list[_Column] | None:
    """Return the columns of a table and one more row; None if the row does not belong to it."""
    distance = above[0].bottom - row[0].bottom
    size = max(above[0].size, row[0].size)
    if not 0 < distance <= _MAX_ROW_DISTANCE * size:
        return None
    if len(row) == 1:
        is_near = distance <= _MAX_WRAPPED * size
        return columns if is_near and _is_wrapped(row[0], columns) else None
    found = _merged([*columns, *_columns([row])])
    return found if len(found) >= max(2, len(columns)) else None


def _is_table(rows: Sequence[Sequence[Line]]) -> bool:
    full = [row for row in rows if len(row) > 1]
    if len(full) < _MIN_ROWS or (len(full) == _MIN_ROWS and not _has_short_cells(full)):
        return False
    return not _has_markers(full, _columns(full))


def _is_wrapped(line: Line, columns: Sequence[_Column]) -> bool:
    """Tell whether a line on its own goes on with the cell above it."""
    held = [at for at, column in enumerate(columns) if column.holds(line)]
    return len(held) == 1 and (held[0] > 0 or line.text[0].islower())


def _columns(rows: Sequence[Sequence[Line]]) -> list[_Column]:
    """Return the columns of a table: what its cells cover, seen from above."""
    cells = (line for row in rows if len(row) > 1 for line in row)
    return _merged([_Column(line.left, max(line.left, line.right)) for line in cells])


def _merged(columns: Sequence[_Column]) -> list[_Column]:
    found: list[_Column] = []
    for column in sorted(columns):
        if found and column.left < found[-1].right:
            found[-1] = _Column(found[-1].left, max(column.right, found[-1].right))
        else:
            found.append(column)
    return found


def _has_short_cells(rows: Sequence[Sequence[Line]]) -> bool:
    return all(len(line.text.split()) <= _MAX_WORDS_OF_CELL for row in rows for line in row)


def _has_markers(rows: Sequence[Sequence[Line]], columns: Sequence[_Column]) -> bool:
    """Tell whether what looks like a first column are the markers of items."""
    firsts = [row[0].text for row in rows if columns[0].holds(row[0])]
    markers = all(_MARKER.fullmatch(text) or item_marker(f"{text} x") for text in firsts)
    return len(columns) == 2 and bool(firsts) and markers and _has_words(rows)


def _has_words(rows: Sequence[Sequence[Line]]) -> bool:
    return any(c.isalpha() for row in rows for c in row[-1].text)


def _table_lines(rows: Sequence[Sequence[Line]]) -> list[Line]:
    columns = _columns(rows)
    found: list[list[Line]] = []
    for row in rows:
        if found and _is_rest(row, columns[0]):
            found[-1] += row
        else:
            found.append(list(row))
    header = _is_header(found[0], columns) and len(found) > 1
    return [_row(row, columns, header=header and at == 0) for at, row in enumerate(found)]


def _is_rest(row: Sequence[Line], first: _Column) -> bool:
    """Tell whether a row holds what was wrapped of the cells above it."""
    begins_small = row[0].text[0].islower()
    if len(row) == 1:
        return begins_small or first.right < row[0].left
    return begins_small and all(first.right < ln.left or ln.text[0].islower() for ln in row)


def _row(row: Sequence[Line], columns: Sequence[_Column], *, header: bool) -> Line:
    words: list[list[str]] = [[] for _ in columns]
    for line in row:
        at = max((at for at, column in enumerate(columns) if column.left <= line.left), default=0)
        words[at].append(line.text)
    cells = [" ".join(said) for said in words]
    is_labelled = len(cells) == _PAIR and cells[0].endswith(":")
    text = (" " if is_labelled else BETWEEN_CELLS).join(cells).strip()
    return replace(
        row[0], text=text, hyphenated=False, beside=False, kind=HEADER if header else ROW
    )


def _is_header(row: Sequence[Line], columns: Sequence[_Column]) -> bool:
    """Tell whether a first row names the columns: it has words, and numbers only for years."""
    words = [line.text for line in row]
    named = all(_YEAR.fullmatch(text) or not _DIGIT.search(text) for text in words)
    return named and len(row) >= len(columns) - 1 and not words[0].endswith(":")
