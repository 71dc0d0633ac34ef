"""Error responses: problems (RFC 9457) in the language of the question or of the headers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from documents.errors import PasserelleError
from index.errors import StoreUnavailable
from qa.errors import Overloaded
from qa.http.negotiation import accepted_language
from qa.http.page.routes import problem_page, shows_page
from qa.http.state import noted
from qa.language.detection import detect
from qa.wire.problem_types import PATH
from qa.wire.problems import MEDIA_TYPE, Problem
from qa.wire.schemas import ProblemOut

RETRY_AFTER = "1"
"""The ``Retry-After`` of an overloaded service, in seconds; a full queue empties sooner."""
logger = logging.getLogger("passerelle")

_REASONS = {
    "missing": "champ obligatoire",
    "extra_forbidden": "champ inconnu",
    "repeated": "donné plusieurs fois",
    "greater_than_equal": "doit être au moins {ge}",
    "less_than_equal": "doit être au plus {le}",
    "too_long": "au plus {max_length} éléments",
    "too_short": "au moins {min_length} élément",
    "string_type": "doit être une chaîne",
    "int_type": "doit être un entier",
    "int_parsing": "doit être un entier",
    "list_type": "doit être une liste",
}
"""In French what pydantic says in English, by its codes."""


def add_handlers(app: FastAPI) -> None:
    """Make every error of this application a problem."""
    app.add_exception_handler(PasserelleError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_status)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Put a problem on the wire."""
    content = ProblemOut.model_validate(problem).model_dump_json()
    return Response(content, problem.status, headers, MEDIA_TYPE)


def refusal(
    name: str, scope: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """Refuse a request that was not read any further: the asker's headers say the language."""
    language = accepted_language(Headers(raw=scope["headers"]).get("accept-language", ""))
    return problem_response(Problem.named(name, language), headers)


def _response(
    request: Request, problem: Problem, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a page to people, and JSON to programs."""
    if not shows_page(request):
        return problem_response(problem, headers)
    response = problem_page(request, problem)
    response.headers.update(headers or {})
    return response


def _language(request: Request) -> str:
    """Return the language of the question where it can be told, else that of the headers."""
    question = noted(request.scope).question or ""
    found = detect(question)
    if question and found.source == "detected":
        return found.code
    return accepted_language(request.headers.get("accept-language", ""))


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PasserelleError)  # noqa: S101 - registered for this class alone
    language = _language(request)
    problem = Problem.of(error, language)
    if isinstance(error, StoreUnavailable) or problem.status == 500:
        # The message may name folders and hosts of the machine, so only the log holds it.
        logger.error("%s", error, extra={"fields": {"error": type(error).__name__}})
        problem = Problem.named(problem.type.removeprefix(PATH), language)
    busy = isinstance(error, Overloaded | StoreUnavailable)
    headers = {"Retry-After": RETRY_AFTER} if busy else None
    return _response(request, problem, headers)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    language, found = _language(request), error.errors()
    if any(e["type"] == "json_invalid" for e in found):
        return _response(request, Problem.of_status(400, language))
    return _response(
        request, Problem.named("invalid-request", language, _field_errors(found, language))
    )


def _field_errors(found: Sequence[Mapping[str, Any]], language: str) -> str:
    """Say what is wrong with each field, at most ten."""
    return " ; ".join(_reason(e, language) for e in found[:10])


def _reason(error: Mapping[str, Any], language: str) -> str:
    where = ".".join(str(part)[:40] for part in error["loc"])
    if language == "en":
        return f"{where}: {error['msg']}"
    reason = _REASONS.get(error["type"], "valeur impossible").format_map(error.get("ctx", {}))
    return f"{where} : {reason}"


async def _on_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = _allowed(request, headers.get("Allow", ""))
    return _response(request, Problem.of_status(error.status_code, _language(request)), headers)


def _allowed(request: Request, known: str) -> str:
    """Return the methods of all routes of this address; where there is GET, there is HEAD."""
    path = getattr(request.scope.get("route"), "path", "")
    methods = {*request.app.openapi()["paths"].get(path, ()), *known.lower().split(", ")} - {""}
    head = {"head"} if "get" in methods else set()
    return ", ".join(sorted(method.upper() for method in methods | head))
