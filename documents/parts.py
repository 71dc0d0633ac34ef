"""A sequence of measured units becomes parts, as few as a budget allows and as even as possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.types import Span


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text, and an upper bound of its tokens, at least 1."""

    span: Span
    tokens: int


def tokens_of(units: Sequence[Unit]) -> int:
    """Return an upper bound of the tokens from the first unit to the last.

    What stands between two units, white space, is taken to cost a token a character at most.
    """
    length = units[-1].span.end - units[0].span.start
    between = length - sum(unit.span.end - unit.span.start for unit in units)
    return sum(unit.tokens for unit in units) + between


def parts(units: Sequence[Unit], budget: int, overlap: int) -> list[Span]:
    """Return the parts in order: fewest first, then the least sum of squared tokens.

    Args:
        units: in order, without overlap; one that alone exceeds the budget is a part by itself.
        budget: the most tokens in a part.
        overlap: how many units at the end of a part the next one starts with, budget allowing.
    """
    starts = _even_starts(units, budget)
    found, earlier = [], -1
    for start, end in zip(starts, [*starts[1:], len(units)], strict=True):
        # Past the start of the part before: no part may hold the whole of another.
        least = max(earlier + 1, start - overlap)
        earlier = next(
            s for s in range(least, start + 1) if s == start or _fits(units[s:end], budget)
        )
        found.append(Span(units[earlier].span.start, units[end - 1].span.end))
    return found


def _fits(units: Sequence[Unit], budget: int) -> bool:
    return tokens_of(units) <= budget


def _even_starts(units: Sequence[Unit], budget: int) -> list[int]:
    best = [(0, 0, 0)]
    for end in range(1, len(units) + 1):
        best.append(min(_last_parts(units, end, budget, best)))
    starts, end = [], len(units)
    while end:
        end = best[end][2]
        starts.append(end)
    return starts[::-1]


def _last_parts(
    units: Sequence[Unit], end: int, budget: int, best: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, int, int]]:
    """Yield (number of parts, sum of squares, start of the last part) of the units up to end."""
    tokens, following = 0, units[end - 1].span.end
    for start in range(end - 1, -1, -1):
        tokens += units[start].tokens + following - units[start].span.end
        following = units[start].span.start
        if tokens > budget and start < end - 1:
            return
        number, squares, _ = best[start]
        yield number + 1, squares + tokens**2, start
