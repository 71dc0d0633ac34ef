"""What people see: wrapped, marked, and never steered by a document."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from qa.answer.service import AskRequest, QAService
from qa.answer.types import Outcome
from qa.cli.terminal import output_console, show_answer
from qa.narrowing import narrowed
from qa.wire.schemas import AnswerOut, PlaceOut, SpanOut


def shown(answer: AnswerOut, *, colours: bool = False, width: int = 80) -> str:
    file = io.StringIO()
    show_answer(answer, Console(file=file, force_terminal=colours, width=width, highlight=False))
    return file.getvalue()


@pytest.fixture
def answer(service: QAService) -> AnswerOut:
    return AnswerOut.of(service.ask(AskRequest("le chat du roi", top_k=1)))


def test_a_whole_answer(answer: AnswerOut) -> None:
    likely = answer.model_copy(update={"confidence": 0.93, "outcome": Outcome.ANSWERED})
    assert shown(likely) == (
        "Réponse trouvée  (confiance 93 %)\n"
        "\n"
        "1. French › Les bêtes\n"
        "   Le chat dort près du roi.\n"
        "   — french, 11–36\n"
    )  # fmt: skip


def test_the_page_is_shown_where_there_are_pages(answer: AnswerOut) -> None:
    answer.passages[0].citation.page = 3
    assert "   — french, p. 3, 11–36\n" in shown(answer)


def test_how_sure_it_is_is_said_in_words(service: QAService, answer: AnswerOut) -> None:
    assert shown(
        answer.model_copy(update={"confidence": 0.3, "outcome": Outcome.POSSIBLE})
    ).startswith("Réponse possible")
    refused = replace(service, threshold=1.0).ask(AskRequest("where is the king"))
    assert shown(AnswerOut.of(refused)).startswith("The documents do not seem to answer")


def test_the_best_sentence_is_marked(answer: AnswerOut) -> None:
    assert "\x1b[1;33mLe chat dort près du roi.\x1b[0m" in shown(answer, colours=True)


def test_only_the_passage_that_answers_is_marked(service: QAService) -> None:
    several = AnswerOut.of(service.ask(AskRequest("le chat du roi", top_k=3)))
    first, *others = shown(several, colours=True).split("\x1b[1;36m")[1:]
    assert "\x1b[1;33m" in first
    assert not [other for other in others if "\x1b[1;33m" in other]


def test_the_number_alone_has_its_colour(answer: AnswerOut) -> None:
    assert "\x1b[1;36m1. \x1b[0m\x1b[1mFrench" in shown(answer, colours=True)


def test_the_answer_itself_comes_first(answer: AnswerOut) -> None:
    answer.passages[0].answer = SpanOut(start=13, end=24)
    likely = answer.model_copy(update={"confidence": 0.93, "outcome": Outcome.ANSWERED})
    assert shown(likely).startswith("Réponse trouvée\u202f: « près du roi »  (confiance 93 %)\n")
    assert "\x1b[1;32mprès du roi\x1b[0m" in shown(likely, colours=True)
    answer.language.code = "en"
    assert shown(
        answer.model_copy(update={"confidence": 0.93, "outcome": Outcome.ANSWERED})
    ).startswith("Answer found: “près du roi”  (confidence 93%)")


def test_a_question_that_is_not_answered_has_no_answer_in_its_first_line(
    service: QAService,
) -> None:
    refused = AnswerOut.of(replace(service, threshold=1.0).ask(AskRequest("le chat du roi")))
    refused.passages[0].answer = SpanOut(start=13, end=24)
    assert "«" not in shown(refused).splitlines()[0]


def test_lines_wrap_and_hang(answer: AnswerOut) -> None:
    passage = answer.passages[0]
    passage.citation.section = ["Un titre qui est un peu long", "et un autre"]
    lines = shown(answer, width=30).splitlines()
    assert max(map(len, lines)) <= 30
    start = lines.index("1. French › … › et un autre")
    assert lines[start + 1] == "   Le chat dort près du roi."
    passage.citation.section = ["Un titre qui est un peu long"]
    lines = shown(answer, width=30).splitlines()
    start = lines.index("1. French › Un titre qui est")
    assert lines[start + 1] == "   un peu long"


def test_other_places_of_the_same_text_are_named(answer: AnswerOut) -> None:
    (passage,) = answer.passages
    names = ("copie-b", "copie-c", "copie-c", "french")
    passage.also = [
        PlaceOut(document_id=n, title="T", section=[], page=None, start=3, end=9, url="/")
        for n in names
    ]
    assert "11–36\n     aussi dans : copie-b, copie-c, french, 3–9\n" in shown(answer)
    passage.also_more, answer.language.code = 2, "en"
    assert "     also in: copie-b, copie-c, french, 3–9, … and 2 more\n" in shown(answer)


def test_a_document_cannot_steer_the_terminal(answer: AnswerOut) -> None:
    answer.passages[0].text = "a\x1b[2Jb\rc\u202ed\u00a0e"
    answer.passages[0].highlights = []
    assert "   a\ufffd[2Jb c\ufffdd\u00a0e\n" in shown(answer)


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "")
    assert output_console().color_system is None
    assert output_console().width == 80


def test_filters_that_leave_nothing_are_said_alone(service: QAService) -> None:
    answer = service.ask(AskRequest("Où est le chat du roi ?", filters=narrowed(["nowhere/**"])))
    assert shown(AnswerOut.of(answer)) == "Aucun document ne correspond à ces filtres.\n"
