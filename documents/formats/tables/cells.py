"""Tells what one cell may be: a label, a year, a day, a number, an address."""

from __future__ import annotations

import re

from documents.dates import date_in_words

_MAX_LABEL = 80
"""Code points of the longest label."""
_MAX_DATE = 32
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?:\s?[-–/]\s?(?:\d\d|\d{4}))?")
_ADDRESS = re.compile(r"@|://|^www\.")


def is_label(cell: str) -> bool:
    """Tell whether a cell is short, has more letters than digits, and is no address and no day."""
    if len(cell) > _MAX_LABEL or is_day(cell) or is_address(cell):
        return False
    letters, digits = letters_and_digits(cell)
    return letters > digits or not digits


def is_year(cell: str) -> bool:
    """Tell whether a cell is a year, or a year that ends in the next: « 2024-25 »."""
    return _YEAR.fullmatch(cell) is not None


def is_day(cell: str) -> bool:
    """Tell whether a cell is a date in words: « 12 septembre 2024 »."""
    found = date_in_words(cell) if len(cell) <= _MAX_DATE else None
    return found is not None and found.day is not None


def is_number(cell: str) -> bool:
    """Tell whether a cell has more digits than letters, or is a day: a number, a telephone."""
    letters, digits = letters_and_digits(cell)
    return is_day(cell) or digits > letters


def is_address(cell: str) -> bool:
    """Tell whether a cell has an address of mail or of the web."""
    return _ADDRESS.search(cell) is not None


def letters_and_digits(cell: str) -> tuple[int, int]:
    """Return how many of each a cell has."""
    return sum(map(str.isalpha, cell)), sum(map(str.isdigit, cell))
