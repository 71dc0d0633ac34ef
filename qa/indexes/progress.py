"""Builds an index with its progress shown: files read, then passages encoded."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from documents.discovery import Selection
from qa.indexes.attempts import remembered
from qa.indexes.building import Indexed, index_paths
from qa.indexes.cluster_building import index_paths_on_cluster
from qa.indexes.reporting import say_what_was_done
from qa.indexes.updating import Agree
from qa.messages import ENCODING, FINDING, RATE, READING, interface_language
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be indexed, and how.

    Attributes:
        paths: files and folders; all that is followed if there are none.
        selection: which files of the folders are wanted.
        only: whether the index is to hold nothing else.
        agree: told which documents would go though their files are there; it may raise an error.
        jobs: how many batches are encoded at a time; one a core when None.
        ray: the address of a cluster that does the work; this machine when None.
    """

    paths: Sequence[Path] = ()
    selection: Selection | None = None
    only: bool = False
    agree: Agree | None = None
    jobs: int | None = None
    ray: str | None = None


def build(job: Job, settings: Settings, console: Console | None = None) -> Indexed:
    """Build an index with its progress shown; say what was built and what was left out."""
    index = index_paths if job.ray is None else partial(index_paths_on_cluster, job.ray)
    with remembered(job.paths, settings), Bar(console or Console(stderr=True)) as bar:
        done = index(
            job.paths, settings, bar.encoded, job.jobs, job.selection, only=job.only,
            agree=job.agree and bar.aside(job.agree), on_read=bar.read,
        )  # fmt: skip
    say_what_was_done(done)
    return done


class Bar:
    """Shows on a terminal how many files are read, then how many passages are encoded."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        """Show nothing yet; the clock counts seconds."""
        columns = (TextColumn("{task.description}"), BarColumn(), _Count(), _Rate())
        times = (TimeElapsedColumn(), TimeRemainingColumn())
        self._progress = Progress(
            *columns, *times, console=console, disable=not console.is_terminal, get_time=clock
        )
        self._task = self._progress.add_task(FINDING[interface_language()], total=None)
        self._phase: dict[str, str] = FINDING

    def __enter__(self) -> Bar:
        """Begin with the search for files."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the bar as it stands."""
        self._progress.stop()

    def read(self, done: int, total: int) -> None:
        """Show how many files are read, out of how many."""
        self._show(READING, done, total)

    def encoded(self, done: int, total: int) -> None:
        """Show how many passages are encoded, out of how many."""
        self._show(ENCODING, done, total)

    def aside(self, ask: Agree) -> Agree:
        """Return a function that asks while the bar does not move."""

        def asked(removed: Sequence[str]) -> None:
            self._progress.stop()
            ask(removed)
            self._progress.start()

        return asked

    def picture(self) -> RenderableType:
        """Return what is shown now."""
        return self._progress.get_renderable()

    def _show(self, phase: dict[str, str], done: int, total: int) -> None:
        if phase is not self._phase:
            self._phase = phase
            self._progress.reset(self._task, description=phase[interface_language()], total=total)
        self._progress.update(self._task, completed=done)


class _Count(ProgressColumn):
    """How many of how many, once that is known."""

    def render(self, task: Task) -> Text:
        """Return the count of a task."""
        return Text("" if task.total is None else f"{task.completed:.0f}/{task.total:.0f}")


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """Return the rate of a task."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else RATE[interface_language()].format(speed))
