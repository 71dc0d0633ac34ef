"""How long each stage of an answer takes, told to whoever listens in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, float], None]
"""Is told the name of a stage and the seconds it took."""

STAGES = ("language", "encode", "rank", "confidence")

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Tell this listener of every stage from now on."""
    _listeners.append(listener)


def forget(listener: Listener) -> None:
    """Tell this listener no more."""
    _listeners.remove(listener)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time a stage, where anyone listens."""
    if not _listeners:
        yield
        return
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    for listener in _listeners:
        listener(name, seconds)
