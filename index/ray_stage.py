"""Passages are encoded by the actors of a Ray cluster, one encoder each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Self

from documents.types import Passage
from index.cluster import Cluster, Stage
from index.encoding import Encoder, Floats
from index.encoding_stage import (
    BATCH,
    WINDOW,
    BuildEncoder,
    Encoded,
    Tell,
    encode_batch,
)
from index.errors import ClusterError
from index.parcel import Opener, Parcel, open_travelled
from index.tables import passages_table, table_passages, table_vectors, vectors_table

if TYPE_CHECKING:
    import pyarrow

ROUND: Final = 16 * WINDOW
"""How many passages are in the cluster's memory at a time, as texts."""
_TURNS: Final = 4
"""How many batches each actor gets at least, so that none is left with nothing to do."""


class EncodeTables:
    """Encodes tables of passages; opens its encoder with the first of them."""

    def __init__(self, parcel: Any, opener: Opener, typical: Floats) -> None:
        """Take what stands for a parcel. An actor that fails here would be started for ever."""
        self._parcel, self._opener, self._typical = parcel, opener, typical
        self._encoder: Encoder | None = None

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        """Return the vectors of the passages of a table."""
        if self._encoder is None:
            self._encoder = open_parcel(self._parcel, self._opener)
        passages = table_passages(table)
        return vectors_table(passages, encode_batch(passages, self._encoder, self._typical))


@dataclass(frozen=True, slots=True)
class RayStage:
    """Encodes on a cluster: an ``index.encoding_stage.EncodingStage``.

    Attributes:
        cluster: does the work.
        opener: opens an exported encoder on a node.
    """

    cluster: Cluster
    opener: Opener = open_travelled

    def __call__(
        self, passages: Iterable[Passage], encoder: BuildEncoder, typical: Floats, tell: Tell
    ) -> Iterator[Encoded]:
        """Yield the vectors of passages: see ``EncodingStage``.

        Raises:
            ClusterError: the cluster cannot do it, or what it gave back is not what was asked.
        """
        waiting = iter(passages)
        first = list(islice(waiting, ROUND))
        if not first:
            return
        parcel = Parcel.of(encoder)
        made_with = (self.cluster.share(parcel), self.opener, typical)
        stage = Stage(EncodeTables, made_with, gpus=0 if parcel.exported else self._gpus())
        while first:
            yield from self._round(first, stage, tell)
            first = list(islice(waiting, ROUND))

    def _gpus(self) -> int:
        """Return how many graphics processors an actor takes that runs the model itself."""
        return min(self.cluster.gpus, 1)

    def _round(self, passages: Sequence[Passage], stage: Stage, tell: Tell) -> Iterator[Encoded]:
        size = min(BATCH, ceil(len(passages) / (_TURNS * self.cluster.actors)))
        windows = [_Window.of(passages[i : i + WINDOW]) for i in range(0, len(passages), WINDOW)]
        tables = [t for window in windows for t in window.tables(size)]
        found = chain.from_iterable(map(table_vectors, self.cluster.run(tables, stage)))
        for window in windows:
            yield from window.collect(found, tell)
        if next(found, None) is not None:
            raise _not_what_was_asked("more than it was given")


@dataclass(frozen=True, slots=True)
class _Window:
    """Passages that travel sorted by length, since those of one length encode fastest."""

    passages: Sequence[Passage]
    order: list[int]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> Self:
        lengths = [len(p.text) for p in passages]
        return cls(passages, sorted(range(len(passages)), key=lengths.__getitem__))

    def tables(self, size: int) -> list[pyarrow.Table]:
        parts = (self.order[i : i + size] for i in range(0, len(self.order), size))
        return [passages_table([self.passages[at] for at in part]) for part in parts]

    def collect(self, found: Iterator[tuple[str, Encoded]], tell: Tell) -> list[Encoded]:
        """Take the window's vectors, each once and none missing; return them in their order."""
        made: dict[int, Encoded] = {}
        for at in self.order:
            name, made[at] = next(found, ("nothing", None))  # type: ignore[assignment]
            if name != self.passages[at].id:
                raise _not_what_was_asked(f"{name} for {self.passages[at].id}")
            tell(1)
        return [made[at] for at in range(len(self.passages))]


def open_parcel(parcel: Any, opener: Opener) -> Encoder:
    """Fetch a parcel that was shared with the cluster, and open it.

    Raises:
        ModelError: it does not give the model's vectors on this machine.
    """
    import ray

    fetched: Parcel = ray.get(parcel)
    return fetched.open(opener)


def _not_what_was_asked(what: str) -> ClusterError:
    return ClusterError(
        f"the cluster gave back {what}: the index stays as it was; run `qa index` again"
    )
