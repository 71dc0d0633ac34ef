"""Pages: templates filled in the reader's language, and routes for those who want a page."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.routing import Match
from starlette.types import Scope

from documents.formats.registry import supported_suffixes
from index.search.catalogue import Catalogue
from qa.answer.service import TOP_K
from qa.citing.forms import FORMS
from qa.http.library.rights import may_change
from qa.http.negotiation import CHOICE, page_language, wants_page
from qa.http.page.assets import FOLDER, address
from qa.http.page.texts import SCRIPT_TEXTS, TEXTS, grouped, unbroken
from qa.http.state import service_of
from qa.messages import notice_text
from qa.question import MAX_LENGTH
from qa.uploads.library import LARGEST_FILE, MOST_FILES

YEAR: Final = 365 * 24 * 3600
"""In seconds."""
_NARROWING: Final = {"in": "folder", "tag": "tag", "written": "language"}
"""The parameters by which a question is narrowed down, and the keys of documents they choose."""
_MOST_CHOICES: Final = 100
"""More choices than this are no list for people."""


class PageRoute(APIRoute):
    """A route for those who want a page; others get the JSON of the next one that matches."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match nothing for those who want data."""
        if scope["type"] == "http" and wants_page(Request(scope)):
            return super().matches(scope)
        return Match.NONE, {}


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """Fill a template in the reader's language.

    Args:
        request: whose page it is.
        template: the name of its file.
        status: of the answer.
        values: what the template needs beside what all of them have.
    """
    language = page_language(request)
    service = service_of(request)
    content = _templates().get_template(template).render(
        t=SimpleNamespace(**TEXTS[language]), ui=language, link=_Link(dict(request.query_params)),
        query=request.query_params, info=service.info, held=len(service.generation.documents),
        choices=_choices(service.generation.catalogue, request.query_params),
        may_change=may_change(request),
        one=service.generation.documents.get(request.query_params.get("document", "")), **values,
    ).encode()  # fmt: skip
    headers = {
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Accept-Encoding, Accept-Language, Cookie",
        "Content-Language": language,
    }
    compressed = gzip.compress(content, compresslevel=5, mtime=0)
    response = compressible(request, content, compressed, headers, "text/html", status)
    if CHOICE in request.query_params:
        response.set_cookie(CHOICE, language, max_age=YEAR, httponly=True, samesite="lax")
    return response


def compressible(
    request: Request, content: bytes, compressed: bytes, headers: dict[str, str],
    media_type: str, status: int = 200,
) -> Response:  # fmt: skip
    """Return a content compressed to whoever can read that."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers = compressed, {**headers, "Content-Encoding": "gzip"}
    return Response(content, status, headers, media_type)


def _choices(catalogue: Catalogue, query: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what a question can be narrowed down to, by the name of the parameter."""
    found = {}
    for name, key in _NARROWING.items():
        values = set(catalogue.values(key))
        if 2 <= len(values) <= _MOST_CHOICES:
            found[name] = sorted(values | ({query[name]} if query.get(name) else set()))
    return found


@dataclass(frozen=True, slots=True)
class _Link:
    """Makes addresses of this page with something changed."""

    query: Mapping[str, str]

    def __call__(self, path: str = "", **changes: str) -> str:
        kept = {name: value for name, value in {**self.query, **changes}.items() if value}
        return f"{path}?{urlencode(kept)}"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.filters |= {"verbatim": _verbatim, "grouped": grouped, "unbroken": unbroken}
    environment.globals |= {
        "asset": address, "TEXTS": TEXTS, "SCRIPT_TEXTS": SCRIPT_TEXTS, "TOP_K": TOP_K,
        "MAX_LENGTH": MAX_LENGTH, "MOST_FILES": MOST_FILES, "LARGEST": LARGEST_FILE,
        "SUFFIXES": ",".join(sorted(supported_suffixes())),
        "notice_text": notice_text, "FORMS": tuple(FORMS),
    }  # fmt: skip
    return environment


def _verbatim(text: str) -> Markup:
    """Escape a text so that a browser keeps each of its characters: it would drop a bare CR."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704 - escaped just here
