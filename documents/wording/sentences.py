"""Finds sentences: ICU's boundaries, corrected for French and English usage.

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
        r"Drs?|Dre|Prs?|Pre|Prof|MM?|Mmes?|Mlles?|Mgr|Ste?|Mr|av|apr?|boul|rte|N\.\s?B|P\.-?\s?S"
        r"|p\.\s?ex|c\.-(?:à|a\u0300?)-d|[Cc]f|et al|vs|c|[Cc]h|(?:[Éé]|[Ee]\u0301?)d"
    ),
    "en": (
        r"Drs?|Prof|Mr|Mrs|Ms|Messrs|Gen|Lt|Col|Capt|Sgt|Sen|Rep|Gov|Rev|Hon"
        r"|[Ee]\.\s?g|[Ii]\.\s?e|a\.k\.a|viz|[Cc]f|et al|vs?"
    ),
}
"""Abbreviations that never end a sentence: a name, an example or a year follows them."""
_MORE_IF_NUMBERED = {
    "fr": (
        r"[Aa]rts?|[Pp]p?|[Vv]ol|[Nn]os?|[Nn]|[Ff]ig|[Cc]hap|[Ss]ect|[Aa]l|[Aa]nn|[Pp]ar|[Tt]ab"
        r"|[Tt]|(?:[Rr]é|[Rr]e\u0301)f|[Tt](?:é|e\u0301)l(?:(?:é|e\u0301)c)?|[Ee]nv|[Mm]ax|[Mm]in"
        r"|[Rr]eq|[Aa]pp|Cass|Bull|janv|(?:fé|fe\u0301)vr|avr|juill?|sept|oct|nov|(?:dé|de\u0301)c"
    ),
    "en": (
        r"[Aa]rts?|[Pp]p?|[Vv]ols?|[Nn]os?|[Ff]igs?|[Cc]hs?|[Ee]d|[Ss]ect?s?|[Pp]aras?|[Pp]ars?"
        r"|[Cc]ls?|[Ee]qs?|[Rr]efs?|[Rr]egs?|[Aa]pp|[Tt]el|[Ee]xt|[Aa]pprox|[Mm]ax|[Mm]in|[Cc]a?|pts?"
        r"|(?<![’'])ss?|(?<![’'])r|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    ),
}
"""Abbreviations that end no sentence if a number follows; otherwise they may be words."""
_NUMBERED = {
    # « L » alone may be an elided article, I alone the person who speaks.
    "fr": r"(?:[\d(+]|[A-Z]{1,2}\*?[.-]?\s?\d|[IVXLC]{1,7}(?![\w'’]))",
    "en": r"(?:[\d(+]|[A-Z]{1,2}-?\d|(?:[IVXLC]{2,7}|[B-HVX])(?![\w'’]))",
}
"""What a number looks like: ``5``, ``(418)``, ``L. 1234-5``, ``C-12``, ``IV``."""
_MORE_UNLESS_BEGUN = {
    "fr": r"Inc|Ltée|Cie",
    "en": r"Inc|Ltd|Corp|Co|Bros|St|Jr|Sr|Ph\.\s?D",
}
"""Abbreviations that end a sentence only before a word that often begins one."""
_BEGINNINGS = {
    "fr": (
        "Ils?|Elles?|On|Ce|Cet|Cette|Ces|Une?|Nous|Vous|Je|Mais|Dans|Pour|Si|Leurs?|Notre|Votre"
        "|Depuis|Après|Avant|Lorsque|Quand|Cependant|Toutefois|Ainsi|Selon|Chaque|Tous|Toutes"
    ),
    "en": (
        "The|It|He|She|They|We|You|This|That|These|Those|There|In|On|But|And|If|When|While|However"
        "|After|Before|For|From|Its|His|Her|Their|Our|My|As|An?|To|With|By|Since|Some|Many|Most"
        "|Each|All|Both|What|Who|Why|How|Where"
    ),
}
_ARTICLES = "Le|La|Les|Du|Des"
"""They begin sentences, and names: J. Le Goff. An age and a country are no names."""
_HOURS = (
    r"[ap]\.\s?m\.(?=\s+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February"
    r"|March|April|May|June|July|August|September|October|November|December|[ECMP]?[SD]?T|GMT|UTC"
    r"|Eastern|Central|Mountain|Pacific|Greenwich)\b"
    r"(?!\s+(?:is|are|was|were|will|would|has|had|can|could|may|must|shall|should)\b))"
)
"""Hours that the day, the month or the time zone goes on; a verb after it begins a sentence."""


def _no_stop(*languages: str) -> re.Pattern[str]:
    """Return a pattern for the dots that end no sentence in these languages."""
    always, numbered, number, unless, begun = (
        "|".join(words[language] for language in languages)
        for words in (
            _ALWAYS_MORE,
            _MORE_IF_NUMBERED,
            _NUMBERED,
            _MORE_UNLESS_BEGUN,
            _BEGINNINGS,
        )
    )
    capital = "[A-ZÀ-ÖØ-Þ]"
    ages = rf"(?:(?<=J\.-)C|(?<=[ÉE]\.-)U)\.\s+(?:{_ARTICLES})(?!\w)"
    begins = rf"\s+(?:{begun})(?!\w)"
    # Looking at the beginnings of words alone makes it twice as fast.
    return re.compile(
        rf"(?<!\w)(?=[^\W\d_])(?:(?:{always})\."
        rf"|(?:{numbered})\.(?=\s*(?:{number}))"
        rf"|(?:{unless})\.(?=\s+{capital})(?!{begins})"
        rf"|[Aa]rt(?:icles?|s?\.)\s+[LRDA]\*?\.(?=\s*\d)"
        rf"|[LRDA]\*?\.(?=\s*(?:\d{{1,4}}-\d|\d{{3,4}}\b))"
        rf"|(?:{capital}\.){{3,}}(?=\s*\d)"
        rf"|[CBP]\.\s?[PO]\.(?=\s*(?:\d|Box))"
        rf"|(?<!°)(?<!\d\s[AP]\.)(?!{ages}){capital}\.(?=[\s-]*{capital})(?!{begins})"
        rf"|{_HOURS})"
    )


_NO_STOP = {"fr": _no_stop("fr"), "en": _no_stop("en")}
_NO_STOP_AT_ALL = _no_stop("fr", "en")
_TO_ICU = {ord("\n"): " ", ord("\r"): " ", ord("\u2028"): " ", ord("\u2029"): " "}
_TO_ICU |= {ord("\x85"): " ", ord("…"): "."} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_ROMAN_MARK = re.compile(r"(?<=\[)[ivxl]{1,6}(?=\])")
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
    """Yield the ranges that no sentence crosses; together they are the whole text."""
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
    hidden = no_stop.sub(_hidden, block[start:]).translate(_TO_ICU)
    masked = block[:start] + _ROMAN_MARK.sub(_digits, hidden)
    begin = 0
    for end in _boundaries(masked[start:], start):
        moved = _settled(masked, end)
        if moved is not None and moved > begin:
            yield Span(begin, moved)
            begin = moved
    yield Span(begin, len(block))


def _hidden(found: re.Match[str]) -> str:
    return found.group().replace(".", ",")


def _digits(found: re.Match[str]) -> str:
    # ICU takes the mark of a note in lower case, « [ii] », for the rest of the sentence.
    return "1" * len(found.group())


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
