"""The commands, with a real PostgreSQL in the place of the folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

import qa.indexes.building
from index.checking import check_contents
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.manifest import Manifest
from index.postgres import files as pg_files
from qa.cli import main as cli
from qa.indexes import opening
from qa.indexes.stores import _opened, shared_store
from qa.settings import Settings
from tests.fakes import FakeEncoder
from tests.postgres_server import Server

Run = Callable[..., int]


@pytest.fixture
def url(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    @contextmanager
    def fake(*_: object) -> Iterator[FakeEncoder]:
        yield FakeEncoder()

    monkeypatch.setattr(qa.indexes.building, "open_build_encoder", fake)
    monkeypatch.setattr(qa.indexes.building, "resolve_model", lambda *_: None)
    monkeypatch.setattr(opening, "open_query_encoder", lambda *_: FakeEncoder())
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    address = postgres.database("commands")
    for name, value in (("QA_STORE", address), ("QA_INDEX", str(tmp_path / "working")),
                        ("QA_CACHE", str(tmp_path / "cache")), ("LC_ALL", "C.UTF-8")):  # fmt: skip
        monkeypatch.setenv(name, value)
    yield address
    shared = shared_store(Settings.from_environment())
    if shared is not None:
        shared.close()
    _opened.cache_clear()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "un.txt").write_text("Le chat dort près du roi.\n\nLa mer est calme.", "utf-8")
    (folder / "two.txt").write_text("The king eats bread with the cat every day.", "utf-8")
    return folder


def answered(capsys: pytest.CaptureFixture[str], question: str = "Où dort le chat ?") -> str:
    capsys.readouterr()
    assert cli.main(["ask", question, "--json"]) in (0, 1)
    return capsys.readouterr().out


def names(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        query = "SELECT id FROM passerelle.generations WHERE turn > 0 ORDER BY turn DESC"
        return [row[0] for row in connection.execute(query).fetchall()]


def kept_by_rows(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        query = "SELECT name FROM passerelle.files WHERE source IS NOT NULL"
        return {row[0] for row in connection.execute(query).fetchall()}


def test_an_index_in_a_database_is_built_asked_updated_and_rolled_back(
    url: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["index", str(source)]) == 0
    first = answered(capsys)
    assert json.loads(first)["index"]["generation"] == names(url)[0]
    assert cli.main(["verify"]) == 0
    assert names(url)[0] in capsys.readouterr().out
    assert cli.main(["documents"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["two", "un"]
    assert cli.main(["remove", "two"]) == 0
    assert len(names(url)) == 2
    assert json.loads(answered(capsys))["index"]["generation"] == names(url)[0]
    assert cli.main(["rollback"]) == 0
    assert answered(capsys) == first
    assert (
        FolderStore(tmp_path / "working").current().name == names(url)[1]
    )  # the copy lags behind …
    assert cli.main(["index", str(source)]) == 0  # … and is brought up to date before a change
    assert "Nothing changed" in capsys.readouterr().err
    assert answered(capsys) == first


def test_another_machine_encodes_only_what_is_new(
    url: str, source: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert cli.main(["index", str(source)]) == 0
    assert len(names(url)) == 1
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "elsewhere"))
    (source / "three.txt").write_text("The sea is calm.", "utf-8")
    assert cli.main(["index", str(source)]) == 0
    assert "(1 encoded, 2 reused)" in capsys.readouterr().err


@pytest.mark.parametrize("smallest", [0, 2**20])
def test_an_index_moves_to_a_folder_and_back_with_the_same_answers(
    smallest: int,
    url: str, source: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(pg_files, "SMALLEST", smallest)
    assert cli.main(["index", str(source)]) == 0
    assert any("codes" in name for name in kept_by_rows(url)) == (smallest == 0)
    first, there = answered(capsys), tmp_path / "there"
    assert cli.main(["export", str(there)]) == 0
    copied = FolderStore(there).current()
    check_contents(copied, Manifest.read(copied))
    original = FolderStore(tmp_path / "working").current()
    files = {p.relative_to(original): p.read_bytes() for p in original.rglob("*") if p.is_file()}
    for name, content in files.items():
        assert (copied / name).read_bytes() == content
    monkeypatch.delenv("QA_STORE")
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "embedded"))
    assert cli.main(["import", str(there)]) == 0
    assert answered(capsys) == first
    again = tmp_path / "again"
    assert cli.main(["export", str(again)]) == 0
    monkeypatch.setenv("QA_STORE", url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA passerelle CASCADE")
        connection.execute(f'DROP SCHEMA "passerelle_{copied.name}" CASCADE'.encode())
    assert cli.main(["import", str(again)]) == 0
    assert answered(capsys) == first


def test_a_folder_without_an_index_cannot_be_imported(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert url
    assert cli.main(["import", str(tmp_path)]) == 2
    assert "holds no index" in capsys.readouterr().err


def test_a_damaged_file_in_the_database_is_named(
    url: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["index", str(source)]) == 0
    held = Generation.open(FolderStore(tmp_path / "working").current()).manifest.files
    name = next(name for name in held if name.startswith("passages"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE passerelle.blobs SET content = set_byte(content, 0, "
            "get_byte(content, 0) # 1) WHERE sha256 = %s",
            [held[name].sha256],
        )
    capsys.readouterr()
    assert cli.main(["verify"]) == 2
    assert f"{name} in commands on 127.0.0.1 is damaged" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://u:secret@127.0.0.1:1/nothing", "the database nothing on 127.0.0.1"),
        ("postgresql://u:secret%zz@h/x", "QA_STORE is no address"),
        ("nonsense", "QA_STORE is no address"),
    ],
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(
    address: str, said: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("QA_STORE", address)
    monkeypatch.setenv("QA_STORE_PATIENCE", "0.2")
    monkeypatch.setenv("QA_CACHE", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    assert cli.main(["ask", "Où dort le chat ?"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "secret" not in err
    assert err.count("\n") == 1
    assert "secret" not in repr(Settings.from_environment())
    if _opened.cache_info().currsize:
        shared = shared_store(Settings.from_environment())
        assert shared is not None
        shared.close()
    _opened.cache_clear()


def test_the_extra_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_STORE", "postgresql://127.0.0.1/x")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    monkeypatch.setitem(sys.modules, "index.postgres.store", None)
    assert cli.main(["documents"]) == 2
    assert "pip install 'passerelle-qa[postgres]'" in capsys.readouterr().err
