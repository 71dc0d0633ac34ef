"""Pages of originals as they are seen, and where on them a quote stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from fastapi import Path as InPath

from documents.types import Document
from qa.answer.service import QAService
from qa.errors import NoOriginal
from qa.http.contract import PICTURE, RECTANGLES, REFUSED
from qa.http.negotiation import matches
from qa.http.requests import check_query
from qa.http.state import CurrentService, state_of
from qa.originals.sheets import tag_of
from qa.wire.schemas import RectanglesOut

router = APIRouter(dependencies=[Depends(check_query)], responses=REFUSED)
_MOST_PAGES: Final = 10_000
Number = Annotated[int, InPath(ge=1, le=_MOST_PAGES, description="From 1.")]
Offset = Annotated[int, Query(ge=0, description="In code points.")]


@router.get(
    "/documents/{document_id}/pages/{number}.png", response_class=Response, responses=PICTURE
)
def get_page(
    request: Request,
    service: CurrentService,
    document_id: str,
    number: Number,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Draw a page of a document's PDF, at most 1600 dots high and wide."""
    document = service.document(document_id)
    file = _require_pdf(request, service, document, number)
    headers = {"ETag": f'"{tag_of(file, number)}"', "Cache-Control": "private, no-cache"}
    if matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    sheet = state_of(request.app).pictures.sheets.sheet(file, number)
    return Response(sheet.png, headers=headers, media_type="image/png")


@router.get(
    "/documents/{document_id}/rectangles", response_model=RectanglesOut, responses=RECTANGLES
)
def get_rectangles(
    request: Request, service: CurrentService, document_id: str, start: Offset, end: Offset
) -> RectanglesOut:
    """Tell where the text from `start` to `end` stands on its page: nowhere if that is not sure."""
    document = service.document(document_id)
    if not start <= end <= len(document.text):
        raise HTTPException(416)
    pictures = state_of(request.app).pictures
    found = pictures.rectangles(document, service.generation, start, end)
    return RectanglesOut(page=document.page_of(start), rectangles=found)


def _require_pdf(request: Request, service: QAService, document: Document, number: int) -> Path:
    file = state_of(request.app).pictures.pdf(document, service.generation)
    if file is None:
        raise NoOriginal(
            f"{document.id!r} was read from no PDF that is still here: "
            f"/documents/{document.id}/text has its text"
        )
    if number > len(document.pages):
        raise NoOriginal(f"{document.id!r} has {len(document.pages)} pages, and no page {number}")
    return file
