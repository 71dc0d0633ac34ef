"""Very many vectors are searched in part, to a recall that is measured when they are indexed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index import near
from index.build import build_index
from index.dense import DenseIndex, Vectors
from index.errors import CorruptIndex
from index.generation import Generation
from index.near import NearIndex, cells_for, read_near, write_near
from index.ranking import Query, rank
from index.storage import Store
from tests.fakes import ENGLISH, FRENCH, FakeEncoder


def clouds(count: int) -> Vectors:
    """Return vectors in 50 clouds, L2-normalised."""
    random = np.random.default_rng(0)
    centres = random.standard_normal((50, 32), dtype=np.float32)
    vectors = centres[np.arange(count) % 50]
    vectors += 0.5 * random.standard_normal((count, 32), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


ASKED = clouds(6300)[6100:]


def recall(index: NearIndex, vectors: Vectors, questions: Vectors) -> float:
    exact = np.argsort(-(questions @ vectors.T), axis=1)[:, :10]
    held = DenseIndex.of(vectors)
    found = [[c.row for c in index.search(one, 10, held)] for one in questions]
    return float(
        np.mean([len(set(a) & set(b)) for a, b in zip(exact.tolist(), found, strict=True)]) / 10
    )


def test_the_cells_grow_with_the_root() -> None:
    assert [cells_for(n) for n in (20_000, 100_000, 1_000_000)] == [512, 1024, 4096]


@pytest.mark.parametrize("wanted", [0.5, 0.99])
def test_the_recall_that_is_asked_for_is_reached(wanted: float) -> None:
    vectors = clouds(6000)
    index = NearIndex.of(vectors, np.arange(6000), ASKED, wanted)
    assert index.width.recall >= wanted
    assert (index.width.vectors, index.width.cells) == (6000, 256)
    assert 1 <= index.width.searched <= 256
    assert recall(index, vectors, clouds(6100)[6000:]) >= wanted - 0.05


def test_a_wider_search_finds_more_and_takes_more_cells() -> None:
    vectors, rows = clouds(6000), np.arange(6000)
    narrow, wide = (NearIndex.of(vectors, rows, ASKED, wanted).width for wanted in (0.5, 0.99))
    assert narrow.searched < wide.searched
    assert narrow.recall < wide.recall


def test_scores_are_cosines_and_rows_those_given(tmp_path: Path) -> None:
    vectors, rows = clouds(3000), np.arange(3000)[::-1]
    index, held = NearIndex.of(vectors, rows, ASKED), DenseIndex.of(vectors[::-1])
    index.write(tmp_path / "0.faiss")
    opened = NearIndex.read(tmp_path / "0.faiss")
    assert opened.width == index.width
    for asked in range(20):
        found = opened.search(vectors[asked], 3, held)
        exact = held.search(vectors[asked : asked + 1], 3)[0]
        assert [c.row for c in found] == [c.row for c in exact]
        assert [c.score for c in found] == pytest.approx([c.score for c in exact], abs=1e-6)


def test_only_a_language_of_many_passages_has_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "EXACT_BELOW", 2000)
    languages = np.array([0] * 2500 + [1] * 500, dtype=np.int8)
    write_near(tmp_path / "near", clouds(3000), languages, lambda rows: clouds(3000)[rows])
    opened = read_near(tmp_path / "near")
    assert list(opened) == [0]
    found = opened[0].search(clouds(3000)[2600], 5, DenseIndex.of(clouds(3000)))
    assert len(found) == 5
    assert all(c.row < 2500 for c in found)
    write_near(tmp_path / "none", clouds(100), languages[:100], lambda _: ASKED)
    assert not (tmp_path / "none").exists()
    assert read_near(tmp_path / "none") == {}


def test_a_generation_ranks_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = FakeEncoder()
    exact = build_index([FRENCH, ENGLISH], Store(tmp_path / "exact"), encoder).generation
    monkeypatch.setattr(near, "EXACT_BELOW", 1)
    monkeypatch.setattr(near, "_TRAINED", 1)
    monkeypatch.setattr(near, "cells_for", lambda _: 1)
    found = build_index([FRENCH, ENGLISH], Store(tmp_path / "near"), encoder).generation
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


@pytest.mark.parametrize(
    ("name", "content"),
    [("0.faiss", b"not FAISS"), ("0.json", b"{"), ("0.json", json.dumps({"vectors": 1}).encode())],
)
def test_damage_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    NearIndex.of(clouds(1000), np.arange(1000), ASKED).write(tmp_path / "0.faiss")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorruptIndex, match=r"0.faiss cannot be read .* run `qa index` again"):
        read_near(tmp_path)
