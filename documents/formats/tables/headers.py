"""Finds what is written above a table, its header, its rows.

Nothing marks a header in a sheet. These are the rules:

- the header is the first row that fills most columns, if each cell of it is a label: short, more
  letters than digits, no address, or one of several years; rows above it are titles and notes;
- codes and numbers are labels too where the rows below show that they are no values of theirs;
- a header whose labels repeat has a second row of labels, which tells them apart;
- two columns whose second one mixes words and numbers are a form: each row is a name and a value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from documents.formats.tables.cells import is_address, is_label, is_number, is_year
from documents.formats.tables.contrast import heads
from documents.formats.tables.grid import Row

_MOST_COLUMNS = 0.6
_MOST_ALIKE = 0.7
"""A second column of a form whose values are more alike than this is one of a table."""
_MAX_ABOVE = 12
"""The most rows above a header."""
_MAX_FORM = 60
"""Rows of the longest form."""


class Table(NamedTuple):
    """A table, or rows that are none.

    Attributes:
        above: the rows before the header: titles and notes.
        headers: the rows of the header; none if there is no header of its own.
        labels: what each column is called, ``""`` if it has no name.
        rows: the others.
        is_form: each row is a name and a value.
        is_beside: it stands beside the table before it, whose titles are not above it.
    """

    above: tuple[Row, ...]
    headers: tuple[Row, ...]
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    is_form: bool = False
    is_beside: bool = False


def table_of(part: tuple[Row, ...], labels: tuple[str, ...]) -> Table:
    """Return the table that rows without a gap are.

    Args:
        part: the rows.
        labels: of the table above, which the rows may go on with.
    """
    if labels and goes_on(part, labels):
        return Table((), (), labels, part)
    at = header_at(part)
    if at is None:
        return Table((), (), (), part, is_form(part))
    if is_form(part[at:]):
        return Table(part[:at], (), (), part[at:], is_form=True)
    end = at + 1 + _has_second(part, at)
    names = _joined(part[at:end])
    return Table(part[:at], part[at:end], names, part[end:])


def goes_on(part: Sequence[Row], labels: Sequence[str]) -> bool:
    """Tell whether rows have the columns of the table above, and no header beyond doubt."""
    named = {at for at, label in enumerate(labels) if label}
    used = {at for row in part for at, cell in enumerate(row.cells) if cell}
    return len(used) > 1 and used <= named and not is_sure(part)


def is_sure(part: Sequence[Row]) -> bool:
    """Tell whether the first row is labels, and a column below it is nothing but numbers."""
    first, below = part[0], part[1:]
    if not below or not _is_labels(first):
        return heads(part)
    columns = ([r.cells[at] for r in below if at < len(r.cells)] for at in range(len(first.cells)))
    return any(
        label and values and all(is_number(value) for value in values)
        for label, values in zip(first.cells, columns, strict=True)
        if not is_number(label)
    )


def header_at(part: Sequence[Row]) -> int | None:
    """Return which row is the header, or its first row; None if there is none."""
    counts = [len(set(row.filled)) for row in part]
    usual = median([count for count in counts if count > 1] or [0])
    enough = max(2, usual * _MOST_COLUMNS)
    for at, row in enumerate(part[: min(_MAX_ABOVE, len(part) - 1)]):
        if len(row.filled) >= enough and not row.whole:
            named = may_head(part[at:]) and (_are_apart(row) or _has_second(part, at))
            return at if named else None
    return None


def _has_second(part: Sequence[Row], at: int) -> bool:
    """Tell whether the row below tells apart the labels that are the same in a row."""
    if at + 2 >= len(part) or _are_apart(part[at]):
        return False
    names = [name for name in _joined(part[at : at + 2]) if name]
    return may_head(part[at + 1 :]) and len(set(names)) == len(names)


def _are_apart(row: Row) -> bool:
    return len(set(row.filled)) == len(row.filled)


def may_head(part: Sequence[Row]) -> bool:
    """Tell whether the first row may be a header: it is labels, or what the others are not."""
    return _is_labels(part[0]) or heads(part)


def _is_labels(row: Row) -> bool:
    years = {cell for cell in row.filled if is_year(cell)}
    return all(is_label(cell) or (cell in years and len(years) > 1) for cell in row.filled)


def is_form(part: Sequence[Row]) -> bool:
    """Tell whether each row is a name and a value."""
    pairs = [row.filled for row in part]
    if not 1 < len(pairs) <= _MAX_FORM or any(len(pair) != 2 for pair in pairs):
        return False
    if len({pair[0] for pair in pairs}) < len(pairs) or not all(is_label(p[0]) for p in pairs):
        return False
    if all(pair[0].endswith(":") for pair in pairs):
        return True
    kinds = Counter(_kind(pair[1]) for pair in pairs[1:])
    return len(kinds) > 1 and max(kinds.values()) <= _MOST_ALIKE * len(pairs)


def _kind(cell: str) -> str:
    return "address" if is_address(cell) else "number" if is_number(cell) else "words"


def _joined(headers: Sequence[Row]) -> tuple[str, ...]:
    """Return the label of each column, of one or two rows."""
    width = max(len(row.cells) for row in headers)
    columns = ([r.cells[at] for r in headers if at < len(r.cells)] for at in range(width))
    return tuple(" – ".join(dict.fromkeys(c for c in column if c)) for column in columns)
