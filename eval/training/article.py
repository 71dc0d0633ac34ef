"""``python -m eval.training.article FOLDER``: judges a reader by the product's own ranking.

The folder holds an adapter, as a training leaves it. Its reader reads the first passages of each
question on the bundled article: those of ``eval/questions.jsonl``, and the near misses, which no
passage answers. None of them is ever trained on.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from documents.errors import PasserelleError
from documents.types import Span
from documents.wording.sentences import sentences
from eval.abstention import auroc
from eval.article import Asked, ask_all
from eval.calibration.sources import NEAR_MISSES
from eval.sets.collection import of_article
from eval.sets.questions import load_questions
from index.encoder.folder import ENCODER
from index.export.reader_graph import export_reader
from index.model.sentence_transformer import SentenceTransformerEncoder
from index.model.source import resolve_model
from index.reader.adapter import Adapter
from index.reader.inputs import ReaderInput
from index.reader.reader import Reader
from qa.answer.types import RankedPassage
from qa.indexes.building import index_paths
from qa.indexes.opening import open_service
from qa.settings import Settings

READ: Final = 5
"""How many passages of each question are read."""
WEIGHTS: Final = (0.0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1)
FOLDS: Final = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of n questions, p passages each; passages that are not there have ``-inf``.

    Attributes:
        scores: the reader's, ``(n, p) float64``.
        spans: how much better the best span is than none, ``(n, p) float64``.
        ranked: the ranker's scores, ``(n, p) float64``.
        right: whether the passage answers, ``(n, p) bool``.
        logits: of the confidence of today, ``(n,) float64``.
        answerable: whether any passage of the article answers, ``(n,) bool``.
    """

    scores: Floats
    spans: Floats
    ranked: Floats
    right: NDArray[np.bool_]
    logits: Floats
    answerable: NDArray[np.bool_]


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, print and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.article", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    options = parser.parse_args(arguments)
    try:
        report(*_read(options.folder))
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def _read(folder: Path) -> tuple[Read, Read]:
    """Read the answers to the fixed questions, and to the near misses."""
    settings = of_article(Settings.from_environment())
    index_paths([], settings)
    service = open_service(settings)
    place = settings.index / "generations" / service.generation.id / ENCODER
    reader = Reader.open(_exported(folder, place, settings))
    sets = load_questions(), load_questions(NEAR_MISSES / "article.jsonl")
    fixed, near = (read(reader, ask_all(service, questions)) for questions in sets)
    return fixed, near


def _exported(folder: Path, encoder: Path, settings: Settings) -> Path:
    """Export the reader into a copy of the encoder's folder."""
    target = folder / "exported"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(
        encoder, target, copy_function=os.link, ignore=shutil.ignore_patterns("reader.*")
    )
    model = SentenceTransformerEncoder(resolve_model(settings.model, settings.cache))
    export_reader(model.model, model.prompts, target, Adapter.read(folder))
    return target


def read(reader: Reader, asked: Sequence[Asked]) -> Read:
    """Read the first passages of each answer, around their first highlights."""
    shape = len(asked), READ
    scores, spans, ranked = (np.full(shape, -np.inf) for _ in range(3))
    right = np.zeros(shape, dtype=bool)
    for row, each in enumerate(asked):
        passages = each.answer.passages[:READ]
        found = reader.read(each.question.text, [input_of(reader, p) for p in passages])
        for column, (passage, reading) in enumerate(zip(passages, found, strict=True)):
            scores[row, column], spans[row, column] = reading.score, reading.span_score
            ranked[row, column] = passage.score
            right[row, column] = passage.passage.id in each.judged.relevant
    confidences = np.clip([each.answer.confidence for each in asked], 1e-6, 1 - 1e-6)
    logits = np.log(confidences / (1 - confidences))
    answerable = np.array([each.question.answerable for each in asked])
    return Read(scores, spans, ranked, right, logits, answerable)


def input_of(reader: Reader, ranked: RankedPassage) -> ReaderInput:
    """Return what is read of a passage: the window around its first highlight."""
    passage = ranked.passage
    cut = sentences(passage.text, passage.language)
    start, end = reader.window(passage.text, cut, _marked(cut, ranked.highlights))
    return ReaderInput(" › ".join(passage.context), passage.text[start:end])


def _marked(cut: Sequence[Span], highlights: Sequence[Span]) -> int:
    if not highlights:
        return 0
    return max(
        n for n, sentence in enumerate(cut) if n == 0 or sentence.start <= highlights[0].start
    )


def report(fixed: Read, near: Read) -> None:
    """Print how well near misses are told from answerable questions, and which passage is first."""
    for name, others in (
        ("near misses kept apart", near),
        ("unanswerable of the fixed set", _of(fixed, ~fixed.answerable)),
    ):
        answered = _of(fixed, fixed.answerable)
        positive = np.arange(len(answered.logits) + len(others.logits)) < len(answered.logits)
        for signal, columns in _signals(answered, others).items():
            print(f"{name}: AUROC of {signal} {_area(columns, positive):.3f}")
    answered = _of(fixed, fixed.answerable)
    for weight in WEIGHTS:
        first = (answered.ranked + weight * answered.scores).argmax(axis=1)
        share = answered.right[np.arange(len(first)), first].mean()
        print(f"article Success@1, reader x {weight}: {share:.3f}")


def _signals(answered: Read, others: Read) -> dict[str, Floats]:
    def both(of_one: Floats, of_others: Floats) -> Floats:
        return np.concatenate([of_one, of_others])

    logits = both(answered.logits, others.logits)
    first = both(answered.scores[:, 0], others.scores[:, 0])
    best = both(answered.scores.max(axis=1), others.scores.max(axis=1))
    span = both(answered.spans[:, 0], others.spans[:, 0])
    return {
        "the confidence of today": logits[:, None],
        "the reader, first passage": first[:, None],
        "the reader, best of five": best[:, None],
        "their sum, each in standard deviations": (_scaled(logits) + _scaled(best))[:, None],
        "confidence and reader": np.stack([logits, best], axis=1),
        "confidence, reader, best of five, span": np.stack([logits, first, best, span], axis=1),
    }


def _area(columns: Floats, positive: NDArray[np.bool_]) -> float:
    """Return the AUROC of a signal, or of a logistic combination, cross-validated."""
    if columns.shape[1] == 1:
        return auroc(columns[:, 0], positive) or 0.0
    model = LogisticRegression(class_weight="balanced")
    # In any order: the sets are sorted by kind of question.
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    found = cross_val_predict(
        model, _scaled(columns), positive, cv=folds, method="decision_function"
    )
    return auroc(found, positive) or 0.0


def _scaled(columns: Floats) -> Floats:
    return np.asarray((columns - columns.mean(axis=0)) / columns.std(axis=0))


def _of(found: Read, members: NDArray[np.bool_]) -> Read:
    return Read(*(getattr(found, name)[members] for name in Read.__slots__))


if __name__ == "__main__":
    sys.exit(main())
