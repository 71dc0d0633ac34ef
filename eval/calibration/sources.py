"""Where the questions come from that the confidence is fitted to: see ``eval.calibration``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

from eval.article import relevant_passages
from eval.calibration.asking import asked_of, encoded
from eval.calibration.sample import ALONE, NEAR, SWAPPED, Asked
from eval.sets.collection import ARTICLE, Collections
from eval.sets.datasets import Dataset
from eval.sets.documents import DocumentFolder, Gold, load_document_questions
from eval.sets.questions import Question, load_questions
from eval.sets.squad import Squad, is_judged
from eval.sets.swaps import swapped
from index.generations.generation import Generation
from index.search.ranking import Query
from qa.answer.service import QAService
from qa.indexes.building import index_paths
from qa.indexes.opening import open_service
from qa.settings import Settings

NEAR_MISSES = Path(__file__).parent.parent / "near_misses"
SIZES = (20, 80, 300, 2000)
REPETITIONS = 4
QUESTIONS = 400
"""How many questions of a data set are asked at each size, over all repetitions."""
LEARNT = "piaf."
"""How the names of data sets start that the reader was trained on: it is not asked of them."""
SINGLE = 6
"""How many documents of a folder are asked alone."""
SWAPS, ASKED = 40, 6
"""How many swapped questions of a folder, and questions of an article's half, are asked at most."""
PARAGRAPHS, OTHERS = 3, 15
"""An article must have so many paragraphs; so many of other articles stand beside them."""


def of_dataset(dataset: Dataset, collections: Collections) -> Iterator[Asked]:
    """Ask questions of random parts of a data set, half of them after their answers went."""
    service, generator = collections.whole(dataset), np.random.default_rng(0)
    if dataset.name.startswith(LEARNT):
        service = replace(service, look=None)
    places = {p.document_id: row for row, p in enumerate(service.generation.passages)}
    gold = {
        query: {places[dataset.documents[name].id] for name in names}
        for query, names in dataset.qrels.items()
    }
    queries = encoded(service, dataset.queries)
    for rows in _parts(len(places), generator):
        inside = [query for query in queries if gold[query] & set(rows)]
        generator.shuffle(inside)
        yield from _ask(dataset.name, service, rows, inside, queries, gold)


def of_folder(
    folder: DocumentFolder, collections: Collections, read_every: int | None = None
) -> Iterator[Asked]:
    """Ask all questions of the whole, and every second one after its answer was taken away.

    See ``asked_of`` for ``read_every``.
    """
    service, _ = collections.files(folder.name, [folder.docs])
    whole = cast(Generation, service.generation)
    places = {p.id: row for row, p in enumerate(whole.passages)}
    gold = Gold.of([folder.docs], whole.documents, whole.passages).relevant_to_all(folder)
    rows = {str(n): {places[name] for name in names} for n, names in enumerate(gold)}
    queries = encoded(service, {str(n): q.text for n, q in enumerate(folder.questions)})
    every = list(range(len(whole.passages)))
    yield from asked_of(folder.name, service, every, queries, rows, read_every)
    removed = {name: queries[name] for name in [n for n in rows if rows[n]][::2]}
    taken = set().union(*(rows[name] for name in removed))
    kept = [row for row in every if row not in taken]
    if kept:
        yield from asked_of(folder.name, service, kept, removed, rows, read_every)
    yield from _alone(folder.name + ALONE, service, queries, rows)


