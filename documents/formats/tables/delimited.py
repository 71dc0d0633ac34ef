"""Reads CSV and TSV: whatever parts the values, whatever encoding a spreadsheet program chose."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from documents.formats.decoding import decoded
from documents.formats.extract import Composer, Extract
from documents.formats.tables.composing import compose_sheets
from documents.formats.tables.grid import CellLimit, Sheet
from documents.lines import lines

_DELIMITERS: Final = ";,\t|"
_SAMPLE = 100
"""The rows by which it is told what parts the values."""
_SAMPLE_LENGTH = 100_000
"""Code points in which these rows are looked for."""
_STATED = re.compile(r'\A"?sep=([^\r\n])"?(?:\r\n|\n|\r)', re.IGNORECASE)
_SPACED = re.compile(r'"[;,|] +"')


def read_csv(raw: bytes, name: str) -> Extract:
    """Read values that commas, semicolons, tabs or bars part.

    Args:
        raw: UTF-8, UTF-16 with a byte-order mark, or Windows-1252.
        name: the file, for messages.

    Raises:
        UndecodableDocument: no encoding fits.
        UnsafeDocument: there are too many cells.
    """
    text, notices = decoded(raw, name)
    stated = _STATED.match(text)
    body = text[stated.end() :] if stated else text
    delimiter = stated[1] if stated else _delimiter(body)
    # The line that states what parts the values is the first row of the sheet.
    rows = enumerate(_rows(body, delimiter), start=2 if stated else 1)
    composer = Composer()
    language = compose_sheets([Sheet("", tuple(CellLimit(name).rows(rows)))], composer)
    return Extract(composer.text, tuple(composer.blocks), file_language=language, notices=notices)


def _delimiter(text: str) -> str:
    """Return the sign that parts most rows into equally many values, and into the most."""
    sample = text[:_SAMPLE_LENGTH]
    return max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    counts = Counter(len(row) for row in islice(_rows(text, delimiter), _SAMPLE) if any(row))
    several = {width: rows for width, rows in counts.items() if width > 1}
    if not several:
        return 0.0, 0
    width = max(several, key=lambda width: (several[width], width))
    return round(several[width] / counts.total(), 1), width


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Return the values of each row; quotes that nothing closes are letters like others."""
    try:
        for _ in _quoted(text, delimiter):
            pass
    except csv.Error:
        return _unquoted(text, delimiter)
    return _quoted(text, delimiter)


def _quoted(text: str, delimiter: str) -> Iterator[list[str]]:
    spaced = _SPACED.search(text) is not None
    source = io.StringIO(text, newline="")
    return csv.reader(source, delimiter=delimiter, strict=True, skipinitialspace=spaced)


def _unquoted(text: str, delimiter: str) -> Iterator[list[str]]:
    for line in lines(text):
        yield [_bare(value) for value in text[slice(*line)].split(delimiter)]


def _bare(value: str) -> str:
    inner = value.strip()
    is_quoted = len(inner) > 1 and inner[0] == inner[-1] == '"'
    return inner[1:-1].replace('""', '"') if is_quoted else value
