"""Measures how well the confidence tells right answers from wrong ones.

- AUROC: the probability that a right answer has a higher confidence than a wrong one.
- ECE: the expected calibration error (Guo et al., 2017): answers fall into 10 bins of equal width
  by their confidence; the mean over answers of ``|share right - mean confidence|`` of their bin.
- Risk-coverage curve (Geifman and El-Yaniv, 2017): the share of wrong answers among the k most
  confident, for k = 1..n; AURC is its mean, lower is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from qa.answer.types import Answer

BINS = 10


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The confidence of n answers, and whether they were right.

    Attributes:
        confidence: ``(n,) float64`` in 0-1.
        right: ``(n,) bool``, whether the first passage answers.
        answerable: ``(n,) bool``, whether any passage of the collection answers.
    """

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]
    answerable: NDArray[np.bool_]

    def of(self, members: NDArray[np.bool_]) -> Outcomes:
        """Return the outcomes of the questions chosen by ``(n,) bool``."""
        return Outcomes(self.confidence[members], self.right[members], self.answerable[members])


class Bin(NamedTuple):
    """Answers of about the same confidence: how many, their mean confidence, the share right."""

    size: int
    confidence: float
    right: float


def outcomes(
    answers: Sequence[Answer], right: Sequence[bool], answerable: Sequence[bool]
) -> Outcomes:
    """Collect the confidence of the answers, with what is known about each question."""
    confidence = np.array([answer.confidence for answer in answers], dtype=np.float64)
    return Outcomes(confidence, np.array(right, dtype=bool), np.array(answerable, dtype=bool))


def auroc(confidence: NDArray[np.float64], positive: NDArray[np.bool_]) -> float | None:
    """Return the area under the ROC curve; None where all or none are positive."""
    if positive.all() or not positive.any():
        return None
    return float(roc_auc_score(positive, confidence))


def bins(found: Outcomes) -> list[Bin]:
    """Return the bins that hold an answer, least confident first; each includes its upper end."""
    places = np.digitize(found.confidence, np.linspace(0, 1, BINS + 1)[1:-1], right=True)
    members = (found.of(places == place) for place in np.unique(places))
    return [Bin(len(m.right), float(m.confidence.mean()), float(m.right.mean())) for m in members]


def calibration_error(found: Outcomes) -> float:
    """Return the ECE, in 0-1."""
    gaps = sum(b.size * abs(b.right - b.confidence) for b in bins(found))
    return gaps / len(found.right)


def risks(found: Outcomes) -> NDArray[np.float64]:
    """Return the risk at a coverage of 1/n, 2/n, .. 1, ``(n,) float64``.

    Answers of the same confidence share their errors, so their order plays no part.
    """
    levels, level, counts = np.unique(-found.confidence, return_inverse=True, return_counts=True)
    wrong = np.bincount(level, weights=~found.right, minlength=len(levels))
    shared = np.repeat(wrong / counts, counts)
    curve: NDArray[np.float64] = np.cumsum(shared) / np.arange(1, len(shared) + 1)
    return curve


def group_summary(found: Outcomes, members: NDArray[np.bool_]) -> dict[str, float | int | None]:
    """Return every figure of a group of questions, chosen by ``(n,) bool``.

    If all of them are answerable, or none is, AUROC compares them with all questions of the other
    kind.
    """
    sides = np.unique(found.answerable[members])
    other = found.answerable != sides[0] if len(sides) == 1 else members
    facing = found.of(members | other)
    return summary(found.of(members)) | {
        "auroc": auroc(facing.confidence, facing.right),
        "auroc_answerable": auroc(facing.confidence, facing.answerable),
    }


def summary(found: Outcomes) -> dict[str, float | int | None]:
    """Return every figure, by name."""
    return {
        "questions": len(found.right),
        "right": float(found.right.mean()),
        "auroc": auroc(found.confidence, found.right),
        "auroc_answerable": auroc(found.confidence, found.answerable),
        "ece": calibration_error(found),
        "aurc": float(risks(found).mean()),
    }
