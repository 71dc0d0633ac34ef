"""Filters: which documents a question is asked of, by what is known of them.

A filter is a comparison of a key with a value, or several filters joined by ``and`` or ``or``. As
JSON it has the form that other services share::

    {"type": "and", "filters": [
        {"type": "eq", "key": "language", "value": "fr"},
        {"type": "gte", "key": "modified", "value": "2025-01-01"}]}

A document may have several values of a key, as of ``tag``: ``eq`` and ``in`` hold if one of them
fits, ``ne`` and ``nin`` if none does, so also where the key is missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import ge, gt, le, lt
from typing import Any, Final

from documents.properties import DATES, LONGEST_KEY, LONGEST_VALUE, date_of, key_of
from index.errors import InvalidFilter

Scalar = str | float
"""A value to compare with: a text or a number."""

DEEPEST: Final = 3
MOST_PARTS: Final = 32
MOST_LISTED: Final = 100
LARGEST: Final = 10**15
"""The bounds of a filter: its levels, the filters of a compound, values in a list, numbers."""
NEGATIVE: Final = {"ne": "eq", "nin": "in"}
_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
_LISTS: Final = frozenset({"in", "nin"})
OPERATORS: Final = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin")
COMPOUNDS: Final = ("and", "or")
PATHS: Final = frozenset({"document", "folder", "path"})
"""The keys whose texts are compared exactly, and may be patterns: ``reports/**``."""
_NUMBER: Final = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_WILD: Final = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares a key of documents with some values.

    Attributes:
        operator: one of ``OPERATORS``.
        key: see ``documents.properties.key_of``.
        values: one, or for ``in`` and ``nin`` any number.
    """

    operator: str
    key: str
    values: tuple[Scalar, ...]

    def fits(self, held: str) -> bool:
        """Tell whether one value of a document fits; of a negative operator, whether it must not.

        ``eq`` and ``ne`` alike ask whether the value is equal.
        """
        if self.operator in _ORDERS:
            return _ordered(_ORDERS[self.operator], self.key, held, self.values[0])
        return any(_is_equal(self.key, held, value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Compound:
    """Joins filters: ``and`` wants all of them, ``or`` at least one."""

    operator: str
    filters: tuple[Filter, ...]


Filter = Comparison | Compound


NOTHING: Final = Comparison("in", "document", ())
"""The filter that wants no document."""


def both(one: Filter | None, other: Filter | None) -> Filter | None:
    """Return the filter that wants what both want; None wants nothing."""
    if one is None or other is None:
        return one or other
    return Compound("and", (one, other))


def of_documents(names: tuple[str, ...]) -> Filter:
    """Return the filter that wants the documents with these identifiers."""
    return Comparison("in", "document", names)


def parse_filter(value: object, where: str = "filters") -> Filter:
    """Return a filter from its form in JSON.

    Args:
        value: what the JSON says.
        where: what to call it in messages.

    Raises:
        InvalidFilter: it is not of that form, or too large; the message says which part.
    """
    return _parsed(value, where, 1)


def filter_json(wanted: Filter) -> dict[str, Any]:
    """Return the form of a filter in JSON: see ``parse_filter``."""
    if isinstance(wanted, Compound):
        return {"type": wanted.operator, "filters": [filter_json(part) for part in wanted.filters]}
    many = wanted.operator in _LISTS
    value = list(wanted.values) if many else wanted.values[0]
    return {"type": wanted.operator, "key": wanted.key, "value": value}


def is_pattern(value: Scalar) -> bool:
    """Tell whether a text has ``*``, ``?`` or ``[``."""
    return isinstance(value, str) and _WILD.search(value) is not None


def matches_pattern(path: str, pattern: str) -> bool:
    """Tell whether a path is what a pattern stands for.

    ``*`` and ``?`` stand for letters of one name and ``**`` for any number of folders. A pattern
    without a slash is compared with the last name alone.
    """
    if "/" not in pattern and "**" not in pattern:
        return fnmatchcase(path.rpartition("/")[2], pattern)
    start = pattern[: found.start()] if (found := _WILD.search(pattern)) else pattern
    return path.startswith(start) and _parts_match(path.split("/"), pattern.split("/"))


def _parts_match(names: list[str], parts: list[str]) -> bool:
    """Compare names with the parts of a pattern, in a time that grows with their product."""
    reached = {0}
    for part in parts:
        if part == "**":
            reached = set(range(min(reached), len(names) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(names) and fnmatchcase(names[at], part)}
        if not reached:
            return False
    return len(names) in reached


def _is_equal(key: str, held: str, value: Scalar) -> bool:
    if isinstance(value, str) and key in PATHS:
        return matches_pattern(held, value) if is_pattern(value) else held == value
    if key in DATES:
        return _ordered(lambda one, other: one == other, key, held, value)
    if isinstance(value, str):
        return folded(held) == folded(value)
    return _number(held) == value


def _ordered(compare: Callable[[Any, Any], bool], key: str, held: str, value: Scalar) -> bool:
    """Compare numbers with numbers, dates with dates, and other texts by their letters."""
    if key not in DATES:
        numbers = _number(held), _number(value)
        if None not in numbers:
            return compare(*numbers)
        if not isinstance(value, str):
            return False
    days = date_of(held), date_of(_text(value))
    if days[0] is not None and days[1] is not None:
        # 2025-01 stands for the whole month: the 31st is neither before nor after it.
        return compare(days[0][: len(days[1])], days[1])
    return key not in DATES and compare(folded(held), folded(_text(value)))


def folded(text: str) -> str:
    """Return a text without the difference of capitals and of composed accents."""
    return unicodedata.normalize("NFC", text).casefold()


def _number(value: Scalar) -> float | None:
    if not isinstance(value, str):
        return value
    return float(value) if _NUMBER.fullmatch(value) else None


def _text(value: Scalar) -> str:
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else str(value)


def _parsed(value: object, where: str, level: int) -> Filter:
    if not isinstance(value, dict):
        raise InvalidFilter(f'{where}: must be an object with a "type"')
    kind = value.get("type")
    if kind in COMPOUNDS:
        return _compound(value, where, level)
    if kind in OPERATORS:
        return _comparison(value, where)
    known = ", ".join((*OPERATORS, *COMPOUNDS))
    raise InvalidFilter(f"{where}.type: {_shown(kind)} is none of {known}")


def _compound(value: dict[str, Any], where: str, level: int) -> Compound:
    _require_fields(value, {"type", "filters"}, where)
    parts = value["filters"]
    if not isinstance(parts, list) or not 0 < len(parts) <= MOST_PARTS:
        raise InvalidFilter(f"{where}.filters: must be a list of 1 to {MOST_PARTS} filters")
    if level > DEEPEST - 1:
        raise InvalidFilter(f"{where}: nested deeper than {DEEPEST} levels: flatten it")
    inside = (f"{where}.filters.{at}" for at in range(len(parts)))
    filters = (_parsed(part, at, level + 1) for part, at in zip(parts, inside, strict=True))
    return Compound(value["type"], tuple(filters))


def _comparison(value: dict[str, Any], where: str) -> Comparison:
    _require_fields(value, {"type", "key", "value"}, where)
    operator, named, given = value["type"], value["key"], value["value"]
    if not isinstance(named, str) or not 0 < len(named) <= LONGEST_KEY:
        raise InvalidFilter(f"{where}.key: must be a text of 1 to {LONGEST_KEY} characters")
    key = key_of(named)
    listed = operator in _LISTS
    if listed and (not isinstance(given, list) or len(given) > MOST_LISTED):
        raise InvalidFilter(f"{where}.value: must be a list of at most {MOST_LISTED} values")
    values = tuple(_scalar(v, f"{where}.value") for v in (given if listed else [given]))
    if key in PATHS:
        values = tuple(map(_tidy, values))
    _require_dates(values if key in DATES else (), where)
    return Comparison(operator, key, values)


def _tidy(value: Scalar) -> Scalar:
    return value.removeprefix("./").rstrip("/") if isinstance(value, str) else value


def _require_dates(values: tuple[Scalar, ...], where: str) -> None:
    for value in values:
        if date_of(_text(value)) is None:
            raise InvalidFilter(f"{where}.value: {_shown(value)} is no date such as 2025-01-31")


def _require_fields(value: dict[str, Any], wanted: set[str], where: str) -> None:
    if unknown := value.keys() - wanted:
        raise InvalidFilter(f"{where}: unknown field {_shown(min(map(str, unknown)))}")
    if missing := wanted - value.keys():
        raise InvalidFilter(f'{where}: the field "{min(missing)}" is missing')


def _scalar(value: object, where: str) -> Scalar:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and len(value) <= LONGEST_VALUE:
        return unicodedata.normalize("NFC", value)
    if isinstance(value, int | float) and abs(value) <= LARGEST:
        return float(value)
    raise InvalidFilter(
        f"{where}: must be a text of at most {LONGEST_VALUE} characters, true, false, or a number "
        f"of at most {LARGEST:.0e}"
    )


def _shown(value: object) -> str:
    return repr(value if not isinstance(value, str) else value[:40])[:60]
