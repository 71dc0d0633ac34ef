"""Removes documents from an index, and what is followed for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from documents.sources import leave_out
from index.build.removal import remove_documents
from index.generations.generation import Generation
from qa.errors import UnknownDocument
from qa.indexes.stores import changing
from qa.settings import Settings

Take = Callable[[Path], Callable[[], None] | None]
"""Takes away the file of a document; returns what brings it back, or None to leave it there."""


def remove_named(ids: Sequence[str], settings: Settings, take: Take = lambda _: None) -> Generation:
    """Remove documents; a file that stays is followed no more. Return what is left.

    Args:
        ids: of the documents.
        settings: where the index is.
        take: takes away those of their files that are to go too.

    Raises:
        UnknownDocument: one of them is not indexed; nothing is removed.
        IndexingError: nothing would be left, or another process is writing.
    """
    with changing(settings) as store:
        held = Generation.open(store.current())
        _require(ids, held)
        origins = [held.documents[name].origin for name in ids]
        files = [origin.file for origin in origins if origin is not None]
        taken = {file: back for file in files if (back := take(file)) is not None}
        try:
            left = [file for file in files if file not in taken]
            return remove_documents(store, frozenset(ids), leave_out(held.manifest.sources, left))
        except BaseException:
            for back in taken.values():
                back()
            raise


def _require(names: Sequence[str], generation: Generation) -> None:
    for name in names:
        if name not in generation.documents:
            raise UnknownDocument(
                f"the index holds no document {name!r}: see `qa documents` for those it holds"
            )
