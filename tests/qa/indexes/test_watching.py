"""Each change of what is followed is indexed: one build at a time, and again if it fails."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from documents.types import Source
from index.build.pipeline import build_index
from index.errors import IndexingError, MissingBuildDependency
from index.generations.folder import FolderStore
from qa.indexes import watching
from qa.indexes.progress import Job
from qa.indexes.watching import Follower, Places, followed, require_library
from qa.settings import Settings
from tests.fakes import FRENCH, FakeEncoder

LONG = 60
"""How long a busy machine may take for what should be done at once, in seconds."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an index that follows a folder and a file."""
    for name, value in (("DEBOUNCE", 0.05), ("LOOK", 0.05), ("FIRST_PAUSE", 0.05)):
        monkeypatch.setattr(watching, name, value)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "a.md").write_text("Le chat dort.", "utf-8")
    follow(tmp_path, "docs", "a.md")
    return Settings(tmp_path / "index", tmp_path)


def follow(folder: Path, *names: str) -> None:
    sources = tuple(Source(str(folder / name)) for name in names)
    build_index([FRENCH], FolderStore(folder / "index"), FakeEncoder(), sources=sources)


@contextmanager
def following(settings: Settings, build: Callable[[], object]) -> Iterator[queue.Queue[int]]:
    """Follow until the end; tell each build, with how many builds run at that time."""
    built: queue.Queue[int] = queue.Queue()
    running, going = threading.Semaphore(0), [True]

    def counted(*_: object) -> None:
        running.release()
        try:
            build()
        finally:
            built.put(running._value)
            running.acquire()

    follower = Follower(Job(), settings, lambda: going[0], counted)
    thread = threading.Thread(target=follower.run)
    thread.start()
    try:
        yield built
    finally:
        going[0] = False
        thread.join()


def test_what_changes_is_indexed_one_build_at_a_time(settings: Settings, tmp_path: Path) -> None:
    with following(settings, lambda: None) as built:
        assert built.get(timeout=LONG) == 1  # what changed before
        for name in ("docs/new.md", "docs/sub/x.txt", "a.md", "docs/new.md"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("La mer est calme.", "utf-8")
            assert built.get(timeout=LONG) == 1
            while not built.empty():  # one change may come as several
                built.get()
        (tmp_path / "docs/new.md").unlink()
        assert built.get(timeout=LONG) == 1


def test_a_build_that_fails_is_said_and_tried_again(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    failures = [IndexingError("another process is writing"), IndexingError("the disk is full")]

    def build() -> None:
        if failures:
            raise failures.pop(0)

    with following(settings, build) as built:
        for _ in range(3):
            built.get(timeout=LONG)
    err = capsys.readouterr().err
    assert "another process is writing; trying again in 0 s, or at the next change" in err
    assert "the disk is full" in err


def test_another_source_is_followed_as_soon_as_the_index_does(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "later").mkdir()
    with following(settings, lambda: None) as built:
        built.get(timeout=LONG)
        follow(tmp_path, "docs", "a.md", "later")
        built.get(timeout=LONG)
        while not built.empty():
            built.get()
        (tmp_path / "later/new.md").write_text("La mer est calme.", "utf-8")
        assert built.get(timeout=LONG) == 1


def test_a_folder_that_is_replaced_is_followed_still(settings: Settings, tmp_path: Path) -> None:
    with following(settings, lambda: None) as built:
        built.get(timeout=LONG)
        (tmp_path / "docs").rename(tmp_path / "old")
        (tmp_path / "docs").mkdir()
        built.get(timeout=LONG)
        while not built.empty():
            built.get()
        (tmp_path / "docs/new.md").write_text("La mer est calme.", "utf-8")
        assert built.get(timeout=LONG) == 1


def test_where_the_system_does_not_tell_the_files_are_looked_at(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    watch, looked = watchfiles.watch, threading.Event()

    def limited(*folders: Path, force_polling: bool | None, **options: Any) -> object:
        if not force_polling:
            raise OSError("OS file watch limit reached")
        looked.set()
        return watch(*folders, **options)

    monkeypatch.setattr(watchfiles, "watch", limited)
    with following(settings, lambda: None) as built:
        built.get(timeout=LONG)
        assert looked.wait(LONG)
        (tmp_path / "docs/new.md").write_text("La mer est calme.", "utf-8")
        built.get(timeout=LONG)
    assert "OS file watch limit reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("docs/a.md", True),
        ("docs/sub/a.PDF", True),
        ("docs/sub", True),
        ("docs/a.log", False),
        ("docs/.a.md.swp", False),
        ("docs/.git/a.md", False),
        ("docs/index/generations/x/documents.md", False),
        ("a.md", True),
        ("b.md", False),
        ("missing", True),
        ("index", False),
    ],
)
def test_only_what_may_be_followed_counts(tmp_path: Path, changed: str, expected: bool) -> None:
    (tmp_path / "docs").mkdir()
    sources = [Source(str(tmp_path / name)) for name in ("docs", "a.md", "missing")]
    places = Places.of(sources, tmp_path / "docs" / "index")
    assert places.count(None, str(tmp_path / changed)) == expected
    assert places.parents == (tmp_path,)
    assert places.sources == 3


def test_nothing_is_followed_where_there_is_no_index(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "index", tmp_path)
    assert followed(settings) == ()
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "current").write_text("?")
    assert followed(settings) is None
    with pytest.raises(IndexingError, match="follows no file or folder"):
        watching.watch(Job(), Settings(tmp_path / "none", tmp_path))


def test_the_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(MissingBuildDependency, match=r"passerelle-qa\[watch\]"):
        require_library()
