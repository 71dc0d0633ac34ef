"""Fits the confidence that is shipped to the questions of a team.

Two numbers, a scale and an offset of the logit (Platt, 1999): a hundred questions are too few for
the weights of all signals.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from eval.abstention import Outcomes, auroc, calibration_error
from eval.calibration.risk import DOUBT, RISK, threshold_for
from eval.calibration.sample import Sample
from eval.errors import EvaluationError
from qa.answer.confidence import Features, confidence
from qa.settings import Calibration

FEWEST: Final = 40
"""So many questions are needed, some right and some wrong."""
FOLDS: Final = 5
SLOPE: Final = (0.2, 5.0)
"""The scale is kept within this: below, the confidence says nothing about these documents."""


class Fitted(NamedTuple):
    """A calibration, and what it was fitted to.

    Attributes:
        calibration: of all questions.
        before: the confidence as it is shipped, ``(n,) float64``.
        after: of each question, as calibrated on the other folds, ``(n,) float64``.
    """

    calibration: Calibration
    before: NDArray[np.float64]
    after: NDArray[np.float64]


def fit_own(sample: Sample) -> Fitted:
    """Fit a scale and an offset of the confidence.

    Raises:
        EvaluationError: there are too few questions, or all are right, or all are wrong.
    """
    right = sample.right
    if len(right) < FEWEST or right.all() or not right.any():
        raise EvaluationError(
            f"{len(right)} questions, {int(right.sum())} of them right, are too few to fit to: "
            f"have at least {FEWEST}, some of which the documents do not answer"
        )
    logits = _logits(sample)
    folds, after = np.arange(len(right)) % FOLDS, np.empty(len(right))
    for fold in range(FOLDS):
        kept = _platt(logits[folds != fold], right[folds != fold])
        after[folds == fold] = _sigmoid(kept.scale * logits[folds == fold] + kept.offset)
    return Fitted(_platt(logits, right), _sigmoid(logits), after)


def report_own(sample: Sample) -> None:
    """Print how good the confidence is on these questions, and the settings that fit them."""
    asked = _as_served(sample)
    fitted = fit_own(asked)
    for name, confidences in (("shipped", fitted.before), ("fitted, other folds", fitted.after)):
        found = Outcomes(confidences, asked.right, asked.answerable)
        area, error = auroc(confidences, asked.right), calibration_error(found)
        print(f"{name:20} n {len(confidences)}  AUROC {area:.3f}  ECE {error:.3f}")
    scale, offset = fitted.calibration
    print(f"QA_CALIBRATION={scale:.3f},{offset:.3f}")
    found_from = threshold_for(fitted.after, asked.right)
    if found_from is None:
        print(f"no QA_FOUND keeps the share that is wrong at {RISK} for sure: have more questions")
    else:
        print(
            f"QA_FOUND={found_from:.2f}  # wrong: at most {RISK} of them, but for {DOUBT} of doubt"
        )


def _as_served(sample: Sample) -> Sample:
    """Return the questions as they were answered: read, if any was."""
    read = ~np.isnan(sample.read)
    return sample.of(read) if read.any() else sample


def _logits(sample: Sample) -> NDArray[np.float64]:
    shipped = (
        confidence(Features(*row), None if math.isnan(read) else read)
        for row, read in zip(sample.features.tolist(), sample.read.tolist(), strict=True)
    )
    found = np.clip(np.fromiter(shipped, np.float64), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(found / (1 - found)))


def _platt(logits: NDArray[np.float64], right: NDArray[np.bool_]) -> Calibration:
    model = LogisticRegression(C=1e3).fit(logits[:, None], right)
    scale = float(np.clip(model.coef_[0, 0], *SLOPE))
    return Calibration(scale, float(model.intercept_[0]))


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-logits)))
