"""Remembers that an index was asked for but never built, so that no other takes its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from documents.errors import PasserelleError
from index.errors import IndexingError
from index.generations.folder import write_whole
from qa.indexes.stores import store_of
from qa.settings import Settings

FILE: Final = "attempt.json"
"""Beside the generations, while there are none."""


@contextmanager
def remembered(paths: Sequence[Path], settings: Settings) -> Iterator[None]:
    """Remember what was asked for, and why it failed, until an index is built."""
    place = settings.index / FILE
    if paths and not store_of(settings).exists():
        _note(place, paths, None)
    try:
        yield
    except PasserelleError as error:
        if place.is_file():
            _note(place, paths, str(error))
        raise
    place.unlink(missing_ok=True)


def _note(place: Path, paths: Sequence[Path], reason: str | None) -> None:
    with suppress(IndexingError, OSError):  # what cannot be written is said by the build
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, json.dumps({"paths": list(map(str, paths)), "reason": reason}))


def failed_attempt(settings: Settings) -> str | None:
    """Return what became of the index that was asked for, None if none was."""
    try:
        held = json.loads((settings.index / FILE).read_text("utf-8"))
        command = " ".join(["qa", "index", *held["paths"]])
        ended = "did not end" if held["reason"] is None else f"failed ({held['reason']})"
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return f"`{command}` {ended}"
