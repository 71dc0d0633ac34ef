"""Tells whether the text of a PDF page can be what the page shows, in whatever language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from documents.formats.pdf.encodings import UNREADABLE

_MIN_UNREADABLE = 3
_MAX_UNREADABLE_SHARE = 0.02
"""French loses a letter in twenty where its accents cannot be read."""
_MIN_CHARACTERS = 20
_MAX_SYMBOLS_SHARE = 0.5
_MIN_PAIRS = 150
_MIN_COMMON_SHARE = 0.33
"""The pairs make up at least 46 % of those of each of 31 languages in Latin letters, 79 % of those
of French, and 15 % of those of French under another alphabet, 25 % in nine cases of ten."""
_FOLLOWING = (
    "acilmnrstu be caehiot daeiu eacdelmnrstu fo ge haeio iacelnorst laeilo maeio "
    "nacdegiost oflmnru paeor qu raeiost seiost taehiors uenrst vei wa "
)
"""Each first letter with those that often follow it."""
_COMMON_PAIRS = frozenset(group[0] + second for group in _FOLLOWING.split() for second in group[1:])
"""The most frequent pairs of letters of French and English, accents left out."""
_LETTER = rf"[^\W\d_{UNREADABLE}]"
_WITHIN_WORD = re.compile(
    rf"(?<={_LETTER}){UNREADABLE}|{UNREADABLE}(?={_LETTER})|{UNREADABLE}{{2,}}"
)
_LATIN = re.compile("[a-z]+")
_UNNAMED = re.compile(f"[{UNREADABLE}\ue000-\uf8ff]")
_SIGN = re.compile(r"[^\w\s]")
_MARK = re.compile("[\u0300-\u036f]")
_NO_LETTERS = re.compile(r"[\W\d_]+")
"""What is not a letter."""
_SAMPLE = 2_000
"""The characters of a page whose pairs of letters are counted."""


def unreadable_letters(text: str) -> int:
    """Count the letters that no font names."""
    return len(_UNNAMED.findall(text))


def is_legible(texts: Sequence[str]) -> bool:
    """Tell whether the lines of a page can be text.

    They cannot if letters are missing within words, if most of the characters are signs, or if
    the letters follow each other as in no language. Numbers, programs, capitals and all scripts
    pass; so does what is too short to tell.
    """
    text = _UNNAMED.sub(UNREADABLE, "\n".join(texts))
    return not (_lacks_letters(text) or _is_of_signs(text) or _is_enciphered(text[:_SAMPLE]))


def _lacks_letters(text: str) -> bool:
    if UNREADABLE not in text:
        return False
    missing = sum(len(found) for found in _WITHIN_WORD.findall(text))
    letters = sum(c.isalnum() for c in text) + missing
    return missing >= _MIN_UNREADABLE and missing > _MAX_UNREADABLE_SHARE * letters


def _is_of_signs(text: str) -> bool:
    if len(_SIGN.findall(text)) <= _MAX_SYMBOLS_SHARE * (len(text) - text.count(" ")):
        return False
    # A row of dots, dashes or stars is a rule or an empty cell.
    words = "".join(word for word in text.split() if len(set(word)) > 1 or word.isalnum())
    once = re.sub(r"([^\w\s])\1+", r"\1", words)
    signs = sum(unicodedata.category(c)[0] in "PS" and c != UNREADABLE for c in once)
    return len(once) >= _MIN_CHARACTERS and signs > _MAX_SYMBOLS_SHARE * len(once)


def _is_enciphered(text: str) -> bool:
    bare = _MARK.sub("", unicodedata.normalize("NFD", text.casefold()))
    words = _LATIN.findall(bare)
    if sum(map(len, words)) < len(_NO_LETTERS.sub("", bare)) / 2:
        return False
    pairs = [word[at : at + 2] for word in words for at in range(len(word) - 1)]
    common = sum(map(_COMMON_PAIRS.__contains__, pairs))
    return len(pairs) >= _MIN_PAIRS and common < _MIN_COMMON_SHARE * len(pairs)
