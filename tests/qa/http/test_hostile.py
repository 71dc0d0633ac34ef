"""Hostile input to a real ``qa serve``: no 5xx, no traceback, no hang, no growth."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest

from qa.answer.service import QAService
from qa.wire.problems import MEDIA_TYPE
from tests.documents.formats.hostile_files import Sent, hostile
from tests.servers import Served, request, serving

PATIENCE = 13.0
"""The server gives up on a head or a body after 10 seconds."""
KEY = "0123456789abcdef-first"


@pytest.fixture(scope="module")
def served(article_service: QAService) -> Iterator[Served]:
    index = article_service.generation.encoder.parents[2]
    with serving(index) as served:
        yield served


def answer_to(port: int, data: bytes) -> bytes:
    """Send bytes on a connection of their own; return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except OSError:  # refused before all was sent: the answer may still be there
            pass
        return _everything(connection)


def _everything(connection: socket.socket) -> bytes:
    found = b""
    try:
        while part := connection.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def test_there_are_enough_of_them() -> None:
    assert len(hostile()) >= 300
    assert len({sent.data for sent in hostile()}) == len(hostile())


def test_nothing_hostile_does_harm(served: Served) -> None:
    inputs = hostile()
    refused = {_attack(served, inputs) for _ in range(6)}
    assert min(refused) == max(refused) > 200
    before = served.memory()  # what is loaded once, and remembered, is there by now
    for _ in range(6):
        _attack(served, inputs)
    assert served.memory() - before < 0.05 * before
    said = served.said()
    assert "Traceback" not in said
    assert "jndi" not in said
    assert request(served.port, "POST", "/ask", {"question": "Qui préside Mila ?"})[0] == 200


def _attack(served: Served, inputs: list[Sent]) -> int:
    """Send them all and look at each answer; return how many were refused with a problem."""
    refused = 0
    for sent in inputs:
        start = time.monotonic()
        answer = answer_to(served.port, sent.data)
        assert time.monotonic() - start < PATIENCE, sent.what
        status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
        assert status < 500, (sent.what, answer[:300])
        assert b"Traceback" not in answer, sent.what
        assert b"root:" not in answer, sent.what
        if status >= 400 and not sent.data.startswith(b"HEAD"):
            _assert_problem(answer, status)
            refused += 1
    return refused


def _assert_problem(answer: bytes, status: int) -> None:
    head, _, rest = answer.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert fields["content-type"] == MEDIA_TYPE
    assert json.loads(rest[: int(fields["content-length"])])["status"] == status


_POST = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SLOW = [
    (b"", b""),
    (b"GET /hea", b""),
    (b"GET /health HTTP/1.1\r\nHost: localhost\r\nA: ", b"a"),
    (_POST + b"Content-Length: 60000\r\n\r\n", b" "),
    (_POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
]
"""How a slow client begins, and what it sends every second from then on."""


def test_slow_clients_are_given_up_while_others_are_answered(served: Served) -> None:
    slow = [
        (socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE), first, then)
        for first, then in SLOW * 20
    ]
    for connection, first, _ in slow:
        connection.sendall(first)
    end = time.monotonic() + 8
    while time.monotonic() < end:
        for connection, _, then in slow:
            connection.sendall(then)
        assert request(served.port, "GET", "/health")[0] == 200
        time.sleep(1)
    for connection, _, _ in slow:
        assert _everything(connection)[9:12] == b"408"
        connection.close()


def test_too_many_connections_are_refused_and_the_rest_still_served(served: Served) -> None:
    held = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(500)]
    try:
        held[0].sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert held[0].recv(4096).startswith(b"HTTP/1.1 200")
        assert answer_to(served.port, b"")[9:12] == b"503"
    finally:
        for connection in held:
            connection.close()
    time.sleep(0.5)
    assert request(served.port, "GET", "/health")[0] == 200


def test_one_who_does_not_read_is_no_burden(served: Served) -> None:
    asked = b"GET /documents/mila-canada-2025/text HTTP/1.1\r\nHost: localhost\r\n\r\n"
    deaf = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(20)]
    for connection in deaf:
        connection.sendall(asked * 100)
    assert request(served.port, "GET", "/health")[0] == 200
    for connection in deaf:
        connection.close()


def test_a_key_is_never_said(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]
    environment = {"QA_API_KEY": KEY, "QA_LOG_QUESTIONS": "1"}
    with serving(index, environment=environment) as served:
        for header in (f"Authorization: Bearer {KEY}", f"X-API-Key: {KEY}", f"X-API-Key: {KEY}x"):
            head = f"GET /documents HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n"
            answer_to(served.port, head.encode())
        answer_to(served.port, f"GET /{KEY}?key={KEY} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert '"status": 200' in served.said()
        assert '"status": 401' in served.said()
        assert KEY not in served.said()
