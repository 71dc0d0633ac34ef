"""Averages weigh data sets and directions alike, and gains are paired."""

from __future__ import annotations

import numpy as np
import pytest

from eval.benchmark import DatasetResult
from eval.metrics import Scores, estimate
from eval.reports.comparison import (
    COMPARED,
    SYSTEMS,
    Stratum,
    best_baseline,
    by_direction,
    gain,
    mean,
    strata,
)

METRIC = "nDCG@10"


def scores(**systems: list[float]) -> dict[str, Scores]:
    n = len(systems["passerelle"])
    found = {system: systems.get(system, [0.0] * n) for system in SYSTEMS}
    return {s: dict.fromkeys(COMPARED, np.array(values)) for s, values in found.items()}


def stratum(name: str, direction: str, **systems: list[float]) -> Stratum:
    return Stratum(name, direction, scores(**systems))


def test_questions_are_divided_by_direction() -> None:
    held = scores(passerelle=[1.0, 0.0, 0.5])
    found = strata([DatasetResult("mixed", 3, ("en → fr", "fr → fr", "en → fr"), held, None, ())])
    assert [(s.name, s.direction, s.mean("passerelle", METRIC)) for s in found] == [
        ("mixed", "en → fr", 0.75),
        ("mixed", "fr → fr", 0.0),
    ]
    assert list(by_direction(found)) == ["en → fr", "fr → fr"]


def test_data_sets_and_directions_weigh_alike() -> None:
    a = stratum("a", "en → fr", passerelle=[1.0, 1.0, 1.0])
    b = stratum("b", "en → fr", passerelle=[0.0])
    c = stratum("c", "fr → fr", passerelle=[0.2])
    assert mean([[a, b]], "passerelle", METRIC) == 0.5
    assert mean([[a, b], [c]], "passerelle", METRIC) == pytest.approx((0.5 + 0.2) / 2)


def test_the_best_baseline_is_not_passerelle() -> None:
    found = stratum("a", "x", passerelle=[1.0], dense=[0.2], rrf=[0.4], bm25=[0.3])
    assert best_baseline([found]) == "rrf"


def test_a_gain_that_is_the_same_on_every_question_is_certain() -> None:
    found = stratum("a", "x", passerelle=[0.3, 0.9, 0.6], dense=[0.1, 0.7, 0.4])
    result = gain([[found]], lambda _: "dense", METRIC)
    assert (result.low, result.mean, result.high) == pytest.approx((0.2, 0.2, 0.2))


def test_pairs_make_the_interval_narrower() -> None:
    generator = np.random.default_rng(0)
    hard = generator.random(50)
    better = hard + 0.01 * generator.random(50)
    found = stratum("a", "x", passerelle=better.tolist(), dense=hard.tolist())
    paired = gain([[found]], lambda _: "dense", METRIC)
    assert paired.low > 0
    assert paired.high - paired.low < 0.01
    assert estimate(better).high - estimate(better).low > 0.1


def test_each_group_has_its_own_rival() -> None:
    a = stratum("a", "x", passerelle=[1.0, 1.0], dense=[0.5, 0.5])
    b = stratum("b", "y", passerelle=[1.0, 1.0], bm25=[0.9, 0.9])
    result = gain([[a], [b]], best_baseline, METRIC)
    assert result.mean == pytest.approx((0.5 + 0.1) / 2)


def test_a_set_beside_it_does_not_move_an_interval() -> None:
    a = stratum("a", "x", passerelle=[1.0, 0.0, 0.3], dense=[0.5, 0.1, 0.3])
    alone = gain([[a]], best_baseline, METRIC)
    assert gain([[a]], best_baseline, METRIC) == alone
    assert alone.low < alone.mean < alone.high
