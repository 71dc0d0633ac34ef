"""What the bench measures with, and how it shows figures."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from eval.cost.harness.load import HOST, Load, load
from eval.cost.harness.processes import run, serving, spinning
from eval.errors import EvaluationError
from eval.reports.measurement import Measurement, measurement_table


def test_times_better_whichever_way() -> None:
    assert Measurement("time", "ms", 2, 8).gain == 4
    assert Measurement("rate", "/s", 8, 2, less=False).gain == 4
    assert Measurement("ours alone", "ms", 2).gain is None
    assert Measurement("errors", "", 0, 0).gain is None


def test_the_table_has_the_ratios_first() -> None:
    rows = [
        Measurement("time", "ms", 2.5, 1234.5),
        Measurement("errors", "", 0, 0),
        Measurement("cosine", "", 0.99961),
    ]
    assert measurement_table(rows).splitlines() == [
        "| | times better | Passerelle | naive | |",
        "| --- | --- | --- | --- | --- |",
        "| time | **493.8** | 2.50 | 1,234 | ms |",
        "| errors |  | 0 | 0 |  |",
        "| cosine |  | 0.9996 |  |  |",
    ]


def test_rates_and_percentiles_are_of_answers() -> None:
    found = Load([float(n) for n in range(1, 101)], errors=3, seconds=4)
    assert found.rate == 25
    assert [found.percentile(p) for p in (50, 95, 99)] == [51, 96, 100]


def test_clients_ask_different_questions_and_count_errors() -> None:
    seen = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readline():
            length = 0
            while head.strip():
                name, _, value = head.partition(b": ")
                length = int(value) if name == b"Content-Length" else length
                head = await reader.readline()
            seen.append(json.loads(await reader.readexactly(length))["question"])
            status = b"503 No" if len(seen) == 2 else b"200 OK"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    async def test() -> Load:
        server = await asyncio.start_server(answer, HOST, 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await load(port, ["a", "b"], clients=2, seconds=0.2)

    found = asyncio.run(test())
    assert found.errors == 1
    assert len(found.latencies) == len(seen) - 1
    assert len(set(seen)) == len(seen)
    assert seen[:2] == ["a", "b"]
    assert {"a (2)", "b (2)", "a (3)"} <= set(seen)


def test_a_program_is_timed_with_its_memory() -> None:
    found = run(["timeit", "-n", "1", "-r", "1", "b'x' * 50_000_000"], {})
    assert 0 < found.seconds < 60
    assert found.memory > 50


def test_a_program_that_fails_is_no_measure() -> None:
    with pytest.raises(EvaluationError, match=r"no\.such\.module ended with status"):
        run(["qa.cli", "no.such.module"], {})


def test_a_server_that_does_not_start_is_no_measure() -> None:
    with pytest.raises(EvaluationError, match="did not start"), serving(["timeit", "pass"], {}):
        pass


def test_a_server_is_measured_from_outside(tmp_path: Path) -> None:
    (tmp_path / "ready").touch()
    with serving(["http.server", "--directory", str(tmp_path)], {}) as server:
        assert server.memory() > 5


def test_others_keep_cores_busy_only_meanwhile() -> None:
    before = set(children())
    with spinning(2):
        assert len(set(children()) - before) == 2
    assert set(children()) <= before


def children() -> list[str]:
    """Return the processes that this one started and that still run."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
