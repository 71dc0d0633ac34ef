"""Keeps an index up to date with what it follows: each change is indexed, one build at a time."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from documents.errors import PasserelleError
from documents.formats.registry import supported_suffixes
from documents.options import ReadingOptions
from documents.types import Source
from index.errors import IndexingError, MissingBuildDependency, MissingIndex
from qa.indexes.progress import Job, build
from qa.indexes.stores import store_of
from qa.indexes.waiting import patiently_said
from qa.messages import FOLLOWS_NOTHING, LOOKING_INSTEAD, TRIED_AGAIN, WATCHING, interface_language
from qa.notices import complain
from qa.settings import Settings

if TYPE_CHECKING:
    from watchfiles import Change

_SUFFIXES: Final = supported_suffixes(ReadingOptions(recognise=True, convert=True))
"""The files whose changes count, whatever a source wants of them."""
DEBOUNCE: Final = 0.5
"""How long nothing must change before what changed is indexed, in seconds."""
LOOK: Final = 1.0
"""How often to look whether something else is followed now, in seconds."""
FIRST_PAUSE: Final = 5.0
"""How long to wait before a build that failed is tried again, in seconds; then twice as long."""
LONGEST_PAUSE: Final = 300.0


def watch(job: Job, settings: Settings) -> int:
    """Bring the index up to date, then index each change until the process ends.

    Raises:
        DocumentError: a path that is named is missing, or cannot be used.
        IndexingError: nothing is named and nothing is followed, or the index cannot be built.
        MissingBuildDependency: the library that watches files is not installed.
    """
    require_library()
    if job.paths:
        patiently_said(lambda: build(job, settings))
    elif followed(settings) == ():
        raise IndexingError(FOLLOWS_NOTHING[interface_language()])
    Follower(Job(jobs=job.jobs, ray=job.ray), settings).run()
    return 0


def watch_beside(parent: int, settings: Settings) -> None:
    """Index each change for as long as the process that started this one lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # that process hears it too, and ends this one
    Follower(Job(), settings, lambda: os.getppid() == parent).run()


def followed(settings: Settings) -> tuple[Source, ...] | None:
    """Return what the current generation follows; None if it cannot be read now."""
    try:
        store = store_of(settings)
        return store.sources(store.current_name())
    except MissingIndex:
        return ()
    except PasserelleError:  # builds say what is wrong
        return None


@dataclass(slots=True)
class Follower:
    """Indexes each change of what is followed.

    Attributes:
        job: what a build does.
        settings: where the index is.
        goes_on: whether to go on.
        build: builds; raises a ``PasserelleError`` if that failed.
    """

    job: Job
    settings: Settings
    goes_on: Callable[[], bool] = lambda: True
    build: Callable[[Job, Settings], object] = build
    _changed: threading.Event = field(default_factory=threading.Event)
    _again: float = float("inf")
    _pause: float = field(default_factory=lambda: FIRST_PAUSE)

    def run(self) -> None:
        """Bring the index up to date, then do so again whenever something changes."""
        places, stop = None, threading.Event()
        try:
            while self.goes_on():
                now = self._places(places)
                if now != places:
                    stop.set()
                    places, stop = now, threading.Event()
                    self._watch(now, stop)
                self._step(now)
        finally:
            stop.set()

    def _places(self, before: Places | None) -> Places:
        sources = followed(self.settings)
        if sources is None and before is not None:
            return before
        return Places.of(sources or (), self.settings.index)

    def _watch(self, places: Places, stop: threading.Event) -> None:
        """Watch in threads of their own; what changed before that is indexed too."""
        said = WATCHING if places.sources else FOLLOWS_NOTHING
        complain(said[interface_language()].format(sources=places.sources), prefix=False)
        for folders, recursive in ((places.folders, True), (places.parents, False)):
            there = [folder for folder in folders if folder.is_dir()]
            if there:
                arguments = (there, recursive, places, self._changed, stop)
                threading.Thread(target=_listen, args=arguments, daemon=True).start()
        self._changed.set()

    def _step(self, places: Places) -> None:
        """Wait a while for a change, and index it once nothing changes any more."""
        if not places.sources:
            time.sleep(LOOK)
            return
        due = self._changed.wait(LOOK) or time.monotonic() >= self._again
        if not due:
            return
        while self._changed.is_set():
            self._changed.clear()
            self._changed.wait(DEBOUNCE)
        self._try()

    def _try(self) -> None:
        try:
            self.build(self.job, self.settings)
        except PasserelleError as error:
            self._again = time.monotonic() + self._pause
            said = TRIED_AGAIN[interface_language()]
            complain(said.format(problem=error, seconds=round(self._pause)))
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        else:
            self._again, self._pause = float("inf"), FIRST_PAUSE


