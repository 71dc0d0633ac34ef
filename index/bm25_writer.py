"""BM25's weights, computed from postings that never are in memory all at once.

Passages give postings, which are sorted by term a block at a time and put aside in one file. Then
the postings of one range of terms after the other are gathered from all blocks: a passage's length
and the mean are known by then, and how many passages have a term.
"""

from __future__ import annotations

import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from index.bm25 import ALWAYS, K1, B, inverse_frequency, term_key
from index.faults import writing_to
from index.rows import RowWriter, ends

BLOCK: Final = 2**18
"""How many postings are sorted at a time: a few megabytes."""
_POSTING: Final = np.dtype([("term", "<u8"), ("passage", "<i4"), ("count", "<i4")])


class Bm25Writer:
    """Writes the index of a folder passage by passage; a ``with`` statement ends it."""

    def __init__(self, folder: Path) -> None:
        """Create the folder.

        Raises:
            IndexingError: it cannot be written to; so of every method.
        """
        self._folder = folder
        self._lengths = array("i")
        self._terms, self._passages, self._counts = array("Q"), array("i"), array("i")
        self._blocks: list[int] = []
        with writing_to(folder):
            folder.mkdir()
            self._aside = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed at the end

    def add(self, terms: Sequence[str]) -> None:
        """Add the terms of the next passage."""
        counts = Counter(terms)
        counts[ALWAYS] = 1
        self._terms.extend(map(term_key, counts))
        self._passages.extend([len(self._lengths)] * len(counts))
        self._counts.extend(counts.values())
        self._lengths.append(len(terms) + 1)
        if len(self._terms) >= BLOCK:
            self._put_aside()

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the index; nothing after an error."""
        del error, trace
        with writing_to(self._folder), self._aside:
            if kind is None:
                self._put_aside()
                self._write()

    def _put_aside(self) -> None:
        block = np.empty(len(self._terms), dtype=_POSTING)
        block["term"], block["passage"], block["count"] = self._terms, self._passages, self._counts
        with writing_to(self._folder):
            self._aside.write(block[np.argsort(block["term"], kind="stable")].data)
        self._blocks.append(len(block))
        self._terms, self._passages, self._counts = array("Q"), array("i"), array("i")

    def _write(self) -> None:
        lengths = np.frombuffer(self._lengths, dtype=np.int32)
        norms = (K1 * (1 - B + B * lengths / lengths.mean(dtype=np.float64))).astype(np.float32)
        with ExitStack() as stack:
            weights, passages, starts, terms = (
                stack.enter_context(RowWriter(self._folder / f"{name}.npy", kind))
                for name, kind in _FILES.items()
            )
            starts.append(np.zeros(1, dtype=np.int64))
            for part in self._parts():
                found, counts = np.unique(part["term"], return_counts=True)
                terms.append(found)
                starts.append(ends(counts, len(passages)))
                passages.append(part["passage"])
                weights.append(_weights(part, counts, norms))

    def _parts(self) -> Iterator[NDArray[Any]]:
        """Yield all postings, those of a range of terms at a time, by term and passage."""
        self._aside.flush()
        every = np.memmap(self._aside, dtype=_POSTING, mode="r")
        blocks = np.split(every, np.cumsum(self._blocks)[:-1])
        count = -(-len(every) // BLOCK)
        edges = np.arange(1, count, dtype=np.uint64) * np.uint64((2**64 - 1) // count)
        bounds = [
            [0, *np.searchsorted(np.array(block["term"]), edges), len(block)] for block in blocks
        ]
        for at in range(count):
            part = np.concatenate(
                [b[s[at] : s[at + 1]] for b, s in zip(blocks, bounds, strict=True)]
            )
            yield part[np.argsort(part["term"], kind="stable")]


def _weights(
    part: NDArray[Any], counts: NDArray[np.int64], norms: NDArray[np.float32]
) -> NDArray[np.float32]:
    idf = inverse_frequency(counts, len(norms)).astype(np.float32)
    often = part["count"].astype(np.float32)
    weights = np.repeat(idf, counts) * often / (often + norms[part["passage"]])
    return np.asarray(weights, dtype=np.float32)


_FILES: Final = {"weights": "<f4", "passages": "<i4", "starts": "<i8", "terms": "<u8"}
