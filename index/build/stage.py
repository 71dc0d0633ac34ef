"""The stage of a build that encodes: passages in, their vectors out, in the same order.

It receives only passages that must be encoded, each text once. The iterator may give more passages
than fit in memory, so a stage reads no further ahead than it must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import numpy as np

from documents.types import Passage
from documents.wording.sentences import sentences
from index.encoder.protocol import Encoder, Floats, TokenVectors
from index.late.codec import TokenCodes

BATCH: Final = 64
WINDOW: Final = 2_048
"""How many passages are sorted by length at a time: those of one length encode fastest together."""

BETWEEN: Final = " › "
"""What stands between the texts of a context where it is encoded with its passage."""
LONGEST_CONTEXT: Final = 320
"""How many code points of a context are encoded with each passage: about 80 tokens."""
_LEFT_OUT: Final = " … "

OnEncoded = Callable[[int], None]
"""Called with how many more passages have been encoded."""


class BuildEncoder(Encoder, Protocol):
    """An encoder that can also leave a copy of itself in a generation."""

    name: str
    revision: str

    @property
    def prompts(self) -> dict[str, str]:
        """The texts put before a ``query`` and before a ``passage``, by these names."""

    def export(self, target: Path) -> None:
        """Write the query encoder into a folder, ready to be opened without the build extra."""


class Encoded(NamedTuple):
    """The vectors of a passage: pooled, ``(d,) float32``, and its tokens'."""

    pooled: Floats
    tokens: TokenCodes


class EncodingStage(Protocol):
    """Encodes passages, on this machine or on others."""

    def __call__(
        self,
        passages: Iterable[Passage],
        encoder: BuildEncoder,
        typical: Floats,
        on_encoded: OnEncoded,
    ) -> Iterator[Encoded]:
        """Yield the vectors of passages, in their order.

        Args:
            passages: read once, from one thread.
            encoder: encodes them, or is exported to the machines that do.
            typical: the encoder's mean token vector, ``(d,) float32``: codes are relative to it.
            on_encoded: called in this thread as passages are encoded, in whatever order.
        """


@dataclass(frozen=True, slots=True)
class Threads:
    """Encodes in threads of this process, so many batches at a time."""

    jobs: int = 1

    def __call__(
        self, passages: Iterable[Passage], encoder: Encoder, typical: Floats, on_encoded: OnEncoded
    ) -> Iterator[Encoded]:
        """Yield the vectors of passages: see ``EncodingStage``."""
        pool, waiting = ThreadPoolExecutor(self.jobs), iter(passages)
        try:
            while window := list(islice(waiting, WINDOW)):
                yield from _encode_window(window, encoder, typical, on_encoded, pool)
        finally:  # an interrupted build must not encode what still waits
            pool.shutdown(cancel_futures=True)


def encode_batch(batch: Sequence[Passage], encoder: Encoder, typical: Floats) -> list[Encoded]:
    """Return the vectors of a few passages, in their order, each encoded in its context."""
    encoding = encoder.encode_passages(list(map(text_in_context, batch)))
    made = zip(batch, encoding.pooled, encoding.tokens, strict=True)
    return [Encoded(pooled, _codes(p, tokens, typical)) for p, pooled, tokens in made]


def text_in_context(passage: Passage) -> str:
    """Return what is encoded: the context in one line, then the text of the passage.

    A long context is shortened from its middle: the title and the innermost heading say most.
    """
    return _opening(passage) + passage.text


def _opening(passage: Passage) -> str:
    context = BETWEEN.join(passage.context)
    if len(context) > LONGEST_CONTEXT:
        half = (LONGEST_CONTEXT - len(_LEFT_OUT)) // 2
        context = context[:half] + _LEFT_OUT + context[-half:]
    return context + "\n" if context else ""


def _codes(passage: Passage, tokens: TokenVectors, typical: Floats) -> TokenCodes:
    """Round the tokens of the text alone; those of its context are kept once, elsewhere."""
    text, opening = passage.text, len(_opening(passage))
    own = tokens.own & (tokens.offsets[:, 1] > opening)
    offsets = np.where(own[:, None], np.maximum(tokens.offsets - opening, 0), 0)
    tokens = TokenVectors(tokens.vectors, tokens.ids, offsets.astype(np.int32), own)
    return TokenCodes.of(tokens, text, sentences(text, passage.language), typical)


def _encode_window(
    window: list[Passage], encoder: Encoder, typical: Floats, on_encoded: OnEncoded, pool: Executor
) -> list[Encoded]:
    lengths = encoder.count_tokens(list(map(text_in_context, window)))
    order = sorted(range(len(window)), key=lengths.__getitem__)
    batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    made: dict[int, Encoded] = {}
    encode = lambda batch: encode_batch([window[at] for at in batch], encoder, typical)  # noqa: E731
    for batch, encoded in zip(batches, pool.map(encode, batches), strict=True):
        made |= zip(batch, encoded, strict=True)
        on_encoded(len(batch))
    return [made[at] for at in range(len(window))]
