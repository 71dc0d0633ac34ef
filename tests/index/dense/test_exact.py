"""FAISS gives what a NumPy brute force gives."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from index.dense.exact import DenseIndex, Vectors, dense_writer
from index.errors import CorruptIndex


def unit_vectors(n: int, seed: int, d: int = 32) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture
def vectors() -> Vectors:
    return unit_vectors(300, seed=1)


@pytest.mark.parametrize("k", [1, 10, 300, 1000])
def test_search_is_the_brute_force(vectors: Vectors, k: int) -> None:
    queries = unit_vectors(20, seed=2)
    expected = queries @ vectors.T
    for found, cosines in zip(DenseIndex.of(vectors).search(queries, k), expected, strict=True):
        best = np.argsort(-cosines)[:k]
        assert [c.row for c in found] == best.tolist()
        np.testing.assert_allclose([c.score for c in found], cosines[best], atol=1e-6)


def test_only_allowed_rows_are_found(vectors: Vectors) -> None:
    rows = np.array([7, 100, 299])
    (found,) = DenseIndex.of(vectors).search(vectors[100:101], 10, rows)
    assert found[0].row == 100
    assert {c.row for c in found} == {7, 100, 299}


def test_no_allowed_row_finds_nothing(vectors: Vectors) -> None:
    assert DenseIndex.of(vectors).search(vectors[:2], 3, np.array([], dtype=np.int64)) == [[], []]


def test_hand_computed_scores() -> None:
    index = DenseIndex.of(np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    (found,) = index.search(np.array([[0, 1]], dtype=np.float32), 3)
    assert [c.row for c in found] == [1, 2, 0]
    assert [c.score for c in found] == pytest.approx([1, 0.8, 0])


def test_written_and_read_back(vectors: Vectors, tmp_path: Path) -> None:
    with dense_writer(tmp_path / "x.faiss", 32) as writer:
        for part in np.split(vectors, [1, 100]):
            writer.append(part)
        np.testing.assert_array_equal(writer.read(42, 44), vectors[42:44])
    whole = faiss.IndexFlatIP(32)
    whole.add(vectors)
    assert (tmp_path / "x.faiss").read_bytes() == faiss.serialize_index(whole).tobytes()
    read = DenseIndex.read(tmp_path / "x.faiss")
    assert (len(read), read.dimension) == (300, 32)
    np.testing.assert_array_equal(read.vectors(np.array([42, 7])), vectors[[42, 7]])
    ((found,),) = read.search(vectors[42:43], 1)
    assert found.row == 42
    assert found.score == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("content", [b"", b"not an index", b"IxFI" + bytes(12)])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dense.faiss"
    path.write_bytes(content)
    with pytest.raises(CorruptIndex, match=r"dense\.faiss.*qa index"):
        DenseIndex.read(path)
