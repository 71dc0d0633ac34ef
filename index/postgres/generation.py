"""A generation in PostgreSQL, open for reading: see ``index.search.searchable``."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from index.dense.centres import Centres
from index.encoder.folder import ENCODER
from index.encoder.protocol import Floats, TokenVectors
from index.errors import CorruptIndex
from index.late.codec import COARSE_FROM, Codes
from index.late.contexts import Contexts
from index.late.frame import Frame
from index.late.scoring import LateIndex, LateScores
from index.manifest import NAME, FileEntry, Manifest, Recipe
from index.postgres.binary import read_vector, vector_text
from index.postgres.connection import Database
from index.postgres.files import fetch_encoder, file_entries
from index.postgres.lexical import PREFIXES, STEMS, PostgresLexicon
from index.postgres.records import PostgresDocuments, PostgresPassages
from index.postgres.schema import schema_of
from index.postgres.selection import ALL, Spoken, allowed, among
from index.search.catalogue import Catalogue
from index.search.searchable import LexicalQuery

_ROUNDED: Final = 2
"""How many times the wanted number HNSW finds in half precision; those are compared exactly."""
_TOKENS: Final = (
    "SELECT t.row, t.codes, t.radii, t.scales, t.starts, t.spans, t.spoken, t.above, "
    "p.document, p.starts, p.ends, p.section, p.leads, p.language "
    "FROM {schema}.tokens t JOIN {schema}.passages p USING (row) WHERE t.row = ANY(%(rows)s) "
    "UNION ALL "
    "SELECT t.row, t.codes, t.radii, t.scales, t.starts, t.spans, t.spoken, t.above, "
    "NULL, NULL, NULL, NULL, NULL, NULL FROM {schema}.tokens t JOIN "
    "(SELECT DISTINCT unnest(above) AS row FROM {schema}.tokens WHERE row = ANY(%(rows)s)) AS over "
    "USING (row)"
)
"""The tokens of some passages, and of the texts above them."""
_OF_TOKENS: Final = 7
"""How many fields of such a row, after its number, are of the tokens; the others of the passage."""


@dataclass(frozen=True, slots=True)
class PostgresGeneration:
    """An immutable index in a database.

    Attributes:
        id: its identifier.
        recipe: how it was made.
        documents: by identifier, in the order they were indexed.
        catalogue: what is known of them without reading them.
        passages: in the order of the rows.
        above: how many texts stand above passages.
        encoder: the folder of the query encoder, fetched from the database.
        encoder_files: the files of that folder.
        database: holds everything else.
        frame: of the token vectors, see ``index.late.frame``.
        centres: where cosines of pooled vectors are measured from.
        nearby: the numbers of the languages whose vectors have an HNSW index.
        lexicon: scores the words of questions.
        spoken: the languages of the passages.
    """

    id: str
    recipe: Recipe
    documents: PostgresDocuments
    catalogue: Catalogue
    passages: PostgresPassages
    above: int
    encoder: Path
    encoder_files: Mapping[str, FileEntry]
    database: Database
    frame: Frame
    centres: Centres
    nearby: frozenset[int]
    lexicon: PostgresLexicon
    spoken: Spoken

    @classmethod
    def open(cls, database: Database, generation: str, cache: Path) -> Self:
        """Open a generation.

        Args:
            database: holds it.
            generation: its identifier.
            cache: where the query encoder is kept.

        Raises:
            CorruptIndex: the database does not hold it, or not all of it.
            IncompatibleIndex: another version of Passerelle made it.
            StoreUnavailable: the database does not answer.
        """
        query = (
            "SELECT manifest, frame, centres, passages, above, nearby, words, sizes "
            "FROM passerelle.generations WHERE id = %s"
        )
        found = database.read(query, [generation])
        if not found:
            raise CorruptIndex(f"{database.name} holds no generation {generation}")
        manifest, frame, centres, count, above, nearby, words, sizes = found[0]
        recipe, schema = read_manifest(manifest, generation).recipe, schema_of(generation)
        texts = PostgresDocuments(database, schema)
        entries = file_entries(database, generation).items()
        files = {
            name.removeprefix(f"{ENCODER}/"): entry
            for name, entry in entries
            if name.startswith(f"{ENCODER}/")
        }
        length = recipe.dimension
        array = np.frombuffer(frame, "<f4").reshape(-1, length)
        return cls(
            generation, recipe, texts, Catalogue(texts.entries),
            PostgresPassages(database, schema, texts, count), above,
            fetch_encoder(database, generation, cache), files, database,
            Frame.of_array(array), Centres(np.frombuffer(centres, "<f4").reshape(-1, length)),
            frozenset(nearby),
            PostgresLexicon(database, schema, words, count, dict(zip((STEMS, PREFIXES), sizes))),  # noqa: B905
            Spoken(database, generation),
        )  # fmt: skip

    def require_rows(self) -> None:
        """Compare the number of rows with that of passages.

        Raises:
            CorruptIndex: a table lacks some, or has too many.
        """
        counts = dict.fromkeys(("passages", "tokens", STEMS, PREFIXES), len(self.passages))
        counts["tokens"] += self.above
        for table, count in counts.items():
            statement = sql.SQL("SELECT count(*) FROM {}.{}")
            named = statement.format(schema_of(self.id), sql.Identifier(table))
            if self.database.read(named) != [(count,)]:
                raise CorruptIndex(
                    f"{self.database.name} does not hold all {table}: run `qa index` again"
                )

    def rows_of(self, document_id: str) -> range:
        """Return the rows of a document's passages: see ``Searchable``."""
        return self.documents.rows_of(document_id)

    def nearest(
        self, pooled: Floats, k: int, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the passages of each language nearest to a question, by one statement."""
        values: dict[str, Any] = {"asked": vector_text(pooled), "k": k, "wide": _ROUNDED * k}
        parts = []
        for code, own, wide in self.spoken.parts(rows, len(self.frame.centres)):
            name = f"rows{code}"
            values |= {} if own is None else {name: allowed(own)}
            parts.append(self.nearest_of(code, among(own, name), wide=wide))
        if not parts:
            return np.empty(0, dtype=np.int64)
        found = self.database.read(sql.SQL(" UNION ALL ").join(parts), values)
        found.sort(key=lambda each: (each[0], each[2], each[1]))
        return np.array([row for _, row, _ in found], dtype=np.int64)

    def nearest_of(
        self, code: int, allowed: sql.Composed = ALL, *, wide: bool = True
    ) -> sql.Composed:
        """Return the statement that finds the nearest of one language.

        Args:
            code: the number of the language.
            allowed: the condition on rows: see ``index.postgres.selection``.
            wide: whether all rows are allowed, or so many that HNSW pays.
        """
        parts = {
            "schema": schema_of(self.id), "code": sql.Literal(code),
            "length": sql.Literal(self.recipe.dimension),
            "among": allowed,
        }  # fmt: skip
        statement = _NEARBY if code in self.nearby and wide else _EXACT
        return sql.SQL(statement).format(**parts)

    def lexical_query(self, question: str, language: str) -> LexicalQuery:
        """Return the terms of a question: see ``PostgresLexicon.query``."""
        return self.lexicon.query(question, language)

    def match(self, question: TokenVectors, rows: NDArray[np.int64]) -> LateScores:
        """Score passages by late interaction: see ``LateIndex.score``."""
        statement = sql.SQL(_TOKENS).format(schema=schema_of(self.id))
        wanted = rows.tolist()
        found = {r: fields for r, *fields in self.database.read(statement, {"rows": wanted})}
        if not found.keys() >= set(wanted):
            raise CorruptIndex(f"{self.database.name} lacks passages: run `qa index` again")
        for row in wanted:
            self.passages.remember(row, tuple(found[row][_OF_TOKENS:]))
        late = self._late(wanted, {row: fields[:_OF_TOKENS] for row, fields in found.items()})
        return late.score(question, np.arange(len(rows)))

    def _late(self, rows: Sequence[int], held: Mapping[int, Sequence[Any]]) -> LateIndex:
        """Return an index of the tokens of these passages, and of the texts above them, alone."""
        numbers = {row: at for at, row in enumerate(held.keys() - set(rows))}
        fields = [held[row] for row in (*rows, *numbers)]
        codes, radii, scales, starts, spans, languages, above = zip(*fields, strict=True)
        over = [[numbers[row] for row in found] for found in above[: len(rows)]]
        sentences = [np.frombuffer(content, "<i4") for content in starts]
        tokens = _ends([len(content) // 2 for content in radii])
        moved = [first + at for first, at in zip(sentences, tokens, strict=False)]
        return LateIndex(
            self._codes(b"".join(codes)),
            np.frombuffer(b"".join(radii), "<f2"),
            np.frombuffer(b"".join(scales), "<f2").reshape(-1, 2),
            np.concatenate([*moved, tokens[-1:]]).astype(np.int64),
            _ends([len(content) for content in sentences]),
            np.array(languages, dtype=np.int8),
            np.frombuffer(b"".join(spans), "<i4").reshape(-1, 2),
            self.frame,
            Contexts(
                np.array([at for found in over for at in found], dtype=np.int32),
                _ends([len(found) for found in over]),
            ),
        )

    def _codes(self, content: bytes) -> Codes:
        length = self.recipe.dimension
        if length >= COARSE_FROM and length % 4 == 0:
            return np.frombuffer(content, np.uint8).reshape(-1, length // 4)
        return np.frombuffer(content, np.dtype("<f2")).reshape(-1, length)

    def fetch(self, rows: NDArray[np.int64]) -> None:
        """Read documents by one statement: see ``Searchable``."""
        self.documents.fetch([self.passages.document_of(row) for row in rows.tolist()])

    def cosines(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return the cosines of pooled vectors with a question's, ``(r,) float32``."""
        return np.asarray(self._pooled(rows)[0] @ pooled, dtype=np.float32)

    def closeness(self, pooled: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return how close passages are to a question as a whole: see ``Searchable``."""
        if not len(self.centres.vectors):
            return np.zeros(len(rows), dtype=np.float32)
        return self.centres.closeness(pooled, *self._pooled(rows))

    def _pooled(self, rows: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int8]]:
        """Return the pooled vectors of passages, and the numbers of their languages."""
        statement = sql.SQL("SELECT row, pooled, spoken FROM {}.passages WHERE row = ANY(%s)")
        wanted = rows.tolist()
        read = self.database.read(statement.format(schema_of(self.id)), [wanted])
        found = {row: (read_vector(content), spoken) for row, content, spoken in read}
        vectors = np.stack([found[row][0] for row in wanted])
        return vectors, np.array([found[row][1] for row in wanted], dtype=np.int8)


_EXACT: Final = (
    "(SELECT {code} AS spoken, row, pooled <#> %(asked)s::vector AS distance "
    "FROM {schema}.passages WHERE spoken = {code} {among}"
    "ORDER BY pooled <#> %(asked)s::vector, row LIMIT %(k)s)"
)
_NEARBY: Final = (
    "(SELECT {code} AS spoken, row, pooled <#> %(asked)s::vector AS distance "
    "FROM (SELECT row, pooled FROM {schema}.passages WHERE spoken = {code} {among}"
    "ORDER BY pooled::halfvec({length}) <#> %(asked)s::halfvec({length}) LIMIT %(wide)s) AS near "
    "ORDER BY distance, row LIMIT %(k)s)"
)


def read_manifest(manifest: bytes, generation: str) -> Manifest:
    """Return the manifest of a generation, after it is compared with the identifier.

    Raises:
        CorruptIndex: they do not fit together.
        IncompatibleIndex: another version of Passerelle made it.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / generation
        home.mkdir()
        (home / NAME).write_bytes(manifest)
        return Manifest.read(home)


def _ends(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
