"""Texts become terms for the lexical signal, so that spelling habits do not matter.

``L’équipe`` and ``l'equipe`` give the same term, so do ``1 500`` and ``1500``,
``chercheur·euse·s`` and ``chercheurs``, ``œuvre`` and ``oeuvre``, precomposed and decomposed
accents. Accents go before stemming: a question typed without them must find what has them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import Stemmer

from index.text import for_encoder

_STEMMERS = {"fr": "french", "en": "english"}
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
# Groups of three digits, separated by a space of any kind, a point or a comma.
_GROUPED_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:[ .,]\d{3})+(?![\d])")
# Inclusive writing: the stem before the first middle dot, or before (e)s and the like.
_INCLUSIVE = re.compile(r"(?<=\w)[·•‧∙]\w+(?:[·•‧∙]\w+)*|(?<=\w)\((?:e|ne|trice|euse|rice)s?\)s?")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)'(?=\w)")
_POSSESSIVE = re.compile(r"'s?\b")
_TERM = re.compile(r"\w+")


def analyse(text: str, language: str) -> list[str]:
    """Return the terms of a text, in order, with repetitions.

    Args:
        text: anything.
        language: ``fr`` or ``en`` decides the stemming; of any other, words stay whole.
    """
    return [_stem(word, language) for word in words(text)]


def words(text: str) -> list[str]:
    """Return the words of a text: lower case, unaccented, elisions and possessives taken off."""
    plain = for_encoder(fold(text))
    plain = _GROUPED_NUMBER.sub(lambda found: re.sub(r"\D", "", found.group()), plain)
    plain = _INCLUSIVE.sub("", plain)
    plain = _POSSESSIVE.sub(" ", _ELISION.sub("", plain))
    return _TERM.findall(plain)


def fold(text: str) -> str:
    """Return the text in lower case without accents or ligatures."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def _stem(word: str, language: str) -> str:
    name = _STEMMERS.get(language)
    return str(_stemmer(name).stemWord(word)) if name else word


@cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)
