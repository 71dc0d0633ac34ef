"""Asks questions of a part of an index, as if it were all of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

import numpy as np

from eval.calibration.sample import Asked
from index.dense.centres import Centres
from index.dense.exact import DenseIndex
from index.generations.generation import Generation
from index.generations.records import Passages
from index.late.contexts import Contexts
from index.late.scoring import LateIndex
from index.late.writer import late_index
from index.lexical.lexical_index import LexicalIndex
from index.search.ranking import Query, Ranking, rank
from qa.answer.confidence import measure
from qa.answer.duplicates import distinct, without_copies
from qa.answer.second_look import READ, Reads, reread
from qa.answer.service import QAService
from qa.language.detection import detect
from qa.question import for_query

READ_EVERY, FEW = 8, 60
"""Of more than a few questions that are asked of the same passages, one in so many is read."""


def asked_of(
    name: str,
    service: QAService,
    rows: list[int],
    queries: Mapping[str, Query],
    gold: Mapping[str, set[int]],
    read_every: int | None = None,
) -> Iterator[Asked]:
    """Ask questions of some of the passages alone.

    Args:
        name: of the data set.
        service: over all passages.
        rows: of the passages, rising.
        queries: the questions, by name.
        gold: the rows of the passages that answer, by question; none where nothing answers.
        read_every: one question in so many is read, if there is a reader; one in ``READ_EVERY``
            of more than ``FEW`` by default.
    """
    part = _part(cast(Generation, service.generation), rows)
    every = read_every or (READ_EVERY if len(queries) > FEW else 1)
    for number, (question, query) in enumerate(queries.items()):
        ranking = rank(part, query)
        assert ranking is not None  # noqa: S101 - there is a passage
        answers = {at for at, row in enumerate(rows) if row in gold.get(question, ())}
        yield _row(name, part, query, ranking, {}, answers)
        if service.look is not None and number % every == 0:
            found = distinct(part, ranking, READ)
            reads = service.look.read(query.text, ranking, found)
            yield _row(name, part, query, reread(ranking, found, reads), reads, answers)


def _row(
    name: str, part: Generation, query: Query, ranking: Ranking, reads: Reads, answers: set[int]
) -> Asked:
    ranking = without_copies(part, ranking)
    first = int(ranking.rows[0])
    read = reads[first].score if first in reads else math.nan
    found = measure(query, ranking, part.passages[first])
    return Asked(name, found, first in answers, bool(answers), query.language, read)


def _part(whole: Generation, rows: list[int]) -> Generation:
    """Return a generation in memory of some of the passages, as if they alone were indexed."""
    passages = [whole.passages[row] for row in rows]
    dense, late = DenseIndex.of(whole.dense.vectors(np.array(rows))), _late_part(whole, rows)
    return replace(
        whole,
        passages=cast(Passages, passages),
        dense=dense,
        centres=Centres.measure(dense, late.languages[: len(rows)]),
        near={},
        late=late,
        lexical=LexicalIndex.of(
            [p.text for p in passages],
            [p.language for p in passages],
            [p.context for p in passages],
        ),
    )


def _late_part(whole: Generation, rows: list[int]) -> LateIndex:
    """Return the tokens of some of the passages and of the texts above them."""
    above, counts = whole.late.contexts.rows_above(np.array(rows))
    texts, places = np.unique(above, return_inverse=True)
    ends = np.concatenate([[0], np.cumsum(counts)])
    held = [whole.above[row - len(whole.passages)] for row in texts.tolist()]
    languages = [p.language for p in (*(whole.passages[row] for row in rows), *held)]
    tokens = [whole.late.passage(row) for row in (*rows, *texts.tolist())]
    contexts = Contexts(places.astype(np.int32), ends)
    return late_index(tokens, languages, whole.late.frame.typical, contexts)


def encoded(service: QAService, questions: Mapping[str, str]) -> dict[str, Query]:
    """Return the questions as they are searched, by name."""
    texts = {name: for_query(question) for name, question in questions.items()}
    if not texts:
        return {}
    vectors = service.encoder.encode_queries(list(texts.values()))
    return {
        name: Query(text, detect(text).code, pooled, tokens)
        for (name, text), pooled, tokens in zip(
            texts.items(), vectors.pooled, vectors.tokens, strict=True
        )
    }
