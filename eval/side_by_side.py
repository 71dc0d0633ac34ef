"""Passerelle beside the naive service: the same passages, machine and questions, in one run."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from eval.processes import Server, run, serving, spinning
from eval.rows import Row
from index.generation import DENSE, Generation
from index.model import ModelSource
from qa.opening import open_service
from qa.question import for_query
from qa.service import Request
from qa.settings import Settings

SECONDS: Final = 4.0
"""How long clients ask."""
SAMPLE: Final = 64
"""How many questions or passages are measured one by one."""
CLIENTS: Final = (1, 8, 64)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Both services over one index.

    Attributes:
        settings: of Passerelle's index.
        source: the model of both.
        questions: asked in turn.
        folder: of the naive service's files.
    """

    settings: Settings
    source: ModelSource
    questions: Sequence[str]
    folder: Path

    def rows(self, generation: Generation) -> Iterator[Row]:
        """Measure all of it; takes minutes."""
        self._write_naive(generation)
        yield from self._cold()
        naive: dict[str, float | None] = {}
        with self._serve() as mine, serving([*self._naive(), "--serve"], {}) as theirs:
            for row in _served(mine, theirs, self.questions):
                naive[row.what] = row.naive
                yield row
        with self._serve("--workers", str(os.cpu_count() or 1)) as server:
            found = server.load(self.questions, CLIENTS[-1], SECONDS)
            what = f"{CLIENTS[-1]} clients, a process a core"
            beside = naive[f"{CLIENTS[-1]} clients"]
            yield Row(what, "answers/s", found.rate, beside, less=False)
            yield Row(f"{what}: errors", "", found.errors)
        yield from self._shares()

    def cold(self, times: int) -> tuple[float, float]:
        """Return the median time of ``qa ask``, in seconds, and its memory in MB."""
        asked = ["qa.cli", "ask", self.questions[0]]
        runs = [run(asked, self._environment()) for _ in range(times)]
        return float(np.median([r.seconds for r in runs])), runs[0].memory

    def _environment(self) -> dict[str, str]:
        # The clients' questions all differ: nothing could be answered from memory anyway.
        return {"QA_INDEX": str(self.settings.index), "QA_REMEMBERED": "0"}

    def _serve(self, *options: str) -> AbstractContextManager[Server]:
        return serving(["qa.cli", "serve", *options, "--port"], self._environment())

    def _naive(self) -> list[str]:
        return ["eval.naive", self.source.location, str(self.folder)]

    def _write_naive(self, generation: Generation) -> None:
        shutil.copyfile(generation.encoder.parent / DENSE, self.folder / "vectors.faiss")
        texts = json.dumps([passage.text for passage in generation.passages])
        (self.folder / "texts.json").write_text(texts, encoding="utf-8")

    def _cold(self) -> Iterator[Row]:
        slow = [run([*self._naive(), self.questions[0]], {}) for _ in range(3)]
        seconds, memory = self.cold(5)
        yield Row("cold `qa ask`", "s", seconds, float(np.median([r.seconds for r in slow])))
        yield Row("memory of `qa ask`", "MB", memory, slow[0].memory)

    def _shares(self) -> Iterator[Row]:
        service, asked = open_service(self.settings), self.questions[:SAMPLE]
        for question in asked:
            service.ask(Request(question))
        texts = [for_query(question) for question in asked]
        encoder = _median(lambda text: service.encoder.encode_queries([text]), texts)
        whole = _median(lambda question: service.ask(Request(question)), asked)
        yield Row("of one answer: the encoder", "ms", encoder)
        yield Row("of one answer: language, ranking, citing", "ms", whole - encoder)


def _served(mine: Server, theirs: Server, questions: Sequence[str]) -> Iterator[Row]:
    both = (mine, theirs)
    for server in both:
        server.load(questions, 1, 1)  # the first answers are slower
    cores = os.cpu_count() or 1
    for busy in range(cores + 1):
        with spinning(busy):
            found = [server.load(questions, 1, SECONDS) for server in both]
        where = f"one at a time, {busy} of {cores} cores busy" if busy else "one at a time, idle"
        for percent in (50, 95, 99):
            ours, naive = (load.percentile(percent) for load in found)
            yield Row(f"HTTP, {where}, p{percent}", "ms", ours, naive)
    for clients in CLIENTS:
        yield from _throughput(f"{clients} clients", both, questions, clients)
    with spinning(1):
        yield from _throughput("8 clients, 1 core busy", both, questions, 8)
    yield Row("memory of the server", "MB", mine.memory(), theirs.memory())


def _throughput(
    what: str, both: tuple[Server, Server], questions: Sequence[str], clients: int
) -> Iterator[Row]:
    found = [server.load(questions, clients, SECONDS) for server in both]
    ours, naive = found
    yield Row(what, "answers/s", ours.rate, naive.rate, less=False)
    yield Row(f"{what}: errors", "", ours.errors, naive.errors)


def _median(answer: Callable[[str], object], questions: Sequence[str]) -> float:
    """Return the median time of an answer in milliseconds."""
    times = []
    for question in questions:
        start = time.perf_counter()
        answer(question)
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times))
