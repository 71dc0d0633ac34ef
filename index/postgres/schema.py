"""The tables of the store in PostgreSQL, made by migrations, each applied once."""

from __future__ import annotations

from importlib.resources import files
from typing import Final, LiteralString

from psycopg import sql

from index.errors import IncompatibleIndex
from index.postgres.connection import Connection, Database

VERSION: Final = 3
"""The number of the last migration."""
_FOLDER: Final = files("index.postgres") / "migrations"
_ALONE: Final = 0x70_61_73_73
"""The number of the advisory lock that a writer holds."""


def migrate(connection: Connection) -> None:
    """Bring the tables up to this version, on the connection of the only writer.

    Raises:
        IncompatibleIndex: a later version of Passerelle made them.
    """
    with connection.transaction():
        connection.execute("CREATE SCHEMA IF NOT EXISTS passerelle")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS passerelle.migrations "
            "(version integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"
        )
        found = connection.execute("SELECT max(version) FROM passerelle.migrations").fetchall()
        done = found[0][0] or 0
        _require(done)
        for path in sorted(_FOLDER.iterdir(), key=lambda path: path.name):
            if path.name[:4].isdigit() and int(path.name[:4]) > done:
                connection.execute(_text(path.name))
                connection.execute(
                    "INSERT INTO passerelle.migrations VALUES (%s)", [int(path.name[:4])]
                )


def lock(connection: Connection) -> bool:
    """Try to become the only writer until the connection ends; tell whether that worked."""
    return bool(connection.execute("SELECT pg_try_advisory_lock(%s)", [_ALONE]).fetchall()[0][0])


def is_ready(database: Database) -> bool:
    """Tell whether the tables are there.

    Raises:
        IncompatibleIndex: another version of Passerelle made them.
    """
    if database.read("SELECT to_regclass('passerelle.migrations')::text") == [(None,)]:
        return False
    version = database.read("SELECT max(version) FROM passerelle.migrations")[0][0]
    if version is None:
        return False
    _require(version)
    if version < VERSION:
        raise IncompatibleIndex(
            f"the tables of the database are of version {version}, this version reads {VERSION}: "
            "run `qa index` to bring them up to date"
        )
    return True


def _require(version: int) -> None:
    if version > VERSION:
        raise IncompatibleIndex(
            f"the tables of the database are of version {version}, this version of Passerelle "
            f"knows those up to {VERSION}: install a later one"
        )


def schema_of(generation: str) -> sql.Identifier:
    """Return the schema in which a generation stands."""
    return sql.Identifier(f"passerelle_{generation}")


def script(name: str, generation: str, dimension: int = 0) -> sql.Composed:
    """Return the statements of a file, for one generation."""
    text = _text(f"{name}.sql")
    return sql.SQL(text).format(schema=schema_of(generation), dimension=sql.Literal(dimension))


def _text(name: str) -> LiteralString:
    return (_FOLDER / name).read_text("utf-8")
