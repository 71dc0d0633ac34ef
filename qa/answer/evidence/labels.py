"""Numbers, codes, years and labels in a question: « article L. 2001-3 », « annexe B », 1998.

A number with a label matches only as both: « article 14 » is not « 14, rue des Tilleuls ».
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Final

from documents.dates import days
from documents.wording.numerals import cardinals, numerals
from qa.language.function_words import words as listed

_KNOWN: Final = re.compile(
    r"([a-z]|.*\d.*)(?:article|annex|chapter|section|part|title|book|volume|lot|figure|table|room"
    r"|page|step|rule|clause|alinea|paragraph)"
)
"""A word that ``index.lexical.analysis`` makes of a label and its number: the number leads."""
_OTHERS: Final = listed("""
    batiment building zone plan schedule appartement flat porte gate bus ligne line tram tramway
    route poste extension version code canal channel niveau level classe class type serie series
    groupe group equipe team quai platform escalier unit module episode saison season numero number
""")
"""Labels that stand as often without a number, or whose number stands as often without them."""
_LEADING: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\.?(?=\s|$)", re.ASCII)
_PARTS_OF_LAWS: Final = ("article", "section", "clause", "rule", "paragraph")
_NAMED: Final = re.compile(r"[b-z]|[ivxlc]{2,6}")


def identifiers(words: Sequence[str]) -> frozenset[str]:
    """Return what names one thing among many of its kind.

    Args:
        words: of a question or a text, as ``index.lexical.analysis.words`` gives them.

    Returns:
        Numbers and codes as they are, those with a label only together with it.
    """
    pairs = {_pair(a, b) for a, b in pairwise(words) if _labels(a, b)}
    known = {word: found[1] for word in words if (found := _KNOWN.fullmatch(word))}
    coded = {word for word in words if word[0].isdigit() or any(map(str.isdigit, word))}
    parts = {part for code in known.values() for part in _parts(code)}
    parts |= {part for code in coded for part in _parts(code) if part != code}
    return frozenset(coded - parts | known.keys() | pairs)


def missing(asked: Collection[str], words: Sequence[str]) -> float:
    """Return the share, in 0-1, of a question's identifiers that a passage and its context lack.

    Args:
        asked: the identifiers.
        words: of the passage and its context.
    """
    if not asked:
        return 0.0
    held = set(words) | {_pair(a, b) for a, b in pairwise(words) if a in _OTHERS}
    held.update(map(str, cardinals(words)))
    for stated in days(" ".join(words), "any"):
        held |= {stated, stated[-2:].lstrip("0")}
    return sum(not _held(name, held) for name in asked) / len(asked)


def numbered(headings: Iterable[str]) -> list[str]:
    """Return the labels that numbers alone stand for: « 3. Amendes » is article 3 of its by-law.

    Args:
        headings: above a passage, the title left out.

    Returns:
        Words as ``index.lexical.analysis.words`` makes them of such labels: ``3article``.
    """
    numbers = (found[1] for heading in headings if (found := _LEADING.match(heading)))
    return [f"{number}{name}" for number in numbers for name in _PARTS_OF_LAWS]


def same_numbers(question: Sequence[str], held: Sequence[str]) -> set[str]:
    """Return the words of a question's numbers that stand there in letters or in digits.

    Args:
        question: its words, as ``index.lexical.analysis.words`` gives them.
        held: the words of the passage and its context.
    """
    given = {word for word in held if word.isdigit()} | set(map(str, cardinals(held)))
    spelled = (n for n in numerals(question) if str(n.value) in given)
    said = {word for number in spelled for word in question[number.start : number.end]}
    return said | given.intersection(question)


def _held(name: str, held: Collection[str]) -> bool:
    if name in held or any(stated in held for stated in days(name, "any")):
        return True
    found = _KNOWN.fullmatch(name)
    # A code of several numbers names its article without the word.
    return found is not None and any(
        not part.isdigit() and part in held for part in _parts(found[1])
    )


def _labels(label: str, name: str) -> bool:
    return label in _OTHERS and _NAMED.fullmatch(name) is not None


def _pair(label: str, name: str) -> str:
    return f"{label} {name}"


def _parts(code: str) -> list[str]:
    """Return the numbers of a code, and the code of numbers alone: 2001, 3, 2001-3 of l2001-3."""
    numbers = re.findall(r"\d+", code)
    bare = code.lstrip("abcdefghijklmnopqrstuvwxyz")
    return [*numbers, bare]
