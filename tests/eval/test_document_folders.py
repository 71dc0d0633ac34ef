"""Folders of documents go through the whole evaluation with an encoder worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import run
from eval.document_folders import measure_folder, measure_together, pooled, scores
from eval.reports.folders import folder_figures
from eval.sets.collection import Collections
from eval.sets.documents import load_folder
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from qa.answer.service import QAService
from qa.settings import Settings
from tests.fakes import FakeEncoder

FRENCH = {
    "bêtes.md": "# Les bêtes\n\n## Le chat\n\nIl dort tout le jour au chaud.\n\n"
    "## La mer\n\nElle est calme et le vent est doux ce soir.\n",
    "repas.md": "# Le repas\n\n## Le pain\n\nIl est servi à la table de tous, matin et soir.\n",
}
ENGLISH = {"food.md": "# Food\n\n## The bread\n\nIt is served at every table, day and night.\n"}


def line(q: str, lang: str, kind: str, file: str, heading: str) -> dict[str, object]:
    return {"q": q, "lang": lang, "kind": kind, "file": file, "heading": heading}


REFUSED = {"q": "Où est le roi ?", "lang": "fr", "kind": "near-miss", "answerable": False}
LOST = line("Que fait le chien ?", "fr", "verbatim", "bêtes.md", "Le chien")
QUESTIONS = [
    line("Le chat", "fr", "verbatim", "bêtes.md", "Le chat"),
    line("Where is the sea?", "en", "other-language", "bêtes.md", "La mer"),
    LOST,
    REFUSED,
]


def write(
    folder: Path, docs: dict[str, str] = FRENCH, questions: list[dict[str, object]] = QUESTIONS
) -> Path:
    (folder / "docs").mkdir(parents=True)
    for name, text in docs.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    lines = "\n".join(json.dumps(question) for question in questions)
    (folder / "questions.jsonl").write_text(lines + "\n", encoding="utf-8")
    return folder


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
    return write(tmp_path / "tiny.fr")


@pytest.fixture
def english(tmp_path: Path) -> Path:
    asked = [line("Le pain ?", "fr", "other-language", "food.md", "The bread")]
    return write(tmp_path / "[red]other.en", ENGLISH, asked)


def test_what_is_indexed_is_cut_from_the_files(folder: Path, collections: Collections) -> None:
    found = measure_folder(load_folder(folder), collections)
    assert (found.name, found.passages, found.unread) == ("tiny.fr", 3, ())
    assert [a.direction for a in found.asked] == ["fr → fr", "en → fr", "fr → fr", "fr"]
    assert [len(a.relevant) for a in found.asked] == [1, 1, 0, 0]
    assert [a.lost for a in found.asked] == [False, False, True, False]
    assert [len(a.answer.passages) for a in found.asked] == [3, 3, 3, 3]


def test_the_rivals_read_headings(folder: Path, collections: Collections) -> None:
    found = measure_folder(load_folder(folder), collections)
    assert list(found.asked[0].ranked) == ["passerelle", "dense", "bm25", "rrf"]
    # Neither passage has the word that its heading has; no English word is in the French texts.
    assert scores(found.asked, "dense")["Success@1"].tolist() == [1, 1, 0, 0]
    assert scores(found.asked, "bm25")["Success@1"].tolist() == [1, 0, 0, 0]


def test_a_lost_place_counts_as_wrong_and_is_listed(folder: Path, collections: Collections) -> None:
    (figures,) = folder_figures([measure_folder(load_folder(folder), collections)])["documents"]
    lost = {"line": 3, "question": "Que fait le chien ?", "place": "bêtes.md # Le chien"}
    assert figures["no_right_passage"] == [lost]
    missed = {miss["line"]: miss["rank"] for miss in figures["misses"]}
    assert missed[3] is None
    assert all(rank > 1 for line, rank in missed.items() if line != 3)
    assert figures["groups"]["answerable"]["questions"] == 3
    assert figures["groups"]["answerable"]["systems"]["dense"]["Success@1"] == pytest.approx(2 / 3)
    assert list(figures["groups"]) == [
        "answerable", "en → fr", "fr → fr", "other-language", "verbatim",
        "not answerable", "not answerable: near-miss",
    ]  # fmt: skip


def test_a_folder_that_loses_every_place_is_measured(
    tmp_path: Path, collections: Collections
) -> None:
    found = measure_folder(load_folder(write(tmp_path / "lost", FRENCH, [LOST])), collections)
    (figures,) = folder_figures([found])["documents"]
    group = figures["groups"]["answerable"]
    assert (group["first"]["mean"], group["answered_right"], group["auroc"]) == (0, 0, None)


def test_a_file_that_cannot_be_read_is_named(folder: Path, collections: Collections) -> None:
    (folder / "docs" / "empty.md").write_text("")
    found = measure_folder(load_folder(folder), collections)
    assert len(found.unread) == 1
    assert "empty.md: there is no text in it" in found.unread[0]


def test_folders_are_asked_together_too(
    folder: Path, english: Path, collections: Collections
) -> None:
    folders = [load_folder(path) for path in (folder, english)]
    alone = [measure_folder(read, collections) for read in folders]
    together = measure_together(folders, collections)
    assert [result.passages for result in together] == [4, 4]
    # Identifiers are relative to the folder of the documents, so the right passages are the same.
    assert [[a.relevant for a in result.asked] for result in together] == [
        [a.relevant for a in result.asked] for result in alone
    ]
    figures = folder_figures(alone, together)
    assert [found["name"] for found in figures["together"]] == [
        "tiny.fr", "[red]other.en", "all folders",
    ]  # fmt: skip
    assert figures["all_documents"]["questions"] == len(pooled(alone, 4).asked) == 5
    every = figures["together"][-1]["groups"]
    assert set(every) == {
        "answerable", "en → fr", "fr → fr", "fr → en", "verbatim", "other-language",
    }  # fmt: skip
    for group in every.values():
        assert group["difference"]["mean"] == pytest.approx(group["together"] - group["alone"])


def test_files_of_the_same_name_are_told_apart(tmp_path: Path, collections: Collections) -> None:
    folders = [load_folder(write(tmp_path / name)) for name in ("one", "two")]
    first, second = (result.asked[0] for result in measure_together(folders, collections))
    assert first.relevant
    assert second.relevant
    assert not first.relevant & second.relevant


def test_the_command_prints_and_writes(
    folder: Path,
    english: Path,
    tmp_path: Path,
    collections: Collections,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "index"))
    path, report = tmp_path / "figures.json", tmp_path / "report"
    named = ["--documents", str(folder), "--documents", str(english), "--together"]
    arguments = [*named, "--json", str(path), "--report", str(report)]
    assert run.main(arguments, lambda _: collections) == 0
    figures = json.loads(path.read_text(encoding="utf-8"))
    assert set(figures) == {"documents", "all_documents", "together"}
    printed = capsys.readouterr().out
    for text in ("tiny.fr: 3 passages", "[red]other.en", "all folders in one index of 4 passages"):
        assert text in printed
    assert "tiny.fr: no right passage: line 3: Que fait le chien ?" in printed
    written = (report / "report.md").read_text(encoding="utf-8")
    assert "| en → fr | 1 |" in written
    assert "line 3\\: Que fait le chien ?" in written


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--together", "--documents", "one"], "--together needs two folders"),
        (["--write-expected", "--documents", "one"], "folders of their own"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run.main(arguments)
    assert message in capsys.readouterr().err


def test_a_folder_that_holds_no_questions_is_one_line_of_error(
    tmp_path: Path, collections: Collections, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["--documents", str(tmp_path)], lambda _: collections) == 2
    assert "docs: there is no such folder" in capsys.readouterr().err
