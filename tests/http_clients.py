"""Clients of the service within a process, and what they expect of a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fastapi.testclient import TestClient

from qa.wire.problem_types import PROBLEM_TYPES
from qa.wire.problems import MEDIA_TYPE

Open = Callable[..., TestClient]
"""Opens the service as it is exposed, for a client at an address."""


class Reply(Protocol):
    """What any client library calls a response."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers."""

    def json(self) -> Any:
        """Its body, read as JSON."""


def assert_problem(response: Reply, name: str) -> None:
    """Expect a problem of this type, complete."""
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json()["type"] == f"/problems/{name}"
    assert response.status_code == response.json()["status"] == PROBLEM_TYPES[name].status
