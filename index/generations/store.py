"""What serving needs of a store of generations, whichever it is.

``index.generations.folder.FolderStore`` and ``index.postgres.store.PostgresStore`` satisfy it.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from documents.types import Source
from index.checking import Check, check_quickly
from index.manifest import Recipe
from index.search.searchable import Searchable


class Verified(NamedTuple):
    """The result of reading every byte of a generation.

    Attributes:
        files: how many files it has.
        damaged: those that differ from what was written.
    """

    files: int
    damaged: tuple[str, ...]


class GenerationStore(Protocol):
    """Keeps generations. Questions are answered from one of them, the current one."""

    def exists(self) -> bool:
        """Tell whether a generation was ever published here."""

    def stamp(self) -> object:
        """Return a value that differs once another generation is current; it must be cheap."""

    def current_name(self) -> str:
        """Return the identifier of the generation that answers.

        Raises:
            MissingIndex: there is none.
            CorruptIndex: the store does not say which one it is.
            StoreUnavailable: the store cannot be reached.
        """

    def names(self) -> list[str]:
        """Return the identifiers of those that are kept, the one that was current last first."""

    def recipe(self, name: str) -> Recipe:
        """Return how a generation was made, after a cheap check that it can be opened.

        Raises:
            IndexingError: it cannot.
        """

    def sources(self, name: str) -> tuple[Source, ...]:
        """Return the files and folders that a generation follows.

        Raises:
            IndexingError: what it holds cannot be read.
        """

    def open(self, name: str, check: Check = check_quickly) -> Searchable:
        """Open a generation.

        Args:
            name: its identifier.
            check: what the files of a folder must pass; a database checks its own pages.

        Raises:
            IndexingError: it cannot be opened.
        """

    def verify(self, name: str) -> Verified:
        """Read every byte of a generation and compare it with its checksum.

        Raises:
            IndexingError: it is not there, or another version made it.
        """

    def go_back(self, name: str | None = None) -> str:
        """Make a generation current that is kept, and return its identifier.

        Args:
            name: its identifier; by default the one that was current before.

        Raises:
            IndexingError: it is not kept, or damaged.
        """
