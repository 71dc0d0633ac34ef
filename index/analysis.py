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

from index.stop_words import ENGLISH, FRENCH
from index.text import for_encoder

PREFIX = 4
"""How many letters French and English words must share to be taken for the same."""
SHORTEST = 3
"""The shortest word that is compared across languages."""

_QUESTION_WORDS = {
    "fr": frozenset(
        [
            "quel",
            "quelle",
            "quels",
            "quelles",
            "quoi",
            "comment",
            "pourquoi",
            "combien",
            "quand",
            "dont",
        ]
    ),
    "en": frozenset(
        [
            "what",
            "which",
            "who",
            "whom",
            "whose",
            "when",
            "where",
            "why",
            "how",
            "do",
            "does",
            "did",
        ]
    ),
}
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
    """Return the terms of a text, in order, with repetitions; stop words are left out.

    Args:
        text: anything.
        language: ``fr`` or ``en`` decides stop words and stemming; of any other, words stay whole.
    """
    stop = _stop_words(language)
    return [_stem(word, language) for word in words(text) if word not in stop]


def prefixes(text: str) -> list[str]:
    """Return the first letters of a text's words, the stop words of both languages left out."""
    stop = _stop_words("fr") | _stop_words("en")
    kept = (word for word in words(text) if word not in stop and len(word) >= SHORTEST)
    return [word if word.isdigit() else word[:PREFIX] for word in kept]


def words(text: str) -> list[str]:
    """Return the words of a text: lower case, unaccented, elisions and possessives taken off."""
    plain = for_encoder(fold(text))
    plain = _GROUPED_NUMBER.sub(lambda found: re.sub(r"\D", "", found.group()), plain)
    plain = _INCLUSIVE.sub("", plain)
    plain = _POSSESSIVE.sub(" ", _ELISION.sub("", plain))
    return _TERM.findall(plain)


def fold(text: str) -> str:
    """Return the text in lower case without accents or ligatures."""
    # In this order: some signs, such as ℠, decompose to capitals.
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    return "".join(c for c in plain if not unicodedata.combining(c))


def is_stop_word(word: str) -> bool:
    """Tell whether a word says nothing of what a text is about, in French or in English."""
    return set(words(word)) <= _stop_words("fr") | _stop_words("en")


@cache
def _stop_words(language: str) -> frozenset[str]:
    """Return the words, folded, that say nothing of what a text is about.

    Snowball's lists, and the words that make a sentence a question: answers do not repeat them.
    """
    listed = {"fr": FRENCH, "en": ENGLISH}.get(language, frozenset())
    return frozenset(fold(word) for word in listed) | _QUESTION_WORDS.get(language, frozenset())


@lru_cache(maxsize=65536)
def _stem(word: str, language: str) -> str:
    name = _STEMMERS.get(language)
    return str(_stemmer(name).stemWord(word)) if name else word


@cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)
