"""Bounds, documents in part, headers, languages and types of problem."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from qa.answer.service import QAService
from qa.http.app import create_app
from qa.http.limits import MAX_BODY, Bounds
from qa.http.negotiation import accepted_language
from qa.http.protection import HEADERS, PAGE_POLICY, POLICY
from qa.wire.problem_types import BY_STATUS, PROBLEM_TYPES
from tests.fakes import FRENCH
from tests.http_clients import Open, assert_problem

KEY = "0123456789abcdef-first"


# Bounds


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_is_measured_before_it_is_parsed(service: QAService, chunked: bool) -> None:
    start = json.dumps({"question": "chat"}).encode()

    async def status(size: int) -> int:
        transport = httpx.ASGITransport(create_app(service))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            content = start.ljust(size)

            async def pieces() -> AsyncIterator[bytes]:
                for at in range(0, size, 1000):
                    yield content[at : at + 1000]

            sent = pieces() if chunked else content
            headers = {"Content-Type": "application/json"}
            response = await client.post("/ask", content=sent, headers=headers)
            return response.status_code

    assert asyncio.run(status(MAX_BODY)) == 200
    assert asyncio.run(status(MAX_BODY + 1)) == 413


def test_the_head_of_a_request_is_bounded(opened: Open) -> None:
    response = opened().get("/health", headers={"X-Long": "x" * 16_384})
    assert_problem(response, "header-fields-too-large")


def test_a_slow_body_and_a_slow_answer_are_given_up() -> None:
    async def forever(*_: object) -> dict[str, object]:
        await asyncio.sleep(60)
        raise AssertionError

    async def run(headers: list[tuple[bytes, bytes]]) -> list[dict[str, object]]:
        sent: list[dict[str, object]] = []

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"",
                 "headers": headers}  # fmt: skip
        bounds = Bounds(forever, body_seconds=0.01, seconds=0.01)  # type: ignore[arg-type]
        await bounds(scope, forever, send)  # type: ignore[arg-type]
        return sent

    body, answer = asyncio.run(run([(b"content-length", b"9")])), asyncio.run(run([]))
    assert (body[0]["status"], answer[0]["status"]) == (408, 503)


@pytest.mark.parametrize(
    ("announced", "sizes", "status"),
    [(b"101", [50], 413), (None, [60, 60], 413), (None, [60, 40], 200), (None, [60, None], 408)],
)
def test_files_pass_as_they_come_within_bounds(
    announced: bytes | None, sizes: list[int | None], status: int
) -> None:
    async def run() -> int:
        sent, pieces = [], list(sizes)

        async def receive() -> dict[str, object]:
            if not pieces:
                return {"type": "http.disconnect"}
            size = pieces.pop(0)
            if size is None:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": b"x" * (size or 0), "more_body": bool(pieces)}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        async def read_all(_: object, receive: Callable[[], Any], send: Callable[..., Any]) -> None:
            while (await receive()).get("more_body"):
                pass
            await send({"type": "http.response.start", "status": 200, "headers": []})

        kind = (b"content-length", announced) if announced else (b"transfer-encoding", b"chunked")
        scope = {"type": "http", "method": "POST", "path": "/documents", "query_string": b"",
                 "headers": [kind]}  # fmt: skip
        bounds = Bounds(read_all, upload=100, upload_seconds=0.01 if None in sizes else 60)
        await bounds(scope, receive, send)  # type: ignore[arg-type]
        return int(str(sent[0]["status"]))

    assert asyncio.run(run()) == status


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_json_is_refused(opened: Open, kind: str) -> None:
    response = opened().post("/ask", content=b'{"question":"chat"}', headers={"Content-Type": kind})
    assert_problem(response, "unsupported-media-type")


@pytest.mark.parametrize(
    "path",
    ["/ask?q=chat&k=3", "/ask?q=chat&q=mer", "/documents?x=1", "/health?x", "/ready?a=b",
     "/documents/french/text?begin=1", "/metrics?x=1", "/problems/overloaded?x=1"],
)  # fmt: skip
def test_unknown_and_repeated_parameters_are_refused(opened: Open, path: str) -> None:
    assert_problem(opened().get(path), "invalid-request")


# Documents


def test_a_part_of_a_text_is_served_by_code_points(opened: Open) -> None:
    client, length = opened(), len(FRENCH.text)
    for start, end in [(0, length), (3, 9), (5, 5), (length, length)]:
        part = client.get("/documents/french/text", params={"start": start, "end": end})
        assert part.content.decode() == FRENCH.text[start:end]
        assert part.headers["etag"] == f'"{FRENCH.sha256}:{start}-{end}"'
        known = {"If-None-Match": f'W/{part.headers["etag"]}, "other"'}
        again = client.get("/documents/french/text", params={"start": start, "end": end},
                           headers=known)  # fmt: skip
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/documents/french/text?start=3").content.decode() == FRENCH.text[3:]


@pytest.mark.parametrize("query", ["start=9&end=3", "end=100000", "start=100000"])
def test_an_impossible_part_is_refused(opened: Open, query: str) -> None:
    assert_problem(opened().get(f"/documents/french/text?{query}"), "range-not-satisfiable")


@pytest.mark.parametrize("path", ["/documents/french/text", "/documents", "/health", "/ask?q=chat"])
def test_whatever_can_be_got_has_a_head(opened: Open, path: str) -> None:
    client = opened()
    head, got = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers.get("etag") == got.headers.get("etag")


# Headers and languages


def test_every_answer_tells_browsers_what_not_to_do(opened: Open) -> None:
    client = opened(keys=(KEY,))
    for path in ("/health", "/nothing", "/documents"):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["cache-control"] == "no-store"
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert "access-control-allow-origin" not in headers


def test_the_description_loads_nothing_from_elsewhere(opened: Open) -> None:
    page = opened().get("/docs")
    assert "//" not in page.text.replace("//www.w3.org", "")
    assert "script-src 'self' 'sha256-" in page.headers["content-security-policy"]
    assert "unsafe-inline" not in page.headers["content-security-policy"].split("style-src")[0]
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert opened().get(f"/docs/{name}").status_code == 200
    assert_problem(opened().get("/docs/redoc.standalone.js"), "not-found")


def test_a_page_may_load_its_own_files_alone(service: QAService) -> None:
    app = create_app(service)

    @app.get("/page")
    async def page() -> object:
        from starlette.responses import HTMLResponse

        return HTMLResponse("<p>")

    assert TestClient(app).get("/page").headers["content-security-policy"] == PAGE_POLICY


def test_other_sites_may_ask_only_if_named(opened: Open) -> None:
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    named = opened(origins=("https://a.example",), keys=(KEY,))
    allowed = named.options("/ask", headers=preflight)
    assert allowed.headers["access-control-allow-origin"] == "https://a.example"
    other = named.options("/ask", headers={**preflight, "Origin": "https://b.example"})
    assert "access-control-allow-origin" not in other.headers
    assert_problem(opened().options("/ask", headers=preflight), "method-not-allowed")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("fr", "fr"), ("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("en,fr", "en"),
        ("en;q=0.5, fr;q=0.6", "fr"), ("de", "en"), ("*", "en"), ("fr;q=0", "en"),
        ("fr;q=x", "en"), ("fr;level=1", "fr"), (",;,;=", "en"),
    ],
)  # fmt: skip
def test_the_language_that_is_accepted(header: str, language: str) -> None:
    assert accepted_language(header) == language


def test_problems_speak_the_language_of_the_question_then_that_of_the_headers(
    opened: Open,
) -> None:
    client, french = opened(), {"Accept-Language": "fr"}
    for question, headers, said in [
        ("Où est le chat du roi ?", {}, "document inconnu"),
        ("Where is the king's cat?", french, "unknown document"),
        ("G7", french, "document inconnu"),
        ("G7", {}, "unknown document"),
    ]:
        body = {"question": question, "documents": ["none"]}
        assert client.post("/ask", json=body, headers=headers).json()["title"] == said
    missing = client.post("/ask", json={"top_k": 99}, headers=french).json()["detail"]
    assert missing == "body.question : champ obligatoire ; body.top_k : doit être au plus 20"
    assert client.get("/nothing", headers=french).json()["title"] == "introuvable"


# Problem types


@pytest.mark.parametrize("name", PROBLEM_TYPES)
def test_every_type_of_problem_is_documented_at_its_address(opened: Open, name: str) -> None:
    client = opened()
    found = client.get(f"/problems/{name}").json()
    assert found["type"] == f"/problems/{name}"
    assert found["status"] == PROBLEM_TYPES[name].status
    assert set(found["title"]) == set(found["detail"]) == {"fr", "en"}
    assert f"/problems/{name}" in client.get("/openapi.json").json()["info"]["description"]


def test_a_status_names_a_type_of_that_status() -> None:
    assert {PROBLEM_TYPES[name].status for name in BY_STATUS.values()} == set(BY_STATUS)
    assert all(PROBLEM_TYPES[name].status == status for status, name in BY_STATUS.items())


def test_405_names_all_methods_of_the_address(opened: Open) -> None:
    client = opened()
    assert client.put("/ask").headers["allow"] == "GET, HEAD, POST"
    assert client.put("/documents/french").headers["allow"] == "DELETE, GET, HEAD"
    assert client.delete("/documents/french/text").headers["allow"] == "GET, HEAD"
    assert_problem(client.put("/ask/batch"), "method-not-allowed")


def test_what_fails_inside_says_nothing_of_the_machine(
    opened: Open, service: QAService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise OSError("/secret/folder")

    monkeypatch.setattr(service.encoder, "encode_queries", broken)
    response = opened().post("/ask", json={"question": "chat"})
    assert_problem(response, "internal-error")
    assert "secret" not in response.text
    assert "Traceback" not in response.text
