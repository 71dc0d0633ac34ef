"""Writes the numbers of headings and list items that an OpenDocument text leaves to programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from documents.formats.open_document import OpenDocument, name_of

_NAME, _LEVEL, _FORMAT = name_of("style", "name"), name_of("text", "level"), "num-format"
_STYLES = frozenset({name_of("text", "list-style"), name_of("text", "outline-style")})
_OUTLINE = name_of("text", "outline-style")
_BULLET = "list-level-style-bullet"
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 3999
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered; a bullet has no form.

    Attributes:
        form: ``1``, ``a``, ``A``, ``i``, ``I``, or ``""``.
        before: what stands before the number.
        after: what stands after it.
        shown: how many levels are written: 2 for ``3.1``.
        start: the first number.
    """

    form: str = ""
    before: str = ""
    after: str = ""
    shown: int = 1
    start: int = 1


Levels = Mapping[int, Level]


class Counter:
    """Counts the items of one list, level by level, from 1."""

    def __init__(self, levels: Levels) -> None:
        """Start before the first item."""
        self._levels = levels
        self._reached: dict[int, int] = {}

    def next(self, level: int, start: int | None = None) -> str:
        """Count an item, and return its mark: ``3.1 ``, ``- `` of a bullet, or ``""``.

        Args:
            level: of the item, from 1.
            start: the number that it is given, instead of the next one.
        """
        known = self._levels.get(level)
        if known is None:
            return ""
        self._reached = {at: n for at, n in self._reached.items() if at <= level}
        before = self._reached.get(level, known.start - 1)
        self._reached[level] = before + 1 if start is None else start
        return self._mark(level, known) if known.form else "- "

    def _mark(self, level: int, known: Level) -> str:
        shown = range(max(1, level - known.shown + 1), level + 1)
        parts = [self._part(at) for at in shown if (found := self._levels.get(at)) and found.form]
        return f"{known.before}{'.'.join(parts)}{known.after} "

    def _part(self, level: int) -> str:
        known = self._levels[level]
        return written(self._reached.get(level, known.start), known.form)


def list_styles(file: OpenDocument) -> dict[str, Levels]:
    """Return the levels of each list style; those of headings under ``""``."""
    roots = [root for root in (file.styles, file.content) if root is not None]
    found: dict[str, Levels] = {}
    for root in roots:
        for style in root.iter(*_STYLES):
            name = "" if style.tag == _OUTLINE else style.get(_NAME, "")
            found[name] = {number(e, _LEVEL) or 1: _level(e) for e in style if e.get(_LEVEL)}
    found[""] = {at: level for at, level in found.get("", {}).items() if level.form}
    return found


def _level(element: etree._Element) -> Level:
    if str(element.tag).endswith(_BULLET):
        return Level()
    return Level(
        form=element.get(name_of("style", _FORMAT), ""),
        before=element.get(name_of("style", "num-prefix"), ""),
        after=element.get(name_of("style", "num-suffix"), ""),
        shown=number(element, name_of("text", "display-levels")) or 1,
        start=number(element, name_of("text", "start-value")) or 1,
    )


def number(element: etree._Element, attribute: str) -> int | None:
    """Return a small number of an attribute, or None if it has none."""
    value = element.get(attribute, "")
    return int(value) if value.isdecimal() and len(value) <= len(str(_MOST)) else None


def written(value: int, form: str) -> str:
    """Return a number as ``1``, ``a``, ``A``, ``i`` or ``I`` has it."""
    text = str(value)
    if form.lower() == "a" and value > 0:
        turns, at = divmod(value - 1, _LETTERS)
        text = chr(ord("a") + at) * (min(turns, _LETTERS) + 1)
    elif form.lower() == "i" and 0 < value <= _MOST:
        text = _roman(value)
    return text.upper() if form.isupper() else text


def _roman(value: int) -> str:
    signs = []
    for worth, sign in _ROMAN:
        signs.append(sign * (value // worth))
        value %= worth
    return "".join(signs)
