"""The vectors of a generation over three databases, by postgres_fdw: the same nearest, by a merge.

Without these three settings, and statistics of the whole, all vectors are sorted for each question.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import psycopg
import pytest
from psycopg import sql

from documents.chunking import ChunkSettings
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.postgres import loading as pg_loading
from index.postgres.binary import vector_text
from index.postgres.store import PostgresStore
from tests.fakes import FakeEncoder, document
from tests.postgres_server import Server

SHARDS = 3
WORDS = ("chat", "mer", "pain", "roi", "jour", "nuit", "soleil", "maison")
COLUMNS = (
    "row integer, spoken smallint, document text, starts integer, ends integer, "
    "section text, leads text, language text, pooled vector(5)"
)
SHARD = (
    "CREATE EXTENSION vector;"
    f"CREATE TABLE passages ({COLUMNS});"
    "ALTER DATABASE {shard} SET cursor_tuple_fraction = 0.0001;"
)
INDEX = (
    "CREATE INDEX passages_near ON passages USING hnsw ((pooled::halfvec(5)) halfvec_ip_ops) "
    "WHERE spoken = 0; ANALYZE passages"
)
FOREIGN = (
    "CREATE SERVER {shard} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', "
    "port {port}, dbname {name}, use_remote_estimate 'false', extensions 'vector');"
    "CREATE USER MAPPING FOR postgres SERVER {shard} OPTIONS (user 'postgres');"
    "CREATE FOREIGN TABLE {schema}.{shard} PARTITION OF {schema}.passages "
    "FOR VALUES WITH (MODULUS 3, REMAINDER {number}) SERVER {shard} "
    "OPTIONS (table_name 'passages', schema_name 'public')"
)


def noisy_generation(folder: Path) -> Generation:
    chance = np.random.default_rng(0)
    paragraphs = [" ".join(chance.choice(WORDS, 6)) + f" mot{n}." for n in range(3000)]
    built = build_index(
        [document("many", "fr", {"Mots": paragraphs})], FolderStore(folder), FakeEncoder(),
        settings=ChunkSettings(budget=12),
    ).generation  # fmt: skip
    vectors = np.random.default_rng(1).standard_normal((len(built.passages), 5), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return replace(built, dense=type(built.dense).of(vectors), near={})


def distribute(server: Server, generation: str) -> None:
    """Move the passages of a generation to databases of their own."""
    schema = sql.Identifier(f"passerelle_{generation}")
    with psycopg.connect(server.url("whole"), autocommit=True) as whole:

        def run(statement: str, **parts: sql.Composable) -> None:
            whole.execute(sql.SQL(statement).format(schema=schema, **parts))

        run("CREATE EXTENSION postgres_fdw; ALTER TABLE {schema}.passages RENAME TO moved")
        run(f"CREATE TABLE {{schema}}.passages ({COLUMNS}) PARTITION BY HASH (row)")
        for number in range(SHARDS):
            name = f"shard{number}"
            shard = sql.Identifier(name)
            with psycopg.connect(server.database(name), autocommit=True) as connection:
                connection.execute(sql.SQL(SHARD).format(shard=shard))
            run(FOREIGN, shard=shard, port=sql.Literal(str(server.port)), name=sql.Literal(name),
                number=sql.Literal(number))  # fmt: skip
        run("INSERT INTO {schema}.passages SELECT * FROM {schema}.moved")
        run("DROP TABLE {schema}.moved")
        for number in range(SHARDS):
            with psycopg.connect(server.url(f"shard{number}"), autocommit=True) as connection:
                connection.execute(INDEX)
        run("ANALYZE {schema}.passages")


@pytest.fixture
def generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generation:
    monkeypatch.setattr(pg_loading, "EXACT_BELOW", 1000)
    return noisy_generation(tmp_path / "index")


def test_the_nearest_of_all_shards_are_merged(
    postgres: Server, generation: Generation, tmp_path: Path
) -> None:
    with closing(PostgresStore(postgres.database("whole"), tmp_path / "cache")) as store:
        with store.alone():
            store.load(generation)
        distribute(postgres, generation.id)
        held = store.open(generation.id)
        vectors = generation.dense.vectors(np.arange(50))
        found = [set(held.nearest(vector, 10).tolist()) for vector in vectors]
        expected = [set(generation.nearest(vector, 10).tolist()) for vector in vectors]
        shared = [len(ours & theirs) / 10 for ours, theirs in zip(found, expected, strict=True)]
        assert np.mean(shared) >= 0.98
        values = {"asked": vector_text(vectors[0]), "k": 40, "wide": 80}
        with psycopg.connect(postgres.url("whole")) as connection:
            statement = sql.SQL("EXPLAIN (VERBOSE) ") + held.nearest_of(0)
            lines = [row[0] for row in connection.execute(statement, values)]
        assert sum("Merge Append" in line for line in lines) == 1
        assert sum("Foreign Scan" in line for line in lines) == SHARDS
        remote = [line.partition("Remote SQL: ")[2] for line in lines if "Remote SQL" in line]
        assert all("ORDER BY" in line for line in remote)
    for number, statement in enumerate(remote):
        with psycopg.connect(postgres.url(f"shard{number}")) as connection:
            declared = f"EXPLAIN DECLARE c CURSOR FOR {statement}"
            declared = declared.replace("$1", f"'{values['asked']}'")
            plan = "\n".join(row[0] for row in connection.execute(declared.encode()))
            assert "Index Scan using passages_near" in plan
