"""A full disk, a failing one or one that may not be written to: an error, and the old index."""

from __future__ import annotations

import builtins
import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from documents.chunking import ChunkSettings
from documents.types import Document
from index.build.pipeline import build_index
from index.build.removal import remove_documents
from index.checking import check_contents
from index.errors import CorruptIndex, IndexingError
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from tests.fakes import ENGLISH, FRENCH, FakeEncoder, document

SMALL = ChunkSettings(budget=12)
OLD, NEW = [FRENCH], [FRENCH, ENGLISH]


def build(store: FolderStore, documents: list[Document]) -> Generation:
    return build_index(documents, store, FakeEncoder(), settings=SMALL).generation


def sound(store: FolderStore) -> Generation:
    """Open the current generation as ``qa verify`` does."""
    return Generation.open(store.current(), check=check_contents)


class Faults:
    """Lets the system's calls fail from the n-th one on, each with the same error."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        """Stand between the code and the system, for files below a folder."""
        self.left, self.error = -1, errno.EIO
        self._folder = str(folder)
        for module, name in (
            (os, "fsync"), (os, "rename"), (os, "replace"), (os, "mkdir"), (os, "link"),
            (os, "chmod"), (shutil, "copyfile"), (np, "save"),
        ):  # fmt: skip
            monkeypatch.setattr(module, name, self._failing(getattr(module, name)))
        opened = self._failing(builtins.open)
        monkeypatch.setattr("io.open", lambda f, mode="r", *a, **k: (
            opened if "w" in mode and str(f).startswith(self._folder) else builtins.open
        )(f, mode, *a, **k))  # fmt: skip

    def start(self, after: int, error: int) -> None:
        """Let so many calls pass."""
        self.left, self.error = after, error

    def stop(self) -> bool:
        """Let all calls pass again; tell whether one failed."""
        failed, self.left = self.left == 0, -1
        return failed

    def _failing(self, call: Callable[..., Any]) -> Any:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            if self.left == 0:
                raise OSError(self.error, os.strerror(self.error))
            self.left -= self.left > 0
            return call(*arguments, **options)

        return wrapped


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "index")


@pytest.mark.parametrize(("error", "step"), [(errno.EIO, 1), (errno.ENOSPC, 7)])
def test_whichever_call_fails_the_index_is_the_old_or_the_new_one(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, error: int, step: int
) -> None:
    ids = [build(FolderStore(store.folder / "other"), documents).id for documents in (OLD, NEW)]
    build(store, OLD)
    faults = Faults(monkeypatch, store.folder)
    for after in range(0, 1000, step):
        faults.start(after, error)
        try:
            build(store, NEW)
        except IndexingError as refused:
            assert os.strerror(error) in str(refused)
            assert str(store.folder) in str(refused)
        failed = faults.stop()
        assert sound(store).id in ids
        if not failed:
            break
        build(store, OLD)
    assert after > 50
    assert sound(store).id == ids[1]


def test_removing_a_document_fails_alike(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(store, NEW)
    faults = Faults(monkeypatch, store.folder)
    faults.start(30, errno.ENOSPC)
    with pytest.raises(IndexingError, match="No space left on device"):
        remove_documents(store, {"french"})
    faults.stop()
    assert sound(store).id == before.id


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # what is mapped may stay


def test_a_disk_that_is_full_keeps_the_old_index(tiny_disk: Path) -> None:
    store = FolderStore(tiny_disk / "index")
    before = build(store, OLD)
    paragraphs = [f"Le chat numéro {n} voit la mer, le roi et le pain." for n in range(400)]
    large = document("large", "fr", {"Les chats": paragraphs})
    filler, failures = tiny_disk / "filler", 0
    for free in range(1, 250, 3):  # so that it is full at another file each time
        status = os.statvfs(tiny_disk)
        filler.write_bytes(bytes(max(0, status.f_bavail - free) * status.f_bsize))
        try:
            build(store, [*OLD, large])
        except IndexingError as error:
            failures += 1
            assert re.match(r"cannot write .*(/\.tmp-|/current).*free space", str(error))
            assert sound(store).id == before.id
            filler.unlink()
        else:
            break
    assert failures > 10
    assert sound(store).id != before.id


def test_a_disk_that_may_only_be_read_still_answers(tiny_disk: Path) -> None:
    store = FolderStore(tiny_disk / "index")
    before = build(store, OLD)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(IndexingError, match=r"lock \(Read-only file system\).*QA_INDEX"):
        build(store, NEW)
    assert sound(store).id == before.id
    subprocess.run(["mount", "-o", "remount,rw", str(tiny_disk)], check=True)
    assert build(store, NEW).id == store.current().name


LIMITED = """
import resource, signal, sys
from pathlib import Path
import faiss
import numpy as np
from index.arrays import RowWriter
from index.errors import IndexingError
from index.faults import writing_to
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
folder, vectors = Path(sys.argv[1]), np.ones((10_000, 8), np.float32)
flat = faiss.IndexFlatIP(8)
flat.add(vectors)
try:
    with RowWriter(folder / "rows.npy", np.float32, (8,)) as rows:
        rows.append(vectors)
except IndexingError as error:
    print(error)
for name, write in (
    ("dense.faiss", lambda path: faiss.write_index(flat, str(path))),
    ("late", lambda path: (path.mkdir(), np.save(path / "codes.npy", vectors))),
):
    try:
        with writing_to(folder / name):
            write(folder / name)
    except IndexingError as error:
        print(error)
"""


def test_what_faiss_and_numpy_cannot_write_is_named(tmp_path: Path) -> None:
    """They write for themselves; the system's own limit on a file's size makes them fail."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    rows_said, faiss_said, numpy_said = done.stdout.splitlines()
    assert rows_said.startswith(f"cannot write {tmp_path}/rows.npy (File too large): ")
    assert faiss_said.startswith(f"cannot write {tmp_path}/dense.faiss (File too large): ")
    assert numpy_said.startswith(f"cannot write {tmp_path}/late (not all of it could be written): ")


def test_a_file_that_cannot_be_read_is_named(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = store.current() if store.exists() else Path(build(store, OLD).encoder.parent)
    real = Path.open

    def failing(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "codes.npy":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(CorruptIndex, match=r"codes\.npy"):
        Generation.open(folder)
