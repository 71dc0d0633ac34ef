"""``python -m eval.cost.cluster FOLDER ...``: how much faster actors of a Ray cluster index.

Each passage of the data sets is a file. They are indexed by this machine in one thread, then by a
Ray of this machine alone with so many actors, into empty indexes of an encoder that was exported
before; the fastest of several rounds counts. More actors than cores only take turns.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from documents.errors import PasserelleError
from eval.cost.indexing import real_texts
from eval.sets.datasets import load_dataset
from index.cluster.ray_cluster import LOCAL
from qa.indexes.building import index_paths
from qa.indexes.cluster_building import index_paths_on_cluster
from qa.settings import Settings

PASSAGES: Final = 1_000
ACTORS: Final = (1, 2, 4)
ROUNDS: Final = 2


@dataclass(slots=True)
class EncodingRate:
    """How many passages had been encoded at which time.

    Attributes:
        points: seconds of the clock, and the passages encoded until then.
    """

    points: list[tuple[float, int]] = field(default_factory=list)

    def progress(self, done: int, total: int) -> None:
        """Note that so many passages are encoded by now."""
        del total
        self.points.append((time.perf_counter(), done))

    def per_second(self) -> float:
        """Return passages a second over the last three quarters, when everything is loaded."""
        end, last = self.points[-1]
        start, first = next(point for point in self.points if 4 * point[1] >= last)
        return (last - first) / (end - start)


class Speed(NamedTuple):
    """How fast an index was built.

    Attributes:
        by: what built it: this machine alone, or a Ray of so many actors.
        rate: passages encoded a second, after everything was loaded.
        seconds: the whole build, including loading and writing.
        generation: the identifier of the generation, which must be the same for all.
    """

    by: str
    rate: float
    seconds: float
    generation: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status: 1 if generations differ."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.cluster", description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--passages", type=int, default=PASSAGES, metavar="N")
    parser.add_argument("--actors", type=int, nargs="+", default=ACTORS, metavar="N")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    options = parser.parse_args(arguments)
    try:
        texts = real_texts([load_dataset(f).documents for f in options.datasets], options.passages)
        found = _fastest(texts, options.actors, options.rounds, Settings.from_environment())
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    print(speed_table(found))
    return 0 if len({speed.generation for speed in found}) == 1 else 1


def speed_table(speeds: Sequence[Speed]) -> str:
    """Return the speeds in Markdown, each beside the first."""
    lines = [
        f"| {s.by} | {s.rate:.1f} | {s.rate / speeds[0].rate:.2f} | {s.seconds:.1f} "
        f"| {s.generation} |"
        for s in speeds
    ]
    header = "| | passages/s | ratio | s in all | generation |\n| --- | --- | --- | --- | --- |"
    return "\n".join([header, *lines])


def _fastest(
    texts: Sequence[str], actors: Sequence[int], rounds: int, settings: Settings
) -> list[Speed]:
    measured = [list(_measure(texts, actors, settings)) for _ in range(rounds)]
    return [max(same, key=lambda speed: speed.rate) for same in zip(*measured, strict=True)]


def _measure(texts: Sequence[str], actors: Sequence[int], settings: Settings) -> Iterator[Speed]:
    with tempfile.TemporaryDirectory(prefix="passerelle-") as name:
        article = replace(settings, index=Path(name) / "article")
        index_paths([], article)  # exports the encoder, which every index then has
        folder = Path(name) / "documents"
        folder.mkdir()
        for number, text in enumerate(texts):
            (folder / f"{number:06}.txt").write_text(text + "\n", encoding="utf-8")
        build = partial(_speed, folder, article, Path(name) / "own")
        yield build("this machine, 1 thread", partial(index_paths, jobs=1))
        for count in actors:
            on_cluster = partial(index_paths_on_cluster, LOCAL, actors=count)
            yield build(f"Ray, {count} actor(s)", on_cluster)


def _speed(folder: Path, article: Settings, own: Path, by: str, index: Callable[..., Any]) -> Speed:
    shutil.copytree(article.index, own)
    rate, start = EncodingRate(), time.perf_counter()
    built = index([folder], settings=replace(article, index=own), progress=rate.progress).built
    seconds = time.perf_counter() - start
    shutil.rmtree(own)
    print(f"{by}: {seconds:.1f} s", file=sys.stderr, flush=True)
    return Speed(by, rate.per_second(), seconds, built.generation.id)


if __name__ == "__main__":
    sys.exit(main())
