"""Documents that come and go over HTTP, the jobs of that, and the original files."""

from __future__ import annotations

import mimetypes
from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException as StarletteException
from starlette.responses import FileResponse

from qa.answer.service import QAService
from qa.errors import InvalidUpload
from qa.http.contract import FILE, FILES, JOB, REFUSED, REMOVAL, UPLOAD
from qa.http.library.rights import Changing
from qa.http.requests import check_query
from qa.http.state import CurrentService, state_of
from qa.uploads.library import MOST_FILES, Incoming, Library
from qa.wire.schemas import JobOut

router = APIRouter(dependencies=[Depends(check_query)], responses=REFUSED)
_SAFE: Final = frozenset({"application/pdf", "application/epub+zip", "text/csv", "text/plain"})
_ANY: Final = "application/octet-stream"
"""What a browser saves and does not look into."""


@router.post(
    "/documents", status_code=202, response_model=JobOut, responses=UPLOAD, openapi_extra=FILES
)
async def post_documents(request: Request, library: Changing, service: CurrentService) -> Response:
    """Index files: the job tells how far it is, and what became of each."""
    return _accepted(await taken(request, library, service))


async def taken(request: Request, library: Library, service: QAService) -> JobOut:
    """Take the files of a form, and return the job that indexes them.

    Raises:
        InvalidUpload: none of them can be used, or the form cannot be read.
        TooManyJobs: too many jobs are not finished.
    """
    form = await _form(request)
    try:
        files = [Incoming(f.filename or "", f.file) for f in _files(form)]
        return await run_in_threadpool(library.take, files, service.generation.documents)
    finally:
        await form.close()


@router.delete(
    "/documents/{document_id}", status_code=202, response_model=JobOut, responses=REMOVAL
)
async def delete_document(library: Changing, service: CurrentService, document_id: str) -> Response:
    """Remove a document from the index, with its file if that was sent here."""
    document = await run_in_threadpool(service.document, document_id)
    return _accepted(await run_in_threadpool(library.remove, document.id))


@router.get("/jobs/{job_id}", response_model=JobOut, responses=JOB)
def get_job(library: Changing, job_id: str) -> JobOut:
    """Tell how far a job is, and what came of it."""
    return library.jobs.of_id(job_id).job


@router.get("/documents/{document_id}/file", response_class=Response, responses=FILE)
def get_file(request: Request, service: CurrentService, document_id: str) -> Response:
    """Return the file that a document was read from, as it is now."""
    originals = state_of(request.app).pictures.originals
    path = originals.of(service.document(document_id), service.generation)
    return FileResponse(path, media_type=_media_type(path.name), filename=path.name)


def _media_type(name: str) -> str:
    """Return a type by which no browser runs anything."""
    found = mimetypes.guess_type(name)[0] or _ANY
    is_office = found.startswith("application/vnd.") and "xml+" not in found
    return found if found in _SAFE or is_office else _ANY


async def _form(request: Request) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise HTTPException(415)
    try:
        return await request.form(max_files=MOST_FILES, max_fields=MOST_FILES)
    except StarletteException as error:
        raise InvalidUpload(f"the form cannot be read: {error.detail}", "form") from error


def _files(form: FormData) -> list[UploadFile]:
    return [value for _, value in form.multi_items() if isinstance(value, UploadFile)]


def _accepted(job: JobOut) -> Response:
    headers = {"Location": f"/jobs/{job.id}"}
    return Response(job.model_dump_json(), 202, headers, "application/json")
