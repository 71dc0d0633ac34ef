"""``qa documents``, ``qa remove``, ``qa rollback``, and a damaged index that still answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from documents.chunking import ChunkSettings
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.generations.record_writer import RecordsWriter
from qa.answer.service import QAService
from qa.cli import main as cli
from qa.http.app import create_app
from qa.indexes import opening, waiting
from qa.indexes.opening import check_index, open_newest
from qa.settings import Settings
from tests.fakes import ENGLISH, FRENCH, FakeEncoder

Run = Callable[..., int]
SMALL = ChunkSettings(budget=12)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """An index of the French document, then of both."""
    store = FolderStore(tmp_path / "index")
    for documents in ([FRENCH], [FRENCH, ENGLISH]):
        build_index(documents, store, FakeEncoder(), settings=SMALL)
    return store


@pytest.fixture
def qa(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("QA_INDEX", str(store.folder))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    return lambda *arguments: cli.main(arguments)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def test_documents_are_listed(qa: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert qa("documents") == 0
    assert capsys.readouterr().out == (
        f"french   fr      3  {FRENCH.sha256[:12]}  French\n"
        f"english  en      2  {ENGLISH.sha256[:12]}  English\n"
    )


def test_the_list_in_json_is_that_of_http(
    qa: Run, store: FolderStore, capsys: pytest.CaptureFixture[str]
) -> None:
    generation = open_newest(Settings(store.folder, store.folder)).generation
    client = TestClient(create_app(QAService(generation, FakeEncoder())))
    assert qa("documents", "--json") == 0
    listed = capsys.readouterr().out
    assert listed == client.get("/documents").text + "\n"
    assert [d["passages"] for d in json.loads(listed)["documents"]] == [3, 2]


def test_removed_documents_are_gone_and_come_back(
    qa: Run, store: FolderStore, capsys: pytest.CaptureFixture[str]
) -> None:
    both = store.current()
    assert qa("remove", "french") == 0
    assert "1 document(s), 2 passages → generation" in capsys.readouterr().err
    assert qa("verify") == 0
    capsys.readouterr()
    qa("documents")
    assert capsys.readouterr().out.split()[0] == "english"
    assert qa("rollback") == 0
    assert store.current() == both


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("C.UTF-8", "Another process is writing the index: waiting"),
        ("fr_CA.UTF-8", "Un autre processus écrit l’index : j’attends"),
    ],
)
@pytest.mark.parametrize("command", ["rollback", "import"])
def test_who_changes_what_is_current_waits_for_the_writer(
    qa: Run, store: FolderStore, command: str, locale: str, said: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before, heard = store.generations()[1], list[str]()
    copied = [shutil.copytree(before, tmp_path / before.name)] if command == "import" else []
    monkeypatch.setenv("LC_ALL", locale)
    with ExitStack() as writing:
        writing.enter_context(store.alone())

        def hear(words: str, **_: object) -> None:
            heard.append(words)
            writing.close()  # the other process has ended

        monkeypatch.setattr(waiting, "complain", hear)
        assert qa(command, *map(str, copied)) == 0
    assert store.current().name == before.name
    assert [words.startswith(said) for words in heard] == [True]


def test_an_earlier_generation_is_named(qa: Run, store: FolderStore) -> None:
    current, before = store.generations()
    assert qa("rollback", before.name) == 0
    assert store.generations() == [before, current]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("remove", "french", "none"), "no document 'none'"),
        (("remove", "french", "english"), "nothing would be left"),
        (("rollback", "0123456789abcdef"), "no earlier generation 0123456789abcdef"),
    ],
)
def test_what_is_not_there_is_one_clear_line(
    qa: Run,
    store: FolderStore,
    arguments: tuple[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = store.generations()
    assert qa(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("qa: error: ")
    assert said in err
    assert err.count("\n") == 1
    assert store.generations() == before


def test_as_many_generations_are_kept_as_the_setting_says(
    qa: Run, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_KEEP", "1")
    assert qa("remove", "english") == 0
    assert store.generations() == [store.current()]


def test_managing_loads_no_torch(store: FolderStore) -> None:
    code = (
        "import sys; from qa.cli.main import main\n"
        "assert main(['remove', 'english']) == main(['rollback']) == main(['documents']) == 0\n"
        "print(*{'torch', 'sentence_transformers', 'onnxruntime'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "QA_INDEX": str(store.folder)}, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("file", ["documents.jsonl", "manifest.json", "late/codes.npy"])
def test_where_the_current_generation_is_damaged_the_one_before_answers(
    qa: Run, store: FolderStore, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    current, before = store.generations()
    damage(current / file)
    settings = Settings(store.folder, store.folder)
    check_index(settings)
    opened = open_newest(settings)
    assert opened.generation.id == before.name
    assert opened.problem is not None
    assert str(current / file) in opened.problem
    said = capsys.readouterr().err
    assert str(current / file) in said
    assert f"until then the generation before it answers, {before.name}" in said
    assert qa("verify") == 2


def test_a_lost_pointer_loses_nothing(store: FolderStore) -> None:
    settings = Settings(store.folder, store.folder)
    current = store.current()
    (store.folder / "current").write_text("?\n", encoding="ascii")
    assert open_newest(settings).generation.id == current.name


def test_with_no_sound_generation_the_damage_is_named(
    qa: Run, store: FolderStore, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in store.generations():
        damage(folder / "documents.jsonl")
    assert qa("documents") == 2
    err = capsys.readouterr().err
    assert str(store.current() / "documents.jsonl") in err
    assert err.count("\n") == 1


def test_verify_lists_every_damaged_file(
    qa: Run, store: FolderStore, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("late/codes.npy", "dense.faiss"):
        damage(store.current() / name)
    assert qa("verify") == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[2] for line in lines] == [
        str(store.current() / name) for name in ("dense.faiss", "late/codes.npy")
    ]


def test_verify_finds_two_texts_under_one_identifier(
    qa: Run, store: FolderStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(RecordsWriter, "_refuse_shared", lambda *_: None)
    build_index([FRENCH, replace(ENGLISH, id=FRENCH.id)], store, FakeEncoder(), settings=SMALL)
    assert qa("verify") == 2
    assert f"document {FRENCH.id!r}: its passages do not follow" in capsys.readouterr().err


def test_a_generation_replaced_while_it_is_opened_is_no_damage(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = opening.open_generation

    def slow(*arguments: object) -> object:
        monkeypatch.setattr(opening, "open_generation", real)
        for document in (ENGLISH, FRENCH):
            build_index([document], store, FakeEncoder(), settings=SMALL)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "open_generation", slow)
    opened = open_newest(Settings(store.folder, store.folder))
    assert opened.generation.id == store.current().name
    assert (opened.problem, capsys.readouterr().err) == (None, "")
