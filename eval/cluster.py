"""``python -m eval.cluster FOLDER ...``: what actors of a Ray cluster add to the speed of indexing.

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
from eval.datasets import load_dataset
from eval.indexing import real_texts
from index.cluster import LOCAL
from qa.building import index_paths
from qa.ray_indexing import index_paths_on_cluster
from qa.settings import Settings

PASSAGES: Final = 1_000
ACTORS: Final = (1, 2, 4)
ROUNDS: Final = 2


@dataclass(slots=True)
class Told:
    """When how many passages were encoded."""

    times: list[tuple[float, int]] = field(default_factory=list)

    def progress(self, done: int, total: int) -> None:
        """Be told how many are."""
        del total
        self.times.append((time.perf_counter(), done))

    def rate(self) -> float:
        """Return passages a second, of the last three quarters: by then all is loaded."""
        end, last = self.times[-1]
        start, first = next(told for told in self.times if 4 * told[1] >= last)
        return (last - first) / (end - start)


class Speed(NamedTuple):
    """How fast an index was built.

    Attributes:
        by: what built it.
        rate: passages encoded a second, once everything was loaded.
        seconds: all of it, loading and writing too.
        generation: what was built: the same, whatever built it.
    """

    by: str
    rate: float
    seconds: float
    generation: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status: 1 if generations differ."""
    parser = argparse.ArgumentParser(prog="python -m eval.cluster", description=__doc__)
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
    print(table(found))
    return 0 if len({speed.generation for speed in found}) == 1 else 1


def table(speeds: Sequence[Speed]) -> str:
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
    told, start = Told(), time.perf_counter()
    built = index([folder], settings=replace(article, index=own), progress=told.progress).built
    seconds = time.perf_counter() - start
    shutil.rmtree(own)
    print(f"{by}: {seconds:.1f} s", file=sys.stderr, flush=True)
    return Speed(by, told.rate(), seconds, built.generation.id)


if __name__ == "__main__":
    sys.exit(main())
