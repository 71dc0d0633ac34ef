"""``python -m eval.calibration FOLDER …``: fits the weights of ``qa.confidence`` and prints them.

Each data set is asked on random parts of its collection, since a confidence must hold for
collections of any size; half of the questions are asked after the passages that answer them were
taken away. The article's ``dev`` questions count like one more data set. Figures are of each data
set left out in turn.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from documents.errors import PasserelleError
from eval.abstention import Outcomes, auroc, calibration_error
from eval.article import relevant_passages
from eval.collection import ARTICLE, Collections, of_article
from eval.datasets import Dataset, load_dataset
from eval.questions import load_questions
from index.dense import DenseIndex
from index.generation import Generation
from index.late import LateIndex
from index.lexical import LexicalIndex
from index.ranking import Query, rank
from qa.building import index_paths
from qa.confidence import Features, measure
from qa.language import detect
from qa.opening import open_service
from qa.question import for_query
from qa.service import QAService
from qa.settings import Settings

SIZES = (20, 80, 300, 2000)
REPETITIONS = 4
QUESTIONS = 400
"""How many questions of a data set are asked at each size, over all repetitions."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Questions that were asked.

    Attributes:
        source: each one's data set, ``(n,) str``.
        features: ``(n, f) float64``.
        right: whether the first passage answers, ``(n,) bool``.
    """

    source: NDArray[np.str_]
    features: NDArray[np.float64]
    right: NDArray[np.bool_]

    def of(self, members: NDArray[np.bool_]) -> Sample:
        """Return some of the questions."""
        return Sample(self.source[members], self.features[members], self.right[members])


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibration", description=__doc__)
    parser.add_argument("datasets", nargs="+", type=Path, metavar="FOLDER")
    folders = parser.parse_args(arguments).datasets
    try:
        sample = _sample(folders, Settings.from_environment())
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    _report(sample)
    return 0


def _sample(folders: Sequence[Path], settings: Settings) -> Sample:
    collections = Collections.of(settings)
    rows = [row for folder in folders for row in _of_dataset(load_dataset(folder), collections)]
    rows += _of_article(of_article(settings))
    sources, features, right = zip(*rows, strict=True)
    return Sample(np.array(sources), np.array(features, dtype=np.float64), np.array(right))


_Row = tuple[str, Features, bool]


def _of_dataset(dataset: Dataset, collections: Collections) -> Iterator[_Row]:
    service, generator = collections.whole(dataset), np.random.default_rng(0)
    places = {p.document_id: row for row, p in enumerate(service.generation.passages)}
    gold = {
        query: {places[dataset.documents[name].id] for name in names}
        for query, names in dataset.qrels.items()
    }
    queries, whole = _encode(service, dataset.queries), cast(Generation, service.generation)
    for rows in _parts(len(places), generator):
        inside = [query for query in queries if gold[query] & set(rows)]
        generator.shuffle(inside)
        yield from _ask(dataset.name, whole, rows, inside, queries, gold)


def _parts(total: int, generator: np.random.Generator) -> Iterator[list[int]]:
    for size in SIZES:
        for _ in range(REPETITIONS if size < total else 1):
            yield sorted(generator.choice(total, min(size, total), replace=False).tolist())
        if size >= total:
            return


def _ask(
    name: str,
    whole: Generation,
    rows: list[int],
    inside: list[str],
    queries: Mapping[str, Query],
    gold: Mapping[str, set[int]],
) -> Iterator[_Row]:
    asked = inside[: QUESTIONS // REPETITIONS if len(rows) < len(whole.passages) else QUESTIONS]
    taken = set().union(*(gold[query] for query in asked[::2])) if asked else set()
    kept = [row for row in rows if row not in taken]
    if not kept:
        return
    part = _part(whole, kept)
    for query in asked:
        ranking = rank(part, queries[query])
        assert ranking is not None  # noqa: S101 - there is a passage
        first = kept[ranking.rows[0]]
        yield (
            name,
            measure(queries[query], ranking, whole.passages[first].text),
            first in gold[query],
        )


def _part(whole: Generation, rows: list[int]) -> Generation:
    """Return a generation in memory of some of the passages, as if they alone were indexed."""
    passages = [whole.passages[row] for row in rows]
    languages = [p.language for p in passages]
    typical = whole.late.frame.typical
    return replace(
        whole,
        dense=DenseIndex.of(whole.dense.vectors(np.array(rows))),
        near={},
        late=LateIndex.of([whole.late.passage(row) for row in rows], languages, typical),
        lexical=LexicalIndex.of([p.text for p in passages], languages),
    )


def _of_article(settings: Settings) -> list[_Row]:
    index_paths([], settings)
    service = open_service(settings)
    held = service.generation
    questions = {q.id: q for q in load_questions() if q.split == "dev"}
    rows: list[_Row] = []
    for name, query in _encode(service, {i: q.text for i, q in questions.items()}).items():
        ranking = rank(held, query)
        assert ranking is not None  # noqa: S101 - there is a passage
        first = held.passages[ranking.rows[0]]
        gold = relevant_passages(questions[name], tuple(held.documents.values()), held.passages)
        rows.append((ARTICLE, measure(query, ranking, first.text), first.id in gold))
    return rows


def _encode(service: QAService, questions: Mapping[str, str]) -> dict[str, Query]:
    texts = {name: for_query(question) for name, question in questions.items()}
    encoded = service.encoder.encode_queries(list(texts.values()))
    return {
        name: Query(text, detect(text).code, pooled, tokens)
        for (name, text), pooled, tokens in zip(
            texts.items(), encoded.pooled, encoded.tokens, strict=True
        )
    }


def fit(sample: Sample) -> tuple[NDArray[np.float64], float]:
    """Fit the model, each source counting the same.

    Returns:
        The weights of the features as they are, ``(f,) float64``, and the intercept.
    """
    names, members = np.unique(sample.source, return_inverse=True)
    shares = (len(members) / len(names) / np.bincount(members))[members]
    means, spreads = sample.features.mean(axis=0), sample.features.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=5000)
    model.fit((sample.features - means) / spreads, sample.right, sample_weight=shares)
    weights = model.coef_[0] / spreads
    return weights, float(model.intercept_[0] - weights @ means)


def predict(weights: NDArray[np.float64], intercept: float, sample: Sample) -> NDArray[np.float64]:
    """Return the probabilities of a fitted model, ``(n,) float64``."""
    return np.asarray(1 / (1 + np.exp(-(sample.features @ weights + intercept))))


def _report(sample: Sample) -> None:
    for name in np.unique(sample.source):
        held = sample.of(sample.source == name)
        # Data sets of one name, asked in other directions, hold the same passages.
        family = name.split(".")[0]
        rest = np.array([not source.startswith(family) for source in sample.source])
        found = Outcomes(predict(*fit(sample.of(rest)), held), held.right, held.right)
        area = auroc(found.confidence, found.right)
        print(
            f"{name:24} n {len(held.right):5} AUROC {area:.3f} ECE {calibration_error(found):.3f}"
        )
    weights, intercept = fit(sample)
    rounded = ", ".join(f"{n}={w:.3f}" for n, w in zip(Features._fields, weights, strict=True))
    print(f"WEIGHTS = Features({rounded})\nINTERCEPT = {intercept:.3f}")


if __name__ == "__main__":
    sys.exit(main())
