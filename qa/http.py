"""The HTTP service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from documents.errors import PasserelleError
from documents.types import Document
from qa import pages
from qa import service as asking
from qa.batching import Batcher, Limits
from qa.errors import Overloaded
from qa.problems import MEDIA_TYPE, Problem
from qa.schemas import (
    AnswerOut,
    AskIn,
    BatchIn,
    BatchOut,
    DocumentOut,
    DocumentsOut,
    HealthOut,
    IndexOut,
    ProblemOut,
)
from qa.service import MAX_TOP_K, TOP_K, QAService

router = APIRouter()
RETRY_AFTER = "1"
"""After how many seconds to ask again: a full queue is answered sooner."""

_EXAMPLES: dict[str, Any] = {
    "english": {"summary": "English", "value": {"question": "Who is Mila's scientific director?"}},
    "français": {
        "summary": "Français",
        "value": {"question": "Qui est la présidente de Mila ?", "top_k": 3},
    },
    "requested": {
        "summary": "A language asked for / Une langue demandée",
        "value": {"question": "G7", "language": "en"},
    },
}
_PROBLEM: dict[str, Any] = {"model": ProblemOut, "content": {MEDIA_TYPE: {}}}
_REFUSED: dict[int | str, dict[str, Any]] = {
    422: {**_PROBLEM, "description": "The request cannot be answered as it stands."},
    503: {**_PROBLEM, "description": "Too many questions are waiting; see `Retry-After`."},
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {**_PROBLEM, "description": "Not indexed."}}


def create_app(service: QAService, limits: Limits | None = None) -> FastAPI:
    """Return the application that answers from this service."""
    batcher = Batcher(service, limits or Limits())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await batcher.close()

    app = FastAPI(
        lifespan=lifespan,
        title="Passerelle",
        summary="Ask documents in French or English; check every citation.",
        description="Posez une question en français ou en anglais ; chaque passage est cité au "
        "caractère près.\n\nOffsets are half-open ranges of Unicode code points.",
    )
    app.state.service, app.state.batcher = service, batcher
    app.include_router(pages.router)  # first: it leaves what is not for people to the next
    app.include_router(router)
    app.add_exception_handler(PasserelleError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_status)
    return app


async def _service(request: Request) -> QAService:
    service: QAService = request.app.state.service
    return service


async def _batcher(request: Request) -> Batcher:
    batcher: Batcher = request.app.state.batcher
    return batcher


Service = Annotated[QAService, Depends(_service)]
Answers = Annotated[Batcher, Depends(_batcher)]


@router.post("/ask", response_model=AnswerOut, responses=_REFUSED)
async def post_ask(
    batcher: Answers, body: Annotated[AskIn, Body(openapi_examples=_EXAMPLES)]
) -> Response:
    """Answer a question."""
    return _raw(await batcher.answer(body.request()))


@router.get("/ask", response_model=AnswerOut, responses=_REFUSED)
async def get_ask(
    batcher: Answers,
    q: Annotated[
        str, Query(description="The question.", examples=["Qui est la présidente de Mila ?"])
    ],
    top_k: Annotated[int, Query(ge=1, le=MAX_TOP_K)] = TOP_K,
    language: Annotated[str | None, Query(description="`fr` or `en`")] = None,
) -> Response:
    """Answer a question, for a browser or curl."""
    return _raw(await batcher.answer(asking.Request(q, top_k, language)))


@router.post("/ask/batch", response_model=BatchOut, responses=_REFUSED)
async def post_batch(batcher: Answers, body: BatchIn) -> Response:
    """Answer several questions, in their order."""
    answers = await batcher.answer_all([question.request() for question in body.questions])
    return _raw(b'{"answers":[' + b",".join(answers) + b"]}")


@router.get("/documents", response_model=DocumentsOut)
def get_documents(service: Service) -> Response:
    """List what is indexed."""
    held = service.generation.documents.values()
    return _json(DocumentsOut(documents=[_document(service, d) for d in held]))


@router.get("/documents/{document_id}", response_model=DocumentOut, responses=_UNKNOWN)
def get_document(service: Service, document_id: str) -> Response:
    """Describe an indexed document."""
    return _json(_document(service, service.document(document_id)))


@router.get("/documents/{document_id}/text", responses=_UNKNOWN)
def get_text(
    service: Service, document_id: str, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """Return the exact text that citations point into; its ETag is its SHA-256."""
    document = service.document(document_id)
    headers = {"ETag": f'"{document.sha256}"'}
    if headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    # Bytes: the framework must not touch line ends or the encoding.
    return Response(document.text.encode(), headers=headers, media_type="text/plain; charset=utf-8")


@router.get("/health")
def get_health() -> HealthOut:
    """Tell that the process is alive."""
    return HealthOut()


@router.get("/ready", response_model=IndexOut)
def get_ready(service: Service) -> Response:
    """Tell which index is loaded."""
    return _json(IndexOut.model_validate(service.info))


def _document(service: QAService, document: Document) -> DocumentOut:
    entries = {e.id: e.passages for e in service.generation.manifest.documents}
    return DocumentOut(
        id=document.id,
        title=document.title,
        language=document.language,
        sha256=document.sha256,
        source_url=document.source_url,
        characters=len(document.text),
        passages=entries[document.id],
    )


def _json(model: BaseModel, status: int = 200, media_type: str = "application/json") -> Response:
    # Serialised by the model itself, so that every way to ask gives the same bytes.
    return Response(model.model_dump_json(), status_code=status, media_type=media_type)


def _raw(answer: bytes) -> Response:
    return Response(answer, media_type="application/json")


def _problem(request: Request, problem: Problem) -> Response:
    if pages.shows_page(request):
        return pages.problem_page(request, problem)
    return _json(ProblemOut.model_validate(problem), problem.status, MEDIA_TYPE)


def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PasserelleError)  # noqa: S101 - registered for this class alone
    response = _problem(request, Problem.of(error))
    if isinstance(error, Overloaded):
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    reasons = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return _problem(request, Problem.of_status(422, "; ".join(reasons)))


def _on_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    response = _problem(request, Problem.of_status(error.status_code, str(error.detail)))
    response.headers.update(error.headers or {})
    return response
