"""Writes formulas in a line: ``A=πr²``, ``(a+b)/2``, ``∑_(i=1)^n i``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from lxml import etree

from documents.formats.docx.names import RUN, TEXT, is_on, w

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FORMULA, FORMULAS = _MATH + "oMath", _MATH + "oMathPara"
_VAL = _MATH + "val"
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SIGNS = re.compile(r"[0-9+\-−=()n]+")
_ONE = re.compile(r"[\w.,′°%]*|.|\([^()]*\)|√\w+")
_STYLED = re.compile("[\U0001d400-\U0001d7ff]")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_DELETED = frozenset({w("del"), w("moveFrom")})


def linear(element: etree._Element) -> str:
    """Return a formula in a line, its fractions, roots and scripts as people type them."""
    write = _WRITERS.get(_local(element))
    return _children(element) if write is None else write(element)


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag[len(_MATH) :] if isinstance(tag, str) and tag.startswith(_MATH) else ""


def _children(element: etree._Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == TEXT or _local(child) == "t":
            yield _STYLED.sub(lambda c: unicodedata.normalize("NFKC", c.group()), child.text or "")
        elif child.tag not in _DELETED and not _local(child).endswith("Pr"):
            yield linear(child)


def _part(element: etree._Element, name: str) -> str:
    found = element.find(_MATH + name)
    return "" if found is None else _children(found)


def _parts(element: etree._Element, name: str) -> list[str]:
    return [_children(part) for part in element.findall(_MATH + name)]


def _property(element: etree._Element, name: str, usual: str) -> str:
    found = element.find(f"{_MATH}{_local(element)}Pr/{_MATH}{name}")
    return usual if found is None else found.get(_VAL, "")


def _grouped(words: str) -> str:
    return words if _ONE.fullmatch(words) else f"({words})"


def raised(words: str) -> str:
    """Return digits and signs as they stand above the line: ``²``."""
    return words.translate(_RAISED)


def _raised(words: str) -> str:
    return raised(words) if _SIGNS.fullmatch(words) else _script("^", words)


def _lowered(words: str) -> str:
    signs = _SIGNS.fullmatch(words) and "n" not in words
    return words.translate(_LOWERED) if signs else _script("_", words)


def _script(sign: str, words: str) -> str:
    return f"{sign}{_grouped(words)}" if words else ""


def _fraction(element: etree._Element) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _scripts(element: etree._Element) -> str:
    base = _grouped(_part(element, "e"))
    return base + _lowered(_part(element, "sub")) + _raised(_part(element, "sup"))


def _before(element: etree._Element) -> str:
    return _lowered(_part(element, "sub")) + _raised(_part(element, "sup")) + _part(element, "e")


def _root(element: etree._Element) -> str:
    degree = _part(element, "deg")
    return _ROOTS.get(degree, f"{_raised(degree)}√") + _grouped(_part(element, "e"))


def _sum(element: etree._Element) -> str:
    limits = _lowered(_part(element, "sub")) + _raised(_part(element, "sup"))
    return f"{_property(element, 'chr', '∫')}{limits} {_part(element, 'e')}"


def _delimited(element: etree._Element) -> str:
    inner = _property(element, "sepChr", "|").join(_parts(element, "e"))
    return _property(element, "begChr", "(") + inner + _property(element, "endChr", ")")


def _function(element: etree._Element) -> str:
    name, of = _part(element, "fName"), _part(element, "e")
    return name + of if of.startswith(("(", "[")) else f"{name} {of}"


def _accent(element: etree._Element) -> str:
    return _grouped(_part(element, "e")) + _property(element, "chr", "\u0302")


def _bar(element: etree._Element) -> str:
    return _grouped(_part(element, "e")) + "\u0305"


def _limit(sign: str) -> Callable[[etree._Element], str]:
    return lambda element: _part(element, "e") + _script(sign, _part(element, "lim"))


def _matrix(element: etree._Element) -> str:
    return "; ".join(", ".join(_parts(row, "e")) for row in element.findall(_MATH + "mr"))


def _lines(element: etree._Element) -> str:
    return "; ".join(_parts(element, "e"))


def _phantom(element: etree._Element) -> str:
    shown = is_on(element.find(f"{_MATH}phantPr/{_MATH}show"), _VAL)
    hidden = element.find(f"{_MATH}phantPr/{_MATH}show") is not None and not shown
    return "" if hidden else _part(element, "e")


def _paragraph(element: etree._Element) -> str:
    formulas = (linear(part) for part in element if part.tag in {FORMULA, RUN})
    return " ".join(words for words in formulas if words)


_WRITERS: dict[str, Callable[[etree._Element], str]] = {
    "oMathPara": _paragraph,
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _before,
    "rad": _root,
    "nary": _sum,
    "d": _delimited,
    "func": _function,
    "acc": _accent,
    "bar": _bar,
    "limLow": _limit("_"),
    "limUpp": _limit("^"),
    "m": _matrix,
    "eqArr": _lines,
    "phant": _phantom,
}
