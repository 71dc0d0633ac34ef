"""The description at ``/openapi.json`` tells what the service does."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.answer.service import AskRequest, QAService
from qa.http.app import create_app
from qa.http.contract import EXAMPLES
from qa.wire.schemas import AnswerOut, DocumentsOut, ProblemOut
from tests.http_clients import Open


def test_the_example_of_an_answer_is_a_real_one(article_service: QAService) -> None:
    example = AnswerOut.model_validate(EXAMPLES["answer"])
    answer = AnswerOut.of(article_service.ask(AskRequest(example.question, top_k=1)))
    # Another processor rounds otherwise, and the generation depends on the files of the model.
    near = {"confidence": answer.confidence, "index": answer.index}
    assert example.confidence == pytest.approx(answer.confidence, abs=0.06)
    assert example.passages[0].score == pytest.approx(answer.passages[0].score, abs=0.01)
    example.passages[0].score = answer.passages[0].score
    assert example.model_copy(update=near) == answer


def test_the_example_of_a_document_is_the_bundled_article(article_service: QAService) -> None:
    (document,) = DocumentsOut.of(article_service.generation).documents
    assert EXAMPLES["document"] == document.model_dump()


def test_examples_of_requests_are_answered(article_service: QAService) -> None:
    client = TestClient(create_app(article_service))
    body = client.get("/openapi.json").json()["paths"]["/ask"]["post"]["requestBody"]
    for example in body["content"]["application/json"]["examples"].values():
        assert client.post("/ask", json=example["value"]).json()["passages"]


def test_every_operation_says_how_it_refuses(opened: Open) -> None:
    schema: dict[str, Any] = opened().get("/openapi.json").json()
    for operations in schema["paths"].values():
        for operation in operations.values():
            refused = {s: r for s, r in operation["responses"].items() if s >= "400"}
            assert {"400", "401", "404", "405", "413", "422", "429", "500", "503"} <= set(refused)
            for status, response in refused.items():
                (content,) = response["content"].values()
                example = ProblemOut.model_validate(content["example"])
                assert example.status == int(status)
    assert "HTTPValidationError" not in schema["components"]["schemas"]
