"""Makes text of sheets: a row is a section of its own, which says what each value is.

``Nom : Gisèle Arsenault ; Téléphone : 418 555-0142`` under the headings ``Personnel`` and
``ligne 5`` can be understood, searched and cited alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from documents.formats.extract import Composer
from documents.formats.tables.cells import is_number
from documents.formats.tables.grid import Row, Sheet
from documents.formats.tables.headers import Table
from documents.formats.tables.regions import tables
from documents.lines import is_closed

_SHEET, _TITLE, _LAST_TITLE, _ROW = 1, 2, 4, 5
_MAX_TITLE = 120
_MAX_NAME = 60
"""Code points of the longest cell that is taken for a value where it stands alone in its row."""
_MAX_PARAGRAPH = 500
"""Code points from which on a row is several paragraphs, each led by the first value."""
_SAMPLE = 20_000
"""Code points by which it is told in which language a file is."""
_FRENCH = re.compile(
    r"[àâçéèêëîïôùûœ]|\b(?:le|la|les|de|du|des|et|en|pour|nom|ville|rue|prix|adresse|date de)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:the|of|and|in|to|for|by|name|city|street|phone|price|address|is|with|email)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How rows are written in a language.

    Attributes:
        language: ``fr`` or ``en``; None if too few words tell.
        row: what a row is called.
        line: what a line of a file is called.
        slide: what a slide is called.
        colon: what stands between a name and its value.
        between: what stands between two of them.
    """

    language: str | None
    row: str
    line: str
    slide: str
    colon: str
    between: str


_IN_FRENCH = Manner("fr", "ligne", "ligne", "diapositive", " : ", " ; ")
_IN_ENGLISH = Manner("en", "row", "line", "slide", ": ", "; ")
_MIN_SIGNS = 3
"""Words and letters of a language from which on it is taken for that of the file."""


def manner_of(texts: Iterable[str]) -> Manner:
    """Return how rows with these texts are written: as in French, unless they look English."""
    words = _sample(texts)
    french, english = len(_FRENCH.findall(words)), len(_ENGLISH.findall(words))
    manner = _IN_ENGLISH if english > french else _IN_FRENCH
    is_sure = max(french, english) >= max(_MIN_SIGNS, 2 * min(french, english))
    return manner if is_sure else replace(manner, language=None)


def _sample(texts: Iterable[str]) -> str:
    sample, length = [], 0
    for text in texts:
        sample.append(text)
        length += len(text)
        if length > _SAMPLE:
            break
    return " ".join(sample)[:_SAMPLE]


def compose_sheets(sheets: Sequence[Sheet], composer: Composer) -> str | None:
    """Add the sheets, each under its name, and their rows, each under its number.

    Returns:
        The language that the cells look like, ``fr`` or ``en``, or None.
    """
    manner = manner_of(cell for sheet in sheets for row in sheet.rows for cell in row.cells)
    writer = _Writer(composer, manner)
    for sheet in sheets:
        if sheet.rows:
            composer.heading(sheet.name, _SHEET, question=True)
        for table in tables(sheet.rows):
            writer.table(table)
    return manner.language


def fields(pairs: Iterable[tuple[str, str]], manner: Manner) -> list[str]:
    """Return each value with its name; without a name, where it has none."""
    return [_field(label, value, manner) for label, value in pairs if value]


def compose_fields(found: Sequence[str], composer: Composer, between: str) -> None:
    """Add the values of a row or an object: one paragraph, or several that the first one leads."""
    parts = list(_paragraphs(found, between))
    if len(parts) == 1:
        composer.paragraph(parts[0])
    else:
        composer.table((part, at == 0) for at, part in enumerate(parts))


class _Writer:
    def __init__(self, composer: Composer, manner: Manner) -> None:
        self._composer = composer
        self._manner = manner
        self._group = ""
        self._title = self._own_title = _TITLE

    def table(self, table: Table) -> None:
        if table.is_beside:
            self._title = self._own_title
        self._own_title = self._title
        for row in table.above:
            self._above(row)
        for row in table.headers:
            self._composer.caption(" | ".join(row.filled))
        self._group = ""
        if table.rows:
            self._title = _TITLE
        if table.is_form:
            self._form(table)
            return
        for row in table.rows:
            self._row(row, table.labels)

    def _above(self, row: Row) -> None:
        words = " | ".join(row.filled)
        if len(words) <= _MAX_TITLE and not is_closed(words) and not is_number(words):
            self._composer.heading(words, self._title, question=True)
            self._title = min(self._title + 1, _LAST_TITLE)
        else:
            self._composer.paragraph(words)

    def _form(self, table: Table) -> None:
        pairs = [row.filled for row in table.rows]
        for at, (name, value) in enumerate(pairs):
            words = _field(name.rstrip(" :\xa0\u202f"), value, self._manner)
            self._composer.paragraph(words, close=at > 0)

    def _row(self, row: Row, labels: Sequence[str]) -> None:
        if row.whole and labels:
            self._group = row.filled[0]
        number = f"{self._manner.row} {row.number}"
        heading = f"{self._group}, {number}" if self._group and not row.whole else number
        self._composer.heading(heading, _ROW, question=True)
        between = self._manner.between if any(labels) else " | "
        names = () if _is_note(row) else labels
        found = fields(_named(row, names), self._manner)
        compose_fields(found, self._composer, between)


def _is_note(row: Row) -> bool:
    """Tell whether a row is a remark below a table rather than a row of it."""
    [words, *others] = row.filled
    return row.whole or (not others and (len(words) > _MAX_NAME or ":" in words))


def _named(row: Row, labels: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the values with their names; a merged cell's once where its columns share a name."""
    unnamed = [""] * max(0, len(row.cells) - len(labels))
    before = ("", "")
    for at, pair in enumerate(zip(chain(labels, unnamed), row.cells, strict=False)):
        if at not in row.covered or pair != before:
            yield pair
        before = pair


def _field(label: str, value: str, manner: Manner) -> str:
    bare = label.rstrip(" :\xa0\u202f")
    return f"{bare}{manner.colon}{value}" if bare else value


def _paragraphs(found: Sequence[str], between: str) -> Iterator[str]:
    part, length = list[str](), 0
    for words in found:
        if part and length + len(words) > _MAX_PARAGRAPH:
            yield between.join(part)
            part, length = [], 0
        part.append(words)
        length += len(words) + len(between)
    if part:
        yield between.join(part)
