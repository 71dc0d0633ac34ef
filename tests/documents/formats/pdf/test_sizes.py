"""Headings of PDF pages by the size of their letters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents.formats.pdf.layout import layout
from tests.documents.formats.pdf.pdf_files import line

BODY = ["Le bac est sorti avant sept heures, le matin de la", "collecte, par le propriétaire."]


def read(*lines: tuple[float, str], apart: float = 14) -> list[tuple[int | None, str]]:
    page = [
        replace(line(text, 700 - apart * at), size=size) for at, (size, text) in enumerate(lines)
    ]
    return [(block.level, block.text) for block in layout([page], [])]


def body(size: float) -> list[tuple[float, str]]:
    return [(size, text) for text in BODY]


@pytest.mark.parametrize("sizes", [(16, 12, 11), (13, 11, 10), (14, 13, 12), (20, 15, 11)])
@pytest.mark.parametrize("apart", [14, 24])
def test_headings_a_point_or_two_larger_than_the_text(
    sizes: tuple[float, float, float], apart: float
) -> None:
    title, heading, text = sizes
    lines = [(title, "Règlement"), (heading, "Sortie"), *body(text), (heading, "2. Amendes")]
    assert read(*lines, *body(text), *body(text), apart=apart)[:2] == [
        (1, "Règlement"),
        (2, "Sortie"),
    ]
    found = read(*lines, *body(text), *body(text), apart=apart)
    assert [block for block in found if block[0]] == [
        (1, "Règlement"), (2, "Sortie"), (2, "2. Amendes"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "une suite en petites lettres",
        "Une phrase entière, avec son point.",
        "Une phrase qui se coupe sur la",
        "12",
    ],
)
def test_larger_letters_that_do_not_look_like_a_heading_are_text(words: str) -> None:
    found = read(*body(11), (12, words), *body(11), *body(11))
    assert {level for level, _ in found} == {None}


def test_a_size_that_texts_have_too_makes_no_headings() -> None:
    found = read(*body(11), *body(11), *body(11), (12, "Un titre"), *body(12))
    assert {level for level, _ in found} == {None}
