"""The export beside the model itself: the same vectors, and the same ranking of data sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.benchmark import judge
from eval.collection import Collections
from eval.datasets import Dataset
from eval.metrics import score
from eval.rows import Row
from index.encoding_stage import BuildEncoder
from index.generation import Generation
from index.storage import Store
from qa.service import QAService
from qa.settings import Settings

SAMPLE = 64
"""How many questions and passages are compared."""


@dataclass(frozen=True, slots=True)
class Parity:
    """Two encoders of one model.

    Attributes:
        settings: indexes go below ``settings.index``.
        exported: what an index carries.
        model: what sentence-transformers runs.
    """

    settings: Settings
    exported: BuildEncoder
    model: BuildEncoder

    def cosines(self, questions: list[str], passages: list[str]) -> Iterator[Row]:
        """Compare the vectors of texts."""
        encoders = (self.exported, self.model)
        asked = [e.encode_queries(questions[:SAMPLE]).pooled for e in encoders]
        told = [e.encode_passages(passages[:SAMPLE]).pooled for e in encoders]
        for what, (mine, theirs) in (("questions", asked), ("passages", told)):
            cosines = (mine * theirs).sum(axis=1)
            name = f"cosine to sentence-transformers, {what}"
            yield Row(f"{name}, median", "", float(np.median(cosines)))
            yield Row(f"{name}, least", "", float(cosines.min()))

    def rankings(self, datasets: Sequence[Dataset]) -> Iterator[Row]:
        """Compare the nDCG@10 of data sets."""
        for dataset in datasets:
            mine, theirs = (self._scores(dataset, e) for e in (self.exported, self.model))
            for system in mine:
                difference = float((mine[system] - theirs[system]).mean())
                yield Row(f"nDCG@10, export less model: {dataset.name}, {system}", "", difference)

    def _scores(self, dataset: Dataset, encoder: BuildEncoder) -> dict[str, NDArray[np.float64]]:
        def opening(settings: Settings) -> QAService:
            return QAService(Generation.open(Store(settings.index).current()), encoder)

        place = Path(f"{self.settings.index}-{type(encoder).__name__}")
        held = Collections(Settings(place, self.settings.cache), encoder, opening)
        judged = judge(dataset, held.whole(dataset))
        return {s: score(judged[s])["nDCG@10"] for s in ("passerelle", "dense")}
