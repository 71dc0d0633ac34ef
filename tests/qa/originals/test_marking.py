"""Every way to ask tells the same rectangles, and tells of them only when it is asked to."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from mcp import Client as Agent

from index.search.filters import parse_filter
from qa.cli import asking
from qa.cli import main as cli
from qa.http.state import state_of
from qa.originals.marking import Pictures
from qa.server.mcp_server import create_server
from qa.wire.client import Client
from qa.wire.schemas import AnswerOut
from tests.documents.formats.format_files import pdf
from tests.qa.uploads.test_uploads import Service
from tests.servers import running

QUESTION = "cat king"
FILE = pdf([[(50, 12, "The cat sleeps near the king.")], [(50, 12, "The sea is calm and wide.")]])
Ask = Callable[..., int]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = Service(tmp_path_factory.mktemp("marking"))
    made.done(made.send(("report.pdf", FILE)))
    yield made
    made.close()


@pytest.fixture
def ask(service: Service, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setattr(asking, "ready_service", lambda _: state_of(service.app).service)
    monkeypatch.setenv("QA_INDEX", str(service.settings.index))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    return lambda *arguments: cli.main(["ask", *arguments])


def over_http(service: Service) -> str:
    asked = {"question": QUESTION, "rectangles": True}
    found = service.client.post("/ask", json=asked).text
    assert [len(r) for r in rectangles(json.loads(found))] == [1, 0, 1]
    return found


def rectangles(answer: Any) -> list[Any]:
    return [passage["citation"]["rectangles"] for passage in answer["passages"]]


def test_the_command_line_tells_them(
    service: Service, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = over_http(service)
    ask(QUESTION, "--json", "--rectangles")
    assert capsys.readouterr().out == expected + "\n"
    ask(QUESTION, "--json")
    assert rectangles(json.loads(capsys.readouterr().out)) == [None, None, None]


def test_a_question_a_line_tells_them_too(
    service: Service,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{QUESTION}\n"))
    ask("-", "--rectangles")
    assert capsys.readouterr().out == over_http(service) + "\n"


def test_a_service_elsewhere_is_asked_for_them(
    service: Service, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = over_http(service)
    service.opened()  # an application of its own, which ends with the server
    config = uvicorn.Config(service.app, port=0, log_level="error")
    with running(config) as url, Client(url) as client:
        ask(QUESTION, "--json", "--rectangles", "--url", url)
        assert capsys.readouterr().out == expected + "\n"
        marked = client.ask(QUESTION, rectangles=True)
        assert marked == AnswerOut.model_validate_json(expected)
        assert client.ask(QUESTION).passages[0].citation.rectangles is None


def test_on_a_terminal_they_are_of_no_use(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(QUESTION, "--rectangles") == 2
    assert "add --json" in capsys.readouterr().err
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert ask(QUESTION, "--rectangles") == 2
    assert "ajoutez --json" in capsys.readouterr().err


def test_agents_are_told_them(service: Service) -> None:
    expected = json.loads(over_http(service))
    server = create_server(state_of(service.app).service, service.settings)

    async def test() -> None:
        async with Agent(server) as agent:
            told = await agent.call_tool("ask", {"question": QUESTION, "rectangles": True})
            assert told.structured_content == expected
            plain = await agent.call_tool("ask", {"question": QUESTION})
            assert rectangles(plain.structured_content) == [None, None, None]

    asyncio.run(test())


def test_what_a_key_may_see_of_an_index_is_marked_in_the_whole_of_it(service: Service) -> None:
    wanted = parse_filter({"type": "eq", "key": "document", "value": "report"})
    part = state_of(service.app).service.within(wanted)
    server = create_server(part, service.settings)

    async def test() -> None:
        async with Agent(server) as agent:
            told = await agent.call_tool("ask", {"question": QUESTION, "rectangles": True})
            assert [len(r) for r in rectangles(told.structured_content)] == [1, 1]

    asyncio.run(test())


def test_a_document_that_changed_since_it_was_answered_from_is_not_marked(service: Service) -> None:
    answer = AnswerOut.model_validate_json(over_http(service))
    first = answer.passages[0]
    cited = first.citation.model_copy(update={"sha256": "0" * 64})
    changed = answer.model_copy(update={"passages": [first.model_copy(update={"citation": cited})]})
    generation = state_of(service.app).service.generation
    told = Pictures.of(service.settings).marked(changed, generation)
    assert told.passages[0].citation.rectangles == []
