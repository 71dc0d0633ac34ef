"""Connections to PostgreSQL: a pool, time limits, and retries while a server is replaced."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolTimeout

from index.errors import CorruptIndex, StoreUnavailable

Result = TypeVar("Result")
Connection = psycopg.Connection[tuple[Any, ...]]
Statement = LiteralString | sql.SQL | sql.Composed

PATIENCE: Final = 10.0
"""How many seconds a question waits while another server takes over."""
POOL: Final = 20
"""How many connections at most: one for each thread that computes, and some to spare."""
CONNECT: Final = 3
"""How long one attempt to connect to one host may take, in seconds."""
STATEMENT: Final = 5_000
"""How long a statement of a question may take, in milliseconds."""
CONSIDERED: Final = 400
"""How many candidates HNSW keeps while it searches: pgvector's ``hnsw.ef_search``."""
SCANNED: Final = 200_000
"""How many candidates HNSW visits at most until enough of them are allowed by a filter."""
_POOL_WAIT: Final = 0.5
"""How many seconds to wait for a connection of the pool before asking it again."""
_AGAIN: Final = 0.2
"""How many seconds the pool itself retries; a short time, as ``Database.read`` retries sooner."""
_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0
_DEFAULTS: Final = {
    "connect_timeout": CONNECT, "application_name": "passerelle", "tcp_user_timeout": 5_000,
    "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
}  # fmt: skip
_GONE: Final = (errors.UndefinedTable, errors.InvalidSchemaName)
"""The errors where a generation was removed, or has not reached this replica yet."""


class Database:
    """A database that may be served by several hosts."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        """Prepare to connect; nothing is sent to the database yet.

        Args:
            url: ``postgresql://…``, several hosts separated by commas.
            patience: for how many seconds a question waits for a server.

        Raises:
            StoreUnavailable: the address cannot be understood.
        """
        self._parameters = _parameters(url)
        self._patience = patience
        self._writer: Connection | None = None
        self.name = _name(self._parameters)
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # said by StoreUnavailable
        self._pool = ConnectionPool(
            kwargs={**self._parameters, "autocommit": True, "prepare_threshold": None},
            min_size=0, max_size=POOL, open=False, configure=_configure,
            reconnect_timeout=_AGAIN, max_idle=60, num_workers=2,
        )  # fmt: skip

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def read(self, statement: Statement, values: Any = None) -> list[tuple[Any, ...]]:
        """Return the rows of a statement that only reads; try again while no server answers.

        Raises:
            StoreUnavailable: no server answers in time.
            CorruptIndex: the database lacks a table of the generation.
        """
        if self._writer is not None:  # replicas may lag behind what this writer wrote
            return self._writer.execute(statement, values, binary=True).fetchall()
        return self._patiently(lambda: self._read(statement, values))

    def _read(self, statement: Statement, values: Any) -> list[tuple[Any, ...]]:
        self._pool.open()
        with self._pool.connection(timeout=_POOL_WAIT) as connection:
            return connection.execute(statement, values, binary=True).fetchall()

    def _patiently(self, attempt: Callable[[], Result]) -> Result:
        end, pause = time.monotonic() + self._patience, _PAUSE
        while True:
            try:
                return attempt()
            except psycopg.Error as error:
                if not _passes(error) or time.monotonic() + pause > end:
                    raise self._reported(error) from error
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Connect to the server that accepts writes, outside the pool and without a time limit.

        Raises:
            StoreUnavailable: none can be reached, or the connection failed.
        """
        parameters = {**self._parameters, "target_session_attrs": "read-write"}
        connect = psycopg.connect
        try:
            with self._patiently(lambda: connect(**parameters, autocommit=True)) as connection:
                self._writer = connection
                yield connection
        except psycopg.Error as error:
            raise self._reported(error) from error
        finally:
            self._writer = None

    def _reported(self, error: psycopg.Error) -> StoreUnavailable | CorruptIndex:
        if isinstance(error, _GONE):
            return CorruptIndex(f"{self.name} lacks a part of the index: run `qa index` again")
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        return StoreUnavailable(
            f"the database {self.name} cannot be used ({reason}): try again soon, "
            "or correct QA_STORE"
        )


def _passes(error: psycopg.Error) -> bool:
    """Tell whether an error may pass: a server stops, starts, or lags behind."""
    if isinstance(error, errors.QueryCanceled):
        return False
    passing = (
        psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout,
        errors.ReadOnlySqlTransaction, *_GONE,
    )  # fmt: skip
    refused = (errors.InvalidPassword, errors.InvalidAuthorizationSpecification)
    return isinstance(error, passing) and not isinstance(error, refused)


def _parameters(url: str) -> dict[str, Any]:
    try:
        return {**_DEFAULTS, **conninfo_to_dict(url)}
    except psycopg.ProgrammingError:
        # The message may contain the password, so it must not become a cause that a log shows.
        raise StoreUnavailable(
            "QA_STORE is no address of a PostgreSQL database: "
            "correct it, as in postgresql://user@host:5432/database"
        ) from None


def _name(parameters: dict[str, Any]) -> str:
    """Return the name of a database for messages, without user and password."""
    return f"{parameters.get('dbname', '')} on {parameters.get('host', 'this machine')}".strip()


def _configure(connection: Connection) -> None:
    connection.execute(
        f"SET statement_timeout = {STATEMENT}; SET hnsw.ef_search = {CONSIDERED}; "
        f"SET hnsw.iterative_scan = relaxed_order; SET hnsw.max_scan_tuples = {SCANNED}; "
        "SET jit = off; SET max_parallel_workers_per_gather = 0"
    )
