"""Very many vectors are searched in part, to a recall that is measured when they are indexed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from index.build.pipeline import build_index
from index.dense import inverted_file as near
from index.dense.exact import DenseIndex, Vectors
from index.dense.inverted_file import (
    InvertedFile,
    cells_for,
    read_inverted_files,
    write_inverted_file,
    write_inverted_files,
)
from index.errors import CorruptIndex
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.manifest import Width
from index.search.ranking import Query, rank
from tests.fakes import ENGLISH, FRENCH, FakeEncoder


def clouds(count: int) -> Vectors:
    """Return vectors in 50 clouds, L2-normalised."""
    random = np.random.default_rng(0)
    centres = random.standard_normal((50, 32), dtype=np.float32)
    vectors = centres[np.arange(count) % 50]
    vectors += 0.5 * random.standard_normal((count, 32), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


ASKED = clouds(6300)[6100:]


def recall(index: InvertedFile, vectors: Vectors, questions: Vectors) -> float:
    exact = np.argsort(-(questions @ vectors.T), axis=1)[:, :10]
    held = DenseIndex.of(vectors)
    found = [[c.row for c in index.search(one, 10, held)] for one in questions]
    return float(
        np.mean([len(set(a) & set(b)) for a, b in zip(exact.tolist(), found, strict=True)]) / 10
    )


def test_the_cells_grow_with_the_root() -> None:
    assert [cells_for(n) for n in (20_000, 100_000, 1_000_000)] == [512, 1024, 4096]


def indexed(
    folder: Path, vectors: Vectors, rows: NDArray[np.int64], wanted: float = near.RECALL
) -> tuple[InvertedFile, Width]:
    width = write_inverted_file(
        folder / "0.faiss", DenseIndex.of(vectors), rows, ASKED, recall=wanted
    )
    return InvertedFile.read(folder / "0.faiss"), width


@pytest.mark.parametrize("wanted", [0.5, 0.99])
def test_the_recall_that_is_asked_for_is_reached(tmp_path: Path, wanted: float) -> None:
    vectors = clouds(6000)
    index, width = indexed(tmp_path, vectors, np.arange(6000), wanted)
    assert width.recall >= wanted
    assert (width.vectors, width.cells, width.asked) == (6000, 256, 200)
    assert 1 <= width.searched == index.index.nprobe <= 256
    assert recall(index, vectors, clouds(6100)[6000:]) >= wanted - 0.05


def test_a_wider_search_finds_more_and_takes_more_cells(tmp_path: Path) -> None:
    vectors, rows = clouds(6000), np.arange(6000)
    narrow, wide = (indexed(tmp_path, vectors, rows, wanted)[1] for wanted in (0.5, 0.99))
    assert narrow.searched < wide.searched
    assert narrow.recall < wide.recall


def test_a_file_is_what_faiss_writes_of_an_index_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "_SHARD", 700)
    monkeypatch.setattr(near, "_BLOCK", 300)
    vectors = clouds(3000)
    rows = np.flatnonzero(np.arange(3000) % 7)
    index, width = indexed(tmp_path, vectors, rows)
    whole: Any = faiss.index_factory(32, f"IVF{width.cells},SQ8", faiss.METRIC_INNER_PRODUCT)
    whole.cp.niter, whole.nprobe = 10, width.searched
    whole.cp.min_points_per_centroid = 1
    whole.train(vectors[rows])
    whole.add_with_ids(vectors[rows], rows)
    assert (tmp_path / "0.faiss").read_bytes() == faiss.serialize_index(whole).tobytes()
    assert index.index.ntotal == len(rows)


def test_scores_are_cosines_and_rows_those_given(tmp_path: Path) -> None:
    vectors, rows = clouds(3000), np.arange(0, 3000, 2)
    (index, _), held = indexed(tmp_path, vectors, rows), DenseIndex.of(vectors)
    for asked in range(20):
        found = index.search(vectors[asked], 3, held)
        exact = held.search(vectors[asked : asked + 1], 3, rows)[0]
        assert [c.row for c in found] == [c.row for c in exact]
        assert [c.score for c in found] == pytest.approx([c.score for c in exact], abs=1e-6)


def test_only_a_language_of_many_passages_has_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "EXACT_BELOW", 2000)
    languages = np.array([0] * 2500 + [1] * 500, dtype=np.int8)
    held = DenseIndex.of(clouds(3000))
    many, few = write_inverted_files(tmp_path / "near", held, languages, lambda r: clouds(3000)[r])
    assert (many.language, many.vectors, many.asked) == (0, 2500, near.ASKED)
    assert few == Width(1, 500, 0, 0, 0, 1.0)
    opened = read_inverted_files(tmp_path / "near")
    assert list(opened) == [0]
    found = opened[0].search(clouds(3000)[2600], 5, held)
    assert len(found) == 5
    assert all(c.row < 2500 for c in found)
    write_inverted_files(
        tmp_path / "none", DenseIndex.of(clouds(100)), languages[:100], lambda _: ASKED
    )
    assert not (tmp_path / "none").exists()
    assert read_inverted_files(tmp_path / "none") == {}


def test_a_generation_ranks_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = FakeEncoder()
    exact = build_index([FRENCH, ENGLISH], FolderStore(tmp_path / "exact"), encoder).generation
    monkeypatch.setattr(near, "EXACT_BELOW", 1)
    monkeypatch.setattr(near, "_TRAINED", 1)
    monkeypatch.setattr(near, "cells_for", lambda _: 1)
    found = build_index([FRENCH, ENGLISH], FolderStore(tmp_path / "near"), encoder).generation
    assert list(found.near) == [0, 1]
    assert exact.near == {}
    assert ranked(found) == ranked(exact)
    assert ranked(found, np.array([0])) == [0]


def ranked(generation: Generation, rows: np.typing.NDArray[np.int64] | None = None) -> list[int]:
    text = "Le chat dort"
    encoded = FakeEncoder().encode_queries([text])
    ranking = rank(generation, Query(text, "fr", encoded.pooled[0], encoded.tokens[0]), rows)
    assert ranking is not None
    return [int(row) for row in ranking.rows]


def test_damage_is_named(tmp_path: Path) -> None:
    indexed(tmp_path, clouds(1000), np.arange(1000))
    (tmp_path / "0.faiss").write_bytes(b"not FAISS")
    with pytest.raises(CorruptIndex, match=r"0.faiss cannot be read .* run `qa index` again"):
        read_inverted_files(tmp_path)
