"""The words of passages and of questions in PostgreSQL: BM25 as ``index.bm25`` has it.

A passage's weights are a sparse vector, and so the sum for a question is an inner product, which
the database computes. The passages that share a term are found by full text search.
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

from index.analysis import analyse, prefixes
from index.bm25 import K1, B, inverse_frequency
from index.encoding import Floats
from index.lexical import NEARLY_ALL
from index.pg_binary import lexemes, sparse_vector
from index.pg_connection import Database

STEMS, PREFIXES = "stems", "prefixes"
SCANNED: Final = 10_000
"""How many passages are scored for a question: those with its rarest terms."""
_LONGEST: Final = 500
_REMEMBERED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Weights:
    """The terms of all passages, numbered, and what they weigh.

    Attributes:
        numbers: each term's number, from 0.
        passages: of each passage its terms' numbers, rising, and how often each stands there.
        frequencies: how many passages have each term.
    """

    numbers: dict[str, int]
    passages: list[tuple[NDArray[np.int64], NDArray[np.int64]]]
    frequencies: NDArray[np.int64]

    @classmethod
    def of(cls, passages: Iterator[Sequence[str]]) -> Self:
        """Count the terms of each passage."""
        numbers: dict[str, int] = {}
        counted = []
        for terms in passages:
            found = [numbers.setdefault(lexeme(term), len(numbers)) for term in terms]
            counted.append(np.unique(np.array(found, dtype=np.int64), return_counts=True))
        every = np.concatenate([places for places, _ in counted])
        return cls(numbers, counted, np.bincount(every, minlength=len(numbers)))

    def columns(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield of each passage its lexemes and its weights, as COPY takes them."""
        names, idf = list(self.numbers), inverse_frequency(self.frequencies, len(self.passages))
        # One more each: the embedded index gives every passage a term, so that none is empty.
        lengths = np.array([counts.sum() + 1 for _, counts in self.passages])
        norms = K1 * (1 - B + B * lengths / lengths.mean())
        for (places, counts), norm in zip(self.passages, norms, strict=True):
            weights = (idf[places] * counts / (counts + norm)).astype(np.float32)
            held = sparse_vector(places, weights, max(1, len(names)))
            yield lexemes(names[place] for place in places), held


class _Term(NamedTuple):
    number: int
    passages: int


@dataclass(frozen=True, slots=True)
class PgLexicon:
    """The terms of a generation; those that were asked for are remembered.

    Attributes:
        database: holds it.
        schema: where.
        language: that of nearly all passages, or another word.
        passages: how many there are.
        sizes: of the sparse vectors: how many terms of each kind.
    """

    database: Database
    schema: sql.Identifier
    language: str
    passages: int
    sizes: dict[str, int]
    _known: dict[str, dict[str, _Term | None]] = field(default_factory=dict)

    def asked(self, question: str, language: str) -> PgWords:
        """Return the words of a question, as they are compared: see ``index.lexical``."""
        if language == self.language:
            return self._words(STEMS, analyse(question, language))
        return self._words(PREFIXES, prefixes(question))

    def _words(self, kind: str, terms: Sequence[str]) -> PgWords:
        counts = Counter(map(lexeme, terms))
        found = self._look_up(kind, list(counts))
        held = np.array([term.passages if term else 0 for term in found.values()], dtype=np.int64)
        total = float(
            inverse_frequency(held, self.passages) @ np.array(list(counts.values()), dtype=float)
        )
        present = {name: term for name, term in found.items() if term is not None}
        weights = {term.number: counts[name] for name, term in present.items()}
        pairs = ",".join(f"{place + 1}:{weights[place]}" for place in sorted(weights))
        query = f"{{{pairs}}}/{self.sizes[kind]}"
        return PgWords(self.database, self.schema, kind, _rarest(present), query, total or 1)

    def _look_up(self, kind: str, terms: list[str]) -> dict[str, _Term | None]:
        """Return what is known of terms, None of those that no passage has."""
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
class PgWords:
    """The words of a question.

    Attributes:
        database: holds the passages.
        schema: where.
        kind: ``stems`` or ``prefixes``.
        rarest: those by which passages are found.
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
        among = "" if rows is None else "AND row = ANY(%(rows)s) "
        values = {
            "terms": " | ".join(f"'{term}'" for term in self.rarest), "query": self.query, "k": k,
            "rows": None if rows is None else rows.tolist(),
        }  # fmt: skip
        statement = sql.SQL(
            "SELECT row FROM {}.{} WHERE terms @@ %(terms)s::tsquery {}"
            "ORDER BY weights <#> %(query)s::sparsevec, row LIMIT %(k)s"
        ).format(self.schema, sql.Identifier(self.kind), sql.SQL(among))
        found = self.database.read(statement, values)
        return np.array([row for (row,) in found], dtype=np.int64)


def main_language(languages: Sequence[str]) -> str:
    """Return the language whose stems are compared: see ``index.lexical``."""
    language, count = Counter(languages).most_common(1)[0]
    return language if count >= NEARLY_ALL * len(languages) else "mixed"


def lexeme(term: str) -> str:
    """Return a term as the database can hold it: words without end by their digest."""
    if len(term) <= _LONGEST:
        return term
    return hashlib.sha256(term.encode()).hexdigest()


def _rarest(terms: dict[str, _Term]) -> tuple[str, ...]:
    """Return the rarest terms, as many as few enough passages have, and at least one."""
    ordered = sorted(terms, key=lambda name: terms[name].passages)
    ends = np.cumsum([terms[name].passages for name in ordered])
    return tuple(ordered[: max(1, int((ends <= SCANNED).sum()))])
