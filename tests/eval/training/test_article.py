"""A reader is judged by the first passages of the product's own answers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from documents.types import Span
from eval.training import held_out
from eval.training.article import READ, Read, input_of, read, report
from index.reader.inputs import ReaderInput
from index.reader.reader import Reading


class FakeReader:
    """Says how often the text has an a; one sentence is a window."""

    def read(self, question: str, passages: list[ReaderInput]) -> list[Reading]:
        """Count."""
        assert question
        return [Reading(p.text.count("a"), 0, 1, len(p.text)) for p in passages]

    def window(self, text: str, sentences: list[Span], marked: int) -> Span:
        """Return the marked sentence."""
        assert text
        return sentences[marked]


def ranked(text: str, score: float, *highlights: Span) -> Any:
    passage = SimpleNamespace(id=text, text=text, language="en", context=("T", "S"))
    return SimpleNamespace(passage=passage, score=score, highlights=highlights)


@pytest.mark.parametrize(
    ("highlights", "expected"), [((), "One."), ((Span(5, 9),), "Two."), ((Span(12, 14),), "Three.")]
)
def test_the_marked_sentence_is_read_in_its_context(
    highlights: tuple[Span, ...], expected: str
) -> None:
    reader: Any = FakeReader()
    found = input_of(reader, ranked("One. Two. Three.", 1.0, *highlights))
    assert found == ReaderInput("T › S", expected)


def test_what_was_read_stands_beside_the_ranking() -> None:
    passages = [ranked("An aa.", 0.5), ranked("No.", 0.2)]
    answer = SimpleNamespace(passages=passages, confidence=0.5)
    question = SimpleNamespace(text="A?", answerable=True)
    judged = SimpleNamespace(relevant={"No."})
    asked: Any = [SimpleNamespace(question=question, answer=answer, judged=judged)]
    reader: Any = FakeReader()
    found = read(reader, asked)
    assert found.scores[0].tolist() == [2.0, 0.0, *[-np.inf] * (READ - 2)]
    assert found.spans[0, :2].tolist() == [6.0, 3.0]
    assert found.ranked[0, :2].tolist() == [0.5, 0.2]
    assert found.right[0].tolist() == [False, True, *[False] * (READ - 2)]
    assert (found.logits.tolist(), found.answerable.tolist()) == ([0.0], [True])


def sample(count: int, answerable: bool) -> Read:
    """The reader is always right; the ranker and the confidence never know."""
    shape = count, READ
    right = np.zeros(shape, dtype=bool)
    right[:, 1] = answerable
    scores = np.where(right, 1.0, 0.0) + (2.0 if answerable else 0.0)
    ranked = np.tile(np.linspace(0.5, 0.4, READ), (count, 1))
    logits = np.tile([0.0, 1.0], count // 2)
    return Read(scores, scores, ranked, right, logits, np.full(count, answerable))


def test_the_report_compares_signals_and_weights(capsys: pytest.CaptureFixture[str]) -> None:
    fixed = [sample(20, True), sample(20, False)]
    both = Read(*(np.concatenate([getattr(f, n) for f in fixed]) for n in Read.__slots__))
    report(both, sample(20, False))
    lines = capsys.readouterr().out.splitlines()
    assert "near misses kept apart: AUROC of the confidence of today 0.500" in lines
    assert "near misses kept apart: AUROC of the reader, first passage 1.000" in lines
    assert "unanswerable of the fixed set: AUROC of confidence and reader 1.000" in lines
    assert "article Success@1, reader x 0.0: 0.000" in lines
    assert "article Success@1, reader x 0.03: 1.000" in lines


def test_articles_kept_back_need_a_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert held_out.main([str(tmp_path), "no-language.json"]) == 2
    assert "name the language" in capsys.readouterr().err
