"""A server follows its index: a new generation answers as soon as it is open; no question is lost.

The new generation is opened in a thread while the old one answers, then replaces it at once.
Questions that arrived before are answered by the old one.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from index.checking import check_contents
from index.errors import IndexingError
from qa.answer.service import QAService
from qa.indexes.opening import open_generation, open_newest, service_of
from qa.indexes.stores import store_of
from qa.messages import NOT_RELOADED, RELOADED, interface_language
from qa.notices import complain
from qa.settings import Settings

EVERY: Final = 1.0
"""How often to look for another generation, in seconds; SIGHUP makes it look at once."""
PROBLEM: Final = "the current generation cannot be opened, an earlier one answers: see the log"


class Follower:
    """Opens whichever generation is current, after every byte of it was found sound.

    Attributes:
        service: what answers.
        problem: what keeps the current generation from answering, if something does.
    """

    def __init__(self, settings: Settings) -> None:
        """Open the newest sound generation.

        Raises:
            IndexingError: there is none, or it cannot be used.
        """
        self._settings, self._store = settings, store_of(settings)
        self._seen = self._store.stamp()
        opened = open_newest(settings, check_contents)
        self.service = service_of(opened.generation, settings)
        self.problem = PROBLEM if opened.problem else None

    def look(self, *, again: bool = False) -> QAService | None:
        """Open the current generation if it is another now; the old one stays if that fails.

        Args:
            again: even if it has been looked at before.
        """
        try:
            stamp = self._store.stamp()
        except IndexingError:  # questions say so; what follows is looked for again
            return None
        if stamp == self._seen and not again:
            return None
        self._seen = stamp
        try:
            return self._follow()
        except Exception as error:  # whatever it is, the old one must keep answering
            if self._is_replaced(stamp):  # and removed, meanwhile
                return self.look()
            self.problem = PROBLEM
            self._say(NOT_RELOADED, str(error))
            return None

    def _follow(self) -> QAService | None:
        name = self._store.current_name()
        if name != self.service.generation.id:
            generation = open_generation(self._store, name, self._settings, check_contents)
            self.service = service_of(generation, self._settings, self.service)
            self._say(RELOADED)
        self.problem = None
        return self.service

    def _is_replaced(self, stamp: object) -> bool:
        try:
            return stamp != self._store.stamp()
        except IndexingError:
            self._seen = None  # whatever it is, it is looked at again
            return False

    def _say(self, text: dict[str, str], problem: str = "") -> None:
        said = text[interface_language()]
        generation = self.service.generation.id
        complain(said.format(problem=problem, generation=generation), prefix=bool(problem))


@asynccontextmanager
async def following(
    follower: Follower | None, swap: Callable[[QAService], None]
) -> AsyncIterator[None]:
    """Give ``swap`` each service that takes the place of the one before."""
    if follower is None:
        yield
        return
    look = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(ValueError, RuntimeError):  # only a main thread hears signals
        loop.add_signal_handler(signal.SIGHUP, look.set)
    watching = loop.create_task(_watch(follower, swap, look))
    try:
        yield
    finally:
        watching.cancel()


async def _watch(
    follower: Follower, swap: Callable[[QAService], None], look: asyncio.Event
) -> None:
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(look.wait(), EVERY)
        asked = look.is_set()
        look.clear()
        service = await asyncio.to_thread(follower.look, again=asked)
        if service is not None:
            swap(service)
