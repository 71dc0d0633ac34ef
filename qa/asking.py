"""``qa ask``: one question, or one a line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from documents.errors import PasserelleError
from qa.opening import ready_service
from qa.settings import Settings

if TYPE_CHECKING:  # a question waits for every import
    from qa.schemas import AnswerOut, AskIn

Asker = Callable[["AskIn"], "AnswerOut"]


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer the question of the command line; return 0 when the documents answer it, else 1."""
    asker = _asker(options.url, settings)
    if options.question == "-":
        return max((_answer_line(asker, line, options) for line in sys.stdin), default=0)
    answer = asker(_question(options.question, options))
    if options.json:
        print(answer.model_dump_json())
    else:
        from qa.terminal import output_console, show_answer

        show_answer(answer, output_console())
    return _status(answer)


def _asker(url: str | None, settings: Settings) -> Asker:
    from qa.schemas import AnswerOut

    if url is not None:
        from qa.remote import ask_service

        key = next(iter(settings.keys), None)
        return lambda question: ask_service(url, question, key)
    service = ready_service(settings)
    return lambda question: AnswerOut.of(service.ask(question.request()))


def _question(text: str, options: argparse.Namespace) -> AskIn:
    from qa.schemas import AskIn

    return AskIn.model_construct(
        question=text, top_k=options.top_k, language=options.language, documents=None
    )


def _answer_line(asker: Asker, line: str, options: argparse.Namespace) -> int:
    try:
        answer = asker(_question(line.rstrip("\r\n"), options))
    except PasserelleError as error:  # said in its place: the other lines are still answered
        from qa.problems import Problem
        from qa.schemas import ProblemOut

        print(ProblemOut.model_validate(Problem.of(error)).model_dump_json(), flush=True)
        return 2
    print(answer.model_dump_json(), flush=True)
    return _status(answer)


def _status(answer: AnswerOut) -> int:
    return 0 if answer.answerable else 1
