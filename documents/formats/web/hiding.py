"""Finds what the style sheets of a page hide, where nothing of the page shows it again.

Only the page's own ``<style>`` is read, and of it the rules that need no state, medium or
neighbour: names, classes and identifiers, one inside the other. Where another rule shows the same
class (``.x.open``, ``:target``), or a script names it, something opens it: it is no hidden text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_DECLARATION = re.compile(
    r"(?:^|;)\s*(display|visibility|content-visibility)\s*:\s*([a-z-]+)", re.IGNORECASE
)
_COMPOUND = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")
_NAMES = re.compile(r"[.#][\w-]+")
_HIDING = frozenset({("display", "none"), ("visibility", "hidden"), ("visibility", "collapse")})
_MAX_SHEET = 2**20
"""Code points of a page's style sheets that are read."""
_MAX_RULES = 2_000
_MAX_NESTED = 5
_MAX_TESTS = 500_000
_MAX_ABOVE = 50
"""Elements above one that a rule may ask for."""


class _Look(NamedTuple):
    """What rules tell elements apart by: the tag, and the classes and identifier as in rules."""

    tag: str
    names: frozenset[str]


class _Compound(NamedTuple):
    """A tag, ``""`` for any, with classes (``.x``) and identifiers (``#x``)."""

    tag: str
    names: frozenset[str]

    def fits(self, look: _Look) -> bool:
        return self.tag in {"", look.tag} and self.names <= look.names


class _Rule(NamedTuple):
    """What a rule says of the elements that its last compound fits, inside of the others.

    Attributes:
        compounds: from the outermost to the element.
        rank: how specific it is, then its place; the highest one decides.
        hides: for each property that it sets, whether it hides.
    """

    compounds: tuple[_Compound, ...]
    rank: tuple[int, ...]
    hides: dict[str, bool]

    @property
    def own(self) -> _Compound:
        """What it says of the element itself."""
        return self.compounds[-1]

    @property
    def depends(self) -> bool:
        """Whether it asks for more than one name, which may be that of a state."""
        return len(self.compounds) > 1 or len(self.own.names) > 1


def hide(page: HtmlElement, kept: Collection[HtmlElement]) -> None:
    """Mark as ``hidden`` what the page's style sheets hide for good.

    Args:
        page: changed in place.
        kept: elements that are never hidden: pages wait for a script before they show themselves.
    """
    sheet = "".join(style.text or "" for style in page.iter("style") if _is_for_screens(style))
    rules, opened = _rules(_COMMENT.sub(" ", sheet[:_MAX_SHEET]))
    hiding = [rule for rule in rules if any(rule.hides.values())]
    if not hiding:
        return
    scripted = set(_WORD.findall("\n".join(_scripts(page))))
    opened |= {name for rule in hiding for name in rule.own.names if name[1:] in scripted}
    styles = _Styles(rule for rule in rules if not rule.own.names & opened)
    for element in page.iter():
        if element not in kept and styles.hide(element):
            element.set("hidden", "")


def _scripts(page: HtmlElement) -> Iterator[str]:
    yield from (script.text or "" for script in page.iter("script"))
    yield from page.xpath("//@*[starts-with(name(), 'on')]")


def _is_for_screens(style: HtmlElement) -> bool:
    media = style.get("media", "").strip().lower()
    return media in {"", "all", "screen"}


def _rules(sheet: str) -> tuple[list[_Rule], set[str]]:
    """Return the rules that can be told, and the names that others show in some state."""
    rules: list[_Rule] = []
    opened: set[str] = set()
    for selectors, body, always in _blocks(sheet):
        hides = {
            p.lower(): (p.lower(), v.lower()) in _HIDING for p, v in _DECLARATION.findall(body)
        }
        for selector in selectors.split(",") if hides else ():
            rule = _rule(selector, hides, ("!important" in body, len(rules))) if always else None
            if rule is not None and len(rules) < _MAX_RULES:
                rules.append(rule)
            if not any(hides.values()) and (rule is None or rule.depends):
                opened.update(_NAMES.findall(selector))
    return rules, opened


