"""``qa ask``: one question, or one a line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from documents.errors import PasserelleError
from index.search.filters import filter_json
from qa.errors import InvalidSetting, RemoteError
from qa.indexes.opening import ready_service
from qa.narrowing import narrowed
from qa.settings import Settings

if TYPE_CHECKING:  # a question waits for every import
    from qa.answer.service import QAService
    from qa.wire.schemas import AnswerOut, AskOneIn

Asker = Callable[["AskOneIn"], "AnswerOut"]


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer the question of the command line; return 0 when the documents answer it, else 1."""
    _require_json(options)
    filters_of(options)  # what is wrong with it is said before an index is built
    with _asker(options.url, settings) as asker:
        if options.question == "-":
            return max((_answer_line(asker, line, options) for line in sys.stdin), default=0)
        answer = asker(_question(options.question, options))
    if options.json:
        print(answer.model_dump_json())
    else:
        from qa.cli.terminal import output_console, show_answer

        show_answer(answer, output_console())
    return _status(answer)


@contextmanager
def _asker(url: str | None, settings: Settings) -> Iterator[Asker]:
    """Lend what answers: the service at this address, or the index of this machine."""
    if url is None:
        yield _from_index(ready_service(settings), settings)
        return
    if not url.startswith(("http://", "https://")):
        raise RemoteError(f"{url!r} is not an http:// or https:// address: correct --url")
    from qa.wire.client import Client

    keys = (*settings.keys, *(grant.key for grant in settings.grants))
    with Client(url, next(iter(keys), None)) as client:
        yield client.answer


def _from_index(service: QAService, settings: Settings) -> Asker:
    from qa.wire.schemas import AnswerOut

    def asker(question: AskOneIn) -> AnswerOut:
        answer = AnswerOut.of(service.ask(question.request()))
        if not question.rectangles:
            return answer
        from qa.originals.marking import Pictures

        return Pictures.of(settings).marked(answer, service.generation)

    return asker


def _require_json(options: argparse.Namespace) -> None:
    if options.rectangles and not options.json and options.question != "-":
        raise InvalidSetting("--rectangles is of use in JSON alone: add --json")


def _question(text: str, options: argparse.Namespace) -> AskOneIn:
    from qa.wire.schemas import AskOneIn

    return AskOneIn.model_construct(
        question=text, top_k=options.top_k, language=options.language, documents=None,
        filters=filters_of(options), rectangles=options.rectangles,
    )  # fmt: skip


def filters_of(options: argparse.Namespace) -> dict[str, Any] | None:
    """Return the filter of the options as it goes over the wire; None where there is none.

    Raises:
        InvalidFilter: one of them cannot be understood.
    """
    wanted = narrowed(
        options.only_in, options.only_tag, options.since, options.until, options.only_filter
    )
    return None if wanted is None else filter_json(wanted)


def _answer_line(asker: Asker, line: str, options: argparse.Namespace) -> int:
    try:
        answer = asker(_question(line.rstrip("\r\n"), options))
    except PasserelleError as error:  # said in its place: the other lines are still answered
        from qa.wire.problems import Problem
        from qa.wire.schemas import ProblemOut

        print(ProblemOut.model_validate(Problem.of(error)).model_dump_json(), flush=True)
        return 2
    print(answer.model_dump_json(), flush=True)
    return _status(answer)


def _status(answer: AnswerOut) -> int:
    return 0 if answer.answerable else 1
