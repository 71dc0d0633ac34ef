"""The probability that the first passage answers the question.

A logistic model (Platt, 1999) of four signals, weighted by ``python -m eval.calibration``:
questions of the development sets, asked of random parts of their collections of 20 passages and up,
half of them after the passages that answer were taken away. Each signal earned its place there by
the AUROC on data sets left out; MaxSim itself, its lowest cosines, shared words, the direction and
the size of the collection, and missing dates did not.
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import is_stop_word
from index.ranking import Query, Ranking
from qa.numbers_asked import asks_for_missing_number

RIVALS: Final = 10
"""With how many of the next passages the first is compared."""


class Features(NamedTuple):
    """What tells whether the first passage answers.

    Attributes:
        lead: its score less that of the second; 0 without a second.
        margin: its score less the mean of the next ten; 0 without any.
        content: the mean cosine of the question's words that are neither stop words nor names: a
            name is easily found, what is asked about it is what must be found too.
        number_missing: 1 if a number is asked for and it has none, else 0.
    """

    lead: float
    margin: float
    content: float
    number_missing: float


WEIGHTS: Final = Features(lead=8.570, margin=12.632, content=4.125, number_missing=-5.705)
INTERCEPT: Final = -4.646


def confidence(features: Features) -> float:
    """Return the probability, in 0-1, that the first passage answers the question."""
    logit = INTERCEPT + math.fsum(w * f for w, f in zip(WEIGHTS, features, strict=True))
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, logit))))


def measure(query: Query, ranking: Ranking, passage: str) -> Features:
    """Measure the signals.

    Args:
        query: the question.
        ranking: its passages, at least one.
        passage: the text of the first.
    """
    first, rest = float(ranking.scores[0]), ranking.scores[1 : RIVALS + 1]
    return Features(
        lead=first - float(rest[0]) if len(rest) else 0.0,
        margin=first - float(rest.mean()) if len(rest) else 0.0,
        content=_content(query, ranking.late.tokens[:, 0]),
        number_missing=float(asks_for_missing_number(query.text, passage)),
    )


def _content(query: Query, cosines: NDArray[np.float32]) -> float:
    words = [w for w in re.finditer(r"\w+", query.text) if not is_stop_word(w.group())]
    begins, ends = np.array([word.span() for word in words], dtype=np.int32).reshape(-1, 2).T
    offsets = query.tokens.offsets[query.tokens.own]
    # Which words, in the rows, each token is of.
    parts = (offsets[:, 0] < ends[:, None]) & (offsets[:, 1] > begins[:, None])
    counts = parts.sum(axis=1)
    means = (parts @ cosines) / np.maximum(counts, 1)
    found = counts > 0
    common = found & ~np.array(list(map(_is_name, words)), dtype=np.bool_)
    chosen = common if common.any() else found
    return float((means[chosen] if chosen.any() else cosines).mean())


def _is_name(word: re.Match[str]) -> bool:
    return word.start() > 0 and word.group()[0].isupper()
