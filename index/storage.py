"""Generations on disk: written aside, checked, swapped in by one rename, cleaned up.

A folder of generations looks like this::

    current                   identifiers: of the generation that answers, then of those before it
    lock                      held by the one process that writes
    generations/<id>/         immutable: manifest.json and the files it lists
    generations/.tmp-*/       a build that did not finish; the next one removes it

The identifier is the digest of the manifest, which has the digests of all other files.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.checking import check_contents
from index.errors import CorruptIndex, IndexingError, MissingIndex
from index.faults import reported
from index.manifest import Manifest

KEEP = 2
_IDENTIFIER = re.compile(r"[0-9a-f]{16}")


class Store:
    """The folder in which generations are kept."""

    def __init__(self, folder: Path, keep: int = KEEP) -> None:
        """Use this folder, and keep so many generations; nothing is read or written yet."""
        self.folder = folder
        self._keep = keep
        self._generations = folder / "generations"
        self._pointer = folder / "current"
        self._alone = False

    def exists(self) -> bool:
        """Tell whether a generation was ever published here."""
        return self._pointer.is_file() or bool(self._on_disk())

    def current(self) -> Path:
        """Return the folder of the generation that answers.

        Raises:
            MissingIndex: there is none.
            CorruptIndex: the folder names one that is not there.
        """
        if not self.exists():
            raise MissingIndex(f"no index in {self.folder}: run `qa index` to build one")
        try:
            first = self._pointer.read_text(encoding="ascii").partition("\n")[0]
        except (OSError, ValueError) as error:
            raise CorruptIndex(f"{self._pointer} cannot be read: run `qa index` again") from error
        if not self._holds(first):
            raise CorruptIndex(
                f"{self._pointer} names a generation that is not there: run `qa index` again"
            )
        return self._generations / first

    def generations(self) -> list[Path]:
        """Return the folders that are kept, the one that was current last first.

        Where the pointer is lost, those that are there, the newest first.
        """
        listed = [self._generations / name for name in self._listed() if self._holds(name)]
        return listed or sorted(self._on_disk(), key=lambda f: f.stat().st_mtime_ns, reverse=True)

    def is_current(self, generation: str) -> bool:
        """Tell whether the generation with this identifier is the one that answers."""
        return self._listed()[:1] == [generation]

    def stamp(self) -> tuple[int, int] | None:
        """Return what changes whenever another generation becomes current; cheaply."""
        try:
            status = self._pointer.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other writers out, and clean up after those that died; may be entered again.

        Raises:
            IndexingError: another process is writing, or the folder cannot be written to.
        """
        if self._alone:
            yield
            return
        with contextlib.ExitStack() as stack:
            with reported(self.folder):
                self._generations.mkdir(parents=True, exist_ok=True)
                stack.enter_context(_locked(self.folder / "lock"))
                self._clean()
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[Path]:
        """Lend an empty folder to build a generation in; nobody else writes meanwhile.

        Raises:
            IndexingError: another process is writing, or the folder cannot be written to.
        """
        with (
            self.alone(),
            reported(self.folder),
            tempfile.TemporaryDirectory(
                prefix=".tmp-", dir=self._generations, ignore_cleanup_errors=True
            ) as folder,
        ):
            yield Path(folder)

    def publish(self, built: Path, manifest: Manifest) -> Path:
        """Swap in what was built, and return where it is.

        The order matters: all of the generation is on disk, and found to be what was meant,
        before the pointer names it.

        Raises:
            CorruptIndex: what is on disk is not what was written.
        """
        manifest.write(built)
        _sync_tree(built)
        folder = self._generations / manifest.generation
        if not _is_sound(folder):
            self._move_in(built, folder)
            check_contents(folder, Manifest.read(folder))
        self._point_to(folder)
        return folder

    def go_back(self, generation: str | None = None) -> Path:
        """Make a generation current that is kept, and return where it is.

        Args:
            generation: its identifier; by default the one that was current before.

        Raises:
            IndexingError: it is not kept.
            CorruptIndex: it is damaged.
        """
        with self.alone(), reported(self.folder):
            folder = self._kept(generation)
            check_contents(folder, Manifest.read(folder))
            self._point_to(folder)
        return folder

    def _kept(self, generation: str | None) -> Path:
        kept = [f for f in self.generations() if not self.is_current(f.name)]
        wanted = [f for f in kept if generation in (None, f.name)]
        if not wanted:
            names = ", ".join(f.name for f in kept) or "none"
            which = generation or "than the current one"
            raise IndexingError(
                f"{self.folder} keeps no earlier generation {which}: there are {names}"
            )
        return wanted[0]

    def _listed(self) -> list[str]:
        try:
            return self._pointer.read_text(encoding="ascii").splitlines()
        except (OSError, ValueError):
            return []

    def _holds(self, name: str) -> bool:
        return bool(_IDENTIFIER.fullmatch(name)) and (self._generations / name).is_dir()

    def _on_disk(self) -> list[Path]:
        try:
            return [f for f in self._generations.iterdir() if _IDENTIFIER.fullmatch(f.name)]
        except OSError:
            return []

    def _move_in(self, built: Path, folder: Path) -> None:
        if folder.exists():
            self._discard([folder])
        built.chmod(0o755)
        built.rename(folder)
        _sync(self._generations)

    def _point_to(self, folder: Path) -> None:
        kept = [folder, *(f for f in self.generations() if f != folder)][: self._keep]
        aside = self._pointer.with_suffix(".new")
        with reported(aside):
            aside.write_text("".join(f"{f.name}\n" for f in kept), encoding="ascii")
            _sync(aside)
            aside.replace(self._pointer)
        _sync(self.folder)
        self._discard(f for f in self._on_disk() if f not in kept)

    def _clean(self) -> None:
        kept = self.generations()
        self._discard(f for f in self._on_disk() if f not in kept)
        for leftover in self._generations.glob(".tmp-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _discard(self, folders: Iterable[Path]) -> None:
        # Renamed first: half of a generation must not look like one.
        for folder in folders:
            aside = self._generations / f".tmp-{folder.name}-{os.getpid()}"
            with contextlib.suppress(OSError):  # the next build tries again
                folder.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)


def _is_sound(folder: Path) -> bool:
    try:
        check_contents(folder, Manifest.read(folder))
    except IndexingError:
        return False
    return True


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
    with reported(path):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
