"""Makes one title of those that a file has, and a readable one of its name."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence

from documents.structure import MAX_HEADING, Block, bare, is_near

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
