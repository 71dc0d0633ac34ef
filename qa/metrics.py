"""What Prometheus is told: requests, stages, confidence, queue and index."""

from __future__ import annotations

import os
import re

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import Scope

from qa.serving import METRICS_FOLDER
from qa.types import IndexInfo

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_STAGE_SECONDS = (0.0002, 0.0005, *_SECONDS[:10])
_SHARES = tuple(n / 10 for n in range(1, 11))
# What is quoted in an answer cannot look like this: there, quotation marks are escaped.
_LANGUAGE = re.compile(rb'"language":\{"code":"(\w+)"')
_CONFIDENCE = re.compile(rb'"answerable":\w+,"confidence":([^,]+),')
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

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        route, method = route_of(scope), scope["method"]
        state = scope.get("state", {})
        self._requests.labels(
            method if method in _METHODS else "other", route, status, state.get("language", "")
        ).inc()
        self._seconds.labels(route).observe(seconds)

    def stage(self, name: str, seconds: float) -> None:
        """Count a stage."""
        self._stages.labels(name).observe(seconds)

    def confidence(self, confidence: float) -> None:
        """Count an answer."""
        self._confidence.observe(confidence)

    def look(self, waiting: int, index: IndexInfo) -> None:
        """Note how many questions wait, and which index answers."""
        self._queue.set(waiting)
        if index != self._shown and self._shown is not None:  # 0 passages of it are left
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


def language_of(answer: bytes) -> str:
    """Return the language of the question, from an answer as it goes over the wire."""
    found = _LANGUAGE.search(answer)
    return found[1].decode() if found else ""


def confidence_of(answer: bytes) -> float:
    """Return the confidence, from an answer as it goes over the wire."""
    found = _CONFIDENCE.search(answer)
    return float(found[1]) if found else 0.0
