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
from qa.http.sheets import tag_of
from qa.http.state import CurrentService, state_of
from qa.wire.schemas import AnswerOut, PassageOut, RectangleOut, RectanglesOut

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
    file = _require_pdf(request, document, number)
    headers = {"ETag": f'"{tag_of(file, number)}"', "Cache-Control": "private, no-cache"}
    if matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    sheet = state_of(request.app).sheets.sheet(file, number)
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
    page = document.page_of(start)
    rectangles = [] if page is None else rectangles_of(request, document, start, end)
    return RectanglesOut(page=page, rectangles=rectangles)


def marked(request: Request, answer: AnswerOut, service: QAService) -> AnswerOut:
    """Return an answer whose citations tell where their marked sentences are seen.

    Args:
        request: which was answered.
        answer: as it goes over the wire.
        service: has the documents that are cited.
    """
    passages = [_marked(request, passage, service) for passage in answer.passages]
    return answer.model_copy(update={"passages": passages})


def _marked(request: Request, passage: PassageOut, service: QAService) -> PassageOut:
    cited, first = passage.citation, passage.highlights[0]
    document = service.generation.documents.get(cited.document_id)
    span = (cited.start + first.start, cited.start + first.end)
    is_same = document is not None and document.sha256 == cited.sha256  # as it was answered from
    found = rectangles_of(request, document, *span) if document and is_same else []
    return passage.model_copy(update={"citation": cited.model_copy(update={"rectangles": found})})


def rectangles_of(request: Request, document: Document, start: int, end: int) -> list[RectangleOut]:
    """Return where a range of a document is seen on the page that it starts on, a line each.

    None where that is not sure, or its original is no PDF or not there.
    """
    from documents.formats.pdf.sheets import find_words

    page, file = document.page_of(start), pdf_of(request, document)
    if page is None or file is None:
        return []
    ends = document.pages[page] if page < len(document.pages) else end
    try:
        sheet = state_of(request.app).sheets.sheet(file, page)
    except NoOriginal:
        return []
    return list(map(RectangleOut.of, find_words(sheet, document.text[start : min(end, ends)])))


def pdf_of(request: Request, document: Document) -> Path | None:
    """Return the PDF that a document was read from, where it can be shown."""
    state = state_of(request.app)
    is_pdf = document.origin is not None and document.origin.path.lower().endswith(".pdf")
    if state.library is None or not is_pdf or not document.pages:
        return None
    try:
        # The generation as a whole: that of a key with a filter has a name of its own.
        return state.library.original(document, state.service.generation.id)
    except NoOriginal:
        return None


def _require_pdf(request: Request, document: Document, number: int) -> Path:
    file = pdf_of(request, document)
    if file is None:
        raise NoOriginal(
            f"{document.id!r} was read from no PDF that is still here: "
            f"/documents/{document.id}/text has its text"
        )
    if number > len(document.pages):
        raise NoOriginal(f"{document.id!r} has {len(document.pages)} pages, and no page {number}")
    return file
