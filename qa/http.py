"""The HTTP service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Query, Request, Response
from pydantic import BaseModel, WithJsonSchema

from qa import http_documents, http_operations, pages, stages
from qa import service as asking
from qa.access import Exposure, RateLimiter
from qa.batching import Batcher, Limits
from qa.contract import ANSWER, ASKED, BATCH, DESCRIPTION, READY, REFUSED, describe
from qa.http_answers import answers_to
from qa.http_documents import Service
from qa.metrics import Metrics
from qa.protection import protect
from qa.refusals import add_handlers
from qa.reloading import Follower, following
from qa.requests_http import check_body_type, check_query
from qa.schemas import (
    LANGUAGE_SCHEMA,
    QUESTION_SCHEMA,
    AnswerOut,
    AskIn,
    BatchIn,
    BatchOut,
    HealthOut,
    ReadyOut,
)
from qa.service import MAX_TOP_K, TOP_K, QAService

router = APIRouter(dependencies=[Depends(check_query), Depends(check_body_type)], responses=REFUSED)


def create_app(
    service: QAService,
    limits: Limits | None = None,
    exposure: Exposure | None = None,
    follower: Follower | None = None,
) -> FastAPI:
    """Return the application that answers from this service, and from those that follow it."""
    batcher, metrics, exposure = (
        Batcher(service, limits or Limits()),
        Metrics(),
        exposure or Exposure(),
    )

    def swap(new: QAService) -> None:
        batcher.use(new)
        app.state.service = new

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stages.listen(metrics.stage)
        async with following(follower, swap):
            yield
        await batcher.close()
        stages.forget(metrics.stage)

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
    app.state.service, app.state.batcher, app.state.follower = service, batcher, follower
    app.state.metrics, app.state.limiter = metrics, RateLimiter(exposure.rate)
    # The pages come first: they leave what is not for people to the others.
    for part in (pages.router, router, http_documents.router, http_operations.router):
        app.include_router(part)
    describe(app, bool(exposure.keys))
    add_handlers(app)
    protect(app, exposure, metrics, app.state.limiter)
    return app


@router.post("/ask", response_model=AnswerOut, responses=ANSWER)
async def post_ask(
    request: Request, body: Annotated[AskIn, Body(openapi_examples=ASKED)]
) -> Response:
    """Answer a question."""
    return _json((await answers_to(request, [body.request()]))[0])


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
) -> Response:
    """Answer a question, for a browser or curl."""
    return _json((await answers_to(request, [asking.Request(q, top_k, language)]))[0])


@router.post("/ask/batch", response_model=BatchOut, responses=BATCH)
async def post_batch(request: Request, body: BatchIn) -> Response:
    """Answer several questions, in their order."""
    _charge(request, len(body.questions) - 1)
    answers = await answers_to(request, [question.request() for question in body.questions])
    return _json(b'{"answers":[' + b",".join(answers) + b"]}")


@router.get("/health")
async def get_health() -> HealthOut:
    """Tell that the process is alive."""
    return HealthOut()


@router.get("/ready", response_model=ReadyOut, responses=READY)
async def get_ready(request: Request, service: Service) -> Response:
    """Tell which index is loaded, and whether a newer one cannot be."""
    follower: Follower | None = request.app.state.follower
    problem = None if follower is None else follower.problem
    return _json(_dumped(ReadyOut(**asdict(service.info), problem=problem)))


def _charge(request: Request, questions: int) -> None:
    """Count the questions of a batch after the first, which was counted when it came."""
    limiter, client = request.app.state.limiter, request.state.client
    if questions and not limiter.take(client, questions):
        raise HTTPException(429, headers=limiter.refused(client))


def _dumped(model: BaseModel) -> bytes:
    # By the model itself, so that every way to ask gives the same bytes.
    return model.model_dump_json().encode()


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