def _blocks(sheet: str, depth: int = 0) -> Iterator[tuple[str, str, bool]]:
    """Yield the selectors and the declarations of each rule, and whether it always holds."""
    for head, body in _outermost(sheet):
        if not head.lstrip().startswith("@"):
            yield head, body, depth == 0
        elif depth < _MAX_NESTED:
            yield from _blocks(body, depth + 1)


def _outermost(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and in each pair of braces, those in others left in there."""
    start, depth, opened = 0, 0, 0
    for found in re.finditer(r"[{};]", sheet):
        at = found.start()
        if found[0] == "{":
            opened = at if depth == 0 else opened
            depth += 1
        elif found[0] == "}" and depth:
            depth -= 1
            if depth == 0:
                yield sheet[start:opened], sheet[opened + 1 : at]
        start = at + 1 if depth == 0 else start


def _rule(selector: str, hides: dict[str, bool], rank: tuple[int, int]) -> _Rule | None:
    compounds = [_compound(part) for part in selector.split()]
    known = [compound for compound in compounds if compound is not None]
    if not known or len(known) < len(compounds) or not (known[-1].names or known[-1].tag):
        return None
    names = [name for compound in known for name in compound.names]
    ids = sum(name.startswith("#") for name in names)
    specific = (ids, len(names) - ids, sum(bool(c.tag) for c in known))
    return _Rule(tuple(known), (rank[0], *specific, rank[1]), hides)


def _compound(part: str) -> _Compound | None:
    found = _COMPOUND.fullmatch(part)
    if found is None:
        return None
    tag = (found[1] or "").lower()
    return _Compound("" if tag == "*" else tag, frozenset(_NAMES.findall(found[2])))


class _Styles:
    """Applies rules to elements; a page that takes too many comparisons is shown from there on."""

    def __init__(self, rules: Iterable[_Rule]) -> None:
        self._by_key: dict[str, list[_Rule]] = defaultdict(list)
        for rule in rules:
            self._by_key[min(rule.own.names, default=rule.own.tag)].append(rule)
        self._fitting: dict[_Look, list[_Rule]] = {}
        self._left = _MAX_TESTS

    def hide(self, element: HtmlElement) -> bool:
        """Tell whether the rules hide an element, unless its own style shows it."""
        if self._left <= 0:
            return False
        look = _look(element)
        if look not in self._fitting:
            self._fitting[look] = self._of(look)
        said: dict[str, bool] = {}
        for rule in self._fitting[look]:
            if self._left > 0 and self._is_within(element, rule.compounds[:-1]):
                said |= rule.hides
        said |= {p.lower(): False for p, _ in _DECLARATION.findall(element.get("style", ""))}
        return self._left > 0 and any(said.values())

    def _of(self, look: _Look) -> list[_Rule]:
        """Return the rules about elements that look so, those that decide last."""
        keys = [key for key in (look.tag, *look.names) if key in self._by_key]
        rules = [rule for key in keys for rule in self._by_key[key]]
        self._left -= len(rules)
        fitting = [rule for rule in rules if rule.own.fits(look)] if self._left > 0 else []
        return sorted(fitting, key=lambda rule: rule.rank)

    def _is_within(self, element: HtmlElement, outer: Sequence[_Compound]) -> bool:
        """Tell whether elements around one fit compounds, the outermost one first."""
        self._left -= 1
        if not outer:
            return True
        above: Iterator[HtmlElement] = islice(element.iterancestors(), _MAX_ABOVE)
        return all(
            any(self._fits(compound, other) for other in above) for compound in reversed(outer)
        )

    def _fits(self, compound: _Compound, element: HtmlElement) -> bool:
        self._left -= 1
        return self._left > 0 and compound.fits(_look(element))


def _look(element: HtmlElement) -> _Look:
    names = {f".{name}" for name in element.get("class", "").split()}
    stated = element.get("id", "").strip()
    return _Look(element.tag, frozenset({*names, f"#{stated}"} if stated else names))
