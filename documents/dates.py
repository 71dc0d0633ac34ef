"""Dates in words, French and English: « 3 mars 2024 », "March 3, 2024"."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
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
