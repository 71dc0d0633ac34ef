"""How large a request may be and how long it may take; these limits hold for every client."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http.refusals import refusal

MAX_BODY: Final = 64 * 1024
"""The largest body of a request, in bytes; it is measured before it is parsed."""
MAX_HEAD: Final = 16 * 1024
"""The largest address and headers of a request together, in bytes."""
BODY_SECONDS: Final = 10.0
"""How long a body may take to arrive."""
MAX_UPLOAD: Final = 256 * 2**20
"""The largest body of a request that sends files, in bytes; it is never in memory as a whole."""
UPLOAD_SECONDS: Final = 600.0
"""How long files may take to come or to go, in seconds."""
ANSWER_SECONDS: Final = 30.0
"""How long an answer may take to begin."""
_DISCARDED: Final = 16 * MAX_BODY
_DISCARD_SECONDS: Final = 1.0
_CLOSE: Final = {"Connection": "close"}


class TooLarge(Exception):
    """The body is larger than is allowed."""


class Bounds:
    """Refuses a request that is too large or too slow; passes on a body once it is complete."""

    def __init__(
        self,
        app: ASGIApp,
        body_seconds: float = BODY_SECONDS,
        seconds: float = ANSWER_SECONDS,
        upload: int = MAX_UPLOAD,
        upload_seconds: float = UPLOAD_SECONDS,
    ) -> None:
        """Wrap an application; ``upload`` is the largest body that sends files, in bytes."""
        self._app, self._body_seconds, self._seconds = app, body_seconds, seconds
        self._upload, self._upload_seconds = upload, upload_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _head_size(scope) > MAX_HEAD:
            await refusal("header-fields-too-large", scope, _CLOSE)(scope, receive, send)
            return
        try:
            if _sends_files(scope):
                await self._pass_on(scope, receive, send)
                return
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

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a body on as it comes.

        Raises:
            TooLarge: it is larger than is allowed, and nothing was answered.
            TimeoutError: it did not come in time, and nothing was answered.
        """
        _require_at_most(self._upload, scope)
        async with asyncio.timeout(self._upload_seconds):
            await self._app(scope, _counted(receive, self._upload), send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            if not started and scope["path"].endswith("/file"):
                limit.reschedule(asyncio.get_running_loop().time() + self._upload_seconds)
            started = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds) as limit:
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


def _sends_files(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == "/documents")


def _require_at_most(most: int, scope: Scope) -> None:
    announced = next((v for n, v in scope["headers"] if n == b"content-length"), b"0")
    if len(announced) > 9 or int(announced) > most:
        raise TooLarge


def _counted(receive: Receive, most: int) -> Receive:
    """Return a ``receive`` that gives so many bytes of a body and no more."""
    size = 0

    async def receive_some() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise TooLarge
        return message

    return receive_some


async def _body(scope: Scope, receive: Receive) -> bytes:
    """Return the whole body.

    Raises:
        TooLarge: the body, or its announced length, is larger than ``MAX_BODY``.
    """
    _require_at_most(MAX_BODY, scope)
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            raise TooLarge
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives this body again, then whatever follows it."""
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