def _alone(
    name: str, service: QAService, queries: Mapping[str, Query], gold: Mapping[str, set[int]]
) -> Iterator[Asked]:
    """Ask the documents that have most questions alone: their own, and as many of the others."""
    whole = service.generation
    own: dict[str, list[str]] = {}
    for question, rows in gold.items():
        for document in {whole.passages[row].document_id for row in rows}:
            own.setdefault(document, []).append(question)
    for document in sorted(own, key=lambda d: -len(own[d]))[:SINGLE]:
        mine = set(own[document])
        others = [question for question in queries if question not in mine]
        chosen = others[:: max(1, len(others) // len(mine))]
        asked = {question: queries[question] for question in (*own[document], *chosen)}
        yield from asked_of(name, service, list(whole.rows_of(document)), asked, gold)


def _parts(total: int, generator: np.random.Generator) -> Iterator[list[int]]:
    for size in SIZES:
        for _ in range(REPETITIONS if size < total else 1):
            yield sorted(generator.choice(total, min(size, total), replace=False).tolist())
        if size >= total:
            return


def _ask(
    name: str,
    service: QAService,
    rows: list[int],
    inside: list[str],
    queries: Mapping[str, Query],
    gold: Mapping[str, set[int]],
) -> Iterator[Asked]:
    asked = inside[
        : QUESTIONS // REPETITIONS if len(rows) < len(service.generation.passages) else QUESTIONS
    ]
    taken = set().union(*(gold[query] for query in asked[::2])) if asked else set()
    kept = [row for row in rows if row not in taken]
    if not kept:
        return
    yield from asked_of(name, service, kept, {query: queries[query] for query in asked}, gold)


def of_bundled(settings: Settings) -> list[Asked]:
    """Ask the ``dev`` questions of the bundled article, and its near misses."""
    index_paths([], settings)
    service = open_service(settings)
    rows = [q for q in load_questions() if q.split == "dev"]
    near = load_questions(NEAR_MISSES / "article.jsonl")
    return [*_asked_article(service, ARTICLE, rows), *_asked_article(service, ARTICLE + NEAR, near)]


def _asked_article(service: QAService, name: str, questions: Sequence[Question]) -> Iterator[Asked]:
    held = cast(Generation, service.generation)
    places, documents = {p.id: row for row, p in enumerate(held.passages)}, held.documents.values()
    gold = {
        q.id: {places[p] for p in relevant_passages(q, tuple(documents), held.passages)}
        for q in questions
    }
    queries = encoded(service, {q.id: q.text for q in questions})
    return asked_of(name, service, list(range(len(places))), queries, gold)


def near_folder(
    folder: DocumentFolder, collections: Collections, names: Sequence[str]
) -> Iterator[Asked]:
    """Ask the near misses on a folder, with their twins, and its own questions after swaps."""
    service, _ = collections.files(folder.name, [folder.docs])
    whole = cast(Generation, service.generation)
    every, places = (
        list(range(len(whole.passages))),
        {p.id: n for n, p in enumerate(whole.passages)},
    )
    written = NEAR_MISSES / f"{folder.name}.jsonl"
    if written.is_file():
        near = replace(folder, questions=load_document_questions(written, folder.docs))
        gold = Gold.of([folder.docs], whole.documents, whole.passages).relevant_to_all(near)
        rows = {str(n): {places[name] for name in found} for n, found in enumerate(gold)}
        queries = encoded(service, {str(n): q.text for n, q in enumerate(near.questions)})
        yield from asked_of(folder.name + NEAR, service, every, queries, rows)
    text = " ".join(f"{d.title} {d.text}" for d in whole.documents.values())
    asked = [q.text for q in folder.questions if q.answerable]
    swaps = _swaps(asked, text, names, SWAPS)
    yield from asked_of(folder.name + SWAPPED, service, every, encoded(service, swaps), {})


def _swaps(questions: Sequence[str], text: str, names: Sequence[str], count: int) -> dict[str, str]:
    generator = np.random.default_rng(1)
    every = [swap for q in questions for swap in swapped(q, text, names, generator)]
    generator.shuffle(every)
    return {str(n): swap for n, swap in enumerate(every[:count])}


def of_squad(squad: Squad, collections: Collections, names: Sequence[str]) -> Iterator[Asked]:
    """Ask each article's questions after half of its paragraphs were taken away.

    The reader is asked of the articles that it was not trained on.
    """
    service, generator = collections.whole(squad.dataset), np.random.default_rng(0)
    whole = cast(Generation, service.generation)
    places = {p.document_id: row for row, p in enumerate(whole.passages)}
    asked: dict[str, list[str]] = {}
    for question, gold in squad.dataset.qrels.items():
        asked.setdefault(min(gold), []).append(question)
    for title, held in squad.articles.items():
        if len(held) >= PARAGRAPHS:
            part = _Part.of(title, held, sorted(places), generator)
            kept_back = is_judged(title.replace("_", " "))
            asking = service if kept_back else replace(service, look=None)
            yield from _ask_part(squad.dataset, asking, part, asked, places, names)


class _Part(NamedTuple):
    """Half of an article's paragraphs, some of other articles, and what was taken away."""

    title: str
    kept: list[str]
    removed: list[str]
    others: list[str]

    @classmethod
    def of(
        cls, title: str, held: Sequence[str], every: Sequence[str], generator: np.random.Generator
    ) -> _Part:
        order = generator.permutation(list(held))[:20].tolist()
        half, apart = len(order) // 2, sorted(set(every) - set(held))
        more = generator.choice(apart, min(OTHERS, len(apart)), replace=False).tolist()
        return cls(title, order[half:], order[:half], more)


def _ask_part(
    dataset: Dataset,
    service: QAService,
    part: _Part,
    asked: Mapping[str, list[str]],
    places: Mapping[str, int],
    names: Sequence[str],
) -> Iterator[Asked]:
    whole = cast(Generation, service.generation)
    rows = sorted(places[name] for name in (*part.kept, *part.others))
    chosen = [
        question
        for names_ in (part.kept, part.removed)
        for question in [q for name in names_ for q in asked.get(name, [])][::2][:ASKED]
    ]
    gold = {q: {places[name] for name in dataset.qrels[q]} for q in chosen}
    texts = {question: dataset.queries[question] for question in chosen}
    yield from asked_of(dataset.name, service, rows, encoded(service, texts), gold)
    text = " ".join([part.title, *(whole.passages[row].text for row in rows)])
    swaps = _swaps([*texts.values()][:ASKED], text, names, 3)
    name = dataset.name.removesuffix(NEAR) + SWAPPED
    yield from asked_of(name, service, rows, encoded(service, swaps), {})
