"""What is indexed, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from pydantic import BaseModel

from documents.properties import LONGEST_VALUE
from documents.types import Document
from qa.addresses import address_of
from qa.citing.forms import FORMS, FormName
from qa.citing.reference import Reference
from qa.http.contract import CITATION, DOCUMENT, DOCUMENTS, REFUSED, TEXT
from qa.http.library.listing import FURTHEST, LIMIT, MOST, SORTS, Wanted, listed
from qa.http.negotiation import accepted_language, matches
from qa.http.requests import Conditions, Day, Inside, Tags, check_query
from qa.http.state import CurrentService
from qa.narrowing import narrowed
from qa.wire.schemas import CitationOut, DocumentOut, DocumentsOut

router = APIRouter(dependencies=[Depends(check_query)], responses=REFUSED)


def _of_links(name: str) -> Any:
    """Return a parameter of permanent links, which programs may follow and only pages heed."""
    return Query(alias=name, include_in_schema=False)


Offset = Annotated[int | None, Query(ge=0, description="In code points.")]


Limit = Annotated[int, Query(ge=1, le=MOST, description="How many to list at most.")]
Passed = Annotated[int, Query(ge=0, le=FURTHEST, description="How many to pass over.")]
Words = Annotated[
    str,
    Query(
        max_length=LONGEST_VALUE,
        description="All of these stand in the title, the identifier or a path.",
    ),
]
Sort = Annotated[
    str,
    Query(pattern=f"^({'|'.join(SORTS)})?$", description="With a minus the last come first."),
]


async def wanted_documents(
    q: Words = "",
    sort: Sort = "",
    limit: Limit = LIMIT,
    offset: Passed = 0,
    inside: Inside = [],  # noqa: B006 - copied by the framework
    tag: Tags = [],  # noqa: B006
    since: Day = None,
    until: Day = None,
    conditions: Conditions = [],  # noqa: B006
) -> Wanted:
    """Return which documents a request asks for; a form sends empty texts for what is not asked.

    Raises:
        InvalidFilter: one of the filters cannot be understood.
    """
    places, tags = (list(filter(None, texts)) for texts in (inside, tag))
    return Wanted(q, narrowed(places, tags, since, until, conditions), sort, offset, limit)


Asked = Annotated[Wanted, Depends(wanted_documents)]


@router.get("/documents", response_model=DocumentsOut, responses=DOCUMENTS)
def get_documents(request: Request, service: CurrentService, wanted: Asked) -> Response:
    """List what is indexed, a part at a time: `next` is the address of the next part."""
    found = listed(service.generation, wanted)
    following = None if found.next is None else _address_of_part(request, found.next)
    return _json(DocumentsOut(total=found.total, documents=found.documents, next=following))


def _address_of_part(request: Request, offset: int) -> str:
    """Return the address of another part of the list that a request asks for."""
    asked = [pair for pair in request.query_params.multi_items() if pair[0] != "offset"]
    return f"{request.url.path}?{urlencode([*asked, ('offset', offset)])}"


@router.get("/documents/{document_id}", response_model=DocumentOut, responses=DOCUMENT)
def get_document(
    service: CurrentService,
    document_id: str,
    _c: Annotated[str, _of_links("c")] = "",
    _v: Annotated[str, _of_links("v")] = "",
    _q: Annotated[str, _of_links("q")] = "",
    _t: Annotated[str, _of_links("t")] = "",
    _p: Annotated[str, _of_links("p")] = "",
) -> Response:
    """Describe an indexed document."""
    document = service.document(document_id)
    passages = len(service.generation.rows_of(document.id))
    return _json(DocumentOut.of(document, passages))


@router.get("/documents/{document_id}/text", response_class=Response, responses=TEXT)
def get_text(
    service: CurrentService,
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
    if matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    # Bytes: the framework must not touch line ends or the encoding.
    content = document.text[first:last].encode()
    return Response(content, headers=headers, media_type="text/plain; charset=utf-8")


@router.get("/documents/{document_id}/citation", response_class=Response, responses=CITATION)
def get_citation(
    request: Request,
    service: CurrentService,
    document_id: str,
    start: Offset = None,
    end: Offset = None,
    form: Annotated[FormName, Query(alias="format", description="How it is written.")] = "text",
    accept_language: Annotated[str, Header()] = "",
) -> Response:
    """Cite the text from `start` to `end`, with a link that finds it again if it moves."""
    document = service.document(document_id)
    cited = _cited(document, *_range(document, start, end))
    language = accepted_language(accept_language)
    site = str(request.base_url).rstrip("/")
    chosen = FORMS[form]
    written = chosen.write(Reference.of(cited, document, site, language), language)
    headers = {"Vary": "Accept-Language", "Content-Language": language}
    return Response(
        written.encode(), headers=headers, media_type=f"{chosen.media_type}; charset=utf-8"
    )


def _range(document: Document, start: int | None, end: int | None) -> tuple[int, int]:
    """Return a range of the text, all of it where nothing is said.

    Raises:
        HTTPException: the text has no such range (416).
    """
    first = 0 if start is None else start
    last = len(document.text) if end is None else end
    if not first <= last <= len(document.text):
        raise HTTPException(416)
    return first, last


def _json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), media_type="application/json")


def _cited(document: Document, start: int, end: int) -> CitationOut:
    quote = document.text[start:end]
    return CitationOut(
        document_id=document.id, title=document.title, section=_section(document, start, end),
        page=document.page_of(start), start=start, end=end, quote=quote,
        sha256=document.sha256, url=address_of(document.id, start, quote, document.sha256),
    )  # fmt: skip


def _section(document: Document, start: int, end: int) -> list[str]:
    """Return the headings above the paragraph that a range starts in, if it ends in that section.

    The whole document is under none.
    """
    for section in document.sections:
        paragraphs = section.paragraphs
        if paragraphs and paragraphs[0].start <= start < end <= paragraphs[-1].end:
            return list(section.path)
    return []
