"""A client of the service, typed by the wire contract; ``qa ask --url`` uses it too.

::

    with Client("https://qa.example", key="…") as client:
        answer = client.ask("Qui est la présidente de Mila ?")
        for passage in answer.passages:
            client.check(passage.citation)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx2 as httpx
from pydantic import BaseModel, ValidationError

from qa.answer.service import TOP_K
from qa.errors import Refused, RemoteError
from qa.wire.schemas import (
    AnswerOut,
    AskIn,
    AskOneIn,
    BatchIn,
    BatchOut,
    CitationOut,
    DocumentOut,
    DocumentsOut,
    ProblemOut,
    ReadyOut,
)

Model = TypeVar("Model", bound=BaseModel)
TIMEOUT = 30.0
"""How long to wait for an answer, in seconds."""
_LISTED = 200
"""How many documents are listed at a time."""
_JSON = {"Content-Type": "application/json"}


class Client:
    """Asks one service over connections that are kept."""

    def __init__(self, url: str, key: str | None = None, *, timeout: float = TIMEOUT) -> None:
        """Take the service's address, a key if it wants one, and how long to wait, in seconds.

        Raises:
            RemoteError: that is no address.
        """
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._url = url
        try:
            self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)
        except (httpx.InvalidURL, ValueError) as error:
            raise self._no_answer(error) from error

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        top_k: int = TOP_K,
        language: str | None = None,
        documents: Sequence[str] | None = None,
        filters: Mapping[str, Any] | None = None,
        rectangles: bool = False,
    ) -> AnswerOut:
        """Ask a question; see ``answer``."""
        named = None if documents is None else list(documents)
        asked = AskOneIn(
            question=question, top_k=top_k, language=language, documents=named,
            filters=None if filters is None else dict(filters), rectangles=rectangles,
        )  # fmt: skip
        return self.answer(asked)

    def answer(self, question: AskIn) -> AnswerOut:
        """Ask a question as it stands: what is wrong with it, the service says.

        Raises:
            Refused: the service refuses it, or has too much to do.
            RemoteError: it cannot be reached, or is not Passerelle.
        """
        return self._model(AnswerOut, "POST", "/ask", question)

    def ask_many(self, questions: Sequence[AskIn]) -> list[AnswerOut]:
        """Ask up to 100 questions at once; the answers stand in their order.

        Raises:
            Refused: the service refuses one of them, or has too much to do.
            RemoteError: it cannot be reached, or is not Passerelle.
        """
        asked = BatchIn(questions=list(questions))
        return self._model(BatchOut, "POST", "/ask/batch", asked).answers

    def documents(self) -> list[DocumentOut]:
        """List all that is indexed."""
        found: list[DocumentOut] = []
        while True:
            path = f"/documents?limit={_LISTED}&offset={len(found)}"
            part = self._model(DocumentsOut, "GET", path)
            found += part.documents
            if part.next is None or not part.documents:
                return found

    def ready(self) -> ReadyOut:
        """Tell which index answers, and what keeps a newer one from it."""
        return self._model(ReadyOut, "GET", "/ready")

    def text(self, document_id: str, start: int | None = None, end: int | None = None) -> str:
        """Return a document's text, or the code points of it from ``start`` to ``end``."""
        offsets = {"start": start, "end": end}
        given = {name: value for name, value in offsets.items() if value is not None}
        path = f"/documents/{quote(document_id, safe='')}/text"
        return self._send("GET", path, params=given).content.decode()

    def check(self, citation: CitationOut) -> bool:
        """Whether the service's text is the one that was cited, and is the quote there."""
        text = self.text(citation.document_id)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return digest == citation.sha256 and text[citation.start : citation.end] == citation.quote

    def _model(
        self, kind: type[Model], method: str, path: str, body: BaseModel | None = None
    ) -> Model:
        content = None if body is None else body.model_dump_json()
        reply = self._send(method, path, content=content, headers=_JSON)
        try:
            return kind.model_validate_json(reply.content)
        except ValidationError as error:
            raise self._no_answer("its reply is not an answer of Passerelle") from error

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            reply = self._http.request(method, path, **options)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise self._no_answer(error) from error
        if reply.is_success:
            return reply
        raise self._refusal(reply)

    def _no_answer(self, reason: object) -> RemoteError:
        return RemoteError(f"{self._url} gave no answer ({reason}): check the address")

    def _refusal(self, reply: httpx.Response) -> RemoteError:
        after = reply.headers.get("retry-after", "")
        try:
            problem = ProblemOut.model_validate_json(reply.content)
        except ValidationError:
            status = reply.status_code
            return RemoteError(f"{self._url} answered {status}, and not as Passerelle does")
        seconds = float(after) if after.isdigit() else None
        return Refused(f"{self._url}: {problem.detail}", problem.type, problem.status, seconds)
