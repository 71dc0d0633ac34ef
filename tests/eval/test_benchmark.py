"""A data set goes through the whole evaluation with an encoder worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import run
from eval.benchmark import evaluate, loses_gold
from eval.errors import EvaluationError
from eval.sets.collection import Collections
from eval.sets.datasets import load_dataset
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from qa.answer.service import QAService
from qa.settings import Settings
from tests.beir import CORPUS, QUERIES, write_beir
from tests.fakes import FakeEncoder


@pytest.fixture
def collections(tmp_path: Path, encoder: FakeEncoder) -> Collections:
    settings = Settings(tmp_path / "index", tmp_path / "cache")
    return Collections(settings, encoder, lambda s: open_fake(s, encoder))


def open_fake(settings: Settings, encoder: FakeEncoder) -> QAService:
    return QAService(
        Generation.open(FolderStore(settings.index).current()), encoder, settings.threshold
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_beir(tmp_path / "tiny.en-fr")


def test_the_systems_are_scored_side_by_side(folder: Path, collections: Collections) -> None:
    result = evaluate(load_dataset(folder), collections)
    means = {name: scores["nDCG@10"].mean() for name, scores in result.scores.items()}
    # No word is shared across the languages; the fake's vectors are those of a translation.
    assert means == {"passerelle": 1.0, "dense": 1.0, "bm25": 0.0, "rrf": 1.0}
    assert result.directions == ("en → fr",) * 4
    assert (result.passages, result.misses) == (4, ())


def test_half_of_the_questions_lose_their_gold(folder: Path, collections: Collections) -> None:
    assert [query for query in QUERIES if loses_gold(query)] == ["q1", "q6"]
    found = evaluate(load_dataset(folder), collections).abstention
    assert found is not None
    assert found.answerable.tolist() == [False, True, True, False]
    assert found.right.tolist() == [False, True, True, False]


def test_gold_that_another_question_loses_is_lost(tmp_path: Path, collections: Collections) -> None:
    shared = {"q1": "p/1", "q2": "p/1", "q3": "p#3", "q6": "é"}
    found = evaluate(load_dataset(write_beir(tmp_path / "shared", qrels=shared)), collections)
    assert found.abstention is not None
    assert found.abstention.answerable.tolist() == [False, False, True, False]


def test_without_any_passage_left_there_is_no_abstention(
    tmp_path: Path, collections: Collections
) -> None:
    one = {"p": "Le chat."}, {"q1": "Le chat ?"}, {"q1": "p"}
    found = evaluate(load_dataset(write_beir(tmp_path / "one", *one)), collections)
    assert found.abstention is None
    assert found.directions == ("fr → fr",)


def test_nothing_is_encoded_twice(
    folder: Path, collections: Collections, encoder: FakeEncoder
) -> None:
    dataset = load_dataset(folder)
    evaluate(dataset, collections)
    before = len(encoder.encoded)
    assert sorted(set(encoder.encoded) & set(CORPUS.values())) == sorted(CORPUS.values())
    evaluate(dataset, collections)
    assert encoder.encoded[before:] == []


def test_what_was_ranked_above_the_gold_is_kept(tmp_path: Path, collections: Collections) -> None:
    wrong = {"q1": "p 2", "q2": "p 2", "q3": "p#3", "q6": "é"}
    (miss,) = evaluate(
        load_dataset(write_beir(tmp_path / "wrong", qrels=wrong)), collections
    ).misses
    assert (miss.question, miss.above, miss.gold) == ("the cat", "Le chat.", "La mer.")
    assert miss.rank is not None
    assert miss.rank > 1


def test_an_entry_without_text_is_never_found(tmp_path: Path, collections: Collections) -> None:
    folder = write_beir(tmp_path / "blank", corpus={**CORPUS, "é": " "})
    result = evaluate(load_dataset(folder), collections)
    assert result.scores["passerelle"]["Success@1"].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_an_index_that_cannot_be_linked_is_an_evaluation_error(
    folder: Path, collections: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = load_dataset(folder)
    collections.whole(dataset)

    def refuse(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr("eval.sets.collection.os.link", refuse)
    with pytest.raises(EvaluationError, match=r"reduced.*no links here.*QA_INDEX"):
        collections.without(dataset, frozenset({"é"}))


def test_the_command_writes_the_agreed_file(
    folder: Path,
    tmp_path: Path,
    collections: Collections,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "index"))
    other = write_beir(tmp_path / "[red]other.fr-fr", queries={**QUERIES, "q2": "Le pain ?"})
    path = tmp_path / "figures.json"
    named = ["--dataset", str(folder), "--dataset", str(other), "--json", str(path)]
    assert run.main(named, lambda _: collections) == 0
    figures = json.loads(path.read_text(encoding="utf-8"))
    first, second = figures["datasets"]
    assert (first["name"], first["questions"], first["passages"]) == ("tiny.en-fr", 4, 4)
    assert set(first["systems"]) == {"passerelle", "dense", "bm25", "rrf"}
    assert first["systems"]["dense"] == {"nDCG@10": 1.0, "MRR@10": 1.0, "Success@1": 1.0}
    assert second["systems"]["dense"]["Success@1"] == 0.75
    assert {"auroc", "ece"} <= set(first["abstention"])
    assert set(figures["directions"]) == {"en → fr", "fr → fr"}
    assert figures["mean"]["systems"]["dense"]["Success@1"] == 0.875
    printed = capsys.readouterr().out
    for text in ("tiny.en-fr", "[red]other.fr-fr", "mean over directions", "AUROC"):
        assert text in printed


def test_a_folder_that_is_no_data_set_is_one_line_of_error(
    tmp_path: Path, collections: Collections, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["--dataset", str(tmp_path)], lambda _: collections) == 2
    assert "corpus.jsonl: cannot be read" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_one_line_of_error(
    folder: Path, tmp_path: Path, collections: Collections, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("--json", "--report"):
        (tmp_path / "file").write_text("")
        arguments = ["--dataset", str(folder), option, str(tmp_path / "file" / "x")]
        assert run.main(arguments, lambda _: collections) == 2
        assert "written" in capsys.readouterr().err
