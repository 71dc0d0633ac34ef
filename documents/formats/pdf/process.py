"""Reads PDFs in a process of its own, so that a crash or an endless loop stops nothing else."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from documents.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    MissingFormat,
    UnreadableDocument,
    UnsafeDocument,
)
from documents.formats.pdf.characters import Box
from documents.formats.pdf.lines import Line, Page
from documents.formats.pdf.pages import Pages, read_pages, read_picture_pages
from documents.formats.pdf.sheets import Sheet, drawn

MAX_SECONDS = 300
MAX_SECONDS_OF_RECOGNITION = 3_600
MAX_SECONDS_OF_DRAWING = 20
MAX_MEMORY = 2 * 2**30
READ, RECOGNISE, PICTURE, DRAW = "read", "recognise", "picture", "draw"
"""What is done: a file is read, its pictures of text too, or is a picture; a page is drawn."""
_TASKS: Final[dict[str, Callable[[bytes, str], Pages]]] = {
    READ: read_pages,
    RECOGNISE: partial(read_pages, recognise=True),
    PICTURE: read_picture_pages,
}
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[4:]; from documents.formats.pdf.process import main; main()"
)
_ERRORS: Final[dict[str, type[DocumentError]]] = {
    error.__name__: error
    for error in (DamagedDocument, EmptyDocument, MissingFormat, UnreadableDocument, UnsafeDocument)
}


def read_in_process(raw: bytes, name: str, task: str = READ) -> Pages:
    """Read a PDF or a picture in another process, in five minutes and 2 GiB of memory at most.

    Recognising text may take an hour.

    Args:
        raw: the file.
        name: the file, for messages.
        task: ``READ``, ``RECOGNISE`` or ``PICTURE``.

    Raises:
        DamagedDocument: no PDF, or one so damaged that reading it failed.
        EmptyDocument: there is no text on its pages.
        UnreadableDocument: it is protected, or its fonts do not say which letters they draw.
        UnsafeDocument: it takes too long, or has too many pages or too much text.
    """
    limit = MAX_SECONDS if task == READ else MAX_SECONDS_OF_RECOGNITION
    return _pages(_done(raw, name, task, limit))


def draw_in_process(raw: bytes, name: str, number: int) -> Sheet:
    """Draw a page of a PDF in another process, in twenty seconds and 2 GiB of memory at most.

    Args:
        raw: the file.
        name: the file, for messages.
        number: of the page, from 1.

    Raises:
        DamagedDocument: no PDF, or one so damaged that drawing it failed.
        EmptyDocument: it has no such page.
        MissingFormat: the library that writes pictures is not installed.
        UnreadableDocument: it is protected.
        UnsafeDocument: it takes too long.
    """
    reply = _done(raw, name, DRAW, MAX_SECONDS_OF_DRAWING, number)
    boxes = tuple(Box(*box) for box in reply["boxes"])
    return Sheet(base64.b64decode(reply["png"]), tuple(reply["letters"]), boxes, reply["is_turned"])


def _done(raw: bytes, name: str, task: str, limit: int, number: int = 0) -> dict[str, Any]:
    command = [sys.executable, "-I", "-c", _PROGRAM, task, name, str(number), *sys.path]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=limit)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnsafeDocument(
            f"{name}: reading it takes more than {limit} s: export the document again"
        ) from error
    if done.returncode:
        raise DamagedDocument(
            f"{name}: reading it failed or took more memory than is safe (exit status "
            f"{done.returncode}): export the document again"
        )
    reply: dict[str, Any] = json.loads(done.stdout)
    if "error" in reply:
        raise _ERRORS[reply["error"]](reply["message"])
    return reply


def main() -> None:
    """Read a PDF from standard input, as the first argument says; write what is in it as JSON.

    The second argument names the file, the third the page to draw.
    """
    _limit_memory()
    task, name, number = sys.argv[1:4]
    try:
        reply = _reply(task, sys.stdin.buffer.read(), name, int(number))
    except DocumentError as error:
        reply = {"error": type(error).__name__, "message": str(error)}
    # JSON in ASCII, since a file name may hold bytes that are no valid UTF-8.
    sys.stdout.write(json.dumps(reply))


def _reply(task: str, raw: bytes, name: str, number: int) -> dict[str, Any]:
    if task != DRAW:
        return asdict(_TASKS[task](raw, name))
    sheet = drawn(raw, name, number)
    return {**asdict(sheet), "png": base64.b64encode(sheet.png).decode("ascii")}


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not on Windows, or already lower
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _pages(reply: dict[str, Any]) -> Pages:
    pages = [
        Page(**{**page, "lines": [Line(**line) for line in page["lines"]]})
        for page in reply["pages"]
    ]
    bookmarks = [(title, depth, page) for title, depth, page in reply["bookmarks"]]
    return Pages(**{**reply, "pages": pages, "bookmarks": bookmarks})
