"""Generations are written aside, swapped in whole, and opened only when whole."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from index.errors import CorruptIndex, IncompatibleIndex, IndexingError, MissingIndex
from index.manifest import SCHEMA, DocumentEntry, Manifest, Recipe, describe_files
from index.storage import Store, check_contents, check_sizes


def publish(store: Store, content: str) -> Path:
    with store.writing() as folder:
        (folder / "data").write_text(content)
        (folder / "encoder").mkdir()
        (folder / "encoder" / "model").write_text("weights")
        return store.publish(folder, manifest(folder))


def manifest(folder: Path) -> Manifest:
    recipe = Recipe("fake", "1", {"query": ""}, 5, {"budget": 10})
    files = describe_files(folder, ["data", "encoder/model"])
    return Manifest(recipe, (DocumentEntry("a", "0" * 64, 2),), 2, files)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "index")


def test_no_index_says_what_to_run(store: Store) -> None:
    assert not store.exists()
    with pytest.raises(MissingIndex, match="run `qa index`"):
        store.current()


def test_what_was_published_is_current(store: Store) -> None:
    folder = publish(store, "one")
    assert store.exists()
    assert store.current() == folder
    assert (folder / "data").read_text() == "one"
    assert Manifest.read(folder).generation == folder.name


def test_the_same_contents_are_the_same_generation(store: Store) -> None:
    assert publish(store, "one") == publish(store, "one")
    assert len(list((store.folder / "generations").iterdir())) == 1


def test_the_last_two_generations_are_kept(store: Store) -> None:
    folders = [publish(store, text) for text in ("one", "two", "three")]
    assert store.current() == folders[2]
    assert [f.is_dir() for f in folders] == [False, True, True]


def test_a_failed_build_changes_nothing(store: Store) -> None:
    before = publish(store, "one")
    with pytest.raises(ZeroDivisionError), store.writing() as folder:
        (folder / "data").write_text("half")
        raise ZeroDivisionError
    assert store.current() == before
    assert [f.name for f in (store.folder / "generations").iterdir()] == [before.name]


def test_leftovers_of_a_killed_build_are_removed(store: Store) -> None:
    leftover = store.folder / "generations" / ".tmp-killed"
    leftover.mkdir(parents=True)
    publish(store, "one")
    assert not leftover.exists()


def test_one_writer_at_a_time(store: Store) -> None:
    publish(store, "one")
    with (store.folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(IndexingError, match="another process"), store.writing():
            pytest.fail("must not be lent")
    publish(store, "two")  # released with its holder


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexingError, match="QA_INDEX"), Store(tmp_path / "file").writing():
        pytest.fail("must not be lent")


def test_a_damaged_generation_is_replaced_by_the_next_build(store: Store) -> None:
    folder = publish(store, "one")
    (folder / "data").write_text("0ne")
    assert publish(store, "one") == folder
    assert (folder / "data").read_text() == "one"


@pytest.mark.parametrize("pointer", ["", "../../etc", "0123456789abcdef", "é"])
def test_a_pointer_to_nothing_is_an_error(store: Store, pointer: str) -> None:
    publish(store, "one")
    (store.folder / "current").write_text(pointer, encoding="utf-8")
    with pytest.raises(CorruptIndex, match="current"):
        store.current()


def test_a_file_cut_short_or_missing_is_named(store: Store) -> None:
    folder = publish(store, "one")
    for damage in (lambda p: p.write_text("on"), Path.unlink):
        damage(folder / "data")
        with pytest.raises(CorruptIndex, match="data"):
            check_sizes(folder, Manifest.read(folder))


def test_a_flipped_bit_is_found_by_the_full_check(store: Store) -> None:
    folder = publish(store, "one")
    check_contents(folder, Manifest.read(folder))
    (folder / "encoder" / "model").write_text("weightr")
    check_sizes(folder, Manifest.read(folder))
    with pytest.raises(CorruptIndex, match="model"):
        check_contents(folder, Manifest.read(folder))


def test_another_schema_is_refused(store: Store) -> None:
    path = publish(store, "one") / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 99}))
    with pytest.raises(IncompatibleIndex, match=r"schema 99.*run `qa index`"):
        Manifest.read(path.parent)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", f'{{"schema": {SCHEMA}}}', f'{{"schema": {SCHEMA}, "recipe": 3}}']
)
def test_a_damaged_manifest_is_named(store: Store, content: str) -> None:
    path = publish(store, "one") / "manifest.json"
    path.write_text(content)
    with pytest.raises(CorruptIndex, match="manifest"):
        Manifest.read(path.parent)
