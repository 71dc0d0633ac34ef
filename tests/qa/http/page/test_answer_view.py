"""A card names its document first, and where else its text stands."""

from __future__ import annotations

import pytest

from qa.answer.service import AskRequest, QAService
from qa.http.page.answer_view import PassageView, Run, by_document
from qa.wire.schemas import AnswerOut, PlaceOut, SpanOut
from tests.fakes import FRENCH


@pytest.fixture
def answer(service: QAService) -> AnswerOut:
    return AnswerOut.of(service.ask(AskRequest("le chat du roi", top_k=1)))


def view(answer: AnswerOut) -> PassageView:
    found, *_ = PassageView.all_of(answer, {FRENCH.id: FRENCH}, "http://site", "fr")
    return found


def place(name: str, title: str, *section: str) -> PlaceOut:
    return PlaceOut(
        document_id=name,
        title=title,
        section=list(section),
        page=None,
        start=3,
        end=9,
        url=f"/{name}",
    )


def test_the_title_stands_before_the_headings(answer: AnswerOut) -> None:
    assert view(answer).path == ["French", "Les bêtes"]
    assert view(answer).places == ()


@pytest.mark.parametrize(
    ("confidence", "word", "meaning"),
    [(1.0, "very_high", "means_most"), (0.95, "very_high", "means_most"),
     (0.9, "very_high", "means"), (0.8, "high", "means"), (0.6, "moderate", "means"),
     (0.5, "moderate", "means"), (0.49, "low", "means"), (0.25, "low", "means"),
     (0.24, "very_low", "means"), (0.09, "very_low", "means_least")],
)  # fmt: skip
def test_the_confidence_is_said_in_words_that_fit(
    answer: AnswerOut, confidence: float, word: str, meaning: str
) -> None:
    answer.confidence = confidence
    assert view(answer).gauge == ("confidence", confidence, word, meaning)


def test_only_the_sentence_that_answers_is_marked(service: QAService) -> None:
    answer = AnswerOut.of(service.ask(AskRequest("le chat du roi", top_k=3)))
    assert all(passage.highlights for passage in answer.passages)
    views = PassageView.all_of(answer, {}, "http://site", "fr")
    assert [any(run.opens for run in view.runs) for view in views] == [True, False, False]
    answer.answerable = False
    assert not any(run.opens for run in view(answer).runs)


def test_what_answers_stands_out_of_its_sentence(answer: AnswerOut) -> None:
    passage = answer.passages[0]
    assert passage.text == "Le chat dort près du roi."
    passage.answer = SpanOut(start=13, end=24)
    assert view(answer).runs == (
        Run("Le chat dort ", opens=True), Run("près du roi", answer=True), Run(".", closes=True),
    )  # fmt: skip
    passage.text, passage.highlights = "Oui. Le chat dort.", [SpanOut(start=5, end=18)]
    passage.answer = None
    assert view(answer).runs == (Run("Oui. "), Run("Le chat dort.", opens=True, closes=True))


def test_the_link_is_permanent_and_the_page_and_its_citations_have_the_same(
    answer: AnswerOut,
) -> None:
    found, digest = view(answer), FRENCH.sha256
    assert found.link.startswith(f"/documents/french?c=11-36&v={digest[:12]}&q=")
    assert list(found.cited) == ["text", "markdown", "bibtex", "csl-json", "ris"]
    assert all(
        f"http://site{found.link}" in written and digest in written
        for written in found.cited.values()
    )


def test_other_places_are_links_that_can_be_told_apart(answer: AnswerOut) -> None:
    answer.passages[0].also = [
        place("copy", "French", "Les bêtes"),
        place("x", "Bail", "Prix"),
        place("y", "Bail", "Eau"),
    ]
    assert view(answer).places == (
        ("French › Les bêtes (copy)", "/copy"),
        ("Bail › Prix", "/x"),
        ("Bail › Eau", "/y"),
    )


def test_places_of_one_section_are_told_apart_by_their_characters(answer: AnswerOut) -> None:
    first, second = place("x", "Bail", "Prix"), place("x", "Bail", "Prix")
    second.start, second.end = 20, 26
    answer.passages[0].also = [first, second]
    labels = [found.label for found in view(answer).places]
    assert labels == ["Bail › Prix (x, 3–9)", "Bail › Prix (x, 20–26)"]


def test_passages_stand_with_their_document_in_the_order_of_its_best(service: QAService) -> None:
    answer = AnswerOut.of(service.ask(AskRequest("chat roi cat king", top_k=5)))
    views = list(PassageView.all_of(answer, {}, "http://site", "fr"))
    groups = by_document(views)
    ranks = [[view.passage.rank for view in group] for group in groups]
    assert len(groups) == 2
    assert sorted(rank for group in ranks for rank in group) == list(range(1, len(views) + 1))
    assert all(group == sorted(group) for group in ranks)
    assert ranks == sorted(ranks)
    assert [len({v.passage.citation.document_id for v in group}) for group in groups] == [1, 1]
