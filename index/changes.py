"""What differs between the documents that are indexed and those that are to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.records import Documents


@dataclass(frozen=True, slots=True)
class Changes:
    """Identifiers of documents, in their order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]

    @classmethod
    def between(cls, before: Documents | None, after: Documents) -> Self:
        """Compare documents: their texts, and all that is known of them."""
        if before is None:
            return cls(tuple(after), (), (), ())
        there = places_in(before, after)
        same = (there >= 0) & (before.table["record"][there] == after.table["record"][:-1]).all(1)
        return cls(
            added=_names(after, there < 0),
            changed=_names(after, (there >= 0) & ~same),
            removed=_names(before, places_in(after, before) < 0),
            unchanged=_names(after, same),
        )


def hold_the_same(one: Documents, other: Documents) -> bool:
    """Tell whether documents and their passages are the same, in whatever order."""
    if len(one) != len(other):
        return False
    there = places_in(other, one)
    mine, theirs = one.table[:-1], other.table[there]
    equal = [(mine[part] == theirs[part]).all() for part in ("record", "passages")]
    return bool((there >= 0).all() and all(equal))


def places_in(other: Documents, documents: Documents) -> NDArray[np.int64]:
    """Return each document's number among others; -1 where it is none of them."""
    keys = np.array(documents.table["key"][:-1])
    at = np.searchsorted(other.sorted_keys, keys).clip(max=len(other) - 1)
    return np.where(other.sorted_keys[at] == keys, other.places[at], -1)


def _names(documents: Documents, which: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(map(documents.name, np.flatnonzero(which).tolist()))
