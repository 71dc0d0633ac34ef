"""A server of several processes: answers at once, in bounds, and finishes what it started."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa.answer.service import QAService
from qa.http.app import create_app
from qa.http.batching import Limits
from qa.indexes.building import index_paths
from qa.server.serving import warn_if_open
from qa.settings import Settings
from tests.servers import children, request, serving


def test_two_processes_answer_many_clients_alike(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]
    questions = [f"Combien de chercheurs en {year} ?" for year in range(2000, 2020)]
    with serving(index, "--workers", "2") as (_, port, _), ThreadPoolExecutor(20) as clients:
        bodies = [{"question": question} for question in questions]
        answers = list(clients.map(lambda b: request(port, "POST", "/ask", b), bodies))
        assert {status for status, _ in answers} == {200}
        local = TestClient(create_app(article_service))
        for body, (_, answer) in zip(bodies, answers, strict=True):
            found, expected = json.loads(answer), local.post("/ask", json=body).json()
            assert found["question"] == body["question"]
            ids = [p["citation"]["start"] for p in found["passages"]]
            assert ids == [p["citation"]["start"] for p in expected["passages"]]


def test_a_server_told_to_stop_finishes_its_answers(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]
    batch = {"questions": [{"question": f"Question numéro {n} ?"} for n in range(100)]}
    with serving(index) as (server, port, _), ThreadPoolExecutor(1) as client:
        answer = client.submit(request, port, "POST", "/ask/batch", batch)
        time.sleep(0.1)
        server.send_signal(signal.SIGTERM)
        status, content = answer.result(timeout=30)
        assert status == 200
        assert len(json.loads(content)["answers"]) == 100


def test_a_server_that_watches_answers_from_what_was_just_written(
    article_settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(article_settings.index, tmp_path / "index")  # which lends its encoder
    settings = replace(article_settings, index=tmp_path / "index")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "one.md").write_text("Le chat dort près du roi.", "utf-8")
    index_paths([notes], settings)
    with serving(settings.index, "--watch") as (server, port, _):
        (notes / "two.md").write_text("La mer est calme ce matin.", "utf-8")
        for _ in range(600):
            listed = json.loads(request(port, "GET", "/documents")[1])["documents"]
            if len(listed) == 2:
                break
            time.sleep(0.1)
        assert [document["id"] for document in listed] == ["one", "two"]
        (beside,) = children(server.pid)
    with pytest.raises(ProcessLookupError):
        os.kill(beside, 0)


def test_an_unusable_index_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "current").write_text("none", encoding="ascii")
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", "serve", "--port", "0", "--workers", "2"],
        env={**os.environ, "QA_INDEX": str(tmp_path), "LC_ALL": "C.UTF-8"}, capture_output=True,
        cwd=Path(__file__).parents[3], timeout=30,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(b"qa: error: ")
    assert done.stderr.count(b"\n") == 1


def test_a_full_queue_is_a_problem_that_says_when_to_come_back(
    service: QAService, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, entered = threading.Event(), threading.Event()
    encode = service.encoder.encode_queries

    def slow(texts: list[str]) -> object:
        entered.set()
        assert gate.wait(10)
        return encode(texts)

    monkeypatch.setattr(service.encoder, "encode_queries", slow)
    with TestClient(create_app(service, Limits(queue=1))) as client, ThreadPoolExecutor(2) as pool:
        first = pool.submit(client.post, "/ask", json={"question": "chat"})
        assert entered.wait(10)
        both = {"questions": [{"question": "mer"}, {"question": "pain"}]}
        refused = client.post("/ask/batch", json=both)
        gate.set()
        assert first.result().status_code == 200
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/overloaded"


def test_a_killed_process_is_replaced_while_the_others_answer(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]
    with serving(index, "--workers", "2") as served:
        before = wait_for_children(served.process.pid, set())
        while listening(served.port) < 2:
            time.sleep(0.01)
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        while "a server process ended with status -9" not in served.said():
            time.sleep(0.01)  # what had reached it is lost; what comes from now on is not
        statuses = [request(served.port, "GET", "/ready")[0] for _ in range(20)]
        assert statuses == [200] * 20
        after = wait_for_children(served.process.pid, {killed})
        assert len(after - before) == 1


def listening(port: int) -> int:
    """Return how many sockets listen on the port: the kernel's table, state 0A."""
    lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    rows = [line.split() for line in lines]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def wait_for_children(process: int, gone: set[int]) -> set[int]:
    for _ in range(100):
        found = set(children(process))
        if len(found) == 2 and not found & gone:
            return found
        time.sleep(0.1)
    raise TimeoutError


def test_requests_in_flight_survive_the_end_of_the_server(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]
    with serving(index, "--workers", "2") as served, ThreadPoolExecutor(16) as clients:
        end = time.monotonic() + 2.0
        asked = [clients.submit(ask_until_told_to_go, served.port, n) for n in range(16)]
        time.sleep(max(0.0, end - time.monotonic() - 0.5))
        served.process.send_signal(signal.SIGTERM)
        counts = [one.result(timeout=30) for one in asked]
        assert served.process.wait(timeout=30) == 0
    assert sum(counts) > 16


def ask_until_told_to_go(port: int, client: int) -> int:
    """Ask on one connection until the server says that it closes; no request may go unanswered."""
    connection, count = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
    with closing(connection):
        while True:
            body = json.dumps({"question": f"Combien de chercheurs, {client} {count} ?"})
            connection.request("POST", "/ask", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            assert response.status == 200
            assert json.loads(response.read())["passages"]
            count += 1
            if response.getheader("connection") == "close":
                return count


@pytest.mark.parametrize(("host", "key", "warned"), [
    ("192.0.2.1", "", True), ("192.0.2.1", "0123456789abcdef", False), ("127.0.0.1", "", False),
])  # fmt: skip
def test_to_listen_to_all_without_a_key_is_said_loudly(
    host: str, key: str, warned: bool, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings = Settings.from_environment({"QA_API_KEY": key})
    for locale, word in (("fr_CA.UTF-8", "ATTENTION"), ("en_GB.UTF-8", "WARNING")):
        monkeypatch.setenv("LC_ALL", locale)
        warn_if_open(host, settings)
        assert (word in capsys.readouterr().err) == warned


@pytest.mark.parametrize(("proxies", "told_apart"), [("", False), ("127.0.0.1", True)])
def test_a_forwarded_address_is_believed_from_a_proxy_alone(
    article_service: QAService, proxies: str, told_apart: bool
) -> None:
    index = article_service.generation.encoder.parents[2]
    environment = {"QA_PROXIES": proxies, "QA_RATE": "1/hour"}
    with serving(index, environment=environment) as served:
        statuses = [documents_for(served.port, f"192.0.2.{n}") for n in (1, 2)]
    assert statuses == [200, 200 if told_apart else 429]


def documents_for(port: int, address: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("GET", "/documents", headers={"X-Forwarded-For": address})
        return connection.getresponse().status


def test_a_head_leaves_the_connection_usable(article_service: QAService) -> None:
    index = article_service.generation.encoder.parents[2]
    with serving(index) as served:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
        with closing(connection):
            connection.request("HEAD", "/documents/mila-canada-2025/text")
            head = connection.getresponse()
            assert (head.status, head.read()) == (200, b"")
            connection.request("GET", "/documents/mila-canada-2025/text")
            content = connection.getresponse().read()
            assert head.getheader("content-length") == str(len(content))
