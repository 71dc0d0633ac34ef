"""Reads files into documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from documents.discovery import (
    FoundFiles,
    Selection,
    UnreadFile,
    discover,
    require_file,
    unreadable,
)
from documents.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    NothingReadable,
    UnreadableDocument,
)
from documents.formats.extract import Extract
from documents.formats.registry import format_reader
from documents.identifiers import assign_identifiers, identifier
from documents.notices import Notice, NoticeKind
from documents.options import USUAL, ReadingOptions
from documents.properties import Properties, file_properties, together, undated
from documents.questions import with_questions
from documents.structure import Outline, outline
from documents.titles import (
    first_heading,
    is_left_over,
    joined_title,
    readable_name,
    with_whole_title,
)
from documents.types import Document, checksum

Detector = Callable[[str], str]
"""Tells the language of a text: ``fr``, ``en`` or ``und``."""

MAX_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class NotedFile:
    """A file that was read, and what people should know of that.

    Attributes:
        path: the file.
        document_id: the identifier of its document.
        notice: what they should know.
    """

    path: Path
    document_id: str
    notice: Notice


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading: the documents, and the files that could not be read.

    Attributes:
        documents: in the order of the files.
        problems: the files that could not be read.
        noted: what people should know of the files that were read.
        passed_over: how many files of each suffix were in the folders whose format is not read.
    """

    documents: tuple[Document, ...]
    problems: tuple[UnreadFile, ...]
    noted: tuple[NotedFile, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)

    @property
    def read(self) -> dict[str, str]:
        """The identifiers of the documents, each with its language."""
        return {document.id: document.language for document in self.documents}

    def require_documents(self) -> None:
        """Refuse to go on if no file could be read.

        Raises:
            DocumentError: the one file could not be read; this is its error.
            NothingReadable: none of several files could be read; the message has every error. Or
                there are no files but those of other formats.
        """
        if self.documents:
            return
        if not self.problems:
            self._refuse_other_formats()
            return
        if len(self.problems) == 1:
            raise self.problems[0].error
        reasons = "\n".join(str(problem.error) for problem in self.problems)
        raise NothingReadable(f"none of the {len(self.problems)} files can be used:\n{reasons}")

    def _refuse_other_formats(self) -> None:
        if self.passed_over:
            counts = ", ".join(counted_suffixes(self.passed_over, "(no suffix)"))
            raise NothingReadable(
                f"no file here is of a format that is read, but of others: {counts}: name one to "
                "see what converts it"
            )


def counted_suffixes(counts: Mapping[str, int], none: str) -> list[str]:
    """Return each suffix with its number of files, the most files first: ``.csv 12``.

    Args:
        counts: the number of files of each suffix.
        none: what stands for no suffix.
    """
    ordered = sorted(counts, key=lambda suffix: (-counts[suffix], suffix))
    return [f"{suffix or none} {counts[suffix]}" for suffix in ordered]


class Reader:
    """Reads as ``read_documents`` does, a document at a time.

    Attributes:
        problems: the files that could not be read so far.
        noted: what people should know of the files that were read so far.
        read: the identifiers of the documents so far, each with its language.
        passed_over: how many files of each suffix are in the folders whose format is not read.
    """

    def __init__(self, found: FoundFiles, detect: Detector | None = None) -> None:
        """Take the files that were found, without reading them, and what tells languages."""
        self._roots, self._options, self._detect = found.files, found.options, detect
        self.passed_over = found.passed_over
        self.problems = found.problems
        self.noted: list[NotedFile] = []
        self.read: dict[str, str] = {}

    def document(self, file: Path, name: str) -> Document | None:
        """Return the document of a file, under this identifier; None if it cannot be read."""
        try:
            root = self._roots[file]
            document = read_document(
                file, root, document_id=name, detect=self._detect, options=self._options
            )
        except DocumentError as error:
            self.problems.append(UnreadFile(file, error, name))
            return None
        self.read[name] = document.language
        self.noted += noted(file, document)
        return document


def noted(file: Path, document: Document) -> list[NotedFile]:
    """Return what people should know of a file that was read."""
    return [NotedFile(file, document.id, notice) for notice in document.notices]


