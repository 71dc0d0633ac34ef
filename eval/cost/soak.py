"""``python -m eval.cost.soak``: many clients ask for a long time while the index is swapped.

It serves the index of the settings, and prints how many requests failed, how long the slowest took
and how much memory grew. ``--swap`` gives the command that swaps the index. The exit status is 1
when something failed or memory grew by 5 % or more.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from eval.cost.harness.processes import Server, memory_of, serving
from eval.errors import EvaluationError
from eval.sets.questions import load_questions
from qa.settings import Settings

GROWTH: Final = 0.05
"""The share by which resident memory may grow after everything has been loaded."""
_SETTLED: Final = 0.25
"""The part of the time after which everything is loaded and the caches are full."""


@dataclass(slots=True)
class SoakReport:
    """The result of a soak test.

    Attributes:
        answers: how many requests were answered.
        errors: how many failed, apart from those that were refused.
        refused: how many got status 429 or 503, which ask the client to try again later.
        rate: answers a second.
        p50: median latency, in milliseconds.
        p99: 99th percentile of the latency, in milliseconds.
        memory: resident memory of all server processes over time, in MB, every second.
        swaps: how many times the index was swapped.
        failed_swaps: how many times the command that swaps it failed.
    """

    answers: int = 0
    errors: int = 0
    refused: int = 0
    rate: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    memory: list[float] = field(default_factory=list)
    swaps: int = 0
    failed_swaps: int = 0

    @property
    def growth(self) -> float:
        """The share by which memory grew from a quarter of the time to the end, by medians."""
        tenth = max(1, len(self.memory) // 10)
        start = int(_SETTLED * len(self.memory))
        first, last = self.memory[start : start + tenth], self.memory[-tenth:]
        return sorted(last)[len(last) // 2] / sorted(first)[len(first) // 2] - 1

    @property
    def is_sound(self) -> bool:
        """Whether nothing failed and memory stayed as it was."""
        return not self.errors and not self.failed_swaps and self.growth < GROWTH


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, ask, swap, print what was seen as JSON, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--swap", metavar="COMMAND", help="what swaps the index, again and again")
    parser.add_argument("--every", type=float, default=20, help="seconds between two swaps")
    options = parser.parse_args(arguments)
    try:
        report = soak(options)
    except EvaluationError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    seen = asdict(report) | {"memory": _summary(report.memory), "growth": round(report.growth, 4)}
    print(json.dumps(seen, indent=1))
    return 0 if report.is_sound else 1


def soak(options: argparse.Namespace) -> SoakReport:
    """Run it.

    Raises:
        EvaluationError: the server does not start.
    """
    index = str(Settings.from_environment().index)
    questions = [question.text for question in load_questions()]
    report, over = SoakReport(), threading.Event()
    command = ["qa.cli", "serve", "--workers", str(options.workers), "--port"]
    with serving(command, {"QA_INDEX": index}) as server:
        others = [threading.Thread(target=_watch, args=(server, report, over))]
        if options.swap:
            swapping = (shlex.split(options.swap), options.every, report, over)
            others.append(threading.Thread(target=_swap, args=swapping))
        for other in others:
            other.start()
        try:
            found = server.load(questions, options.clients, options.seconds)
        finally:
            over.set()
            for other in others:
                other.join()
    report.answers, report.errors = len(found.latencies), found.errors - found.refused
    report.refused, report.rate = found.refused, round(found.rate, 1)
    report.p50, report.p99 = round(found.percentile(50), 2), round(found.percentile(99), 2)
    return report


def _watch(server: Server, report: SoakReport, over: threading.Event) -> None:
    while not over.wait(1):
        processes = [server.pid, *children(server.pid)]
        report.memory.append(sum(memory_of(process, "VmRSS") for process in processes))


def _swap(command: list[str], every: float, report: SoakReport, over: threading.Event) -> None:
    while not over.wait(every):
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        report.swaps += 1
        report.failed_swaps += done.returncode != 0


def children(process: int) -> list[int]:
    """Return the processes that a process has started, at any depth, on Linux."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[1]) == process:
            found.append(int(stat.parent.name))
    return [each for child in found for each in (child, *children(child))]


def _summary(memory: Sequence[float]) -> dict[str, float]:
    """Return the memory at the start, when all is loaded, at the end, and its greatest."""
    settled = memory[int(_SETTLED * len(memory))]
    known = {"first": memory[0], "settled": settled, "last": memory[-1], "most": max(memory)}
    return {name: round(value, 1) for name, value in known.items()}


if __name__ == "__main__":
    sys.exit(main())
