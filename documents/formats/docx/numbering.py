"""Counts numbered paragraphs as Word does: nothing in a paragraph says which number it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from documents.formats.docx.names import FALLBACK, VAL, is_on, number, setting, w
from documents.formats.docx.number_formats import written
from documents.formats.docx.styles import Style, Styles

_LEVELS = 9
_MAX_LABEL = 100
"""Code points of the longest label: no document means a longer one."""
_PLACE = re.compile(r"%([1-9])")
_OFF = "0"
_START, _FORM, _TEXT, _RESTART = map(w, ("start", "numFmt", "lvlText", "lvlRestart"))
_LEGAL, _STYLE, _STYLE_LINK = map(w, ("isLgl", "pStyle", "numStyleLink"))
_OWN = w("pPr/numPr")
_AT, _ID, _ABSTRACT = map(w, ("ilvl", "numId", "abstractNumId"))


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a numbered paragraph.

    Attributes:
        words: ``Article 3``, ``3.2``, ``c)``; empty for a bullet.
        bullet: whether it is a bullet.
    """

    words: str = ""
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    legal: bool
    restart: int
    """The level, from 0, is counted anew below a paragraph of a level lower than this number."""
    style: str | None


@dataclass(frozen=True, slots=True)
class _List:
    """One list: several share the count of the definition that they are made from."""

    definition: str
    levels: dict[int, _Level]
    restarts: dict[int, int]


@dataclass(slots=True)
class _Count:
    """How far a definition has counted, by level, and which of its lists have begun."""

    reached: dict[int, int] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, root: etree._Element | None, styles: Styles, *, french: bool) -> None:
        """Read the definitions.

        Args:
            root: of the part that has them, if there is one.
            styles: those of the document; some lists are defined by one.
            french: ordinals are French, else English.
        """
        definitions = [] if root is None else root.findall(w("abstractNum"))
        self._definitions = {e.get(_ABSTRACT, ""): e for e in definitions}
        self._numbers = {} if root is None else {e.get(_ID): e for e in root.findall(w("num"))}
        self._styles, self._french = styles, french
        self._counts: dict[str, _Count] = {}
        self._list = cache(self._read)

    def label(self, paragraph: etree._Element, style: Style) -> Label | None:
        """Count a paragraph, and return what stands before it: None if it is in no list."""
        own = paragraph.find(_OWN)
        numbers, level = setting(own, _ID), number(setting(own, _AT))
        inherited = numbers is None
        numbers = style.numbers if inherited else numbers
        found = None if numbers in {None, _OFF} else self._list(numbers)
        if found is None or numbers is None:
            return None
        if level is None:
            level = _level_of(style, found) if inherited else 0
        return self._next(numbers, found, min(level, _LEVELS - 1))

    def _next(self, numbers: str, found: _List, at: int) -> Label | None:
        count = self._counts.setdefault(found.definition, _Count())
        level = found.levels.get(at)
        if level is None:
            return None
        self._restart(count, numbers, found, at)
        for higher, other in found.levels.items():
            if higher < at:
                # A level that was passed over counts as one that was there.
                count.reached.setdefault(higher, other.start)
        count.reached[at] = count.reached.get(at, level.start - 1) + 1
        for deeper, other in found.levels.items():
            if deeper > at and at < other.restart:
                count.reached.pop(deeper, None)
        if level.form == "bullet":
            return Label(bullet=True)
        words = _PLACE.sub(lambda place: self._number(place, found, level, count), level.text)
        return Label(words[:_MAX_LABEL])

    def _restart(self, count: _Count, numbers: str, found: _List, at: int) -> None:
        if at in found.restarts and (numbers, at) not in count.begun:
            count.reached[at] = found.restarts[at] - 1
        count.begun.add((numbers, at))

    def _number(self, place: re.Match[str], found: _List, shown: _Level, count: _Count) -> str:
        at = int(place[1]) - 1
        level = found.levels.get(at)
        if level is None:
            return ""
        form = "decimal" if shown.legal and level.form != "none" else level.form
        return written(count.reached.get(at, level.start), form, french=self._french)

    def _read(self, numbers: str) -> _List | None:
        element = self._numbers.get(numbers)
        name = setting(element, _ABSTRACT)
        definition = self._definition(name)
        if element is None or name is None or definition is None:
            return None
        overrides = element.findall(w("lvlOverride"))
        elements = {_at(e): e for e in definition.findall(w("lvl"))}
        elements |= {_at(o): e for o in overrides if (e := o.find(w("lvl"))) is not None}
        restarts = {_at(o): number(setting(o, w("startOverride"))) for o in overrides}
        return _List(
            definition.get(_ABSTRACT, ""),
            {at: _level(at, e) for at, e in sorted(elements.items()) if at < _LEVELS},
            {at: start for at, start in restarts.items() if start is not None},
        )

    def _definition(self, name: str | None) -> etree._Element | None:
        """Return the definition; one may stand in a style, which names the list that has it."""
        found = self._definitions.get(name or "")
        style = setting(found, _STYLE_LINK)
        if style is None:
            return found
        element = self._numbers.get(self._styles.get(style).numbers)
        return self._definitions.get(setting(element, _ABSTRACT) or "", found)


def _at(element: etree._Element) -> int:
    value = number(element.get(_AT))
    return _LEVELS if value is None else value


def _level(at: int, element: etree._Element) -> _Level:
    start, restart = (number(setting(element, path)) for path in (_START, _RESTART))
    forms = (f for f in element.iter(_FORM) if next(f.iterancestors(FALLBACK), None) is None)
    form = next(forms, None)
    named = "decimal" if form is None else form.get(VAL, "decimal")
    return _Level(
        start=1 if start is None else start,
        form=form.get(w("format"), "") if form is not None and named == "custom" else named,
        text=(setting(element, _TEXT) or "")[:_MAX_LABEL],
        legal=is_on(element.find(_LEGAL)),
        restart=at if restart is None else restart,
        style=setting(element, _STYLE),
    )


def _level_of(style: Style, found: _List) -> int:
    """Return the level that a style is for: the list says so, else the style, else the first."""
    by_style = {level.style: at for at, level in found.levels.items() if level.style}
    named = next((by_style[name] for name in style.ids if name in by_style), None)
    return named if named is not None else style.level or 0
