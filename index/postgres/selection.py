"""Which rows a statement may find: a few by their numbers, many by ranges of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from index.dense.inverted_file import EXACT_BELOW
from index.postgres.connection import Database

ALL: Final = sql.Composed([])
"""The condition of a statement that may find every row."""
_FEW: Final = sql.SQL("AND row = ANY({}::integer[]) ")
_MANY: Final = sql.SQL("AND coalesce(row <@ {}::int4multirange, false) ")
"""The server takes this for half of the rows, and so searches HNSW; it would take the bare
condition for a few in a thousand, and compare them all."""


class Part(NamedTuple):
    """What of a language is searched.

    Attributes:
        code: the number of the language.
        rows: the only rows allowed, rising; all when None.
        wide: whether these are so many that HNSW pays.
    """

    code: int
    rows: NDArray[np.int64] | None
    wide: bool


class Spoken:
    """The languages of the passages of a generation, read when a filter first leaves many."""

    def __init__(self, database: Database, generation: str) -> None:
        """Take where they are kept."""
        self._database, self._generation = database, generation
        self._held: NDArray[np.int8] | None = None

    def parts(self, rows: NDArray[np.int64] | None, languages: int) -> Iterator[Part]:
        """Yield what to search of each language: of many rows, its own, if there are any.

        HNSW would look for the few rows of a language among all of it, and so they are compared.

        Args:
            rows: the only rows allowed, rising; all when None.
            languages: how many languages there are.
        """
        spoken = self._numbers() if rows is not None and is_many(rows) else None
        for code in range(languages):
            own = rows if rows is None or spoken is None else rows[spoken[rows] == code]
            if own is None or spoken is None:
                yield Part(code, own, own is None)
            elif len(own):
                yield Part(code, own, is_many(own))

    def _numbers(self) -> NDArray[np.int8] | None:
        """Return the number of the language of each row; None where that was not kept."""
        if self._held is None:
            query = "SELECT spoken FROM passerelle.generations WHERE id = %s"
            found = self._database.read(query, [self._generation])
            kept = found[0][0] if found else None
            self._held = None if kept is None else np.frombuffer(kept, np.int8)
        return self._held


def is_many(rows: NDArray[np.int64] | None) -> bool:
    """Tell whether so many rows are allowed that comparing each takes too long; None is all."""
    return rows is None or len(rows) >= EXACT_BELOW


def among(rows: NDArray[np.int64] | None, name: str = "rows") -> sql.Composed:
    """Return the condition of a statement, whose parameter of this name is ``allowed(rows)``."""
    if rows is None:
        return ALL
    return (_MANY if is_many(rows) else _FEW).format(sql.Placeholder(name))


def allowed(rows: NDArray[np.int64]) -> str:
    """Return rising rows as the parameter of a statement, written out: a list would take longer."""
    if not is_many(rows):
        return f"{{{','.join(map(str, rows.tolist()))}}}"
    ends = np.flatnonzero(np.diff(rows) != 1)
    firsts, lasts = rows[[0, *(ends + 1)]], rows[[*ends, -1]]
    ranges = zip(firsts.tolist(), lasts.tolist(), strict=True)
    return "{" + ",".join(f"[{first},{last}]" for first, last in ranges) + "}"
