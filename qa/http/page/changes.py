"""Documents that come and go on the page: forms that need no script, and how a job stands."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from documents.types import Document
from qa.errors import InvalidUpload
from qa.http.library.changes import taken
from qa.http.library.rights import Changing
from qa.http.page.rendering import PageRoute, page
from qa.http.state import CurrentService
from qa.uploads.library import Library
from qa.wire.schemas import JobOut, JobReasonOut

router = APIRouter(include_in_schema=False, route_class=PageRoute)
_SEE_OTHER: Final = 303


@router.post("/documents")
async def post_documents(request: Request, library: Changing, service: CurrentService) -> Response:
    """Take the files of the form, and lead to the page of their job."""
    try:
        job = await taken(request, library, service)
    except InvalidUpload as error:
        return page(request, "job.html", 422, job=_refused(error))
    return _to_job(job)


@router.get("/documents/{document_id}/removal")
async def get_removal(
    request: Request, library: Changing, service: CurrentService, document_id: str
) -> Response:
    """Ask whether a document is really to be removed."""
    document = await run_in_threadpool(service.document, document_id)
    is_kept_here = _is_kept_here(document, library)
    return page(request, "removal.html", document=document, with_file=is_kept_here)


@router.post("/documents/{document_id}/removal")
async def post_removal(library: Changing, service: CurrentService, document_id: str) -> Response:
    """Remove a document, and lead to the page of that job."""
    document = await run_in_threadpool(service.document, document_id)
    return _to_job(await run_in_threadpool(library.remove, document.id))


@router.get("/jobs/{job_id}")
def get_job(request: Request, library: Changing, job_id: str) -> Response:
    """Show how far a job is; without a script the page asks again by itself."""
    return page(request, "job.html", job=library.jobs.of_id(job_id).job)


def _to_job(job: JobOut) -> Response:
    return RedirectResponse(f"/jobs/{job.id}", _SEE_OTHER)


def _refused(error: InvalidUpload) -> JobOut:
    """Return what is shown where no file could be taken: there is no job then."""
    refused = error.refused or (("", error),)
    reasons = [JobReasonOut.of(*pair) for pair in refused]
    return JobOut(id="", kind="upload", state="failed", reasons=reasons)


def _is_kept_here(document: Document, library: Library) -> bool:
    return document.origin is not None and library.shelf.has(document.origin.file)
