"""The bundled article, the real model, every question of the set: from end to end."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from documents.types import checksum
from eval.sets.questions import Question, load_questions
from qa.answer.service import MAX_TOP_K, AskRequest, QAService
from qa.cli import asking
from qa.cli import main as cli
from qa.http.app import create_app
from qa.wire.schemas import AnswerOut

QUESTIONS = load_questions()


@pytest.fixture(scope="module")
def client(article_service: QAService) -> Iterator[TestClient]:
    with TestClient(create_app(article_service)) as client:
        yield client


def test_every_citation_of_every_answer_is_a_verbatim_slice(article_service: QAService) -> None:
    requests = [AskRequest(q.text, top_k=MAX_TOP_K) for q in QUESTIONS]
    checked = 0
    for answer in article_service.ask_many(requests):
        for passage in answer.passages:
            cited = passage.citation
            text = article_service.document(cited.document_id).text
            assert text[cited.start : cited.end] == cited.quote == passage.passage.text
            assert cited.sha256 == checksum(text)
            checked += 1
    assert checked == len(QUESTIONS) * 20


@pytest.mark.parametrize("question", QUESTIONS[::20], ids=lambda q: q.id)
def test_the_command_line_and_http_give_the_same_bytes(
    question: Question,
    client: TestClient,
    article_service: QAService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(asking, "ready_service", lambda _: article_service)
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    cli.main(["ask", question.text, "--json"])
    assert (
        capsys.readouterr().out == client.post("/ask", json={"question": question.text}).text + "\n"
    )


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who is Mila's new scientific director?", "Hugo Larochelle"),
        ("Qui est le nouveau directeur scientifique de Mila ?", "Hugo Larochelle"),
        ("Combien de personnes travaillent à Mila ?", "1 500 chercheur·euse·s"),
        ("When did Mila host the G7 delegations?", "du 8 au 10 décembre"),
        ("Which supercomputer is in Italy?", "Leonardo"),
    ],
)
def test_the_first_passage_answers(article_service: QAService, question: str, quote: str) -> None:
    assert quote in article_service.ask(AskRequest(question)).passages[0].passage.text


@pytest.mark.parametrize(
    "spellings",
    [
        ["Qu'est-ce que l'IA ?", "Qu’est-ce que l’IA ?", "Qu’est-ce que l’IA\u202f?"],
        ["Où est la délégation ?", "Ou\u0300 est la de\u0301le\u0301gation ?"],
        ["Qui sont les 1 500 ?", "Qui sont les 1\u00a0500 ?", "Qui sont les 1\u202f500\u00a0?"],
        ["Le « Pays de l'année »", "Le «\u00a0Pays de l’année\u00a0»", 'Le "Pays de l\'année"'],
    ],
)
def test_how_it_is_typed_does_not_matter(article_service: QAService, spellings: list[str]) -> None:
    answers = [article_service.ask(AskRequest(s)) for s in spellings]
    rankings = [[(p.citation.start, round(p.score, 4)) for p in a.passages] for a in answers]
    assert all(ranking == rankings[0] for ranking in rankings)


def test_an_answer_can_be_read_back(article_service: QAService) -> None:
    answer = AnswerOut.of(article_service.ask(AskRequest("Qui est la présidente de Mila ?")))
    assert AnswerOut.model_validate(json.loads(answer.model_dump_json())) == answer
