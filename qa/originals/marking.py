"""Where quotes are seen on the pages of PDFs, for every way to ask: HTTP, MCP, the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from documents.types import Document
from index.search.searchable import Searchable
from qa.errors import NoOriginal
from qa.originals.files import Originals
from qa.originals.sheets import Sheets
from qa.settings import Settings
from qa.wire.schemas import AnswerOut, PassageOut, RectangleOut


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pages of originals as they are seen.

    Attributes:
        originals: the files.
        sheets: draws their pages.
    """

    originals: Originals = field(default_factory=Originals)
    sheets: Sheets = field(default_factory=Sheets)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the pictures of an index."""
        return cls(Originals(settings))

    def marked(self, answer: AnswerOut, generation: Searchable) -> AnswerOut:
        """Return an answer whose citations tell where their marked sentences are seen.

        Args:
            answer: as it goes over the wire.
            generation: has the documents that are cited.

        Raises:
            Overloaded: too many pages are being drawn.
        """
        passages = [self._marked(passage, generation) for passage in answer.passages]
        return answer.model_copy(update={"passages": passages})

    def _marked(self, passage: PassageOut, generation: Searchable) -> PassageOut:
        cited, first = passage.citation, passage.highlights[0]
        document = generation.documents.get(cited.document_id)
        span = (cited.start + first.start, cited.start + first.end)
        is_same = document is not None and document.sha256 == cited.sha256  # as it was answered
        found = self.rectangles(document, generation, *span) if document and is_same else []
        update = {"citation": cited.model_copy(update={"rectangles": found})}
        return passage.model_copy(update=update)

    def rectangles(
        self, document: Document, generation: Searchable, start: int, end: int
    ) -> list[RectangleOut]:
        """Return where a range of a document is seen on the page that it starts on, a line each.

        None where that is not sure, or its original is no PDF or not there.

        Args:
            document: of the generation.
            generation: says which files are followed.
            start: of the range, in code points.
            end: of the range, exclusive.

        Raises:
            Overloaded: too many pages are being drawn.
        """
        from documents.formats.pdf.sheets import find_words

        page, file = document.page_of(start), self.pdf(document, generation)
        if page is None or file is None:
            return []
        ends = document.pages[page] if page < len(document.pages) else end
        try:
            sheet = self.sheets.sheet(file, page)
        except NoOriginal:
            return []
        return list(map(RectangleOut.of, find_words(sheet, document.text[start : min(end, ends)])))

    def pdf(self, document: Document, generation: Searchable) -> Path | None:
        """Return the PDF that a document was read from, where it can be shown."""
        is_pdf = document.origin is not None and document.origin.path.lower().endswith(".pdf")
        return self.originals.find(document, generation) if is_pdf and document.pages else None
