"""Where sentences stand: ICU's boundaries, corrected for French and English usage.

ICU follows UAX #29, which leaves three things to correct:

1. before ICU: the dots of abbreviations and initials are hidden from it, so are line breaks
   within a paragraph, and ``…`` is shown to it as the full stop it may be;
2. after ICU: closing guillemets and brackets (``« Oui. »``) go with the sentence they close;
3. after ICU: a sentence does not start in lower case (``« Quoi ? » dit-il.``).

ICU knows abbreviations too (``ss=standard``, from CLDR), but compares only the ends of words:
``aux.`` would hold together what ``nouveaux.`` ends, so it is not asked to.

Every step keeps the length of the text, so offsets keep their meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from icu4py.breakers import SentenceBreaker

from documents.lines import item_marker, lines, stripped
from documents.types import Span

_ALWAYS_MORE = {
    "fr": (
        r"Drs?|Dre|Prs?|Pre|Prof|MM?|Mmes?|Mlles?|Mgr|Ste?|Mr|av|apr?|env"
        r"|p\.\s?ex|c\.-(?:à|a\u0300?)-d|[Cc]f|et al|vs"
    ),
    "en": (
        r"Drs?|Prof|Mr|Mrs|Ms|Messrs|St|Gen|Lt|Col|Capt|Sgt|Sen|Rep|Gov|Rev|Hon"
        r"|e\.\s?g|i\.\s?e|viz|[Cc]f|et al|vs"
    ),
}
"""Something always follows these: a name, an example, an event."""
_MORE_IF_NUMBERED = {
    "fr": (
        r"[Aa]rt|[Pp]p?|[Vv]ol|[Nn]os?|[Nn]|[Ff]ig|[Cc]hap|[Cc]h|(?:[Éé]|[Ee]\u0301?)d|[Ss]ect"
        r"|[Aa]l|[Aa]nn|[Pp]ar|[Tt]ab|[Tt]|(?:[Rr]é|[Rr]e\u0301)f"
        r"|janv|(?:fé|fe\u0301)vr|avr|juill?|sept|oct|nov|(?:dé|de\u0301)c"
    ),
    "en": (
        r"[Aa]rt|[Pp]p?|[Vv]ol|[Nn]os?|[Ff]igs?|[Cc]h|[Ee]d|[Ss]ect?|[Pp]ar|[Ee]q|[Rr]ef"
        r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    ),
}
"""These may also be words that end a sentence; a number after them tells."""


def _no_stop(*languages: str) -> re.Pattern[str]:
    """Return what finds the dots that end no sentence in these languages."""
    always = "|".join(_ALWAYS_MORE[language] for language in languages)
    numbered = "|".join(_MORE_IF_NUMBERED[language] for language in languages)
    return re.compile(
        rf"(?<!\w)(?:{always})\."
        rf"|(?<!\w)(?:{numbered})\.(?=\s*(?:\d|[IVXLC]{{2}}))"
        r"|(?<![\w°])[A-ZÀ-ÖØ-Þ]\.(?=[\s-]*[A-ZÀ-ÖØ-Þ])"
    )


_NO_STOP = {"fr": _no_stop("fr"), "en": _no_stop("en")}
_NO_STOP_AT_ALL = _no_stop("fr", "en")
_TO_ICU = {ord("\n"): " ", ord("\r"): " ", ord("\u2028"): " ", ord("\u2029"): " "}
_TO_ICU |= {ord("\x85"): " ", ord("…"): "."} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_CLOSERS = re.compile(r"(?:\[\d{1,4}\]|\s?[»›)\]}])+\.?\s*")
_OPENERS = "([{«‹"


def sentences(text: str, language: str) -> list[Span]:
    """Return the sentences in order, without the white space around them.

    Every character that is no white space is in exactly one. Blank lines, items of lists and
    rows of tables end a sentence; other line breaks do not.

    Args:
        text: one or more paragraphs.
        language: ``fr`` or ``en``, whose abbreviations are known; of any other, those of both.
    """
    no_stop = _NO_STOP.get(language, _NO_STOP_AT_ALL)
    found = (
        stripped(text, block.start + start, block.start + end)
        for block in _blocks(text)
        for start, end in _cut(text[slice(*block)], no_stop)
    )
    return [span for span in found if span.start < span.end]


def _blocks(text: str) -> Iterator[Span]:
    """Yield stretches that no sentence crosses; together they are the whole text."""
    start, previous, in_item = 0, "", False
    for row in lines(text):
        line = text[slice(*row)]
        marker = item_marker(line, previous)
        if marker or not line.strip() or line.lstrip().startswith("|"):
            yield Span(start, row.start)
            start = row.start
        in_item = bool(marker) or (in_item and bool(line.strip()))
        previous = "" if in_item else line
    yield Span(start, len(text))


def _cut(block: str, no_stop: re.Pattern[str]) -> Iterator[Span]:
    start = len(item_marker(block))
    masked = block[:start] + no_stop.sub(_hidden, block[start:]).translate(_TO_ICU)
    begin = 0
    for end in _boundaries(masked[start:], start):
        moved = _settled(masked, end)
        if moved is not None and moved > begin:
            yield Span(begin, moved)
            begin = moved
    yield Span(begin, len(block))


def _hidden(found: re.Match[str]) -> str:
    return found.group().replace(".", ",")


def _boundaries(masked: str, start: int) -> Iterator[int]:
    # The segments' own ranges count UTF-16 units; their lengths as strings count code points.
    for segment in SentenceBreaker(masked, "und"):
        start += len(segment)
        yield start


def _settled(masked: str, at: int) -> int | None:
    """Return where the boundary belongs, or None if no sentence ends there."""
    # ICU takes the bracket of "end.[1] Next" for a closing one.
    at -= masked[at - 1] in _OPENERS
    closers = _CLOSERS.match(masked, at)
    at = closers.end() if closers else at
    following = masked[at : at + 1]
    return None if following.islower() or following in {",", ";", ":"} else at
