"""The page: a question box, answers, and the documents they cite; whole without a script."""

from __future__ import annotations

import json
from functools import cache
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.exceptions import HTTPException

from documents.types import Document, Span
from qa.answer.service import MAX_TOP_K, TOP_K, AskRequest, QAService
from qa.citing.permanent import Found, Link, find
from qa.http.answers import answers_to
from qa.http.library.documents import Asked
from qa.http.library.listing import listed
from qa.http.negotiation import page_language, wants_page
from qa.http.page import changes
from qa.http.page.answer_view import PassageView, by_document
from qa.http.page.assets import FOLDER, by_address
from qa.http.page.document_list import SORTS, DocumentList
from qa.http.page.guide import GUIDE
from qa.http.page.rendering import YEAR, PageRoute, compressible, page
from qa.http.page.source_view import SheetView, page_blocks, sheet_number, text_runs
from qa.http.state import seen_by, service_of, state_of
from qa.narrowing import narrowed
from qa.wire.problems import Problem
from qa.wire.schemas import RectangleOut

_SHOWN_DOCUMENTS: Final = 8
_LONGEST_OPENING: Final = 40
"""How many code points of the first words in a link are said again."""
_PROBLEMS: Final = {
    "/problems/empty-question": "empty",
    "/problems/question-too-long": "long",
    "/problems/invalid-question": "invalid",
    "/problems/invalid-upload": "upload",
    "/problems/read-only": "read_only",
    "/problems/foreign-request": "foreign",
    "/problems/too-many-jobs": "jobs",
    "/problems/unknown-job": "job",
    "/problems/content-too-large": "large",
}
_STATUSES: Final = {404: "missing", 422: "option", 429: "busy", 503: "busy"}


router = APIRouter(include_in_schema=False)
router.include_router(changes.router)


@router.get("/")
async def get_home(
    request: Request,
    q: str | None = None,
    top_k: Annotated[int, Query(ge=1, le=MAX_TOP_K)] = TOP_K,
    lang: str = "",
    inside: Annotated[str, Query(alias="in")] = "",
    tag: str = "",
    written: str = "",
    document: str = "",
) -> Response:
    """Return the page, with the answer if there is a question."""
    await seen_by(request)  # what it may see is found out here, and not where the server waits
    if q is None:
        return _home(request)
    said = [f"language={written}"] if written else []
    wanted = narrowed([inside] if inside else [], [tag] if tag else [], conditions=said)
    only = (document,) if document else None
    asked = AskRequest(q, top_k, lang or None, only, wanted)
    (found,) = await answers_to(request, [asked])
    answer = found.model
    site = str(request.base_url).rstrip("/")
    documents = service_of(request).generation.documents
    passages = PassageView.all_of(answer, documents, site, page_language(request))
    return page(request, "answer.html", answer=answer, groups=by_document(passages))


@router.get("/help")
async def get_help(request: Request) -> Response:
    """Say what the confidence means, how to filter and cite, and what is read."""
    await seen_by(request)
    return page(request, "help.html", guide=GUIDE[page_language(request)])


def get_document(
    request: Request, document_id: str, c: str = "", v: str = "", q: str = "", t: str = "",
    p: str = "",
) -> Response:  # fmt: skip
    """Return a document laid out by its sections, marked at what a link asks for: see ``Link``."""
    service = service_of(request)
    document = service.document(document_id)
    found = find(document, Link(c, v, q, t))
    whole = found.state == "whole"
    ranges = _passages(service, document) if whole else [found.span] if found.span else []
    laid_out = (
        (block, text_runs(document.text, block.span, ranges)) for block in page_blocks(document)
    )
    return page(
        request, "document.html", document=document, blocks=laid_out, found=found, asked=c,
        opening=" ".join(t.split())[:_LONGEST_OPENING], sheet=_sheet(request, document, found, p),
        has_sheets=_has_sheets(request, document), has_file=_has_file(request, document),
    )  # fmt: skip


router.add_api_route(
    "/documents/{document_id}", get_document, route_class_override=PageRoute, methods=["GET"]
)


def _sheet(request: Request, document: Document, found: Found, asked: str) -> SheetView | None:
    quote = found.span
    number = sheet_number(document, asked, quote)
    if number is None or not _has_sheets(request, document):
        return None
    is_of_quote = quote is not None and document.page_of(quote.start) == number
    marks = _marks(request, document, quote) if quote and is_of_quote else []
    return SheetView(number, len(document.pages), tuple(marks), is_of_quote)


def _has_file(request: Request, document: Document) -> bool:
    originals = state_of(request.app).pictures.originals
    return originals.find(document, service_of(request).generation) is not None


def _has_sheets(request: Request, document: Document) -> bool:
    pictures = state_of(request.app).pictures
    return pictures.pdf(document, service_of(request).generation) is not None


def _marks(request: Request, document: Document, quote: Span) -> list[RectangleOut]:
    pictures = state_of(request.app).pictures
    return pictures.rectangles(document, service_of(request).generation, *quote)


def get_documents(request: Request, wanted: Asked) -> Response:
    """Return a part of the list of documents."""
    found = DocumentList.of(listed(service_of(request).generation, wanted), wanted)
    return page(request, "documents.html", listed=found, sorts=SORTS)


router.add_api_route("/documents", get_documents, route_class_override=PageRoute, methods=["GET"])


@router.get("/assets/{name}")
async def get_asset(request: Request, name: str) -> Response:
    """Return a style sheet, a script or a drawing."""
    asset = by_address().get(name)
    if asset is None:
        raise HTTPException(404)
    headers = {
        "Cache-Control": f"public, max-age={YEAR}, immutable",
        "Vary": "Accept-Encoding",
    }
    return compressible(request, asset.content, asset.compressed, headers, asset.media_type)


def shows_page(request: Request) -> bool:
    """Tell whether an error should be a page: not for programs, nor under ``/ask``."""
    asks = request.url.path.startswith("/ask")
    return request.method in {"GET", "POST"} and not asks and wants_page(request)


def problem_page(request: Request, problem: Problem) -> Response:
    """Return the page of an error."""
    name = _PROBLEMS.get(problem.type) or _STATUSES.get(problem.status, "broken")
    return page(request, "problem.html", problem.status, name=name, problem=problem)


def _home(request: Request) -> Response:
    documents = service_of(request).generation.documents
    examples = [e for d in documents.values() if (e := _examples().get(d.sha256))]
    shown = list(islice(documents.values(), _SHOWN_DOCUMENTS))
    return page(
        request, "home.html", examples=examples, documents=shown,
        more=len(documents) - len(shown),
    )  # fmt: skip


@cache
def _examples() -> dict[str, dict[str, list[str]]]:
    """Return questions, by language, for each text that we know some for, by its SHA-256."""
    found: dict[str, dict[str, list[str]]] = json.loads(
        (FOLDER / "examples.json").read_text("utf-8")
    )
    return found


def _passages(service: QAService, document: Document) -> list[Span]:
    rows = service.generation.rows_of(document.id)
    held = (service.generation.passages[row] for row in rows)
    return sorted(Span(p.start, p.end) for p in held)
