"""Generations on disk: written aside, swapped in by one rename, opened, cleaned up.

A folder of generations looks like this::

    current                   the identifier of the generation that answers
    lock                      held by the one process that writes
    generations/<id>/         immutable: manifest.json and the files it lists
    generations/.tmp-*/       a build that did not finish; the next one removes it
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.errors import CorruptIndex, IndexingError, MissingIndex
from index.manifest import Manifest, describe_file

_IDENTIFIER = re.compile(r"[0-9a-f]{16}")


class Store:
    """The folder in which generations are kept."""

    def __init__(self, folder: Path) -> None:
        """Use this folder; nothing is read or written yet."""
        self.folder = folder
        self._generations = folder / "generations"
        self._pointer = folder / "current"

    def exists(self) -> bool:
        """Tell whether a generation was ever published here."""
        return self._pointer.is_file()

    def current(self) -> Path:
        """Return the folder of the generation that answers.

        Raises:
            MissingIndex: there is none.
            CorruptIndex: the folder names one that is not there.
        """
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise MissingIndex(f"no index in {self.folder}: run `qa index` to build one") from error
        except (OSError, ValueError) as error:
            raise CorruptIndex(f"{self._pointer} cannot be read: run `qa index` again") from error
        return self._existing(name)

    def _existing(self, name: str) -> Path:
        folder = self._generations / name
        if not _IDENTIFIER.fullmatch(name) or not folder.is_dir():
            raise CorruptIndex(
                f"{self._pointer} names a generation that is not there: run `qa index` again"
            )
        return folder

    @contextlib.contextmanager
    def writing(self) -> Iterator[Path]:
        """Lend an empty folder to build a generation in; nobody else writes meanwhile.

        Raises:
            IndexingError: another process is writing, or the folder cannot be written to.
        """
        with _reported(self.folder):
            self._generations.mkdir(parents=True, exist_ok=True)
            with _locked(self.folder / "lock"):
                self._remove_leftovers()
                with tempfile.TemporaryDirectory(
                    prefix=".tmp-", dir=self._generations, ignore_cleanup_errors=True
                ) as folder:
                    yield Path(folder)

    def publish(self, built: Path, manifest: Manifest, keep: int = 2) -> Path:
        """Swap in what was built; the ``keep`` newest generations stay.

        The order matters: all of the generation is on disk before the pointer names it.
        """
        manifest.write(built)
        _sync_tree(built)
        folder = self._generations / manifest.generation
        if not _is_whole(folder, manifest):
            self._move_in(built, folder)
        self._point_to(manifest.generation)
        self._remove_older_than(keep)
        return folder

    def _move_in(self, built: Path, folder: Path) -> None:
        if folder.exists():  # damaged: out of the way, for the next build to remove
            folder.rename(self._generations / f".tmp-damaged-{folder.name}-{os.getpid()}")
        built.chmod(0o755)
        built.rename(folder)
        _sync(self._generations)

    def _point_to(self, generation: str) -> None:
        aside = self._pointer.with_suffix(".new")
        aside.write_text(generation + "\n", encoding="ascii")
        _sync(aside)
        aside.replace(self._pointer)
        _sync(self.folder)

    def _remove_leftovers(self) -> None:
        for leftover in self._generations.glob(".tmp-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _remove_older_than(self, keep: int) -> None:
        current = self.current()
        others = [f for f in self._generations.iterdir() if f != current and f.name[0] != "."]
        others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in others[keep - 1 :]:
            shutil.rmtree(folder, ignore_errors=True)


def check_sizes(folder: Path, manifest: Manifest) -> None:
    """Check cheaply that every file is there and whole.

    Raises:
        CorruptIndex: a file is missing or has another size; it is named.
    """
    for name, entry in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != entry.size:
            raise CorruptIndex(f"{path} is missing or cut short: run `qa index` again")


def check_contents(folder: Path, manifest: Manifest) -> None:
    """Check every byte of every file.

    Raises:
        CorruptIndex: a file does not have its checksum; it is named.
    """
    check_sizes(folder, manifest)
    for name, entry in manifest.files.items():
        if describe_file(folder / name) != entry:
            raise CorruptIndex(f"{folder / name} is damaged: run `qa index` again")


def _is_whole(folder: Path, manifest: Manifest) -> bool:
    try:
        check_contents(folder, manifest)
    except CorruptIndex:
        return False
    return True


@contextlib.contextmanager
def _reported(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IndexingError(
            f"cannot write the index in {folder} ({error.strerror or error}): "
            "check its permissions and free space, or set QA_INDEX to another folder"
        ) from error


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    # flock, not a file's existence: the lock of a dead process is released by the system.
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexingError(
                f"another process is writing the index in {path.parent}: wait until it has ended"
            ) from error
        yield


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
