"""Passages of the same text are one result: the first of the ranking, and its other places.

Reading a passage may take reading its document, so few are read: those that are shown, and those
whose best sentence stands where it does in one that is shown, as it does in a copy.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from documents.types import Passage
from index.search.ranking import Ranking
from index.search.searchable import Searchable
from index.text import for_encoder

_DIGITS: Final = 6
"""Scores that are equal to so many decimals are: two copies may differ by rounding."""


class Found(NamedTuple):
    """A passage that no other result repeats.

    Attributes:
        at: its place in the ranking, from 0.
        passage: of those with this text the best, of several the first of the index.
        copies: the others, in the order of the ranking.
    """

    at: int
    passage: Passage
    copies: tuple[Passage, ...]


class _Place(NamedTuple):
    distance: float
    row: int
    at: int
    passage: Passage
    words: str


def distinct(generation: Searchable, ranking: Ranking, count: int) -> list[Found]:
    """Return the first passages of different texts, each with its copies among the candidates.

    Args:
        generation: where the passages are read.
        ranking: the candidates.
        count: how many texts to return at most.
    """
    groups: list[list[_Place]] = []
    shown: set[int] = set()
    for at, span in enumerate(_spans(ranking)):
        if len(groups) == count and span not in shown:
            continue
        place = _place(generation, ranking, at)
        copies = next((group for group in groups if _same_text(group[0], place)), None)
        if copies is not None:
            copies.append(place)
        elif len(groups) < count:
            groups.append([place])
            shown.add(span)
    return [_found(group) for group in groups]


def _place(generation: Searchable, ranking: Ranking, at: int) -> _Place:
    row, distance = int(ranking.rows[at]), -round(float(ranking.scores[at]), _DIGITS)
    passage = generation.passages[row]
    return _Place(distance, row, at, passage, " ".join(passage.text.split()))


def _found(group: list[_Place]) -> Found:
    first, *others = sorted(group)
    return Found(first.at, first.passage, tuple(place.passage for place in others))


def likely(ranking: Ranking, count: int) -> NDArray[np.int64]:
    """Return the rows that ``distinct`` reads, or nearly, to fetch them together."""
    spans = _spans(ranking)
    shown = set(list(dict.fromkeys(spans))[:count])
    return ranking.rows[[span in shown for span in spans]]


def without_copies(generation: Searchable, ranking: Ranking) -> Ranking:
    """Return the ranking without the copies of its first passage, which are no rivals of it."""
    spans = _spans(ranking)
    if spans.count(spans[0]) == 1:
        return ranking
    alike = [at for at, span in enumerate(spans) if span == spans[0]]
    first, *others = (_place(generation, ranking, at) for at in alike)
    copies = [place.at for place in others if _same_text(first, place)]
    return _without(ranking, copies) if copies else ranking


def _same_text(one: _Place, other: _Place) -> bool:
    # Typography has no influence on lengths, and takes longer to compare.
    return len(one.words) == len(other.words) and for_encoder(one.words) == for_encoder(other.words)


def _spans(ranking: Ranking) -> list[int]:
    """Return the range of each passage's best sentence, as one number."""
    starts, ends = ranking.late.spans.astype(np.int64).T
    return (starts << 32 | ends).tolist()  # type: ignore[no-any-return]


def _without(ranking: Ranking, places: list[int]) -> Ranking:
    kept = np.delete(np.arange(len(ranking.rows)), places)
    return Ranking(
        ranking.rows[kept], ranking.scores[kept], ranking.late.at(kept), ranking.lexical[kept]
    )
