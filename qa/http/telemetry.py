"""Each request gets an identifier, one line in the log and one count in the metrics."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from datetime import UTC, datetime
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http.metrics import Metrics, route_of
from qa.http.refusals import refusal
from qa.http.state import noted

logger = logging.getLogger("passerelle")
_HARMLESS: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class JsonLines(logging.Formatter):
    """Writes a record of the log as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=True)


class Telemetry:
    """Identifies, times, counts and logs each request; turns an uncaught error into a problem."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log_questions: bool = False) -> None:
        """Wrap an application."""
        self._app, self._metrics, self._log_questions = app, metrics, log_questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status, request_id = time.perf_counter(), 0, request_id_of(scope)

        async def name(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, name)
        except Exception:
            logger.exception("a request failed", extra={"fields": {"request_id": request_id}})
            if status:
                raise
            await refusal("internal-error", scope)(scope, receive, name)
        seconds = time.perf_counter() - start
        self._metrics.request(scope, noted(scope).language, status, seconds)
        if logger.isEnabledFor(logging.INFO):
            self._log(scope, request_id, status, seconds)

    def _log(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        fields = {
            "request_id": request_id, "method": scope["method"][:16], "route": route_of(scope),
            "status": status, "ms": round(1000 * seconds, 2),
        }  # fmt: skip
        if name := noted(scope).grant.name:
            fields["key"] = name
        question = noted(scope).question
        if self._log_questions and question is not None:
            fields["question"] = question
        level = logging.ERROR if status >= 500 and status != 503 else logging.INFO
        logger.log(level, "request", extra={"fields": fields})


def request_id_of(scope: Scope) -> str:
    """Return the identifier that came with the request if it is harmless, else a new one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _HARMLESS.fullmatch(given) else os.urandom(16).hex()


def log_config(colours: bool) -> dict[str, Any]:
    """Return the logging configuration.

    Requests are logged as JSON on standard output, the server's own state on standard error: as
    plain text if ``colours``, else as JSON.
    """
    plain = {"()": "uvicorn.logging.DefaultFormatter", "fmt": "%(levelprefix)s %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}, "state": plain if colours else {"()": JsonLines}},
        "handlers": {
            "requests": {
                "class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"
            },
            "state": {"class": "logging.StreamHandler", "formatter": "state"},
        },
        "loggers": {
            "passerelle": {"handlers": ["requests"], "level": "INFO", "propagate": False},
            "uvicorn": {"handlers": ["state"], "level": "INFO", "propagate": False},
            "uvicorn.error": {"level": "INFO"},
        },
    }  # fmt: skip
