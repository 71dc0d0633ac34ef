"""Asking a service elsewhere, over a real socket."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from qa.answer.service import AskRequest, QAService
from qa.errors import RemoteError
from qa.http.access import Exposure
from qa.http.app import create_app
from qa.wire.client import Client
from qa.wire.schemas import AnswerOut, AskIn
from tests.servers import running


def ask_service(url: str, question: AskIn, key: str | None = None) -> AnswerOut:
    with Client(url, key) as client:
        return client.answer(question)


@pytest.fixture
def url(service: QAService) -> Iterator[str]:
    with running(uvicorn.Config(create_app(service), port=0, log_level="error")) as address:
        yield address


@pytest.fixture
def stranger() -> Iterator[str]:
    """Serve something that is not Passerelle."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_answer_is_that_of_the_service(url: str, service: QAService) -> None:
    expected = AnswerOut.of(service.ask(AskRequest("Où est le chat ?", top_k=2)))
    assert ask_service(url + "/", AskIn(question="Où est le chat ?", top_k=2)) == expected


def test_a_key_is_sent_where_it_is_wanted(service: QAService) -> None:
    key = "0123456789abcdef-first"
    app = create_app(service, exposure=Exposure(keys=(key,)))
    with running(uvicorn.Config(app, port=0, log_level="error")) as url:
        assert ask_service(url, AskIn(question="chat"), key).question == "chat"
        with pytest.raises(RemoteError, match="A valid key is required"):
            ask_service(url, AskIn(question="chat"))


def test_what_the_service_refuses_is_said(url: str) -> None:
    with pytest.raises(RemoteError, match="the question is empty"):
        ask_service(url, AskIn(question=" "))


def test_another_path_is_not_passerelle(url: str) -> None:
    with pytest.raises(RemoteError, match="nothing at this address"):
        ask_service(url + "/elsewhere", AskIn(question="chat"))


def test_another_service_is_not_passerelle(stranger: str) -> None:
    with pytest.raises(RemoteError, match="not an answer of Passerelle"):
        ask_service(stranger, AskIn(question="chat"))


def test_nobody_there() -> None:
    with pytest.raises(RemoteError, match="check the address"):
        ask_service("http://127.0.0.1:9", AskIn(question="chat"))


@pytest.mark.parametrize("address", ["", "localhost:8000", "file:///etc/passwd", "http://[bad"])
def test_impossible_addresses(address: str) -> None:
    with pytest.raises(RemoteError):
        ask_service(address, AskIn(question="chat"))
