"""A Ray cluster: joined for one build, asked for work, and left again.

Ray moves what it is given as pickles, so a cluster must be trusted as the machine itself is;
nothing that comes from a document is ever unpickled, only what this program sent to itself.
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
"""The address that stands for a Ray of this machine's own, started for the build."""
INSTALL_RAY: Final = "run `pip install 'passerelle-qa[ray]'`"
PATIENCE: Final = 5.0
"""How long an address may take to answer, in seconds."""
_STORE: Final = 512 * 2**20
"""Bytes of shared memory for what is under way in a Ray of this machine's own."""


class Stage(NamedTuple):
    """A class whose objects turn tables into tables, each in a process of its own.

    Attributes:
        kind: is called with a table; made once a process, so it may keep a model.
        made_with: what its objects are made with. Making one must not fail, nor take long.
        gpus: how many of them each takes.
    """

    kind: type
    made_with: tuple[Any, ...]
    gpus: int = 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that was joined.

    Attributes:
        actors: how many processes work at a time.
        gpus: how many there are.
    """

    actors: int
    gpus: int

    def share(self, value: object) -> Any:
        """Put a value where every node finds it, once; return what stands for it."""
        import ray

        return ray.put(value)

    def run(self, tables: Sequence[pyarrow.Table], stage: Stage) -> Iterator[pyarrow.Table]:
        """Send each table through a stage, and yield what comes back in the tables' order.

        What a process or a node had under way when it died is done again elsewhere.

        Raises:
            ClusterError: the cluster cannot do it.
        """
        import ray
        from ray.data import ActorPoolStrategy

        size = min(self.actors, len(tables), self.gpus if stage.gpus else self.actors)
        with _faults():
            # A block a table: blocks are what actors share out among them. They are in the store
            # before an actor starts, so no task has to find a core that actors left free.
            done = ray.data.from_arrow(list(tables)).map_batches(
                stage.kind, fn_constructor_args=stage.made_with, batch_size=None,
                batch_format="pyarrow", compute=ActorPoolStrategy(size=size), num_cpus=1,
                num_gpus=stage.gpus or None,
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
    """Let Ray send nothing anywhere, and say only what goes wrong."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"


def _reach(address: str) -> None:
    """Knock first: Ray itself tries for minutes, and ends the process."""
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
    context.max_consecutive_actor_init_deaths = -1  # they die with their node, and only then


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
    """Keep from the terminal that actors may lose what they were made with: it is held here."""
    # Ray's own C++ writes it, whatever its logging is told, when the actors start.
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
    """Return what went wrong, of all that Ray says: most of it is where."""
    said = re.findall(r"^(?!ray\.)[\w.]+: \S.*", str(error), re.MULTILINE) or [str(error)]
    return str(said[-1]).strip()
