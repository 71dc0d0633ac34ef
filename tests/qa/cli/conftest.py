"""The command line on an index of its own, with an encoder whose vectors are made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import qa.indexes.building
from documents.formats import registry
from documents.formats.extract import Extract
from documents.notices import Notice, NoticeKind
from qa.cli import main as cli
from qa.indexes import opening
from tests.fakes import FakeEncoder

SCANNED = "SCANNED: "
"""A text file whose first line begins so has a notice of these pages."""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the command line in an empty folder; nothing is indexed yet."""

    @contextmanager
    def fake(*_: object) -> Iterator[FakeEncoder]:
        yield FakeEncoder()

    monkeypatch.setattr(qa.indexes.building, "open_build_encoder", fake)
    monkeypatch.setattr(qa.indexes.building, "resolve_model", lambda *_: None)
    monkeypatch.setattr(opening, "open_query_encoder", lambda *_: FakeEncoder())
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return lambda *arguments: cli.main([str(a) for a in arguments])


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let text files have notices: see ``SCANNED``."""
    read = registry.FORMATS[".txt"]

    def noticing(raw: bytes, name: str) -> Extract:
        extract = read(raw, name)
        first = extract.text.partition("\n")[0]
        if not first.startswith(SCANNED):
            return extract
        notice = Notice(NoticeKind.PAGES_WITHOUT_TEXT, first.removeprefix(SCANNED))
        return Extract(extract.text, extract.blocks, notices=(notice,))

    monkeypatch.setitem(registry.FORMATS, ".txt", noticing)
