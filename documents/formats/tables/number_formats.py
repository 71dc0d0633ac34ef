"""Shows the values of a spreadsheet's cells as their formats do: currency, dates, fractions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from documents.formats.tables.format_tokens import Token, is_moment, sections, tokens_of
from documents.formats.tables.moments import moment
from documents.formats.tables.numerals import general, number

_LOCALE = re.compile(r"\[\$[^\]-]*-(?!F[48]00\])([0-9A-Fa-f]{3,8})\]")
_LANGUAGE, _FRENCH = 0x3FF, 0x0C
"""Which bits of a locale's number tell its language, and those of French."""
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_COLOURS = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]", re.I)
_GENERAL = re.compile(r"general|standard", re.IGNORECASE)
_TRUTHS = {False: ("FALSE", "TRUE"), True: ("FAUX", "VRAI")}
_MAX_SHOWN = 1e15
"""Numbers from which on the last digits are not exact any more."""
_SECTIONS = 3
"""The sections of a format that are for numbers: above zero, below, zero; the next is for texts."""


def shown(value: object, number_format: str, *, french: bool = False) -> str:
    """Return a cell's value as text, as its format shows it.

    Dates whose look nobody chose (``mm-dd-yy``, which Excel shows as the machine does) are in ISO
    8601, and a date at midnight is shown without its time, since most programs mean none by it.

    Args:
        value: what a spreadsheet library returns: a text, a number, a date, a duration, a truth
            value or None.
        number_format: the cell's, as Excel writes it: ``0.00%``.
        french: whether separators and names are French where the format names no other language.
    """
    is_french = _is_french(number_format, french=french)
    match value:
        case None:
            return ""
        case bool():
            return _TRUTHS[is_french][value]
        case int() | float():
            return _number(value, number_format, french=is_french)
        case datetime.date() | datetime.time() | datetime.timedelta():
            return moment(value, _of_moments(number_format), french=is_french)
    return _text(str(value), number_format)


def _is_french(number_format: str, *, french: bool) -> bool:
    """Tell whether numbers are as in French: the format's language decides, if it has one."""
    found = _LOCALE.search(number_format)
    return int(found[1], 16) & _LANGUAGE == _FRENCH if found else french


def _of_moments(number_format: str) -> tuple[Token, ...]:
    return tokens_of(sections(number_format)[0])


def _text(value: str, number_format: str) -> str:
    """Return a text with what its format puts around it: ``"Réf. "@``."""
    parts = sections(number_format)
    tokens = tokens_of(parts[-1] if len(parts) in {1, _SECTIONS + 1} else "")
    if not value or not any(token.kind == "@" for token in tokens):
        return value
    words = (value if t.kind == "@" else t.text if t.kind == "text" else "" for t in tokens)
    return "".join(words).strip()


def _number(value: float, number_format: str, *, french: bool) -> str:
    section, magnitude = _section(value, [_COLOURS.sub("", s) for s in sections(number_format)])
    bare = _CONDITION.sub("", section)
    tokens = tokens_of(bare)
    if _GENERAL.fullmatch(bare.strip()) or is_moment(tokens) or abs(value) >= _MAX_SHOWN:
        return general(value, french=french)
    words = number(magnitude, tokens, french=french)
    # A dash for zero, or nothing at all, is no number that anyone could ask for.
    return words if any(map(str.isalnum, words)) else general(value, french=french)


def _section(value: float, parts: Sequence[str]) -> tuple[str, float]:
    """Return the section of a format that shows a number, and the number without a sign it drops.

    Without conditions, the sections are for numbers above zero, below and zero, and the second
    writes the sign itself.
    """
    parts = parts[:_SECTIONS]
    conditions = [_CONDITION.search(part) for part in parts]
    if any(conditions):
        at = next(
            (at for at, found in enumerate(conditions) if not found or _holds(value, found)), 0
        )
        return parts[at], value
    if value < 0 and len(parts) > 1:
        return parts[1], -value
    return parts[2 if value == 0 and len(parts) == _SECTIONS else 0], value


def _holds(value: float, condition: re.Match[str]) -> bool:
    sign, limit = condition[1], float(condition[2])
    equal, above = value == limit, value > limit
    return {
        "=": equal, "<>": not equal, ">": above, ">=": above or equal,
        "<": not above and not equal, "<=": not above,
    }[sign]  # fmt: skip
