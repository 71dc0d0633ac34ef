"""The words that a question is about, and which of them have no counterpart in a passage."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from documents.types import Passage
from index.encoder.protocol import Floats
from index.lexical.analysis import PREFIX, fold, is_stop_word, stem, words
from index.search.ranking import Query
from qa.answer.evidence.offered import IN_TIME
from qa.language.function_words import words as listed

CLOSE: Final = 0.65
"""From this cosine on, a word of a candidate may be a form of a name."""
_SAID: Final = re.compile(r"\w+")
_ASKING: Final = listed("""
    temps jour jours semaine semaines mois an ans annee annees heure heures minute minutes fois
    frequence coute coutent couter paie paient paye payer doit doivent dois devez peut peuvent peux
    pouvez puis faut must may might could would time times day days week weeks month months year
    years hour hours minutes long often much many cost costs pay pays dit dire disent prevoit
    prevoient contient contiennent signifie signifient traite veut say says said state states mean
    means contain contains
""")
"""Words that questions ask with: the kind of answer is their counterpart (``offered``)."""


@dataclass(frozen=True, slots=True)
class Counterparts:
    """The words of a question that say what it is about: no stop words, none that it asks with.

    Attributes:
        cosines: the mean of each word's tokens' best cosines in each candidate, ``(w, p) float32``.
        name: whether a word is a name, by its capital, ``(w,) bool``.
        found: whether it stands in the first passage or its context, ``(w,) bool``.
    """

    cosines: Floats
    name: NDArray[np.bool_]
    found: NDArray[np.bool_]

    @classmethod
    def of(cls, query: Query, tokens: Floats, passage: Passage, held: Collection[str]) -> Self:
        """Look for the words of a question.

        Args:
            query: the question.
            tokens: the best cosine of each of its own tokens in each candidate, ``(q, p) float32``.
            passage: the first candidate.
            held: the words of the passage and of its context.
        """
        said = [word for word in _SAID.finditer(query.text) if _matters(word.group())]
        begins, ends = np.array([w.span() for w in said], dtype=np.int32).reshape(-1, 2).T
        offsets = query.tokens.offsets[query.tokens.own]
        # One row a word, one column a token: True where the token is a part of the word.
        parts = (offsets[:, 0] < ends[:, None]) & (offsets[:, 1] > begins[:, None])
        counts = parts.sum(axis=1)
        seen = counts > 0
        found = _found([w.group() for w in said], query.language, passage.language, held)
        return cls(
            (parts[seen] @ tokens) / counts[seen, None],
            np.array(list(map(_is_name, said)), dtype=np.bool_)[seen],
            found[seen],
        )

    @property
    def left(self) -> NDArray[np.bool_]:
        """Which words are neither names nor found."""
        return ~(self.name | self.found)

    def gap(self) -> float:
        """Return how far the leftover words are from any, 0-1, over all that are no names."""
        distances = 1 - self.cosines[self.left, 0]
        return float(distances.sum() / max(1, int((~self.name).sum())))

    def absent(self) -> float:
        """Return how far names that do not stand here are from any word of any candidate, 0-1."""
        nearest = self.cosines[self.name & ~self.found].max(axis=1)
        return float(np.maximum(0, CLOSE - nearest).sum() / max(1, int(self.name.sum())))

    def peak(self, rivals: int) -> float:
        """Return how much nearer the leftover words are here than in the next passages."""
        first, rest = self.cosines[self.left, 0], self.cosines[self.left, 1 : rivals + 1]
        if not rest.size:
            return 0.0
        return float((first - rest.mean(axis=1)).mean())


def _found(
    said: Sequence[str], language: str, other: str, held: Collection[str]
) -> NDArray[np.bool_]:
    asked = [_form(word) for word in said]
    if language == other:
        stems = {stem(word, language) for word in held}
        return np.array([w in held or stem(w, language) in stems for w in asked], dtype=np.bool_)
    firsts = {word[:PREFIX] for word in held if len(word) >= PREFIX and word.isalpha()}
    return np.array(
        [w in held or (len(w) >= PREFIX and w[:PREFIX] in firsts) for w in asked], dtype=np.bool_
    )


@lru_cache(maxsize=65536)
def _form(word: str) -> str:
    return (words(word) or [""])[0]


@lru_cache(maxsize=65536)
def _matters(word: str) -> bool:
    return not is_stop_word(word) and fold(word) not in _ASKING


def _is_name(word: re.Match[str]) -> bool:
    return word.start() > 0 and word.group()[0].isupper() and fold(word.group()) not in IN_TIME
