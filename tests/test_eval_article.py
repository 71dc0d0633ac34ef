"""Gold quotes find their passages under any chunking, and the evaluation runs whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from documents.types import Passage
from eval import run
from eval.article import ask_all, relevant_passages
from eval.questions import Question
from qa.service import QAService
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
