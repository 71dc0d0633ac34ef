"""What differs between the documents that are indexed and those that are to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from documents.types import Document


@dataclass(frozen=True, slots=True)
class Changes:
    """Identifiers of documents, in their order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]

    @classmethod
    def between(cls, before: Mapping[str, Document], after: Sequence[Document]) -> Self:
        """Compare documents: their texts, and all that is known of them."""
        names = {document.id for document in after}
        return cls(
            added=tuple(d.id for d in after if d.id not in before),
            changed=tuple(d.id for d in after if d.id in before and d != before[d.id]),
            removed=tuple(name for name in before if name not in names),
            unchanged=tuple(d.id for d in after if d == before.get(d.id)),
        )
