"""The properties of a document: what its author, its file and its folder say about it.

A property has a key and one value or several, all of them texts, in bounded number and length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from documents.dates import date_in_words, exists

Properties = tuple[tuple[str, tuple[str, ...]], ...]
"""The keys, rising and each once, with their values in the order they were given."""

MOST_KEYS: Final = 64
MOST_VALUES: Final = 64
LONGEST_KEY: Final = 64
LONGEST_VALUE: Final = 500
"""Code points; a longer value is cut, and what exceeds the other bounds is left out."""
_OTHER_NAMES: Final = {
    "tags": "tag", "keyword": "tag", "keywords": "tag", "authors": "author",
    "creator": "author", "lang": "language", "lastmod": "modified", "updated": "modified",
    "documents": "document", "file": "path", "folders": "folder",
}  # fmt: skip
"""Other names of keys, which people and formats use."""
DATES: Final = frozenset({"date", "modified"})
"""The keys whose values are dates: ``2025``, ``2025-01`` or ``2025-01-31``."""
_OF_THE_FILE: Final = frozenset({"document", "folder", "format", "language", "path", "title"})
"""Keys that a text cannot set: they are known otherwise, and access may depend on them."""
_LISTED: Final = frozenset({"author", "tag"})
_MONTH, _DAY = "(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
_DATE: Final = re.compile(rf"(\d{{4}})(?:-{_MONTH}(?:-{_DAY})?)?(?!-?\d)", re.ASCII)
_COMPACT: Final = re.compile(rf"(\d{{4}}){_MONTH}{_DAY}(?:\d{{4}}|\d{{6}})?(?!\d)", re.ASCII)
_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
_SUFFIXES: Final = {"markdown": "md", "htm": "html", "xhtml": "html"}


def key_of(name: str) -> str:
    """Return the key that a name stands for: ``Tags`` is ``tag``."""
    plain = "-".join(unicodedata.normalize("NFC", name).casefold().split())
    return _OTHER_NAMES.get(plain, plain)


def date_of(written: str) -> str | None:
    """Return the date at the start of a text, as ``2025``, ``2025-01`` or ``2025-01-31``.

    It may be followed by a time, and be in words: « 31 janvier 2025 », "January 31, 2025". A PDF's
    ``D:20250131`` is a date too; ``31/01/2025`` is not one, since its day and its month cannot be
    told apart; nor is ``2025-02-30``, which is in no year.
    """
    in_words = date_in_words(written[:LONGEST_VALUE])
    if in_words is not None:
        return in_words.iso if in_words.exists else None
    plain = written.strip().removeprefix("D:")
    found = _COMPACT.match(plain) or _DATE.match(plain)
    parts = [part for part in found.groups() if part] if found else []
    return "-".join(parts) if parts and exists(*map(int, parts)) else None


def undated(properties: Properties) -> list[tuple[str, str]]:
    """Return the keys and the values that should be dates and are none, in order."""
    return [
        (key, value)
        for key, values in properties
        for value in values
        if key in DATES and date_of(value) is None
    ]


def properties_of(pairs: Iterable[tuple[str, str]]) -> Properties:
    """Return properties from what a text says of itself, bounded and in order.

    Keys that only the file itself can say (``path``, ``format``, …) are left out.
    """
    return merged(pair for pair in map(_understood, pairs) if pair[0] not in _OF_THE_FILE)


def merged(pairs: Iterable[tuple[str, str]]) -> Properties:
    """Return the properties of these pairs; a key may come several times."""
    found: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        plain = _plain(value)
        if plain and 0 < len(key) <= LONGEST_KEY and (key in found or len(found) < MOST_KEYS):
            values = found.setdefault(key, {})
            if len(values) < MOST_VALUES:
                values[plain] = None
    return tuple(sorted((key, tuple(values)) for key, values in found.items()))


def listed(name: str, written: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of one line of a format's own properties: ``keywords: a, b`` are two tags."""
    if key_of(name) not in _LISTED:
        yield name, written
        return
    separator = ";" if ";" in written or key_of(name) == "author" else ","
    yield from ((name, part) for part in written.split(separator))


def file_properties(path: Path, root: Path, seconds: float) -> Properties:
    """Return what a file says about a document.

    Args:
        path: of the file.
        root: the folder that was named, or that of the file.
        seconds: when it was last modified, since the epoch.

    Returns:
        ``path``, relative to the folder and also from the folder's own name on; ``collection``,
        the name of the folder; ``format``, the suffix; ``modified``, the day in UTC.
    """
    inside = _name(path.relative_to(root) if path.is_relative_to(root) else Path(path.name))
    home = _name(Path(root.resolve().name))
    suffix = path.suffix.lower().removeprefix(".")
    day = datetime.fromtimestamp(min(max(seconds, 0), _LAST), UTC).date().isoformat()
    whole = (PurePosixPath(home) / inside).as_posix()
    return merged([
        ("path", inside), ("path", whole), ("collection", home if home != "." else ""),
        ("format", _SUFFIXES.get(suffix, suffix)), ("modified", day),
    ])  # fmt: skip


def properties_from(stored: Iterable[tuple[str, Iterable[str]]]) -> Properties:
    """Return properties as JSON has kept them."""
    return tuple((key, tuple(values)) for key, values in stored)


def together(own: Properties, of_file: Properties) -> Properties:
    """Return the properties of a file; those that its text gives itself come in their place."""
    return tuple(sorted((dict(of_file) | dict(own)).items()))


def modified_when(properties: Properties, before: Properties) -> Properties:
    """Return properties with the day of the last change that they had before."""
    known = {key: values for key, values in before if key == "modified"}
    return tuple(sorted((dict(properties) | known).items()))


def _understood(pair: tuple[str, str]) -> tuple[str, str]:
    name, value = pair
    key = key_of(name)
    return key, (date_of(value) or value) if key in DATES else value


def _plain(value: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in value[: 4 * LONGEST_VALUE])
    return " ".join(unicodedata.normalize("NFC", shown).split())[:LONGEST_VALUE].strip()


def _name(path: Path) -> str:
    # Not every name of a file is text.
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
