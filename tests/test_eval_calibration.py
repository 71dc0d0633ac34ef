"""The weights of the confidence can be fitted again."""

from __future__ import annotations

import numpy as np
import pytest

from eval.calibration import Sample, fit, predict
from qa.confidence import Features


def sample(n: int, seed: int = 0) -> Sample:
    """Draw questions whose chance to be right is a logistic of their first two signals."""
    generator = np.random.default_rng(seed)
    features = generator.standard_normal((n, len(Features._fields)))
    chance = 1 / (1 + np.exp(-(2 * features[:, 0] - features[:, 1] + 0.5)))
    source = np.where(np.arange(n) < n // 4, "a.fr-fr", "b.fr-fr")
    return Sample(source, features, generator.random(n) < chance)


def test_the_weights_of_a_logistic_are_found_again() -> None:
    weights, intercept = fit(sample(40_000))
    np.testing.assert_allclose(weights, [2, -1, 0, 0], atol=0.07)
    assert intercept == pytest.approx(0.5, abs=0.07)


def test_the_scale_of_a_signal_does_not_matter() -> None:
    given = sample(4_000)
    scaled = Sample(given.source, given.features * [1, 100, 0.01, 1], given.right)
    np.testing.assert_allclose(
        predict(*fit(given), given), predict(*fit(scaled), scaled), atol=1e-4
    )


def test_each_source_counts_the_same() -> None:
    """One question in a hundred of the small source is right, all but one of the large."""
    features = np.zeros((1_100, len(Features._fields)))
    source = np.array(["small"] * 100 + ["large"] * 1_000)
    right = np.array([True] + [False] * 99 + [True] * 990 + [False] * 10)
    _, intercept = fit(Sample(source, features, right))
    assert 1 / (1 + np.exp(-intercept)) == pytest.approx(0.5, abs=0.01)
