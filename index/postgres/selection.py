"""Which rows a statement may find: a few by their numbers, many by ranges of numbers."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from index.dense.inverted_file import EXACT_BELOW

ALL: Final = sql.SQL("")
"""The condition of a statement that may find every row."""
_FEW: Final = sql.SQL("AND row = ANY(%(rows)s::integer[]) ")
_MANY: Final = sql.SQL("AND row <@ %(rows)s::int4multirange ")


def is_many(rows: NDArray[np.int64] | None) -> bool:
    """Tell whether so many rows are allowed that comparing each takes too long; None is all."""
    return rows is None or len(rows) >= EXACT_BELOW


def among(rows: NDArray[np.int64] | None) -> sql.SQL:
    """Return the condition of a statement, whose parameter ``rows`` is ``allowed(rows)``."""
    if rows is None:
        return ALL
    return _MANY if is_many(rows) else _FEW


def allowed(rows: NDArray[np.int64]) -> list[int] | str:
    """Return rising rows as the parameter of a statement."""
    if not is_many(rows):
        return list(map(int, rows))
    ends = np.flatnonzero(np.diff(rows) != 1)
    firsts, lasts = rows[[0, *(ends + 1)]], rows[[*ends, -1]]
    ranges = zip(firsts.tolist(), lasts.tolist(), strict=True)
    return "{" + ",".join(f"[{first},{last}]" for first, last in ranges) + "}"
