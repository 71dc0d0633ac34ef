"""What people write to narrow a question down, as a filter: folders, tags, days, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from index.errors import InvalidFilter
from index.search.filters import Comparison, Compound, Filter, filter_json, is_pattern, parse_filter

CONDITION: Final = r"^[^=!<>\s][^=!<>]{0,60}(=|!=|>=|<=|>|<)[\s\S]*$"
"""A condition as a regular expression: ``author=Zoé Dupont``, ``year>=2024``."""
_MONTHS: Final = (("0[13578]|1[02]", "3[01]"), ("0[469]|11", "30"), ("02", ""))
"""Months, as regular expressions, and their days after the 29th."""
_DAYS: Final = "|".join(
    rf"({month})(-(0[1-9]|[12][0-9]{'|' + late if late else ''}))?" for month, late in _MONTHS
)
DAY: Final = rf"^(?!0000)[0-9]{{4}}(-({_DAYS}))?$"
"""A day, a month or a year, but that 29 February is in every year."""
_CONDITION: Final = re.compile(r"\s*([^=!<>]+?)\s*(!=|>=|<=|=|>|<)\s*([\s\S]*?)\s*")
_OPERATORS: Final = {"=": "eq", "!=": "ne", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}


def narrowed(
    inside: Sequence[str] = (),
    tags: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    conditions: Sequence[str] = (),
) -> Filter | None:
    """Return the filter of some options; None where there are none.

    Args:
        inside: patterns of paths, or folders, files and identifiers of documents: any of them.
        tags: all of them.
        since: the first day, month or year of the document's date.
        until: the last one.
        conditions: ``KEY=VALUE``, or with ``!=``, ``<``, ``<=``, ``>``, ``>=``: all of them.

    Raises:
        InvalidFilter: one cannot be understood; the message names it.
    """
    places = tuple(part for text in inside for part in _places(text))
    parts: list[Filter] = [Compound("or", places)] if places else []
    every: list[Filter] = [*parts, *_comparisons(tags, since, until), *map(_condition, conditions)]
    if not every:
        return None
    # Read again, so that all bounds hold.
    return parse_filter(filter_json(Compound("and", tuple(every))), "filter")


def _places(text: str) -> Iterator[Comparison]:
    plain = text.removeprefix("./").rstrip("/")
    keys = ("path",) if is_pattern(plain) else ("path", "folder", "document")
    yield from (Comparison("eq", key, (plain,)) for key in keys)


def _comparisons(tags: Iterable[str], since: str | None, until: str | None) -> Iterator[Comparison]:
    yield from (Comparison("eq", "tag", (tag,)) for tag in tags)
    if since is not None:
        yield Comparison("gte", "date", (since.strip(),))
    if until is not None:
        yield Comparison("lte", "date", (until.strip(),))


def _condition(text: str) -> Comparison:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise InvalidFilter(
            f"{text[:60]!r} is no condition: write KEY=VALUE, such as author=Dupont or year>=2024"
        )
    key, sign, value = found.groups()
    return Comparison(_OPERATORS[sign], key, (value,))
