"""The article is ranked and judged as well as when the expected figures were written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.article import Asked, ask_all
from eval.errors import EvaluationError
from eval.expected import drops, measure, read_expected, write_expected
from eval.questions import load_questions
from qa.service import QAService

FIGURES = {"all": {"Success@1": 0.9, "nDCG@10": 0.92, "AUROC": 0.8}}


@pytest.fixture(scope="module")
def asked(article_service: QAService) -> list[Asked]:
    return ask_all(article_service, load_questions())


def test_no_figure_drops_beyond_noise(asked: list[Asked]) -> None:
    assert drops(read_expected(), measure(asked)) == []


def test_what_is_written_is_what_is_measured(asked: list[Asked], tmp_path: Path) -> None:
    write_expected(asked, tmp_path / "expected.json")
    expected = read_expected(tmp_path / "expected.json")
    assert list(expected) == ["all", "en → fr", "fr → fr"]
    right = [a.right for a in asked if a.question.answerable]
    assert expected["all"]["Success@1"] == pytest.approx(sum(right) / len(right), abs=1e-4)
    assert drops(expected, measure(asked)) == []


def test_a_drop_is_told_with_its_figures() -> None:
    found = {"all": {"Success@1": 0.879, "nDCG@10": 0.95, "AUROC": 0.781}}
    assert drops(FIGURES, found) == ["all, Success@1: 0.879, expected 0.900"]


@pytest.mark.parametrize("found", [{}, {"all": {}}, {"all": {"Success@1": None}}])
def test_a_figure_that_is_gone_is_a_drop(found: dict[str, dict[str, float | None]]) -> None:
    assert len(drops(FIGURES, found)) == 3


def test_a_figure_that_was_never_defined_cannot_drop() -> None:
    assert drops({"all": {"AUROC": None}}, {"all": {"AUROC": 0.1}}) == []


def test_expected_figures_that_cannot_be_read_say_how_to_write_them(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text(json.dumps(FIGURES)[:-1])
    for name in ("none.json", "broken.json"):
        with pytest.raises(EvaluationError, match=rf"{name}: .*--write-expected"):
            read_expected(tmp_path / name)
