"""Times each stage of an answer and reports it to the listeners of this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, float], None]
"""Called with the name of a stage and how long it took, in seconds."""

STAGES = ("language", "encode", "rank", "read", "confidence")

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call this listener after every stage from now on."""
    _listeners.append(listener)


def forget(listener: Listener) -> None:
    """Stop calling this listener."""
    _listeners.remove(listener)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time the code inside, if there is a listener."""
    if not _listeners:
        yield
        return
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    for listener in _listeners:
        listener(name, seconds)
