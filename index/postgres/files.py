"""The files of generations in PostgreSQL, byte for byte.

Some files hold the rows of a column, such as the codes of all tokens. Of these only the header is
stored, since a table has the rows. All other files are stored whole, once for all generations that
share them.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from psycopg import sql

from index.encoder.folder import ENCODER
from index.errors import CorruptIndex
from index.faults import reported
from index.manifest import NAME, FileEntry, describe_file
from index.postgres.binary import read_vector
from index.postgres.connection import Connection, Database
from index.postgres.schema import schema_of

PART: Final = 4 * 2**20
"""How many bytes of a file one row of the table of blobs holds."""
_ROWS: Final = 2_000
_HEADER: Final = 4_096
_COLUMNS: Final = {
    "pooled": "passages", "codes": "tokens", "radii": "tokens", "scales": "tokens",
}  # fmt: skip
"""The columns that may hold the rows of a file, each with its table."""
SMALLEST: Final = 2**20
"""Files smaller than this, in bytes, are stored whole."""


class Columns(NamedTuple):
    """The columns that were loaded, with the bytes that files have.

    Attributes:
        lengths: the length of each column, in bytes.
        rows: returns the values of a column, by its name.
    """

    lengths: Mapping[str, int]
    rows: Callable[[str], Iterator[bytes]]


class _Kept(NamedTuple):
    """How a file is stored: as a header and the name of a column, or whole where both are None."""

    header: bytes | None
    source: str | None


def keep_files(connection: Connection, generation: str, folder: Path, columns: Columns) -> None:
    """Store every file of a generation's folder except the manifest.

    Args:
        connection: of the writer, in a transaction.
        generation: its identifier.
        folder: the folder of the generation.
        columns: the columns that were loaded.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != NAME:
            entry, kept = describe_file(path), _how(path, columns)
            if kept.source is None:
                _keep_whole(connection, path, entry)
            connection.execute(
                "INSERT INTO passerelle.files VALUES (%s, %s, %s, %s, %s, %s)",
                [generation, name, entry.size, entry.sha256, *kept],
            )


def _how(path: Path, columns: Columns) -> _Kept:
    size = path.stat().st_size
    for source, length in columns.lengths.items() if size >= SMALLEST else ():
        start = size - length
        if 0 <= start <= _HEADER and _ends_with(path, start, columns.rows(source)):
            return _Kept(_head(path, start), source)
    return _Kept(None, None)


def _ends_with(path: Path, start: int, contents: Iterator[bytes]) -> bool:
    with path.open("rb") as file:
        file.seek(start)
        return all(file.read(len(content)) == content for content in contents)


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _keep_whole(connection: Connection, path: Path, entry: FileEntry) -> None:
    query = "SELECT 1 FROM passerelle.blobs WHERE sha256 = %s LIMIT 1"
    if connection.execute(query, [entry.sha256]).fetchall():
        return
    with path.open("rb") as file:
        for part, content in enumerate(iter(lambda: file.read(PART), b"")):
            connection.execute(
                "INSERT INTO passerelle.blobs VALUES (%s, %s, %s)", [entry.sha256, part, content]
            )


def file_entries(database: Database, generation: str) -> dict[str, FileEntry]:
    """Return the files of a generation, by their paths inside it."""
    found = database.read(
        "SELECT name, size, sha256 FROM passerelle.files WHERE generation = %s ORDER BY name",
        [generation],
    )
    return {name: FileEntry(size, sha256) for name, size, sha256 in found}


def write_files(database: Database, generation: str, folder: Path) -> None:
    """Write the files of a generation into an empty folder, the manifest included.

    Raises:
        CorruptIndex: the database does not hold what was put there.
        StoreUnavailable: it does not answer.
    """
    query = "SELECT manifest FROM passerelle.generations WHERE id = %s"
    held = database.read(query, [generation])
    if not held:
        raise CorruptIndex(f"{database.name} holds no generation {generation}")
    for name, entry in file_entries(database, generation).items():
        _write(folder / name, contents(database, generation, name), entry)
    with reported(folder / NAME):
        (folder / NAME).write_bytes(held[0][0])


