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
from qa.messages import BUILDING, ENCODING, INDEXED, VERIFIED, interface_language
from qa.opening import index_paths, open_service
from qa.service import QAService
from qa.settings import Settings
from qa.terminal import complain
from qa.types import Citation


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Index the paths of the command line; return 0."""
    _build(options.paths, settings)
    return 0


def ready_service(settings: Settings) -> QAService:
    """Open the index; the first time, build that of the bundled article, saying so."""
    if not Store(settings.index).exists():
        complain(BUILDING[interface_language()], prefix=False)
        _build([], settings)
    return open_service(settings)


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


def _build(paths: Sequence[Path], settings: Settings) -> None:
    language = interface_language()
    with _bar() as bar:
        task = bar.add_task(ENCODING[language], total=None)
        built = index_paths(
            paths, settings, lambda done, total: bar.update(task, completed=done, total=total)
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
