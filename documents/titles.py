"""Makes one title of those that a file has, and a readable one of its name."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from documents.lines import is_closed
from documents.structure import MAX_HEADING, Block, bare, is_near
from documents.types import Span

_LEFT_OVER = re.compile(
    r"(?:microsoft (?:office )?(?:word|excel|powerpoint)|word|openoffice|libreoffice)\s+[-–]\s.*"
    r"|(?:sans[ _-]?(?:titre|nom)|untitled(?: document)?|document sans titre|nouveau document"
    r"|new document|pr[ée]sentation power ?point|power ?point presentation|untitled page"
    r"|page sans titre|nouvelle page|new page|titre du document|document title|page title"
    r"|\(?anonymous\)?|doc(?:ument)?\.docx?"
    r"|(?:mise en page|layout|classeur|book|feuille|sheet)\s?\d{1,3}"
    r"|(?:doc|document|presentation|présentation|titre|title|slide|diapositive)(?=\s?[(\d]))"
    r"[\s_-]*\(?\d{0,3}\)?(?:\.\w{2,5})?",
    re.IGNORECASE,
)
"""Titles that programs give by themselves."""
_MAX_LENGTH = 120
_SEPARATOR = re.compile(r"\s+(?:[|–—·•›»-]|::)\s+")
_ANY_SITE = re.compile(
    r"(?:page d['’])?(?:accueil|home(?: ?page)?|bienvenue|welcome|index|page|document|site"
    r"(?: web| internet)?(?: officiel)?|official (?:web)?site|web ?site)",
    re.IGNORECASE,
)
"""Names that pages of all sites have."""
_NAME_OF_FILE = re.compile(r"\S*_\S*|\S+\.[A-Za-z]\w{1,4}")
_INSTRUMENT = (
    r"(?:règlement|arrêté|décret|ordonnance|résolution|délibération|loi|directive|politique"
    r"|by-?law|regulation|order|resolution|ordinance|act|policy)"
)
_GOES_ON = (
    r"(?:concernant|relati(?:f|ve)s?|portant|sur|visant|fixant|établissant|modifiant|abrogeant"
    r"|décrétant|régissant|encadrant|autorisant|pour|to|being|respecting|concerning|regarding"
    r"|relating|governing|amending|establishing|a by-?law)"
)
_NUMBERED_TITLE = re.compile(
    rf"(?:(?:premier|first|second|deuxième) )?(?:projet de |draft )?{_INSTRUMENT}"
    r"(?: \w+){0,2}?(?: (?:numéro|n[o°º]\.?|number|nr\.?))? ?"
    rf"(?=[A-Z\d-]*\d)[A-Z\d][\w./-]* ?[,:–—-]? (?:(?:un |a )?{_INSTRUMENT} )?{_GOES_ON} \S.*",
    re.IGNORECASE,
)
"""The whole title of a by-law: its kind, its number, and what it is about."""
_MAX_ABOVE_TITLE = 3
"""Blocks of a letterhead, such as the name of the town, that may stand before a title."""
_MARKUP = re.compile(r"^\s*#{1,6}\s|\s#+\s*$|[*_]{2,}|\n\s*(?:=+|-+|#{1,6})(?=\s|$)", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3
_OUTERMOST = 1
_BETWEEN = re.compile(r"(?<=[^\W_])-(?=[^\W\d_])|(?<=[^\W\d_])-(?=[^\W_])")


def is_left_over(title: str) -> bool:
    """Tell whether a program gave the title: ``Microsoft Word - x.doc``, ``Document1``."""
    words = unicodedata.normalize("NFC", " ".join(title[:_MAX_LENGTH].split()))
    return _LEFT_OVER.fullmatch(words) is not None


def joined_title(titles: Iterable[str | None]) -> str | None:
    """Return the first title, with what each of the others says beside it, at most 250 code points.

    ``Services`` and ``Services | Ville de Rimouski | Accueil`` make ``Services – Ville de
    Rimouski``; a title that says the first and more stands for it. None if there is no title.
    """
    known = [title for title in titles if title]
    if not known:
        return None
    parts = known[:1]
    for part in (part for title in known[1:] for part in _SEPARATOR.split(title)):
        if bare(parts[0]) in bare(part):
            parts[0] = max(parts[0], part, key=lambda said: len(bare(said)))
        elif _says_more(part, parts):
            parts.append(part)
    return shortened(" – ".join(parts))


def _says_more(part: str, parts: Sequence[str]) -> bool:
    if _ANY_SITE.fullmatch(part) or _NAME_OF_FILE.fullmatch(part) or is_left_over(part):
        return False
    if len(bare(part)) < _SHORTEST:
        return False
    if bare(part) in bare(" ".join(parts)) or any(is_near(part, said) for said in parts):
        return False
    return not _words(part) <= _words(" ".join(parts))


def _words(title: str) -> set[str]:
    return {bare(word) for word in _WORD.findall(title)}


def shortened(title: str) -> str:
    """Return a title that can be shown: cut between words, if it is longer than 250 code points."""
    if len(title) <= MAX_HEADING:
        return title
    kept = title[: MAX_HEADING - 1]
    return f"{kept.rpartition(' ')[0].rstrip(' –|:,') or kept}…"


def with_whole_title(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks; a title that goes on in the next line or block is one heading.

    ``RÈGLEMENT NUMÉRO 2023-14`` and ``concernant la gestion des matières résiduelles`` below it are
    the title of a by-law, whatever the format makes of the two. The lines of a letterhead before it
    are under no heading.

    Args:
        text: what the blocks are ranges of.
        blocks: in order.
    """
    found = list(blocks)
    for at in range(min(_MAX_ABOVE_TITLE, len(found) - 1)):
        count = whole_title(text, [block.span for block in found[at : at + 2]])
        if count and at + count < len(found) and not found[at].question:
            span = Span(found[at].span.start, found[at + count - 1].span.end)
            above = [replace(block, heading=None, level=0) for block in found[:at]]
            return [*above, Block(span, 0, _title_words(text, span)), *found[at + count :]]
        if found[at].span.end - found[at].span.start > _MAX_LENGTH:
            break
    return found


def whole_title(text: str, spans: Sequence[Span]) -> int:
    """Return how many of the first blocks of a text, 1 or 2, are the title of a by-law, or 0."""
    for count in range(1, min(2, len(spans)) + 1):
        words = _title_words(text, Span(spans[0].start, spans[count - 1].end))
        if is_closed(text[slice(*spans[0])]):
            return 0
        if _NUMBERED_TITLE.fullmatch(words[: MAX_HEADING + 1]) and not is_closed(words):
            return count if len(words) <= MAX_HEADING else 0
    return 0


def _title_words(text: str, span: Span) -> str:
    return unicodedata.normalize("NFC", " ".join(_MARKUP.sub(" ", text[slice(*span)]).split()))


def first_heading(blocks: Sequence[Block]) -> str | None:
    """Return the first of the outermost headings, or None if the outermost level has none."""
    found = (b.heading for b in blocks if b.level <= _OUTERMOST and b.heading and not b.question)
    return next(found, None)


def readable_name(name: str) -> str:
    """Return a file's name as a title: composed, undecodable bytes replaced, words apart.

    Underscores become spaces, and so do hyphens, unless between two digits (``2024-03-12``) or
    in a name that has spaces of its own (``Jean-Pierre Roy``).
    """
    known = unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))
    if any(c.isspace() for c in known):
        return known
    return _BETWEEN.sub(" ", known.replace("_", " ")).strip() or known