@dataclass(frozen=True, slots=True)
class Places:
    """Where to listen for changes, and which of them count.

    Attributes:
        numbered: the folders that are listened to at every depth, each with the number that the
            file system gives it: another folder may take its place.
        parents: of files; only what is in them counts, as an editor replaces files.
        files: those files.
        index: where builds write: nothing there counts.
    """

    numbered: tuple[tuple[Path, int], ...]
    parents: tuple[Path, ...]
    files: frozenset[Path]
    index: Path

    @classmethod
    def of(cls, sources: Iterable[Source], index: Path) -> Places:
        """Return the places of sources."""
        paths = [Path(source.path) for source in sources]
        # A folder that is not there now may come: its parent tells.
        files = [path for path in paths if not path.is_dir()]
        parents = tuple(dict.fromkeys(path.parent for path in files))
        numbered = tuple((p, p.stat().st_ino) for p in paths if p.is_dir())
        return cls(numbered, parents, frozenset(files), index.resolve())

    @property
    def sources(self) -> int:
        """How many files and folders are followed."""
        return len(self.numbered) + len(self.files)

    @property
    def folders(self) -> list[Path]:
        """The folders that are listened to at every depth."""
        return [folder for folder, _ in self.numbered]

    def count(self, _: Change | None, changed: str) -> bool:
        """Tell whether a change may be one of a file that is followed."""
        path = Path(changed)
        if path.is_relative_to(self.index):
            return False
        return path in self.files or any(_counts(path, folder) for folder in self.folders)


def _counts(path: Path, folder: Path) -> bool:
    if not path.is_relative_to(folder):
        return False
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    # What has no suffix may have been a folder.
    return not hidden and (path.suffix.lower() in {*_SUFFIXES, ""} or path.is_dir())


def _listen(
    folders: list[Path],
    recursive: bool,
    places: Places,
    changed: threading.Event,
    stop: threading.Event,
) -> None:
    try:
        _set_at_changes(folders, recursive, places, changed, stop)
    except (OSError, RuntimeError) as error:
        if not all(folder.is_dir() for folder in folders):
            return  # it has just gone: there are other places to watch then
        # The system tells no more: the most common reason is its limit of watched folders.
        said = LOOKING_INSTEAD[interface_language()]
        complain(said.format(problem=error), prefix=False)
        with suppress(OSError, RuntimeError):
            _set_at_changes(folders, recursive, places, changed, stop, looking=True)


def _set_at_changes(
    folders: list[Path],
    recursive: bool,
    places: Places,
    changed: threading.Event,
    stop: threading.Event,
    *,
    looking: bool = False,
) -> None:
    from watchfiles import watch as changes

    found = changes(
        *folders, watch_filter=places.count, stop_event=stop, recursive=recursive,
        raise_interrupt=False, debounce=200, ignore_permission_denied=True,
        force_polling=looking or None, poll_delay_ms=2000,
    )  # fmt: skip
    for _ in found:
        changed.set()


def require_library() -> None:
    """Refuse to watch without the library that does it.

    Raises:
        MissingBuildDependency: it is not installed.
    """
    try:
        import watchfiles  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise MissingBuildDependency(
            "--watch needs watchfiles: run `pip install 'passerelle-qa[watch]'`"
        ) from error
