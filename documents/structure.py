"""Arranges blocks, in reading order, into a title and sections under their headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from documents.types import Section, Span

MAX_HEADING = 250
"""Code points of the longest heading and of the longest title; what is longer is a paragraph."""
_MIN_SIMILARITY = 0.9
_MAX_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph that a format's parser found. Captions are not blocks.

    Attributes:
        span: its range in the text, without white space at its ends.
        level: of a heading, its depth: the lower, the further out, 0 of a title. Of a paragraph,
            the deepest level of a heading that it can belong to.
        heading: its text without markup, or None for a paragraph.
        leads: of a row of a table, where its caption and its header rows stand.
        question: it reads as a question or a term, and what follows as its answer. A heading of
            this kind is never the document's title.
    """

    span: Span
    level: int
    heading: str | None = None
    leads: tuple[Span, ...] = ()
    question: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """The title that the text itself has, or None, and the sections of the text."""

    title: str | None
    sections: tuple[Section, ...]


def outline(blocks: Sequence[Block], given_title: str | None = None) -> Outline:
    """Arrange blocks under their headings, the title's own heading left out of every path.

    If all blocks are headings, they are taken for paragraphs, so that they can be searched; so
    are headings of more than 250 code points, and those that nothing stands under, unless another
    heading that has a text, or the title, says the same.
    """
    blocks = [_text_if_long(block) for block in blocks]
    if all(block.heading is not None for block in blocks):
        return Outline(None, _sections([Block(block.span, 0) for block in blocks]))
    title = _title(blocks, given_title)
    rest = [block for block in blocks if block is not title]
    own = title.heading if title else None
    return Outline(own, _sections(_bodiless_as_text(rest, [own or "", given_title or ""])))


def _bodiless_as_text(blocks: Sequence[Block], titles: Sequence[str]) -> list[Block]:
    """Make paragraphs of the headings that head nothing: their words are in no passage else."""
    with_body = [heading for section in _sections(blocks) for heading in section.path]
    known = {"", *map(bare, [*titles, *with_body])}
    return list(_from_the_end(blocks, known))[::-1]


def _from_the_end(blocks: Sequence[Block], known: Collection[str]) -> Iterator[Block]:
    after: Block | None = None
    for block in reversed(blocks):
        bodiless = block.heading is not None and not _heads(block, after)
        if bodiless and bare(block.heading or "") in known:
            continue
        # As deep as it was, it stands under the headings that it stood under.
        after = replace(block, heading=None, level=block.level - 1) if bodiless else block
        yield after


def _heads(heading: Block, after: Block | None) -> bool:
    """Tell whether a block is a heading, and the block after it stands under it."""
    if heading.heading is None or after is None:
        return False
    return after.level + (after.heading is None) > heading.level


def _text_if_long(block: Block) -> Block:
    if block.heading is None or len(block.heading) <= MAX_HEADING:
        return block
    return replace(block, heading=None)


def is_near(left: str, right: str) -> bool:
    """Tell whether two titles say the same, whatever their apostrophes, case and accents."""
    first, second = bare(left), bare(right)
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _MIN_SIMILARITY


def bare(title: str) -> str:
    """Return the letters and digits of a title, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", title[:_MAX_COMPARED]).casefold()
    return re.sub(r"[\W_]", "", decomposed)


def _title(blocks: Sequence[Block], given: str | None) -> Block | None:
    headings = [block for block in blocks if block.heading is not None and not block.question]
    if not headings:
        return None
    first = headings[0]
    if given is not None and first.heading is not None and is_near(first.heading, given):
        return first
    # A paragraph that belongs to no heading at all is a margin of the page.
    body = next(block for block in blocks if block.level > 0 or block.heading is not None)
    if first is not body or any(other.level <= first.level for other in headings[1:]):
        return None
    return first if given is None or len(headings) > 1 or first.level == 0 else None


def _sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    above: list[Block] = []
    found: list[tuple[tuple[str, ...], list[Block]]] = []
    for block in blocks:
        above = [b for b in above if b.level < block.level + (block.heading is None)]
        if block.heading is not None:
            above.append(block)
            continue
        path = tuple(b.heading for b in above if b.heading)
        if not found or found[-1][0] != path:
            found.append((path, []))
        found[-1][1].append(block)
    return tuple(_section(path, paragraphs) for path, paragraphs in found)


def _section(path: tuple[str, ...], paragraphs: Sequence[Block]) -> Section:
    spans, leads = tuple(b.span for b in paragraphs), tuple(b.leads for b in paragraphs)
    return Section(path, spans, leads if any(leads) else ())
