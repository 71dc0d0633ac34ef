"""What is known of documents without reading them, and which of them a filter wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Any, Final, NamedTuple, Self

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from documents.properties import Properties, date_of, properties_from
from index.search.filters import NEGATIVE, Comparison, Compound, Filter, is_pattern

REMEMBERED: Final = 64
"""How many filters the documents are remembered of."""
Mask = NDArray[np.bool_]
"""Which documents are wanted, ``(d,)``."""


class Entry(NamedTuple):
    """What is known of a document.

    Attributes:
        id: its identifier.
        title: for people.
        language: ``fr``, ``en`` or ``und``.
        sha256: of its text.
        properties: see ``documents.properties``.
        first: the row of its first passage.
        passages: how many it has.
    """

    id: str
    title: str
    language: str
    sha256: str
    properties: Properties
    first: int
    passages: int

    @classmethod
    def of(cls, known: Sequence[Any], first: int, passages: int) -> Self:
        """Make an entry of what a store has kept, the properties as JSON has kept them."""
        name, title, language, sha256, stored = known
        properties = properties_from(stored)
        return cls(name, title, language, sha256, properties, first, passages)


class Catalogue:
    """The entries of all documents, in their order; read when a filter first needs them."""

    def __init__(self, read: Callable[[], Iterable[Entry]]) -> None:
        """Take what reads the entries; it is called once."""
        self._read, self._lock = read, Lock()
        self._held: _Columns | None = None
        self._places: LRUCache[Filter, NDArray[np.int64]] = LRUCache(REMEMBERED)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries, in the order of the documents."""
        return self._columns.entries

    def places(self, wanted: Filter) -> NDArray[np.int64]:
        """Return the numbers of the documents that a filter wants, rising, from 0."""
        with self._lock:
            known = self._places.get(wanted)
        if known is None:
            known = np.flatnonzero(self._columns.wanted(wanted))
            with self._lock:
                self._places[wanted] = known
        return known

    def rows(self, wanted: Filter) -> NDArray[np.int64]:
        """Return the rows of the passages of the documents that a filter wants, rising."""
        columns, places = self._columns, self.places(wanted)
        counts = columns.passages[places]
        before = np.cumsum(counts) - counts
        return np.repeat(columns.firsts[places] - before, counts) + np.arange(counts.sum())

    def within(self, wanted: Filter) -> Catalogue:
        """Return a catalogue of the documents alone that a filter wants."""
        return Catalogue(lambda: [self.entries[at] for at in self.places(wanted).tolist()])

    def values(self, key: str) -> dict[str, int]:
        """Return the values that documents have of a key, each with the number of documents."""
        column = self._columns.column(key)
        return {value: len(places) for value, places in column.items()}

    @property
    def _columns(self) -> _Columns:
        if self._held is None:
            made = _Columns.of(tuple(self._read()))
            with self._lock:
                self._held = made
        return self._held


class _Columns(NamedTuple):
    """The entries, and for each key the documents of each value.

    Attributes:
        entries: in the order of the documents.
        firsts: the row of each document's first passage, ``(d,) int64``.
        passages: how many each has, ``(d,) int64``.
        keys: by key and value, the numbers of documents.
    """

    entries: tuple[Entry, ...]
    firsts: NDArray[np.int64]
    passages: NDArray[np.int64]
    keys: dict[str, dict[str, list[int]]]

    @classmethod
    def of(cls, entries: tuple[Entry, ...]) -> Self:
        keys: dict[str, dict[str, list[int]]] = {}
        for place, entry in enumerate(entries):
            for key, values in facts(entry).items():
                column = keys.setdefault(key, {})
                for value in values:
                    column.setdefault(value, []).append(place)
        rows = np.array([(e.first, e.passages) for e in entries], dtype=np.int64).reshape(-1, 2)
        return cls(entries, rows[:, 0], rows[:, 1], keys)

    def column(self, key: str) -> dict[str, list[int]]:
        return self.keys.get(key, {})

    def wanted(self, wanted: Filter) -> Mask:
        if isinstance(wanted, Compound):
            masks = [self.wanted(part) for part in wanted.filters]
            join: Any = np.logical_and if wanted.operator == "and" else np.logical_or
            return np.asarray(join.reduce(masks), dtype=np.bool_)
        fitting = self._fitting(wanted)
        return ~fitting if wanted.operator in NEGATIVE else fitting

    def _fitting(self, wanted: Comparison) -> Mask:
        mask = np.zeros(len(self.entries), dtype=np.bool_)
        for places in self._places(wanted):
            mask[places] = True
        return mask

    def _places(self, wanted: Comparison) -> Iterable[list[int]]:
        """Yield the documents of each value that fits; identifiers are looked up at once."""
        column = self.column(wanted.key)
        exact = wanted.key == "document" and not any(map(is_pattern, wanted.values))
        if exact and NEGATIVE.get(wanted.operator, wanted.operator) in {"eq", "in"}:
            return [column[v] for v in wanted.values if isinstance(v, str) and v in column]
        return [places for value, places in column.items() if wanted.fits(value)]


def facts(entry: Entry) -> Mapping[str, Iterable[str]]:
    """Return the values of a document by key, those that are not properties included.

    ``folder`` has every folder above the file; ``date`` is the document's own date, or where it
    states none that can be understood, the day its file was last modified.
    """
    held: dict[str, Iterable[str]] = dict(entry.properties)
    paths = held.get("path", ())
    folders = dict.fromkeys(folder for path in paths for folder in _above(path))
    stated = [value for value in held.get("date", ()) if date_of(value)]
    dates = stated or held.get("modified", ())
    own: dict[str, Iterable[str]] = {
        "document": (entry.id,), "title": (entry.title,), "language": (entry.language,),
        "folder": folders, "date": dates,
    }  # fmt: skip
    return held | own


def _above(path: str) -> Iterable[str]:
    names = path.split("/")
    return ("/".join(names[:end]) for end in range(1, len(names)))
