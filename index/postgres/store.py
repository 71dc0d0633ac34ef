"""Generations in PostgreSQL, behind the interface that the folder of generations has.

A generation is loaded into a schema of its own, and then made current by one statement. The next
writer removes generations that were loaded but never became current.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from documents.types import Source
from index.checking import Check, check_contents, check_quickly
from index.errors import BusyIndex, CorruptIndex, IndexingError, MissingIndex
from index.generations.folder import KEEP, FolderStore
from index.generations.store import Verified
from index.manifest import Manifest, Recipe
from index.postgres.connection import PATIENCE, Connection, Database
from index.postgres.files import file_entries, is_sound, write_files
from index.postgres.generation import PostgresGeneration, read_manifest
from index.postgres.schema import is_ready, lock, migrate, schema_of

if TYPE_CHECKING:
    from index.generations.generation import Generation

_KEPT = "SELECT id FROM passerelle.generations WHERE turn IS NOT NULL ORDER BY turn DESC"


class PostgresStore:
    """The generations in a database: a ``GenerationStore`` that generations are loaded into."""

    def __init__(self, url: str, cache: Path, keep: int = KEEP, patience: float = PATIENCE) -> None:
        """Use this database; nothing is sent yet.

        Args:
            url: ``postgresql://…``.
            cache: the folder in which query encoders are kept.
            keep: how many generations are kept.
            patience: for how many seconds a question waits for a server.

        Raises:
            StoreUnavailable: the address cannot be understood.
        """
        self.database = Database(url, patience)
        self._cache, self._keep = cache, keep
        self._writer: Connection | None = None

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    def exists(self) -> bool:
        """Tell whether a generation was ever published here."""
        return bool(self.names())

    def names(self) -> list[str]:
        """Return the identifiers of those that are kept, the one that was current last first."""
        if not is_ready(self.database):
            return []
        return [name for (name,) in self.database.read(_KEPT)]

    def current_name(self) -> str:
        """Return the identifier of the generation that answers.

        Raises:
            MissingIndex: there is none.
            StoreUnavailable: the database does not answer.
        """
        names = self.names()
        if not names:
            raise MissingIndex(f"no index in {self.database.name}: run `qa index` to build one")
        return names[0]

    def stamp(self) -> object:
        """Return a value that differs once another generation is current, by one statement."""
        return self.database.read("SELECT max(turn) FROM passerelle.generations")[0][0]

    def recipe(self, name: str) -> Recipe:
        """Return how a generation was made, after its manifest is compared with its identifier.

        Raises:
            IndexingError: they do not fit together, or another version made it.
        """
        return self._manifest(name).recipe

    def sources(self, name: str) -> tuple[Source, ...]:
        """Return the files and folders that a generation follows: see ``recipe``."""
        return self._manifest(name).sources

    def _manifest(self, name: str) -> Manifest:
        query = "SELECT manifest FROM passerelle.generations WHERE id = %s"
        found = self.database.read(query, [name])
        if not found:
            raise CorruptIndex(f"{self.database.name} holds no generation {name}")
        return read_manifest(found[0][0], name)

    def open(self, name: str, check: Check = check_quickly) -> PostgresGeneration:
        """Open a generation: see ``PostgresGeneration.open``; the database checks its own pages."""
        del check
        return PostgresGeneration.open(self.database, name, self._cache)

    def verify(self, name: str) -> Verified:
        """Compare every file with its checksum, as it would be written into a folder.

        Raises:
            CorruptIndex: there is no such generation, or a table does not have all its rows.
        """
        PostgresGeneration.open(self.database, name, self._cache).require_rows()
        entries = file_entries(self.database, name)
        damaged = (
            f"{file} in {self.database.name}"
            for file, entry in entries.items()
            if not is_sound(self.database, name, file, entry)
        )
        return Verified(len(entries), tuple(damaged))

    @contextlib.contextmanager
    def alone(self) -> Iterator[Connection]:
        """Lock out other writers, and remove what dead ones left; may be entered again.

        Raises:
            BusyIndex: another process is writing.
            StoreUnavailable: no server that can be written to answers.
        """
        if self._writer is not None:
            yield self._writer
            return
        with self.database.writing() as connection:
            if not lock(connection):
                raise BusyIndex(
                    f"another process is writing the index in {self.database.name}: "
                    "wait until it has ended"
                )
            migrate(connection)
            _clean(connection, self._keep)
            self._writer = connection
            try:
                yield connection
            finally:
                self._writer = None

    def publish(self, folder: Path) -> str:
        """Load a generation from its folder and make it current; return its identifier.

        Raises:
            CorruptIndex: it is damaged.
            StoreUnavailable: the database failed; the generation that was current still is.
        """
        from index.generations.generation import (
            Generation,  # loads FAISS, which a question to the database does not need
        )

        with self.alone():
            return self.load(Generation.open(folder, check_contents))

    def load(self, generation: Generation) -> str:
        """Load an open generation and make it current; return its identifier: see ``publish``."""
        from index.postgres.loading import Loader

        with self.alone() as connection:
            kept = self.names()
            if generation.id not in kept:
                Loader(connection, generation).load()
            if kept[:1] != [generation.id]:
                self._switch(connection, generation.id)
        return generation.id

    def go_back(self, name: str | None = None) -> str:
        """Make a generation current that is kept, and return its identifier.

        Args:
            name: its identifier; by default the one that was current before.

        Raises:
            IndexingError: it is not kept.
        """
        with self.alone() as connection:
            kept = self.names()[1:]
            wanted = [each for each in kept if name in (None, each)]
            if not wanted:
                which = name or "than the current one"
                raise IndexingError(
                    f"{self.database.name} keeps no earlier generation {which}: "
                    f"there are {', '.join(kept) or 'none'}"
                )
            self._switch(connection, wanted[0])
        return wanted[0]

    def fetch(self, store: FolderStore) -> Path:
        """Write the current generation into a folder of generations, and make it current there.

        Raises:
            CorruptIndex: the database does not hold what was put there.
            IndexingError: the folder cannot be written to.
        """
        name = self.current_name()
        if name in store.names():
            with contextlib.suppress(CorruptIndex):
                if not store.is_current(name):
                    store.go_back(name)
                return store.current()
        with store.alone(), store.writing() as aside:
            folder = aside / name
            folder.mkdir()
            write_files(self.database, name, folder)
            return store.publish(folder, Manifest.read(folder))

    def _switch(self, connection: Connection, name: str) -> None:
        connection.execute(
            "UPDATE passerelle.generations SET turn = nextval('passerelle.turns') WHERE id = %s",
            [name],
        )
        _clean(connection, self._keep)


def _clean(connection: Connection, keep: int) -> None:
    """Remove generations that were not loaded to the end, and those beyond the number to keep."""
    kept = [name for (name,) in connection.execute(_KEPT).fetchall()][:keep]
    query = "SELECT id FROM passerelle.generations WHERE NOT id = ANY(%s)"
    for (name,) in connection.execute(query, [kept]).fetchall():
        with connection.transaction():
            statement = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema_of(name))
            connection.execute(statement)
            connection.execute("DELETE FROM passerelle.generations WHERE id = %s", [name])
            connection.execute(
                "DELETE FROM passerelle.blobs b WHERE NOT EXISTS "
                "(SELECT FROM passerelle.files f WHERE f.sha256 = b.sha256)"
            )
