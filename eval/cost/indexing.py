"""``python -m eval.cost.indexing FOLDER ...``: what it costs to index, update and open, by size.

Each passage is a file, and ``qa index`` is run on them as a process of its own. Where the data sets
have too few entries, halves of entries follow, cut between sentences: no text comes twice.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from documents.errors import PasserelleError
from documents.types import Document
from documents.wording.sentences import sentences
from eval.cost.harness.processes import Run, run
from eval.errors import EvaluationError
from eval.sets.datasets import load_dataset
from index.generations.folder import FolderStore
from index.manifest import Manifest
from qa.indexes.building import index_paths
from qa.indexes.opening import open_service
from qa.settings import Settings

SIZES: Final = (500, 1_500, 5_000)
"""How many passages are indexed."""
_OPENED: Final = 5
"""How often an index is opened; the fastest counts."""


class IndexingCost(NamedTuple):
    """What an index of some size costs.

    Attributes:
        passages: the number of passages in it.
        all: the run that indexes all of them; the model was exported before.
        one: the run that indexes them again after one has changed.
        none: the run that indexes them again with no change.
        opened: the time to open the index, in seconds; the libraries were loaded before.
        size: the size of the generation on disk, in MB.
    """

    passages: int
    all: Run
    one: Run
    none: Run
    opened: float
    size: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.indexing", description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    options = parser.parse_args(arguments)
    try:
        texts = real_texts(
            [load_dataset(f).documents for f in options.datasets], max(options.sizes)
        )
        print(indexing_table(list(_measure(texts, options.sizes, Settings.from_environment()))))
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def indexing_table(costs: Sequence[IndexingCost]) -> str:
    """Return the costs in Markdown."""
    lines = [
        "| passages | index all | | peak | change one | peak | change none | open | on disk |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *map(_row, costs)])


def _row(cost: IndexingCost) -> str:
    return (
        f"| {cost.passages:,} | {cost.all.seconds:.1f} s | "
        f"{cost.passages / cost.all.seconds:.0f} passages/s | {cost.all.memory:.0f} MB | "
        f"{cost.one.seconds:.2f} s | {cost.one.memory:.0f} MB | {cost.none.seconds:.2f} s | "
        f"{1000 * cost.opened:.0f} ms | {cost.size:.0f} MB |"
    )


def real_texts(datasets: Sequence[Mapping[str, Document]], count: int) -> list[str]:
    """Return this many different texts: entries, then halves of entries.

    Raises:
        EvaluationError: the data sets have fewer.
    """
    documents = [d for dataset in datasets for d in dataset.values() if d.text.strip()]
    halves = (half for document in documents for half in _halves(document))
    texts = list(dict.fromkeys([*(d.text for d in documents), *halves]))
    if len(texts) < count:
        raise EvaluationError(f"the data sets have {len(texts)} texts, not {count}: name more")
    return texts[:count]


def _halves(document: Document) -> Iterator[str]:
    found = sentences(document.text, document.language)
    if len(found) > 1:
        middle = found[len(found) // 2].start
        yield from (document.text[:middle].strip(), document.text[middle:].strip())


def _measure(
    texts: Sequence[str], sizes: Sequence[int], settings: Settings
) -> Iterator[IndexingCost]:
    with tempfile.TemporaryDirectory(prefix="passerelle-") as name:
        article = replace(settings, index=Path(name) / "article")
        index_paths([], article)  # exports the encoder, which every index then has
        for size in sizes:
            own = replace(settings, index=Path(name) / f"index-{size}")
            shutil.copytree(article.index, own.index)
            yield _cost(texts[:size], Path(name) / f"documents-{size}", own)


def _cost(texts: Sequence[str], folder: Path, settings: Settings) -> IndexingCost:
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:06}.txt").write_text(text + "\n", encoding="utf-8")
    index_all = _index(folder, settings)
    with (folder / "000000.txt").open("a", encoding="utf-8") as file:
        file.write("\nUne phrase de plus, qui change ce document.\n")
    index_one, index_none = _index(folder, settings), _index(folder, settings)
    current = FolderStore(settings.index).current()
    passages = Manifest.read(current).passages
    size = sum(path.stat().st_size for path in current.rglob("*") if path.is_file()) / 1e6
    return IndexingCost(passages, index_all, index_one, index_none, _opening(settings), size)


def _index(folder: Path, settings: Settings) -> Run:
    cost = run(["qa.cli", "index", str(folder)], {**os.environ, "QA_INDEX": str(settings.index)})
    print(f"{folder.name}: {cost.seconds:.2f} s, {cost.memory:.0f} MB", file=sys.stderr, flush=True)
    return cost


def _opening(settings: Settings) -> float:
    times = []
    for _ in range(_OPENED):
        start = time.perf_counter()
        open_service(settings)
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
