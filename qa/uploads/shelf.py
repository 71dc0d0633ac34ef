"""The folder of the files that were uploaded, which an index follows as any other folder."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from documents.formats.registry import supported_suffixes
from qa.errors import InvalidUpload

FOLDER: Final = "uploads"
LONGEST_NAME: Final = 200
"""In bytes of UTF-8; file systems allow 255."""
_KNOWN: Final = ".known.json"
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\ud800-\udfff]+')


def safe_name(given: str) -> str:
    """Return the name of a file under which it can be kept: no folder, no hidden file.

    Raises:
        InvalidUpload: it has none, or no reader is for files with this suffix.
    """
    last = PurePosixPath(unicodedata.normalize("NFC", given).replace("\\", "/")).name
    plain = _UNSAFE.sub("_", last).strip().lstrip(".").strip()
    stem, suffix = PurePosixPath(plain).stem, PurePosixPath(plain).suffix
    if not stem:
        raise InvalidUpload("the file has no name: give it one, with its suffix", "unnamed")
    if suffix.lower() not in supported_suffixes():
        raise InvalidUpload(
            f"files with the suffix {suffix!r} cannot be read: convert it first", "suffix"
        )
    room = LONGEST_NAME - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore") + suffix


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a file that was indexed.

    Attributes:
        sha256: of its bytes.
        id: of its document.
    """

    sha256: str
    id: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The uploaded files of an index.

    Attributes:
        folder: where they are.
    """

    folder: Path

    @classmethod
    def of(cls, index: Path) -> Shelf:
        """Return the shelf of the index in a folder."""
        return cls(index.resolve() / FOLDER)

    def known(self) -> dict[str, Kept]:
        """Return what is known of each file that is still there, by its name."""
        try:
            held = json.loads((self.folder / _KNOWN).read_text("utf-8"))
            found = {name: Kept(*entry) for name, entry in held.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # then files are only indexed again
        return {name: kept for name, kept in found.items() if (self.folder / name).is_file()}

    def remember(self, known: dict[str, Kept]) -> None:
        """Write down what is known; one process at a time may."""
        entries = {name: [kept.sha256, kept.id] for name, kept in known.items()}
        write_atomically(self.folder / _KNOWN, json.dumps(entries).encode())

    def has(self, file: Path) -> bool:
        """Tell whether a file is one of the shelf."""
        return file.parent == self.folder


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file: whoever reads it finds all of the old or all of the new content."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
