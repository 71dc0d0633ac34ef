"""Documents and passages in PostgreSQL, fetched when they are read; recent ones stay in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence, ValuesView
from itertools import chain
from threading import Lock
from typing import Any, Final, Generic, TypeVar, overload

from cachetools import LRUCache
from psycopg import sql

from documents.notices import Notice, NoticeKind
from documents.properties import properties_from
from documents.types import Document, Origin, Passage, Section, Span, context_of
from index.errors import CorruptIndex
from index.postgres.connection import Database
from index.search.catalogue import Entry

Key = TypeVar("Key")
Value = TypeVar("Value")

REMEMBERED: Final = 4_000_000
"""How many characters of documents are kept in memory."""
ROWS: Final = 4_096
"""How many passages are fetched together when all are read; twice as many are kept in memory."""
_DOCUMENT: Final = (
    "id, title, language, text, sections, source_url, sha256, pages, notices, properties, origin, "
    "first, passages"
)
_ENTRY: Final = "id, title, language, sha256, properties, first, passages"
_PASSAGE: Final = "row, document, starts, ends, section, leads, language"


class _Memory(Generic[Key, Value]):
    """The values that were used last, up to a total size; threads may share it."""

    def __init__(self, limit: int, size: Callable[[Value], int] = lambda _: 1) -> None:
        """Start empty; a value that is larger than the limit is kept alone."""
        self._held: LRUCache[Key, Value] = LRUCache(limit, lambda value: min(size(value), limit))
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """Return the value of a key, None if it is not in memory."""
        with self._lock:
            return self._held.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep a value."""
        with self._lock:
            self._held[key] = value


class PostgresDocuments(Mapping[str, Document]):
    """The documents by identifier, in the order they were indexed."""

    def __init__(self, database: Database, schema: sql.Identifier) -> None:
        """Read none yet."""
        self._database, self._schema = database, schema
        self._held = _Memory[str, tuple[Document, range]](
            REMEMBERED, lambda held: len(held[0].text)
        )
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

    def entries(self) -> Iterator[Entry]:
        """Yield what is known of the documents without reading their texts."""
        for *known, properties, first, passages in self._read(_ENTRY, "ORDER BY place"):
            yield Entry.of([*known, json.loads(properties)], first, passages)

    def fetch(self, names: Sequence[str]) -> None:
        """Fetch those that are not in memory, by one statement."""
        missing = [name for name in dict.fromkeys(names) if self._held.get(name) is None]
        if missing:
            self._fetched(missing)

    def _fetched(self, names: Sequence[str]) -> dict[str, tuple[Document, range]]:
        """Fetch documents, even those that another thread has fetched meanwhile."""
        found = {}
        for *fields, first, passages in self._read(_DOCUMENT, "WHERE id = ANY(%s)", [names]):
            document = _parsed(fields)
            found[document.id] = document, range(first, first + passages)
            self._held.put(document.id, found[document.id])
        return found

    def _get(self, name: str) -> tuple[Document, range]:
        return self._held.get(name) or self._fetched([name])[name]

    def _read(self, columns: str, rest: str = "", values: Any = None) -> list[tuple[Any, ...]]:
        statement = sql.SQL("SELECT {} FROM {}.documents {}").format(
            sql.SQL(columns),
            self._schema,
            sql.SQL(rest),
        )
        return self._database.read(statement, values)


class PostgresPassages(Sequence[Passage]):
    """The passages, in the order of the rows."""

    def __init__(
        self, database: Database, schema: sql.Identifier, documents: PostgresDocuments, count: int
    ) -> None:
        """Read none yet."""
        self._database, self._schema = database, schema
        self._documents, self._count = documents, count
        self._held = _Memory[int, tuple[Any, ...]](2 * ROWS)

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
        """Fetch those that are not in memory, by one statement."""
        missing = [row for row in rows if self._held.get(row) is None]
        if missing:
            self._fetched(missing)

    def _fetched(self, rows: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """Fetch passages, even those that another thread has fetched meanwhile."""
        statement = sql.SQL("SELECT {} FROM {}.passages WHERE row = ANY(%s)").format(
            sql.SQL(_PASSAGE), self._schema
        )
        read = self._database.read(statement, [rows])
        found = {row: tuple(fields) for row, *fields in read}
        for row, fields in found.items():
            self.remember(row, fields)
        return found

    def remember(self, row: int, fields: tuple[Any, ...]) -> None:
        """Keep the fields of a passage that another statement fetched."""
        self._held.put(row, fields)

    def document_of(self, row: int) -> str:
        """Return the identifier of a passage's document."""
        return str(self._fields(row)[0])

    def _fields(self, row: int) -> tuple[Any, ...]:
        found = self._held.get(row) or self._fetched([row]).get(row)
        if found is None:
            raise CorruptIndex(f"{self._database.name} lacks passage {row}: run `qa index` again")
        return found

    def _passage(self, row: int) -> Passage:
        name, start, end, section, leads, language = self._fields(row)
        document = self._documents[name]
        path, spans = tuple(json.loads(section)), tuple(Span(*s) for s in json.loads(leads))
        return Passage(
            f"{name}#{start}-{end}", name, start, end, document.text[start:end], path, language,
            spans, context_of(document, path, spans),
        )  # fmt: skip


def _parsed(fields: Sequence[Any]) -> Document:
    name, title, language, text, sections, address, sha256, pages, *rest = fields
    notices, properties, origin = map(json.loads, rest)
    read = tuple(
        Section(
            path=tuple(path),
            paragraphs=tuple(Span(*paragraph) for paragraph in paragraphs),
            leads=tuple(tuple(Span(*lead) for lead in leads) for leads in chain(*led)),
        )
        for path, paragraphs, *led in json.loads(sections)
    )
    try:
        return Document(
            name, title, language, text, read, address, sha256, tuple(json.loads(pages)),
            tuple(Notice(NoticeKind(kind), detail) for kind, detail in notices),
            properties_from(properties),
            None if origin is None else Origin(*origin),
        )  # fmt: skip
    except ValueError as error:
        raise CorruptIndex(f"{error}, in the database: run `qa index` again") from error
