"""Which store the settings name: the folder of this machine, or a database that many share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import MissingBuildDependency
from index.generations.folder import FolderStore
from index.generations.store import GenerationStore
from qa.settings import Settings

if TYPE_CHECKING:
    from index.postgres.store import PostgresStore


def store_of(settings: Settings) -> GenerationStore:
    """Return the store that questions are answered from.

    Raises:
        StoreUnavailable: its address cannot be understood.
        MissingBuildDependency: the ``postgres`` extra is not installed.
    """
    return shared_store(settings) or FolderStore(settings.index, settings.keep)


def shared_store(settings: Settings) -> PostgresStore | None:
    """Return the database, None where the settings name none; one process opens it once.

    Raises:
        StoreUnavailable: its address cannot be understood.
        MissingBuildDependency: the ``postgres`` extra is not installed.
    """
    if settings.store is None:
        return None
    return _opened(settings.store, settings.cache, settings.keep, settings.patience)


@lru_cache(maxsize=1)
def _opened(url: str, cache: Path, keep: int, patience: float) -> PostgresStore:
    try:
        from index.postgres.store import PostgresStore
    except ImportError as error:
        raise MissingBuildDependency(
            f"QA_STORE needs {error.name}: run `pip install 'passerelle-qa[postgres]'`"
        ) from error
    return PostgresStore(url, cache, keep, patience)


@contextmanager
def changing(settings: Settings) -> Iterator[FolderStore]:
    """Lend the folder to build a generation in; what is current there at the end, answers.

    Where a database answers, the folder is a working copy: it is brought up to date first, so
    that nothing is encoded again, and at the end what changed goes into the database.

    Raises:
        IndexingError: another process is writing, or the store cannot be written to.
    """
    store, shared = FolderStore(settings.index, settings.keep), shared_store(settings)
    if shared is None:
        with store.alone():
            yield store
        return
    with shared.alone(), store.alone():
        if shared.exists():
            shared.fetch(store)
        yield store
        shared.publish(store.current())
