"""Documents and passages in PostgreSQL, fetched when they are looked at; some are remembered."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence, ValuesView
from threading import Lock
from typing import Any, Final, Generic, TypeVar, overload

from psycopg import sql

from documents.types import Document, Passage, Section, Span
from index.errors import CorruptIndex
from index.pg_connection import Database

Key = TypeVar("Key")
Value = TypeVar("Value")

REMEMBERED: Final = 4_000_000
"""How many characters of documents are remembered."""
ROWS: Final = 4_096
"""How many passages are remembered, and how many are fetched at a time to go through all."""
_DOCUMENT: Final = "id, title, language, text, sections, source_url, sha256, pages, first, passages"
_PASSAGE: Final = "row, document, starts, ends, section, language"


class _Memory(Generic[Key, Value]):
    """What was used last, up to a weight; several threads may use it."""

    def __init__(self, limit: int) -> None:
        """Start empty; never hold more than this weight, but for what was put last."""
        self._limit, self._weight = limit, 0
        self._held: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """Return what is remembered under this key."""
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def put(self, key: Key, value: Value, weight: int = 1) -> None:
        """Remember something."""
        with self._lock:
            self._weight += weight - self._held.pop(key, (None, 0))[1]
            self._held[key] = value, weight
            while self._weight > self._limit and len(self._held) > 1:
                self._weight -= self._held.popitem(last=False)[1][1]


class PgDocuments(Mapping[str, Document]):
    """The documents by identifier, in the order they were indexed."""

    def __init__(self, database: Database, schema: sql.Identifier) -> None:
        """Read none yet."""
        self._database, self._schema = database, schema
        self._held = _Memory[str, tuple[Document, range]](REMEMBERED)
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
        missing = [name for name in dict.fromkeys(names) if self._held.get(name) is None]
        if missing:
            self._fetched(missing)

    def _fetched(self, names: Sequence[str]) -> dict[str, tuple[Document, range]]:
        """Fetch documents, remembered or not: other threads may remember them meanwhile."""
        found = {}
        for *fields, first, passages in self._read(_DOCUMENT, "WHERE id = ANY(%s)", [names]):
            document = _parsed(fields)
            found[document.id] = document, range(first, first + passages)
            self._held.put(document.id, found[document.id], len(document.text))
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


class PgPassages(Sequence[Passage]):
    """The passages, in the order of the rows."""

    def __init__(
        self, database: Database, schema: sql.Identifier, documents: PgDocuments, count: int
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
        """Fetch together those that are not remembered."""
        missing = [row for row in rows if self._held.get(row) is None]
        if missing:
            self._fetched(missing)

    def _fetched(self, rows: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """Fetch passages, remembered or not: other threads may remember them meanwhile."""
        statement = sql.SQL("SELECT {} FROM {}.passages WHERE row = ANY(%s)").format(
            sql.SQL(_PASSAGE), self._schema
        )
        read = self._database.read(statement, [rows])
        found = {row: tuple(fields) for row, *fields in read}
        for row, fields in found.items():
            self.remember(row, fields)
        return found

    def remember(self, row: int, fields: tuple[Any, ...]) -> None:
        """Remember what was fetched of a passage."""
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
