"""A citation to write in every form."""

from __future__ import annotations

from typing import Any

from documents.types import Document, checksum
from qa.citing.reference import Reference
from qa.wire.schemas import CitationOut

SITE = "https://qa.example"
TEXT = "Un\n\nLe chat.\nIl dort."
URL = (
    f"{SITE}/documents/notes/a_b?c=4-21&v={checksum(TEXT)[:12]}&q=14.{checksum('Lechat.Ildort.')[:12]}"
    "&t=Le+chat.+Il+dort.#c=4-21"
)
PROPERTIES = {
    "author": ("Dupont, Zoé", "R & D"), "publisher": ("Mila",), "date": ("2025-01-31",),
}  # fmt: skip


def citation(**changes: Any) -> CitationOut:
    """Return a citation with some of its fields changed."""
    fields = {
        "document_id": "notes/a_b", "title": "Le titre", "section": ["Un", "Deux"],
        "start": 4, "end": 21, "quote": "Le chat.\nIl dort.", "sha256": checksum(TEXT),
        "page": None, "url": URL.removeprefix(SITE),
    }  # fmt: skip
    return CitationOut.model_validate({**fields, **changes})


def reference(
    language: str = "en", known: dict[str, tuple[str, ...]] | None = None, **changes: Any
) -> Reference:
    """Return what is cited of a document with these properties, by a citation changed like this."""
    properties = tuple(sorted((known or {}).items()))
    document = Document(
        "notes/a_b", "Le titre", "fr", TEXT, (), None, checksum(TEXT), properties=properties
    )
    return Reference.of(citation(**changes), document, SITE, language)
