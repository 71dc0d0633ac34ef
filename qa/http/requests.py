"""Checks of a request's parameters and content type, made before a route runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import HTTPException, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import WithJsonSchema

from documents.properties import LONGEST_VALUE
from qa.narrowing import CONDITION, DAY

MOST_REPEATED: Final = 5
"""How often a parameter may be given that takes several values."""


def _several(**more: str) -> WithJsonSchema:
    text: dict[str, Any] = {"type": "string", "maxLength": LONGEST_VALUE, **more}
    return WithJsonSchema({"type": "array", "items": text, "maxItems": MOST_REPEATED})


_DAY: Final = WithJsonSchema({"anyOf": [{"type": "string", "pattern": DAY}, {"type": "null"}]})
Inside = Annotated[
    list[str],
    Query(alias="in", description="Only there: a pattern of paths, a folder, a document."),
    _several(),
]
Tags = Annotated[list[str], Query(description="Only documents with all of these."), _several()]
Day = Annotated[str | None, Query(description="Only since or until this date."), _DAY]
Conditions = Annotated[
    list[str],
    Query(alias="filter", description="Only where this holds: `author=…`, `year>=2024`."),
    _several(pattern=CONDITION),
]


async def check_query(request: Request) -> None:
    """Refuse parameters that the route does not know, or that are given twice."""
    given = request.scope["query_string"]
    if not given:
        return
    parameters = list(_query_params(request.scope["route"].dependant))
    known = {p.alias for p in parameters}
    lists = {p.alias for p in parameters if p.default == []}
    counts = Counter(name for name, _ in request.query_params.multi_items())
    wrong = [_error(name, "extra_forbidden", "Unknown parameter") for name in counts.keys() - known]
    wrong += [
        _error(name, "repeated", "Given more than once")
        for name, n in counts.items()
        if n > (MOST_REPEATED if name in lists else 1)
    ]
    if wrong:
        raise RequestValidationError(wrong)


def _query_params(dependant: Dependant) -> Iterator[Any]:
    """Yield the parameters of a route and of what it depends on."""
    yield from dependant.query_params
    for inner in dependant.dependencies:
        yield from _query_params(inner)


def _error(name: str, kind: str, message: str) -> dict[str, object]:
    return {"type": kind, "loc": ("query", name), "msg": message}


async def check_body_type(request: Request) -> None:
    """Refuse a body that does not say it is JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind != "application/json":
        raise HTTPException(415)
