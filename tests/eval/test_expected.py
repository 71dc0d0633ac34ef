"""The article and folders of documents are answered as well as when expected.json was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.article import Asked, ask_all
from eval.document_folders import GATED, FolderResult, measure_folder
from eval.errors import EvaluationError
from eval.expected import (
    drops,
    kept_figures,
    kept_folder_figures,
    read_expected,
    write_expected,
)
from eval.sets.collection import Collections
from eval.sets.documents import load_folder
from eval.sets.questions import load_questions
from index.build.encoder import open_build_encoder
from index.generations.folder import FolderStore
from index.model.source import resolve_model
from qa.answer.service import QAService
from qa.settings import Settings

FIGURES = {"all": {"Success@1": 0.9, "nDCG@10": 0.92, "AUROC": 0.8}}


@pytest.fixture(scope="module")
def asked(article_service: QAService) -> list[Asked]:
    return ask_all(article_service, load_questions())


@pytest.fixture(scope="module")
def folders(article_settings: Settings) -> list[FolderResult]:
    model = resolve_model(article_settings.model, article_settings.cache)
    with open_build_encoder(model, FolderStore(article_settings.index)) as encoder:
        collections = Collections(article_settings, encoder)
        return [measure_folder(load_folder(path), collections) for path in GATED]


def test_no_figure_drops_beyond_noise(asked: list[Asked], folders: list[FolderResult]) -> None:
    found = {**kept_figures(asked), **kept_folder_figures(folders)}
    assert drops(read_expected(), found) == []


def test_no_document_of_the_folders_is_unread_and_no_place_lost(
    folders: list[FolderResult],
) -> None:
    assert [(f.name, f.unread, [a for a in f.asked if a.lost]) for f in folders] == [
        (path.name, (), []) for path in GATED
    ]


def test_what_is_written_is_what_is_measured(
    asked: list[Asked], folders: list[FolderResult], tmp_path: Path
) -> None:
    write_expected(asked, folders, tmp_path / "expected.json")
    expected = read_expected(tmp_path / "expected.json")
    assert list(expected) == ["all", "en → fr", "fr → fr", "piscines.fr", "reglements.fr"]
    right = [a.right for a in asked if a.question.answerable]
    assert expected["all"]["Success@1"] == pytest.approx(sum(right) / len(right), abs=1e-4)
    assert set(expected["piscines.fr"]) == {"Success@1", "Success@5", "answered", "AUROC"}
    found = {**kept_figures(asked), **kept_folder_figures(folders)}
    assert drops(expected, found) == []


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
