"""A build encodes what it must and nothing more, and what it writes is what was read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from documents.chunking import ChunkSettings
from documents.notices import Notice, NoticeKind
from documents.types import Document
from index import checking
from index.build.changes import Changes
from index.build.pipeline import Built, build_index
from index.build.removal import remove_documents
from index.build.stage import text_in_context
from index.checking import check_contents
from index.dense.exact import dense_writer
from index.errors import CorruptIndex, IndexingError
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.manifest import Manifest, Search, Width
from tests.fakes import ENGLISH, FRENCH, FakeEncoder, document

SMALL = ChunkSettings(budget=12)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "index")


def build(store: FolderStore, encoder: FakeEncoder, *documents: object) -> Built:
    return build_index(documents, store, encoder, settings=SMALL)  # type: ignore[arg-type]


def test_a_generation_holds_the_documents_and_exact_slices(
    store: FolderStore, encoder: FakeEncoder
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


def test_rows_of_vectors_are_rows_of_passages(store: FolderStore, encoder: FakeEncoder) -> None:
    generation = build(store, encoder, FRENCH, ENGLISH).generation
    for row, passage in enumerate(generation.passages):
        expected = encoder.encode_passages([text_in_context(passage)]).pooled[0]
        np.testing.assert_allclose(
            generation.dense.vectors(np.array([row]))[0], expected, atol=1e-7
        )


def test_the_manifest_tells_how_it_was_made(store: FolderStore, encoder: FakeEncoder) -> None:
    generation = build(store, encoder, FRENCH, ENGLISH).generation
    manifest = generation.manifest
    assert manifest.recipe.model == "fake"
    assert manifest.recipe.chunking == {"budget": 12, "overlap": 0}
    assert (manifest.documents, manifest.passages) == (2, 5)
    assert manifest.search == Search(0.995, 10, (Width(0, 2), Width(1, 3)))
    assert [generation.rows_of(name) for name in generation.documents] == [range(3), range(3, 5)]
    assert "encoder/encoder.txt" in manifest.files
    check_contents(store.current(), manifest)


def test_what_did_not_change_is_not_encoded_again(store: FolderStore) -> None:
    build(store, FakeEncoder(), FRENCH)
    second = FakeEncoder()
    built = build(store, second, FRENCH, ENGLISH)
    assert sorted(second.encoded) == [
        "Animals",
        "English",
        "English › Animals\nNo king has bread here.",
        "English › Animals\nThe cat sees the sea.",
    ]
    assert (built.encoded, built.reused) == (2, 3)


def test_a_changed_heading_encodes_its_section_and_a_moved_file_nothing(store: FolderStore) -> None:
    build(store, FakeEncoder(), FRENCH)
    meal = FRENCH.sections[1]
    renamed = replace(FRENCH, sections=(FRENCH.sections[0], replace(meal, path=("Le dîner",))))
    second = FakeEncoder()
    assert build(store, second, renamed).encoded == 1
    assert sorted(second.encoded) == [
        "French › Le dîner\nLe pain du roi : « du pain ! »",
        "Le dîner",
    ]
    third = FakeEncoder()
    assert build(store, third, replace(renamed, id="elsewhere")).encoded == 0
    assert third.encoded == []


def test_a_text_that_stands_above_many_passages_is_kept_once(store: FolderStore) -> None:
    generation = build(store, FakeEncoder(), FRENCH, replace(FRENCH, id="copy")).generation
    assert [above.text for above in generation.above] == ["French", "Les bêtes", "Le repas"]
    above, counts = generation.late.contexts.rows_above(np.arange(6))
    assert (above - 6).tolist() == [0, 1, 0, 1, 0, 2] * 2
    assert counts.tolist() == [2] * 6


def test_another_model_encodes_everything_again(store: FolderStore) -> None:
    build(store, FakeEncoder(), FRENCH)
    other = FakeEncoder()
    other.revision = "2"
    assert build(store, other, FRENCH).encoded == 3


def test_the_same_documents_give_the_same_generation(store: FolderStore) -> None:
    first = build(store, FakeEncoder(), FRENCH).generation.id
    assert build(store, FakeEncoder(), FRENCH).generation.id == first


def test_nothing_changed_publishes_nothing(store: FolderStore) -> None:
    first = build(store, FakeEncoder(), FRENCH, ENGLISH)
    before = store.stamp()
    second = FakeEncoder()
    built = build(store, second, ENGLISH, FRENCH)  # the order is none of the contents
    assert (built.published, built.encoded, built.reused) == (False, 0, 5)
    assert built.generation.id == first.generation.id
    assert (second.encoded, store.stamp()) == ([], before)


def test_what_became_of_each_document_is_told(store: FolderStore) -> None:
    assert build(store, FakeEncoder(), FRENCH).changes == Changes(("french",), (), (), ())
    other = document("other", "fr", {"Mer": ["La mer monte."]})
    build(store, FakeEncoder(), FRENCH, ENGLISH, other)
    retitled = replace(ENGLISH, title="Something else")
    built = build(store, FakeEncoder(), FRENCH, retitled)
    assert built.changes == Changes((), ("english",), ("other",), ("french",))
    assert (built.published, built.encoded) == (True, 2)  # the title is read with each passage
    assert built.generation.documents["english"].title == "Something else"


def test_another_notice_is_a_change_that_encodes_nothing(store: FolderStore) -> None:
    build(store, FakeEncoder(), FRENCH, ENGLISH)
    noted = replace(ENGLISH, notices=(Notice(NoticeKind.PAGES_WITHOUT_TEXT, "2"),))
    for changed in ((), ("english",)):
        built = build(store, FakeEncoder(), FRENCH, noted if changed else ENGLISH)
        assert (built.published, built.encoded) == (bool(changed), 0)
        assert built.changes.changed == changed
    assert built.generation.documents["english"] == noted


def test_another_chunking_is_another_generation(store: FolderStore) -> None:
    build(store, FakeEncoder(), FRENCH)
    built = build_index([FRENCH], store, FakeEncoder(), settings=ChunkSettings(budget=13))
    assert built.published
    assert built.changes.unchanged == ("french",)


def test_damage_is_not_inherited(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
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
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
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


def test_documents_are_removed_without_an_encoder(store: FolderStore) -> None:
    before = build(store, FakeEncoder(), FRENCH, ENGLISH).generation
    left = remove_documents(store, {"french"})
    assert list(left.documents) == ["english"]
    assert left.id == store.current().name
    assert (
        left.id == build(FolderStore(store.folder / "alone"), FakeEncoder(), ENGLISH).generation.id
    )
    assert (
        before.dense.vectors(np.array([3])).tolist() == left.dense.vectors(np.array([0])).tolist()
    )
    with pytest.raises(IndexingError, match="nothing would be left"):
        remove_documents(store, {"english"})
    assert store.current().name == left.id


def test_a_damaged_index_is_built_anew(store: FolderStore) -> None:
    folder = store.folder / "generations" / build(store, FakeEncoder(), FRENCH).generation.id
    (folder / "dense.faiss").write_bytes(b"")
    assert build(store, FakeEncoder(), FRENCH).encoded == 3
    check_contents(store.current(), Manifest.read(store.current()))


def test_nothing_to_index_is_an_error(store: FolderStore, encoder: FakeEncoder) -> None:
    empty = document("empty", "fr", {"Rien": []})
    with pytest.raises(IndexingError, match="no passage"):
        build(store, encoder, empty)
    assert not store.exists()


def test_progress_counts_passages(store: FolderStore, encoder: FakeEncoder) -> None:
    seen: list[tuple[int, int]] = []
    build_index([FRENCH], store, encoder, settings=SMALL, progress=lambda *step: seen.append(step))
    assert seen == [(6, 6)]  # its title and two headings are encoded alone, too


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
    store: FolderStore, encoder: FakeEncoder, name: str, content: str
) -> None:
    build(store, encoder, FRENCH)
    path = store.current() / name
    path.write_text(content.ljust(path.stat().st_size, "\n")[: path.stat().st_size])
    with pytest.raises(CorruptIndex):
        Generation.open(store.current())


def test_parts_of_different_length_do_not_open(store: FolderStore, encoder: FakeEncoder) -> None:
    folder = store.folder / "generations" / build(store, encoder, FRENCH).generation.id
    path = folder / "dense.faiss"
    size = path.stat().st_size
    with dense_writer(path, 8) as writer:
        writer.append(np.eye(2, 8))
    content = path.read_bytes()
    path.write_bytes(content.ljust(size, b"\0")[:size])
    with pytest.raises(CorruptIndex):
        Generation.open(folder)


def modified(held: Document, day: str, **more: tuple[str, ...]) -> Document:
    return replace(held, properties=tuple(sorted({"modified": (day,), **more}.items())))


def test_a_file_that_was_only_touched_has_not_changed(
    store: FolderStore, encoder: FakeEncoder
) -> None:
    first = build(store, encoder, modified(FRENCH, "2025-01-01"), ENGLISH)
    touched = build(store, encoder, modified(FRENCH, "2025-06-01"), ENGLISH)
    assert not touched.published
    assert touched.generation.id == first.generation.id
    beside = build(store, encoder, modified(FRENCH, "2025-07-01"))
    assert dict(beside.generation.documents["french"].properties)["modified"] == ("2025-01-01",)


def test_a_property_that_changes_is_a_change_and_encodes_nothing(
    store: FolderStore, encoder: FakeEncoder
) -> None:
    build(store, encoder, modified(FRENCH, "2025-01-01"))
    tagged = build(store, encoder, modified(FRENCH, "2025-06-01", tag=("rh",)))
    assert (tagged.changes.changed, tagged.encoded) == (("french",), 0)
    held = dict(tagged.generation.documents["french"].properties)
    assert held == {"modified": ("2025-06-01",), "tag": ("rh",)}
    [entry] = tagged.generation.catalogue.entries
    assert entry.properties == tagged.generation.documents["french"].properties


def test_a_damaged_catalogue_is_said_when_a_filter_needs_it(
    store: FolderStore, encoder: FakeEncoder
) -> None:
    build(store, encoder, FRENCH, ENGLISH)
    path = store.current() / "catalogue.jsonl"
    whole = path.read_bytes()
    for content in (whole[:-9], whole.splitlines(keepends=True)[0], whole + whole):
        path.write_bytes(content)
        held = Generation.open(store.current(), check=lambda *_: None)
        with pytest.raises(CorruptIndex, match=r"catalogue.jsonl cannot be read"):
            held.catalogue.values("tag")
