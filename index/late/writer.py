"""Writes the token vectors of passages, a few passages at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import RowWriter, ends, mapped
from index.encoder.protocol import Floats
from index.faults import writing_to
from index.late.codec import TokenCodes, decode, encode
from index.late.contexts import Contexts
from index.late.frame import Frame, language_numbers, sampled
from index.late.scoring import LateIndex

_BLOCK: Final = 256
"""How many passages' scales are computed at a time."""


def late_index(
    passages: Sequence[TokenCodes],
    languages: Sequence[str],
    typical: Floats,
    contexts: Contexts | None = None,
) -> LateIndex:
    """Return an index of a few passages, each in its language, and measure their frame.

    Args:
        passages: their tokens, then those of the texts above them.
        languages: the languages of all of these, such as ``fr``.
        typical: the encoder's mean token vector, ``(d,) float32``.
        contexts: the texts above each passage; by default none.
    """
    contexts = contexts or Contexts.none(len(passages))
    with tempfile.TemporaryDirectory() as name:
        folder, numbers = Path(name, "late"), language_numbers(languages)
        with LateWriter(folder, typical, numbers, len(contexts)) as writer:
            writer.append(passages)
        return LateIndex.read(folder, contexts)


class LateWriter:
    """Writes a ``LateIndex`` into a new folder; a ``with`` statement ends it.

    Raises:
        IndexingError: a file cannot be written; so of every method.
    """

    def __init__(
        self, folder: Path, typical: Floats, languages: NDArray[np.int8], passages: int
    ) -> None:
        """Create the folder.

        Args:
            folder: does not exist yet.
            typical: the encoder's typical token vector.
            languages: of all that will be appended, numbered from 0, ``(r,) int8``.
            passages: how many of them, the first ones, are passages; the others are the texts above
                them, on which the frame is not measured.
        """
        self._folder, self._typical, self._languages = folder, typical, languages
        self._measured = passages
        codes, radii = encode(np.zeros((1, len(typical)), dtype=np.float32), typical)
        with writing_to(folder):
            folder.mkdir()
        with ExitStack() as stack:
            self._codes, self._radii, self._sentences, self._passages, self._spans = (
                stack.enter_context(RowWriter(folder / f"{name}.npy", kind, shape))
                for name, kind, shape in (
                    ("codes", codes.dtype, codes.shape[1:]),
                    ("radii", radii.dtype, ()),
                    ("sentences", np.int64, ()),
                    ("passages", np.int64, ()),
                    ("spans", np.int32, (2,)),
                )
            )
            self._passages.append(np.zeros(1, dtype=np.int64))
            self._open = stack.pop_all()

    def __len__(self) -> int:
        """Return how many passages and texts were appended."""
        return len(self._passages) - 1

    def append(self, passages: Sequence[TokenCodes]) -> None:
        """Append the tokens of passages."""
        first = ends(np.array([0, *(len(p.codes) for p in passages)]), len(self._codes))
        starts = [p.starts + at for p, at in zip(passages, first, strict=False)]
        self._sentences.append(np.concatenate(starts))
        self._passages.append(ends(np.array([len(p.starts) for p in passages]), len(self._spans)))
        self._codes.append(np.concatenate([p.codes for p in passages]))
        self._radii.append(np.concatenate([p.radii for p in passages]))
        self._spans.append(np.concatenate([p.spans for p in passages]))

    def passage(self, row: int) -> TokenCodes:
        """Return the tokens of a passage that was appended."""
        first, last = self._passages.read(row, row + 2).tolist()
        starts = self._sentences.read(first, last + 1)
        end = int(starts[-1]) if len(starts) > last - first else len(self._codes)
        return TokenCodes(
            self._codes.read(int(starts[0]), end),
            self._radii.read(int(starts[0]), end),
            (starts[: last - first] - starts[0]).astype(np.int32),
            self._spans.read(first, last),
        )

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files and write the frame and the scales; only close them after an error."""
        if kind is None:
            self._sentences.append(np.array([len(self._codes)]))
        self._open.__exit__(kind, error, trace)
        if kind is None:
            self._write_frame()

    def _write_frame(self) -> None:
        codes, radii = (mapped(self._folder / f"{name}.npy") for name in ("codes", "radii"))
        starts = mapped(self._folder / "sentences.npy")[mapped(self._folder / "passages.npy")]
        at, lengths = sampled(int(starts[self._measured])), np.diff(starts)
        languages = self._languages[np.searchsorted(starts, at, side="right") - 1]
        vectors = self._typical + radii[at, None].astype(np.float32) * decode(codes[at])
        own = slice(self._measured)
        tokens = np.bincount(self._languages[own], weights=lengths[own]).astype(np.int64)
        frame = Frame.measure(vectors, languages, tokens, self._typical, self._measured)
        with RowWriter(self._folder / "scales.npy", np.float16, (2,)) as scales:
            for first in range(0, len(lengths), _BLOCK):
                block = slice(first, first + _BLOCK)
                where = slice(starts[first], starts[: first + _BLOCK + 1][-1])
                languages = np.repeat(self._languages[block], lengths[block])
                wide = radii[where].astype(np.float32)
                scales.append(frame.scales(codes[where], wide, languages))
        with writing_to(self._folder):
            np.save(self._folder / "languages.npy", self._languages, allow_pickle=False)
            np.save(self._folder / "frame.npy", frame.array(), allow_pickle=False)
