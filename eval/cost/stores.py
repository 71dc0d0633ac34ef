"""``python -m eval.cost.stores FOLDER… --store URL``: asks both stores the same questions.

The contents of the database are replaced, so use one for this alone. At the end the largest data
set is repeated, with noise, to 100,000 passages, and only the database is asked.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from documents.errors import PasserelleError
from documents.types import Document, Passage
from eval.benchmark import ask
from eval.cost.latency import ranking_times
from eval.metrics import Judged, score
from eval.sets.collection import Collections
from eval.sets.datasets import Dataset, load_dataset
from index.dense.centres import Centres
from index.dense.exact import DenseIndex
from index.dense.inverted_file import NEAREST
from index.encoder.protocol import Floats
from index.generations.generation import Generation
from index.late.codec import TokenCodes
from index.late.contexts import Contexts
from index.late.frame import Frame
from index.manifest import Recipe
from index.postgres.store import PostgresStore
from qa.answer.service import QAService
from qa.question import for_query
from qa.settings import Settings

SIZE: Final = 100_000
QUESTIONS: Final = 200
_NOISE: Final = 0.02


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each data set and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.stores", description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--store", required=True, metavar="URL")
    parser.add_argument("--size", type=int, default=SIZE, metavar="PASSAGES")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    try:
        with closing(PostgresStore(options.store, settings.cache, keep=1)) as store:
            collections = Collections.of(settings)
            for line in compare_stores(options.datasets, collections, store, options.size):
                print(line, flush=True)
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def compare_stores(
    folders: Sequence[Path], collections: Collections, store: PostgresStore, size: int
) -> Iterator[str]:
    """Ask each data set's questions of both stores; yield lines of Markdown.

    Raises:
        PasserelleError: a data set cannot be read or indexed, or the database fails.
    """
    yield "| data set | passages | store | nDCG@10 | p50, ms | p95, ms |"
    yield "| --- | --- | --- | --- | --- | --- |"
    asked = []
    for folder in folders:
        dataset = load_dataset(folder)
        service = collections.whole(dataset)
        store.publish(service.generation.encoder.parent)
        shared = replace(service, generation=store.open(store.current_name()))
        yield _row(dataset, service, "embedded")
        yield _row(dataset, shared, "PostgreSQL")
        asked.append((dataset, service))
    dataset, service = max(asked, key=lambda pair: len(pair[1].generation.passages))
    yield from _large(dataset, service, store, size)


def _row(dataset: Dataset, service: QAService, name: str) -> str:
    questions = list(dataset.queries.values())
    names = {document.id: key for key, document in dataset.documents.items()}
    ranked = [
        tuple(names[p.passage.document_id] for p in answer.passages)
        for answer in ask(service, questions)
    ]
    pairs = zip(dataset.queries, ranked, strict=True)
    judged = [Judged(query, found, dataset.qrels[query]) for query, found in pairs]
    p50, p95 = np.percentile(ranking_times(service, questions[:QUESTIONS]), [50, 95])
    mean = score(judged)["nDCG@10"].mean()
    held = len(service.generation.passages)
    return f"| {dataset.name} | {held} | {name} | {mean:.4f} | {p50:.2f} | {p95:.2f} |"


def _large(dataset: Dataset, service: QAService, store: PostgresStore, size: int) -> Iterator[str]:
    tiled = TiledGeneration.of(cast("Generation", service.generation), size)
    with store.alone() as connection:
        connection.execute("DELETE FROM passerelle.generations")
        schema = sql.Identifier(f"passerelle_{tiled.id}")
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        start = time.perf_counter()
        store.load(cast("Generation", tiled))
        taken = time.perf_counter() - start
        yield f"\n{size:,} tiled passages: loaded and indexed in {taken:.1f} s"
        for index, large in _sizes(connection):
            yield f"- {index}: {large / 1e6:.0f} MB"
    held = store.open(tiled.id)
    questions = list(dataset.queries.values())[:QUESTIONS]
    p50, p95 = np.percentile(ranking_times(replace(service, generation=held), questions), [50, 95])
    yield f"- search and ranking: p50 {p50:.2f} ms, p95 {p95:.2f} ms"
    pooled = service.encoder.encode_queries([for_query(q) for q in questions]).pooled
    yield f"- recall@{NEAREST} of exact search: {_recall(held, tiled, pooled):.4f}"


def _sizes(connection: Any) -> list[tuple[str, int]]:
    query = (
        "SELECT c.relname, CASE c.relkind WHEN 'i' THEN pg_relation_size(c.oid) "
        "ELSE pg_table_size(c.oid) END FROM pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE n.nspname LIKE 'passerelle\\_%' "
        "AND c.relkind IN ('r', 'i') ORDER BY 2 DESC LIMIT 8"
    )
    found: list[tuple[str, int]] = connection.execute(query).fetchall()
    return found


def _recall(held: Any, tiled: TiledGeneration, pooled: Floats) -> float:
    """Compare with exact search of each language, as questions are answered."""
    exact = tiled.dense.search(pooled, NEAREST)
    shared = []
    for vector, best in zip(pooled, exact, strict=True):
        rows = held.nearest(vector, NEAREST)
        cosines = tiled.dense.vectors(rows) @ vector
        found = set(rows[np.argsort(-cosines)[:NEAREST]].tolist())
        shared.append(len(found & {candidate.row for candidate in best}) / NEAREST)
    return float(np.mean(shared))


class _TiledTokens(NamedTuple):
    """The tokens of the original passages, used for all their repetitions, without context."""

    base: Generation
    size: int

    @property
    def languages(self) -> NDArray[np.int8]:
        """See ``index.late.scoring.LateIndex``."""
        own = self.base.late.languages[: len(self.base.passages)]
        return np.resize(own, self.size)

    @property
    def contexts(self) -> Contexts:
        """See ``index.late.scoring.LateIndex``."""
        return Contexts.none(self.size)

    @property
    def frame(self) -> Frame:
        """See ``index.late.scoring.LateIndex``."""
        return self.base.late.frame

    def passage(self, row: int) -> TokenCodes:
        """See ``index.late.scoring.LateIndex``."""
        return self.base.late.passage(row % len(self.base.passages))


@dataclass(frozen=True, slots=True)
class TiledGeneration:
    """A generation repeated to more passages: a document each, vectors with noise."""

    id: str
    recipe: Recipe
    documents: dict[str, Document]
    passages: list[Passage]
    dense: DenseIndex
    late: _TiledTokens
    centres: Centres
    above: tuple[()]
    encoder: Path

    @classmethod
    def of(cls, base: Generation, size: int) -> TiledGeneration:
        """Tile a generation whose documents have one passage each."""
        count = len(base.passages)
        held = [base.documents[base.passages[row % count].document_id] for row in range(size)]
        documents = {f"d{row}": replace(d, id=f"d{row}") for row, d in enumerate(held)}
        passages = [
            replace(base.passages[row % count], document_id=f"d{row}", context=())
            for row in range(size)
        ]
        vectors: NDArray[np.float32] = base.dense.vectors(np.arange(count))
        return cls(
            base.id, base.recipe, documents, passages, DenseIndex.of(_noisy(vectors, size)),
            _TiledTokens(base, size), base.centres, (), base.encoder,
        )  # fmt: skip

    def rows_of(self, document_id: str) -> range:
        """See ``index.search.searchable.Searchable``."""
        row = int(document_id[1:])
        return range(row, row + 1)


def _noisy(vectors: Floats, size: int) -> Floats:
    """Return this many vectors: the given ones repeated, each with some noise."""
    tiled = vectors[np.arange(size) % len(vectors)]
    tiled += _NOISE * np.random.default_rng(0).standard_normal(tiled.shape, dtype=np.float32)
    return np.asarray(tiled / np.linalg.norm(tiled, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    sys.exit(main())
