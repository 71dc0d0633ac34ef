"""A command waits for another process that writes the index, says so, and not for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import BusyIndex
from index.generations.folder import FolderStore
from qa.indexes import waiting
from qa.indexes.waiting import patiently_said


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PAUSE", 0.01)


def test_what_waits_is_done_once_the_other_has_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, asked = FolderStore(tmp_path), threading.Event()

    def hold() -> None:
        with held.alone():
            begun.set()
            asked.wait(10)

    def write() -> str:
        asked.set()
        with FolderStore(tmp_path).alone():
            return "written"

    begun = threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    assert begun.wait(10)
    assert patiently_said(write) == "written"
    other.join()
    assert capsys.readouterr().err.count("Another process is writing the index: waiting") <= 1


def test_a_wait_is_said_once_and_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.03)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    tries = []

    def fail() -> None:
        tries.append(1)
        raise BusyIndex("another process is writing")

    with pytest.raises(BusyIndex):
        patiently_said(fail)
    assert len(tries) > 2
    assert capsys.readouterr().err.count("Un autre processus écrit l’index : j’attends") == 1


def test_qa_index_waits_for_the_build_of_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from qa.cli import indexing
    from qa.cli import main as cli

    monkeypatch.setenv("QA_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    results: list[Callable[[], object]] = [_busy, _done]
    monkeypatch.setattr(indexing, "build", lambda *_: results.pop(0)())
    assert cli.main(["index", str(tmp_path)]) == 0
    assert "waiting until it has ended" in capsys.readouterr().err


def _busy() -> None:
    raise BusyIndex("another process is writing")


def _done() -> object:
    class Reading:
        problems = ()

    class Done:
        reading = Reading

    return Done
