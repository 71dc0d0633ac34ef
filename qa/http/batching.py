"""Questions that arrive together are answered together, in threads, without blocking the server.

If a thread is idle, it takes a question at once. While all threads work, questions gather in a
queue; the first thread that is done takes the next batch from it. A full queue refuses questions.
Long before it is full, questions are answered without the reader, which takes longer than the rest.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, repeat, takewhile
from typing import Final, NamedTuple, Protocol, Self

from cachetools import LRUCache

from qa.answer.service import AskRequest
from qa.answer.types import Answer, IndexInfo
from qa.errors import Overloaded
from qa.question import check_question
from qa.settings import Settings
from qa.wire.schemas import AnswerOut

UNHURRIED: Final = 4
"""How many questions may be in a batch and wait behind it, at most, for the reader to be used."""
MOST_THREADS: Final = 4
"""The most threads of a process: Python runs a part of each answer in one thread at a time."""


class Answerer(Protocol):
    """Answers questions: see ``qa.answer.service.QAService``."""

    @property
    def info(self) -> IndexInfo:
        """Which index answers."""

    def ask_many(self, requests: Sequence[AskRequest]) -> list[Answer]:
        """Answer several questions; the answers are in the order of the questions."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one server process does at a time.

    Attributes:
        queue: how many questions may wait.
        batch: how many questions a thread answers at a time.
        remembered: how many answers are kept in memory, in case the same question comes again.
        threads: how many threads compute answers.
    """

    queue: int = 256
    batch: int = 16
    remembered: int = 1024
    threads: int = 1

    @classmethod
    def of(cls, settings: Settings, processes: int = 1) -> Self:
        """Read the limits of one process; several processes share the available cores evenly."""
        share = min(MOST_THREADS, max(1, _cores() // processes))
        return cls(settings.queue, settings.batch, settings.remembered, settings.threads or share)


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer, and its bytes on the wire.

    A remembered answer holds both: the bytes, so that asking again costs nothing, and the answer,
    so that nobody parses the bytes: 19 KB together where five passages are listed. A wire model
    would take 13 KB more; the page and MCP make one, in less than a millisecond.

    Attributes:
        content: the answer as JSON in UTF-8.
        answer: the same, as the service gave it.
        hurried: whether the reader was not to be used.
    """

    content: bytes
    answer: Answer
    hurried: bool = False

    @classmethod
    def of(cls, answer: Answer, hurried: bool = False) -> Self:
        """Put an answer on the wire."""
        return cls(AnswerOut.of(answer).model_dump_json().encode(), answer, hurried)

    @property
    def language(self) -> str:
        """The language of the question, ``fr`` or ``en``."""
        return self.answer.language.code

    @property
    def confidence(self) -> float:
        """The probability, in 0-1, that the first passage answers the question."""
        return self.answer.confidence

    @property
    def model(self) -> AnswerOut:
        """The answer as a wire model, made anew each time."""
        return AnswerOut.of(self.answer)


_Outcome = AnswerRecord | Exception


class _Waiting(NamedTuple):
    """A question that waits, and the service that was in use when it arrived and will answer it."""

    service: Answerer
    request: AskRequest
    future: asyncio.Future[AnswerRecord]


