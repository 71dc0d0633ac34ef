"""Files that were sent and stand already where the index follows them: they are one document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from documents.discovery import Selection, discover
from documents.errors import DocumentError
from documents.sources import wants
from documents.types import Source


def standing(sent: Mapping[str, Path], sources: Iterable[Source]) -> dict[str, Path]:
    """Return where the bytes of files stand already, by the name that they were sent under.

    Args:
        sent: the files, by name.
        sources: what the index follows.
    """
    wanted: dict[int, dict[str, str]] = {}
    for name, file in sent.items():
        wanted.setdefault(file.stat().st_size, {})[name] = digest(file)
    found: dict[str, Path] = {}
    for file in _followed(sources):
        with suppress(OSError):  # it went meanwhile, or may not be read
            alike = wanted.get(file.stat().st_size, {})
            same = digest(file) if alike else ""
            found.update({n: file for n, own in alike.items() if own == same and n not in found})
    return found


def digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _followed(sources: Iterable[Source]) -> Iterator[Path]:
    for source in sources:
        with suppress(DocumentError):  # a folder that is not there now has no files
            selection = Selection(source.include, source.exclude, source.options)
            files = discover([Path(source.path)], selection).files
            yield from (file for file in files if wants(source, file))
