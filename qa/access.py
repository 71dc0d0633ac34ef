"""Who may ask, under which name of the service, and how often."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.negotiation import wants_page
from qa.problem_types import PATH
from qa.refusals import refusal
from qa.settings import Quota

OPEN: Final = {"/health", "/ready", "/docs", "/openapi.json", "/favicon.ico"}
"""What needs no key, for it shows nothing that is indexed."""
OPEN_BELOW: Final = (PATH, "/assets/", "/docs/")
UNLIMITED: Final = {"/health", "/ready", "/metrics"}
"""What is not counted: those who watch the service ask for it all the time."""
_ASK_PROGRAMS: Final = 'Bearer realm="passerelle"'
_ASK_PEOPLE: Final = 'Basic realm="passerelle", charset="UTF-8"'


@dataclass(frozen=True, slots=True)
class Exposure:
    """How the service meets its clients.

    Attributes:
        keys: any of which opens the service; without one it is open.
        hosts: the names it answers to; without one to any.
        origins: of other sites whose pages may ask.
        rate: how often a client may ask; any number of times when None.
        log_questions: whether the log may hold questions.
    """

    keys: tuple[str, ...] = field(default=(), repr=False)
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    rate: Quota | None = None
    log_questions: bool = False


class Keys:
    """The keys that open the service, as their SHA-256."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Keep what is needed to recognise keys."""
        self._digests = [_digest(key.encode()) for key in keys]

    def __bool__(self) -> bool:
        """Whether a key is needed at all."""
        return bool(self._digests)

    def recognise(self, headers: Headers) -> int | None:
        """Return which of the keys the headers hold, in a time that does not depend on it."""
        digest, found = _digest(_given(headers)), None
        for number, known in enumerate(self._digests):
            if hmac.compare_digest(digest, known):
                found = number
        return found


def _given(headers: Headers) -> bytes:
    """Return the key of a request; people who are asked by their browser give it as a password."""
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


class RateLimiter:
    """Counts what each client asks, in a sliding window of this process.

    It is the counter of two windows of the library ``limits``, which has no token bucket: like
    one it takes two numbers a client, allows a burst of the whole quota, and refills steadily.
    """

    def __init__(self, quota: Quota | None) -> None:
        """Count nothing without a quota."""
        self.quota = quota
        self._item: RateLimitItem | None = None
        if quota is not None:
            self._item = RateLimitItemPerSecond(quota.count, quota.seconds)
            self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def take(self, client: str, cost: int = 1) -> bool:
        """Count so many questions of a client; False, and none is counted, if it may not."""
        return self._item is None or self._counter.hit(self._item, client, cost=cost)

    def headers(self, client: str) -> dict[str, str]:
        """Tell a client where it stands, as draft-ietf-httpapi-ratelimit-headers says."""
        if self._item is None or self.quota is None:
            return {}
        stats = self._counter.get_window_stats(self._item, client)
        seconds = max(1, math.ceil(stats.reset_time - time.time()))
        return {
            "RateLimit-Policy": f'"client";q={self.quota.count};w={self.quota.seconds}',
            "RateLimit": f'"client";r={stats.remaining};t={seconds}',
        }

    def refused(self, client: str) -> dict[str, str]:
        """Tell a client that it was refused, and when to come back."""
        headers = self.headers(client)
        seconds = headers["RateLimit"].rpartition("t=")[2] if headers else "1"
        return {**headers, "Retry-After": seconds}


def client_name(address: str) -> str:
    """Name who asks from an address: of IPv6, all that one customer of a provider has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


class Gate:
    """Lets in who has a key and asks in measure, under a name that the service goes by."""

    def __init__(self, app: ASGIApp, exposure: Exposure, limiter: RateLimiter) -> None:
        """Wrap an application."""
        self._app, self._limiter = app, limiter
        self._keys = Keys(exposure.keys)
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
        scope.setdefault("state", {})["client"] = client = client if key is None else f"key {key}"
        if scope["path"] in UNLIMITED:
            told: dict[str, str] = {}
        elif self._limiter.take(client):
            told = self._limiter.headers(client)
        else:
            refused = self._limiter.refused(client)
            await refusal("too-many-requests", scope, refused)(scope, receive, send)
            return
        if self._keys and key is None and not _is_open(scope["path"]):
            challenge = _ASK_PEOPLE if wants_page(Request(scope)) else _ASK_PROGRAMS
            headers_told = {"WWW-Authenticate": challenge, **told}
            await refusal("unauthorised", scope, headers_told)(scope, receive, send)
            return
        await self._app(scope, receive, _telling(told, send) if told else send)


def _host(header: str) -> str:
    """Return the name in a ``Host`` header, without the port."""
    name, _, port = header.lower().rpartition(":")
    return name if port.isdigit() and name else header.lower()


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def _telling(told: dict[str, str], send: Send) -> Send:
    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(told)
        await send(message)

    return tell
