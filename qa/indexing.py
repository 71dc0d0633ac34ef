"""``qa index`` and ``qa verify``: building an index with its progress shown, and checking it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from documents.discovery import Selection
from documents.reading import Reader, Reading
from index.build import Built
from index.changes import Changes
from qa.building import index_paths
from qa.errors import InvalidSetting
from qa.messages import (
    AND_MORE,
    CHANGES,
    ENCODING,
    INDEXED,
    KEPT,
    LEFT_OUT,
    UNCHANGED,
    UNKNOWN_LANGUAGE,
    VERIFIED,
    interface_language,
)
from qa.notices import complain
from qa.ray_indexing import index_paths_on_cluster
from qa.settings import Settings
from qa.stores import store_of
from qa.types import Citation

COMPLETE, FAILED, PARTIAL = 0, 2, 3
LISTED = 20
"""How many documents that changed are named."""


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Index the paths of the command line; return 0, or 3 if some files had to be left out.

    Raises:
        DocumentError: a path is missing, or none of the files can be used.
        InvalidSetting: there would be no job.
    """
    if options.jobs is not None and options.jobs < 1:
        raise InvalidSetting(f"--jobs {options.jobs}: encode at least one batch at a time")
    selection = Selection(tuple(options.include), tuple(options.exclude))
    reading = build(options.paths, settings, options.jobs, selection, options.ray)
    return PARTIAL if reading.problems else COMPLETE


def verify(options: argparse.Namespace, settings: Settings) -> int:
    """Check every file and every citation of the current generation; return 0 if all are sound."""
    del options
    store = store_of(settings)
    name = store.current_name()
    checked = store.verify(name)
    for damaged in checked.damaged:
        complain(f"{damaged} is damaged: run `qa index` again, or `qa rollback`")
    if checked.damaged:
        return FAILED
    generation = store.open(name)
    for passage in generation.passages:
        Citation.of(passage, generation.documents[passage.document_id])
    said = VERIFIED[interface_language()]
    print(said.format(generation=name, files=checked.files, passages=len(generation.passages)))
    return 0


def build(
    paths: Sequence[Path],
    settings: Settings,
    jobs: int | None = None,
    selection: Selection | None = None,
    ray: str | None = None,
) -> Reader | Reading:
    """Build an index with its progress shown; say what was built and what was left out."""
    language = interface_language()
    index = index_paths if ray is None else partial(index_paths_on_cluster, ray)
    with _bar() as bar:
        task = bar.add_task(ENCODING[language], total=None)
        built, reading, kept = index(
            paths,
            settings,
            lambda done, total: bar.update(task, completed=done, total=total),
            jobs,
            selection,
        )
    _say(built, language)
    _say_what_is_odd(reading, language)
    for name in kept:
        complain(KEPT[language].format(document=name), prefix=False)
    return reading


def _say(built: Built, language: str) -> None:
    for line in _changes(built.changes, language):
        complain(line, prefix=False)
    said = INDEXED if built.published else UNCHANGED
    text = said[language].format(
        documents=len(built.generation.documents),
        passages=len(built.generation.passages),
        encoded=built.encoded,
        reused=built.reused,
        generation=built.generation.id,
    )
    complain(text, prefix=False)


def _say_what_is_odd(reading: Reader | Reading, language: str) -> None:
    for name, spoken in reading.read.items():
        if spoken == "und":
            complain(UNKNOWN_LANGUAGE[language].format(document=name), prefix=False)
    if reading.problems:
        complain(LEFT_OUT[language].format(files=len(reading.problems)), prefix=False)
    for problem in reading.problems:
        complain(f"  {problem.error}", prefix=False)


def _changes(changes: Changes, language: str) -> list[str]:
    """Return a line for each document that is not what it was, then one with all counts."""
    kinds = (("+", changes.added), ("~", changes.changed), ("-", changes.removed))
    lines = [f"{sign} {name}" for sign, names in kinds for name in names]
    more = [AND_MORE[language].format(len(lines) - LISTED)] if len(lines) > LISTED else []
    counts = CHANGES[language].format(
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
        unchanged=len(changes.unchanged),
    )
    return [*lines[:LISTED], *more, counts]


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    return Progress(*columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal)
