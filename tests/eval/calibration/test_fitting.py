"""The weights of the confidence can be fitted again."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.calibration.fitting import SHARES, fit, left_out, predict
from eval.calibration.sample import NEAR, Sample
from eval.calibration.sources import NEAR_MISSES
from eval.sets.documents import load_document_questions
from eval.sets.questions import load_questions
from qa.answer.confidence import Features

SIGNALS = len(Features._fields)
COLLECTIONS = NEAR_MISSES.parent / "collections"
SCALES = [1, 100, 0.01, *[1] * (SIGNALS - 3)]


def sample(n: int, seed: int = 0) -> Sample:
    """Draw questions whose chance to be right is a logistic of their first two signals."""
    generator = np.random.default_rng(seed)
    features = generator.standard_normal((n, len(Features._fields)))
    chance = 1 / (1 + np.exp(-(2 * features[:, 0] - features[:, 1] + 0.5)))
    source = np.where(np.arange(n) < n // 4, "a.fr-fr", "b.fr-fr")
    return judged(source, features, generator.random(n) < chance)


def judged(
    source: NDArray[np.str_], features: NDArray[np.float64], right: NDArray[np.bool_]
) -> Sample:
    return Sample(
        source, features, right, right, np.full(len(right), "fr"), np.full(len(right), np.nan)
    )


def test_the_weights_of_a_logistic_are_found_again() -> None:
    weights, intercept = fit(sample(40_000))
    np.testing.assert_allclose(weights, [2, -1, *[0] * (SIGNALS - 2)], atol=0.07)
    assert intercept == pytest.approx(0.5, abs=0.07)


def test_the_scale_of_a_signal_does_not_matter() -> None:
    given = sample(4_000)
    scaled = judged(given.source, given.features * SCALES, given.right)
    np.testing.assert_allclose(
        predict(*fit(given), given), predict(*fit(scaled), scaled), atol=1e-4
    )


def test_each_source_counts_the_same() -> None:
    """One question in a hundred of the small source is right, all but one of the large."""
    features = np.zeros((1_100, len(Features._fields)))
    source = np.array(["small"] * 100 + ["large"] * 1_000)
    right = np.array([True] + [False] * 99 + [True] * 990 + [False] * 10)
    _, intercept = fit(judged(source, features, right))
    assert 1 / (1 + np.exp(-intercept)) == pytest.approx(0.5, abs=0.01)


def test_near_misses_count_less() -> None:
    features = np.zeros((200, SIGNALS))
    source, right = np.array(["a"] * 100 + ["b" + NEAR] * 100), np.array([True, False]).repeat(100)
    _, intercept = fit(judged(source, features, right))
    assert 1 / (1 + np.exp(-intercept)) == pytest.approx(1 / (1 + SHARES[NEAR]), abs=0.01)


def test_the_sets_of_a_family_are_left_out_together() -> None:
    """All of the family is right, all others are wrong: left out, it seems wrong."""
    generator = np.random.default_rng(0)
    source = np.array(["a.fr-fr", "a.near", "b", "c"]).repeat(50)
    features, right = generator.standard_normal((200, SIGNALS)), np.arange(200) < 110
    found = left_out(judged(source, features, right))
    assert found[:100].mean() < 0.2 < found[100:].mean()


def test_the_near_misses_of_the_article_are_not_its_questions() -> None:
    near = load_questions(NEAR_MISSES / "article.jsonl")
    assert len(near) >= 40
    assert not any(question.answerable for question in near)
    assert not {q.text for q in near} & {q.text for q in load_questions()}


def test_each_near_miss_on_documents_has_a_twin_beside_it() -> None:
    total = 0
    for folder in sorted(COLLECTIONS.iterdir()):
        if folder.is_dir():
            path = NEAR_MISSES / f"{folder.name}.jsonl"
            questions = load_document_questions(path, folder / "docs")
            assert [q.answerable for q in questions] == [False, True] * (len(questions) // 2)
            total += len(questions) // 2
    assert total >= 190
