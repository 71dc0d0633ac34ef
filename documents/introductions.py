"""Finds what introduces a paragraph: the line before its list, the header of its table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from documents.lines import is_closed, item_marker
from documents.types import Section, Span

_MAX_LENGTH = 300
"""Code points of the longest paragraph that introduces a list; a longer one says more than that."""

_MAX_OPEN = 120
"""Code points of the longest line that introduces a list without a colon."""

_MAX_OPENED = 3
"""The most lines that introduce one paragraph, the nearest ones."""


class Introduced(NamedTuple):
    """A paragraph, and where the paragraphs and captions stand that introduce it."""

    paragraph: Span
    leads: tuple[Span, ...]


class _Opened(NamedTuple):
    """A line that ends in a colon: how far it is indented, and whether it is itself an item."""

    span: Span
    indent: int
    is_item: bool


def introduced(text: str, section: Section) -> list[Introduced]:
    """Return a section's paragraphs in order, each with what introduces it.

    A paragraph that ends in a colon introduces the items and the table that follow it at once, and
    so does a short line without any end, such as « Matériel »; an item that ends in a colon, the
    items further indented.

    Args:
        text: the document's.
        section: of the document.
    """
    return list(_walk(text, section))


def _walk(text: str, section: Section) -> Iterator[Introduced]:
    rows = {lead for leads in section.leads for lead in leads}
    opened: list[_Opened] = []
    leads = _table_leads(section)
    belongings = [
        bool(item_marker(_line(text, span))) or bool(led) or span in rows
        for span, led in zip(section.paragraphs, leads, strict=True)
    ]
    following = [*belongings[1:], False]
    for span, led, belongs, next_belongs in zip(
        section.paragraphs, leads, belongings, following, strict=True
    ):
        line = _line(text, span)
        is_item, indent = bool(item_marker(line)), len(line) - len(line.lstrip())
        opened = [o for o in opened if _reaches(o, indent, belongs=belongs)]
        yield Introduced(span, (*(o.span for o in opened), *led))
        heads = next_belongs and not belongs and _is_heading_like(text[slice(*span)])
        if heads or (text[span.end - 1] == ":" and span.end - span.start <= _MAX_LENGTH):
            opened = [*opened, _Opened(span, indent, is_item)][-_MAX_OPENED:]


def _is_heading_like(words: str) -> bool:
    return len(words) <= _MAX_OPEN and not is_closed(words) and "\n" not in words


def _table_leads(section: Section) -> tuple[tuple[Span, ...], ...]:
    return section.leads or ((),) * len(section.paragraphs)


def _reaches(opened: _Opened, indent: int, *, belongs: bool) -> bool:
    return opened.indent < indent or (belongs and not opened.is_item and opened.indent == indent)


def _line(text: str, span: Span) -> str:
    """Return the paragraph's first words with the white space before them on their line."""
    start = span.start
    while start and text[start - 1] in " \t\xa0":
        start -= 1
    return text[start : span.start + 8]
