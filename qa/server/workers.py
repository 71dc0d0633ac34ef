"""Several server processes; one that ends by itself is replaced while the others answer."""

from __future__ import annotations

import multiprocessing.connection
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from typing import Final

from qa.errors import ServerFailed
from qa.notices import complain

HEALTHY_SECONDS: Final = 10.0
"""A process that lived this long, in seconds, did not fail because of its start."""
TRIES: Final = 5
"""How many times in a row a process may end within ``HEALTHY_SECONDS``."""
FIRST_PAUSE: Final = 0.1
"""The pause before a second start, in seconds; each further one is twice as long."""


@dataclass(slots=True)
class Worker:
    """One of the server processes, and its predecessors' failures.

    Attributes:
        process: the one that runs now.
        started: when it started, in seconds on the monotonic clock.
        failures: how many processes in a row ended within ``HEALTHY_SECONDS``.
    """

    process: SpawnProcess
    started: float = field(default_factory=time.monotonic)
    failures: int = 0


class Workers:
    """Keeps a number of processes alive until it is told to stop."""

    def __init__(
        self,
        start: Callable[[], SpawnProcess],
        count: int,
        ended: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Take what makes a process, and what is called with the id of each that ended."""
        self._start, self._ended, self._stopping = start, ended, False
        self._workers = [Worker(start()) for _ in range(count)]

    def run(self) -> None:
        """Keep them alive until ``stop``.

        Raises:
            ServerFailed: one died at once ``TRIES`` times in a row.
        """
        try:
            for worker in self._workers:
                self._begin(worker)
            while not self._stopping:
                multiprocessing.connection.wait([w.process.sentinel for w in self._workers])
                self._replace()
        finally:
            self.stop()
            for worker in filter(lambda w: w.process.pid, self._workers):
                worker.process.join()

    def stop(self) -> None:
        """Tell all to finish their answers and end."""
        self._stopping = True
        self.send(signal.SIGTERM)

    def send(self, signal_number: signal.Signals) -> None:
        """Send a signal to all that are alive."""
        for worker in self._workers:
            if worker.process.pid and worker.process.is_alive():
                os.kill(worker.process.pid, signal_number)

    def _begin(self, worker: Worker) -> None:
        if not self._stopping:
            worker.started = time.monotonic()
            worker.process.start()

    def _replace(self) -> None:
        for worker in self._workers:
            if not self._stopping and not worker.process.is_alive():
                self._note_end(worker)
                self._begin(worker)

    def _note_end(self, worker: Worker) -> None:
        code, lived = worker.process.exitcode, time.monotonic() - worker.started
        self._ended(worker.process.pid or 0)
        worker.failures = 0 if lived >= HEALTHY_SECONDS else worker.failures + 1
        if worker.failures >= TRIES:
            raise ServerFailed(
                f"a server process ended with status {code}, {TRIES} times in a row: "
                "see what it said"
            )
        complain(f"a server process ended with status {code}: starting another", prefix=False)
        if worker.failures:
            time.sleep(FIRST_PAUSE * 2 ** (worker.failures - 1))
        worker.process = self._start()
