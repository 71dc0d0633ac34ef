"""The Python client, against the service over a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI, Response

from qa.answer.service import AskRequest, QAService
from qa.errors import Refused, RemoteError
from qa.http.access import Exposure
from qa.http.app import create_app
from qa.settings import Quota
from qa.wire.client import Client
from qa.wire.schemas import AnswerOut, AskIn
from tests.fakes import ENGLISH, FRENCH
from tests.servers import running

KEY = "0123456789abcdef-first"


@pytest.fixture
def client(service: QAService) -> Iterator[Client]:
    app = create_app(service, exposure=Exposure(keys=(KEY,), rate=Quota(20, 3600)))
    with running(uvicorn.Config(app, port=0, log_level="error")) as url, Client(url, KEY) as client:
        yield client


def test_answers_are_those_of_the_service(client: Client, service: QAService) -> None:
    expected = AnswerOut.of(service.ask(AskRequest("Où est le chat ?", top_k=2)))
    assert client.ask("Où est le chat ?", top_k=2) == expected
    several = client.ask_many([AskIn(question="Où est le chat ?", top_k=2), AskIn(question="mer")])
    assert several[0] == expected
    assert several[1].question == "mer"


def test_documents_languages_and_parts(client: Client, service: QAService) -> None:
    assert [d.id for d in client.documents()] == [FRENCH.id, ENGLISH.id]
    assert client.ready().generation == service.generation.id
    assert client.text(FRENCH.id) == FRENCH.text
    assert client.text(FRENCH.id, 3, 9) == FRENCH.text[3:9]
    asked = client.ask("the cat", language="fr", documents=[FRENCH.id])
    assert asked.language.source == "requested"
    assert {p.citation.document_id for p in asked.passages} == {FRENCH.id}


def test_a_citation_is_checked_against_the_served_text(client: Client) -> None:
    citation = client.ask("chat").passages[0].citation
    assert client.check(citation)
    assert not client.check(citation.model_copy(update={"start": citation.start + 1}))
    assert not client.check(citation.model_copy(update={"sha256": "0" * 64}))


def test_a_refusal_says_why_and_when_to_come_back(client: Client) -> None:
    with pytest.raises(Refused, match="empty") as empty:
        client.ask(" ")
    assert empty.value.type == "/problems/empty-question"
    assert empty.value.retry_after is None
    with pytest.raises(Refused) as often:
        client.ask_many([AskIn(question="chat")] * 30)
    assert often.value.status == 429
    assert (often.value.retry_after or 0) >= 1


def test_names_of_documents_stay_in_their_place(client: Client) -> None:
    with pytest.raises(Refused) as refused:
        client.text("../ask?q=chat")
    assert refused.value.status == 404


def test_nobody_there() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(RemoteError, match="no answer"):
        client.ask("chat")


@pytest.mark.parametrize("status", [200, 500])
def test_somebody_else(status: int) -> None:
    app = FastAPI()

    @app.post("/ask")
    def answer() -> Response:
        return Response("{}", status)

    config = uvicorn.Config(app, port=0, log_level="error")
    with (
        running(config) as url,
        Client(url) as client,
        pytest.raises(RemoteError, match="Passerelle"),
    ):
        client.ask("chat")
