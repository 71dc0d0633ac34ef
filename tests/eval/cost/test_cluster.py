"""What is said of a cluster's speed."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cost.cluster import EncodingRate, Speed, main, speed_table


def test_the_first_quarter_is_not_counted() -> None:
    rate = EncodingRate([(0.0, 1), (9.0, 10), (10.0, 20), (12.0, 40)])
    assert rate.per_second() == 10.0


def test_speeds_stand_beside_the_first() -> None:
    alone = Speed("this machine", 20.0, 10.0, "0123456789abcdef")
    assert speed_table([alone, Speed("Ray, 2 actor(s)", 30.0, 9.0, "0123456789abcdef")]) == (
        "| | passages/s | ratio | s in all | generation |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| this machine | 20.0 | 1.00 | 10.0 | 0123456789abcdef |\n"
        "| Ray, 2 actor(s) | 30.0 | 1.50 | 9.0 | 0123456789abcdef |"
    )


def test_too_few_texts_are_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "missing")]) == 2
    assert capsys.readouterr().err.startswith("eval: ")
