"""The store in a folder: generations are written beside it, checked, and swapped in by one rename.

A folder of generations looks like this::

    current                   one identifier a line: the current generation, then those before it
    lock                      held by the one process that writes
    generations/<id>/         immutable: manifest.json and the files it lists
    generations/.tmp-*/       a build that did not finish; the next one removes it

The identifier is the digest of the manifest, and the manifest has the digests of all other files.
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
from typing import TYPE_CHECKING

from documents.types import Source
from index.checking import Check, check_contents, check_quickly, check_sizes, damaged_files
from index.errors import BusyIndex, CorruptIndex, IndexingError, MissingIndex
from index.faults import reported
from index.generations.store import Verified
from index.manifest import Manifest, Recipe

if TYPE_CHECKING:
    from index.generations.generation import Generation

KEEP = 2
_IDENTIFIER = re.compile(r"[0-9a-f]{16}")


class FolderStore:
    """The generations in a folder of this machine: a ``GenerationStore`` that can be written to."""

    def __init__(self, folder: Path, keep: int = KEEP) -> None:
        """Use this folder, and keep this many generations; nothing is read or written yet."""
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

    def current_name(self) -> str:
        """Return the identifier of the generation that answers: see ``current``."""
        return self.current().name

    def generations(self) -> list[Path]:
        """Return the folders that are kept, the one that was current last first.

        If the file ``current`` is lost, all generations of the folder, the newest first.
        """
        listed = [self._generations / name for name in self._listed() if self._holds(name)]
        return listed or sorted(self._on_disk(), key=lambda f: f.stat().st_mtime_ns, reverse=True)

    def names(self) -> list[str]:
        """Return the identifiers of those that are kept, the one that was current last first."""
        return [folder.name for folder in self.generations()]

    def is_current(self, generation: str) -> bool:
        """Tell whether the generation with this identifier is the one that answers."""
        return self._listed()[:1] == [generation]

    def stamp(self) -> tuple[int, int] | None:
        """Return a value that differs once another generation is current, by one system call."""
        try:
            status = self._pointer.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def recipe(self, name: str) -> Recipe:
        """Return how a generation was made, after a check of the sizes of its files.

        Raises:
            IndexingError: it is damaged, or of another version.
        """
        folder = self._generations / name
        manifest = Manifest.read(folder)
        check_sizes(folder, manifest)
        return manifest.recipe

    def sources(self, name: str) -> tuple[Source, ...]:
        """Return the files and folders that a generation follows.

        Raises:
            IndexingError: it is damaged, or of another version.
        """
        return Manifest.read(self._generations / name).sources

    def open(self, name: str, check: Check = check_quickly) -> Generation:
        """Open a generation: see ``Generation.open``."""
        from index.generations.generation import (
            Generation,  # loads FAISS, which is not needed to report a damaged index
        )

        return Generation.open(self._generations / name, check)

    def verify(self, name: str) -> Verified:
        """Compare every file of a generation with its checksum."""
        folder = self._generations / name
        manifest = Manifest.read(folder)
        return Verified(len(manifest.files), tuple(map(str, damaged_files(folder, manifest))))

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Lock out other writers, and remove what dead ones left; may be entered again.

        Raises:
            BusyIndex: another process is writing.
            IndexingError: the folder cannot be written to.
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
        """Make an empty folder to build a generation in, and lock out other writers meanwhile.

        Raises:
            BusyIndex: another process is writing.
            IndexingError: the folder cannot be written to.
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
        """Make a generation that was built the current one; return its folder.

        The order matters: the whole generation is on disk and has been checked before the file
        ``current`` names it.

        Raises:
            CorruptIndex: the disk does not hold what was written.
        """
        manifest.write(built)
        _sync_tree(built)
        folder = self._generations / manifest.generation
        if not _is_sound(folder):
            self._move_in(built, folder)
            check_contents(folder, Manifest.read(folder))
        self._point_to(folder)
        return folder

    def go_back(self, name: str | None = None) -> str:
        """Make a generation current that is kept, and return its identifier.

        Args:
            name: its identifier; by default the one that was current before.

        Raises:
            IndexingError: it is not kept.
            CorruptIndex: it is damaged.
        """
        with self.alone(), reported(self.folder):
            folder = self._kept(name)
            check_contents(folder, Manifest.read(folder))
            self._point_to(folder)
        return folder.name

    def _kept(self, name: str | None) -> Path:
        kept = [f for f in self.generations() if not self.is_current(f.name)]
        wanted = [f for f in kept if name in (None, f.name)]
        if not wanted:
            names = ", ".join(f.name for f in kept) or "none"
            which = name or "than the current one"
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
        write_whole(self._pointer, "".join(f"{f.name}\n" for f in kept))
        self._discard(f for f in self._on_disk() if f not in kept)

    def _clean(self) -> None:
        kept = self.generations()
        self._discard(f for f in self._on_disk() if f not in kept)
        for leftover in self._generations.glob(".tmp-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _discard(self, folders: Iterable[Path]) -> None:
        # Renamed first, so that a half-removed generation is not taken for a whole one.
        for folder in folders:
            aside = self._generations / f".tmp-{folder.name}-{os.getpid()}"
            with contextlib.suppress(OSError):  # the next build tries again
                folder.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that, whatever happens, it holds all of this text or what it held before.

    Raises:
        IndexingError: it cannot be written.
    """
    aside = path.with_suffix(".new")
    with reported(aside):
        aside.write_text(text, encoding="utf-8")
        _sync(aside)
        aside.replace(path)
    _sync(path.parent)


def _is_sound(folder: Path) -> bool:
    try:
        check_contents(folder, Manifest.read(folder))
    except IndexingError:
        return False
    return True


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    # The system releases the flock of a dead process; a lock file would stay.
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyIndex(
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
