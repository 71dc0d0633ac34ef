"""Copies a generation from one folder to another; nothing is encoded again."""

from __future__ import annotations

import shutil
from pathlib import Path

from index.checking import check_contents
from index.errors import MissingIndex
from index.faults import reported
from index.generations.folder import FolderStore
from index.manifest import NAME, Manifest


def find_generation(path: Path) -> Path:
    """Return the folder of a generation: the path itself, or the current one of an index there.

    Raises:
        MissingIndex: there is neither.
        CorruptIndex: the index names a generation that is not there.
    """
    if (path / NAME).is_file():
        return path
    store = FolderStore(path)
    if not store.exists():
        raise MissingIndex(f"{path} holds no index: name a folder that `qa export` has written")
    return store.current()


def copy_generation(folder: Path, store: FolderStore) -> Path:
    """Make a copy of a generation the current one of another folder; return where it is.

    Raises:
        CorruptIndex: it is damaged.
        IncompatibleIndex: another version of Passerelle wrote it.
        IndexingError: the folder cannot be written to, or another process is writing there.
    """
    manifest = Manifest.read(folder)
    check_contents(folder, manifest)
    with store.writing() as aside:
        target = aside / folder.name
        with reported(target):
            shutil.copytree(folder, target)
        return store.publish(target, manifest)
