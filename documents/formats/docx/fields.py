"""Follows fields through a paragraph: their codes are not shown, their results are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lxml import etree

from documents.formats.docx.names import VAL, is_on, number, setting, w

_TYPE, _CODE = w("fldCharType"), w("instr")
_PAGES = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_NAME = re.compile(r"\s*([A-Za-z]+)")
_MAX_CODE = 1_000
_BOX, _LIST = w("ffData/checkBox"), w("ffData/ddList")
_CHECKED, _DEFAULT, _RESULT, _ENTRY = map(w, ("checked", "default", "result", "listEntry"))


@dataclass(slots=True)
class _Field:
    code: str = ""
    in_result: bool = False


class Fields:
    """The fields that are open at a place in a paragraph."""

    def __init__(self, page_numbers: bool) -> None:
        """Start outside of any field.

        Args:
            page_numbers: whether results that are numbers of pages are shown.
        """
        self._open: list[_Field] = []
        self._page_numbers = page_numbers

    @property
    def shown(self) -> bool:
        """Whether words at this place are shown."""
        return all(field.in_result and self._shows(field) for field in self._open)

    def mark(self, element: etree._Element) -> None:
        """Go past the mark that begins a field, parts its code from its result, or ends it."""
        kind = element.get(_TYPE)
        if kind == "begin":
            self._open.append(_Field())
        elif self._open and kind == "separate":
            self._open[-1].in_result = True
        elif self._open and kind == "end":
            self._open.pop()

    def code(self, words: str) -> None:
        """Go past a part of a field's code."""
        if self._open and len(self._open[-1].code) < _MAX_CODE:
            self._open[-1].code += words[:_MAX_CODE]

    @contextmanager
    def simple(self, element: etree._Element) -> Iterator[None]:
        """Be in the result of a field that is one element."""
        self._open.append(_Field(element.get(_CODE, ""), in_result=True))
        yield
        self._open.pop()

    def _shows(self, field: _Field) -> bool:
        name = _NAME.match(field.code)
        return self._page_numbers or name is None or name[1].upper() not in _PAGES


def form_value(element: etree._Element) -> str:
    """Return what a field of an old form shows: a box, ticked or not, or the chosen entry."""
    box, entries = element.find(_BOX), element.find(_LIST)
    if box is not None:
        checked = box.find(_CHECKED)
        return "☒" if is_on(box.find(_DEFAULT) if checked is None else checked) else "☐"
    if entries is None:
        return ""
    listed = [entry.get(VAL, "") for entry in entries.findall(_ENTRY)]
    at = number(setting(entries, _RESULT) or setting(entries, _DEFAULT)) or 0
    return listed[at] if at < len(listed) else ""
