"""From paths to a generation of the documents there."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import documents
from documents.discovery import Problem, Selection
from documents.reading import Reader, Reading
from documents.types import Document
from index.build import Built, Progress, build_index, newest_sound
from index.build_encoder import open_build_encoder
from index.model import resolve_model
from index.storage import Store
from qa.language import detect_document
from qa.settings import Settings
from qa.stores import changing

ARTICLES = Path(documents.__file__).parent / "articles"
"""The documents that are indexed when none are named."""


class Indexed(NamedTuple):
    """What was built, what came of reading, and which documents stay as they were indexed."""

    built: Built
    reading: Reader | Reading
    kept: tuple[str, ...]


def index_paths(
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    jobs: int | None = None,
    selection: Selection | None = None,
) -> Indexed:
    """Build a generation of the documents at these paths, or of the bundled article.

    A document whose file can no longer be read stays as it was indexed.

    Args:
        paths: files and folders; the bundled article if there are none.
        settings: where the index is and which model makes it.
        progress: called with how many passages are encoded, out of how many.
        jobs: how many batches are encoded at a time; as many as there are cores when None.
        selection: which files of the folders are wanted; by default all.

    Raises:
        DocumentError: a path is missing, or no document can be used; the index stays as it was.
        IndexingError: nothing could be built; the index stays as it was.
    """
    with ExitStack() as stack:
        store = stack.enter_context(changing(settings))  # said before the work, not after it
        found = Reader(paths or [ARTICLES], detect=detect_document, selection=selection)
        first = tuple(islice(reading := iter(found), 1))
        Reading(first, tuple(found.problems)).require_documents()
        source = resolve_model(settings.model, settings.cache)
        encoder = stack.enter_context(open_build_encoder(source, store))
        kept: list[str] = []
        built = build_index(
            chain(first, reading, kept_documents(store, found.read, found.problems, kept)),
            store, encoder, progress=progress, jobs=jobs or os.cpu_count() or 1,
        )  # fmt: skip
    return Indexed(built, found, tuple(kept))


def kept_documents(
    store: Store, read: Container[str], problems: Sequence[Problem], kept: list[str]
) -> Iterator[Document]:
    """Yield what the index holds of the files that cannot be read now, and list it.

    Args:
        store: holds the index.
        read: the identifiers of the documents that were read, when the first is asked for.
        problems: what could not be read, likewise.
        kept: the identifiers of what is yielded are put here.
    """
    before = newest_sound(store) if problems else None
    if before is None:
        return
    for name in before.documents:
        if name not in read and any(problem.concerns(name) for problem in problems):
            kept.append(name)
            yield before.documents[name]
