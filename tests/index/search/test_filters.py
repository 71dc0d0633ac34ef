"""Filters: their form, their bounds, and which values fit."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import InvalidFilter
from index.search.filters import (
    DEEPEST,
    MOST_PARTS,
    Comparison,
    Compound,
    Filter,
    both,
    filter_json,
    matches_pattern,
    parse_filter,
)


def eq(value: object, key: str = "tag", operator: str = "eq") -> dict[str, object]:
    return {"type": operator, "key": key, "value": value}


def test_a_filter_has_the_form_that_other_services_share() -> None:
    written = (
        '{"type": "and", "filters": [{"type": "eq", "key": "Language", "value": "fr"}, '
        '{"type": "gte", "key": "modified", "value": "2025-01-01"}, '
        '{"type": "nin", "key": "tags", "value": ["rh", 3, true]}]}'
    )
    found = parse_filter(json.loads(written))
    assert found == Compound(
        "and",
        (
            Comparison("eq", "language", ("fr",)),
            Comparison("gte", "modified", ("2025-01-01",)),
            Comparison("nin", "tag", ("rh", 3.0, "true")),
        ),
    )
    assert parse_filter(filter_json(found)) == found


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, 'filters: must be an object with a "type"'),
        ({}, "filters.type: None is none of eq, ne"),
        ({"type": ["eq"]}, "filters.type: "),
        ({"type": "eq", "key": "a"}, 'filters: the field "value" is missing'),
        ({**eq("x"), "more": 1}, "filters: unknown field 'more'"),
        (eq("x", key=""), "filters.key: must be a text of 1 to 64"),
        (eq("x", key="k" * 65), "filters.key: must be a text of 1 to 64"),
        (eq("x" * 501), "filters.value: must be a text of at most 500"),
        (eq(None), "filters.value: must be a text"),
        (eq(["a"]), "filters.value: must be a text"),
        (eq(10**400), "filters.value: must be a text"),
        (eq("a", operator="in"), "filters.value: must be a list"),
        (eq(["a"] * 101, operator="in"), "filters.value: must be a list of at most 100"),
        (eq("soon", key="date"), "filters.value: 'soon' is no date such as 2025-01-31"),
        (eq("", key="date"), "filters.value: '' is no date"),
        ({"type": "and", "filters": []}, "filters.filters: must be a list of 1 to 32"),
        ({"type": "or", "filters": [eq("x"), 1]}, "filters.filters.1: must be an object"),
    ],
)
def test_what_is_wrong_is_said(value: object, message: str) -> None:
    with pytest.raises(InvalidFilter) as caught:
        parse_filter(value)
    assert str(caught.value).startswith(message)


def test_depth_and_number_are_bounded() -> None:
    deep: object = eq("x")
    for _ in range(DEEPEST - 1):
        deep = {"type": "and", "filters": [deep]}
    parse_filter(deep)
    with pytest.raises(InvalidFilter, match="nested deeper"):
        parse_filter({"type": "and", "filters": [deep]})
    parse_filter({"type": "or", "filters": [eq("x")] * MOST_PARTS})
    with pytest.raises(InvalidFilter, match="must be a list of 1 to 32"):
        parse_filter({"type": "or", "filters": [eq("x")] * (MOST_PARTS + 1)})


@settings(max_examples=30)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_whatever_comes_is_a_filter_or_refused(value: object) -> None:
    for tried in (value, {"type": "in", "key": "x", "value": value}, eq(value)):
        try:
            json.dumps(filter_json(parse_filter(tried)))
        except InvalidFilter:
            continue


@pytest.mark.parametrize(
    ("operator", "key", "held", "value", "fits"),
    [
        ("eq", "tag", "RH", "rh", True),
        ("eq", "author", "Zoe\u0301", "zoé", True),
        ("eq", "year", "2024", 2024, True),
        ("eq", "year", "2024", "2024", True),
        ("eq", "ref", "007", "7", False),
        ("eq", "ref", "n 7", 7, False),
        ("gt", "year", "1999", 300, True),
        ("gt", "year", "1999", "300", True),
        ("gt", "year", "soon", 300, False),
        ("lt", "author", "Abel", "zoé", True),
        ("gte", "date", "2025-01-31", "2025-01", True),
        ("lte", "date", "2025-01-31", "2025-01", True),
        ("gt", "date", "2025-01-31", "2025-01", False),
        ("lt", "date", "2025-01-31", "2025-02-01", True),
        ("eq", "date", "2025-01-31", 2025, True),
        ("gte", "date", "le 31", "2025", False),
        ("gte", "created", "2025-01-31T10:00", "2025-02", False),
        ("eq", "path", "a/B.pdf", "a/b.pdf", False),
        ("eq", "path", "reports/2025/a.pdf", "reports/**", True),
        ("eq", "folder", "reports/2025", "reports/*", True),
        ("eq", "title", "a*", "ab", False),
    ],
)
def test_values_that_fit(operator: str, key: str, held: str, value: object, fits: bool) -> None:
    found = parse_filter(eq(value, key, operator))
    assert isinstance(found, Comparison)
    assert found.fits(held) is fits


@pytest.mark.parametrize(
    ("path", "pattern", "matches"),
    [
        ("reports/a.pdf", "reports/**", True), ("reports/x/a.pdf", "reports/**", True),
        ("reports", "reports/**", False), ("reportsx/a.pdf", "reports/**", False),
        ("old/reports/a.pdf", "reports/**", False), ("old/reports/a.pdf", "**/reports/**", True),
        ("reports/x/a.pdf", "reports/*", False), ("reports/a.pdf", "reports/*", True),
        ("x/a.pdf", "*.pdf", True), ("x/a.md", "*.pdf", False), ("x/a.pdf", "**/*.pdf", True),
        ("a.pdf", "**/*.pdf", True), ("r/2024/x/q.md", "r/20[12]?/**/q.*", True),
        ("r/2034/q.md", "r/20[12]?/**/q.*", False), ("a/b", "**", True),
    ],
)  # fmt: skip
def test_patterns(path: str, pattern: str, matches: bool) -> None:
    assert matches_pattern(path, pattern) is matches


def test_a_pattern_cannot_take_long() -> None:
    assert not matches_pattern("a/" * 240 + "b", "/".join(["**", "*a*"] * 60 + ["c"]))


def test_filters_are_joined() -> None:
    one: Filter = Comparison("eq", "tag", ("rh",))
    assert both(None, None) is None
    assert both(one, None) == both(None, one) == one
    assert both(one, one) == Compound("and", (one, one))
