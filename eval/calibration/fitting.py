"""Fits the weights of the confidence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from eval.calibration.sample import ALONE, NEAR, SWAPPED, Sample

SHARES = {NEAR: 0.2, SWAPPED: 0.1, ALONE: 0.4}
"""What these sets weigh, where a set of questions as people ask them weighs 1."""


def fit(sample: Sample) -> tuple[NDArray[np.float64], float]:
    """Fit the logistic regression, L2; sets have the same total weight, near misses ``SHARES``.

    Returns:
        The weights of the signals as they are, ``(f,)`` or ``(f + 1,) float64``, and the intercept.
    """
    names, members = np.unique(sample.source, return_inverse=True)
    weights = np.array([_share(name) for name in names]) / np.bincount(members)
    shares = weights[members] * len(members) / weights[members].sum()
    signals = sample.signals
    means, spreads = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    model = LogisticRegression(C=1, max_iter=5000)
    model.fit((signals - means) / spreads, sample.right, sample_weight=shares)
    coefficients = model.coef_[0] / spreads
    return coefficients, float(model.intercept_[0] - coefficients @ means)


def _share(name: str) -> float:
    return next((share for end, share in SHARES.items() if name.endswith(end)), 1.0)


def predict(weights: NDArray[np.float64], intercept: float, sample: Sample) -> NDArray[np.float64]:
    """Return the probabilities of a fitted model, ``(n,) float64``."""
    return np.asarray(1 / (1 + np.exp(-(sample.signals @ weights + intercept))))


def left_out(sample: Sample) -> NDArray[np.float64]:
    """Return each question's confidence by weights fitted to other families, ``(n,) float64``.

    The sets of a family, ``python-faq.en-fr`` and ``python-faq.fr.near``, share their documents.
    """
    families, found = (
        np.array([s.split(".")[0] for s in sample.source]),
        np.zeros(len(sample.right)),
    )
    for family in np.unique(families):
        held = families == family
        found[held] = predict(*fit(sample.of(~held)), sample.of(held))
    return found
