"""What people write to narrow a question down."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from typing import Any

import pytest

from index.errors import InvalidFilter
from index.search.filters import Comparison, Compound
from qa.narrowing import DAY, narrowed


def test_no_options_are_no_filter() -> None:
    assert narrowed() is None


def test_options_are_joined() -> None:
    found = narrowed(["./reports/**", "notes/"], ["rh"], "2025-01", "2025", ["Year >= 2024"])
    assert found == Compound(
        "and",
        (
            Compound(
                "or",
                (
                    Comparison("eq", "path", ("reports/**",)),
                    Comparison("eq", "path", ("notes",)),
                    Comparison("eq", "folder", ("notes",)),
                    Comparison("eq", "document", ("notes",)),
                ),
            ),
            Comparison("eq", "tag", ("rh",)),
            Comparison("gte", "date", ("2025-01",)),
            Comparison("lte", "date", ("2025",)),
            Comparison("gte", "year", ("2024",)),
        ),
    )


@pytest.mark.parametrize(
    ("written", "comparison"),
    [
        ("author=Zoé Dupont", Comparison("eq", "author", ("Zoé Dupont",))),
        ("tags!=rh", Comparison("ne", "tag", ("rh",))),
        ("a<1", Comparison("lt", "a", ("1",))),
        ("a <= x=y", Comparison("lte", "a", ("x=y",))),
        ("a>", Comparison("gt", "a", ("",))),
    ],
)
def test_conditions(written: str, comparison: Comparison) -> None:
    assert narrowed(conditions=[written]) == Compound("and", (comparison,))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"conditions": ["author"]}, "'author' is no condition: write KEY=VALUE"),
        ({"conditions": ["=x"]}, "'=x' is no condition"),
        ({"since": "janvier"}, "'janvier' is no date such as 2025-01-31"),
        ({"conditions": ["modified>hier"]}, "'hier' is no date"),
        ({"tags": ["x" * 501]}, "must be a text of at most 500"),
        ({"tags": ["x"] * 33}, "must be a list of 1 to 32 filters"),
    ],
)
def test_what_cannot_be_understood_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidFilter) as caught:
        narrowed(**options)
    assert message in str(caught.value)


@pytest.mark.parametrize("year", ["0000", "0001", "2023", "2024"])
def test_the_pattern_of_a_day_knows_the_calendar(year: str) -> None:
    """But for leap years, which a pattern of this length cannot tell."""
    for month, day in product(range(14), range(33)):
        text = f"{year}-{month:02}-{day:02}"
        leap = (month, day) == (2, 29) and year != "0000"
        assert bool(re.fullmatch(DAY, text)) == (is_day(text) or leap), text


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
