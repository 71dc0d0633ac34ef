"""Reads the words of a paragraph, as its page shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from documents.formats.docx.drawings import CHART, DATA, DIAGRAM
from documents.formats.docx.fields import Fields, form_value
from documents.formats.docx.formulas import FORMULA, FORMULAS, linear, raised
from documents.formats.docx.names import (
    ALTERNATIVES,
    CHOICE,
    FALLBACK,
    RELATION,
    RUN,
    TEXT,
    TEXT_BOX,
    is_on,
    setting,
    w,
)
from documents.formats.docx.styles import Style, Styles
from documents.formats.docx.symbols import drawn, symbol

_SIGNS = {
    w("tab"): " ",
    w("ptab"): " ",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "\u2011",
}
_LEFT_OUT = frozenset(
    w(name)
    for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "delText", "delInstrText", "fldData")
) | {FALLBACK}
_ID, _FONT, _CODE, _CUSTOM = map(w, ("id", "font", "char", "customMarkFollows"))
_HIDDEN, _RUN_STYLE, _FONTS = map(w, ("rPr/vanish", "rPr/rStyle", "rPr/rFonts"))
_BOLD, _PROPERTIES = w("rPr/b"), w("rPr")
_ALIGNED = w("rPr/vertAlign")
_POWER = re.compile(r"[+−-]?\d+")
"""Raised digits are another number: ten to the sixth is not 106."""
_ASCII, _STRING = w("ascii"), "string"
_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"


class NoteReference(NamedTuple):
    """Where a note belongs: its kind is ``footnote`` or ``endnote``.

    Its mark is empty if the author typed one, in the text and in the note.
    """

    kind: str
    id: str
    mark: str


@dataclass(slots=True)
class Line:
    """What a paragraph says.

    Attributes:
        text: its words, white space not yet made single.
        notes: the notes that it refers to, in order.
        boxes: the text boxes that hang on it.
        objects: the relations of the files of other programs that it shows.
        drawings: the relations of its charts and of the data of its diagrams.
        hidden: whether some of its words are hidden, which are not in the text.
        comments: how many comments hang on it.
    """

    text: str = ""
    notes: list[NoteReference] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    hidden: bool = False
    comments: int = 0


Mark = Callable[[str], str]
"""Gives the mark of the next note of a kind, ``[1]``."""


class Words:
    """Reads paragraphs of one document."""

    def __init__(self, styles: Styles, mark: Mark, *, page_numbers: bool = True) -> None:
        """Start.

        Args:
            styles: those of the document.
            mark: numbers the notes.
            page_numbers: whether the numbers of pages are text.
        """
        self._styles, self._mark, self._page_numbers = styles, mark, page_numbers

    def read(self, paragraph: etree._Element, style: Style) -> Line:
        """Read one paragraph, in its style: what was deleted or is hidden is left out."""
        reading = _Reading(self._styles, self._mark, style, Fields(self._page_numbers))
        reading.children(paragraph)
        reading.line.text = "".join(reading.parts)
        return reading.line


class _Reading:
    def __init__(self, styles: Styles, mark: Mark, style: Style, fields: Fields) -> None:
        self.line, self.parts = Line(), list[str]()
        self._styles, self._mark, self._style, self._fields = styles, mark, style, fields
        self._hidden, self._font, self._raised = style.hidden, style.font, False

    def children(self, element: etree._Element) -> None:
        for child in element:
            tag = child.tag
            if tag in _SIGNS:
                self.add(_SIGNS[tag])
            elif tag not in _LEFT_OUT:
                _HANDLERS.get(tag, _Reading.children)(self, child)

    def add(self, words: str) -> None:
        if not self._fields.shown:
            return
        if self._hidden:
            self.line.hidden = self.line.hidden or bool(words.strip())
        else:
            self.parts.append(words)

    def text(self, element: etree._Element) -> None:
        words = drawn(element.text or "", self._font)
        self.add(raised(words) if self._raised and _POWER.fullmatch(words) else words)

    def symbol(self, element: etree._Element) -> None:
        self.add(symbol(element.get(_CODE, ""), element.get(_FONT)))

    def formula(self, element: etree._Element) -> None:
        before = element.getprevious()
        beside = before is not None and before.tag == FORMULA
        self.add(" " + linear(element) if beside else linear(element))

    def run(self, run: etree._Element) -> None:
        before = self._hidden, self._font, self._raised
        if run.find(_PROPERTIES) is not None:
            self._hidden, self._font = self._look(run)
            self._raised = setting(run, _ALIGNED) == "superscript"
        self.children(run)
        self._hidden, self._font, self._raised = before

    def _look(self, run: etree._Element) -> tuple[bool, str | None]:
        """Return whether a run is hidden, and its font."""
        named = setting(run, _RUN_STYLE)
        style = Style() if named is None else self._styles.get(named)
        own, fonts = run.find(_HIDDEN), run.find(_FONTS)
        # Hidden in the paragraph's style and in the run's: shown, as Word does.
        hidden = self._style.hidden != style.hidden if own is None else is_on(own)
        font = None if fonts is None else fonts.get(_ASCII)
        return hidden, font or style.font or self._style.font

    def code(self, element: etree._Element) -> None:
        self._fields.code(element.text or "")

    def field(self, mark: etree._Element) -> None:
        self.add(form_value(mark))
        self._fields.mark(mark)

    def simple_field(self, element: etree._Element) -> None:
        with self._fields.simple(element):
            self.children(element)

    def note(self, kind: str, element: etree._Element) -> None:
        if self._hidden or not self._fields.shown:
            return
        typed = element.get(_CUSTOM) is not None and is_on(element, _CUSTOM)
        mark = "" if typed else self._mark(kind)
        self.line.notes.append(NoteReference(kind, element.get(_ID, ""), mark))
        self.add(f" {mark}")

    def comment(self, _: etree._Element) -> None:
        self.line.comments += 1

    def reading_aid(self, element: etree._Element) -> None:
        self.add("(")
        self.children(element)
        self.add(")")

    def alternatives(self, element: etree._Element) -> None:
        choice = element.find(CHOICE)
        chosen = element.find(FALLBACK) if choice is None else choice
        if chosen is not None:
            self.children(chosen)


_HANDLERS: dict[str, Callable[[_Reading, etree._Element], None]] = {
    TEXT: _Reading.text,
    RUN: _Reading.run,
    w("sym"): _Reading.symbol,
    w("fldChar"): _Reading.field,
    w("instrText"): _Reading.code,
    w("fldSimple"): _Reading.simple_field,
    w("footnoteReference"): lambda reading, e: reading.note("footnote", e),
    w("endnoteReference"): lambda reading, e: reading.note("endnote", e),
    w("commentReference"): _Reading.comment,
    w("rt"): _Reading.reading_aid,
    FORMULA: _Reading.formula,
    FORMULAS: lambda reading, e: reading.add(f" {linear(e)} "),
    TEXT_BOX: lambda reading, e: reading.line.boxes.append(e),
    ALTERNATIVES: _Reading.alternatives,
    _OBJECT: lambda reading, e: reading.line.objects.append(e.get(RELATION, "")),
    CHART: lambda reading, e: reading.line.drawings.append(e.get(RELATION, "")),
    DIAGRAM: lambda reading, e: reading.line.drawings.append(e.get(DATA, "")),
    _WORD_ART: lambda reading, e: reading.add(e.get(_STRING, "")),
}
"""What reads an element; the children of any other are read."""


def is_bold(paragraph: etree._Element, *, usual: bool = False) -> bool:
    """Tell whether all of the words that a paragraph itself has are bold.

    Args:
        paragraph: the element.
        usual: whether its style's letters are bold.
    """
    runs = (
        run for run in paragraph.iter(RUN) if any((t.text or "").strip() for t in run.iter(TEXT))
    )
    own = (run.find(_BOLD) for run in runs)
    return all(usual if bold is None else is_on(bold) for bold in own)
