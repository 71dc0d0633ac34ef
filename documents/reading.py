"""Files become documents."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from documents.discovery import Problem, Selection, discover, file_mode, unreadable
from documents.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    NothingReadable,
    UnreadableDocument,
)
from documents.extract import Extract
from documents.formats import reader
from documents.identifiers import assign_identifiers, identifier
from documents.structure import outline
from documents.types import Document, checksum

Detector = Callable[[str], str]
"""Tells the language of a text: ``fr``, ``en`` or ``und``."""

MAX_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading: the documents, and the files that could not be read."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]

    @property
    def read(self) -> dict[str, str]:
        """The identifiers of the documents, each with its language."""
        return {document.id: document.language for document in self.documents}

    def require_documents(self) -> None:
        """Refuse to go on without a document, if it is for problems.

        Raises:
            DocumentError: the only problem there is.
            NothingReadable: all of several problems.
        """
        if self.documents or not self.problems:
            return
        if len(self.problems) == 1:
            raise self.problems[0].error
        reasons = "\n".join(str(problem.error) for problem in self.problems)
        raise NothingReadable(f"none of the {len(self.problems)} files can be used:\n{reasons}")


class Reader:
    """Reads as ``read_documents`` does, a document at a time: iterate over it once.

    Attributes:
        problems: the files that could not be read so far.
        read: the identifiers of the documents so far, each with its language.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        *,
        detect: Detector | None = None,
        selection: Selection | None = None,
    ) -> None:
        """Find the files.

        Raises:
            UnreadableDocument: a path is missing, or a folder that may not be listed.
            UnsupportedFormat: a named file is of no known format.
        """
        found = discover(paths, selection)
        self._files, self._detect = assign_identifiers(found.files), detect
        self.problems = found.problems
        self.read: dict[str, str] = {}

    def __iter__(self) -> Iterator[Document]:
        """Yield the documents, in the order of the files."""
        for file, name in self._files.items():
            try:
                document = read_document(file, document_id=name, detect=self._detect)
            except DocumentError as error:
                self.problems.append(Problem(file, error, name))
                continue
            self.read[name] = document.language
            yield document


def read_documents(
    paths: Iterable[Path], *, detect: Detector | None = None, selection: Selection | None = None
) -> Reading:
    """Read files, and all the supported files of folders, under identifiers that never collide.

    A file that cannot be used stops none of the others: it is a problem. Only what is
    named and not there, or of no known format, is an error at once.

    Args:
        paths: files and folders; identifiers are relative to the folder that was named.
        detect: asked for the language of the files that do not state it.
        selection: which files of the folders are wanted; by default all.

    Raises:
        UnreadableDocument: a path is missing, or a folder that may not be listed.
        UnsupportedFormat: a named file is of no known format.
    """
    reader = Reader(paths, detect=detect, selection=selection)
    return Reading(tuple(reader), tuple(reader.problems))


def read_document(
    path: Path,
    root: Path | None = None,
    *,
    document_id: str | None = None,
    detect: Detector | None = None,
) -> Document:
    """Read one file of a known format, at most 64 MiB.

    Args:
        path: the file.
        root: the folder that its identifier is relative to; by default the file's own.
        document_id: the identifier, if it was already assigned.
        detect: asked for the language if the text does not state it; without it, or where it
            says ``und``, the language in the file's properties counts, if there is one.

    Raises:
        UnreadableDocument: missing, no file, not permitted, too large, or with a password.
        UnsupportedFormat: of no known format, by its suffix.
        UndecodableDocument: text that is not UTF-8, or with NUL bytes.
        InvalidFrontMatter: a header that cannot be understood.
        EmptyDocument: no text.
        MissingFormat: the library that reads the format is not installed.
        DamagedDocument: not of that format, or damaged.
        UnsafeDocument: reading it would take too much, or lead outside of it.
    """
    extract = _extract(path)
    found = outline(extract.blocks, extract.title)
    if not found.sections:
        raise EmptyDocument(f"{path}: there is no text in it: add some, or leave the file out")
    return Document(
        id=document_id or identifier(path, root),
        title=extract.title or found.title or extract.file_title or _readable(path.stem),
        language=extract.language or _language(extract, detect),
        text=extract.text,
        sections=found.sections,
        source_url=extract.source_url,
        sha256=checksum(extract.text),
        pages=extract.pages,
    )


def _extract(path: Path) -> Extract:
    raw = _read(path)
    try:
        return reader(path)(raw, str(path))
    except DocumentError:
        raise
    # Untrusted files make the libraries raise what none of them documents.
    except Exception as error:
        raise DamagedDocument(
            f"{path}: it cannot be read ({type(error).__name__}: {error}): export it again"
        ) from error


def _language(extract: Extract, detect: Detector | None) -> str:
    detected = detect(extract.text) if detect else "und"
    return extract.file_language or "und" if detected == "und" else detected


def _read(path: Path) -> bytes:
    if not stat.S_ISREG(file_mode(path)):
        raise UnreadableDocument(f"{path}: this is not a file: name the files to read")
    reader(path)
    try:
        # Asked for more, the buffer would be as large as the largest file.
        with path.open("rb") as file:
            raw = file.read(min(path.stat().st_size, MAX_BYTES) + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(raw) > MAX_BYTES:
        raise UnreadableDocument(f"{path}: larger than {MAX_BYTES // 2**20} MiB: split the file")
    if not raw:
        raise EmptyDocument(f"{path}: there is no text in it: add some, or leave the file out")
    return raw


def _readable(name: str) -> str:
    """Return a file's name as it can be shown: composed, undecodable bytes replaced."""
    known = os.fsencode(name).decode("utf-8", "replace")
    return unicodedata.normalize("NFC", known)
