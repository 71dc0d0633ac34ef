"""``python -m eval.mixed FOLDER …``: whether a question prefers passages of its own language.

The data sets are put together into one collection of both languages, where a question is answered
by passages in either: give it the four directions of one set. A ranking that favours neither
language has as many of each among its first ten as the collection does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from documents.errors import PasserelleError
from eval.benchmark import ask
from eval.metrics import Judged, score
from eval.rivals.baselines import rank_baselines
from eval.sets.collection import Collections
from eval.sets.datasets import Dataset, load_dataset
from qa.answer.service import QAService
from qa.language.detection import detect
from qa.settings import Settings

FIRST = 10
SystemRankings = dict[str, list[list[int]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.mixed", description=__doc__)
    parser.add_argument("datasets", nargs="+", type=Path, metavar="FOLDER")
    folders = parser.parse_args(arguments).datasets
    try:
        dataset = merged([load_dataset(folder) for folder in folders])
        service = Collections.of(Settings.from_environment()).whole(dataset)
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    Console().print(own_language_table(dataset, service))
    return 0


def merged(datasets: Sequence[Dataset]) -> Dataset:
    """Put data sets together; what several hold under one identifier is the same thing."""
    qrels: dict[str, frozenset[str]] = {}
    for dataset in datasets:
        for query, names in dataset.qrels.items():
            qrels[query] = qrels.get(query, frozenset()) | names
    return Dataset(
        name="mixed-" + "-".join(sorted({d.name.split(".")[0] for d in datasets})),
        documents={k: v for d in datasets for k, v in d.documents.items()},
        queries={k: v for d in datasets for k, v in d.queries.items()},
        qrels=qrels,
        direction=None,
    )


def own_language_table(dataset: Dataset, service: QAService) -> Table:
    """Lay out nDCG@10 and the share of the question's own language, by system and language."""
    found = Table(title=f"{dataset.name}: {len(dataset.documents)} passages", title_justify="left")
    for column in ("system", "questions", "n", "nDCG@10", "own language among the first ten"):
        found.add_column(column, justify="left" if column in {"system", "questions"} else "right")
    languages = np.array([detect(question).code for question in dataset.queries.values()])
    for system, rankings in _rankings(dataset, service).items():
        for code in ("fr", "en"):
            members = np.flatnonzero(languages == code)
            found.add_row(system, code, *_cells(dataset, service, rankings, members, code))
    return found


def _rankings(dataset: Dataset, service: QAService) -> SystemRankings:
    questions = list(dataset.queries.values())
    places = {p.id: row for row, p in enumerate(service.generation.passages)}
    own = [[places[p.passage.id] for p in a.passages] for a in ask(service, questions)]
    baselines = rank_baselines(service, questions)
    return {"passerelle": own, **{n: [list(r) for r in rows] for n, rows in baselines.items()}}


def _cells(
    dataset: Dataset,
    service: QAService,
    rankings: list[list[int]],
    members: np.ndarray[tuple[int], np.dtype[np.int64]],
    code: str,
) -> tuple[str, str, str]:
    passages, queries = service.generation.passages, list(dataset.queries)
    names = {document.id: name for name, document in dataset.documents.items()}
    judged = [
        Judged(
            queries[i],
            tuple(names[passages[row].document_id] for row in rankings[i]),
            dataset.qrels[queries[i]],
        )
        for i in members
    ]
    shares = [
        np.mean([passages[row].language == code for row in rankings[i][:FIRST]]) for i in members
    ]
    return str(len(members)), f"{score(judged)['nDCG@10'].mean():.3f}", f"{np.mean(shares):.0%}"


if __name__ == "__main__":
    sys.exit(main())