def read_documents(
    paths: Iterable[Path], *, detect: Detector | None = None, selection: Selection | None = None
) -> Reading:
    """Read files, and all the supported files of folders, under identifiers that never collide.

    A file that cannot be read is listed among the problems, and the others are still read. An
    error is raised only for a path that is missing, or a named file of no known format.

    Args:
        paths: files and folders; identifiers are relative to the folder that was named.
        detect: asked for the language of the files that do not state it.
        selection: which files of the folders are wanted; by default all.

    Raises:
        UnreadableDocument: a path is missing, or a folder that may not be listed.
        UnsupportedFormat: a named file is of no known format.
    """
    found = discover(paths, selection)
    reader = Reader(found, detect)
    read = (reader.document(*named) for named in assign_identifiers(found.files).items())
    documents = tuple(document for document in read if document is not None)
    return Reading(documents, tuple(reader.problems), tuple(reader.noted), found.passed_over)


def read_document(
    path: Path,
    root: Path | None = None,
    *,
    document_id: str | None = None,
    detect: Detector | None = None,
    options: ReadingOptions = USUAL,
) -> Document:
    """Read one file of a known format, at most 64 MiB.

    Args:
        path: the file.
        root: the folder that its identifier and its path are relative to; by default the file's
            own.
        document_id: the identifier, if it was already assigned.
        detect: asked for the language if the text does not state it; without it, or where it
            says ``und``, the language in the file's properties counts, if there is one.
        options: how it is read.

    Raises:
        UnreadableDocument: missing, no file, not permitted, too large, or with a password.
        UnsupportedFormat: of no known format, by its suffix.
        UndecodableDocument: text in no known encoding, or with NUL bytes.
        InvalidFrontMatter: a header that cannot be understood.
        EmptyDocument: no text.
        MissingFormat: the library that reads the format is not installed.
        DamagedDocument: not of that format, or damaged.
        UnsafeDocument: reading it would take too much, or lead outside of it.
    """
    extract = _extract(path, options)
    blocks = with_whole_title(extract.text, with_questions(extract.text, extract.blocks))
    found = outline(blocks, extract.title)
    if not found.sections:
        raise EmptyDocument(f"{path}: there is no text in it: add some, or leave the file out")
    return Document(
        id=document_id or identifier(path, root),
        title=_title(extract, found) or readable_name(path.stem),
        language=extract.language or _language(extract, detect),
        text=extract.text,
        sections=found.sections,
        source_url=extract.source_url,
        sha256=checksum(extract.text),
        pages=extract.pages,
        notices=(*extract.notices, *_undated(extract.properties)),
        properties=together(extract.properties, _of_file(path, root or path.parent)),
    )


def _undated(properties: Properties) -> Iterator[Notice]:
    found = [f"{key}: {value}" for key, value in undated(properties)]
    if found:
        yield Notice(NoticeKind.UNDATED, ", ".join(found))


def _extract(path: Path, options: ReadingOptions) -> Extract:
    raw = _read(path, options)
    try:
        return format_reader(path, options)(raw, str(path))
    except DocumentError:
        raise
    # On malformed files the libraries raise errors that their documentation does not list.
    except Exception as error:
        raise DamagedDocument(
            f"{path}: it cannot be read ({type(error).__name__}: {error}): export it again"
        ) from error


def _of_file(path: Path, root: Path) -> Properties:
    try:
        return file_properties(path, root, path.stat().st_mtime)
    except OSError as error:  # gone meanwhile
        raise unreadable(path, error) from error


def _title(extract: Extract, found: Outline) -> str | None:
    stated = extract.file_title
    left_over = stated is not None and is_left_over(stated)
    titles = [extract.title, found.title, None if left_over else stated]
    return joined_title(titles) or (first_heading(extract.blocks) if left_over else None)


def _language(extract: Extract, detect: Detector | None) -> str:
    detected = detect(extract.text) if detect else "und"
    return extract.file_language or "und" if detected == "und" else detected


def _read(path: Path, options: ReadingOptions) -> bytes:
    require_file(path)
    format_reader(path, options)
    try:
        # read(MAX_BYTES) would reserve 64 MiB for every file, however small.
        with path.open("rb") as file:
            raw = file.read(min(path.stat().st_size, MAX_BYTES) + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(raw) > MAX_BYTES:
        raise UnreadableDocument(f"{path}: larger than {MAX_BYTES // 2**20} MiB: split the file")
    if not raw:
        raise EmptyDocument(f"{path}: there is no text in it: add some, or leave the file out")
    return raw
