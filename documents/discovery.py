"""Finds the files to read: those that are named, and those of the folders that are named."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from documents.errors import DocumentError, UnreadableDocument
from documents.formats.registry import format_reader, supported_suffixes
from documents.identifiers import identifier
from documents.options import USUAL, ReadingOptions


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a folder are wanted, by their paths relative to it.

    A pattern without a slash is compared with each name on the way to a file, one with
    a slash with the whole path; ``*`` stands for anything, slashes too. Patterns choose
    among the files of folders; a file that is named itself is always wanted.

    Attributes:
        include: a file must match one of these, if there are any.
        exclude: a file must match none of these.
        options: how the files are read; it decides which formats are known.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    options: ReadingOptions = USUAL

    def wants(self, path: Path) -> bool:
        """Tell whether a file is wanted, by its path relative to its folder."""
        included = not self.include or any(_matches(path, p) for p in self.include)
        return included and not any(_matches(path, p) for p in self.exclude)


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file or a folder that could not be read.

    Attributes:
        path: the file or folder.
        error: the reason; its message names the path too.
        document_id: the identifier that the file's document would have; for a folder, the
            beginning that the identifiers of all its documents share, which ends in a hyphen.
    """

    path: Path
    error: DocumentError
    document_id: str


@dataclass(slots=True)
class FoundFiles:
    """The files to read, and the paths that cannot be read.

    Attributes:
        files: each file once, with the folder that its identifier is relative to.
        problems: the files and folders that could not be read.
        passed_over: of the files in folders whose format is not read, how many there are of each
            suffix, in lower case with its full stop; ``""`` stands for none.
        options: how the files are to be read.
    """

    files: dict[Path, Path] = field(default_factory=dict)
    problems: list[UnreadFile] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)
    options: ReadingOptions = USUAL


def discover(paths: Iterable[Path], selection: Selection | None = None) -> FoundFiles:
    """Find the files to read, those of a folder in the order of their paths.

    Folders are searched at every depth. Hidden files and folders are left out, and files of
    unknown formats are counted. A link to a file is followed, unless it leads out of the folder:
    then it is listed as a problem, and so are pipes, sockets and devices. A link to a folder is not
    followed, so the search cannot loop.

    Raises:
        UnreadableDocument: a path that is named is missing, a pipe, a socket or a device, or a
            folder that may not be listed.
        UnsupportedFormat: a file that is named is of no known format.
    """
    search = _Search(selection or Selection())
    named = list(paths)
    folders = sorted(filter(is_folder, named), key=lambda p: len(p.parts), reverse=True)
    for path in named:
        if is_folder(path):
            search.folder(path, folders)
        else:
            require_file(path)
            format_reader(path, search.found.options)
            search.add(path, next((f for f in folders if path.is_relative_to(f)), path.parent))
    return search.found


