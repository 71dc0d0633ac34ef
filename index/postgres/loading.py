"""Loads a generation into PostgreSQL: first all rows, by COPY, then the indexes over them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from psycopg import sql

from documents.types import Document, Origin
from index.dense.inverted_file import EXACT_BELOW
from index.generations.generation import Generation
from index.lexical.analysis import analyse, of_context, prefixes
from index.manifest import NAME
from index.postgres.binary import HEADER, TRAILER, integer, integers, record, smallint, vector
from index.postgres.connection import Connection
from index.postgres.files import Columns, keep_files
from index.postgres.lexical import PREFIXES, STEMS, Weights, main_language
from index.postgres.schema import schema_of, script

MEMORY: Final = "512MB"
"""The least memory that the database may use to build an index."""
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
        self._language_of = np.array(generation.late.languages)
        self._counts = np.bincount(self._language_of[: len(generation.passages)])
        self._lengths: Counter[str] = Counter()

    def load(self) -> None:
        """Load everything; the generation is not current yet.

        Raises:
            psycopg.Error: the database failed; the next writer removes what was loaded.
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
        fields = [(p.text, "\n".join(p.context), p.language) for p in self._generation.passages]
        return {
            STEMS: Weights.of(
                (analyse(t, code), of_context(analyse(a, code))) for t, a, code in fields
            ),
            PREFIXES: Weights.of((prefixes(t), of_context(prefixes(a))) for t, a, _ in fields),
        }

    def _describe(self, weights: dict[str, Weights]) -> None:
        generation = self._generation
        nearby = [int(code) for code in np.flatnonzero(self._counts >= EXACT_BELOW)]
        frame = np.ascontiguousarray(generation.late.frame.array(), dtype="<f4").tobytes()
        centres = np.ascontiguousarray(generation.centres.vectors, dtype="<f4").tobytes()
        self._connection.execute(
            "INSERT INTO passerelle.generations "
            "(id, manifest, frame, centres, passages, above, languages, nearby, words, sizes, "
            "spoken) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                generation.id, (self._folder / NAME).read_bytes(), frame, centres,
                len(generation.passages), len(generation.above),
                sorted(set(self._languages)), nearby, main_language(self._languages),
                [max(1, len(weights[kind].numbers)) for kind in (STEMS, PREFIXES)],
                self._language_of[: len(generation.passages)].astype(np.int8).tobytes(),
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
                integer(row), smallint(int(self._language_of[row])), passage.document_id.encode(),
                integer(passage.start), integer(passage.end),
                _json(passage.section), _json(passage.leads), passage.language.encode(),
                vector(pooled),
            ])  # fmt: skip

    def _tokens(self) -> Iterator[bytes]:
        late = self._generation.late
        for row in range(len(self._language_of)):
            tokens = late.passage(row)
            arrays = {name: self._array(row, name) for name in ("codes", "radii", "scales")}
            self._lengths.update({name: len(content) for name, content in arrays.items()})
            yield record([
                integer(row), smallint(int(self._language_of[row])), *arrays.values(),
                tokens.starts.astype("<i4").tobytes(), tokens.spans.astype("<i4").tobytes(),
                integers(self._above(row)),
            ])  # fmt: skip

    def _above(self, row: int) -> list[int]:
        """Return the rows of the texts above a passage; above such a text there is none."""
        contexts = self._generation.late.contexts
        return contexts.rows_above(np.array([row]))[0].tolist() if row < len(contexts) else []

    def _array(self, row: int, name: str) -> bytes:
        """Return one array of a passage's vectors, with the bytes that files have."""
        if name == "pooled":
            pooled = self._generation.dense.vectors(np.array([row]))[0]
            return bytes(pooled.astype("<f4").tobytes())
        tokens = self._generation.late.passage(row)
        if name != "scales":
            return bytes(np.ascontiguousarray(getattr(tokens, name)).tobytes())
        languages = np.full(len(tokens.radii), self._language_of[row])
        frame = self._generation.late.frame
        scales = frame.scales(tokens.codes, tokens.radii.astype(np.float32), languages)
        return bytes(scales.astype("<f2").tobytes())

    def _column(self, name: str) -> Iterator[bytes]:
        rows = len(self._generation.passages if name == "pooled" else self._language_of)
        return (self._array(row, name) for row in range(rows))

    def _index(self) -> None:
        self._connection.execute(
            "SELECT set_config('maintenance_work_mem', greatest("
            "pg_size_bytes(current_setting('maintenance_work_mem')), pg_size_bytes(%s)) / 1024 "
            "|| 'kB', false)",
            [MEMORY],
        )
        self._connection.execute(script("generation_indexes", self._generation.id))
        for code in np.flatnonzero(self._counts >= EXACT_BELOW):
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
    sections = [[s.path, s.paragraphs, *([s.leads] * bool(s.leads))] for s in document.sections]
    address = None if document.source_url is None else document.source_url.encode()
    return record([
        integer(place), document.id.encode(), document.title.encode(),
        document.language.encode(), document.text.encode(), _json(sections), address,
        document.sha256.encode(), _json(document.pages),
        _json([(notice.kind, notice.detail) for notice in document.notices]),
        _json(document.properties), _origin(document.origin),
        integer(rows.start), integer(len(rows)),
    ])  # fmt: skip


def _words(weights: Weights) -> Iterator[bytes]:
    for row, columns in enumerate(weights.columns()):
        yield record([integer(row), *columns])


def _terms(weights: dict[str, Weights]) -> Iterator[bytes]:
    for kind, counted in weights.items():
        frequencies = counted.frequencies.tolist()
        for (term, number), passages in zip(counted.numbers.items(), frequencies, strict=True):
            yield record([kind.encode(), term.encode(), integer(number), integer(passages)])


def _origin(origin: Origin | None) -> bytes:
    # In ASCII: not every name of a file is text.
    return json.dumps(origin and (origin.root, origin.path)).encode("ascii")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
