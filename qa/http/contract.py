"""How the contract is described at ``/openapi.json``: examples, refusals, keys."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from qa.citing.forms import FORMS
from qa.wire.problem_types import PROBLEM_TYPES, ProblemType, problem_table
from qa.wire.problems import MEDIA_TYPE, Problem
from qa.wire.schemas import ProblemOut

Responses = dict[int | str, dict[str, Any]]

DESCRIPTION: Final = f"""Posez une question en français ou en anglais ; chaque passage est cité au
caractère près.

Offsets are half-open ranges of Unicode code points.

**Problems.** Every error is an `{MEDIA_TYPE}` (RFC 9457) in the question's language, or else
in that of `Accept-Language`. Les types sont stables :

{problem_table()}
"""
ASKED: Final[dict[str, Any]] = {
    "english": {"summary": "English", "value": {"question": "Who is Mila's scientific director?"}},
    "français": {
        "summary": "Français",
        "value": {"question": "Qui est la présidente de Mila ?", "top_k": 3},
    },
    "requested": {
        "summary": "A language asked for / Une langue demandée",
        "value": {"question": "G7", "language": "en"},
    },
}
EXAMPLES: Final = json.loads(files("qa.http").joinpath("examples.json").read_text("utf-8"))
"""What the service answers about the bundled article."""


_CITED: Final = "$response.body#/passages/0/citation"
LINKS: Final[dict[str, Any]] = {
    "text": {
        "description": "The text that the first citation points into, at its place.",
        "operationId": "get_text",
        "parameters": {
            "document_id": f"{_CITED}/document_id",
            "start": f"{_CITED}/start",
            "end": f"{_CITED}/end",
        },
    },
    "document": {
        "description": "The document that is cited first.",
        "operationId": "get_document",
        "parameters": {"document_id": f"{_CITED}/document_id"},
    },
}
"""What an answer leads to."""


def _refused(kind: ProblemType) -> dict[str, Any]:
    example = ProblemOut.model_validate(Problem.named(kind.name)).model_dump()
    schema = {"$ref": "#/components/schemas/ProblemOut"}
    return {
        "description": kind.details["en"],
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }


def _given(example: Any) -> Responses:
    return {200: {"content": {"application/json": {"example": example}}}}


def _named(*names: str) -> Responses:
    return {PROBLEM_TYPES[name].status: _refused(PROBLEM_TYPES[name]) for name in names}


REFUSED: Final = _named(
    "malformed-request", "unauthorised", "not-found", "method-not-allowed", "request-timeout",
    "content-too-large", "misdirected-request", "invalid-request", "too-many-requests",
    "header-fields-too-large", "internal-error", "overloaded",
)  # fmt: skip
_QUESTIONS: Final = _named("unsupported-media-type", "unknown-document")
_LINKED: Final[Responses] = {200: {**_given(EXAMPLES["answer"])[200], "links": LINKS}}
ANSWER: Final = {**_LINKED, **_QUESTIONS}
BATCH: Final = _given({"answers": [EXAMPLES["answer"]]}) | _QUESTIONS
READY: Final = _given({**EXAMPLES["answer"]["index"], "problem": None})
DOCUMENT: Final = _given(EXAMPLES["document"]) | _named("unknown-document")
DOCUMENTS: Final = _given({"total": 1, "documents": [EXAMPLES["document"]], "next": None})
JOB: Final = _named("unknown-job", "read-only")
REMOVAL: Final = _named("unknown-document", "read-only", "too-many-jobs")
UPLOAD: Final = _named("invalid-upload", "read-only", "too-many-jobs", "unsupported-media-type")
FILE: Final[Responses] = {
    200: {
        "description": "The file as it is now, to be saved.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    **_named("no-original"),
}
FILES: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                        }
                    },
                }
            }
        },
    }
}
PICTURE: Final[Responses] = {
    200: {
        "description": "The page, drawn.",
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        "headers": {"ETag": {"schema": {"type": "string"}}},
    },
    304: {"description": "The page is the one of `If-None-Match`."},
    **_named("no-original"),
}
RECTANGLES: Final = _named("unknown-document", "range-not-satisfiable")
PROBLEM_TYPE: Final = _named("not-found")
TEXT: Final[Responses] = {
    200: {
        "description": "The text, in UTF-8.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
        "headers": {"ETag": {"schema": {"type": "string"}}},
    },
    304: {"description": "The text is the one of `If-None-Match`."},
    **_named("range-not-satisfiable", "unknown-document"),
}
CITATION: Final[Responses] = {
    200: {
        "description": "The citation, in UTF-8.",
        # Of what is JSON itself, the schema is that of its content.
        "content": {
            form.media_type: {
                "schema": {"type": "array" if "json" in form.media_type else "string"}
            }
            for form in FORMS.values()
        },
    },
    **_named("range-not-satisfiable", "unknown-document"),
}
METRICS: Final[Responses] = {
    200: {"description": "In Prometheus' text format.",
          "content": {"text/plain": {"schema": {"type": "string"}}}},
    **_named("forbidden"),
}  # fmt: skip


def describe(app: FastAPI, locked: bool) -> None:
    """Let the application describe itself, with the ways to send a key where one is needed."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _openapi(app, locked)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _openapi(app: FastAPI, locked: bool) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description,
        routes=app.routes,
    )  # fmt: skip
    components = schema["components"]
    components["schemas"]["ProblemOut"] = ProblemOut.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    if locked:
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        for path, operations in schema["paths"].items():
            if path.startswith(("/ask", "/documents", "/jobs", "/metrics")):
                for operation in operations.values():
                    operation["security"] = [{"bearer": []}, {"key": []}]
    return schema
