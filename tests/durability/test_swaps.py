"""Under load, while its index is replaced 20 times, a server fails no request and mixes nothing."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.generations.generation import Generation
from qa.indexes.building import index_paths
from qa.settings import Settings
from tests.servers import request, serving

SWAPS, CLIENTS = 20, 6
LONGEST = 30.0
"""How long a server may take to answer from a new generation, in seconds."""


@dataclass
class Seen:
    """What the clients got: each answer once, and what is no answer."""

    answers: list[dict[str, object]] = field(default_factory=list)
    failures: list[object] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)


def ask_until_done(port: int, seen: Seen, name: int) -> None:
    """Ask single questions and batches over one connection, new ones and ones asked before."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for n in range(1_000_000):
            if seen.done.is_set():
                return
            bodies = [{"question": f"Combien de chercheurs en {2000 + n % 7} ?"}]
            if n % 4 == name % 4:
                bodies += [{"question": f"Question {name} {n} {i} ?"} for i in range(20)]
            try:
                body = json.dumps({"questions": bodies})
                connection.request("POST", "/ask/batch", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                content = response.read()
                if response.status != 200:
                    seen.failures.append((response.status, content))
                    continue
                answers = json.loads(content)["answers"]
                if len({a["index"]["generation"] for a in answers}) != 1:
                    seen.failures.append("a batch of two generations")
                seen.answers += answers
            except OSError as error:
                seen.failures.append(error)
                return


def text(version: int) -> str:
    year, count = 2000 + version, version + 3
    return (
        f"# Le laboratoire\n\nEn {year}, le laboratoire compte {count} chercheurs.\n\n"
        f"## La question\n\nLa question numéro {version} reste sans réponse à ce jour.\n"
    )


def publish(version: int, path: Path, settings: Settings) -> Generation:
    path.write_text(text(version), encoding="utf-8")
    return index_paths([path], settings).built.generation


def test_no_request_fails_and_no_answer_is_mixed(
    article_settings: Settings, tmp_path: Path
) -> None:
    settings = replace(article_settings, index=tmp_path / "index")
    shutil.copytree(article_settings.index, settings.index)  # which lends its encoder
    path = tmp_path / "laboratoire.md"
    first = publish(0, path, settings)
    known = {first.id: first}
    seen = Seen()
    with serving(settings.index, "--workers", "2") as (server, port, _):
        clients = [
            threading.Thread(target=ask_until_done, args=(port, seen, name))
            for name in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for version in range(1, SWAPS + 1):
            generation = publish(version, path, settings)
            known[generation.id] = generation
            if version % 5:  # else it looks by itself
                os.kill(server.pid, signal.SIGHUP)
            wait_until_it_answers(port, generation.id)
        seen.done.set()
        for client in clients:
            client.join()
    assert seen.failures == []
    assert len(known) == SWAPS + 1
    answered = Counter(answer["index"]["generation"] for answer in seen.answers)  # type: ignore[index]
    assert set(answered) <= set(known)
    assert len(answered) > SWAPS // 2  # some were gone before a question came
    for answer in seen.answers:
        check(answer, known[answer["index"]["generation"]])  # type: ignore[index]


def wait_until_it_answers(port: int, generation: str) -> None:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        status, content = request(port, "GET", "/ready")
        assert status == 200
        if json.loads(content)["generation"] == generation:
            return
        time.sleep(0.02)
    raise TimeoutError(generation)


def check(answer: dict[str, object], generation: Generation) -> None:
    """Every citation is that of the generation that says it answers."""
    passages = answer["passages"]
    assert isinstance(passages, list)
    assert len(passages) == len(generation.passages)
    for passage in passages:
        cited = passage["citation"]
        document = generation.documents[cited["document_id"]]
        assert cited["sha256"] == document.sha256
        assert passage["text"] == document.text[cited["start"] : cited["end"]] == cited["quote"]
