"""A reader says whether a passage answers, and where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from documents.types import Span
from index.errors import ModelError
from index.reader.inputs import CONTEXT_TOKENS, QUESTION_TOKENS, TEXT_TOKENS, Composer, ReaderInput
from index.reader.reader import OUTPUTS, SPAN_TOKENS, Reader, best_span
from index.reader.windows import window
from tests.tiny_models import unigram

Logits = Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]


class FakeSession:
    """Gives each token the numbers that a function makes of its id."""

    def __init__(self, logits: Logits) -> None:
        """Take the function."""
        self._logits, self.batches = logits, list[int]()

    def run(self, names: None, inputs: dict[str, Any]) -> list[Any]:
        """Return the numbers, and note how many rows there were."""
        assert names is None
        ids = inputs["input_ids"]
        self.batches.append(len(ids))
        return [self._logits(ids).astype(np.float32)]


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(unigram(), "query ", "le ")


def pieces(composer: Composer, question: str, passage: ReaderInput) -> list[str]:
    tokeniser = unigram()
    return [str(tokeniser.id_to_token(i)) for i in composer.compose(question, passage).ids.tolist()]


def test_a_row_has_question_context_and_text(composer: Composer) -> None:
    found = pieces(composer, "chat?", ReaderInput("roi", "the chat"))
    asked, context, text = ["▁query", "▁chat", "?"], ["▁le", "▁roi"], ["▁the", "▁chat"]
    assert found == ["<s>", *asked, "</s>", *context, "</s>", *text, "</s>"]


def test_each_part_of_a_row_is_cut(composer: Composer) -> None:
    long = "the chat " * 200
    row = composer.compose(long, ReaderInput("chat " + "roi " * 50 + "the", long))
    assert len(row.ids) == 4 + QUESTION_TOKENS + CONTEXT_TOKENS + TEXT_TOKENS
    assert row.first == 3 + QUESTION_TOKENS + CONTEXT_TOKENS
    tokeniser = unigram()
    context = row.ids[2 + QUESTION_TOKENS : row.first - 1].tolist()
    ends = [tokeniser.id_to_token(context[place]) for place in (1, -1)]
    assert ends == ["▁chat", "▁the"], "the title and the innermost heading stay"


def test_a_span_is_a_slice_of_the_text(composer: Composer) -> None:
    tokeniser = unigram()
    chat, roi = tokeniser.token_to_id("▁chat"), tokeniser.token_to_id("▁roi")

    def logits(ids: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        found = np.zeros((*ids.shape, OUTPUTS))
        found[..., 0], found[..., 1] = 5.0 * (ids == chat), 7.0 * (ids == roi)
        found[..., 3] = 1
        return found

    reader = Reader(FakeSession(logits), composer)
    text = "l’été le chat, the roi. le"
    sentences = (Span(0, 14), Span(14, 23), Span(23, 23))
    found = reader.read("chat roi", [ReaderInput("chat roi", text, sentences)])[0]
    assert text[found.start : found.end] == "chat, the roi"
    first, second, none = found.within
    assert first is not None
    assert second is not None
    assert (text[first.start : first.end], first.score) == ("chat", 5)
    assert (text[second.start : second.end], second.score) == ("the roi", 7)
    assert none is None
    assert found.span_score == 12
    count = composer.count(text)
    sums = [np.log(count - 1 + np.exp(peak)) for peak in (5.0, 7.0)]
    assert found.score == pytest.approx(1 + sum(sums) / 2, abs=1e-4)


def test_readings_keep_the_order_and_do_not_depend_on_each_other(composer: Composer) -> None:
    def logits(ids: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.sin(ids[..., None] * np.arange(1, OUTPUTS + 1))

    session = FakeSession(logits)
    reader = Reader(session, composer)
    passages = [ReaderInput("", t) for t in ("le chat", "the roi le chat", "the roi", "chat", "")]
    together = reader.read("chat?", passages)
    assert sorted(session.batches) == [1, 1, 1, 2], "two of one length are read at once"
    assert together == [reader.read("chat?", [passage])[0] for passage in passages]
    assert len({reading.score for reading in together}) == len(passages)
    assert (together[-1].start, together[-1].end) == (0, 0), "nothing answers in an empty text"


def test_no_passage_is_no_reading(composer: Composer) -> None:
    assert Reader(FakeSession(lambda ids: ids), composer).read("chat?", []) == []


def test_the_best_span_ends_after_it_starts_and_is_short() -> None:
    starts, ends = np.zeros(100, np.float32), np.zeros(100, np.float32)
    starts[50], ends[20], ends[49], ends[60] = 9, 9, 9, 8
    assert best_span(starts, ends) == (50, 60)
    ends[60], ends[50 + SPAN_TOKENS], ends[50 + SPAN_TOKENS - 1] = 0, 8, 7
    assert best_span(starts, ends) == (50, 50 + SPAN_TOKENS - 1)


@pytest.mark.parametrize(
    ("marked", "budget", "expected"),
    [
        (2, 1, (20, 29)),
        (2, 22, (20, 39)),
        (2, 30, (10, 39)),
        (2, 40, (10, 49)),
        (0, 30, (0, 29)),
        (4, 99, (0, 49)),
    ],
)
def test_a_window_is_whole_sentences_around_the_marked_one(
    marked: int, budget: int, expected: tuple[int, int]
) -> None:
    sentences = [Span(start, start + 9) for start in range(0, 50, 10)]
    assert window(sentences, [10] * 5, marked, budget) == expected


def test_a_window_goes_on_where_there_is_room() -> None:
    sentences = [Span(start, start + 9) for start in range(0, 40, 10)]
    assert window(sentences, [5, 5, 5, 50], 2, 15) == (0, 29)


def test_a_reader_offers_windows_in_its_own_tokens(composer: Composer) -> None:
    text = "the chat. " * 40
    sentences = [Span(at, at + 9) for at in range(0, len(text), 10)]
    reader = Reader(FakeSession(lambda ids: ids), composer)
    start, end = reader.window(text, sentences, 39)
    assert end == 399
    assert composer.count(text[start:end]) <= TEXT_TOKENS < composer.count(text[start - 10 : end])


def test_a_folder_without_a_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="run `qa index` again"):
        Reader.open(tmp_path)
