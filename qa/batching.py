"""Questions that arrive together are answered together, in threads, without blocking the server.

While a thread is idle a question goes at once. While all work, arrivals gather, and are the next
batch of the first that is done. What would wait too long is refused.
"""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, repeat, takewhile
from typing import Final, NamedTuple, Protocol, Self

from qa.errors import Overloaded
from qa.question import check_question
from qa.schemas import AnswerOut
from qa.service import Request
from qa.settings import Settings
from qa.types import Answer, IndexInfo

MOST_THREADS: Final = 4
"""Some of each answer is computed by Python, one thread at a time: more would only wait."""


class Service(Protocol):
    """What answers: see ``qa.service.QAService``."""

    @property
    def info(self) -> IndexInfo:
        """Which index answers."""

    def ask_many(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer several questions; the answers stand in their order."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server process takes on.

    Attributes:
        queue: how many questions may wait.
        batch: how many a thread answers at a time.
        remembered: how many answers are kept for when the same is asked again.
        threads: how many compute: one a core, as far as other processes leave it.
    """

    queue: int = 256
    batch: int = 16
    remembered: int = 1024
    threads: int = 1

    @classmethod
    def of(cls, settings: Settings, processes: int = 1) -> Self:
        """Read them, for one of several processes that share the cores they may use."""
        share = min(MOST_THREADS, max(1, _cores() // processes))
        return cls(settings.queue, settings.batch, settings.remembered, settings.threads or share)


class AnswerCache:
    """The answers used last, as they go over the wire."""

    def __init__(self, size: int) -> None:
        """Start empty; never hold more than ``size``."""
        self._size = size
        self._answers: OrderedDict[tuple[str, Request], bytes] = OrderedDict()

    def get(self, generation: str, request: Request) -> bytes | None:
        """Return the answer of this generation to this request, if it is still here."""
        key = (generation, request)
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def put(self, generation: str, request: Request, answer: bytes) -> None:
        """Keep an answer, in the place of the one unused for longest."""
        self._answers[generation, request] = answer
        while len(self._answers) > self._size:
            self._answers.popitem(last=False)


_Outcome = bytes | Exception


class _Waiting(NamedTuple):
    """A question, and the service that was in use when it was accepted: that one answers."""

    service: Service
    request: Request
    future: asyncio.Future[bytes]


class Batcher:
    """Answers for one event loop; its threads do all the computing."""

    def __init__(self, service: Service, limits: Limits) -> None:
        """Wrap a service; no thread starts before the first question."""
        self._service, self._limits = service, limits
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="answers")
        self._waiting: deque[_Waiting] = deque()
        self._cache = AnswerCache(limits.remembered)
        self._working: set[asyncio.Task[None]] = set()

    def use(self, service: Service) -> None:
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

    async def answer(self, request: Request) -> bytes:
        """Return the answer to one question as JSON: see ``answer_all``."""
        return (await self.answer_all([request]))[0]

    async def answer_all(self, requests: Sequence[Request]) -> list[bytes]:
        """Return the answers as JSON, in the order of the questions, all of one generation.

        Raises:
            Overloaded: not all of the questions may wait.
            QuestionError: the first question that cannot be answered as it stands.
            CorruptIndex: a passage is not what its document says there.
        """
        for request in requests:
            check_question(request.question)
        generation = self._service.info.generation
        known = [self._cache.get(generation, request) for request in requests]
        fresh = [r for r, answer in zip(requests, known, strict=True) if answer is None]
        computed = iter(await self._compute(fresh))
        return [next(computed) if answer is None else answer for answer in known]

    async def _compute(self, requests: Sequence[Request]) -> list[bytes]:
        if len(self._waiting) + len(requests) > self._limits.queue:
            raise Overloaded("too many questions are waiting for their answers: try again soon")
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in requests]
        self._waiting.extend(map(_Waiting, repeat(self._service), requests, futures))
        self._share_out()
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in outcomes if isinstance(outcome, bytes)]

    def _share_out(self) -> None:
        """Have as many threads work as there are batches for, and idle threads."""
        batches = -(-len(self._waiting) // self._limits.batch)
        idle = self._limits.threads - len(self._working)
        for _ in range(min(batches, idle)):
            self._working.add(asyncio.get_running_loop().create_task(self._work()))

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch = self._next_batch()
                requests = [waiting.request for waiting in batch]
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
        if isinstance(outcome, bytes):
            self._cache.put(service.info.generation, request, outcome)
        if future.done():  # whoever asked has gone
            return
        settle: Callable[..., None] = (
            future.set_result if isinstance(outcome, bytes) else future.set_exception
        )
        settle(outcome)

    async def close(self) -> None:
        """Finish what was accepted, then stop the threads."""
        while self._working:
            await asyncio.gather(*self._working)
        self._threads.shutdown()


def _cores() -> int:
    known = getattr(os, "sched_getaffinity", None)  # Linux alone tells which may be used
    return len(known(0)) if known else os.cpu_count() or 1


def _outcomes(service: Service, requests: list[Request]) -> Sequence[_Outcome]:
    try:
        return _wire(service.ask_many(requests))
    except Exception as error:  # whatever it is, it belongs to the question that caused it
        alone = [[request] for request in requests]
        return [error] if len(alone) == 1 else [_outcomes(service, one)[0] for one in alone]


def _wire(answers: Sequence[Answer]) -> list[bytes]:
    return [AnswerOut.of(answer).model_dump_json().encode() for answer in answers]
