"""Words that turn what is asked round: « avant », "except", "last"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from qa.language.function_words import words as listed

_ALIKE: Final = tuple(
    map(
        listed,
        (
            "avant before until",
            "apres after",
            "precedent precedente previous former ancien ancienne anciens anciennement formerly",
            "prochain prochaine next suivant suivante following",
            "sauf except hormis",
            "sans without",
            "premier premiere first",
            "dernier derniere last",
            "least",
        ),
    )
)
"""Words that turn a question alike, in either language: any of them is a counterpart."""
_TURNS: Final = {word: alike for alike in _ALIKE for word in alike}
_PERIODS: Final = listed("""
    an annee mois semaine nuit fois hiver printemps ete automne siecle
    year month week night time winter spring summer fall autumn century weekend
    lundi mardi mercredi jeudi vendredi samedi dimanche
    monday tuesday wednesday thursday friday saturday sunday
""")
_PERIODICAL: Final = listed("dernier derniere last prochain prochaine next")
_PHRASES: Final = listed("look looks looked looking name named take takes took")
"""After these, "after" asks nothing of time: "looks after"."""


def turned(question: Sequence[str], held: Collection[str]) -> bool:
    """Tell whether a word turns the question round and has no counterpart: « avant », "except".

    « l'an dernier » and "looks after" turn nothing round.

    Args:
        question: its words, in order, as they are searched.
        held: the words of the passage and of its context.
    """
    known = {alike for word in held if (alike := _TURNS.get(word))}
    asked = (
        _TURNS[word]
        for before, word, after in zip(["", *question], question, [*question[1:], ""], strict=False)
        if word in _TURNS and not _means_nothing(before, word, after)
    )
    return any(alike not in known for alike in asked)


def _means_nothing(before: str, word: str, after: str) -> bool:
    if word in _PERIODICAL:
        return before in _PERIODS or after in _PERIODS
    return word == "after" and before in _PHRASES
