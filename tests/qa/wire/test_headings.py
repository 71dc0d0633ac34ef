"""Headings name the document first, and stay short."""

from __future__ import annotations

import pytest

from qa.wire.headings import heading_of, path_of
from qa.wire.schemas import PlaceOut


def place(title: str, *section: str) -> PlaceOut:
    return PlaceOut(
        document_id="a", title=title, section=list(section), page=None, start=0, end=1, url="/"
    )


@pytest.mark.parametrize(
    ("section", "width", "expected"),
    [
        ((), 80, "Bail"),
        (("Conditions",), 80, "Bail › Conditions"),
        (("Conditions",), 5, "Bail › Conditions"),
        (("Un", "Deux", "Trois"), 80, "Bail › Un › Deux › Trois"),
        (("Un", "Deux", "Trois"), 23, "Bail › Un › … › Trois"),
        (("Un", "Deux", "Trois"), 10, "Bail › … › Trois"),
        (("Bail", "Conditions"), 80, "Bail › Conditions"),
        (("Conditions", "Bail"), 80, "Bail › Conditions"),
    ],
)
def test_the_title_and_the_innermost_heading_stay(
    section: tuple[str, ...], width: int, expected: str
) -> None:
    assert heading_of(place("Bail", *section), width) == expected


def test_the_title_is_named_once() -> None:
    assert path_of(place("Bail", "Bail", "Prix")) == ["Bail", "Prix"]