class Batcher:
    """Answers for one event loop; its threads do all the computing."""

    def __init__(self, service: Answerer, limits: Limits) -> None:
        """Wrap a service; no thread starts before the first question."""
        self._service, self._limits = service, limits
        self._closed = False
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="answers")
        self._waiting: deque[_Waiting] = deque()
        self._remembered: LRUCache[tuple[str, AskRequest], AnswerRecord] = LRUCache(
            limits.remembered
        )
        self._working: set[asyncio.Task[None]] = set()

    def use(self, service: Answerer) -> None:
        """Answer from this service what is accepted from now on."""
        self._service = service

    @property
    def waiting(self) -> int:
        """How many questions wait to be computed."""
        return len(self._waiting)

    @property
    def info(self) -> IndexInfo:
        """Which index answers."""
        return self._service.info

    async def answer(self, request: AskRequest) -> AnswerRecord:
        """Return the answer to one question: see ``answer_all``."""
        return (await self.answer_all([request]))[0]

    async def answer_all(
        self, requests: Sequence[AskRequest], service: Answerer | None = None
    ) -> list[AnswerRecord]:
        """Return the answers in the order of the questions, all of one generation.

        Args:
            requests: the questions.
            service: answers them; the one in use when None. Answers are remembered by what it
                sees, so that no other service gives them.

        Raises:
            Overloaded: not all of the questions may wait, or it is closed.
            QuestionError: the first question that cannot be answered as it stands.
            CorruptIndex: a passage is not what its document says there.
        """
        for request in requests:
            check_question(request.question)
        service = service or self._service
        generation = service.info.generation
        known = [self._known(generation, request) for request in requests]
        fresh = [r for r, answer in zip(requests, known, strict=True) if answer is None]
        computed = iter(await self._compute(fresh, service))
        return [next(computed) if answer is None else answer for answer in known]

    def _known(self, generation: str, request: AskRequest) -> AnswerRecord | None:
        """Return the answer if it is remembered; one given in haste is good enough in haste."""
        found = self._remembered.get((generation, request))
        return None if found and found.hurried and not self._waiting else found

    async def _compute(
        self, requests: Sequence[AskRequest], service: Answerer
    ) -> list[AnswerRecord]:
        if self._closed:
            raise Overloaded("the service is closing: ask again once it has started anew")
        if len(self._waiting) + len(requests) > self._limits.queue:
            raise Overloaded("too many questions are waiting for their answers: try again soon")
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in requests]
        self._waiting.extend(map(_Waiting, repeat(service), requests, futures))
        self._share_out()
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in outcomes if isinstance(outcome, AnswerRecord)]

    def _share_out(self) -> None:
        """Start one idle thread for each batch that waits, as far as there are idle threads."""
        batches = -(-len(self._waiting) // self._limits.batch)
        idle = self._limits.threads - len(self._working)
        for _ in range(min(batches, idle)):
            self._working.add(asyncio.get_running_loop().create_task(self._work()))

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch = self._next_batch()
                unhurried = len(batch) + len(self._waiting) <= UNHURRIED
                requests = [w.request if unhurried else _hurried(w.request) for w in batch]
                outcomes = await loop.run_in_executor(
                    self._threads, _outcomes, batch[0].service, requests
                )
                for waiting, outcome in zip(batch, outcomes, strict=True):
                    self._settle(waiting, outcome)
        finally:
            self._working -= {asyncio.current_task()}

    def _next_batch(self) -> list[_Waiting]:
        first = islice(self._waiting, self._limits.batch)
        service = self._waiting[0].service
        size = sum(1 for _ in takewhile(lambda waiting: waiting.service is service, first))
        return [self._waiting.popleft() for _ in range(size)]

    def _settle(self, waiting: _Waiting, outcome: _Outcome) -> None:
        service, request, future = waiting
        if isinstance(outcome, AnswerRecord):
            with suppress(ValueError):  # where nothing is to be remembered, nothing finds room
                self._remembered[service.info.generation, request] = outcome
        if future.done():  # the client has closed the connection
            return
        settle: Callable[..., None] = (
            future.set_result if isinstance(outcome, AnswerRecord) else future.set_exception
        )
        settle(outcome)

    async def close(self) -> None:
        """Finish what was accepted, also meanwhile, then stop the threads and refuse the rest."""
        while self._working:
            await asyncio.gather(*self._working)
        self._closed = True
        self._threads.shutdown()


def _hurried(request: AskRequest) -> AskRequest:
    return replace(request, read=False)


def _cores() -> int:
    known = getattr(
        os, "sched_getaffinity", None
    )  # only Linux says which cores this process may use
    return len(known(0)) if known else os.cpu_count() or 1


def _outcomes(service: Answerer, requests: list[AskRequest]) -> Sequence[_Outcome]:
    try:
        answers = zip(requests, service.ask_many(requests), strict=True)
        return [AnswerRecord.of(answer, not request.read) for request, answer in answers]
    except Exception as error:  # whatever it is, it belongs to the question that caused it
        alone = [[request] for request in requests]
        return [error] if len(alone) == 1 else [_outcomes(service, one)[0] for one in alone]
