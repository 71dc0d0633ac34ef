"""Structure: which heading is the title, and which headings stand above a paragraph."""

from __future__ import annotations

import pytest

from documents.structure import Block, is_near, outline
from documents.types import Section, Span


def blocks(*levels: int) -> list[Block]:
    """Headings of these levels, called by their place; 0 stands for a paragraph."""
    return [
        Block(Span(at, at + 1), level or 9, f"h{at}" if level else None)
        for at, level in enumerate(levels)
    ]


def paths(*levels: int, given: str | None = None) -> list[tuple[str, ...]]:
    return [section.path for section in outline(blocks(*levels), given).sections]


def test_only_outermost_heading_before_all_text_is_the_title() -> None:
    assert outline(blocks(1, 0, 2, 0)).title == "h0"
    assert paths(1, 0, 2, 0, 3, 0, 2, 0) == [(), ("h2",), ("h2", "h4"), ("h6",)]


def test_one_of_several_outermost_headings_is_no_title() -> None:
    assert outline(blocks(1, 0, 1, 0)).title is None
    assert paths(1, 0, 1, 0) == [("h0",), ("h2",)]
    assert paths(2, 0, 1, 0) == [("h0",), ("h2",)]


def test_heading_after_text_is_no_title() -> None:
    assert paths(0, 1, 0) == [(), ("h1",)]


def test_given_title_leaves_a_single_other_heading_in_the_path() -> None:
    assert paths(1, 0, given="Autre") == [("h0",)]
    assert paths(1, 0, 2, 0, given="Autre") == [(), ("h2",)]
    assert paths(1, 0, 1, 0, given="H0") == [(), ("h2",)]


def test_levels_may_be_skipped() -> None:
    assert paths(0, 1, 3, 0, 2, 0) == [(), ("h1", "h2"), ("h1", "h4")]


def test_paragraph_leaves_headings_that_are_too_deep_for_it() -> None:
    found = outline([*blocks(0, 1), Block(Span(2, 3), 5, "deep"), Block(Span(3, 4), 4)])
    assert found.sections[1] == Section(("h1",), (Span(3, 4),))


def test_headings_alone_are_text() -> None:
    assert outline(blocks(1, 2)).sections == (Section((), (Span(0, 1), Span(1, 2))),)
    assert outline([]).sections == ()


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("L'IA à l'étranger : un pont", "L’IA à l’étranger\u00a0: un pont", True),
        ("Ete", "e\u0301te\u0301 !", True),
        ("Perspectives d'avenir", "Perspectives de l'avenir", True),
        ("Introduction", "Conclusion", False),
        ("2024", "2025", False),
    ],
)
def test_is_near(left: str, right: str, near: bool) -> None:
    assert is_near(left, right) is near
