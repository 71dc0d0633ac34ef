"""Nearest passages among very many: FAISS's inverted file, as wide as a wanted recall asks for.

Vectors are put in cells by k-means, and only the cells nearest to a question are searched; inside a
cell each component is one byte (FAISS's ``IVF…,SQ8``). How many cells, follows from the number of
vectors; how many of them to search, is measured against exact search when an index is built.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.dense import Candidate, DenseIndex, Vectors, candidates
from index.errors import CorruptIndex

EXACT_BELOW: Final = 20_000
"""So few vectors are searched one by one in about a millisecond."""
RECALL: Final = 0.995
"""The share of the ten nearest to what stands for questions that must be found: questions lie
further out than sentences do, and lose about one more in a hundred."""
NEAREST: Final = 10
ASKED: Final = 256
"""How many passages stand for questions: the first sentence of each is asked."""
_ROUNDED: Final = 2
"""How many times the wanted number is looked for by bytes, and then compared exactly."""
_TRAINED: Final = 64
"""How many vectors a cell is trained on."""


@dataclass(frozen=True, slots=True)
class Width:
    """How widely an index searches.

    Attributes:
        vectors: how many it holds.
        cells: into how many cells they are put.
        searched: how many of the cells are searched for a question.
        recall: the share of the ten nearest that is found so, in 0-1.
    """

    vectors: int
    cells: int
    searched: int
    recall: float


@dataclass(frozen=True, slots=True)
class NearIndex:
    """Nearly all of the nearest rows, of the rows of one language.

    Attributes:
        index: of FAISS; its identifiers are rows of the whole index.
        width: how widely it searches.
    """

    index: faiss.IndexIVF
    width: Width

    @classmethod
    def of(
        cls, vectors: Vectors, rows: NDArray[np.int64], asked: Vectors, recall: float = RECALL
    ) -> Self:
        """Index vectors to find those nearest to questions.

        Args:
            vectors: ``(n, d) float32, L2-normalised``.
            rows: what each is known by, ``(n,) int64``.
            asked: vectors like those of questions, ``(q, d) float32, L2-normalised``.
            recall: the share of the ten nearest to these that must be found.
        """
        cells = cells_for(len(vectors))
        length, kind = vectors.shape[1], faiss.METRIC_INNER_PRODUCT
        index: Any = faiss.index_factory(length, f"IVF{cells},SQ8", kind)
        index.cp.niter = 10
        index.train(vectors[spread(np.arange(len(vectors)), _TRAINED * cells)])
        index.add_with_ids(vectors, rows)
        return cls(index, _widen(index, vectors, rows, asked, recall))

    def write(self, path: Path) -> None:
        """Write the index to a file, and beside it how widely it searches."""
        faiss.write_index(self.index, str(path))
        _note(path).write_text(json.dumps(asdict(self.width)), encoding="ascii")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Open an index, memory-mapped.

        Raises:
            CorruptIndex: a file is missing or damaged.
        """
        try:
            width = Width(**json.loads(_note(path).read_bytes()))
            index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise CorruptIndex(f"{path} cannot be read ({error}): run `qa index` again") from error
        index.nprobe = width.searched
        return cls(index, width)

    def search(self, query: Vectors, k: int, exact: DenseIndex) -> list[Candidate]:
        """Find the nearest rows of a query, cosine falling.

        Args:
            query: ``(d,) float32, L2-normalised``.
            k: how many to return at most.
            exact: the vectors by row: what bytes cannot tell apart, they do.
        """
        found = self.index.search(query[None], _ROUNDED * k)[1][0]
        rows = np.sort(found[found >= 0])
        scores = exact.vectors(rows) @ query
        best = np.argsort(-scores, kind="stable")[:k]
        return candidates(rows[best], scores[best])


def cells_for(vectors: int) -> int:
    """Return the number of cells: about four times the root of that of the vectors."""
    return int(2 ** np.round(np.log2(4 * np.sqrt(vectors))))


def write_near(
    folder: Path,
    vectors: Vectors,
    languages: NDArray[np.int8],
    asked: Callable[[NDArray[np.int64]], Vectors],
) -> None:
    """Write an index of each language that has many passages, named after its number.

    Args:
        folder: is made if there is anything to write.
        vectors: of all passages, ``(n, d) float32, L2-normalised``.
        languages: of all passages, numbered from 0, ``(n,) int8``.
        asked: gives vectors like those of questions that these rows answer.
    """
    for language in np.unique(languages):
        rows = np.flatnonzero(languages == language)
        if len(rows) >= EXACT_BELOW:
            folder.mkdir(exist_ok=True)
            index = NearIndex.of(vectors[rows], rows, asked(spread(rows, ASKED)))
            index.write(folder / f"{language}.faiss")


def read_near(folder: Path) -> dict[int, NearIndex]:
    """Open the indexes of a folder, by the number of the language.

    Raises:
        CorruptIndex: a file is missing or damaged.
    """
    return {int(path.stem): NearIndex.read(path) for path in sorted(folder.glob("*.faiss"))}


def _widen(
    index: faiss.IndexIVF,
    vectors: Vectors,
    rows: NDArray[np.int64],
    asked: Vectors,
    recall: float,
) -> Width:
    """Search more and more cells until enough of the nearest are found."""
    exact = rows[faiss.knn(asked, vectors, NEAREST, faiss.METRIC_INNER_PRODUCT)[1]]
    index.nprobe, reached = 1, _found(index, asked, exact)
    while reached < recall and index.nprobe < index.nlist:
        index.nprobe *= 2
        reached = _found(index, asked, exact)
    return Width(len(vectors), index.nlist, index.nprobe, round(reached, 4))


def _found(index: faiss.IndexIVF, asked: Vectors, exact: NDArray[np.int64]) -> float:
    """Return the share of the nearest that are found."""
    _, found = index.search(asked, _ROUNDED * NEAREST)
    shared = [len(set(a) & set(b)) for a, b in zip(exact.tolist(), found.tolist(), strict=True)]
    return float(np.mean(shared)) / NEAREST


def spread(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return so many of the rows, evenly spread."""
    return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)]


def _note(path: Path) -> Path:
    return path.with_suffix(".json")
