"""From the settings to a service, building the default index the first time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import documents
from documents.reading import read_documents
from index.build import Built, Progress, build_index
from index.errors import IncompatibleIndex
from index.generation import Generation
from index.model import model_name, resolve_model
from index.reranking import CrossEncoderReranker
from index.storage import Store
from qa.language import detect_document
from qa.service import QAService
from qa.settings import Settings

ARTICLES = Path(documents.__file__).parent / "articles"
"""The documents that are indexed when none are named."""


def open_service(settings: Settings) -> QAService:
    """Open the current generation and its own query encoder.

    Raises:
        IncompatibleIndex: the index was made by another model than that of the settings.
        IndexingError: there is no index, or it cannot be used.
    """
    from index.onnx_encoder import OnnxEncoder

    generation = Generation.open(Store(settings.index).current())
    _require_model(settings.model, generation.manifest.recipe.model)
    encoder = OnnxEncoder.open(generation.encoder, threads=settings.threads)
    return QAService(generation, encoder, settings.threshold, _reranker(settings))


def _require_model(asked: str | None, made: str) -> None:
    if asked is not None and model_name(asked) != made:
        raise IncompatibleIndex(
            f"the index was made by {made}, and QA_MODEL is {asked!r}: "
            "run `qa index` to build it again, or unset QA_MODEL"
        )


def _reranker(settings: Settings) -> CrossEncoderReranker | None:
    return CrossEncoderReranker(settings.reranker) if settings.reranker else None


def index_paths(
    paths: Sequence[Path], settings: Settings, progress: Progress | None = None
) -> Built:
    """Build a generation of the documents at these paths, or of the bundled article.

    Raises:
        DocumentError: a document cannot be used; the index stays as it was.
        IndexingError: nothing could be built; the index stays as it was.
    """
    from index.st_encoder import SentenceTransformerEncoder  # only builders have torch

    found = read_documents(paths or [ARTICLES], detect=detect_document)
    encoder = SentenceTransformerEncoder(resolve_model(settings.model, settings.cache))
    return build_index(found, Store(settings.index), encoder, progress=progress)
