"""``python -m eval.cost.selectivity FOLDER ...``: what a filter costs, by how much it leaves.

Indexes are made as in ``eval.cost.scale``, and asked of documents chosen at random: the time to
choose, find and rank, and the share of the exact nearest passages that is found. With ``--store``
a database is asked too, whose contents are replaced: use one for this alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from documents.errors import PasserelleError
from eval.cost.scale import prepare, queries_of
from eval.cost.stand_in import StandIn, paragraphs
from index.build.pipeline import build_index
from index.dense.inverted_file import NEAREST
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.search.filters import Filter, of_documents
from index.search.ranking import DENSE_DEPTH, Query, rank
from index.search.searchable import Searchable
from qa.indexes.stores import shared_store
from qa.settings import Settings

if TYPE_CHECKING:
    from index.postgres.store import PostgresStore

SIZES: Final = (10_000, 1_000_000)
SHARES: Final = (1.0, 0.1, 0.01, 0.001, 0.0001)
"""Which shares of the passages are left by a filter."""


class Cost(NamedTuple):
    """What a filter costs.

    Attributes:
        store: which is asked.
        passages: how many the index holds.
        left: how many of them the filter leaves; None without a filter.
        p50: the median time on one core, in ms.
        p95: the 95th percentile of that time, in ms.
        recall: the share of the ten nearest that is found, in 0-1.
    """

    store: str
    passages: int
    left: int | None
    p50: float
    p95: float
    recall: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.selectivity", description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), metavar="N,N")
    parser.add_argument("--store", metavar="URL")
    options = parser.parse_args(arguments)
    print("| store | passages | left by the filter | p50 | p95 | recall@10 of exact |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    settings = replace(Settings.from_environment(), store=options.store)
    try:
        with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
            prepare(Path(folder), options.datasets, settings)
            for size in map(int, options.sizes.split(",")):
                for cost in measure_filters(Path(folder), size, shared_store(settings)):
                    print(_row(cost), flush=True)
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def _row(cost: Cost) -> str:
    left = "no filter" if cost.left is None else f"{cost.left:,}"
    return (
        f"| {cost.store} | {cost.passages:,} | {left} | {cost.p50:.1f} ms | {cost.p95:.1f} ms "
        f"| {cost.recall:.3f} |"
    )


def measure_filters(folder: Path, size: int, shared: PostgresStore | None) -> Iterator[Cost]:
    """Build an index of this many passages and ask it with filters of every share.

    Args:
        folder: see ``eval.cost.scale.prepare``.
        size: how many passages.
        shared: a database that is given the index and asked too.
    """
    asked = json.loads((folder / "asked.json").read_bytes())
    encoder = Path(asked["encoder"])
    stand_in = StandIn.open(folder, encoder)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        store = FolderStore(Path(name))
        made = build_index(stand_in.documents(size), store, stand_in, chunker=paragraphs)
        queries = list(queries_of(asked["questions"], encoder))
        with threadpool_limits(1):
            faiss.omp_set_num_threads(1)
            for share in (None, *SHARES):
                yield measure_filter(made.generation, made.generation, queries, share)
            if shared is None:
                return
            held = shared.open(shared.publish(made.generation.encoder.parent))
            for share in (None, *SHARES):
                yield measure_filter(held, made.generation, queries, share)


def measure_filter(
    generation: Searchable, built: Generation, queries: Sequence[Query], share: float | None
) -> Cost:
    """Ask with a filter that leaves a share of the documents, chosen at random.

    Args:
        generation: which is asked.
        built: the same in a folder, for the exact nearest.
        queries: what is asked.
        share: of the documents; None without a filter.
    """
    wanted = None if share is None else _some(built, share)
    count = len(generation.passages)
    left = None if share is None else max(1, round(count * share))
    warm = [*queries, *queries]
    times = [_time(generation, query, wanted, left) for query in warm][len(queries) :]
    rows = None if wanted is None else _rows(generation, wanted, left)
    p50, p95 = np.percentile(times, (50, 95)).tolist()
    found = None if rows is None else len(rows)
    store = "folder" if generation is built else "PostgreSQL"
    return Cost(store, count, found, p50, p95, _recall(generation, built, queries, rows))


def _some(generation: Generation, share: float) -> Filter:
    names = list(generation.documents)
    chosen = np.random.default_rng(1).permutation(len(names))[: max(1, round(len(names) * share))]
    return of_documents(tuple(names[at] for at in sorted(chosen.tolist())))


def _rows(generation: Searchable, wanted: Filter, left: int | None) -> NDArray[np.int64]:
    """Return the rows that a filter wants; of one document that is too large, a part."""
    return generation.catalogue.rows(wanted)[:left]


def _time(generation: Searchable, query: Query, wanted: Filter | None, left: int | None) -> float:
    start = time.perf_counter()
    rank(generation, query, None if wanted is None else _rows(generation, wanted, left))
    return 1000 * (time.perf_counter() - start)


def _recall(
    generation: Searchable,
    built: Generation,
    queries: Sequence[Query],
    rows: NDArray[np.int64] | None,
) -> float:
    exact, shares = replace(built, near={}), []
    for query in queries:
        wanted = set(exact.nearest(query.pooled, NEAREST, rows).tolist())
        found = set(generation.nearest(query.pooled, DENSE_DEPTH, rows).tolist())
        shares.append(len(wanted & found) / len(wanted))
    return float(np.mean(shares))


if __name__ == "__main__":
    sys.exit(main())
