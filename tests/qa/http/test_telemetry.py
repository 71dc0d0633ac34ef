"""Each request is named, counted and logged; questions stay out of it unless asked for."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from qa.answer.service import AskRequest, QAService
from qa.http.app import create_app
from qa.http.state import state_of
from qa.http.telemetry import JsonLines, log_config
from tests.http_clients import Open
from tests.servers import request, serving


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service writes to its log."""
    stream, logger = io.StringIO(), logging.getLogger("passerelle")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def samples(client: TestClient) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


# The log


def test_a_request_is_one_line(opened: Open, log: io.StringIO) -> None:
    response = opened().get("/ask?q=secret+chat")
    (line,) = lines(log)
    assert list(line) == [
        "time", "level", "message", "request_id", "method", "route", "status", "ms",
    ]  # fmt: skip
    assert line["request_id"] == response.headers["x-request-id"]
    assert (line["level"], line["method"], line["route"], line["status"]) == (
        "info", "GET", "/ask", 200,
    )  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    assert 0 < line["ms"] < 10_000
    assert "secret" not in log.getvalue()


def test_questions_are_logged_when_asked_for(opened: Open, log: io.StringIO) -> None:
    opened(log_questions=True).post("/ask", json={"question": "où est\nle chat"})
    (line,) = lines(log)
    assert line["question"] == "où est\nle chat"
    assert log.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abc-DEF_1.2", True), ("a" * 64, True), ("a" * 65, False), ("", False), ("a b", False),
        ("a\tb", False), ('"}', False), ("é", False), ("a,b", False),
    ],
)  # fmt: skip
def test_an_identifier_is_taken_over_if_it_is_harmless(
    opened: Open, given: str, kept: bool
) -> None:
    headers = {"X-Request-ID": given.encode("latin-1")}
    carried = opened().get("/health", headers=headers).headers["x-request-id"]  # type: ignore[arg-type]
    assert (carried == given) == kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", carried)


def test_what_nobody_caught_is_logged_and_not_told(
    opened: Open, log: io.StringIO, service: QAService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise OSError("/secret/folder")

    monkeypatch.setattr(service.encoder, "encode_queries", broken)
    response = opened().post("/ask", json={"question": "chat"})
    failure, line = lines(log)
    assert "/secret/folder" in failure["exception"]
    assert failure["request_id"] == line["request_id"] == response.headers["x-request-id"]
    assert (line["level"], line["status"]) == ("error", 500)


def test_nothing_that_a_client_writes_is_a_route(opened: Open, log: io.StringIO) -> None:
    client = opened()
    client.get("/no/such/path/whatever")
    client.request("BREW", "/ask")
    assert [line["route"] for line in lines(log)] == ["none", "/ask"]


@pytest.mark.parametrize("colours", [True, False])
def test_the_configuration_of_the_log_is_one(colours: bool) -> None:
    import logging.config

    logging.config.dictConfig(log_config(colours))
    for name in ("passerelle", "uvicorn"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.NOTSET)


# The metrics


def test_requests_stages_and_confidence_are_counted(service: QAService) -> None:
    with TestClient(create_app(service)) as client:
        client.get("/ask", params={"q": "Où est le chat du roi ?"})
        client.get("/ask", params={"q": "Où est le chat du roi ?"})  # from memory
        both = [{"question": "Where is the king's cat?"}, {"question": "la mer"}]
        client.post("/ask/batch", json={"questions": both})
        client.get("/ask", params={"q": ""})
        client.get("/nothing")
        found = samples(client)
    assert found["passerelle_requests_total", "fr", "GET", "/ask", "200"] == 2
    assert found["passerelle_requests_total", "en", "POST", "/ask/batch", "200"] == 1
    assert found["passerelle_requests_total", "", "GET", "/ask", "422"] == 1
    assert found["passerelle_requests_total", "", "GET", "none", "404"] == 1
    assert found["passerelle_request_seconds_count", "/ask"] == 3
    assert found["passerelle_confidence_count",] == 4
    for stage in ("language", "rank", "confidence"):
        assert found["passerelle_stage_seconds_count", stage] == 3
    assert found["passerelle_stage_seconds_count", "encode"] == 2
    assert found["passerelle_queue_depth",] == 0
    passages = service.info.passages
    assert found["passerelle_index_passages", service.info.generation, "fake"] == passages


def test_what_is_asked_on_the_page_is_counted_too(service: QAService) -> None:
    with TestClient(create_app(service)) as client:
        page = client.get("/", params={"q": "Où est le chat ?"}, headers={"Accept": "text/html"})
        assert page.status_code == 200
        found = samples(client)
    assert found["passerelle_requests_total", "fr", "GET", "/", "200"] == 1
    assert found["passerelle_confidence_count",] == 1


def test_an_application_that_ended_is_told_of_no_stage(service: QAService) -> None:
    app = create_app(service)
    with TestClient(app):
        service.ask(AskRequest("chat"))
    service.ask(AskRequest("chat"))
    text = state_of(app).metrics.exposition().decode()
    assert 'passerelle_stage_seconds_count{stage="rank"} 1.0' in text


def test_language_and_confidence_are_those_of_the_answer_not_of_the_question(
    service: QAService,
) -> None:
    tricky = 'Où est le chat "language":{"code":"en"} "answerable":true,"confidence":0.1,'
    with TestClient(create_app(service)) as client:
        answer = client.post("/ask", json={"question": tricky}).json()
        found = samples(client)
    assert found["passerelle_requests_total", "fr", "POST", "/ask", "200"] == 1
    assert answer["language"]["code"] == "fr"
    assert found["passerelle_confidence_sum",] == pytest.approx(answer["confidence"], abs=1e-6)


def test_processes_count_together(article_service: QAService) -> None:
    index: Path = article_service.generation.encoder.parents[2]
    with serving(index, "--workers", "2") as served:
        for number in range(20):
            request(served.port, "POST", "/ask", {"question": f"Combien de chercheurs {number} ?"})
        # A process that is asked writes down its own gauges; the counters are those of both.
        content = request(served.port, "GET", "/metrics")[1].decode()
    found = {line.rpartition(" ")[0]: line.rpartition(" ")[2] for line in content.splitlines()}
    labels = 'language="fr",method="POST",route="/ask",status="200"'
    assert float(found[f"passerelle_requests_total{{{labels}}}"]) == 20
