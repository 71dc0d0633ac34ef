"""What the reader costs is measured beside a service without it."""

from __future__ import annotations

import pytest

from eval.cost.reading import MANY, Reading
from qa.settings import Settings


def test_each_figure_has_its_pair(article_settings: Settings) -> None:
    questions = ["Qui dirige Mila ?", "Who is the scientific director?"]
    found = Reading(article_settings.index, questions, rounds=1, seconds=1).costs()
    costs = {cost.what: cost for cost in found}
    assert list(costs) == [
        "cold `qa ask`", "its memory", "one at a time, p50", "one at a time, p95",
        f"{MANY} clients", "memory of the server",
    ]  # fmt: skip
    assert costs["one at a time, p50"].reading > costs["one at a time, p50"].without > 0
    assert costs["memory of the server"].without == pytest.approx(250, rel=0.5)
