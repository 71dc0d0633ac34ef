"""Recognises the numbered headings of laws, by-laws and contracts: ``Article L. 2001-3``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.lines import is_closed, item_marker
from documents.wording.numerals import ORDINALS, VALUES

MAX_LENGTH = 120
"""Code points of the longest heading, and of the longest line that anyone wraps by hand."""
_LETTERED = "|".join(sorted({*VALUES, *ORDINALS}, key=len, reverse=True)).replace("iem", "i[eè]m")
_IN_LETTERS = rf"(?i:(?:{_LETTERED})(?:[\s-](?:(?:et|and)[\s-])?(?:{_LETTERED}))*)\b"
_NUMBER = (
    r"(?:n[°o]\s?)?(?:(?:(?:L\.?\s?[OP]|[A-Z])\*?[.-]?\s?)?\d{1,4}(?:[.-]\d{1,4})*(?:\s?(?:bis|ter|quater|er|ER|re))?"
    rf"|premier|première|unique|{_IN_LETTERS}|[IVXLC]{{1,7}}|[A-Z])"
)
_ORDINAL = (
    r"(?:(?:PREMIÈRE|Première|SECONDE|Seconde|DEUXIÈME|Deuxième|TROISIÈME|Troisième|QUATRIÈME"
    r"|Quatrième|CINQUIÈME|Cinquième|FIRST|First|SECOND|Second|THIRD|Third)\s(?:partie|PARTIE"
    r"|part|PART))"
)


def _label(*names: str) -> str:
    written = "|".join(f"{name}|{name.upper()}" for name in names)
    return rf"(?:{written})\s{_NUMBER}"


_RANKS = (
    f"{_ORDINAL}|{_label('Partie', 'Part', 'Livre', 'Book', 'Annexe', 'Appendix', 'Schedule')}",
    _label("Titre", "Title"),
    _label("Chapitre", "Chapter", r"Chap\."),
    _label("Section", r"Sect?\."),
    _label("Sous-section", "Subsection"),
    _label("Paragraphe"),
    _label("Article", r"Art\.", "Clause", "Rule", "Regulation"),
    rf"§§?\s?{_NUMBER}",
)
_LABELS = tuple(
    re.compile(rf"(?:{label})(?=\s*(?:$|[.:(–—-])|\s+[A-ZÀ-ÖØ-Þ«])") for label in _RANKS
)
_LED = re.compile(rf"(?:{'|'.join(_RANKS)})\s*(?:[.:]\s*[–—-]?|[–—-])\s+(?=[A-ZÀ-ÖØ-Þ«“\"'\d])")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3})+\.?\s+(?=[A-ZÀ-ÖØ-Þ«])")
"""Numbers of two levels or more, before words: ``3.2 Délais``."""
_UNFINISHED = re.compile(
    r"(?:\b(?:[aà]|au|aux|de|des|du|le|la|les|un|une|et|ou|en|par|pour|sur|dans|avec|sans|selon|que"
    r"|qui|ce|cet|cette|son|sa|ses|est|sont|dit|the|an|of|and|or|in|on|to|for|by|with|from|as|at"
    r"|that|this|is|are|under|see|voir)|['’(«,;–—-])$",
    re.IGNORECASE,
)
"""How no heading ends: a word or a sign that asks for more."""
_LEADERS = re.compile(r"(?:\. ?){4}|…{2}")
"""Dots that lead to the page number in a table of contents."""
_CLAUSE = re.compile(r"\s*(\d{1,3})\.\s+(?=[A-ZÀ-ÖØ-ÞŒ«“\"(])")
_SENTENCE = re.compile(r"[.;:!]\s+[A-ZÀ-ÖØ-ÞŒ«“(a]")
_MIN_CLAUSES = 3
_MIN_CLAUSE = 80
"""Code points from which on a numbered paragraph of one sentence is more than an item of a list."""
RANKS = len(_RANKS)
"""How many depths of labels there are."""
_BARE = re.compile(rf"(?:{'|'.join(_RANKS)})\s*[.:]?")


def label_rank(words: str) -> int | None:
    """Return how deep a label at the start of a line stands, from 0 for a part, or None."""
    return next((rank for rank, label in enumerate(_LABELS) if label.match(words)), None)


def is_bare_label(words: str) -> bool:
    """Tell whether a line is nothing but a label, whatever full stop or colon ends it."""
    return _BARE.fullmatch(words) is not None


def label_end(words: str) -> int:
    """Return where the text starts that a label leads on its own line, or 0.

    ``Art. 2 - La cotisation est de 30 euros.`` has a full stop, a colon or a dash after the label,
    and then a capital.
    """
    found = _LED.match(words)
    return found.end() if found else 0


def is_label(words: str) -> bool:
    """Tell whether a line is a label, with or without a title: ``Article 3 - Board``."""
    return is_bare_label(words) or _is_titled(words)


def _is_titled(words: str) -> bool:
    """Tell whether a line is a label, or a number of several levels, and a title."""
    return bool(label_end(words) or _DOTTED.match(words)) and is_title(words)


def is_title(words: str) -> bool:
    """Tell whether words could be all of a heading: short, not closed, and not broken off."""
    is_open = words.endswith("?") or not is_closed(words)
    is_whole = not (_UNFINISHED.search(words) or _LEADERS.search(words))
    return len(words) <= MAX_LENGTH and is_open and is_whole


def heads_next(before: str, line: str, after: str) -> bool:
    """Tell whether a line is a labelled heading of what follows on the next line.

    Args:
        before: the line before, ``""`` if there is none or it is a heading.
        line: what may be a heading.
        after: the next line, ``""`` if it is blank.
    """
    words, following = line.strip(), after.strip()
    if before and not is_closed(before):
        return False
    broken_off = following[:1].islower() and not item_marker(after)
    if not (is_bare_label(words) or (_is_titled(words) and not broken_off)):
        return False
    return not _is_listed(words, following)


def _is_listed(label: str, after: str) -> bool:
    """Tell whether a label is followed by another that it does not hold: they are a list."""
    return is_label(after) and label_depth(after) <= label_depth(label)


def label_depth(words: str) -> tuple[int, int]:
    """Return how deep a label stands among others: its rank, and the points of its number."""
    rank = label_rank(words)
    return (RANKS, words.split()[0].count(".")) if rank is None else (rank, 0)


def clauses(paragraphs: Sequence[str]) -> list[int]:
    """Return which paragraphs are numbered clauses, those under numbers that carry the whole text.

    They are numbered from 1 on, at least three of them, most are more than a line of a list, no
    colon introduces them, and most of the text follows their numbers.

    Args:
        paragraphs: of a text, in order, with the white space before them.
    """
    run = _numbered(paragraphs)
    if len(run) < _MIN_CLAUSES or "".join(paragraphs[: run[0]]).rstrip().endswith(":"):
        return []
    if any("?" in paragraphs[at].splitlines()[0][-2:] for at in run):
        return []
    ends = [*run[1:], len(paragraphs)]
    bodies = [paragraphs[a + 1 : b] for a, b in zip(run, ends, strict=True)]
    long = sum(_is_paragraph(paragraphs[at], body) for at, body in zip(run, bodies, strict=True))
    covered = sum(map(len, paragraphs[run[0] :])) * 2 >= sum(map(len, paragraphs))
    return run if 2 * long >= len(run) and covered else []


def clause_number(words: str) -> str:
    """Return the number that leads a clause, with its full stop: ``3.``; ``""`` of none."""
    found = _CLAUSE.match(words)
    return f"{found[1]}." if found else ""


def _numbered(paragraphs: Sequence[str]) -> list[int]:
    """Return where 1, 2, 3 and so on lead paragraphs, as far to the right as the first of them.

    What is before the last 1 is a table of contents or a list.
    """
    leading = [(at, m) for at, words in enumerate(paragraphs) if (m := _CLAUSE.match(words))]
    indent = leading[0][1].start(1) if leading else 0
    found = [(at, int(m[1])) for at, m in leading if m.start(1) == indent]
    start = max((place for place, (_, number) in enumerate(found) if number == 1), default=0)
    in_order = all(number == place for place, (_, number) in enumerate(found[start:], start=1))
    return [at for at, _ in found[start:]] if in_order else []


def _is_paragraph(words: str, body: Sequence[str]) -> bool:
    """Tell whether a numbered paragraph is more than a line: long, of two sentences, or titled."""
    inner = _CLAUSE.sub("", words, count=1)
    closed = is_closed(words)
    several = closed and ("\n" in words.strip() or _SENTENCE.search(inner) is not None)
    return several or (closed and len(words.strip()) >= _MIN_CLAUSE) or (not closed and bool(body))
