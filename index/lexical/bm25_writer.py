"""Computes the weights of BM25 without holding all postings in memory.

The postings of passages are sorted by term, a block at a time, and written to a temporary file.
When all passages are there, their mean length and the frequency of each term are known. Then the
postings of one range of terms after the other are gathered from all blocks and weighed.
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

from index.arrays import RowWriter, ends
from index.faults import writing_to
from index.lexical.bm25 import ALWAYS, inverse_frequency, length_norms, saturated, term_key

BLOCK: Final = 2**18
"""How many postings are sorted at a time: a few megabytes."""
_POSTING: Final = np.dtype(
    [("term", "<u8"), ("passage", "<i4"), ("count", "<i4"), ("above", "<i4")]
)


class Bm25Writer:
    """Writes a ``Bm25`` index passage by passage; the end of a ``with`` statement completes it."""

    def __init__(self, folder: Path) -> None:
        """Create the folder.

        Raises:
            IndexingError: it cannot be written to; so of every method.
        """
        self._folder = folder
        self._lengths, self._lengths_above = array("i"), array("i")
        self._clear()
        self._blocks: list[int] = []
        with writing_to(folder):
            folder.mkdir()
            self._aside = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed at the end

    def add(self, terms: Sequence[str], above: Sequence[str] = ()) -> None:
        """Add the terms of the next passage, and those of its context."""
        counts, counts_above = Counter(terms), Counter(above)
        counts[ALWAYS] = 1
        every = dict.fromkeys([*counts, *counts_above])
        self._terms.extend(map(term_key, every))
        self._passages.extend([len(self._lengths)] * len(every))
        self._counts.extend(counts[term] for term in every)
        self._counts_above.extend(counts_above[term] for term in every)
        self._lengths.append(len(terms) + 1)
        self._lengths_above.append(len(above))
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
        block["term"], block["passage"] = self._terms, self._passages
        block["count"], block["above"] = self._counts, self._counts_above
        with writing_to(self._folder):
            self._aside.write(block[np.argsort(block["term"], kind="stable")].data)
        self._blocks.append(len(block))
        self._clear()

    def _clear(self) -> None:
        self._terms, self._passages = array("Q"), array("i")
        self._counts, self._counts_above = array("i"), array("i")

    def _write(self) -> None:
        fields = (np.frombuffer(held, np.int32) for held in (self._lengths, self._lengths_above))
        norms = np.stack([length_norms(lengths).astype(np.float32) for lengths in fields])
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
    idf, at = inverse_frequency(counts, norms.shape[1]), part["passage"]
    often = saturated(part["count"] / norms[0, at], part["above"] / norms[1, at])
    return np.asarray(np.repeat(idf, counts) * often, dtype=np.float32)


_FILES: Final = {"weights": "<f4", "passages": "<i4", "starts": "<i8", "terms": "<u8"}
