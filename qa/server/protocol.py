"""HTTP/1.1 on one connection: uvicorn's protocol with timeouts and an orderly shutdown."""

from __future__ import annotations

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.wire.problems import MEDIA_TYPE, Problem
from qa.wire.schemas import ProblemOut

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take to arrive."""
READ_SECONDS: Final = 30.0
"""How long a client may take to read what is left of its answer once it is complete."""
CONNECTIONS: Final = 500
"""How many connections a process holds at a time, well below the usual limit of open files."""
LINGER_SECONDS: Final = 0.5
"""How long a server that stops waits for requests that are on their way to it."""


class PatientProtocol(H11Protocol):
    """Uvicorn's protocol with limits on waiting, and with problems as answers to invalid HTTP."""

    _head: asyncio.TimerHandle | None = None
    _leaving = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS:
            self._refuse("overloaded")
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._head_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived; it may complete the head of a request."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._head_is_here()
            if self._leaving:
                self._close_after_answer()
        elif self._is_idle() and self._head is None and not self.transport.is_closing():
            self._await_head()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        self.logger.debug(msg)
        self._refuse("malformed-request")

    def shutdown(self) -> None:
        """Answer what is on its way, then close."""
        self._leaving = True
        if self._is_idle():
            self.loop.call_later(LINGER_SECONDS, self._leave)
        else:
            self._close_after_answer()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which nothing comes, even if its client reads nothing either."""
        super().timeout_keep_alive_handler()
        self.loop.call_later(READ_SECONDS, self.transport.abort)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _await_head(self) -> None:
        self._head = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _head_is_here(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _give_up(self) -> None:
        self._head = None
        if self._is_idle():
            self._refuse("request-timeout")

    def _leave(self) -> None:
        if self._is_idle() and not self.transport.is_closing():
            super().shutdown()

    def _close_after_answer(self) -> None:
        self.cycle.keep_alive = False
        if not self.cycle.response_started:
            self.cycle.default_headers = [*self.cycle.default_headers, CLOSE_HEADER]

    def _refuse(self, name: str) -> None:
        """Send a problem and close; a request that was being answered here is cut off."""
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        problem = Problem.named(name)
        content = ProblemOut.model_validate(problem).model_dump_json().encode()
        headers = [
            ("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(content))),
            ("Connection", "close"),
        ]  # fmt: skip
        head = h11.Response(status_code=problem.status, headers=headers)
        try:
            for event in (head, h11.Data(data=content), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:  # an answer had begun
            self.transport.abort()
        self.transport.close()
