"""Questions gather while all threads work, fail alone, wait in bounds and are remembered."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

import pytest

from index.errors import CorruptIndex
from qa.answer.service import AskRequest
from qa.answer.types import Answer, IndexInfo, Outcome
from qa.errors import EmptyQuestion, Overloaded, UnknownLanguage
from qa.http.batching import AnswerRecord, Batcher, Limits
from qa.language.detection import Language
from qa.settings import Settings

TIMEOUT = 10


class FakeService:
    """Answers when it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        """Start ready to answer."""
        self.info = IndexInfo("g1", "fake", 1)
        self.batches: list[list[str]] = []
        self.threads: set[int] = set()
        self.entered = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()

    def ask_many(self, requests: Sequence[AskRequest]) -> list[Answer]:
        """Answer with the question and no passage, once the gate is open."""
        self.batches.append([request.question for request in requests])
        self.threads.add(threading.get_ident())
        self.entered.release()
        assert self.gate.wait(TIMEOUT)
        for request in requests:
            if request.language not in (None, "fr", "en"):
                raise UnknownLanguage("no such language")
            if request.question == "broken":
                raise ZeroDivisionError
        return [self._answer(request) for request in requests]

    def _answer(self, request: AskRequest) -> Answer:
        language = Language("fr", 1.0, "requested")
        return Answer(
            request.question,
            language,
            Outcome.NOT_ANSWERED,
            0.0,
            request.read,
            "non",
            (),
            self.info,
        )

    async def is_busy(self) -> None:
        """Wait until a batch has reached the service."""
        assert await asyncio.to_thread(self.entered.acquire, timeout=TIMEOUT)


@pytest.fixture
def service() -> FakeService:
    return FakeService()


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, TIMEOUT))


def question(answer: AnswerRecord) -> object:
    return json.loads(answer.content)["question"]


def test_an_idle_thread_answers_at_once(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits())
        assert question(await batcher.answer(AskRequest("a"))) == "a"
        assert question(await batcher.answer(AskRequest("b"))) == "b"
        assert service.batches == [["a"], ["b"]]
        assert len(service.threads - {threading.get_ident()}) == 1

    run(test())


def test_what_arrives_meanwhile_is_the_next_batch_up_to_its_limit(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(batch=3))
        service.gate.clear()
        first = asyncio.create_task(batcher.answer(AskRequest("a")))
        await service.is_busy()
        others = [asyncio.create_task(batcher.answer(AskRequest(q))) for q in "bcdef"]
        await asyncio.sleep(0)
        service.gate.set()
        assert [question(await task) for task in (first, *others)] == list("abcdef")
        assert service.batches == [["a"], ["b", "c", "d"], ["e", "f"]]

    run(test())


def test_idle_threads_answer_beside_one_that_works(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(threads=2))
        service.gate.clear()
        first = asyncio.create_task(batcher.answer(AskRequest("a")))
        await service.is_busy()
        second = asyncio.create_task(batcher.answer(AskRequest("b")))
        await service.is_busy()
        third = asyncio.create_task(batcher.answer(AskRequest("c")))
        await asyncio.sleep(0)
        assert (service.batches, batcher.waiting) == ([["a"], ["b"]], 1)
        service.gate.set()
        assert [question(await task) for task in (first, second, third)] == list("abc")
        assert len(service.threads) == 2

    run(test())


def test_processes_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    settings = Settings.from_environment({})
    assert [Limits.of(settings, processes).threads for processes in (1, 2, 4, 9)] == [4, 3, 1, 1]
    assert Limits.of(replace(settings, threads=7), 2).threads == 7
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert Limits.of(settings).threads == 3
    assert Limits.of(replace(settings, queue=100, batch=1, remembered=0, threads=1)) == Limits(
        100, 1, 0, 1
    )


def test_many_questions_of_one_request_are_shared_out(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(batch=2, threads=3))
        service.gate.clear()
        several = asyncio.create_task(batcher.answer_all([AskRequest(q) for q in "abcdefgh"]))
        for _ in range(3):
            await service.is_busy()
        assert batcher.waiting == 2
        service.gate.set()
        assert [question(answer) for answer in await several] == list("abcdefgh")
        assert sorted(service.batches) == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]

    run(test())


