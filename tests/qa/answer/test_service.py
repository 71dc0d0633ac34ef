"""The service ranks, cites and checks; expected values are worked out by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.types import Passage
from index.errors import CorruptIndex
from qa.answer.service import AskRequest, QAService
from qa.answer.types import Citation
from qa.errors import InvalidSetting, QuestionError, UnknownDocument, UnknownLanguage
from qa.narrowing import narrowed
from tests.fakes import ENGLISH, FRENCH


def texts(service: QAService, request: AskRequest) -> list[str]:
    return [p.passage.text for p in service.ask(request).passages]


def test_ranks_count_from_one_and_scores_fall(service: QAService) -> None:
    passages = service.ask(AskRequest("pain et roi", top_k=20)).passages
    assert [p.rank for p in passages] == [1, 2, 3, 4, 5]
    assert sorted((p.score for p in passages), reverse=True) == [p.score for p in passages]


def test_top_k_is_how_many_are_listed(service: QAService) -> None:
    assert len(service.ask(AskRequest("mer", top_k=2)).passages) == 2


def test_every_citation_is_a_slice(service: QAService) -> None:
    for passage in service.ask(AskRequest("the king's bread", top_k=20)).passages:
        cited = passage.citation
        text = service.document(cited.document_id).text
        assert cited.quote == passage.passage.text == text[cited.start : cited.end]


def test_a_citation_that_is_no_slice_is_never_given() -> None:
    moved = Passage("french#0-4", "french", 0, 4, "pain", (), "fr")
    with pytest.raises(CorruptIndex, match=r"french#0-4.*qa index"):
        Citation.of(moved, FRENCH)
    with pytest.raises(CorruptIndex):
        Citation.of(replace(moved, text=ENGLISH.text[:4]), ENGLISH)


def test_threads_give_the_answers_of_one(article_service: QAService) -> None:
    requests = [
        AskRequest(f"{opening} {number} {rest}", documents=only)
        for number in range(20)
        for opening, rest in (("Quels sont les", "chercheurs ?"), ("Who are the", "scientists?"))
        for only in (None, (next(iter(article_service.generation.documents)),))
    ]
    alone = [article_service.ask(request) for request in requests]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(article_service.ask, requests)) == alone


def test_documents_restrict_the_search(service: QAService) -> None:
    found = service.ask(AskRequest("chat", documents=("english",))).passages
    assert {p.citation.document_id for p in found} == {"english"}


def test_no_document_at_all_finds_nothing(service: QAService) -> None:
    answer = service.ask(AskRequest("chat", documents=()))
    assert (answer.passages, answer.confidence) == ((), 0.0)


def test_several_questions_are_answered_in_their_order(service: QAService) -> None:
    requests = [AskRequest("le chat"), AskRequest("the sea"), AskRequest("le pain", top_k=1)]
    assert service.ask_many(requests) == [service.ask(r) for r in requests]
    assert service.ask_many([]) == []


def test_below_the_threshold_it_says_so_in_the_question_s_language(service: QAService) -> None:
    strict = replace(service, threshold=1.0)
    for question, start in (("où est le chat", "Les documents"), ("where is it", "The documents")):
        answer = strict.ask(AskRequest(question))
        assert not answer.answerable
        assert (answer.message or "").startswith(start)
        assert answer.passages
    assert service.ask(AskRequest("où est le chat")).message is None


@pytest.mark.parametrize(
    ("thresholds", "outcome"),
    [((0.0, 0.0), "answered"), ((0.0, 1.0), "possible"), ((1.0, 1.0), "not_answered"),
     ((1.0, 0.0), "not_answered")],
)  # fmt: skip
def test_the_outcome_is_one_of_three(
    service: QAService, thresholds: tuple[float, float], outcome: str
) -> None:
    possible, found = thresholds
    answer = replace(service, threshold=possible, found=found).ask(AskRequest("où est le chat"))
    assert answer.outcome == outcome
    assert answer.answerable == (outcome != "not_answered") == (answer.message is None)


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (AskRequest("chat", top_k=0), InvalidSetting),
        (AskRequest("chat", top_k=21), InvalidSetting),
        (AskRequest("chat", language="de"), UnknownLanguage),
        (AskRequest("chat", documents=("none",)), UnknownDocument),
        (AskRequest(""), QuestionError),
    ],
)
def test_a_request_that_cannot_be_answered(
    service: QAService, request_: AskRequest, error: type[QuestionError]
) -> None:
    with pytest.raises(error):
        service.ask(request_)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_text_is_answered_or_refused(service: QAService, text: str) -> None:
    try:
        answer = service.ask(AskRequest(text, top_k=20))
    except QuestionError as error:
        assert str(error)
        return
    assert answer.question == text.strip()
    assert len(answer.passages) == 5
    assert 0 <= answer.confidence <= 1


def test_the_answer_names_its_index(service: QAService) -> None:
    info = service.ask(AskRequest("chat")).index
    assert (info.generation, info.model, info.passages) == (service.generation.id, "fake", 5)


@pytest.mark.parametrize(
    ("question", "said"),
    [("Où est le chat du roi ?", "Aucun document ne correspond à ces filtres."),
     ("Where is the cat of the king?", "No document fits these filters.")],
)  # fmt: skip
def test_filters_that_leave_no_document_are_said_to(
    service: QAService, question: str, said: str
) -> None:
    answer = service.ask(AskRequest(question, filters=narrowed(["nowhere/**"])))
    assert (answer.answerable, answer.passages, answer.message) == (False, (), said)
    assert service.ask(AskRequest(question, documents=())).message == said
