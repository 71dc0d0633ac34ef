"""Measures what an index costs to build and to ask as it grows, beside the naive service."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from documents.types import Document, Passage
from eval.cost.latency import ranking_times
from eval.cost.side_by_side import SAMPLE, SideBySide
from eval.reports.measurement import Measurement
from index.build.encoder import open_build_encoder
from index.build.pipeline import Built, build_index
from index.generations.folder import FolderStore
from index.model.source import ModelSource
from qa.indexes.opening import open_service
from qa.settings import Settings

SIZES: Final = (100, 1_000, 10_000)
"""The numbers of passages in the indexes; texts are repeated if there are too few."""
COMPARED: Final = 1_000
"""The number of passages in the index that both services answer from."""
ENCODED: Final = 128
"""How many passages are encoded to measure the speed of encoding."""


@dataclass(frozen=True, slots=True)
class Growth:
    """An index that grows.

    Attributes:
        settings: of the index.
        source: the model.
        documents: documents of one passage each.
        questions: the questions, asked in turn.
        folder: for the files of the naive service.
    """

    settings: Settings
    source: ModelSource
    documents: Sequence[Document]
    questions: Sequence[str]
    folder: Path

    def rows(self) -> Iterator[Measurement]:
        """Measure at every size, and beside the naive service at one; takes minutes."""
        services = SideBySide(self.settings, self.source, self.questions, self.folder)
        for size in SIZES:
            built = self._build(size)
            if size == COMPARED:
                yield from services.rows(built.generation)
                yield Measurement(
                    "indexing", "passages/s", self._rate(), self._naive_rate(), less=False
                )
            yield Measurement(
                f"index of {size:,} passages", "MB", _size(built.generation.encoder.parent)
            )
            found = ranking_times(open_service(self.settings), self.questions[:SAMPLE])
            yield Measurement(
                f"search and ranking, {size:,} passages, p50", "ms", float(np.median(found))
            )
            yield Measurement(f"cold `qa ask`, {size:,} passages", "s", services.cold(3)[0])

    def _build(self, size: int) -> Built:
        """Index this many passages; those that are indexed already are not encoded again."""
        count = len(self.documents)
        held = [replace(self.documents[n % count], id=f"d{n}") for n in range(size)]
        return self._index(held, FolderStore(self.settings.index))

    def _index(self, documents: Sequence[Document], target: FolderStore) -> Built:
        with open_build_encoder(self.source, FolderStore(self.settings.index)) as encoder:
            return build_index(documents, target, encoder, chunker=_whole, jobs=os.cpu_count() or 1)

    def _sample(self) -> list[Document]:
        """Return documents from all over the collection."""
        return list(self.documents[:: max(1, len(self.documents) // ENCODED)])

    def _rate(self) -> float:
        """Return passages a second, from chunks to a published generation, the encoder loaded."""
        start = time.perf_counter()
        built = self._index(self._sample(), FolderStore(self.folder / "sample"))
        return built.encoded / (time.perf_counter() - start)

    def _naive_rate(self) -> float:
        """Return passages a second of the encoding alone."""
        from sentence_transformers import SentenceTransformer

        texts = [document.text for document in self._sample()]
        model = SentenceTransformer(self.source.location)
        start = time.perf_counter()
        model.encode(texts, prompt="passage: ", normalize_embeddings=True, show_progress_bar=False)
        return len(texts) / (time.perf_counter() - start)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _whole(document: Document, _count: object, _settings: object) -> list[Passage]:
    end = len(document.text)
    name = f"{document.id}#0-{end}"
    return [Passage(name, document.id, 0, end, document.text, (), document.language)]
