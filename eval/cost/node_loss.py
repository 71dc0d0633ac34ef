"""``unshare --net python -m eval.cost.node_loss PATH ...``: a node is killed during a build.

Documents are indexed on this machine, and again on a Ray of two nodes of one core, one of which is
killed (SIGKILL to every process) when half of the passages are encoded. The two generations are
then compared byte by byte, and what was found is printed as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from documents.errors import PasserelleError
from eval.cost.ray_nodes import ADDRESS, two_nodes
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from qa.indexes.building import index_paths
from qa.indexes.cluster_building import index_paths_on_cluster
from qa.settings import Settings


@dataclass(slots=True)
class NodeKiller:
    """Kills a node when half of the passages are encoded.

    Attributes:
        kill: kills the node.
        killed_at: how many passages were encoded when the node was killed, out of how many;
            None before that.
        after: how many seconds the build took from then on.
    """

    kill: Callable[[], None]
    killed_at: tuple[int, int] | None = None
    after: float = 0.0

    def progress(self, done: int, total: int) -> None:
        """Kill the node once half of the passages are encoded."""
        if self.killed_at is None and 2 * done >= total:
            self.kill()
            self.killed_at, self.after = (done, total), -time.monotonic()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The generation of one machine beside that of the cluster.

    Attributes:
        alone: the generation that one machine built.
        cluster: the one that the cluster built.
        same_bytes: whether every file is the same.
        passages: how many the latter holds.
        unique: of how many identifiers.
        killed_at: how many passages were encoded when the node was killed.
        seconds_after: how long the build took from then on.
    """

    alone: str
    cluster: str
    same_bytes: bool
    passages: int
    unique: int
    killed_at: int
    seconds_after: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and return the exit status: 1 if the generations differ."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.node_loss", description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    options = parser.parse_args(arguments)
    try:
        found = _measure(options.paths, Settings.from_environment())
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    print(json.dumps(asdict(found)))
    return 0 if found.same_bytes else 1


def _measure(paths: Sequence[Path], settings: Settings) -> Comparison:
    with tempfile.TemporaryDirectory(prefix="passerelle-") as name:
        alone = replace(settings, index=Path(name) / "alone")
        own = replace(settings, index=Path(name) / "cluster")
        index_paths(paths, alone)
        with two_nodes() as kill:
            killer = NodeKiller(kill)
            index_paths_on_cluster(ADDRESS, paths, own, killer.progress)
            killer.after += time.monotonic()
        return _compared(
            FolderStore(alone.index).current(), FolderStore(own.index).current(), killer
        )


def _compared(alone: Path, cluster: Path, killer: NodeKiller) -> Comparison:
    names = [p.id for p in Generation.open(cluster).passages]
    return Comparison(
        alone=alone.name,
        cluster=cluster.name,
        same_bytes=_contents(alone) == _contents(cluster),
        passages=len(names),
        unique=len(set(names)),
        killed_at=killer.killed_at[0] if killer.killed_at else 0,
        seconds_after=round(killer.after, 1),
    )


def _contents(folder: Path) -> dict[str, Any]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


if __name__ == "__main__":
    sys.exit(main())
