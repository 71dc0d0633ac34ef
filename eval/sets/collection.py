"""Indexes data sets, whole or in part, and opens the indexes as a service does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from documents.discovery import UnreadFile
from documents.types import Document, Passage, context_of
from eval.errors import EvaluationError
from eval.sets.datasets import Dataset
from index.build.encoder import open_build_encoder
from index.build.pipeline import build_index
from index.build.stage import BuildEncoder
from index.generations.folder import FolderStore
from index.model.source import resolve_model
from qa.answer.service import QAService
from qa.indexes.building import index_paths
from qa.indexes.opening import open_service
from qa.settings import Settings

ARTICLE = "article"
PATIENT = 60_000
"""For so many milliseconds a question is read: on a slow machine, too, as much as on others."""


@dataclass(frozen=True, slots=True)
class Collections:
    """Indexes data sets in folders of their own.

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
        """Use the exported encoder of the article's index, which is built first.

        Raises:
            IndexingError: there is none, or it cannot be used.
        """
        settings = _patient(settings)
        article = of_article(settings)
        index_paths([], article)
        model = resolve_model(settings.model, settings.cache)
        with open_build_encoder(model, FolderStore(article.index)) as encoder:
            return cls(settings, encoder)

    def whole(self, dataset: Dataset) -> QAService:
        """Index a data set and open it.

        Raises:
            IndexingError: it cannot be built or opened.
        """
        return self._open(self._folder(dataset) / "whole", dataset.documents)

    def files(self, name: str, paths: Sequence[Path]) -> tuple[QAService, tuple[UnreadFile, ...]]:
        """Read, cut and index the files of folders as anyone's are, and open the index.

        Args:
            name: the index goes into a folder of this name.
            paths: of the folders.

        Returns:
            The service, and what could not be read.

        Raises:
            DocumentError: there is no document at the paths.
            IndexingError: the index cannot be built or opened.
        """
        settings = replace(self.settings, index=self.settings.index / "eval" / "documents" / name)
        indexed = index_paths(paths, settings, encoder=self.encoder, only=True)
        return self.opening(settings), tuple(indexed.reading.problems)

    def without(self, dataset: Dataset, removed: frozenset[str]) -> QAService | None:
        """Index a data set without these entries; return None if no text is left.

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
        build_index(found, FolderStore(folder), self.encoder, chunker=_whole, jobs=jobs)
        return self.opening(replace(self.settings, index=folder))


def of_article(settings: Settings) -> Settings:
    """Return settings for an index of the bundled article, apart from the user's own index."""
    return replace(_patient(settings), index=settings.index / "eval" / ARTICLE)


def _patient(settings: Settings) -> Settings:
    return replace(settings, read_ms=PATIENT if settings.read_ms else 0)


def _whole(document: Document, _count: object, _settings: object) -> list[Passage]:
    end = len(document.text)
    name = f"{document.id}#0-{end}"
    context = context_of(document, (), ())
    return [
        Passage(name, document.id, 0, end, document.text, (), document.language, context=context)
    ]


def _link(source: Path, target: Path) -> None:
    # Generations never change, so hard links to their files are safe.
    try:
        shutil.rmtree(target, ignore_errors=True)
        unfinished = shutil.ignore_patterns("lock", ".tmp-*")
        shutil.copytree(source, target, ignore=unfinished, copy_function=os.link)
    except OSError as error:
        raise EvaluationError(
            f"cannot write {target} ({error}): set QA_INDEX to a folder that can be written to"
        ) from error
