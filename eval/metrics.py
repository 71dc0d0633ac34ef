"""Scores rankings question by question, and gives the mean with its confidence interval.

The definitions are those of ir-measures, over at most ten passages, with binary relevance:

- ``Success@k``: 1 if one of the first k passages is relevant, else 0.
- ``RR@10``: 1 / rank of the first relevant passage among ten, else 0; its mean is MRR@10
  (Voorhees, 1999).
- ``nDCG@10``: discounted cumulative gain, ``sum(relevance / log2(rank + 1))``, over that of the
  ideal ranking (Järvelin and Kekäläinen, 2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from ir_measures import RR, Qrel, ScoredDoc, Success, iter_calc, nDCG
from numpy.typing import NDArray

METRICS = {
    "Success@1": Success @ 1,
    "Success@3": Success @ 3,
    "Success@5": Success @ 5,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}
_NAMES = {str(measure): name for name, measure in METRICS.items()}
RESAMPLES = 2000

Scores = Mapping[str, NDArray[np.float64]]
"""By the metric's name, ``(n,) float64`` in 0-1, one a question."""


class Judged(NamedTuple):
    """The ranked passages of a question, and those that are relevant.

    Attributes:
        question_id: which question.
        ranked: identifiers of passages, best first.
        relevant: identifiers of the passages that answer it.
    """

    question_id: str
    ranked: tuple[str, ...]
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


def score(judged: Sequence[Judged]) -> dict[str, NDArray[np.float64]]:
    """Score each question by each metric.

    Returns:
        By the metric's name, ``(n,) float64`` in 0-1 in the order of ``judged``.
    """
    order = {j.question_id: place for place, j in enumerate(judged)}
    values = {name: np.zeros(len(judged)) for name in METRICS}
    for result in iter_calc(METRICS.values(), list(_qrels(judged)), list(_run(judged))):
        values[_NAMES[str(result.measure)]][order[result.query_id]] = result.value
    return values


def estimate(values: NDArray[np.float64], seed: int = 0) -> Estimate:
    """Return the mean with its percentile bootstrap interval (Efron, 1979).

    Of differences between two systems, question by question, this is the paired bootstrap.

    Args:
        values: ``(n,) float64``, one a question, n >= 1.
        seed: of the resampling; the same values give the same interval.
    """
    return interval(float(values.mean()), resampled_means(values, seed))


def resampled_means(values: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return the means of ``RESAMPLES`` samples with replacement, ``(RESAMPLES,) float64``."""
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(values), (RESAMPLES, len(values)))
    means: NDArray[np.float64] = values[draws].mean(axis=1)
    return means


def interval(mean: float, resampled: NDArray[np.float64]) -> Estimate:
    """Return the mean between the 2.5th and the 97.5th percentile of the resampled ones."""
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Estimate(mean, float(low), float(high))


def _qrels(judged: Iterable[Judged]) -> Iterable[Qrel]:
    return (Qrel(j.question_id, p, 1) for j in judged for p in sorted(j.relevant))


def _run(judged: Iterable[Judged]) -> Iterable[ScoredDoc]:
    # Ranks, not scores: ties are already broken, and a metric must not break them again.
    return (ScoredDoc(j.question_id, p, -r) for j in judged for r, p in enumerate(j.ranked))
