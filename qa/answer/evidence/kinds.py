"""The kinds of answers that questions ask for and texts give."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What an answer is: a person, a date, a sum."""

    PERSON = auto()
    PLACE = auto()
    DATE = auto()
    TIME = auto()
    DURATION = auto()
    NUMBER = auto()
    AMOUNT = auto()
    FREQUENCY = auto()
    YES_NO = auto()
    REASON = auto()
    WAY = auto()
    ADDRESS = auto()
    IDENTIFIER = auto()


EXACT: Final = frozenset(
    {
        Kind.NUMBER, Kind.AMOUNT, Kind.DURATION, Kind.FREQUENCY, Kind.DATE, Kind.TIME,
        Kind.ADDRESS, Kind.IDENTIFIER,
    }
)  # fmt: skip
"""Kinds whose words tell them apart well."""
NAMED: Final = frozenset({Kind.PERSON, Kind.PLACE})
"""Kinds that a name gives, or a description without any."""
