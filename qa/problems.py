"""Errors on the wire: ``application/problem+json`` (RFC 9457), with a stable type each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from documents.errors import PasserelleError
from index.errors import MissingIndex
from qa.errors import Overloaded, QuestionError, UnknownDocument

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, as RFC 9457 names it."""

    type: str
    title: str
    status: int
    detail: str

    @classmethod
    def of(cls, error: PasserelleError) -> Problem:
        """Describe an error; its class decides the type and the status."""
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
        return cls(f"/problems/{words.replace(' ', '-')}", words, _status(error), str(error))

    @classmethod
    def of_status(cls, status: int, detail: str) -> Problem:
        """Describe a plain HTTP error."""
        return cls("about:blank", HTTPStatus(status).phrase.lower(), status, detail)


_STATUS: tuple[tuple[type[PasserelleError], HTTPStatus], ...] = (
    (UnknownDocument, HTTPStatus.NOT_FOUND),
    (QuestionError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Overloaded, HTTPStatus.SERVICE_UNAVAILABLE),
    (MissingIndex, HTTPStatus.SERVICE_UNAVAILABLE),
    (PasserelleError, HTTPStatus.INTERNAL_SERVER_ERROR),
)


def _status(error: PasserelleError) -> int:
    return next(status for kind, status in _STATUS if isinstance(error, kind))
