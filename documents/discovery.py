"""Which files are read: those that are named, and those of folders."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from documents.errors import DocumentError, UnreadableDocument
from documents.formats import FORMATS, reader
from documents.identifiers import identifier


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a folder are wanted, by their paths relative to it.

    A pattern without a slash is compared with each name on the way to a file, one with
    a slash with the whole path; ``*`` stands for anything, slashes too. Patterns choose
    among the files of folders; a file that is named itself is always wanted.

    Attributes:
        include: a file must match one of these, if there are any.
        exclude: a file must match none of these.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def wants(self, path: Path) -> bool:
        """Tell whether a file is wanted, by its path relative to its folder."""
        included = not self.include or any(_matches(path, p) for p in self.include)
        return included and not any(_matches(path, p) for p in self.exclude)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file or a folder that could not be read.

    Attributes:
        path: which.
        error: why; its message names the path too.
        document_id: the identifier of the document it would be; of a folder, how those of all
            its documents begin, with a hyphen at the end.
    """

    path: Path
    error: DocumentError
    document_id: str

    def concerns(self, document_id: str) -> bool:
        """Tell whether a document would be read from there."""
        if self.document_id.endswith("-"):
            return document_id.startswith(self.document_id)
        return document_id == self.document_id


@dataclass(slots=True)
class Found:
    """Files to read, each once, mapped to the folder that its identifier starts from."""

    files: dict[Path, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def discover(paths: Iterable[Path], selection: Selection | None = None) -> Found:
    """Find the files to read, those of a folder in the order of their paths.

    Folders are searched through. Hidden files and folders are left out, and files of other
    formats passed over. Links to files are followed, unless they lead out of the
    folder, which is a problem; links to folders are not, so none can loop.

    Raises:
        UnreadableDocument: a path that is named is missing, or a folder that may not be listed.
        UnsupportedFormat: a file that is named is of no known format.
    """
    search = _Search(selection or Selection())
    named = list(paths)
    folders = sorted(filter(is_folder, named), key=lambda p: len(p.parts), reverse=True)
    for path in named:
        if is_folder(path):
            search.folder(path, folders)
        else:
            reader(path)
            search.add(path, next((f for f in folders if path.is_relative_to(f)), path.parent))
    return search.found


class _Search:
    def __init__(self, selection: Selection) -> None:
        self.found = Found()
        self._selection = selection
        self._seen: set[Path] = set()

    def folder(self, folder: Path, folders: Iterable[Path]) -> None:
        real = folder.resolve()
        for file in self._walk(folder):
            root = next(f for f in folders if file.is_relative_to(f))
            try:
                self._check(file, real)
            except DocumentError as error:
                self.found.problems.append(Problem(file, error, identifier(file, root)))
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
        wanted = [file for file in listed if self._is_wanted(file, folder)]
        # A file before the links to it, which would otherwise name it.
        return sorted(wanted, key=lambda file: (file.is_symlink(), file))

    def _is_wanted(self, file: Path, folder: Path) -> bool:
        if not self._selection.wants(file.relative_to(folder)):
            return False
        if file.is_symlink() and file.is_dir():
            return not file.resolve().is_relative_to(folder.resolve())
        return file.suffix.lower() in FORMATS and (file.is_symlink() or file.is_file())

    def _check(self, file: Path, folder: Path) -> None:
        file_mode(file)
        if file.is_symlink() and not file.resolve().is_relative_to(folder):
            raise UnreadableDocument(
                f"{file}: this link leads out of the folder: name its target to read it too"
            )

    def _refuse(self, error: OSError, folder: Path) -> None:
        problem = unreadable(error.filename, error)
        if Path(error.filename) == folder:
            raise problem from error
        below = f"{identifier(Path(error.filename), folder)}-"
        self.found.problems.append(Problem(Path(error.filename), problem, below))


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder.

    Raises:
        UnreadableDocument: there is nothing, or nothing that may be looked at.
    """
    return stat.S_ISDIR(file_mode(path))


def file_mode(path: Path) -> int:
    """Return the mode of what a path leads to.

    Raises:
        UnreadableDocument: it leads to nothing, or to nothing that may be looked at.
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
    # Names may be stored decomposed, and patterns typed composed.
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
