"""``qa index`` and ``qa verify``: building an index with its progress shown, and checking it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from index.generation import Generation
from index.manifest import Manifest
from index.storage import Store, check_contents
from qa.errors import InvalidSetting
from qa.messages import ENCODING, INDEXED, VERIFIED, interface_language
from qa.notices import complain
from qa.opening import index_paths
from qa.settings import Settings
from qa.types import Citation


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Index the paths of the command line; return 0.

    Raises:
        InvalidSetting: there would be no job.
    """
    if options.jobs is not None and options.jobs < 1:
        raise InvalidSetting(f"--jobs {options.jobs}: encode at least one batch at a time")
    build(options.paths, settings, options.jobs)
    return 0


def verify(options: argparse.Namespace, settings: Settings) -> int:
    """Check every file and every citation of the current generation; return 0."""
    del options
    folder = Store(settings.index).current()
    manifest = Manifest.read(folder)
    check_contents(folder, manifest)
    generation = Generation.open(folder)
    for passage in generation.passages:
        Citation.of(passage, generation.documents[passage.document_id])
    said = VERIFIED[interface_language()]
    print(
        said.format(generation=generation.id, files=len(manifest.files), passages=manifest.passages)
    )
    return 0


def build(paths: Sequence[Path], settings: Settings, jobs: int | None = None) -> None:
    """Build an index with its progress shown, and say what was built."""
    language = interface_language()
    with _bar() as bar:
        task = bar.add_task(ENCODING[language], total=None)
        built = index_paths(
            paths,
            settings,
            lambda done, total: bar.update(task, completed=done, total=total),
            jobs,
        )
    said = INDEXED[language].format(
        documents=len(built.generation.documents),
        passages=len(built.generation.passages),
        encoded=built.encoded,
        reused=built.reused,
        generation=built.generation.id,
    )
    complain(said, prefix=False)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    return Progress(*columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal)
