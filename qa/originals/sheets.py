"""Pages of PDFs as they are seen: drawn two at a time, and the last of them kept in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cachetools import LRUCache

from documents.errors import DocumentError
from qa.errors import NoOriginal, Overloaded

if TYPE_CHECKING:
    from documents.formats.pdf.sheets import Sheet

AT_ONCE: Final = 2
"""How many pages are drawn at a time; each takes a process of its own."""
PATIENCE: Final = 8.0
"""How long a page waits for others to be drawn, in seconds."""
LARGEST: Final = 64 * 2**20
"""The size of an original that is drawn at most, in bytes."""
_KEPT: Final = 48 * 2**20
_BYTES_A_LETTER: Final = 200
Key = tuple[str, int, int, int]


class Sheets:
    """Draws pages, and remembers some."""

    def __init__(self) -> None:
        """Remember none yet."""
        self._kept: LRUCache[Key, Sheet] = LRUCache(_KEPT, getsizeof=_size)
        self._lock, self._turns = threading.Lock(), threading.BoundedSemaphore(AT_ONCE)

    def sheet(self, file: Path, number: int) -> Sheet:
        """Return a page of a PDF.

        Args:
            file: the PDF.
            number: of the page, from 1.

        Raises:
            NoOriginal: it cannot be drawn, or has no such page.
            Overloaded: too many pages are being drawn.
        """
        key = _key(file, number)
        with self._lock:
            known = self._kept.get(key)
        if known is not None:
            return known
        with self._turn():
            sheet = _drawn(file, number)
        with self._lock:
            if _size(sheet) <= _KEPT:
                self._kept[key] = sheet
        return sheet

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE):
            raise Overloaded("too many pages are being drawn: try again soon")
        try:
            yield
        finally:
            self._turns.release()


def tag_of(file: Path, number: int) -> str:
    """Return what a browser knows a drawn page by; it is another once the file has changed."""
    return sha256(repr(_key(file, number)).encode()).hexdigest()[:32]


def _drawn(file: Path, number: int) -> Sheet:
    from documents.formats.pdf.process import draw_in_process

    try:
        return draw_in_process(file.read_bytes(), file.name, number)
    except (DocumentError, OSError) as error:
        raise NoOriginal(f"page {number} of {file.name} cannot be drawn: read its text") from error


def _key(file: Path, number: int) -> Key:
    try:
        found = file.stat()
    except OSError as error:
        raise NoOriginal(f"{file.name} is no longer there: read its text") from error
    if found.st_size > LARGEST:
        raise NoOriginal(f"{file.name} is too large to be drawn: read its text")
    return str(file), found.st_mtime_ns, found.st_size, number


def _size(sheet: Sheet) -> int:
    return len(sheet.png) + _BYTES_A_LETTER * len(sheet.letters)
