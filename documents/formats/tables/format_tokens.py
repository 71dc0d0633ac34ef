"""Takes the format of a spreadsheet's cell apart: sections, and the tokens of a section."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_PIECE = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<wide>.)|\*(?P<filled>.)'
    r"|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<elapsed>h+|m+|s+)\]|\[(?P<other>[^\]]*)\]"
    r"|(?P<half>AM/PM|A/P)|(?P<exponent>E[+-])|(?P<letters>y+|m+|d+|h+|s+)"
    r"|(?P<digit>[0#?])|(?P<sign>[.,%/@])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST, _REMEMBERED = 255, 512
"""Characters of the longest format that Excel takes, and how many formats are kept apart."""
_MOMENTS = frozenset({"y", "m", "d", "h", "s"})
_SYSTEM = re.compile(r"\[\$-(?:x-sys)?(?:F(800|400)|(date|time))\]", re.IGNORECASE)


class Token(NamedTuple):
    """A part of a format.

    Attributes:
        kind: ``text``; ``digit``; one of ``. , % / @``; ``E``; ``half`` (AM/PM); ``elapsed``
            (hours beyond a day and the like); one of ``y m d h s``; ``long`` and ``clock``, a date
            and a time as the machine shows them.
        text: what is written, or the letters that say how: ``yyyy``.
    """

    kind: str
    text: str


@lru_cache(maxsize=_REMEMBERED)
def sections(number_format: str) -> tuple[str, ...]:
    """Return the sections of a format, at least one; ``;`` in a text parts none.

    A format longer than any program takes has none of its own.
    """
    found = [""]
    for piece in _PIECE.findall(number_format if len(number_format) <= _LONGEST else ""):
        if piece == ";":
            found.append("")
        else:
            found[-1] += piece
    return tuple(found[:-1] if len(found) > 1 and not found[-1] else found)


@lru_cache(maxsize=_REMEMBERED)
def tokens_of(section: str) -> tuple[Token, ...]:
    """Return the tokens of a section, without colours and conditions."""
    system = _SYSTEM.search(section)
    if system:
        is_date = "800" in system.group().upper() or "DATE" in system.group().upper()
        return (Token("long" if is_date else "clock", ""),)
    found: list[Token] = []
    for match in _TOKEN.finditer(section):
        found += _token(match, found)
    return tuple(found)


def is_moment(tokens: Iterable[Token]) -> bool:
    """Tell whether a section is for dates and times."""
    return any(t.kind in _MOMENTS or t.kind in {"elapsed", "long", "clock"} for t in tokens)


def _token(match: re.Match[str], before: list[Token]) -> list[Token]:
    kind, words = str(match.lastgroup), match[str(match.lastgroup)]
    match kind:
        case "other":
            return []
        case "wide" | "filled":
            # The space between a currency and the edge of its column is none between words.
            follows_sign = kind == "filled" and before and before[-1].text.strip() != ""
            spaced = kind == "wide" or not follows_sign
            return [Token("text", " ")] if spaced else []
        case "quoted" | "escaped" | "currency" | "plain":
            return [Token("text", words)] if words else []
        case "letters" | "exponent":
            return [Token(words[0].lower() if kind == "letters" else "E", words)]
        case "sign":
            return [Token(words, words)]
    return [Token(kind, words)]
