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
    assert found.sections[1] == Section(("h1",), (Span(2, 3), Span(3, 4)))


def test_headings_alone_are_text() -> None:
    assert outline(blocks(1, 2)).sections == (Section((), (Span(0, 1), Span(1, 2))),)
    assert outline([]).sections == ()


def headed(*headings: tuple[int, str], title: str | None = None) -> list[tuple[object, ...]]:
    """The paths of the paragraphs of headings; level 9 stands for a paragraph."""
    every = [
        Block(Span(at, at + 1), level, None if level == 9 else words)
        for at, (level, words) in enumerate(headings)
    ]
    return [
        (section.path, *(headings[p.start][1] for p in section.paragraphs))
        for section in outline(every, title).sections
    ]


def test_headings_that_head_nothing_are_text_where_they_stood() -> None:
    between = headed((1, "T"), (2, "A"), (9, "a"), (2, "Stationnement"), (2, "B"), (9, "b"))
    assert between == [(("A",), "a"), ((), "Stationnement"), (("B",), "b")]
    at_the_end = headed((9, "t"), (1, "A"), (9, "a"), (2, "Stationnement"))
    assert at_the_end == [((), "t"), (("A",), "a", "Stationnement")]


def test_an_answer_in_a_heading_stands_under_its_question() -> None:
    found = headed((9, "t"), (2, "Quand ?"), (3, "À 9 h."), (3, "À 10 h."), (2, "B"), (9, "b"))
    assert found == [((), "t"), (("Quand ?",), "À 9 h.", "À 10 h."), (("B",), "b")]


def test_headings_that_say_what_another_or_the_title_says_stay_out() -> None:
    twice = headed((9, "t"), (1, "Tarifs"), (1, "A"), (2, "À côté"), (1, "TARIFS"), (9, "5 €"))
    assert twice == [((), "t"), (("A",), "À côté"), (("TARIFS",), "5 €")]
    titled = headed((9, "t"), (1, "A"), (9, "a"), (1, "Lille !"), (1, "***"), title="Lille")
    assert titled == [((), "t"), (("A",), "a")]
    assert headed((9, "t"), (1, "A"), (2, "B"), (1, "B"), (9, "b")) == [
        ((), "t", "A"),
        (("B",), "b"),
    ]


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
