"""Servers for tests: in a thread of this process, or ``qa serve`` as a process of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import uvicorn

ROOT = Path(__file__).parents[1]


@contextmanager
def running(config: uvicorn.Config) -> Iterator[str]:
    """Serve from a thread; give the address."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


class Served(NamedTuple):
    """A ``qa serve`` that runs.

    Attributes:
        process: the process that was started.
        port: where it listens.
        log: everything that it has said.
    """

    process: subprocess.Popen[bytes]
    port: int
    log: IO[bytes]

    def said(self) -> str:
        """Return what it has said so far."""
        return os.pread(self.log.fileno(), 10**8, 0).decode()

    def memory(self) -> int:
        """Return the resident memory of all of its processes, in bytes."""
        return sum(map(_memory, [self.process.pid, *children(self.process.pid)]))


@contextmanager
def serving(
    index: Path, *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Serve an index on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa.cli", "serve", "--port", str(port), *options]
    inherited = {**os.environ, "QA_INDEX": str(index), "LC_ALL": "C.UTF-8", **(environment or {})}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=inherited, cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_for(port)
            yield Served(process, port, log)
        finally:
            process.terminate()
            process.wait(timeout=40)


def wait_for(port: int) -> None:
    """Wait until the service answers."""
    for _ in range(300):
        with contextlib.suppress(OSError):
            if request(port, "GET", "/ready")[0] == 200:
                return
        time.sleep(0.1)
    raise TimeoutError


def request(port: int, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    """Send one request on a connection of its own; return the status and the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    content = None if body is None else json.dumps(body)
    with contextlib.closing(connection):
        connection.request(method, path, content, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()


def children(process: int) -> list[int]:
    """Return the server processes below a process: those that listen, not their helpers."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True
    )
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, arguments in lines if "spawn_main" in arguments]


def _memory(process: int) -> int:
    with contextlib.suppress(OSError):
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0
