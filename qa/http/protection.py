"""The middleware around the application."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http.access import Exposure, Gate
from qa.http.limits import Bounds, Heads
from qa.http.metrics import Metrics
from qa.http.rate_limiter import RateLimiter
from qa.http.telemetry import Telemetry

POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
"""The content security policy of an answer that is no page: a browser loads and runs nothing."""
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The policy of a page: it loads only files of this service, and runs no inline script."""
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
EXPOSED: Final = ("X-Request-ID", "Retry-After", "RateLimit", "RateLimit-Policy", "ETag")


def protect(app: FastAPI, exposure: Exposure, metrics: Metrics, limiter: RateLimiter) -> None:
    """Put the layers around an application; the last one added is the outermost."""
    app.add_middleware(Heads)
    app.add_middleware(Bounds)
    app.add_middleware(Gate, exposure=exposure, limiter=limiter)
    if exposure.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=exposure.origins, allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "X-API-Key", "X-Request-ID"),
            expose_headers=EXPOSED,
        )  # fmt: skip
    app.add_middleware(SecurityHeaders, shared=bool(exposure.origins))
    app.add_middleware(Telemetry, metrics=metrics, log_questions=exposure.log_questions)


class SecurityHeaders:
    """Tells browsers what not to do with an answer, unless the answer says so itself."""

    def __init__(self, app: ASGIApp, shared: bool = False) -> None:
        """Wrap an application; ``shared`` when pages of other sites may read its answers."""
        self._app = app
        policy = {"Cross-Origin-Resource-Policy": "cross-origin"} if shared else {}
        self._headers = {**HEADERS, **policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, tell if scope["type"] == "http" else send)

    def _add(self, headers: MutableHeaders) -> None:
        is_page = headers.get("content-type", "").startswith("text/html")
        headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else POLICY)
        headers.setdefault("Cache-Control", "no-store")
        headers.update(self._headers)
