"""``python -m eval.cost.latency FOLDER``: how long ranking takes on one core, encoder apart."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from documents.errors import PasserelleError
from eval.sets.collection import Collections
from eval.sets.datasets import load_dataset
from index.search.ranking import Query, rank
from qa.answer.service import QAService
from qa.language.detection import detect
from qa.question import for_query
from qa.settings import Settings

QUESTIONS = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the percentiles and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.latency", description=__doc__)
    parser.add_argument("dataset", type=Path, metavar="FOLDER")
    folder = parser.parse_args(arguments).dataset
    try:
        dataset = load_dataset(folder)
        service = Collections.of(Settings.from_environment()).whole(dataset)
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    p50, p95 = np.percentile(
        ranking_times(service, list(dataset.queries.values())[:QUESTIONS]), [50, 95]
    )
    print(f"{len(service.generation.passages)} passages: p50 {p50:.2f} ms, p95 {p95:.2f} ms")
    return 0


def ranking_times(service: QAService, questions: Sequence[str]) -> NDArray[np.float64]:
    """Rank each question twice and time the second, ``(n,) float64`` in milliseconds."""
    texts = [for_query(question) for question in questions]
    encoded = service.encoder.encode_queries(texts)
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        return np.array(
            [
                _time(service, Query(text, detect(text).code, pooled, tokens))
                for text, pooled, tokens in zip(texts, encoded.pooled, encoded.tokens, strict=True)
            ]
        )


def _time(service: QAService, query: Query) -> float:
    rank(service.generation, query)
    start = time.perf_counter()
    rank(service.generation, query)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
