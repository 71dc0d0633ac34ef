"""Parts: as few and as even as a budget allows."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.chunking import Unit, partition, tokens_of
from documents.types import Span


def units(*tokens: int) -> list[Unit]:
    """Units of one code point, without white space between them."""
    return [Unit(Span(at, at + 1), count) for at, count in enumerate(tokens)]


def test_white_space_counts() -> None:
    assert tokens_of([Unit(Span(0, 2), 5), Unit(Span(4, 5), 1)]) == 8
    assert partition([Unit(Span(0, 2), 5), Unit(Span(4, 5), 1)], 7, 0) == [Span(0, 2), Span(4, 5)]


@pytest.mark.parametrize(
    ("tokens", "overlap", "expected"),
    [
        ((5,), 0, [(0, 1)]),
        ((5, 5), 0, [(0, 2)]),
        ((4, 4, 4, 4), 0, [(0, 2), (2, 4)]),
        ((9, 1, 1, 9), 0, [(0, 2), (2, 4)]),
        ((1, 1, 1, 1, 1, 6), 0, [(0, 5), (5, 6)]),
        ((12, 3), 0, [(0, 1), (1, 2)]),
        ((3, 3, 3, 3), 1, [(0, 2), (1, 4)]),
        ((6, 6, 6), 1, [(0, 1), (1, 2), (2, 3)]),
        ((2, 2, 2, 2, 2, 2), 9, [(0, 3), (1, 6)]),
    ],
)
def test_partition(tokens: tuple[int, ...], overlap: int, expected: list[tuple[int, int]]) -> None:
    assert partition(units(*tokens), 10, overlap) == expected


TOKENS = st.lists(st.integers(1, 12), min_size=1, max_size=8)


@given(TOKENS)
def test_as_few_and_as_even_as_any_other_cut(tokens: list[int]) -> None:
    whole = range(len(tokens) + 1)
    costs = []
    for number in range(len(tokens)):
        for inner in combinations(whole[1:-1], number):
            bounds = (0, *inner, len(tokens))
            found = list(pairwise(bounds))
            sums = [sum(tokens[a:b]) for a, b in found]
            if all(s <= 10 or b - a == 1 for s, (a, b) in zip(sums, found, strict=True)):
                costs.append((len(found), sum(s**2 for s in sums)))
    made = [sum(tokens[slice(*span)]) for span in partition(units(*tokens), 10, 0)]
    assert (len(made), sum(s**2 for s in made)) == min(costs)


@given(TOKENS, st.integers(0, 3))
def test_overlap_keeps_to_the_budget_and_moves_on(tokens: list[int], overlap: int) -> None:
    found = partition(units(*tokens), 10, overlap)
    apart = partition(units(*tokens), 10, 0)
    assert [span.end for span in found] == [span.end for span in apart]
    assert all(a.start < b.start for a, b in pairwise(found))
    for span, alone in zip(found, apart, strict=True):
        assert alone.start - overlap <= span.start <= alone.start
        assert sum(tokens[slice(*span)]) <= 10 or span.end - span.start == 1
