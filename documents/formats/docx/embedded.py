"""Reads the files of other formats that a document takes in where they stand (``altChunk``)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from pathlib import PurePosixPath

from documents.errors import DocumentError
from documents.formats.docx.package import Package
from documents.formats.extract import Extract

ReadEmbedded = Callable[[bytes, str], Extract]
"""Reads a file of any known format, by the suffix of its name. Raises a ``DocumentError``."""

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "message/rfc822": ".mht",
    "multipart/related": ".mht",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": ".docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_PAGES = frozenset({".mht", ".mhtml"})


def read_embedded(package: Package, part: str, read: ReadEmbedded) -> Extract | None:
    """Return what a part of a document says, or None if it cannot be read.

    Args:
        package: of the document.
        part: the name of the part.
        read: reads the other formats.
    """
    kind = package.content_type(part).partition(";")[0].strip().lower()
    suffix = _SUFFIXES.get(kind, PurePosixPath(part).suffix.lower())
    try:
        raw = package.read(part)
        page = _page(raw) if suffix in _PAGES else (raw, suffix)
        return None if page is None else read(page[0], f"{part}{page[1]}")
    except DocumentError:
        return None


def _page(raw: bytes) -> tuple[bytes, str] | None:
    """Return the page of a web archive, which is built like a mail, and its suffix."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("html", "plain"))
    if body is None:
        return None
    # The page may still name the encoding that it had in the mail; the mark goes before that.
    words = str(body.get_content()).encode("utf-8-sig", "replace")
    return words, ".html" if body.get_content_type() == "text/html" else ".txt"
