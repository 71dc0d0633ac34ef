"""``qa export`` and ``qa import``: from one store to another, with nothing encoded again."""

from __future__ import annotations

import argparse

from index.generations.copying import copy_generation, find_generation
from index.generations.folder import FolderStore
from qa.cli.managing import say_current
from qa.indexes.stores import shared_store, store_of
from qa.indexes.waiting import patiently_said
from qa.settings import Settings


def export(options: argparse.Namespace, settings: Settings) -> int:
    """Write the current generation into a folder, an index of its own; return 0.

    Raises:
        IndexingError: there is none, it is damaged, or the folder cannot be written to.
    """
    target, shared = FolderStore(options.folder, settings.keep), shared_store(settings)
    if shared is not None:
        folder = shared.fetch(target)
    else:
        folder = copy_generation(FolderStore(settings.index).current(), target)
    print(folder)
    return 0


def import_index(options: argparse.Namespace, settings: Settings) -> int:
    """Make the generation of a folder the current one of the store; return 0.

    Raises:
        IndexingError: the folder holds none, it is damaged, or the store cannot be written to.
    """
    folder, shared = find_generation(options.folder), shared_store(settings)
    if shared is not None:
        patiently_said(lambda: shared.publish(folder))
    else:
        target = FolderStore(settings.index, settings.keep)
        patiently_said(lambda: copy_generation(folder, target))
    store = store_of(settings)
    say_current(store.open(store.current_name()))
    return 0
