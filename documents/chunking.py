"""Documents become passages; pure, and the tokeniser is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from documents.lines import stripped
from documents.parts import Unit, parts, tokens_of
from documents.sentences import sentences
from documents.types import Document, Passage, Section, Span

CountTokens = Callable[[list[str]], list[int]]
"""How many tokens the encoder makes of each text."""


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How passages are cut.

    Attributes:
        budget: the most tokens in a passage.
        overlap: how many sentences neighbouring parts of one paragraph share.
    """

    budget: int = 256
    overlap: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that no passage can keep to."""
        if self.budget < 1 or self.overlap < 0:
            raise ValueError(f"{self}: budget must be at least 1, overlap at least 0")

    @property
    def merged(self) -> int:
        """The most tokens in a passage of several short paragraphs: a third of the budget."""
        return self.budget // 3


def chunk(document: Document, count_tokens: CountTokens, settings: ChunkSettings) -> list[Passage]:
    """Cut a document into passages, in the order of its text, each within one section.

    A paragraph within the budget is one passage. Short neighbours are joined; so is a short
    paragraph that ends in ``:`` or ``?`` with the one it introduces. A longer paragraph is cut
    between sentences into as few parts as the budget allows, as even as possible; a sentence
    over the budget is halved at white space until it fits, a word over the budget anywhere.
    Only a single character is never cut. Paragraphs of two pages are never joined.

    Args:
        document: what is cut.
        count_tokens: the tokens of each text. A passage is taken to have at most the sum of its
            sentences' tokens, and one for each character of white space between them.
        settings: the budget in tokens, and the overlap in sentences.
    """
    cutter = _Cutter(document, count_tokens, settings)
    paragraphs = cutter.measure(p for section in document.sections for p in section.paragraphs)
    tokens = {paragraph.span: paragraph for paragraph in paragraphs}
    return [
        _passage(document, section, span)
        for section in document.sections
        for unit in cutter.join(tokens[p] for p in section.paragraphs)
        for span in cutter.cut(unit)
    ]


def _passage(document: Document, section: Section, span: Span) -> Passage:
    start, end = span
    return Passage(
        id=f"{document.id}#{start}-{end}",
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        section=section.path,
        language=document.language,
    )


@dataclass(frozen=True, slots=True)
class _Cutter:
    document: Document
    count_tokens: CountTokens
    settings: ChunkSettings

    def measure(self, spans: Iterable[Span]) -> list[Unit]:
        found = list(spans)
        if not found:
            return []
        counts = self.count_tokens([self.document.text[slice(*span)] for span in found])
        return [Unit(span, max(1, tokens)) for span, tokens in zip(found, counts, strict=True)]

    def join(self, paragraphs: Iterable[Unit]) -> list[Unit]:
        joined: list[Unit] = []
        for paragraph in paragraphs:
            if joined and self._may_join(joined[-1], paragraph):
                pair = [joined.pop(), paragraph]
                paragraph = Unit(Span(pair[0].span.start, paragraph.span.end), tokens_of(pair))
            joined.append(paragraph)
        return joined

    def _may_join(self, first: Unit, second: Unit) -> bool:
        text, most = self.document.text, self.settings.merged
        if self.document.page_of(first.span.start) != self.document.page_of(second.span.start):
            return False
        # Something else may stand between two paragraphs: a caption, a picture, a rule.
        if text[first.span.end : second.span.start].strip():
            return False
        introduces = text[first.span.end - 1] in ":?" and first.tokens <= most
        return tokens_of([first, second]) <= (self.settings.budget if introduces else most)

    def cut(self, unit: Unit) -> list[Span]:
        if unit.tokens <= self.settings.budget:
            return [unit.span]
        return parts(self._sentences(unit.span), self.settings.budget, self.settings.overlap)

    def _sentences(self, paragraph: Span) -> list[Unit]:
        start, end = paragraph
        found = sentences(self.document.text[start:end], self.document.language)
        units = self.measure(Span(start + s.start, start + s.end) for s in found)
        while any(self._exceeds(unit) for unit in units):
            units = self._halved(units)
        return units

    def _exceeds(self, unit: Unit) -> bool:
        return unit.tokens > self.settings.budget and unit.span.end - unit.span.start > 1

    def _halved(self, units: list[Unit]) -> list[Unit]:
        over = [unit.span for unit in units if self._exceeds(unit)]
        pairs = (half for span in over for half in _halves(self.document.text, span))
        kept = [unit for unit in units if not self._exceeds(unit)]
        return sorted(kept + self.measure(pairs), key=lambda unit: unit.span)


def _halves(text: str, span: Span) -> tuple[Span, Span]:
    """Cut at the white space nearest to the middle, or in the middle if there is none."""
    middle = (span.start + span.end) // 2
    before = next((at for at in range(middle, span.start, -1) if text[at].isspace()), None)
    after = next((at for at in range(middle, span.end) if text[at].isspace()), None)
    spaces = [at for at in (before, after) if at is not None]
    cut = min(spaces, key=lambda at: abs(at - middle), default=middle)
    return stripped(text, span.start, cut), stripped(text, cut, span.end)
