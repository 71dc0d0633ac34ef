"""Agents get answers that they can check, over both transports, by the SDK's own client."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp.types import TextContent, TextResourceContents

from documents.types import checksum
from index.search.filters import Comparison
from qa.answer.service import AskRequest, QAService
from qa.keys import Grant
from qa.server.mcp_server import MAX_READ, create_server, http_application
from qa.settings import Settings
from qa.wire.schemas import AnswerOut
from tests.fakes import ENGLISH, FRENCH
from tests.servers import ROOT


def of(index: Path) -> dict[str, str]:
    return {**os.environ, "QA_INDEX": str(index), "PYTHONPATH": str(ROOT)}


@asynccontextmanager
async def inside(service: QAService) -> AsyncIterator[Client]:
    """Connect to a server in this process."""
    server = create_server(service, Settings.from_environment({}))
    async with Client(server) as client:
        yield client


def test_the_answer_is_the_one_of_the_wire_contract(service: QAService) -> None:
    async def test() -> None:
        async with inside(service) as client:
            asked = {"question": "Où est le chat ?", "top_k": 2}
            result = await client.call_tool("ask", asked)
            expected = AnswerOut.of(service.ask(AskRequest("Où est le chat ?", top_k=2)))
            assert not result.is_error
            assert AnswerOut.model_validate(result.structured_content) == expected

    asyncio.run(test())


def test_a_citation_can_be_checked(service: QAService) -> None:
    async def test() -> None:
        async with inside(service) as client:
            answer = (await client.call_tool("ask", {"question": "mer"})).structured_content
            for passage in answer["passages"]:
                cited = passage["citation"]
                place = {"id": cited["document_id"], "start": cited["start"], "end": cited["end"]}
                part = (await client.call_tool("read_document", place)).structured_content
                assert part["text"] == cited["quote"]
                assert part["sha256"] == cited["sha256"]

    asyncio.run(test())


def test_documents_are_resources(service: QAService) -> None:
    async def test() -> None:
        async with inside(service) as client:
            listed = (await client.list_resources()).resources
            assert [r.uri for r in listed] == [
                f"passerelle://documents/{d.id}" for d in (FRENCH, ENGLISH)
            ]
            (content,) = (await client.read_resource(listed[0].uri)).contents
            assert isinstance(content, TextResourceContents)
            assert checksum(content.text) == FRENCH.sha256
            with pytest.raises(MCPError):
                await client.read_resource("passerelle://documents/../../etc/passwd")

    asyncio.run(test())


def test_tools_are_described_and_change_nothing(service: QAService) -> None:
    async def test() -> None:
        async with inside(service) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"ask", "read_document"}
            assert all(t.annotations and t.annotations.read_only_hint for t in tools.values())
            assert set((tools["ask"].output_schema or {})["properties"]) == set(
                AnswerOut.model_fields
            )

    asyncio.run(test())


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "é" * 1001}, "more than 1000"),
        ("ask", {"question": "chat", "top_k": 0}, "greater than or equal to 1"),
        ("ask", {"question": "chat", "documents": ["none"]}, "no document 'none'"),
        ("ask", {"question": "chat", "filters": {"type": "eq"}}, "filters: the field"),
        ("ask", {}, "question"),
        ("read_document", {"id": "../../etc/passwd"}, "no document"),
        ("read_document", {"id": "french", "start": 9, "end": 3}, "no characters 9 to 3"),
        ("read_document", {"id": "french", "end": 10**9}, "no characters 0 to"),
        ("read_document", {"id": "french", "start": -1}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_done_is_said(
    service: QAService, tool: str, arguments: dict[str, object], said: str
) -> None:
    async def test() -> None:
        async with inside(service) as client:
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            (content,) = result.content
            assert isinstance(content, TextContent)
            assert said in content.text
            assert "Traceback" not in content.text

    asyncio.run(test())


def test_a_whole_document_is_read_in_parts(service: QAService) -> None:
    async def test() -> None:
        async with inside(service) as client:
            part = (await client.call_tool("read_document", {"id": "french"})).structured_content
            assert (part["start"], part["end"]) == (0, min(MAX_READ, len(FRENCH.text)))
            assert part["characters"] == len(FRENCH.text)

    asyncio.run(test())


def test_over_standard_input_and_output(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]

    async def test() -> None:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "qa.cli", "mcp"], env=of(index), cwd=ROOT
        )
        async with Client(command) as client:
            result = await client.call_tool("ask", {"question": "Qui est la présidente de Mila ?"})
            assert result.structured_content["answerable"]

    asyncio.run(asyncio.wait_for(test(), 60))


def test_standard_output_holds_the_protocol_alone(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", "mcp"], input=b"not json\n", capture_output=True,
        env=of(index), cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert all(line.startswith(b"{") for line in done.stdout.splitlines())


def test_over_http_behind_the_same_gate(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "mcp", "--http", str(port)], env=of(index), cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            wait(port)
            assert status(port, "evil.example") == 421
            asyncio.run(asyncio.wait_for(asks_over_http(port), 60))
        finally:
            server.terminate()


async def asks_over_http(port: int) -> None:
    async with Client(f"http://127.0.0.1:{port}/mcp") as client:
        result = await client.call_tool("ask", {"question": "Who is Mila's scientific director?"})
        assert "Larochelle" in result.structured_content["passages"][0]["text"]


def test_over_http_a_key_with_a_filter_sees_nothing_else(service: QAService) -> None:
    english = Grant("0123456789abcdef-en", "english", Comparison("eq", "language", ("en",)))
    settings = replace(
        Settings.from_environment({}), keys=("0123456789abcdef-all",), grants=(english,)
    )
    app = http_application(service, "127.0.0.1", settings)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        whole, seen = (
            "".join(
                client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, **call}, headers=headers).text
                for call in CALLS
            )
            for headers in (ACCEPT | {"X-API-Key": key} for key in (*settings.keys, english.key))
        )
        assert client.post("/mcp", json=CALLS[0], headers=ACCEPT).status_code == 401
    assert "passerelle://documents/french" in whole
    assert "Le chat dort" in whole
    assert "passerelle://documents/english" in seen
    assert "Le chat dort" not in seen
    assert "the index holds no document 'french'" in seen
    assert "documents/french" not in seen


ACCEPT = {"Accept": "application/json, text/event-stream"}
CALLS: list[dict[str, object]] = [
    {"method": "resources/list"},
    {"method": "tools/call", "params": {"name": "ask", "arguments": {"question": "Le chat ?"}}},
    {"method": "tools/call", "params": {"name": "read_document", "arguments": {"id": "french"}}},
]


def wait(port: int) -> None:
    for _ in range(200):
        try:
            status(port, "localhost")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def status(port: int, host: str) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET /mcp HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        return int(connection.recv(64).split()[1])
