"""Names of WordprocessingML, and what settings say."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CHOICE, FALLBACK, ALTERNATIVES = (
    _COMPATIBILITY + name for name in ("Choice", "Fallback", "AlternateContent")
)


def w(path: str) -> str:
    """Return a path such as ``pPr/numPr`` with every name in the namespace of Word."""
    return "/".join(_MAIN + name for name in path.split("/"))


VAL = w("val")
_AROUND = frozenset(map(w, ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")))
_AROUND |= {ALTERNATIVES, CHOICE}
PARAGRAPH, RUN, TABLE, TEXT, TEXT_BOX = map(w, ("p", "r", "tbl", "t", "txbxContent"))


def setting(element: etree._Element | None, path: str) -> str | None:
    """Return the value at a path (see ``w``, already expanded), or None if it is not set."""
    found = None if element is None else element.find(path)
    return None if found is None else found.get(VAL)


def number(value: str | None) -> int | None:
    """Return a whole number of at most six digits, or None."""
    known = value is not None and value.isascii() and value.isdigit() and len(value) <= 6
    return int(value) if known and value is not None else None


def is_on(element: etree._Element | None, name: str = VAL) -> bool:
    """Tell whether a switch is there and not turned off."""
    return element is not None and element.get(name, "1") not in {"0", "false", "off"}


def parts(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Yield the elements with these tags, however many controls and revisions are around them."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _AROUND:
            yield from parts(child, *tags)


def paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """Yield all paragraphs of a part, however deep, but those that only old programs show."""
    found = root.iter(PARAGRAPH)
    return (p for p in found if next(p.iterancestors(FALLBACK), None) is None)
