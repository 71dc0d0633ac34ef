"""A part of the list of documents: searched, filtered, sorted, a page at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from documents.properties import date_of
from index.search.catalogue import Entry, facts
from index.search.filters import Filter
from index.search.searchable import Searchable
from qa.wire.schemas import DocumentOut

LIMIT: Final = 50
MOST: Final = 200
"""The most documents that are listed at a time."""
FURTHEST: Final = 10**9
_KEYS: Final[dict[str, Callable[[Entry], str | int]]] = {
    "title": lambda entry: folded(entry.title),
    "modified": lambda entry: _day(entry, "modified"),
    "date": lambda entry: _day(entry, "date"),
    "passages": lambda entry: entry.passages,
}
SORTS: Final = (*_KEYS, *(f"-{name}" for name in _KEYS))
"""By what a list is sorted; with a minus the other way round."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents to list.

    Attributes:
        words: each stands in the title, the identifier or a path; accents and case do not count.
        filters: what the documents are like; None are all.
        sort: one of ``SORTS``; empty is the order they were indexed in.
        offset: how many to pass over.
        limit: how many to list at most.
    """

    words: str = ""
    filters: Filter | None = None
    sort: str = ""
    offset: int = 0
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of the documents that are wanted.

    Attributes:
        total: how many are wanted.
        documents: the part.
        next: the offset of the next part, None after the last.
    """

    total: int
    documents: list[DocumentOut]
    next: int | None


def listed(generation: Searchable, wanted: Wanted) -> Listed:
    """Return a part of the documents of a generation; only those of this part are read."""
    found = _sorted(_searched(_filtered(generation, wanted.filters), wanted.words), wanted.sort)
    end = wanted.offset + wanted.limit
    part = found[wanted.offset : end]
    documents = [DocumentOut.of(generation.documents[e.id], e.passages) for e in part]
    return Listed(len(found), documents, end if end < len(found) else None)


def folded(text: str) -> str:
    """Return a text without accents and case, for comparing."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _filtered(generation: Searchable, filters: Filter | None) -> Iterable[Entry]:
    entries = generation.catalogue.entries
    if filters is None:
        return entries
    return (entries[place] for place in generation.catalogue.places(filters).tolist())


def _searched(entries: Iterable[Entry], words: str) -> list[Entry]:
    asked = folded(words).split()
    return [e for e in entries if not asked or all(word in _said(e) for word in asked)]


def _said(entry: Entry) -> str:
    paths = dict(entry.properties).get("path", ())
    return folded("\n".join([entry.title, entry.id, *paths]))


def _sorted(entries: list[Entry], sort: str) -> list[Entry]:
    """Sort; documents without the value come last either way."""
    if not sort:
        return entries
    key, last_first = _KEYS[sort.removeprefix("-")], sort.startswith("-")
    there = [entry for entry in entries if key(entry) != ""]
    missing = [entry for entry in entries if key(entry) == ""]
    return [*sorted(there, key=key, reverse=last_first), *missing]


def _day(entry: Entry, key: str) -> str:
    return next((day for value in facts(entry).get(key, ()) if (day := date_of(value))), "")
