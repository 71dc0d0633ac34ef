"""What is indexed, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from pydantic import BaseModel

from documents.types import Document
from qa.contract import DOCUMENT, DOCUMENTS, REFUSED, TEXT
from qa.requests_http import check_query
from qa.schemas import DocumentOut, DocumentsOut
from qa.service import QAService

router = APIRouter(dependencies=[Depends(check_query)], responses=REFUSED)


async def _service(request: Request) -> QAService:
    service: QAService = request.app.state.service
    return service


Service = Annotated[QAService, Depends(_service)]
Offset = Annotated[int | None, Query(ge=0, description="In code points.")]


@router.get("/documents", response_model=DocumentsOut, responses=DOCUMENTS)
def get_documents(service: Service) -> Response:
    """List what is indexed."""
    return _json(DocumentsOut.of(service.generation))


@router.get("/documents/{document_id}", response_model=DocumentOut, responses=DOCUMENT)
def get_document(service: Service, document_id: str) -> Response:
    """Describe an indexed document."""
    document = service.document(document_id)
    passages = len(service.generation.rows_of(document.id))
    return _json(DocumentOut.of(document, passages))


@router.get("/documents/{document_id}/text", response_class=Response, responses=TEXT)
def get_text(
    service: Service,
    document_id: str,
    start: Offset = None,
    end: Offset = None,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Return the exact text that citations point into, or the part from `start` to `end`.

    The ETag of the whole is its SHA-256; that of a part has the offsets after it.
    """
    document = service.document(document_id)
    first, last = _range(document, start, end)
    tag = document.sha256 if start is end is None else f"{document.sha256}:{first}-{last}"
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
    if _matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    # Bytes: the framework must not touch line ends or the encoding.
    content = document.text[first:last].encode()
    return Response(content, headers=headers, media_type="text/plain; charset=utf-8")


def _range(document: Document, start: int | None, end: int | None) -> tuple[int, int]:
    first = 0 if start is None else start
    last = len(document.text) if end is None else end
    if not first <= last <= len(document.text):
        raise HTTPException(416)
    return first, last


def _matches(if_none_match: str, tag: str) -> bool:
    """Compare weakly, as RFC 9110 says of this header."""
    given = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return tag in given or given == ["*"]


def _json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), media_type="application/json")
