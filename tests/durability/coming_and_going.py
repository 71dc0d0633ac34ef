"""Kills an upload and a watch at instants spread over them: ``… FOLDER INSTANTS``.

A process of its own, since it forks: each job runs in a child with everything loaded, and is the
real one but for its encoder. Prints how often the old and the new documents were found.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from index.checking import check_contents
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from qa.answer.types import Citation
from qa.indexes import building, watching
from qa.indexes.building import index_paths
from qa.indexes.progress import Job
from qa.settings import Settings
from qa.uploads.jobs import Jobs
from qa.uploads.library import Incoming, Library
from qa.uploads.work import work
from tests.fakes import FakeEncoder

Texts = dict[str, str]
"""The SHA-256 of each document's text, by its identifier."""
LATEST: Final = 20.0
"""How long a job may take at most, in seconds."""
KINDS: Final = ("upload", "watch")


class Trial:
    """An index of a folder and of uploads, which change round by round."""

    def __init__(self, folder: Path) -> None:
        """Index the folder, and upload a file."""
        self.settings = Settings(folder / "index", folder)
        self.own, self.round = folder / "own", 0
        self._locks: list[int] = []
        self.own.mkdir()
        for name in ("a", "b"):
            (self.own / f"{name}.md").write_text(f"# {name}\n\nThe king of {name}.\n", "utf-8")
        index_paths([self.own], self.settings, encoder=FakeEncoder())
        self.run("upload", None)

    def run(self, kind: str, instant: float | None) -> tuple[str, float]:
        """Do a job, and kill it after so many seconds, or once it is done; return what is there.

        Returns:
            ``old`` or ``new``, and how long it took, in seconds.
        """
        self.round += 1
        before = self.texts()
        child = self._child(self._upload() if kind == "upload" else self._watch())
        start = time.monotonic()
        limit = LATEST if instant is None else instant
        while time.monotonic() - start < limit and not self._is_over(child, kind, before, instant):
            time.sleep(0.002)
        took = time.monotonic() - start
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        now = self.texts()
        wanted = self._wanted(kind, before)
        assert wanted(now) or now == before, f"{kind} killed after {took:.3f} s: {now}"
        return ("old" if now == before else "new"), took

    def settle(self) -> None:
        """Check that what was killed is in no one's way: the index can be brought up to date."""
        index_paths([], self.settings, encoder=FakeEncoder())
        shelf = Library.of(self.settings).shelf.folder
        files = [file for folder in (self.own, shelf) for file in folder.glob("*.md")]
        assert self.texts() == {file.stem: file.read_text("utf-8") for file in files}

    def texts(self) -> Texts:
        """Do what ``qa verify`` does, and return what is there."""
        store = FolderStore(self.settings.index)
        held = Generation.open(store.current(), check=check_contents)
        for passage in held.passages:
            Citation.of(passage, held.documents[passage.document_id])
        return {name: held.documents[name].text for name in held.documents}

    def _wanted(self, kind: str, before: Texts) -> Callable[[Texts], bool]:
        changed = {"x", "y"} if kind == "upload" else {"a", "b"}

        def is_wanted(now: Texts) -> bool:
            kept = all(
                now.get(name) == text for name, text in before.items() if name not in changed
            )
            return kept and all(f"version {self.round}." in now.get(name, "") for name in changed)

        return is_wanted

    def _is_over(self, child: int, kind: str, before: Texts, instant: float | None) -> bool:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        return kind == "watch" and instant is None and self._wanted(kind, before)(self.texts())

    def _upload(self) -> Callable[[], object]:
        jobs = Jobs.of(self.settings.index, lambda _, lock: self._locks.append(os.dup(lock)))
        text = f"The sea in version {self.round}.".encode()
        files = [Incoming(f"{name}.md", io.BytesIO(b"# %b\n\n%b\n" % (name.encode(), text)))
                 for name in ("x", "y")]  # fmt: skip
        job = Library.of(self.settings, jobs).take(files, ())
        return lambda: work(job.id, self.settings, FakeEncoder())

    def _watch(self) -> Callable[[], object]:
        for name in ("a", "b"):
            text = f"# {name}\n\nThe king in version {self.round}.\n"
            (self.own / f"{name}.md").write_text(text, "utf-8")
        return lambda: watching.watch(Job(), self.settings)

    def _child(self, job: Callable[[], object]) -> int:
        child = os.fork()
        if child:
            for lock in self._locks:
                os.close(lock)  # the child has them, and lets go of them when it dies
            self._locks.clear()
            return child
        with suppress(BaseException):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            setattr(building, "open_build_encoder", _fake)  # noqa: B010
            setattr(building, "resolve_model", lambda *_: None)  # noqa: B010
            job()
        os._exit(0)


@contextmanager
def _fake(*_: object) -> Iterator[FakeEncoder]:
    yield FakeEncoder()


def main(folder: Path, instants: int) -> None:
    """Kill each kind of job at so many instants."""
    trial, found = Trial(folder), Counter[str]()
    for kind in KINDS:
        whole = max(trial.run(kind, None)[1] for _ in range(2))
        for number in range(instants):
            state, _ = trial.run(kind, 1.2 * whole * number / instants)
            found[f"{kind} {state}"] += 1
        trial.settle()
        found[f"{kind} ms"] = round(1000 * whole)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
