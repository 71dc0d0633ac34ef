"""Gold quotes find their passages under any chunking, and the evaluation runs whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from documents.types import Passage, Span
from eval import run
from eval.article import ask_all, relevant_passages
from eval.sets.questions import Question
from qa.answer.service import AskRequest, QAService
from tests.fakes import FRENCH


def question(*quotes: str) -> Question:
    return Question("q", "Où est le chat ?", "fr", "fact", quotes)


def passage(start: int, end: int) -> Passage:
    return Passage(f"{start}-{end}", "french", start, end, FRENCH.text[start:end], (), "fr")


def relevant(passages: list[Passage], *quotes: str) -> set[str]:
    return set(relevant_passages(question(*quotes), (FRENCH,), passages))


def test_a_passage_that_holds_the_quote_is_relevant() -> None:
    start = FRENCH.text.index("chat dort")
    whole, other = passage(start - 3, start + 20), passage(start + 20, start + 30)
    assert relevant([whole, other], "chat dort") == {whole.id}


def test_half_of_the_quote_is_enough_and_less_is_not() -> None:
    start = FRENCH.text.index("chat dort p")  # 11 code points
    most, rest = passage(start, start + 6), passage(start + 6, start + 12)
    assert relevant([most, rest], "chat dort p") == {most.id}


def test_each_of_several_quotes_counts() -> None:
    a, b = FRENCH.text.index("chat"), FRENCH.text.index("mer")
    passages = [passage(a, a + 4), passage(b, b + 3)]
    assert relevant(passages, "chat", "mer") == {p.id for p in passages}
    assert relevant(passages) == set()


def test_a_quote_of_another_document_is_not_found() -> None:
    assert relevant([passage(0, 5)], "no such words") == set()


def test_questions_are_asked_through_the_service(service: QAService) -> None:
    (asked,) = ask_all(service, [question("Le chat dort près du roi.")])
    assert asked.answer.language.source == "detected"
    assert asked.judged.ranked[0] in asked.judged.relevant


@pytest.mark.parametrize(
    ("spans", "right"),
    [([(3, 7)], True), ([(0, 3)], False), ([(0, 3), (3, 7)], False), ([], False)],
)
def test_the_first_highlight_must_overlap_a_quote(
    service: QAService, monkeypatch: pytest.MonkeyPatch, spans: list[tuple[int, int]], right: bool
) -> None:
    answer = service.ask(AskRequest("Le chat dort près du roi."))
    highlights = tuple(Span(*span) for span in spans)
    first = replace(answer.passages[0], highlights=highlights)
    marked = replace(answer, passages=(first, *answer.passages[1:]))
    monkeypatch.setattr(QAService, "ask_many", lambda *_: [marked])
    assert ask_all(service, [question("chat dort")])[0].highlighted is right
    assert ask_all(service, [question("mer est")])[0].highlighted is None


@pytest.fixture
def on_article(article_service: QAService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "index_paths", lambda *_: None)
    monkeypatch.setattr(run, "open_service", lambda _: article_service)


@pytest.mark.usefixtures("on_article")
def test_the_table_and_the_file_give_the_same_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "figures.json"
    assert run.main(["--split", "dev", "--json", str(path)]) == 0
    figures = json.loads(path.read_text())
    printed = capsys.readouterr().out
    assert f"{figures['all']['Success@1']['mean']:.3f}" in printed
    for row in ("all", "en → fr", "fr → fr", "paraphrase", "typo"):
        assert row in figures
        assert row in printed


@pytest.mark.usefixtures("on_article")
def test_the_confidence_the_highlights_and_the_language_are_judged_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    monkeypatch.setattr(run, "write_expected", lambda asked, _: kept.append(len(asked)))
    monkeypatch.setattr(run, "GATED", ())
    path, folder = tmp_path / "figures.json", tmp_path / "report"
    assert run.main(["--json", str(path), "--report", str(folder), "--write-expected"]) == 0
    figures = json.loads(path.read_text(encoding="utf-8"))
    sizes = {name: found["questions"] for name, found in figures["abstention"].items()}
    assert (
        sizes["all"] == sizes["dev"] + sizes["test"] == sizes["en → fr"] + sizes["fr → fr"] == 260
    )
    assert sizes["unanswerable-far"] == 20
    right = round(200 * figures["all"]["Success@1"]["mean"])
    assert figures["highlights"]["all"]["questions"] == right
    assert figures["language"]["all"]["questions"] == 260
    report = (folder / "report.md").read_text(encoding="utf-8")
    assert f"the worst of {200 - right} questions ranked wrong" in report
    assert kept == [260]


def test_a_part_of_the_questions_cannot_be_expected(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["--split", "dev", "--write-expected"])
    assert "leave --split out" in capsys.readouterr().err
