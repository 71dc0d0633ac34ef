"""Writes the numbers of lists and headings: 3, 03, c, III, ③, 3rd or 3e."""

from __future__ import annotations

import re
from collections.abc import Callable

_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_MOST_ROMAN = 3999
_LETTERS = 26
_MOST_LETTERS = 30
"""Times that Word repeats a letter, at most."""
_SIGNS = "*†‡§"
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_CIRCLED, _MOST_CIRCLED = 0x2460, 20


def written(number: int, form: str, *, french: bool) -> str:
    """Return a number as Word shows it.

    Args:
        number: from 0.
        form: a name of Word's (``decimal``, ``lowerRoman``, …) or a pattern such as ``001, 002``;
            any other is written in digits.
        french: ordinals are French (``1er``, ``2e``), else English (``1st``, ``2nd``).
    """
    if form == "ordinal":
        return _french(number) if french else _english(number)
    write = _FORMS.get(form)
    if write is not None:
        return write(number)
    padded = re.match(r"0+1(?=,)", form)
    return str(number).zfill(len(padded.group()) if padded else 1)


def _letter(number: int) -> str:
    """After z come aa, bb, cc."""
    turns, at = divmod(max(number, 1) - 1, _LETTERS)
    return chr(ord("a") + at) * (turns % _MOST_LETTERS + 1) if number else ""


def _roman(number: int) -> str:
    if not 0 < number <= _MOST_ROMAN:
        return str(number)
    signs = []
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        signs.append(sign * times)
    return "".join(signs)


def _circled(number: int) -> str:
    known = 0 < number <= _MOST_CIRCLED
    return chr(_CIRCLED + number - 1) if known else str(number)


def _sign(number: int) -> str:
    turns, at = divmod(max(number, 1) - 1, len(_SIGNS))
    return _SIGNS[at] * (turns % _MOST_LETTERS + 1)


def _french(number: int) -> str:
    return f"{number}er" if number == 1 else f"{number}e"


def _english(number: int) -> str:
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else _ORDINALS.get(number % 10, 'th')}"


_FORMS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "numberInDash": lambda number: f"- {number} -",
    "chicago": _sign,
    "none": lambda _: "",
}
