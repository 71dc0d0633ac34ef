"""Finds the quote of a permanent link in the text of today, or says that it is gone.

See ``qa.addresses`` for what a link holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from documents.types import Document, Span
from qa.addresses import DIGITS, digest, inked

_LONGEST: Final = 20_000
"""No passage is longer; longer quotes are not looked for."""
_MOST_TRIED: Final = 1_000
"""How many places with the same first words are looked at."""
_RANGE: Final = re.compile(r"(\d{1,12})-(\d{1,12})", re.ASCII)
_QUOTE: Final = re.compile(r"(\d{1,5})\.([0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link to a document asks for, as it is written in the address.

    Attributes:
        c: the range, ``START-END``, in code points of the text; empty for the whole document.
        v: the first digits of the SHA-256 of the text; empty for the text of today.
        q: ``LENGTH.DIGITS`` of the quote without white space.
        t: the quote's first words.
    """

    c: str = ""
    v: str = ""
    q: str = ""
    t: str = ""


class Found(NamedTuple):
    """Where the quote of a link stands today.

    Attributes:
        state: ``whole`` if no quote was asked for; ``here`` if the text is that of the link;
            ``moved`` if it is another one that has the quote; ``changed`` if it only has its first
            words; ``gone`` if it has not even these; ``missing`` if it has no such range.
        span: of the quote in the text of today; None if it has none.
    """

    state: Literal["whole", "here", "moved", "changed", "gone", "missing"]
    span: Span | None = None


def find(document: Document, link: Link) -> Found:
    """Return where the quote of a link stands in a document; never where other words stand."""
    if not link.c:
        return Found("whole")
    if _is_of(document, link.v):
        asked = _range(link.c, document)
        return Found("here", asked) if asked else Found("missing")
    before = _start(link.c)
    again = min(_places(document.text, link), key=lambda s: abs(s.start - before), default=None)
    if again is not None:
        return Found("moved", again)
    opening = inked(link.t)
    return Found("changed" if opening and opening in inked(document.text) else "gone")


def _is_of(document: Document, version: str) -> bool:
    return not version or (len(version) >= DIGITS and document.sha256.startswith(version))


def _range(written: str, document: Document) -> Span | None:
    found = _RANGE.fullmatch(written)
    if found is None:
        return None
    span = Span(int(found[1]), int(found[2]))
    return span if span.start < span.end <= len(document.text) else None


def _start(written: str) -> int:
    found = _RANGE.fullmatch(written)
    return int(found[1]) if found else 0


def _places(text: str, link: Link) -> Iterator[Span]:
    """Yield the ranges of a text that are the quote, but for white space."""
    wanted, opening = _QUOTE.fullmatch(link.q), inked(link.t)
    if wanted is None or not opening or not len(opening) <= int(wanted[1]) <= _LONGEST:
        return
    length, ink = int(wanted[1]), inked(text)
    slices = ((start, ink[start : start + length]) for start in _starts(ink, opening))
    starts = [s for s, cut in slices if len(cut) == length and digest(cut) == wanted[2]]
    at = [i for i, character in enumerate(text) if not character.isspace()] if starts else []
    for start in starts:
        yield Span(at[start], at[start + length - 1] + 1)


def _starts(ink: str, opening: str) -> Iterator[int]:
    start = ink.find(opening)
    for _ in range(_MOST_TRIED):
        if start < 0:
            return
        yield start
        start = ink.find(opening, start + 1)
