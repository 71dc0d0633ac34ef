"""The probability that the first passage answers the question."""

from __future__ import annotations

import math

from index.ranking import Ranking

# Logistic regression on the article's `dev` questions, where it has an AUROC of 0.77.
_WEIGHTS = (17.53, 34.41)
_INTERCEPT = -15.53


def confidence(ranking: Ranking) -> float:
    """Return a probability, in 0-1, from the first cosine and its lead over the fifth.

    A logistic model (Platt, 1999) of two features; an empty ranking has none to answer with.
    """
    if not ranking:
        return 0.0
    best, fifth = ranking[0].score, ranking[min(4, len(ranking) - 1)].score
    logit = _INTERCEPT + _WEIGHTS[0] * best + _WEIGHTS[1] * (best - fifth)
    return 1 / (1 + math.exp(-logit))
