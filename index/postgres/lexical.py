"""The lexical signal in PostgreSQL: the same BM25 as in ``index.lexical.bm25``.

The weights of a passage are a sparse vector, so its score for a question is an inner product, which
the database computes. Full text search finds the passages that share a term with the question.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from index.encoder.protocol import Floats
from index.lexical.analysis import analyse, is_over, of_question, prefixes
from index.lexical.bm25 import inverse_frequency, length_norms, saturated
from index.lexical.lexical_index import NEARLY_ALL
from index.postgres.binary import lexemes, sparse_vector
from index.postgres.connection import Database
from index.postgres.selection import allowed, among, is_many

STEMS, PREFIXES = "stems", "prefixes"
SCANNED: Final = 10_000
"""How many passages are scored for a question at most: those with its rarest terms."""
_LONGEST: Final = 500
_SHARED: Final = "(weights <#> %(query)s::sparsevec) < 0"
"""The condition that a passage shares a term with the question."""
_REMEMBERED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Weights:
    """Computes the BM25 weights of all passages.

    Attributes:
        numbers: each term's number, from 0.
        passages: the numbers of each passage's terms, rising, how often each stands in its text,
            and how often in its context.
        frequencies: how many passages have each term.
    """

    numbers: dict[str, int]
    passages: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]
    frequencies: NDArray[np.int64]

    @classmethod
    def of(cls, passages: Iterator[tuple[Sequence[str], Sequence[str]]]) -> Self:
        """Count the terms of each passage's text and context."""
        numbers: dict[str, int] = {}
        counted = []
        for fields in passages:
            text, above = (
                Counter(numbers.setdefault(lexeme(term), len(numbers)) for term in terms)
                for terms in fields
            )
            places = sorted(text.keys() | above.keys())
            held = ([place, text[place], above[place]] for place in places)
            rows = np.array(list(held), dtype=np.int64).reshape(-1, 3)
            counted.append((rows[:, 0], rows[:, 1], rows[:, 2]))
        every = np.concatenate([places for places, *_ in counted])
        return cls(numbers, counted, np.bincount(every, minlength=len(numbers)))

    def columns(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the lexemes and the weights of each passage, in the format of COPY."""
        names, idf = list(self.numbers), inverse_frequency(self.frequencies, len(self.passages))
        # One more each, because ``Bm25Writer`` adds a term to every passage.
        lengths = np.array([counts.sum() + 1 for _, counts, _ in self.passages], dtype=np.int32)
        above = np.array([counts.sum() for *_, counts in self.passages], dtype=np.int32)
        norms = zip(length_norms(lengths), length_norms(above), strict=True)
        for (places, counts, over), (own, other) in zip(self.passages, norms, strict=True):
            weights = (idf[places] * saturated(counts / own, over / other)).astype(np.float32)
            held = sparse_vector(places, weights, max(1, len(names)))
            yield lexemes(names[place] for place in places), held


class _Term(NamedTuple):
    number: int
    passages: int


@dataclass(frozen=True, slots=True)
class PostgresLexicon:
    """The terms of a generation. Terms of earlier questions are kept in memory.

    Attributes:
        database: holds it.
        schema: where.
        language: that of nearly all passages, or ``mixed``.
        passages: how many there are.
        sizes: how many terms there are of each kind: the dimension of its sparse vectors.
    """

    database: Database
    schema: sql.Identifier
    language: str
    passages: int
    sizes: dict[str, int]
    _known: dict[str, dict[str, _Term | None]] = field(default_factory=dict)

    def query(self, question: str, language: str) -> PostgresLexicalQuery:
        """Return the terms of a question: see ``LexicalIndex.query``."""
        if language == self.language:
            return self._query(STEMS, analyse(question, language))
        return self._query(PREFIXES, prefixes(question))

    def _query(self, kind: str, terms: Sequence[str]) -> PostgresLexicalQuery:
        asked = of_question(list(terms))
        over = {lexeme(term) for term in asked if is_over(term)}
        counts = Counter(map(lexeme, asked))
        found = self._look_up(kind, list(counts))
        # As in ``LexicalIndex.query``: where nothing stands under a label, it is not asked for.
        found = {name: term for name, term in found.items() if term or name not in over}
        counts = Counter({name: counts[name] for name in found})
        held = np.array([term.passages if term else 0 for term in found.values()], dtype=np.int64)
        total = float(
            inverse_frequency(held, self.passages) @ np.array(list(counts.values()), dtype=float)
        )
        present = {name: term for name, term in found.items() if term is not None}
        weights = {term.number: counts[name] for name, term in present.items()}
        pairs = ",".join(f"{place + 1}:{weights[place]}" for place in sorted(weights))
        query = f"{{{pairs}}}/{self.sizes[kind]}"
        return PostgresLexicalQuery(
            self.database, self.schema, kind, _rarest(present), query, total or 1
        )

    def _look_up(self, kind: str, terms: list[str]) -> dict[str, _Term | None]:
        """Return the number and frequency of terms; None for a term that no passage has."""
        held = self._known.get(kind, {})
        missing = [term for term in terms if term not in held]
        if missing:
            held = {**(held if len(held) < _REMEMBERED else {}), **self._read(kind, terms)}
            self._known[kind] = held
        return {term: held[term] for term in terms}

    def _read(self, kind: str, terms: list[str]) -> dict[str, _Term | None]:
        statement = sql.SQL(
            "SELECT term, number, passages FROM {}.terms WHERE kind = %s AND term = ANY(%s)"
        ).format(self.schema)
        read = self.database.read(statement, [kind, terms])
        return {**dict.fromkeys(terms), **{term: _Term(*held) for term, *held in read}}


@dataclass(frozen=True, slots=True)
class PostgresLexicalQuery:
    """The terms of a question, ready to score passages.

    Attributes:
        database: holds the passages.
        schema: where.
        kind: ``stems`` or ``prefixes``.
        rarest: the terms by which passages are found.
        query: how often each term stands in the question, a ``sparsevec``.
        total: the sum of the terms' idf.
    """

    database: Database
    schema: sql.Identifier
    kind: str
    rarest: tuple[str, ...]
    query: str
    total: float

    def at(self, rows: NDArray[np.int64]) -> Floats:
        """Score some passages, ``(r,) float32``: see ``Bm25.at``."""
        scores = np.zeros(len(rows), dtype=np.float32)
        if not self.rarest:
            return scores
        statement = sql.SQL(
            "SELECT row, -(weights <#> %s::sparsevec) FROM {}.{} WHERE row = ANY(%s)"
        ).format(self.schema, sql.Identifier(self.kind))
        found = dict(self.database.read(statement, [self.query, rows.tolist()]))
        scores[:] = [found[row] for row in rows.tolist()]
        return np.asarray(scores / np.float32(self.total), dtype=np.float32)

    def best(self, k: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return the passages that score highest: see ``Bm25.best``."""
        if not self.rarest:
            return np.empty(0, dtype=np.int64)
        values = {
            "terms": " | ".join(f"'{term}'" for term in self.rarest), "query": self.query, "k": k,
            "rows": None if rows is None else allowed(rows),
        }  # fmt: skip
        # Of a few rows all are scored, also those that share only common terms.
        shared = "terms @@ %(terms)s::tsquery" if is_many(rows) else _SHARED
        statement = sql.SQL(
            "SELECT row FROM {}.{} WHERE {} {}"
            "ORDER BY weights <#> %(query)s::sparsevec, row LIMIT %(k)s"
        ).format(self.schema, sql.Identifier(self.kind), sql.SQL(shared), among(rows))
        found = self.database.read(statement, values)
        return np.array([row for (row,) in found], dtype=np.int64)


def main_language(languages: Sequence[str]) -> str:
    """Return the language whose stems are compared: see ``index.lexical.lexical_index``."""
    language, count = Counter(languages).most_common(1)[0]
    return language if count >= NEARLY_ALL * len(languages) else "mixed"


def lexeme(term: str) -> str:
    """Return a term as a lexeme; one that is too long for PostgreSQL is replaced by its digest."""
    if len(term) <= _LONGEST:
        return term
    return hashlib.sha256(term.encode()).hexdigest()


def _rarest(terms: dict[str, _Term]) -> tuple[str, ...]:
    """Return the rarest terms that ``SCANNED`` passages have in all; at least one term."""
    ordered = sorted(terms, key=lambda name: terms[name].passages)
    ends = np.cumsum([terms[name].passages for name in ordered])
    return tuple(ordered[: max(1, int((ends <= SCANNED).sum()))])
