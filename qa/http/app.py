"""The HTTP service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, WithJsonSchema

from qa.answer import stages
from qa.answer.service import MAX_TOP_K, TOP_K, AskRequest, QAService
from qa.http import operations as http_operations
from qa.http.access import Exposure
from qa.http.answers import answers_to
from qa.http.batching import Batcher, Limits
from qa.http.contract import ANSWER, ASKED, BATCH, DESCRIPTION, READY, REFUSED, describe
from qa.http.library import changes as http_changes
from qa.http.library import documents as http_documents
from qa.http.library import pictures as http_pictures
from qa.http.metrics import Metrics
from qa.http.page import routes as page_routes
from qa.http.protection import protect
from qa.http.rate_limiter import RateLimiter
from qa.http.refusals import add_handlers
from qa.http.requests import Conditions, Day, Inside, Tags, check_body_type, check_query
from qa.http.state import CurrentService, Shared, State, keep, noted, seen_by, state_of
from qa.indexes.reloading import Follower, following
from qa.narrowing import narrowed
from qa.originals.marking import Pictures
from qa.uploads.library import Library
from qa.wire.schemas import (
    LANGUAGE_SCHEMA,
    QUESTION_SCHEMA,
    AnswerOut,
    AskOneIn,
    BatchIn,
    BatchOut,
    HealthOut,
    ReadyOut,
)

router = APIRouter(dependencies=[Depends(check_query), Depends(check_body_type)], responses=REFUSED)


def create_app(
    service: QAService,
    limits: Limits | None = None,
    exposure: Exposure | None = None,
    follower: Follower | None = None,
    library: Library | None = None,
    pictures: Pictures | None = None,
) -> FastAPI:
    """Return the application that answers from this service, and from those that follow it.

    Args:
        service: answers at first.
        limits: how much it answers at a time.
        exposure: which clients it answers, and how often.
        follower: opens each new generation.
        library: takes and removes documents; None where nobody may do that.
        pictures: finds the files of documents; None where they are not known.
    """
    exposure = exposure or Exposure()
    state = State(
        service=service,
        batcher=Batcher(service, limits or Limits()),
        metrics=Metrics(),
        limiter=RateLimiter(exposure.rate),
        follower=follower,
        library=library,
        locked=bool(exposure.every_grant),
        origins=exposure.origins,
        pictures=pictures or Pictures(),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stages.listen(state.metrics.stage)
        async with following(follower, state.use):
            yield
        await state.batcher.close()
        stages.forget(state.metrics.stage)

    app = FastAPI(
        lifespan=lifespan,
        title="Passerelle",
        summary="Ask documents in French or English; check every citation.",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    keep(app, state)
    # The pages come first: they leave what is not for people to the others.
    for part in (
        page_routes.router,
        router,
        http_documents.router,
        http_pictures.router,
        http_changes.router,
        http_operations.router,
    ):
        app.include_router(part)
    describe(app, bool(exposure.every_grant))
    add_handlers(app)
    protect(app, exposure, state.metrics, state.limiter)
    return app


@router.post("/ask", response_model=AnswerOut, responses=ANSWER)
async def post_ask(
    request: Request, body: Annotated[AskOneIn, Body(openapi_examples=ASKED)]
) -> Response:
    """Answer a question."""
    return await _answer(request, body.request(), rectangles=body.rectangles)


@router.get("/ask", response_model=AnswerOut, responses=ANSWER)
async def get_ask(
    request: Request,
    q: Annotated[
        str,
        Query(description="The question.", examples=["Qui est la présidente de Mila ?"]),
        WithJsonSchema(QUESTION_SCHEMA),
    ],
    top_k: Annotated[int, Query(ge=1, le=MAX_TOP_K)] = TOP_K,
    language: Annotated[
        str | None, Query(description="`fr` or `en`"), WithJsonSchema(LANGUAGE_SCHEMA)
    ] = None,
    inside: Inside = [],  # noqa: B006 - copied by the framework
    tag: Tags = [],  # noqa: B006
    since: Day = None,
    until: Day = None,
    conditions: Conditions = [],  # noqa: B006
    rectangles: Annotated[
        bool, Query(description="Tell where on the pages of PDFs the marked sentences are seen.")
    ] = False,
) -> Response:
    """Answer a question, for a browser or curl."""
    wanted = narrowed(inside, tag, since, until, conditions)
    asked = AskRequest(q, top_k, language, filters=wanted)
    return await _answer(request, asked, rectangles=rectangles)


async def _answer(request: Request, asked: AskRequest, *, rectangles: bool) -> Response:
    (found,) = await answers_to(request, [asked])
    if not rectangles:
        return _json(found.content)
    service = await seen_by(request)
    marked = state_of(request.app).pictures.marked
    return _json(_dumped(await run_in_threadpool(marked, found.model, service.generation)))


@router.post("/ask/batch", response_model=BatchOut, responses=BATCH)
async def post_batch(request: Request, state: Shared, body: BatchIn) -> Response:
    """Answer several questions, in their order."""
    _charge(state.limiter, noted(request.scope).client, len(body.questions) - 1)
    answers = await answers_to(request, [question.request() for question in body.questions])
    return _json(b'{"answers":[' + b",".join(answer.content for answer in answers) + b"]}")


@router.get("/health")
async def get_health() -> HealthOut:
    """Tell that the process is alive."""
    return HealthOut()


@router.get("/ready", response_model=ReadyOut, responses=READY)
async def get_ready(request: Request, state: Shared, service: CurrentService) -> Response:
    """Tell which index is loaded, and whether a newer one cannot be."""
    sees_all = noted(request.scope).grant.wanted is None
    problem = state.follower.problem if state.follower is not None and sees_all else None
    return _json(_dumped(ReadyOut(**asdict(service.info), problem=problem)))


def _charge(limiter: RateLimiter, client: str, questions: int) -> None:
    """Count the questions of a batch after the first, which was counted when it came."""
    if questions and not limiter.take(client, questions):
        raise HTTPException(429, headers=limiter.refused(client))


def _dumped(model: BaseModel) -> bytes:
    # By the model itself, so that every way to ask gives the same bytes.
    return model.model_dump_json().encode()


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
