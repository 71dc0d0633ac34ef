"""``qa serve``: the HTTP service on a port, in one process or several."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from qa.errors import InvalidSetting, ServerFailed
from qa.indexes.opening import check_index, ensure_index
from qa.messages import UNPROTECTED, interface_language
from qa.notices import complain
from qa.server.workers import Workers
from qa.settings import Quota, Settings, is_loopback

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.http.access import Exposure

GRACE: Final = 30
"""How long a server that is told to stop may take to finish its answers, in seconds."""
PUBLIC_RATE: Final = Quota(120, 60)
"""How often a client may ask a service that others can reach, where nothing else is said."""


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted; return 0.

    Raises:
        InvalidSetting: the address cannot be listened on, or there would be no process.
        ServerFailed: one of several processes ended by itself, again and again.
        IndexingError: the index cannot be built or used.
    """
    if options.workers < 1:
        raise InvalidSetting(f"--workers {options.workers}: serve from at least one process")
    port = _free_port(options.host, options.port)
    warn_if_open(options.host, settings)
    ensure_index(settings)
    check_index(settings)  # said once, here, and not by every process
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the application listens to it
    with _watching(options.watch):
        if options.workers == 1:
            serve_alone(options.host, port)
        else:
            _serve_together(options.host, port, options.workers)
    return 0


@contextmanager
def _watching(wanted: bool) -> Iterator[None]:
    """Index each change meanwhile, in a process of its own, if that is wanted."""
    if not wanted:
        yield
        return
    from qa.indexes.watching import require_library, watch_beside

    require_library()
    start = multiprocessing.get_context("spawn").Process
    arguments = (os.getpid(), Settings.from_environment())
    beside = Workers(lambda: start(target=watch_beside, args=arguments), 1)
    supervision = threading.Thread(target=_run, args=(beside,), daemon=True)
    supervision.start()
    # Once it has stopped serving, uvicorn sends itself the signal again, which would end us here.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        yield
    finally:
        beside.stop()
        supervision.join()


def _run(workers: Workers) -> None:
    try:
        workers.run()
    except ServerFailed as error:  # the service goes on without it
        complain(str(error))


def serve_alone(host: str, port: int, processes: int = 1) -> None:
    """Serve from this process, one of several that share the port and the machine."""
    import uvicorn

    from qa.http.limits import MAX_HEAD
    from qa.http.telemetry import log_config
    from qa.server.protocol import PatientProtocol

    proxies = list(Settings.from_environment().proxies)
    uvicorn.Server(
        uvicorn.Config(
            partial(application, host, processes), factory=True, http=PatientProtocol, ws="none",
            server_header=False, host=host, port=port, timeout_graceful_shutdown=GRACE,
            proxy_headers=bool(proxies), forwarded_allow_ips=proxies,
            h11_max_incomplete_event_size=MAX_HEAD, log_config=log_config(sys.stderr.isatty()),
            access_log=False,  # its lines would hold the questions that were asked with GET
        )
    ).run(sockets=[_bound(host, port, shared=True)])  # fmt: skip


def application(host: str = "127.0.0.1", processes: int = 1) -> FastAPI:
    """Return the application of one of several processes, by the settings of its environment."""
    from qa.http.app import create_app
    from qa.http.batching import Limits
    from qa.indexes.reloading import Follower
    from qa.originals.marking import Pictures
    from qa.uploads.library import Library

    settings = Settings.from_environment()
    limits = Limits.of(settings, processes)
    follower = Follower(settings)
    library = Library.of(settings) if settings.uploads else None
    return create_app(
        follower.service, limits, exposure(host, settings), follower, library,
        Pictures.of(settings),
    )  # fmt: skip


def exposure(host: str, settings: Settings) -> Exposure:
    """Return how the service meets its clients at this address.

    On loopback it answers only to the machine's own names: else a page of any site could reach
    it, by a name of its own that it has resolved to this machine.
    """
    from qa.http.access import Exposure

    near = is_loopback(host)
    names = ("localhost", "127.0.0.1", "[::1]", host) if near else ()
    rate = settings.rate or (None if near else PUBLIC_RATE)
    return Exposure(
        keys=settings.keys,
        grants=settings.grants,
        hosts=(*names, *settings.hosts),
        origins=settings.origins,
        rate=rate if rate and rate.count else None,
        log_questions=settings.log_questions,
    )


def warn_if_open(host: str, settings: Settings) -> None:
    """Say loudly that others can ask without a key, if they can."""
    if not settings.keys and not settings.grants and not is_loopback(host):
        complain(UNPROTECTED[interface_language()].format(host=host), prefix=False)


def _serve_together(host: str, port: int, workers: int) -> None:
    from qa.http.metrics import METRICS_FOLDER

    # Each listens on a socket of its own: the system then spreads connections evenly, where one
    # of several that share a socket would take most of them.
    start = multiprocessing.get_context("spawn").Process
    with tempfile.TemporaryDirectory(prefix="passerelle-metrics-") as folder:
        os.environ[METRICS_FOLDER] = folder
        together = Workers(
            lambda: start(target=serve_alone, args=(host, port, workers)), workers, _forget_metrics
        )
        signal.signal(signal.SIGTERM, lambda *_: together.stop())
        signal.signal(signal.SIGHUP, lambda *_: together.send(signal.SIGHUP))
        together.run()


def _forget_metrics(process: int) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(process)  # type: ignore[no-untyped-call]


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
