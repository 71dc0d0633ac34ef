"""Takes headers, footers and page numbers out of the text: what recurs at the edges of pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from documents.formats.pdf.lines import Line, Page

_MARGIN_ROWS = 3
"""The most lines of a header or a footer."""
_MARGIN_SHARE = 1 / 6
_MIN_PAGES = 3
_MIN_NUMBERED = 2
_LARGER = 1.15
_APART = 1.5
"""A margin ends where two lines are this many times as far from each other as usual."""
_MAX_LEADING = 2.5
_USUAL_LEADING = 1.2
_TOLERANCE = 3
"""Two lines are at the same height if they differ by at most this many points."""
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite)?\s*(?P<number>\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:/|of|sur|de|von)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_NUMBER_AT_END = re.compile(
    r"(?P<words>.*\S)(?:\s+[-–—|·•/]\s*|\W+(?:page|p\.)\s*)(?P<number>\d{1,4})"
    r"(?:\s*(?:/|of|sur|de)\s*\d{1,4})?",
    re.IGNORECASE,
)
_NUMBER_AT_START = re.compile(r"(?P<number>\d{1,4})\s*[-–—|·•/]\s(?P<words>\D.*)")

_NUMBERED = (_PAGE_NUMBER, _NUMBER_AT_END, _NUMBER_AT_START)
_TENS = ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc")
_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN = re.compile(f"(?P<tens>{'|'.join(reversed(_TENS))})(?P<ones>{'|'.join(reversed(_ONES))})")


@dataclass(frozen=True, slots=True)
class Body:
    """Pages without their margins, and what was taken out of them.

    Attributes:
        pages: the lines of each page that are no margin.
        margins: of each page, the lines of margins that no page before it has; page numbers that
            stand alone are left out.
    """

    pages: list[list[Line]]
    margins: list[list[Line]]


class _Key(NamedTuple):
    """What the same margin has on several pages: words, and how its number follows the page's."""

    words: str
    number: int | None


_Margins = Mapping[_Key, frozenset[int]]
"""What recurs at the edges of pages, with its distances from the edge, in points."""


def without_margins(pages: Sequence[Page]) -> Body:
    """Separate the text of pages from their headers, footers and page numbers.

    A margin is one of at most three rows in the outer sixth of a page, apart from the text by
    more than a line, that at least three pages, or two of two or three, have with the same
    words at the same height. A
    number in it may only differ as the pages do, and must be set apart from the words. A number
    that stands alone is a page number if two pages have one at the same distance from their
    position in the file. A first copy in larger letters than the text stays where it is.
    """
    heads, feet = _margins(pages, head=True), _margins(pages, head=False)
    taken = [
        _taken(page, at, heads, head=True) | _taken(page, at, feet, head=False)
        for at, page in enumerate(pages)
    ]
    copies = _first_copies(pages, taken)
    large = _LARGER * _usual_size(pages)
    bodies = [
        [ln for ln in page.lines if id(ln) not in ids or (ln.size >= large and ln in copy)]
        for page, ids, copy in zip(pages, taken, copies, strict=True)
    ]
    return Body(bodies, [[line for line in copy if line.size < large] for copy in copies])


def _usual_size(pages: Sequence[Page]) -> float:
    letters = Counter[float]()
    for page in pages:
        for line in page.lines:
            letters[round(line.size, 1)] += len(line.text)
    return max(letters, key=lambda size: letters[size], default=0.0)


def _margins(pages: Sequence[Page], *, head: bool) -> _Margins:
    leading = _leading(pages)
    heights: dict[_Key, list[int]] = defaultdict(list)
    for at, page in enumerate(pages):
        for line, height in _edge(page, leading, head=head):
            for key in _keys(line, at):
                heights[key].append(height)
    # A file of three pages may have a cover without a header.
    least = min(_MIN_PAGES, max(_MIN_NUMBERED, len(pages) - 1))
    return {key: frozenset(found) for key, found in heights.items() if _recurs(key, found, least)}


def _recurs(key: _Key, heights: Sequence[int], least: int) -> bool:
    least = least if key.words else _MIN_NUMBERED
    ordered = sorted(heights)
    return any(b - a <= _TOLERANCE for a, b in zip(ordered, ordered[least - 1 :], strict=False))


