"""Routes for operators and developers: metrics, problem types, the API description."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Response
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import FileResponse, HTMLResponse

from qa.http.contract import METRICS, PROBLEM_TYPE, REFUSED
from qa.http.metrics import CONTENT_TYPE
from qa.http.requests import check_query
from qa.http.state import Shared
from qa.wire.problem_types import PATH, PROBLEM_TYPES
from qa.wire.schemas import ProblemTypeOut

router = APIRouter(dependencies=[Depends(check_query)], responses=REFUSED)
_ASSETS: Final = {"swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"}


@router.get("/metrics", response_class=Response, responses=METRICS)
async def get_metrics(state: Shared) -> Response:
    """Return the figures of all processes, as Prometheus reads them."""
    state.metrics.look(state.batcher.waiting, state.batcher.info)
    return Response(state.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})


@router.get(PATH + "{name}", response_model=ProblemTypeOut, responses=PROBLEM_TYPE)
async def get_problem_type(name: str) -> ProblemTypeOut:
    """Say what a type of problem means, in French and in English."""
    if name not in PROBLEM_TYPES:
        raise HTTPException(404)
    kind = PROBLEM_TYPES[name]
    return ProblemTypeOut(type=kind.uri, status=kind.status, title=kind.titles, detail=kind.details)


@router.get("/docs", include_in_schema=False)
async def get_docs() -> Response:
    """Show the description, with everything that the page needs from this service."""
    page, policy = _docs()
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


@router.get("/docs/{name}", include_in_schema=False)
async def get_docs_asset(name: str) -> Response:
    """Return a file of the page of the description."""
    if name not in _ASSETS:
        raise HTTPException(404)
    return FileResponse(_folder() / name, headers={"Cache-Control": "public, max-age=86400"})


@cache
def _folder() -> Path:
    spec = find_spec("fastapi_offline")
    if spec is None or not spec.origin:
        raise HTTPException(404)
    return Path(spec.origin).parent / "static"


@cache
def _docs() -> tuple[bytes, str]:
    """Return the page and its policy, by which its one script within runs, and no other."""
    page = bytes(
        get_swagger_ui_html(
            openapi_url="openapi.json", title="Passerelle",
            swagger_js_url="docs/swagger-ui-bundle.js", swagger_css_url="docs/swagger-ui.css",
            swagger_favicon_url="docs/favicon.png",
        ).body
    )  # fmt: skip
    script = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    return page, (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; connect-src 'self'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
