"""A service whose index is in a database: it follows it, and says so when it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient

from documents.chunking import ChunkSettings
from documents.types import Document
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.postgres.store import PostgresStore
from qa.http.app import create_app
from qa.indexes import opening
from qa.indexes.reloading import Follower
from qa.indexes.stores import _opened, shared_store
from qa.settings import Settings
from tests.fakes import ENGLISH, FRENCH, FakeEncoder
from tests.postgres_server import Server

QUESTION = {"question": "Où dort le chat ?"}


@pytest.fixture
def settings(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    monkeypatch.setattr(opening, "open_query_encoder", lambda *_: FakeEncoder())
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    url = postgres.database("serving")
    made = Settings(tmp_path / "index", tmp_path, store=url, patience=0.3, threshold=0.0)
    yield made
    shared = shared_store(made)
    assert shared is not None
    shared.close()
    _opened.cache_clear()


def publish(settings: Settings, *documents: Document) -> str:
    store, small = FolderStore(settings.index), ChunkSettings(budget=12)
    build_index(documents, store, FakeEncoder(), settings=small)
    with closing(PostgresStore(settings.store or "", settings.cache)) as shared:
        return shared.publish(store.current())


def drop(postgres: Server) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("DROP DATABASE serving WITH (FORCE)")


def test_a_service_follows_the_database(settings: Settings, postgres: Server) -> None:
    first = publish(settings, FRENCH)
    follower = Follower(settings)
    assert follower.service.generation.id == first
    assert follower.look() is None
    second = publish(settings, FRENCH, ENGLISH)
    service = follower.look()
    assert service is not None
    assert service.generation.id == second
    drop(postgres)
    assert follower.look() is None
    assert follower.service is service


def test_without_its_database_a_service_says_when_to_come_back_and_not_where_it_is(
    settings: Settings, postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    publish(settings, FRENCH)
    app = create_app(Follower(settings).service)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.post("/ask", json=QUESTION).status_code == 200
        drop(postgres)
        for language, said in (("en", "does not answer"), ("fr", "ne répond pas")):
            question = {"question": "xyz?"} | {"top_k": 1 if language == "fr" else 2}
            headers = {"Accept-Language": language}
            response = client.post("/ask", json=question, headers=headers)
            assert response.status_code == 503
            assert response.headers["Retry-After"] == "1"
            assert response.json()["type"] == "/problems/store-unavailable"
            assert said in response.json()["detail"]
            assert "127.0.0.1" not in response.text
        assert client.get("/health").status_code == 200
        assert client.get("/documents").status_code == 503
    assert "the database serving on 127.0.0.1 cannot be used" in caplog.text
