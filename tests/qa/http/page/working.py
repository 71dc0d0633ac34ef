"""A service that takes documents: its jobs run at once, with an encoder made by hand."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from qa.http.state import state_of
from qa.uploads.work import work
from tests.qa.uploads.test_uploads import Service


class Working(Service):
    """A service whose jobs run in a thread each, once they are let."""

    def __init__(self, folder: Path) -> None:
        """Let jobs run at once."""
        self.gate = threading.Event()
        self.gate.set()
        super().__init__(folder)

    def _start(self, name: str, lock: int) -> None:
        threading.Thread(target=self._work, args=(name, os.dup(lock))).start()

    def _work(self, name: str, lock: int) -> None:
        self.gate.wait(10)
        work(name, self.settings, self.encoder)
        os.close(lock)
        state_of(self.app).use(self._service())
