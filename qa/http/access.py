"""Who may ask, and under which name of the service."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.search.filters import NOTHING
from qa.http.negotiation import wants_page
from qa.http.rate_limiter import RateLimiter, client_name
from qa.http.refusals import refusal
from qa.http.state import noted
from qa.keys import Grant
from qa.settings import Quota
from qa.wire.problem_types import PATH

OPEN: Final = {"/health", "/ready", "/docs", "/openapi.json", "/favicon.ico"}
"""Paths that need no key: they show nothing of the documents."""
OPEN_BELOW: Final = (PATH, "/assets/", "/docs/")
UNLIMITED: Final = {"/health", "/ready", "/metrics"}
"""Paths that no rate limit counts: monitoring asks for them all the time."""
WHOLE: Final = {"/metrics"}
"""Paths that tell of all documents and all clients: not for keys that see only some."""
_ASK_PROGRAMS: Final = 'Bearer realm="passerelle"'
_ASK_PEOPLE: Final = 'Basic realm="passerelle", charset="UTF-8"'


@dataclass(frozen=True, slots=True)
class Exposure:
    """Which clients the service answers, and how often.

    Attributes:
        keys: a client must send any one of these; without keys anyone may ask.
        grants: further keys, each with what its owner may see.
        hosts: the host names it answers to; without any, it answers to all names.
        origins: other sites whose pages may ask (CORS).
        rate: how often a client may ask; None sets no limit.
        log_questions: whether the log may hold questions.
    """

    keys: tuple[str, ...] = field(default=(), repr=False)
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    rate: Quota | None = None
    log_questions: bool = False
    grants: tuple[Grant, ...] = ()

    @property
    def every_grant(self) -> tuple[Grant, ...]:
        """All keys, those without a name and a filter first."""
        return (*(Grant(key, f"key {at}") for at, key in enumerate(self.keys)), *self.grants)


class Keys:
    """The keys that open the service, as their SHA-256."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Keep the digest of each key, and not the key."""
        self._digests = [_digest(key.encode()) for key in keys]

    def __bool__(self) -> bool:
        """Whether a key is needed at all."""
        return bool(self._digests)

    def recognise(self, headers: Headers) -> int | None:
        """Return the position of the key that the headers hold, if any, in constant time."""
        digest, found = _digest(_given(headers)), None
        for position, known in enumerate(self._digests):
            if hmac.compare_digest(digest, known):
                found = position
        return found


def _given(headers: Headers) -> bytes:
    """Return the key of a request; a browser sends it as the password of Basic authentication."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip().encode("latin-1")
    if scheme.lower() != "basic":
        return headers.get("x-api-key", "").encode("latin-1")
    try:
        return base64.b64decode(token.strip(), validate=True).partition(b":")[2]
    except ValueError:
        return b""


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


class Gate:
    """Lets a request in if its host name, its key and its client's rate are accepted."""

    def __init__(self, app: ASGIApp, exposure: Exposure, limiter: RateLimiter) -> None:
        """Wrap an application."""
        self._app, self._limiter = app, limiter
        self._grants = exposure.every_grant
        self._keys = Keys([grant.key for grant in self._grants])
        restricts = any(grant.wanted is not None for grant in self._grants)
        # Where one key hides something, a client without a key is told of no document.
        self._stranger = Grant("", "", NOTHING if restricts else None)
        self._hosts = frozenset(host.lower() for host in exposure.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(raw=scope["headers"])
        if self._hosts and _host(headers.get("host", "")) not in self._hosts | {""}:
            await refusal("misdirected-request", scope)(scope, receive, send)
            return
        key = self._keys.recognise(headers) if self._keys else None
        client = client_name((scope.get("client") or ("unknown",))[0])
        client = client if key is None else f"key {key}"
        noted(scope).client = client
        noted(scope).grant = self._stranger if key is None else self._grants[key]
        if scope["path"] in UNLIMITED:
            limit_headers: dict[str, str] = {}
        elif self._limiter.take(client):
            limit_headers = self._limiter.headers(client)
        else:
            refused = self._limiter.refused(client)
            await refusal("too-many-requests", scope, refused)(scope, receive, send)
            return
        if self._keys and key is None and not _is_open(scope["path"]):
            challenge = _ASK_PEOPLE if wants_page(Request(scope)) else _ASK_PROGRAMS
            answer_headers = {"WWW-Authenticate": challenge, **limit_headers}
            await refusal("unauthorised", scope, answer_headers)(scope, receive, send)
            return
        if scope["path"] in WHOLE and noted(scope).grant.wanted is not None:
            await refusal("forbidden", scope, limit_headers)(scope, receive, send)
            return
        await self._app(scope, receive, _adding(limit_headers, send) if limit_headers else send)


def _host(header: str) -> str:
    """Return the name in a ``Host`` header, without the port."""
    name, _, port = header.lower().rpartition(":")
    return name if port.isdigit() and name else header.lower()


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def _adding(headers: dict[str, str], send: Send) -> Send:
    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return add
