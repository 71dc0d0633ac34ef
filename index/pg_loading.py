"""A generation goes into PostgreSQL: all rows first, by COPY, and then the indexes over them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from psycopg import sql

from documents.types import Document
from index.analysis import analyse, prefixes
from index.frame import language_numbers
from index.generation import Generation
from index.manifest import NAME
from index.near import EXACT_BELOW
from index.pg_binary import (
    HEADER,
    TRAILER,
    integer,
    record,
    smallint,
    vector,
)
from index.pg_connection import Connection
from index.pg_files import Columns, keep_files
from index.pg_schema import schema_of, script
from index.pg_words import PREFIXES, STEMS, Weights, main_language

MEMORY: Final = "512MB"
"""How much memory the database may use to build an index, at least."""
_TABLES: Final = ("documents", "passages", "tokens", STEMS, PREFIXES, "terms")


class Loader:
    """Loads one generation."""

    def __init__(self, connection: Connection, generation: Generation) -> None:
        """Prepare to load; nothing is written yet.

        Args:
            connection: of the only writer.
            generation: in a folder, open.
        """
        self._connection, self._generation = connection, generation
        self._schema = schema_of(generation.id)
        self._languages = [p.language for p in generation.passages]
        self._spoken = language_numbers(self._languages)
        self._lengths: Counter[str] = Counter()

    def load(self) -> None:
        """Load everything; the generation does not answer yet.

        Raises:
            psycopg.Error: the database fails; what it holds of the generation is useless.
        """
        weights = self._weights()
        with self._connection.transaction():
            dimension = self._generation.recipe.dimension
            self._connection.execute(script("generation", self._generation.id, dimension))
            self._describe(weights)
            self._copy("documents", self._documents())
            self._copy("passages", self._passages())
            self._copy("tokens", self._tokens())
            for kind, counted in weights.items():
                self._copy(kind, _words(counted))
            self._copy("terms", _terms(weights))
            columns = Columns(self._lengths, self._column)
            keep_files(self._connection, self._generation.id, self._folder, columns)
        self._index()

    @property
    def _folder(self) -> Path:
        return self._generation.encoder.parent

    def _weights(self) -> dict[str, Weights]:
        texts = [p.text for p in self._generation.passages]
        pairs = zip(texts, self._languages, strict=True)
        return {
            STEMS: Weights.of(analyse(*pair) for pair in pairs),
            PREFIXES: Weights.of(map(prefixes, texts)),
        }

    def _describe(self, weights: dict[str, Weights]) -> None:
        generation, numbers = self._generation, self._spoken
        counts = np.bincount(numbers)
        nearby = [int(code) for code in np.flatnonzero(counts >= EXACT_BELOW)]
        frame = np.ascontiguousarray(generation.late.frame.array(), dtype="<f4").tobytes()
        self._connection.execute(
            "INSERT INTO passerelle.generations "
            "(id, manifest, frame, passages, languages, nearby, words, sizes) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                generation.id, (self._folder / NAME).read_bytes(), frame, len(numbers),
                sorted(set(self._languages)), nearby, main_language(self._languages),
                [max(1, len(weights[kind].numbers)) for kind in (STEMS, PREFIXES)],
            ],
        )  # fmt: skip

    def _copy(self, table: str, rows: Iterator[bytes]) -> None:
        statement = sql.SQL("COPY {}.{} FROM STDIN (FORMAT binary)").format(
            self._schema, sql.Identifier(table)
        )
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(HEADER)
            for row in rows:
                copy.write(row)
            copy.write(TRAILER)

    def _documents(self) -> Iterator[bytes]:
        for place, document in enumerate(self._generation.documents.values()):
            rows = self._generation.rows_of(document.id)
            yield _document(place, document, rows)

    def _passages(self) -> Iterator[bytes]:
        for row, passage in enumerate(self._generation.passages):
            pooled = self._generation.dense.vectors(np.array([row]))[0]
            self._lengths["pooled"] += 4 * len(pooled)
            yield record([
                integer(row), smallint(int(self._spoken[row])), passage.document_id.encode(),
                integer(passage.start), integer(passage.end),
                _json(passage.section), passage.language.encode(), vector(pooled),
            ])  # fmt: skip

    def _tokens(self) -> Iterator[bytes]:
        for row in range(len(self._spoken)):
            tokens = self._generation.late.passage(row)
            arrays = {name: self._array(row, name) for name in ("codes", "radii", "scales")}
            self._lengths.update({name: len(content) for name, content in arrays.items()})
            yield record([
                integer(row), smallint(int(self._spoken[row])), *arrays.values(),
                tokens.starts.astype("<i4").tobytes(), tokens.spans.astype("<i4").tobytes(),
            ])  # fmt: skip

    def _array(self, row: int, name: str) -> bytes:
        """Return what tokens hold of one kind, as files hold it."""
        if name == "pooled":
            pooled = self._generation.dense.vectors(np.array([row]))[0]
            return bytes(pooled.astype("<f4").tobytes())
        tokens = self._generation.late.passage(row)
        if name != "scales":
            return bytes(np.ascontiguousarray(getattr(tokens, name)).tobytes())
        spoken = np.full(len(tokens.radii), self._spoken[row])
        frame = self._generation.late.frame
        scales = frame.scales(tokens.codes, tokens.radii.astype(np.float32), spoken)
        return bytes(scales.astype("<f2").tobytes())

    def _column(self, name: str) -> Iterator[bytes]:
        return (self._array(row, name) for row in range(len(self._spoken)))

    def _index(self) -> None:
        self._connection.execute(
            "SELECT set_config('maintenance_work_mem', greatest("
            "pg_size_bytes(current_setting('maintenance_work_mem')), pg_size_bytes(%s)) / 1024 "
            "|| 'kB', false)",
            [MEMORY],
        )
        self._connection.execute(script("generation_indexes", self._generation.id))
        for code in np.flatnonzero(np.bincount(self._spoken) >= EXACT_BELOW):
            self._connection.execute(self._hnsw(int(code)))
        for table in _TABLES:
            statement = sql.SQL("VACUUM (ANALYZE, FREEZE) {}.{}")
            self._connection.execute(statement.format(self._schema, sql.Identifier(table)))

    def _hnsw(self, code: int) -> sql.Composed:
        return sql.SQL(
            "CREATE INDEX ON {}.passages USING hnsw ((pooled::halfvec({})) halfvec_ip_ops) "
            "WHERE spoken = {}"
        ).format(self._schema, sql.Literal(self._generation.recipe.dimension), sql.Literal(code))


def _document(place: int, document: Document, rows: range) -> bytes:
    sections = [[s.path, s.paragraphs] for s in document.sections]
    address = None if document.source_url is None else document.source_url.encode()
    return record([
        integer(place), document.id.encode(), document.title.encode(),
        document.language.encode(), document.text.encode(), _json(sections), address,
        document.sha256.encode(), _json(document.pages), integer(rows.start), integer(len(rows)),
    ])  # fmt: skip


def _words(weights: Weights) -> Iterator[bytes]:
    for row, columns in enumerate(weights.columns()):
        yield record([integer(row), *columns])


def _terms(weights: dict[str, Weights]) -> Iterator[bytes]:
    for kind, counted in weights.items():
        frequencies = counted.frequencies.tolist()
        for (term, number), passages in zip(counted.numbers.items(), frequencies, strict=True):
            yield record([kind.encode(), term.encode(), integer(number), integer(passages)])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
