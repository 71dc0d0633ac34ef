"""The signals of the confidence, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from index.late import LateScores
from index.ranking import Query, Ranking
from qa.confidence import INTERCEPT, WEIGHTS, Features, confidence, measure
from qa.numbers_asked import asks_for_missing_number
from tests.fakes import FakeEncoder


def query(text: str) -> Query:
    encoded = FakeEncoder().encode_queries([text])
    return Query(text, "en", encoded.pooled[0], encoded.tokens[0])


def ranking(scores: list[float], cosines: list[float]) -> Ranking:
    """Rank as many passages as there are scores; the cosines are those of the first."""
    n = len(scores)
    ones, tokens = np.ones(n, dtype=np.float32), np.array(cosines, dtype=np.float32)
    late = LateScores(ones, ones, np.zeros((n, 2), np.int32), np.tile(tokens[:, None], n))
    return Ranking(np.arange(n), np.array(scores, dtype=np.float32), late, ones)


def test_lead_and_margin() -> None:
    found = measure(query("cat"), ranking([0.9, 0.7, 0.5], [1.0]), "")
    assert found.lead == pytest.approx(0.2)
    assert found.margin == pytest.approx(0.3)


def test_ten_rivals_at_most() -> None:
    found = measure(query("cat"), ranking([0.9] + [0.5] * 10 + [0.0] * 10, [1.0]), "")
    assert found.margin == pytest.approx(0.4)


def test_a_passage_without_rivals_has_no_lead() -> None:
    found = measure(query("cat"), ranking([0.9], [1.0]), "")
    assert (found.lead, found.margin) == (0, 0)


@pytest.mark.parametrize(
    ("question", "cosines", "expected"),
    [
        ("where is the cat", [0.1, 0.2, 0.3, 0.8], 0.8),  # stop words left out
        ("salary of Hugo", [0.4, 0.1, 0.9], 0.4),  # names left out
        ("Salary of Hugo", [0.4, 0.1, 0.9], 0.4),  # the first word is no name
        ("where is Hugo", [0.1, 0.1, 0.9], 0.9),  # nothing but a name
        ("where is it", [0.1, 0.2, 0.3], 0.2),  # nothing but stop words
    ],
)
def test_what_is_asked_about(question: str, cosines: list[float], expected: float) -> None:
    found = measure(query(question), ranking([0.9, 0.1], cosines), "")
    assert found.content == pytest.approx(expected)


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("Combien de pages ?", "Un livre épais.", True),
        ("Combien de pages ?", "Un livre de 300 pages.", False),
        ("How many pages?", "A dozen pages.", False),
        ("how old is she", "She is a lawyer.", True),
        ("Quel est le nombre d'élèves ?", "Une dizaine.", False),
        ("Who wrote it?", "No number here.", False),
    ],
)
def test_a_number_that_is_missing(question: str, text: str, missing: bool) -> None:
    assert asks_for_missing_number(question, text) is missing


def test_the_model_is_the_logistic_of_the_weighted_sum() -> None:
    assert confidence(Features(0, 0, 0, 0)) == pytest.approx(1 / (1 + math.exp(-INTERCEPT)))
    logit = INTERCEPT + 0.1 * (WEIGHTS.lead + WEIGHTS.margin + WEIGHTS.content)
    assert confidence(Features(0.1, 0.1, 0.1, 0)) == pytest.approx(1 / (1 + math.exp(-logit)))


@pytest.mark.parametrize("extreme", [-1e6, 1e6])
def test_it_is_always_a_probability(extreme: float) -> None:
    assert 0 <= confidence(Features(extreme, extreme, extreme, 0)) <= 1


def test_each_signal_has_the_sign_it_should() -> None:
    assert WEIGHTS.lead > 0
    assert WEIGHTS.margin > 0
    assert WEIGHTS.content > 0
    assert WEIGHTS.number_missing < 0
