"""The second stage on a Ray cluster: actors encode passages, each with an encoder of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Self

from documents.types import Passage
from index.build.stage import BATCH, WINDOW, BuildEncoder, Encoded, OnEncoded, encode_batch
from index.cluster.arrow_tables import passages_table, table_passages, table_vectors, vectors_table
from index.cluster.packed_encoder import OpenEncoder, PackedEncoder, open_exported
from index.cluster.ray_cluster import ActorClass, Cluster
from index.encoder.protocol import Encoder, Floats
from index.errors import ClusterError

if TYPE_CHECKING:
    import pyarrow

ROUND: Final = 16 * WINDOW
"""How many passages are sent to the cluster at a time; their texts are in its memory."""
_TURNS: Final = 4
"""How many batches each actor gets at least, so that none is left with nothing to do."""


class EncodePassages:
    """An actor that encodes tables of passages."""

    def __init__(self, packed: Any, open_encoder: OpenEncoder, typical: Floats) -> None:
        """Keep what the first table will need; nothing is opened yet.

        Ray starts an actor again whose constructor fails, without end.

        Args:
            packed: the reference of a shared ``PackedEncoder``.
            open_encoder: opens it.
            typical: the encoder's mean token vector, ``(d,) float32``.
        """
        self._packed, self._open_encoder, self._typical = packed, open_encoder, typical
        self._encoder: Encoder | None = None

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        """Return the vectors of the passages of a table."""
        if self._encoder is None:
            self._encoder = open_packed(self._packed, self._open_encoder)
        passages = table_passages(table)
        return vectors_table(passages, encode_batch(passages, self._encoder, self._typical))


@dataclass(frozen=True, slots=True)
class RayStage:
    """Encodes passages on a cluster: an ``index.build.stage.EncodingStage``.

    Attributes:
        cluster: runs the actors.
        open_encoder: opens an exported encoder on a node.
    """

    cluster: Cluster
    open_encoder: OpenEncoder = open_exported

    def __call__(
        self,
        passages: Iterable[Passage],
        encoder: BuildEncoder,
        typical: Floats,
        on_encoded: OnEncoded,
    ) -> Iterator[Encoded]:
        """Yield the vectors of passages: see ``EncodingStage``.

        Raises:
            ClusterError: the cluster failed, or gave back other passages than it was given.
        """
        waiting = iter(passages)
        first = list(islice(waiting, ROUND))
        if not first:
            return
        packed = PackedEncoder.of(encoder)
        made_with = (self.cluster.share(packed), self.open_encoder, typical)
        actor = ActorClass(EncodePassages, made_with, gpus=0 if packed.exported else self._gpus())
        while first:
            yield from self._round(first, actor, on_encoded)
            first = list(islice(waiting, ROUND))

    def _gpus(self) -> int:
        """Return how many GPUs an actor needs to run the model itself: one, if there are any."""
        return min(self.cluster.gpus, 1)

    def _round(
        self, passages: Sequence[Passage], actor: ActorClass, on_encoded: OnEncoded
    ) -> Iterator[Encoded]:
        size = min(BATCH, ceil(len(passages) / (_TURNS * self.cluster.actors)))
        windows = [_Window.of(passages[i : i + WINDOW]) for i in range(0, len(passages), WINDOW)]
        tables = [t for window in windows for t in window.tables(size)]
        found = chain.from_iterable(map(table_vectors, self.cluster.run(tables, actor)))
        for window in windows:
            yield from window.collect(found, on_encoded)
        if next(found, None) is not None:
            raise _wrong_answer("more than it was given")


@dataclass(frozen=True, slots=True)
class _Window:
    """Passages to be sent sorted by length: those of one length encode fastest together."""

    passages: Sequence[Passage]
    order: list[int]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> Self:
        lengths = [len(p.text) for p in passages]
        return cls(passages, sorted(range(len(passages)), key=lengths.__getitem__))

    def tables(self, size: int) -> list[pyarrow.Table]:
        parts = (self.order[i : i + size] for i in range(0, len(self.order), size))
        return [passages_table([self.passages[at] for at in part]) for part in parts]

    def collect(self, found: Iterator[tuple[str, Encoded]], on_encoded: OnEncoded) -> list[Encoded]:
        """Check that each passage has its vectors; return them in the order of the passages."""
        made: dict[int, Encoded] = {}
        for at in self.order:
            name, made[at] = next(found, ("nothing", None))  # type: ignore[assignment]
            if name != self.passages[at].id:
                raise _wrong_answer(f"{name} for {self.passages[at].id}")
            on_encoded(1)
        return [made[at] for at in range(len(self.passages))]


def open_packed(packed: Any, open_encoder: OpenEncoder) -> Encoder:
    """Fetch an encoder that was shared with the cluster, and open it.

    Raises:
        ModelError: it does not give the model's vectors on this machine.
    """
    import ray

    fetched: PackedEncoder = ray.get(packed)
    return fetched.open(open_encoder)


def _wrong_answer(what: str) -> ClusterError:
    return ClusterError(
        f"the cluster gave back {what}: the index stays as it was; run `qa index` again"
    )
