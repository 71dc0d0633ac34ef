"""Dates as French and English write them: « 3 mars 2024 », "March 3, 2024", 03/03/2024."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from typing import Final, NamedTuple

_NAMES: Final = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "january february march april may june july august september october november december",
    "janv févr - avr - - juil - sept oct nov déc",
    "jan feb mar apr - jun jul aug sep - - dec",
    "jan fév - - - - juill aou sept - - dec",
)
_DAYS: Final = (
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday"
    " saturday sunday"
)


class Day(NamedTuple):
    """A date as a text says it; the month has no number that is not one, the day may be none."""

    year: int
    month: int
    day: int | None = None

    @property
    def exists(self) -> bool:
        """Tell whether a calendar has it."""
        return exists(self.year, self.month, self.day or 1)

    @property
    def iso(self) -> str:
        """Return ``2024-03-12``, or ``2024-03`` without a day."""
        month = f"{self.year:04d}-{self.month:02d}"
        return month if self.day is None else f"{month}-{self.day:02d}"


def exists(year: int, month: int = 1, day: int = 1) -> bool:
    """Tell whether a calendar has a day."""
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


MONTHS: Final = {
    name: number
    for names in _NAMES
    for number, name in enumerate(_folded(names).split(), start=1)
    if name != "-"
}
"""Names of months and what they are shortened to, folded, with their numbers."""
_MONTH: Final = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b"
_DAY: Final = r"(?:\d{1,2}|premier)"
WORDED: Final = re.compile(
    rf"\b(?P<day>{_DAY})(?:ere?|e|st|nd|rd|th)?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\.?,?\s+"
    r"(?:de\s+)?(?P<year>\d{4})\b"
    rf"|\b(?P<month2>{_MONTH})\.?\s+(?:(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<year2>\d{{4}})\b"
)
"""A date in words, in folded text."""
_YEAR_FIRST: Final = re.compile(r"(?<![\d/.-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d|[-/.]\d)")
_YEAR_LAST: Final = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d|[-/.]\d)")
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_LONGEST: Final = 32
"""Code points before or after a year in which the rest of its date is looked for."""
_BEFORE: Final = re.compile(rf"(?:(?:le|the|on)\s+)?(?:(?:{_DAYS.replace(' ', '|')}),?\s+)?")


def worded(found: re.Match[str]) -> Day:
    """Return the date of a match of ``WORDED``, whether it exists or not."""
    month = found["month"] or found["month2"]
    day = found["day"] or found["day2"]
    number = None if day is None else 1 if day == "premier" else int(day)
    return Day(int(found["year"] or found["year2"]), MONTHS[month], number)


def date_in_words(written: str) -> Day | None:
    """Return the date in words at the start of a text, whether it exists or not, or None."""
    plain = " ".join(_folded(written).split())
    opening = _BEFORE.match(plain)
    found = WORDED.match(plain, opening.end() if opening else 0)
    return worded(found) if found else None


def days(plain: str, language: str) -> Iterator[str]:
    """Yield each day that a text states, as ``2024-03-12``, however it is written, perhaps twice.

    Args:
        plain: folded text: lower case, no accents.
        language: in ``fr``, ``12/03/2024`` starts with its day, if a calendar has that; in any
            other, what starts with the month for some and with the day for others is both days.
    """
    for year in _YEAR.finditer(plain):
        near = max(0, year.start() - _LONGEST), year.end() + _LONGEST
        found = [
            *(worded(match) for match in WORDED.finditer(plain, *near)),
            *(Day(*map(int, match.group(1, 3, 4))) for match in _YEAR_FIRST.finditer(plain, *near)),
            *(d for match in _YEAR_LAST.finditer(plain, *near) for d in _readings(match, language)),
        ]
        yield from (day.iso for day in found if day.day is not None and day.exists)


def _readings(match: re.Match[str], language: str) -> list[Day]:
    one, other, year = map(int, match.group(1, 3, 4))
    readings = [day for day in (Day(year, other, one), Day(year, one, other)) if day.exists]
    return readings[:1] if language == "fr" else readings
