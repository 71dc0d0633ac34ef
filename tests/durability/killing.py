"""Kills ``qa index`` while it updates an index of real documents; run by test_durability_kill.

A process of its own, since it forks: each update runs in a child with everything loaded, and is
the real command but for its encoder. Prints how often the old and the new generation were found.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from documents.discovery import Selection
from documents.reading import read_documents
from documents.sources import named_source
from documents.types import Document, Source
from index.build import pipeline
from index.checking import check_contents
from index.generations import record_writer
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from qa.answer.types import Citation
from qa.cli import main as cli
from qa.indexes import building
from qa.language.detection import detect_document
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]
REAL = (
    "documents/articles/mila-canada-2025.txt",
    "README.md",
    "CONTRIBUTING.md",
    "docs/ranking.md",
)
RANDOM, WRITING, MEASURED = 100, 40, 5
OPERATIONS = frozenset({"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.chmod"})
Killer = Callable[[int, int], None]
"""Is given the identifier of the process and a pipe in which it says that it begins to write."""


class State(NamedTuple):
    """The documents of an index, and what it follows."""

    documents: dict[str, Document]
    sources: tuple[Source, ...]


class Trial:
    """An index, the documents it holds, and those it is to hold after the update."""

    def __init__(self, folder: Path) -> None:
        """Index the documents once."""
        self.source, self.store = folder / "documents", FolderStore(folder / "index")
        self.found: Counter[str] = Counter()
        self.round = 0
        self.source.mkdir()
        os.environ["QA_INDEX"] = str(self.store.folder)
        self.change()
        assert update(self.source, self.round, lambda *_: None) == 0
        self.held = self.read()

    def change(self) -> None:
        """Change one document, and let another come or go."""
        self.round += 1
        for name in REAL:
            shutil.copy(ROOT / name, self.source)
        extra = self.source / "CONTRIBUTING.md"
        with (self.source / "README.md").open("a", encoding="utf-8") as file:
            file.write(f"\n## Un ajout\n\nCeci est la version numéro {self.round} du texte.\n")
        if self.round % 2:
            extra.unlink()

    def read(self) -> State:
        """Read the documents as ``qa index`` does."""
        found = read_documents([self.source], detect=detect_document).documents
        named = named_source(self.source, Selection(exclude=(str(self.round),)))
        return State({d.id: d for d in found}, (named,))

    def run(self, kind: str, kill: Killer) -> bool:
        """Update and kill, then check; tell whether the update ended by itself."""
        self.change()
        wanted = self.read()
        status = update(self.source, self.round, kill)
        now = self.check()
        assert now in (self.held, wanted), f"{kind}: neither the old nor the new documents"
        if status == 0:
            assert now == wanted, f"{kind}: an update that had ended is lost"
        self.found[f"{kind} {'new' if now == wanted else 'old'}"] += 1
        self.held = now
        return status == 0

    def check(self) -> State:
        """Do what ``qa verify`` does, and return what is there."""
        generation = Generation.open(self.store.current(), check=check_contents)
        for passage in generation.passages:
            Citation.of(passage, generation.documents[passage.document_id])
        documents = {d.id: replace(d, origin=None) for d in generation.documents.values()}
        return State(documents, generation.manifest.sources)


def update(source: Path, number: int, kill: Killer) -> int:
    """Run ``qa index`` in a child; return its status, negative if a signal ended it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            os.close(reading)
            os._exit(run_index(source, number, writing))
        os._exit(99)
    os.close(writing)
    kill(child, reading)
    status = os.waitpid(child, 0)[1]
    os.close(reading)
    return os.waitstatus_to_exitcode(status)


def run_index(source: Path, number: int, pipe: int) -> int:
    """Be ``qa index``, with other patterns each time, and say when the first file is written."""
    write = record_writer.write_records

    def announced(*arguments: object) -> object:
        os.write(pipe, b"w")
        return write(*arguments)  # type: ignore[arg-type]

    @contextmanager
    def fake(*_: object) -> Iterator[FakeEncoder]:
        yield FakeEncoder()

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    setattr(pipeline, "write_records", announced)  # noqa: B010
    setattr(building, "open_build_encoder", fake)  # noqa: B010
    setattr(building, "resolve_model", lambda *_: None)  # noqa: B010
    if at := os.environ.get("KILL_AT"):
        kill_self_at(int(at), os.environ["QA_INDEX"])
    return cli.main(["index", str(source), "--exclude", str(number)])


def kill_self_at(count: int, folder: str) -> None:
    """End this process before so manieth operation on a file of the index."""
    left = count

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if _changes(event, arguments, folder):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _changes(event: str, arguments: tuple[object, ...], folder: str) -> bool:
    if event != "open":
        return event in OPERATIONS
    path, _, flags = arguments
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return bool(writes) and str(path).startswith(folder)


def after(seconds: float, *, writing: bool = False) -> Killer:
    """Kill so long after the start, or after the first file is written."""

    def kill(child: int, pipe: int) -> None:
        if writing:
            os.read(pipe, 1)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)

    return kill


def durations(trial: Trial) -> tuple[float, float]:
    """Return how long updates take before and while they write, in seconds: the longest."""
    before, writing = [], []

    def measure(_: int, pipe: int) -> None:
        start = time.monotonic()
        os.read(pipe, 1)
        began = time.monotonic()
        os.read(pipe, 1)  # closed when the process ends
        before.append(began - start)
        writing.append(time.monotonic() - began)

    for _ in range(MEASURED):
        assert trial.run("whole", measure)
    return max(before), max(writing)


def main(folder: Path, seed: int) -> None:
    """Kill at random instants of the whole and of the writing, then before each operation."""
    trial, chance = Trial(folder), random.Random(seed)  # noqa: S311 - no secret
    before, writing = durations(trial)
    for _ in range(RANDOM):
        trial.run("random", after(chance.uniform(0, 1.1 * (before + writing))))
    for _ in range(WRITING):
        trial.run("writing", after(chance.uniform(0, writing), writing=True))
    operation = 0
    os.environ["KILL_AT"] = "0"
    ended = False
    while not ended:
        operation += 1
        os.environ["KILL_AT"] = str(operation)
        ended = trial.run("operation", lambda *_: None)
    print(json.dumps({**trial.found, "seconds": [before, writing]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
