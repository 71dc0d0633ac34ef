"""What a citation says of its source, the same in every form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from documents.properties import date_of
from documents.types import Document
from qa.wire.schemas import CitationOut

_PAGE: Final = {"fr": "p.\u00a0{}", "en": "p.\u00a0{}"}
_CHARACTERS: Final = {"fr": "caractères {}–{}", "en": "characters {}–{}"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A quote and its source.

    Attributes:
        key: names the quote in a bibliography; ASCII letters, digits and hyphens.
        title: the document's.
        authors: in order; none if the document names none.
        publisher: empty if the document names none.
        date: of publication: ``2025``, ``2025-01`` or ``2025-01-31``; empty if it is not known.
        language: the document's, ``fr`` or ``en``; empty if it is not known.
        page: of the quote; None if the document has no pages.
        where: section, page and characters, for people.
        quote: the exact text.
        sha256: of the document's text in UTF-8, in hexadecimal.
        url: the permanent link.
    """

    key: str
    title: str
    authors: tuple[str, ...]
    publisher: str
    date: str
    language: str
    page: int | None
    where: str
    quote: str
    sha256: str
    url: str

    @classmethod
    def of(cls, citation: CitationOut, document: Document | None, site: str, language: str) -> Self:
        """Gather what is known of a citation.

        Args:
            citation: what is cited.
            document: its document; None if only the citation is known.
            site: the address of the service, without a slash at its end.
            language: of the words about the place, ``fr`` or ``en``.
        """
        known = dict(document.properties) if document else {}
        return cls(
            key=_key(citation),
            title=citation.title,
            authors=known.get("author", ()),
            publisher=", ".join(known.get("publisher", ())),
            date=_date(known),
            language=document.language if document and document.language != "und" else "",
            page=citation.page,
            where=", ".join(_where(citation, language)),
            quote=citation.quote,
            sha256=citation.sha256,
            url=site + citation.url,
        )

    @property
    def year(self) -> str:
        """The year of publication; empty if it is not known."""
        return self.date[:4]


def _key(citation: CitationOut) -> str:
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", citation.document_id)
    return f"{plain}-{citation.start}-{citation.end}"


def _date(known: dict[str, tuple[str, ...]]) -> str:
    written = (*known.get("date", ()), *known.get("year", ()))
    return next(filter(None, map(date_of, written)), "")


def _where(citation: CitationOut, language: str) -> list[str]:
    section = " › ".join(citation.section)
    return [
        *([section] if section else []),
        *([_PAGE[language].format(citation.page)] if citation.page else []),
        _CHARACTERS[language].format(citation.start, citation.end),
    ]
