"""The first passages are read, ordered anew, and show what answers in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from documents.chunking import ChunkSettings
from documents.types import Span
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.reader.inputs import ReaderInput
from index.reader.reader import Reading, ScoredSpan
from qa.answer.highlight import around
from qa.answer.second_look import READ, WEIGHT, SecondLook, pieces
from qa.answer.service import AskRequest, QAService
from tests.fakes import FakeEncoder, document

QUESTION = "le chat"


@dataclass
class FakeReader:
    """Finds one word: a text with it answers, by a logit of 8, one without it does not, by -8."""

    word: str
    texts: list[ReaderInput] = field(default_factory=list)

    def read(self, _question: str, passages: Sequence[ReaderInput]) -> list[Reading]:
        """Read texts, and remember them."""
        self.texts.extend(passages)
        return [self._reading(passage) for passage in passages]

    def _reading(self, passage: ReaderInput) -> Reading:
        within = tuple(self._found(passage.text, *part) for part in passage.sentences)
        found = self._found(passage.text, 0, len(passage.text))
        return Reading(8, *found, within) if found else Reading(-8, 0, 1, -5, within)

    def _found(self, text: str, start: int, end: int) -> ScoredSpan | None:
        at = text.find(self.word, start, end)
        return ScoredSpan(at, at + len(self.word), 5) if at >= 0 else None

    def window(self, _text: str, sentences: Sequence[Span], marked: int) -> Span:
        """Take the marked sentence alone."""
        return sentences[marked]


def looking(service: QAService, word: str, seconds: float = 9) -> QAService:
    return replace(service, look=SecondLook(FakeReader(word), seconds))


def texts(service: QAService) -> list[str]:
    return [p.passage.text for p in service.ask(AskRequest(QUESTION)).passages]


def test_without_a_reader_nothing_is_read(service: QAService) -> None:
    answer = service.ask(AskRequest(QUESTION))
    assert (answer.read, {p.answer for p in answer.passages}) == (False, {None})


def test_what_is_in_haste_is_not_read(service: QAService) -> None:
    assert looking(service, "chat").ask(AskRequest(QUESTION)).read
    hurried = looking(service, "chat").ask(AskRequest(QUESTION, read=False))
    assert hurried == service.ask(AskRequest(QUESTION))


def test_the_answer_is_a_slice_of_its_passage(service: QAService) -> None:
    first = looking(service, "chat").ask(AskRequest("le chat dort")).passages[0]
    assert first.answer is not None
    assert first.passage.text[slice(*first.answer)] == "chat"
    (marked,) = first.highlights
    assert marked.start <= first.answer.start < marked.end


def test_the_sentence_of_an_answer_has_as_many_words_of_the_question(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    text = "Le chat du roi dort près de la mer. Le chat mange le pain près de la porte."
    made = document("pair", "fr", {"Vie": [text]})
    built = build_index([made], FolderStore(tmp_path / "i"), encoder, settings=ChunkSettings(99))
    service = QAService(built.generation, encoder)
    for question, word, answer in (
        ("où dort le chat du roi", "porte", None),
        ("où dort le chat du roi", "mer", "mer"),
        ("où est le chat", "porte", "porte"),
    ):
        first = looking(service, word).ask(AskRequest(question)).passages[0]
        assert (first.answer and text[slice(*first.answer)]) == answer
        (marked,) = first.highlights
        assert answer is None or answer in text[slice(*marked)]


def test_what_introduces_is_no_answer_and_of_a_row_only_the_row_is_marked(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    text = "Le roi dort :\n\n| chat | mer |"
    made = document("pair", "fr", {"Vie": text.split("\n\n")})
    built = build_index([made], FolderStore(tmp_path / "i"), encoder, settings=ChunkSettings(99))
    service = QAService(built.generation, encoder)
    for word, marked in (("roi", "| chat | mer |"), ("mer", "| chat | mer |")):
        first = looking(service, word).ask(AskRequest("où est la mer")).passages[0]
        assert first.answer is None
        assert [text[slice(*h)] for h in first.highlights] == [marked]


def test_what_the_reader_says_counts_in_the_order(service: QAService) -> None:
    before = service.ask(AskRequest("roi mer chat")).passages
    second = before[1].passage.text
    assert before[0].score - before[1].score < 16 * WEIGHT, "else the reader cannot change it"
    after = looking(service, second).ask(AskRequest("roi mer chat")).passages
    assert after[0].passage.text == second
    assert after[0].score > after[1].score


def test_every_passage_is_listed_once_whatever_is_read(service: QAService) -> None:
    for word in ("chat", "mer", "roi", "nothing of it"):
        assert sorted(texts(looking(service, word))) == sorted(texts(service))


def test_only_the_first_is_read_when_time_is_up(service: QAService) -> None:
    reader, ticks = FakeReader("roi"), iter(range(100))
    look = SecondLook(reader, 1.5, lambda: float(next(ticks)))
    replace(service, look=look).ask(AskRequest("roi mer chat"))
    assert len(reader.texts) == 1


def test_no_more_are_read_than_pays(service: QAService) -> None:
    for question in ("roi mer chat", "le chat dort près du roi", "king"):
        reader = FakeReader("roi")
        replace(service, look=SecondLook(reader, 9)).ask(AskRequest(question))
        assert 1 <= len(reader.texts) <= READ


def test_what_the_ranking_knows_better_stays_first(
    tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that is asked for, and a question that is a heading."""
    monkeypatch.setattr("qa.answer.second_look.AHEAD", 9)  # otherwise all would be read
    sections = {"Le roi, la mer": ["Le roi et la mer."], "Le chat": ["Le roi dort en mer."]}
    made = document("pair", "fr", sections)
    built = build_index([made], FolderStore(tmp_path / "i"), encoder, settings=ChunkSettings(12))
    reader = FakeReader("nothing")
    look = SecondLook(reader, 9)
    service = QAService(built.generation, encoder, look=look)
    for question, read in (("roi mer", 1), ("roi mer 14", 1), ("chat roi mer", 2)):
        reader.texts.clear()
        service.ask(AskRequest(question))
        assert len(reader.texts) == read, question


def test_a_confidence_rises_with_what_was_read(service: QAService) -> None:
    yes, no = (looking(service, w).ask(AskRequest("le chat dort")) for w in ("chat", "zzz"))
    assert yes.confidence > no.confidence


def test_pieces_leave_out_nothing_and_keep_the_best_sentence_whole() -> None:
    text = "Un. Deux dit « non. Oui. » ici. Trois !\nQuatre"
    best = Span(4, 31)
    found, marked = pieces(text, best)
    assert "".join(text[slice(*piece)] for piece in found) == text
    assert found[marked].start <= best.start
    assert found[marked].end >= best.end
    assert [text[slice(*p)] for p in found] == [
        "Un. ", "Deux dit « non. Oui. » ici. ", "Trois !\n", "Quatre",
    ]  # fmt: skip


def test_the_sentence_that_is_marked_holds_the_answer() -> None:
    text, marked = "Le chat dort. Le roi mange. La mer monte.", Span(0, 13)
    assert around(text, "fr", marked, Span(3, 7)) == marked
    assert around(text, "fr", marked, Span(17, 20)) == Span(14, 27)
