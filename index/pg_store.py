"""Generations in PostgreSQL, behind the interface that the embedded store has.

A generation is loaded aside, in a schema of its own, and then made current by one statement. What
was loaded and never became current is removed by the next writer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from index.checking import Check, check_contents, check_quickly
from index.errors import CorruptIndex, IndexingError, MissingIndex
from index.manifest import Manifest, Recipe
from index.pg_connection import PATIENCE, Connection, Database
from index.pg_files import file_entries, is_sound, write_files
from index.pg_generation import PgGeneration, read_recipe
from index.pg_schema import is_ready, lock, migrate, schema_of
from index.storage import KEEP, Store
from index.stores import Verified

if TYPE_CHECKING:
    from index.generation import Generation

_KEPT = "SELECT id FROM passerelle.generations WHERE turn IS NOT NULL ORDER BY turn DESC"


class PostgresStore:
    """The generations in a database."""

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
        """Return what changes whenever another generation becomes current; cheaply."""
        return self.database.read("SELECT max(turn) FROM passerelle.generations")[0][0]

    def recipe(self, name: str) -> Recipe:
        """Return how a generation was made, after its manifest is compared with its identifier.

        Raises:
            IndexingError: they do not fit together, or another version made it.
        """
        query = "SELECT manifest FROM passerelle.generations WHERE id = %s"
        found = self.database.read(query, [name])
        if not found:
            raise CorruptIndex(f"{self.database.name} holds no generation {name}")
        return read_recipe(found[0][0], name)

    def open(self, name: str, check: Check = check_quickly) -> PgGeneration:
        """Open a generation; the database checks its pages itself: see ``PgGeneration.open``."""
        del check
        return PgGeneration.open(self.database, name, self._cache)

    def verify(self, name: str) -> Verified:
        """Compare every file with its checksum, as it would be written into a folder.

        Raises:
            CorruptIndex: there is no such generation, or a table does not have all its rows.
        """
        PgGeneration.open(self.database, name, self._cache).require_rows()
        entries = file_entries(self.database, name)
        damaged = (
            f"{file} in {self.database.name}"
            for file, entry in entries.items()
            if not is_sound(self.database, name, file, entry)
        )
        return Verified(len(entries), tuple(damaged))

    @contextlib.contextmanager
    def alone(self) -> Iterator[Connection]:
        """Keep other writers out, and clean up after those that died; may be entered again.

        Raises:
            IndexingError: another process is writing.
            StoreUnavailable: no server that can be written to answers.
        """
        if self._writer is not None:
            yield self._writer
            return
        with self.database.writing() as connection:
            if not lock(connection):
                raise IndexingError(
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
            StoreUnavailable: the database failed; what answered before still does.
        """
        from index.generation import Generation  # heavy, and a question does not need it

        with self.alone():
            return self.load(Generation.open(folder, check_contents))

    def load(self, generation: Generation) -> str:
        """Load an open generation and make it current; return its identifier: see ``publish``."""
        from index.pg_loading import Loader

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

    def fetch(self, store: Store) -> Path:
        """Write the current generation into a folder of generations, and make it current there.

        Raises:
            CorruptIndex: the database does not hold what was put there.
            IndexingError: the folder cannot be written to.
        """
        name = self.current_name()
        if name in {folder.name for folder in store.generations()}:
            with contextlib.suppress(CorruptIndex):
                return store.current() if store.is_current(name) else store.go_back(name)
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
    """Remove what was not loaded to the end, and what is kept no longer."""
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
