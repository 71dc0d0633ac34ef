"""Asking a service elsewhere."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from pydantic import ValidationError

from qa.errors import RemoteError
from qa.schemas import AnswerOut, AskIn, ProblemOut

TIMEOUT = 30.0
"""How long to wait for an answer, in seconds."""


def ask_service(url: str, question: AskIn, key: str | None = None) -> AnswerOut:
    """Ask the service at this address, with a key if it wants one.

    Raises:
        RemoteError: it cannot be reached, refuses the question, or is not Passerelle.
    """
    if not url.startswith(("http://", "https://")):
        raise RemoteError(f"{url!r} is not an http:// or https:// address: correct --url")
    try:
        return AnswerOut.model_validate_json(_post(url.rstrip("/") + "/ask", question, key))
    except urllib.error.HTTPError as error:
        raise RemoteError(f"{url}: {_detail(error)}") from error
    except (OSError, ValueError) as error:  # unreachable, or not an answer
        raise RemoteError(f"{url} gave no answer ({_reason(error)}): check the address") from error


def _post(url: str, question: AskIn, key: str | None) -> bytes:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url, question.model_dump_json().encode(), headers
    )
    if key is not None:  # not to be passed on to where an answer may redirect
        request.add_unredirected_header("Authorization", f"Bearer {key}")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
        content: bytes = response.read()
        return content


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        return ProblemOut.model_validate(json.loads(error.read())).detail
    except (OSError, ValueError):
        return str(error)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "its reply is not an answer of Passerelle"
    return str(getattr(error, "reason", error))
