"""Generations are written aside, swapped in whole, and opened only when whole."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index import checking
from index.checking import check_contents, check_quickly, check_sizes, damaged_files
from index.errors import CorruptIndex, IncompatibleIndex, IndexingError, MissingIndex
from index.generations.folder import FolderStore
from index.manifest import SCHEMA, Manifest, Recipe, Search, Width, describe_files

ROOT = Path(__file__).parents[3]


def publish(store: FolderStore, content: str) -> Path:
    with store.writing() as folder:
        (folder / "data").write_text(content)
        (folder / "encoder").mkdir()
        (folder / "encoder" / "model").write_text("weights")
        return store.publish(folder, manifest(folder))


def manifest(folder: Path) -> Manifest:
    recipe = Recipe("fake", "1", {"query": ""}, 5, {"budget": 10})
    files = describe_files(folder, ["data", "encoder/model"])
    return Manifest(recipe, Search(0.99, 10, (Width(0, 2),)), 1, 2, files)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "index")


def test_no_index_says_what_to_run(store: FolderStore) -> None:
    assert not store.exists()
    with pytest.raises(MissingIndex, match="run `qa index`"):
        store.current()


def test_what_was_published_is_current(store: FolderStore) -> None:
    folder = publish(store, "one")
    assert store.exists()
    assert store.current() == folder
    assert (folder / "data").read_text() == "one"
    assert Manifest.read(folder).generation == folder.name


def test_the_same_contents_are_the_same_generation(store: FolderStore) -> None:
    assert publish(store, "one") == publish(store, "one")
    assert len(list((store.folder / "generations").iterdir())) == 1


def test_the_last_two_generations_are_kept(store: FolderStore) -> None:
    folders = [publish(store, text) for text in ("one", "two", "three")]
    assert store.current() == folders[2]
    assert [f.is_dir() for f in folders] == [False, True, True]


def test_as_many_generations_are_kept_as_are_asked_for(store: FolderStore) -> None:
    many, one = FolderStore(store.folder, keep=3), FolderStore(store.folder, keep=1)
    folders = [publish(many, text) for text in ("one", "two", "three")]
    assert many.generations() == folders[::-1]
    last = publish(one, "four")
    assert one.generations() == [last]
    assert [f.is_dir() for f in folders] == [False, False, False]


def test_going_back_changes_which_generation_answers(store: FolderStore) -> None:
    one, two = publish(store, "one"), publish(store, "two")
    assert (store.go_back(), store.current()) == (one.name, one)
    # The one that was current before.
    assert (store.go_back(), store.current()) == (two.name, two)
    assert (store.go_back(one.name), store.current()) == (one.name, one)
    assert store.generations() == [one, two]


def test_going_back_to_what_is_not_kept_is_an_error(store: FolderStore) -> None:
    one = publish(store, "one")
    with pytest.raises(IndexingError, match="no earlier generation than the current"):
        store.go_back()
    two = publish(store, "two")
    for name in ("0" * 16, two.name, "../x"):
        with pytest.raises(IndexingError, match=f"{re.escape(name)}: there are {one.name}"):
            store.go_back(name)
    assert store.current() == two


def test_one_does_not_go_back_to_what_is_damaged(store: FolderStore) -> None:
    one, two = publish(store, "one"), publish(store, "two")
    (one / "data").write_text("0ne")
    with pytest.raises(CorruptIndex, match="data"):
        store.go_back()
    assert store.current() == two


def test_a_generation_that_was_never_swapped_in_is_removed(store: FolderStore) -> None:
    one = publish(store, "one")
    shutil.copytree(one, one.with_name("0" * 16))
    assert store.generations() == [one]
    publish(store, "two")
    assert not one.with_name("0" * 16).exists()


def test_without_its_pointer_the_newest_generation_comes_first(store: FolderStore) -> None:
    one, two = publish(store, "one"), publish(store, "two")
    os.utime(one, ns=(0, 0))
    (store.folder / "current").unlink()
    assert store.exists()
    with pytest.raises(CorruptIndex, match="current"):
        store.current()
    assert store.generations() == [two, one]


def test_the_stamp_changes_with_the_current_generation(store: FolderStore) -> None:
    stamps = [store.stamp()]
    for text in ("one", "two", "one"):
        publish(store, text)
        stamps.append(store.stamp())
    assert stamps[0] is None
    assert len(set(stamps)) == 4
    assert FolderStore(store.folder).stamp() == stamps[-1]


def test_what_is_not_on_disk_as_it_was_written_is_not_swapped_in(store: FolderStore) -> None:
    one = publish(store, "one")
    with store.writing() as folder:
        (folder / "data").write_text("two")
        (folder / "encoder").mkdir()
        (folder / "encoder" / "model").write_text("weights")
        described = manifest(folder)
        (folder / "data").write_text("tw0")
        with pytest.raises(CorruptIndex, match="data"):
            store.publish(folder, described)
    assert store.current() == one


def test_a_failed_build_changes_nothing(store: FolderStore) -> None:
    before = publish(store, "one")
    with pytest.raises(ZeroDivisionError), store.writing() as folder:
        (folder / "data").write_text("half")
        raise ZeroDivisionError
    assert store.current() == before
    assert [f.name for f in (store.folder / "generations").iterdir()] == [before.name]


def test_leftovers_of_a_killed_build_are_removed(store: FolderStore) -> None:
    leftover = store.folder / "generations" / ".tmp-killed"
    leftover.mkdir(parents=True)
    publish(store, "one")
    assert not leftover.exists()


def test_one_writer_at_a_time(store: FolderStore) -> None:
    publish(store, "one")
    with (store.folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(IndexingError, match="another process"), store.writing():
            pytest.fail("must not be lent")
    publish(store, "two")  # released with its holder


def test_the_lock_of_a_killed_writer_is_released(store: FolderStore) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from index.generations.folder import FolderStore\n"
        "with FolderStore(Path(sys.argv[1])).writing(): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(store.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        with pytest.raises(IndexingError, match="another process"), store.writing():
            pytest.fail("must not be lent")
        writer.kill()
    publish(store, "one")
    assert [f.name for f in (store.folder / "generations").iterdir()] == [store.current().name]


def test_readers_do_not_wait_for_the_writer(store: FolderStore) -> None:
    folder = publish(store, "one")
    with store.writing():
        assert FolderStore(store.folder).current() == folder


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexingError, match="QA_INDEX"), FolderStore(tmp_path / "file").writing():
        pytest.fail("must not be lent")


def test_a_damaged_generation_is_replaced_by_the_next_build(store: FolderStore) -> None:
    folder = publish(store, "one")
    (folder / "data").write_text("0ne")
    assert publish(store, "one") == folder
    assert (folder / "data").read_text() == "one"


@pytest.mark.parametrize("pointer", ["", "../../etc", "0123456789abcdef", "é"])
def test_a_pointer_to_nothing_is_an_error(store: FolderStore, pointer: str) -> None:
    publish(store, "one")
    (store.folder / "current").write_text(pointer, encoding="utf-8")
    with pytest.raises(CorruptIndex, match="current"):
        store.current()


def test_a_file_cut_short_or_missing_is_named(store: FolderStore) -> None:
    folder = publish(store, "one")
    for damage in (lambda p: p.write_text("on"), Path.unlink):
        damage(folder / "data")
        with pytest.raises(CorruptIndex, match="data"):
            check_sizes(folder, Manifest.read(folder))


def test_a_flipped_bit_is_found_by_the_full_check(store: FolderStore) -> None:
    folder = publish(store, "one")
    check_contents(folder, Manifest.read(folder))
    (folder / "encoder" / "model").write_text("weightr")
    check_sizes(folder, Manifest.read(folder))
    with pytest.raises(CorruptIndex, match="model"):
        check_contents(folder, Manifest.read(folder))


def test_every_damaged_file_is_listed(store: FolderStore) -> None:
    folder = publish(store, "one")
    described = Manifest.read(folder)
    assert list(damaged_files(folder, described)) == []
    (folder / "encoder" / "model").write_text("weightr")
    (folder / "data").unlink()
    assert list(damaged_files(folder, described)) == [folder / "data", folder / "encoder/model"]


def test_of_large_files_only_the_size_is_checked_at_opening(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publish(store, "one")
    described = Manifest.read(folder)
    (folder / "encoder" / "model").write_text("weightr")
    with pytest.raises(CorruptIndex, match="model"):
        check_quickly(folder, described)
    monkeypatch.setattr(checking, "READ_AT_OPENING", 9)
    check_quickly(folder, described)
    (folder / "data").write_text("0ne")
    with pytest.raises(CorruptIndex, match="data"):
        check_quickly(folder, described)


def test_a_flipped_bit_in_the_manifest_is_found(store: FolderStore) -> None:
    path = publish(store, "one") / "manifest.json"
    content = path.read_text()
    path.write_text(content.replace('"passages": 2', '"passages": 3'))
    with pytest.raises(CorruptIndex, match=r"manifest\.json is damaged"):
        Manifest.read(path.parent)


def rewritten(folder: Path, content: str) -> Path:
    """Another generation, whose manifest has this content."""
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    other = folder.with_name(digest)
    shutil.copytree(folder, other)
    (other / "manifest.json").write_text(content)
    return other


def test_another_schema_is_refused(store: FolderStore) -> None:
    folder = publish(store, "one")
    fields = json.loads((folder / "manifest.json").read_text())
    with pytest.raises(IncompatibleIndex, match=r"schema 99.*run `qa index`"):
        Manifest.read(rewritten(folder, json.dumps({**fields, "schema": 99})))


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", f'{{"schema": {SCHEMA}}}', f'{{"schema": {SCHEMA}, "recipe": 3}}']
)
def test_a_damaged_manifest_is_named(store: FolderStore, content: str) -> None:
    folder = publish(store, "one")
    with pytest.raises(CorruptIndex, match="manifest"):
        Manifest.read(rewritten(folder, content))
    (folder / "manifest.json").write_text(content)
    with pytest.raises(CorruptIndex, match="manifest"):
        Manifest.read(folder)
