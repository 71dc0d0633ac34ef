"""``python -m eval.parity FOLDER ...``: compares the exported encoder with the original model.

It compares the vectors of texts, and the rankings of data sets in BEIR layout.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from documents.errors import PasserelleError
from eval.benchmark import judge
from eval.metrics import score
from eval.reports.measurement import Measurement, measurement_table
from eval.sets.collection import Collections
from eval.sets.datasets import Dataset, load_dataset
from index.build.encoder import open_build_encoder
from index.build.stage import BuildEncoder
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.model.sentence_transformer import SentenceTransformerEncoder
from index.model.source import resolve_model
from qa.answer.service import QAService
from qa.settings import Settings

SAMPLE = 64
"""How many questions and passages are compared."""


@dataclass(frozen=True, slots=True)
class Parity:
    """The two encoders of one model.

    Attributes:
        settings: indexes are built beside ``settings.index``.
        exported: the ONNX encoder that an index carries.
        model: the original, run by sentence-transformers.
    """

    settings: Settings
    exported: BuildEncoder
    model: BuildEncoder

    def cosines(self, questions: list[str], passages: list[str]) -> Iterator[Measurement]:
        """Compare the vectors of texts."""
        encoders = (self.exported, self.model)
        query_vectors = [e.encode_queries(questions[:SAMPLE]).pooled for e in encoders]
        passage_vectors = [e.encode_passages(passages[:SAMPLE]).pooled for e in encoders]
        for what, (mine, theirs) in (("questions", query_vectors), ("passages", passage_vectors)):
            cosines = (mine * theirs).sum(axis=1)
            name = f"cosine to sentence-transformers, {what}"
            yield Measurement(f"{name}, median", "", float(np.median(cosines)))
            yield Measurement(f"{name}, least", "", float(cosines.min()))

    def rankings(self, datasets: Sequence[Dataset]) -> Iterator[Measurement]:
        """Compare the nDCG@10 of data sets."""
        for dataset in datasets:
            mine, theirs = (self._scores(dataset, e) for e in (self.exported, self.model))
            for system in mine:
                difference = float((mine[system] - theirs[system]).mean())
                yield Measurement(
                    f"nDCG@10, export less model: {dataset.name}, {system}", "", difference
                )

    def _scores(self, dataset: Dataset, encoder: BuildEncoder) -> dict[str, NDArray[np.float64]]:
        def opening(settings: Settings) -> QAService:
            return QAService(Generation.open(FolderStore(settings.index).current()), encoder)

        place = Path(f"{self.settings.index}-{type(encoder).__name__}")
        held = Collections(Settings(place, self.settings.cache), encoder, opening)
        judged = judge(dataset, held.whole(dataset))
        return {s: score(judged[s])["nDCG@10"] for s in ("passerelle", "dense")}


def compare(
    datasets: Sequence[Dataset], ranked: Sequence[Dataset], settings: Settings
) -> Iterator[Measurement]:
    """Compare the vectors of the texts of data sets, and the rankings of some of them.

    Args:
        datasets: whose questions and passages are encoded.
        ranked: the data sets whose questions are ranked with both encoders.
        settings: of an index, whose exported encoder is used if there is one; the indexes that are
            compared are built beside it.
    """
    questions = [question for dataset in datasets for question in dataset.queries.values()]
    texts = [d.text for dataset in datasets for d in dataset.documents.values() if d.text]
    source = resolve_model(settings.model, settings.cache)
    with open_build_encoder(source, FolderStore(settings.index)) as exported:
        parity = Parity(settings, exported, SentenceTransformerEncoder(source))
        yield from parity.cosines(questions, texts)
        yield from parity.rankings(ranked)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a Markdown table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.parity", description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="FOLDER")
    folders = parser.parse_args(arguments).datasets
    try:
        datasets = [load_dataset(path) for path in folders]
        with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
            own = replace(Settings.from_environment(), index=Path(folder) / "index")
            print(measurement_table(list(compare(datasets, datasets, own))))
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
