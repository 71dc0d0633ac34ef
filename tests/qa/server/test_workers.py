"""Processes that die are replaced, with growing pauses, until it is hopeless."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from qa.errors import ServerFailed
from qa.server import workers
from qa.server.workers import Workers

SPAWN = multiprocessing.get_context("spawn").Process


def waits() -> None:
    """Run until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    time.sleep(60)


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        time.sleep(0.05)
    raise TimeoutError


def test_one_that_dies_again_and_again_ends_it_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    buried: list[int] = []
    processes = Workers(lambda: SPAWN(target=os._exit, args=(3,)), 1, buried.append)
    with pytest.raises(ServerFailed, match="status 3, 5 times in a row"):
        processes.run()
    assert pauses == [0.1, 0.2, 0.4, 0.8]
    assert len(set(buried)) == 5
    assert capsys.readouterr().err.count("ended with status 3: starting another\n") == 4


def test_one_that_lived_is_replaced_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "HEALTHY_SECONDS", 0.0)
    monkeypatch.setattr(workers, "FIRST_PAUSE", 1000.0)
    started: list[int] = []

    def start() -> object:
        started.append(len(started))
        return SPAWN(target=os._exit, args=(3,)) if len(started) < 8 else SPAWN(target=waits)

    processes = Workers(start, 1)  # type: ignore[arg-type]
    thread = threading.Thread(target=processes.run)
    thread.start()
    wait_until(lambda: len(started) == 8)
    processes.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_told_to_stop_all_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "complain", lambda *_, **__: None)
    processes = Workers(lambda: SPAWN(target=waits), 2)
    thread = threading.Thread(target=processes.run)
    thread.start()
    held = [worker.process for worker in processes._workers]
    wait_until(lambda: all(process.pid for process in held))
    processes.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert not any(process.is_alive() for process in held)
