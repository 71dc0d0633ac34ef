"""Metrics for Prometheus: requests, stages of an answer, confidence, queue and index."""

from __future__ import annotations

import os
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import Scope

from qa.answer.types import IndexInfo

METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of prometheus-client that names where several processes count together."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_STAGE_SECONDS = (0.0002, 0.0005, *_SECONDS[:10])
_SHARES = tuple(n / 10 for n in range(1, 11))
_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


class Metrics:
    """The figures of one application, added up over the processes that serve it."""

    def __init__(self) -> None:
        """Start at zero."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "passerelle_requests", "Requests that were answered.",
            ("method", "route", "status", "language"), registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "passerelle_request_seconds", "Time from the request's head to the end of the answer.",
            ("route",), buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._stages = Histogram(
            "passerelle_stage_seconds", "Time of a stage of an answer that was computed.",
            ("stage",), buckets=_STAGE_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._confidence = Histogram(
            "passerelle_confidence", "Confidence of the answers that were given.",
            buckets=_SHARES, registry=self.registry,
        )  # fmt: skip
        self._queue = Gauge(
            "passerelle_queue_depth", "Questions that wait to be computed.",
            registry=self.registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self._index = Gauge(
            "passerelle_index_passages", "Passages of the index that answers.",
            ("generation", "model"), registry=self.registry, multiprocess_mode="livemax",
        )  # fmt: skip
        self._shown: IndexInfo | None = None

    def request(self, scope: Scope, language: str, status: int, seconds: float) -> None:
        """Count a request that was answered; ``language`` is empty where it held no question."""
        route, method = route_of(scope), scope["method"]
        self._requests.labels(
            method if method in _METHODS else "other", route, status, language
        ).inc()
        self._seconds.labels(route).observe(seconds)

    def stage(self, name: str, seconds: float) -> None:
        """Record how long a stage of an answer took, in seconds."""
        self._stages.labels(name).observe(seconds)

    def confidence(self, confidence: float) -> None:
        """Record the confidence of an answer, in 0-1."""
        self._confidence.observe(confidence)

    def look(self, waiting: int, index: IndexInfo) -> None:
        """Record how many questions wait, and which index answers."""
        self._queue.set(waiting)
        if (
            index != self._shown and self._shown is not None
        ):  # the series of the index before stays, at 0 passages
            self._index.labels(self._shown.generation, self._shown.model).set(0)
        self._index.labels(index.generation, index.model).set(index.passages)
        self._shown = index

    def exposition(self) -> bytes:
        """Return the figures of all processes, as Prometheus reads them."""
        if METRICS_FOLDER not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def route_of(scope: Scope) -> str:
    """Return the template of the route that was taken: never what the client wrote."""
    return getattr(scope.get("route"), "path", "none")