def test_a_question_fails_alone(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits())
        requests = [
            AskRequest("a"),
            AskRequest("b", language="xx"),
            AskRequest("broken"),
            AskRequest("c"),
        ]
        outcomes = await asyncio.gather(*map(batcher.answer, requests), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [
            AnswerRecord, UnknownLanguage, ZeroDivisionError, AnswerRecord,
        ]  # fmt: skip

    run(test())


def test_what_can_be_checked_beforehand_does_not_wait(service: FakeService) -> None:
    async def test() -> None:
        with pytest.raises(EmptyQuestion):
            await Batcher(service, Limits()).answer(AskRequest(" "))
        assert service.batches == []

    run(test())


def test_a_full_queue_refuses_and_recovers(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(queue=2))
        service.gate.clear()
        first = asyncio.create_task(batcher.answer(AskRequest("a")))
        await service.is_busy()
        waiting = [asyncio.create_task(batcher.answer(AskRequest(q))) for q in "bc"]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="try again"):
            await batcher.answer(AskRequest("d"))
        service.gate.set()
        assert [question(await task) for task in (first, *waiting)] == ["a", "b", "c"]
        assert question(await batcher.answer(AskRequest("d"))) == "d"

    run(test())


def test_several_questions_wait_together_or_not_at_all(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(queue=2))
        with pytest.raises(Overloaded):
            await batcher.answer_all([AskRequest("a"), AskRequest("b"), AskRequest("c")])
        assert service.batches == []
        answers = await batcher.answer_all([AskRequest("a"), AskRequest("b")])
        assert [question(answer) for answer in answers] == ["a", "b"]

    run(test())


def test_the_first_error_of_several_questions_is_theirs(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits())
        with pytest.raises(UnknownLanguage):
            await batcher.answer_all(
                [AskRequest("a"), AskRequest("b", language="xx"), AskRequest("broken")]
            )

    run(test())


def test_the_same_question_is_answered_from_memory(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits())
        first = await batcher.answer(AskRequest("a"))
        assert await batcher.answer(AskRequest("a")) is first
        mixed = await batcher.answer_all([AskRequest("b"), AskRequest("a"), AskRequest("c")])
        assert [question(answer) for answer in mixed] == ["b", "a", "c"]
        assert service.batches == [["a"], ["b", "c"]]

    run(test())


def test_another_request_or_generation_is_another_answer(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits())
        request = AskRequest("a")
        others = [
            replace(request, top_k=3), replace(request, language="fr"),
            replace(request, documents=("d",)), replace(request, question="A"),
        ]  # fmt: skip
        for each in (request, *others):
            await batcher.answer(each)
        service.info = replace(service.info, generation="g2")
        await batcher.answer(request)
        assert len(service.batches) == 6

    run(test())


def generations(answers: Sequence[AnswerRecord]) -> list[str]:
    return [json.loads(answer.content)["index"]["generation"] for answer in answers]


def test_what_was_accepted_is_answered_by_the_service_of_then(service: FakeService) -> None:
    async def test() -> None:
        new = FakeService()
        new.info = replace(new.info, generation="g2")
        batcher = Batcher(service, Limits(batch=3))
        service.gate.clear()
        first = asyncio.create_task(batcher.answer(AskRequest("a")))
        await service.is_busy()
        several = asyncio.create_task(batcher.answer_all([AskRequest(q) for q in "bcdef"]))
        await asyncio.sleep(0)
        batcher.use(new)
        later = asyncio.create_task(batcher.answer_all([AskRequest(q) for q in "xy"]))
        await asyncio.sleep(0)
        service.gate.set()
        assert generations([await first, *await several]) == ["g1"] * 6
        assert generations(await later) == ["g2"] * 2
        assert service.batches == [["a"], ["b", "c", "d"], ["e", "f"]]
        assert new.batches == [["x", "y"]]

    run(test())


