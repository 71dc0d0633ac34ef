"""What a build holds in memory does not grow with the collection, nor what an open index holds."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from documents.chunking import ChunkSettings
from documents.types import Document
from index.arrays import RowWriter
from index.build import stage as encoding_stage
from index.build.changes import Changes, vector_sources
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.late import frame
from index.lexical import bm25_writer
from tests.fakes import FRENCH, FakeEncoder, document

SMALL = ChunkSettings(budget=12)


def many(count: int) -> Iterator[Document]:
    """Yield documents one at a time, no two alike, four passages each."""
    for n in range(count):
        paragraphs = [f"Le chat {n} du roi {m} voit la mer." for m in range(4)]
        yield document(f"d{n}", "fr", {"Un titre": paragraphs})


def peak(count: int, folder: Path) -> int:
    tracemalloc.start()
    try:
        built = build_index(many(count), FolderStore(folder), Forgetful(), settings=SMALL)
        assert len(built.generation.passages) == 4 * count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class Forgetful(FakeEncoder):
    """Does not remember what it encoded."""

    @property
    def encoded(self) -> list[str]:
        """Nothing, and what is put into it is lost."""
        return []

    @encoded.setter
    def encoded(self, _: list[str]) -> None: ...


@pytest.fixture(autouse=True)
def plain_cosines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out no directions: the fake encoder has hardly more of them."""
    monkeypatch.setattr(frame, "REMOVED_FROM", (10**9,) * 3)


def test_memory_does_not_grow_with_the_passages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, value in (
        (encoding_stage, "WINDOW", 64), (bm25_writer, "BLOCK", 2048), (frame, "SAMPLE", 1000),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    # Words are kept for the next time, up to a bound: these are known by then, and count for none.
    peak(500, tmp_path / "first")
    small, large = peak(100, tmp_path / "small"), peak(500, tmp_path / "large")
    grown = (large - small) / (4 * 400)
    # A few numbers of each; its vectors alone take more.
    assert grown < 200, f"{grown:.0f} bytes a passage"


def test_each_passage_is_read_only_when_it_is_asked_for(tmp_path: Path) -> None:
    build_index(many(500), FolderStore(tmp_path), FakeEncoder(), settings=SMALL)
    folder = FolderStore(tmp_path).current()
    Generation.open(folder)
    tracemalloc.start()
    generation = Generation.open(folder)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(generation.documents) == 500
    assert held < 100_000
    assert generation.passages[1999].text == "Le chat 499 du roi 3 voit la mer."


def test_passages_alike_are_encoded_once_and_found_again(tmp_path: Path) -> None:
    beasts = {"Les bêtes": ["Le chat dort près du roi.", "Le roi dort."]}
    again = replace(document("again", "fr", beasts), title=FRENCH.title)
    encoder = FakeEncoder()
    built = build_index([FRENCH, again], FolderStore(tmp_path), encoder, settings=SMALL)
    assert encoder.encoded.count("French › Les bêtes\nLe chat dort près du roi.") == 1
    assert (built.encoded, built.reused) == (4, 1)
    dense, late = built.generation.dense, built.generation.late
    pooled = dense.vectors(np.array([0, 3]))
    np.testing.assert_array_equal(pooled[0], pooled[1])
    np.testing.assert_array_equal(late.passage(0).codes, late.passage(3).codes)


def test_where_vectors_come_from() -> None:
    def digests(*numbers: int) -> np.typing.NDArray[np.uint64]:
        return np.array([(n // 2, n) for n in numbers], dtype=np.uint64)

    texts = digests(4, 7, 4, 9, 7, 6)  # 6 and 7 share their first half
    assert vector_sources(texts, None).tolist() == [0, 1, 0, 3, 1, 5]
    assert vector_sources(texts, digests(9, 8, 7)).tolist() == [0, -3, 0, -1, -3, 5]
    assert vector_sources(texts, digests(3)).tolist() == [0, 1, 0, 3, 1, 5]


def test_the_order_of_documents_is_no_change_and_their_metadata_is(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    build_index(many(3), store, FakeEncoder(), settings=SMALL)
    built = build_index(reversed(list(many(3))), store, FakeEncoder(), settings=SMALL)
    assert (built.published, built.changes) == (False, Changes((), (), (), ("d2", "d1", "d0")))


def test_rows_are_those_that_numpy_writes(tmp_path: Path) -> None:
    rows = np.arange(60, dtype=np.float16).reshape(10, 2, 3)
    with RowWriter(tmp_path / "mine.npy", np.float16, (2, 3)) as writer:
        for part in (rows[:1], rows[1:1], rows[1:]):
            writer.append(part)
        np.testing.assert_array_equal(writer.read(3, 5), rows[3:5])
        assert len(writer) == 10
    np.save(tmp_path / "its.npy", rows)
    assert (tmp_path / "mine.npy").read_bytes() == (tmp_path / "its.npy").read_bytes()
