"""Answers to questions from any HTTP route; also tells the metrics and the log about them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from qa.answer.service import AskRequest
from qa.http.batching import AnswerRecord
from qa.http.state import noted, seen_by, state_of


async def answers_to(request: Request, asked: Sequence[AskRequest]) -> list[AnswerRecord]:
    """Return the answers in the order of the questions, of which there is at least one.

    Raises:
        PasserelleError: see ``qa.http.batching.Batcher.answer_all``.
    """
    state, notes = state_of(request.app), noted(request.scope)
    # Set before anything can fail: an error is reported in the language of the question.
    notes.question = asked[0].question
    answers = await state.batcher.answer_all(asked, await seen_by(request))
    notes.language = answers[0].language
    for answer in answers:
        state.metrics.confidence(answer.confidence)
    return answers
