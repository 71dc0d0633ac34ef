"""Which passages have vectors already: in the generation before, or further up in the same one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Digests = NDArray[np.uint64]
"""What tells passages with different vectors apart, ``(p, 2) uint64``."""


def sources(texts: Digests, known: Digests | None) -> NDArray[np.int64]:
    """Return where the vectors of each passage come from, ``(p,) int64``.

    A passage's own row: they must be made. A smaller row: they are those of that passage.
    -1 - r: they are those of row r of what is known.
    """
    origin = _first_rows(texts)
    own = np.flatnonzero(origin == np.arange(len(texts)))
    if known is None:
        return origin
    found = np.arange(len(texts))
    found[own] = _known_rows(texts[own], own, known)
    return found[origin] if (found[own] < 0).any() else origin


def _first_rows(texts: Digests) -> NDArray[np.int64]:
    """Return for each row the first one with the same digest."""
    order = np.argsort(texts[:, 0], kind="stable")
    same = (texts[order[1:]] == texts[order[:-1]]).all(axis=1)
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    firsts = np.empty(len(texts), dtype=np.int64)
    firsts[order] = np.repeat(order[starts], np.diff(starts, append=len(texts)))
    return firsts


def _known_rows(texts: Digests, own: NDArray[np.int64], known: Digests) -> NDArray[np.int64]:
    order = np.argsort(known[:, 0], kind="stable")
    at = np.searchsorted(known[:, 0], texts[:, 0], sorter=order).clip(max=len(known) - 1)
    rows = order[at]
    return np.where((known[rows] == texts).all(axis=1), -1 - rows, own)
