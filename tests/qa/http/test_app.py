"""The HTTP service keeps the wire contract, for good and for bad input."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from documents.types import checksum
from qa.answer.service import AskRequest, QAService
from qa.http.app import create_app
from qa.wire.schemas import AnswerOut
from tests.fakes import ENGLISH, FRENCH


@pytest.fixture
def client(service: QAService) -> TestClient:
    return TestClient(create_app(service), raise_server_exceptions=False)


def test_an_answer_has_exactly_the_fields_of_the_contract(client: TestClient) -> None:
    answer = client.post("/ask", json={"question": "where is the cat", "top_k": 1}).json()
    assert list(answer) == [
        "question", "language", "answerable", "outcome", "confidence", "read", "message",
        "passages", "index",
    ]  # fmt: skip
    (passage,) = answer["passages"]
    assert list(passage) == [
        "rank", "score", "language", "text", "highlights", "answer", "citation", "also",
        "also_more",
    ]  # fmt: skip
    assert (passage["also"], passage["also_more"]) == ([], 0)
    assert list(passage["citation"]) == [
        "document_id", "title", "section", "page", "start", "end", "quote", "sha256", "url",
        "rectangles",
    ]  # fmt: skip
    assert list(answer["index"]) == ["generation", "model", "passages"]
    assert answer["language"] == {"code": "en", "confidence": pytest.approx(1, abs=0.2),
                                  "source": "detected"}  # fmt: skip


def test_every_way_to_ask_gives_the_same_bytes(client: TestClient, service: QAService) -> None:
    question = "Où est le chat ?"
    posted = client.post("/ask", json={"question": question, "top_k": 2}).content
    got = client.get("/ask", params={"q": question, "top_k": 2}).content
    batch = client.post("/ask/batch", json={"questions": [{"question": question, "top_k": 2}]})
    direct = AnswerOut.of(service.ask(AskRequest(question, top_k=2))).model_dump_json().encode()
    assert posted == got == direct
    assert batch.json()["answers"] == [json.loads(direct)]


def test_citations_point_into_the_text_that_is_served(client: TestClient) -> None:
    for passage in client.post("/ask", json={"question": "mer"}).json()["passages"]:
        cited = passage["citation"]
        text = client.get(f"/documents/{cited['document_id']}/text").content.decode()
        assert text[cited["start"] : cited["end"]] == cited["quote"] == passage["text"]
        assert checksum(text) == cited["sha256"]
        place = f"c={cited['start']}-{cited['end']}"
        assert cited["url"].startswith(
            f"/documents/{cited['document_id']}?{place}&v={cited['sha256'][:12]}&q="
        )
        assert cited["url"].endswith(f"#{place}")
        assert client.get(cited["url"]).status_code == 200


def test_only_the_named_documents_are_searched(client: TestClient) -> None:
    body = {"question": "the cat", "documents": [FRENCH.id]}
    passages = client.post("/ask", json=body).json()["passages"]
    assert {p["citation"]["document_id"] for p in passages} == {FRENCH.id}


def test_documents_are_listed(client: TestClient) -> None:
    listed = client.get("/documents").json()["documents"]
    assert [d["id"] for d in listed] == [FRENCH.id, ENGLISH.id]
    one = client.get(f"/documents/{ENGLISH.id}").json()
    assert one == listed[1]
    assert one == {
        "id": "english", "title": "English", "language": "en", "sha256": ENGLISH.sha256,
        "source_url": None, "characters": len(ENGLISH.text), "passages": 2, "notices": [],
        "properties": {}, "pages": None, "state": "read",
    }  # fmt: skip


def test_the_text_is_verbatim_and_cacheable(client: TestClient) -> None:
    response = client.get(f"/documents/{FRENCH.id}/text")
    assert response.content.decode() == FRENCH.text
    etag = response.headers["etag"]
    assert etag == f'"{FRENCH.sha256}"'
    again = client.get(f"/documents/{FRENCH.id}/text", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_health_and_readiness(client: TestClient, service: QAService) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json()["generation"] == service.generation.id


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"question": ""}, "/problems/empty-question"),
        ({"question": " \n\t\u00a0"}, "/problems/empty-question"),
        ({"question": "é" * 1001}, "/problems/question-too-long"),
        ({"question": "a\x00b"}, "/problems/invalid-question"),
        ({"question": "😀🎉"}, "/problems/invalid-question"),
        ({"question": "chat", "language": "de"}, "/problems/unknown-language"),
        ({"question": "chat", "language": ""}, "/problems/unknown-language"),
        ({"question": "chat", "top_k": 0}, "/problems/invalid-request"),
        ({"question": "chat", "top_k": 21}, "/problems/invalid-request"),
        ({"question": "chat", "topk": 3}, "/problems/invalid-request"),
        ({"question": 7}, "/problems/invalid-request"),
        ({}, "/problems/invalid-request"),
    ],
)
def test_bad_input_is_a_problem(client: TestClient, body: object, kind: str) -> None:
    response = client.post("/ask", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail"]
    assert (problem["type"], problem["status"]) == (kind, 422)
    assert problem["detail"]


def test_lone_surrogates_are_a_problem(client: TestClient) -> None:
    response = client.post(
        "/ask", content=rb'{"question": "a \ud800 b"}', headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b'"x"'])
def test_malformed_json_is_a_problem(client: TestClient, content: bytes) -> None:
    response = client.post("/ask", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"


def test_unknown_documents_are_not_found(client: TestClient) -> None:
    for path in ("/documents/none", "/documents/none/text", "/nothing"):
        response = client.get(path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
    body = {"question": "chat", "documents": ["none"]}
    assert client.post("/ask", json=body).json()["type"] == "/problems/unknown-document"


def test_a_wrong_method_says_which_are_allowed(client: TestClient) -> None:
    response = client.put("/ask")
    assert response.status_code == 405
    assert response.json()["title"] == "method not allowed"


def test_too_many_questions_at_once(client: TestClient) -> None:
    response = client.post("/ask/batch", json={"questions": [{"question": "chat"}] * 101})
    assert response.status_code == 422


def test_the_openapi_description_has_examples_in_both_languages(client: TestClient) -> None:
    body = client.get("/openapi.json").json()["paths"]["/ask"]["post"]["requestBody"]
    examples = body["content"]["application/json"]["examples"]
    assert {"english", "français"} <= set(examples)
    for example in examples.values():
        assert client.post("/ask", json=example["value"]).status_code == 200
