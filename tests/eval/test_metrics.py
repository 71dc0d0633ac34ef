"""Metrics have the values one works out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval.metrics import METRICS, Judged, estimate, interval, score


def one(ranked: str, relevant: str) -> dict[str, float]:
    judged = Judged("q", tuple(ranked), frozenset(relevant))
    return {name: float(values[0]) for name, values in score([judged]).items()}


def test_first() -> None:
    assert one("abc", "a") == dict.fromkeys(METRICS, 1.0)


def test_second() -> None:
    expected = {"Success@1": 0, "Success@3": 1, "Success@5": 1, "MRR@10": 0.5}
    assert one("abc", "b") == pytest.approx({**expected, "nDCG@10": 1 / math.log2(3)})


def test_two_relevant() -> None:
    ideal = 1 + 1 / math.log2(3)
    expected = (1 / math.log2(3) + 1 / math.log2(5)) / ideal
    assert one("abcd", "bd")["nDCG@10"] == pytest.approx(expected)


@pytest.mark.parametrize(("ranked", "relevant"), [("", "a"), ("bcd", "a"), ("bcdefghijkla", "a")])
def test_not_among_ten(ranked: str, relevant: str) -> None:
    assert one(ranked, relevant) == dict.fromkeys(METRICS, 0.0)


def test_scores_stand_in_the_order_of_the_questions() -> None:
    judged = [
        Judged("z", ("b", "a"), frozenset("a")),
        Judged("a", ("a",), frozenset("a")),
        Judged("m", (), frozenset("a")),
    ]
    assert score(judged)["MRR@10"].tolist() == [0.5, 1.0, 0.0]


def test_an_interval_holds_its_mean_and_is_the_same_twice() -> None:
    values = np.array([0.0, 1.0, 1.0, 1.0])
    found = estimate(values)
    assert found == estimate(values)
    assert found.mean == 0.75
    assert found.low < 0.75 < found.high


def test_an_interval_lies_between_percentiles() -> None:
    found = interval(0.5, np.arange(0, 1.001, 0.001))
    assert (found.mean, found.low, found.high) == pytest.approx((0.5, 0.025, 0.975))


def test_no_spread_no_interval() -> None:
    found = estimate(np.ones(5))
    assert (found.low, found.mean, found.high) == (1, 1, 1)
