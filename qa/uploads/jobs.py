"""Jobs on the disk: every server process sees them, and what became of each.

A job is a folder: ``job.json`` says how it stands, ``lock`` is locked for as long as something may
still work on it, ``files`` are those that came with it and ``before`` those that they replace.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from qa.errors import TooManyJobs, UnknownJob
from qa.messages import LEFT_OUT_REASONS, Language
from qa.uploads.shelf import write_atomically
from qa.wire.schemas import JobOut, JobReasonOut, ProgressOut, Wire

MOST_UNFINISHED: Final = 16
"""How many jobs may wait or run; the next is refused."""
KEPT: Final = 1000
"""How many finished jobs are remembered."""
_IDENTIFIER: Final = re.compile(r"[0-9]{13}-[0-9a-f]{16}")
_UNFINISHED: Final = frozenset({"waiting", "running"})
Start = Callable[[str, int], None]
"""Starts a process for a job, by its identifier; it holds the job's lock, a file descriptor."""


class Record(Wire):
    """A job as it is written down: how it stands, and which documents it removes."""

    job: JobOut
    removed: list[str] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of an index.

    Attributes:
        folder: where they are.
        start: starts a process for one.
    """

    folder: Path
    start: Start

    @classmethod
    def of(cls, index: Path, start: Start | None = None) -> Jobs:
        """Return the jobs of the index in a folder."""
        return cls(index.resolve() / "jobs", start or start_process)

    def new(self, kind: str) -> Record:
        """Make a folder for a job.

        Raises:
            TooManyJobs: too many of them are not finished.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        names = self._names()
        if sum(self._is_alive(name) for name in names) >= MOST_UNFINISHED:
            raise TooManyJobs(
                f"{MOST_UNFINISHED} jobs are not finished yet: wait until one of them is"
            )
        for old in names[:-KEPT]:
            shutil.rmtree(self.folder / old, ignore_errors=True)
        name = f"{time.time_ns() // 10**6:013}-{secrets.token_hex(8)}"
        (self.folder / name / "files").mkdir(parents=True)
        (self.folder / name / "before").mkdir()
        return Record(job=JobOut.model_validate({"id": name, "kind": kind, "state": "waiting"}))

    def of_id(self, name: str) -> Record:
        """Return a job; one that nothing works on any more has failed.

        Raises:
            UnknownJob: there is none of this identifier.
        """
        record = self._read(name)
        if record.job.state not in _UNFINISHED or self._is_alive(name):
            return record
        record = self._read(name)  # it may have ended just now
        if record.job.state in _UNFINISHED:
            record.job.state = "failed"
            french = LEFT_OUT_REASONS["interrupted"]
            text: dict[Language, str] = {"fr": french, "en": INTERRUPTED}
            record.job.reasons.append(JobReasonOut(file="", reason=INTERRUPTED, text=text))
        return record

    def write(self, record: Record) -> None:
        """Write down how a job stands."""
        write_atomically(
            self.folder / record.job.id / "job.json", record.model_dump_json().encode()
        )

    def finish(self, record: Record, state: str) -> None:
        """Write down that a job has ended, and drop the files it came with."""
        record.job = record.job.model_copy(update={"state": state, "progress": ProgressOut()})
        self.write(record)
        for name in ("files", "before"):
            shutil.rmtree(self.folder / record.job.id / name, ignore_errors=True)

    def drop(self, record: Record) -> None:
        """Forget a job that has not begun."""
        shutil.rmtree(self.folder / record.job.id, ignore_errors=True)

    def begin(self, record: Record) -> None:
        """Let a process work on a job once those before it are done."""
        self.write(record)
        with (self.folder / record.job.id / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.start(record.job.id, lock.fileno())

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other job is at work."""
        with (self.folder / "turn").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self, name: str) -> Record:
        path = self.folder / name / "job.json"
        if _IDENTIFIER.fullmatch(name):
            with suppress(OSError, ValidationError):
                return Record.model_validate_json(path.read_bytes())
        raise UnknownJob(f"there is no job {name[:60]!r}: only the last {KEPT} are remembered")

    def _names(self) -> list[str]:
        return sorted(n.name for n in self.folder.iterdir() if _IDENTIFIER.fullmatch(n.name))

    def _is_alive(self, name: str) -> bool:
        """Tell whether a process has the job's lock, which the system releases when it ends."""
        try:
            with (self.folder / name / "lock").open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


INTERRUPTED: Final = (
    "the process that worked on it has ended: send the files again, or run `qa index`"
)


def start_process(name: str, lock: int) -> None:
    """Start a process for a job, which inherits its lock."""
    process = subprocess.Popen(  # noqa: S603 - no shell, and the name is our own
        [sys.executable, "-m", "qa.uploads", name],
        pass_fds=(lock,), start_new_session=True,  # it goes on where the service is stopped
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=os.environ,
    )  # fmt: skip
    threading.Thread(target=process.wait, daemon=True).start()  # so that the system forgets it
