"""Documents and passages in PostgreSQL, fetched when they are looked at; some are remembered."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence, ValuesView
from typing import Any, Final, overload

from psycopg import sql

from documents.types import Document, Passage, Section, Span
from index.errors import CorruptIndex
from index.pg_connection import Database

REMEMBERED: Final = 4_000_000
"""How many characters of documents are remembered."""
ROWS: Final = 4_096
"""How many passages are remembered, and how many are fetched at a time to go through all."""
_DOCUMENT: Final = "id, title, language, text, sections, source_url, sha256, pages, first, passages"
_PASSAGE: Final = "row, document, starts, ends, section, language"


class PgDocuments(Mapping[str, Document]):
    """The documents by identifier, in the order they were indexed."""

    def __init__(self, database: Database, schema: sql.Identifier) -> None:
        """Read none yet."""
        self._database, self._schema = database, schema
        self._held: OrderedDict[str, tuple[Document, range]] = OrderedDict()
        self._size = 0
        self._count: int | None = None

    def __getitem__(self, name: str) -> Document:
        """Return a document."""
        return self._get(name)[0]

    def rows_of(self, name: str) -> range:
        """Return the rows of a document's passages."""
        return self._get(name)[1]

    def __len__(self) -> int:
        """Return the number of documents."""
        if self._count is None:
            self._count = int(self._read("count(*)")[0][0])
        return self._count

    def __iter__(self) -> Iterator[str]:
        """Yield the identifiers."""
        yield from (name for (name,) in self._read("id", "ORDER BY place"))

    def values(self) -> ValuesView[Document]:
        """Return the documents, fetched one by one as they are gone through."""
        return ValuesView(self)

    def fetch(self, names: Sequence[str]) -> None:
        """Fetch together those that are not remembered."""
        missing = [name for name in dict.fromkeys(names) if name not in self._held]
        for row in self._read(_DOCUMENT, "WHERE id = ANY(%s)", [missing]) if missing else ():
            self._remember(row)

    def _get(self, name: str) -> tuple[Document, range]:
        if name not in self._held:
            self.fetch([name])
        found = self._held.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def _remember(self, row: tuple[Any, ...]) -> None:
        *fields, first, passages = row
        document = _parsed(fields)
        self._held[document.id] = document, range(first, first + passages)
        self._size += len(document.text)
        while self._size > REMEMBERED and len(self._held) > 1:
            self._size -= len(self._held.popitem(last=False)[1][0].text)

    def _read(self, columns: str, rest: str = "", values: Any = None) -> list[tuple[Any, ...]]:
        statement = sql.SQL("SELECT {} FROM {}.documents {}").format(
            sql.SQL(columns),
            self._schema,
            sql.SQL(rest),
        )
        return self._database.read(statement, values)


class PgPassages(Sequence[Passage]):
    """The passages, in the order of the rows."""

    def __init__(
        self, database: Database, schema: sql.Identifier, documents: PgDocuments, count: int
    ) -> None:
        """Read none yet."""
        self._database, self._schema = database, schema
        self._documents, self._count = documents, count
        self._held: OrderedDict[int, tuple[Any, ...]] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of passages."""
        return self._count

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> list[Passage]: ...
    def __getitem__(self, row: int | slice) -> Passage | list[Passage]:
        """Return the passage of a row, or those of a range of rows."""
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(self._count))]
        if not 0 <= row < self._count:
            raise IndexError(row)
        return self._passage(int(row))

    def __iter__(self) -> Iterator[Passage]:
        """Yield all passages."""
        for first in range(0, self._count, ROWS):
            rows = range(first, min(first + ROWS, self._count))
            self.fetch(rows)
            yield from (self._passage(row) for row in rows)

    def fetch(self, rows: Sequence[int]) -> None:
        """Fetch together those that are not remembered."""
        missing = [row for row in rows if row not in self._held]
        if not missing:
            return
        statement = sql.SQL("SELECT {} FROM {}.passages WHERE row = ANY(%s)").format(
            sql.SQL(_PASSAGE), self._schema
        )
        for row, *fields in self._database.read(statement, [missing]):
            self.remember(row, tuple(fields))

    def remember(self, row: int, fields: tuple[Any, ...]) -> None:
        """Remember what was fetched of a passage."""
        self._held[row] = fields
        while len(self._held) > 2 * ROWS:
            self._held.popitem(last=False)

    def document_of(self, row: int) -> str:
        """Return the identifier of a passage's document."""
        return str(self._fields(row)[0])

    def _fields(self, row: int) -> tuple[Any, ...]:
        if row not in self._held:
            self.fetch([row])
        try:
            return self._held[row]
        except KeyError as error:
            raise CorruptIndex(
                f"{self._database.name} lacks passage {row}: run `qa index` again"
            ) from error

    def _passage(self, row: int) -> Passage:
        name, start, end, section, language = self._fields(row)
        text = self._documents[name].text[start:end]
        path = tuple(json.loads(section))
        return Passage(f"{name}#{start}-{end}", name, start, end, text, path, language)


def _parsed(fields: Sequence[Any]) -> Document:
    name, title, language, text, sections, address, sha256, pages = fields
    read = tuple(
        Section(tuple(path), tuple(Span(*paragraph) for paragraph in paragraphs))
        for path, paragraphs in json.loads(sections)
    )
    try:
        return Document(
            name, title, language, text, read, address, sha256, tuple(json.loads(pages))
        )
    except ValueError as error:
        raise CorruptIndex(f"{error}, in the database: run `qa index` again") from error
