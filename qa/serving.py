"""``qa serve``: the HTTP service on a port, in one process or several."""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Final

from qa.errors import InvalidSetting, ServerFailed
from qa.opening import check_index, ensure_index
from qa.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

GRACE: Final = 30
"""How long a server that is told to stop may take to finish its answers, in seconds."""
_TOLD_TO: Final = {0, -signal.SIGTERM, -signal.SIGINT}


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted; return 0.

    Raises:
        InvalidSetting: the address cannot be listened on, or there would be no process.
        ServerFailed: one of several processes ended by itself.
        IndexingError: the index cannot be built or used.
    """
    if options.workers < 1:
        raise InvalidSetting(f"--workers {options.workers}: serve from at least one process")
    port = _free_port(options.host, options.port)
    ensure_index(settings)
    check_index(settings)  # said once, here, and not by every process
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the application listens to it
    if options.workers == 1:
        serve_alone(options.host, port)
    else:
        _serve_together(options.host, port, options.workers)
    return 0


def serve_alone(host: str, port: int) -> None:
    """Serve from this process, which may share the port with others."""
    import uvicorn

    uvicorn.Server(
        uvicorn.Config(
            "qa.serving:application", factory=True, server_header=False,
            timeout_graceful_shutdown=GRACE, host=host, port=port,
            access_log=False,  # its lines would hold the questions that were asked with GET
        )
    ).run(sockets=[_bound(host, port, shared=True)])  # fmt: skip


def application() -> FastAPI:
    """Return the application of one process, by the settings of its environment."""
    import faiss

    from qa.batching import Limits
    from qa.http import create_app
    from qa.reloading import Follower

    faiss.omp_set_num_threads(1)  # each process computes in one thread, beside the others
    settings = Settings.from_environment()
    limits = Limits(settings.queue, settings.batch, settings.remembered)
    follower = Follower(settings)
    return create_app(follower.service, limits, follower)


def _serve_together(host: str, port: int, workers: int) -> None:
    # Each listens on a socket of its own: the system then spreads connections evenly, where one
    # of several that share a socket would take most of them.
    start = multiprocessing.get_context("spawn").Process
    processes = [start(target=serve_alone, args=(host, port)) for _ in range(workers)]
    signal.signal(signal.SIGTERM, lambda *_: _send(processes, signal.SIGTERM))
    try:
        for process in processes:
            process.start()
        signal.signal(signal.SIGHUP, lambda *_: _send(processes, signal.SIGHUP))
        multiprocessing.connection.wait([process.sentinel for process in processes])
    finally:  # one has ended: so do all
        _send(processes, signal.SIGTERM)
        for process in filter(lambda p: p.pid, processes):
            process.join()
    failed = [p.exitcode for p in processes if p.exitcode not in _TOLD_TO]
    if failed:
        raise ServerFailed(f"a server process ended with status {failed[0]}: see what it said")


def _send(processes: list[SpawnProcess], number: signal.Signals) -> None:
    for process in processes:
        if process.pid and process.is_alive():
            os.kill(process.pid, number)


def _free_port(host: str, port: int) -> int:
    """Return the port, or a free one for 0."""
    if not 0 <= port <= 65535:
        raise InvalidSetting(f"--port {port}: a port is a number from 0 to 65535")
    try:
        with _bound(host, port, shared=False) as bound:
            return int(bound.getsockname()[1])
    except OSError as error:
        raise InvalidSetting(
            f"cannot listen on {host} port {port} ({error.strerror}): choose another with --port"
        ) from error


def _bound(host: str, port: int, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only of a socket that says it is TCP does asyncio ask not to hold small packets back.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
