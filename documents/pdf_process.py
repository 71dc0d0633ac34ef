"""PDFs are read in a process of their own: what crashes or hangs there stops nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

from documents.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    UnreadableDocument,
    UnsafeDocument,
)
from documents.pdf_lines import Line
from documents.pdf_pages import Pages, read_pages

MAX_SECONDS = 300
MAX_MEMORY = 2 * 2**30
_CODE = "import sys; sys.path[:] = sys.argv[2:]; from documents.pdf_process import main; main()"
_ERRORS: Final[dict[str, type[DocumentError]]] = {
    error.__name__: error
    for error in (DamagedDocument, EmptyDocument, UnreadableDocument, UnsafeDocument)
}


def read_apart(raw: bytes, name: str) -> Pages:
    """Read a PDF in another process, in five minutes and 2 GiB of memory at most.

    Raises:
        DamagedDocument: no PDF, or one so damaged that reading it failed.
        EmptyDocument: there is no text on its pages.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: it takes too long, or has too many pages or too much text.
    """
    command = [sys.executable, "-I", "-c", _CODE, name, *sys.path]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=MAX_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnsafeDocument(
            f"{name}: reading it takes more than {MAX_SECONDS} s: export the document again"
        ) from error
    if done.returncode:
        raise DamagedDocument(
            f"{name}: reading it failed or took more memory than is safe (exit status "
            f"{done.returncode}): export the document again"
        )
    return _pages(json.loads(done.stdout))


def main() -> None:
    """Read a PDF from standard input, named by the first argument; write what is in it as JSON."""
    _limit_memory()
    try:
        said: dict[str, Any] = asdict(read_pages(sys.stdin.buffer.read(), sys.argv[1]))
    except DocumentError as error:
        said = {"error": type(error).__name__, "message": str(error)}
    # In ASCII: a file's name may hold bytes that no encoding has.
    sys.stdout.write(json.dumps(said))


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not on Windows, or already lower
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _pages(said: dict[str, Any]) -> Pages:
    if "error" in said:
        raise _ERRORS[said["error"]](said["message"])
    lines = [[Line(**line) for line in page] for page in said["lines"]]
    bookmarks = [(title, depth, page) for title, depth, page in said["bookmarks"]]
    return Pages(lines, bookmarks, said["title"])
