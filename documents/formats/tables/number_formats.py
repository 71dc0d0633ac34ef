"""Shows the numbers and dates of a spreadsheet as its formats do: percent, currency, masks."""

from __future__ import annotations

import datetime
import re

_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]|([$€£¥])")
_LOCALE = re.compile(r"\[\$[^\]-]*-([0-9A-Fa-f]{3,8})\]")
_LANGUAGE, _FRENCH = 0x3FF, 0x0C
"""Which bits of a locale's number tell its language, and those of French."""
_BRACKETS = re.compile(r"\[[^\]]*\]")
_DECIMALS = re.compile(r"[0#?][.]([0#?]+)")
_MASK = re.compile(r"[(]?[0#]+(?:[ ./()-]+[0#]+)+|0{2,}")
_PUNCTUATION = frozenset(" ./()-")
_MAX_SHOWN = 1e15
"""Numbers from which on the last digits are not exact any more."""


def shown(value: object, number_format: str, *, french: bool = False) -> str:
    """Return a cell's value as text: dates and times in ISO 8601, numbers by their format.

    Args:
        value: what a spreadsheet library returns: a text, a number, a date, a truth value or None.
        number_format: the cell's, as Excel writes it: ``0.00%``.
        french: whether decimals stand behind a comma where the format names no other language, as
            programs in French show them.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        comma = _has_comma(number_format, french=french)
        return _number(value, number_format.split(";")[0], comma=comma)
    if isinstance(value, datetime.datetime):
        return _moment(value)
    return str(value)


def _has_comma(number_format: str, *, french: bool) -> bool:
    """Tell whether decimals stand behind a comma: the format's language decides, if it has one."""
    found = _LOCALE.search(number_format)
    return int(found[1], 16) & _LANGUAGE == _FRENCH if found else french


def _moment(value: datetime.datetime) -> str:
    """Return a date; at midnight, most programs mean no time by it."""
    has_time = value.time() != datetime.time()
    return value.isoformat(" ", "minutes") if has_time else value.date().isoformat()


def _number(value: float, number_format: str, *, comma: bool) -> str:
    bare = _LITERAL.sub(_punctuation, number_format)
    currency = _CURRENCY.search(_LITERAL.sub(lambda f: (f[1] or f[2] or "").strip(), number_format))
    mask = _MASK.fullmatch(_BRACKETS.sub("", bare).strip())
    if mask and not currency and float(value).is_integer() and value >= 0:
        return _masked(str(int(value)), mask.group())
    digits = _digits(value * 100 if "%" in bare else value, bare)
    digits = digits.replace(".", ",") if comma else digits
    if "%" in bare:
        return f"{digits} %"
    sign = (currency[1] or currency[2] or "").strip() if currency else ""
    return f"{digits} {sign}" if sign else digits


def _punctuation(literal: re.Match[str]) -> str:
    written: str = literal[1] or literal[2] or ""
    return written if _PUNCTUATION.issuperset(written) else ""


def _digits(value: float, number_format: str) -> str:
    decimals = _DECIMALS.search(number_format)
    if decimals and abs(value) < _MAX_SHOWN:
        return f"{value:.{min(15, len(decimals[1]))}f}"
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _masked(digits: str, mask: str) -> str:
    """Put digits into the places of a mask, from the right: ``418 555-0142``."""
    left, found = list(digits), list[str]()
    for sign in reversed(mask):
        if sign not in "0#":
            found.append(sign)
        elif left or sign == "0":
            found.append(left.pop() if left else "0")
    return "".join(left) + "".join(reversed(found)).strip()
