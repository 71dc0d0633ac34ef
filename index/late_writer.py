"""The token vectors of passages, written as they come."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from index.codec import decode, encode
from index.encoding import Floats
from index.faults import writing_to
from index.frame import Frame, sampled
from index.rows import RowWriter, ends, mapped
from index.token_codes import TokenCodes

_BLOCK: Final = 256
"""Of how many passages the scales are computed at a time."""


class LateWriter:
    """Writes a ``LateIndex`` into a new folder; a ``with`` statement ends it.

    Raises:
        IndexingError: a file cannot be written; so of every method.
    """

    def __init__(self, folder: Path, typical: Floats, languages: NDArray[np.int8]) -> None:
        """Create the folder.

        Args:
            folder: does not exist yet.
            typical: the encoder's typical token vector.
            languages: of all passages that will be appended, numbered from 0, ``(p,) int8``.
        """
        self._folder, self._typical, self._languages = folder, typical, languages
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
        """Return how many passages were appended."""
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
        """Close the files, and write what depends on all tokens; nothing after an error."""
        if kind is None:
            self._sentences.append(np.array([len(self._codes)]))
        self._open.__exit__(kind, error, trace)
        if kind is None:
            self._write_frame()

    def _write_frame(self) -> None:
        codes, radii = (mapped(self._folder / f"{name}.npy") for name in ("codes", "radii"))
        starts = mapped(self._folder / "sentences.npy")[mapped(self._folder / "passages.npy")]
        at, lengths = sampled(len(codes)), np.diff(starts)
        spoken = self._languages[np.searchsorted(starts, at, side="right") - 1]
        vectors = self._typical + radii[at, None].astype(np.float32) * decode(codes[at])
        tokens = np.bincount(self._languages, weights=lengths).astype(np.int64)
        frame = Frame.measure(vectors, spoken, tokens, self._typical, len(lengths))
        with RowWriter(self._folder / "scales.npy", np.float16, (2,)) as scales:
            for first in range(0, len(lengths), _BLOCK):
                block = slice(first, first + _BLOCK)
                where = slice(starts[first], starts[: first + _BLOCK + 1][-1])
                spoken = np.repeat(self._languages[block], lengths[block])
                wide = radii[where].astype(np.float32)
                scales.append(frame.scales(codes[where], wide, spoken))
        with writing_to(self._folder):
            np.save(self._folder / "languages.npy", self._languages, allow_pickle=False)
            np.save(self._folder / "frame.npy", frame.array(), allow_pickle=False)
