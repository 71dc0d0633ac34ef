"""Says what paragraphs and runs inherit from their styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lxml import etree

from documents.formats.docx.names import is_on, number, setting, w

_HEADING = re.compile(r"heading ([1-9])")
_OUTLINE, _NUMBER, _LEVEL = map(w, ("pPr/outlineLvl", "pPr/numPr/numId", "pPr/numPr/ilvl"))
_HIDDEN, _FONTS, _BOLD = map(w, ("rPr/vanish", "rPr/rFonts", "rPr/b"))
ALIGNMENT = w("pPr/jc")
_ID, _TYPE, _DEFAULT, _FONT = map(w, ("styleId", "type", "default", "ascii"))
_BASE, _NAME = w("basedOn"), w("name")
_MAX_DEPTH = 9
_MAX_BASES = 20
"""Styles based on each other that are looked at; Word itself allows fewer."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style, with what it inherits.

    Attributes:
        ids: its identifier, and those of the styles that it is based on, nearest first.
        names: their names, in lower case.
        depth: of a heading, from 1 (outermost) to 9; 0 for a document's title; else None.
        hidden: whether its text is hidden.
        numbers: the identifier of its numbering; ``"0"`` switches numbering off.
        level: its level in that numbering, from 0, where it says so.
        font: the font of its letters, in lower case, where it names one.
        bold: whether its letters are bold.
        centred: whether its lines stand in the middle.
    """

    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    depth: int | None = None
    hidden: bool = False
    numbers: str | None = None
    level: int | None = None
    font: str | None = None
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class _Own:
    """What a style itself says: see ``Style``; None where it says nothing."""

    id: str
    base: str | None
    name: str
    depth: int | None
    hidden: bool | None
    numbers: str | None
    level: int | None
    font: str | None
    bold: bool | None
    alignment: str | None


class Styles:
    """The styles of a document, by their identifiers."""

    def __init__(self, root: etree._Element | None) -> None:
        """Read them, of the root of the part that lists them, if there is one."""
        listed = [] if root is None else root.findall(w("style"))
        self._elements = {e.get(_ID, ""): e for e in listed}
        self._usual = next((e.get(_ID) for e in listed if _is_usual(e)), None)
        self.get, self._own = cache(self._get), cache(self._read)

    def paragraph(self, named: str | None) -> Style:
        """Return the style of a paragraph that names it, or names none."""
        return self.get(named if named in self._elements else self._usual)

    def _get(self, named: str | None) -> Style:
        chain = [self._own(name) for name in self._chain(named)]
        names = tuple(own.name for own in chain)
        return Style(
            ids=tuple(own.id for own in chain),
            names=names,
            depth=_shallow(next((own.depth for own in chain if own.depth is not None), None)),
            hidden=next((own.hidden for own in chain if own.hidden is not None), False),
            numbers=next((own.numbers for own in chain if own.numbers is not None), None),
            level=next((own.level for own in chain if own.level is not None), None),
            font=next((own.font for own in chain if own.font is not None), None),
            bold=next((own.bold for own in chain if own.bold is not None), False),
            centred=next((own.alignment for own in chain if own.alignment), "") == "center",
        )

    def _chain(self, named: str | None) -> Iterator[str]:
        seen: set[str] = set()
        while named is not None and named in self._elements and named not in seen:
            if len(seen) == _MAX_BASES:
                return
            seen.add(named)
            yield named
            named = self._own(named).base

    def _read(self, named: str) -> _Own:
        element = self._elements[named]
        hidden, fonts, bold = element.find(_HIDDEN), element.find(_FONTS), element.find(_BOLD)
        name = (setting(element, _NAME) or "").lower()
        return _Own(
            id=named,
            base=setting(element, _BASE),
            name=name,
            depth=_depth(element, name),
            hidden=None if hidden is None else is_on(hidden),
            numbers=setting(element, _NUMBER),
            level=number(setting(element, _LEVEL)),
            font=None if fonts is None else fonts.get(_FONT),
            bold=None if bold is None else is_on(bold),
            alignment=setting(element, ALIGNMENT),
        )


def _shallow(depth: int | None) -> int | None:
    """Return the depth of a heading; the level after the last is that of other text."""
    return None if depth is None or depth > _MAX_DEPTH else depth


def _is_usual(element: etree._Element) -> bool:
    return element.get(_TYPE) == "paragraph" and element.get(_DEFAULT) in {"1", "true", "on"}


def _depth(element: etree._Element, name: str) -> int | None:
    if name == "title":
        return 0
    if found := _HEADING.fullmatch(name):
        return int(found[1])
    outline = number(setting(element, _OUTLINE))
    return None if outline is None else outline + 1
