"""Tells a header of codes or numbers (``T1``, ``0-5``, ``36``) from a row of values.

Such a cell may be a label or a value; the rows below it tell:

- a code is a label if no cell below it looks like it, as ``T1`` over numbers does; ``A-100`` over
  ``A-101`` is a value. One such code alone must be a period, or stand beside a word over numbers;
- numbers that rise evenly beside a word or an empty corner are labels, as sizes and months are,
  unless the rows below rise too; so are rising numbers over what is no whole number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from documents.formats.tables.cells import (
    is_address,
    is_label,
    is_number,
    is_year,
    letters_and_digits,
)
from documents.formats.tables.grid import Row

_SAMPLE = 200
"""The rows below that are looked at."""
_MAX_CODE = 20
"""Code points of the longest code."""
_MIN_NUMBERS = 3
"""Numbers that rise from which on they are more than chance."""
_MIN_WORDS = 2
"""Rows of words below a code from which on they are more than chance."""
_WHOLE = re.compile(r"\d{1,4}|\d{1,3}[ \xa0\u202f]\d{3}")
_SPAN = re.compile(
    r"\d{1,3}\s?[-–]\s?\d{1,3}|[<>≤≥]\s?\d{1,4}|\d{1,4}\s?\+"
    r"|\d{4}-\d\d(?:-\d\d)?|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?"
)
"""Codes without a letter: ranges and dates."""
_PERIOD = re.compile(
    r"[TQSH]\s?\d{1,2}(?:[\s-]*\d{4})?|\d\s?[TQSH]|\d{4}[\s-]*[TQSH]\s?\d|[^\W\d_]{3,4}\.?\s\d{4}",
    re.IGNORECASE,
)
_NAMES_A_PERIOD = re.compile(
    r"(?:trimestre|semestre|p[ée]riode?|mois|semaine|quarter|half|month|week)\b", re.IGNORECASE
)


def heads(part: Sequence[Row]) -> bool:
    """Tell whether the first row is labels by what the rows below it are not.

    Args:
        part: a row that may be a header, and all below it.
    """
    first, below = part[0], part[1 : 1 + _SAMPLE]
    labels = {at: cell for at, cell in enumerate(first.cells) if cell}
    columns = {at: [r.cells[at] for r in below if r.cells[at : at + 1] > ("",)] for at in labels}
    if first.whole or not below or any(cell in columns[at] for at, cell in labels.items()):
        return False
    doubtful = _doubtful(labels)
    codes = {at: cell for at, cell in doubtful.items() if _is_code(cell)}
    numbers = {at: cell for at, cell in doubtful.items() if _WHOLE.fullmatch(cell)}
    if not doubtful or len(codes) + len(numbers) < len(doubtful):
        return False
    if not all(_is_apart(cell, columns[at], len(below)) for at, cell in codes.items()):
        return False
    is_sure = any(_is_over_numbers(labels[at], columns[at]) for at in labels.keys() - doubtful)
    if numbers:
        return _rise(first, below, numbers, is_sure=is_sure or len(codes) > 1)
    return is_sure or len(codes) > 1 or _is_period(list(labels.values()), *codes.values())


def _doubtful(labels: Mapping[int, str]) -> dict[int, str]:
    """Return the cells that are no labels by themselves."""
    years = {cell for cell in labels.values() if is_year(cell)}
    known = years if len(years) > 1 else set[str]()
    return {at: cell for at, cell in labels.items() if cell not in known and not is_label(cell)}


def _is_code(cell: str) -> bool:
    if len(cell) > _MAX_CODE or is_address(cell) or is_year(cell):
        return False
    return letters_and_digits(cell)[0] > 0 or _SPAN.fullmatch(cell) is not None


def _is_apart(code: str, values: Sequence[str], rows: int) -> bool:
    """Tell whether no value looks like a code; words in a single row below tell nothing."""
    words = any(not any(map(str.isdigit, value)) for value in values)
    known = not words or rows >= _MIN_WORDS
    return known and not any(_are_alike(code, value) for value in values)


def _are_alike(code: str, value: str) -> bool:
    if _shape(code) == _shape(value):
        return True
    mixed = all(all(letters_and_digits(cell)) for cell in (code, value))
    return mixed and code[0].isalpha() == value[0].isalpha()


def _shape(cell: str) -> str:
    """Return a cell with one letter for each run of letters, and one digit for one of digits."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell))


def _is_over_numbers(label: str, values: Sequence[str]) -> bool:
    return bool(values) and not is_number(label) and all(map(is_number, values))


def _is_period(labels: Sequence[str], code: str) -> bool:
    """Tell whether a code is a period, and no value of the name before it."""
    return _PERIOD.fullmatch(code) is not None and not _NAMES_A_PERIOD.match(labels[0])


def _rise(first: Row, below: Sequence[Row], numbers: Mapping[int, str], *, is_sure: bool) -> bool:
    """Tell whether numbers count columns: they rise beside a word, and the rows below do not."""
    corner = _has_corner(first, below)
    if not _is_rising(first, numbers) or not (corner or is_label(first.filled[0])):
        return False
    if len(numbers) < _MIN_NUMBERS:
        return len(numbers) > 1 and (corner or is_sure)
    if sum(_is_rising(row, numbers) for row in below) * 2 > len(below):
        return False
    values = (row.cells[at] for row in below for at in numbers if at < len(row.cells))
    return corner or is_sure or _is_even(numbers) or not any(map(_WHOLE.fullmatch, values))


def _has_corner(first: Row, below: Sequence[Row]) -> bool:
    """Tell whether the first column has no label, and names most rows."""
    left = min(next(at for at, cell in enumerate(row.cells) if cell) for row in (first, *below))
    named = [row.cells[left] for row in below if row.cells[left]]
    words = [cell for cell in named if is_label(cell)]
    return not first.cells[left] and 2 * len(words) > len(below)


def _is_rising(row: Row, columns: Mapping[int, str]) -> bool:
    cells = [row.cells[at] for at in columns if at < len(row.cells)]
    if len(cells) < len(columns) or not all(map(_WHOLE.fullmatch, cells)):
        return False
    return all(one < other for one, other in pairwise(map(_count, cells)))


def _is_even(numbers: Mapping[int, str]) -> bool:
    return len({b - a for a, b in pairwise(map(_count, numbers.values()))}) == 1


def _count(cell: str) -> int:
    return int(re.sub(r"\s", "", cell))
