"""The probability that the first passage answers the question."""

from __future__ import annotations

import math

from index.ranking import Ranking

# Logistic regression on the article's `dev` questions, where it has an AUROC of 0.77.
_WEIGHTS = (17.53, 34.41)
_INTERCEPT = -15.53


def confidence(ranking: Ranking) -> float:
    """Return a probability, in 0-1, from the first passage's cosine and its lead over the fifth.

    A logistic model (Platt, 1999) of two features.
    """
    best, fifth = ranking.dense[0], ranking.dense[min(4, len(ranking.dense) - 1)]
    logit = _INTERCEPT + _WEIGHTS[0] * best + _WEIGHTS[1] * (best - fifth)
    return float(1 / (1 + math.exp(-logit)))