def _leading(pages: Sequence[Page]) -> float:
    """Return the usual distance between lines, in heights of a line."""
    pairs = ((a, b) for page in pages for a, b in pairwise(page.lines) if a.size > 0)
    ratios = [round((a.bottom - b.bottom) / a.size, 1) for a, b in pairs]
    near = [ratio for ratio in ratios if 0.5 < ratio < _MAX_LEADING]
    return Counter(near).most_common(1)[0][0] if near else _USUAL_LEADING


def _rows(page: Page, *, head: bool) -> list[list[Line]]:
    """Return the lines in the outer part of a page and the row behind them, from the edge."""
    outer = _MARGIN_SHARE * (page.top - page.bottom)
    rows: list[list[Line]] = []
    # Sorted, since the footer often comes first in the file.
    for line in sorted(page.lines, key=lambda line: _height(line, page, head=head)):
        if rows and abs(rows[-1][0].bottom - line.bottom) <= _TOLERANCE:
            rows[-1].append(line)
        elif rows and _height(rows[-1][0], page, head=head) > outer:
            break
        else:
            rows.append([line])
    return rows


def _height(line: Line, page: Page, *, head: bool) -> float:
    """Return the distance of a line from the edge of its page."""
    return page.top - line.bottom if head else line.bottom - page.bottom


def _edge(page: Page, leading: float, *, head: bool) -> Iterator[tuple[Line, int]]:
    """Yield what could be a margin: the rows up to a wide gap, if there is text behind it."""
    rows = _rows(page, head=head)
    ends = range(1, min(_MARGIN_ROWS + 1, len(rows)))
    depth = max((end for end in ends if _are_apart(rows[end - 1], rows[end], leading)), default=0)
    for row in rows[:depth]:
        for line in row:
            yield line, round(_height(line, page, head=head))


def _are_apart(outer: Sequence[Line], inner: Sequence[Line], leading: float) -> bool:
    size = max(line.size for line in [*outer, *inner])
    return abs(outer[0].bottom - inner[0].bottom) > _APART * leading * size


def _keys(line: Line, at: int) -> list[_Key]:
    literal = _Key(line.text.casefold(), None)
    found = next((f for form in _NUMBERED if (f := form.fullmatch(line.text))), None)
    number = None if found is None else _number(found["number"])
    if found is None or number is None:
        return [literal]
    words = found.groupdict().get("words") or ""
    return [literal, _Key(words.casefold(), number - at)]


def _number(digits: str) -> int | None:
    if digits.isdecimal():
        return int(digits)
    found = _ROMAN.fullmatch(digits.lower())
    if found is None:
        return None
    return 10 * _TENS.index(found["tens"]) + _ONES.index(found["ones"])


def _taken(page: Page, at: int, margins: _Margins, *, head: bool) -> set[int]:
    """Return which lines of a page are margins, from the edge to the first row that has none."""
    taken: set[int] = set()
    for row in _rows(page, head=head)[:_MARGIN_ROWS]:
        found = {id(line) for line in row if _is_margin(line, page, at, margins, head=head)}
        if not found:
            break
        taken |= found
    return taken


def _is_margin(line: Line, page: Page, at: int, margins: _Margins, *, head: bool) -> bool:
    height = round(_height(line, page, head=head))
    near = range(height - _TOLERANCE, height + _TOLERANCE + 1)
    return any(not margins.get(key, frozenset()).isdisjoint(near) for key in _keys(line, at))


def _first_copies(pages: Sequence[Page], taken: Sequence[set[int]]) -> list[list[Line]]:
    inner = (
        line.text.casefold()
        for page, ids in zip(pages, taken, strict=True)
        for line in page.lines
        if id(line) not in ids
    )
    seen = {"", *inner}
    return [
        [line for line in page.lines if id(line) in ids and _is_new(line, seen)]
        for page, ids in zip(pages, taken, strict=True)
    ]


def _is_new(line: Line, seen: set[str]) -> bool:
    """Tell whether none of the words were seen before, and add them."""
    words = {key.words for key in _keys(line, 0)}
    new = not words & seen
    seen |= words
    return new
