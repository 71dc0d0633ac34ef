"""How well the reader does on articles that it was not trained on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.abstention import auroc
from eval.training.examples import Example, Examples, Item
from index.reader.inputs import ReaderInput
from index.reader.reader import Reading

Read = Callable[[str, Sequence[ReaderInput]], list[Reading]]
"""Reads a question with passages, as ``Reader.read`` does."""
_ARTICLES: Final = frozenset(re.split(" ", "a an the le la les l un une du des de d"))
_WORD: Final = re.compile(r"\w+")


class Figures(NamedTuple):
    """What the scores tell apart, and how well the spans are found.

    Attributes:
        questions: how many were judged.
        near: AUROC of passages that answer against the nearest that do not.
        cut: AUROC against the same paragraphs without the sentence that answers.
        first: the share of questions whose passage has a higher score than its nearest other.
        f1: of the words of the span, in passages that answer.
        exact: the share of spans that are right, word for word.
    """

    questions: int
    near: float | None
    cut: float | None
    first: float
    f1: float
    exact: float


class Judged(NamedTuple):
    """A question with the passage that answers, one that does not, and the first one cut."""

    answering: Example
    near: Example
    cut: Example


def judged_of(examples: Examples, items: Sequence[Item], seed: int = 0) -> Iterator[Judged]:
    """Yield what is read of each question; those without a hard passage are left out."""
    for number, item in enumerate(items):
        generator = np.random.default_rng([seed, number])
        answering = examples.answering(item, generator)
        near = next(examples.near(item, generator), None)
        cut = examples.without(item, generator)
        if answering and near and cut:
            yield Judged(answering, near, cut)


def judge(judged: Sequence[Judged], read: Read) -> Figures:
    """Read all passages and compare."""
    found = [
        read(each.answering.question, [ReaderInput(e.context, e.text) for e in each])
        for each in judged
    ]
    scores = np.array([[reading.score for reading in row] for row in found])
    words = [_agreement(e.answering, row[0]) for e, row in zip(judged, found, strict=True)]
    return Figures(
        len(judged),
        _area(scores[:, 0], scores[:, 1]),
        _area(scores[:, 0], scores[:, 2]),
        float((scores[:, 0] > scores[:, 1]).mean()),
        float(np.mean(words)),
        float(np.mean([share == 1 for share in words])),
    )


def _area(right: NDArray[np.float64], wrong: NDArray[np.float64]) -> float | None:
    return auroc(np.concatenate([right, wrong]), np.arange(2 * len(right)) < len(right))


def _agreement(example: Example, reading: Reading) -> float:
    found = example.text[reading.start : reading.end]
    return max(word_f1(found, example.text[slice(*answer)]) for answer in example.answers)


def word_f1(found: str, gold: str) -> float:
    """Return F1 of the words of two texts, articles left out (SQuAD, Rajpurkar et al., 2016)."""
    a, b = _words(found), _words(gold)
    shared = sum((a & b).values())
    return 2 * shared / (a.total() + b.total()) if a.total() + b.total() else 1.0


def _words(text: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(text.lower()) if word not in _ARTICLES)
