"""What people see: wrapped, marked, and never steered by a document."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from qa.schemas import AnswerOut
from qa.service import QAService, Request
from qa.terminal import output_console, show_answer


def shown(answer: AnswerOut, *, colours: bool = False, width: int = 80) -> str:
    file = io.StringIO()
    show_answer(answer, Console(file=file, force_terminal=colours, width=width, highlight=False))
    return file.getvalue()


@pytest.fixture
def answer(service: QAService) -> AnswerOut:
    return AnswerOut.of(service.ask(Request("le chat du roi", top_k=1)))


def test_a_whole_answer(answer: AnswerOut) -> None:
    likely = answer.model_copy(update={"confidence": 0.93})
    assert shown(likely) == (
        "Réponse trouvée  (confiance 93 %)\n"
        "\n"
        "1. Les bêtes\n"
        "   Le chat dort près du roi.\n"
        "   — french, 11–36\n"
    )  # fmt: skip


def test_the_page_is_shown_where_there_are_pages(answer: AnswerOut) -> None:
    answer.passages[0].citation.page = 3
    assert "   — french, p. 3, 11–36\n" in shown(answer)


def test_how_sure_it_is_is_said_in_words(service: QAService, answer: AnswerOut) -> None:
    assert shown(answer.model_copy(update={"confidence": 0.3})).startswith("Réponse possible")
    refused = replace(service, threshold=1.0).ask(Request("where is the king"))
    assert shown(AnswerOut.of(refused)).startswith("The documents do not seem to answer")


def test_the_best_sentence_is_marked(answer: AnswerOut) -> None:
    assert "\x1b[1;33mLe chat dort près du roi.\x1b[0m" in shown(answer, colours=True)


def test_lines_wrap_and_hang(answer: AnswerOut) -> None:
    passage = answer.passages[0]
    passage.citation.section = ["Un titre qui est un peu long", "et un autre"]
    lines = shown(answer, width=30).splitlines()
    assert max(map(len, lines)) <= 30
    start = lines.index("1. Un titre qui est un peu")
    assert lines[start + 1] == "   long › et un autre"


def test_a_document_cannot_steer_the_terminal(answer: AnswerOut) -> None:
    answer.passages[0].text = "a\x1b[2Jb\rc\u202ed\u00a0e"
    answer.passages[0].highlights = []
    assert "   a\ufffd[2Jb c\ufffdd\u00a0e\n" in shown(answer)


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "")
    assert output_console().color_system is None
    assert output_console().width == 80