class _Search:
    def __init__(self, selection: Selection) -> None:
        self.found = FoundFiles(options=selection.options)
        self._suffixes = supported_suffixes(selection.options)
        self._selection = selection
        self._seen: set[Path] = set()
        self._passed_over: set[Path] = set()

    def folder(self, folder: Path, folders: Iterable[Path]) -> None:
        real = folder.resolve()
        for file in self._walk(folder):
            root = next(f for f in folders if file.is_relative_to(f))
            try:
                self._check(file, real)
            except DocumentError as error:
                self.found.problems.append(UnreadFile(file, error, identifier(file, root)))
            else:
                self.add(file, root)

    def add(self, file: Path, root: Path) -> None:
        real = file.resolve()
        if real not in self._seen:
            self._seen.add(real)
            self.found.files[file] = root

    def _walk(self, folder: Path) -> list[Path]:
        listed: list[Path] = []
        for parent, folders, names in os.walk(folder, onerror=lambda e: self._refuse(e, folder)):
            links = [name for name in folders if Path(parent, name).is_symlink()]
            folders[:] = [n for n in folders if not n.startswith(".") and n not in links]
            listed += (Path(parent, name) for name in [*names, *links] if name[0] != ".")
        wanted = [file for file in self._selected(listed, folder) if self._is_read(file, folder)]
        # A file comes before the links to it, so that its own path gives the identifier.
        return sorted(wanted, key=lambda file: (file.is_symlink(), file))

    def _selected(self, files: Iterable[Path], folder: Path) -> Iterator[Path]:
        return (file for file in files if self._selection.wants(file.relative_to(folder)))

    def _is_read(self, file: Path, folder: Path) -> bool:
        if file.is_symlink() and file.is_dir():
            return not file.resolve().is_relative_to(folder.resolve())
        if file.suffix.lower() in self._suffixes:
            return True
        if file.is_file():
            self._pass_over(file.resolve(), file.suffix.lower())
            return False
        # What is neither a file nor a folder is a problem; a broken link to another format is none.
        return file.exists()

    def _pass_over(self, real: Path, suffix: str) -> None:
        if real not in self._passed_over:
            self._passed_over.add(real)
            self.found.passed_over[suffix] = self.found.passed_over.get(suffix, 0) + 1

    def _check(self, file: Path, folder: Path) -> None:
        file_mode(file)
        if file.is_symlink() and not file.resolve().is_relative_to(folder):
            raise UnreadableDocument(
                f"{file}: this link leads out of the folder: name its target to read it too"
            )
        require_file(file)

    def _refuse(self, error: OSError, folder: Path) -> None:
        problem = unreadable(error.filename, error)
        if Path(error.filename) == folder:
            raise problem from error
        below = f"{identifier(Path(error.filename), folder)}-"
        self.found.problems.append(UnreadFile(Path(error.filename), problem, below))


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder.

    Raises:
        UnreadableDocument: there is nothing at this path, or permissions hide it.
    """
    return stat.S_ISDIR(file_mode(path))


def require_file(path: Path) -> None:
    """Refuse what is no file that can be read to its end.

    Raises:
        UnreadableDocument: there is nothing at this path, permissions hide it, or it is a folder, a
            pipe, a socket or a device.
    """
    mode = file_mode(path)
    if stat.S_ISFIFO(mode):
        raise UnreadableDocument(f"{path}: a pipe, not a file: save what it gives, and name that")
    if stat.S_ISSOCK(mode):
        raise UnreadableDocument(f"{path}: a socket, not a file: name the files to read")
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise UnreadableDocument(f"{path}: a device, not a file: name the files to read")
    if not stat.S_ISREG(mode):
        raise UnreadableDocument(f"{path}: this is not a file: name the files to read")


def file_mode(path: Path) -> int:
    """Return the mode bits of the file or folder at a path, links followed.

    Raises:
        UnreadableDocument: there is nothing at this path, or permissions hide it.
    """
    try:
        return path.stat().st_mode
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise unreadable(path, error) from error


def unreadable(path: object, error: OSError | ValueError) -> UnreadableDocument:
    """Return the error that says why a path cannot be read."""
    reason = getattr(error, "strerror", None) or error
    return UnreadableDocument(f"{path}: {reason}: check the path and its permissions")


def _matches(path: Path, pattern: str) -> bool:
    # File systems may store « é » as two code points, while keyboards type it as one.
    known, wanted = _composed(path.as_posix()), _composed(pattern).removesuffix("/")
    if "/" not in wanted:
        return any(fnmatchcase(name, wanted) for name in known.split("/"))
    whole = wanted.removeprefix("/").removeprefix("./")
    return any(fnmatchcase(part, whole) for part in _beginnings(known)) or (
        whole.startswith("**/") and fnmatchcase(known, whole[3:])
    )


def _beginnings(path: str) -> Iterator[str]:
    names = path.split("/")
    yield from ("/".join(names[: end + 1]) for end in range(len(names)))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
