"""A primary that is killed during an update, and a replica that takes its place under load."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from documents.chunking import ChunkSettings
from documents.types import Document
from index.build.pipeline import build_index
from index.errors import IndexingError, StoreUnavailable
from index.generations.folder import FolderStore
from index.postgres.store import PostgresStore
from index.search.ranking import Query, rank
from qa.answer.types import Citation
from tests.fakes import ENGLISH, FRENCH, FakeEncoder
from tests.postgres_server import Server, Unavailable, cluster, server

ROUNDS = 25
DURABLE = ("fsync=on",)
PATIENCE = 10.0
QUESTION = "Où dort le chat du roi ?"


@pytest.fixture
def folder() -> Iterator[Path]:
    try:
        with cluster() as lent:
            yield lent
    except Unavailable as error:
        pytest.skip(f"no PostgreSQL here: {error}")


@pytest.fixture
def primary(folder: Path) -> Iterator[Server]:
    made = server(folder, "primary", *DURABLE)
    made.make()
    made.start()
    yield made
    made.stop()


def built(folder: Path, documents: list[Document]) -> Path:
    small = ChunkSettings(budget=12)
    build_index(documents, FolderStore(folder), FakeEncoder(), settings=small)
    return FolderStore(folder).current()


def ask(store: PostgresStore) -> str:
    """Answer from the current generation, cite, and return its identifier."""
    generation = store.open(store.current_name())
    encoded = FakeEncoder().encode_queries([QUESTION])
    ranking = rank(generation, Query(QUESTION, "fr", encoded.pooled[0], encoded.tokens[0]))
    assert ranking is not None
    assert len(ranking.rows) == len(generation.passages)
    for row in ranking.rows:
        passage = generation.passages[row]
        Citation.of(passage, generation.documents[passage.document_id])
    return generation.id


def schemas(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        query = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'passerelle\\_%'"
        return {row[0].removeprefix("passerelle_") for row in connection.execute(query)}


def test_a_primary_killed_during_an_update_keeps_what_was_acknowledged(
    primary: Server, tmp_path: Path
) -> None:
    """Updates until killed, at random instants; afterwards one whole generation answers."""
    folders = [built(tmp_path / "one", [FRENCH]), built(tmp_path / "two", [FRENCH, ENGLISH])]
    url, chance = primary.database("killed"), random.Random(1)  # noqa: S311 - no secret
    with closing(PostgresStore(url, tmp_path / "cache", keep=1)) as store:
        held = store.publish(folders[0])
        start = time.monotonic()
        held = store.publish(folders[1])
        taken = time.monotonic() - start
    found = {"old": 0, "new": 0}
    # At once, after it was acknowledged, and in between.
    instants = [0.0, 60.0, *(chance.uniform(0, taken) for _ in range(ROUNDS - 2))]
    for instant in instants:
        wanted = next(f for f in folders if f.name != held)
        acknowledged = _update_and_kill(primary, url, wanted, tmp_path, instant)
        primary.start()
        with closing(PostgresStore(url, tmp_path / "cache", keep=1)) as store:
            now = ask(store)
            assert store.verify(now).damaged == ()
            assert now == wanted.name if acknowledged else now in (held, wanted.name)
            with store.alone():
                assert schemas(url) == {now}
        found["new" if now == wanted.name else "old"] += 1
        held = now
    assert min(found.values()) > 0, found


def _update_and_kill(primary: Server, url: str, wanted: Path, folder: Path, seconds: float) -> bool:
    """Kill the primary so long after the update began, or when it is done; tell whether it was."""
    outcome: list[bool] = []

    def update() -> None:
        with closing(PostgresStore(url, folder / "cache", keep=1, patience=0)) as store:
            try:
                store.publish(wanted)
            except IndexingError:
                outcome.append(False)
            else:
                outcome.append(True)

    thread = threading.Thread(target=update)
    thread.start()
    thread.join(seconds)
    primary.kill()
    thread.join()
    return outcome[0]


class Asked(NamedTuple):
    """A question: when it was asked and answered, and what came of it."""

    start: float
    end: float
    generation: str | None


@contextmanager
def load(url: str, cache: Path, patience: float) -> Iterator[list[Asked]]:
    """Ask without pause, from three threads with a pool of connections each."""
    asked: list[Asked] = []
    stopped = threading.Event()

    def work() -> None:
        with closing(PostgresStore(url, cache, patience=patience)) as store:
            while not stopped.is_set():
                start = time.monotonic()
                try:
                    found: str | None = ask(store)
                except StoreUnavailable:
                    found = None
                asked.append(Asked(start, time.monotonic(), found))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    try:
        yield asked
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def settled(check: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(200):
        if check():
            return
        time.sleep(0.05)
    raise TimeoutError


def test_a_replica_that_is_promoted_under_load_answers_without_an_error(
    primary: Server, folder: Path, tmp_path: Path
) -> None:
    """Both hosts are in the address: questions go on, and the next update finds the new one."""
    one, two = built(tmp_path / "one", [FRENCH]), built(tmp_path / "two", [FRENCH, ENGLISH])
    url = primary.database("served")
    replica = server(folder, "replica", *DURABLE)
    replica.copy_from(primary)
    replica.start()
    both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{replica.port}/served"
    with ExitStack() as stack:
        stack.callback(replica.stop)
        with closing(PostgresStore(url, tmp_path / "cache")) as writer:
            writer.publish(one)
        reading = stack.enter_context(
            closing(PostgresStore(replica.url("served"), tmp_path / "cache"))
        )
        settled(lambda: reading.names() == [one.name])
        asked = stack.enter_context(load(both, tmp_path / "cache", PATIENCE))
        killed = time.monotonic()
        primary.kill()
        time.sleep(0.3)
        replica.promote()
        writer = stack.enter_context(closing(PostgresStore(both, tmp_path / "cache")))
        writer.publish(two)
        published = time.monotonic()
        time.sleep(0.5)
    assert {each.generation for each in asked if each.end < killed} == {one.name}
    assert {each.generation for each in asked if each.start > published} == {two.name}
    assert [each for each in asked if each.generation is None] == []
    assert max(each.end - each.start for each in asked) < PATIENCE


@pytest.mark.parametrize("patience", [0.2, PATIENCE])
def test_while_no_server_answers_questions_wait_and_fail_only_after_that(
    primary: Server, tmp_path: Path, patience: float
) -> None:
    """One address, at which nothing answers for a second, as with an address that moves."""
    folder = built(tmp_path / "one", [FRENCH])
    url = primary.database("moved")
    with closing(PostgresStore(url, tmp_path / "cache")) as writer:
        writer.publish(folder)
    with load(url, tmp_path / "cache", patience) as asked:
        killed = time.monotonic()
        primary.kill()
        time.sleep(1)
        primary.start()
        back = time.monotonic()
        time.sleep(1.5)
    failed = [each for each in asked if each.generation is None]
    assert bool(failed) == (patience < 1)
    assert all(each.end > killed and each.start < back for each in failed)
    assert {each.generation for each in asked if each.start > back + 1} == {folder.name}
    assert max(each.end - each.start for each in asked) < PATIENCE
