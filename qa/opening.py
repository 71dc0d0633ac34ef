"""From the settings to a service, building the default index the first time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import documents
from index.errors import IncompatibleIndex
from index.manifest import Manifest
from index.query_encoder import open_query_encoder, reason_not_exported
from index.storage import Store, check_sizes
from qa.messages import BUILDING, NOT_EXPORTED, interface_language
from qa.notices import complain
from qa.settings import Settings

if TYPE_CHECKING:  # a question waits for every import, so the heavy ones stand where they are used
    from documents.discovery import Selection
    from documents.reading import Reading
    from index.build import Built, Progress
    from index.reranking import CrossEncoderReranker
    from qa.service import QAService

ARTICLES = Path(documents.__file__).parent / "articles"
"""The documents that are indexed when none are named."""


def ready_service(settings: Settings) -> QAService:
    """Open the index; the first time, build that of the bundled article, saying so."""
    ensure_index(settings)
    return open_service(settings)


def check_index(settings: Settings) -> None:
    """Check cheaply that ``open_service`` will find an index of these settings.

    Raises:
        IndexingError: it will not.
    """
    folder = Store(settings.index).current()
    manifest = Manifest.read(folder)
    check_sizes(folder, manifest)
    _require_model(settings.model, manifest.recipe.model)


def ensure_index(settings: Settings) -> None:
    """Build the index of the bundled article if there is no index, saying so."""
    if not Store(settings.index).exists():
        from qa.indexing import build

        complain(BUILDING[interface_language()], prefix=False)
        build([], settings)


def open_service(settings: Settings) -> QAService:
    """Open the current generation and its own query encoder.

    Raises:
        IncompatibleIndex: the index was made by another model than that of the settings.
        IndexingError: there is no index, or it cannot be used.
    """
    from index.generation import Generation
    from qa.service import QAService

    generation = Generation.open(Store(settings.index).current())
    _require_model(settings.model, generation.manifest.recipe.model)
    _say_if_slow(generation.encoder)
    encoder = open_query_encoder(generation.encoder, settings.threads)
    return QAService(generation, encoder, settings.threshold, _reranker(settings))


def _say_if_slow(encoder: Path) -> None:
    reason = reason_not_exported(encoder)
    if reason is not None:
        complain(NOT_EXPORTED[interface_language()].format(reason=reason), prefix=False)


def _require_model(asked: str | None, made: str) -> None:
    if asked is None:
        return
    from index.model import model_name

    if model_name(asked) != made:
        raise IncompatibleIndex(
            f"the index was made by {made}, and QA_MODEL is {asked!r}: "
            "run `qa index` to build it again, or unset QA_MODEL"
        )


def _reranker(settings: Settings) -> CrossEncoderReranker | None:
    if not settings.reranker:
        return None
    from index.reranking import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker)


class Indexed(NamedTuple):
    """What was built, and what came of reading."""

    built: Built
    reading: Reading


def index_paths(
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    jobs: int | None = None,
    selection: Selection | None = None,
) -> Indexed:
    """Build a generation of the documents at these paths, or of the bundled article.

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
    from documents.reading import read_documents
    from index.build import build_index
    from index.build_encoder import open_build_encoder
    from index.model import resolve_model
    from qa.language import detect_document

    found = read_documents(paths or [ARTICLES], detect=detect_document, selection=selection)
    found.require_documents()
    store = Store(settings.index)
    with open_build_encoder(resolve_model(settings.model, settings.cache), store) as encoder:
        built = build_index(
            found.documents, store, encoder, progress=progress, jobs=jobs or os.cpu_count() or 1
        )
    return Indexed(built, found)
