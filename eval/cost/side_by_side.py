"""Measures Passerelle and the naive service in one run, on the same passages and questions."""

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

from eval.cost.harness.processes import Server, run, serving, spinning
from eval.reports.measurement import Measurement
from index.generations.generation import DENSE, Generation
from index.model.source import ModelSource
from qa.answer.service import AskRequest
from qa.indexes.opening import open_service
from qa.question import for_query
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
        settings: the settings of Passerelle's index.
        source: the model that both use.
        questions: the questions, asked in turn.
        folder: the folder for the naive service's files.
    """

    settings: Settings
    source: ModelSource
    questions: Sequence[str]
    folder: Path

    def rows(self, generation: Generation) -> Iterator[Measurement]:
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
            yield Measurement(what, "answers/s", found.rate, beside, less=False)
            yield Measurement(f"{what}: errors", "", found.errors)
        yield from self._shares()

    def cold(self, times: int) -> tuple[float, float]:
        """Return the median time of ``qa ask``, in seconds, and its memory in MB."""
        asked = ["qa.cli", "ask", self.questions[0]]
        runs = [run(asked, self._environment()) for _ in range(times)]
        return float(np.median([r.seconds for r in runs])), runs[0].memory

    def _environment(self) -> dict[str, str]:
        # No cache of answers, though the clients' questions all differ anyway.
        return {"QA_INDEX": str(self.settings.index), "QA_REMEMBERED": "0"}

    def _serve(self, *options: str) -> AbstractContextManager[Server]:
        return serving(["qa.cli", "serve", *options, "--port"], self._environment())

    def _naive(self) -> list[str]:
        return ["eval.rivals.naive", self.source.location, str(self.folder)]

    def _write_naive(self, generation: Generation) -> None:
        shutil.copyfile(generation.encoder.parent / DENSE, self.folder / "vectors.faiss")
        titles = {name: document.title for name, document in generation.documents.items()}
        passages = [
            {"title": titles[p.document_id], "section": p.section, "text": p.text}
            for p in generation.passages
        ]
        written = json.dumps(passages, ensure_ascii=False)
        (self.folder / "passages.json").write_text(written, encoding="utf-8")

    def _cold(self) -> Iterator[Measurement]:
        slow = [run([*self._naive(), self.questions[0]], {}) for _ in range(3)]
        seconds, memory = self.cold(5)
        yield Measurement(
            "cold `qa ask`", "s", seconds, float(np.median([r.seconds for r in slow]))
        )
        yield Measurement("memory of `qa ask`", "MB", memory, slow[0].memory)

    def _shares(self) -> Iterator[Measurement]:
        service, asked = open_service(self.settings), self.questions[:SAMPLE]
        for question in asked:
            service.ask(AskRequest(question))
        texts = [for_query(question) for question in asked]
        encoder = _median(lambda text: service.encoder.encode_queries([text]), texts)
        whole = _median(lambda question: service.ask(AskRequest(question)), asked)
        yield Measurement("of one answer: the encoder", "ms", encoder)
        yield Measurement("of one answer: language, ranking, citing", "ms", whole - encoder)


def _served(mine: Server, theirs: Server, questions: Sequence[str]) -> Iterator[Measurement]:
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
            yield Measurement(f"HTTP, {where}, p{percent}", "ms", ours, naive)
    for clients in CLIENTS:
        yield from _throughput(f"{clients} clients", both, questions, clients)
    with spinning(1):
        yield from _throughput("8 clients, 1 core busy", both, questions, 8)
    yield Measurement("memory of the server", "MB", mine.memory(), theirs.memory())


def _throughput(
    what: str, both: tuple[Server, Server], questions: Sequence[str], clients: int
) -> Iterator[Measurement]:
    found = [server.load(questions, clients, SECONDS) for server in both]
    ours, naive = found
    yield Measurement(what, "answers/s", ours.rate, naive.rate, less=False)
    yield Measurement(f"{what}: errors", "", ours.errors, naive.errors)


def _median(answer: Callable[[str], object], questions: Sequence[str]) -> float:
    """Return the median time of an answer in milliseconds."""
    times = []
    for question in questions:
        start = time.perf_counter()
        answer(question)
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times))
