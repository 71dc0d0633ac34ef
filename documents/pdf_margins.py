"""What a PDF repeats at the head and the foot of its pages is no part of its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from documents.pdf_lines import Line

_DEEP = 3
"""How many lines of a header or footer there may be."""
_LEAST = 3
_SHARE = 0.4
"""On what share of the pages lines that are not outermost stand to be repeated."""
_PAGE = "#"
_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite)?\s*(\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of|sur|de)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


def without_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without headers, footers and page numbers.

    These are the first or last line of a page if it is the same, numbers aside, on three pages,
    and the next two towards the text if they are on two pages in five. A number alone is one
    if two pages have one that is as far from the page's own.
    """
    heads = _repeated([_keys(page, at, head=True) for at, page in enumerate(pages)])
    feet = _repeated([_keys(page, at, head=False) for at, page in enumerate(pages)])
    return [_trimmed(page, at, heads, feet) for at, page in enumerate(pages)]


def _outer(page: Sequence[Line], *, head: bool) -> list[Line]:
    # By height on the page: a footer is often what was set first.
    return sorted(page, key=lambda line: -line.bottom if head else line.bottom)[:_DEEP]


def _keys(page: Sequence[Line], at: int, *, head: bool) -> list[str]:
    return [_key(line, at) for line in _outer(page, head=head)]


def _key(line: Line, at: int) -> str:
    if found := _NUMBER.fullmatch(line.text):
        return f"{_PAGE}{int(found[1]) - at if found[1].isdecimal() else ''}"
    return re.sub(r"\d+", "0", line.text.casefold())


def _repeated(edges: Sequence[Sequence[str]]) -> frozenset[str]:
    outermost = Counter(keys[0] for keys in edges if keys)
    any_of_them = Counter(key for keys in edges for key in set(keys))
    share = max(_LEAST, _SHARE * len(edges))
    return frozenset(
        key
        for key, count in any_of_them.items()
        if count >= share or outermost[key] >= (2 if key.startswith(_PAGE) else _LEAST)
    )


def _trimmed(
    page: Sequence[Line], at: int, heads: frozenset[str], feet: frozenset[str]
) -> list[Line]:
    margin = {id(line) for line in _outer(page, head=True) if _key(line, at) in heads}
    margin |= {id(line) for line in _outer(page, head=False) if _key(line, at) in feet}
    return [line for line in page if id(line) not in margin]
