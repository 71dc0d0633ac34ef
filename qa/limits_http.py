"""How much a request may hold and how long it may take, whoever sends it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.refusals import refusal

MAX_BODY: Final = 64 * 1024
"""The largest body of a request, in bytes; it is measured before it is parsed."""
MAX_HEAD: Final = 16 * 1024
"""The largest address and headers of a request together, in bytes."""
BODY_SECONDS: Final = 10.0
"""How long a body may take to arrive."""
ANSWER_SECONDS: Final = 30.0
"""How long an answer may take to begin."""
_DISCARDED: Final = 16 * MAX_BODY
_DISCARD_SECONDS: Final = 1.0
_CLOSE: Final = {"Connection": "close"}


class TooLarge(Exception):
    """The body is larger than ``MAX_BODY``."""


class Bounds:
    """Refuses what is too large or too slow; passes on a body only when all of it is here."""

    def __init__(
        self, app: ASGIApp, body_seconds: float = BODY_SECONDS, seconds: float = ANSWER_SECONDS
    ) -> None:
        """Wrap an application."""
        self._app, self._body_seconds, self._seconds = app, body_seconds, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _head_size(scope) > MAX_HEAD:
            await refusal("header-fields-too-large", scope, _CLOSE)(scope, receive, send)
            return
        try:
            if _has_body(scope):
                async with asyncio.timeout(self._body_seconds):
                    receive = _again(await _body(scope, receive), receive)
        except TooLarge:
            await _discard(receive)
            await refusal("content-too-large", scope, _CLOSE)(scope, receive, send)
            return
        except TimeoutError:
            await refusal("request-timeout", scope, _CLOSE)(scope, receive, send)
            return
        await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds):
                await self._app(scope, receive, watch)
        except TimeoutError:
            if started:
                raise
            await refusal("answer-timeout", scope, {"Retry-After": "5"})(scope, receive, send)


def _head_size(scope: Scope) -> int:
    target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return target + sum(len(name) + len(value) + 4 for name, value in scope["headers"])


def _has_body(scope: Scope) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


async def _body(scope: Scope, receive: Receive) -> bytes:
    """Return the whole body.

    Raises:
        TooLarge: it is, or says it will be.
    """
    announced = next((v for n, v in scope["headers"] if n == b"content-length"), b"0")
    if len(announced) > 9 or int(announced) > MAX_BODY:
        raise TooLarge
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            raise TooLarge
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read once more, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


async def _discard(receive: Receive) -> None:
    # Closed with bytes unread, a connection is reset, and the client might never see the reply.
    size, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(_DISCARD_SECONDS):
            while more and size < _DISCARDED:
                message = await receive()
                size += len(message.get("body", b""))
                more = message.get("more_body", False)


class Heads:
    """Answers ``HEAD`` as ``GET``, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            await send({**message, "body": b""} if "body" in message else message)

        scope["method"] = "GET"
        await self._app(scope, receive, bodiless)
        scope["method"] = "HEAD"
