"""The page: a question box, answers, and the documents they cite; whole without a script."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from types import SimpleNamespace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from documents.types import Document, Span
from qa import service as asking
from qa.http_answers import answers_to
from qa.negotiation import CHOICE, interface_language, wants_page
from qa.page_answer import PassageView
from qa.page_assets import FOLDER, address, by_address
from qa.page_source import blocks, pieces
from qa.page_texts import SCRIPT_TEXTS, TEXTS, grouped, unbroken
from qa.problems import Problem
from qa.question import MAX_LENGTH
from qa.schemas import AnswerOut
from qa.service import MAX_TOP_K, TOP_K, QAService

_YEAR: Final = 365 * 24 * 3600
_SHOWN_DOCUMENTS: Final = 8
_PROBLEMS: Final = {
    "/problems/empty-question": "empty",
    "/problems/question-too-long": "long",
    "/problems/invalid-question": "invalid",
}
_STATUSES: Final = {404: "missing", 422: "option", 429: "busy", 503: "busy"}


class _PageRoute(APIRoute):
    """A route for those who want a page; others get the JSON of the next one that matches."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and wants_page(Request(scope)):
            return super().matches(scope)
        return Match.NONE, {}


router = APIRouter(include_in_schema=False)


@router.get("/")
async def get_home(
    request: Request,
    q: str | None = None,
    top_k: Annotated[int, Query(ge=1, le=MAX_TOP_K)] = TOP_K,
    lang: str = "",
) -> Response:
    """Return the page, with the answer if there is a question."""
    if q is None:
        return _home(request)
    (found,) = await answers_to(request, [asking.Request(q, top_k, lang or None)])
    answer = AnswerOut.model_validate_json(found)
    site = str(request.base_url).rstrip("/")
    passages = list(PassageView.all_of(answer, site, interface_language(request)))
    return _page(request, "answer.html", answer=answer, passages=passages)


def get_document(request: Request, document_id: str, c: str = "") -> Response:
    """Return a document laid out by its sections, marked at ``c=START-END`` if that is asked."""
    service: QAService = request.app.state.service
    document = service.document(document_id)
    asked = _range(c, document)
    ranges = [asked] if asked else _passages(service, document)
    laid_out = ((block, pieces(document.text, block.span, ranges)) for block in blocks(document))
    return _page(request, "document.html", document=document, blocks=laid_out, asked=asked)


router.add_api_route(
    "/documents/{document_id}", get_document, route_class_override=_PageRoute, methods=["GET"]
)


@router.get("/assets/{name}")
async def get_asset(request: Request, name: str) -> Response:
    """Return a style sheet, a script or a drawing."""
    asset = by_address().get(name)
    if asset is None:
        raise HTTPException(404)
    headers = {
        "Cache-Control": f"public, max-age={_YEAR}, immutable",
        "Vary": "Accept-Encoding",
    }
    return _compressible(request, asset.content, asset.compressed, headers, asset.media_type)


def shows_page(request: Request) -> bool:
    """Tell whether an error should be a page: not for programs, nor under ``/ask``."""
    asks = request.url.path.startswith("/ask")
    return request.method == "GET" and not asks and wants_page(request)


def problem_page(request: Request, problem: Problem) -> Response:
    """Return the page of an error."""
    name = _PROBLEMS.get(problem.type) or _STATUSES.get(problem.status, "broken")
    return _page(request, "problem.html", problem.status, name=name, problem=problem)


def _home(request: Request) -> Response:
    documents = request.app.state.service.generation.documents
    examples = [e for d in documents.values() if (e := _examples().get(d.sha256))]
    shown = list(islice(documents.values(), _SHOWN_DOCUMENTS))
    return _page(
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


def _range(written: str, document: Document) -> Span | None:
    found = re.fullmatch(r"(\d{1,12})-(\d{1,12})", written, re.ASCII)
    if found is None:
        return None
    span = Span(int(found[1]), int(found[2]))
    return span if span.start < span.end <= len(document.text) else None


@dataclass(frozen=True, slots=True)
class _Link:
    """Makes addresses of this page with something changed."""

    query: Mapping[str, str]

    def __call__(self, path: str = "", **changes: str) -> str:
        kept = {name: value for name, value in {**self.query, **changes}.items() if value}
        return f"{path}?{urlencode(kept)}"


def _page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    language = interface_language(request)
    service: QAService = request.app.state.service
    content = _templates().get_template(template).render(
        t=SimpleNamespace(**TEXTS[language]), ui=language, link=_Link(dict(request.query_params)),
        query=request.query_params, info=service.info, held=len(service.generation.documents),
        **values,
    ).encode()  # fmt: skip
    headers = {
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Accept-Encoding, Accept-Language, Cookie",
        "Content-Language": language,
    }
    compressed = gzip.compress(content, compresslevel=5, mtime=0)
    response = _compressible(request, content, compressed, headers, "text/html", status)
    if CHOICE in request.query_params:
        response.set_cookie(CHOICE, language, max_age=_YEAR, httponly=True, samesite="lax")
    return response


def _compressible(
    request: Request, content: bytes, compressed: bytes, headers: dict[str, str],
    media_type: str, status: int = 200,
) -> Response:  # fmt: skip
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers = compressed, {**headers, "Content-Encoding": "gzip"}
    return Response(content, status, headers, media_type)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.filters |= {"verbatim": _verbatim, "grouped": grouped, "unbroken": unbroken}
    environment.globals |= {
        "asset": address, "TEXTS": TEXTS, "SCRIPT_TEXTS": SCRIPT_TEXTS, "TOP_K": TOP_K,
        "MAX_LENGTH": MAX_LENGTH,
    }  # fmt: skip
    return environment


def _verbatim(text: str) -> Markup:
    """Escape a text so that a browser keeps each of its characters: it would drop a bare CR."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704 - escaped just here
