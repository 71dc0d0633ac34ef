"""A Ray cluster: joined for one build and left again.

Ray sends objects as pickles, so a cluster must be trusted like the machine itself. Only what this
program sent is unpickled, never what comes from a document.
"""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from index.errors import ClusterError

if TYPE_CHECKING:
    import pyarrow

LOCAL: Final = "local"
"""The address that means: start a Ray on this machine alone, for the build."""
INSTALL_RAY: Final = "run `pip install 'passerelle-qa[ray]'`"
PATIENCE: Final = 5.0
"""How long an address may take to answer, in seconds."""
_STORE: Final = 512 * 2**20
"""Bytes of shared memory for the objects of a Ray on this machine alone."""


class ActorClass(NamedTuple):
    """A class of actors: objects that turn tables into tables, each in a process of its own.

    Attributes:
        kind: its objects are called with a table. Each process makes one, which may keep a model.
        made_with: the arguments of its constructor, which must neither fail nor take long.
        gpus: how many GPUs each object needs.
    """

    kind: type
    made_with: tuple[Any, ...]
    gpus: int = 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that was joined.

    Attributes:
        actors: how many processes work at a time.
        gpus: how many GPUs the cluster has.
    """

    actors: int
    gpus: int

    def share(self, value: object) -> Any:
        """Store a value once, where every node can read it; return a reference to it."""
        import ray

        return ray.put(value)

    def run(self, tables: Sequence[pyarrow.Table], actor: ActorClass) -> Iterator[pyarrow.Table]:
        """Let actors process the tables; yield the results in the order of the tables.

        What a process or a node was working on when it died is done again elsewhere.

        Raises:
            ClusterError: the cluster failed.
        """
        import ray
        from ray.data import ActorPoolStrategy

        size = min(self.actors, len(tables), self.gpus if actor.gpus else self.actors)
        with _faults():
            # One block for each table, as Ray gives actors one block at a time. The blocks are in
            # Ray's memory before an actor starts, so no task waits for a core that actors hold.
            done = ray.data.from_arrow(list(tables)).map_batches(
                actor.kind, fn_constructor_args=actor.made_with, batch_size=None,
                batch_format="pyarrow", compute=ActorPoolStrategy(size=size), num_cpus=1,
                num_gpus=actor.gpus or None,
            )  # fmt: skip
            came = iter(done.iter_batches(batch_size=None, batch_format="pyarrow"))
            with _hushed():
                first = list(islice(came, 1))
            yield from first
            yield from came


@contextmanager
def joined(address: str, actors: int | None) -> Iterator[Cluster]:
    """Join a cluster for a while.

    Args:
        address: ``auto``: the one that this machine is a node of; ``host:port``: likewise, the
            one with this head; ``local``: one of this machine alone.
        actors: how many processes to work in; one a core of the cluster when None.

    Raises:
        ClusterError: there is none, it has too few cores, or Ray is not installed.
    """
    _quieten()
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ClusterError(f"{error.name} is not installed: {INSTALL_RAY}") from error
    _reach(address)
    try:
        _join(address, actors)
        _configure()
        yield _measured(address, actors)
    finally:
        ray.shutdown()


def _quieten() -> None:
    """Let Ray send no usage statistics."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"


def _reach(address: str) -> None:
    """Try to connect first: Ray itself tries for minutes, and then ends the process."""
    if address in {"auto", LOCAL}:
        return
    host, port = _host_and_port(address)
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError as error:
        raise _unreachable(address, str(error)) from error


def _host_and_port(address: str) -> tuple[str, int]:
    if address.startswith("ray://"):
        raise ClusterError(
            f"--ray {address!r}: Ray Data does not run through Ray's client: run this on a machine "
            "that is a node of the cluster, with --ray auto or HOST:PORT"
        )
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ClusterError(f"--ray {address!r} is no address: give auto, local or HOST:PORT")
    return host.strip("[]"), int(port)


def _unreachable(address: str, reason: str) -> ClusterError:
    return ClusterError(
        f"no Ray cluster answers at {address!r} ({reason}): start one with `ray start --head`, "
        "correct the address, or leave --ray out to build on this machine"
    )


def _join(address: str, actors: int | None) -> None:
    import ray

    own: dict[str, Any] = {"include_dashboard": False, "object_store_memory": _STORE}
    own |= {"num_cpus": actors}
    try:
        ray.init(
            address, log_to_driver=False, logging_level=logging.CRITICAL,
            **(own if address == LOCAL else {}),
        )  # fmt: skip
    except (ray.exceptions.RayError, OSError, RuntimeError, ValueError, ImportError) as error:
        raise _unreachable(address, _reason(error)) from error


def _configure() -> None:
    import ray

    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.execution_options.preserve_order = True
    context.max_consecutive_actor_init_deaths = -1  # actors die only with their node


def _measured(address: str, actors: int | None) -> Cluster:
    import ray

    found = ray.cluster_resources()  # type: ignore[no-untyped-call]
    cores = int(found.get("CPU", 0))
    if cores < (actors or 1):
        raise ClusterError(
            f"--jobs {actors or 1}: the cluster at {address!r} has {cores} core(s): "
            "ask for fewer, or start more nodes"
        )
    return Cluster(actors or cores, int(found.get("GPU", 0)))


@contextmanager
def _hushed() -> Iterator[None]:
    """Hide a warning that arguments of actors may be lost: this process keeps them."""
    # Ray's C++ code writes it to the terminal when actors start, whatever the log level.
    terminal, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
        os.close(nowhere)


@contextmanager
def _faults() -> Iterator[None]:
    import ray

    try:
        yield
    except ray.exceptions.RayError as error:
        raise ClusterError(
            f"the cluster could not do its work ({_reason(error)}): the index stays as it was; "
            "correct that and run `qa index` again"
        ) from error


def _reason(error: Exception) -> str:
    """Return the last error of Ray's message, without its traceback."""
    errors = re.findall(r"^(?!ray\.)[\w.]+: \S.*", str(error), re.MULTILINE) or [str(error)]
    return str(errors[-1]).strip()
