"""Keys that open the service, each with a name and with what its owner may see.

They are in a file, JSON or TOML, as a list ``keys`` of objects::

    [[keys]]
    key = "a long random text"
    name = "payroll"
    filter = {type = "eq", key = "collection", value = "rh"}
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from index.errors import InvalidFilter
from index.search.filters import Filter, parse_filter
from qa.errors import InvalidSetting

SHORTEST_KEY: Final = 16
"""The fewest characters of a key: shorter ones can be guessed."""
_FIELDS: Final = frozenset({"key", "name", "filter"})


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key opens.

    Attributes:
        key: a client sends it.
        name: of the key, for the log.
        wanted: the only documents its owner may see; None are all.
    """

    key: str = field(repr=False)
    name: str
    wanted: Filter | None = None


def is_usable(key: str) -> bool:
    """Tell whether a text can be a key: long enough, and visible ASCII alone."""
    return len(key) >= SHORTEST_KEY and key.isascii() and key.isprintable() and " " not in key


def read_grants(path: Path) -> tuple[Grant, ...]:
    """Return the keys of a file.

    Raises:
        InvalidSetting: it cannot be read, or a key of it cannot be used; no message holds a key.
    """
    grants = tuple(_grant(entry, at, path) for at, entry in enumerate(_entries(path), 1))
    if len({grant.key for grant in grants}) < len(grants):
        raise InvalidSetting(f"{path} holds a key twice: give each name a key of its own")
    return grants


def _entries(path: Path) -> Iterator[Any]:
    import tomllib  # most commands need no keys

    try:
        text = path.read_text(encoding="utf-8")
        held = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        # The reason of a syntax error may quote a key.
        reason = error.strerror if isinstance(error, OSError) else "not sound JSON or TOML"
        raise InvalidSetting(
            f"QA_KEYS={str(path)!r} cannot be read ({reason}): correct it"
        ) from None
    found = held.get("keys") if isinstance(held, dict) else held
    if not isinstance(found, list) or not found:
        raise InvalidSetting(f"{path} holds no list of keys: see the README for its form")
    yield from found


def _grant(entry: Any, number: int, path: Path) -> Grant:
    where = f"{path}, key {number}"
    if not isinstance(entry, dict) or not {"key", "name"} <= entry.keys() <= _FIELDS:
        raise InvalidSetting(f"{where}: must have a key, a name and perhaps a filter, no more")
    key, name, wanted = entry["key"], entry["name"], entry.get("filter")
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise InvalidSetting(f"{where}: its name must be a text in one line")
    if not isinstance(key, str) or not is_usable(key):
        raise InvalidSetting(
            f"{where} ({name}): a key is {SHORTEST_KEY} or more visible ASCII characters"
        )
    try:
        return Grant(key, name, None if "filter" not in entry else parse_filter(wanted, "filter"))
    except InvalidFilter as error:
        raise InvalidSetting(f"{where} ({name}): {error}") from error
