"""What of a request is refused before any of it is used."""

from __future__ import annotations

from collections import Counter

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError


async def check_query(request: Request) -> None:
    """Refuse parameters that the route does not know, or that are given twice."""
    given = request.scope["query_string"]
    if not given:
        return
    known = {p.alias for p in request.scope["route"].dependant.query_params}
    counts = Counter(name for name, _ in request.query_params.multi_items())
    wrong = [_error(name, "extra_forbidden", "Unknown parameter") for name in counts.keys() - known]
    wrong += [
        _error(name, "repeated", "Given more than once") for name, n in counts.items() if n > 1
    ]
    if wrong:
        raise RequestValidationError(wrong)


def _error(name: str, kind: str, message: str) -> dict[str, object]:
    return {"type": kind, "loc": ("query", name), "msg": message}


async def check_body_type(request: Request) -> None:
    """Refuse a body that does not say it is JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind != "application/json":
        raise HTTPException(415)
