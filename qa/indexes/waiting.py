"""Waits for another process that writes the index, for some time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from index.errors import BusyIndex
from qa.messages import WAITING, interface_language
from qa.notices import complain

Result = TypeVar("Result")
PATIENCE: Final = 600.0
"""How long a command waits for another process that writes the index, in seconds."""
PAUSE: Final = 0.5
"""How long to wait before the index is tried again, in seconds."""


def patiently(do: Callable[[], Result], patience: float = PATIENCE) -> Result:
    """Do something, again and again while another process writes the index.

    Args:
        do: what is done; it raises ``BusyIndex`` while it cannot be.
        patience: for how long to try, in seconds.

    Raises:
        BusyIndex: another process is still writing.
    """
    end = time.monotonic() + patience
    while True:
        try:
            return do()
        except BusyIndex:
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE)


def patiently_said(do: Callable[[], Result]) -> Result:
    """Do something as soon as no other process writes the index, and say that it is waited for."""
    try:
        return do()
    except BusyIndex:
        said = WAITING[interface_language()].format(minutes=round(PATIENCE / 60))
        complain(said, prefix=False)
        return patiently(do, PATIENCE)