def contents(database: Database, generation: str, name: str) -> Iterator[bytes]:
    """Yield the bytes of a file, in parts."""
    query = (
        "SELECT header, source, sha256 FROM passerelle.files WHERE generation = %s AND name = %s"
    )
    for header, source, sha256 in database.read(query, [generation, name]):
        if source is None:
            yield from _parts(database, sha256)
        else:
            yield header
            yield from _column(database, generation, source)


def _parts(database: Database, sha256: str) -> Iterator[bytes]:
    query = "SELECT content FROM passerelle.blobs WHERE sha256 = %s AND part = %s"
    part = 0
    while found := database.read(query, [sha256, part]):
        yield found[0][0]
        part += 1


def _column(database: Database, generation: str, column: str) -> Iterator[bytes]:
    statement = sql.SQL(
        "SELECT row, {column} FROM {schema}.{table} WHERE row >= %s AND row < %s ORDER BY row"
    ).format(
        column=sql.Identifier(column), schema=schema_of(generation),
        table=sql.Identifier(_COLUMNS[column]),
    )  # fmt: skip
    first = 0
    while found := database.read(statement, [first, first + _ROWS]):
        yield b"".join(as_in_file(column, content) for _, content in found)
        first += _ROWS


def as_in_file(column: str, content: bytes) -> bytes:
    """Return a value of a column as files hold it: little-endian."""
    if column == "pooled":
        return read_vector(content).astype("<f4").tobytes()
    return content


def is_sound(database: Database, generation: str, name: str, entry: FileEntry) -> bool:
    """Tell whether the database holds a file as it was put there."""
    digest = hashlib.sha256()
    for part in contents(database, generation, name):
        digest.update(part)
    return digest.hexdigest() == entry.sha256


def _write(path: Path, parts: Iterator[bytes], entry: FileEntry) -> None:
    digest = hashlib.sha256()
    with reported(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
    if digest.hexdigest() != entry.sha256:
        raise CorruptIndex(f"{path.name} is damaged in the database: run `qa index` again")


def fetch_encoder(database: Database, generation: str, cache: Path) -> Path:
    """Return the folder of a generation's query encoder, fetched unless it is here already.

    Every byte is compared with its checksum, also of what was fetched before.

    Raises:
        CorruptIndex: the database does not hold what was put there.
    """
    entries = file_entries(database, generation)
    entries = {n: e for n, e in entries.items() if n.startswith(f"{ENCODER}/")}
    digest = hashlib.sha256("\n".join(f"{n} {e.sha256}" for n, e in entries.items()).encode())
    folder = cache / f"encoder-{digest.hexdigest()[:16]}"
    if _is_whole(folder, entries):
        return folder
    with reported(cache):
        cache.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".tmp-", dir=cache))
    for name, entry in entries.items():
        _write(aside / _inside(name), contents(database, generation, name), entry)
    with reported(folder):
        aside.chmod(0o755)
        _move_in(aside, folder, entries)
    return folder


def _inside(name: str) -> str:
    return name.removeprefix(f"{ENCODER}/")


def _is_whole(folder: Path, entries: dict[str, FileEntry]) -> bool:
    try:
        return all(describe_file(folder / _inside(name)) == e for name, e in entries.items())
    except OSError:
        return False


def _move_in(aside: Path, folder: Path, entries: dict[str, FileEntry]) -> None:
    with contextlib.suppress(
        OSError
    ):  # the folder exists: another process made it, or it is damaged
        aside.rename(folder)
        return
    if not _is_whole(folder, entries):
        folder.rename(f"{aside}-damaged")
        aside.rename(folder)
    for left in (aside, Path(f"{aside}-damaged")):
        shutil.rmtree(left, ignore_errors=True)
