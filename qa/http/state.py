"""What the routes share: the parts of the application, and what is known of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Final, cast

from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import Scope

from index.search.filters import Filter
from qa.answer.service import QAService
from qa.http.batching import Batcher
from qa.http.metrics import Metrics
from qa.http.rate_limiter import RateLimiter
from qa.indexes.reloading import Follower
from qa.keys import Grant
from qa.originals.marking import Pictures
from qa.uploads.library import Library

OPEN: Final = Grant("", "")
"""What a client may see where no key is needed: everything."""


@dataclass(slots=True)
class State:
    """The parts of one application.

    Attributes:
        service: answers from the generation that is current.
        batcher: computes the answers in threads.
        metrics: counts what Prometheus reads.
        limiter: counts what each client asks.
        follower: opens each new generation, None where the index is not followed.
        library: takes files and removes documents, None where that is not offered.
        locked: whether the service has keys.
        origins: other sites whose pages may ask.
        pictures: finds the files of documents, and draws pages of PDFs.
    """

    service: QAService
    batcher: Batcher
    metrics: Metrics
    limiter: RateLimiter
    follower: Follower | None = None
    library: Library | None = None
    locked: bool = False
    origins: tuple[str, ...] = ()
    pictures: Pictures = field(default_factory=Pictures)
    _restricted: dict[Filter, tuple[QAService, QAService]] = field(default_factory=dict)

    def use(self, service: QAService) -> None:
        """Answer from this service what is accepted from now on."""
        self.batcher.use(service)
        self.service = service

    def service_for(self, grant: Grant) -> QAService:
        """Return the service that sees what the owner of a key may see, and nothing else."""
        whole, wanted = self.service, grant.wanted
        if wanted is None:
            return whole
        held = self._restricted.get(wanted)
        if held is None or held[0] is not whole:
            held = self._restricted[wanted] = whole, whole.within(wanted)
        return held[1]


@dataclass(slots=True)
class RequestNotes:
    """What is known of a request once a layer or a route has found it out.

    Attributes:
        client: the name under which its questions are counted.
        grant: the key that it came with, and what it may see.
        question: the first question, as it was asked.
        language: the language of the first answer, ``fr`` or ``en``.
    """

    client: str = "unknown"
    grant: Grant = OPEN
    question: str | None = None
    language: str = ""


def keep(app: FastAPI, state: State) -> None:
    """Make this the state of an application."""
    app.state.passerelle = state


def state_of(app: FastAPI) -> State:
    """Return the state of an application."""
    return cast(State, app.state.passerelle)


async def _shared(connection: HTTPConnection) -> State:
    return state_of(connection.app)


async def _service(connection: HTTPConnection) -> QAService:
    return await seen_by(connection)


async def seen_by(connection: HTTPConnection) -> QAService:
    """Return ``service_of`` a request without blocking the server while documents are chosen."""
    if noted(connection.scope).grant.wanted is None:
        return service_of(connection)
    return await run_in_threadpool(service_of, connection)


Shared = Annotated[State, Depends(_shared)]
"""The state of the application, for a route that asks for it."""
CurrentService = Annotated[QAService, Depends(_service)]
"""What answers at this moment, for a route that asks for it."""


def service_of(connection: HTTPConnection) -> QAService:
    """Return what answers the client of a request, who may see only some documents."""
    return state_of(connection.app).service_for(noted(connection.scope).grant)


def noted(scope: Scope) -> RequestNotes:
    """Return the notes of a request, empty at first."""
    return cast(RequestNotes, scope.setdefault("state", {}).setdefault("notes", RequestNotes()))
