"""Finds the lines of a text, and the markers of list items at their start."""

from __future__ import annotations

import re

from documents.types import Span

_BREAK = re.compile(r"\r\n|\n|\r")
_BULLET = re.compile(r"\s*[•‣◦▪●○■*+](?=\s)")
_DASH_OR_NUMBER = re.compile(r"\s*(?:[–—-]|\d{1,3}[.)]|[a-z][.)]|[IVXLC]{1,5}[.)])(?=\s)")
_CLOSED = re.compile(r"[.!?…:;,][\s»›”’\"')\]]*$")


def lines(text: str) -> list[Span]:
    """Return where each line stands, its line ending (LF, CRLF or CR) left out."""
    spans, start = [], 0
    for found in _BREAK.finditer(text):
        spans.append(Span(start, found.start()))
        start = found.end()
    return [*spans, Span(start, len(text))] if start < len(text) else spans


def stripped(text: str, start: int, end: int) -> Span:
    """Return the range without the white space at its ends; empty if there is nothing else."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return Span(start, start + len(inner.strip()))


def is_closed(line: str) -> bool:
    """Tell whether a line ends in ``. ! ? … : ; ,``, perhaps followed by closing quotes."""
    # Only the end is searched: the pattern alone would try every position of a long line.
    return _CLOSED.search(line.rstrip()[-20:]) is not None


def item_marker(line: str, previous: str = "") -> str:
    """Return the bullet or number that makes the line an item of a list, or ``""``.

    A dash or a number at the head of a line may also be wrapped prose (``12. Then``):
    it is a marker only after a blank or a closed line.

    Args:
        line: with the white space that it starts with, which is part of the marker.
        previous: the line before; ``""`` too if that one belongs to an item.
    """
    found = _BULLET.match(line)
    if not found and (not previous.strip() or is_closed(previous)):
        found = _DASH_OR_NUMBER.match(line)
    return found.group() if found else ""
