"""Which files can be read, and by what; a format's library is loaded with its first file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from documents.errors import MissingFormat, UndecodableDocument, UnsupportedFormat
from documents.extract import Extract
from documents.frontmatter import split_front_matter
from documents.structure import Block

Reader = Callable[[bytes, str], Extract]
"""Reads a file's bytes; its name is for messages. Raises a ``DocumentError``."""


def reader(path: Path) -> Reader:
    """Return what reads a file, by its suffix.

    Raises:
        UnsupportedFormat: nothing does.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError as error:
        supported = ", ".join(sorted(FORMATS))
        raise UnsupportedFormat(
            f"{path}: no reader for {path.suffix!r} files: convert it to one of {supported}"
        ) from error


def _markdown(raw: bytes, name: str) -> Extract:
    from documents.markdown import markdown_blocks

    return _written(raw, name, lambda text, _: markdown_blocks(text))


def _plain(raw: bytes, name: str) -> Extract:
    from documents.plaintext import plain_blocks

    return _written(raw, name, plain_blocks)


def _written(raw: bytes, name: str, blocks: Callable[[str, str | None], list[Block]]) -> Extract:
    header, text = split_front_matter(_decode(raw, name), name)
    found = tuple(blocks(text, header.title))
    return Extract(text, found, header.title, header.language, header.source_url)


def _html(raw: bytes, name: str) -> Extract:
    with _extra("html", name):
        from documents.html import read_html
    return read_html(raw, name)


def _pdf(raw: bytes, name: str) -> Extract:
    with _extra("pdf", name):
        from documents.pdf import read_pdf
    return read_pdf(raw, name)


def _docx(raw: bytes, name: str) -> Extract:
    with _extra("docx", name):
        from documents.docx import read_docx
    return read_docx(raw, name)


def _epub(raw: bytes, name: str) -> Extract:
    with _extra("html", name):
        from documents.epub import read_epub
    return read_epub(raw, name)


FORMATS: Final[Mapping[str, Reader]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _plain,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".epub": _epub,
}


@contextmanager
def _extra(extra: str, name: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise MissingFormat(
            f"{name}: {error.name or 'a library'} is missing, which reads this format: run "
            f"pip install 'passerelle-qa[{extra}]'"
        ) from error


def _decode(raw: bytes, name: str) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(raw, error.start, name) from error
    if "\0" in text:
        raise _undecodable(raw, raw.index(0), name)
    return text.removeprefix("\ufeff")


def _undecodable(raw: bytes, offset: int, name: str) -> UndecodableDocument:
    return UndecodableDocument(
        f"{name}: not UTF-8 text: byte 0x{raw[offset]:02X} at offset {offset}: convert the file, "
        "for instance with iconv -f WINDOWS-1252 -t UTF-8 (or -f UTF-16)"
    )
