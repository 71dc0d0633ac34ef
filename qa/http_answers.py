"""Questions that came over HTTP, whichever way: answered, counted and remembered for the log."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from qa import service as asking
from qa.metrics import confidence_of, language_of


async def answers_to(request: Request, asked: Sequence[asking.Request]) -> list[bytes]:
    """Return the answers as JSON, in the order of the questions, of which there is at least one.

    Raises:
        PasserelleError: see ``qa.batching.Batcher.answer_all``.
    """
    state = request.app.state
    # Before anything can fail: what is said of a failure is said in the language of the question.
    request.state.question = asked[0].question
    answers: list[bytes] = await state.batcher.answer_all(asked)
    request.state.language = language_of(answers[0])
    for answer in answers:
        state.metrics.confidence(confidence_of(answer))
    return answers
