"""``python -m eval.cost.scale FOLDER ...``: what an index of very many passages costs, by size.

Each size is built and asked in a process of its own. Passages past the real ones are synthetic and
their vectors stand-ins, see ``eval.cost.stand_in``: what is measured is everything but the
encoding. The questions are those of the data sets, encoded by the real encoder.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import faiss
import numpy as np
from threadpoolctl import threadpool_limits

from documents.errors import PasserelleError
from eval.cost.harness.processes import memory_of
from eval.cost.stand_in import StandIn, paragraphs, real_sentences, write_stand_in
from eval.errors import EvaluationError
from eval.sets.collection import Collections, of_article
from eval.sets.datasets import load_dataset
from index.build.pipeline import build_index
from index.dense.inverted_file import NEAREST
from index.encoder.folder import ENCODER
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.model.opening import open_query_encoder
from index.search.ranking import DENSE_DEPTH, Query, rank
from qa.language.detection import detect
from qa.question import for_query
from qa.settings import Settings

SIZES: Final = (10_000, 100_000, 1_000_000)
ASKED: Final = 200
"""How many questions are asked."""
_EVERY: Final = 0.02
"""The time between two readings of the memory, in seconds."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What an index of some size costs.

    Attributes:
        passages: how many it holds.
        seconds: to build it.
        before: anonymous memory when the build began, in MB, mostly that of libraries.
        peak: the most anonymous memory during the build, in MB.
        resident: the most resident memory, mapped files included, in MB.
        size: the size of the generation on disk, in MB.
        cells: the number of cells that FAISS divides the vectors into; 0 if it compares all.
        searched: how many of the cells a question searches.
        measured: the recall that this number gave when it was chosen.
        recall: the share of the ten nearest to real questions that is found, in 0-1.
        p50: the median time to find and rank passages on one core, in ms.
        p95: the 95th percentile of that time, in ms.
    """

    passages: int
    seconds: float
    before: float
    peak: float
    resident: float
    size: float
    cells: int
    searched: int
    measured: float
    recall: float
    p50: float
    p95: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.scale", description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="N,N")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
            prepare(Path(folder), options.datasets, Settings.from_environment())
            print(scale_table([_in_a_process(Path(folder), size) for size in options.sizes]))
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def scale_table(scales: Sequence[Scale]) -> str:
    """Return the costs in Markdown."""
    lines = [
        "| passages | built in | memory before, peak | with mapped files | on disk "
        "| cells searched | recall@10 of exact, built for | found | p50 | p95 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *map(_row, scales)])


def _row(scale: Scale) -> str:
    cells = f"{scale.searched} of {scale.cells:,}" if scale.cells else "all"
    return (
        f"| {scale.passages:,} | {scale.seconds:.0f} s | {scale.before:.0f}, {scale.peak:.0f} MB | "
        f"{scale.resident:.0f} MB | {scale.size:,.0f} MB | {cells} | {scale.measured:.3f} | "
        f"{scale.recall:.3f} | {scale.p50:.1f} ms | {scale.p95:.1f} ms |"
    )


def prepare(folder: Path, datasets: Sequence[Path], settings: Settings) -> None:
    """Write into a folder what every size is made of: sentences, their vectors, and questions."""
    held = [load_dataset(path) for path in datasets]
    sentences = real_sentences([d for dataset in held for d in dataset.documents.values()])
    encoder = Collections.of(settings).encoder
    write_stand_in(folder, sentences, encoder)
    questions = [q for dataset in held for q in dataset.queries.values()][:ASKED]
    article = FolderStore(of_article(settings).index).current() / ENCODER
    asked = {"questions": questions, "encoder": str(article)}
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")


def measure_scale(folder: Path, size: int) -> Scale:
    """Build an index of this many passages and ask it."""
    asked = json.loads((folder / "asked.json").read_bytes())
    encoder = Path(asked["encoder"])
    stand_in = StandIn.open(folder, encoder)
    with tempfile.TemporaryDirectory(dir=folder) as name, _watched() as seen:
        before, start = seen[0], time.perf_counter()
        generation = build_index(
            stand_in.documents(size), FolderStore(Path(name)), stand_in, chunker=paragraphs
        ).generation
        seconds, peak = time.perf_counter() - start, max(seen)
        resident = memory_of(0, "VmHWM")
        queries = list(queries_of(asked["questions"], encoder))
        with threadpool_limits(1):
            faiss.omp_set_num_threads(1)
            times = [_time(generation, query) for query in queries * 2][len(queries) :]
        width = generation.manifest.search.widths[0]
        return Scale(
            size, seconds, before, peak, resident, _size(generation.encoder.parent),
            width.cells, width.searched, width.recall, _recall(generation, queries),
            *np.percentile(times, (50, 95)).tolist(),
        )  # fmt: skip


def _in_a_process(folder: Path, size: int) -> Scale:
    code = "import sys; from eval.cost.scale import child; child(sys.argv[1], int(sys.argv[2]))"
    done = subprocess.run(  # noqa: S603 - its own
        [sys.executable, "-c", code, str(folder), str(size)], stdout=subprocess.PIPE
    )
    if done.returncode:
        raise EvaluationError(f"the index of {size} passages could not be built: see above")
    scale = Scale(**json.loads(done.stdout))
    print(_row(scale), file=sys.stderr, flush=True)
    return scale


def child(folder: str, size: int) -> None:
    """Measure one size and print what was found as JSON."""
    print(json.dumps(asdict(measure_scale(Path(folder), size))))


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Record the anonymous memory of this process, in MB, every 0.02 s."""
    seen, done = [memory_of(0, "RssAnon")], threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY):
            seen.append(memory_of(0, "RssAnon"))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def queries_of(questions: Sequence[str], encoder: Path) -> Iterator[Query]:
    """Yield questions as the encoder of a folder encodes them."""
    texts = [for_query(question) for question in questions]
    encoded = open_query_encoder(encoder).encode_queries(texts)
    for text, pooled, tokens in zip(texts, encoded.pooled, encoded.tokens, strict=True):
        yield Query(text, detect(text).code, pooled, tokens)


def _time(generation: Generation, query: Query) -> float:
    start = time.perf_counter()
    rank(generation, query)
    return 1000 * (time.perf_counter() - start)


def _recall(generation: Generation, queries: Sequence[Query]) -> float:
    """Return the share of the ten nearest that are among the candidates that ranking asks for."""
    exact = replace(generation, near={})
    shares = []
    for query in queries:
        wanted = set(exact.nearest(query.pooled, NEAREST).tolist())
        found = set(generation.nearest(query.pooled, DENSE_DEPTH).tolist())
        shares.append(len(wanted & found) / len(wanted))
    return float(np.mean(shares))


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _sizes(written: str) -> tuple[int, ...]:
    return tuple(map(int, written.split(",")))


if __name__ == "__main__":
    sys.exit(main())