def test_answers_are_remembered_for_their_own_generation(service: FakeService) -> None:
    async def test() -> None:
        new = FakeService()
        new.info = replace(new.info, generation="g2")
        batcher = Batcher(service, Limits())
        service.gate.clear()
        old = asyncio.create_task(batcher.answer(AskRequest("a")))
        await service.is_busy()
        batcher.use(new)
        service.gate.set()
        assert generations([await old]) == ["g1"]
        mixed = await batcher.answer_all([AskRequest("a"), AskRequest("b")])
        assert generations(mixed) == ["g2", "g2"]

    run(test())


def test_in_haste_nothing_is_read_and_the_answer_is_given_again_only_in_haste(
    service: FakeService,
) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(queue=100, batch=3))
        service.gate.clear()
        first = asyncio.create_task(batcher.answer(AskRequest("q0")))
        await service.is_busy()
        rest = asyncio.create_task(batcher.answer_all([AskRequest(f"q{n}") for n in range(1, 8)]))
        await asyncio.sleep(0)
        service.gate.set()
        assert (await first).answer.read
        read = [record.answer.read for record in await rest]
        # 3 of 7 leave 4 behind them, then 3 of 4 leave one: these four are in no haste.
        assert read == [False, False, False, True, True, True, True]
        assert (await batcher.answer(AskRequest("q1"))).answer.read
        await batcher.close()

    asyncio.run(test())
    assert service.batches[-1] == ["q1"]


def test_the_answer_used_least_recently_is_forgotten(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(remembered=2))
        for name in "abacacb":
            assert question(await batcher.answer(AskRequest(name))) == name
        assert service.batches == [["a"], ["b"], ["c"], ["b"]]
        nothing = Batcher(service, Limits(remembered=0))
        for _ in range(2):
            assert question(await nothing.answer(AskRequest("d"))) == "d"
        assert service.batches[4:] == [["d"], ["d"]]

    run(test())


def test_errors_are_not_remembered(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits())
        for _ in range(2):
            with pytest.raises(UnknownLanguage):
                await batcher.answer(AskRequest("a", language="xx"))
        assert len(service.batches) == 2

    run(test())


def test_closing_finishes_what_was_accepted(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(batch=1))
        service.gate.clear()
        tasks = [asyncio.create_task(batcher.answer(AskRequest(q))) for q in "ab"]
        await service.is_busy()
        closing = asyncio.create_task(batcher.close())
        await asyncio.sleep(0)
        assert not closing.done()
        service.gate.set()
        await closing
        assert [question(await task) for task in tasks] == ["a", "b"]

    run(test())


def test_closing_finishes_what_is_accepted_meanwhile(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits(threads=2))
        service.gate.clear()
        first = asyncio.create_task(batcher.answer(AskRequest("a")))
        await service.is_busy()
        closing = asyncio.create_task(batcher.close())
        await asyncio.sleep(0)
        gate, service.gate = service.gate, threading.Event()
        second = asyncio.create_task(batcher.answer(AskRequest("b")))
        await service.is_busy()
        gate.set()
        assert question(await first) == "a"
        # The loop must go on for it to be opened.
        asyncio.get_running_loop().call_later(0.05, service.gate.set)
        await closing
        assert question(await second) == "b"

    run(test())


def test_what_comes_after_the_end_is_refused_and_does_not_wait(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits())
        await batcher.close()
        with pytest.raises(Overloaded, match="closing"):
            await batcher.answer(AskRequest("a"))

    run(test())


def test_one_who_goes_away_disturbs_nobody(service: FakeService) -> None:
    async def test() -> None:
        batcher = Batcher(service, Limits())
        service.gate.clear()
        gone = asyncio.create_task(batcher.answer(AskRequest("a")))
        await service.is_busy()
        other = asyncio.create_task(batcher.answer(AskRequest("b")))
        gone.cancel()
        await asyncio.sleep(0)
        service.gate.set()
        assert question(await other) == "b"

    run(test())


def test_an_internal_error_is_not_hidden(service: FakeService) -> None:
    async def test() -> None:
        def damaged(_: Sequence[AskRequest]) -> list[Answer]:
            raise CorruptIndex("damaged")

        service.ask_many = damaged  # type: ignore[method-assign,assignment]
        with pytest.raises(CorruptIndex):
            await Batcher(service, Limits()).answer(AskRequest("a"))

    run(test())
