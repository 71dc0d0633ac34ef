"""A soak run tells errors from refusals, and memory that grows from memory that is filled once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from eval.cost.soak import SoakReport, children, main
from qa.answer.service import QAService
from tests.servers import ROOT


def test_memory_that_is_filled_once_has_not_grown() -> None:
    filled = SoakReport(memory=[100.0] * 10 + [200.0] * 10 + [201.0] * 20)
    assert filled.growth == pytest.approx(0.005)
    assert filled.is_sound
    grown = SoakReport(memory=[float(n) for n in range(100, 140)])
    assert grown.growth > 0.2
    assert not grown.is_sound
    assert not SoakReport(memory=[1.0], errors=1).is_sound
    assert not SoakReport(memory=[1.0], failed_swaps=1).is_sound
    assert SoakReport(memory=[1.0], refused=9).is_sound


def test_children_are_found_at_any_depth() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as child:
        for _ in range(100):
            if len(children(child.pid)) == 1:
                break
            time.sleep(0.05)
        assert child.pid in children(os.getpid())
        assert set(children(child.pid)) <= set(children(os.getpid()))
        assert len(children(child.pid)) == 1


def test_a_short_run(
    article_service: QAService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_INDEX", str(article_service.generation.encoder.parents[2]))
    monkeypatch.chdir(ROOT)
    main(["--seconds", "5", "--clients", "4", "--swap", "false", "--every", "1.5"])
    seen = json.loads(capsys.readouterr().out)
    assert seen["answers"] > 20
    assert (seen["errors"], seen["refused"]) == (0, 0)
    assert 2 <= seen["failed_swaps"] == seen["swaps"] <= 4
    assert 0 < seen["p50"] <= seen["p99"]
    assert seen["memory"]["most"] >= seen["memory"]["last"] > 50
