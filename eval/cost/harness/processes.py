"""Runs programs and servers, and measures their time and memory."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from eval.cost.harness.load import HOST, Load
from eval.errors import EvaluationError

PATIENCE = 60
"""How long a server may take to start, in seconds."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Run(NamedTuple):
    """One run of a program: its time in seconds and its greatest resident memory in MB."""

    seconds: float
    memory: float


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a module of this environment from start to exit.

    Raises:
        EvaluationError: it failed.
    """
    start, memory = time.perf_counter(), 0.0
    process = _start(arguments, environment)
    while process.poll() is None:
        # getrusage would count the memory of this process too, which a child has until it execs.
        memory = max(memory, memory_of(process.pid, "VmHWM"))
        time.sleep(0.01)
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 1):  # 1: not answered by the documents
        raise EvaluationError(f"{' '.join(arguments)} ended with status {process.returncode}")
    return Run(seconds, memory)


@dataclass(frozen=True, slots=True)
class Server:
    """A server under measurement."""

    port: int
    pid: int

    def load(self, questions: Sequence[str], clients: int, seconds: float) -> Load:
        """Let clients, in a process of their own, ask for some seconds."""
        asked = json.dumps([self.port, list(questions), clients, seconds])
        done = subprocess.run(
            [sys.executable, "-m", "eval.cost.harness.load"], input=asked, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        return Load(**json.loads(done.stdout))

    def memory(self) -> float:
        """Return the resident memory in MB."""
        return memory_of(self.pid, "VmRSS")


@contextmanager
def serving(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[Server]:
    """Run a server on a free port, whose number is added to the arguments.

    Raises:
        EvaluationError: it does not start.
    """
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    process = _start([*arguments, str(port)], environment)
    try:
        _wait_until_ready(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def spinning(processes: int) -> Iterator[None]:
    """Keep this many cores busy with other work."""
    others = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)
    ]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def _start(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    inherited = {name: value for name, value in os.environ.items() if name not in _THREADS}
    return subprocess.Popen(  # noqa: S603 - the arguments are the bench's own
        [sys.executable, "-m", *arguments], env={**inherited, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def memory_of(pid: int, kind: str) -> float:
    """Return a field of ``/proc/PID/status``, such as ``VmRSS``, in MB; 0 if the process ended."""
    try:
        status = Path(f"/proc/{pid or os.getpid()}/status").read_text("ascii")
    except OSError:
        return 0.0
    found = re.search(rf"{kind}:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/ready"):
                return
        except OSError:
            time.sleep(0.05)
    raise EvaluationError("a server did not start: run it by hand to see why")
