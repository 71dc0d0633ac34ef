"""What is PostgreSQL's own: migrations, plans, writers that keep out of each other's way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg import sql

from documents.chunking import ChunkSettings
from documents.types import Document
from index.build.pipeline import build_index
from index.errors import CorruptIndex, IncompatibleIndex, IndexingError, StoreUnavailable
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.postgres import connection as pg_connection
from index.postgres import lexical as pg_words
from index.postgres import loading as pg_loading
from index.postgres import selection
from index.postgres.connection import Database
from index.postgres.lexical import Weights
from index.postgres.schema import VERSION
from index.postgres.selection import allowed, among
from index.postgres.store import PostgresStore
from qa.answer.service import AskRequest, QAService
from tests.bm25_index import bm25_of
from tests.fakes import ENGLISH, FRENCH, FakeEncoder, document
from tests.postgres_server import Server

WORDS = ("chat", "mer", "pain", "roi", "jour", "nuit", "soleil", "maison")


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.database("own")


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[PostgresStore]:
    with closing(PostgresStore(url, tmp_path / "cache", patience=0.3)) as held:
        yield held


def built(folder: Path, documents: list[Document]) -> Generation:
    small = ChunkSettings(budget=12)
    return build_index(documents, FolderStore(folder), FakeEncoder(), settings=small).generation


def publish(store: PostgresStore, folder: Path, *documents: Document) -> str:
    return store.publish(built(folder, list(documents)).encoder.parent)


def many(count: int) -> Document:
    """Return a document of so many paragraphs, each of other words."""
    chance = np.random.default_rng(0)
    paragraphs = [" ".join(chance.choice(WORDS, 6)) + f" mot{n}." for n in range(count)]
    return document("many", "fr", {"Mots": paragraphs})


def execute(url: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        done = connection.execute(statement.encode(), values)
        return done.fetchall() if done.description else []


def plan(url: str, statement: sql.Composed | str, values: Any) -> str:
    with psycopg.connect(url) as connection:
        text = statement if isinstance(statement, str) else statement.as_string(connection)
        explained = connection.execute(f"EXPLAIN {text}".encode(), values)
        return "\n".join(row[0] for row in explained)


def test_migrations_are_applied_once_and_remembered(
    url: str, store: PostgresStore, tmp_path: Path
) -> None:
    assert not store.exists()
    publish(store, tmp_path / "one", FRENCH)
    applied = execute(url, "SELECT * FROM passerelle.migrations")
    publish(store, tmp_path / "two", FRENCH, ENGLISH)
    assert execute(url, "SELECT * FROM passerelle.migrations") == applied
    assert [version for version, _ in applied] == list(range(1, VERSION + 1))


@pytest.mark.parametrize(
    ("version", "said"), [(VERSION + 1, "install a later one"), (VERSION - 1, "run `qa index`")]
)
def test_tables_of_another_version_are_refused(
    url: str, store: PostgresStore, tmp_path: Path, version: int, said: str
) -> None:
    publish(store, tmp_path / "one", FRENCH)
    execute(url, "DELETE FROM passerelle.migrations WHERE version > %s", version)
    if version > VERSION:
        execute(url, "INSERT INTO passerelle.migrations VALUES (%s)", version)
    with pytest.raises(IncompatibleIndex, match=said):
        store.current_name()
    if version > VERSION:
        with pytest.raises(IncompatibleIndex, match=said), store.alone():
            pass


def test_there_is_one_writer_at_a_time(url: str, store: PostgresStore, tmp_path: Path) -> None:
    with (
        closing(PostgresStore(url, tmp_path / "cache")) as other,
        store.alone(),
        pytest.raises(IndexingError, match="another process is writing the index in own on"),
        other.alone(),
    ):
        pass


def test_the_documents_of_an_answer_are_read_at_once(
    store: PostgresStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = store.open(publish(store, tmp_path / "one", FRENCH, ENGLISH))
    statements: list[str] = []
    read = Database.read

    def noted(database: Database, statement: sql.Composed, values: Any = None) -> Any:
        statements.append(repr(statement))
        return read(database, statement, values)

    monkeypatch.setattr(Database, "read", noted)
    answer = QAService(held, FakeEncoder()).ask(AskRequest("le roi et the king"))
    assert {p.passage.document_id for p in answer.passages} == {"french", "english"}
    assert sum("documents" in statement for statement in statements) == 1


def test_what_leads_a_paragraph_comes_back(store: PostgresStore, tmp_path: Path) -> None:
    [section] = ENGLISH.sections
    led = replace(section, leads=((), (section.paragraphs[0],)))
    document = replace(ENGLISH, sections=(led,))
    read = store.open(publish(store, tmp_path, document, FRENCH)).documents
    assert [read["english"], read["french"]] == [document, FRENCH]


def test_what_another_thread_reads_at_the_same_time_is_not_missed(
    store: PostgresStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = store.open(publish(store, tmp_path / "one", FRENCH, ENGLISH))
    for texts, key in ((held.documents, "french"), (held.passages, 4)):
        memory = texts._held
        looked_up = memory.get

        def remembered_just_after(wanted: Any, texts: Any = texts, get: Any = looked_up) -> Any:
            found = get(wanted)
            texts._fetched([wanted])
            return found

        monkeypatch.setattr(memory, "get", remembered_just_after)
        assert texts[key]  # type: ignore[index]


def test_what_was_not_loaded_to_the_end_is_removed_by_the_next_writer(
    url: str, store: PostgresStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(store, tmp_path / "one", FRENCH)

    def fail(*_: object) -> None:
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(pg_loading.Loader, "_index", fail)
    with pytest.raises(StoreUnavailable, match="gone"):
        publish(store, tmp_path / "two", FRENCH, ENGLISH)
    schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'passerelle\\_%%'"
    assert (store.names(), execute(url, schemas)) == ([first], [(2,)])
    with store.alone():
        assert execute(url, schemas) == [(1,)]
    assert execute(url, "SELECT id FROM passerelle.generations") == [(first,)]
    files = "SELECT count(DISTINCT sha256) FROM passerelle."
    assert execute(url, f"{files}blobs") == execute(url, f"{files}files")


def test_rows_that_are_lost_are_found(url: str, store: PostgresStore, tmp_path: Path) -> None:
    name = publish(store, tmp_path / "one", FRENCH)
    execute(url, f'DELETE FROM "passerelle_{name}".stems WHERE row = 1')  # noqa: S608
    with pytest.raises(CorruptIndex, match="does not hold all stems"):
        store.verify(name)


def test_a_query_that_takes_too_long_is_ended(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pg_connection, "STATEMENT", 200)
    with closing(Database(url, patience=5)) as database:
        with pytest.raises(StoreUnavailable, match="statement timeout"):
            database.read("SELECT pg_sleep(6)")
        assert database.read("SELECT 1") == [(1,)]


def test_weights_are_those_of_the_embedded_index() -> None:
    passages = [["a", "b", "a"], ["b"], [], ["c", "d", "a", "b"]]
    embedded, weights = bm25_of(passages), Weights.of((terms, ()) for terms in passages)
    columns = [held for _, held in weights.columns()]
    for term, count in (("a", 2), ("b", 3), ("c", 1), ("d", 1)):
        idf = np.log1p((4 - count + 0.5) / (count + 0.5))
        for row, held in enumerate(columns):
            found = _value(held, weights.numbers[term])
            expected = embedded.at([term], np.array([row]))[0] * idf
            assert found == pytest.approx(expected, abs=1e-6)


def _value(held: bytes, place: int) -> float:
    count = int.from_bytes(held[4:8], "big")
    places = np.frombuffer(held, ">i4", count, 12).tolist()
    values = np.frombuffer(held, ">f4", count, 12 + 4 * count)
    return float(values[places.index(place)]) if place in places else 0.0


def test_in_a_large_index_only_the_rarest_words_find_passages(
    store: PostgresStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = publish(store, tmp_path / "one", many(30))
    monkeypatch.setattr(pg_words, "SCANNED", 3)
    words = store.open(name).lexical_query("chat mot7 pain", "fr")
    assert words.best(20).tolist() == [7]


def test_large_collections_are_searched_by_their_indexes(
    url: str, store: PostgresStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HNSW and full text search are what the plans use, and find what an exact search finds."""
    monkeypatch.setattr(pg_loading, "EXACT_BELOW", 1000)
    held = built(tmp_path / "one", [many(3000), ENGLISH])
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((len(held.passages), 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    noisy = replace(held, dense=type(held.dense).of(vectors), near={})
    with store.alone():
        store.load(noisy)
    shared = store.open(held.id)
    french = held.late.languages[0]
    assert shared.nearby == {french}
    values = {"asked": str(vectors[5].tolist()), "k": 40, "wide": 80, "rows": [1]}
    explained = plan(url, shared.nearest_of(int(french)), values)
    assert "Index Scan using passages_pooled_idx" in explained
    assert "Index" not in plan(url, shared.nearest_of(1 - int(french)), values)
    asked = [
        (shared.nearest(v, 10)[-10:].tolist(), noisy.nearest(v, 10)[-10:].tolist())
        for v in vectors[:50]
    ]
    found = [len(set(ours) & set(theirs)) / 10 for ours, theirs in asked]
    assert np.mean(found) >= 0.98
    lexical = f'SELECT row FROM "passerelle_{held.id}".prefixes WHERE terms @@ %s::tsquery'  # noqa: S608
    assert "Bitmap Index Scan on prefixes_terms_idx" in plan(url, lexical, ["'mot7'"])
    assert (
        shared.lexical_query("mot77", "fr").best(3).tolist()
        == held.lexical_query("mot77", "fr").best(3).tolist()
    )


def test_a_filter_that_leaves_many_is_searched_by_the_index_of_their_language_alone(
    url: str, store: PostgresStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (pg_loading, selection):
        monkeypatch.setattr(module, "EXACT_BELOW", 1000)
    held = built(tmp_path / "one", [many(3000), ENGLISH])
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((len(held.passages), 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    noisy = replace(held, dense=type(held.dense).of(vectors), near={})
    with store.alone():
        store.load(noisy)
    shared = store.open(held.id)
    languages = held.late.languages[: len(held.passages)]
    french, english = int(languages[0]), int(languages[-1])
    every = np.arange(0, len(languages), 2)
    for rows in (every, every[languages[every] == french]):
        parts = {part.code: part for part in shared.spoken.parts(rows, 2)}
        assert parts[french].wide
        assert (english in parts) == (len(rows) == len(every))
        assert not (english in parts and parts[english].wide)
        own = parts[french].rows
        assert own is not None
        values = {"asked": str(vectors[5].tolist()), "k": 40, "wide": 80, "rows": allowed(own)}
        explained = plan(url, shared.nearest_of(french, among(own)), values)
        assert "Index Scan using passages_pooled_idx" in explained
        found = [
            len(set(shared.nearest(v, 10, rows)) & set(noisy.nearest(v, 10, rows)))
            / len(noisy.nearest(v, 10, rows))
            for v in vectors[:50]
        ]
        assert np.mean(found) >= 0.97
    execute(url, "UPDATE passerelle.generations SET spoken = NULL")  # as it was loaded before
    older = store.open(held.id)
    assert not any(part.wide for part in older.spoken.parts(every, 2))
    for v in vectors[:5]:
        assert set(older.nearest(v, 10, every)) == set(noisy.nearest(v, 10, every))


def test_a_role_that_may_only_read_answers_and_cannot_write(
    url: str, postgres: Server, tmp_path: Path
) -> None:
    execute(url, "DROP ROLE IF EXISTS reader")
    execute(url, "CREATE ROLE reader LOGIN")
    try:
        execute(url, "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO reader")
        execute(url, "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader")
        reading = f"postgresql://reader@127.0.0.1:{postgres.port}/own"
        with (
            closing(PostgresStore(url, tmp_path / "cache")) as store,
            closing(PostgresStore(reading, tmp_path / "cache")) as held,
        ):
            name = publish(store, tmp_path / "one", FRENCH)
            assert held.open(held.current_name()).lexical_query("chat", "fr").best(5).tolist() == [
                0
            ]
            assert held.verify(name).damaged == ()
            with pytest.raises(StoreUnavailable, match="permission denied"):
                held.go_back()
    finally:
        execute(url, "DROP OWNED BY reader")
        execute(url, "DROP ROLE reader")
