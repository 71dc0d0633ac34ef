"""What a build finds in the generation before it: documents that did not change, known vectors.

``Changes`` compares documents. ``vector_sources`` tells which passages need not be encoded, because
a passage with the same text has its vectors already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from documents.properties import modified_when
from documents.types import Document
from index.generations.generation import Generation
from index.generations.records import Documents

Digests = NDArray[np.uint64]
"""The digests of passages: equal ones have the same vectors, ``(p, 2) uint64``."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The identifiers of documents, in the order of the documents."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]

    @classmethod
    def between(cls, before: Documents | None, after: Documents) -> Self:
        """Compare documents: their texts, titles, sections and all other fields."""
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


def with_known_day(document: Document, before: Generation | None) -> Document:
    """Return a document with the day of its last change as it was known, if nothing else changed.

    A file that was only touched, copied or checked out again has not changed, and neither does
    the generation.
    """
    if before is None or not document.properties or document.id not in before.documents:
        return document
    known = before.documents[document.id]
    same = replace(document, properties=modified_when(document.properties, known.properties))
    return same if same == known else document


def hold_the_same(one: Documents, other: Documents) -> bool:
    """Tell whether documents and their passages are the same, in whatever order."""
    if len(one) != len(other):
        return False
    there = places_in(other, one)
    mine, theirs = one.table[:-1], other.table[there]
    equal = [(mine[part] == theirs[part]).all() for part in ("record", "passages")]
    return bool((there >= 0).all() and all(equal))


def places_in(other: Documents, documents: Documents) -> NDArray[np.int64]:
    """Return the number of each document among others, ``(d,) int64``; -1 where it is missing."""
    keys = np.array(documents.table["key"][:-1])
    at = np.searchsorted(other.sorted_keys, keys).clip(max=len(other) - 1)
    return np.where(other.sorted_keys[at] == keys, other.places[at], -1)


def _names(documents: Documents, which: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(map(documents.name, np.flatnonzero(which).tolist()))


def vector_sources(texts: Digests, known: Digests | None) -> NDArray[np.int64]:
    """Return where the vectors of each passage come from, ``(p,) int64``.

    - The passage's own row: it must be encoded.
    - A smaller row: that passage of the same generation has the same vectors.
    - ``-1 - r``: row r of the generation before has them.

    Args:
        texts: the digests of the new passages.
        known: those of the generation before, if there is one.
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
