"""A data set becomes an index of its own, and that of a part of it, and is asked as any other."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from documents.types import Document, Passage
from eval.datasets import Dataset
from eval.errors import EvaluationError
from index.build import build_index
from index.build_encoder import open_build_encoder
from index.encoding_stage import BuildEncoder
from index.model import resolve_model
from index.storage import Store
from qa.building import index_paths
from qa.opening import open_service
from qa.service import QAService
from qa.settings import Settings

ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Collections:
    """Where data sets are indexed, and by what.

    Attributes:
        settings: an index goes below ``settings.index / "eval"``; what did not change since the
            last run is not encoded again.
        encoder: builds the indexes.
        opening: opens the index of the settings that it is given.
    """

    settings: Settings
    encoder: BuildEncoder
    opening: Callable[[Settings], QAService] = open_service

    @classmethod
    def of(cls, settings: Settings) -> Collections:
        """Take the encoder that an index carries, as it is for anyone: that of the article's.

        Raises:
            IndexingError: there is none, or it cannot be used.
        """
        article = of_article(settings)
        index_paths([], article)
        model = resolve_model(settings.model, settings.cache)
        with open_build_encoder(model, Store(article.index)) as encoder:
            return cls(settings, encoder)

    def whole(self, dataset: Dataset) -> QAService:
        """Index a data set and open it.

        Raises:
            IndexingError: it cannot be built or opened.
        """
        return self._open(self._folder(dataset) / "whole", dataset.documents)

    def without(self, dataset: Dataset, removed: frozenset[str]) -> QAService | None:
        """Index a data set but for the entries of these identifiers; None if nothing is left.

        The vectors are those of ``whole``, which must have been indexed before.

        Raises:
            IndexingError: it cannot be built or opened.
            EvaluationError: the folder cannot be written to.
        """
        left = {i: d for i, d in dataset.documents.items() if i not in removed}
        if not any(document.text for document in left.values()):
            return None
        folder = self._folder(dataset)
        _link(folder / "whole", folder / "reduced")
        return self._open(folder / "reduced", left)

    def _folder(self, dataset: Dataset) -> Path:
        return self.settings.index / "eval" / dataset.name

    def _open(self, folder: Path, documents: Mapping[str, Document]) -> QAService:
        found = [document for document in documents.values() if document.text]
        jobs = os.cpu_count() or 1
        build_index(found, Store(folder), self.encoder, chunker=_whole, jobs=jobs)
        return self.opening(replace(self.settings, index=folder))


def of_article(settings: Settings) -> Settings:
    """Return the settings of the index of the bundled article, aside from that of the user."""
    return replace(settings, index=settings.index / "eval" / ARTICLE)


def _whole(document: Document, _count: object, _settings: object) -> list[Passage]:
    end = len(document.text)
    name = f"{document.id}#0-{end}"
    return [Passage(name, document.id, 0, end, document.text, (), document.language)]


def _link(source: Path, target: Path) -> None:
    # Generations are immutable, so two stores may share the same files on disk.
    try:
        shutil.rmtree(target, ignore_errors=True)
        unfinished = shutil.ignore_patterns("lock", ".tmp-*")
        shutil.copytree(source, target, ignore=unfinished, copy_function=os.link)
    except OSError as error:
        raise EvaluationError(
            f"cannot write {target} ({error}): set QA_INDEX to a folder that can be written to"
        ) from error
