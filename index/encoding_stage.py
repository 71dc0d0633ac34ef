"""The stage of a build that encodes: passages in, their vectors out, in the same order.

It is handed only passages whose vectors are not known yet, each text once, as an iterator that may
be longer than memory; so a stage reads no further ahead than it must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from documents.sentences import sentences
from documents.types import Passage
from index.encoding import Encoder, Floats
from index.token_codes import TokenCodes

BATCH: Final = 64
WINDOW: Final = 2_048
"""How many passages are sorted by length at a time, since those of one length encode fastest."""

Tell = Callable[[int], None]
"""Is told that so many more passages are encoded."""


class BuildEncoder(Encoder, Protocol):
    """An encoder that can also leave a copy of itself in a generation."""

    name: str
    revision: str

    @property
    def prompts(self) -> dict[str, str]:
        """What stands before a ``query`` and a ``passage``."""

    def export(self, target: Path) -> None:
        """Write the query encoder into a folder, ready to be opened without the build extra."""


class Encoded(NamedTuple):
    """The vectors of a passage: pooled, ``(d,) float32``, and its tokens'."""

    pooled: Floats
    tokens: TokenCodes


class EncodingStage(Protocol):
    """Encodes passages, wherever that is done."""

    def __call__(
        self, passages: Iterable[Passage], encoder: BuildEncoder, typical: Floats, tell: Tell
    ) -> Iterator[Encoded]:
        """Yield the vectors of passages, in their order.

        Args:
            passages: read once, from one thread.
            encoder: gives the vectors, or is exported to where they are made.
            typical: the encoder's mean token vector, ``(d,) float32``: codes are relative to it.
            tell: called in this thread as passages are encoded, in whatever order.
        """


@dataclass(frozen=True, slots=True)
class Threads:
    """Encodes in threads of this process, so many batches at a time."""

    jobs: int = 1

    def __call__(
        self, passages: Iterable[Passage], encoder: Encoder, typical: Floats, tell: Tell
    ) -> Iterator[Encoded]:
        """Yield the vectors of passages: see ``EncodingStage``."""
        pool, waiting = ThreadPoolExecutor(self.jobs), iter(passages)
        try:
            while window := list(islice(waiting, WINDOW)):
                yield from _encode_window(window, encoder, typical, tell, pool)
        finally:  # an interrupted build must not finish what is waiting
            pool.shutdown(cancel_futures=True)


def encode_batch(batch: Sequence[Passage], encoder: Encoder, typical: Floats) -> list[Encoded]:
    """Return the vectors of a few passages, in their order."""
    encoding = encoder.encode_passages([p.text for p in batch])
    made = zip(batch, encoding.pooled, encoding.tokens, strict=True)
    return [
        Encoded(pooled, TokenCodes.of(own, p.text, sentences(p.text, p.language), typical))
        for p, pooled, own in made
    ]


def _encode_window(
    window: list[Passage], encoder: Encoder, typical: Floats, tell: Tell, pool: Executor
) -> list[Encoded]:
    lengths = encoder.count_tokens([p.text for p in window])
    order = sorted(range(len(window)), key=lengths.__getitem__)
    batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    made: dict[int, Encoded] = {}
    encode = lambda batch: encode_batch([window[at] for at in batch], encoder, typical)  # noqa: E731
    for batch, encoded in zip(batches, pool.map(encode, batches), strict=True):
        made |= zip(batch, encoded, strict=True)
        tell(len(batch))
    return [made[at] for at in range(len(window))]
