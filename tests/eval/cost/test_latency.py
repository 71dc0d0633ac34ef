"""Ranking is timed question by question."""

from __future__ import annotations

from eval.cost.latency import ranking_times
from qa.answer.service import QAService


def test_each_question_takes_some_time(service: QAService) -> None:
    found = ranking_times(service, ["le chat", "the sea", "le roi"])
    assert found.shape == (3,)
    assert (found > 0).all()
