"""``qa index --dry-run``: what an update would do; files are read, and nothing is written."""

from __future__ import annotations

from typing import NamedTuple

from documents.reading import Reader
from documents.sources import Request
from index.build.changes import Changes
from index.generations.folder import FolderStore
from qa.indexes.stores import shared_store
from qa.indexes.updating import Update, UpdatedDocuments, prepare
from qa.language.detection import detect_document
from qa.settings import Settings


class Rehearsed(NamedTuple):
    """What an update would do.

    Attributes:
        changes: which documents would be added, changed or removed.
        reading: what came of reading.
        kept: the documents that would stay as they are, since their files cannot be read.
        update: what would be done.
    """

    changes: Changes
    reading: Reader
    kept: tuple[str, ...]
    update: Update


def rehearse(request: Request, settings: Settings) -> Rehearsed:
    """Find out what an update would do.

    Raises:
        DocumentError: a path is missing, or no document can be used.
        IndexingError: nothing could be built.
    """
    update = prepare(request, _looked_at(settings))
    reader = Reader(update.plan.found, detect_document)
    documents = UpdatedDocuments(update, reader.document, reader.problems)
    same = {d.id: d.id in update.held and update.held[d.id] == d for d in documents}
    changes = Changes(
        added=tuple(name for name in same if name not in update.held),
        changed=tuple(name for name in same if name in update.held and not same[name]),
        removed=tuple(name for name in update.held if name not in same),
        unchanged=tuple(name for name in same if same[name]),
    )
    return Rehearsed(changes, reader, tuple(documents.kept), update)


def _looked_at(settings: Settings) -> FolderStore:
    """Return the folder of the index; where a database answers, its working copy, up to date."""
    store, shared = FolderStore(settings.index, settings.keep), shared_store(settings)
    if shared is not None and shared.exists():
        shared.fetch(store)
    return store
