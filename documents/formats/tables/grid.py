"""Sheets of cells as every reader of tables returns them: their texts, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from documents.errors import UnsafeDocument
from documents.formats.extract import clean

MAX_CELLS = 1_000_000
"""The most cells of a file that hold something; each takes about 500 bytes until it is text."""
MAX_PLACES = 20_000_000
"""The most cells, empty ones counted: formats often reach far beyond the last value."""


class Row(NamedTuple):
    """A row that is not empty.

    Attributes:
        number: as a spreadsheet program shows it, from 1.
        cells: the text of each column, ``""`` of an empty cell.
        whole: it is one cell that stretches over the columns.
        covered: columns, from 0, whose text is that of a merged cell that starts before them.
    """

    number: int
    cells: tuple[str, ...]
    whole: bool = False
    covered: frozenset[int] = frozenset()

    @property
    def filled(self) -> tuple[str, ...]:
        """The texts of the cells that are not empty."""
        return tuple(cell for cell in self.cells if cell)


class Sheet(NamedTuple):
    """A sheet: its name, ``""`` where it has none, and its rows in order, empty ones left out."""

    name: str
    rows: tuple[Row, ...]


class CellLimit:
    """Counts the cells of a file, and refuses too many."""

    def __init__(self, name: str) -> None:
        """Start counting.

        Args:
            name: the file, for messages.
        """
        self._name = name
        self._cells = 0
        self._places = 0

    def rows(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
        """Yield the rows that are not empty.

        Args:
            rows: numbers and texts.

        Raises:
            UnsafeDocument: the file has too many cells.
        """
        for number, texts in rows:
            cells = [flat(text) for text in texts]
            self.count(len(cells), sum(map(bool, cells)))
            if any(cells):
                yield Row(number, trimmed(cells))

    def count(self, places: int, filled: int) -> None:
        """Add to the number of cells.

        Args:
            places: all cells of a row; it counts for one at least.
            filled: those of them that hold something.

        Raises:
            UnsafeDocument: the file has too many cells.
        """
        self._places += max(1, places)
        self._cells += filled
        if self._cells > MAX_CELLS or self._places > MAX_PLACES:
            raise UnsafeDocument(
                f"{self._name}: more than {MAX_CELLS:,} cells, which is more than is safe: split "
                "the table"
            )


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the texts of a row up to the last that is not empty."""
    last = next((at for at in range(len(cells), 0, -1) if cells[at - 1]), 0)
    return tuple(cells[:last])


def flat(text: str) -> str:
    """Return the text of a cell, clean and on one line."""
    return clean(text).replace("\n", " ") if text else ""
