"""Finds the file that a document was read from, where the index still follows it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from documents.sources import wants
from documents.types import Document
from index.search.restricted import Restricted
from index.search.searchable import Searchable
from qa.errors import NoOriginal
from qa.indexes.stores import store_of
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Originals:
    """The files of the documents of an index, on this machine.

    Attributes:
        settings: where the index is; None where no files are known.
    """

    settings: Settings | None = None

    def of(self, document: Document, generation: Searchable) -> Path:
        """Return the file of a document, if it still stands where the index follows it.

        Args:
            document: whose file is wanted.
            generation: which holds the document, and says what is followed.

        Raises:
            NoOriginal: it does not.
        """
        found = self.find(document, generation)
        if found is None:
            raise NoOriginal(
                f"the file of {document.id!r} was not kept, or is no longer there: "
                f"/documents/{document.id}/text has its text"
            )
        return found

    def find(self, document: Document, generation: Searchable) -> Path | None:
        """Return the file of a document as ``of`` does, None if it is not there."""
        origin = document.origin
        if origin is None or not origin.root or not self._is_followed(origin.file, generation):
            return None
        real = Path(os.path.realpath(origin.file))
        is_inside = real.is_relative_to(os.path.realpath(origin.root))
        return real if is_inside and real.is_file() else None

    def _is_followed(self, file: Path, generation: Searchable) -> bool:
        if self.settings is None:
            return False
        sources = store_of(self.settings).sources(_whole(generation).id)
        return any(wants(source, file) for source in sources)


def _whole(generation: Searchable) -> Searchable:
    """Return the generation that the store knows: what a key may see of it has another name."""
    return _whole(generation.whole) if isinstance(generation, Restricted) else generation
