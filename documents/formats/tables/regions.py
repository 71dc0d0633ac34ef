"""Parts a sheet into its tables: by empty rows, and by empty columns between two tables.

- Empty rows part a sheet; a part goes on with the table above if it has the same columns, unless
  its first row is a header beyond doubt.
- Empty columns part tables that stand side by side: what is on each side has a header and names of
  its own, and the two are not one table with a gap: they differ in rows, each has a title, the
  same word is in the first column of both, or the gap is wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from documents.formats.tables.cells import is_label
from documents.formats.tables.grid import Row, trimmed
from documents.formats.tables.headers import (
    Table,
    goes_on,
    header_at,
    is_form,
    is_sure,
    may_head,
    table_of,
)

_MAX_TITLE_ROWS = 3
_WIDE_GAP = 2
"""Empty columns from which on what they part is not one table."""
_SEVERAL = 2
_MAX_RUNS = 16
"""Columns between empty ones from which on these lay out a sheet."""
Part = tuple[Row, ...]


def tables(rows: Sequence[Row]) -> Iterator[Table]:
    """Yield the tables of a sheet, in order; together they have all of its rows.

    Of tables side by side, the left one comes first.
    """
    sides: list[list[Table]] = []
    more: list[list[Row]] = []
    parts = _with_headers(list(_parts(rows)))
    for part in parts:
        labels = [side[-1].labels for side in sides]
        continued = _continued(part, labels)
        if any(continued):
            for side, rows_below in zip(more, continued, strict=True):
                side += rows_below
            continue
        yield from _in_order(sides, more)
        is_title = part is not parts[-1] and _is_title(part, rows)
        sides = [[Table(part, (), _only(labels), ())]] if is_title else _sides(part, _only(labels))
        more = [[] for _ in sides]
    yield from _in_order(sides, more)


def _in_order(sides: Sequence[list[Table]], more: Sequence[Sequence[Row]]) -> Iterator[Table]:
    """Yield the tables of each side, the last one of it with the rows that go on with it."""
    for at, ([*others, last], rows) in enumerate(zip(sides, more, strict=True)):
        whole = last._replace(rows=(*last.rows, *rows))
        for place, table in enumerate((*others, whole)):
            yield table._replace(is_beside=at > 0 and place == 0)


def _only(labels: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return labels[0] if len(labels) == 1 else ()


def _sides(part: Part, labels: tuple[str, ...]) -> list[list[Table]]:
    """Return the tables of each side of a part: one table, unless some stand side by side.

    Args:
        part: rows without a gap.
        labels: those of the table above.
    """
    sides = _side_by_side(part)
    return [list(tables(side)) for side in sides] if sides[1:] else [[table_of(part, labels)]]


def _continued(part: Part, above: Sequence[tuple[str, ...]]) -> list[Part]:
    """Return what of a part goes on with each of several tables side by side; else nothing."""
    if len(above) < _SEVERAL or not all(map(any, above)):
        return []
    cut = _cut(part, [_first(labels) for labels in above])
    pieces = list(zip(cut, above, strict=True))
    if not all(goes_on(rows, labels) for rows, labels in pieces if rows):
        return []
    return cut


def _side_by_side(part: Part) -> list[Part]:
    """Return the rows of each table of a part, from left to right."""
    runs = _runs(part)
    if not 1 < len(runs) <= _MAX_RUNS:
        return [part]
    starts = [runs[0][0]]
    ends = [*(start for start, _ in runs[2:]), None]
    for ((_, before), (start, _)), end in zip(pairwise(runs), ends, strict=True):
        left, right = _piece(part, starts[-1], start), _piece(part, start, end)
        if _are_two(left, right, gap=start - before):
            starts.append(start)
    return _cut(part, starts) if len(starts) > 1 else [part]


def _runs(part: Part) -> list[tuple[int, int]]:
    """Return the ranges of columns that no empty column parts; titles alone in a row fill none."""
    used = {at for row in part if len(row.filled) > 1 for at, cell in enumerate(row.cells) if cell}
    runs: list[tuple[int, int]] = []
    for at in sorted(used):
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _cut(part: Part, starts: Sequence[int]) -> list[Part]:
    """Return the rows from each column on to the next; the first one's from the start."""
    ends = [*starts[1:], None]
    return [
        _piece(part, start if at else 0, end)
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _piece(part: Part, start: int, end: int | None) -> Part:
    found = (_between(row, start, end) for row in part)
    return tuple(row for row in found if row.cells)


def _between(row: Row, start: int, end: int | None) -> Row:
    """Return a row with the cells of some columns, at their places."""
    cells = trimmed(("",) * min(start, len(row.cells)) + row.cells[start:end])
    filled = {at for at, cell in enumerate(cells) if cell}
    covered = row.covered & filled
    if len(covered) > 1 and len(filled - covered) == 1:
        return Row(row.number, cells[: min(filled) + 1], whole=True)
    return Row(row.number, cells, row.whole, covered)


def _are_two(left: Part, right: Part, *, gap: int) -> bool:
    """Tell whether what stands on both sides of a gap are two tables rather than one."""
    if is_form(left) and is_form(right):
        return True
    if not (_stands_alone(left) and _stands_alone(right)):
        return False
    titled = bool(header_at(left) and header_at(right))
    repeated = not set(_names(left)).isdisjoint(_names(right))
    return gap >= _WIDE_GAP or titled or repeated or _differ(left, right)


def _stands_alone(part: Part) -> bool:
    """Tell whether rows have a header, and mostly words in their first column."""
    at = header_at(part)
    if at is None:
        return False
    names = _names(part[at + 1 :])
    return bool(names) and 2 * sum(map(is_label, names)) > len(names)


def _names(part: Part) -> list[str]:
    """Return the words of the first column."""
    at = min((_first(row.cells) for row in part), default=0)
    return [row.cells[at] for row in part if at < len(row.cells) and row.cells[at]]


def _differ(left: Part, right: Part) -> bool:
    """Tell whether two tables start or end in other rows, and the shorter has no gap."""
    shorter, longer = sorted(([row.number for row in side] for side in (left, right)), key=len)
    return len(shorter) < len(longer) and shorter[-1] - shorter[0] == len(shorter) - 1


def _first(cells: Sequence[str]) -> int:
    return next(at for at, cell in enumerate(cells) if cell)


def _with_headers(parts: list[Part]) -> list[Part]:
    """Join a header that stands alone with the part below it."""
    joined: list[Part] = []
    for part in parts:
        alone = joined[-1] if joined and len(joined[-1]) == 1 else ()
        if alone and len(alone[0].filled) > 1 and may_head(alone + part) and not is_sure(part):
            part = (*joined.pop(), *part)
        joined.append(part)
    return joined


def _is_title(part: Part, rows: Sequence[Row]) -> bool:
    """Tell whether a part is a few lines above what follows, in a sheet of several columns."""
    alone = len(part) <= _MAX_TITLE_ROWS and all(len(row.filled) == 1 for row in part)
    return alone and any(len(row.filled) > 1 for row in rows)


def _parts(rows: Sequence[Row]) -> Iterator[Part]:
    start = 0
    for at, (one, other) in enumerate(pairwise(rows), start=1):
        if other.number > one.number + 1:
            yield tuple(rows[start:at])
            start = at
    if rows:
        yield tuple(rows[start:])
