"""Nearest passages by the inner product of their vectors, with FAISS."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from index.arrays import RowWriter
from index.errors import CorruptIndex

Vectors = NDArray[np.float32]


class Candidate(NamedTuple):
    """A passage found by one signal.

    Attributes:
        row: the passage's place in the index, from 0.
        score: higher is better.
    """

    row: int
    score: float


class DenseIndex:
    """Exact inner-product search over L2-normalised vectors, so a score is a cosine."""

    def __init__(self, index: faiss.Index) -> None:
        """Wrap a FAISS index of inner products."""
        self._index = index

    @classmethod
    def of(cls, vectors: Vectors) -> DenseIndex:
        """Index the vectors, ``(n, d) float32, L2-normalised``, row by row."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> DenseIndex:
        """Open an index file, memory-mapped.

        Raises:
            CorruptIndex: FAISS cannot read the file.
        """
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise CorruptIndex(f"{path} is no FAISS index: run `qa index` again") from error

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return stored vectors, ``(r, d) float32``."""
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)

    def search(
        self, queries: Vectors, k: int, rows: NDArray[np.int64] | None = None
    ) -> list[list[Candidate]]:
        """Find the nearest rows of each query.

        Args:
            queries: ``(q, d) float32, L2-normalised``.
            k: how many to return at most, best first.
            rows: the only rows allowed; all when None.

        Returns:
            For each query its candidates, cosine falling.
        """
        k = min(k, len(self) if rows is None else len(rows))
        if k == 0:
            return [[] for _ in queries]
        # FAISS keeps no reference to the selector: it must outlive the search.
        selector = None if rows is None else selector_of(rows, len(self))
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # its stub lags behind
        scores, found = self._index.search(np.ascontiguousarray(queries), k, params=parameters)
        return [candidates(*pair) for pair in zip(found, scores, strict=True)]

    def among(self, query: Vectors, k: int, rows: NDArray[np.int64]) -> list[Candidate]:
        """Compare a query, ``(d,) float32``, with some rows alone: see ``search``.

        Faster than ``search`` where the rows are a small part of all.
        """
        scores = self.vectors(rows) @ query
        best = np.argsort(-scores, kind="stable")[:k]
        return candidates(rows[best], scores[best])


def selector_of(rows: NDArray[np.int64], count: int) -> faiss.IDSelector:
    """Return what tells FAISS that of so many rows only these are allowed."""
    allowed = np.zeros(count, dtype=np.bool_)
    allowed[rows] = True
    bits = np.packbits(allowed, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type] # its stub lags behind


def dense_writer(path: Path, dimension: int) -> RowWriter:
    """Return a writer of the file that FAISS reads; append ``(r, d) float32, L2-normalised``.

    Raises:
        IndexingError: the file cannot be written.
    """
    empty = faiss.serialize_index(faiss.IndexFlatIP(dimension)).tobytes()
    return RowWriter(path, "<f4", (dimension,), lambda rows: _header(empty, rows))


def _header(empty: bytes, rows: int) -> bytes:
    """Return the header of FAISS's file for so many vectors, made from that of an empty index.

    The header has the name of the format, the length of a vector, the number of vectors, some
    settings, and at its end the number of components of all vectors.
    """
    name, rest = empty[:8], empty[16:-8]
    components = rows * int.from_bytes(empty[4:8], "little")
    return name + rows.to_bytes(8, "little") + rest + components.to_bytes(8, "little")


def candidates(rows: NDArray[np.int64], scores: Vectors) -> list[Candidate]:
    """Return the candidates of one query; FAISS fills missing ones with row -1."""
    return [Candidate(int(r), float(s)) for r, s in zip(rows, scores, strict=True) if r >= 0]
