"""Takes what an OpenDocument text hides out of it: characters, paragraphs and sections."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from documents.formats.open_document import H, OpenDocument, P, name_of, words

_DISPLAY, _IS_HIDDEN = name_of("text", "display"), name_of("text", "is-hidden")
_SECTION, _SPAN = name_of("text", "section"), name_of("text", "span")
_FIELDS = (name_of("text", "hidden-text"), name_of("text", "hidden-paragraph"))
_STYLE, _NAME = name_of("text", "style-name"), name_of("style", "name")
_PARENT, _LOOK = name_of("style", "parent-style-name"), name_of("style", "text-properties")


def without_hidden(body: etree._Element, file: OpenDocument) -> int:
    """Empty the elements of a text that it hides.

    Returns:
        The number of paragraphs of which something is left out.
    """
    looks = dict(_looks(file))
    hidden = [element for element in body.iter(P, H, _SPAN, _SECTION, *_FIELDS)
              if _is_hidden(element, looks) and words(element)]  # fmt: skip
    touched = {paragraph for element in hidden for paragraph in _paragraphs(element)}
    for element in hidden:
        _empty(element)
    return len(touched)


def _looks(file: OpenDocument) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """Yield the name of each style, whether it is displayed if it says so, and its parent."""
    for style in file.style_elements():
        shown = (look.get(_DISPLAY) for look in style.iterchildren(_LOOK))
        yield style.get(_NAME, ""), (next(shown, None), style.get(_PARENT))


def _is_hidden(element: etree._Element, looks: dict[str, tuple[str | None, str | None]]) -> bool:
    if element.tag == _SECTION:
        stated: str | None = element.get(_DISPLAY)
        return stated == "none"
    if element.tag in _FIELDS:
        return _is_hidden_field(element)
    if any(_is_hidden_field(field) for field in element.iterchildren(_FIELDS[1])):
        return True
    name, seen = element.get(_STYLE), set[str]()
    while name in looks and name not in seen:
        seen.add(name)
        display, name = looks[name]
        if display is not None:
            return display == "none"
    return False


def _is_hidden_field(field: etree._Element) -> bool:
    stated: str | None = field.get(_IS_HIDDEN)
    return stated == "true"


def _paragraphs(element: etree._Element) -> list[etree._Element]:
    inside = [p for p in element.iter(P, H) if words(p)]
    return inside or [next(element.iterancestors(P, H), element)]


def _empty(element: etree._Element) -> None:
    element.text = None
    for child in list(element):
        element.remove(child)
