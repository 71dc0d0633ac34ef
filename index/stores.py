"""What serving needs of a store of generations, and the embedded one as such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from index.checking import Check, check_quickly, check_sizes
from index.manifest import Manifest, Recipe
from index.searching import Searchable
from index.storage import Store


class GenerationStore(Protocol):
    """Where generations are kept. One of them answers: the current one."""

    def exists(self) -> bool:
        """Tell whether a generation was ever published here."""

    def stamp(self) -> object:
        """Return what changes whenever another generation becomes current; cheaply."""

    def current_name(self) -> str:
        """Return the identifier of the generation that answers.

        Raises:
            MissingIndex: there is none.
            CorruptIndex: it is not known which.
            StoreUnavailable: the store cannot be reached.
        """

    def names(self) -> list[str]:
        """Return the identifiers of those that are kept, the one that was current last first."""

    def recipe(self, name: str) -> Recipe:
        """Return how a generation was made, after a cheap check that it can be opened.

        Raises:
            IndexingError: it cannot.
        """

    def open(self, name: str, check: Check = check_quickly) -> Searchable:
        """Open a generation.

        Args:
            name: its identifier.
            check: what the files of a folder must pass; a database checks its own pages.

        Raises:
            IndexingError: it cannot be opened.
        """


@dataclass(frozen=True, slots=True)
class EmbeddedStore:
    """The generations in a folder of this machine."""

    store: Store

    def exists(self) -> bool:
        """Tell whether a generation was ever published here."""
        return self.store.exists()

    def stamp(self) -> object:
        """Return what changes whenever another generation becomes current; cheaply."""
        return self.store.stamp()

    def current_name(self) -> str:
        """Return the identifier of the generation that answers: see ``Store.current``."""
        return self.store.current().name

    def names(self) -> list[str]:
        """Return the identifiers of those that are kept, the one that was current last first."""
        return [folder.name for folder in self.store.generations()]

    def recipe(self, name: str) -> Recipe:
        """Return how a generation was made, after a check of the sizes of its files.

        Raises:
            IndexingError: it is damaged, or of another version.
        """
        folder = self.store.folder / "generations" / name
        manifest = Manifest.read(folder)
        check_sizes(folder, manifest)
        return manifest.recipe

    def open(self, name: str, check: Check = check_quickly) -> Searchable:
        """Open a generation: see ``Generation.open``."""
        from index.generation import Generation  # with FAISS, which a damaged index needs not

        return Generation.open(self.store.folder / "generations" / name, check)
