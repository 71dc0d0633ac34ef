"""From paths to a generation of the documents there."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from documents.discovery import Selection
from documents.reading import Reader, Reading
from documents.sources import Request
from documents.types import Document
from index.build.encoder import open_build_encoder
from index.build.pipeline import Built, Progress, build_index
from index.build.stage import BuildEncoder
from index.model.source import resolve_model
from qa.indexes.stores import changing
from qa.indexes.updating import Agree, KeptPassages, Update, UpdatedDocuments, prepare
from qa.language.detection import detect_document
from qa.settings import Settings


class Indexed(NamedTuple):
    """What came of an update of an index.

    Attributes:
        built: what was built.
        reading: what came of reading.
        kept: the documents that stay as they were, since their files cannot be read.
        update: what was to be done.
    """

    built: Built
    reading: Reader | Reading
    kept: tuple[str, ...]
    update: Update


def index_paths(
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    jobs: int | None = None,
    selection: Selection | None = None,
    encoder: BuildEncoder | None = None,
    *,
    only: bool = False,
    agree: Agree | None = None,
    on_read: Progress | None = None,
) -> Indexed:
    """Bring an index up to date with these paths; all other documents stay.

    A document whose file is gone goes; one whose file can no longer be read stays as it was. The
    bundled article stands in an index until it holds other documents.

    Args:
        paths: files and folders, which are followed from now on; all that is followed if there
            are none.
        settings: where the index is and which model makes it.
        progress: called with how many passages are encoded, out of how many.
        jobs: how many batches are encoded at a time; as many as there are cores when None.
        selection: which files of the folders are wanted; by default all.
        encoder: encodes the passages; that of the settings' model when None.
        only: whether the index is to hold and to follow nothing else.
        agree: told which documents would go though their files are there; it may raise an error.
        on_read: called with how many files are read, out of how many.

    Raises:
        DocumentError: a path is missing, or no document can be used; the index stays as it was.
        IndexingError: nothing could be built; the index stays as it was.
    """
    with ExitStack() as stack:
        store = stack.enter_context(changing(settings))  # said before the work, not after it
        update = prepare(Request(tuple(paths), selection, only), store)
        require_agreement(update, only, agree)
        reader = Reader(update.plan.found, detect_document)
        reading = counted(reader.document, len(update.plan.names), on_read)
        documents = UpdatedDocuments(update, reading, reader.problems)
        if encoder is None:
            source = resolve_model(settings.model, settings.cache)
            encoder = stack.enter_context(open_build_encoder(source, store))
        built = build_index(
            documents, store, encoder, chunker=KeptPassages(update, encoder), progress=progress,
            jobs=jobs or os.cpu_count() or 1, sources=update.plan.sources, before=update.before,
        )  # fmt: skip
    return Indexed(built, reader, tuple(documents.kept), update)


def require_agreement(update: Update, only: bool, agree: Agree | None) -> None:
    """Let ``agree`` raise an error where documents would go though their files are still there.

    So it is with ``only``, with other patterns of a folder, and where files are read in another
    way than before. What was deleted goes unasked.
    """
    removed = [name for name in update.plan.removed if name not in update.bundled]
    asked = removed if only else _still_there(removed, update)
    if agree is not None and asked:
        agree(asked)


def _still_there(removed: Sequence[str], update: Update) -> list[str]:
    # A file may be read as another document from now on: then nothing is lost.
    read = {file.resolve() for file in update.plan.names} if removed else set()
    origins = ((name, update.held[name].origin) for name in removed)
    files = ((name, origin.file) for name, origin in origins if origin is not None)
    return [name for name, file in files if file.is_file() and file.resolve() not in read]


def counted(
    read: Callable[[Path, str], Document | None], total: int, on_read: Progress | None
) -> Callable[[Path, str], Document | None]:
    """Return a function that reads a file and says how many of how many have been read."""
    done = 0

    def read_next(file: Path, name: str) -> Document | None:
        nonlocal done
        document = read(file, name)
        done += 1
        if on_read is not None:
            on_read(done, total)
        return document

    return read_next
