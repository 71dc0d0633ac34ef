"""A build encodes what it must and nothing more, and what it writes is what was read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from documents.chunking import ChunkSettings
from index import checking
from index.build import Built, build_index
from index.changes import Changes
from index.checking import check_contents
from index.dense import dense_writer
from index.errors import CorruptIndex, IndexingError
from index.generation import Generation
from index.manifest import Manifest, Search, Width
from index.removal import remove_documents
from index.storage import Store
from tests.fakes import ENGLISH, FRENCH, FakeEncoder, document

SMALL = ChunkSettings(budget=12)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "index")


def build(store: Store, encoder: FakeEncoder, *documents: object) -> Built:
    return build_index(documents, store, encoder, settings=SMALL)  # type: ignore[arg-type]


def test_a_generation_holds_the_documents_and_exact_slices(
    store: Store, encoder: FakeEncoder
) -> None:
    generation = build(store, encoder, FRENCH, ENGLISH).generation
    assert generation.documents == {"french": FRENCH, "english": ENGLISH}
    assert [p.text for p in generation.passages] == [
        "Le chat dort près du roi.",
        "La mer est calme.",
        "Le pain du roi : « du pain ! »",
        "The cat sees the sea.",
        "No king has bread here.",
    ]
    for p in generation.passages:
        assert generation.documents[p.document_id].text[p.start : p.end] == p.text
    assert [p.section for p in generation.passages][2:4] == [("Le repas",), ("Animals",)]


def test_rows_of_vectors_are_rows_of_passages(store: Store, encoder: FakeEncoder) -> None:
    generation = build(store, encoder, FRENCH, ENGLISH).generation
    for row, passage in enumerate(generation.passages):
        expected = encoder.encode_passages([passage.text]).pooled[0]
        np.testing.assert_allclose(
            generation.dense.vectors(np.array([row]))[0], expected, atol=1e-7
        )


def test_the_manifest_tells_how_it_was_made(store: Store, encoder: FakeEncoder) -> None:
    generation = build(store, encoder, FRENCH, ENGLISH).generation
    manifest = generation.manifest
    assert manifest.recipe.model == "fake"
    assert manifest.recipe.chunking == {"budget": 12, "overlap": 0}
    assert (manifest.documents, manifest.passages) == (2, 5)
    assert manifest.search == Search(0.995, 10, (Width(0, 2), Width(1, 3)))
    assert [generation.rows_of(name) for name in generation.documents] == [range(3), range(3, 5)]
    assert "encoder/encoder.txt" in manifest.files
    check_contents(store.current(), manifest)


def test_what_did_not_change_is_not_encoded_again(store: Store) -> None:
    build(store, FakeEncoder(), FRENCH)
    second = FakeEncoder()
    built = build(store, second, FRENCH, ENGLISH)
    assert second.encoded == ["The cat sees the sea.", "No king has bread here."]
    assert (built.encoded, built.reused) == (2, 3)


def test_another_model_encodes_everything_again(store: Store) -> None:
    build(store, FakeEncoder(), FRENCH)
    other = FakeEncoder()
    other.revision = "2"
    assert build(store, other, FRENCH).encoded == 3


def test_the_same_documents_give_the_same_generation(store: Store) -> None:
    first = build(store, FakeEncoder(), FRENCH).generation.id
    assert build(store, FakeEncoder(), FRENCH).generation.id == first


def test_nothing_changed_publishes_nothing(store: Store) -> None:
    first = build(store, FakeEncoder(), FRENCH, ENGLISH)
    before = store.stamp()
    second = FakeEncoder()
    built = build(store, second, ENGLISH, FRENCH)  # the order is none of the contents
    assert (built.published, built.encoded, built.reused) == (False, 0, 5)
    assert built.generation.id == first.generation.id
    assert (second.encoded, store.stamp()) == ([], before)


def test_what_became_of_each_document_is_told(store: Store) -> None:
    assert build(store, FakeEncoder(), FRENCH).changes == Changes(("french",), (), (), ())
    other = document("other", "fr", {"Mer": ["La mer monte."]})
    build(store, FakeEncoder(), FRENCH, ENGLISH, other)
    retitled = replace(ENGLISH, title="Something else")
    built = build(store, FakeEncoder(), FRENCH, retitled)
    assert built.changes == Changes((), ("english",), ("other",), ("french",))
    assert (built.published, built.encoded) == (True, 0)
    assert built.generation.documents["english"].title == "Something else"


def test_another_chunking_is_another_generation(store: Store) -> None:
    build(store, FakeEncoder(), FRENCH)
    built = build_index([FRENCH], store, FakeEncoder(), settings=ChunkSettings(budget=13))
    assert built.published
    assert built.changes.unchanged == ("french",)


def test_damage_is_not_inherited(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    build(store, FakeEncoder(), FRENCH)
    build(store, FakeEncoder(), FRENCH, ENGLISH)
    codes = store.current() / "late" / "codes.npy"
    content = bytearray(codes.read_bytes())
    content[-1] ^= 1
    codes.write_bytes(content)
    monkeypatch.setattr(checking, "READ_AT_OPENING", 0)
    built = build(store, FakeEncoder(), FRENCH, ENGLISH)
    assert built.published
    assert built.encoded == 2  # those of the French document are in the generation before
    check_contents(store.current(), Manifest.read(store.current()))


def test_the_encoder_is_on_disk_once_or_copied(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def place() -> Path:
        return store.current() / "encoder" / "encoder.txt"

    build(store, FakeEncoder(), FRENCH)
    first = place().stat().st_ino
    build(store, FakeEncoder(), ENGLISH)
    assert place().stat().st_ino == first

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    build(store, FakeEncoder(), FRENCH, ENGLISH)
    assert place().stat().st_ino != first
    assert place().read_text() == "fake"


def test_documents_are_removed_without_an_encoder(store: Store) -> None:
    before = build(store, FakeEncoder(), FRENCH, ENGLISH).generation
    left = remove_documents(store, {"french"})
    assert list(left.documents) == ["english"]
    assert left.id == store.current().name
    assert left.id == build(Store(store.folder / "alone"), FakeEncoder(), ENGLISH).generation.id
    assert (
        before.dense.vectors(np.array([3])).tolist() == left.dense.vectors(np.array([0])).tolist()
    )
    with pytest.raises(IndexingError, match="nothing would be left"):
        remove_documents(store, {"english"})
    assert store.current().name == left.id


def test_a_damaged_index_is_built_anew(store: Store) -> None:
    folder = store.folder / "generations" / build(store, FakeEncoder(), FRENCH).generation.id
    (folder / "dense.faiss").write_bytes(b"")
    assert build(store, FakeEncoder(), FRENCH).encoded == 3
    check_contents(store.current(), Manifest.read(store.current()))


def test_nothing_to_index_is_an_error(store: Store, encoder: FakeEncoder) -> None:
    empty = document("empty", "fr", {"Rien": []})
    with pytest.raises(IndexingError, match="no passage"):
        build(store, encoder, empty)
    assert not store.exists()


def test_progress_counts_passages(store: Store, encoder: FakeEncoder) -> None:
    seen: list[tuple[int, int]] = []
    build_index([FRENCH], store, encoder, settings=SMALL, progress=lambda *step: seen.append(step))
    assert seen == [(3, 3)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("documents.jsonl", '{"id": "x"}\n'),
        ("documents.jsonl", "not json\n"),
        ("passages.jsonl", '{"document": "other", "start": 0, "end": 1}\n'),
        ("passages.jsonl", ""),
    ],
)
def test_damage_that_keeps_the_size_is_still_found(
    store: Store, encoder: FakeEncoder, name: str, content: str
) -> None:
    build(store, encoder, FRENCH)
    path = store.current() / name
    path.write_text(content.ljust(path.stat().st_size, "\n")[: path.stat().st_size])
    with pytest.raises(CorruptIndex):
        Generation.open(store.current())


def test_parts_of_different_length_do_not_open(store: Store, encoder: FakeEncoder) -> None:
    folder = store.folder / "generations" / build(store, encoder, FRENCH).generation.id
    path = folder / "dense.faiss"
    size = path.stat().st_size
    with dense_writer(path, 8) as writer:
        writer.append(np.eye(2, 8))
    content = path.read_bytes()
    path.write_bytes(content.ljust(size, b"\0")[:size])
    with pytest.raises(CorruptIndex):
        Generation.open(folder)
