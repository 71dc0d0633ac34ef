"""Questions that the documents answer become ones that they do not: another name or attribute."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

_NUMBER: Final = re.compile(r"\d+")
_NAME: Final = re.compile(r"(?<=[\w,] |.['’])[A-ZÉÈÀÎÔ][\w-]{3,}")
_TURNS: Final = (
    "avant|après", "before|after", "premier|dernier", "première|dernière", "first|last",
    "plus grand|plus petit", "plus grande|plus petite", "largest|smallest", "oldest|youngest",
    "le plus|le moins", "most|least", "né|mort", "née|morte", "naît|meurt", "born|buried",
    "père|grand-père", "mère|grand-mère", "father|grandfather", "mother|grandmother",
    "femme|sœur", "wife|sister", "fils|neveu", "son|nephew", "début|fin", "start|end",
    "président|vice-président", "president|vice-president", "directeur|trésorier",
    "director|treasurer", "fondé|fermé", "founded|closed", "construit|démoli", "built|demolished",
    "prix|poids", "price|weight", "coûte|pèse", "cost|weigh", "ouvre|rouvre", "salaire|âge",
    "population|altitude", "hauteur|profondeur", "height|depth", "gagné|perdu", "won|lost",
    "nord|sud", "est|ouest", "north|south", "east|west", "capitale|monnaie", "capital|currency",
    "auteur|traducteur", "author|translator",
)  # fmt: skip
_OTHER: Final = dict(
    pair for turn in _TURNS for a, b in [turn.split("|")] for pair in ((a, b), (b, a))
    if pair[0] != "est"
)  # fmt: skip
_TURNED: Final = re.compile(rf"\b(?:{'|'.join(sorted(_OTHER, key=len, reverse=True))})\b")


def swapped(
    question: str, text: str, names: Sequence[str], generator: np.random.Generator
) -> list[str]:
    """Return the question with another number, another name, or an attribute turned round.

    Args:
        question: which the documents answer.
        text: all that the documents say: no number or name of it is put in.
        names: to choose from.
        generator: chooses.
    """
    swaps = (
        _replaced(question, _NUMBER.search(question), lambda old: _number(old, text, generator)),
        _replaced(question, _last(_NAME, question), lambda _: _name(text, names, generator)),
        _replaced(question, _last(_TURNED, question), lambda old: _OTHER[old]),
    )
    return [swap for swap in swaps if swap]


def names_in(questions: Sequence[str]) -> list[str]:
    """Return the names in questions, sorted, each once."""
    return sorted({name for question in questions for name in _NAME.findall(question)})


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _replaced(question: str, found: re.Match[str] | None, other: Callable[[str], str]) -> str:
    if found is None:
        return ""
    return question[: found.start()] + other(found.group()) + question[found.end() :]


def _number(old: str, text: str, generator: np.random.Generator) -> str:
    held, size = set(_NUMBER.findall(text)), max(2, len(old))
    while True:
        new = str(generator.integers(10 ** (size - 1), 10**size))
        if size == 4 and old[:2] in ("18", "19", "20"):
            new = str(generator.integers(1850, 2030))
        if new not in held:
            return new


def _name(text: str, names: Sequence[str], generator: np.random.Generator) -> str:
    free = [name for name in names if name not in text]
    return str(generator.choice(free)) if free else "Zylbersztajn"
