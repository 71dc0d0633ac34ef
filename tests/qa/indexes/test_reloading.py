"""A running service follows its index, and keeps what it has where the new one is damaged."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from documents.chunking import ChunkSettings
from documents.types import Document
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from qa.http.app import create_app
from qa.indexes import opening, reloading
from qa.indexes.reloading import PROBLEM, Follower
from qa.settings import Settings
from tests.fakes import ENGLISH, FRENCH, FakeEncoder


def publish(store: FolderStore, *documents: Document) -> str:
    built = build_index(documents, store, FakeEncoder(), settings=ChunkSettings(budget=12))
    return built.generation.id


def damage(path: Path) -> bytes:
    sound = path.read_bytes()
    path.write_bytes(sound[:-2] + bytes([sound[-2] ^ 1]) + sound[-1:])
    return sound


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    monkeypatch.setattr(opening, "open_query_encoder", lambda *_: FakeEncoder())
    monkeypatch.setattr(reloading, "EVERY", 0.01)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return FolderStore(tmp_path / "index")


@pytest.fixture
def settings(store: FolderStore) -> Settings:
    publish(store, FRENCH)
    return Settings(store.folder, store.folder, threshold=0.0)


def test_another_generation_is_opened_once_with_the_same_encoder(
    store: FolderStore, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    follower = Follower(settings)
    first = follower.service
    assert follower.look() is None
    new = publish(store, FRENCH, ENGLISH)
    service = follower.look()
    assert service is follower.service is not first
    assert service is not None
    assert (service.generation.id, service.info.generation) == (new, new)
    assert service.encoder is first.encoder
    assert follower.look() is None
    assert capsys.readouterr().err == f"Generation {new} answers now.\n"


def test_another_encoder_is_opened(store: FolderStore, settings: Settings) -> None:
    class Other(FakeEncoder):
        revision = "2"

        def export(self, target: Path) -> None:
            (target / "encoder.txt").write_text("other", encoding="ascii")

    follower = Follower(settings)
    first = follower.service.encoder
    build_index([FRENCH], store, Other())
    service = follower.look()
    assert service is not None
    assert service.encoder is not first


def test_a_damaged_generation_is_reported_and_the_old_one_stays(
    store: FolderStore, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    follower = Follower(settings)
    old = follower.service
    publish(store, ENGLISH)
    codes = store.current() / "late" / "codes.npy"
    sound = damage(codes)
    assert follower.look() is None
    assert (follower.service, follower.problem) == (old, PROBLEM)
    said = capsys.readouterr().err
    assert said.startswith(f"qa: error: {codes} is damaged")
    assert said.endswith(f"generation {old.generation.id} keeps answering\n")
    codes.write_bytes(sound)
    assert follower.look() is None  # seen before
    assert follower.look(again=True) is follower.service is not old
    assert follower.problem is None


def test_a_server_starts_on_what_is_sound_and_says_so(
    store: FolderStore, settings: Settings
) -> None:
    old = store.current().name
    publish(store, ENGLISH)
    damage(store.current() / "documents.jsonl")
    follower = Follower(settings)
    with TestClient(create_app(follower.service, follower=follower)) as client:
        ready = client.get("/ready").json()
        assert (ready["generation"], ready["problem"]) == (old, PROBLEM)


def test_whatever_is_asked_is_answered_by_the_new_one(
    store: FolderStore, settings: Settings
) -> None:
    follower = Follower(settings)
    with TestClient(create_app(follower.service, follower=follower)) as client:
        question = {"question": "the cat and the sea"}
        before = client.post("/ask", json=question).json()
        assert before["passages"][0]["citation"]["document_id"] == "french"
        new = publish(store, ENGLISH)
        end = time.monotonic() + 10
        while client.get("/ready").json()["generation"] != new:
            assert time.monotonic() < end
        after = client.post("/ask", json=question).json()
        assert after["index"]["generation"] == new
        assert {p["citation"]["document_id"] for p in after["passages"]} == {"english"}
        assert [d["id"] for d in client.get("/documents").json()["documents"]] == ["english"]
        assert client.get("/ready").json() == {**after["index"], "problem": None}
