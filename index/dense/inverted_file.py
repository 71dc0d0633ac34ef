"""Nearest passages in a large collection, by FAISS's inverted file (``IVF…,SQ8``).

K-means divides the vectors into cells, and a question searches only the nearest cells. Inside a
cell each component of a vector is one byte. The number of cells follows from the number of vectors.
The number of cells to search is measured when the index is built: it grows until the wanted share
of the exact nearest is found.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.dense.exact import Candidate, DenseIndex, Vectors, selector_of
from index.errors import CorruptIndex
from index.faults import writing_to
from index.manifest import Width

EXACT_BELOW: Final = 20_000
"""Fewer vectors than this are all compared: that takes about a millisecond."""
RECALL: Final = 0.995
"""The share of the ten nearest passages that must be found, in 0-1."""
NEAREST: Final = 10
ASKED: Final = 256
"""How many passages recall is measured with: the first sentence of each stands for a question."""
_ROUNDED: Final = 4
"""How many times the wanted number is looked for by bytes; those are then compared exactly."""
_TRAINED: Final = 64
"""How many vectors k-means is given for each cell, as far as they fit in the bytes below."""
_TRAINED_BYTES: Final = 100 * 2**20
_BLOCK: Final = 8_192
"""How many vectors are read at a time."""
_SHARD: Final = 2**16
"""How many vectors, in one byte a component, are in memory at a time."""


@dataclass(frozen=True, slots=True)
class InvertedFile:
    """Finds nearly all of the nearest passages of one language.

    Attributes:
        index: of FAISS; its identifiers are the rows of the passages.
    """

    index: faiss.IndexIVF

    @classmethod
    def read(cls, path: Path) -> Self:
        """Open an index, memory-mapped.

        Raises:
            CorruptIndex: the file is missing or damaged.
        """
        try:
            index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
            # Starting threads to read ahead takes longer than reading.
            lists: Any = faiss.downcast_InvertedLists(index.invlists)
            lists.prefetch_nthread = 0
        except (RuntimeError, AttributeError) as error:
            raise CorruptIndex(f"{path} cannot be read ({error}): run `qa index` again") from error
        return cls(index)

    def search(
        self, query: Vectors, k: int, exact: DenseIndex, allowed: NDArray[np.int64] | None = None
    ) -> list[Candidate]:
        """Find the nearest rows of a query, cosine falling.

        Args:
            query: ``(d,) float32, L2-normalised``.
            k: how many to return at most.
            exact: the vectors in full precision, which decide the order.
            allowed: the only rows allowed, at least one; all when None. The fewer they are, the
                more cells are searched, so that as many vectors are compared.
        """
        # FAISS keeps no reference to the selector: it must outlive the search.
        selector = None if allowed is None else selector_of(allowed, len(exact))
        share = 1 if allowed is None else max(1.0, self.index.ntotal / len(allowed))
        cells = min(self.index.nlist, int(np.ceil(self.index.nprobe * share)))
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=cells)  # type: ignore[call-arg] # its stub lags behind
        found = self.index.search(query[None], _ROUNDED * k, params=parameters)[1][0]
        return exact.among(query, k, np.sort(found[found >= 0]))


def cells_for(vectors: int) -> int:
    """Return the number of cells: about 4 times the square root of the number of vectors."""
    return int(2 ** np.round(np.log2(4 * np.sqrt(vectors))))


def write_inverted_files(
    folder: Path,
    vectors: DenseIndex,
    languages: NDArray[np.int8],
    asked: Callable[[NDArray[np.int64]], Vectors],
) -> tuple[Width, ...]:
    """Write an index of each language that has many passages, named after its number.

    Args:
        folder: is made if there is anything to write.
        vectors: of all passages.
        languages: of all passages, numbered from 0, ``(n,) int8``.
        asked: returns vectors of questions that the passages of these rows answer.

    Returns:
        How widely each language is searched.

    Raises:
        IndexingError: a file cannot be written; it is named.
    """
    widths = []
    for language in np.unique(languages).tolist():
        rows = np.flatnonzero(languages == language)
        width = Width(language, len(rows))
        if len(rows) >= EXACT_BELOW:
            with writing_to(folder):
                folder.mkdir(exist_ok=True)
            path = folder / f"{language}.faiss"
            width = write_inverted_file(path, vectors, rows, asked(spread(rows, ASKED)), language)
        widths.append(width)
    return tuple(widths)


def write_inverted_file(
    path: Path,
    vectors: DenseIndex,
    rows: NDArray[np.int64],
    asked: Vectors,
    language: int = 0,
    recall: float = RECALL,
) -> Width:
    """Write the index of some rows, a block at a time, and measure how widely to search it.

    Args:
        path: of the file.
        vectors: of all rows.
        rows: those of the language, rising.
        asked: vectors of questions, ``(q, d) float32, L2-normalised``.
        language: its number.
        recall: the share of the ten nearest to these that must be found, in 0-1.

    Raises:
        IndexingError: the file cannot be written; it is named.
    """
    index = _trained(vectors, rows)
    with writing_to(path):
        _write_lists(path, index, vectors, rows)
    found = InvertedFile.read(path).index
    reached = _widen(found, _exact(vectors, rows, asked), asked, recall)
    with writing_to(path), path.open("r+b") as file:
        index.nprobe, index.ntotal = found.nprobe, len(rows)
        file.write(_header(index))
    return Width(language, len(rows), index.nlist, index.nprobe, len(asked), round(reached, 4))


def read_inverted_files(folder: Path) -> dict[int, InvertedFile]:
    """Open the indexes of a folder, by the number of the language.

    Raises:
        CorruptIndex: a file is missing or damaged.
    """
    return {int(path.stem): InvertedFile.read(path) for path in sorted(folder.glob("*.faiss"))}


def spread(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return so many of the rows, evenly spread."""
    return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)]


