"""Starts a Ray cluster of two nodes on one machine, one of which can be killed.

Each node is in a network namespace of its own.

The program that starts them must itself run in a fresh namespace, as root: ``unshare --net``.
The addresses exist in the two namespaces only; the kernel removes them when the program ends.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from eval.errors import EvaluationError

HEAD: Final = "10.213.7.1"
OTHER: Final = "10.213.7.2"
PORT: Final = 6379
ADDRESS: Final = f"{HEAD}:{PORT}"
_PATIENCE: Final = 60
_RAY: Final = (
    sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus=1",
    "--disable-usage-stats", f"--object-store-memory={256 * 2**20}",
)  # fmt: skip
# In a process namespace of its own, all processes of a node die when its first process does.
_NEW_NAMESPACE: Final = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
_WAIT_FOR_LINK: Final = (
    "ip link set lo up; until ip link set far up 2>/dev/null; do sleep 0.05; done; "
    f'ip addr add {OTHER}/32 dev far; ip route add {HEAD}/32 dev far; exec "$@"'
)

Process = subprocess.Popen[bytes]


def why_impossible() -> str | None:
    """Return why namespaces cannot be made here; None if they can."""
    missing = [name for name in ("unshare", "ip") if shutil.which(name) is None]
    if missing:
        return f"{missing[0]} is not installed"
    tried = subprocess.run(  # noqa: S603 - no argument is of the user's
        [*_NEW_NAMESPACE, "--net", "true"], capture_output=True, text=True
    )
    return tried.stderr.strip() or None


@contextmanager
def two_nodes() -> Iterator[Callable[[], None]]:
    """Start two nodes of one core each; yield a function that kills the second at once.

    Raises:
        EvaluationError: the system does not allow it, or a node does not start.
    """
    # Whoever reaches a Ray cluster can run any program on it, so this one asks for a secret token.
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    _ip("link", "set", "lo", "up")
    _ip("link", "add", "near", "type", "veth", "peer", "name", "far")
    # On the loopback, since the link vanishes with the namespace at its other end.
    _ip("addr", "add", f"{HEAD}/32", "dev", "lo")
    _ip("link", "set", "near", "up")
    _ip("route", "add", f"{OTHER}/32", "dev", "near", "src", HEAD)
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        at_head = (f"--node-ip-address={HEAD}", "--include-dashboard=false")
        with _started(*_NEW_NAMESPACE, *_RAY, "--head", *at_head, f"--temp-dir={folder}"):
            _wait_until(_answers)
            with _other() as other:
                _wait_until(lambda: _nodes() == 2)
                yield lambda: _kill(other)


@contextmanager
def _other() -> Iterator[Process]:
    to_head = (f"--address={ADDRESS}", f"--node-ip-address={OTHER}")
    waiting = ("sh", "-c", _WAIT_FOR_LINK, "sh", *_RAY, *to_head)
    with _started(*_NEW_NAMESPACE, "--net", *waiting) as other:
        here = Path("/proc/self/ns/net").readlink()
        _wait_until(lambda: Path(f"/proc/{other.pid}/ns/net").readlink() != here)
        _ip("link", "set", "far", "netns", str(other.pid))
        yield other


@contextmanager
def _started(*command: str) -> Iterator[Process]:
    process = subprocess.Popen(  # noqa: S603 - no argument is of the user's
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        _kill(process)


def _kill(process: Process) -> None:
    process.kill()
    process.wait()


def _ip(*options: str) -> None:
    done = subprocess.run(["ip", *options], capture_output=True, text=True)  # noqa: S603, S607
    if done.returncode:
        raise EvaluationError(
            f"ip {' '.join(options)}: {done.stderr.strip()}: run this as root, under unshare --net"
        )


def _answers() -> bool:
    with suppress(OSError), socket.create_connection((HEAD, PORT), 1):
        return True
    return False


def _nodes() -> int:
    listed = subprocess.run(  # noqa: S603 - no argument is of the user's
        [sys.executable, "-m", "ray.scripts.scripts", "status", f"--address={ADDRESS}"],
        capture_output=True, text=True,
    )  # fmt: skip
    return listed.stdout.count("node_")


def _wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise EvaluationError("a node of Ray did not start: start one by hand to see why")
        time.sleep(0.1)
