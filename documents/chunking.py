"""Cuts documents into passages. It reads no file; the caller brings the tokeniser."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from documents.introductions import Introduced, introduced
from documents.lines import stripped
from documents.types import Document, Passage, Span, context_of
from documents.wording.sentences import sentences

CountTokens = Callable[[list[str]], list[int]]
"""Returns the number of tokens that the encoder makes of each text."""


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
        """Refuse a budget below 1 token and a negative overlap."""
        if self.budget < 1 or self.overlap < 0:
            raise ValueError(f"{self}: budget must be at least 1, overlap at least 0")

    @property
    def merge_budget(self) -> int:
        """The most tokens that short paragraphs may have when joined: a third of the budget."""
        return self.budget // 3


def chunk(document: Document, count_tokens: CountTokens, settings: ChunkSettings) -> list[Passage]:
    """Cut a document into passages, in the order of its text, each within one section.

    A paragraph within the budget is one passage. Short neighbours are joined; so is a short
    paragraph that ends in ``:`` or ``?`` with the one it introduces, and a header row with the row
    below it; the line before a list is never joined with a list above it. A longer paragraph is
    cut between sentences into as few parts as the budget allows, as even as possible; a sentence
    over the budget is halved at white space until it fits, a word over the budget anywhere. Only a
    single character is never cut. Paragraphs of two pages are never joined. What introduces a list
    or a table stays with its passages as their leads.

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
        _passage(document, section.path, span, _leads(span, introductions))
        for section in document.sections
        for introductions in [introduced(document.text, section)]
        for unit in cutter.join([tokens[p] for p in section.paragraphs], introductions)
        for span in cutter.cut(unit)
    ]


def _leads(span: Span, introductions: Sequence[Introduced]) -> tuple[Span, ...]:
    """Return what introduces a passage's paragraphs and is not in the passage, in order."""
    first = bisect_right(introductions, span.start, key=lambda i: i.paragraph.end)
    found: set[Span] = set()
    for at in range(first, len(introductions)):
        if introductions[at].paragraph.start >= span.end:
            break
        found.update(introductions[at].leads)
    return tuple(lead for lead in sorted(found) if lead.end <= span.start or span.end <= lead.start)


def _is_end_of(header: Span, span: Span, text: str) -> bool:
    """Tell whether a range ends in a header row, or in the ruler below it in Markdown."""
    if not span.start <= header.start < header.end <= span.end:
        return False
    return not text[header.end : span.end].strip(">|:- \t\r\n")


def _passage(
    document: Document, section: tuple[str, ...], span: Span, leads: tuple[Span, ...]
) -> Passage:
    start, end = span
    return Passage(
        id=f"{document.id}#{start}-{end}",
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        section=section,
        language=document.language,
        leads=leads,
        context=context_of(document, section, leads),
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

    def join(self, paragraphs: Sequence[Unit], introductions: Sequence[Introduced]) -> list[Unit]:
        joined: list[Unit] = []
        opening = {lead for introduction in introductions for lead in introduction.leads}
        before: tuple[Span, ...] = ()
        for paragraph, introduction in zip(paragraphs, introductions, strict=True):
            leads = introduction.leads
            is_next_list = bool(before) and not leads and paragraph.span in opening
            before = leads
            if joined and not is_next_list and self._may_join(joined[-1], paragraph, leads):
                pair = [joined.pop(), paragraph]
                paragraph = Unit(Span(pair[0].span.start, paragraph.span.end), tokens_of(pair))
            joined.append(paragraph)
        return joined

    def _may_join(self, first: Unit, second: Unit, leads: Sequence[Span]) -> bool:
        text, most = self.document.text, self.settings.merge_budget
        if self.document.page_of(first.span.start) != self.document.page_of(second.span.start):
            return False
        # A caption or an HTML block may stand between them, and a passage is one slice of the text.
        if text[first.span.end : second.span.start].strip():
            return False
        heads = any(_is_end_of(lead, first.span, text) for lead in leads)
        introduces = (heads or text[first.span.end - 1] in ":?") and first.tokens <= most
        return tokens_of([first, second]) <= (self.settings.budget if introduces else most)

    def cut(self, unit: Unit) -> list[Span]:
        if unit.tokens <= self.settings.budget:
            return [unit.span]
        return partition(self._sentences(unit.span), self.settings.budget, self.settings.overlap)

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


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text that is not cut, such as a sentence, and the most tokens it can have."""

    span: Span
    tokens: int


def tokens_of(units: Sequence[Unit]) -> int:
    """Return the most tokens that the text from the first unit to the last can have.

    White space between two units counts as one token a character, which it never exceeds.
    """
    length = units[-1].span.end - units[0].span.start
    between = length - sum(unit.span.end - unit.span.start for unit in units)
    return sum(unit.tokens for unit in units) + between


def partition(units: Sequence[Unit], budget: int, overlap: int) -> list[Span]:
    """Return the parts in order: as few as possible, then with the least sum of squared tokens.

    Args:
        units: in order, without overlap; one that alone exceeds the budget is a part by itself.
        budget: the most tokens in a part.
        overlap: how many units at the end of a part the next one starts with, budget allowing.
    """
    starts = _even_starts(units, budget)
    found, earlier = [], -1
    for start, end in zip(starts, [*starts[1:], len(units)], strict=True):
        # A part starts after the start of the one before, or it would hold all of that one.
        least = max(earlier + 1, start - overlap)
        earlier = next(
            s for s in range(least, start + 1) if s == start or _fits(units[s:end], budget)
        )
        found.append(Span(units[earlier].span.start, units[end - 1].span.end))
    return found


def _fits(units: Sequence[Unit], budget: int) -> bool:
    return tokens_of(units) <= budget


def _even_starts(units: Sequence[Unit], budget: int) -> list[int]:
    best = [(0, 0, 0)]
    for end in range(1, len(units) + 1):
        best.append(min(_last_part_choices(units, end, budget, best)))
    starts, end = [], len(units)
    while end:
        end = best[end][2]
        starts.append(end)
    return starts[::-1]


def _last_part_choices(
    units: Sequence[Unit], end: int, budget: int, best: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, int, int]]:
    """Yield (number of parts, sum of squares, start of the last part) of the units up to end."""
    tokens, following = 0, units[end - 1].span.end
    for start in range(end - 1, -1, -1):
        tokens += units[start].tokens + following - units[start].span.end
        following = units[start].span.start
        if tokens > budget and start < end - 1:
            return
        number, squares, _ = best[start]
        yield number + 1, squares + tokens**2, start
