"""``python -m eval.speed [FOLDER ...]``: how fast and how large, beside a naive service.

Both answer from the same passages, on the same machine, in the same run. The naive one is
``eval.naive``; it searches with vectors alone, where Passerelle also ranks, cites and abstains.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import faiss
import numpy as np

from documents.errors import PasserelleError
from documents.types import Document, Passage
from eval.datasets import load_dataset
from eval.latency import times
from eval.side_by_side import SAMPLE, Row, SideBySide
from index.build import Built, build_index
from index.build_encoder import open_build_encoder
from index.dense import DenseIndex
from index.encoding import Floats
from index.model import ModelSource, resolve_model
from index.storage import Store
from qa.opening import open_service
from qa.settings import Settings

SIZES: Final = (100, 1_000, 10_000)
"""Of how many passages the indexes are; texts come again where there are not as many."""
COMPARED: Final = 1_000
"""Of how many the index is that both services answer from."""
SEARCHED: Final = (10_000, 100_000, 1_000_000)
"""In how many vectors the nearest are searched: those of passages, with noise."""
_NOISE: Final = 0.02
_SEED: Final = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.speed", description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        rows = _measure(options.datasets, Settings.from_environment())
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    print(table(rows))
    if options.json:
        found = [{**row._asdict(), "gain": row.gain} for row in rows]
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


def table(rows: Sequence[Row]) -> str:
    """Return the figures in Markdown, the ratios first."""
    lines = ["| | times better | Passerelle | naive | |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        gain = "" if row.gain is None else f"**{row.gain:.1f}**"
        naive = "" if row.naive is None else _number(row.naive)
        lines.append(f"| {row.what} | {gain} | {_number(row.ours)} | {naive} | {row.unit} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.4f}" if value < 1 else f"{value:.2f}"


def _measure(folders: Sequence[Path], settings: Settings) -> list[Row]:
    datasets = [load_dataset(folder) for folder in folders]
    documents = [d for dataset in datasets for d in dataset.documents.values() if d.text]
    questions = [question for dataset in datasets for question in dataset.queries.values()]
    with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
        source = resolve_model(settings.model, settings.cache)
        own = replace(settings, index=Path(folder) / "index")
        rows = []
        for row in Growth(own, source, documents, questions, Path(folder)).rows():
            print(f"{row.what}: {_number(row.ours)} {row.unit}", file=sys.stderr, flush=True)
            rows.append(row)
        return rows


@dataclass(frozen=True, slots=True)
class Growth:
    """An index that grows.

    Attributes:
        settings: of the index.
        source: the model.
        documents: a passage each.
        questions: asked in turn.
        folder: for the files of the naive service.
    """

    settings: Settings
    source: ModelSource
    documents: Sequence[Document]
    questions: Sequence[str]
    folder: Path

    def rows(self) -> Iterator[Row]:
        """Measure at every size, and beside the naive service at one; takes minutes."""
        services = SideBySide(self.settings, self.source, self.questions, self.folder)
        for size in SIZES:
            start = time.perf_counter()
            built = self._build(size)
            rate = built.encoded / (time.perf_counter() - start)
            if size == COMPARED:
                yield Row("indexing, all of it", "passages/s", rate, self._naive_rate(), less=False)
                yield from services.rows(built.generation)
            yield Row(f"index of {size:,} passages", "MB", _size(built.generation.encoder.parent))
            found = times(open_service(self.settings), self.questions[:SAMPLE])
            yield Row(f"search and ranking, {size:,} passages, p50", "ms", float(np.median(found)))
            yield Row(f"cold `qa ask`, {size:,} passages", "s", services.cold(3)[0])
        yield from searches(built.generation.dense.vectors(np.arange(SIZES[-1])))

    def _build(self, size: int) -> Built:
        """Index so many passages; what was indexed before is not encoded again."""
        count = len(self.documents)
        held = [replace(self.documents[n % count], id=f"d{n}") for n in range(size)]
        store = Store(self.settings.index)
        with open_build_encoder(self.source, store) as encoder:
            return build_index(held, store, encoder, chunker=_whole, jobs=os.cpu_count() or 1)

    def _naive_rate(self) -> float:
        from sentence_transformers import SentenceTransformer

        texts = [document.text for document in self.documents[:SAMPLE]]
        model = SentenceTransformer(self.source.location)
        start = time.perf_counter()
        model.encode(texts, prompt="passage: ", normalize_embeddings=True, show_progress_bar=False)
        return len(texts) / (time.perf_counter() - start)


def searches(vectors: Floats) -> Iterator[Row]:
    """Time ``DenseIndex.search`` at growing sizes, on one core."""
    noise = np.random.default_rng(_SEED)
    faiss.omp_set_num_threads(1)
    for size in SEARCHED:
        tiled = vectors[np.arange(size) % len(vectors)]
        tiled += _NOISE * noise.standard_normal(tiled.shape, dtype=np.float32)
        tiled /= np.linalg.norm(tiled, axis=1, keepdims=True)
        index, found = DenseIndex.of(tiled), []
        for query in vectors[:20]:
            start = time.perf_counter()
            index.search(query[None], 60)
            found.append(1000 * (time.perf_counter() - start))
        yield Row(f"vector search, {size:,} vectors, p50", "ms", float(np.median(found)))


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _whole(document: Document, _count: object, _settings: object) -> list[Passage]:
    end = len(document.text)
    name = f"{document.id}#0-{end}"
    return [Passage(name, document.id, 0, end, document.text, (), document.language)]


if __name__ == "__main__":
    sys.exit(main())
