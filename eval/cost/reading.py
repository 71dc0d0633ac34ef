"""``python -m eval.cost.reading FOLDER``: what the reader costs a service, in pairs.

Two servers answer from one index of a folder of documents, one with the reader and one without;
they are asked in turn, several times, so that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from documents.errors import PasserelleError
from eval.cost.harness.load import Load
from eval.cost.harness.processes import Server, run, serving
from eval.reports.measurement import format_number
from eval.sets.documents import load_folder
from qa.indexes.building import index_paths
from qa.settings import Settings

ROUNDS: Final = 5
"""How often each server is asked, in turn; the median of the rounds counts."""
SECONDS: Final = 4.0
"""How long clients ask in a round."""
MANY: Final = 64
"""How many clients ask at once where reading is shed."""
NOT_READ: Final = {"QA_READ_MS": "0"}


class Cost(NamedTuple):
    """A figure with the reader and without."""

    what: str
    unit: str
    reading: float
    without: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.reading", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="of documents and questions")
    options = parser.parse_args(arguments)
    try:
        print(_table(_measured(options.folder, Settings.from_environment())))
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def _measured(path: Path, settings: Settings) -> list[Cost]:
    folder = load_folder(path)
    with tempfile.TemporaryDirectory(prefix="passerelle-") as index:
        index_paths([folder.docs], replace(settings, index=Path(index)))
        questions = [question.text for question in folder.questions]
        return list(Reading(Path(index), questions).costs())


@dataclass(frozen=True, slots=True)
class Reading:
    """Two services over one index: the second does not read.

    Attributes:
        index: the folder of the index.
        questions: asked in turn.
        rounds: how often each is asked.
        seconds: how long clients ask in a round.
    """

    index: Path
    questions: Sequence[str]
    rounds: int = ROUNDS
    seconds: float = SECONDS

    def costs(self) -> Iterator[Cost]:
        """Measure all of it; takes minutes."""
        yield from self._cold()
        with self._serve({}) as reading, self._serve(NOT_READ) as without:
            both = (reading, without)
            for server in both:
                server.load(self.questions, 1, 1)  # the first answers are slower
            yield from self._alone(both)
            yield self._many(both)
            yield Cost("memory of the server", "MB", reading.memory(), without.memory())

    def _cold(self) -> Iterator[Cost]:
        asked = ["qa.cli", "ask", self.questions[0]]
        runs = [
            [run(asked, self._environment(more)) for more in ({}, NOT_READ)]
            for _ in range(self.rounds)
        ]
        yield Cost("cold `qa ask`", "s", *_medians([r.seconds for r in pair] for pair in runs))
        yield Cost("its memory", "MB", *_medians([r.memory for r in pair] for pair in runs))

    def _alone(self, both: tuple[Server, Server]) -> Iterator[Cost]:
        loads = self._loads(both, 1)
        for percent in (50, 95):
            found = _medians([load.percentile(percent) for load in pair] for pair in loads)
            yield Cost(f"one at a time, p{percent}", "ms", *found)

    def _many(self, both: tuple[Server, Server]) -> Cost:
        loads = self._loads(both, MANY)
        rates = _medians([load.rate for load in pair] for pair in loads)
        return Cost(f"{MANY} clients", "answers/s", *rates)

    def _loads(self, both: tuple[Server, Server], clients: int) -> list[list[Load]]:
        return [
            [server.load(self.questions, clients, self.seconds) for server in both]
            for _ in range(self.rounds)
        ]

    def _serve(self, more: Mapping[str, str]) -> AbstractContextManager[Server]:
        return serving(["qa.cli", "serve", "--port"], self._environment(more))

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        # No cache of answers, though the clients' questions all differ anyway.
        return {"QA_INDEX": str(self.index), "QA_REMEMBERED": "0", **more}


def _medians(pairs: Iterable[Sequence[float]]) -> tuple[float, float]:
    first, second = np.median(list(pairs), axis=0).tolist()
    return first, second


def _table(costs: Sequence[Cost]) -> str:
    lines = [
        "| | with the reader | without | difference | ratio | |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for what, unit, reading, without in costs:
        figures = (reading, without, reading - without, reading / without)
        lines.append(f"| {what} | {' | '.join(map(format_number, figures))} | {unit} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
