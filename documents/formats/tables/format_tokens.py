"""Takes the format of a spreadsheet's cell apart: sections, and the tokens of a section."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_SECTION = re.compile(r'((?:"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|[^;"\\])*)(?:;|$)', re.DOTALL)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<wide>.)|\*(?P<filled>.)'
    r"|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<elapsed>h+|m+|s+)\]|\[(?P<other>[^\]]*)\]"
    r"|(?P<half>AM/PM|A/P)|(?P<exponent>E[+-])|(?P<letters>y+|m+|d+|h+|s+)"
    r"|(?P<digit>[0#?])|(?P<sign>[.,%/@])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
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


def sections(number_format: str) -> list[str]:
    """Return the sections of a format, at least one; ``;`` in a text parts none."""
    found = [match[1] for match in _SECTION.finditer(number_format)]
    return found[:-1] if len(found) > 1 and not found[-1] else found or [""]


def tokens_of(section: str) -> list[Token]:
    """Return the tokens of a section, without colours and conditions."""
    system = _SYSTEM.search(section)
    if system:
        is_date = "800" in system.group().upper() or "DATE" in system.group().upper()
        return [Token("long" if is_date else "clock", "")]
    found: list[Token] = []
    for match in _TOKEN.finditer(section):
        found += _token(match, found)
    return found


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
