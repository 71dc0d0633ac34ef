"""Puts what is chosen, entered or ticked in the fields of a page's forms among its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import Element, HtmlElement

TICKED, EMPTY = "☑", "☐"
_TYPED = frozenset({
    "", "text", "email", "tel", "url", "number", "date", "time", "month", "week", "datetime-local",
})  # fmt: skip
"""The types of fields whose value people see; passwords, buttons and hidden fields are none."""
_BOXES = frozenset({"checkbox", "radio"})
_MAX_OPTIONS = 12
_MAX_LENGTH = 300
"""Code points of the longest list of options that stands for a choice that nobody made."""
_ASKS = re.compile(
    r"\W*(?:(?:choisi|s[ée]lectionne)[rz]?\b|(?:choose|select|pick)\b|\W*$)", re.IGNORECASE
)
_SEARCHES = re.compile(r"q|query|s|search|recherche|keywords?", re.IGNORECASE)


def write_values(page: HtmlElement) -> None:
    """Replace each field by its value: the text entered, the options chosen, ``☑`` or ``☐``.

    A value that follows another one right away has a line of its own. Where nothing is chosen, a
    short list of options stands for itself. Boxes outside of a form open and close parts of a page:
    they say nothing.
    """
    written: set[HtmlElement] = set()
    for field in list(page.iter("input", "select", "textarea")):
        value = _value(field)
        if value and field.getparent() is not None:
            written.add(_replace(field, value, written))


def _replace(field: HtmlElement, value: str, written: set[HtmlElement]) -> HtmlElement:
    before = field.getprevious()
    if before in written and not (before.tail or "").strip():
        field.addprevious(Element("br"))
    said = Element("span")
    said.text = f" {value} "
    field.addprevious(said)
    said.tail = None
    field.drop_tree()
    return said


def _value(field: HtmlElement) -> str:
    if field.tag == "textarea":
        return str(field.text_content()).strip()
    if field.tag == "select":
        return _choice(field)
    kind = field.get("type", "").strip().lower()
    if kind in _BOXES:
        return _box(field)
    entered = kind in _TYPED and not _SEARCHES.fullmatch(field.get("name", ""))
    return field.get("value", "").strip() if entered else ""


def _box(box: HtmlElement) -> str:
    if next(box.iterancestors("form"), None) is None:
        return ""
    return EMPTY if box.get("checked") is None else TICKED


def _choice(select: HtmlElement) -> str:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if chosen:
        return ", ".join(_said(chosen))
    offered = " / ".join(_said(options))
    return offered if len(options) <= _MAX_OPTIONS and len(offered) <= _MAX_LENGTH else ""


def _said(options: Iterable[HtmlElement]) -> list[str]:
    """Return the words of options, without those that only ask to choose."""
    texts = (" ".join(option.text_content().split()) for option in options)
    return [text for text in texts if not _ASKS.match(text)]
