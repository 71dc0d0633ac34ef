"""Runs clients that ask a service as fast as it answers, in a process of their own."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Load:
    """The answers that the clients got.

    Attributes:
        latencies: of each answer, in milliseconds.
        errors: how many requests had no answer, or another status than 200.
        seconds: how long all of it took.
        refused: how many of the errors asked to come back later: 429 or 503.
    """

    latencies: list[float]
    errors: int
    seconds: float
    refused: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return a percentile of the latencies, the nearest that was seen, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


async def load(port: int, questions: Sequence[str], clients: int, seconds: float) -> Load:
    """Let clients ask for some seconds, each on its own connection, no question twice."""
    start = time.perf_counter()
    asked = _endless(questions)
    tasks = [_client(port, asked, start + seconds) for _ in range(clients)]
    outcomes = [outcome for found in await asyncio.gather(*tasks) for outcome in found]
    latencies = [latency for status, latency in outcomes if status == 200]
    refused = sum(status in (429, 503) for status, _ in outcomes)
    errors = len(outcomes) - len(latencies)
    return Load(latencies, errors, time.perf_counter() - start, refused)


def _endless(questions: Sequence[str]) -> Iterator[str]:
    """Yield the questions as they are, and then again and again with a number."""
    yield from questions
    yield from (f"{question} ({n})" for n in itertools.count(2) for question in questions)


async def _client(port: int, questions: Iterator[str], end: float) -> list[tuple[int, float]]:
    """Return the status and the milliseconds of each request; 0 of one without an answer."""
    outcomes: list[tuple[int, float]] = []
    while time.perf_counter() < end:
        try:
            reader, writer = await asyncio.open_connection(HOST, port)
            while time.perf_counter() < end:
                start = time.perf_counter()
                status = await _ask(reader, writer, next(questions))
                outcomes.append((status, 1000 * (time.perf_counter() - start)))
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            outcomes.append((0, 0.0))
    return outcomes


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: str) -> int:
    body = json.dumps({"question": question}).encode()
    head = f"POST /ask HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(": ", 1) for line in answer.decode().split("\r\n")[1:-2])
    await reader.readexactly(int(fields["content-length"]))
    return int(answer.split(maxsplit=2)[1])


def main() -> None:
    """Read ``[port, questions, clients, seconds]`` as JSON and print what the clients saw."""
    print(json.dumps(asdict(asyncio.run(load(*json.load(sys.stdin))))))


if __name__ == "__main__":
    main()
