"""Asks a data set's questions of every system, and again with half of the answers removed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.abstention import Outcomes, outcomes
from eval.metrics import Judged, Scores, score
from eval.misses import Miss, first_relevant, misses
from eval.rivals.baselines import Ranking, rank_baselines
from eval.sets.collection import Collections
from eval.sets.datasets import Dataset, Direction
from qa.answer.service import MAX_TOP_K, AskRequest, QAService
from qa.answer.types import Answer
from qa.language.detection import detect

BATCH = 100
SEED = "passerelle"


@dataclass(frozen=True, slots=True)
class DatasetResult:
    """The scores of every system on a data set of n questions.

    Attributes:
        name: the name of the data set.
        passages: the number of its passages.
        directions: the direction of each question, such as ``en → fr``.
        scores: by the system's name, then the metric's, ``(n,) float64``.
        abstention: the confidence on the same questions, asked again after the passages that
            answer half of them were removed; None if no passage was left.
        misses: the questions whose first passage is not relevant, the worst first.
    """

    name: str
    passages: int
    directions: tuple[str, ...]
    scores: Mapping[str, Scores]
    abstention: Outcomes | None
    misses: tuple[Miss, ...]


def evaluate(dataset: Dataset, collections: Collections) -> DatasetResult:
    """Index a data set, ask it everything and score the answers.

    Raises:
        IndexingError: it cannot be indexed.
    """
    service = collections.whole(dataset)
    judged = judge(dataset, service)
    return DatasetResult(
        dataset.name,
        len(dataset.documents),
        tuple(_direction(dataset, *query) for query in dataset.queries.items()),
        {name: score(rankings) for name, rankings in judged.items()},
        _abstain(dataset, collections),
        _misses(dataset, judged["passerelle"]),
    )


def judge(dataset: Dataset, service: QAService) -> dict[str, list[Judged]]:
    """Return how every system ranks the passages for every question, by the system's name."""
    questions = list(dataset.queries.values())
    judged = {"passerelle": _judged(dataset, _answered(dataset, ask(service, questions)))}
    for name, rankings in rank_baselines(service, questions).items():
        judged[name] = _judged(dataset, _ranked(dataset, service, rankings))
    return judged


def ask(service: QAService, questions: Sequence[str]) -> list[Answer]:
    """Ask every question; its language is detected, as it is for anyone."""
    requests = [AskRequest(question, top_k=MAX_TOP_K) for question in questions]
    batches = (requests[i : i + BATCH] for i in range(0, len(requests), BATCH))
    return [answer for batch in batches for answer in service.ask_many(batch)]


def loses_gold(query_id: str) -> bool:
    """Tell whether the passages that answer a question are removed: for about half, by a digest."""
    return bool(hashlib.sha256(f"{SEED}:{query_id}".encode()).digest()[0] % 2)


def _abstain(dataset: Dataset, collections: Collections) -> Outcomes | None:
    lost = (dataset.qrels[query] for query in dataset.queries if loses_gold(query))
    removed = frozenset[str]().union(*lost)
    service = collections.without(dataset, removed)
    if service is None:
        return None
    answers = ask(service, list(dataset.queries.values()))
    judged = _judged(dataset, _answered(dataset, answers))
    right = [first_relevant(j) == 1 for j in judged]
    answerable = [bool(j.relevant - removed) for j in judged]
    return outcomes(answers, right, answerable)


def _answered(dataset: Dataset, answers: Sequence[Answer]) -> list[tuple[str, ...]]:
    names = _corpus_ids(dataset)
    return [tuple(names[p.passage.document_id] for p in answer.passages) for answer in answers]


def _ranked(
    dataset: Dataset, service: QAService, rankings: Sequence[Ranking]
) -> list[tuple[str, ...]]:
    names, passages = _corpus_ids(dataset), service.generation.passages
    return [tuple(names[passages[row].document_id] for row in ranking) for ranking in rankings]


def _corpus_ids(dataset: Dataset) -> dict[str, str]:
    return {document.id: name for name, document in dataset.documents.items()}


def _judged(dataset: Dataset, rankings: Sequence[tuple[str, ...]]) -> list[Judged]:
    pairs = zip(dataset.queries, rankings, strict=True)
    return [Judged(query, ranking, dataset.qrels[query]) for query, ranking in pairs]


def _direction(dataset: Dataset, query_id: str, question: str) -> str:
    if dataset.direction is not None:
        return str(dataset.direction)
    gold = dataset.documents[min(dataset.qrels[query_id])]
    return str(Direction(detect(question).code, gold.language))


def _misses(dataset: Dataset, judged: Sequence[Judged]) -> tuple[Miss, ...]:
    texts = {name: document.text for name, document in dataset.documents.items()}
    gold = [texts[min(dataset.qrels[query])] for query in dataset.queries]
    return misses(judged, list(dataset.queries.values()), texts, gold)
