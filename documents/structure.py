"""Blocks in reading order become a title and sections, each under its headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from documents.types import Section, Span

_NEAR = 0.9
_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph, as a format's parser found it; captions are not blocks.

    Attributes:
        span: where it stands, without white space at its ends.
        level: of a heading, how deep it is, lower is outer;
            of a paragraph, the deepest heading level that it can stand under.
        heading: its text without markup, or None for a paragraph.
    """

    span: Span
    level: int
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text is made of; ``title`` is the text's own, or None if it has none."""

    title: str | None
    sections: tuple[Section, ...]


def outline(blocks: Sequence[Block], given_title: str | None = None) -> Outline:
    """Arrange blocks under their headings, the title's own heading left out of every path.

    A text of headings alone is a text of paragraphs: its words stay searchable.
    """
    if all(block.heading is not None for block in blocks):
        return Outline(None, _sections([Block(block.span, 0) for block in blocks]))
    title = _title(blocks, given_title)
    rest = [block for block in blocks if block is not title]
    return Outline(title.heading if title else None, _sections(rest))


def is_near(left: str, right: str) -> bool:
    """Tell whether two titles say the same, whatever their apostrophes, case and accents."""
    first, second = _bare(left), _bare(right)
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _NEAR


def _bare(title: str) -> str:
    decomposed = unicodedata.normalize("NFKD", title[:_COMPARED]).casefold()
    return re.sub(r"[\W_]", "", decomposed)


def _title(blocks: Sequence[Block], given: str | None) -> Block | None:
    headings = [block for block in blocks if block.heading is not None]
    if not headings:
        return None
    first = headings[0]
    if given is not None and first.heading is not None and is_near(first.heading, given):
        return first
    if first is not blocks[0] or any(other.level <= first.level for other in headings[1:]):
        return None
    return first if given is None or len(headings) > 1 else None


def _sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    above: list[Block] = []
    found: list[tuple[tuple[str, ...], list[Span]]] = []
    for block in blocks:
        above = [b for b in above if b.level < block.level + (block.heading is None)]
        if block.heading is not None:
            above.append(block)
            continue
        path = tuple(b.heading for b in above if b.heading)
        if not found or found[-1][0] != path:
            found.append((path, []))
        found[-1][1].append(block.span)
    return tuple(Section(path, tuple(spans)) for path, spans in found)
