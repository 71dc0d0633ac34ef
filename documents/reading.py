"""Files become documents."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from documents.errors import (
    EmptyDocument,
    UndecodableDocument,
    UnreadableDocument,
    UnsupportedFormat,
)
from documents.frontmatter import split_front_matter
from documents.identifiers import assign_identifiers, identifier
from documents.markdown import markdown_blocks
from documents.plaintext import plain_blocks
from documents.structure import Block, outline
from documents.types import Document, checksum

Detector = Callable[[str], str]
"""Tells the language of a text: ``fr``, ``en`` or ``und``."""

MAX_BYTES = 64 * 2**20
_MARKDOWN = frozenset({".md", ".markdown"})
SUFFIXES = _MARKDOWN | {".txt"}


def read_documents(paths: Iterable[Path], *, detect: Detector | None = None) -> list[Document]:
    """Read files, and all the supported files of folders, under identifiers that never collide.

    Args:
        paths: files and folders; identifiers are relative to the folder that was named.
        detect: asked for the language of the files that do not state it.

    Raises:
        DocumentError: one of them cannot be used, and why.
    """
    paths = list(paths)
    folders = sorted(filter(_is_folder, paths), key=lambda p: len(p.parts), reverse=True)
    roots = {
        file: next((f for f in folders if file.is_relative_to(f)), file.parent)
        for file in discover(paths)
    }
    names = assign_identifiers(roots)
    return [read_document(file, document_id=name, detect=detect) for file, name in names.items()]


def read_document(
    path: Path,
    root: Path | None = None,
    *,
    document_id: str | None = None,
    detect: Detector | None = None,
) -> Document:
    """Read one Markdown or plain-text file in UTF-8, at most 64 MiB.

    Args:
        path: the file.
        root: the folder that its identifier is relative to; by default the file's own.
        document_id: the identifier, if it was already assigned.
        detect: asked for the language if the file does not state it; without it, ``und``.

    Raises:
        UnreadableDocument: missing, no file, not permitted, or too large.
        UnsupportedFormat: neither Markdown nor plain text, by its suffix.
        UndecodableDocument: not UTF-8, or with NUL bytes.
        InvalidFrontMatter: a header that cannot be understood.
        EmptyDocument: no text.
    """
    header, text = split_front_matter(_decode(_read(path), path), str(path))
    found = outline(_blocks(text, path, header.title), header.title)
    if not found.sections:
        raise EmptyDocument(f"{path}: there is no text in it: add some, or leave the file out")
    return Document(
        id=document_id or identifier(path, root),
        title=header.title or found.title or _readable(path.stem),
        language=header.language or (detect(text) if detect else "und"),
        text=text,
        sections=found.sections,
        source_url=header.source_url,
        sha256=checksum(text),
    )


def discover(paths: Iterable[Path]) -> list[Path]:
    """Return the files to read, each once, those of a folder in the order of their paths.

    Folders are searched through, hidden files and links to folders left out, and files of
    other formats passed over; a file that is named itself must be of a supported format.

    Raises:
        UnreadableDocument: missing, or a folder that may not be listed.
        UnsupportedFormat: a named file that is neither Markdown nor plain text.
    """
    files: dict[Path, Path] = {}
    for path in paths:
        for file in _walk(path) if _is_folder(path) else _named(path):
            files.setdefault(file.resolve(), file)
    return list(files.values())


def _named(path: Path) -> list[Path]:
    _require_supported(path)
    return [path]


def _walk(folder: Path) -> Iterator[Path]:
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.extend(Path(parent, name) for name in names if not name.startswith("."))
    yield from sorted(f for f in found if f.suffix.lower() in SUFFIXES and _is_file(f))


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(_mode(path))


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(_mode(path))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(path, error) from error


def _refuse(error: OSError) -> None:
    raise _unreadable(error.filename, error) from error


def _unreadable(path: object, error: OSError | ValueError) -> UnreadableDocument:
    reason = getattr(error, "strerror", None) or error
    return UnreadableDocument(f"{path}: {reason}: check the path and its permissions")


def _require_supported(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        supported = ", ".join(sorted(SUFFIXES))
        raise UnsupportedFormat(
            f"{path}: no reader for {path.suffix!r} files: convert it to one of {supported}"
        )


def _read(path: Path) -> bytes:
    if not _is_file(path):
        raise UnreadableDocument(f"{path}: this is not a file: name the files to read")
    _require_supported(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(raw) > MAX_BYTES:
        raise UnreadableDocument(f"{path}: larger than {MAX_BYTES // 2**20} MiB: split the file")
    return raw


def _decode(raw: bytes, path: Path) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(raw, error.start, path) from error
    if "\0" in text:
        raise _undecodable(raw, raw.index(0), path)
    return text.removeprefix("\ufeff")


def _undecodable(raw: bytes, offset: int, path: Path) -> UndecodableDocument:
    return UndecodableDocument(
        f"{path}: not UTF-8 text: byte 0x{raw[offset]:02X} at offset {offset}: convert the file, "
        "for instance with iconv -f WINDOWS-1252 -t UTF-8 (or -f UTF-16)"
    )


def _blocks(text: str, path: Path, title: str | None) -> list[Block]:
    if path.suffix.lower() in _MARKDOWN:
        return markdown_blocks(text)
    return plain_blocks(text, title)


def _readable(name: str) -> str:
    """Return a file's name as it can be shown: composed, undecodable bytes replaced."""
    known = os.fsencode(name).decode("utf-8", "replace")
    return unicodedata.normalize("NFC", known)
