"""Who may change the documents."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from qa.errors import ForeignRequest, ReadOnly
from qa.http.state import noted, state_of
from qa.settings import is_loopback
from qa.uploads.library import Library


async def _library(request: Request) -> Library:
    """Return the library for a client that may change it.

    Raises:
        ReadOnly: it may not, or nobody may.
        ForeignRequest: a page of another site sent the request.
    """
    library = state_of(request.app).library
    if library is None:
        raise ReadOnly("this service takes no documents: QA_UPLOADS is off")
    _require_right(request)
    _require_own_page(request)
    return library


Changing = Annotated[Library, Depends(_library)]


def may_change(request: Request) -> bool:
    """Tell whether the client may change the documents, from pages of this service."""
    try:
        _require_right(request)
    except ReadOnly:
        return False
    return state_of(request.app).library is not None


def _require_right(request: Request) -> None:
    state, grant = state_of(request.app), noted(request.scope).grant
    if grant.wanted is not None:
        raise ReadOnly(
            "this key sees only some documents: changing them takes one without a filter"
        )
    if not state.locked and not _is_near(request):
        raise ReadOnly("without keys only this machine itself may change documents: set QA_API_KEY")


def _is_near(request: Request) -> bool:
    """Tell whether a request comes from this machine itself, and through no proxy that says so."""
    forwarded = {"forwarded", "via", "x-forwarded-for", "x-real-ip"} & set(request.headers)
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    client = request.client.host if request.client else ""
    return not forwarded and is_loopback(host) and is_loopback(client)


def _require_own_page(request: Request) -> None:
    """Refuse what a page of another site has a browser send: it would come with the user's key."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin in state_of(request.app).origins or site in ("same-origin", "none"):
        return
    if site or (origin is not None and urlsplit(origin).netloc != request.headers.get("host")):
        raise ForeignRequest("a page of another site sent this: see QA_CORS_ORIGINS")