def _trained(vectors: DenseIndex, rows: NDArray[np.int64]) -> Any:
    """Return an index without vectors, whose cells k-means has placed."""
    length, kind = vectors.dimension, faiss.METRIC_INNER_PRODUCT
    cells = cells_for(len(rows))
    index: Any = faiss.index_factory(length, f"IVF{cells},SQ8", kind)
    index.cp.niter, index.cp.min_points_per_centroid = 10, 1
    count = max(cells, min(_TRAINED * cells, _TRAINED_BYTES // (4 * length)))
    index.train(vectors.vectors(spread(rows, count)))
    return index


def _write_lists(path: Path, index: Any, vectors: DenseIndex, rows: NDArray[np.int64]) -> None:
    """Write the file that FAISS would write, with the lists gathered from shards on disk."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, path.open("wb") as file:
        shards = list(_shards(Path(folder), index, vectors, rows))
        lists = [shard.invlists for shard in shards]
        sizes = np.array([sum(s.list_size(n) for s in lists) for n in range(index.nlist)])
        index.ntotal = len(rows)
        file.write(_header(index) + b"full" + np.array([index.nlist, *sizes], np.uint64).tobytes())
        for cell in range(index.nlist):
            for read, length in (("get_codes", index.code_size), ("get_ids", 1)):
                for held in lists:
                    count = length * held.list_size(cell)
                    if count:
                        file.write(faiss.rev_swig_ptr(getattr(held, read)(cell), count).data)


def _shards(
    folder: Path, index: Any, vectors: DenseIndex, rows: NDArray[np.int64]
) -> Iterator[Any]:
    for first in range(0, len(rows), _SHARD):
        for at in range(first, min(first + _SHARD, len(rows)), _BLOCK):
            block = rows[at : min(at + _BLOCK, first + _SHARD)]
            index.add_with_ids(vectors.vectors(block), block)
        path = folder / f"{first}"
        faiss.write_index(index, str(path))
        index.reset()
        yield faiss.read_index(str(path), faiss.IO_FLAG_MMAP)


def _header(index: Any) -> bytes:
    """Return the part of FAISS's file that stands before the lists, from an index without vectors.

    It ends with the number of lists and the length of a code. After it, ``sprs`` begins the sizes.
    """
    content = faiss.serialize_index(index).tobytes()
    return bytes(content[: content.rindex(b"sprs")])


def _exact(vectors: DenseIndex, rows: NDArray[np.int64], asked: Vectors) -> NDArray[np.int64]:
    """Return the rows nearest to each question, ``(q, 10) int64``, a block at a time."""
    best: Vectors = np.zeros((len(asked), 0), dtype=np.float32)
    found: NDArray[np.int64] = np.zeros((len(asked), 0), dtype=np.int64)
    for at in range(0, len(rows), _BLOCK):
        block = rows[at : at + _BLOCK]
        cosines, nearest = faiss.knn(
            asked, vectors.vectors(block), min(NEAREST, len(block)), faiss.METRIC_INNER_PRODUCT
        )
        best = np.hstack([best, cosines])
        found = np.hstack([found, block[nearest]])
        order = np.argsort(-best, axis=1, kind="stable")[:, :NEAREST]
        best = np.take_along_axis(best, order, axis=1)
        found = np.take_along_axis(found, order, axis=1)
    return found


def _widen(index: Any, exact: NDArray[np.int64], asked: Vectors, recall: float) -> float:
    """Double the number of cells that are searched until recall is reached, then once more.

    Once more, because real questions lie further from the passages than the sentences that stand
    for them.

    Returns:
        The share of the nearest that is found in the end, in 0-1.
    """
    index.nprobe = 1
    while _found(index, asked, exact) < recall and index.nprobe < index.nlist:
        index.nprobe *= 2
    index.nprobe = min(2 * index.nprobe, index.nlist)
    return _found(index, asked, exact)


def _found(index: Any, asked: Vectors, exact: NDArray[np.int64]) -> float:
    """Return the share of the exact nearest that the index finds, in 0-1."""
    _, found = index.search(asked, _ROUNDED * NEAREST)
    shared = [len(set(a) & set(b)) for a, b in zip(exact.tolist(), found.tolist(), strict=True)]
    return float(np.mean(shared)) / NEAREST
