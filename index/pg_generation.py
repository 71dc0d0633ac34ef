"""A generation in PostgreSQL, open for reading: see ``index.searching``."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from index.codec import COARSE_FROM, Codes
from index.encoding import Floats, TokenVectors
from index.errors import CorruptIndex
from index.frame import Frame
from index.late import LateIndex, LateScores
from index.manifest import NAME, FileEntry, Manifest, Recipe
from index.pg_binary import read_vector, vector_text
from index.pg_connection import Database
from index.pg_files import fetch_encoder, file_entries
from index.pg_schema import schema_of
from index.pg_texts import PgDocuments, PgPassages
from index.pg_words import PREFIXES, STEMS, PgLexicon
from index.query_encoder import ENCODER
from index.searching import Words

_ROUNDED: Final = 2
"""How many times the wanted number is looked for in half precision, and then compared exactly."""
_TOKENS: Final = (
    "SELECT t.row, t.codes, t.radii, t.scales, t.starts, t.spans, t.spoken, "
    "p.document, p.starts, p.ends, p.section, p.language "
    "FROM {schema}.tokens t JOIN {schema}.passages p USING (row) WHERE t.row = ANY(%s)"
)


@dataclass(frozen=True, slots=True)
class PgGeneration:
    """An immutable index in a database.

    Attributes:
        id: its identifier.
        recipe: how it was made.
        documents: by identifier, in the order they were indexed.
        passages: in the order of the rows.
        encoder: the folder of the query encoder, fetched from the database.
        encoder_files: what that folder holds.
        database: holds all else.
        frame: what the token vectors are compared in.
        nearby: the numbers of the languages whose vectors have an HNSW index.
        lexicon: the words.
    """

    id: str
    recipe: Recipe
    documents: PgDocuments
    passages: PgPassages
    encoder: Path
    encoder_files: Mapping[str, FileEntry]
    database: Database
    frame: Frame
    nearby: frozenset[int]
    lexicon: PgLexicon

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
            "SELECT manifest, frame, passages, nearby, words, sizes "
            "FROM passerelle.generations WHERE id = %s"
        )
        found = database.read(query, [generation])
        if not found:
            raise CorruptIndex(f"{database.name} holds no generation {generation}")
        manifest, frame, count, nearby, words, sizes = found[0]
        recipe, schema = read_recipe(manifest, generation), schema_of(generation)
        texts = PgDocuments(database, schema)
        entries = file_entries(database, generation).items()
        files = {
            name.removeprefix(f"{ENCODER}/"): entry
            for name, entry in entries
            if name.startswith(f"{ENCODER}/")
        }
        array = np.frombuffer(frame, "<f4").reshape(-1, recipe.dimension)
        return cls(
            generation, recipe, texts, PgPassages(database, schema, texts, count),
            fetch_encoder(database, generation, cache), files, database,
            Frame.of_array(array), frozenset(nearby),
            PgLexicon(database, schema, words, count, dict(zip((STEMS, PREFIXES), sizes))),  # noqa: B905
        )  # fmt: skip

    def require_rows(self) -> None:
        """Compare the number of rows with that of passages.

        Raises:
            CorruptIndex: a table lacks some, or has too many.
        """
        for table in ("passages", "tokens", STEMS, PREFIXES):
            statement = sql.SQL("SELECT count(*) FROM {}.{}")
            named = statement.format(schema_of(self.id), sql.Identifier(table))
            if self.database.read(named) != [(len(self.passages),)]:
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
        values = {
            "asked": vector_text(pooled), "k": k, "wide": _ROUNDED * k,
            "rows": None if rows is None else rows.tolist(),
        }  # fmt: skip
        spoken = range(len(self.frame.centres))
        parts = [self.nearest_of(code, among=rows is not None) for code in spoken]
        found = self.database.read(sql.SQL(" UNION ALL ").join(parts), values)
        found.sort(key=lambda each: (each[0], each[2], each[1]))
        return np.array([row for _, row, _ in found], dtype=np.int64)

    def nearest_of(self, code: int, *, among: bool) -> sql.Composed:
        """Return the statement that finds the nearest of one language."""
        parts = {
            "schema": schema_of(self.id), "code": sql.Literal(code),
            "length": sql.Literal(self.recipe.dimension),
            "among": sql.SQL("AND row = ANY(%(rows)s) " if among else ""),
        }  # fmt: skip
        statement = _NEARBY if code in self.nearby and not among else _EXACT
        return sql.SQL(statement).format(**parts)

    def words(self, question: str, language: str) -> Words:
        """Return the words of a question, as they are compared."""
        return self.lexicon.asked(question, language)

    def match(self, question: TokenVectors, rows: NDArray[np.int64]) -> LateScores:
        """Score passages by late interaction: see ``LateIndex.score``."""
        statement = sql.SQL(_TOKENS).format(schema=schema_of(self.id))
        found = {row: fields for row, *fields in self.database.read(statement, [rows.tolist()])}
        if len(found) != len(rows):
            raise CorruptIndex(f"{self.database.name} lacks passages: run `qa index` again")
        for row, fields in found.items():
            self.passages.remember(row, tuple(fields[6:]))
        late = self._late([found[row] for row in rows.tolist()])
        return late.score(question, np.arange(len(rows)))

    def _late(self, held: Sequence[Sequence[Any]]) -> LateIndex:
        """Return an index of the tokens of these passages alone."""
        codes, radii, scales, starts, spans, spoken, *_ = zip(*held, strict=True)
        sentences = [np.frombuffer(content, "<i4") for content in starts]
        tokens = _ends([len(content) // 2 for content in radii])
        moved = [first + at for first, at in zip(sentences, tokens, strict=False)]
        return LateIndex(
            self._codes(b"".join(codes)),
            np.frombuffer(b"".join(radii), "<f2"),
            np.frombuffer(b"".join(scales), "<f2").reshape(-1, 2),
            np.concatenate([*moved, tokens[-1:]]).astype(np.int64),
            _ends([len(content) for content in sentences]),
            np.array(spoken, dtype=np.int8),
            np.frombuffer(b"".join(spans), "<i4").reshape(-1, 2),
            self.frame,
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
        statement = sql.SQL("SELECT row, pooled FROM {}.passages WHERE row = ANY(%s)")
        wanted = rows.tolist()
        found = self.database.read(statement.format(schema_of(self.id)), [wanted])
        vectors = {row: read_vector(content) for row, content in found}
        return np.asarray(np.stack([vectors[row] for row in wanted]) @ pooled, dtype=np.float32)


_EXACT: Final = (
    "(SELECT {code} AS spoken, row, pooled <#> %(asked)s::vector AS distance "
    "FROM {schema}.passages WHERE spoken = {code} {among}"
    "ORDER BY pooled <#> %(asked)s::vector, row LIMIT %(k)s)"
)
_NEARBY: Final = (
    "(SELECT {code} AS spoken, row, pooled <#> %(asked)s::vector AS distance "
    "FROM (SELECT row, pooled FROM {schema}.passages WHERE spoken = {code} "
    "ORDER BY pooled::halfvec({length}) <#> %(asked)s::halfvec({length}) LIMIT %(wide)s) AS near "
    "ORDER BY distance, row LIMIT %(k)s)"
)


def read_recipe(manifest: bytes, generation: str) -> Recipe:
    """Return how a generation was made, after its manifest is compared with its identifier.

    Raises:
        CorruptIndex: they do not fit together.
        IncompatibleIndex: another version of Passerelle made it.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / generation
        home.mkdir()
        (home / NAME).write_bytes(manifest)
        return Manifest.read(home).recipe


def _ends(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
