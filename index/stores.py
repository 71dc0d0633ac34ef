"""What serving needs of a store of generations, and the embedded one as such."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from index.checking import Check, check_quickly, check_sizes, damaged_files
from index.manifest import Manifest, Recipe
from index.searching import Searchable
from index.storage import Store


class Verified(NamedTuple):
    """What came of reading every byte of a generation.

    Attributes:
        files: how many it has.
        damaged: those that are not what was put there.
    """

    files: int
    damaged: tuple[str, ...]


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
        folder = self._folder(name)
        manifest = Manifest.read(folder)
        check_sizes(folder, manifest)
        return manifest.recipe

    def open(self, name: str, check: Check = check_quickly) -> Searchable:
        """Open a generation: see ``Generation.open``."""
        from index.generation import Generation  # with FAISS, which a damaged index needs not

        return Generation.open(self._folder(name), check)

    def verify(self, name: str) -> Verified:
        """Compare every file with its checksum."""
        folder = self._folder(name)
        manifest = Manifest.read(folder)
        return Verified(len(manifest.files), tuple(map(str, damaged_files(folder, manifest))))

    def go_back(self, name: str | None = None) -> str:
        """Make a generation current that is kept: see ``Store.go_back``."""
        return self.store.go_back(name).name

    def _folder(self, name: str) -> Path:
        return self.store.folder / "generations" / name
